#include "adapters/http/told.hpp"

#include "adapters/http/portal/case_store.hpp"

namespace tradecase::http {

bool by_company(const Workflow& workflow, const std::string& command) {
  const CommandInfo* info = workflow.command(command);
  return info != nullptr && info->roles.any_of({Role::officer, Role::preparer});
}

bool told_of_state(Session& session, const CommandForms& words, const Workflow& workflow, std::string_view case_id,
                   const std::string& state) {
  if (words.told_as(workflow.name, state).empty()) return false;
  return !workflow.state(state)->final || was_ever_in(session, case_id, words.told_while_open(workflow));
}

bool told_of_event(const CommandForms& words, const Workflow& workflow, const std::string& command, const std::string& from,
                   const std::string& to) {
  const std::string& told = words.told_as(workflow.name, to);
  return !told.empty() && (by_company(workflow, command) || from.empty() || words.told_as(workflow.name, from) != told);
}

}  // namespace tradecase::http
