#include "adapters/http/api_store.hpp"

namespace tradecase::http {
namespace {

using Text = std::string;

std::string listed_as_json(const std::vector<std::string>& list) { return json::serialize(json::array(list.begin(), list.end())); }

std::string pattern_of(const std::string& words) {
  std::string pattern = "%";
  for (const char c : words) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + "%";
}

}  // namespace

std::vector<CaseItem> page_of_cases(Session& session, const CaseQuery& query, const Visitor& visitor, const ToldStates& told) {
  std::string sql =
      "select c.id, c.workflow, c.company, k.legal_name, c.state, c.owner, coalesce(p.email, ''), "
      "exists (select 1 from grants g where g.person = c.owner and g.company = c.company), c.cycle, c.version, c.due_on, c.closed_at "
      "from cases c join companies k on k.id = c.company left join people p on p.id = c.owner where true";
  std::vector<std::string> values;  // what the binds refer to: reserved, so that they stay in place
  values.reserve(12);
  std::vector<Bind> binds;
  const auto where = [&](std::string_view condition, std::string value) {
    sql += condition;
    binds.emplace_back(values.emplace_back(std::move(value)));
  };
  if (!visitor.is_staff()) {
    std::vector<std::string> own;
    for (const auto& [company, roles] : visitor.companies) own.push_back(company);
    where(" and c.company in (select value from json_each(:own))", listed_as_json(own));
    where(" and (c.workflow || '/' || c.state in (select value from json_each(:open))", listed_as_json(told.open));
    where(" or (c.workflow || '/' || c.state in (select value from json_each(:final))", listed_as_json(told.final));
    where(
        " and exists (select 1 from history h where h.case_id = c.id and h.kind = 'event' and "
        "c.workflow || '/' || json_extract(h.line, '$.to') in (select value from json_each(:open2)))))",
        listed_as_json(told.open));
  }
  if (!query.id.empty()) where(" and c.id = :id", query.id);
  if (!query.company.empty()) where(" and c.company = :company", query.company);
  if (!query.workflow.empty()) where(" and c.workflow = :workflow", query.workflow);
  if (query.states) where(" and c.state in (select value from json_each(:states))", listed_as_json(*query.states));
  if (!query.owner.empty()) where(" and c.owner = :owner", query.owner);
  if (query.due_before) where(" and c.due_on < :due_before", to_text(*query.due_before));
  if (query.due_from) where(" and c.due_on >= :due_from", to_text(*query.due_from));
  if (!query.words.empty()) {
    where(" and (c.id like :words escape '\\'", pattern_of(query.words));
    where(" or k.legal_name like :words2 escape '\\')", pattern_of(query.words));
  }
  if (query.open) sql += *query.open ? " and c.closed_at is null" : " and c.closed_at is not null";
  if (!query.after.empty()) where(" and c.number > (select number from cases where id = :after)", query.after);
  sql += " order by c.number limit " + std::to_string(query.limit);

  std::vector<CaseItem> all;
  session
      .each<Text, Text, Text, Text, Text, Text, Text, bool, std::int64_t, std::int64_t, std::optional<Text>, std::optional<std::int64_t>>(
          sql, binds,
          [&](Text id, Text workflow, Text company, Text name, Text state, Text owner, Text email, bool of_company, std::int64_t cycle,
              std::int64_t version, std::optional<Text> due_on, std::optional<std::int64_t> closed_at) {
            all.push_back({std::move(id), std::move(workflow), std::move(company), std::move(name), std::move(state), std::move(owner),
                           std::move(email), of_company, static_cast<int>(cycle), version, stored_date_or_none(due_on), !closed_at});
          });
  return all;
}

namespace {

std::vector<std::string> ids(Session& session, std::string_view sql, Binds binds) {
  std::vector<std::string> all;
  session.each<Text>(sql, binds, [&](Text id) { all.push_back(std::move(id)); });
  return all;
}

}  // namespace

std::vector<std::string> page_of_companies(Session& session, const std::string& after, int limit) {
  return ids(session, "select id from companies where id > :after order by id limit :limit", {after, limit});
}

std::vector<std::string> page_of_people(Session& session, const std::string& after, int limit) {
  return ids(session, "select id from people where id > :after order by id limit :limit", {after, limit});
}

std::vector<std::string> people_of_company(Session& session, std::string_view company) {
  return ids(session, "select distinct person from grants where company = :company order by person", {company});
}

std::vector<std::int64_t> page_of_messages(Session& session, std::string_view status, std::int64_t after, int limit) {
  std::vector<std::int64_t> all;
  session.each<std::int64_t>("select id from outbox where id > :after and (:status = '' or status = :status2) order by id limit :limit",
                             {after, status, status, limit}, [&](std::int64_t id) { all.push_back(id); });
  return all;
}

std::vector<Line> page_of_record(Session& session, std::int64_t after, int limit) {
  std::vector<Line> all;
  session.each<std::int64_t, Text>("select n, line from history where n > :after order by n limit :limit", {after, limit},
                                   [&](std::int64_t n, Text text) {
                                     all.push_back({n, std::move(text)});
                                   });
  return all;
}

std::int64_t timers_due(Session& session, Instant now) {
  return session.value<std::int64_t>("select count(*) from timers where status = 'pending' and try_at <= :now", {to_ms(now)}).value_or(0);
}

}  // namespace tradecase::http
