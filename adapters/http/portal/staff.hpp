// The pages of the agency's people, one file a page, and what they share.
#pragma once

#include "adapters/http/portal.hpp"

namespace tradecase::http {

void add_queue_routes(Routes& routes);         // N1
void add_note_routes(Routes& routes);          // N2: internal notes
void add_company_file_routes(Routes& routes);  // N7
void add_workload_routes(Routes& routes);      // N8
void add_due_calendar_routes(Routes& routes);  // N9
void add_bulk_routes(Routes& routes);          // N10
void add_population_routes(Routes& routes);    // A2, A3

// An address with what stands in its query; parts without a value are left out.
using QueryParts = std::vector<std::pair<std::string, std::string>>;
std::string address_of(const std::string& path, const QueryParts& parts);

// The step that moves a case on from its state, as a button for whoever holds the role: from the table, without asking the case.
struct StepWords {
  std::string label, href;
};
StepWords step_for(const Visit& visit, const std::string& workflow, const std::string& state, const std::string& case_id, Role role);

std::vector<Problem> save_queue_filter(const Visit& visit, Transaction& tx, const Fields& form);  // name, query: "?view=team"

// Somebody whose work is that of their accounts, not of the whole team.
bool works_by_account(const Visitor& visitor);

}  // namespace tradecase::http
