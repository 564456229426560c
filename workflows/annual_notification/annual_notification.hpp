// The annual notification letter (ANL): what a member tells each year, from the opening of its window to its acceptance (domain.md §4.3).
// Start in annual_notification.cpp: states, guards, effects and the transition table. dates.* is the calendar, timetable.* what the
// calendar asks of the case, draft.* the letter being written.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/described.hpp"
#include "workflows/signature.hpp"

namespace tradecase {

namespace anl {

enum class AnswerStatus { unanswered, no_change, changed };
BOOST_DESCRIBE_ENUM(AnswerStatus, unanswered, no_change, changed)

struct SectionAnswer {
  AnswerStatus status = AnswerStatus::unanswered;
  json::object values;             // as they stand now; a new letter starts with `previous`
  json::object previous;           // what was on file when the window opened
  std::vector<std::string> files;  // attached, by hash
  bool returned = false;           // open to change after a return
  std::string question;            // the reviewer's last one
  std::string reply;               // the company's word on it
  TRADECASE_FIELDS(SectionAnswer, status, values, previous, files, returned, question, reply)
};

struct ExtensionRequest {
  int days = 0;
  std::string reason;
  std::string by;  // person id
  Date on{};
  TRADECASE_FIELDS(ExtensionRequest, days, reason, by, on)
};

struct ReturnTerms {  // from where the due day of a return is counted
  Date on{};
  int days = 0;
  TRADECASE_FIELDS(ReturnTerms, on, days)
};

struct CheckedItem {  // confirmed, or skipped for a reason
  bool confirmed = false;
  std::optional<std::string> reason;
  TRADECASE_FIELDS(CheckedItem, confirmed, reason)
};
using Checklist = std::map<std::string, CheckedItem, std::less<>>;
using RiskMatrix = std::map<std::string, std::string, std::less<>>;  // factor: level

enum class Decision { accepted, rejected };
BOOST_DESCRIBE_ENUM(Decision, accepted, rejected)

struct Review {
  Decision decision = Decision::accepted;
  std::string by;  // person id
  Date on{};
  Checklist checklist;
  RiskMatrix risks;
  std::string note;
  std::vector<std::string> findings;
  TRADECASE_FIELDS(Review, decision, by, on, checklist, risks, note, findings)
};

struct Notification {
  Date acceptance_date{};
  int cycle = 0;
  bool carried_over = false;
  Date window_opens_on{};
  Date due_on{};               // the ledger's entry in force, or the last one when the due day is met
  std::vector<int> reminders;  // the days that have ledger entries, counted from the due day
  std::vector<int> ladder;
  std::vector<std::string> sent;            // kinds: window_open, reminder:-14, second_notice, …
  std::optional<Date> no_notice_before;     // steps of earlier days are not made up for: carried over, or counted anew
  std::optional<ReturnTerms> return_terms;  // since the last return, the due day counts from there
  std::vector<int> extensions;              // days granted since then
  std::optional<ExtensionRequest> extension_requested;
  bool filed = false;  // the due day is met; nothing is awaited from the company
  int form_version = 0;
  std::map<std::string, SectionAnswer, std::less<>> sections;
  std::optional<Signature> signature;
  std::optional<Date> filed_on;       // the first filing
  std::optional<bool> filed_in_time;  // against the due day in force then
  std::string taken_by;               // person id of the reviewer
  int returns = 0;
  std::optional<Review> review;
  std::string sent_back_because;
  std::string countersigned_by;
  std::string closed_because;
  TRADECASE_FIELDS(Notification, acceptance_date, cycle, carried_over, window_opens_on, due_on, reminders, ladder, sent, no_notice_before,
                   return_terms, extensions, extension_requested, filed, form_version, sections, signature, filed_on, filed_in_time,
                   taken_by, returns, review, sent_back_because, countersigned_by, closed_because)
};

}  // namespace anl

Workflow annual_notification();

}  // namespace tradecase
