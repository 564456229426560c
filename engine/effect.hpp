// What a decision wants done: values, not deeds. engine.cpp applies them in the command's own commit.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/case.hpp"
#include "engine/clock.hpp"
#include "engine/deadline.hpp"
#include "engine/json.hpp"

namespace tradecase {

// Adds an entry to the ledger of the case's deadline `name`; the entry before it stays on record as superseded.
struct SetDeadline {
  std::string name;  // "due", "window_opens", "reminder:-14", "ladder:+15"
  Derivation derivation;
};

// The deadline stands no longer (met, or out of use); its ledger stays.
struct EndDeadlines {
  std::string name;  // exact, or a prefix ending in ':' such as "reminder:"
};

// A due time that will send `command` to this case. Starting a name again moves it.
struct StartTimer {
  std::string name;
  Instant due_at;
  std::string command;
  json::object body{};
};
struct StopTimers {
  std::string name;  // exact, or a prefix ending in ':'
};

// Work beside the state's own (which opens and closes with the state). One open task a kind and case.
struct OpenTask {
  std::string kind;
  Role role;
  std::string title;
  std::optional<Date> due_on{};
  std::string person{};  // person id; empty: whoever holds the role for the company
};
struct CloseTask {
  std::string kind;
};

struct RecordFacts {
  std::vector<Fact> facts;  // case_id, as_of and recorded_by are filled in where empty
};

// Who gets the mail of a letter.
enum class Audience { company, nam, supervisor, compliance, auditor, appeals };

// A letter rendered and fixed by hash when the command commits, and the mails that point to it.
struct SendLetter {
  std::string letter;  // templates/letters/NAME.md
  json::object fields{};
  std::string about{};  // the deadline it speaks of, where its template names one
  std::vector<Audience> to{Audience::company};
};

// Opens another case of the same company with the workflow's opening command, sent by the timer.
struct OpenCase {
  std::string workflow;
  std::string command;
  json::object body{};
  int cycle = 0;
};

// A command to another case, as a timer due now.
struct SendCommand {
  std::string case_id;
  std::string command;
  json::object body{};
};
// The same to every open case of the company in that workflow.
struct SendToOpen {
  std::string workflow;
  std::string command;
  json::object body{};
};

// Somebody a company names as its contact; becomes a person when the e-mail address is new.
struct CompanyContact {
  std::string name, email, title, phone;
  bool notices = false;  // gets the company's letters by mail
};

// What a decision changes on the company's own row, and whom it names.
struct UpdateCompany {
  std::optional<std::string> program{};
  std::optional<Date> acceptance_date{};
  std::optional<std::string> nam{};  // person id
  std::optional<std::vector<std::string>> ior_numbers{};
  std::vector<CompanyContact> contacts{};  // added; who is a contact already stays one
};

using Effect = std::variant<SetDeadline, EndDeadlines, StartTimer, StopTimers, OpenTask, CloseTask, RecordFacts, SendLetter, OpenCase,
                            SendCommand, SendToOpen, UpdateCompany>;
using Effects = std::vector<Effect>;

inline Effects& operator+=(Effects& all, Effects more) {
  for (Effect& effect : more) all.push_back(std::move(effect));
  return all;
}

}  // namespace tradecase
