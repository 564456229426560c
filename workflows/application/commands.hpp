// What people and the clock may say to an application (domain.md §4.1). Included by workflows/application/*.cpp only: it brings MSM along.
#pragma once

#include "engine/machine.hpp"
#include "workflows/application/application.hpp"

namespace tradecase::application_case {

struct Launch : CommandBy<"launch", Role::officer> {
  static constexpr Needs needs{.open_cases = true};
  TRADECASE_FIELDS(Launch)
};
struct AnswerEligibility : CommandBy<"answer_eligibility", Role::officer> {
  json::object answers;  // of the form "eligibility"
  TRADECASE_FIELDS(AnswerEligibility, answers)
};

enum class Part { questionnaire, mou, ior_numbers, contacts, control_manual, forced_labor };
BOOST_DESCRIBE_ENUM(Part, questionnaire, mou, ior_numbers, contacts, control_manual, forced_labor)

// What `answers` holds: of questionnaire and mou the answers of one section (`section` names it); of the others ior_numbers {ior_numbers},
// contacts {contacts}, control_manual {document}, forced_labor {documents}. What is saved replaces what was there.
struct Save : CommandBy<"save", Role::officer, Role::preparer> {
  Part part = Part::questionnaire;
  std::optional<std::string> section;
  json::object answers;
  TRADECASE_FIELDS(Save, part, section, answers)
};
struct IorNumbersPart {
  std::vector<std::string> ior_numbers;
  TRADECASE_FIELDS(IorNumbersPart, ior_numbers)
};
struct ContactsPart {
  std::vector<Contact> contacts;
  TRADECASE_FIELDS(ContactsPart, contacts)
};
struct ControlManualPart {
  std::string document;
  TRADECASE_FIELDS(ControlManualPart, document)
};
struct ForcedLaborPart {
  std::vector<std::string> documents;
  TRADECASE_FIELDS(ForcedLaborPart, documents)
};

// Moves the draft to the versions of its forms in force today; nothing moves by itself (domain.md §5.2).
struct CarryOverForms : CommandBy<"carry_over_form", Role::officer, Role::preparer> {
  TRADECASE_FIELDS(CarryOverForms)
};
struct Submit : CommandBy<"submit", Role::officer> {
  std::string signature;  // the officer's full name as typed
  TRADECASE_FIELDS(Submit, signature)
};
struct Assign : CommandBy<"assign", Role::supervisor, Role::compliance> {
  PersonRef nam;
  std::vector<PersonRef> team;
  TRADECASE_FIELDS(Assign, nam, team)
};
struct RequestInformation : CommandBy<"request_information", Role::nam> {
  std::vector<std::string> items;
  std::optional<Date> due_on;  // the rule application.information_days where none is named
  TRADECASE_FIELDS(RequestInformation, items, due_on)
};
struct ProvideInformation : CommandBy<"provide_information", Role::officer> {
  std::vector<std::string> answers;               // one an item, in the order of the request
  std::optional<std::vector<std::string>> files;  // uploaded to the case, by hash
  std::string signature;
  TRADECASE_FIELDS(ProvideInformation, answers, files, signature)
};
struct ScheduleMeeting : CommandBy<"schedule_meeting", Role::nam> {
  Date meeting_on{};
  std::string place;
  Checklist checklist;  // every item of the rule application.review_checklist
  TRADECASE_FIELDS(ScheduleMeeting, meeting_on, place, checklist)
};
struct RecordMeeting : CommandBy<"record_meeting", Role::nam> {
  std::vector<std::string> attendance;
  std::vector<std::string> risks_discussed;
  TRADECASE_FIELDS(RecordMeeting, attendance, risks_discussed)
};
struct Recommend : CommandBy<"recommend", Role::nam> {
  Recommended recommendation = Recommended::approve;
  std::vector<std::string> findings;
  TRADECASE_FIELDS(Recommend, recommendation, findings)
};
struct Approve : CommandBy<"approve", Role::compliance> {
  TRADECASE_FIELDS(Approve)
};
struct Deny : CommandBy<"deny", Role::compliance> {
  std::vector<std::string> reasons;
  std::optional<std::string> reapply_note;
  TRADECASE_FIELDS(Deny, reasons, reapply_note)
};
struct SendBack : CommandBy<"send_back", Role::compliance> {
  std::vector<std::string> reasons;
  TRADECASE_FIELDS(SendBack, reasons)
};
struct Withdraw : CommandBy<"withdraw", Role::officer> {
  TRADECASE_FIELDS(Withdraw)
};

// Sent by the clock.
struct Remind : CommandBy<"remind", Role::timer> {
  TRADECASE_FIELDS(Remind)
};
struct Lapse : CommandBy<"lapse", Role::timer> {
  TRADECASE_FIELDS(Lapse)
};
struct MissInformationDue : CommandBy<"miss_information_due", Role::timer> {
  TRADECASE_FIELDS(MissInformationDue)
};

// ---- what guards ask of a draft and a review (draft.cpp); "" or nothing where nothing is wrong ---------------------------------

std::vector<std::string> eligibility_missing(const AnswerEligibility& said, const Context& context);
std::vector<std::string> eligibility_no_texts(const AnswerEligibility& said, const Context& context);
std::string save_problem(const Draft& draft, const Save& said, const Context& context);
void keep(Draft& draft, const Save& said);
std::vector<std::string> missing_in(const Draft& draft, const Context& context);  // what a complete application still needs, by name
bool newer_forms(const Draft& draft, const Context& context);
void carry_over_forms_of(Draft& draft, const Context& context);
std::vector<std::string> checklist_open(const Checklist& checklist, const Context& context);
std::vector<Fact> facts_of(const Application& application, const Context& context);

}  // namespace tradecase::application_case
