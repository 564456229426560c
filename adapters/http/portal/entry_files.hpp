// Files of entry lines on their way in, as pages and API show them.
#pragma once

#include <string>
#include <variant>

#include "adapters/http/portal.hpp"

namespace tradecase::http {

json::object entry_file_of(const Visit& visit);  // {import}, of the case's company; a Fault 404
// Looks at the file's kind before it is read.
std::variant<std::string, ImportDesk::Refused> begin_entry_file(const Visit& visit, Upload upload);
json::array entry_file_views(const Visit& visit);  // those that are not forgotten yet, newest first

void add_entry_file_routes(Routes& routes);

// A3, the list of populations; a form that came back says in file_problem what is wrong with its file. population.cpp.
Response show_populations(Visit& visit);

}  // namespace tradecase::http
