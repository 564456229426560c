#include "tools/simulation/cast.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "workflows/roster/roster.hpp"

namespace tradecase::simulation {
namespace {

using std::chrono::days;

constexpr const char* first_names[] = {"Ada",  "Bram",   "Clio",  "Dorian", "Esme", "Femi", "Greta",
                                       "Hiro", "Isolde", "Jonas", "Kezia",  "Lev",  "Mara"};
constexpr const char* last_names[] = {"Ashdown",  "Brandt", "Castellan", "Ekwueme", "Fallow", "Garnet",
                                      "Hartigan", "Lorne",  "Nwosu",     "Okonjo",  "Plum"};
constexpr const char* trades[] = {"Home Goods",      "Toys",       "Electronics", "Apparel", "Tools", "Seafood",
                                  "Garden Products", "Auto Parts", "Steel"};

std::string some_name(Dice& dice, int number) {
  return fmt::format("{} {} {}", first_names[dice.below(std::size(first_names))], last_names[dice.below(std::size(last_names))], number);
}

struct Office {
  Role role;
  const char* title;
  int count;
};

std::vector<Office> offices(int members) {
  return {{Role::nam, "National Account Manager", std::max(2, members / 60 + 1)},
          {Role::supervisor, "Supervisor", std::max(2, members / 1000 + 1)},
          {Role::compliance, "Trade Compliance Specialist", std::max(3, members / 500 + 1)},
          {Role::auditor, "Auditor", std::max(3, members / 500 + 1)},
          {Role::appeals, "Appeals Officer", 3},
          {Role::admin, "Operator", 1}};
}

Someone someone(const Person& person) { return {person.id, person.name, person.email}; }

void add_staff(Transaction& tx, Dice& dice, int members) {
  for (const Office& office : offices(members))
    for (int i = 1; i <= office.count; ++i) {
      const std::string email = fmt::format("{}.{}@agency.example", to_text(office.role), i);
      const Person person = add_person(tx, {"", email, some_name(dice, i), office.title, "", std::nullopt});
      add_grant(tx, {person.id, std::string(to_text(office.role)), "", false});
    }
}

// Most have filed the last letter that was due; some are a year behind, of some nobody knows.
std::optional<Date> last_acceptance(Dice& dice, Date acceptance, Date today) {
  const auto age = static_cast<int>((today - acceptance).count());
  const int years = age / 366 - (dice.chance(80) ? 1 : 0);
  if (years < 1 || dice.chance(50)) return std::nullopt;
  const Date accepted = acceptance + days(years * 365 + dice.between(1, 60));
  return std::min(accepted, today);
}

RosterRow roster_row(Dice& dice, int number, int nams, Date today) {
  RosterRow row;
  row.company_id = fmt::format("M{:05}", number);
  row.legal_name =
      fmt::format("{} {} No. {}, Inc.", last_names[dice.below(std::size(last_names))], trades[dice.below(std::size(trades))], number);
  row.program = dice.chance(300) ? "ISA" : "CTPAT-TC";
  row.acceptance_date = today - days(dice.between(20, 14 * 365));
  row.security_tier = dice.chance(200) ? "II" : "III";
  row.security_status = dice.chance(5) ? "suspended" : "good_standing";
  row.entity_kind = "importer";
  if (!dice.chance(30)) row.nam_email = fmt::format("nam.{}@agency.example", dice.between(1, nams));
  row.officer_name = some_name(dice, number);
  row.officer_email = fmt::format("officer@m{:05}.example.com", number);
  if (dice.chance(700)) {
    row.contact_name = some_name(dice, number);
    row.contact_email = fmt::format("contact@m{:05}.example.com", number);
  }
  const int numbers = dice.between(1, 4);
  for (int i = 0; i < numbers; ++i) row.ior_numbers.push_back(fmt::format("49-{:07}A{}", number, i));
  row.last_anl_accepted_on = last_acceptance(dice, row.acceptance_date, today);
  row.line = number + 1;
  return row;
}

void add_preparers(Transaction& tx, Dice& dice, const std::vector<RosterRow>& rows) {
  for (const RosterRow& row : rows) {
    if (!dice.chance(400)) continue;
    const Person person = add_person(tx, {"", "preparer@" + row.officer_email.substr(row.officer_email.find('@') + 1),
                                          "Pat of " + row.company_id, "Customs consultant", "", std::nullopt});
    add_grant(tx, {person.id, "preparer", row.company_id, false});
  }
}

void add_applicants(Transaction& tx, Dice& dice, int count) {
  for (int i = 1; i <= count; ++i) {
    Company company;
    company.id = fmt::format("A{:05}", i);
    company.legal_name =
        fmt::format("{} {} Applicant {}, LLC", last_names[dice.below(std::size(last_names))], trades[dice.below(std::size(trades))], i);
    company.security_tier = dice.chance(100) ? "I" : "III";  // some may not apply yet, and are told so
    company.security_status = "good_standing";
    company.entity_kind = "importer";
    put_company(tx, company);
    const Person officer =
        add_person(tx, {"", fmt::format("officer@a{:05}.example.com", i), some_name(dice, i), "Company officer", "", std::nullopt});
    add_grant(tx, {officer.id, "officer", company.id, true});
  }
}

void add_absences(Transaction& tx, Dice& dice, Date today, int years) {
  const auto nams = people_with(tx, "nam", "");
  for (std::size_t i = 0; i < nams.size(); ++i)
    for (int year = 0; year < years; ++year) {
      const Date from = today + days(year * 365 + dice.between(1, 330));
      const Person& delegate = nams[(i + 1) % nams.size()];
      add_absence(tx, {0, nams[i].id, delegate.id, from, from + days(dice.between(4, 30))});
    }
}

}  // namespace

std::string Cast::present(const std::string& person, Date on) const {
  const auto found = away.find(person);
  if (found == away.end()) return person;
  for (const Away& absence : found->second)
    if (absence.from_on <= on && on <= absence.to_on) return absence.delegate;
  return person;
}

Cast make_cast(Engine& engine, Dice& dice, int members, int years) {
  const Date today = engine.today();
  std::vector<RosterRow> rows;
  for (int i = 1; i <= members; ++i) rows.push_back(roster_row(dice, i, offices(members).front().count, today));
  engine.database().write([&](Transaction& tx) {
    add_staff(tx, dice, members);
    add_absences(tx, dice, today, years);
  });
  const RosterReport report = import_roster(engine, rows, RosterMode::all_or_nothing, false);
  if (report.imported != members) throw std::logic_error("the simulated roster was not imported");
  engine.database().write([&](Transaction& tx) {
    add_preparers(tx, dice, rows);
    add_applicants(tx, dice, members / 20 + 2);
  });
  return find_cast(engine);
}

Cast find_cast(Engine& engine) {
  return engine.database().read([&](Session& session) {
    Cast cast;
    for (const Role role : {Role::nam, Role::supervisor, Role::compliance, Role::auditor, Role::appeals, Role::admin})
      for (const Person& person : people_with(session, to_text(role), "")) {
        cast.staff[role].push_back(someone(person));
        for (const Absence& absence : absences_of(session, person.id))
          cast.away[person.id].push_back({absence.from_on, absence.to_on, absence.delegate});
      }
    for (const Company& company : all_companies(session)) {
      CompanyPeople people;
      if (const auto officers = people_with(session, "officer", company.id); !officers.empty()) people.officer = someone(officers.front());
      if (const auto preparers = people_with(session, "preparer", company.id); !preparers.empty())
        people.preparer = someone(preparers.front());
      cast.companies[company.id] = std::move(people);
      (company.id.front() == 'A' ? cast.applicants : cast.members).push_back(company.id);
    }
    return cast;
  });
}

}  // namespace tradecase::simulation
