#include "engine/store/store.hpp"

namespace tradecase {
namespace {

std::optional<std::string> none_if_empty(const std::string& text) { return text.empty() ? std::nullopt : std::optional(text); }

}  // namespace

void open_task(Transaction& tx, const Task& task) {
  tx.session().run(
      "insert into tasks (case_id, company, kind, title, role, person, due_on, of_state, opened_at) "
      "values (:case_id, :company, :kind, :title, :role, :person, :due_on, :of_state, :opened_at) "
      "on conflict (case_id, kind) where closed_at is null do update set title = excluded.title, role = excluded.role, "
      "person = excluded.person, due_on = excluded.due_on, of_state = max(of_state, excluded.of_state)",
      {task.case_id, task.company, task.kind, task.title, to_text(task.role), none_if_empty(task.person),
       task.due_on ? std::optional(to_text(*task.due_on)) : std::nullopt, task.of_state ? 1 : 0, to_ms(task.opened_at)});
}

void close_task(Transaction& tx, std::string_view case_id, std::string_view kind, Instant at) {
  tx.session().run("update tasks set closed_at = :at where case_id = :case_id and kind = :kind and closed_at is null",
                   {to_ms(at), case_id, kind});
}

void close_state_task(Transaction& tx, std::string_view case_id, Instant at) {
  tx.session().run("update tasks set closed_at = :at where case_id = :case_id and of_state = 1 and closed_at is null",
                   {to_ms(at), case_id});
}

void close_all_tasks(Transaction& tx, std::string_view case_id, Instant at) {
  tx.session().run("update tasks set closed_at = :at where case_id = :case_id and closed_at is null", {to_ms(at), case_id});
}

std::vector<Task> find_tasks(Session& session, const std::string& where, Binds binds) {
  using Text = std::string;
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

std::vector<Task> open_tasks_of(Session& session, std::string_view case_id) {
  return find_tasks(session, "where case_id = :case_id and closed_at is null order by of_state desc, id", {case_id});
}

void move_tasks(Transaction& tx, std::string_view company, Role role, std::string_view to_person) {
  tx.session().run(
      "update tasks set person = :person where case_id in (select id from cases where company = :company and closed_at is null) "
      "and role = :role and closed_at is null",
      {to_person.empty() ? std::nullopt : std::optional(to_person), company, to_text(role)});
  tx.session().run(
      "update cases set owner = coalesce((select coalesce(t.person, t.role) from tasks t where t.case_id = cases.id and t.closed_at is "
      "null "
      "order by t.of_state desc, t.id limit 1), owner) where company = :company and closed_at is null",
      {company});
}

std::int64_t reassign_tasks(Transaction& tx, std::string_view from_person, std::string_view to_person) {
  tx.session().run("update cases set owner = :to where owner = :from and closed_at is null", {to_person, from_person});
  return tx.session().run("update tasks set person = :to where person = :from and closed_at is null", {to_person, from_person});
}

}  // namespace tradecase
