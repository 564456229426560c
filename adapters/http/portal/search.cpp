// S3 search: companies, cases, letters and people by words; only what the visitor may see, and never how much else there is.
#include <algorithm>
#include <sstream>

#include "adapters/http/portal/case_views.hpp"
#include "adapters/http/portal/rooms.hpp"
#include "adapters/http/portal/search_store.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

constexpr int found_max = 20;  // of a group

std::vector<std::string> words_of(std::string_view asked) {
  std::istringstream in{std::string(asked.substr(0, 200))};
  std::vector<std::string> words;
  for (std::string word; words.size() < search_words_max && in >> word;) words.push_back(word);
  return words;
}

// Staff searches everywhere; somebody of companies in each of them.
template <class Search>
auto everywhere(const Visit& visit, Search search) {
  if (visit.visitor.is_staff()) return search(std::string_view());
  decltype(search(std::string_view())) all;
  for (const auto& [company, roles] : visit.visitor.companies)
    for (auto& one : search(std::string_view(company))) all.push_back(std::move(one));
  return all;
}

json::object group(const Visit& visit, const std::string& id, const std::string& heading, json::array items) {
  const bool more = items.size() > static_cast<std::size_t>(found_max);
  if (more) items.resize(static_cast<std::size_t>(found_max));
  return {{"id", id}, {"heading", heading}, {"items", std::move(items)}, {"more", more ? visit.say("There is more. Add a word.") : ""}};
}

json::object item(std::string href, std::string label, std::string hint) {
  return {{"href", std::move(href)}, {"label", std::move(label)}, {"hint", std::move(hint)}};
}

json::array found_cases(const Visit& visit, Session& session, const std::vector<std::string>& words) {
  json::array items;
  for (const Case& one :
       everywhere(visit, [&](std::string_view company) { return search_cases(session, words, company, found_max * 3); })) {
    if (!visit.sees(one)) continue;
    const auto company = find_company(session, one.company);
    items.push_back(item("/cases/" + one.id, case_name(visit, one.workflow, one.cycle) + (company ? ", " + company->legal_name : ""),
                         one.id + ", " + visit.say(visit.words().state(one.workflow, one.state).label)));
  }
  return items;
}

json::array found_letters(const Visit& visit, Session& session, const std::vector<std::string>& words) {
  json::array items;
  for (const FoundLetter& letter :
       everywhere(visit, [&](std::string_view company) { return search_letters(session, words, company, found_max + 1); })) {
    const auto on = find_case(session, letter.case_id);
    if (!on || !visit.sees(*on)) continue;
    items.push_back(item("/cases/" + letter.case_id + "/letters/" + letter.hash, letter.title,
                         letter.case_id + ", " + moment_words(visit, letter.written_at)));
  }
  return items;
}

json::array groups_of(const Visit& visit, const std::vector<std::string>& words) {
  json::array groups;
  const bool staff = visit.visitor.is_staff();
  visit.engine.database().read([&](Session& session) {
    json::array companies, people;
    for (const FoundCompany& company :
         everywhere(visit, [&](std::string_view id) { return search_companies(session, words, id, found_max + 1); }))
      companies.push_back(item(staff ? "/companies/" + percent_encoded(company.id) : "/company", company.name, company.id));
    for (const FoundPerson& person :
         everywhere(visit, [&](std::string_view company) { return search_people(session, words, company, found_max + 1); }))
      people.push_back(item(may(visit.visitor, Verb::operate, "") ? "/operator/people/" + person.id : "", person.name,
                            person.email + (person.title.empty() ? "" : ", " + person.title)));
    groups.push_back(group(visit, "companies", visit.say("Companies"), std::move(companies)));
    groups.push_back(group(visit, "cases", visit.say("Cases"), found_cases(visit, session, words)));
    groups.push_back(group(visit, "letters", visit.say("Letters"), found_letters(visit, session, words)));
    groups.push_back(group(visit, "people", visit.say("People"), std::move(people)));
  });
  json::array with_finds;
  for (json::value& one : groups)
    if (!one.as_object().at("items").as_array().empty()) with_finds.push_back(std::move(one));
  return with_finds;
}

Response search(Visit& visit) {
  const std::string asked = trimmed(visit.request.query.get("q"));
  const bool readable = !text_problem(asked, 200);
  const auto words = readable ? words_of(asked) : std::vector<std::string>();
  json::array groups = words.empty() ? json::array() : groups_of(visit, words);
  return visit.page("search", words.empty() ? visit.say("Search") : visit.say("Search: {}", asked),
                    {{"heading", visit.say("Search")},
                     {"asked", readable ? asked : ""},
                     {"nothing", !words.empty() && groups.empty()},
                     {"groups", std::move(groups)}});
}

}  // namespace

void add_search_routes(Routes& routes) {
  routes.push_back({"GET", "/search", "S3", Access::signed_in, search, "Companies, cases, letters and people by words"});
}

}  // namespace tradecase::http
