// What people and the clock may say to a continuation review (domain.md §4.6). Brings MSM along: included by workflows/continuation/*.cpp
// only.
#pragma once

#include "engine/machine.hpp"
#include "workflows/continuation/continuation.hpp"
#include "workflows/request_commands.hpp"

namespace tradecase::continuation_case {

struct Schedule : CommandBy<"schedule", Role::timer> {  // sent by the membership
  Date acceptance_date{};
  int number = 0;
  TRADECASE_FIELDS(Schedule, acceptance_date, number)
};
struct Open : CommandBy<"open", Role::timer> {
  static constexpr Needs needs{.facts = true};
  TRADECASE_FIELDS(Open)
};
struct OpenForCause : CommandBy<"open_for_cause", Role::compliance> {
  static constexpr Needs needs{.facts = true};
  std::string cause;
  TRADECASE_FIELDS(OpenForCause, cause)
};
struct ChooseMode : CommandBy<"choose_mode", Role::nam> {
  std::string mode;
  TRADECASE_FIELDS(ChooseMode, mode)
};

// Which questions of the form "continuation_pack" the company prepares; neither sections nor questions named: all.
struct ChooseQuestions : CommandBy<"choose_questions", Role::nam, Role::compliance> {
  static constexpr Needs needs{.facts = true};
  std::optional<std::vector<std::string>> sections, questions;
  std::optional<std::vector<questionnaire::AskAgain>> ask_again;
  TRADECASE_FIELDS(ChooseQuestions, sections, questions, ask_again)
};

// answers: to the questions of the pack, {section: {question: value}}. What is on file need not be given: who signs confirms it.
struct SavePack : CommandBy<"save_pack", Role::officer, Role::preparer> {
  json::object answers;
  TRADECASE_FIELDS(SavePack, answers)
};
struct AnswerPack : CommandBy<"answer_pack", Role::officer> {
  static constexpr Needs needs{.facts = true};
  std::optional<json::object> answers;  // beside what is saved
  std::string signature;
  TRADECASE_FIELDS(AnswerPack, answers, signature)
};
struct EndPreparation : CommandBy<"end_preparation", Role::timer> {
  TRADECASE_FIELDS(EndPreparation)
};

struct RequestInformation : CommandBy<"request_information", Role::nam> {
  std::vector<std::string> items;
  std::optional<Date> due_on;
  TRADECASE_FIELDS(RequestInformation, items, due_on)
};
struct ProvideInformation : CommandBy<"provide_information", Role::officer> {
  std::vector<std::string> answers;               // one an item, in the same order
  std::optional<std::vector<std::string>> files;  // uploaded to the case, by hash
  std::string signature;
  TRADECASE_FIELDS(ProvideInformation, answers, files, signature)
};
struct ExtendInformation : CommandBy<"extend_information", Role::nam> {  // asked for on the telephone
  int days = 0;
  std::string reason;  // the company's
  TRADECASE_FIELDS(ExtendInformation, days, reason)
};
struct ResumeReview : CommandBy<"resume_review", Role::nam> {  // without the answers
  std::string reason;
  TRADECASE_FIELDS(ResumeReview, reason)
};

struct Recommend : CommandBy<"recommend", Role::nam> {
  Decided recommendation = Decided::continued;
  std::vector<std::string> findings;
  Checklist checklist;  // rule continuation.review_checklist
  TRADECASE_FIELDS(Recommend, recommendation, findings, checklist)
};
struct SendBack : CommandBy<"send_back", Role::compliance> {
  std::vector<std::string> reasons;
  TRADECASE_FIELDS(SendBack, reasons)
};
struct ActionAgreed {
  std::string action;
  std::optional<Date> due_on;  // rule continuation.plan_days from the decision, unless given
  TRADECASE_FIELDS(ActionAgreed, action, due_on)
};
struct Decide : CommandBy<"decide", Role::compliance> {
  Decided outcome = Decided::continued;
  std::vector<std::string> reasons;
  std::optional<std::vector<ActionAgreed>> actions;  // of a plan
  std::optional<std::string> reason_code;            // of a suspension or removal: rule membership.reason_codes
  TRADECASE_FIELDS(Decide, outcome, reasons, actions, reason_code)
};

struct RecordAction : CommandBy<"record_action", Role::nam> {
  int action = 0;
  std::string evidence;
  TRADECASE_FIELDS(RecordAction, action, evidence)
};
struct MissAction : CommandBy<"miss_action", Role::timer> {
  int action = 0;
  TRADECASE_FIELDS(MissAction, action)
};
struct ActionDone {
  int action = 0;
  std::string evidence;
  TRADECASE_FIELDS(ActionDone, action, evidence)
};
struct CompletePlan : CommandBy<"complete_plan", Role::nam> {
  std::optional<std::vector<ActionDone>> evidence;  // of actions not recorded yet
  TRADECASE_FIELDS(CompletePlan, evidence)
};
struct FailPlan : CommandBy<"fail_plan", Role::compliance> {
  Decided outcome = Decided::suspension;  // suspension or removal
  std::vector<std::string> reasons;
  std::optional<std::string> reason_code;
  TRADECASE_FIELDS(FailPlan, outcome, reasons, reason_code)
};

struct Recount : CommandBy<"recount", Role::timer> {
  std::optional<Date> acceptance_date;
  std::string reason;
  TRADECASE_FIELDS(Recount, acceptance_date, reason)
};
struct EndMembership : CommandBy<"end_membership", Role::timer> {
  std::string reason;
  TRADECASE_FIELDS(EndMembership, reason)
};

// ---- the preparation pack (pack.cpp); problems are "" where there are none ----------------------------------------------------

SendLetter pack_letter(const Continuation& review, const Context& context);
void take_what_is_on_file(Continuation& review, const Context& context);
std::string choice_problem(const ChooseQuestions& said, const Context& context);
std::string reask_problem(const ChooseQuestions& said, const Context& context);
void choose_questions(Continuation& review, const ChooseQuestions& said, const Context& context);
void prepare_questions(Continuation& review, const Context& context);        // of a pack that is sent: those chosen, or all
json::object with_answers(json::object answers, const json::object& given);  // section by section, question by question
std::string pack_problem(const Continuation& review, const json::object& answers, const Context& context);  // of what is given
std::string pack_incomplete(const Continuation& review, const json::object& answers,
                            const Context& context);  // what is neither given nor on file
// The answers saved and `given`, and what is on file confirmed by whoever signs; sent again, only what is given now. The questions settled.
questionnaire::Questions settle_answers(Continuation& review, const json::object& given, const Context& context);
std::string checklist_problem(const Checklist& checklist, const Context& context);

}  // namespace tradecase::continuation_case
