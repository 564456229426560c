// The population of an audit or survey: which of a company's entry lines belong to it, and into which stratum each falls. Pure; what
// stands in the tables is population_store.hpp's.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/clock.hpp"
#include "engine/import.hpp"
#include "engine/json.hpp"
#include "workflows/sampling/frame.hpp"

namespace tradecase {

// Empty lists and absent bounds ask nothing. Risk areas say what the engagement is about; no line is chosen by them.
struct Scope {
  std::optional<Date> from, to;  // of the entry date, or of the summary date where there is none; both included
  std::vector<std::string> importers;
  std::vector<std::string> risk_areas;
  std::vector<std::string> chapters;                             // two digits
  std::vector<std::string> origins;                              // two letters
  std::vector<std::string> spi;                                  // "none": lines without one
  std::optional<std::int64_t> min_value_cents, max_value_cents;  // of the line; both included

  bool operator==(const Scope&) const = default;
};

json::object to_json(const Scope& scope);
Scope scope_from(const json::object& stored);
std::optional<std::string> scope_problem(const Scope& scope);  // a sentence: a period that ends before it begins, a chapter of one digit
std::vector<std::string> scope_said(const Scope& scope);       // "entered from 2025-01-01 to 2025-12-31", for people; empty: everything

// An entry line with its ordinals folded in, and what the frame does not show. The stratum is not set yet.
struct PopulationLine {
  FrameRow row;
  std::string importer_number;          // as on file
  std::string quantity, uom;            // the line's
  std::vector<std::string> companions;  // HTS numbers of its ordinals in chapter 99 beside the line's own
  int ordinals = 0;
};

// Rows of one company by entry number, line and ordinal become lines.
class Folding {
 public:
  explicit Folding(std::function<void(PopulationLine&)> on_line) : on_line_(std::move(on_line)) {}
  void add(EntryLine&& row);
  void finish();  // once, at the end

 private:
  std::function<void(PopulationLine&)> on_line_;
  std::vector<EntryLine> ordinals_;
};

bool in_scope(const Scope& scope, const PopulationLine& line);

// Strata: the name of a column of the frame; "chapter", "heading", "month"; or value bands, "value:1000,25000" in whole dollars. Empty: all
// rows are one stratum.
std::optional<std::string> strata_problem(std::string_view strata);  // a sentence that lists what there is
std::string stratum_of(std::string_view strata, const PopulationLine& line);

}  // namespace tradecase
