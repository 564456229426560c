#include "adapters/http/permission.hpp"

namespace tradecase::http {

std::optional<Side> side_of(const Visitor& visitor) {
  if (visitor.is_staff() == !visitor.companies.empty()) return std::nullopt;
  return visitor.is_staff() ? Side::staff : Side::companies;
}

bool may(const Visitor& visitor, Verb verb, std::string_view company) {
  if (!visitor.signed_in()) return false;
  const auto own = visitor.companies.find(std::string(company));
  const bool of_company = !company.empty() && own != visitor.companies.end();
  switch (verb) {
    case Verb::see:
      return visitor.is_staff() || of_company;
    case Verb::act:
      return visitor.is_staff() || (of_company && !own->second.empty());
    case Verb::see_internal:
      return visitor.is_staff();
    case Verb::see_team:
      return visitor.staff.any_of({Role::nam, Role::supervisor, Role::compliance, Role::auditor, Role::admin});
    case Verb::operate:
      return visitor.staff.has(Role::admin);
  }
  return false;
}

bool may_keep_webhooks(const Visitor& visitor, std::string_view company) {
  if (company.empty()) return visitor.is_staff();
  const auto own = visitor.companies.find(std::string(company));
  return own != visitor.companies.end() && own->second.has(Role::officer);
}

std::optional<Visitor> find_visitor(Session& session, std::string_view person, Date today) {
  auto found = find_person(session, person);
  if (!found || (found->departed_on && *found->departed_on <= today)) return std::nullopt;
  Visitor visitor{std::move(*found), {}, {}};
  for (const Grant& grant : grants_of(session, visitor.person.id)) {
    const auto role = parse_role(grant.role);
    const bool company_role = role == Role::officer || role == Role::preparer;
    if (grant.company.empty()) {
      if (role && *role != Role::timer && !company_role) visitor.staff.add(*role);
      continue;
    }
    RoleSet& roles = visitor.companies[grant.company];
    if (role && company_role) roles.add(*role);
  }
  return visitor;
}

}  // namespace tradecase::http
