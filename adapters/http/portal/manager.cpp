// The account manager's and the supervisor's day: N1 queue, N7 company file, N8 workload, N9 due dates, N10 bulk actions, A2 and A3
// populations.
#include <algorithm>

#include "adapters/http/portal/staff.hpp"

namespace tradecase::http {

std::string address_of(const std::string& path, const QueryParts& parts) {
  std::string address = path;
  char between = '?';
  for (const auto& [name, value] : parts) {
    if (value.empty()) continue;
    address += between + name + "=" + percent_encoded(value);
    between = '&';
  }
  return address;
}

StepWords step_for(const Visit& visit, const std::string& workflow, const std::string& state, const std::string& case_id, Role role) {
  const Workflow& table = visit.programme().workflows.get(workflow);
  for (const TransitionInfo& row : table.transitions) {
    if (row.from != state || row.to == state) continue;
    const CommandInfo* command = table.command(row.command);
    const CommandWords* words = visit.words().find(workflow, row.command);
    if (command == nullptr || words == nullptr || words->grave || !command->roles.has(role)) continue;
    std::string href = words->elsewhere.empty() ? "/cases/" + case_id + "/do/" + row.command : words->elsewhere;
    if (const auto at = href.find("{case}"); at != std::string::npos) href.replace(at, 6, case_id);
    return {href.ends_with("/review") && state == "under_review" ? visit.say("Review the letter") : visit.say(words->button), href};
  }
  return {visit.say("Open the case"), "/cases/" + case_id};
}

bool works_by_account(const Visitor& visitor) { return visitor.staff.has(Role::nam) && !visitor.staff.has(Role::supervisor); }

void add_manager_routes(Routes& routes) {
  for (const auto add : {add_queue_routes, add_note_routes, add_company_file_routes, add_workload_routes, add_due_calendar_routes,
                         add_bulk_routes, add_population_routes})
    add(routes);
}

}  // namespace tradecase::http
