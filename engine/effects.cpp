// One function an effect. All of it happens in the transaction that records the command.
#include <algorithm>
#include <stdexcept>

#include "engine/engine.hpp"

namespace tradecase {
namespace {

constexpr char own_timers[] = "told:";  // timers that carry commands to other cases are named told:FROM:VERSION:COMMAND

// Who gets a task of this role at a company: the account's National Account Manager by name, others whoever holds the role.
std::string person_for(const Company& company, Role role) { return role == Role::nam ? company.nam : ""; }

struct Apply {
  const Applied& on;
  int told = 0;  // commands sent so far: part of their timers' names

  void operator()(const SetDeadline& effect) {
    set_deadline(on.tx, on.changed.id, effect.name, effect.derivation, on.programme.calendar.end_of(effect.derivation.due_on),
                 on.changed.version);
  }
  void operator()(const EndDeadlines& effect) { end_deadlines(on.tx, on.changed.id, effect.name, on.changed.version); }
  void operator()(const StartTimer& effect) {
    start_timer(on.tx, {0, on.changed.id, effect.name, effect.command, effect.due_at, effect.body, 0, "", ""});
  }
  void operator()(const StopTimers& effect) { stop_timers(on.tx, on.changed.id, effect.name); }
  void operator()(const OpenTask& effect) {
    const std::string person = effect.person.empty() ? person_for(on.company, effect.role) : effect.person;
    open_task(on.tx, {0, on.changed.id, on.company.id, effect.kind, effect.title, effect.role, person, effect.due_on, false, on.now});
  }
  void operator()(const CloseTask& effect) { close_task(on.tx, on.changed.id, effect.kind, on.now); }
  void operator()(const RecordFacts& effect) {
    for (Fact fact : effect.facts) {
      if (fact.case_id.empty()) fact.case_id = on.changed.id;
      if (fact.recorded_by.empty()) fact.recorded_by = on.actor.id;
      if (fact.as_of == Date{}) fact.as_of = on.programme.calendar.day_of(on.now);
      record_fact(on.tx, on.company.id, fact, on.now);
    }
  }
  void operator()(const SendLetter& effect) { write_letter(on, effect); }
  void operator()(const OpenCase& effect) {
    const Answer answer = on.engine.open_in(on.tx, effect.workflow, on.company.id, effect.command, effect.body, effect.cycle, on.now);
    if (const auto* refusal = std::get_if<Refusal>(&answer))
      throw std::logic_error(on.changed.workflow + " could not open a case of " + effect.workflow + ": " + refusal->sentence);
  }
  void operator()(const SendCommand& effect) { tell(effect.case_id, effect.command, effect.body); }
  void operator()(const SendToOpen& effect) {
    for (const CaseSummary& other : open_cases_of(on.tx, on.company.id, on.changed.id))
      if (other.workflow == effect.workflow) tell(other.id, effect.command, effect.body);
  }
  void operator()(const UpdateCompany& effect) {
    Company company = find_company(on.tx, on.company.id).value();
    if (effect.program) company.program = *effect.program;
    if (effect.acceptance_date) company.acceptance_date = *effect.acceptance_date;
    if (effect.nam) company.nam = *effect.nam;
    if (effect.ior_numbers) company.ior_numbers = *effect.ior_numbers;
    put_company(on.tx, company);
    if (effect.nam) move_tasks(on.tx, company.id, Role::nam, company.nam);
    for (const CompanyContact& contact : effect.contacts) {
      auto person = find_person_by_email(on.tx, contact.email);
      if (!person) person = add_person(on.tx, {"", contact.email, contact.name, contact.title, contact.phone, std::nullopt});
      add_grant(on.tx, {person->id, "contact", company.id, contact.notices});
    }
  }

 private:
  void tell(const std::string& case_id, const std::string& command, const json::object& body) {
    const std::string name =
        own_timers + on.changed.id + ":" + std::to_string(on.changed.version) + ":" + command + ":" + std::to_string(++told);
    start_timer(on.tx, {0, case_id, name, command, on.now, body, 0, "", ""});
  }
};

// The state's own work opens and closes with it; a final state leaves nothing behind.
void follow_state(const Applied& on) {
  if (on.from_state == on.changed.state) return;
  const StateInfo& state = *on.programme.workflows.get(on.changed.workflow).state(on.changed.state);
  if (state.final) {
    close_all_tasks(on.tx, on.changed.id, on.now);
    stop_all_timers(on.tx, on.changed.id);
    end_deadlines(on.tx, on.changed.id, "", on.changed.version);
    return;
  }
  if (state.task_kind.empty()) return;
  open_task(on.tx, {0, on.changed.id, on.company.id, state.task_kind, state.task_title, state.task_role,
                    person_for(on.company, state.task_role), nearest_due(on.tx, on.changed.id), true, on.now});
}

// The company first, so that its work goes to who is assigned now; letters last, so that they speak of what stands.
enum class Turn { company, work, letter };

Turn turn_of(const Effect& effect) {
  if (std::holds_alternative<UpdateCompany>(effect)) return Turn::company;
  return std::holds_alternative<SendLetter>(effect) ? Turn::letter : Turn::work;
}

bool apply_turn(const Applied& on, const Effects& effects, Turn turn) {
  Apply apply{on};
  bool any = false;
  for (const Effect& effect : effects) {
    if (turn_of(effect) != turn) continue;
    std::visit(apply, effect);
    any = true;
  }
  return any;
}

void apply_work(const Applied& on, const Effects& effects) {
  apply_turn(on, effects, Turn::work);
  follow_state(on);
  apply_turn(on, effects, Turn::letter);
}

// Whether tasks or due days may have changed, and with them who has the ball and by when.
bool may_change_owner(const Effect& effect) {
  return std::holds_alternative<SetDeadline>(effect) || std::holds_alternative<EndDeadlines>(effect) ||
         std::holds_alternative<OpenTask>(effect) || std::holds_alternative<CloseTask>(effect) ||
         std::holds_alternative<SendLetter>(effect);
}

}  // namespace

void apply_effects(const Applied& on, Effects effects) {
  const auto closed_at = on.changed.open ? std::nullopt : std::optional(on.now);
  const auto opens_another = [](const Effect& effect) { return std::holds_alternative<OpenCase>(effect); };
  if (std::ranges::any_of(effects, opens_another)) update_case(on.tx, on.changed, closed_at);  // whose guards look at this one
  const bool moved = on.from_state != on.changed.state;
  if (moved && !on.from_state.empty()) close_state_task(on.tx, on.changed.id, on.now);
  if (apply_turn(on, effects, Turn::company)) {
    const Company company = find_company(on.tx, on.company.id).value();
    apply_work({on.tx, on.engine, on.programme, company, on.actor, on.changed, on.from_state, on.now}, effects);
  } else {
    apply_work(on, effects);
  }
  if (moved || std::ranges::any_of(effects, may_change_owner))
    settle_case(on.tx, on.changed, closed_at);
  else
    update_case_in_state(on.tx, on.changed);
}

}  // namespace tradecase
