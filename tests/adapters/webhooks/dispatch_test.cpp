// How often an event is sent, and when nobody is told any more: a real receiver, and a clock that the test moves.
#include "adapters/webhooks/dispatch.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "adapters/webhooks/signing.hpp"
#include "engine/store/schema.hpp"
#include "tests/adapters/webhooks/receiver.hpp"
#include "tests/folder.hpp"

using namespace tradecase;
using namespace tradecase::testing;
using Catch::Contains;
using tradecase::test::Folder;
using namespace std::chrono_literals;

namespace {

// A database with one case, and what the program says of people and words.
class Hooks {
 public:
  Hooks() : migrations_(engine_migrations()) {
    migrations_.push_back({2, "webhooks", webhook_tables()});
    Database::create(folder_.path() / "hooks.db", migrations_);
    database = std::make_unique<Database>(folder_.path() / "hooks.db", migrations_, false);
    database->write([&](Transaction& tx) {
      Person person;
      person.email = "olga@importer.example";
      owner = add_person(tx, person).id;
      Company company;
      company.id = "C-1";
      put_company(tx, company);
      Case on;
      on.id = "TC-2026-000001";
      on.workflow = "membership";
      on.company = company.id;
      on.state = "active";
      on.opened_at = now;
      on.leaf = std::string(64, '0');
      insert_case(tx, on);
    });
    dispatch = started();
  }
  ~Hooks() {
    dispatch.reset();
    database.reset();
  }
  Hooks(const Hooks&) = delete;
  Hooks& operator=(const Hooks&) = delete;

  // As another start of the program has it.
  std::unique_ptr<webhooks::Dispatch> started() {
    webhooks::DispatchSettings settings;
    settings.source = "https://portal.example";
    settings.type_prefix = "gov.agency.hooks";
    settings.post.loopback = true;
    settings.clock = [this] { return now; };
    settings.wall_clock = [] { return Instant(1731705121s); };
    return std::make_unique<webhooks::Dispatch>(
        *database, std::move(settings),
        webhooks::DispatchRules{[this](Session&, const Webhook&) { return may_listen; },
                                [](Session&, const Happening& one) { return one.command != "whisper"; }});
  }

  std::int64_t add(const std::string& url, const std::string& company = "C-1") {
    return database->write([&](Transaction& tx) {
      Webhook made;
      made.owner = owner;
      made.company = company;
      made.url = url;
      made.types = {std::string(case_changed)};
      made.secret = webhooks::new_secret();
      made.made_at = now;
      return add_webhook(tx, made);
    });
  }
  Webhook hook(std::int64_t id) {
    return database->read([&](Session& session) { return find_webhook(session, id).value(); });
  }
  std::vector<WebhookDelivery> deliveries(std::int64_t id) {
    return database->read([&](Session& session) { return last_deliveries(session, id, 1000); });
  }
  void happen(const std::string& command = "report") {
    database->write([&](Transaction& tx) {
      Case on = find_case(tx, "TC-2026-000001").value();
      ++on.version;
      record_event(tx, on, on.state, command, owner, now, {});
      update_case(tx, on, std::nullopt);
    });
  }
  void change(auto&& how) { database->write(how); }
  void pass_time(std::chrono::milliseconds time) { now += time; }

  Instant now{1767600000s};
  std::string owner;
  bool may_listen = true;
  std::unique_ptr<Database> database;
  std::unique_ptr<webhooks::Dispatch> dispatch;

 private:
  Folder folder_;
  std::vector<Migration> migrations_;
};

std::vector<json::object> events_of(const Receiver& receiver) {
  std::vector<json::object> all;
  for (const Heard& one : receiver.heard()) all.push_back(json::parse(one.body).as_object());
  return all;
}

}  // namespace

TEST_CASE("an event is a CloudEvent that says which case it is and nothing else, signed for its receiver") {
  Hooks hooks;
  const Receiver receiver({answer("204 No Content")});
  const auto id = hooks.add(receiver.url());
  hooks.happen();
  const auto told = hooks.dispatch->pass();
  CHECK(told.delivered == 1);
  const auto heard = receiver.heard();
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].headers.at("content-type") == "application/cloudevents+json; charset=utf-8");
  const std::string message = heard[0].headers.at("webhook-id"), time = heard[0].headers.at("webhook-timestamp");
  CHECK(message.find('.') == std::string::npos);
  CHECK(heard[0].headers.at("webhook-signature") == webhooks::signature(hooks.hook(id).secret, message, std::stoll(time), heard[0].body));

  const json::object event = events_of(receiver)[0];
  const std::string href = "https://portal.example/api/v1/cases/TC-2026-000001";
  CHECK(event.at("data") ==
        json::value({{"case", "TC-2026-000001"}, {"company", "C-1"}, {"workflow", "membership"}, {"version", 1}, {"href", href}}));
  const auto said = [&](const char* name) { return std::string(event.at(name).as_string()); };
  CHECK(said("specversion") == "1.0");
  CHECK(said("type") == "gov.agency.hooks.case.changed");
  CHECK(said("source") == "https://portal.example");
  CHECK(said("subject") == "TC-2026-000001");
  CHECK(said("datacontenttype") == "application/json");
  CHECK(parse_instant(event.at("time").as_string()));
  CHECK(event.size() == 8);
  CHECK(hooks.dispatch->pass().delivered == 0);  // once
}

TEST_CASE("what a receiver does not take is tried again under the same id, later and later") {
  Hooks hooks;
  const Receiver receiver({answer("500 Oops"), hang_up, answer("302 Found", "Location: /\r\n"), answer("200 OK")});
  const auto id = hooks.add(receiver.url());
  hooks.happen();
  CHECK(hooks.dispatch->pass().failed == 1);
  CHECK(hooks.deliveries(id)[0].detail == "it answers 500");
  CHECK(hooks.dispatch->next_due() == hooks.now + 5s);
  hooks.pass_time(4999ms);
  CHECK(hooks.dispatch->pass().failed == 0);  // not yet
  hooks.pass_time(1ms);
  CHECK(hooks.dispatch->pass().failed == 1);
  hooks.pass_time(5min);
  CHECK(hooks.dispatch->pass().failed == 1);
  CHECK_THAT(hooks.deliveries(id)[0].detail, Contains("302"));
  hooks.pass_time(29min);
  CHECK(hooks.dispatch->pass().delivered == 0);
  hooks.pass_time(1min);
  CHECK(hooks.dispatch->pass().delivered == 1);
  const auto heard = receiver.heard();
  REQUIRE(heard.size() == 4);
  for (const Heard& one : heard) {
    CHECK(one.headers.at("webhook-id") == heard[0].headers.at("webhook-id"));
    CHECK(one.body == heard[0].body);
  }
  CHECK(hooks.deliveries(id)[0].attempts == 4);
}

TEST_CASE("a receiver that takes nothing for three days is switched off, and sent everything again when somebody says so") {
  Hooks hooks;
  std::vector<std::string> script(10, answer("503 Later"));
  script.push_back(answer("200 OK"));
  const Receiver receiver(script);
  const auto id = hooks.add(receiver.url());
  hooks.happen();
  const Instant began = hooks.now;
  CHECK(hooks.dispatch->pass().failed == 1);
  for (const auto wait : webhooks::waits) {
    CHECK_FALSE(hooks.hook(id).off_since);
    hooks.pass_time(wait);
    CHECK(hooks.dispatch->pass().failed == 1);
  }
  CHECK(hooks.now - began > 72h);
  CHECK(hooks.hook(id).off_since);
  CHECK_THAT(hooks.hook(id).off_because, Contains("three days"));
  CHECK(hooks.deliveries(id)[0].status == "given_up");
  hooks.pass_time(48h);
  CHECK(hooks.dispatch->pass().failed == 0);
  CHECK(receiver.heard().size() == 10);

  hooks.change([&](Transaction& tx) { switch_on(tx, id, hooks.now); });
  CHECK(hooks.dispatch->pass().delivered == 1);
  CHECK_FALSE(hooks.hook(id).off_since);
}

TEST_CASE("410 means never again: switched off at once") {
  Hooks hooks;
  const Receiver receiver({answer("410 Gone")});
  const auto id = hooks.add(receiver.url());
  hooks.happen();
  CHECK(hooks.dispatch->pass().switched_off == 1);
  CHECK_THAT(hooks.hook(id).off_because, Contains("wants no more"));
  hooks.happen();
  hooks.pass_time(24h);
  hooks.dispatch->pass();
  CHECK(receiver.heard().size() == 1);
}

TEST_CASE("whoever loses the role that made the webhook is told nothing more, not even what waits") {
  Hooks hooks;
  const Receiver receiver({answer("500 Oops"), answer("200 OK")});
  const auto id = hooks.add(receiver.url());
  hooks.happen();
  CHECK(hooks.dispatch->pass().failed == 1);
  hooks.may_listen = false;
  hooks.pass_time(1h);
  const auto told = hooks.dispatch->pass();
  CHECK(told.switched_off == 1);
  CHECK(told.delivered == 0);
  CHECK(receiver.heard().size() == 1);
  CHECK(hooks.hook(id).off_since);
}

TEST_CASE("after a new secret the old one signs too, for a day") {
  Hooks hooks;
  const Receiver receiver({answer("200 OK")});
  const auto id = hooks.add(receiver.url());
  const std::string old = hooks.hook(id).secret;
  hooks.change([&](Transaction& tx) { change_secret(tx, id, webhooks::new_secret(), hooks.now + 24h); });
  const std::string fresh = hooks.hook(id).secret;
  CHECK(fresh != old);
  const auto expected = [&](const Heard& one, const std::string& secret) {
    return webhooks::signature(secret, one.headers.at("webhook-id"), std::stoll(one.headers.at("webhook-timestamp")), one.body);
  };
  hooks.happen();
  hooks.dispatch->pass();
  hooks.pass_time(24h);
  hooks.happen();
  hooks.dispatch->pass();
  const auto heard = receiver.heard();
  REQUIRE(heard.size() == 2);
  CHECK(heard[0].headers.at("webhook-signature") == expected(heard[0], fresh) + " " + expected(heard[0], old));
  CHECK(heard[1].headers.at("webhook-signature") == expected(heard[1], fresh));
}

TEST_CASE("a receiver that fails holds up nobody else, and rests with all that waits for it") {
  Hooks hooks;
  const Receiver broken({answer("500 Oops")}), whole({answer("200 OK")});
  const auto bad = hooks.add(broken.url());
  const auto good = hooks.add(whole.url(), "");
  for (int i = 0; i < 30; ++i) hooks.happen();
  hooks.dispatch->pass();
  CHECK(whole.heard().size() == 30);
  CHECK(broken.heard().size() == 1);
  CHECK(hooks.deliveries(bad).size() == 30);
  std::vector<std::int64_t> versions;
  for (const json::object& event : events_of(whole)) versions.push_back(event.at("data").at("version").as_int64());
  CHECK(std::ranges::is_sorted(versions));
  CHECK(hooks.deliveries(good).size() == 30);
}

TEST_CASE("nothing is lost and nothing told twice when the program ends between an event and its telling") {
  Hooks hooks;
  const Receiver receiver({answer("500 Oops"), answer("200 OK")});
  const auto id = hooks.add(receiver.url());
  hooks.happen();  // recorded, and noted by nobody yet
  {
    const auto first = hooks.started();
    CHECK(first->pass().failed == 1);  // noted, not taken
  }
  hooks.pass_time(5s);
  const auto second = hooks.started();
  CHECK(second->pass().delivered == 1);
  CHECK(second->pass().delivered == 0);
  CHECK(hooks.deliveries(id).size() == 1);
}

TEST_CASE("whoever listens from today is not told of what was before") {
  Hooks hooks;
  const Receiver receiver({answer("200 OK")});
  hooks.happen();
  const auto id = hooks.add(receiver.url());
  hooks.dispatch->pass();
  CHECK(hooks.deliveries(id).empty());
}

TEST_CASE("a company is told what the rule lets it know, staff all") {
  Hooks hooks;
  const Receiver companys({answer("200 OK")}), staffs({answer("200 OK")});
  const auto company = hooks.add(companys.url());
  const auto staff = hooks.add(staffs.url(), "");
  hooks.happen("whisper");
  hooks.happen("report");
  hooks.dispatch->pass();
  CHECK(hooks.deliveries(company).size() == 1);
  CHECK(hooks.deliveries(staff).size() == 2);
  CHECK(events_of(companys)[0].at("data").at("version") == 2);
}
