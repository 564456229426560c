#include <fmt/format.h>

#include <algorithm>

#include "engine/store/store.hpp"

namespace tradecase {
namespace {

using Text = std::string;
constexpr char person_columns[] = "select p.id, p.email, p.name, p.title, p.phone, p.departed_on from people p ";

std::vector<Person> people_where(Session& session, const std::string& where, Binds binds) {
  std::vector<Person> all;
  session.each<Text, Text, Text, Text, Text, std::optional<Text>>(
      person_columns + where, binds, [&](Text id, Text email, Text name, Text title, Text phone, std::optional<Text> departed_on) {
        all.push_back(
            {std::move(id), std::move(email), std::move(name), std::move(title), std::move(phone), stored_date_or_none(departed_on)});
      });
  return all;
}

std::optional<Person> first(std::vector<Person> found) { return found.empty() ? std::nullopt : std::optional(std::move(found.front())); }

bool of_company(Role role) { return role == Role::officer || role == Role::preparer; }

// Of the codes in a list, the roles that are granted there; nobody is the system's clock.
RoleSet roles_among(std::string_view codes, bool at_agency) {
  RoleSet roles;
  for (std::string_view rest = codes; !rest.empty();) {
    const auto end = std::min(rest.find(' '), rest.size());
    if (const auto role = parse_role(rest.substr(0, end)); role && *role != Role::timer && of_company(*role) != at_agency) roles.add(*role);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return roles;
}

RoleSet staff_roles(Session& session, std::string_view person) {
  const auto codes = session.value<Text>("select group_concat(role, ' ') from grants where person = :person and company = ''", {person});
  return roles_among(codes.value_or(""), true);
}

// Adds the roles of the agency of their holder: the actor, or somebody who is away. Says whether that gave any.
bool add_staff_roles(Actor& actor, RoleSet roles, std::string_view holder, const Company& company) {
  actor.staff = actor.staff || !roles.empty();
  bool gained = false;
  for (const Role role : all_roles) {
    if (!roles.has(role) || actor.roles.has(role)) continue;
    if (role == Role::nam && company.nam != holder) continue;  // a National Account Manager is one for assigned accounts
    actor.roles.add(role);
    gained = true;
  }
  return gained;
}

}  // namespace

std::optional<Person> find_person(Session& session, std::string_view id) { return first(people_where(session, "where p.id = :id", {id})); }

std::optional<Person> find_person_by_email(Session& session, std::string_view email) {
  return first(people_where(session, "where p.email = lower(:email)", {email}));
}

std::vector<Person> all_people(Session& session) { return people_where(session, "order by p.number", {}); }

std::vector<Grant> grants_of(Session& session, std::string_view person) {
  std::vector<Grant> all;
  session.each<Text, Text, bool>("select role, company, notices from grants where person = :person order by company, role", {person},
                                 [&](Text role, Text company, bool notices) {
                                   all.push_back({std::string(person), std::move(role), std::move(company), notices});
                                 });
  return all;
}

Person add_person(Transaction& tx, const Person& person) {
  Person added = person;
  const auto number = tx.session().value<std::int64_t>("select coalesce(max(number), 0) + 1 from people").value();
  added.id = fmt::format("P-{:06}", number);
  tx.session().run("insert into people (number, id, email, name, title, phone) values (:number, :id, lower(:email), :name, :title, :phone)",
                   {number, added.id, added.email, added.name, added.title, added.phone});
  return added;
}

void update_person(Transaction& tx, const Person& person) {
  tx.session().run(
      "update people set email = lower(:email), name = :name, title = :title, phone = :phone, departed_on = :departed_on where id = :id",
      {person.email, person.name, person.title, person.phone,
       person.departed_on ? std::optional(to_text(*person.departed_on)) : std::nullopt, person.id});
}

void add_grant(Transaction& tx, const Grant& grant) {
  tx.session().run(
      "insert into grants (person, role, company, notices) values (:person, :role, :company, :notices) "
      "on conflict (person, role, company) do update set notices = excluded.notices",
      {grant.person, grant.role, grant.company, grant.notices ? 1 : 0});
}

void remove_grant(Transaction& tx, const Grant& grant) {
  tx.session().run("delete from grants where person = :person and role = :role and company = :company",
                   {grant.person, grant.role, grant.company});
}

void add_absence(Transaction& tx, const Absence& absence) {
  tx.session().run("insert into absences (person, from_on, to_on, delegate) values (:person, :from_on, :to_on, :delegate)",
                   {absence.person, to_text(absence.from_on), to_text(absence.to_on), absence.delegate});
}

std::vector<Absence> absences_of(Session& session, std::string_view person) {
  std::vector<Absence> all;
  session.each<std::int64_t, Text, Text, Text>(
      "select id, from_on, to_on, delegate from absences where person = :person order by from_on", {person},
      [&](std::int64_t id, Text from_on, Text to_on, Text delegate) {
        all.push_back({id, std::string(person), std::move(delegate), stored_date(from_on), stored_date(to_on)});
      });
  return all;
}

std::optional<std::string> delegate_of(Session& session, std::string_view person, Date on) {
  const std::string day = to_text(on);
  return session.value<Text>(
      "select delegate from absences where person = :person and from_on <= :day and to_on >= :day2 order by id desc limit 1",
      {person, day, day});
}

std::vector<Person> people_with(Session& session, std::string_view role, std::string_view company, std::optional<Date> on) {
  const std::string day = on ? to_text(*on) : "9999-12-31";
  return people_where(session,
                      "join grants g on g.person = p.id where g.company = :company and g.role = :role "
                      "and (p.departed_on is null or p.departed_on > :day) order by p.number",
                      {company, role, day});
}

Actor timer_actor() { return {"timer", "the system's clock", "", {Role::timer}, "", true}; }

// In one statement, since each command asks; only what concerns this company, since somebody may hold grants at thousands.
std::optional<Actor> find_actor(Session& session, std::string_view person_id, const Company& company, Date on) {
  const std::string day = to_text(on);
  auto row = session.row<Text, Text, Text, std::optional<Text>, Text, Text, bool>(
      "select p.id, p.name, p.title, p.departed_on, "
      "coalesce((select group_concat(role, ' ') from grants where person = p.id and company = ''), ''), "
      "coalesce((select group_concat(role, ' ') from grants where person = p.id and company = :company and company <> ''), ''), "
      "exists (select 1 from absences where delegate = p.id and from_on <= :day and to_on >= :day2) from people p where p.id = :id",
      {company.id, day, day, person_id});
  if (!row) return std::nullopt;
  auto& [id, name, title, departed_on, at_agency, at_company, stands_in] = *row;
  if (const auto departed = stored_date_or_none(departed_on); departed && *departed <= on) return std::nullopt;
  Actor actor{std::move(id), std::move(name), std::move(title), roles_among(at_company, false), "", false};
  add_staff_roles(actor, roles_among(at_agency, true), actor.id, company);
  if (!stands_in) return actor;
  const auto away = session.rows<Text>("select person from absences where delegate = :person and from_on <= :day and to_on >= :day2",
                                       {actor.id, day, day});
  for (const auto& [absent] : away)
    if (add_staff_roles(actor, staff_roles(session, absent), absent, company)) actor.on_behalf_of = absent;
  return actor;
}

}  // namespace tradecase
