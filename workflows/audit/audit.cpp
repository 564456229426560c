#include "workflows/audit/audit.hpp"

#include <algorithm>

#include "workflows/audit/actions.hpp"
#include "workflows/audit/referral.hpp"

namespace tradecase {
namespace audit_case {
namespace {

using namespace requests;

// ---- states ------------------------------------------------------------------------------------------------------------

struct ReferralDraft : State<"referral_draft", Work<"refer", Role::compliance, "Complete the referral and refer it, or drop it">> {};
struct Referred : State<"referred", Work<"accept_referral", Role::auditor, "Accept or decline the referral">> {};
struct Accepted : State<"accepted", Work<"give_notice", Role::auditor, "Tell the company of the audit, by telephone and in writing">> {};
struct Noticed : State<"noticed", Work<"entrance", Role::auditor, "Invite to the entrance conference and hold it">> {};
struct EntranceHeld : State<"entrance_held", Work<"start_fieldwork", Role::auditor, "Start the fieldwork">> {};
struct Fieldwork : State<"fieldwork", Work<"fieldwork", Role::auditor, "Do the fieldwork and hold the closing conference">> {};
struct ClosingHeld : State<"closing_held", Work<"issue_report", Role::auditor, "Issue the audit report">> {};
struct ReportIssued : State<"report_issued", Work<"send_copy", Role::auditor, "Send the company its copy of the report">> {};
struct PlanRequired : State<"plan_required", Work<"submit_plan", Role::officer, "Submit the compliance improvement plan">> {};
struct PlanSubmitted : State<"plan_submitted", Work<"read_plan", Role::auditor, "Accept the improvement plan or send it back">> {};
struct PlanAccepted : State<"plan_accepted", Work<"verify_plan", Role::auditor, "Verify the actions of the improvement plan">> {};
struct FollowUp : State<"follow_up", Work<"close_audit", Role::auditor, "Close the audit">> {};
struct Closed : Final<"closed"> {};
struct Declined : Final<"declined"> {};

// ---- guards ------------------------------------------------------------------------------------------------------------

constexpr Guard referral_fits{"the referral must name kind and risk areas",
                              [](const Audit&, const auto& said, const Context& c) { return referral_problem(said, c); }};
// A benefit of membership [C]; the override is ours [A].
constexpr Guard assessment_allowed{
    "an active member is put to a focused assessment only for a recorded override reason",
    [](const Audit& a, const Refer& said, const Context& c) {
      const bool active =
          std::ranges::any_of(c.open_cases, [](const CaseSummary& one) { return one.workflow == "membership" && one.state == "active"; });
      return a.kind != focused_assessment || !active || !a.override_reason.empty() || said.override_reason.has_value();
    }};
constexpr Guard not_the_referrer{"a referral is accepted or declined by somebody other than who referred it",
                                 [](const Audit& a, const Context& c) { return !acts_as(c.actor, a.referred_by); }};
constexpr Guard objectives_given{"the objectives must be named",
                                 [](const Audit&, const GiveNotice& said, const Context&) { return !said.objectives.empty(); }};
constexpr Guard phoned_already{"the company is told by telephone first: that day cannot be still to come",
                               [](const Audit&, const GiveNotice& said, const Context& c) { return said.phoned_on <= c.today; }};
constexpr Guard entrance_in_order{"the entrance conference must lie ahead, its end date after it, and the records needed must be named",
                                  [](const Audit&, const ScheduleEntrance& said, const Context& c) {
                                    return said.entrance_on >= c.today && said.ends_on > said.entrance_on && !said.records.empty();
                                  }};
constexpr Guard company_told{"the company must be told of the entrance conference beforehand",
                             [](const Audit& a, const Context&) { return a.entrance.has_value(); }};
constexpr Guard entrance_was_held{"the conference must have been held after the company was told of it, with an end date after it",
                                  [](const Audit& a, const HoldEntrance& said, const Context& c) {
                                    return said.held_on <= c.today && said.ends_on > said.held_on &&
                                           (!a.entrance || said.held_on >= a.entrance->told_on);
                                  }};
constexpr Guard somebody_attended{"who attended must be named",
                                  [](const Audit&, const auto& said, const Context&) { return !said.attendance.empty(); }};
constexpr Guard can_be_built{"no questionnaire can be built now", [](const Audit& a, const Context&) { return building_problem(a); }};
constexpr Guard choice_fits{"the questions must be chosen from the form",
                            [](const Audit&, const BuildQuestions& said, const Context& c) { return choice_problem(said, c); }};
constexpr Guard nothing_asked_twice{"what is on file is not asked again, unless the reason why it is stale is recorded",
                                    [](const Audit&, const BuildQuestions& said, const Context& c) { return reask_problem(said, c); }};
constexpr Guard is_built{"no questionnaire is built that is still to be sent",
                         [](const Audit& a, const Context&) { return a.questionnaire && !a.questionnaire->sent_on; }};
constexpr Guard is_out{"no questionnaire waits for the company's answers",
                       [](const Audit& a, const Context&) { return a.questionnaire && a.questionnaire->out(); }};
constexpr Guard not_out{"a questionnaire is with the company: wait for its answers, or withdraw it",
                        [](const Audit& a, const Context&) { return !a.questionnaire || !a.questionnaire->out(); }};
constexpr Guard saved_replies_fit{
    "the saved answers must fit the questionnaire",
    [](const Audit& a, const SaveAnswers& said, const Context& c) { return replies_problem(a, said.answers, c); }};
std::vector<questionnaire::Reply> replies_in(const AnswerQuestions& said) {
  return said.answers.value_or(std::vector<questionnaire::Reply>{});
}
constexpr Guard replies_fit{"the answers must fit the questionnaire", [](const Audit& a, const AnswerQuestions& said, const Context& c) {
                              return replies_problem(a, replies_in(said), c);
                            }};
constexpr Guard all_answered{
    "each question must be confirmed, corrected or answered",
    [](const Audit& a, const AnswerQuestions& said, const Context& c) { return unanswered(a, replies_in(said), c); }};
constexpr Guard sample_has_lines{"the sample needs at least one line",
                                 [](const Audit&, const SendSamplingPlan& said, const Context&) { return said.sample_size > 0; }};
constexpr Guard plan_waits{"no sampling plan waits for the company's answer", [](const Audit& a, const Context&) {
                             return a.sampling && !a.sampling->acceptance && a.sampling->refused_because.empty();
                           }};
constexpr Guard sample_agreed{
    "a sample needs the company's written acceptance of the sampling plan",
    [](const Audit& a, const RequestRecords& said, const Context&) { return !said.sampled || (a.sampling && a.sampling->acceptance); }};
constexpr Guard items_fit{"the entries must be named", [](const Audit&, const RequestRecords& said, const Context&) {
                            std::vector<EntryLine> entries;
                            for (const ItemAsked& item : said.items) entries.push_back({item.entry_number, item.line});
                            return entries_problem(entries);
                          }};
constexpr Guard letter_can_be_fixed{
    "the letter must be one that goes out from here", [](const Audit&, const FixLetter& said, const Context& c) {
      return fixing_problem(said.letter, said.hash, said.due_on, {"audit_sampling_plan", "audit_request"}, c);
    }};
constexpr Guard plan_as_approved{"the sampling plan must be as it was approved",
                                 [](const Audit& a, const SendSamplingPlan& said, const Context& c) {
                                   return sending_problem(a.letters, "audit_sampling_plan", described::to_json(said).as_object(), {}, c);
                                 }};
constexpr Guard request_as_approved{
    "the request must be as it was approved", [](const Audit& a, const RequestRecords& said, const Context& c) {
      const auto due_on = said.due_on ? std::optional(named_day("documents_due", *said.due_on, c.calendar).due_on) : std::nullopt;
      return sending_problem(a.letters, "audit_request", described::to_json(said).as_object(), due_on, c);
    }};
constexpr Guard end_date_told{"no end date is told to the company yet",
                              [](const Audit& a, const Context&) { return a.ends_on.has_value(); }};
constexpr Guard new_end_to_come{"the new end date must lie after today and after the one told before",
                                [](const Audit& a, const RecordDelay& said, const Context& c) {
                                  return said.new_end_on > c.today && (!a.ends_on || said.new_end_on > *a.ends_on);
                                }};
constexpr Guard end_date_passed{"a petition is for an audit whose end date has passed without a closing conference",
                                [](const Audit& a, const Context& c) { return a.ends_on && *a.ends_on < c.today; }};
constexpr Guard no_petition_yet{"the company has petitioned already", [](const Audit& a, const Context&) { return !a.petitioned_on; }};
constexpr Guard closing_to_come{"the closing conference must lie ahead",
                                [](const Audit&, const ScheduleClosing& said, const Context& c) { return said.closing_on >= c.today; }};
constexpr Guard closing_was_held{"the closing conference must have been held, and after the entrance conference",
                                 [](const Audit& a, const HoldClosing& said, const Context& c) {
                                   return said.held_on <= c.today && (!a.entrance_held_on || said.held_on >= *a.entrance_held_on);
                                 }};
constexpr Guard later_report_day{"the new day must lie after the day in force",
                                 [](const Audit& a, const ExtendReport& said, const Context& c) {
                                   return said.new_due_on > c.today && (!a.report_due_on || said.new_due_on > *a.report_due_on);
                                 }};
constexpr Guard areas_known{"each finding needs an area", [](const Audit&, const IssueReport& said, const Context& c) {
                              std::vector<std::string> areas;
                              for (const FindingReported& finding : said.findings) areas.push_back(finding.area);
                              return unknown_words(areas, "audit.risk_areas", c);
                            }};
constexpr Guard no_findings{"the report has findings: an improvement plan follows",
                            [](const Audit& a, const Context&) { return a.findings.empty(); }};
constexpr Guard has_findings{"the report has no findings", [](const Audit& a, const Context&) { return !a.findings.empty(); }};
constexpr Guard saved_plan_fits{"the plan must fit its form",
                                [](const Audit& a, const SavePlan& said, const Context& c) { return saved_plan_problem(a, said, c); }};
constexpr Guard plan_complete{"the improvement plan is not complete", [](const Audit& a, const SubmitPlan& said, const Context& c) {
                                Audit after = a;
                                save_to(after.plan, said.plan, said.actions);
                                return plan_problem(after, c);
                              }};
constexpr Guard action_open{
    "the plan has no such action that is still to be verified", [](const Audit& a, const ReportAction& said, const Context&) {
      return std::ranges::any_of(a.plan.actions, [&](const PlanAction& one) { return one.number == said.action && !one.verified_on; });
    }};
constexpr Guard verification_fits{
    "the actions verified must be those of the plan",
    [](const Audit& a, const VerifyPlan& said, const Context&) { return verification_problem(a.plan, said); }};
bool verifies_the_last(const Audit& a, const VerifyPlan& said, const Context& c) {
  Plan after = a.plan;
  after.actions = after_verification(a.plan.actions, said, c);
  return all_verified(after);
}
constexpr Guard all_hold{"actions are still to be verified", verifies_the_last};
constexpr Guard some_left{"no action is left to verify",
                          [](const Audit& a, const VerifyPlan& said, const Context& c) { return !verifies_the_last(a, said, c); }};
constexpr Guard size_on_offer{"the extension must be of a size on offer", [](const Audit&, const auto& said, const Context& c) {
                                return extension_size_problem(said.days, audit_extensions, c);
                              }};
constexpr Guard may_decide{
    "the extension is beyond your power", [](const Audit& a, const Context& c) {
      return a.request && a.request->extension ? extension_power_problem(a.request->extension->days, audit_extensions, c) : std::string();
    }};
constexpr Guard may_grant{"so long an extension is beyond your power", [](const Audit&, const GrantExtension& said, const Context& c) {
                            return extension_power_problem(said.days, audit_extensions, c);
                          }};

// ---- the table ---------------------------------------------------------------------------------------------------------

// clang-format off
template <class S>
using WhileAsked = Table<  // the company owes answers, records or a plan
  Row<S, Remind,           S, Do<remind>>,
  Row<S, MissDueDate,      S, Do<miss_due_date>>,
  Row<S, Escalate,         S, Do<escalate>>,
  Row<S, RequestExtension, S, Do<request_extension>, If<something_asked, no_extension_asked, size_on_offer>>,
  Row<S, GrantExtension,   S, Do<grant_extension>,   If<extension_asked, size_on_offer, may_decide, may_grant>>,
  Row<S, DenyExtension,    S, Do<deny_extension>,    If<extension_asked, may_decide>>>;

template <class S>
using OnceEntered = Table<  // the company knows an end date
  Row<S, MissEndDate,     S, Do<miss_end_date>>,
  Row<S, RecordDelay,     S, Do<record_delay>,     If<reasons_given, end_date_told, new_end_to_come>>,
  Row<S, PetitionClosing, S, Do<petition_closing>, If<end_date_passed, no_petition_yet>>,
  Row<S, MissClosing,     S, Do<miss_closing>>>;

template <class S>
using BeforeFieldwork = Table<
  Row<S, BuildQuestions,    S, Do<build_questions>,     If<can_be_built, choice_fits, nothing_asked_twice>>,
  Row<S, SendQuestions,     S, Do<send_questions>,      If<is_built, day_to_come>>,
  Row<S, SaveAnswers,       S, Do<save_answers>,        If<is_out, saved_replies_fit>>,
  Row<S, AnswerQuestions,   S, Do<answer_questions>,    If<is_out, replies_fit, all_answered, signed_by_the_officer>>,
  Row<S, TakeBackQuestions, S, Do<take_back_questions>, If<is_out>>>;

template <class... S>
using Cancelled = Table<Row<S, Cancel, Closed, Do<cancel>>...>;

struct Definition : Machine<Definition, Audit> {
  using initial_state = New;
  using transition_table = Tables<Table<
    //   From           Command             To             Effects                                Guard
    Row< New,           OpenReferral,       ReferralDraft, Do<open_referral>,                     If<referral_fits, reasons_given> >,
    Row< ReferralDraft, EditReferral,       ReferralDraft, Do<edit_referral>,                     If<referral_fits, reasons_given> >,
    Row< ReferralDraft, DropReferral,       Declined,      Do<drop_referral>,                     If<reasons_given> >,
    Row< ReferralDraft, Refer,              Referred,      Do<refer>,                             If<assessment_allowed> >,
    Row< Referred,      Accept,             Accepted,      Do<accept>,                            If<not_the_referrer> >,
    Row< Referred,      Decline,            Declined,      Do<decline>,                           If<not_the_referrer, reasons_given> >,
    Row< Accepted,      GiveNotice,         Noticed,       Do<give_notice>,                       If<objectives_given, phoned_already> >,
    Row< Accepted,      Cancel,             Closed,        Do<cancel_untold> >,
    Row< Noticed,       ScheduleEntrance,   Noticed,       Do<schedule_entrance>,                 If<entrance_in_order> >,
    Row< Noticed,       MissEntrance,       Noticed,       Do<miss_entrance> >,
    Row< Noticed,       HoldEntrance,       EntranceHeld,  Do<hold_entrance>,                     If<company_told, entrance_was_held, somebody_attended> >,
    Row< EntranceHeld,  StartFieldwork,     Fieldwork,     Do<start_fieldwork>,                   If<not_out> >,
    Row< Fieldwork,     SendSamplingPlan,   Fieldwork,     Do<send_sampling_plan>,                If<sample_has_lines, plan_as_approved> >,
    Row< Fieldwork,     AcceptSamplingPlan, Fieldwork,     Do<accept_sampling_plan>,              If<plan_waits, signed_by_the_officer> >,
    Row< Fieldwork,     RefuseSamplingPlan, Fieldwork,     Do<refuse_sampling_plan>,              If<plan_waits> >,
    Row< Fieldwork,     RequestRecords,     Fieldwork,     Do<request_records>,                   If<sample_agreed, items_fit, day_to_come, request_as_approved> >,
    Row< Fieldwork,     FixLetter,          Fieldwork,     Do<fix_letter>,                        If<letter_can_be_fixed> >,
    Row< Fieldwork,     ApproveLetter,      Fieldwork,     Do<approve_letter>,                    If<some_letter_waits, letter_waits, not_the_author> >,
    Row< Fieldwork,     TakeBackLetter,     Fieldwork,     Do<take_back_letter>,                  If<some_letter_fixed, letter_is_there> >,
    Row< Fieldwork,     Deliver,            Fieldwork,     Do<deliver>,                           If<delivery_fits> >,
    Row< Fieldwork,     ReviewRecords,      Fieldwork,     Do<review_records>,                    If<review_fits> >,
    Row< Fieldwork,     ScheduleClosing,    Fieldwork,     Do<schedule_closing>,                  If<closing_to_come> >,
    Row< Fieldwork,     HoldClosing,        ClosingHeld,   Do<hold_closing>,                      If<closing_was_held, somebody_attended> >,
    Row< ClosingHeld,   ExtendReport,       ClosingHeld,   Do<extend_report>,                     If<reasons_given, later_report_day> >,
    Row< ClosingHeld,   MissReport,         ClosingHeld,   Do<miss_report> >,
    Row< ClosingHeld,   IssueReport,        ReportIssued,  Do<issue_report>,                      If<areas_known> >,
    Row< ReportIssued,  MissCopy,           ReportIssued,  Do<miss_copy> >,
    Row< ReportIssued,  SendCopy,           Closed,        Do<send_copy, close_without_findings>, If<no_findings> >,
    Row< ReportIssued,  SendCopy,           PlanRequired,  Do<send_copy, require_plan>,           If<has_findings> >,
    Row< PlanRequired,  SavePlan,           PlanRequired,  Do<save_plan>,                         If<saved_plan_fits> >,
    Row< PlanRequired,  SubmitPlan,         PlanSubmitted, Do<submit_plan>,                       If<plan_complete, signed_by_the_officer> >,
    Row< PlanSubmitted, AcceptPlan,         PlanAccepted,  Do<accept_plan> >,
    Row< PlanSubmitted, SendBackPlan,       PlanRequired,  Do<send_back_plan>,                    If<reasons_given, day_to_come> >,
    Row< PlanAccepted,  ReportAction,       PlanAccepted,  Do<report_action>,                     If<action_open, files_named> >,
    Row< PlanAccepted,  MissAction,         PlanAccepted,  Do<miss_action> >,
    Row< PlanAccepted,  VerifyPlan,         PlanAccepted,  Do<verify_plan>,                       If<verification_fits, some_left> >,
    Row< PlanAccepted,  VerifyPlan,         FollowUp,      Do<verify_plan, plan_carried_out>,     If<verification_fits, all_hold> >,
    Row< FollowUp,      Close,              Closed,        Do<close> > >,
    Table<Row<Noticed, MissEndDate, Noticed, Do<miss_end_date>>,
          Row<Noticed, RecordDelay, Noticed, Do<record_delay>, If<reasons_given, end_date_told, new_end_to_come>>>,
    BeforeFieldwork<Noticed>, BeforeFieldwork<EntranceHeld>, OnceEntered<EntranceHeld>, OnceEntered<Fieldwork>,
    WhileAsked<Noticed>, WhileAsked<EntranceHeld>, WhileAsked<Fieldwork>, WhileAsked<PlanRequired>,
    Cancelled<Noticed, EntranceHeld, Fieldwork, ClosingHeld, ReportIssued, PlanRequired, PlanSubmitted, PlanAccepted, FollowUp>>;
};
// clang-format on

}  // namespace
}  // namespace audit_case

Workflow audit() { return make_workflow<audit_case::Definition>("audit", "Audit"); }

}  // namespace tradecase
