// Each invariant is broken on purpose, and named: that one and no other.
#include <rapidcheck/catch.h>

#include <fstream>

#include "engine/store/schema.hpp"
#include "tests/engine/fixture.hpp"

using namespace tradecase;
using namespace tradecase::testing;

namespace {

using std::chrono::hours;

// A world in which everything happened once: letters, facts, due days moved, timers fired and refused, refusals, receipts.
struct Lived : World {
  Lived() {
    id = working("C-1", "2026-01-20");
    perform(id, "later");
    perform(id, "fact", "7");
    perform(id, "fact", "8");
    perform(id, "letter", "hello");
    perform(id, "letters");
    perform(id, "timer:finish");
    perform(id, "child");
    refused(say(id, "submit", {}, nam, "no"));
    done(say(id, "note", {{"text", "a"}}, nam, "yes"));
    move(hours(24 * 10));
    Worker(
        engine,
        [](const Message&) {
          return Delivery{Delivery::Outcome::sent, ""};
        },
        "w", "", "")
        .fire_all_due();
    perform(id, "timer", "last");
    done(say(id, "submit"));
  }
  std::string id;
};

struct Break {
  std::string name, sql;
  std::vector<std::string> named;  // the invariants
};

std::vector<std::string> names(const std::vector<Violation>& violations) {
  std::vector<std::string> all;
  for (const Violation& violation : violations)
    if (all.empty() || all.back() != violation.invariant) all.push_back(violation.invariant);
  return all;
}

std::string shown(const std::vector<Violation>& violations) {
  std::string all;
  for (const auto& [invariant, case_id, detail] : violations) all += invariant + " " + case_id + " " + detail + "\n";
  return all;
}

const std::string last_line = "(select max(n) from history where kind = 'event')";
const std::string copy_of_outbox = "create table copy as select * from outbox; drop table outbox; alter table copy rename to outbox; ";

}  // namespace

TEST_CASE("a database in which everything happened is clean") {
  Lived world;
  CHECK(world.count("timers where status = 'refused'") == 1);
  CHECK(world.count("deadlines where superseded_by is not null") == 1);
  world.check_clean();
  const auto report = world.database.read([&](Session& session) { return verify(session, world.programme, world.now()); });
  CHECK(report.cases == 2);
  CHECK(report.events == world.count("history where kind = 'event'"));
  CHECK(report.root.size() == 64);
}

TEST_CASE("each broken invariant is named") {
  const std::vector<Break> breaks{
      {"a case's version", "update cases set version = version + 1", {"version"}},
      {"an event erased", "delete from history where n = " + last_line, {"version", "chain", "from_to"}},
      {"a case's leaf", "update cases set leaf = 'x'", {"chain"}},
      {"a case's state", "update cases set state = 'waiting' where state = 'review'", {"from_to"}},
      {"a state nobody knows", "update cases set state = 'gone' where state = 'review'", {"from_to", "known_state"}},
      {"a workflow nobody knows", "update cases set workflow = 'gone'", {"known_state"}},
      {"closed and not ended", "update cases set closed_at = 1", {"known_state"}},
      {"an actor changed",
       "update history set line = replace(line, '\"actor\":\"P-000001\"', '\"actor\":\"P-000002\"') where n = " + last_line,
       {"chain"}},
      {"a line with a blank",
       "update history set line = replace(line, ',\"kind\"', ', \"kind\"') where n = " + last_line,
       {"record_line", "chain"}},
      {"a line that is none", "update history set line = 'x' where kind = 'refusal'", {"record_line"}},
      {"a line's kind", "update history set kind = 'note' where kind = 'refusal'", {"record_line"}},
      {"a line's number",
       "update history set n = n + 100 where kind = 'refusal' and n = (select max(n) from history where kind = 'refusal')",
       {"record_line"}},
      {"a line's case", "update history set case_id = 'TC-2026-000002' where kind = 'refusal'", {"record_line"}},
      {"data changed", "update history set data = '{}' where n = 1", {"data_hash"}},
      {"data erased", "update history set data = null", {}},
      {"data unreadable", "update cases set data = '[1]' where state = 'review'", {"readable_data"}},
      {"data of another type", "update cases set data = json_set(data, '$.note', 5) where state = 'review'", {"readable_data"}},
      {"nobody's turn",
       "update tasks set closed_at = 1; update timers set status = 'stopped' where status = 'pending'",
       {"no_silent_stall"}},
      {"a letter of no event", "update letters set version = 99 where id = 1", {"letter_event"}},
      {"a letter of another time", "update letters set written_at = written_at + 1 where id = 1", {"letter_event"}},
      {"a document changed", "update documents set html = 'x'", {"letter_document"}},
      {"a letter without its document",
       "delete from documents where hash = (select hash from letters where id = 1)",
       {"integrity", "letter_document"}},
      {"a letter without mails", "delete from outbox where letter_id = 1", {"letter_mail"}},
      {"a mail changed", "update letter_mails set text = 'x' where letter_id = 1", {"mail_content"}},
      {"a mail readdressed", "update outbox set to_address = 'x@example.com' where id = 1", {"mail_content"}},
      {"two mails of one id",
       copy_of_outbox +
           "insert into outbox select 99, case_id, letter_id, message_id, thread, to_person, to_name, to_address, content_hash, "
           "written_at, status, attempts, try_at, claimed_by, done_at, detail from outbox where id = 1",
       {"message_id"}},
      {"a timer forgotten",
       "update timers set try_at = 1 where status = 'pending'; update meta set value = '999' where name = 'last_pass_timer'",
       {"timer_unfired"}},
      {"a timer that no pass has seen", "update timers set try_at = 1 where status = 'pending'", {}},
      {"a timer that failed", "update timers set try_at = 1, attempts = 1 where status = 'pending'", {}},
      {"a timer early", "update receipts set at = 1 where actor = 'timer'", {"timer_early"}},
      {"a timer without its receipt", "delete from receipts where actor = 'timer'", {"timer_receipt"}},
      {"a timer's answer", "update timers set status = 'fired' where status = 'refused'", {"timer_receipt"}},
      {"a timer set back", "update timers set status = 'stopped' where status = 'fired'", {"timer_twice"}},
      {"a timer of two times",
       "insert into receipts select actor, replace(key, '2026', '2025'), body_hash, answer, at from receipts where actor = 'timer' "
       "and json_extract(answer, '$.code') is not null",
       {"timer_twice"}},
      {"a due day moved",
       "update deadlines set due_on = '2026-01-22', due_at = due_at + 86400000 where id = 1 and due_on = '2026-01-21' or id = 2",
       {"deadline_rule", "deadline_instant"}},
      {"a due day's inputs", "update deadlines set inputs = json_set(inputs, '$.days', 1) where id = 1", {"deadline_rule"}},
      {"a due day's inputs gone", "update deadlines set inputs = '{}' where id = 1", {"deadline_rule"}},
      {"a due instant", "update deadlines set due_at = due_at + 1 where id = 1", {"deadline_instant"}},
      {"a ledger cut", "update deadlines set superseded_by = null where superseded_by is not null", {"deadline_ledger"}},
      {"a ledger in a ring", "update deadlines set superseded_by = 1 where id = 3", {"deadline_ledger"}},
      {"a due day of no event", "update deadlines set set_by_version = 99 where id = 1", {"deadline_ledger"}},
      {"an ending of no event", "update deadlines set ended_by_version = 99 where id = 1", {"deadline_ledger"}},
      {"an answer unkept", "update receipts set answer = json_set(answer, '$.version', 99) where key = 'yes'", {"receipt"}},
      {"an answer unreadable", "update receipts set answer = '{}' where key = 'yes'", {"receipt"}},
      {"two facts of one key", "drop index facts_current; update facts set superseded_by = null", {"fact_current"}},
      {"a fact that leads nowhere", "update facts set superseded_by = id where superseded_by is not null", {"fact_current"}},
      {"work of one who left",
       "update tasks set person = 'P-000001'; update people set departed_on = '2026-01-20' where id = 'P-000001'",
       {"task_of_absent"}},
      {"work of one who leaves later",
       "update tasks set person = 'P-000001'; update people set departed_on = '2026-12-01' where id = 'P-000001'",
       {}},
      {"work of one away",
       "update tasks set person = 'P-000001'; insert into absences values (1, 'P-000001', '2026-01-01', '2026-03-01', 'P-000003')",
       {}},
      {"work of one away whose delegate left",
       "update tasks set person = 'P-000001'; insert into absences values (1, 'P-000001', '2026-01-01', '2026-03-01', 'P-000003'); "
       "update people set departed_on = '2026-01-20' where id = 'P-000003'",
       {"task_of_absent"}},
      {"work of one away whose delegate is away",
       "update tasks set person = 'P-000001'; insert into absences values (1, 'P-000001', '2026-01-01', '2026-03-01', 'P-000003'), "
       "(2, 'P-000003', '2026-01-01', '2026-03-01', 'P-000001')",
       {"task_of_absent"}},
  };
  for (const Break& one : breaks) {
    Lived world;
    Session by_hand(world.database.file(), false, false, std::chrono::seconds(0));
    by_hand.script("pragma foreign_keys = off; " + one.sql);
    const auto found = world.violations();
    INFO(one.name << "\n" << shown(found));
    CHECK(names(found) == one.named);
  }
}

TEST_CASE("a damaged page is a violation, and the rest is still looked at") {
  TempDir dir;
  {
    Lived world;
    for (int i = 0; i < 50; ++i) world.done(world.say(world.opened(), "note", {{"text", std::string(2000, 'x')}}));
    Session(world.database.file(), false, false, std::chrono::seconds(0)).run("vacuum into :file", {(dir / "copy.db").string()});
  }
  const Programme programme = tiny_programme();
  std::int64_t page = 0;
  {
    Session session(dir / "copy.db", true, false, std::chrono::seconds(0));
    page = session.value<std::int64_t>("select rootpage from sqlite_master where name = 'receipts'").value();
  }
  {
    std::fstream bytes(dir / "copy.db", std::ios::binary | std::ios::in | std::ios::out);
    bytes.seekp(4096 * (page - 1));
    bytes << std::string(4096, '\xAA');
  }
  Database database(dir / "copy.db", world_migrations());
  const auto report = database.read([&](Session& session) { return verify(session, programme, at("2026-01-24T16:00:00Z")); });
  INFO(shown(report.violations));
  REQUIRE_FALSE(report.violations.empty());
  CHECK(report.violations.front().invariant == "integrity");
  CHECK(report.cases == 52);
  CHECK(report.root.size() == 64);
}

TEST_CASE("many violations of one kind are cut short and counted") {
  World world;
  world.sql(
      "with recursive k(i) as (select 0 union all select i + 1 from k where i < 1499) "
      "insert into history (n, kind, line) select i, 'read', 'x' from k");
  const auto found = world.violations();
  CHECK(found.size() == static_cast<std::size_t>(violations_listed_max) + 1);
  CHECK(found.back().detail == "and 500 more");
}

TEST_CASE("progress goes from nothing to all") {
  World world;
  world.sql(
      "with recursive k(i) as (select 0 union all select i + 1 from k where i < 2499) "
      "insert into history (n, kind, line) select i, 'read', 'x' from k");
  std::vector<std::int64_t> seen;
  world.database.read([&](Session& session) {
    verify(session, world.programme, world.now(), [&](std::int64_t done, std::int64_t) { seen.push_back(done); });
  });
  CHECK(seen == std::vector<std::int64_t>{1000, 2000, 2500});
}

// ---- whatever people send, in whatever order, the invariants hold -------------------------------------------------------

TEST_CASE("any sequence of commands, timers and days leaves the database clean") {
  rc::prop("verify finds nothing", [] {
    World world;
    Worker worker(
        world.engine,
        [](const Message& message) {
          const auto turn = message.message_id.size() % 4;
          return Delivery{static_cast<Delivery::Outcome>(turn), "by chance"};
        },
        "w", "", "");
    const std::vector<std::string> people{nam, deputy, supervisor, officer, stranger, "timer", "P-9"};
    const std::vector<std::string> commands{"open",    "start",   "note",    "submit", "finish", "return",
                                            "perform", "perform", "perform", "nudge",  "fly"};
    const std::vector<std::string> acts{"timer", "timer:burst",   "timer:perform", "timer:finish", "stop",    "task",  "close_task",
                                        "later", "end_deadlines", "fact",          "letter",       "letters", "child", "tell"};
    const std::vector<std::string> words{"nudge:1", "nudge:", "work", "review", "due", "x"};
    const auto steps = *rc::gen::inRange(5, 40);
    for (int i = 0; i < steps; ++i) {
      const auto open =
          world.database.read([](Session& session) { return session.rows<std::string>("select id from cases order by number"); });
      const std::string command = *rc::gen::elementOf(commands);
      json::object body;
      if (command == "start")
        body = {{"by", *rc::gen::element("2026-01-15", "2026-02-14", "13/13/2026")}, {"days", *rc::gen::inRange(-3, 60)}};
      if (command == "note") body = {{"text", *rc::gen::elementOf(words)}};
      if (command == "finish") body = {{"held", *rc::gen::arbitrary<bool>()}};
      if (command == "perform") body = {{"what", *rc::gen::elementOf(acts)}, {"text", *rc::gen::elementOf(words)}};
      Command said{"", "errand", *rc::gen::element<std::string>("C-1", "C-2"), 1, command, body, *rc::gen::elementOf(people), "", {}};
      if (!open.empty() && command != "open") said.case_id = std::get<0>(*rc::gen::elementOf(open));
      if (*rc::gen::inRange(0, 3) == 0) said.key = *rc::gen::element<std::string>("k1", "k2", "k3");
      if (*rc::gen::inRange(0, 5) == 0) said.expected_version = *rc::gen::inRange(0, 5);
      try {
        world.engine.execute(said);
      } catch (const TemplateError&) {  // a letter about a due day that the case has not: nothing of the command stands
      }
      if (*rc::gen::inRange(0, 4) == 0) {
        world.move(hours(*rc::gen::inRange(1, 24 * 20)));
        worker.fire_all_due();
        worker.deliver_all_due();
      }
    }
    worker.fire_all_due();
    const auto found = world.violations();
    RC_LOG() << shown(found);
    RC_ASSERT(found.empty());
  });
}
