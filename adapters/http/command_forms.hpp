// Every command that a person may send, as a button and a form: words and controls from templates/portal/commands.json, held at start-up
// against the workflows' own tables.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "adapters/http/message.hpp"
#include "engine/engine.hpp"

namespace tradecase::http {

struct Choice {
  std::string value, label;
};

struct Control {
  std::string name, label, hint;
  std::string kind;  // text long number date yes_no choice choices lines email emails rows checklist matrix signature hidden
  bool optional = false;
  std::vector<Choice> choices;
  std::string rule;              // the list in the rules that the choices, items or factors are
  std::string levels_rule;       // of a matrix
  std::string role;              // of an email: whom to offer
  std::vector<Control> columns;  // of rows
};

struct CommandWords {
  std::string button, title, explain, confirm;
  std::string elsewhere;  // the page that has this command, with {case}; empty: the form page
  bool grave = false;
  std::vector<Control> controls;
};

struct StateWords {
  std::string label, for_company, for_staff;
};

class CommandForms {
 public:
  // Throws std::runtime_error naming every difference between the file and the workflows' tables.
  static CommandForms load(const std::filesystem::path& folder, const Workflows& workflows);

  const CommandWords* find(std::string_view workflow, std::string_view command) const;
  const StateWords& state(const std::string& workflow, const std::string& state) const;
  // The state that a company is told of: the first of those with the same words, so that what happens among them is the agency's own.
  // "" where it is told of none: proposals, drafts and referrals of the agency.
  const std::string& told_as(const std::string& workflow, const std::string& state) const;
  std::vector<std::string> told_while_open(const Workflow& workflow) const;  // its states, not final, that a company is told of
  const std::string& title(const std::string& workflow) const;
  std::string deadline(const std::string& name) const;  // "Annual notification due"
  // A sentence of the engine with the buttons' names in place of commands, and the states' in place of theirs: `may send "File the
  // letter"`.
  std::string in_words(const Workflow& workflow, std::string sentence) const;
  std::string done(const std::string& workflow, const std::string& command) const;  // "Letter filed"
  std::vector<std::string> english() const;                                         // every text of both files

 private:
  std::map<std::string, std::map<std::string, CommandWords, std::less<>>, std::less<>> commands_;
  std::map<std::string, std::map<std::string, StateWords>> states_;
  std::map<std::string, std::map<std::string, std::string>> told_as_;
  std::map<std::string, std::string> titles_;
  std::map<std::string, std::string> deadlines_, done_;
  std::vector<std::string> english_;
};

// What a checklist or matrix asks about: a list of the rules, or the control's own.
std::vector<std::string> items_of(const Control& control, const Rules& rules);

// What a form said, as a command's body; problems by field where something cannot be read (a number, a date).
struct ReadBody {
  json::object body;
  std::vector<Problem> problems;
};
ReadBody read_body(const CommandWords& words, const Fields& fields, const Rules& rules);

std::vector<std::string> lines_of(std::string_view text);  // of a textarea: trimmed, empty ones left out

class Visit;
// The controls as a page shows them, with what was typed and the problems at their fields. `fields`: of the form that came back, or none.
json::array control_views(const Visit& visit, const CommandWords& words, const Fields& fields, const std::vector<Problem>& problems);

}  // namespace tradecase::http
