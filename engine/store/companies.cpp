#include <algorithm>

#include "engine/store/store.hpp"

namespace tradecase {
namespace {

using Text = std::string;
constexpr char columns[] =
    "select id, legal_name, dba, program, security_tier, security_status, entity_kind, center, coalesce(nam, ''), acceptance_date, "
    "last_anl_accepted_on, (select group_concat(number, ';') from iors where company = companies.id) "
    "from companies ";

std::vector<std::string> sorted_numbers(const std::optional<Text>& numbers) {
  std::vector<std::string> all;
  for (std::string_view rest = numbers ? std::string_view(*numbers) : std::string_view(); !rest.empty();) {
    const auto end = std::min(rest.find(';'), rest.size());
    all.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  std::ranges::sort(all);
  return all;
}

std::vector<Company> companies_where(Session& session, const std::string& where, Binds binds) {
  std::vector<Company> all;
  session.each<Text, Text, Text, Text, Text, Text, Text, Text, Text, std::optional<Text>, std::optional<Text>, std::optional<Text>>(
      columns + where, binds,
      [&](Text id, Text legal_name, Text dba, Text program, Text tier, Text status, Text kind, Text center, Text nam,
          std::optional<Text> acceptance_date, std::optional<Text> last_accepted, std::optional<Text> iors) {
        all.push_back({std::move(id), std::move(legal_name), std::move(dba), std::move(program), std::move(tier), std::move(status),
                       std::move(kind), std::move(center), std::move(nam), stored_date_or_none(acceptance_date),
                       stored_date_or_none(last_accepted), sorted_numbers(iors)});
      });
  return all;
}

std::optional<std::string> iso(const std::optional<Date>& date) { return date ? std::optional(to_text(*date)) : std::nullopt; }

}  // namespace

std::optional<Company> find_company(Session& session, std::string_view id) {
  auto all = companies_where(session, "where id = :id", {id});
  if (all.empty()) return std::nullopt;
  return std::move(all.front());
}

std::vector<Company> all_companies(Session& session) { return companies_where(session, "order by id", {}); }

void put_company(Transaction& tx, const Company& company) {
  tx.session().run(
      "insert into companies (id, legal_name, dba, program, security_tier, security_status, entity_kind, center, nam, acceptance_date, "
      "last_anl_accepted_on) values (:id, :legal_name, :dba, :program, :tier, :status, :kind, :center, :nam, :acceptance_date, "
      ":last_accepted) "
      "on conflict (id) do update set legal_name = excluded.legal_name, dba = excluded.dba, program = excluded.program, "
      "security_tier = excluded.security_tier, security_status = excluded.security_status, entity_kind = excluded.entity_kind, "
      "center = excluded.center, nam = excluded.nam, acceptance_date = excluded.acceptance_date, "
      "last_anl_accepted_on = excluded.last_anl_accepted_on",
      {company.id, company.legal_name, company.dba, company.program, company.security_tier, company.security_status, company.entity_kind,
       company.center, company.nam.empty() ? std::nullopt : std::optional(company.nam), iso(company.acceptance_date),
       iso(company.last_anl_accepted_on)});
  tx.session().run("delete from iors where company = :company", {company.id});
  for (const std::string& number : company.ior_numbers)
    tx.session().run("insert into iors (number, company) values (:number, :company)", {number, company.id});
}

std::optional<std::string> company_of_ior(Session& session, std::string_view number) {
  return session.value<Text>("select company from iors where number = :number", {number});
}

}  // namespace tradecase
