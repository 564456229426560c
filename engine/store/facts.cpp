#include "engine/store/store.hpp"

namespace tradecase {
namespace {
using Text = std::string;
}  // namespace

void record_fact(Transaction& tx, std::string_view company, const Fact& fact, Instant at) {
  // The former value first: one current fact a company and key is a unique index. The new one gets the next id.
  tx.session().run(
      "update facts set superseded_by = (select max(id) + 1 from facts) where company = :company and key = :key and superseded_by is null",
      {company, fact.key});
  tx.session().run(
      "insert into facts (company, key, value, as_of, source, section, case_id, recorded_by, recorded_at) "
      "values (:company, :key, :value, :as_of, :source, :section, :case_id, :recorded_by, :recorded_at)",
      {company, fact.key, json::serialize(fact.value), to_text(fact.as_of), fact.source, fact.section,
       fact.case_id.empty() ? std::nullopt : std::optional(fact.case_id), fact.recorded_by, to_ms(at)});
}

std::vector<Fact> facts_of(Session& session, std::string_view company) {
  std::vector<Fact> all;
  session.each<Text, Text, Text, Text, Text, Text, Text>(
      "select key, value, as_of, source, section, coalesce(case_id, ''), recorded_by from facts "
      "where company = :company and superseded_by is null order by key",
      {company}, [&](Text key, Text value, Text as_of, Text source, Text section, Text case_id, Text recorded_by) {
        all.push_back({std::move(key), json::parse(value), stored_date(as_of), std::move(source), std::move(section), std::move(case_id),
                       std::move(recorded_by)});
      });
  return all;
}

}  // namespace tradecase
