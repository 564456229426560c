#include "adapters/http/portal/operator_store.hpp"

namespace tradecase::http {
namespace {

using Text = std::string;

}  // namespace

std::vector<StateCount> count_cases(Session& session) {
  std::vector<StateCount> all;
  session.each<Text, Text, std::int64_t, std::int64_t>(
      "select workflow, state, sum(closed_at is null), sum(closed_at is not null) from cases group by workflow, state "
      "order by workflow, state",
      {}, [&](Text workflow, Text state, std::int64_t open, std::int64_t closed) {
        all.push_back({std::move(workflow), std::move(state), open, closed});
      });
  return all;
}

Standing standing_of(Session& session, Instant now) {
  const auto number = [&](std::string_view sql, Binds binds = {}) { return session.value<std::int64_t>(sql, binds).value_or(0); };
  Standing all;
  all.pending = number("select count(*) from timers where status = 'pending'");
  all.due = number("select count(*) from timers where status = 'pending' and try_at <= :now", {to_ms(now)});
  all.failing = number("select count(*) from timers where status = 'pending' and attempts > 0");
  all.refused = number("select count(*) from timers where status = 'refused' and id not in (select timer from timer_notes)");
  all.next_due = next_timer_at(session);
  all.people = number("select count(*) from people where departed_on is null");
  all.companies = number("select count(*) from companies");
  all.lines = number("select count(*) from history");
  all.bytes = number("select page_count * page_size from pragma_page_count(), pragma_page_size()");
  return all;
}

std::vector<Event> search_record(Session& session, const RecordFilter& filter, int limit, int offset) {
  std::string where = "where true";
  std::vector<Bind> binds;
  const auto add = [&](const char* condition, const std::string& value) {
    if (value.empty()) return;
    where += condition;
    binds.emplace_back(value);
  };
  add(" and case_id = :case_id", filter.case_id);
  add(" and kind = :kind", filter.kind);
  add(" and json_extract(line, '$.actor') = :actor", filter.actor);
  add(" and json_extract(line, '$.command') = :command", filter.command);
  const std::string from = filter.from ? to_text(*filter.from) : "", before = filter.before ? to_text(*filter.before) : "";
  add(" and json_extract(line, '$.at') >= :from", from);
  add(" and json_extract(line, '$.at') < :before", before);
  where += " order by n desc limit :limit offset :offset";
  binds.emplace_back(limit);
  binds.emplace_back(offset);
  return find_events(session, where, binds);
}

std::vector<Task> tasks_in_hand(Session& session, std::string_view person) {
  return find_tasks(session, "where closed_at is null and person = :person order by due_on is null, due_on, id", {person});
}

std::vector<std::string> accounts_in_hand(Session& session, std::string_view person) {
  std::vector<std::string> all;
  session.each<Text>("select id from companies where nam = :person order by id", {person}, [&](Text id) { all.push_back(std::move(id)); });
  return all;
}

std::vector<Absence> absences_covered_by(Session& session, std::string_view person, Date on) {
  std::vector<Absence> all;
  session.each<std::int64_t, Text, Text, Text>(
      "select id, person, from_on, to_on from absences where delegate = :person and to_on >= :day order by from_on", {person, to_text(on)},
      [&](std::int64_t id, Text away, Text from_on, Text to_on) {
        all.push_back({id, std::move(away), std::string(person), stored_date(from_on), stored_date(to_on)});
      });
  return all;
}

std::vector<Timer> timers_to_look_at(Session& session) {
  return find_timers(
      session,
      "where (status = 'refused' and id not in (select timer from timer_notes)) or (status = 'pending' and attempts > 0) order by id", {});
}

std::optional<Timer> find_timer(Session& session, std::int64_t id) {
  auto all = find_timers(session, "where id = :id", {id});
  if (all.empty()) return std::nullopt;
  return std::move(all.front());
}

void note_timer(Transaction& tx, std::int64_t timer, std::string_view person, std::string_view note, Instant at) {
  tx.session().run("insert into timer_notes (timer, person, note, at) values (:timer, :person, :note, :at) on conflict (timer) do nothing",
                   {timer, person, note, to_ms(at)});
}

std::vector<Task> skipped_tasks(Session& session) {
  return find_tasks(session, "where closed_at is null and kind >= 'skipped:' and kind < 'skipped;' order by id", {});
}

bool has_other_work(Session& session, std::string_view case_id, std::string_view but_not_kind) {
  return session
             .value<std::int64_t>("select 1 from tasks where case_id = :case_id and kind <> :kind and closed_at is null limit 1",
                                  {case_id, but_not_kind})
             .has_value() ||
         session.value<std::int64_t>("select 1 from timers where case_id = :case_id and status = 'pending' limit 1", {case_id}).has_value();
}

}  // namespace tradecase::http
