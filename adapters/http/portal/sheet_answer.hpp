// A page's list as a file: CSV, or an Excel workbook where the address ends in .xlsx.
#pragma once

#include "adapters/http/portal.hpp"
#include "engine/sheet.hpp"

namespace tradecase::http {

inline constexpr int sheet_rows_max = 50'000;  // of a list; more is a matter for the command line

Response sheet_answer(const Visit& visit, const Sheet& sheet);

// Both addresses of a list: /queue.csv and /queue.xlsx.
void add_sheet_routes(Routes& routes, const std::string& path, Access access, const Handler& handler, const std::string& summary);

// "/queue?view=team" and "csv" make "/queue.csv?view=team".
std::string sheet_address(const std::string& page, std::string_view ending);

}  // namespace tradecase::http
