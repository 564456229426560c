// The sentences that every workflow's machine says the same way. No MSM here: the templates call these.
#include <algorithm>

#include "engine/command.hpp"
#include "engine/text.hpp"
#include "engine/workflow.hpp"

namespace tradecase::machine {

std::string who_may(RoleSet roles) {
  std::vector<std::string> names;
  for (const Role role : all_roles)
    if (roles.has(role)) names.emplace_back(spoken(role));
  if (names.size() < 2) return "Only " + join(names, "");
  return "Only " + join({names.begin(), names.end() - 1}, ", ") + " or " + names.back();
}

Refusal forbidden(std::string_view command, RoleSet may, const Actor& actor) {
  std::vector<std::string> held;
  for (const Role role : all_roles)
    if (actor.roles.has(role)) held.emplace_back(spoken(role));
  std::string sentence = who_may(may) + " may send \"" + std::string(command) + "\". ";
  sentence += held.empty() ? "You hold no role for this company." : "For this company you are " + listed(held) + ".";
  return {RefusalCode::forbidden, std::move(sentence)};
}

Refusal wrong_state(const Workflow& workflow, std::string_view command, std::string_view state) {
  std::vector<std::string> from;
  for (const TransitionInfo& row : workflow.transitions)
    if (row.command == command && !row.from.empty() && std::ranges::find(from, row.from) == from.end()) from.push_back(row.from);
  if (from.empty()) return {RefusalCode::wrong_state, "\"" + std::string(command) + "\" opens a case; this one is open already."};
  if (state.empty()) return {RefusalCode::wrong_state, "\"" + std::string(command) + "\" is for a case that is open; it cannot open one."};
  return {RefusalCode::wrong_state,
          "\"" + std::string(command) + "\" is possible in " + join(from, ", ") + "; this case is in " + std::string(state) + "."};
}

Refusal unknown_command(const Workflow& workflow, std::string_view command) {
  std::vector<std::string> names;
  for (const CommandInfo& row : workflow.commands)
    if (!row.roles.has(Role::timer)) names.push_back(row.name);
  const std::string shown = text_problem(command, 80) ? "That" : "\"" + std::string(command) + "\"";
  return {RefusalCode::invalid, shown + " is not a command of " + workflow.name + ". Its commands: " + join(names, ", ") + "."};
}

Refusal unreadable(std::string_view command, std::vector<Problem> problems) {
  std::vector<std::string> lines;
  for (const Problem& problem : problems) lines.push_back((problem.field.empty() ? "the body" : problem.field) + " " + problem.sentence);
  return {RefusalCode::invalid, "\"" + std::string(command) + "\" cannot be read: " + join(lines, "; ") + ".", std::move(problems)};
}

// Of several rows, the one with the fewest open conditions says why: it is the nearest.
Refusal guard_refused(std::string_view command, const std::vector<std::vector<std::string>>& refusals) {
  const auto nearest = std::ranges::min_element(refusals, {}, [](const auto& failures) { return failures.size(); });
  Refusal refusal{RefusalCode::guard, "\"" + std::string(command) + "\" is not possible now: " + join(*nearest, "; ") + "."};
  for (const std::string& failure : *nearest) refusal.problems.push_back({"", failure});
  return refusal;
}

}  // namespace tradecase::machine
