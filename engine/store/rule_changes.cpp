#include "engine/store/rule_changes.hpp"

namespace tradecase {
namespace {

using Text = std::string;

constexpr char rule_change_tables[] = R"sql(
create table rule_changes (
  id integer primary key,
  key text not null,
  former text not null check (json_valid(former)),
  value text not null check (json_valid(value)),
  effective_on text not null,
  reason text not null,
  status text not null default 'proposed' check (status in ('proposed', 'approved', 'applied', 'dropped')),
  proposed_by text not null references people (id),
  proposed_at integer not null,
  approved_by text references people (id),
  ended_by text references people (id),
  ended_at integer,
  dates integer not null default 0,
  check (approved_by is null or approved_by <> proposed_by),
  check (approved_by is not null or status in ('proposed', 'dropped'))
) strict;
create unique index rule_changes_waiting on rule_changes (key) where status in ('proposed', 'approved');
)sql";

std::vector<RuleChange> find_changes(Session& session, const std::string& where, Binds binds) {
  std::vector<RuleChange> all;
  session.each<std::int64_t, Text, Text, Text, Text, Text, Text, Text, std::int64_t, Text, Text, std::optional<std::int64_t>, std::int64_t>(
      "select id, key, former, value, effective_on, reason, status, proposed_by, proposed_at, coalesce(approved_by, ''), "
      "coalesce(ended_by, ''), ended_at, dates from rule_changes " +
          where,
      binds,
      [&](std::int64_t id, Text key, Text former, Text value, Text effective_on, Text reason, Text status, Text proposed_by,
          std::int64_t proposed_at, Text approved_by, Text ended_by, std::optional<std::int64_t> ended_at, std::int64_t dates) {
        all.push_back({id, std::move(key), json::parse(former), json::parse(value), stored_date(effective_on), std::move(reason),
                       std::move(status), std::move(proposed_by), from_ms(proposed_at), std::move(approved_by), std::move(ended_by),
                       ended_at ? std::optional(from_ms(*ended_at)) : std::nullopt, dates});
      });
  return all;
}

}  // namespace

std::vector<Migration> rule_change_migrations(int first_number) { return {{first_number, "changes of rules", rule_change_tables}}; }

std::int64_t add_rule_change(Transaction& tx, const RuleChange& change) {
  tx.session().run(
      "insert into rule_changes (key, former, value, effective_on, reason, proposed_by, proposed_at) "
      "values (:key, :former, :value, :effective_on, :reason, :proposed_by, :proposed_at)",
      {change.key, json::serialize(change.former), json::serialize(change.value), to_text(change.effective_on), change.reason,
       change.proposed_by, to_ms(change.proposed_at)});
  return tx.session().last_id();
}

void set_rule_change(Transaction& tx, const RuleChange& change) {
  const auto person = [](const std::string& id) { return id.empty() ? Bind(nullptr) : Bind(id); };
  const auto ended_at = change.ended_at ? std::optional(to_ms(*change.ended_at)) : std::nullopt;
  tx.session().run(
      "update rule_changes set status = :status, approved_by = :approved_by, ended_by = :ended_by, ended_at = :ended_at, dates = :dates "
      "where id = :id",
      {change.status, person(change.approved_by), person(change.ended_by), ended_at, change.dates, change.id});
}

std::optional<RuleChange> find_rule_change(Session& session, std::int64_t id) {
  auto all = find_changes(session, "where id = :id", {id});
  return all.empty() ? std::nullopt : std::optional(std::move(all.front()));
}

std::vector<RuleChange> rule_changes(Session& session) { return find_changes(session, "order by id desc", {}); }

std::vector<RuleChange> due_rule_changes(Session& session, Date today) {
  return find_changes(session, "where status = 'approved' and effective_on <= :today order by effective_on, id", {to_text(today)});
}

std::vector<RuleChange> rule_changes_in_force(Session& session) {
  return find_changes(session, "where status = 'applied' order by ended_at, id", {});
}

std::optional<Date> next_rule_change_on(Session& session, Date after_today) {
  const auto day = session.value<Text>(
      "select effective_on from rule_changes where status = 'approved' and effective_on > :today order by effective_on limit 1",
      {to_text(after_today)});
  return day ? std::optional(stored_date(*day)) : std::nullopt;
}

}  // namespace tradecase
