// One road for every act: what execute() answers, and what stands afterwards.
#include <future>
#include <thread>

#include "tests/engine/fixture.hpp"

using namespace tradecase;
using namespace tradecase::testing;

namespace {

json::object start_body(std::string_view by = "2026-02-02") { return {{"by", by}, {"days", 0}}; }

std::int64_t refusal_lines(World& world) { return world.count("history where kind = 'refusal'"); }

// The refusal's code, and that it wrote its line and nothing else.
Refusal refused_alone(World& world, const std::function<Answer()>& act) {
  const auto tables = {"cases", "tasks", "timers", "deadlines", "facts", "letters", "outbox", "history where kind = 'event'"};
  std::vector<std::int64_t> before, after;
  for (const char* table : tables) before.push_back(world.count(table));
  const auto lines = refusal_lines(world);
  Refusal refusal = world.refused(act());
  for (const char* table : tables) after.push_back(world.count(table));
  CHECK(before == after);
  CHECK(refusal_lines(world) == lines + 1);
  return refusal;
}

}  // namespace

TEST_CASE("a command opens a case, and another moves it on") {
  World world;
  const Receipt opened = world.done(world.open());
  CHECK(opened == Receipt{"TC-2026-000001", "open", 1, "", "waiting", world.now()});
  world.move(std::chrono::hours(1));
  const Receipt started = world.done(world.say(opened.case_id, "start", start_body()));
  CHECK(started == Receipt{"TC-2026-000001", "start", 2, "waiting", "working", world.now()});
  const Case now = world.the_case(opened.case_id);
  CHECK(now.state == "working");
  CHECK(now.version == 2);
  CHECK(now.opened_at == at("2026-01-14T16:00:00Z"));
  CHECK(now.cycle == 1);
  world.check_clean();
}

TEST_CASE("cases are numbered by the year in the programme's zone") {
  World world;
  CHECK(world.opened() == "TC-2026-000001");
  CHECK(world.opened() == "TC-2026-000002");
  world.move_to(at("2027-01-01T04:59:59Z"));  // still the old year in the east
  CHECK(world.opened() == "TC-2026-000003");
  world.move_to(at("2027-01-01T05:00:00Z"));
  CHECK(world.opened() == "TC-2027-000001");
  CHECK(world.opened() == "TC-2027-000002");
}

TEST_CASE("every refusal has its code and writes its line only") {
  World world;
  const std::string id = world.working();
  struct Try {
    std::string name, case_id, command, actor, code;
    json::object body;
    std::string says;
  };
  const std::vector<Try> tries{
      {"role",
       id,
       "finish",
       nam,
       "forbidden",
       {},
       "Only a supervisor may send \"finish\". For this company you are the National Account Manager"},
      {"state", id, "finish", supervisor, "wrong_state", {}, "\"finish\" is possible in review; this case is in working."},
      {"open again", id, "open", nam, "wrong_state", {}, "\"open\" opens a case; this one is open already."},
      {"guard", id, "submit", nam, "guard", {}, "an errand needs a note"},
      {"unknown command", id, "fly", nam, "invalid", {}, "\"fly\" is not a command of errand. Its commands: "},
      {"no command", id, "", nam, "invalid", {}, "The command's name is missing"},
      {"control characters in the name", id, "no\x01te", nam, "invalid", {}, "no name"},
      {"unknown case", "TC-2026-000099", "note", nam, "not_found", {{"text", "x"}}, "There is no case TC-2026-000099, or it is not yours."},
      {"unreadable case", "TC\x01", "note", nam, "not_found", {{"text", "x"}}, "There is no such case"},
      {"not theirs", id, "note", stranger, "not_found", {{"text", "x"}}, "There is no case " + id + ", or it is not yours."},
      {"nobody", id, "note", "P-999999", "not_found", {{"text", "x"}}, "or it is not yours."},
      {"unknown field", id, "note", nam, "invalid", {{"text", "x"}, {"txet", "y"}}, "txet is not a field of this command"},
      {"missing field", id, "note", nam, "invalid", {}, "text is needed and is missing"},
      {"empty text", id, "note", nam, "invalid", {{"text", " \n"}}, "text is needed and is empty"},
      {"wrong type", id, "note", nam, "invalid", {{"text", 7}}, "text must be text"},
      {"null", id, "note", nam, "invalid", {{"text", nullptr}}, "text must be text"},
      {"control character", id, "note", nam, "invalid", {{"text", "a\x07"}}, "text holds a control character"},
      {"NUL", id, "note", nam, "invalid", {{"text", json::string("a\0b", 3)}}, "text holds a control character"},
      {"not UTF-8", id, "note", nam, "invalid", {{"text", "\xFF"}}, "The body is not UTF-8 text."},
      {"a field's name not UTF-8", id, "note", nam, "invalid", {{"text", "x"}, {"\xFF", 1}}, "The body is not UTF-8 text."},
      {"long text", id, "note", nam, "invalid", {{"text", std::string(20'001, 'x')}}, "text is longer than 20000 bytes"},
      {"large body", id, "note", nam, "invalid", {{"text", std::string(10 << 20, 'x')}}, "The body is larger than 1 MiB."},
      {"unknown person", id, "name_colleague", nam, "invalid", {{"who", "who@example.com"}}, "who names nobody that is known here."},
  };
  for (const Try& one : tries) {
    INFO(one.name);
    const Refusal refusal = refused_alone(world, [&] { return world.say(one.case_id, one.command, one.body, one.actor); });
    CHECK(info(refusal.code).name == one.code);
    CHECK_THAT(refusal.sentence, Catch::Contains(one.says));
  }
  world.check_clean();
}

TEST_CASE("a body is read whole: every problem is said at once") {
  World world;
  const std::string id = world.opened();
  const Refusal refusal = world.refused(world.say(id, "start", {{"by", "2026-02-30"}, {"days", 1.5}, {"quietly", "yes"}, {"more", 1}}));
  CHECK(refusal.problems == std::vector<Problem>{{"by", "must be a day that exists, written 2026-12-22 or 12/22/2026"},
                                                 {"days", "must be a whole number"},
                                                 {"quietly", "must be true or false"},
                                                 {"more", "is not a field of this command"}});
  for (const json::value& days :
       {json::value("7"), json::value(3'000'000'000), json::value(true), json::value(nullptr), json::value(json::array{})})
    CHECK(world.refused(world.say(id, "start", {{"by", "2026-02-02"}, {"days", days}})).sentence ==
          "\"start\" cannot be read: days must be a whole number.");
}

TEST_CASE("a body of lists within lists beyond reason is refused, one of sixteen is read") {
  World world;
  const std::string id = world.working();
  const auto nested = [](int deep) {
    json::value value = "x";
    for (int i = 1; i < deep; ++i) value = json::array{std::move(value)};
    return json::object{{"text", std::move(value)}};
  };
  CHECK(world.refused(world.say(id, "note", nested(17))).sentence == "The body holds lists and objects more than 16 deep.");
  CHECK_THAT(world.refused(world.say(id, "note", nested(16))).sentence, Catch::Contains("text must be text"));
  CHECK(world.refused(world.say(id, "note", nested(5'000))).code == RefusalCode::invalid);
  world.check_clean();
}

TEST_CASE("an opening is refused without a case") {
  World world;
  const auto open = [&](const std::string& workflow, const std::string& company, const std::string& actor,
                        std::optional<std::int64_t> expected = {}) {
    return refused_alone(world, [&] { return world.engine.execute({"", workflow, company, 0, "open", {}, actor, "", expected}); });
  };
  CHECK(open("journey", "C-1", nam).code == RefusalCode::invalid);
  CHECK(open("errand", "C-9", nam).code == RefusalCode::not_found);
  CHECK(open("errand", "C-1", stranger).code == RefusalCode::not_found);
  CHECK(open("errand", "C-1", officer).code == RefusalCode::forbidden);
  CHECK(open("errand", "C-1", nam, 3).code == RefusalCode::conflict);
  CHECK(refused_alone(world, [&] {
          return world.engine.execute({"", "errand", "C-1", 0, "start", start_body(), nam, "", {}});
        }).code == RefusalCode::wrong_state);
  CHECK(world.opened() == "TC-2026-000001");
  world.check_clean();
}

TEST_CASE("an act on somebody else's case is on record at the case, though its sender learns nothing") {
  World world;
  const std::string id = world.opened();
  const Refusal theirs = world.refused(world.say(id, "note", {{"text", "x"}}, stranger));
  CHECK(world.count("history where kind = 'refusal' and case_id = '" + id + "'") == 1);
  CHECK(theirs.sentence == "There is no case " + id + ", or it is not yours.");
}

TEST_CASE("guards of two rows exclude one another, and the nearest one says why") {
  World world;
  const std::string id = world.working();
  world.done(world.say(id, "note", {{"text", "ready"}}));
  world.done(world.say(id, "submit"));
  CHECK(world.done(world.say(id, "finish", {{"held", true}}, supervisor)).to == "waiting");
  world.done(world.say(id, "start", start_body()));
  world.done(world.say(id, "submit"));
  CHECK(world.done(world.say(id, "finish", {}, supervisor)).to == "done");
  CHECK_FALSE(world.the_case(id).open);
  CHECK(world.refused(world.say(id, "note", {{"text", "late"}})).code == RefusalCode::wrong_state);
  world.check_clean();
}

TEST_CASE("the same act with the same key has the same answer for ever") {
  World world;
  const Answer opened = world.open("C-1", "key-1");
  const std::string id = world.done(opened).case_id;
  const Answer started = world.say(id, "start", start_body(), nam, "key-2");
  const Answer no = world.say(id, "submit", {}, nam, "key-3");
  world.refused(no);
  world.done(world.say(id, "note", {{"text", "now it would be possible"}}));
  world.move(std::chrono::hours(24 * 400));
  const auto lines = world.count("history");
  CHECK(world.open("C-1", "key-1") == opened);
  CHECK(world.say(id, "start", start_body(), nam, "key-2") == started);
  CHECK(world.say(id, "submit", {}, nam, "key-3") == no);
  CHECK(world.count("history") == lines);
  CHECK(world.done(world.say(id, "submit", {}, nam, "key-4")).to == "review");
  CHECK(world.count("cases") == 1);
}

TEST_CASE("a refusal with many problems is kept whole for the next asking") {
  World world;
  const std::string id = world.opened();
  const json::object body{{"by", 1}, {"fie\x01ld", 2}, {"caf\xC3\xA9", 3}};
  const Answer first = world.say(id, "start", body, nam, "k");
  CHECK(world.say(id, "start", body, nam, "k") == first);
}

TEST_CASE("a key used for another act is refused, another person's key is theirs") {
  World world;
  const std::string id = world.working();
  world.done(world.say(id, "note", {{"text", "a"}}, nam, "k"));
  const auto again = [&](json::object body, const std::string& command, std::optional<std::int64_t> expected = {}) {
    return refused_alone(world, [&] { return world.say(id, command, body, nam, "k", expected); }).code;
  };
  CHECK(again({{"text", "b"}}, "note") == RefusalCode::key_reused);
  CHECK(again({{"text", "a"}}, "submit") == RefusalCode::key_reused);
  CHECK(again({{"text", "a"}}, "note", 3) == RefusalCode::key_reused);
  world.done(world.say(id, "note", {{"text", "b"}}, officer, "k"));
  CHECK(world.done(world.say(id, "note", {{"text", "a"}}, nam, "k")).version == 3);
  CHECK(world.refused(world.say(id, "note", {{"text", "a"}}, nam, std::string(201, 'k'))).code == RefusalCode::invalid);
  CHECK(world.refused(world.say(id, "note", {{"text", "a"}}, nam, "k\x01")).code == RefusalCode::invalid);
  world.check_clean();
}

TEST_CASE("a stale version is refused with what changed since") {
  World world;
  const std::string id = world.working();
  world.done(world.say(id, "note", {{"text", "a"}}, officer, "", 2));
  const Refusal stale = refused_alone(world, [&] { return world.say(id, "note", {{"text", "b"}}, nam, "", 1); });
  CHECK(stale.code == RefusalCode::conflict);
  CHECK(stale.sentence ==
        "This case has changed since version 1: start (version 2, 2026-01-14T16:00:00.000Z), note (version 3, 2026-01-14T16:00:00.000Z). "
        "Look at it again before you go on.");
  CHECK(world.refused(world.say(id, "note", {{"text", "b"}}, nam, "", 9)).sentence ==
        "This case is at version 3; version 9 does not exist yet.");
}

TEST_CASE("a command that throws leaves nothing behind, not even its key") {
  World world;
  const std::string id = world.working();
  const auto lines = world.count("history");
  CHECK_THROWS_WITH(world.say(id, "burst", {}, nam, "k"), "the errand burst");
  CHECK_THROWS_AS(world.perform(id, "letter:broken"), TemplateError);
  CHECK_THROWS_AS(world.perform(id, "child:broken"), std::logic_error);
  CHECK(world.count("history") == lines);
  CHECK(world.count("receipts") == 0);
  CHECK(world.count("cases") == 1);
  world.done(world.say(id, "note", {{"text", "a"}}, nam, "k"));
  world.check_clean();
}

TEST_CASE("several commands at once share commits and are taken in order") {
  World world;
  const std::string id = world.working();
  std::vector<Command> commands;
  for (int i = 0; i < 20; ++i) commands.push_back({id, "", "", 0, "note", {{"text", std::to_string(i)}}, nam, "", 2 + i});
  const auto commits = world.database.commits();
  for (const Answer& answer : world.engine.execute_all(commands)) world.done(answer);
  CHECK(world.database.commits() == commits + 1);
  CHECK(world.the_case(id).data.at("note").as_string() == "19");
}

TEST_CASE("commands that are submitted are decided in order, and whoever takes their answers wakes who waits for commits") {
  World world;
  const std::string id = world.working();
  int woken = 0;
  world.engine.on_commit([&](std::optional<Instant>) { ++woken; });
  std::vector<Command> commands{{id, "", "", 0, "note", {{"text", "a"}}, nam, "k", 2},
                                {id, "", "", 0, "note", {{"text", "b"}}, nam, "", 2},
                                {id, "", "", 0, "note", {{"text", "a"}}, nam, "k", 2},
                                {id, "", "", 0, "note", {{"text", "c"}}, nam, "", 3}};
  std::promise<Engine::Decisions> decided;
  const auto commits = world.database.commits();
  world.engine.submit(commands, [&](Engine::Decisions decisions) { decided.set_value(std::move(decisions)); });
  const auto decisions = decided.get_future().get();
  CHECK(woken == 0);
  const auto all = decisions();
  CHECK(woken == 1);
  CHECK(world.database.commits() == commits + 1);
  REQUIRE(all.size() == 4);
  const auto answer = [&](std::size_t i) { return std::get<Answer>(all[i]); };
  CHECK(std::get<Receipt>(answer(0)).version == 3);
  CHECK(std::get<Refusal>(answer(1)).code == RefusalCode::conflict);
  CHECK(std::get<Receipt>(answer(2)).version == 3);
  CHECK(std::get<Receipt>(answer(3)).version == 4);
  CHECK(world.the_case(id).data.at("note").as_string() == "c");
  world.check_clean();
}

TEST_CASE("two people at one case: one of two stale acts is refused, none is lost") {
  World world;
  const std::string id = world.working();
  std::atomic<int> done = 0, conflicts = 0;
  std::vector<std::thread> people;
  for (const std::string& person : {nam, officer})
    people.emplace_back([&, person] {
      for (int i = 0; i < 50; ++i) {
        const auto version = world.the_case(id).version;
        const Answer answer = world.say(id, "note", {{"text", person}}, person, "", version);
        ++(std::holds_alternative<Receipt>(answer) ? done : conflicts);
      }
    });
  for (std::thread& person : people) person.join();
  CHECK(done + conflicts == 100);
  CHECK(world.the_case(id).version == 2 + done);
  world.check_clean();
}

TEST_CASE("the commit wakes who asked to be woken, and says from when on work waits") {
  World world;
  std::vector<std::optional<Instant>> woken;
  const std::string id = world.working();
  world.engine.on_commit([&](std::optional<Instant> first_work) { woken.push_back(first_work); });
  world.done(world.say(id, "note", {{"text", "Nothing to do."}}));
  world.perform(id, "letter", "Somebody is to be told.");
  CHECK(woken == std::vector<std::optional<Instant>>{std::nullopt, world.engine.now()});
}

TEST_CASE("what is permitted now is told with reasons") {
  World world;
  const std::string id = world.working();
  const auto verdict = [&](const std::string& person, const std::string& command) {
    const auto all = world.engine.permitted(id, person);
    for (const Permission& one : std::get<std::vector<Permission>>(all))
      if (one.command == command) return one;
    throw std::logic_error("not told: " + command);
  };
  using Verdict = Permission::Verdict;
  CHECK(verdict(nam, "submit").verdict == Verdict::no);
  CHECK(verdict(nam, "submit").reasons == std::vector<std::string>{"an errand needs a note"});
  CHECK(verdict(nam, "note").verdict == Verdict::needs_input);
  CHECK(verdict(nam, "finish").reasons.front() ==
        "Only a supervisor may send \"finish\". For this company you are the National Account Manager of this account.");
  CHECK(verdict(supervisor, "finish").reasons == std::vector<std::string>{"\"finish\" is possible in review; this case is in working."});
  world.done(world.say(id, "note", {{"text", "a"}}));
  CHECK(verdict(officer, "submit").verdict == Verdict::yes);
  world.done(world.say(id, "submit"));
  CHECK(verdict(supervisor, "finish").verdict == Verdict::needs_input);
  CHECK(verdict(supervisor, "return").verdict == Verdict::yes);
  CHECK(verdict("timer", "nudge").verdict == Verdict::no);
  CHECK(std::get<Refusal>(world.engine.permitted(id, stranger)).code == RefusalCode::not_found);
  CHECK(std::get<Refusal>(world.engine.permitted("TC-1", nam)).code == RefusalCode::not_found);
}

TEST_CASE("a delegate acts for an absent account manager, and both stand in the history") {
  World world;
  const std::string id = world.working();
  CHECK(world.refused(world.say(id, "note", {{"text", "a"}}, deputy)).code == RefusalCode::forbidden);
  world.database.write([](Transaction& tx) { add_absence(tx, {0, nam, deputy, day("2026-01-15"), day("2026-01-20")}); });
  CHECK(world.refused(world.say(id, "note", {{"text", "a"}}, deputy)).code == RefusalCode::forbidden);
  world.move_to(at("2026-01-15T05:00:00Z"));  // the first moment of the 15th in the east
  world.done(world.say(id, "note", {{"text", "a"}}, deputy));
  CHECK(world.text("select line from history order by n desc limit 1").find("\"actor\":\"" + deputy + "\"") != std::string::npos);
  CHECK(world.text("select data from history order by n desc limit 1") == R"({"body":{"text":"a"},"on_behalf_of":")" + nam + "\"}");
  world.check_clean();
  world.move_to(at("2026-01-21T05:00:00Z"));
  CHECK(world.refused(world.say(id, "note", {{"text", "a"}}, deputy)).code == RefusalCode::forbidden);
}

TEST_CASE("roles are those of the account: no grant makes somebody the clock or the agency") {
  World world;
  const std::string id = world.working();
  world.database.write([](Transaction& tx) {
    add_grant(tx, {stranger, "timer", "", false});
    add_grant(tx, {stranger, "supervisor", "C-1", false});
    add_grant(tx, {supervisor, "nam", "", false});  // a manager, of other accounts
  });
  CHECK(world.refused(world.say(id, "nudge", {}, stranger)).code == RefusalCode::not_found);
  CHECK(world.refused(world.say(id, "note", {{"text", "a"}}, supervisor)).code == RefusalCode::forbidden);
  world.sql("update people set departed_on = '2026-01-14' where id = '" + nam + "'");
  CHECK(world.refused(world.say(id, "note", {{"text", "a"}}, nam)).code == RefusalCode::not_found);
}

TEST_CASE("people named in a command are found before the step") {
  World world;
  const std::string id = world.working();
  const auto name = [&](json::value who, json::value also = nullptr) {
    json::object body{{"who", std::move(who)}};
    if (!also.is_null()) body["also"] = std::move(also);
    return world.say(id, "name_colleague", std::move(body));
  };
  world.done(name("Deputy@example.COM"));
  CHECK(world.the_case(id).data.at("note").as_string() == "Deputy Smith");
  CHECK(world.text("select person from tasks where kind = 'assist'") == deputy);
  CHECK(world.refused(name("deputy@example.com", json::array{"admin@example.com", "nobody@example.com"})).problems ==
        std::vector<Problem>{{"also", "names nobody that is known here"}});
  CHECK_THAT(world.refused(name(5)).sentence, Catch::Contains("who must be text"));
  world.sql("update people set departed_on = '2026-01-14' where id = '" + deputy + "'");
  CHECK(world.refused(name("deputy@example.com")).code == RefusalCode::invalid);
}
