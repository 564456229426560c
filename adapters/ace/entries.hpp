// Entry lines: the ACE report ES-003, "Entry Summary Line Tariff Details" [C], as CSV or as a workbook (domain.md §5.3). Read as a
// stream: a row goes to the caller as soon as it is known to be good. Nothing is stored here.
#pragma once

#include <cstdint>
#include <functional>
#include <istream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/ace/csv.hpp"
#include "engine/clock.hpp"
#include "engine/import.hpp"

namespace tradecase {

struct EntryReading {
  Date today;                                           // no entry is dated later
  std::function<bool(std::string_view)> is_importer{};  // whether a number is one of the company's; empty: not asked
  std::function<void(EntryLine&&)> on_row;              // every good row, in the order of the file
  std::function<void(LineError&&)> on_error;            // every fault, by line, then in the order of the columns in domain.md §5.3
  bool days_of_1904 = false;                            // whether a spreadsheet's day numbers count from 1904 instead of 1900
  std::function<void()> on_progress{};                  // called now and then; what it throws ends the reading
};

// Of the good rows.
struct EntryTotals {
  std::int64_t rows = 0;             // rows below the header, good or bad
  std::int64_t good = 0;             // rows given to on_row
  std::int64_t entries = 0;          // different entry numbers
  std::int64_t hts_codes = 0;        // different HTS numbers
  std::int64_t value_cents = 0;      // of all lines, see value_of_line()
  std::int64_t duty_cents = 0;       // of all rows
  std::vector<std::string> ignored;  // columns of the file that nobody asked for: an ACE report has many
};

// Memory: some 100 bytes a row, to know repeated rows and lines that do not stand together. Where a needed column is missing or one
// stands twice, no row is good, yet all are looked through. A row whose entry, line and ordinal stood in the file before is a fault.
EntryTotals read_entries(std::istream& in, const EntryReading& reading);

// The same from rows taken elsewhere, the header first; `next` is false at the end.
EntryTotals read_entries(const std::function<bool(csv::Row&)>& next, const EntryReading& reading);

// Goods value of one line from its ordinals, U.S. cents: the sum of those outside chapter 99, or the largest where all are in it,
// since values repeat or are zero on chapter-99 rows [A: domain.md §5.3]. 0 for none.
std::int64_t value_of_line(std::span<const EntryLine> ordinals);

}  // namespace tradecase
