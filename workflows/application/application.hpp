// The application for membership (domain.md §4.1) and what it keeps. What people may say to it stands in commands.hpp.
// Sections and answers are those of the forms "eligibility", "questionnaire" and "mou"; the last two are pinned when the draft begins.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/described.hpp"
#include "workflows/signature.hpp"

namespace tradecase {

Workflow application();

namespace application_case {

// One time of answering the eligibility questions: all of them are kept (domain.md §4.1).
struct EligibilityRound {
  int form_version = 0;
  json::object answers;               // of the form: {section: {question: value}}
  std::vector<std::string> no_texts;  // the questions answered "no", as asked
  Date answered_on{};
  std::string answered_by;
  TRADECASE_FIELDS(EligibilityRound, form_version, answers, no_texts, answered_on, answered_by)
};

struct Contact {
  std::string name;
  std::string email;
  std::optional<std::string> title;
  std::optional<std::string> phone;
  bool notices = false;  // the "e-mail notices" box [C]
  TRADECASE_FIELDS(Contact, name, email, title, phone, notices)
};

struct Draft {
  int questionnaire_version = 0;
  int mou_version = 0;
  json::object questionnaire;  // {section: {question: value}}
  json::object mou;
  std::vector<std::string> ior_numbers;
  std::vector<Contact> contacts;
  std::string control_manual;                       // names the document and says where it is
  std::vector<std::string> forced_labor_documents;  // needed at application since 2022-08-01 [C]
  TRADECASE_FIELDS(Draft, questionnaire_version, mou_version, questionnaire, mou, ior_numbers, contacts, control_manual,
                   forced_labor_documents)
};

struct InformationRequest {
  std::vector<std::string> items;
  std::vector<std::string> answers;  // one an item, in the same order
  std::vector<std::string> files;    // sent with the answers, by hash
  std::string asked_by;
  Date asked_on{};
  std::optional<Signature> signature;
  TRADECASE_FIELDS(InformationRequest, items, answers, files, asked_by, asked_on, signature)
};

struct Meeting {  // the Application Review Meeting (ARM)
  Date meeting_on{};
  std::string place;
  std::vector<std::string> attendance;
  std::vector<std::string> risks_discussed;
  TRADECASE_FIELDS(Meeting, meeting_on, place, attendance, risks_discussed)
};

enum class Recommended { approve, deny };
BOOST_DESCRIBE_ENUM(Recommended, approve, deny)

struct Recommendation {
  Recommended recommendation = Recommended::approve;
  std::vector<std::string> findings;
  std::string by;            // person id
  std::string on_behalf_of;  // person id, where a delegate recommended
  TRADECASE_FIELDS(Recommendation, recommendation, findings, by, on_behalf_of)
};

// One item of the review checklist: confirmed, or skipped with a reason (domain.md §2, point 7).
struct CheckedItem {
  bool confirmed = false;
  std::optional<std::string> reason;
  TRADECASE_FIELDS(CheckedItem, confirmed, reason)
};
using Checklist = std::map<std::string, CheckedItem, std::less<>>;

struct Application {
  std::vector<EligibilityRound> eligibility;
  Draft draft;
  std::optional<Date> silent_since;  // the day from which silence is counted; nothing while the company is not awaited
  std::optional<Signature> signature;
  std::string nam;                // person id
  std::vector<std::string> team;  // person ids
  std::vector<InformationRequest> requests;
  Checklist checklist;
  Meeting meeting;
  std::optional<Recommendation> recommendation;
  std::vector<std::string> reasons;  // of the decision, or of sending the case back
  std::string decided_by;
  TRADECASE_FIELDS(Application, eligibility, draft, silent_since, signature, nam, team, requests, checklist, meeting, recommendation,
                   reasons, decided_by)
};

}  // namespace application_case
}  // namespace tradecase
