#include "adapters/http/portal/queue_store.hpp"

#include <algorithm>

namespace tradecase::http {
namespace {

using Text = std::string;

constexpr char due_key[] = "coalesce(t.due_on, '9999-12-31')";
constexpr std::int64_t few_accounts = 2000;  // as many are read company by company; more are dense enough to be met along the lane

// A statement as it grows. The values bound live in the lane, the filter and here.
struct Statement {
  std::string sql;
  std::vector<Bind> binds;
  void add(std::string_view part) { sql += part; }
  void bind(std::string_view value) {
    sql += ":b" + std::to_string(binds.size());
    binds.emplace_back(value);
  }
  void bind_number(std::int64_t value) {
    sql += ":b" + std::to_string(binds.size());
    binds.emplace_back(value);
  }
};

bool has_few_accounts(Session& session, const QueueLane& lane) {
  return session
             .value<std::int64_t>("select count(*) from (select 1 from companies where nam = :nam limit :most)",
                                  {lane.nam, few_accounts + 1})
             .value() <= few_accounts;
}

void add_lane(Statement& statement, Session& session, const QueueLane& lane, const QueueFilter& filter) {
  const bool by_company = filter.company_asked;
  const std::string plus = by_company ? "+" : "";  // keeps the planner to the companies' index
  switch (lane.kind) {
    case QueueLane::Kind::person:
      statement.add(" and " + plus + "t.person = ");
      statement.bind(lane.who);
      return;
    case QueueLane::Kind::free:
      statement.add(" and t.person is null and " + plus + "t.role = ");
      statement.bind(lane.who);
      return;
    case QueueLane::Kind::role:
      statement.add(" and " + plus + "t.role = ");
      statement.bind(lane.who);
      return;
    case QueueLane::Kind::account:
      const bool few = !by_company && has_few_accounts(session, lane);
      statement.add(std::string(" and ") + (by_company || few ? "+" : "") + "t.role = ");
      statement.bind(lane.who);
      statement.add(few ? " and t.company in (select id from companies where nam = " : " and co.nam = ");
      statement.bind(lane.nam);
      if (few) statement.add(")");
  }
}

void add_filter(Statement& statement, const QueueFilter& filter, const std::string& day) {
  if (!filter.workflow.empty()) {
    statement.add(" and c.workflow = ");
    statement.bind(filter.workflow);
  }
  if (!filter.state.empty()) {
    statement.add(" and c.state = ");
    statement.bind(filter.state);
  }
  if (filter.company_asked) {
    statement.add(" and t.company in (''");
    for (const std::string& company : filter.companies) {
      statement.add(", ");
      statement.bind(company);
    }
    statement.add(")");
  }
  if (filter.due_before) {
    statement.add(std::string(" and ") + due_key + " < ");
    statement.bind(day);
    statement.add(" and coalesce(case when t.of_state = 1 then c.due_on end, t.due_on) < ");
    statement.bind(day);
  }
}

void add_order(Statement& statement, QueueOrder order, const std::optional<QueueCursor>& after, int limit) {
  const bool by_age = order == QueueOrder::oldest;
  const std::string key = by_age ? "t.opened_at" : due_key;
  const bool down = order == QueueOrder::due_last;
  if (after) {
    const std::string than = down ? " < " : " > ";
    const auto bind_key = [&] {
      if (by_age)
        statement.bind_number(std::stoll(after->key));
      else
        statement.bind(after->key);
    };
    statement.add(" and " + key + (down ? " <= " : " >= "));
    bind_key();
    statement.add(" and (" + key + ", t.id)" + than + "(");
    bind_key();
    statement.add(", ");
    statement.bind_number(after->id);
    statement.add(")");
  }
  statement.add(" order by " + key + (down ? " desc, t.id desc" : ", t.id") + " limit ");
  statement.bind_number(limit);
}

constexpr char row_columns[] =
    "select t.id, t.case_id, c.workflow, c.cycle, c.state, t.company, co.legal_name, co.security_status, t.kind, t.title, t.role, "
    "coalesce(t.person, ''), coalesce(p.name, ''), case when t.of_state = 1 then coalesce(c.due_on, t.due_on) else t.due_on end, "
    "t.opened_at, coalesce(t.due_on, '9999-12-31'), coalesce(json_extract(c.data, '$.returns'), 0), "
    "coalesce((select d.name from deadlines d where d.case_id = c.id and d.due_on = c.due_on and d.superseded_by is null and "
    "d.ended_by_version is null and instr(d.name, ':') = 0 limit 1), '') "
    "from tasks t cross join cases c on c.id = t.case_id cross join companies co on co.id = t.company "
    "left join people p on p.id = t.person where t.closed_at is null";

void read_lane(Session& session, const Statement& statement, std::vector<QueueRow>& rows, bool by_age) {
  session.each<std::int64_t, Text, Text, std::int64_t, Text, Text, Text, Text, Text, Text, Text, Text, Text, std::optional<Text>,
               std::int64_t, Text, std::int64_t, Text>(
      statement.sql, statement.binds,
      [&](std::int64_t id, Text case_id, Text workflow, std::int64_t cycle, Text state, Text company, Text company_name,
          Text security_status, Text kind, Text title, Text role, Text person, Text person_name, std::optional<Text> due_on,
          std::int64_t opened_at, Text key, std::int64_t returns, Text deadline) {
        rows.push_back({id, std::move(case_id), std::move(workflow), std::move(state), std::move(company), std::move(company_name),
                        std::move(security_status), std::move(kind), std::move(title), std::move(role), std::move(person),
                        std::move(person_name), std::move(deadline), by_age ? std::to_string(opened_at) : std::move(key),
                        static_cast<int>(cycle), static_cast<int>(returns), stored_date_or_none(due_on), from_ms(opened_at)});
      });
}

}  // namespace

std::vector<QueueRow> queue_rows(Session& session, const std::vector<QueueLane>& lanes, const QueueFilter& filter, QueueOrder order,
                                 const std::optional<QueueCursor>& after, int limit) {
  std::vector<QueueRow> rows;
  const std::string day = filter.due_before ? to_text(*filter.due_before) : "";
  for (const QueueLane& lane : lanes) {
    Statement statement{row_columns, {}};
    add_lane(statement, session, lane, filter);
    add_filter(statement, filter, day);
    add_order(statement, order, after, limit);
    read_lane(session, statement, rows, order == QueueOrder::oldest);
  }
  std::ranges::sort(rows, [&](const QueueRow& a, const QueueRow& b) {
    if (order == QueueOrder::due_last) return std::tie(b.key, b.id) < std::tie(a.key, a.id);
    if (order == QueueOrder::oldest) return std::tie(a.opened_at, a.id) < std::tie(b.opened_at, b.id);
    return std::tie(a.key, a.id) < std::tie(b.key, b.id);
  });
  if (rows.size() > static_cast<std::size_t>(limit)) rows.resize(static_cast<std::size_t>(limit));
  return rows;
}

std::int64_t count_queue(Session& session, const std::vector<QueueLane>& lanes, const QueueFilter& filter, std::int64_t most) {
  std::int64_t count = 0;
  const std::string day = filter.due_before ? to_text(*filter.due_before) : "";
  for (const QueueLane& lane : lanes) {
    const bool needs_case = !filter.workflow.empty() || !filter.state.empty() || filter.due_before;
    Statement statement{"select count(*) from (select 1 from tasks t", {}};
    if (needs_case) statement.add(" cross join cases c on c.id = t.case_id");
    if (lane.kind == QueueLane::Kind::account) statement.add(" cross join companies co on co.id = t.company");
    statement.add(" where t.closed_at is null");
    add_lane(statement, session, lane, filter);
    add_filter(statement, filter, day);
    statement.add(" limit ");
    statement.bind_number(most - count);
    statement.add(")");
    count += session.value<std::int64_t>(statement.sql, statement.binds).value();
    if (count >= most) break;
  }
  return count;
}

std::vector<SavedFilter> saved_filters_of(Session& session, std::string_view person) {
  std::vector<SavedFilter> all;
  session.each<std::int64_t, Text, Text>("select id, name, query from saved_filters where person = :person order by name", {person},
                                         [&](std::int64_t id, Text name, Text query) {
                                           all.push_back({id, std::move(name), std::move(query)});
                                         });
  return all;
}

void save_filter(Transaction& tx, std::string_view person, std::string_view name, std::string_view query) {
  tx.session().run(
      "insert into saved_filters (person, name, query) values (:person, :name, :query) "
      "on conflict (person, name) do update set query = excluded.query",
      {person, name, query});
}

void forget_filter(Transaction& tx, std::string_view person, std::int64_t id) {
  tx.session().run("delete from saved_filters where person = :person and id = :id", {person, id});
}

std::vector<std::string> companies_like(Session& session, std::string_view text, int limit) {
  std::vector<std::string> ids;
  session.each<Text>(
      "select id from companies where instr(lower(legal_name), lower(:text)) > 0 or instr(lower(id), lower(:text2)) > 0 limit :most",
      {text, text, limit}, [&](Text id) { ids.push_back(std::move(id)); });
  return ids;
}

std::vector<std::string> away_for(Session& session, std::string_view delegate, std::string_view on) {
  std::vector<std::string> people;
  session.each<Text>("select distinct person from absences where delegate = :delegate and from_on <= :day and to_on >= :day2",
                     {delegate, on, on}, [&](Text person) { people.push_back(std::move(person)); });
  return people;
}

}  // namespace tradecase::http
