#include "engine/store/store.hpp"

namespace tradecase {

std::vector<Timer> find_timers(Session& session, const std::string& where, Binds binds) {
  using Text = std::string;
  std::vector<Timer> all;
  session.each<std::int64_t, Text, Text, Text, std::int64_t, Text, std::int64_t, Text, Text>(
      "select id, case_id, name, command, due_at, body, attempts, status, detail from timers " + where, binds,
      [&](std::int64_t id, Text case_id, Text name, Text command, std::int64_t due_at, Text body, std::int64_t attempts, Text status,
          Text detail) {
        all.push_back({id, std::move(case_id), std::move(name), std::move(command), from_ms(due_at), json::parse(body).as_object(),
                       static_cast<int>(attempts), std::move(status), std::move(detail)});
      });
  return all;
}

void start_timer(Transaction& tx, const Timer& timer) {
  tx.leaves_work(timer.due_at);
  const auto insert = [&] {
    return tx.session().run(
        "insert into timers (case_id, name, due_at, try_at, command, body) values (:case_id, :name, :due_at, :try_at, :command, :body) "
        "on conflict (case_id, name) where status = 'pending' do nothing",
        {timer.case_id, timer.name, to_ms(timer.due_at), to_ms(timer.due_at), timer.command, json::serialize(timer.body)});
  };
  if (insert() > 0) return;
  stop_timers(tx, timer.case_id, timer.name);  // its former one
  insert();
}

void stop_timers(Transaction& tx, std::string_view case_id, std::string_view name_or_prefix) {
  if (!name_or_prefix.ends_with(':')) {
    tx.session().run("update timers set status = 'stopped' where case_id = :case_id and name = :name and status = 'pending'",
                     {case_id, name_or_prefix});
    return;
  }
  const std::string beyond = std::string(name_or_prefix.substr(0, name_or_prefix.size() - 1)) + ';';  // the character after ':'
  tx.session().run(
      "update timers set status = 'stopped' where case_id = :case_id and name >= :first and name < :beyond and status = 'pending'",
      {case_id, name_or_prefix, beyond});
}

void stop_all_timers(Transaction& tx, std::string_view case_id) {
  tx.session().run("update timers set status = 'stopped' where case_id = :case_id and status = 'pending'", {case_id});
}

std::vector<Timer> pending_timers_of(Session& session, std::string_view case_id) {
  return find_timers(session, "where case_id = :case_id and status = 'pending' order by due_at, id", {case_id});
}

std::vector<Timer> due_timers(Session& session, Instant now, int limit) {
  return find_timers(session, "where status = 'pending' and try_at <= :now order by try_at, id limit :limit", {to_ms(now), limit});
}

std::optional<Instant> next_timer_at(Session& session) {
  const auto at = session.value<std::int64_t>("select try_at from timers where status = 'pending' order by try_at, id limit 1");
  return at ? std::optional(from_ms(*at)) : std::nullopt;
}

bool claim_timer(Transaction& tx, const Timer& timer) {
  return tx.session().run("update timers set status = 'fired', detail = '' where id = :id and status = 'pending' and due_at = :due_at",
                          {timer.id, to_ms(timer.due_at)}) > 0;
}

void end_timer(Transaction& tx, std::int64_t id, std::string_view status, std::string_view detail) {
  tx.session().run("update timers set status = :status, detail = :detail where id = :id", {status, detail, id});
}

void postpone_timer(Transaction& tx, std::int64_t id, Instant try_at, std::string_view detail) {
  tx.session().run("update timers set try_at = :try_at, detail = :detail, attempts = attempts + 1 where id = :id and status = 'pending'",
                   {to_ms(try_at), detail, id});
}

std::int64_t youngest_timer(Session& session) { return session.value<std::int64_t>("select coalesce(max(id), 0) from timers").value_or(0); }

void note_pass(Transaction& tx, const Pass& pass) {
  put_meta(tx, "last_pass_at", to_text(pass.at));
  put_meta(tx, "last_pass_timer", std::to_string(pass.timer));
}

Pass last_pass(Session& session) {
  const auto at = find_meta(session, "last_pass_at");
  const auto timer = find_meta(session, "last_pass_timer");
  return at && timer ? Pass{parse_instant(*at).value(), std::stoll(*timer)} : Pass{};
}

std::vector<Timer> refused_timers(Session& session) {
  return find_timers(session, "where status = 'refused' or (status = 'pending' and attempts > 0) order by id", {});
}

}  // namespace tradecase
