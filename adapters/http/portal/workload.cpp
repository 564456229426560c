// N8: the load of each account manager by week, as chart, table and CSV; and the accounts of one, to move some to another.
#include <algorithm>

#include "adapters/http/portal/load_chart.hpp"
#include "adapters/http/portal/sheet_answer.hpp"
#include "adapters/http/portal/staff.hpp"
#include "adapters/http/portal/team_store.hpp"

namespace tradecase::http {
namespace {

using std::chrono::days;

constexpr int weeks_shown = 9;  // this week, and at least all of next month
constexpr std::int64_t tasks_most = 1000;

Date monday_of(Date day) { return day - (std::chrono::weekday(day) - std::chrono::Monday); }

struct Member {
  Person person;
  std::string away;  // "away until …, Nora Lind stands in"
  std::int64_t accounts = 0, open = 0, total = 0;
  std::vector<std::int64_t> weeks;
};

struct Load {
  Date from{};
  std::vector<std::string> week_names;
  std::vector<Member> people;
  std::int64_t nobodys = 0;  // cases of companies without an account manager
};

std::string away_words(const Visit& visit, Session& session, const Person& person) {
  for (const Absence& absence : absences_of(session, person.id)) {
    if (absence.to_on < visit.today() || absence.from_on > visit.today() + days(7 * weeks_shown)) continue;
    const auto delegate = find_person(session, absence.delegate);
    return visit.say("away {} to {}; {} stands in", visit.date(absence.from_on), visit.date(absence.to_on),
                     delegate ? delegate->name : absence.delegate);
  }
  return "";
}

Load load_of(const Visit& visit) {
  Load load;
  load.from = monday_of(visit.today());
  for (int week = 0; week < weeks_shown; ++week) {
    const std::string spoken_day = visit.date(load.from + days(7 * week));
    load.week_names.push_back(spoken_day.substr(0, spoken_day.find(',')));
  }
  visit.engine.database().read([&](Session& session) {
    for (Person& person : people_with(session, "nam", "", visit.today())) {
      Member row{std::move(person), "", 0, 0, 0, std::vector<std::int64_t>(weeks_shown)};
      row.away = away_words(visit, session, row.person);
      row.accounts = accounts_of(session, row.person.id);
      row.open = open_tasks_of_person(session, row.person.id, tasks_most);
      load.people.push_back(std::move(row));
    }
    for (const DueCount& count : due_counts(session, load.from, load.from + days(7 * weeks_shown))) {
      const auto row = std::ranges::find_if(load.people, [&](const Member& one) { return one.person.id == count.nam; });
      if (row == load.people.end()) {
        load.nobodys += count.cases;
        continue;
      }
      row->weeks[static_cast<std::size_t>((count.due_on - load.from).count() / 7)] += count.cases;
      row->total += count.cases;
    }
  });
  return load;
}

Response show_workload(Visit& visit) {
  const Load load = load_of(visit);
  json::array people;
  std::vector<LoadRow> bars;
  for (const Member& row : load.people) {
    json::array weeks;
    for (const std::int64_t value : row.weeks) weeks.emplace_back(value);
    people.push_back(json::object{{"href", "/workload/" + row.person.id},
                                  {"name", row.person.name},
                                  {"away", row.away},
                                  {"accounts", row.accounts},
                                  {"open", row.open},
                                  {"weeks", std::move(weeks)},
                                  {"total", row.total}});
    bars.push_back({row.person.name, row.weeks});
  }
  const auto busiest = std::ranges::max_element(load.people, {}, &Member::total);
  const std::string told = busiest == load.people.end() ? visit.say("There is no account manager.")
                                                        : visit.say("{} has the most: {} (case|cases) in {} weeks.", busiest->person.name,
                                                                    busiest->total, weeks_shown);
  return visit.page(
      "workload", visit.say("Workload"),
      {{"weeks", json::value_from(load.week_names)},
       {"people", people},
       {"any", !people.empty()},
       {"csv", "/workload.csv"},
       {"xlsx", "/workload.xlsx"},
       {"told", told},
       {"nobodys", load.nobodys},
       {"any_nobodys", load.nobodys > 0},
       {"html_chart", bars.empty() ? "" : load_chart(load.week_names, bars, visit.say("Cases due by account manager and week"), told)}});
}

Response workload_sheet(Visit& visit) {
  const Load load = load_of(visit);
  Sheet sheet{
      "workload", visit.say("Workload"), {visit.say("National Account Manager"), visit.say("Accounts"), visit.say("Open tasks")}, {}};
  for (int week = 0; week < weeks_shown; ++week) sheet.head.push_back(to_text(load.from + days(7 * week)));
  for (const Member& row : load.people) {
    std::vector<SheetCell> cells{row.person.name, row.accounts, row.open};
    for (const std::int64_t value : row.weeks) cells.emplace_back(value);
    sheet.rows.push_back(std::move(cells));
  }
  return sheet_answer(visit, sheet);
}

Response show_accounts(Visit& visit) {
  const Date from = monday_of(visit.today());
  json::array accounts, others;
  std::optional<Person> person;
  visit.engine.database().read([&](Session& session) {
    person = find_person(session, visit.params.at("person"));
    if (!person) return;
    for (const LoadedAccount& one : accounts_with_load(session, person->id, from, from + days(7 * weeks_shown)))
      accounts.push_back(json::object{{"href", "/companies/" + percent_encoded(one.company)},
                                      {"name", one.name},
                                      {"membership", one.membership},
                                      {"open", one.open_cases},
                                      {"due", one.due_cases}});
    for (const Person& other : people_with(session, "nam", "", visit.today()))
      if (other.id != person->id)
        others.push_back(json::object{{"email", other.email},
                                      {"label", visit.say("{} ({} (account|accounts))", other.name, accounts_of(session, other.id))}});
  });
  if (!person) throw Fault(404, visit.say("There is no such person."));
  const bool may_move = visit.visitor.staff.any_of({Role::supervisor, Role::admin});
  return visit.page("accounts", visit.say("Accounts of {}", person->name),
                    {{"any", !accounts.empty()},
                     {"accounts", accounts},
                     {"others", others},
                     {"weeks", weeks_shown},
                     {"may_move", may_move && !accounts.empty() && !others.empty()}});
}

}  // namespace

void add_workload_routes(Routes& routes) {
  routes.push_back({"GET", "/workload", "N8", Access::team, show_workload, "Cases due, by account manager and week"});
  add_sheet_routes(routes, "/workload", Access::team, workload_sheet, "The workload's table");
  routes.push_back({"GET", "/workload/{person}", "N8", Access::team, show_accounts, "The accounts of one account manager, to move some"});
}

}  // namespace tradecase::http
