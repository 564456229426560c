// The queue's table and its pages, beside what the tasks themselves say.
#include "adapters/http/portal/queue_store.hpp"

#include <algorithm>

#include "tests/adapters/http/portal_world.hpp"

using namespace tradecase;
using namespace tradecase::http;
using tradecase::testing::PortalWorld;

namespace {

struct Open {  // an open task, as tasks, cases and companies say it
  std::int64_t id = 0;
  std::string company, nam, role, person, workflow, state, due;
};

std::vector<Open> open_tasks(const PortalWorld& world) {
  std::vector<Open> all;
  world.engine().database().read([&](Session& session) {
    using Text = std::string;
    session.each<std::int64_t, Text, Text, Text, Text, Text, Text, Text>(
        "select t.id, t.company, coalesce(co.nam, ''), t.role, coalesce(t.person, ''), c.workflow, c.state, "
        "coalesce(iif(t.of_state = 1, c.due_on, null), t.due_on, '9999-12-31') "
        "from tasks t join cases c on c.id = t.case_id join companies co on co.id = t.company where t.closed_at is null",
        {}, [&](std::int64_t id, Text company, Text nam, Text role, Text person, Text workflow, Text state, Text due) {
          all.push_back({id, company, nam, role, person, workflow, state, due});
        });
  });
  return all;
}

// On every case some for each role, on few days, so that places tie; some without a day.
void add_tasks(const PortalWorld& world, const std::string& nam) {
  world.sql(
      "insert into tasks (case_id, company, kind, title, role, person, due_on, of_state, opened_at) "
      "select c.id, c.company, 'made:' || r.column1, 'Made', r.column1, iif(r.column1 = 'nam', '" +
      nam +
      "', null), iif(c.number % 4 = 0, null, date('2026-03-01', (c.number % 5) || ' days')), 0, c.number / 3 * 1000 "
      "from cases c cross join (values ('nam'), ('officer'), ('preparer'), ('compliance'), ('supervisor')) r");
}

bool stands_in(const Open& task, const QueueLane& lane) {
  switch (lane.kind) {
    case QueueLane::Kind::person:
      return task.person == lane.who;
    case QueueLane::Kind::free:
      return task.role == lane.who && task.person.empty();
    case QueueLane::Kind::role:
      return task.role == lane.who;
    case QueueLane::Kind::account:
      return task.role == lane.who && task.nam == lane.nam;
  }
  return false;
}

bool meets(const Open& task, const QueueFilter& filter) {
  const bool in_state = filter.workflow.empty() || (task.workflow == filter.workflow && std::ranges::count(filter.states, task.state) > 0);
  const bool of_company = !filter.company_asked || std::ranges::count(filter.companies, task.company) > 0;
  return in_state && of_company && (!filter.due_before || task.due < to_text(*filter.due_before));
}

std::vector<std::int64_t> expected(std::vector<Open> tasks, const std::vector<QueueLane>& lanes, const QueueFilter& filter,
                                   QueueOrder order) {
  std::erase_if(tasks, [&](const Open& task) {
    return !meets(task, filter) || std::ranges::none_of(lanes, [&](const QueueLane& lane) { return stands_in(task, lane); });
  });
  std::ranges::sort(tasks, [&](const Open& a, const Open& b) {
    if (order == QueueOrder::oldest) return a.id < b.id;
    return order == QueueOrder::due ? std::tie(a.due, a.id) < std::tie(b.due, b.id) : std::tie(b.due, b.id) < std::tie(a.due, a.id);
  });
  std::vector<std::int64_t> ids;
  for (const Open& task : tasks) ids.push_back(task.id);
  return ids;
}

// Page after page.
std::vector<std::int64_t> paged(const PortalWorld& world, const std::vector<QueueLane>& lanes, const QueueFilter& filter, QueueOrder order,
                                int rows_a_page = 3) {
  std::vector<std::int64_t> ids;
  world.engine().database().read([&](Session& session) {
    std::optional<QueueCursor> after;
    for (;;) {
      const auto rows = queue_rows(session, lanes, filter, order, after, rows_a_page);
      if (rows.empty()) return;
      for (const QueueRow& row : rows) ids.push_back(row.id);
      after = QueueCursor{rows.back().key, rows.back().id};
    }
  });
  return ids;
}

std::vector<QueueFilter> filters(const std::vector<Open>& tasks) {
  std::vector<QueueFilter> all(1);
  const Open& some = tasks.at(tasks.size() / 2);
  QueueFilter in_state;
  in_state.workflow = some.workflow;
  in_state.states = {some.state};
  QueueFilter of_workflow = in_state;
  for (const Open& task : tasks)
    if (task.workflow == some.workflow && std::ranges::count(of_workflow.states, task.state) == 0) of_workflow.states.push_back(task.state);
  QueueFilter due;
  due.due_before = parse_date(some.due);
  QueueFilter of_company = due;
  of_company.company_asked = true;
  of_company.companies = {some.company};
  QueueFilter of_none = of_company;
  of_none.companies.clear();
  all.insert(all.end(), {in_state, of_workflow, due, of_company, of_none});
  return all;
}

std::int64_t differences(const PortalWorld& world) {
  return world.engine().database().read([](Session& session) {
    return session
        .value<std::int64_t>(
            "with kept as (select task, company, nam, role, person, workflow, state, due from queue), "
            "told as (select task, company, nam, role, person, workflow, state, due from open_tasks) "
            "select (select count(*) from (select * from kept except select * from told)) + "
            "(select count(*) from (select * from told except select * from kept))")
        .value();
  });
}

}  // namespace

TEST_CASE("the queue's pages hold each open task of their lanes once, in order, whatever is asked for") {
  const PortalWorld world;
  const std::string nam = world.who("nam").person;
  add_tasks(world, nam);
  const std::vector<Open> tasks = open_tasks(world);
  REQUIRE(tasks.size() > 30);
  using Kind = QueueLane::Kind;
  const std::vector<std::vector<QueueLane>> views{{{Kind::person, nam, ""}, {Kind::free, "compliance", ""}},
                                                  {{Kind::role, "nam", ""}, {Kind::role, "compliance", ""}, {Kind::role, "supervisor", ""}},
                                                  {{Kind::account, "officer", nam}, {Kind::account, "preparer", nam}},
                                                  {{Kind::role, "officer", ""}}};
  std::size_t met = 0;
  for (const auto& lanes : views)
    for (const QueueFilter& filter : filters(tasks)) {
      for (const QueueOrder order : {QueueOrder::due, QueueOrder::due_last, QueueOrder::oldest}) {
        const auto ids = expected(tasks, lanes, filter, order);
        CHECK(paged(world, lanes, filter, order) == ids);
        met += ids.size();
      }
      const auto all = static_cast<std::int64_t>(expected(tasks, lanes, filter, QueueOrder::due).size());
      world.engine().database().read([&](Session& session) {
        CHECK(count_queue(session, lanes, filter, 1000) == all);
        CHECK(count_queue(session, lanes, filter, 2) == std::min<std::int64_t>(all, 2));
      });
    }
  CHECK(met > 50);
}

TEST_CASE("a lane too long to be sorted is read in the same orders") {
  const PortalWorld world;
  add_tasks(world, world.who("nam").person);
  world.sql(
      "insert into tasks (case_id, company, kind, title, role, due_on, of_state, opened_at) "
      "with recursive n (i) as (select 1 union all select i + 1 from n where i < 1500) "
      "select c.id, c.company, 'one:' || i, 'One', iif(i % 3, 'compliance', 'supervisor'), date('2026-03-01', (i * 7 % 11) || ' days'), 0, "
      "i "
      "from n cross join (select * from cases order by id limit 1) c order by i");
  const std::vector<Open> tasks = open_tasks(world);
  const std::vector<QueueLane> lanes{{QueueLane::Kind::free, "compliance", ""}, {QueueLane::Kind::free, "supervisor", ""}};
  QueueFilter due;
  due.due_before = parse_date("2026-03-10");
  for (const QueueFilter& filter : {QueueFilter(), due})
    for (const QueueOrder order : {QueueOrder::due, QueueOrder::due_last, QueueOrder::oldest})
      CHECK(paged(world, lanes, filter, order, 100) == expected(tasks, lanes, filter, order));
}

TEST_CASE("the queue follows its tasks, their cases and the accounts") {
  const PortalWorld world;
  add_tasks(world, world.who("nam").person);
  CHECK(differences(world) == 0);
  for (const char* change :
       {"update companies set nam = null where id in (select company from tasks where closed_at is null limit 1)",
        "update tasks set person = null, due_on = '2026-01-01' where id in (select id from tasks where closed_at is null limit 2)",
        "update tasks set of_state = 0 where id in (select id from tasks where closed_at is null and of_state = 1 limit 1)",
        "update cases set state = 'elsewhere', due_on = null where id in (select case_id from tasks where closed_at is null limit 2)",
        "update tasks set closed_at = 1 where id in (select id from tasks where closed_at is null limit 1)"}) {
    world.sql(change);
    CHECK(differences(world) == 0);
  }
  world.sql("update tasks set closed_at = 1 where closed_at is null");
  CHECK(differences(world) == 0);
  CHECK(world.engine().database().read([](Session& session) { return session.value<std::int64_t>("select count(*) from queue"); }) == 0);
}
