// The membership (domain.md §4.2): one case a member, for years. It opens each year's annual notification and each continuation review, and
// keeps what is proposed against it, in force, appealed and promised. Start in membership.cpp; commands.hpp says what may be said to it,
// actions.* what suspension, removal, appeal and reinstatement do, years.* which cycles are opened when.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/described.hpp"
#include "workflows/signature.hpp"

namespace tradecase {

namespace membership_case {

enum class Kind { suspension, removal };
BOOST_DESCRIBE_ENUM(Kind, suspension, removal)

struct Proposal {
  Kind kind = Kind::suspension;
  std::string reason_code;  // one of the rule membership.reason_codes
  std::string reason;       // a sentence
  std::optional<std::string> case_ref;
  std::string by;            // person id, or "timer"
  std::string on_behalf_of;  // person id, where a delegate proposed
  Date on{};
  bool reported_first = false;  // about a breach that the member had reported itself
  TRADECASE_FIELDS(Proposal, kind, reason_code, reason, case_ref, by, on_behalf_of, on, reported_first)
};

// A suspension or removal in force.
struct Action {
  Kind kind = Kind::suspension;
  std::string reason_code;
  std::string reason;
  Date effective_on{};
  std::string decided_by;  // person id
  bool appealed = false;   // an action is appealed once
  TRADECASE_FIELDS(Action, kind, reason_code, reason, effective_on, decided_by, appealed)
};

struct Response {  // the member's word on a proposal, or to the appeals desk
  std::string answer;
  std::string by;
  Date on{};
  TRADECASE_FIELDS(Response, answer, by, on)
};

struct BreachReport {
  std::string what;
  std::string by;
  Date on{};
  bool settled = false;  // a proposal about it was decided
  TRADECASE_FIELDS(BreachReport, what, by, on, settled)
};

enum class AppealOutcome { upheld, reversed, modified };
BOOST_DESCRIBE_ENUM(AppealOutcome, upheld, reversed, modified)

struct Appeal {
  std::string grounds;
  Signature signature;
  std::optional<AppealOutcome> outcome;
  std::vector<std::string> reasons;
  std::string effect;
  std::string decided_by;
  TRADECASE_FIELDS(Appeal, grounds, signature, outcome, reasons, effect, decided_by)
};

struct Objective {
  std::string objective;
  Date due_on{};  // its time frame
  TRADECASE_FIELDS(Objective, objective, due_on)
};

struct ActionPlan {
  std::vector<Objective> objectives;
  Signature signature;
  TRADECASE_FIELDS(ActionPlan, objectives, signature)
};

struct Membership {
  Date acceptance_date{};
  std::string program;
  std::optional<Date> carried_over_on;  // the import day of a member that the roster brought
  int scheduled_cycle = 0;              // the last annual notification opened
  int settled_cycle = 0;                // the last one accepted, rejected or settled elsewhere
  int scheduled_continuation = 0;
  std::string security_tier;  // as last told; empty until a change is told
  std::string security_status;
  std::optional<Proposal> proposal;  // the one to be decided
  std::vector<Proposal> noted;       // came while another was being decided or in force; nobody has read them yet
  std::vector<Response> responses;   // to that proposal
  std::optional<Date> response_due_on;
  std::optional<Action> action;
  std::vector<std::string> deciders;  // person ids who decided in this matter; it ends when the member is active again
  std::optional<Date> appeal_due_on;
  std::optional<Appeal> appeal;  // the last one
  std::optional<ActionPlan> plan;
  std::vector<std::string> conditions;  // under which the membership is in force again
  std::vector<BreachReport> breaches;
  TRADECASE_FIELDS(Membership, acceptance_date, program, carried_over_on, scheduled_cycle, settled_cycle, scheduled_continuation,
                   security_tier, security_status, proposal, noted, responses, response_due_on, action, deciders, appeal_due_on, appeal,
                   plan, conditions, breaches)
};

}  // namespace membership_case

Workflow membership();

}  // namespace tradecase
