// M1 home: what does CBP need from me? And the start of an application.
#include <algorithm>

#include "adapters/http/portal/case_views.hpp"
#include "adapters/http/portal/importer_store.hpp"
#include "adapters/http/portal/importer_views.hpp"
#include "adapters/http/portal/question_views.hpp"

namespace tradecase::http {

void add_company_routes(Routes& routes);
void add_calendar_routes(Routes& routes);
void add_benefit_routes(Routes& routes);

namespace {

constexpr int letters_shown = 4;
constexpr int soon_days = 30;

json::array to_do_views(const Visit& visit, const std::vector<ToDo>& list) {
  json::array all;
  for (const ToDo& one : list) {
    const bool dated = one.due_on.has_value();
    const bool late = dated && *one.due_on < visit.today();
    all.push_back(json::object{{"href", one.href},
                               {"label", one.label},
                               {"about", one.about},
                               {"due", dated ? visit.date(*one.due_on) : ""},
                               {"left", dated ? visit.left(*one.due_on) : ""},
                               {"late", late},
                               {"soon", dated && !late && (*one.due_on - visit.today()).count() <= soon_days},
                               {"why", one.why}});
  }
  return all;
}

json::array case_rows(const Visit& visit, const std::vector<Case>& cases) {
  json::array all;
  visit.engine.database().read([&](Session& session) {
    for (const Case& on : cases) {
      const StateWords& state = visit.words().state(on.workflow, on.state);
      const auto date = next_date(session, on);
      all.push_back(json::object{{"href", "/cases/" + on.id},
                                 {"name", case_name(visit, on.workflow, on.cycle)},
                                 {"state", visit.say(state.label)},
                                 {"says", visit.say(state.for_company)},
                                 {"due", date ? visit.date(date->due_on) : ""},
                                 {"what", date && !date->name.empty() ? visit.say(visit.words().deadline(date->name)) : ""},
                                 {"why", date && !date->name.empty() ? "/cases/" + on.id + "/dates/" + percent_encoded(date->name) : ""}});
    }
  });
  return all;
}

json::object company_view(const Visit& visit, const Company& company) {
  const auto cases = cases_seen(visit, company, true);
  const auto list = to_dos(visit, cases);
  json::array letters;
  json::object nam{{"name", ""}, {"phone", ""}, {"email", ""}};
  visit.engine.database().read([&](Session& session) {
    for (const CompanyLetter& one : letters_of_company(session, company.id, letters_shown))
      letters.push_back(json::object{{"href", "/cases/" + one.case_id + "/letters/" + one.hash},
                                     {"title", one.title},
                                     {"on", visit.date(visit.programme().calendar.day_of(one.written_at))}});
    if (const auto person = company.nam.empty() ? std::nullopt : find_person(session, company.nam))
      nam = {{"name", person->name}, {"phone", person->phone}, {"email", person->email}};
  });
  const bool applies =
      std::ranges::any_of(cases, [](const Case& one) { return one.workflow == "application" || one.workflow == "membership"; });
  const auto own = visit.visitor.companies.find(company.id);
  const bool officer = own != visit.visitor.companies.end() && own->second.has(Role::officer);
  return {{"id", company.id},
          {"anchor", "company-" + company.id},
          {"company", company.legal_name},
          {"program", company.program},
          {"to_dos", to_do_views(visit, list)},
          {"nothing", list.empty()},
          {"cases", case_rows(visit, cases)},
          {"letters", letters},
          {"has_nam", !nam.at("name").as_string().empty()},
          {"nam", nam},
          {"may_apply", officer && !applies && company.program.empty()},
          {"key", random_token()}};
}

Response home(Visit& visit) {
  if (visit.visitor.companies.empty())
    return visit.visitor.is_staff() ? visit.go(may(visit.visitor, Verb::see_team, "") ? "/queue" : "/search")
                                    : visit.error(403, visit.say("Your sign-in belongs to no company yet. Ask your officer to add you."));
  json::array companies;
  for (const Company& company : own_companies(visit)) companies.push_back(company_view(visit, company));
  return visit.page("home", visit.say("What do you need from me?"), {{"several", companies.size() > 1}, {"companies", companies}});
}

Response start_application(Visit& visit) {
  Command launch;
  launch.workflow = "application";
  launch.company = visit.company->id;
  launch.name = "launch";
  launch.actor = visit.visitor.person.id;
  launch.key = visit.form.fields.get("key");
  const Answer answer = visit.engine.execute(launch);
  if (const auto* refusal = std::get_if<Refusal>(&answer)) return visit.error(info(refusal->code).http_status, refusal->sentence);
  return visit.go("/cases/" + std::get<Receipt>(answer).case_id + "/application", visit.say("Your application is begun."));
}

}  // namespace

void add_importer_routes(Routes& routes) {
  routes.push_back({"GET", "/", "M1", Access::signed_in, home, "What do you need from me?"});
  routes.push_back({"POST", "/companies/{company}/application", "M3", Access::company, start_application, "Start an application"});
  add_company_routes(routes);
  add_calendar_routes(routes);
  add_benefit_routes(routes);
}

}  // namespace tradecase::http
