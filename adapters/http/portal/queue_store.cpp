#include "adapters/http/portal/queue_store.hpp"

#include <algorithm>

namespace tradecase::http {
namespace {

using Text = std::string;

// A lane's index is in the order of the due days and holds what a filter asks of the case. Each step of a case writes all of them: there
// is none for a state's own tasks, nor by age, which is the order of the tasks' numbers.
constexpr char tables[] = R"sql(
drop trigger queue_opens;  -- the others name nothing that goes
drop view open_tasks;
drop table queue;

create table queue (
  task integer primary key references tasks (id),
  company text not null,
  nam text not null,                    -- of the company's account; '' where nobody is
  role text not null,
  person text not null,                 -- '' where whoever holds the role may take it
  free integer generated always as (person = '') virtual,
  workflow text not null,
  state text not null,                  -- of the case
  due text not null                     -- the day, the case's own for the state's work; '9999-12-31' where there is none
) strict;

create view open_tasks as
  select t.id as task, t.case_id, t.company, coalesce(co.nam, '') as nam, t.role, coalesce(t.person, '') as person, c.workflow, c.state,
         coalesce(case when t.of_state = 1 then c.due_on end, t.due_on, '9999-12-31') as due
  from tasks t join cases c on c.id = t.case_id join companies co on co.id = t.company
  where t.closed_at is null;
insert into queue (task, company, nam, role, person, workflow, state, due)
  select task, company, nam, role, person, workflow, state, due from open_tasks;

create index queue_of_company on queue (company);
create index queue_of_person on queue (person, due, workflow, state) where person <> '';
create index queue_of_role on queue (role, free, due, workflow, state);
create index queue_of_account on queue (nam, role, due, workflow, state);

create trigger queue_opens after insert on tasks when new.closed_at is null begin
  insert into queue (task, company, nam, role, person, workflow, state, due)
    select task, company, nam, role, person, workflow, state, due from open_tasks where task = new.id;
end;
)sql";

constexpr std::int64_t few = 1000;  // rows that are sorted sooner than looked for along another order

// A statement as it grows. The values bound live in the lane, the filter and the cursor.
struct Statement {
  std::string sql;
  std::vector<Bind> binds;
  void add(std::string_view part) { sql += part; }
  void bind(Bind value) {
    sql += ":b" + std::to_string(binds.size());
    binds.push_back(value);
  }
};

// A run of rows with one index: a lane, or of a role's lane what is somebody's, or nobody's.
struct Run {
  const QueueLane* lane = nullptr;
  bool free = false;
};

std::vector<Run> runs_of(const std::vector<QueueLane>& lanes) {
  std::vector<Run> runs;
  for (const QueueLane& lane : lanes) {
    if (lane.kind == QueueLane::Kind::role) runs.push_back({&lane, false});
    runs.push_back({&lane, true});
  }
  return runs;
}

// What a run is read along: its lane's index, in the order of the due days; the companies', when some are asked for; or the table, in
// the order of the numbers. A + keeps the planner from the others.
enum class Along { lane, companies, table };

void add_list(Statement& statement, std::string_view column, const std::vector<std::string>& values) {
  statement.add(" and " + std::string(column) + " in (''");
  for (const std::string& value : values) {
    statement.add(", ");
    statement.bind(value);
  }
  statement.add(")");
}

void add_run(Statement& statement, const Run& run, const QueueFilter& filter, const std::string& day, Along along) {
  const std::string plus = along == Along::lane ? "" : "+";
  const auto equals = [&](const char* column, Bind value) {
    statement.add((statement.binds.empty() ? " where " : " and ") + plus + column + " = ");
    statement.bind(value);
  };
  const QueueLane& lane = *run.lane;
  if (lane.kind == QueueLane::Kind::person) equals("person", lane.who);
  if (lane.kind == QueueLane::Kind::account) equals("nam", lane.nam);
  if (lane.kind != QueueLane::Kind::person) equals("role", lane.who);
  if (lane.kind == QueueLane::Kind::role || lane.kind == QueueLane::Kind::free) equals("free", run.free ? 1 : 0);
  if (along == Along::lane && lane.kind == QueueLane::Kind::person) statement.add(" and person <> ''");  // as its index says
  if (!filter.workflow.empty()) {
    statement.add(" and workflow = ");
    statement.bind(filter.workflow);
    add_list(statement, "state", filter.states);
  }
  if (filter.company_asked) add_list(statement, along == Along::companies ? "company" : "+company", filter.companies);
  if (filter.due_before) {
    statement.add(along == Along::lane ? " and due < " : " and +due < ");
    statement.bind(day);
  }
}

// What of a run is read: after a cursor, the rest of its day, then what lies beyond: a range of the index each.
enum class Part { all, tied, beyond };

// At most as many as are asked for.
void add_order(Statement& statement, QueueOrder order, const std::optional<QueueCursor>& after, Part part, int limit, Along along) {
  const bool down = order == QueueOrder::due_last;
  const std::string due = along == Along::lane ? "due" : "+due", task = along == Along::table ? "task" : "+task";
  if (order == QueueOrder::oldest) {
    if (part != Part::all) {
      statement.add(" and " + task + " > ");
      statement.bind(after->id);
    }
    statement.add(" order by " + task + " limit ");
    return statement.bind(limit);
  }
  if (part != Part::all) {
    statement.add(" and " + due + (part == Part::tied ? " = " : down ? " < " : " > "));
    statement.bind(after->key);
  }
  if (part == Part::tied) {
    statement.add(down ? " and task < " : " and task > ");
    statement.bind(after->id);
  }
  statement.add(" order by " + due + (down ? " desc, task desc" : ", task") + " limit ");
  statement.bind(limit);
}

Along along_of(const QueueFilter& filter) { return filter.company_asked ? Along::companies : Along::lane; }

std::int64_t count_run(Session& session, const Run& run, const QueueFilter& filter, const std::string& day, std::int64_t most) {
  Statement statement{"select count(*) from (select 1 from queue", {}};
  add_run(statement, run, filter, day, along_of(filter));
  statement.add(" limit ");
  statement.bind(most);
  statement.add(")");
  return session.value<std::int64_t>(statement.sql, statement.binds).value();
}

struct Place {  // of a row in the order
  std::string due;
  std::int64_t task = 0;
};

bool before(const Place& a, const Place& b, QueueOrder order) {
  if (order == QueueOrder::oldest) return a.task < b.task;
  return order == QueueOrder::due ? std::tie(a.due, a.task) < std::tie(b.due, b.task) : std::tie(b.due, b.task) < std::tie(a.due, a.task);
}

std::vector<Part> parts_of(QueueOrder order, const std::optional<QueueCursor>& after) {
  if (!after) return {Part::all};
  return order == QueueOrder::oldest ? std::vector{Part::beyond} : std::vector{Part::tied, Part::beyond};
}

// The page's places in order, of all runs.
std::vector<Place> places_of(Session& session, const std::vector<Run>& runs, const QueueFilter& filter, QueueOrder order,
                             const std::optional<QueueCursor>& after, int limit) {
  std::vector<Place> places;
  const std::string day = filter.due_before ? to_text(*filter.due_before) : "";
  for (const Run& run : runs) {
    // By age no index of a lane helps: a few rows are found by theirs and sorted, of many the first are soon met in the table.
    const bool many = order == QueueOrder::oldest && count_run(session, run, filter, day, few + 1) > few;
    const Along along = many ? Along::table : along_of(filter);
    for (const Part part : parts_of(order, after)) {
      Statement statement{"select due, task from queue", {}};
      add_run(statement, run, filter, day, along);
      add_order(statement, order, after, part, limit, along);
      session.each<Text, std::int64_t>(statement.sql, statement.binds, [&](Text due, std::int64_t task) {
        places.push_back({std::move(due), task});
      });
    }
  }
  std::ranges::sort(places, [&](const Place& a, const Place& b) { return before(a, b, order); });
  if (places.size() > static_cast<std::size_t>(limit)) places.resize(static_cast<std::size_t>(limit));
  return places;
}

constexpr char row_of_task[] =
    "select t.id, t.case_id, c.workflow, c.cycle, c.state, t.company, co.legal_name, co.security_status, t.kind, t.title, t.role, "
    "coalesce(t.person, ''), coalesce(p.name, ''), t.opened_at, coalesce(json_extract(c.data, '$.returns'), 0), "
    "coalesce((select d.name from deadlines d where d.case_id = c.id and d.due_on = c.due_on and d.superseded_by is null and "
    "d.ended_by_version is null and instr(d.name, ':') = 0 limit 1), '') "
    "from tasks t cross join cases c on c.id = t.case_id cross join companies co on co.id = t.company "
    "left join people p on p.id = t.person where t.id = :task";

void read_row(Session& session, Place&& place, std::vector<QueueRow>& rows) {
  const auto due_on = place.due == "9999-12-31" ? std::nullopt : std::optional(stored_date(place.due));
  session
      .each<std::int64_t, Text, Text, std::int64_t, Text, Text, Text, Text, Text, Text, Text, Text, Text, std::int64_t, std::int64_t, Text>(
          row_of_task, {place.task},
          [&](std::int64_t id, Text case_id, Text workflow, std::int64_t cycle, Text state, Text company, Text company_name,
              Text security_status, Text kind, Text title, Text role, Text person, Text person_name, std::int64_t opened_at,
              std::int64_t returns, Text deadline) {
            rows.push_back({id, std::move(case_id), std::move(workflow), std::move(state), std::move(company), std::move(company_name),
                            std::move(security_status), std::move(kind), std::move(title), std::move(role), std::move(person),
                            std::move(person_name), std::move(deadline), std::move(place.due), static_cast<int>(cycle),
                            static_cast<int>(returns), due_on, from_ms(opened_at)});
          });
}

}  // namespace

std::vector<Migration> queue_migrations(int first_number) { return {{first_number, "the queue by fewer indexes", tables}}; }

std::vector<QueueRow> queue_rows(Session& session, const std::vector<QueueLane>& lanes, const QueueFilter& filter, QueueOrder order,
                                 const std::optional<QueueCursor>& after, int limit) {
  std::vector<QueueRow> rows;
  for (Place& place : places_of(session, runs_of(lanes), filter, order, after, limit)) read_row(session, std::move(place), rows);
  return rows;
}

std::int64_t count_queue(Session& session, const std::vector<QueueLane>& lanes, const QueueFilter& filter, std::int64_t most) {
  std::int64_t count = 0;
  const std::string day = filter.due_before ? to_text(*filter.due_before) : "";
  for (const Run& run : runs_of(lanes)) {
    count += count_run(session, run, filter, day, most - count);
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
