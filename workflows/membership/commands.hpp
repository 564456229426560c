// What people, other cases and the clock may say to a membership (domain.md §4.2). Included by workflows/membership/*.cpp only: it brings
// MSM along. What the timer may send can arrive in any open state, and has a row in each.
#pragma once

#include "engine/machine.hpp"
#include "workflows/membership/membership.hpp"

namespace tradecase::membership_case {

// From an approved application (settled_cycle 0), or from the roster: settled_cycle where it is known, otherwise the first cycle whose due
// day is not before carried_over_on, the import day. `nam` is a person id.
struct Admit : CommandBy<"admit", Role::timer> {
  Date acceptance_date{};
  std::string program;
  std::optional<int> settled_cycle;
  std::optional<Date> carried_over_on;
  std::optional<std::string> nam;
  TRADECASE_FIELDS(Admit, acceptance_date, program, settled_cycle, carried_over_on, nam)
};

// ---- years -------------------------------------------------------------------------------------------------------------

struct ScheduleCycle : CommandBy<"schedule_cycle", Role::timer> {
  int cycle = 0;
  TRADECASE_FIELDS(ScheduleCycle, cycle)
};
enum class NotificationOutcome { accepted, rejected };
BOOST_DESCRIBE_ENUM(NotificationOutcome, accepted, rejected)
struct NotificationSettled : CommandBy<"notification_settled", Role::timer> {
  int cycle = 0;
  NotificationOutcome outcome = NotificationOutcome::accepted;
  Date on{};
  TRADECASE_FIELDS(NotificationSettled, cycle, outcome, on)
};
struct ContinuationSettled : CommandBy<"continuation_settled", Role::timer> {
  int number = 0;
  std::string outcome;
  Date on{};
  TRADECASE_FIELDS(ContinuationSettled, number, outcome, on)
};
struct CorrectAcceptanceDate : CommandBy<"correct_acceptance_date", Role::timer> {
  Date acceptance_date{};
  std::string reason;
  TRADECASE_FIELDS(CorrectAcceptanceDate, acceptance_date, reason)
};
struct SettleCycles : CommandBy<"settle_cycles", Role::timer> {  // the roster says that cycles up to this one are settled elsewhere
  int settled_cycle = 0;
  Date on{};
  TRADECASE_FIELDS(SettleCycles, settled_cycle, on)
};

// ---- proposals and decisions ---------------------------------------------------------------------------------------------

struct ProposeSuspension : CommandBy<"propose_suspension", Role::compliance, Role::nam, Role::timer> {
  std::string reason_code;
  std::string reason;
  std::optional<std::string> case_ref;
  TRADECASE_FIELDS(ProposeSuspension, reason_code, reason, case_ref)
};
struct ProposeRemoval : CommandBy<"propose_removal", Role::compliance, Role::nam, Role::timer> {
  std::string reason_code;
  std::string reason;
  std::optional<std::string> case_ref;
  TRADECASE_FIELDS(ProposeRemoval, reason_code, reason, case_ref)
};
struct SecurityStatusChanged : CommandBy<"security_status_changed", Role::timer, Role::compliance> {
  std::string tier;    // I, II, III
  std::string status;  // good_standing, suspended, removed
  TRADECASE_FIELDS(SecurityStatusChanged, tier, status)
};
struct Respond : CommandBy<"respond", Role::officer> {
  std::string answer;
  TRADECASE_FIELDS(Respond, answer)
};
struct Suspend : CommandBy<"suspend", Role::compliance> {
  TRADECASE_FIELDS(Suspend)
};
struct Remove : CommandBy<"remove", Role::compliance> {
  TRADECASE_FIELDS(Remove)
};
struct RemoveAtOnce : CommandBy<"remove_at_once", Role::compliance> {
  std::string reason_code;  // one of the rule membership.aggravated_codes
  std::string reason;
  TRADECASE_FIELDS(RemoveAtOnce, reason_code, reason)
};
struct DropProposal : CommandBy<"drop_proposal", Role::compliance> {
  std::string reason;
  TRADECASE_FIELDS(DropProposal, reason)
};

// ---- appeal and reinstatement ----------------------------------------------------------------------------------------------

struct FileAppeal : CommandBy<"appeal", Role::officer> {
  std::string grounds;
  std::string signature;
  TRADECASE_FIELDS(FileAppeal, grounds, signature)
};
enum class ModifiedTo { active, suspended };
BOOST_DESCRIBE_ENUM(ModifiedTo, active, suspended)
struct DecideAppeal : CommandBy<"decide_appeal", Role::appeals> {
  AppealOutcome outcome = AppealOutcome::upheld;
  std::vector<std::string> reasons;
  std::string effect;                                  // for the letter: what it means for the member, in a sentence
  std::optional<ModifiedTo> modified_to;               // of a modified action: in force again under conditions, or suspended
  std::optional<std::vector<std::string>> conditions;  // of a membership in force again
  TRADECASE_FIELDS(DecideAppeal, outcome, reasons, effect, modified_to, conditions)
};
struct SubmitActionPlan : CommandBy<"submit_action_plan", Role::officer> {
  std::vector<Objective> objectives;
  std::string signature;
  TRADECASE_FIELDS(SubmitActionPlan, objectives, signature)
};
struct Reinstate : CommandBy<"reinstate", Role::compliance> {
  std::optional<std::vector<std::string>> conditions;
  TRADECASE_FIELDS(Reinstate, conditions)
};
struct RefusePlan : CommandBy<"refuse_plan", Role::compliance> {
  std::vector<std::string> reasons;
  TRADECASE_FIELDS(RefusePlan, reasons)
};
struct EndAppealPeriod : CommandBy<"end_appeal_period", Role::timer> {
  TRADECASE_FIELDS(EndAppealPeriod)
};
struct MissPlanDue : CommandBy<"miss_plan_due", Role::timer> {
  TRADECASE_FIELDS(MissPlanDue)
};
struct MissAppealDecisionDue : CommandBy<"miss_appeal_decision_due", Role::timer> {
  TRADECASE_FIELDS(MissAppealDecisionDue)
};

// ---- at any time -------------------------------------------------------------------------------------------------------

struct ReportBreach : CommandBy<"report_breach", Role::officer> {
  std::string what;
  TRADECASE_FIELDS(ReportBreach, what)
};
enum class Noted { breach, proposals };
BOOST_DESCRIBE_ENUM(Noted, breach, proposals)
struct Acknowledge : CommandBy<"acknowledge", Role::nam, Role::compliance> {  // closes the task to read what came in
  Noted noted = Noted::breach;
  std::string note;
  TRADECASE_FIELDS(Acknowledge, noted, note)
};
struct InviteDisclosure : CommandBy<"invite_disclosure", Role::nam, Role::compliance> {
  std::vector<std::string> reasons;
  TRADECASE_FIELDS(InviteDisclosure, reasons)
};
struct AssignNam : CommandBy<"assign_nam", Role::supervisor, Role::admin> {
  PersonRef nam;
  TRADECASE_FIELDS(AssignNam, nam)
};
struct Withdraw : CommandBy<"withdraw", Role::officer> {
  TRADECASE_FIELDS(Withdraw)
};

}  // namespace tradecase::membership_case
