// N7: the companies, and the file of one: all years, people, facts with their source, letters.
#include <algorithm>

#include "adapters/http/portal/case_views.hpp"
#include "adapters/http/portal/command_page.hpp"
#include "adapters/http/portal/letter_views.hpp"
#include "adapters/http/portal/question_views.hpp"
#include "adapters/http/portal/review_parts.hpp"
#include "adapters/http/portal/staff.hpp"
#include "adapters/http/portal/team_store.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

constexpr int companies_a_page = 25;
constexpr int letters_shown = 50;

std::string security_words(const Visit& visit, const std::string& tier, const std::string& status) {
  if (tier.empty() && status.empty()) return visit.say("not known");
  return visit.say("Tier {}, {}", tier, status == "good_standing" ? visit.say("in good standing") : visit.say(status));
}

Response list_companies(Visit& visit) {
  const std::string text = trimmed(visit.request.query.get("q")), after(visit.request.query.get("after"));
  std::optional<CompanyCursor> cursor;
  if (const auto tilde = after.rfind('~'); tilde != std::string::npos) cursor = {after.substr(0, tilde), after.substr(tilde + 1)};
  const auto found =
      visit.engine.database().read([&](Session& session) { return companies_page(session, text, cursor, companies_a_page + 1); });
  json::array rows;
  for (const CompanyRow& row : found) {
    if (rows.size() == companies_a_page) break;
    rows.push_back(json::object{{"href", "/companies/" + percent_encoded(row.id)},
                                {"name", row.name},
                                {"id", row.id},
                                {"program", row.program.empty() ? visit.say("applicant") : row.program},
                                {"security", security_words(visit, row.security_tier, row.security_status)},
                                {"trouble", !row.security_status.empty() && row.security_status != "good_standing"},
                                {"nam", row.nam_name.empty() ? visit.say("nobody yet") : row.nam_name},
                                {"open", row.open_cases}});
  }
  std::string next;
  if (found.size() > companies_a_page) {
    const CompanyRow& last = found[companies_a_page - 1];
    next = address_of("/companies", {{"q", text}, {"after", last.name + "~" + last.id}});
  }
  return visit.page("companies", visit.say("Companies"),
                    {{"q", text},
                     {"any", !rows.empty()},
                     {"rows", std::move(rows)},
                     {"first", after.empty() ? "" : address_of("/companies", {{"q", text}})},
                     {"next", next}});
}

json::array years_of(const Visit& visit, const std::vector<CompanyCase>& cases) {
  json::array years;
  const Calendar& calendar = visit.programme().calendar;
  for (const CompanyCase& one : cases) {
    const Date opened = calendar.day_of(one.opened_at);
    const std::string year = to_text(opened).substr(0, 4);
    if (years.empty() || years.back().as_object().at("year").as_string() != year)
      years.push_back(json::object{{"year", year}, {"cases", json::array()}});
    years.back().as_object().at("cases").as_array().push_back(
        json::object{{"href", "/cases/" + one.id},
                     {"name", case_name(visit, one.workflow, one.cycle)},
                     {"id", one.id},
                     {"state", visit.say(visit.words().state(one.workflow, one.state).label)},
                     {"open", !one.closed_at},
                     {"opened", visit.date(opened)},
                     {"closed", one.closed_at ? visit.date(calendar.day_of(*one.closed_at)) : ""},
                     {"due", one.due_on && !one.closed_at ? visit.date(*one.due_on) : ""}});
  }
  return years;
}

json::array facts_of_company(const Visit& visit, Session& session) {
  json::array facts;
  for (const Fact& fact : facts_of(session, visit.company->id))
    facts.push_back(json::object{{"key", fact.key},
                                 {"label", plain_words(fact.key.substr(fact.key.find('.') + 1))},
                                 {"section", fact.section},
                                 {"value", shown_answer(visit, Question{}, &fact.value)},
                                 {"as_of", visit.date(fact.as_of)},
                                 {"source", fact.source},
                                 {"href", fact.case_id.empty() ? "" : "/cases/" + fact.case_id}});
  return facts;
}

json::array about(const Visit& visit, Session& session) {
  const Company& company = *visit.company;
  json::array facts;
  const auto add = [&](std::string label, std::string value) {
    facts.push_back(json::object{{"label", std::move(label)}, {"value", std::move(value)}, {"href", ""}});
  };
  add(visit.say("Number"), company.id);
  if (!company.dba.empty()) add(visit.say("Doing business as"), company.dba);
  add(visit.say("Program"), company.program.empty() ? visit.say("applicant") : company.program);
  if (company.acceptance_date) add(visit.say("Member since"), visit.date(*company.acceptance_date));
  add(visit.say("CTPAT Security"), security_words(visit, company.security_tier, company.security_status));
  const auto nam = company.nam.empty() ? std::nullopt : find_person(session, company.nam);
  add(visit.say("National Account Manager"), nam ? nam->name : visit.say("nobody yet"));
  if (!company.center.empty()) add(visit.say("Center"), company.center);
  if (!company.entity_kind.empty()) add(visit.say("Kind"), plain_words(company.entity_kind));
  add(visit.say("Importer numbers"), join(company.ior_numbers, ", "));
  if (company.last_anl_accepted_on) add(visit.say("Last annual letter before this system"), visit.date(*company.last_anl_accepted_on));
  return facts;
}

json::array people_view(const Visit& visit, Session& session) {
  json::array people;
  for (const HeldRole& one : roles_held_at(session, visit.company->id))
    people.push_back(json::object{{"name", one.person.name},
                                  {"person_title", one.person.title},
                                  {"role", visit.say(plain_words(one.role))},
                                  {"email", one.person.email},
                                  {"phone", one.person.phone},
                                  {"left", one.person.departed_on ? visit.say("left on {}", visit.date(*one.person.departed_on)) : ""}});
  return people;
}

Response show_company(Visit& visit) {
  json::array facts, years, letters, people, register_;
  visit.engine.database().read([&](Session& session) {
    facts = about(visit, session);
    years = years_of(visit, cases_of_company(session, visit.company->id));
    people = people_view(visit, session);
    register_ = facts_of_company(visit, session);
    for (const FiledLetter& letter : filed_letters(session, visit.company->id, letters_shown))
      letters.push_back(json::object{{"href", "/cases/" + letter.case_id + "/letters/" + letter.hash},
                                     {"letter", letter.title},
                                     {"on", visit.date(visit.programme().calendar.day_of(letter.written_at))}});
  });
  json::array openings = openings_for(visit);
  const bool any_openings = !openings.empty();
  return visit.page("company_file", visit.company->legal_name,
                    {{"facts", facts},
                     {"years", years},
                     {"any_years", !years.empty()},
                     {"people", people},
                     {"any_people", !people.empty()},
                     {"register", register_},
                     {"any_register", !register_.empty()},
                     {"letters", letters},
                     {"any_letters", !letters.empty()},
                     {"any_openings", any_openings},
                     {"openings", std::move(openings)}});
}

}  // namespace

void add_company_file_routes(Routes& routes) {
  routes.push_back({"GET", "/companies", "N7", Access::staff, list_companies, "All companies, by name or number"});
  routes.push_back({"GET", "/companies/{company}", "N7", Access::staff, show_company, "The file of a company, all years"});
}

}  // namespace tradecase::http
