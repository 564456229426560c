#include "adapters/http/portal/people_acts.hpp"

#include <algorithm>

#include "adapters/http/portal/account_store.hpp"
#include "adapters/http/portal/operator_store.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

constexpr RoleChoice all_role_choices[] = {
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
  const auto* found = std::ranges::find(all_role_choices, code, [](const RoleChoice& one) { return std::string_view(one.code); });
  return found == std::end(all_role_choices) ? nullptr : found;
}

bool is_address(std::string_view email) {
  const auto at = email.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < email.size() && email.find('@', at + 1) == std::string_view::npos &&
         email.find_first_of(" \t\r\n<>,;\"") == std::string_view::npos;
}

void check_text(const Visit& visit, const Fields& form, const char* field, const char* what, bool needed, std::vector<Problem>& problems) {
  const std::string text = trimmed(form.get(field));
  if (text.empty() && needed)
    problems.push_back({field, visit.say("{} is missing.", visit.say(what))});
  else if (const auto problem = text_problem(text, 200))
    problems.push_back({field, visit.say("{} {}.", visit.say(what), *problem)});
}

// The role and company that the form names; a company where the role is of one, and only there.
void check_role(const Visit& visit, const Fields& form, std::vector<Problem>& problems) {
  const RoleChoice* role = choice_of(form.get("role"));
  const bool with_company = !form.get("company").empty();
  if (role == nullptr)
    problems.push_back({"role", visit.say("Choose a role.")});
  else if (role->of_company && !with_company)
    problems.push_back({"company", visit.say("Choose the company: this role is of a company.")});
  else if (!role->of_company && with_company)
    problems.push_back({"company", visit.say("A role of the agency is for all companies: choose none.")});
}

std::vector<Problem> check_texts(const Visit& visit, const Fields& form) {
  std::vector<Problem> problems;
  check_text(visit, form, "name", "The name", true, problems);
  check_text(visit, form, "title", "The title", false, problems);
  check_text(visit, form, "phone", "The phone number", false, problems);
  return problems;
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

// Whether somebody can stand in for a person on those days.
std::optional<Problem> cannot_stand_in(const Visit& visit, Session& session, const Person& person, const std::optional<Person>& delegate,
                                       Date from, Date to) {
  if (!delegate || delegate->departed_on) return Problem{"delegate", visit.say("Choose who acts meanwhile.")};
  if (delegate->id == person.id) return Problem{"delegate", visit.say("Nobody is their own delegate.")};
  const auto theirs = grants_of(session, delegate->id);
  for (const Grant& grant : grants_of(session, person.id))
    if (grant.company.empty() &&
        std::ranges::none_of(theirs, [&](const Grant& other) { return other.company.empty() && other.role == grant.role; }))
      return Problem{"delegate",
                     visit.say("{} has not the role \"{}\" and cannot stand in.", delegate->name, grant_words(visit, session, grant))};
  const auto overlaps = [&](const Absence& absence) { return absence.from_on <= to && absence.to_on >= from; };
  if (std::ranges::any_of(absences_of(session, delegate->id), overlaps))
    return Problem{"delegate", visit.say("{} is away then.", delegate->name)};
  if (std::ranges::any_of(absences_of(session, person.id), overlaps))
    return Problem{"from", visit.say("An absence on some of these days is entered already.")};
  return std::nullopt;
}

}  // namespace

std::span<const RoleChoice> role_choices() { return all_role_choices; }

std::string grant_words(const Visit& visit, Session& session, const Grant& grant) {
  const RoleChoice* choice = choice_of(grant.role);
  std::string role = visit.say(choice == nullptr ? grant.role : std::string(choice->label));
  if (grant.company.empty()) return role;
  const auto company = find_company(session, grant.company);
  return role + ", " + (company ? company->legal_name : grant.company);
}

Person named_person(const Visit& visit, Session& session) {
  auto found = find_person(session, visit.params.at("person"));
  if (!found) throw Fault(404, visit.say("There is no such person."));
  return *found;
}

std::vector<Problem> add_somebody(const Visit& visit, Transaction& tx, const Fields& form, std::string& id) {
  auto problems = check_texts(visit, form);
  const std::string email = trimmed(form.get("email"));
  if (!is_address(email) || text_problem(email, 200)) problems.push_back({"email", visit.say("Write an e-mail address: name@agency.gov.")});
  check_role(visit, form, problems);
  if (!problems.empty()) return problems;
  const std::string role(form.get("role")), company(form.get("company"));
  if (const auto known = find_person_by_email(tx, email))
    problems.push_back({"email", visit.say("{} has this address. Open their page to give another role.", known->name)});
  if (!company.empty() && !find_company(tx, company)) problems.push_back({"company", visit.say("There is no such company.")});
  if (!problems.empty()) return problems;
  id = add_person(tx, {"", email, trimmed(form.get("name")), trimmed(form.get("title")), trimmed(form.get("phone")), std::nullopt}).id;
  add_grant(tx, {id, role, company, !company.empty()});
  record_line(tx, "people", "add", visit.visitor.person.id, visit.engine.now(), {{"person", id}, {"role", role}, {"company", company}});
  return {};
}

std::vector<Problem> change_somebody(const Visit& visit, Transaction& tx, const Fields& form) {
  Person person = named_person(visit, tx);
  if (auto problems = check_texts(visit, form); !problems.empty()) return problems;
  person.name = trimmed(form.get("name"));
  person.title = trimmed(form.get("title"));
  person.phone = trimmed(form.get("phone"));
  update_person(tx, person);
  record_line(tx, "people", "change", visit.visitor.person.id, visit.engine.now(), {{"person", person.id}});
  return {};
}

std::vector<Problem> give_role(const Visit& visit, Transaction& tx, const Fields& form) {
  const Person person = named_person(visit, tx);
  std::vector<Problem> problems;
  check_role(visit, form, problems);
  if (!problems.empty()) return problems;
  const std::string role(form.get("role")), company(form.get("company"));
  if (!company.empty() && !find_company(tx, company)) problems.push_back({"company", visit.say("There is no such company.")});
  if (person.departed_on) problems.push_back({"role", visit.say("{} has left.", person.name)});
  if (!problems.empty()) return problems;
  add_grant(tx, {person.id, role, company, !company.empty()});
  record_line(tx, "people", "add", visit.visitor.person.id, visit.engine.now(),
              {{"person", person.id}, {"role", role}, {"company", company}});
  return {};
}

std::vector<Problem> take_role(const Visit& visit, Transaction& tx, const Fields& form) {
  const Person person = named_person(visit, tx);
  const Grant grant{person.id, std::string(form.get("role")), std::string(form.get("company")), false};
  if (std::string why = keeps_role(visit, tx, person, grant); !why.empty()) return {{"grants", std::move(why)}};
  remove_grant(tx, grant);
  if (!grant.company.empty() && count_notified(tx, grant.company) == 0)
    throw Fault(422, visit.say("Nobody would get the notices of that company. Name somebody else first."));
  record_line(tx, "people", "remove", visit.visitor.person.id, visit.engine.now(),
              {{"person", person.id}, {"role", grant.role}, {"company", grant.company}});
  return {};
}

std::vector<Problem> note_absence(const Visit& visit, Transaction& tx, const Fields& form) {
  const Person person = named_person(visit, tx);
  const std::string no_day = visit.say("That is not a day that exists. Write it as 2026-12-22 or 12/22/2026.");
  std::vector<Problem> problems;
  const auto from = parse_date(trimmed(form.get("from"))), to = parse_date(trimmed(form.get("to")));
  if (!from) problems.push_back({"from", no_day});
  if (!to) problems.push_back({"to", no_day});
  if (from && to && *to < *from) problems.push_back({"to", visit.say("An absence ends on or after the day it begins.")});
  if (!problems.empty()) return problems;
  const auto delegate = find_person_by_email(tx, form.get("delegate"));
  if (auto problem = cannot_stand_in(visit, tx, person, delegate, *from, *to)) return {std::move(*problem)};
  add_absence(tx, {0, person.id, delegate->id, *from, *to});
  record_line(tx, "people", "absent", visit.visitor.person.id, visit.engine.now(),
              {{"person", person.id}, {"delegate", delegate->id}, {"from", to_text(*from)}, {"to", to_text(*to)}});
  return {};
}

}  // namespace tradecase::http
