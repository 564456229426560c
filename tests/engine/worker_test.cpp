// What happens without anybody asking. No test sleeps: time is moved, and threads wait for facts.
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>

#include "engine/store/schema.hpp"
#include "tests/engine/fixture.hpp"

using namespace tradecase;
using namespace tradecase::testing;
using Became = Delivery::Outcome;

namespace {

using std::chrono::hours;
using std::chrono::minutes;

// A server that answers as it is told and remembers what it was given.
struct Server {
  std::vector<Delivery> answers;  // the last stands for all later ones
  std::vector<Message> got;
  Sender sender() {
    return [this](const Message& message) {
      got.push_back(message);
      return answers[std::min(got.size(), answers.size()) - 1];
    };
  }
};

Worker worker_of(World& world, Sender sender = {}, const std::string& name = "w1") {
  return Worker(world.engine, std::move(sender), name, "The Office", "office@example.gov");
}

std::string status(World& world) { return world.text("select status || ' ' || attempts || ' ' || detail from outbox order by id limit 1"); }

}  // namespace

TEST_CASE("timers fire when they are due, in order of their due times") {
  World world;
  const std::string id = world.working("C-1", "2026-01-20");  // nudges at the end of the 19th and the 20th
  Worker worker = worker_of(world);
  CHECK(worker.fire_all_due().fired == 0);
  world.move_to(at("2026-01-20T04:59:59.999Z"));
  CHECK(worker.fire_all_due().fired == 0);
  world.move_to(at("2026-01-20T05:00:00Z"));
  CHECK(worker.fire_all_due().fired == 1);
  world.check_clean();
  world.perform(id, "timer:perform");
  world.perform(id, "timer", "early");
  world.move(hours(24 * 10));
  CHECK(worker.fire_due_timers(2).fired == 2);
  CHECK(worker.fire_all_due().fired == 1);
  CHECK(world.text("select group_concat(command, ' ') from (select json_extract(line, '$.command') as command from history "
                   "where json_extract(line, '$.actor') = 'timer' order by n)") == "nudge nudge perform nudge");
  world.move(hours(48));
  CHECK(worker.fire_all_due().fired == 1);  // the one that a timer started
  CHECK(world.count("timers where status = 'pending'") == 0);
  world.check_clean();
}

TEST_CASE("two workers on one file fire each timer once") {
  World world;
  std::vector<std::string> ids;
  for (int i = 0; i < 40; ++i) ids.push_back(world.working("C-1", "2026-01-20"));
  world.move(hours(24 * 10));
  Database second(world.database.file(), world_migrations(), false);
  Engine other(second, world.programme, [&] { return world.now(); });
  Worker one = worker_of(world), two(other, {}, "w2", "", "");
  Fired first, last;
  std::thread thread([&] { first = one.fire_all_due(); });
  last = two.fire_all_due();
  thread.join();
  Fired rest = one.fire_all_due();
  CHECK(first.fired + last.fired + rest.fired == 80);
  for (const std::string& id : ids) CHECK(world.the_case(id).data.at("nudges").as_int64() == 2);
  CHECK(world.count("timers where status = 'fired'") == 80);
  world.check_clean();
}

TEST_CASE("a timer whose command fails is put off, and the others go on") {
  World world;
  const std::string id = world.working("C-1", "2026-06-01"), other = world.working("C-1", "2026-01-14");
  world.perform(id, "timer:burst", "bad");
  world.move(hours(48));
  Worker worker = worker_of(world);
  const Fired sum = worker.fire_all_due();
  CHECK(sum.fired == 2);
  CHECK(sum.failed == 1);
  CHECK(world.the_case(other).data.at("nudges").as_int64() == 2);
  const auto listed = world.database.read([](Session& session) { return refused_timers(session); });
  REQUIRE(listed.size() == 1);
  CHECK(listed[0].name == "bad");
  CHECK(listed[0].detail == "the errand burst");
  CHECK(listed[0].attempts == 1);
  CHECK(worker.fire_all_due().failed == 0);  // not before its time
  world.move(minutes(5));
  CHECK(worker.fire_all_due().failed == 1);
  world.move(minutes(29));
  CHECK(worker.fire_all_due().failed == 0);
  world.move(minutes(1));
  CHECK(worker.fire_all_due().failed == 1);
  world.move(minutes(30));  // the last wait of the list stands for all later ones
  CHECK(worker.fire_all_due().failed == 1);
  world.check_clean();
  world.done(world.say(id, "note", {{"text", "a"}}));
}

TEST_CASE("a timer whose command is refused is listed, and not tried again") {
  World world;
  const std::string id = world.working("C-1", "2026-06-01");
  world.perform(id, "timer:finish");
  world.move(hours(48));
  Worker worker = worker_of(world);
  CHECK(worker.fire_all_due().fired == 1);
  const auto listed = world.database.read([](Session& session) { return refused_timers(session); });
  REQUIRE(listed.size() == 1);
  CHECK(listed[0].status == "refused");
  CHECK_THAT(listed[0].detail, Catch::StartsWith("Only a supervisor may send \"finish\"."));
  CHECK(worker.fire_all_due().fired == 0);
  world.check_clean();
}

TEST_CASE("a timer moved after it was read does not fire at its old time") {
  World world;
  const std::string id = world.working("C-1", "2026-01-20");
  world.move(hours(24 * 10));
  const auto due = world.database.read([&](Session& session) { return due_timers(session, world.now(), 10); });
  world.perform(id, "stop", "nudge:");
  for (const Timer& timer : due) CHECK_FALSE(world.database.write([&](Transaction& tx) { return world.engine.fire(tx, timer); }));
  CHECK(world.the_case(id).data.at("nudges").as_int64() == 0);
}

TEST_CASE("a mail that the server took is sent once, complete") {
  World world;
  world.perform(world.working(), "letter", "hello");
  Server server{{{Became::sent, "250 taken"}}, {}};
  Worker worker = worker_of(world, server.sender());
  CHECK(worker.deliver_all_due().sent == 1);
  CHECK(worker.deliver_all_due().tried() == 0);
  REQUIRE(server.got.size() == 1);
  CHECK(server.got[0].from_name == "The Office");
  CHECK(server.got[0].from_address == "office@example.gov");
  CHECK(server.got[0].to_address == "officer@example.com");
  CHECK(server.got[0].date == "Wed, 14 Jan 2026 16:00:00 +0000");
  CHECK(status(world) == "sent 1 250 taken");
  world.check_clean();
}

TEST_CASE("that transmission has begun is committed before the server is spoken to") {
  World world;
  world.perform(world.working(), "letters");
  std::vector<std::string> seen;
  Worker worker = worker_of(world, [&](const Message&) {
    seen.push_back(world.text("select group_concat(status, ' ') from (select status from outbox order by id)"));
    return Delivery{Became::sent, ""};
  });
  CHECK(worker.deliver_all_due().sent == 3);
  CHECK(seen == std::vector<std::string>{"transmitting claimed claimed", "sent transmitting claimed", "sent sent transmitting"});
}

TEST_CASE("a mail not taken is tried again after the rule's waits, and given up after its attempts") {
  World world;
  const std::string id = world.working();
  world.perform(id, "letter", "hello");
  Server server{{{Became::retry_later, "no connection"}}, {}};
  Worker worker = worker_of(world, server.sender());
  CHECK(worker.deliver_all_due().retried == 1);
  CHECK(status(world) == "queued 1 no connection");
  world.move(minutes(5) - std::chrono::milliseconds(1));
  CHECK(worker.deliver_all_due().tried() == 0);
  world.move(std::chrono::milliseconds(1));
  CHECK(worker.deliver_all_due().retried == 1);
  world.move(minutes(30));
  CHECK(worker.deliver_all_due().given_up == 1);
  CHECK(status(world) == "given_up 3 no connection");
  CHECK(server.got.size() == 3);
  CHECK(server.got[0].message_id == server.got[2].message_id);
  CHECK(server.got[0].date == server.got[2].date);
  CHECK(world.text("select title from tasks where kind like 'mail:%'") ==
        "The mail to officer@example.com did not arrive: check the address");
  world.check_clean();
}

TEST_CASE("what the server refuses for good, and what nobody knows, becomes a person's work") {
  struct Way {
    Became outcome;
    std::string status, title;
  };
  for (const auto& [outcome, name, title] :
       {Way{Became::given_up, "given_up", "The mail to officer@example.com did not arrive: check the address"},
        Way{Became::unknown, "unknown", "Find out whether the mail to officer@example.com arrived"}}) {
    World world;
    world.perform(world.working(), "letter", "hello");
    Server server{{{outcome, "as it was"}}, {}};
    Worker worker = worker_of(world, server.sender());
    CHECK(worker.deliver_all_due().tried() == 1);
    CHECK(worker.deliver_all_due().tried() == 0);
    CHECK(status(world) == name + " 1 as it was");
    CHECK(world.text("select title || ' / ' || person from tasks where kind like 'mail:%'") == title + " / " + nam);
    world.check_clean();
  }
}

TEST_CASE("without a way out mail waits") {
  World world;
  world.perform(world.working(), "letter", "hello");
  CHECK(worker_of(world).deliver_all_due().tried() == 0);
  CHECK(status(world) == "queued 0 ");
}

TEST_CASE("after a crash what was not begun goes out again, and what was begun is unknown") {
  World world;
  world.perform(world.working(), "letters");
  struct Crash {};
  Worker worker = worker_of(world, [](const Message&) -> Delivery { throw Crash(); });
  CHECK_THROWS_AS(worker.deliver_all_due(), Crash);
  Worker stranger_ = worker_of(world, {}, "w2");
  CHECK(stranger_.recover() == 0);
  Server server{{{Became::sent, ""}}, {}};
  Worker again = worker_of(world, server.sender());
  CHECK(again.deliver_all_due().tried() == 0);
  CHECK(again.recover() == 1);
  CHECK(again.recover() == 0);
  CHECK(again.deliver_all_due().sent == 2);
  CHECK(world.count("outbox where status = 'unknown'") == 1);
  CHECK(world.count("tasks where kind like 'mail:%' and closed_at is null") == 1);
  world.check_clean();
}

TEST_CASE("run() delivers what a commit brings, and ends when it is stopped") {
  World world;
  const std::string id = world.working();
  std::mutex mutex;
  std::condition_variable arrived;
  int got = 0;
  Worker worker = worker_of(world, [&](const Message&) {
    const std::lock_guard lock(mutex);
    ++got;
    arrived.notify_all();
    return Delivery{Became::sent, ""};
  });
  world.engine.on_commit([&](std::optional<Instant>) { worker.wake(); });
  auto running = std::async(std::launch::async, [&] { worker.run(); });
  for (int wanted = 1; wanted <= 3; ++wanted) {
    world.perform(id, "letter", std::to_string(wanted));
    std::unique_lock lock(mutex);
    CHECK(arrived.wait_for(lock, std::chrono::seconds(60), [&] { return got == wanted; }));
  }
  worker.stop();
  CHECK(running.wait_for(std::chrono::seconds(60)) == std::future_status::ready);
  running.get();
  world.check_clean();
}

TEST_CASE("run() fires what comes due while it waits") {
  World world;
  const std::string id = world.working("C-1", "2026-01-20");
  std::promise<void> fired;
  Worker worker = worker_of(world, [&](const Message&) {
    fired.set_value();
    return Delivery{Became::sent, ""};
  });
  world.sql("update timers set command = 'perform', body = '{\"what\":\"letter\",\"text\":\"x\"}' where name = 'nudge:1'");
  auto running = std::async(std::launch::async, [&] { worker.run(); });
  world.move_to(at("2026-01-20T05:00:00Z"));
  worker.wake();
  CHECK(fired.get_future().wait_for(std::chrono::seconds(60)) == std::future_status::ready);
  worker.stop();
  running.get();
}
