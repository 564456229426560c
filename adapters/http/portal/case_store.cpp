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

}  // namespace tradecase::http
