// N9: what falls due, week by week.
#include <algorithm>

#include "adapters/http/portal/case_views.hpp"
#include "adapters/http/portal/sheet_answer.hpp"
#include "adapters/http/portal/staff.hpp"
#include "adapters/http/portal/team_store.hpp"

namespace tradecase::http {
namespace {

using std::chrono::days;

constexpr int weeks_shown = 6, cases_a_week = 12, cases_of_one_week = 400;

Date monday_of(Date day) { return day - (std::chrono::weekday(day) - std::chrono::Monday); }

json::array cases_of(const Visit& visit, const std::vector<DueCase>& found, std::size_t most) {
  json::array all;
  for (const DueCase& one : found) {
    if (all.size() == most) break;
    all.push_back(json::object{{"href", "/cases/" + one.id},
                               {"name", case_name(visit, one.workflow, one.cycle) + ", " + one.company_name},
                               {"state", visit.say(visit.words().state(one.workflow, one.state).label)},
                               {"due", visit.weekday(one.due_on)},
                               {"left", visit.left(one.due_on)},
                               {"late", one.due_on < visit.today()},
                               {"why", one.deadline.empty() ? "" : "/cases/" + one.id + "/dates/" + percent_encoded(one.deadline)}});
  }
  return all;
}

struct DueAsked {
  std::string whose;  // mine, all
  Date from{};
  bool one_week = false;
  std::string address(Date monday, bool one) const {
    return address_of("/due", {{"whose", whose}, {"from", to_text(monday)}, {"weeks", one ? "1" : ""}});
  }
};

DueAsked asked_of(const Visit& visit) {
  const Fields& query = visit.request.query;
  DueAsked asked;
  asked.whose = query.get("whose") == "all" || query.get("whose") == "mine" ? std::string(query.get("whose"))
                : works_by_account(visit.visitor)                           ? "mine"
                                                                            : "all";
  const Date today = visit.today();
  const Date from = parse_date(query.get("from")).value_or(today);
  asked.from = monday_of(std::clamp(from, today - days(3660), today + days(3660)));
  asked.one_week = query.get("weeks") == "1";
  return asked;
}

Response due_sheet(Visit& visit) {
  const DueAsked asked = asked_of(visit);
  Sheet sheet{"due",
              visit.say("Due dates"),
              {visit.say("Due"), visit.say("Case"), visit.say("Company"), visit.say("Kind of case"), visit.say("State")},
              {}};
  const Date end = asked.from + days(7 * (asked.one_week ? 1 : weeks_shown));
  visit.engine.database().read([&](Session& session) {
    for (const DueCase& one : due_cases(session, asked.from, end, asked.whose == "mine" ? visit.visitor.person.id : "", sheet_rows_max))
      sheet.rows.push_back({one.due_on, one.id, one.company_name, case_name(visit, one.workflow, one.cycle),
                            visit.say(visit.words().state(one.workflow, one.state).label)});
  });
  return sheet_answer(visit, sheet);
}

Response show_due(Visit& visit) {
  const DueAsked asked = asked_of(visit);
  const std::string nam = asked.whose == "mine" ? visit.visitor.person.id : "";
  const int weeks = asked.one_week ? 1 : weeks_shown;
  const Date end = asked.from + days(7 * weeks);
  json::array all;
  visit.engine.database().read([&](Session& session) {
    const auto counts = due_counts(session, asked.from, end);
    for (Date monday = asked.from; monday < end; monday += days(7)) {
      const int most = asked.one_week ? cases_of_one_week : cases_a_week;
      std::int64_t count = 0;
      for (const DueCount& one : counts)
        if (one.due_on >= monday && one.due_on < monday + days(7) && (nam.empty() || one.nam == nam)) count += one.cases;
      const auto found = due_cases(session, monday, monday + days(7), nam, most);
      all.push_back(json::object{{"id", "week-" + to_text(monday)},
                                 {"heading", visit.say("Week of {}", visit.date(monday))},
                                 {"count", count},
                                 {"any", count > 0},
                                 {"more", count > most && !asked.one_week ? asked.address(monday, true) : ""},
                                 {"this_week", monday <= visit.today() && visit.today() < monday + days(7)},
                                 {"cases", cases_of(visit, found, static_cast<std::size_t>(most))}});
    }
  });
  DueAsked mine = asked, everybody = asked;
  mine.whose = "mine";
  everybody.whose = "all";
  return visit.page("due", visit.say("Due dates"),
                    {{"weeks", all},
                     {"mine", asked.whose == "mine"},
                     {"mine_href", mine.address(asked.from, asked.one_week)},
                     {"all_href", everybody.address(asked.from, asked.one_week)},
                     {"earlier", asked.address(asked.from - days(7 * weeks), asked.one_week)},
                     {"later", asked.address(end, asked.one_week)},
                     {"csv", sheet_address(asked.address(asked.from, asked.one_week), "csv")},
                     {"xlsx", sheet_address(asked.address(asked.from, asked.one_week), "xlsx")},
                     {"today_href", address_of("/due", {{"whose", asked.whose}})}});
}

}  // namespace

void add_due_calendar_routes(Routes& routes) {
  routes.push_back({"GET", "/due", "N9", Access::team, show_due, "What falls due, week by week"});
  add_sheet_routes(routes, "/due", Access::team, due_sheet, "What falls due");
}

}  // namespace tradecase::http
