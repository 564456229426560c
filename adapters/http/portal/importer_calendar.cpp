// M10 every date of one's cases by month, each with its reason, and the same as a calendar feed under a secret address.
#include <algorithm>

#include "adapters/http/portal/case_views.hpp"
#include "adapters/http/portal/ical.hpp"
#include "adapters/http/portal/importer_store.hpp"
#include "adapters/http/portal/importer_views.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

constexpr int alarm_days = 7;
constexpr int ended_days = 60;  // so long a date that stands no longer is told to calendars as cancelled

struct Dated {
  LedgerEntry entry;
  std::string case_id, case_name, company;
  int moves = 0;  // entries that this one followed
  bool over = false;
};

bool told(const std::string& name) { return !name.starts_with("reminder:") && !name.starts_with("ladder:"); }

// The day on which something begins: nobody is late for it.
bool opens(const std::string& name) { return name == "window_opens" || name == "review_opens" || name == "entrance_on"; }

void add_dates(const Visit& visit, const Company& company, bool with_ended, std::vector<Dated>& all) {
  for (const Case& on : cases_seen(visit, company, !with_ended)) {
    const auto ledger = visit.engine.database().read([&](Session& session) { return ledger_of(session, on.id); });
    for (const LedgerEntry& entry : ledger) {
      if (!entry.current() || !told(entry.name) || (entry.ended_by_version && !with_ended)) continue;
      const auto same = std::ranges::count(ledger, entry.name, &LedgerEntry::name);
      all.push_back({entry, on.id, case_name(visit, on.workflow, on.cycle), company.legal_name, static_cast<int>(same) - 1,
                     entry.ended_by_version.has_value()});
    }
  }
}

// A company's people: their companies'. Staff: those whose National Account Manager they are.
std::vector<Company> companies_of(const Visit& visit) {
  auto all = own_companies(visit);
  if (!visit.visitor.is_staff()) return all;
  visit.engine.database().read([&](Session& session) {
    for (Company& company : all_companies(session))
      if (company.nam == visit.visitor.person.id) all.push_back(std::move(company));
  });
  return all;
}

std::vector<Dated> dates_of(const Visit& visit, bool with_ended) {
  std::vector<Dated> all;
  for (const Company& company : companies_of(visit)) add_dates(visit, company, with_ended, all);
  std::ranges::stable_sort(all, {}, [](const Dated& one) { return one.entry.derivation.due_on; });
  return all;
}

std::string month_of(const Visit& visit, Date day) {
  static const char* const names[] = {"January", "February", "March",     "April",   "May",      "June",
                                      "July",    "August",   "September", "October", "November", "December"};
  const std::chrono::year_month_day date(day);
  return visit.say(names[static_cast<unsigned>(date.month()) - 1]) + " " + std::to_string(static_cast<int>(date.year()));
}

json::array month_views(const Visit& visit, bool several) {
  json::array months;
  for (const Dated& one : dates_of(visit, false)) {
    const Date due = one.entry.derivation.due_on;
    if (due < visit.today() && opens(one.entry.name)) continue;
    std::string month = month_of(visit, due);
    if (months.empty() || months.back().as_object().at("month").as_string() != month)
      months.push_back(json::object{{"month", month}, {"anchor", "month-" + to_text(due).substr(0, 7)}, {"dates", json::array()}});
    months.back().as_object().at("dates").as_array().push_back(
        json::object{{"label", visit.say(visit.words().deadline(one.entry.name))},
                     {"case_href", "/cases/" + one.case_id},
                     {"case_name", one.case_name},
                     {"company", several ? one.company : ""},
                     {"due", visit.weekday(due)},
                     {"left", visit.left(due)},
                     {"late", due < visit.today()},
                     {"why", "/cases/" + one.case_id + "/dates/" + percent_encoded(one.entry.name)}});
  }
  return months;
}

Response show_calendar(Visit& visit, const std::string& token = "") {
  const bool several = companies_of(visit).size() > 1;
  const auto months = month_views(visit, several);
  const bool has = visit.engine.database().read([&](Session& session) { return has_feed(session, visit.visitor.person.id); });
  return visit.page("calendar", visit.say("Calendar"),
                    {{"months", months},
                     {"none", months.empty()},
                     {"address", token.empty() ? "" : visit.programme().portal_url + "/calendar/" + token + ".ics"},
                     {"has", has}});
}

// The address is shown once, in the answer that makes it: nothing but its hash is kept.
Response make_address(Visit& visit) {
  if (visit.form.fields.get("act") == "revoke") {
    visit.engine.database().write([&](Transaction& tx) { end_feed(tx, visit.visitor.person.id); });
    return visit.go("/calendar", visit.say("The calendar address works no longer."));
  }
  const std::string token = random_token();
  visit.engine.database().write([&](Transaction& tx) { set_feed(tx, visit.visitor.person.id, token); });
  return show_calendar(visit, token);
}

CalendarDate feed_date(const Visit& visit, const Dated& one) {
  const auto& derivation = one.entry.derivation;
  const bool cancelled = one.over && derivation.due_on > visit.today();  // a day that was met stays where it was
  const std::string base = visit.programme().portal_url + "/cases/" + one.case_id;
  return {one.case_id + "-" + one.entry.name + "@" + visit.programme().mail_host,
          derivation.due_on,
          visit.say(visit.words().deadline(one.entry.name)) + ": " + one.case_name + ", " + one.company,
          join(derivation.steps, "\n"),
          base + "/dates/" + percent_encoded(one.entry.name),
          one.moves + (cancelled ? 1 : 0),
          cancelled,
          alarm_days};
}

Response feed(Visit& visit) {
  const std::string& file = visit.params.at("file");
  std::optional<Visitor> visitor;
  if (file.ends_with(".ics"))
    visitor = visit.engine.database().read([&](Session& session) -> std::optional<Visitor> {
      const auto person = person_of_feed(session, std::string_view(file).substr(0, file.size() - 4));
      return person ? find_visitor(session, *person, visit.today()) : std::nullopt;
    });
  if (!visitor) return visit.error(404, visit.say("There is no page at this address."));
  Visit reader = visit;
  reader.visitor = *visitor;
  std::vector<CalendarDate> dates;
  for (const Dated& one : dates_of(reader, true))
    if (!one.over || one.entry.derivation.due_on + std::chrono::days(ended_days) > visit.today()) dates.push_back(feed_date(reader, one));
  Response response;
  response.type = "text/calendar; charset=utf-8";
  response.body = icalendar(visit.say("CTPAT Trade Compliance: due dates"), dates, visit.engine.now());
  return response.set("Content-Disposition", "attachment; filename=\"due-dates.ics\"");
}

}  // namespace

void add_calendar_routes(Routes& routes) {
  routes.push_back({"GET", "/calendar", "M10", Access::signed_in, [](Visit& v) { return show_calendar(v); }, "Every date, by month"});
  routes.push_back({"POST", "/calendar/address", "M10", Access::signed_in, make_address, "Make or revoke one's calendar address"});
  routes.push_back({"GET", "/calendar/{file}", "", Access::anyone, feed, "Dates as a calendar feed, by its secret address"});
}

}  // namespace tradecase::http
