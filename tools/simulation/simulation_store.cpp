#include "tools/simulation/simulation_store.hpp"

namespace tradecase::simulation {
namespace {

using Text = std::string;

std::vector<Task> find(Session& session, const std::string& where, Binds binds) {
  std::vector<Task> all;
  session.each<std::int64_t, Text, Text, Text, Text, Text, Text, std::optional<Text>, bool, std::int64_t>(
      "select id, case_id, company, kind, title, role, coalesce(person, ''), due_on, of_state, opened_at from tasks " + where, binds,
      [&](std::int64_t id, Text case_id, Text company, Text kind, Text title, Text role, Text person, std::optional<Text> due_on,
          bool of_state, std::int64_t at) {
        all.push_back({id, std::move(case_id), std::move(company), std::move(kind), std::move(title), parse_role(role).value(),
                       std::move(person), stored_date_or_none(due_on), of_state, from_ms(at)});
      });
  return all;
}

}  // namespace

std::vector<Task> open_tasks_after(Session& session, std::int64_t after) {
  return find(session, "where id > :after and closed_at is null order by id", {after});
}

std::optional<Task> find_open_task(Session& session, std::int64_t id) {
  auto all = find(session, "where id = :id and closed_at is null", {id});
  if (all.empty()) return std::nullopt;
  return std::move(all.front());
}

std::vector<Task> some_open_state_tasks(Session& session, std::int64_t from_id, int limit) {
  return find(session, "where id >= :id and closed_at is null and of_state = 1 order by id limit :limit", {from_id, limit});
}

Sums sums_of(Session& session) {
  const auto count = [&](std::string_view sql) { return session.value<std::int64_t>(sql).value_or(0); };
  return {count("select count(*) from cases"),
          count("select count(*) from history where kind = 'event'"),
          count("select count(*) from history where kind = 'refusal'"),
          count("select count(*) from letters"),
          count("select count(*) from outbox where status = 'sent'"),
          count("select count(*) from cases where workflow = 'annual_notification' and json_extract(data, '$.filed_in_time') = 0")};
}

std::vector<Timer> timers_refused_after(Session& session, std::int64_t id) {
  std::vector<Timer> all;
  session.each<std::int64_t, Text, Text, Text, Text>(
      "select id, case_id, name, command, detail from timers where status = 'refused' and id > :id order by id", {id},
      [&](std::int64_t number, Text case_id, Text name, Text command, Text detail) {
        Timer timer;
        timer.id = number;
        timer.case_id = std::move(case_id);
        timer.name = std::move(name);
        timer.command = std::move(command);
        timer.detail = std::move(detail);
        all.push_back(std::move(timer));
      });
  return all;
}

std::optional<std::string> content_hash_of(Session& session, std::string_view message_id) {
  return session.value<Text>("select content_hash from outbox where message_id = :id", {message_id});
}

}  // namespace tradecase::simulation
