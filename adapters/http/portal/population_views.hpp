// What the pages of populations show, and what is typed into them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "adapters/http/population_desk.hpp"
#include "adapters/http/portal/rooms.hpp"

namespace tradecase::http {

const PopulationDesk& population_desk(const Visit& visit);  // a Fault 404 where the program hands none in
void require_population_case(const Visit& visit);           // a Fault 404 for a case that is no audit or survey
bool may_act_on_populations(const Visit& visit);            // compliance staff and auditors, while the case is open
void require_population_act(const Visit& visit);            // a Fault 403, or 409 once the case is closed
// Who may not act is told `whose_work` it is, by a Fault 403.
void require_population_role(const Visit& visit, const std::string& whose_work);
void require_open_case(const Visit& visit);      // a Fault 409
std::string closed_words(const Visit& visit);    // why nothing can be done any more; "" while the case is open
json::object population_of(const Visit& visit);  // {population} of the case; a Fault 404

std::string count_words(std::int64_t number);                                            // 1,234
std::string dollar_words(std::int64_t cents);                                            // -$1,234.56
std::string time_in(const Visit& visit, const json::object& of, std::string_view name);  // of an instant as text, in words
std::string person_named(const Visit& visit, const std::string& id);                     // or "the operator"

std::string population_case_words(const Visit& visit);
std::string importer_number_words(const std::string& number);       // the social security kind masked
std::string mark_words(const Visit& visit, std::string_view mark);  // how sure a hint's rule is
std::string risk_area_words(const std::string& area);
std::vector<std::pair<std::string, std::string>> strata_choices(const Visit& visit);  // value, label

// What was typed; what cannot be taken becomes a problem at its field.
json::object scope_typed(const Visit& visit, std::vector<Problem>& problems);
std::string strata_typed(const Visit& visit, std::vector<Problem>& problems);
std::optional<std::int64_t> dollars_typed(const Visit& visit, const char* field, std::vector<Problem>& problems);

json::object population_row(const Visit& visit, const json::object& one);
json::object population_view(const Visit& visit, const json::object& one);
json::array import_views(const Visit& visit);

}  // namespace tradecase::http
