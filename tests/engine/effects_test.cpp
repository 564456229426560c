// Each effect, as it stands in the database after the commit that decided it.
#include "tests/engine/fixture.hpp"

using namespace tradecase;
using namespace tradecase::testing;

namespace {

std::vector<std::string> pending(World& world, const std::string& id) {
  std::vector<std::string> names;
  world.database.read([&](Session& session) {
    for (const Timer& timer : pending_timers_of(session, id)) names.push_back(timer.name);
  });
  return names;
}

std::vector<std::string> open_tasks(World& world, const std::string& id) {
  std::vector<std::string> tasks;
  world.database.read([&](Session& session) {
    for (const Task& task : open_tasks_of(session, id))
      tasks.push_back(task.kind + " " + (task.person.empty() ? std::string(to_text(task.role)) : task.person));
  });
  return tasks;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a timer started again moves, and a prefix stops a family") {
  World world;
  const std::string id = world.working("C-1", "2026-01-20");
  CHECK(pending(world, id) == Names{"nudge:1", "nudge:2"});
  world.perform(id, "timer", "nudge:1");
  CHECK(pending(world, id) == Names{"nudge:1", "nudge:2"});
  CHECK(world.count("timers where status = 'stopped'") == 1);
  world.perform(id, "timer", "nudge");
  world.perform(id, "timer", "nudger:1");
  world.perform(id, "stop", "nudge:");
  CHECK(pending(world, id) == Names{"nudge", "nudger:1"});
  world.perform(id, "stop", "nudge");
  CHECK(pending(world, id) == Names{"nudger:1"});
  world.check_clean();
}

TEST_CASE("the state's task opens and closes with the state, other work stays until it is done") {
  World world;
  const std::string id = world.opened();
  CHECK(world.text("select owner from cases") == "timer");
  world.done(world.say(id, "start", {{"by", "2026-02-02"}, {"days", 0}}));
  CHECK(open_tasks(world, id) == Names{"work " + nam});
  CHECK(world.text("select owner from cases") == nam);
  CHECK(world.text("select due_on from tasks where kind = 'work'") == "2026-02-02");
  CHECK(world.text("select due_on from cases") == "2026-02-02");
  world.perform(id, "task", "papers");
  world.perform(id, "task", "papers");  // renewed, not doubled
  CHECK(open_tasks(world, id) == Names{"work " + nam, "papers compliance"});
  world.done(world.say(id, "note", {{"text", "a"}}));
  world.done(world.say(id, "submit"));
  CHECK(open_tasks(world, id) == Names{"review supervisor", "papers compliance"});
  CHECK(world.text("select owner from cases") == "supervisor");
  world.done(world.say(id, "return", {}, supervisor));
  world.perform(id, "close_task", "papers");
  CHECK(open_tasks(world, id) == Names{"work " + nam});
  world.check_clean();
}

TEST_CASE("a task that the state also has becomes the state's and goes with it") {
  World world;
  const std::string id = world.working();
  world.perform(id, "task", "review");
  world.done(world.say(id, "note", {{"text", "a"}}));
  world.done(world.say(id, "submit"));
  CHECK(open_tasks(world, id) == Names{"review supervisor"});
  world.done(world.say(id, "return", {}, supervisor));
  CHECK(open_tasks(world, id) == Names{"work " + nam});
}

TEST_CASE("a final state leaves nothing open") {
  World world;
  const std::string id = world.working();
  world.perform(id, "task", "papers");
  world.done(world.say(id, "note", {{"text", "a"}}));
  world.done(world.say(id, "submit"));
  world.done(world.say(id, "finish", {}, supervisor));
  CHECK(open_tasks(world, id).empty());
  CHECK(pending(world, id).empty());
  CHECK(world.count("deadlines where ended_by_version is null") == 0);
  CHECK(world.count("cases where closed_at is null or owner <> '' or due_on is not null") == 0);
  world.check_clean();
}

TEST_CASE("a due day moved keeps the one before on record") {
  World world;
  const std::string id = world.working();
  world.perform(id, "later");
  const auto ledger = world.database.read([&](Session& session) { return ledger_of(session, id); });
  REQUIRE(ledger.size() == 3);
  CHECK(ledger[0].name == "due");
  CHECK(ledger[0].superseded_by == ledger[2].id);
  CHECK(ledger[0].derivation.due_on == day("2026-02-02"));
  CHECK(ledger[2].current());
  CHECK(ledger[2].derivation.due_on == day("2026-03-02"));  // 45 days on, a Saturday: the Monday after
  CHECK(ledger[2].due_at == at("2026-03-03T05:00:00Z"));
  CHECK(ledger[2].set_by_version == 3);
  CHECK(world.text("select due_on from cases") == "2026-03-02");
  CHECK(world.text("select due_on from tasks where kind = 'work'") == "2026-03-02");  // the work's place in the queue moves with it
  world.perform(id, "end_deadlines", "reminder:");
  CHECK(world.count("deadlines where ended_by_version = 4 and name = 'reminder:-1'") == 1);
  CHECK(world.count("deadlines where ended_by_version is not null") == 1);
  world.perform(id, "end_deadlines", "due");
  CHECK(world.text("select due_on is null from cases") == "1");
  CHECK(world.text("select due_on is null from tasks where kind = 'work'") == "1");
  world.check_clean();
}

TEST_CASE("a fact is kept with its source, and the one before it stays on record") {
  World world;
  const std::string id = world.working();
  world.perform(id, "fact", "7");
  world.move(std::chrono::hours(48));
  world.perform(id, "fact", "8");
  const auto facts = world.database.read([&](Session& session) { return facts_of(session, "C-1"); });
  REQUIRE(facts.size() == 1);
  CHECK(facts[0].value == json::value("8"));
  CHECK(facts[0].as_of == day("2026-01-16"));
  CHECK(facts[0].case_id == id);
  CHECK(facts[0].recorded_by == nam);
  CHECK(world.count("facts") == 2);
  world.perform(id, "list_cases");
  CHECK(world.the_case(id).data.at("note").as_string() == "0 open, 1 facts");
  world.check_clean();
}

TEST_CASE("another case is opened in the same commit, and told by timers due now") {
  World world;
  const std::string id = world.working();
  const auto commits = world.database.commits();
  world.perform(id, "child", "from its parent");
  CHECK(world.database.commits() == commits + 1);
  const Case child = world.the_case("TC-2026-000002");
  CHECK(child.company == "C-1");
  CHECK(child.cycle == 3);
  CHECK(child.opened_at == world.now());
  CHECK(child.data.at("note").as_string() == "from its parent");
  const std::string other = world.opened(), elsewhere = world.opened("C-2");

  world.perform(id, "tell", "news");
  CHECK(pending(world, child.id).size() == 1);
  CHECK(pending(world, other).size() == 1);
  CHECK(pending(world, elsewhere).empty());
  CHECK(pending(world, id) == Names{"nudge:1", "nudge:2"});
  CHECK(world.count("timers where status = 'pending' and due_at = " + std::to_string(world.clock.load())) == 2);
  world.perform(id, "tell_one", other);
  Worker worker(world.engine, {}, "w", "", "");
  CHECK(worker.fire_all_due().fired == 3);
  CHECK(world.the_case(child.id).data.at("note").as_string() == "news");
  CHECK(world.the_case(other).data.at("note").as_string() == "told");
  CHECK(world.the_case(other).version == 3);
  world.check_clean();
}

TEST_CASE("a letter is fixed by its hash and queued to everybody concerned, once each") {
  World world;
  const std::string id = world.working();
  world.database.write([](Transaction& tx) {
    const Person contact = add_person(tx, {"", "contact@example.com", "Contact", "", "", {}});
    add_grant(tx, {contact.id, "contact", "C-1", true});
    const Person quiet = add_person(tx, {"", "quiet@example.com", "Quiet", "", "", {}});
    add_grant(tx, {quiet.id, "contact", "C-1", false});
    add_grant(tx, {officer, "contact", "C-1", true});
  });
  world.perform(id, "letter", "hello");
  const auto letters = world.database.read([&](Session& session) { return letters_of(session, id); });
  REQUIRE(letters.size() == 1);
  CHECK(letters[0].title == "Letter plain");
  CHECK(letters[0].about == "due");
  CHECK(letters[0].version == 3);
  CHECK(letters[0].mails == 2);
  const Document document =
      world.database.read([&](Session& session) { return find_document(session, letters[0].hash.substr(0, 8)).value(); });
  const json::object fields = json::parse(document.text).as_object();
  CHECK(fields.at("due_on").as_string() == "Monday, February 2, 2026");
  CHECK(fields.at("days_left").as_int64() == 19);
  CHECK(fields.at("days_late").as_int64() == 0);
  CHECK(fields.at("text").as_string() == "hello");
  CHECK(fields.at("company").as_string() == "Company C-1");
  CHECK(fields.at("recipient_name").as_string() == "Officer Smith");
  CHECK(fields.at("nam_name").as_string() == "Nam Smith");
  CHECK(fields.at("nam_phone").as_string() == "202-555-0100");
  CHECK(fields.at("signature_name").as_string() == "Nam Smith");
  CHECK(fields.at("portal_link").as_string() == "https://portal.example.gov/cases/" + id);

  const auto mails = world.database.read([&](Session& session) { return find_messages(session, "queued", id, 10); });
  REQUIRE(mails.size() == 2);
  CHECK(mails[0].message.to_address == "officer@example.com");
  CHECK(mails[0].message.message_id == "1." + officer + "." + id + "@mail.example.gov");
  CHECK(mails[0].message.references == id + "@mail.example.gov");
  CHECK(mails[1].message.to_address == "contact@example.com");
  CHECK(mails[0].message.subject == "About Company C-1");
  world.check_clean();
}

TEST_CASE("staff get their letters through who stands in for them") {
  World world;
  const std::string id = world.working();
  const auto addressed = [&] {
    return world.text(
        "select group_concat(to_address, ' ') from (select to_address from outbox where letter_id = (select max(id) from letters) order by "
        "id)");
  };
  world.perform(id, "letters");
  CHECK(addressed() == "nam@example.com supervisor@example.com officer@example.com");
  world.database.write([](Transaction& tx) { add_absence(tx, {0, nam, deputy, day("2026-01-14"), day("2026-01-14")}); });
  world.perform(id, "letters");
  CHECK(addressed() == "deputy@example.com supervisor@example.com officer@example.com");
  world.move(std::chrono::hours(24));
  world.sql("update people set departed_on = '2026-01-16' where id = '" + officer + "'");
  world.perform(id, "letters");
  CHECK(addressed() == "nam@example.com supervisor@example.com officer@example.com");  // the officer leaves tomorrow
}

TEST_CASE("a letter that nobody would get becomes a task") {
  World world;
  const std::string id = world.working();
  world.sql("delete from grants where person = '" + officer + "'");
  world.perform(id, "letter", "hello");
  CHECK(world.count("letters") == 1);
  CHECK(world.count("outbox") == 0);
  CHECK(open_tasks(world, id) == Names{"work " + nam, "nobody_to_write_to admin"});
  world.check_clean();
}

TEST_CASE("a change of account manager moves the account's work, what the same step opens too") {
  World world;
  const std::string id = world.working(), other = world.working(), elsewhere = world.working("C-2");
  world.database.write([](Transaction& tx) { add_grant(tx, {supervisor, "nam", "", false}); });
  world.perform(id, "manager", supervisor);
  CHECK(open_tasks(world, id) == Names{"work " + supervisor, "first " + supervisor, "second " + supervisor});
  CHECK(open_tasks(world, other) == Names{"work " + supervisor});
  CHECK(open_tasks(world, elsewhere) == Names{"work " + nam});
  CHECK(world.text("select group_concat(distinct owner) from cases where company = 'C-1'") == supervisor);
  CHECK(world.refused(world.say(id, "note", {{"text", "a"}}, nam)).code == RefusalCode::forbidden);
  world.done(world.say(id, "note", {{"text", "a"}}, supervisor));
  world.check_clean();
}

TEST_CASE("a contact a company names gets its letters; who is known already is not made twice") {
  World world;
  const std::string id = world.working(), other = world.working("C-2");
  const auto people = world.count("people");
  world.perform(id, "contact", "Mara@Contacts.example");
  world.perform(id, "contact", "mara@contacts.example");
  world.perform(other, "contact", "mara@contacts.example");
  CHECK(world.count("people") == people + 1);
  CHECK(world.text("select name || ', ' || title || ', ' || phone from people where email = 'mara@contacts.example'") ==
        "Mara Quill, Counsel, +1 202 555 0101");
  CHECK(world.text("select group_concat(company || ' ' || role || ' ' || notices, '; ') from (select * from grants where person = "
                   "(select id from people where email = 'mara@contacts.example') order by company)") == "C-1 contact 1; C-2 contact 1");
  world.check_clean();
}
