// What people and the clock may say to a survey (domain.md §4.4). Brings MSM along: included by workflows/risk_survey/*.cpp only.
#pragma once

#include "engine/machine.hpp"
#include "workflows/fixed_letter_commands.hpp"
#include "workflows/request_commands.hpp"
#include "workflows/risk_survey/risk_survey.hpp"

namespace tradecase::survey {

struct Propose : CommandBy<"propose", Role::nam, Role::compliance, Role::auditor> {
  Basis basis = Basis::risk;
  std::vector<std::string> reasons;
  std::vector<std::string> topics;
  TRADECASE_FIELDS(Propose, basis, reasons, topics)
};
struct Approve : CommandBy<"approve", Role::compliance> {
  TRADECASE_FIELDS(Approve)
};
struct Decline : CommandBy<"decline", Role::compliance> {
  std::string reason;
  TRADECASE_FIELDS(Decline, reason)
};

// Neither sections nor questions named: all questions of the procedural form. The transactional part is its whole form, once an entry.
struct BuildSurvey : CommandBy<"build_survey", Role::compliance, Role::auditor> {
  static constexpr Needs needs{.facts = true};
  std::vector<Part> parts;
  std::optional<std::vector<std::string>> topics;  // those proposed, unless given
  std::optional<std::vector<std::string>> sections, questions;
  std::optional<std::vector<questionnaire::AskAgain>> ask_again;
  TRADECASE_FIELDS(BuildSurvey, parts, topics, sections, questions, ask_again)
};
struct Issue : CommandBy<"issue", Role::compliance, Role::auditor> {
  static constexpr Needs needs{.facts = true};
  TRADECASE_FIELDS(Issue)
};

struct SaveAnswers : CommandBy<"save_answers", Role::officer, Role::preparer> {
  static constexpr Needs needs{.facts = true};
  std::vector<questionnaire::Reply> answers;
  TRADECASE_FIELDS(SaveAnswers, answers)
};
struct Answer : CommandBy<"answer", Role::officer> {
  static constexpr Needs needs{.facts = true};
  std::optional<std::vector<questionnaire::Reply>> answers;  // beside what is saved
  std::string signature;                                     // the officer's full name as typed
  TRADECASE_FIELDS(Answer, answers, signature)
};

struct SelectEntries : CommandBy<"select_entries", Role::auditor, Role::compliance> {
  std::vector<requests::EntryLine> entries;
  std::string method;
  std::optional<std::string> seed_note;
  TRADECASE_FIELDS(SelectEntries, entries, method, seed_note)
};
struct RequestDocuments : CommandBy<"request_documents", Role::auditor, Role::compliance> {
  std::vector<std::string> documents;  // of each entry selected
  std::optional<Date> due_on;
  std::optional<std::string> approved;  // the letter by its hash, which then goes out as it was approved
  TRADECASE_FIELDS(RequestDocuments, documents, due_on, approved)
};
struct Deliver : CommandBy<"deliver", Role::officer, Role::preparer> {
  std::vector<requests::Delivered> items;
  TRADECASE_FIELDS(Deliver, items)
};

struct ReviewDocuments : CommandBy<"review_documents", Role::auditor> {
  std::vector<requests::ItemReview> items;
  TRADECASE_FIELDS(ReviewDocuments, items)
};

struct Analyse : CommandBy<"analyse", Role::auditor> {
  std::optional<std::vector<std::string>> findings;
  TRADECASE_FIELDS(Analyse, findings)
};
struct DraftOutcome : CommandBy<"draft_outcome", Role::auditor, Role::compliance> {
  std::string outcome;
  std::vector<std::string> findings;
  std::vector<std::string> next_steps;
  TRADECASE_FIELDS(DraftOutcome, outcome, findings, next_steps)
};
struct SendBack : CommandBy<"send_back", Role::auditor, Role::compliance> {
  std::string reason;
  TRADECASE_FIELDS(SendBack, reason)
};
struct SendOutcome : CommandBy<"send_outcome", Role::auditor, Role::compliance> {
  std::optional<std::string> approved;  // likewise
  TRADECASE_FIELDS(SendOutcome, approved)
};

struct GrantExtension : CommandBy<"grant_extension", Role::nam, Role::supervisor> {
  int days = 0;
  TRADECASE_FIELDS(GrantExtension, days)
};
struct DenyExtension : CommandBy<"deny_extension", Role::nam, Role::supervisor> {
  std::string reason;
  TRADECASE_FIELDS(DenyExtension, reason)
};
struct InviteDisclosure : CommandBy<"invite_disclosure", Role::auditor, Role::compliance> {
  std::vector<std::string> reasons;
  TRADECASE_FIELDS(InviteDisclosure, reasons)
};
struct ReferToAudit : CommandBy<"refer_to_audit", Role::auditor, Role::compliance> {
  std::string kind;
  std::vector<std::string> risk_areas;
  std::vector<std::string> reasons;
  std::optional<std::string> override_reason;  // for a focused assessment of an active member; may also be given with the referral
  TRADECASE_FIELDS(ReferToAudit, kind, risk_areas, reasons, override_reason)
};
// The company was dissolved, the topic is settled elsewhere: before the company knows of it the survey is declined, afterwards closed by
// letter.
struct Cancel : CommandBy<"cancel", Role::compliance> {
  std::string reason;
  TRADECASE_FIELDS(Cancel, reason)
};

// ---- what is asked (questions.cpp); problems are "" where there are none ---------------------------------------------------------

std::string build_problem(const Survey& survey, const BuildSurvey& said, const Context& context);
void build(Survey& survey, const BuildSurvey& said, const Context& context);
const Form& procedural(const Survey& survey, const Context& context);  // the form as pinned
// The answers about one entry, checked against the transactional form as far as they are given.
std::string entry_answers_problem(const Survey& survey, const std::vector<requests::Delivered>& delivered, const Context& context);

}  // namespace tradecase::survey
