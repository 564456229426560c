#include "workflows/membership/actions.hpp"

#include "workflows/membership/years.hpp"
#include "workflows/named_person.hpp"
#include "workflows/requests.hpp"

namespace tradecase::membership_case {
namespace {

using requests::texts;

std::string full(Date date) { return std::string(weekday_name(date)) + ", " + spoken(date); }

std::vector<Audience> company_and_nam(const Context& context) {
  return context.company.nam.empty() ? std::vector{Audience::company} : std::vector{Audience::company, Audience::nam};
}

// A day by which the company must act: it moves to a business day, and the end of it may send a command.
Derivation company_day(std::string_view rule, std::string_view anchor_name, int days, const Context& context) {
  return derive({.name = rule, .anchor_name = anchor_name, .anchor = context.today, .days = days, .rolls = Rolls::to_business_day},
                context.calendar);
}

Effects end_deadline(const char* name) { return {EndDeadlines{name}, StopTimers{name}}; }

Effects ask_to_read_proposals() {
  return {OpenTask{"read_proposals", Role::compliance, "Read what was proposed while another action was decided or in force"}};
}

// ---- proposals

// Reported by the member before it was proposed [C]; what the calendar or the Security part found is no breach that it reported.
bool reported_first(const Membership& member, std::string_view reason_code) {
  if (reason_code == "overdue_notification" || reason_code == "security_status_lost") return false;
  return std::ranges::any_of(member.breaches, [](const BreachReport& report) { return !report.settled; });
}

template <class Said>
Proposal proposal_of(const Membership& member, Kind kind, const Said& said, const Context& context) {
  return {kind,
          said.reason_code,
          said.reason,
          said.case_ref,
          context.actor.id,
          context.actor.on_behalf_of,
          context.today,
          reported_first(member, said.reason_code)};
}

ProposeSuspension for_security(const SecurityStatusChanged& said, const Context& context) {
  return {{}, "security_status_lost", security_loss(said, context), std::nullopt};
}

Effects begin_proposal(Membership& member, Proposal proposal, const Context& context) {
  member.proposal = std::move(proposal);
  member.responses.clear();
  const Derivation due =
      company_day("membership.response_due", "day of the proposal", context.rules.number("membership.suspension_response_days"), context);
  member.response_due_on = due.due_on;
  const json::object fields{{"reason", member.proposal->reason},
                            {"reason_code", requests::in_words(member.proposal->reason_code)},
                            {"response_note", "Your answer is expected by " + full(due.due_on) + "."}};
  const char* letter = member.proposal->kind == Kind::suspension ? "suspension_proposed" : "removal_proposed";
  return {SetDeadline{"response_due", due}, SendLetter{letter, fields, "", company_and_nam(context)}};
}

Effects end_proposal(Membership& member) {
  if (member.proposal && member.proposal->reported_first)
    for (BreachReport& report : member.breaches) report.settled = true;
  member.proposal.reset();
  member.response_due_on.reset();
  return {EndDeadlines{"response_due"}};
}

// ---- in force

int appeal_days(const Action& action, const Rules& rules) {
  return rules.number(action.reason_code == "false_information" ? "membership.appeal_days_false_information" : "membership.appeal_days");
}

Effects open_appeal_period(Membership& member, std::string_view anchor_name, const Context& context) {
  const Derivation due = company_day("membership.appeal_due", anchor_name, appeal_days(member.action.value(), context.rules), context);
  member.appeal_due_on = due.due_on;
  return {SetDeadline{"appeal_due", due}, StartTimer{"appeal_due", context.calendar.end_of(due.due_on), "end_appeal_period"}};
}

Effects stop_waiting_for_plan() {
  Effects effects = end_deadline("plan_due");
  effects.push_back(CloseTask{"plan_overdue"});
  return effects;
}

Effects take_effect(Membership& member, Action action, const Context& context) {
  const bool suspension = action.kind == Kind::suspension;
  member.deciders.push_back(context.actor.id);
  member.action = std::move(action);
  Effects effects = end_proposal(member);
  effects += stop_waiting_for_plan();
  effects += open_appeal_period(member, suspension ? "day from which the membership is suspended" : "day of the removal", context);
  const json::object fields{{"reason", member.action->reason},
                            {"reason_code", requests::in_words(member.action->reason_code)},
                            {"effective_on", spoken(context.today)}};
  effects.push_back(SendLetter{suspension ? "suspension_effected" : "removal_effected", fields, "appeal_due", company_and_nam(context)});
  return effects;
}

Effects removal(Membership& member, std::string reason_code, std::string reason, const Context& context) {
  member.plan.reset();
  Effects effects =
      take_effect(member, {Kind::removal, std::move(reason_code), std::move(reason), context.today, context.actor.id, false}, context);
  effects += end_years("The membership was removed.");
  return effects;
}

Effects plan_wanted(std::string_view note, const Context& context) {
  const Derivation due = company_day("membership.plan_due", "day on which the plan was asked for",
                                     context.rules.number("membership.reinstatement_plan_days"), context);
  return {SetDeadline{"plan_due", due}, StartTimer{"plan_due", context.calendar.end_of(due.due_on), "miss_plan_due"},
          SendLetter{"reinstatement_plan_request", {{"objectives_note", note}}, "plan_due"}};
}

// The matter is over: what was decided in it binds nobody any more, and what was proposed meanwhile is read.
Effects active_again(Membership& member, std::vector<std::string> conditions) {
  member.action.reset();
  member.appeal_due_on.reset();
  member.plan.reset();
  member.deciders.clear();
  member.conditions = std::move(conditions);
  Effects effects = end_deadline("appeal_due");
  effects += stop_waiting_for_plan();
  if (!member.noted.empty()) effects += ask_to_read_proposals();
  return effects;
}

SendLetter reinstatement_letter(const Membership& member, const Context& context) {
  return {
      "reinstatement", {{"effective_on", spoken(context.today)}, {"conditions", texts(member.conditions)}}, "", company_and_nam(context)};
}

const char* spoken_outcome(AppealOutcome outcome) {
  if (outcome == AppealOutcome::upheld) return "The action is upheld.";
  return outcome == AppealOutcome::reversed ? "The action is reversed." : "The action is modified.";
}

}  // namespace

std::string security_loss(const SecurityStatusChanged& said, const Context& context) {
  const std::vector<std::string>& tiers = context.rules.texts("membership.security_tiers");
  if (said.status != "good_standing")
    return "The CTPAT Security membership is no longer in good standing: its status is " + requests::in_words(said.status) + ".";
  if (std::ranges::find(tiers, said.tier) != tiers.end()) return "";
  return "The CTPAT Security membership is of Tier " + said.tier + "; this program needs Tier " + join(tiers, " or ") + ".";
}

// ---- proposals ---------------------------------------------------------------------------------------------------------

Effects propose_suspension(Membership& member, const ProposeSuspension& said, const Context& context) {
  return begin_proposal(member, proposal_of(member, Kind::suspension, said, context), context);
}

Effects propose_removal(Membership& member, const ProposeRemoval& said, const Context& context) {
  return begin_proposal(member, proposal_of(member, Kind::removal, said, context), context);
}

Effects propose_for_security(Membership& member, const SecurityStatusChanged& said, const Context& context) {
  member.security_tier = said.tier;
  member.security_status = said.status;
  return begin_proposal(member, proposal_of(member, Kind::suspension, for_security(said, context), context), context);
}

Effects note_suspension_proposal(Membership& member, const ProposeSuspension& said, const Context& context) {
  member.noted.push_back(proposal_of(member, Kind::suspension, said, context));
  return ask_to_read_proposals();
}

Effects note_removal_proposal(Membership& member, const ProposeRemoval& said, const Context& context) {
  member.noted.push_back(proposal_of(member, Kind::removal, said, context));
  return ask_to_read_proposals();
}

Effects keep_security_status(Membership& member, const SecurityStatusChanged& said, const Context& context) {
  const bool in_new_words = member.security_tier != said.tier || member.security_status != said.status;
  member.security_tier = said.tier;
  member.security_status = said.status;
  const bool in_force = member.proposal || member.action;
  if (!in_force || !in_new_words || security_loss(said, context).empty()) return {};
  return note_suspension_proposal(member, for_security(said, context), context);
}

Effects keep_response(Membership& member, const Respond& said, const Context& context) {
  member.responses.push_back({said.answer, context.actor.id, context.today});
  return {};
}

Effects drop_proposal(Membership& member, const DropProposal& said, const Context& context) {
  const char* proposal = member.proposal.value().kind == Kind::suspension ? "suspension" : "removal";
  Effects effects = end_proposal(member);
  effects.push_back(SendLetter{"proposal_dropped", {{"proposal", proposal}, {"reason", said.reason}}, "", company_and_nam(context)});
  return effects;
}

// ---- in force ----------------------------------------------------------------------------------------------------------

Effects suspend(Membership& member, const Context& context) {
  const Proposal& proposal = member.proposal.value();
  Effects effects =
      take_effect(member, {Kind::suspension, proposal.reason_code, proposal.reason, context.today, context.actor.id, false}, context);
  effects += plan_wanted("", context);
  return effects;
}

Effects remove(Membership& member, const Context& context) {
  const Proposal proposal = member.proposal.value();
  return removal(member, proposal.reason_code, proposal.reason, context);
}

Effects remove_at_once(Membership& member, const RemoveAtOnce& said, const Context& context) {
  return removal(member, said.reason_code, said.reason, context);
}

Effects pause_suspension(Membership&, const Context&) {
  Effects effects = end_deadline("appeal_due");
  effects += stop_waiting_for_plan();
  return effects;
}

Effects resume_suspension(Membership& member, const Context& context) {
  Effects effects;
  if (!member.action.value().appealed && member.appeal_due_on)
    effects += open_appeal_period(member, "day on which the proposed removal was dropped", context);
  effects += ask_for_plan(member, context);
  return effects;
}

Effects ask_for_plan(Membership& member, const Context& context) { return member.plan ? Effects{} : plan_wanted("", context); }

Effects end_appeal_period(Membership& member, const Context&) {
  member.appeal_due_on.reset();
  return {EndDeadlines{"appeal_due"}};
}

Effects plan_overdue(Membership&, const Context&) {
  return {OpenTask{"plan_overdue", Role::compliance, "No corrective action plan has come: decide how the suspension goes on"},
          SendLetter{"request_overdue", {{"what", "a corrective action plan"}}, "plan_due"}};
}

// ---- appeal and reinstatement --------------------------------------------------------------------------------------------

// CBP's own clock: 180 calendar days that do not move (domain.md §4.3).
Effects file_appeal(Membership& member, const FileAppeal& said, const Context& context) {
  member.appeal = Appeal{said.grounds, signed_by(context, json::value(said.grounds), 0), std::nullopt, {}, "", ""};
  member.action.value().appealed = true;
  member.responses.clear();
  const Derivation due = derive({.name = "membership.appeal_decision_due",
                                 .anchor_name = "day on which the appeal was filed",
                                 .anchor = context.today,
                                 .days = context.rules.number("membership.appeal_decision_days")},
                                context.calendar);
  Effects effects = pause_suspension(member, context);
  effects += {SetDeadline{"appeal_decision_due", due},
              StartTimer{"appeal_decision_due", context.calendar.end_of(due.due_on), "miss_appeal_decision_due"},
              SendLetter{"appeal_received", {{"filed_on", spoken(context.today)}}, "appeal_decision_due"}};
  return effects;
}

Effects appeal_overdue(Membership&, const Context&) {
  return {OpenTask{"appeal_overdue", Role::appeals, "The day for the decision on the appeal has passed"}};
}

Effects decide_appeal(Membership& member, const DecideAppeal& said, const Context& context) {
  Appeal& appeal = member.appeal.value();
  appeal.outcome = said.outcome;
  appeal.reasons = said.reasons;
  appeal.effect = said.effect;
  appeal.decided_by = context.actor.id;
  member.deciders.push_back(context.actor.id);
  Effects effects = end_deadline("appeal_decision_due");
  effects += {CloseTask{"appeal_overdue"},
              SendLetter{"appeal_decision",
                         {{"outcome", spoken_outcome(said.outcome)}, {"reasons", texts(said.reasons)}, {"effect", said.effect}},
                         "",
                         company_and_nam(context)}};
  return effects;
}

Effects suspend_instead(Membership& member, const Context& context) {
  const bool removed = !files(member);
  member.action.value().kind = Kind::suspension;
  return removed ? resume_years(member, context) : Effects{};
}

Effects lift(Membership& member, const DecideAppeal& said, const Context& context) {
  const bool removed = !files(member);
  Effects effects = active_again(member, said.conditions.value_or(std::vector<std::string>{}));
  if (removed) effects += resume_years(member, context);
  if (said.outcome == AppealOutcome::modified) effects.push_back(reinstatement_letter(member, context));
  return effects;
}

Effects keep_plan(Membership& member, const SubmitActionPlan& said, const Context& context) {
  member.plan = ActionPlan{said.objectives, signed_by(context, described::to_json(said.objectives), 0)};
  return stop_waiting_for_plan();
}

Effects reinstate(Membership& member, const Reinstate& said, const Context& context) {
  Effects effects = active_again(member, said.conditions.value_or(std::vector<std::string>{}));
  effects.push_back(reinstatement_letter(member, context));
  return effects;
}

Effects refuse_plan(Membership& member, const RefusePlan& said, const Context& context) {
  member.plan.reset();
  return plan_wanted("The plan you sent cannot be accepted: " + join(said.reasons, "; ") + ".", context);
}

// ---- at any time -------------------------------------------------------------------------------------------------------

Effects keep_breach(Membership& member, const ReportBreach& said, const Context& context) {
  member.breaches.push_back({said.what, context.actor.id, context.today, false});
  return {OpenTask{"read_breach", Role::nam, "Read the breach that the member reported"}};
}

Effects acknowledge(Membership& member, const Acknowledge& said, const Context&) {
  if (said.noted == Noted::breach) return {CloseTask{"read_breach"}};
  member.noted.clear();
  return {CloseTask{"read_proposals"}};
}

Effects invite_disclosure(Membership&, const InviteDisclosure& said, const Context&) {
  return {SendLetter{"disclosure_opportunity", {{"reasons", texts(said.reasons)}}}};
}

Effects assign_nam(Membership&, const AssignNam& said, const Context& context) {
  return {UpdateCompany{.nam = named_person(context, said.nam).person.id}, CloseTask{"name_nam"}};
}

Effects confirm_withdrawal(Membership&, const Context& context) {
  Effects effects = end_years("The member withdrew.");
  effects.push_back(SendLetter{"membership_withdrawn", {{"effective_on", spoken(context.today)}}, "", company_and_nam(context)});
  return effects;
}

}  // namespace tradecase::membership_case
