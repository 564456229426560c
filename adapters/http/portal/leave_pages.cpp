// O2 somebody leaves: first what would be handed over, each task and company by name, then the act.
#include <algorithm>

#include "adapters/http/portal/case_views.hpp"
#include "adapters/http/portal/leave_acts.hpp"
#include "adapters/http/portal/operator_store.hpp"
#include "adapters/http/portal/rooms.hpp"

namespace tradecase::http {
namespace {

json::array successors(const Visit& visit, Session& session, const Person& person) {
  json::array all;
  for (const Person& other : all_people(session))
    if (other.id != person.id && !other.departed_on && has_roles_of(session, person, other))
      all.push_back(json::object{
          {"value", other.id}, {"label", other.name + ", " + other.email}, {"chosen", visit.request.query.get("to") == other.id}});
  return all;
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
  Left left;
  const std::string sentence =
      visit.engine.database().write([&](Transaction& tx) { return hand_over(visit, tx, visit.form.fields, left); });
  if (!sentence.empty()) return show_leave(visit, sentence, 422);
  return visit.go("/operator/people/" + visit.params.at("person"),
                  visit.say("{} has left. {} took over {} (task|tasks) and {} (account|accounts).", left.who, left.successor, left.tasks,
                            left.accounts));
}

}  // namespace

void add_leave_routes(Routes& routes) {
  const std::string path = "/operator/people/{person}/leave";
  routes.push_back(
      {"GET", path, "O2", Access::operators, [](Visit& v) { return show_leave(v, "", 200); }, "What a leaver would hand over"});
  routes.push_back({"POST", path, "O2", Access::operators, leave, "Hand over a leaver's work"});
}

}  // namespace tradecase::http
