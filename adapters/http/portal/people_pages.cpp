// O2 people: who may act, in which roles, who is away and who acts meanwhile. Each act leaves the record line that the command line leaves.
#include <algorithm>

#include "adapters/http/portal/operator_store.hpp"
#include "adapters/http/portal/people_acts.hpp"
#include "adapters/http/portal/rooms.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

std::string standing_words(const Visit& visit, Session& session, const Person& person) {
  if (person.departed_on) return visit.say("left on {}", visit.date(*person.departed_on));
  const auto delegate = delegate_of(session, person.id, visit.today());
  const auto acting = delegate ? find_person(session, *delegate) : std::nullopt;
  return acting ? visit.say("away, {} acts", acting->name) : "";
}

json::array role_views(const Visit& visit, std::string_view chosen) {
  json::array all;
  for (const RoleChoice& one : role_choices())
    all.push_back(json::object{{"value", one.code}, {"label", visit.say(one.label)}, {"chosen", chosen == one.code}});
  return all;
}

json::array company_views(Session& session, std::string_view chosen) {
  json::array all;
  for (const Company& company : all_companies(session))
    all.push_back(json::object{{"value", company.id}, {"label", company.legal_name}, {"chosen", chosen == company.id}});
  return all;
}

// ---- the list and a new person -----------------------------------------------------------------------------------------------

Response list_people(Visit& visit) {
  const std::string asked = lower(trimmed(visit.request.query.get("q")));
  const Paging paging = paging_of(visit, 100);
  json::array people;
  bool more = false;
  visit.engine.database().read([&](Session& session) {
    int skipped = 0;
    for (const Person& person : all_people(session)) {
      std::vector<std::string> roles;
      for (const Grant& grant : grants_of(session, person.id)) roles.push_back(grant_words(visit, session, grant));
      const std::string words = join(roles, "; ");
      if (!asked.empty() && lower(person.name + " " + person.email + " " + words).find(asked) == std::string::npos) continue;
      if (skipped++ < paging.offset()) continue;
      more = people.size() == static_cast<std::size_t>(paging.size);
      if (more) break;
      people.push_back(json::object{{"href", "/operator/people/" + person.id},
                                    {"name", person.name},
                                    {"email", person.email},
                                    {"roles", words},
                                    {"standing", standing_words(visit, session, person)}});
    }
  });
  json::object fields = pager_view(visit, paging, more);
  fields["asked"] = std::string(visit.request.query.get("q"));
  fields["none"] = people.empty();
  fields["people"] = std::move(people);
  return operator_page(visit, "people", "people", visit.say("People"), std::move(fields));
}

Response new_person_form(Visit& visit, const std::vector<Problem>& problems) {
  const Fields& typed = visit.form.fields;
  json::object fields{{"name", typed.get("name")},
                      {"email", typed.get("email")},
                      {"job", typed.get("title")},
                      {"phone", typed.get("phone")},
                      {"roles", role_views(visit, typed.get("role"))}};
  visit.engine.database().read([&](Session& session) { fields["companies"] = company_views(session, typed.get("company")); });
  for (auto& [name, value] : problem_views(visit, problems, {"name", "email", "title", "phone", "role", "company"}))
    fields[name] = std::move(value);
  return operator_page(visit, "people", "person_new", titled(visit, visit.say("Add a person"), problems), std::move(fields),
                       problems.empty() ? 200 : 422);
}

Response add_one(Visit& visit) {
  std::string id;
  const auto problems = visit.engine.database().write([&](Transaction& tx) { return add_somebody(visit, tx, visit.form.fields, id); });
  if (!problems.empty()) return new_person_form(visit, problems);
  return visit.go("/operator/people/" + id, visit.say("{} is on file.", trimmed(visit.form.fields.get("name"))));
}

// ---- one person --------------------------------------------------------------------------------------------------------------

Response show_person(Visit& visit, const std::vector<Problem>& problems) {
  const Fields& typed = visit.form.fields;
  json::object fields;
  std::string title;
  visit.engine.database().read([&](Session& session) {
    const Person person = named_person(visit, session);
    title = person.name;
    json::array grants, absences, delegates;
    for (const Grant& grant : grants_of(session, person.id))
      grants.push_back(json::object{
          {"role", grant.role}, {"company", grant.company}, {"label", grant_words(visit, session, grant)}, {"notices", grant.notices}});
    for (const Absence& absence : absences_of(session, person.id)) {
      const auto delegate = find_person(session, absence.delegate);
      absences.emplace_back(visit.say("{} to {}: {} acts", visit.date(absence.from_on), visit.date(absence.to_on),
                                      delegate ? delegate->name : absence.delegate));
    }
    for (const Person& other : all_people(session))
      if (other.id != person.id && !other.departed_on)
        for (const Grant& grant : grants_of(session, other.id))
          if (grant.company.empty()) {
            delegates.push_back(
                json::object{{"value", other.email}, {"label", other.name}, {"chosen", typed.get("delegate") == other.email}});
            break;
          }
    const bool staff = std::ranges::any_of(grants_of(session, person.id), [](const Grant& grant) { return grant.company.empty(); });
    const auto value = [&](const char* name, const std::string& stored) { return typed.has(name) ? std::string(typed.get(name)) : stored; };
    fields = {{"id", person.id},
              {"email", person.email},
              {"name", value("name", person.name)},
              {"job", value("title", person.title)},
              {"phone", value("phone", person.phone)},
              {"standing", standing_words(visit, session, person)},
              {"here", !person.departed_on},
              {"staff_here", staff && !person.departed_on},
              {"no_grants", grants.empty()},
              {"grants", std::move(grants)},
              {"absences", std::move(absences)},
              {"delegates", std::move(delegates)},
              {"from", typed.get("from")},
              {"to", typed.get("to")},
              {"tasks", static_cast<std::int64_t>(tasks_in_hand(session, person.id).size())},
              {"accounts", static_cast<std::int64_t>(accounts_in_hand(session, person.id).size())},
              {"roles", role_views(visit, typed.get("role"))},
              {"companies", company_views(session, typed.get("company"))}};
  });
  for (auto& [name, view] :
       problem_views(visit, problems, {"name", "title", "phone", "role", "company", "from", "to", "delegate", "grants"}))
    fields[name] = std::move(view);
  return operator_page(visit, "people", "person", titled(visit, title, problems), std::move(fields), problems.empty() ? 200 : 422);
}

using PersonAct = std::vector<Problem> (*)(const Visit&, Transaction&, const Fields&);

// An act on the person whom the address names; what has to be mended is said on their page.
template <PersonAct act>
Response on_person(Visit& visit, const char* done) {
  const auto problems = visit.engine.database().write([&](Transaction& tx) { return act(visit, tx, visit.form.fields); });
  if (!problems.empty()) return show_person(visit, problems);
  return visit.go("/operator/people/" + visit.params.at("person"), visit.say(done));
}

}  // namespace

void add_people_routes(Routes& routes) {
  const Access access = Access::operators;
  const std::string one = "/operator/people/{person}";
  routes.push_back({"GET", "/operator/people", "O2", access, list_people, "Who may act"});
  routes.push_back(
      {"GET", "/operator/people/new", "O2", access, [](Visit& v) { return new_person_form(v, {}); }, "The form of a new person"});
  routes.push_back({"POST", "/operator/people", "O2", access, add_one, "Add a person"});
  routes.push_back({"GET", one, "O2", access, [](Visit& v) { return show_person(v, {}); }, "A person: roles and absences"});
  routes.push_back({"POST", one, "O2", access, [](Visit& v) { return on_person<change_somebody>(v, "The changes are kept."); },
                    "Change a person's name, title or phone"});
  routes.push_back({"POST", one + "/roles", "O2", access, [](Visit& v) { return on_person<give_role>(v, "The role is given."); },
                    "Give a person a role"});
  routes.push_back({"POST", one + "/roles/remove", "O2", access,
                    [](Visit& v) { return on_person<take_role>(v, "The role is taken away."); }, "Take a role away"});
  routes.push_back({"POST", one + "/absences", "O2", access, [](Visit& v) { return on_person<note_absence>(v, "The absence is entered."); },
                    "Enter an absence with its delegate"});
}

}  // namespace tradecase::http
