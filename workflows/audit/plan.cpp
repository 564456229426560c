// The compliance improvement plan: answers of the form "improvement_plan", its actions read out of them, and their verification. Pure.
#include <algorithm>
#include <charconv>

#include "workflows/audit/commands.hpp"

namespace tradecase::audit_case {
namespace {

const Section& section_of(const Plan& plan, std::string_view id, const Context& context) {
  const Section* section = context.forms.get(plan_form, plan.form_version).section(id);
  if (!section) throw std::logic_error("the form improvement_plan has no section " + std::string(id));
  return *section;
}

std::string first_problem(const Section& section, const json::object& answers, bool complete) {
  const auto problems = check_answers(section, answers, complete);
  return problems.empty() ? "" : problems.front().sentence;
}

std::string text_of(const json::object& answers, std::string_view question) {
  const json::value* value = answers.if_contains(question);
  return value && value->is_string() ? std::string(value->as_string()) : "";
}

// "2", or the finding's number at the head of its text: "2. Classification: …". 0 where there is none.
int finding_number(const json::object& answers) {
  const std::string text = trimmed(text_of(answers, "finding"));
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string answers_problem(const Plan& plan, const json::object& answers, const std::vector<PlanAction>& actions, bool complete,
                            const Context& context) {
  if (std::string problem = first_problem(section_of(plan, "plan", context), answers, complete); !problem.empty()) return problem;
  for (const PlanAction& action : actions)
    if (std::string problem = first_problem(section_of(plan, "action", context), action.answers, complete); !problem.empty())
      return "action " + std::to_string(action.number) + ": " + problem;
  return "";
}

PlanAction* find_action(std::vector<PlanAction>& actions, int number) {
  const auto found = std::ranges::find(actions, number, &PlanAction::number);
  return found == actions.end() ? nullptr : &*found;
}

}  // namespace

std::string saved_plan_problem(const Audit& audit, const SavePlan& said, const Context& context) {
  Plan plan = audit.plan;
  save_to(plan, said.plan, said.actions);
  return answers_problem(plan, plan.answers, plan.actions, false, context);
}

void save_to(Plan& plan, const std::optional<json::object>& answers, const std::optional<std::vector<json::object>>& actions) {
  if (answers) plan.answers = *answers;
  if (!actions) return;
  plan.actions.clear();
  for (const json::object& one : *actions) {
    PlanAction& action = plan.actions.emplace_back();
    action.number = static_cast<int>(plan.actions.size());
    action.answers = one;
  }
}

std::string plan_problem(const Audit& audit, const Context& context) {
  if (std::string problem = answers_problem(audit.plan, audit.plan.answers, audit.plan.actions, true, context); !problem.empty())
    return problem;
  const auto answers = [&](int number) {
    return std::ranges::any_of(audit.plan.actions, [&](const PlanAction& action) { return finding_number(action.answers) == number; });
  };
  for (const Finding& finding : audit.findings)
    if (!answers(finding.number)) return "no action answers finding " + std::to_string(finding.number);
  for (const PlanAction& action : audit.plan.actions) {
    const int number = finding_number(action.answers);
    if (std::ranges::none_of(audit.findings, [&](const Finding& finding) { return finding.number == number; }))
      return "action " + std::to_string(action.number) + " begins with the number of no finding of the report";
  }
  return "";
}

void read_actions(Plan& plan) {
  for (PlanAction& action : plan.actions) {
    action.finding = finding_number(action.answers);
    action.action = text_of(action.answers, "corrective_action");
    action.owner = text_of(action.answers, "action_owner");
    action.due_on = parse_date(text_of(action.answers, "due")).value_or(Date{});
  }
}

json::value answers_of(const Plan& plan) {
  json::array actions;
  for (const PlanAction& action : plan.actions) actions.push_back(action.answers);
  return {{"plan", plan.answers}, {"actions", std::move(actions)}};
}

std::vector<Fact> facts_of(const Plan& plan, const Context& context) {
  std::vector<Fact> facts;
  for (auto& [key, value] : keyed_answers(section_of(plan, "plan", context), plan.answers))
    facts.push_back({key, value, context.today, "improvement plan " + context.case_id, "plan", context.case_id,
                     plan.signature ? plan.signature->by : ""});
  return facts;
}

std::string verification_problem(const Plan& plan, const VerifyPlan& said) {
  if (said.actions.empty()) return "none is named";
  for (const ActionVerified& one : said.actions)
    if (std::ranges::none_of(plan.actions, [&](const PlanAction& action) { return action.number == one.action; }))
      return "the plan has no action " + std::to_string(one.action);
  return "";
}

bool all_verified(const Plan& plan) {
  return std::ranges::all_of(plan.actions, [](const PlanAction& action) { return action.verified_on.has_value(); });
}

std::vector<PlanAction> after_verification(std::vector<PlanAction> actions, const VerifyPlan& said, const Context& context) {
  for (const ActionVerified& one : said.actions) {
    PlanAction* action = find_action(actions, one.action);
    if (!action) continue;  // the guard names it
    action->verified_with = one.evidence;
    action->verified_by = context.actor.id;
    action->verified_on = one.holds ? std::optional(context.today) : std::nullopt;
    if (!one.holds) action->reported.clear();
  }
  return actions;
}

}  // namespace tradecase::audit_case
