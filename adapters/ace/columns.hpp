// Columns found by their header names, in any order; and one row's fields looked up by column, faults collected by name.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "adapters/ace/csv.hpp"
#include "adapters/ace/fields.hpp"
#include "engine/import.hpp"

namespace tradecase {

struct ColumnName {
  std::string_view name;                 // canonical
  bool needed = false;                   // the column must be there, and no field of it may be empty
  std::vector<std::string_view> also{};  // other names met, the better one first; taken where the canonical one is not there
};

struct Header {
  std::vector<std::optional<std::size_t>> position;  // per column of the layout: its place in the row
  std::vector<std::string> unknown;                  // header names, as in the file, that no column answers to
  std::vector<LineError> errors;                     // missing and repeated columns: no row can be taken then
};

// Names are compared without regard to case, blanks and punctuation ("HTS Number - Full" is "hts_number_full").
Header find_columns(const csv::Row& row, std::span<const ColumnName> layout);

// One row under its header.
class Fields {
 public:
  // The row must have been taken apart; its unfit fields are faults from the start.
  Fields(const csv::Row& row, const Header& header, std::span<const ColumnName> layout);

  std::string_view text(std::size_t column) const;  // without blanks around it; empty where the file has no such column
  void wrong(std::size_t column, std::string reason);
  void wrong(std::size_t column, std::string_view value, std::string reason);

  // What `parse` makes of the field (a Taken<T>); an empty field leaves `into` alone and is wrong where the column is needed.
  template <class T, class Parse>
  void take(std::size_t column, T& into, Parse parse) {
    if (is_unfit(column)) return;
    const std::string_view field = text(column);
    if (field.empty()) return miss(column);
    auto taken = parse(field);
    if (auto* fault = std::get_if<Wrong>(&taken)) return wrong(column, std::move(fault->reason));
    into = std::get<0>(std::move(taken));
  }

  std::vector<LineError> errors() const;  // in the order of the layout

 private:
  bool is_unfit(std::size_t column) const;
  void miss(std::size_t column);

  const csv::Row& row_;
  const Header& header_;
  std::span<const ColumnName> layout_;
  std::vector<LineError> errors_;
};

LineError line_error(const csv::Row& row, const csv::Fault& fault, const Header& header, std::span<const ColumnName> layout);

// What keeps the first row from being a header at all, or nothing.
std::vector<LineError> header_faults(const csv::Row& row);

}  // namespace tradecase
