// A sheet as an Excel workbook.
#pragma once

#include <string>

#include "engine/sheet.hpp"

namespace tradecase {

// One tab with a header row that stays in view and can be filtered by. Every text is stored as text: nothing is reckoned when
// the file is opened. Throws std::runtime_error where no temporary file can be written.
std::string xlsx_of(const Sheet& sheet);

}  // namespace tradecase
