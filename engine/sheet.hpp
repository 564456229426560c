// A list as a table of typed columns, for CSV and spreadsheets.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "engine/clock.hpp"

namespace tradecase {

// Numbers are numbers and days are days, so that a spreadsheet can reckon with them; everything else is text, entry numbers too.
using SheetCell = std::variant<std::monostate, std::string, std::int64_t, double, Date>;

struct Sheet {
  std::string name;               // of the file and of the tab: "workload"
  std::string title;              // what it shows, in the reader's language
  std::vector<std::string> head;  // a name a column
  std::vector<std::vector<SheetCell>> rows;
};

// RFC 4180 in UTF-8. A text that a spreadsheet would take for a formula begins with an apostrophe; numbers stay as they are.
std::string csv_of(const Sheet& sheet);

// The bytes of an XLSX file. Made by whom the program chose.
using Workbook = std::function<std::string(const Sheet& sheet)>;

}  // namespace tradecase
