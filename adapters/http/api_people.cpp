// Who the caller is, companies with their facts and people, and the people of the agency.
#include <algorithm>

#include "adapters/http/api.hpp"
#include "adapters/http/api_store.hpp"

namespace tradecase::http {
namespace {

json::value day_or_null(const std::optional<Date>& day) { return day ? json::value(to_text(*day)) : json::value(nullptr); }

json::array codes_of(RoleSet roles) {
  json::array all;
  for (const Role role : all_roles)
    if (roles.has(role)) all.push_back(json::value(to_text(role)));
  return all;
}

Response me(Visit& visit) {
  const Visitor& who = visit.visitor;
  json::array companies;
  for (const auto& [company, roles] : who.companies) companies.push_back(json::object{{"company", company}, {"roles", codes_of(roles)}});
  return visit.json_answer(json::object{{"person", who.person.id},
                                        {"name", who.person.name},
                                        {"email", who.person.email},
                                        {"title", who.person.title},
                                        {"phone", who.person.phone},
                                        {"roles", codes_of(who.staff)},
                                        {"companies", std::move(companies)},
                                        {"by_token", visit.by_token},
                                        {"csrf", visit.sign_in ? json::value(visit.sign_in->csrf) : json::value(nullptr)}});
}

json::object company_of(const Visit& visit, Session& session, const Company& company) {
  const auto nam = company.nam.empty() ? std::nullopt : find_person(session, company.nam);
  json::object all{{"company", company.id},
                   {"href", "/api/v1/companies/" + percent_encoded(company.id)},
                   {"legal_name", company.legal_name},
                   {"dba", company.dba},
                   {"program", company.program},
                   {"acceptance_date", day_or_null(company.acceptance_date)},
                   {"ior_numbers", json::value_from(company.ior_numbers)},
                   {"account_manager", nam ? json::value(nam->name) : json::value(nullptr)}};
  if (!visit.visitor.is_staff()) return all;
  all["security_tier"] = company.security_tier;
  all["security_status"] = company.security_status;
  all["entity_kind"] = company.entity_kind;
  all["center"] = company.center;
  all["last_anl_accepted_on"] = day_or_null(company.last_anl_accepted_on);
  all["account_manager_email"] = nam ? json::value(nam->email) : json::value(nullptr);
  return all;
}

// One page of ids, each as an object; `ids` gives up to one more than the limit.
Response page_of(const Visit& visit, const std::vector<std::string>& ids, const std::function<json::value(const std::string&)>& one) {
  const auto limit = static_cast<std::size_t>(limit_of(visit));
  json::array items;
  for (std::size_t i = 0; i < std::min(limit, ids.size()); ++i)
    if (auto item = one(ids[i]); !item.is_null()) items.push_back(std::move(item));
  return list_answer(visit, std::move(items), ids.size() > limit ? ids[limit - 1] : "");
}

Response list_companies(Visit& visit) {
  const std::string after = cursor_of(visit);
  const int limit = limit_of(visit);
  return visit.engine.database().read([&](Session& session) {
    std::vector<std::string> ids;
    if (visit.visitor.is_staff())
      ids = page_of_companies(session, after, limit + 1);
    else
      for (const auto& [id, roles] : visit.visitor.companies)
        if (id > after && static_cast<int>(ids.size()) <= limit) ids.push_back(id);
    return page_of(visit, ids, [&](const std::string& id) -> json::value {
      const auto company = find_company(session, id);
      return company ? json::value(company_of(visit, session, *company)) : json::value(nullptr);
    });
  });
}

Response show_company(Visit& visit) {
  return visit.json_answer(visit.engine.database().read([&](Session& session) { return company_of(visit, session, *visit.company); }));
}

Response list_facts(Visit& visit) {
  json::array items;
  visit.engine.database().read([&](Session& session) {
    for (const Fact& fact : facts_of(session, visit.company->id)) {
      json::object one{{"key", fact.key}, {"value", fact.value}, {"as_of", to_text(fact.as_of)}, {"source", fact.source}};
      if (visit.visitor.is_staff()) {
        one["case"] = fact.case_id;
        one["recorded_by"] = fact.recorded_by;
      }
      items.push_back(std::move(one));
    }
  });
  return list_answer(visit, std::move(items), "");
}

json::value person_of(Session& session, const std::string& id, const std::string& company) {
  const auto person = find_person(session, id);
  if (!person) return nullptr;
  json::array grants;
  for (const Grant& grant : grants_of(session, id))
    if (company.empty() || grant.company == company)
      grants.push_back(json::object{{"role", grant.role}, {"company", grant.company}, {"notices", grant.notices}});
  return json::object{{"person", person->id},       {"name", person->name},   {"email", person->email},
                      {"title", person->title},     {"phone", person->phone}, {"departed_on", day_or_null(person->departed_on)},
                      {"grants", std::move(grants)}};
}

Response list_people(Visit& visit) {
  const std::string after = cursor_of(visit);
  return visit.engine.database().read([&](Session& session) {
    return page_of(visit, page_of_people(session, after, limit_of(visit) + 1),
                   [&](const std::string& id) { return person_of(session, id, ""); });
  });
}

Response people_of_one_company(Visit& visit) {
  json::array items;
  visit.engine.database().read([&](Session& session) {
    for (const std::string& id : people_of_company(session, visit.company->id)) items.push_back(person_of(session, id, visit.company->id));
  });
  return list_answer(visit, std::move(items), "");
}

}  // namespace

std::vector<Endpoint> people_endpoints() {
  return {{"GET", "/api/v1/me", Access::signed_in, me, "getMe", "Who the caller is here", "Me"},
          {"GET", "/api/v1/companies", Access::signed_in, list_companies, "listCompanies", "Companies the caller may see", "CompanyList",
           with_paging({})},
          {"GET", "/api/v1/companies/{company}", Access::signed_in, show_company, "getCompany", "A company", "Company"},
          {"GET", "/api/v1/companies/{company}/facts", Access::signed_in, list_facts, "listFacts",
           "What a company has told: each fact with its day and source", "FactList"},
          {"GET", "/api/v1/companies/{company}/people", Access::signed_in, people_of_one_company, "listPeopleOfCompany",
           "People of a company with their roles there", "PersonList"},
          {"GET", "/api/v1/people", Access::staff, list_people, "listPeople", "Everybody who is known here, with roles", "PersonList",
           with_paging({})}};
}

}  // namespace tradecase::http
