#include "adapters/http/portal/team_store.hpp"

namespace tradecase::http {
namespace {

using Text = std::string;

}  // namespace

std::vector<CompanyRow> companies_page(Session& session, std::string_view text, const std::optional<CompanyCursor>& after, int limit) {
  std::vector<CompanyRow> all;
  const std::string name = after ? after->name : "", id = after ? after->id : "";
  session.each<Text, Text, Text, Text, Text, Text, std::int64_t>(
      "select co.id, co.legal_name, co.program, co.security_tier, co.security_status, coalesce(p.name, ''), "
      "(select count(*) from cases c where c.company = co.id and c.closed_at is null) "
      "from companies co left join people p on p.id = co.nam "
      "where (:text = '' or instr(lower(co.legal_name), lower(:text2)) > 0 or instr(lower(co.id), lower(:text3)) > 0 "
      "or co.id in (select company from iors where number = :text4)) "
      "and (co.legal_name collate nocase, co.id) > (:name, :id) order by co.legal_name collate nocase, co.id limit :most",
      {text, text, text, text, name, id, limit},
      [&](Text company, Text legal_name, Text program, Text tier, Text status, Text nam, std::int64_t open) {
        all.push_back(
            {std::move(company), std::move(legal_name), std::move(program), std::move(tier), std::move(status), std::move(nam), open});
      });
  return all;
}

std::vector<CompanyCase> cases_of_company(Session& session, std::string_view company) {
  std::vector<CompanyCase> all;
  session.each<Text, Text, Text, std::int64_t, std::int64_t, std::optional<std::int64_t>, std::optional<Text>>(
      "select id, workflow, state, cycle, opened_at, closed_at, due_on from cases where company = :company order by opened_at desc, number "
      "desc",
      {company},
      [&](Text id, Text workflow, Text state, std::int64_t cycle, std::int64_t opened, std::optional<std::int64_t> closed,
          std::optional<Text> due_on) {
        all.push_back({std::move(id), std::move(workflow), std::move(state), static_cast<int>(cycle), from_ms(opened),
                       closed ? std::optional(from_ms(*closed)) : std::nullopt, stored_date_or_none(due_on)});
      });
  return all;
}

std::vector<FiledLetter> filed_letters(Session& session, std::string_view company, int limit) {
  std::vector<FiledLetter> all;
  session.each<Text, Text, Text, std::int64_t>(
      "select l.case_id, l.hash, d.title, l.written_at from cases c join letters l on l.case_id = c.id join documents d on d.hash = l.hash "
      "where c.company = :company order by l.written_at desc, l.id desc limit :most",
      {company, limit}, [&](Text case_id, Text hash, Text title, std::int64_t at) {
        all.push_back({std::move(case_id), std::move(hash), std::move(title), from_ms(at)});
      });
  return all;
}

std::vector<HeldRole> roles_held_at(Session& session, std::string_view company) {
  std::vector<HeldRole> all;
  session.each<Text, Text, Text, Text, Text, std::optional<Text>, Text>(
      "select p.id, p.email, p.name, p.title, p.phone, p.departed_on, g.role from grants g join people p on p.id = g.person "
      "where g.company = :company order by p.name, g.role",
      {company}, [&](Text id, Text email, Text name, Text title, Text phone, std::optional<Text> departed_on, Text role) {
        all.push_back(
            {{std::move(id), std::move(email), std::move(name), std::move(title), std::move(phone), stored_date_or_none(departed_on)},
             std::move(role)});
      });
  return all;
}

std::vector<DueCount> due_counts(Session& session, Date from, Date before) {
  std::vector<DueCount> all;
  session.each<Text, Text, std::int64_t>(
      "select coalesce(co.nam, ''), c.due_on, count(*) from cases c join companies co on co.id = c.company "
      "where c.closed_at is null and c.due_on >= :from and c.due_on < :before group by co.nam, c.due_on",
      {to_text(from), to_text(before)}, [&](Text nam, Text due_on, std::int64_t cases) {
        all.push_back({std::move(nam), stored_date(due_on), cases});
      });
  return all;
}

std::int64_t accounts_of(Session& session, std::string_view nam) {
  return session.value<std::int64_t>("select count(*) from companies where nam = :nam", {nam}).value();
}

std::int64_t open_tasks_of_person(Session& session, std::string_view person, std::int64_t most) {
  return session
      .value<std::int64_t>("select count(*) from (select 1 from tasks where person = :person and closed_at is null limit :most)",
                           {person, most})
      .value();
}

std::vector<LoadedAccount> accounts_with_load(Session& session, std::string_view nam, Date from, Date before) {
  std::vector<LoadedAccount> all;
  session.each<Text, Text, Text, std::int64_t, std::int64_t>(
      "select co.id, co.legal_name, coalesce((select m.id from cases m where m.company = co.id and m.workflow = 'membership' and "
      "m.closed_at is null order by m.number desc limit 1), ''), "
      "(select count(*) from cases c where c.company = co.id and c.closed_at is null), "
      "(select count(*) from cases c where c.company = co.id and c.closed_at is null and c.due_on >= :from and c.due_on < :before) "
      "from companies co where co.nam = :nam order by 5 desc, co.legal_name collate nocase limit 500",
      {to_text(from), to_text(before), nam}, [&](Text id, Text name, Text membership, std::int64_t open, std::int64_t due) {
        all.push_back({std::move(id), std::move(name), std::move(membership), open, due});
      });
  return all;
}

std::vector<DueCase> due_cases(Session& session, Date from, Date before, std::string_view nam, int limit) {
  std::vector<DueCase> all;
  session.each<Text, Text, Text, Text, std::int64_t, Text, Text>(
      "select c.id, c.workflow, c.state, co.legal_name, c.cycle, c.due_on, "
      "coalesce((select d.name from deadlines d where d.case_id = c.id and d.due_on = c.due_on and d.superseded_by is null and "
      "d.ended_by_version is null and instr(d.name, ':') = 0 limit 1), '') "
      "from cases c cross join companies co on co.id = c.company "
      "where c.closed_at is null and c.due_on >= :from and c.due_on < :before and (:nam = '' or co.nam = :nam2) "
      "order by c.due_on, c.number limit :most",
      {to_text(from), to_text(before), nam, nam, limit},
      [&](Text id, Text workflow, Text state, Text company, std::int64_t cycle, Text due_on, Text deadline) {
        all.push_back({std::move(id), std::move(workflow), std::move(state), std::move(company), std::move(deadline),
                       static_cast<int>(cycle), stored_date(due_on)});
      });
  return all;
}

void save_bulk_run(Transaction& tx, std::string_view token, std::string_view person, const BulkRun& run) {
  tx.session().run(
      "insert into bulk_runs (token, person, command, results, at) values (:token, :person, :command, :results, :at) "
      "on conflict (token) do update set results = excluded.results where person = excluded.person",
      {token, person, run.command, run.results, to_ms(run.at)});
}

std::optional<BulkRun> find_bulk_run(Session& session, std::string_view token, std::string_view person) {
  auto row = session.row<Text, Text, std::int64_t>("select command, results, at from bulk_runs where token = :token and person = :person",
                                                   {token, person});
  if (!row) return std::nullopt;
  auto& [command, results, at] = *row;
  return BulkRun{std::move(command), std::move(results), from_ms(at)};
}

}  // namespace tradecase::http
