#include "tools/simulation/simulation_store.hpp"

namespace tradecase::simulation {

std::vector<Task> open_tasks_after(Session& session, std::int64_t after) {
  return find_tasks(session, "where id > :after and closed_at is null order by id", {after});
}

std::optional<Task> find_open_task(Session& session, std::int64_t id) {
  auto all = find_tasks(session, "where id = :id and closed_at is null", {id});
  if (all.empty()) return std::nullopt;
  return std::move(all.front());
}

std::vector<Task> some_open_state_tasks(Session& session, std::int64_t from_id, int limit) {
  return find_tasks(session, "where id >= :id and closed_at is null and of_state = 1 order by id limit :limit", {from_id, limit});
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
  return find_timers(session, "where status = 'refused' and id > :id order by id", {id});
}

std::optional<std::string> content_hash_of(Session& session, std::string_view message_id) {
  return session.value<std::string>("select content_hash from outbox where message_id = :id", {message_id});
}

}  // namespace tradecase::simulation
