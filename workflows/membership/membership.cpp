#include "workflows/membership/membership.hpp"

#include "workflows/membership/actions.hpp"
#include "workflows/membership/commands.hpp"
#include "workflows/membership/years.hpp"
#include "workflows/named_person.hpp"
#include "workflows/requests.hpp"

namespace tradecase {
namespace membership_case {
namespace {

// ---- states ------------------------------------------------------------------------------------------------------------
// One more than domain.md §4.2 names: `removal_effected`. The removal holds (benefits and filings have ended), and it may still be
// appealed; `removed` is final, and reached when the appeal period ends or the appeal is upheld.

struct Active : State<"active", Waits<"the yearly dates, which the clock watches">> {};
struct SuspensionProposed : State<"suspension_proposed", Work<"decide_suspension", Role::compliance, "Decide the proposed suspension">> {};
struct Suspended : State<"suspended", Work<"submit_action_plan", Role::officer, "Submit a corrective action plan">> {};
struct RemovalProposed : State<"removal_proposed", Work<"decide_removal", Role::compliance, "Decide the proposed removal">> {};
struct RemovalEffected : State<"removal_effected", Waits<"an appeal, until the appeal period ends">> {};
struct AppealPending : State<"appeal_pending", Work<"decide_appeal", Role::appeals, "Decide the appeal">> {};
struct ReinstatementReview
    : State<"reinstatement_review", Work<"review_action_plan", Role::compliance, "Review the corrective action plan">> {};
struct Removed : Final<"removed"> {};
struct Withdrawn : Final<"withdrawn"> {};

// ---- guards ------------------------------------------------------------------------------------------------------------

std::string not_among(const std::string& code, const std::vector<std::string>& codes) {
  if (std::ranges::find(codes, code) != codes.end()) return "";
  return "\"" + code + "\" is none of " + join(codes, ", ");
}

using requests::acts_as;

constexpr Guard known_reason{"the reason code must be one of the program's", [](const Membership&, const auto& said, const Context& c) {
                               return not_among(said.reason_code, c.rules.texts("membership.reason_codes"));
                             }};
constexpr Guard aggravated{"only an aggravated reason removes a member at once",
                           [](const Membership&, const RemoveAtOnce& said, const Context& c) {
                             return not_among(said.reason_code, c.rules.texts("membership.aggravated_codes"));
                           }};
constexpr Guard security_lost{
    "tier and status of the CTPAT Security membership keep this membership",
    [](const Membership&, const SecurityStatusChanged& said, const Context& c) { return !security_loss(said, c).empty(); }};
constexpr Guard security_kept{
    "tier and status of the CTPAT Security membership do not keep this membership",
    [](const Membership&, const SecurityStatusChanged& said, const Context& c) { return security_loss(said, c).empty(); }};

constexpr Guard decider_did_not_propose{"whoever proposed the action may not decide it", [](const Membership& m, const Context& c) {
                                          return !acts_as(c.actor, m.proposal.value().by) &&
                                                 !acts_as(c.actor, m.proposal.value().on_behalf_of);
                                        }};

// A member that reports a breach first is not suspended at once [C].
std::string time_to_respond(const Membership& member, const Context& context) {
  const bool heard = !member.responses.empty() || context.today > member.response_due_on.value();
  if (!member.proposal.value().reported_first || heard) return "";
  return "it may answer until " + spoken(*member.response_due_on);
}
constexpr Guard member_was_heard{"the member reported this breach itself, and is heard first",
                                 [](const Membership& m, const Context& c) { return time_to_respond(m, c); }};

constexpr Guard none_in_force{"a suspension is in force", [](const Membership& m, const Context&) { return !m.action; }};
constexpr Guard suspended_without_plan{"no suspension is in force, or its plan is being read",
                                       [](const Membership& m, const Context&) { return m.action && !m.plan; }};
constexpr Guard suspended_with_plan{"no corrective action plan is being read",
                                    [](const Membership& m, const Context&) { return m.action && m.plan; }};

std::string no_appeal_because(const Membership& member, const Context& context) {
  if (member.action.value().appealed) return "this action has been appealed once";
  if (!member.appeal_due_on) return "the appeal period has ended";
  return context.today <= *member.appeal_due_on ? "" : "the appeal period ended on " + spoken(*member.appeal_due_on);
}
constexpr Guard may_be_appealed{"an appeal is not possible any more",
                                [](const Membership& m, const Context& c) { return no_appeal_because(m, c); }};
constexpr Guard signed_by_officer{"the signature does not hold", [](const Membership&, const auto& said, const Context& c) {
                                    return signature_problem(said.signature, c.actor);
                                  }};

constexpr Guard appeal_desk_is_new{
    "whoever decided in this matter before may not decide the appeal", [](const Membership& m, const Context& c) {
      return std::ranges::none_of(m.deciders, [&](const std::string& person) { return acts_as(c.actor, person); });
    }};
constexpr Guard reasons_told{"give at least one reason",
                             [](const Membership&, const auto& said, const Context&) { return !said.reasons.empty(); }};

std::string misfit(const DecideAppeal& said) {
  const bool modified = said.outcome == AppealOutcome::modified;
  const bool conditions = said.conditions && !said.conditions->empty();
  if (modified && !said.modified_to) return "a modified action needs modified_to: active or suspended";
  if (!modified && said.modified_to) return "modified_to belongs to a modified action";
  const bool to_active = said.modified_to == ModifiedTo::active;
  if (to_active && !conditions) return "name the conditions under which the membership is in force again";
  return !to_active && conditions ? "conditions belong to an action modified to active" : "";
}
constexpr Guard outcome_fits{"the decision does not fit together",
                             [](const Membership&, const DecideAppeal& said, const Context&) { return misfit(said); }};

enum class After { removed, suspended, review, active };

After after(const Membership& member, const DecideAppeal& said) {
  if (said.outcome == AppealOutcome::reversed || said.modified_to == ModifiedTo::active) return After::active;
  if (said.outcome == AppealOutcome::upheld && !files(member)) return After::removed;
  return member.plan ? After::review : After::suspended;
}

constexpr Guard removal_stands{
    "the decision does not leave a removal in force",
    [](const Membership& m, const DecideAppeal& said, const Context&) { return after(m, said) == After::removed; }};
constexpr Guard suspension_stands{
    "the decision does not leave a suspension in force",
    [](const Membership& m, const DecideAppeal& said, const Context&) { return after(m, said) == After::suspended; }};
constexpr Guard review_goes_on{
    "no corrective action plan is being read under a suspension that stands",
    [](const Membership& m, const DecideAppeal& said, const Context&) { return after(m, said) == After::review; }};
constexpr Guard action_is_lifted{"the decision does not lift the action", [](const Membership& m, const DecideAppeal& said,
                                                                             const Context&) { return after(m, said) == After::active; }};

std::string plan_problem(const SubmitActionPlan& said, const Context& context) {
  if (said.objectives.empty()) return "name at least one objective";
  for (const Objective& one : said.objectives)
    if (one.due_on < context.today) return "the time frame of \"" + one.objective + "\" has passed";
  return "";
}
constexpr Guard objectives_fit{"a corrective action plan names objectives, each with a day ahead by which it is reached",
                               [](const Membership&, const SubmitActionPlan& said, const Context& c) { return plan_problem(said, c); }};
constexpr Guard decider_did_not_suspend{"whoever suspended the member may not reinstate it", [](const Membership& m, const Context& c) {
                                          return !acts_as(c.actor, m.action.value().decided_by);
                                        }};
constexpr Guard still_a_member{"the member is removed: there is no membership to withdraw from",
                               [](const Membership& m, const Context&) { return files(m); }};
constexpr Guard nam_fits{"this person cannot be assigned", [](const Membership&, const AssignNam& said, const Context& c) {
                           return role_problem(c, said.nam, {Role::nam}, "a National Account Manager");
                         }};

// ---- the table ---------------------------------------------------------------------------------------------------------

// What may come in any open state and leaves it as it is.
// clang-format off
template <class Open>
using AtAnyTime = Table<
  Row< Open, ScheduleCycle,         Open, Do<schedule_cycle> >,
  Row< Open, NotificationSettled,   Open, Do<notification_settled> >,
  Row< Open, ContinuationSettled,   Open, Do<continuation_settled> >,
  Row< Open, CorrectAcceptanceDate, Open, Do<correct_acceptance_date> >,
  Row< Open, SettleCycles,          Open, Do<settle_cycles> >,
  Row< Open, AssignNam,             Open, Do<assign_nam>, If<nam_fits> >,
  Row< Open, Acknowledge,           Open, Do<acknowledge> >
>;

// The same of a member, suspended or not.
template <class Open>
using OfMember = Table<
  Row< Open, ReportBreach,          Open, Do<keep_breach> >,
  Row< Open, InviteDisclosure,      Open, Do<invite_disclosure>, If<reasons_told> >
>;

// A proposal that comes while another action is being decided or in force is kept and read by somebody.
template <class Open>
using NotesSuspension = Table<
  Row< Open, ProposeSuspension,     Open, Do<note_suspension_proposal> >,
  Row< Open, SecurityStatusChanged, Open, Do<keep_security_status> >
>;
template <class Open>
using NotesRemoval = Table<
  Row< Open, ProposeRemoval,        Open, Do<note_removal_proposal> >
>;

using Actions = Table<
  //   From                 Command                To                   Effects                                  Guards
  Row< New,                 Admit,                 Active,              Do<admit> >,

  Row< Active,              ProposeSuspension,     SuspensionProposed,  Do<propose_suspension>,                  If<known_reason> >,
  Row< Active,              ProposeRemoval,        RemovalProposed,     Do<propose_removal>,                     If<known_reason> >,
  Row< Active,              SecurityStatusChanged, SuspensionProposed,  Do<propose_for_security>,                If<security_lost> >,
  Row< Active,              SecurityStatusChanged, Active,              Do<keep_security_status>,                If<security_kept> >,
  Row< Active,              RemoveAtOnce,          RemovalEffected,     Do<remove_at_once>,                      If<aggravated> >,
  Row< Active,              Withdraw,              Withdrawn,           Do<confirm_withdrawal> >,

  Row< SuspensionProposed,  Respond,               SuspensionProposed,  Do<keep_response> >,
  Row< SuspensionProposed,  Suspend,               Suspended,           Do<suspend>,                             If<decider_did_not_propose, member_was_heard> >,
  Row< SuspensionProposed,  DropProposal,          Active,              Do<drop_proposal> >,
  Row< SuspensionProposed,  ProposeRemoval,        RemovalProposed,     Do<propose_removal>,                     If<known_reason> >,
  Row< SuspensionProposed,  RemoveAtOnce,          RemovalEffected,     Do<remove_at_once>,                      If<aggravated> >,
  Row< SuspensionProposed,  Withdraw,              Withdrawn,           Do<confirm_withdrawal> >,

  Row< Suspended,           FileAppeal,            AppealPending,       Do<file_appeal>,                         If<may_be_appealed, signed_by_officer> >,
  Row< Suspended,           EndAppealPeriod,       Suspended,           Do<end_appeal_period> >,
  Row< Suspended,           SubmitActionPlan,      ReinstatementReview, Do<keep_plan>,                           If<objectives_fit, signed_by_officer> >,
  Row< Suspended,           MissPlanDue,           Suspended,           Do<plan_overdue> >,
  Row< Suspended,           ProposeRemoval,        RemovalProposed,     Do<propose_removal, pause_suspension>,   If<known_reason> >,
  Row< Suspended,           RemoveAtOnce,          RemovalEffected,     Do<remove_at_once>,                      If<aggravated> >,
  Row< Suspended,           Withdraw,              Withdrawn,           Do<confirm_withdrawal> >,

  Row< ReinstatementReview, Reinstate,             Active,              Do<reinstate>,                           If<decider_did_not_suspend> >,
  Row< ReinstatementReview, RefusePlan,            Suspended,           Do<refuse_plan>,                         If<reasons_told> >,
  Row< ReinstatementReview, FileAppeal,            AppealPending,       Do<file_appeal>,                         If<may_be_appealed, signed_by_officer> >,
  Row< ReinstatementReview, EndAppealPeriod,       ReinstatementReview, Do<end_appeal_period> >,
  Row< ReinstatementReview, ProposeRemoval,        RemovalProposed,     Do<propose_removal, pause_suspension>,   If<known_reason> >,
  Row< ReinstatementReview, RemoveAtOnce,          RemovalEffected,     Do<remove_at_once>,                      If<aggravated> >,
  Row< ReinstatementReview, Withdraw,              Withdrawn,           Do<confirm_withdrawal> >,

  Row< RemovalProposed,     Respond,               RemovalProposed,     Do<keep_response> >,
  Row< RemovalProposed,     Remove,                RemovalEffected,     Do<remove>,                              If<decider_did_not_propose, member_was_heard> >,
  Row< RemovalProposed,     DropProposal,          Active,              Do<drop_proposal>,                       If<none_in_force> >,
  Row< RemovalProposed,     DropProposal,          Suspended,           Do<drop_proposal, resume_suspension>,    If<suspended_without_plan> >,
  Row< RemovalProposed,     DropProposal,          ReinstatementReview, Do<drop_proposal, resume_suspension>,    If<suspended_with_plan> >,
  Row< RemovalProposed,     Withdraw,              Withdrawn,           Do<confirm_withdrawal> >,

  Row< RemovalEffected,     FileAppeal,            AppealPending,       Do<file_appeal>,                         If<may_be_appealed, signed_by_officer> >,
  Row< RemovalEffected,     EndAppealPeriod,       Removed >,

  Row< AppealPending,       Respond,               AppealPending,       Do<keep_response> >,
  Row< AppealPending,       MissAppealDecisionDue, AppealPending,       Do<appeal_overdue> >,
  Row< AppealPending,       DecideAppeal,          Removed,             Do<decide_appeal>,                                If<appeal_desk_is_new, reasons_told, outcome_fits, removal_stands> >,
  Row< AppealPending,       DecideAppeal,          Suspended,           Do<decide_appeal, suspend_instead, ask_for_plan>, If<appeal_desk_is_new, reasons_told, outcome_fits, suspension_stands> >,
  Row< AppealPending,       DecideAppeal,          ReinstatementReview, Do<decide_appeal>,                                If<appeal_desk_is_new, reasons_told, outcome_fits, review_goes_on> >,
  Row< AppealPending,       DecideAppeal,          Active,              Do<decide_appeal, lift>,                          If<appeal_desk_is_new, reasons_told, outcome_fits, action_is_lifted> >,
  Row< AppealPending,       Withdraw,              Withdrawn,           Do<confirm_withdrawal>,                           If<still_a_member> >
>;

struct Definition : Machine<Definition, Membership> {
  using transition_table = Tables<
    Actions,
    NotesSuspension<SuspensionProposed>, NotesSuspension<Suspended>, NotesSuspension<ReinstatementReview>, NotesSuspension<RemovalProposed>,
    NotesSuspension<RemovalEffected>, NotesSuspension<AppealPending>,
    NotesRemoval<RemovalProposed>, NotesRemoval<RemovalEffected>, NotesRemoval<AppealPending>,
    OfMember<Active>, OfMember<SuspensionProposed>, OfMember<Suspended>, OfMember<ReinstatementReview>, OfMember<RemovalProposed>, OfMember<AppealPending>,
    AtAnyTime<Active>, AtAnyTime<SuspensionProposed>, AtAnyTime<Suspended>, AtAnyTime<ReinstatementReview>, AtAnyTime<RemovalProposed>,
    AtAnyTime<RemovalEffected>, AtAnyTime<AppealPending>
  >;
};
// clang-format on

}  // namespace
}  // namespace membership_case

Workflow membership() { return make_workflow<membership_case::Definition>("membership", "Membership"); }

}  // namespace tradecase
