// How a workflow is tested: its table of rows (check_every_transition), single steps (taken, refused), and stories in which days pass
// (Story: the engine in miniature, without a store). Shipped rules, forms and letters; a sample company; no clock.
//
//   check_every_transition(annual_notification(), {
//     {.from = "open", .command = "save", .expect = "drafting", .data = open_case(), .body = {{"section", "C"}, …}, .as =
//     {Role::preparer}},
//     {.from = "open", .command = "save", .expect = "guard", .body = …, .as = {Role::officer}, .says = "no such section"},
//   });
#pragma once

#include <catch2/catch.hpp>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "engine/workflow.hpp"

namespace tradecase::testing {

// The shipped rulebook and forms, read once.
const Rules& shipped_rules();
const Calendar& shipped_calendar();
const Forms& shipped_forms();

// C-1, "Harbor Lane Imports, Inc.", CTPAT-TC, accepted 2024-03-15, Security tier III in good standing, NAM P-nam.
const Company& sample_company();

// Somebody with these roles: P-officer "Dana Whitfield", P-preparer, P-nam, P-supervisor, … after the first of the roles; `person`
// instead, where two people hold one role. The timer is "timer".
Actor actor_with(RoleSet roles, const std::string& person = "");
inline constexpr std::string_view officer_name = "Dana Whitfield";

Date day(std::string_view text);  // 2026-01-14; throws for anything else

struct Row {
  std::string from;  // "" before the opening command
  std::string command;
  std::string expect;   // the state it leads to, or a refusal: guard, forbidden, invalid, wrong_state
  json::object data{};  // the case's data before
  json::object body{};
  RoleSet as{Role::timer};
  std::string on = "2026-01-14";  // noon of that day, Eastern
  std::string says{};             // a part of the refusal's sentence
  std::string person{};           // person id of the actor, where it is not the role's usual one
  int cycle = 1;
  std::vector<CaseSummary> open_cases{};
  std::vector<Fact> facts{};
  std::vector<NamedPerson> named{};
  std::optional<Company> company{};    // the sample company, unless given
  const Forms* forms = nullptr;        // as shipped, unless given
  const Calendar* calendar = nullptr;  // likewise: with a closure
};

Case case_of(const Workflow& workflow, const Row& row);
Context context_of(const Row& row);  // refers to row.company: the row must outlive it
Outcome run(const Workflow& workflow, const Row& row);
Step taken(const Workflow& workflow, const Row& row);       // fails the test on a refusal, or another state than row.expect if given
Refusal refused(const Workflow& workflow, const Row& row);  // fails the test where it is taken

// Runs every row and fails naming: a row with another result; a transition (from, command, to) that no row took; a guarded transition that
// no row was turned away from; a guard whose sentence no refusal said although it is the only row of its state and command. Letters in the
// effects of every row taken are rendered with the shipped templates.
void check_every_transition(const Workflow& workflow, const std::vector<Row>& rows);

// Renders every letter among the effects: each with exactly its declared fields, about the deadline its template names.
void check_letters(const Effects& effects);

template <class T>
std::vector<T> effects_of(const Effects& effects) {
  std::vector<T> found;
  for (const Effect& effect : effects)
    if (const T* one = std::get_if<T>(&effect)) found.push_back(*one);
  return found;
}
std::vector<std::string> letters_in(const Effects& effects);                           // names, in order
std::optional<SendLetter> letter_in(const Effects& effects, std::string_view letter);  // the first of that name
std::optional<Derivation> deadline_in(const Effects& effects, std::string_view name);  // the last SetDeadline of that name

// One case over time. Timers, tasks, ledger and letters as the engine keeps them; what goes to other cases is collected in `sent`.
class Story {
 public:
  Story(Workflow workflow, std::string today, int cycle = 1);

  // As said by somebody with these roles (the timer by default); true where it was taken. The refusal is kept in last_refusal.
  bool send(const std::string& command, json::object body = {}, RoleSet as = {Role::timer}, const std::string& person = "");
  void go_to(std::string_view date);  // fires each timer due up to noon of that day at its own time, in order of due time

  const std::string& state() const { return case_.state; }
  const json::object& data() const { return case_.data; }
  Date today() const;
  std::optional<Date> due(const std::string& deadline) const;         // of the entry in force
  std::vector<Derivation> ledger(const std::string& deadline) const;  // all entries ever, oldest first
  std::vector<std::string> standing() const;                          // names of the deadlines in force
  const std::map<std::string, StartTimer>& timers() const { return timers_; }
  std::set<std::string> tasks() const;  // kinds of the open tasks, the state's own among them
  std::vector<std::string> letters;     // "2025-03-15 anl_window_open", as sent
  Effects sent;                         // OpenCase, SendCommand, SendToOpen, UpdateCompany, RecordFacts
  std::optional<Refusal> last_refusal;
  Company company = sample_company();
  std::vector<Fact> facts;
  std::vector<CaseSummary> open_cases;
  std::vector<NamedPerson> named;
  const Forms* forms = &shipped_forms();
  const Calendar* calendar = &shipped_calendar();

 private:
  bool step(const std::string& command, json::object body, const Actor& actor);
  void apply(const Effects& effects);

  Workflow workflow_;
  Case case_;
  Instant now_;
  std::map<std::string, StartTimer> timers_;
  std::map<std::string, OpenTask> tasks_;
  std::map<std::string, std::vector<Derivation>> ledger_;
  std::set<std::string> standing_;
};

// Letters that a second person approves first: the case's data with this one approved, what the command then says, and both in a story.
json::object with_letter_approved(json::object data, const char* letter, json::object says, const std::optional<std::string>& due_on = {});
json::object as_approved(json::object says);
bool send_approved(Story& story, const char* letter, const std::string& command, const json::object& says, RoleSet writer,
                   const std::optional<std::string>& due_on = {});

}  // namespace tradecase::testing
