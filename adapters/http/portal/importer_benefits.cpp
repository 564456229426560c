// M8 what the program gives the company: figures from what is on record, each opening its list; and what is not recorded.
#include <algorithm>

#include "adapters/http/portal/asked_questions.hpp"
#include "adapters/http/portal/case_views.hpp"
#include "adapters/http/portal/importer_store.hpp"
#include "adapters/http/portal/importer_views.hpp"
#include "adapters/http/portal/question_views.hpp"
#include "adapters/http/portal/sheet_answer.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

constexpr int rows_shown = 100;

std::string grouped(std::int64_t number) {  // 1,234,567
  std::string digits = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > (number < 0 ? 1 : 0); at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

std::string dollars(std::int64_t cents) { return fmt::format("${}.{:02}", grouped(cents / 100), cents % 100); }

// How many questions the case did not ask, as they were on file.
int not_asked_in(const Case& on) {
  const auto asked = asked_in(on);
  return asked && asked->sent ? numbers_of(asked->counts).on_file : 0;
}

struct Record {  // of the company's cases
  int letters_accepted = 0, letters_in_time = 0, letters_filed = 0, extensions = 0, audits = 0, focused = 0, surveys = 0, not_asked = 0;
};

Record record_of(const std::vector<Case>& cases) {
  Record record;
  for (const Case& on : cases) {
    record.not_asked += not_asked_in(on);
    if (on.workflow == "annual_notification") {
      if (on.state == "accepted") ++record.letters_accepted;
      if (!text_of(on.data, "filed_on").empty()) ++record.letters_filed;
      if (yes_at(on.data, "filed_in_time")) ++record.letters_in_time;
      record.extensions += static_cast<int>(array_at(on.data, "extensions").size());
    } else if (on.workflow == "audit") {
      ++record.audits;
      if (text_of(on.data, "kind") == "focused_assessment") ++record.focused;
    } else if (on.workflow == "risk_survey") {
      ++record.surveys;
    }
  }
  return record;
}

json::array figures_of(const Visit& visit, const Company& company, const Record& record, const EntryCounts& entries) {
  json::array all;
  const std::string lists = "/benefits/entries?company=" + percent_encoded(company.id) + "&kind=",
                    cases = "/benefits/cases?company=" + percent_encoded(company.id) + "&kind=";
  const auto add = [&](const std::string& number, const std::string& label, const std::string& href) {
    all.push_back(json::object{{"number", number}, {"label", label}, {"href", href}});
  };
  add(std::to_string(record.letters_accepted), visit.say("annual letters accepted"), cases + "accepted");
  add(fmt::format("{} / {}", record.letters_in_time, record.letters_filed), visit.say("annual letters filed in time"), cases + "filed");
  add(std::to_string(record.extensions), visit.say("extensions granted"), cases + "extended");
  add(std::to_string(record.focused), visit.say("focused assessments while a member"), cases + "focused");
  add(std::to_string(record.surveys), visit.say("risk surveys instead of an audit at once"), cases + "surveys");
  add(std::to_string(record.not_asked), visit.say("questions not asked again, as they were on file"), cases + "not_asked");
  add(grouped(entries.entries), visit.say("entries on file, {} (line|lines)", grouped(entries.lines)), lists + "all");
  add(grouped(entries.reconciliation), visit.say("entry lines flagged for reconciliation"), lists + "reconciliation");
  add(grouped(entries.spi), visit.say("entry lines with a special program or trade agreement"), lists + "spi");
  add(grouped(entries.psc), visit.say("entry lines with a post-summary correction"), lists + "psc");
  return all;
}

Response show_benefits(Visit& visit) {
  json::array companies;
  for (const Company& company : own_companies(visit)) {
    const EntryCounts entries = visit.engine.database().read([&](Session& session) { return count_entries(session, company.id); });
    const auto first = parse_date(entries.first_day), last = parse_date(entries.last_day);
    companies.push_back(json::object{{"company", company.legal_name},
                                     {"anchor", "company-" + company.id},
                                     {"since", company.acceptance_date ? visit.date(*company.acceptance_date) : ""},
                                     {"figures", figures_of(visit, company, record_of(cases_seen(visit, company, false)), entries)},
                                     {"has_entries", entries.lines > 0},
                                     {"from", first ? visit.date(*first) : ""},
                                     {"to", last ? visit.date(*last) : ""},
                                     {"value", dollars(entries.value_cents)},
                                     {"duty", dollars(entries.duty_cents)},
                                     {"undated", entries.undated_duty > 0 ? grouped(entries.undated_duty) : ""}});
  }
  return visit.page("benefits", visit.say("What the program gives you"), {{"companies", companies}});
}

Company own_company_or_stop(const Visit& visit) {
  const std::string asked(visit.request.query.get("company"));
  for (Company& company : own_companies(visit))
    if (company.id == asked) return company;
  throw Fault(404, visit.say("There is no such case or company, or it is not yours."));
}

std::string heading_of(const Visit& visit, std::string_view kind) {
  if (kind == "all") return visit.say("Entry lines on file");
  if (kind == "reconciliation") return visit.say("Entry lines flagged for reconciliation");
  if (kind == "spi") return visit.say("Entry lines with a special program or trade agreement");
  if (kind == "psc") return visit.say("Entry lines with a post-summary correction");
  if (kind == "accepted") return visit.say("Annual letters accepted");
  if (kind == "filed") return visit.say("Annual letters filed");
  if (kind == "extended") return visit.say("Annual letters with an extension");
  if (kind == "focused") return visit.say("Focused assessments");
  if (kind == "surveys") return visit.say("Risk surveys");
  if (kind == "not_asked") return visit.say("Surveys, questionnaires and reviews that asked less");
  throw Fault(404, visit.say("There is no such list."));
}

Response list_entries(Visit& visit) {
  const Company company = own_company_or_stop(visit);
  const std::string kind(visit.request.query.get("kind")), start(visit.request.query.get("from"));
  const bool number = !start.empty() && start.size() < 7 && start.find_first_not_of("0123456789") == std::string::npos;
  const int from = number ? std::stoi(start) : 0;
  auto rows = visit.engine.database().read([&](Session& session) { return entry_rows(session, company.id, kind, rows_shown + 1, from); });
  const bool more = rows.size() > rows_shown;
  if (more) rows.pop_back();
  json::array views;
  for (const EntryRow& row : rows) {
    const auto day = parse_date(row.entry_date);
    const json::object detail = json::parse(row.detail).as_object();
    views.push_back(json::object{{"entry", row.entry_number},
                                 {"line", row.line},
                                 {"day", day ? visit.date(*day) : ""},
                                 {"hts", row.hts},
                                 {"country", row.country},
                                 {"value", dollars(row.value_cents)},
                                 {"duty", row.duty_cents ? dollars(*row.duty_cents) : ""},
                                 {"status", text_of(detail, "liquidation_status")}});
  }
  const std::string list = "/benefits/entries?company=" + percent_encoded(company.id) + "&kind=" + percent_encoded(kind);
  const std::string base = list + "&from=";
  return visit.page("benefit_entries", heading_of(visit, kind) + ", " + company.legal_name,
                    {{"rows", views},
                     {"none", views.empty()},
                     {"csv", sheet_address(list, "csv")},
                     {"xlsx", sheet_address(list, "xlsx")},
                     {"previous", from > 0 ? base + std::to_string(std::max(0, from - rows_shown)) : ""},
                     {"next", more ? base + std::to_string(from + rows_shown) : ""}});
}

double in_dollars(std::int64_t cents) { return static_cast<double>(cents) / 100; }

Response entries_sheet(Visit& visit) {
  const Company company = own_company_or_stop(visit);
  const std::string kind(visit.request.query.get("kind"));
  Sheet sheet{"entries",
              heading_of(visit, kind) + ", " + company.legal_name,
              {visit.say("Entry"), visit.say("Line"), visit.say("Date"), visit.say("Tariff number"), visit.say("Origin"),
               visit.say("Value"), visit.say("Duty"), visit.say("Liquidation")},
              {}};
  const auto rows =
      visit.engine.database().read([&](Session& session) { return entry_rows(session, company.id, kind, sheet_rows_max, 0); });
  for (const EntryRow& row : rows) {
    const auto day = parse_date(row.entry_date);
    sheet.rows.push_back({row.entry_number, row.line, day ? SheetCell(*day) : SheetCell(row.entry_date), row.hts, row.country,
                          in_dollars(row.value_cents), row.duty_cents ? SheetCell(in_dollars(*row.duty_cents)) : SheetCell(),
                          text_of(json::parse(row.detail).as_object(), "liquidation_status")});
  }
  return sheet_answer(visit, sheet);
}

bool in_list(const Case& on, std::string_view kind) {
  if (kind == "surveys") return on.workflow == "risk_survey";
  if (kind == "not_asked") return not_asked_in(on) > 0;
  if (kind == "focused") return on.workflow == "audit" && text_of(on.data, "kind") == "focused_assessment";
  if (on.workflow != "annual_notification") return false;
  if (kind == "accepted") return on.state == "accepted";
  return kind == "filed" ? !text_of(on.data, "filed_on").empty() : !array_at(on.data, "extensions").empty();
}

Response list_cases(Visit& visit) {
  const Company company = own_company_or_stop(visit);
  const std::string kind(visit.request.query.get("kind"));
  json::array views;
  for (const Case& on : cases_seen(visit, company, false)) {
    if (!in_list(on, kind)) continue;
    const auto filed = parse_date(text_of(on.data, "filed_on"));
    std::vector<std::string> notes;
    if (filed)
      notes.push_back(yes_at(on.data, "filed_in_time") ? visit.say("Filed on {}, in time", visit.date(*filed))
                                                       : visit.say("Filed on {}, late", visit.date(*filed)));
    for (const auto& days : array_at(on.data, "extensions")) notes.push_back(visit.say("{} more days granted", json::serialize(days)));
    if (const int known = not_asked_in(on); known > 0 || on.workflow == "risk_survey")
      notes.push_back(visit.say("{} (question was|questions were) on file and not asked again", known));
    views.push_back(json::object{{"href", "/cases/" + on.id},
                                 {"name", case_name(visit, on.workflow, on.cycle)},
                                 {"state", visit.say(visit.words().state(on.workflow, on.state).label)},
                                 {"note", join(notes, "; ")}});
  }
  return visit.page("benefit_cases", heading_of(visit, kind) + ", " + company.legal_name, {{"rows", views}, {"none", views.empty()}});
}

}  // namespace

void add_benefit_routes(Routes& routes) {
  routes.push_back({"GET", "/benefits", "M8", Access::company, show_benefits, "What the program gives the company"});
  routes.push_back({"GET", "/benefits/entries", "M8", Access::company, list_entries, "The entry lines behind a figure"});
  add_sheet_routes(routes, "/benefits/entries", Access::company, entries_sheet, "The entry lines behind a figure");
  routes.push_back({"GET", "/benefits/cases", "M8", Access::company, list_cases, "The cases behind a figure"});
}

}  // namespace tradecase::http
