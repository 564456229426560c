// An audit from its closing conference on: report, copy, improvement plan and its verification; and its end at any time.
#include <algorithm>

#include "workflows/audit/actions.hpp"

namespace tradecase::audit_case {

using namespace requests;

// ---- effects: closing and report -------------------------------------------------------------------------------------------

Effects hold_closing(Audit& a, const HoldClosing& said, const Context& c) {
  a.closing_held_on = said.held_on;
  a.closing_attendance = said.attendance;
  Effects effects = fieldwork_over(a);
  effects += agency_clock(
      {.name = "report_due", .anchor_name = "closing conference", .anchor = said.held_on, .days = c.rules.number("audit.report_days")},
      MissReport::name, c);
  a.report_due_on = said.held_on + std::chrono::days{c.rules.number("audit.report_days")};
  return effects;
}

Effects extend_report(Audit& a, const ExtendReport& said, const Context& c) {
  a.report_due_on = said.new_due_on;
  Effects effects = agency_clock({.name = "report_due",
                                  .anchor_name = "day set in writing by the executive director",
                                  .anchor = said.new_due_on,
                                  .also = {{"reason", join(said.reasons, "; ")}, {"recorded_by", c.actor.id}}},
                                 MissReport::name, c);
  effects += Effects{CloseTask{"report_overdue"}, CloseTask{"report_missed"}};
  return effects;
}

Effects miss_report(Audit& a, const Context&) {
  return {OpenTask{"report_overdue", Role::auditor, "The audit report is overdue: issue it", a.report_due_on},
          OpenTask{"report_missed", Role::compliance, "The audit report is overdue: have it issued, or record reasons and a day",
                   a.report_due_on}};
}

static std::vector<std::string> findings_in_words(const Audit& a) {
  std::vector<std::string> all;
  for (const Finding& finding : a.findings)
    all.push_back("Finding " + std::to_string(finding.number) + ", " + in_words(finding.area) + ": " + finding.text);
  return all;
}

Effects issue_report(Audit& a, const IssueReport& said, const Context& c) {
  a.report_issued_on = c.today;
  a.findings.clear();
  for (const FindingReported& one : said.findings) a.findings.push_back({static_cast<int>(a.findings.size()) + 1, one.area, one.text});
  const int plan_days = c.rules.number("audit.plan_days");
  Effects effects = clock_met("report_due");
  effects += Effects{CloseTask{"report_overdue"}, CloseTask{"report_missed"}};
  effects += agency_clock(
      {.name = "report_copy_due", .anchor_name = "day of the report", .anchor = c.today, .days = c.rules.number("audit.report_copy_days")},
      MissCopy::name, c);
  const Date copy_due_on = c.today + std::chrono::days{c.rules.number("audit.report_copy_days")};
  const std::string note = a.findings.empty() ? "" : "The plan is due " + std::to_string(plan_days) + " days after that letter.";
  effects.push_back(SendLetter{"audit_report_transmittal",
                               {{"findings", texts(findings_in_words(a))}, {"plan_due_note", note}, {"copy_due_on", spoken(copy_due_on)}},
                               "",
                               {Audience::company, Audience::nam}});
  return effects;
}

Effects miss_copy(Audit&, const Context&) {
  return {OpenTask{"copy_overdue", Role::compliance, "The company has not got its copy of the audit report in time: have it sent"}};
}

Effects send_copy(Audit& a, const Context& c) {
  a.copy_sent_on = c.today;
  Effects effects = clock_met("report_copy_due");
  effects.push_back(CloseTask{"copy_overdue"});
  effects.push_back(SendLetter{"audit_report_copy", {{"report_issued_on", spoken(*a.report_issued_on)}}, "", {Audience::company}});
  return effects;
}

static SendLetter closed_letter(const Audit& a) {
  return {"audit_closed", {{"outcome", a.outcome}}, "", {Audience::company, Audience::nam}};
}

Effects close_without_findings(Audit& a, const Context&) {
  a.outcome = "The report has no findings.";
  return {closed_letter(a)};
}

// ---- effects: improvement plan ---------------------------------------------------------------------------------------------

static Effects ask_for_plan(Audit& a, std::optional<Date> named_on, const Context& c) {
  return ask(a.request,
             {.deadline = "plan_due", .rule = "audit.plan_days", .what = "the compliance improvement plan", .named_on = named_on}, c);
}

Effects require_plan(Audit& a, const Context& c) {
  a.plan.form_version = c.forms.latest(plan_form, c.today).version;
  Effects effects = ask_for_plan(a, std::nullopt, c);
  effects.push_back(SendLetter{"audit_plan_request", {{"findings", texts(findings_in_words(a))}}, "plan_due", {Audience::company}});
  return effects;
}

Effects save_plan(Audit& a, const SavePlan& said, const Context&) {
  save_to(a.plan, said.plan, said.actions);
  return {};
}

Effects submit_plan(Audit& a, const SubmitPlan& said, const Context& c) {
  save_to(a.plan, said.plan, said.actions);
  read_actions(a.plan);
  a.plan.signature = signed_by(c, answers_of(a.plan), a.plan.form_version);
  return request_over(a.request);
}

Effects send_back_plan(Audit& a, const SendBackPlan& said, const Context& c) {
  a.plan.returned_because = said.reasons;
  Effects effects = ask_for_plan(a, said.due_on, c);
  effects.push_back(SendLetter{"cip_returned", {{"reasons", texts(said.reasons)}}, "plan_due", {Audience::company}});
  return effects;
}

Effects accept_plan(Audit& a, const Context& c) {
  Effects effects;
  json::array actions;
  for (const PlanAction& action : a.plan.actions) {
    effects += watch_action(action.number, action.due_on, c);
    actions.push_back({{"action", action.action}, {"owner", action.owner}, {"due_on", spoken(action.due_on)}});
  }
  if (auto facts = facts_of(a.plan, c); !facts.empty()) effects.push_back(RecordFacts{std::move(facts)});
  effects.push_back(
      OpenTask{"carry_out_plan", Role::officer, "Carry out the actions of the improvement plan and report each with its evidence"});
  effects.push_back(SendLetter{"cip_acceptance", {{"actions", std::move(actions)}}, "", {Audience::company, Audience::nam}});
  return effects;
}

Effects report_action(Audit& a, const ReportAction& said, const Context& c) {
  PlanAction& action = *std::ranges::find(a.plan.actions, said.action, &PlanAction::number);
  action.reported = said.evidence;
  if (said.files) add_files(action.files, *said.files);
  action.reported_on = c.today;
  return {OpenTask{"action_reported", Role::auditor, "The company reports an action done: verify it"}};
}

Effects miss_action(Audit& a, const MissAction& said, const Context&) {
  const PlanAction& action = *std::ranges::find(a.plan.actions, said.action, &PlanAction::number);
  return {overdue_action(action.number, Role::auditor, action.due_on),
          OpenTask{"plan_late", Role::compliance, "An action of the improvement plan is past its day: decide what follows", action.due_on}};
}

Effects verify_plan(Audit& a, const VerifyPlan& said, const Context& c) {
  a.plan.actions = after_verification(a.plan.actions, said, c);
  Effects effects{CloseTask{"action_reported"}};
  for (const ActionVerified& one : said.actions)
    if (one.holds)
      effects += action_done(one.action);
    else
      effects.push_back(
          OpenTask{"action_not_done", Role::officer, "An action of the plan does not hold yet: correct it and report it again"});
  return effects;
}

Effects plan_carried_out(Audit&, const Context&) {
  return {CloseTask{"plan_late"}, CloseTask{"action_not_done"}, CloseTask{"carry_out_plan"}};
}

Effects close(Audit& a, const Close& said, const Context&) {
  a.outcome = said.outcome;
  return {closed_letter(a)};
}

// ---- effects: at any time ----------------------------------------------------------------------------------------------------

Effects cancel_untold(Audit& a, const Cancel& said, const Context&) {
  a.outcome = "The audit does not take place. The reason: " + said.reason;
  return {};
}
Effects cancel(Audit& a, const Cancel& said, const Context&) {
  a.outcome = "The audit ends without a result. The reason: " + said.reason;
  return {closed_letter(a)};
}

Effects remind(Audit& a, const Context&) { return remind_of_documents(*a.request, a.items); }
Effects miss_due_date(Audit& a, const Context& c) { return miss_request(*a.request, Role::auditor, c); }
Effects escalate(Audit& a, const Context&) { return escalate_request(*a.request); }
Effects request_extension(Audit& a, const RequestExtension& said, const Context& c) {
  return ask_extension(*a.request, said.days, said.reason, audit_extensions, c);
}
Effects grant_extension(Audit& a, const GrantExtension& said, const Context& c) {
  Effects effects = extend_request(*a.request, said.days, c);
  effects += task_of_request(a);
  return effects;
}
Effects deny_extension(Audit& a, const DenyExtension& said, const Context&) { return deny_extension_of(*a.request, said.reason); }

}  // namespace tradecase::audit_case
