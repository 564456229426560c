// O2 people: who may act, in which roles, who is away and who acts meanwhile. Each act leaves the record line that the command line leaves.
#include <algorithm>

#include "adapters/http/portal/account_store.hpp"
#include "adapters/http/portal/operator_store.hpp"
#include "adapters/http/portal/rooms.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

struct RoleChoice {
  const char* code;
  const char* label;
  bool of_company;
};
constexpr RoleChoice role_choices[] = {
    {"officer", "Company officer", true},
    {"preparer", "Preparer of a company", true},
    {"contact", "Contact of a company: gets its mail", true},
    {"nam", "National Account Manager", false},
    {"supervisor", "Supervisor", false},
    {"compliance", "Compliance", false},
    {"auditor", "Auditor", false},
    {"appeals", "Appeals", false},
    {"admin", "Operator", false},
};
const RoleChoice* choice_of(std::string_view code) {
  const auto* found = std::ranges::find(role_choices, code, [](const RoleChoice& one) { return std::string_view(one.code); });
  return found == std::end(role_choices) ? nullptr : found;
}

std::string grant_words(const Visit& visit, Session& session, const Grant& grant) {
  const RoleChoice* choice = choice_of(grant.role);
  const std::string role = visit.say(choice == nullptr ? grant.role : std::string(choice->label));
  if (grant.company.empty()) return role;
  const auto company = find_company(session, grant.company);
  return role + ", " + (company ? company->legal_name : grant.company);
}

std::string standing_words(const Visit& visit, Session& session, const Person& person) {
  if (person.departed_on) return visit.say("left on {}", visit.date(*person.departed_on));
  const auto delegate = delegate_of(session, person.id, visit.today());
  const auto acting = delegate ? find_person(session, *delegate) : std::nullopt;
  return acting ? visit.say("away, {} acts", acting->name) : "";
}

json::array role_views(const Visit& visit, std::string_view chosen) {
  json::array all;
  for (const RoleChoice& one : role_choices)
    all.push_back(json::object{{"value", one.code}, {"label", visit.say(one.label)}, {"chosen", chosen == one.code}});
  return all;
}

json::array company_views(Session& session, std::string_view chosen) {
  json::array all;
  for (const Company& company : all_companies(session))
    all.push_back(json::object{{"value", company.id}, {"label", company.legal_name}, {"chosen", chosen == company.id}});
  return all;
}

Person person_or_stop(const Visit& visit, Session& session) {
  auto found = find_person(session, visit.params.at("person"));
  if (!found) throw Fault(404, visit.say("There is no such person."));
  return *found;
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

bool is_address(std::string_view email) {
  const auto at = email.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < email.size() && email.find('@', at + 1) == std::string_view::npos &&
         email.find_first_of(" \t\r\n<>,;\"") == std::string_view::npos;
}

void check_text(const Visit& visit, const char* field, const char* what, bool needed, std::vector<Problem>& problems) {
  const std::string text = trimmed(visit.form.fields.get(field));
  if (text.empty() && needed)
    problems.push_back({field, visit.say("{} is missing.", visit.say(what))});
  else if (const auto problem = text_problem(text, 200))
    problems.push_back({field, visit.say("{} {}.", visit.say(what), *problem)});
}

// The role and company that the form names; a company where the role is of one, and only there.
void check_role(const Visit& visit, std::vector<Problem>& problems) {
  const RoleChoice* role = choice_of(visit.form.fields.get("role"));
  const bool with_company = !visit.form.fields.get("company").empty();
  if (role == nullptr)
    problems.push_back({"role", visit.say("Choose a role.")});
  else if (role->of_company && !with_company)
    problems.push_back({"company", visit.say("Choose the company: this role is of a company.")});
  else if (!role->of_company && with_company)
    problems.push_back({"company", visit.say("A role of the agency is for all companies: choose none.")});
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

Response add_somebody(Visit& visit) {
  std::vector<Problem> problems;
  check_text(visit, "name", "The name", true, problems);
  check_text(visit, "title", "The title", false, problems);
  check_text(visit, "phone", "The phone number", false, problems);
  const std::string email = trimmed(visit.form.fields.get("email"));
  if (!is_address(email) || text_problem(email, 200)) problems.push_back({"email", visit.say("Write an e-mail address: name@agency.gov.")});
  check_role(visit, problems);
  std::string id;
  if (problems.empty())
    visit.engine.database().write([&](Transaction& tx) {
      const std::string role(visit.form.fields.get("role")), company(visit.form.fields.get("company"));
      if (const auto known = find_person_by_email(tx, email))
        problems.push_back({"email", visit.say("{} has this address. Open their page to give another role.", known->name)});
      if (!company.empty() && !find_company(tx, company)) problems.push_back({"company", visit.say("There is no such company.")});
      if (!problems.empty()) return;
      const Fields& typed = visit.form.fields;
      id = add_person(tx, {"", email, trimmed(typed.get("name")), trimmed(typed.get("title")), trimmed(typed.get("phone")), std::nullopt})
               .id;
      add_grant(tx, {id, role, company, !company.empty()});
      record_line(tx, "people", "add", visit.visitor.person.id, visit.engine.now(), {{"person", id}, {"role", role}, {"company", company}});
    });
  if (!problems.empty()) return new_person_form(visit, problems);
  return visit.go("/operator/people/" + id, visit.say("{} is on file.", trimmed(visit.form.fields.get("name"))));
}

// ---- one person --------------------------------------------------------------------------------------------------------------

Response show_person(Visit& visit, const std::vector<Problem>& problems) {
  const Fields& typed = visit.form.fields;
  json::object fields;
  std::string title;
  visit.engine.database().read([&](Session& session) {
    const Person person = person_or_stop(visit, session);
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

Response change_person(Visit& visit) {
  std::vector<Problem> problems;
  check_text(visit, "name", "The name", true, problems);
  check_text(visit, "title", "The title", false, problems);
  check_text(visit, "phone", "The phone number", false, problems);
  if (!problems.empty()) return show_person(visit, problems);
  visit.engine.database().write([&](Transaction& tx) {
    Person person = person_or_stop(visit, tx);
    person.name = trimmed(visit.form.fields.get("name"));
    person.title = trimmed(visit.form.fields.get("title"));
    person.phone = trimmed(visit.form.fields.get("phone"));
    update_person(tx, person);
    record_line(tx, "people", "change", visit.visitor.person.id, visit.engine.now(), {{"person", person.id}});
  });
  return visit.go(visit.request.path, visit.say("The changes are kept."));
}

Response give_role(Visit& visit) {
  std::vector<Problem> problems;
  check_role(visit, problems);
  if (problems.empty())
    visit.engine.database().write([&](Transaction& tx) {
      const Person person = person_or_stop(visit, tx);
      const std::string role(visit.form.fields.get("role")), company(visit.form.fields.get("company"));
      if (!company.empty() && !find_company(tx, company)) problems.push_back({"company", visit.say("There is no such company.")});
      if (person.departed_on) problems.push_back({"role", visit.say("{} has left.", person.name)});
      if (!problems.empty()) return;
      add_grant(tx, {person.id, role, company, !company.empty()});
      record_line(tx, "people", "add", visit.visitor.person.id, visit.engine.now(),
                  {{"person", person.id}, {"role", role}, {"company", company}});
    });
  if (!problems.empty()) return show_person(visit, problems);
  return visit.go("/operator/people/" + visit.params.at("person"), visit.say("The role is given."));
}

// Why a role cannot be taken away as things stand; "" where it can.
std::string keeps_role(const Visit& visit, Session& session, const Person& person, const Grant& grant) {
  if (person.id == visit.visitor.person.id && grant.role == "admin")
    return visit.say("Nobody takes the operator's role from themselves. Ask another operator.");
  if (grant.role == "nam" && !accounts_in_hand(session, person.id).empty())
    return visit.say("{} has accounts. Hand them over first.", person.name);
  for (const Task& task : tasks_in_hand(session, person.id))
    if (to_text(task.role) == grant.role && (grant.company.empty() || grant.company == task.company))
      return visit.say("{} has open tasks in this role. Hand them over first.", person.name);
  return "";
}

Response take_role(Visit& visit) {
  std::vector<Problem> problems;
  visit.engine.database().write([&](Transaction& tx) {
    const Person person = person_or_stop(visit, tx);
    const Grant grant{person.id, std::string(visit.form.fields.get("role")), std::string(visit.form.fields.get("company")), false};
    if (std::string why = keeps_role(visit, tx, person, grant); !why.empty()) {
      problems.push_back({"grants", std::move(why)});
      return;
    }
    remove_grant(tx, grant);
    if (!grant.company.empty() && count_notified(tx, grant.company) == 0)
      throw Fault(422, visit.say("Nobody would get the notices of that company. Name somebody else first."));
    record_line(tx, "people", "remove", visit.visitor.person.id, visit.engine.now(),
                {{"person", person.id}, {"role", grant.role}, {"company", grant.company}});
  });
  if (!problems.empty()) return show_person(visit, problems);
  return visit.go("/operator/people/" + visit.params.at("person"), visit.say("The role is taken away."));
}

void add_away(Visit& visit, Date from, Date to, std::vector<Problem>& problems) {
  visit.engine.database().write([&](Transaction& tx) {
    const Person person = person_or_stop(visit, tx);
    const auto delegate = find_person_by_email(tx, visit.form.fields.get("delegate"));
    const auto refuse = [&](const char* field, std::string sentence) { problems.push_back({field, std::move(sentence)}); };
    if (!delegate || delegate->departed_on) return refuse("delegate", visit.say("Choose who acts meanwhile."));
    if (delegate->id == person.id) return refuse("delegate", visit.say("Nobody is their own delegate."));
    const auto theirs = grants_of(tx, delegate->id);
    for (const Grant& grant : grants_of(tx, person.id))
      if (grant.company.empty() &&
          std::ranges::none_of(theirs, [&](const Grant& other) { return other.company.empty() && other.role == grant.role; }))
        return refuse("delegate",
                      visit.say("{} has not the role \"{}\" and cannot stand in.", delegate->name, grant_words(visit, tx, grant)));
    const auto overlaps = [&](const Absence& absence) { return absence.from_on <= to && absence.to_on >= from; };
    if (std::ranges::any_of(absences_of(tx, delegate->id), overlaps))
      return refuse("delegate", visit.say("{} is away then.", delegate->name));
    if (std::ranges::any_of(absences_of(tx, person.id), overlaps))
      return refuse("from", visit.say("An absence on some of these days is entered already."));
    add_absence(tx, {0, person.id, delegate->id, from, to});
    record_line(tx, "people", "absent", visit.visitor.person.id, visit.engine.now(),
                {{"person", person.id}, {"delegate", delegate->id}, {"from", to_text(from)}, {"to", to_text(to)}});
  });
}

Response note_absence(Visit& visit) {
  const std::string no_day = visit.say("That is not a day that exists. Write it as 2026-12-22 or 12/22/2026.");
  std::vector<Problem> problems;
  const auto from = parse_date(trimmed(visit.form.fields.get("from"))), to = parse_date(trimmed(visit.form.fields.get("to")));
  if (!from) problems.push_back({"from", no_day});
  if (!to) problems.push_back({"to", no_day});
  if (from && to && *to < *from) problems.push_back({"to", visit.say("An absence ends on or after the day it begins.")});
  if (problems.empty()) add_away(visit, *from, *to, problems);
  if (!problems.empty()) return show_person(visit, problems);
  return visit.go("/operator/people/" + visit.params.at("person"), visit.say("The absence is entered."));
}

}  // namespace

void add_people_routes(Routes& routes) {
  const Access access = Access::operators;
  const std::string one = "/operator/people/{person}";
  routes.push_back({"GET", "/operator/people", "O2", access, list_people, "Who may act"});
  routes.push_back(
      {"GET", "/operator/people/new", "O2", access, [](Visit& v) { return new_person_form(v, {}); }, "The form of a new person"});
  routes.push_back({"POST", "/operator/people", "O2", access, add_somebody, "Add a person"});
  routes.push_back({"GET", one, "O2", access, [](Visit& v) { return show_person(v, {}); }, "A person: roles and absences"});
  routes.push_back({"POST", one, "O2", access, change_person, "Change a person's name, title or phone"});
  routes.push_back({"POST", one + "/roles", "O2", access, give_role, "Give a person a role"});
  routes.push_back({"POST", one + "/roles/remove", "O2", access, take_role, "Take a role away"});
  routes.push_back({"POST", one + "/absences", "O2", access, note_absence, "Enter an absence with its delegate"});
}

}  // namespace tradecase::http
