// M9 the company and its people and what is on file; M11 everything that happened and every letter.
#include <algorithm>

#include "adapters/http/portal/case_views.hpp"
#include "adapters/http/portal/importer_store.hpp"
#include "adapters/http/portal/importer_views.hpp"
#include "adapters/http/portal/question_views.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

// ---- M9 ----------------------------------------------------------------------------------------------------------------------

// The question that last asked for a data key, so that a fact is shown in the words in which it was asked.
std::map<std::string, const Question*> questions_by_key(const Forms& forms) {
  std::map<std::string, const Question*> all;
  for (const tradecase::Form& form : forms.all())
    for (const Section& section : form.sections)
      for (const Question& question : section.questions)
        if (!question.key.empty() && (form.name == "anl" || !all.contains(question.key))) all[question.key] = &question;
  return all;
}

json::array fact_views(const Visit& visit, const std::vector<Fact>& facts) {
  const auto questions = questions_by_key(visit.programme().forms);
  json::array all;
  for (const Fact& fact : facts) {
    const auto asked = questions.find(fact.key);
    const bool known = asked != questions.end();
    all.push_back(json::object{{"label", known ? worded(visit, asked->second->text) : fact.key},
                               {"value", known                    ? shown_answer(visit, *asked->second, &fact.value)
                                         : fact.value.is_string() ? std::string(fact.value.get_string())
                                                                  : json::serialize(fact.value)},
                               {"as_of", visit.date(fact.as_of)},
                               {"source", fact.source},
                               {"section", fact.section},
                               {"href", fact.case_id.empty() ? "" : "/cases/" + fact.case_id}});
  }
  return all;
}

json::array people_views(const Visit& visit, const std::vector<CompanyPerson>& people) {
  json::array all;
  for (const CompanyPerson& person : people) {
    std::vector<std::string> roles;
    for (const std::string& role : person.roles)
      roles.push_back(role == "officer"    ? visit.say("Officer: fills in, signs and files")
                      : role == "preparer" ? visit.say("Preparer: fills in, does not sign")
                                           : visit.say("Contact: reads"));
    all.push_back(json::object{{"name", person.name},
                               {"title", person.title},
                               {"email", person.email},
                               {"phone", person.phone},
                               {"roles", join(roles, ". ")},
                               {"notices", person.notices ? visit.say("Yes") : visit.say("No")}});
  }
  return all;
}

std::string security_of(const Visit& visit, const Company& company) {
  if (company.security_tier.empty()) return "";
  std::string status = company.security_status;
  std::ranges::replace(status, '_', ' ');
  return visit.say("Tier {}, {}", company.security_tier,
                   visit.say(company.security_status == "good_standing" ? "in good standing" : status));
}

json::array company_facts(const Visit& visit, Session& session, const Company& company) {
  json::array all;
  const auto add = [&](const std::string& label, const std::string& value) {
    all.push_back(json::object{{"label", label}, {"value", value.empty() ? visit.say("not on file") : value}, {"href", ""}});
  };
  add(visit.say("Legal name"), company.legal_name);
  if (!company.dba.empty()) add(visit.say("Doing business as"), company.dba);
  add(visit.say("Company number"), company.id);
  add(visit.say("Program"), company.program.empty() ? visit.say("applicant") : company.program);
  add(visit.say("Member since"), company.acceptance_date ? visit.date(*company.acceptance_date) : "");
  add(visit.say("CTPAT Security"), security_of(visit, company));
  add(visit.say("Center of Excellence and Expertise"), company.center);
  add(visit.say("Importer of record numbers"), join(company.ior_numbers, "\n"));
  const auto nam = company.nam.empty() ? std::nullopt : find_person(session, company.nam);
  std::vector<std::string> reach;
  if (nam)
    for (const std::string& part : {nam->name, nam->phone, nam->email})
      if (!part.empty()) reach.push_back(part);
  add(visit.say("National Account Manager"), nam ? join(reach, "\n") : visit.say("nobody yet"));
  return all;
}

Response show_company(Visit& visit) {
  json::array companies;
  for (const Company& company : own_companies(visit))
    visit.engine.database().read([&](Session& session) {
      const auto facts = facts_of(session, company.id);
      companies.push_back(json::object{{"company", company.legal_name},
                                       {"anchor", "company-" + company.id},
                                       {"facts", company_facts(visit, session, company)},
                                       {"people", people_views(visit, people_of_company(session, company.id, visit.today()))},
                                       {"none", facts.empty()},
                                       {"on_file", fact_views(visit, facts)}});
    });
  return visit.page("company", visit.say("Company and people"), {{"companies", companies}});
}

// ---- M11 ---------------------------------------------------------------------------------------------------------------------

struct Happening {
  std::string at;  // for the order
  Date day{};
  json::object view;
};

void add_events(const Visit& visit, const Company& company, const Case& on, std::vector<Happening>& all) {
  const Visit here = about(visit, on, company);
  for (const Moment& moment : moments_of(here)) {
    if (!moment.company_sees) continue;
    all.push_back({moment.at,
                   moment.day,
                   {{"on", visit.date(moment.day)},
                    {"at", moment.at},
                    {"case_href", "/cases/" + on.id},
                    {"case_name", case_name(visit, on.workflow, on.cycle)},
                    {"what", moment.phrase},
                    {"who", moment.who},
                    {"letter", ""},
                    {"times", 1},
                    {"to", moment.from == moment.to ? "" : visit.say(visit.words().state(on.workflow, moment.to).label)}}});
  }
}

void add_letters(const Visit& visit, const Company& company, std::vector<Happening>& all) {
  constexpr int letters_max = 5000;
  for (const CompanyLetter& one :
       visit.engine.database().read([&](Session& session) { return letters_of_company(session, company.id, letters_max); })) {
    const Date day = visit.programme().calendar.day_of(one.written_at);
    all.push_back({to_text(one.written_at),
                   day,
                   {{"on", visit.date(day)},
                    {"at", to_text(one.written_at)},
                    {"case_href", "/cases/" + one.case_id},
                    {"case_name", case_name(visit, one.workflow, one.cycle)},
                    {"what", one.title},
                    {"who", visit.say("Letter from CBP")},
                    {"letter", "/cases/" + one.case_id + "/letters/" + one.hash},
                    {"times", 1},
                    {"to", ""}}});
  }
}

// Eleven sections saved one after the other are one line of the list.
bool same_act(const json::object& a, const json::object& b) {
  return std::ranges::all_of(std::initializer_list<const char*>{"what", "who", "on", "case_href"},
                             [&](const char* part) { return a.at(part) == b.at(part); }) &&
         a.at("letter").as_string().empty() && b.at("letter").as_string().empty();
}

int year_of(Date day) { return static_cast<int>(std::chrono::year_month_day(day).year()); }

Response show_history(Visit& visit) {
  std::vector<Happening> all;
  for (const Company& company : own_companies(visit)) {
    for (const Case& on : cases_seen(visit, company, false)) add_events(visit, company, on, all);
    add_letters(visit, company, all);
  }
  std::ranges::stable_sort(all, std::ranges::greater(), &Happening::at);
  std::set<int, std::greater<>> years;
  for (const Happening& one : all) years.insert(year_of(one.day));
  const std::string asked(visit.request.query.get("year"));
  const bool every = asked == "all";
  std::string shown = years.empty() ? "" : std::to_string(*years.begin());
  for (const int year : years)
    if (asked == std::to_string(year)) shown = asked;
  json::array list, links;
  for (Happening& one : all) {
    if (!every && std::to_string(year_of(one.day)) != shown) continue;
    if (!list.empty() && same_act(list.back().as_object(), one.view))
      list.back().as_object().at("times") = list.back().as_object().at("times").as_int64() + 1;
    else
      list.push_back(std::move(one.view));
  }
  for (json::value& one : list) {
    const auto times = one.as_object().at("times").as_int64();
    one.as_object()["times"] = times > 1 ? visit.say("({} times)", times) : "";
  }
  for (const int year : years)
    links.push_back(json::object{{"href", "/history?year=" + std::to_string(year)},
                                 {"label", std::to_string(year)},
                                 {"current", !every && std::to_string(year) == shown}});
  links.push_back(json::object{{"href", "/history?year=all"}, {"label", visit.say("All years")}, {"current", every}});
  return visit.page("history", visit.say("History"), {{"years", links}, {"happenings", list}, {"none", list.empty()}});
}

}  // namespace

void add_company_routes(Routes& routes) {
  routes.push_back({"GET", "/company", "M9", Access::company, show_company, "The company, its people, and what is on file"});
  routes.push_back({"GET", "/history", "M11", Access::company, show_history, "Everything that happened, and every letter"});
}

}  // namespace tradecase::http
