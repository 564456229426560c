#include <fmt/format.h>

#include "engine/store/store.hpp"

namespace tradecase {
std::string next_case_id(Session& session, int year) {
  const std::string first = fmt::format("TC-{:04}-", year);
  // From the newest row back (the + keeps the index on id out of it): the first of this year is met at once.
  const auto last = session.value<std::string>("select id from cases where +id >= :first and +id < :beyond order by number desc limit 1",
                                               {first, first + "~"});
  const long long number = last ? std::stoll(last->substr(first.size())) + 1 : 1;
  return fmt::format("{}{:06}", first, number);
}

std::optional<Case> find_case(Session& session, std::string_view id) {
  auto row = session.row<std::string, std::string, std::string, std::int64_t, std::string, std::int64_t, std::string, std::int64_t,
                         std::optional<std::int64_t>, std::string>(
      "select id, workflow, company, cycle, state, version, data, opened_at, closed_at, leaf from cases where id = :id", {id});
  if (!row) return std::nullopt;
  auto& [case_id, workflow, company, cycle, state, version, data, opened_at, closed_at, leaf] = *row;
  return Case{std::move(case_id),
              std::move(workflow),
              std::move(company),
              static_cast<int>(cycle),
              std::move(state),
              version,
              json::parse(data).as_object(),
              from_ms(opened_at),
              std::move(leaf),
              !closed_at};
}

void insert_case(Transaction& tx, const Case& opened) {
  tx.session().run(
      "insert into cases (id, workflow, company, cycle, state, version, data, opened_at, leaf) "
      "values (:id, :workflow, :company, :cycle, :state, :version, :data, :opened_at, :leaf)",
      {opened.id, opened.workflow, opened.company, opened.cycle, opened.state, opened.version, json::serialize(opened.data),
       to_ms(opened.opened_at), opened.leaf});
}

// What an index names, or its condition, is written only where it changes: SQLite writes such an index again at each update that names it.
void update_case(Transaction& tx, const Case& changed, std::optional<Instant> closed_at) {
  const std::string data = json::serialize(changed.data);
  if (closed_at)
    tx.session().run(
        "update cases set state = :state, version = :version, data = :data, leaf = :leaf, closed_at = coalesce(closed_at, :closed_at) "
        "where id = :id",
        {changed.state, changed.version, data, changed.leaf, to_ms(*closed_at), changed.id});
  else
    tx.session().run("update cases set state = :state, version = :version, data = :data, leaf = :leaf where id = :id",
                     {changed.state, changed.version, data, changed.leaf, changed.id});
}

void update_case_in_state(Transaction& tx, const Case& changed) {
  tx.session().run("update cases set version = :version, data = :data, leaf = :leaf where id = :id",
                   {changed.version, json::serialize(changed.data), changed.leaf, changed.id});
}

void settle_case(Transaction& tx, const Case& changed, std::optional<Instant> closed_at) {
  if (closed_at) {
    tx.session().run(
        "update cases set state = :state, version = :version, data = :data, leaf = :leaf, owner = '', due_on = null, "
        "closed_at = coalesce(closed_at, :closed_at) where id = :id",
        {changed.state, changed.version, json::serialize(changed.data), changed.leaf, to_ms(*closed_at), changed.id});
    return;
  }
  update_case(tx, changed, std::nullopt);
  using Day = std::optional<std::string>;
  const auto [owner, due_on, owner_now, due_now] =
      tx.session()
          .row<std::string, Day, std::string, Day>(
              "select owner, due_on, coalesce((select coalesce(t.person, t.role) from tasks t where t.case_id = cases.id and "
              "t.closed_at is null order by t.of_state desc, t.id limit 1), 'timer'), "
              // Reminders and ladder steps follow a due day, an opening day is nobody's to meet.
              "(select min(d.due_on) from deadlines d where d.case_id = cases.id and d.superseded_by is null and d.ended_by_version is "
              "null and instr(d.name, ':') = 0 and d.name not like '%opens') from cases where id = :id",
              {changed.id})
          .value();
  if (owner != owner_now) tx.session().run("update cases set owner = :owner where id = :id", {owner_now, changed.id});
  if (due_on != due_now) tx.session().run("update cases set due_on = :due_on where id = :id", {due_now, changed.id});
  // The state's own work is due when its case is: an extension moves both.
  tx.session().run(
      "update tasks set due_on = :due_on where case_id = :case_id and of_state = 1 and closed_at is null and due_on is not :same",
      {due_now, changed.id, due_now});
}

std::vector<CaseSummary> open_cases_of(Session& session, std::string_view company, std::string_view but_not_case) {
  std::vector<CaseSummary> all;
  session.each<std::string, std::string, std::string, std::int64_t>(
      "select id, workflow, state, cycle from cases where company = :company and closed_at is null and id <> :id order by number",
      {company, but_not_case}, [&](std::string id, std::string workflow, std::string state, std::int64_t cycle) {
        all.push_back({std::move(id), std::move(workflow), std::move(state), static_cast<int>(cycle)});
      });
  return all;
}

std::vector<CaseRow> find_cases(Session& session, const CaseFilter& filter) {
  std::string sql =
      "select c.id, c.workflow, c.company, c.state, c.owner, coalesce(p.email, ''), c.cycle, c.version, c.due_on, c.closed_at "
      "from cases c left join people p on p.id = c.owner where true";
  const std::string due_before = filter.due_before ? to_text(*filter.due_before) : "";
  std::vector<Bind> binds;
  const auto where = [&](std::string_view condition, const std::string& value) {
    if (value.empty()) return;
    sql += condition;
    binds.emplace_back(value);
  };
  where(" and c.company = :company", filter.company);
  where(" and c.workflow = :workflow", filter.workflow);
  where(" and c.state = :state", filter.state);
  where(" and c.owner = :owner", filter.owner);
  where(" and c.due_on < :due_before", due_before);
  if (filter.open_only) sql += " and c.closed_at is null";
  sql += " order by c.number";

  std::vector<CaseRow> all;
  using Text = std::string;
  session.each<Text, Text, Text, Text, Text, Text, std::int64_t, std::int64_t, std::optional<Text>, std::optional<std::int64_t>>(
      sql, binds,
      [&](Text id, Text workflow, Text company, Text state, Text owner, Text email, std::int64_t cycle, std::int64_t version,
          std::optional<Text> due_on, std::optional<std::int64_t> closed_at) {
        all.push_back({std::move(id), std::move(workflow), std::move(company), std::move(state), std::move(owner), std::move(email),
                       static_cast<int>(cycle), version, stored_date_or_none(due_on), !closed_at});
      });
  return all;
}

}  // namespace tradecase
