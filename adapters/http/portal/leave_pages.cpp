// O2 somebody leaves: first what would be handed over, each task and company by name, then the act.
#include <algorithm>

#include "adapters/http/portal/case_views.hpp"
#include "adapters/http/portal/operator_store.hpp"
#include "adapters/http/portal/rooms.hpp"
#include "engine/sha256.hpp"

namespace tradecase::http {
namespace {

struct Handover {
  Person person;
  std::vector<Task> tasks;
  std::vector<std::string> accounts;  // company ids
  // What the operator read before pressing the button; another one means that something has changed meanwhile.
  std::string digest() const {
    std::string all = person.id;
    for (const Task& task : tasks) all += " " + std::to_string(task.id);
    for (const std::string& account : accounts) all += " " + account;
    return sha256_hex(all);
  }
};

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

json::array successors(const Visit& visit, Session& session, const Person& person) {
  json::array all;
  for (const Person& other : all_people(session))
    if (other.id != person.id && !other.departed_on && has_roles_of(session, person, other))
      all.push_back(json::object{
          {"value", other.id}, {"label", other.name + ", " + other.email}, {"chosen", visit.request.query.get("to") == other.id}});
  return all;
}

std::optional<Person> successor_of(Session& session, std::string_view id, const Person& person) {
  auto found = id.empty() ? std::nullopt : find_person(session, id);
  const bool fits = found && found->id != person.id && !found->departed_on && has_roles_of(session, person, *found);
  return fits ? found : std::nullopt;
}

json::array task_views(const Visit& visit, Session& session, const std::vector<Task>& tasks) {
  json::array all;
  for (const Task& task : tasks) {
    const auto on = find_case(session, task.case_id);
    const auto company = find_company(session, task.company);
    all.push_back(json::object{
        {"label", visit.say(task.title)},
        {"href", "/cases/" + task.case_id},
        {"case", (on ? case_name(visit, on->workflow, on->cycle) : task.case_id) + ", " + (company ? company->legal_name : task.company)},
        {"due", task.due_on ? visit.date(*task.due_on) : ""}});
  }
  return all;
}

Response show_leave(Visit& visit, const std::string& sentence, int status) {
  json::object fields;
  std::string title;
  visit.engine.database().read([&](Session& session) {
    const Handover all = handover_of(visit, session);
    const auto successor = successor_of(session, visit.request.query.get("to"), all.person);
    title = visit.say("{} leaves", all.person.name);
    json::array accounts, covered;
    for (const std::string& id : all.accounts) {
      const auto company = find_company(session, id);
      accounts.push_back(json::object{{"href", "/companies/" + percent_encoded(id)}, {"label", company ? company->legal_name : id}});
    }
    for (const Absence& absence : absences_covered_by(session, all.person.id, visit.today())) {
      const auto away = find_person(session, absence.person);
      covered.emplace_back(
          visit.say("{} from {} to {}", away ? away->name : absence.person, visit.date(absence.from_on), visit.date(absence.to_on)));
    }
    fields = {{"person", all.person.id},
              {"person_name", all.person.name},
              {"successors", successors(visit, session, all.person)},
              {"chosen", successor.has_value()},
              {"successor", successor ? successor->id : ""},
              {"successor_name", successor ? successor->name : ""},
              {"no_tasks", all.tasks.empty()},
              {"tasks", task_views(visit, session, all.tasks)},
              {"no_accounts", all.accounts.empty()},
              {"accounts", std::move(accounts)},
              {"has_covered", !covered.empty()},
              {"covered", std::move(covered)},
              {"digest", all.digest()},
              {"sentence", sentence},
              {"summary", json::array()}};
  });
  fields["nobody"] = fields["successors"].as_array().empty();
  return operator_page(visit, "people", "leave", sentence.empty() ? title : visit.say("Error: {}", title), std::move(fields), status);
}

Response leave(Visit& visit) {
  std::string sentence, done;
  visit.engine.database().write([&](Transaction& tx) {
    Handover all = handover_of(visit, tx);
    const auto successor = successor_of(tx, visit.form.fields.get("to"), all.person);
    if (!successor)
      sentence = visit.say("Choose who takes over.");
    else if (visit.form.fields.get("digest") != all.digest())
      sentence = visit.say("What {} has in hand has changed meanwhile. Read the list once more.", all.person.name);
    if (!sentence.empty()) return;
    for (const std::string& id : all.accounts) {
      Company company = find_company(tx, id).value();
      company.nam = successor->id;
      put_company(tx, company);
    }
    const std::int64_t tasks = reassign_tasks(tx, all.person.id, successor->id);
    all.person.departed_on = visit.today();
    update_person(tx, all.person);
    end_sign_ins_of(tx, all.person.id, 0);
    record_line(tx, "people", "leave", visit.visitor.person.id, visit.engine.now(),
                {{"person", all.person.id},
                 {"successor", successor->id},
                 {"tasks", tasks},
                 {"accounts", static_cast<std::int64_t>(all.accounts.size())}});
    done = visit.say("{} has left. {} took over {} tasks and {} accounts.", all.person.name, successor->name, tasks, all.accounts.size());
  });
  if (!sentence.empty()) return show_leave(visit, sentence, 422);
  return visit.go("/operator/people/" + visit.params.at("person"), done);
}

}  // namespace

void add_leave_routes(Routes& routes) {
  const std::string path = "/operator/people/{person}/leave";
  routes.push_back(
      {"GET", path, "O2", Access::operators, [](Visit& v) { return show_leave(v, "", 200); }, "What a leaver would hand over"});
  routes.push_back({"POST", path, "O2", Access::operators, leave, "Hand over a leaver's work"});
}

}  // namespace tradecase::http
