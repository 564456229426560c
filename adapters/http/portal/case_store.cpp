#include "adapters/http/portal/case_store.hpp"

namespace tradecase::http {

std::set<std::int64_t> letters_to_company(Session& session, std::string_view case_id, std::string_view company) {
  std::set<std::int64_t> all;
  session.each<std::int64_t>(
      "select distinct o.letter_id from outbox o join grants g on g.person = o.to_person where o.case_id = :case_id and g.company = "
      ":company",
      {case_id, company}, [&](std::int64_t id) { all.insert(id); });
  return all;
}

std::optional<Case> find_case_head(Session& session, std::string_view id) {
  auto row = session.row<std::string, std::string, std::string, std::int64_t, std::string, std::int64_t, std::int64_t, bool>(
      "select id, workflow, company, cycle, state, version, opened_at, closed_at is null from cases where id = :id", {id});
  if (!row) return std::nullopt;
  auto& [case_id, workflow, company, cycle, state, version, opened_at, open] = *row;
  return Case{std::move(case_id),
              std::move(workflow),
              std::move(company),
              static_cast<int>(cycle),
              std::move(state),
              version,
              {},
              from_ms(opened_at),
              {},
              open};
}

}  // namespace tradecase::http
