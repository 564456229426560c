// A workflow as the engine sees it: a pure step function and the tables that describe it.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/case.hpp"
#include "engine/command.hpp"
#include "engine/effect.hpp"
#include "engine/form.hpp"
#include "engine/rules.hpp"

namespace tradecase {

// A person whom a command's body names by e-mail (fields of type PersonRef), with the roles held in general.
struct NamedPerson {
  Person person;
  RoleSet roles;
};

// Everything a guard or an effect function may look at. Nothing else is within reach.
struct Context {
  Actor actor;
  Instant now;
  Date today;  // now's day in the programme's zone
  const Calendar& calendar;
  const Rules& rules;
  const Forms& forms;
  const Company& company;
  std::vector<CaseSummary> open_cases;  // the company's other open cases; loaded for commands that ask for it
  std::vector<Fact> facts;              // the company's current facts; loaded for commands that ask for it
  std::string case_id;
  int cycle = 0;
  std::int64_t version = 0;          // of the case before this command
  std::vector<NamedPerson> named{};  // found by the engine before the step: every PersonRef of the body is here
};

// What a command wants loaded into its context besides the company.
struct Needs {
  bool open_cases = false;
  bool facts = false;
};

struct Step {
  std::string to;
  json::object data;
  Effects effects;
};
using Outcome = std::variant<Step, Refusal>;

struct FieldInfo {
  std::string name;
  std::string type;  // text, whole number, yes or no, date, list of text, object, …
  bool required = true;
};

struct CommandInfo {
  std::string name;
  RoleSet roles;
  std::vector<FieldInfo> fields;
  Needs needs;
};

struct GuardInfo {
  std::string name;
  std::string sentence;
};

struct TransitionInfo {
  std::string from, command, to;
  std::vector<std::string> effects;  // names of the effect functions
  std::vector<GuardInfo> guards;
};

// The work that stands open as long as the case is in the state; kind is empty where a timer alone moves it on.
struct StateInfo {
  std::string name;
  bool final = false;
  std::string task_kind;
  Role task_role = Role::timer;
  std::string task_title;
  std::string waits_for;  // where no task stands: what it waits for, in words
};

struct Permission {
  enum class Verdict { yes, no, needs_input };
  std::string command;
  Verdict verdict = Verdict::no;
  std::vector<std::string> reasons;  // why not, in sentences
};

struct Workflow {
  std::string name;   // "annual_notification"
  std::string title;  // "Annual notification"
  std::vector<StateInfo> states;
  std::vector<CommandInfo> commands;
  std::vector<TransitionInfo> transitions;

  std::function<Outcome(const Case&, const Command&, const Context&)> step;
  std::function<std::vector<Permission>(const Case&, const Context&)> permitted;

  const CommandInfo* command(std::string_view command_name) const;
  const StateInfo* state(std::string_view state_name) const;
};

class Workflows {
 public:
  explicit Workflows(std::vector<Workflow> all);
  const Workflow* find(std::string_view name) const;
  const Workflow& get(std::string_view name) const;  // std::out_of_range where there is none
  const std::vector<Workflow>& all() const { return all_; }

 private:
  std::vector<Workflow> all_;
};

}  // namespace tradecase
