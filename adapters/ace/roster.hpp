// The roster of members (issue: imports, members): CSV with a header row, columns by name in any order. Nothing is stored here.
#pragma once

#include <cstdint>
#include <istream>
#include <vector>

#include "engine/clock.hpp"
#include "engine/import.hpp"

namespace tradecase {

struct RosterFile {
  std::int64_t rows = 0;          // rows below the header, good or bad
  std::vector<RosterRow> good;    // the rows without a fault, in the order of the file
  std::vector<LineError> errors;  // every fault of every row, by line, then in the order of the columns of RosterRow
};

// A column that the roster does not know is an error at the header's line; the rows are read without it. Where a needed column is
// missing or one stands twice, no row is good, yet all are looked through.
// A company id or importer number met before in the file is a fault of the later row, the earlier one being good or not. That one
// stands with another company in the database already is the store's to find.
RosterFile read_roster(std::istream& in, Date today);

}  // namespace tradecase
