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

bool was_ever_in(Session& session, std::string_view case_id, const std::vector<std::string>& states) {
  return session
      .value<std::int64_t>(
          "select 1 from history where case_id = :case_id and kind = 'event' and "
          "json_extract(line, '$.to') in (select value from json_each(:states)) limit 1",
          {case_id, json::serialize(json::array(states.begin(), states.end()))})
      .has_value();
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

std::vector<InternalNote> internal_notes_of(Session& session, std::string_view case_id) {
  std::vector<InternalNote> all;
  session.each<std::string, std::string, std::int64_t>(
      "select p.name, n.text, n.written_at from internal_notes n join people p on p.id = n.person where n.case_id = :case_id "
      "order by n.id desc",
      {case_id}, [&](std::string name, std::string text, std::int64_t at) {
        all.push_back({std::move(name), std::move(text), from_ms(at)});
      });
  return all;
}

void write_internal_note(Transaction& tx, std::string_view case_id, std::string_view person, std::string_view text, Instant at) {
  tx.session().run("insert into internal_notes (case_id, person, text, written_at) values (:case_id, :person, :text, :at)",
                   {case_id, person, text, to_ms(at)});
}

std::vector<Fact> facts_from_case(Session& session, std::string_view company, std::string_view case_id) {
  std::vector<Fact> all;
  for (Fact& fact : facts_of(session, company))
    if (fact.case_id == case_id) all.push_back(std::move(fact));
  return all;
}

}  // namespace tradecase::http
