// What people and the clock may say to an audit (domain.md §4.5). Brings MSM along: included by workflows/audit/*.cpp only.
#pragma once

#include "engine/machine.hpp"
#include "workflows/audit/audit.hpp"
#include "workflows/fixed_letter_commands.hpp"
#include "workflows/request_commands.hpp"

namespace tradecase::audit_case {

// ---- referral ------------------------------------------------------------------------------------------------------------

struct OpenReferral : CommandBy<"open_referral", Role::compliance, Role::nam, Role::timer> {  // the timer's comes from a survey
  std::string kind;
  std::vector<std::string> risk_areas;
  std::vector<std::string> reasons;
  std::optional<std::string> survey_case;
  std::optional<std::string> override_reason;
  TRADECASE_FIELDS(OpenReferral, kind, risk_areas, reasons, survey_case, override_reason)
};
struct EditReferral : CommandBy<"edit_referral", Role::compliance, Role::nam> {
  std::string kind;
  std::vector<std::string> risk_areas;
  std::vector<std::string> reasons;
  TRADECASE_FIELDS(EditReferral, kind, risk_areas, reasons)
};
struct DropReferral : CommandBy<"drop_referral", Role::compliance, Role::nam> {
  std::vector<std::string> reasons;
  TRADECASE_FIELDS(DropReferral, reasons)
};
struct Refer : CommandBy<"refer", Role::compliance, Role::nam> {
  static constexpr Needs needs{.open_cases = true};
  std::optional<std::string> override_reason;
  TRADECASE_FIELDS(Refer, override_reason)
};
struct Accept : CommandBy<"accept", Role::auditor> {
  TRADECASE_FIELDS(Accept)
};
struct Decline : CommandBy<"decline", Role::auditor> {
  std::vector<std::string> reasons;
  TRADECASE_FIELDS(Decline, reasons)
};

// ---- notice and entrance conference --------------------------------------------------------------------------------------

struct GiveNotice : CommandBy<"give_notice", Role::auditor> {  // by telephone and, with this command, in writing
  Date phoned_on{};
  std::vector<std::string> objectives;
  std::string estimate;  // of the time it takes, a sentence
  TRADECASE_FIELDS(GiveNotice, phoned_on, objectives, estimate)
};
struct ScheduleEntrance : CommandBy<"schedule_entrance", Role::auditor> {
  Date entrance_on{};
  std::string place;
  std::optional<std::vector<std::string>> objectives;  // those of the notice, unless given
  std::vector<std::string> records;
  std::string sampling_plan, offsetting;
  Date ends_on{};
  TRADECASE_FIELDS(ScheduleEntrance, entrance_on, place, objectives, records, sampling_plan, offsetting, ends_on)
};
struct HoldEntrance : CommandBy<"hold_entrance", Role::auditor> {
  Date held_on{};
  std::vector<std::string> attendance;
  Date ends_on{};
  TRADECASE_FIELDS(HoldEntrance, held_on, attendance, ends_on)
};
struct StartFieldwork : CommandBy<"start_fieldwork", Role::auditor> {
  TRADECASE_FIELDS(StartFieldwork)
};

// ---- questionnaire, before the fieldwork -----------------------------------------------------------------------------------

// Neither sections nor questions named: all questions of the form.
struct BuildQuestions : CommandBy<"build_questionnaire", Role::auditor> {
  static constexpr Needs needs{.facts = true};
  std::optional<std::vector<std::string>> sections, questions;
  std::optional<std::vector<questionnaire::AskAgain>> ask_again;
  TRADECASE_FIELDS(BuildQuestions, sections, questions, ask_again)
};
struct SendQuestions : CommandBy<"send_questionnaire", Role::auditor> {
  static constexpr Needs needs{.facts = true};
  std::optional<Date> due_on;  // rule audit.questionnaire_days from today, unless given
  TRADECASE_FIELDS(SendQuestions, due_on)
};
struct SaveAnswers : CommandBy<"save_answers", Role::officer, Role::preparer> {
  static constexpr Needs needs{.facts = true};
  std::vector<questionnaire::Reply> answers;
  TRADECASE_FIELDS(SaveAnswers, answers)
};
struct AnswerQuestions : CommandBy<"answer_questionnaire", Role::officer> {
  static constexpr Needs needs{.facts = true};
  std::optional<std::vector<questionnaire::Reply>> answers;  // beside what is saved
  std::string signature;
  TRADECASE_FIELDS(AnswerQuestions, answers, signature)
};
struct TakeBackQuestions : CommandBy<"withdraw_questionnaire", Role::auditor> {
  std::string reason;
  TRADECASE_FIELDS(TakeBackQuestions, reason)
};

// ---- fieldwork -----------------------------------------------------------------------------------------------------------

struct SendSamplingPlan : CommandBy<"send_sampling_plan", Role::auditor> {
  std::string method;
  int sample_size = 0;
  std::string population, seed_note, waiver;
  std::optional<std::string> approved;  // the letter by its hash, which then goes out as it was approved
  TRADECASE_FIELDS(SendSamplingPlan, method, sample_size, population, seed_note, waiver, approved)
};
struct AcceptSamplingPlan : CommandBy<"accept_sampling_plan", Role::officer> {
  std::string signature;
  TRADECASE_FIELDS(AcceptSamplingPlan, signature)
};
struct RefuseSamplingPlan : CommandBy<"refuse_sampling_plan", Role::officer> {
  std::string reason;
  TRADECASE_FIELDS(RefuseSamplingPlan, reason)
};
struct ItemAsked {
  std::string entry_number;
  int line = 0;
  std::string documents;
  TRADECASE_FIELDS(ItemAsked, entry_number, line, documents)
};
struct RequestRecords : CommandBy<"request_records", Role::auditor, Role::compliance> {
  std::string scope;
  std::vector<ItemAsked> items;
  bool sampled = false;  // the items are a sample of the population
  std::optional<Date> due_on;
  std::optional<std::string> approved;  // likewise
  TRADECASE_FIELDS(RequestRecords, scope, items, sampled, due_on, approved)
};
struct Deliver : CommandBy<"deliver", Role::officer, Role::preparer> {
  std::vector<requests::Delivered> items;
  TRADECASE_FIELDS(Deliver, items)
};
struct ReviewRecords : CommandBy<"review_records", Role::auditor> {
  std::vector<requests::ItemReview> items;
  TRADECASE_FIELDS(ReviewRecords, items)
};
struct RecordDelay : CommandBy<"record_delay", Role::auditor> {
  std::vector<std::string> reasons;
  Date new_end_on{};
  TRADECASE_FIELDS(RecordDelay, reasons, new_end_on)
};
struct PetitionClosing : CommandBy<"petition_closing", Role::officer> {
  TRADECASE_FIELDS(PetitionClosing)
};
struct ScheduleClosing : CommandBy<"schedule_closing", Role::auditor> {
  Date closing_on{};
  std::string place;
  TRADECASE_FIELDS(ScheduleClosing, closing_on, place)
};
struct HoldClosing : CommandBy<"hold_closing", Role::auditor> {
  Date held_on{};
  std::vector<std::string> attendance;
  TRADECASE_FIELDS(HoldClosing, held_on, attendance)
};

// ---- report --------------------------------------------------------------------------------------------------------------

struct ExtendReport : CommandBy<"extend_report", Role::compliance> {  // the executive director's written reasons and date [C]
  std::vector<std::string> reasons;
  Date new_due_on{};
  TRADECASE_FIELDS(ExtendReport, reasons, new_due_on)
};
struct FindingReported {
  std::string area;  // rule audit.risk_areas
  std::string text;
  TRADECASE_FIELDS(FindingReported, area, text)
};
struct IssueReport : CommandBy<"issue_report", Role::auditor> {
  std::vector<FindingReported> findings;  // empty: none
  TRADECASE_FIELDS(IssueReport, findings)
};
struct SendCopy : CommandBy<"send_copy", Role::auditor> {
  TRADECASE_FIELDS(SendCopy)
};

// ---- compliance improvement plan -----------------------------------------------------------------------------------------

// plan: answers of the form's section "plan". actions: answers of its section "action", one object a finding at least.
struct SavePlan : CommandBy<"save_plan", Role::officer, Role::preparer> {
  std::optional<json::object> plan;
  std::optional<std::vector<json::object>> actions;
  TRADECASE_FIELDS(SavePlan, plan, actions)
};
struct SubmitPlan : CommandBy<"submit_plan", Role::officer> {
  std::optional<json::object> plan;
  std::optional<std::vector<json::object>> actions;
  std::string signature;
  TRADECASE_FIELDS(SubmitPlan, plan, actions, signature)
};
struct AcceptPlan : CommandBy<"accept_plan", Role::auditor> {
  TRADECASE_FIELDS(AcceptPlan)
};
struct SendBackPlan : CommandBy<"send_back_plan", Role::auditor> {
  std::vector<std::string> reasons;
  std::optional<Date> due_on;
  TRADECASE_FIELDS(SendBackPlan, reasons, due_on)
};
struct ReportAction : CommandBy<"report_action", Role::officer, Role::preparer> {
  int action = 0;
  std::string evidence;
  std::optional<std::vector<std::string>> files;  // uploaded to the case, by hash
  TRADECASE_FIELDS(ReportAction, action, evidence, files)
};
struct ActionVerified {
  int action = 0;
  bool holds = false;
  std::string evidence;  // or what is missing
  TRADECASE_FIELDS(ActionVerified, action, holds, evidence)
};
struct VerifyPlan : CommandBy<"verify_plan", Role::auditor> {
  std::vector<ActionVerified> actions;
  TRADECASE_FIELDS(VerifyPlan, actions)
};
struct Close : CommandBy<"close", Role::auditor> {
  std::string outcome;  // a sentence
  TRADECASE_FIELDS(Close, outcome)
};

// ---- at any time ---------------------------------------------------------------------------------------------------------

struct Cancel : CommandBy<"cancel", Role::compliance> {  // the company was dissolved, the matter is settled elsewhere
  std::string reason;
  TRADECASE_FIELDS(Cancel, reason)
};
struct GrantExtension : CommandBy<"grant_extension", Role::auditor, Role::compliance> {
  int days = 0;
  TRADECASE_FIELDS(GrantExtension, days)
};
struct DenyExtension : CommandBy<"deny_extension", Role::auditor, Role::compliance> {
  std::string reason;
  TRADECASE_FIELDS(DenyExtension, reason)
};

// Sent by the clock when a day of the agency's own has passed.
struct MissEntrance : CommandBy<"miss_entrance", Role::timer> {
  TRADECASE_FIELDS(MissEntrance)
};
struct MissEndDate : CommandBy<"miss_end_date", Role::timer> {
  TRADECASE_FIELDS(MissEndDate)
};
struct MissClosing : CommandBy<"miss_closing", Role::timer> {
  TRADECASE_FIELDS(MissClosing)
};
struct MissReport : CommandBy<"miss_report", Role::timer> {
  TRADECASE_FIELDS(MissReport)
};
struct MissCopy : CommandBy<"miss_copy", Role::timer> {
  TRADECASE_FIELDS(MissCopy)
};
struct MissAction : CommandBy<"miss_action", Role::timer> {
  int action = 0;
  TRADECASE_FIELDS(MissAction, action)
};

// ---- the questionnaire (controls.cpp); problems are "" where there are none -------------------------------------------------

// Why none can be built: it is with the company, or answered.
std::string building_problem(const Audit& audit);
std::string choice_problem(const BuildQuestions& said, const Context& context);
std::string reask_problem(const BuildQuestions& said, const Context& context);
std::string replies_problem(const Audit& audit, const std::vector<questionnaire::Reply>& replies, const Context& context);
std::string unanswered(const Audit& audit, const std::vector<questionnaire::Reply>& replies, const Context& context);  // after these

// ---- the improvement plan (plan.cpp); problems are "" where there are none --------------------------------------------------

std::string saved_plan_problem(const Audit& audit, const SavePlan& said, const Context& context);
void save_to(Plan& plan, const std::optional<json::object>& answers, const std::optional<std::vector<json::object>>& actions);
// Complete: the section "plan", each action, and an action for each finding.
std::string plan_problem(const Audit& audit, const Context& context);
void read_actions(Plan& plan);  // finding, action, owner and day out of the answers of a complete plan
json::value answers_of(const Plan& plan);
std::vector<Fact> facts_of(const Plan& plan, const Context& context);
std::string verification_problem(const Plan& plan, const VerifyPlan& said);
bool all_verified(const Plan& plan);
std::vector<PlanAction> after_verification(std::vector<PlanAction> actions, const VerifyPlan& said, const Context& context);

}  // namespace tradecase::audit_case
