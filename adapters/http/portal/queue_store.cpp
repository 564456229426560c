#include "adapters/http/portal/queue_store.hpp"

#include <algorithm>

namespace tradecase::http {
namespace {

using Text = std::string;

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

// A run of rows with one index: a lane, or the part of it whose cases stand in one state.
struct Run {
  const QueueLane* lane = nullptr;
  bool free = false;  // of a role's
  const std::string* state = nullptr;
};

std::vector<Run> runs_of(const std::vector<QueueLane>& lanes, const QueueFilter& filter) {
  std::vector<Run> runs;
  const auto add = [&](const QueueLane& lane, bool free) {
    if (filter.workflow.empty()) runs.push_back({&lane, free, nullptr});
    for (const std::string& state : filter.states) runs.push_back({&lane, free, &state});
  };
  for (const QueueLane& lane : lanes) {
    if (lane.kind == QueueLane::Kind::role) add(lane, false);
    add(lane, true);
  }
  return runs;
}

// By company, the companies' index is taken: a + keeps the planner from the lane's.
void add_run(Statement& statement, const Run& run, const QueueFilter& filter, const std::string& day, bool along_due) {
  const std::string plus = filter.company_asked ? "+" : "";
  const auto equals = [&](const char* column, Bind value) {
    statement.add((statement.binds.empty() ? " where " : " and ") + plus + column + " = ");
    statement.bind(value);
  };
  const QueueLane& lane = *run.lane;
  if (lane.kind == QueueLane::Kind::person) equals("person", lane.who);
  if (lane.kind == QueueLane::Kind::account) equals("nam", lane.nam);
  if (lane.kind != QueueLane::Kind::person) equals("role", lane.who);
  if (lane.kind == QueueLane::Kind::role || lane.kind == QueueLane::Kind::free) equals("free", run.free ? 1 : 0);
  if (run.state != nullptr) {
    equals("workflow", filter.workflow);
    equals("state", *run.state);
  }
  if (filter.company_asked) {
    statement.add(" and company in (''");
    for (const std::string& company : filter.companies) {
      statement.add(", ");
      statement.bind(company);
    }
    statement.add(")");
  }
  if (filter.due_before) {
    statement.add(along_due ? " and due < " : " and +due < ");
    statement.bind(day);
  }
}

// What of a run is read: after a cursor, the rest of its day or instant, then what lies beyond: a range of the index each.
enum class Part { all, tied, beyond };

// At most as many as are asked for. Not along the order's index, a + keeps the planner from it.
void add_order(Statement& statement, QueueOrder order, const std::optional<QueueCursor>& after, Part part, int limit, bool along) {
  const bool by_age = order == QueueOrder::oldest, down = order == QueueOrder::due_last;
  const std::string key = std::string(along ? "" : "+") + (by_age ? "opened" : "due");
  if (part != Part::all) {
    statement.add(" and " + key + (part == Part::tied ? " = " : down ? " < " : " > "));
    statement.bind(by_age ? Bind(std::stoll(after->key)) : Bind(after->key));
  }
  if (part == Part::tied) {
    statement.add(down ? " and task < " : " and task > ");
    statement.bind(after->id);
  }
  statement.add(" order by " + key + (down ? " desc, task desc" : ", task") + " limit ");
  statement.bind(limit);
}

std::int64_t count_run(Session& session, const Run& run, const QueueFilter& filter, const std::string& day, std::int64_t most) {
  Statement statement{"select count(*) from (select 1 from queue", {}};
  add_run(statement, run, filter, day, true);
  statement.add(" limit ");
  statement.bind(most);
  statement.add(")");
  return session.value<std::int64_t>(statement.sql, statement.binds).value();
}

struct Place {  // of a row in the order
  std::string due;
  std::int64_t opened = 0, task = 0;
};

bool before(const Place& a, const Place& b, QueueOrder order) {
  if (order == QueueOrder::due_last) return std::tie(b.due, b.task) < std::tie(a.due, a.task);
  if (order == QueueOrder::oldest) return std::tie(a.opened, a.task) < std::tie(b.opened, b.task);
  return std::tie(a.due, a.task) < std::tie(b.due, b.task);
}

// The page's places in order, of all runs.
std::vector<Place> places_of(Session& session, const std::vector<Run>& runs, const QueueFilter& filter, QueueOrder order,
                             const std::optional<QueueCursor>& after, int limit) {
  std::vector<Place> places;
  const std::string day = filter.due_before ? to_text(*filter.due_before) : "";
  for (const Run& run : runs) {
    // By age, what is due before a day is no range of the index: a few are found by their day and sorted, many are met soon.
    const bool crossed = order == QueueOrder::oldest && filter.due_before;
    const bool along_due = !crossed || count_run(session, run, filter, day, few + 1) <= few;
    for (const Part part : after ? std::vector{Part::tied, Part::beyond} : std::vector{Part::all}) {
      Statement statement{"select due, opened, task from queue", {}};
      add_run(statement, run, filter, day, along_due);
      add_order(statement, order, after, part, limit, !crossed || !along_due);
      session.each<Text, std::int64_t, std::int64_t>(statement.sql, statement.binds, [&](Text due, std::int64_t opened, std::int64_t task) {
        places.push_back({std::move(due), opened, task});
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

void read_row(Session& session, Place&& place, bool by_age, std::vector<QueueRow>& rows) {
  std::string key = by_age ? std::to_string(place.opened) : place.due;
  const auto due_on = place.due == "9999-12-31" ? std::nullopt : std::optional(stored_date(place.due));
  session
      .each<std::int64_t, Text, Text, std::int64_t, Text, Text, Text, Text, Text, Text, Text, Text, Text, std::int64_t, std::int64_t, Text>(
          row_of_task, {place.task},
          [&](std::int64_t id, Text case_id, Text workflow, std::int64_t cycle, Text state, Text company, Text company_name,
              Text security_status, Text kind, Text title, Text role, Text person, Text person_name, std::int64_t opened_at,
              std::int64_t returns, Text deadline) {
            rows.push_back({id, std::move(case_id), std::move(workflow), std::move(state), std::move(company), std::move(company_name),
                            std::move(security_status), std::move(kind), std::move(title), std::move(role), std::move(person),
                            std::move(person_name), std::move(deadline), std::move(key), static_cast<int>(cycle), static_cast<int>(returns),
                            due_on, from_ms(opened_at)});
          });
}

}  // namespace

std::vector<QueueRow> queue_rows(Session& session, const std::vector<QueueLane>& lanes, const QueueFilter& filter, QueueOrder order,
                                 const std::optional<QueueCursor>& after, int limit) {
  std::vector<QueueRow> rows;
  for (Place& place : places_of(session, runs_of(lanes, filter), filter, order, after, limit))
    read_row(session, std::move(place), order == QueueOrder::oldest, rows);
  return rows;
}

std::int64_t count_queue(Session& session, const std::vector<QueueLane>& lanes, const QueueFilter& filter, std::int64_t most) {
  std::int64_t count = 0;
  const std::string day = filter.due_before ? to_text(*filter.due_before) : "";
  for (const Run& run : runs_of(lanes, filter)) {
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
