#include "adapters/http/portal/leave_acts.hpp"

#include <algorithm>

#include "adapters/http/portal/operator_store.hpp"
#include "engine/sha256.hpp"

namespace tradecase::http {

std::string Handover::digest() const {
  std::string all = person.id;
  for (const Task& task : tasks) all += " " + std::to_string(task.id);
  for (const std::string& account : accounts) all += " " + account;
  return sha256_hex(all);
}

Handover handover_of(const Visit& visit, Session& session) {
  auto person = find_person(session, visit.params.at("person"));
  if (!person) throw Fault(404, visit.say("There is no such person."));
  if (person->departed_on) throw Fault(404, visit.say("{} has left on {}.", person->name, visit.date(*person->departed_on)));
  if (person->id == visit.visitor.person.id) throw Fault(422, visit.say("Another operator enters that you leave."));
  Handover all{*person, tasks_in_hand(session, person->id), accounts_in_hand(session, person->id)};
  return all;
}

bool has_roles_of(Session& session, const Person& person, const Person& other) {
  const auto theirs = grants_of(session, other.id);
  return std::ranges::all_of(grants_of(session, person.id), [&](const Grant& grant) {
    return std::ranges::any_of(theirs, [&](const Grant& held) { return held.role == grant.role && held.company == grant.company; });
  });
}

std::optional<Person> successor_of(Session& session, std::string_view id, const Person& person) {
  auto found = id.empty() ? std::nullopt : find_person(session, id);
  const bool fits = found && found->id != person.id && !found->departed_on && has_roles_of(session, person, *found);
  return fits ? found : std::nullopt;
}

std::string hand_over(const Visit& visit, Transaction& tx, const Fields& form, Left& left) {
  Handover all = handover_of(visit, tx);
  const auto successor = successor_of(tx, form.get("to"), all.person);
  if (!successor) return visit.say("Choose who takes over.");
  if (form.get("digest") != all.digest())
    return visit.say("What {} has in hand has changed meanwhile. Read the list once more.", all.person.name);
  for (const std::string& id : all.accounts) {
    Company company = find_company(tx, id).value();
    company.nam = successor->id;
    put_company(tx, company);
  }
  left = {all.person.name, successor->name, reassign_tasks(tx, all.person.id, successor->id),
          static_cast<std::int64_t>(all.accounts.size())};
  all.person.departed_on = visit.today();
  update_person(tx, all.person);
  end_sign_ins_of(tx, all.person.id, 0);
  record_line(tx, "people", "leave", visit.visitor.person.id, visit.engine.now(),
              {{"person", all.person.id}, {"successor", successor->id}, {"tasks", left.tasks}, {"accounts", left.accounts}});
  return "";
}

}  // namespace tradecase::http
