// Who is told what, how often, and when nobody is told any more: a real receiver, and a clock that the test moves.
#include "adapters/webhooks/dispatch.hpp"

#include <catch2/catch.hpp>
#include <set>

#include "adapters/webhooks/signing.hpp"
#include "tests/adapters/http/portal_world.hpp"
#include "tests/adapters/webhooks/receiver.hpp"

using namespace tradecase;
using namespace tradecase::testing;
using Catch::Contains;
using namespace std::chrono_literals;

namespace {

struct Hooks {
  PortalWorld world;
  webhooks::Dispatch& dispatch = world.site().dispatch();

  std::int64_t add(const std::string& who, const std::string& company, const std::string& url, std::vector<std::string> types = {}) {
    if (types.empty()) types.assign(webhook_types.begin(), webhook_types.end());
    return world.engine().database().write([&](Transaction& tx) {
      Webhook made;
      made.owner = world.who(who).person;
      made.company = company;
      made.url = url;
      made.types = std::move(types);
      made.secret = webhooks::new_secret();
      made.made_at = world.engine().now();
      return add_webhook(tx, made);
    });
  }
  Webhook hook(std::int64_t id) {
    return world.engine().database().read([&](Session& session) { return find_webhook(session, id).value(); });
  }
  std::vector<WebhookDelivery> deliveries(std::int64_t id) {
    return world.engine().database().read([&](Session& session) { return last_deliveries(session, id, 1000); });
  }
  void change(const std::function<void(Transaction&)>& how) { world.engine().database().write(how); }
  void pass_time(std::chrono::milliseconds time) { REQUIRE_FALSE(world.site().move_clock(world.engine().now() + time)); }

  void send(const std::string& who, Command command) {
    command.actor = world.who(who).person;
    const Answer answer = world.engine().execute(command);
    INFO((std::holds_alternative<Refusal>(answer) ? std::get<Refusal>(answer).sentence : ""));
    REQUIRE(std::holds_alternative<Receipt>(answer));
  }
  // Something that the company did, in a case that it sees.
  void report_breach() {
    Command command;
    command.case_id = world.membership;
    command.name = "report_breach";
    command.body = {{"what", "A seal was broken."}};
    send("officer", command);
  }
  // Something that the agency keeps for itself.
  void open_referral() {
    Command command;
    command.workflow = "audit";
    command.company = world.own;
    command.name = "open_referral";
    command.body = {{"kind", "single_issue"},
                    {"risk_areas", json::array{world.engine().programme().rules.texts("audit.risk_areas").front()}},
                    {"reasons", json::array{"CANARY-5512"}}};
    send("nam", command);
  }
};

std::vector<json::object> events_of(const Receiver& receiver) {
  std::vector<json::object> all;
  for (const Heard& one : receiver.heard()) all.push_back(json::parse(one.body).as_object());
  return all;
}

std::multiset<std::string> types_of(const Receiver& receiver) {
  std::multiset<std::string> all;
  for (const json::object& event : events_of(receiver)) all.emplace(std::string_view(event.at("type").as_string()));
  return all;
}

}  // namespace

TEST_CASE("an event is a CloudEvent that says which case it is and nothing else, signed for its receiver") {
  Hooks hooks;
  const Receiver receiver({answer("204 No Content")});
  const auto id = hooks.add("officer", hooks.world.own, receiver.url(), {std::string(case_changed)});
  hooks.report_breach();
  const auto told = hooks.dispatch.pass();
  CHECK(told.delivered == 1);
  const auto heard = receiver.heard();
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].headers.at("content-type") == "application/cloudevents+json; charset=utf-8");
  const std::string message = heard[0].headers.at("webhook-id"), time = heard[0].headers.at("webhook-timestamp");
  CHECK(message.find('.') == std::string::npos);
  CHECK(heard[0].headers.at("webhook-signature") == webhooks::signature(hooks.hook(id).secret, message, std::stoll(time), heard[0].body));

  json::object event = events_of(receiver)[0];
  const auto on = hooks.world.engine().database().read([&](Session& session) { return find_case(session, hooks.world.membership); });
  const std::string href = "http://127.0.0.1:8080/api/v1/cases/" + on->id;
  CHECK(
      event.at("data") ==
      json::value({{"case", on->id}, {"company", hooks.world.own}, {"workflow", "membership"}, {"version", on->version}, {"href", href}}));
  const auto said = [&](const char* name) { return std::string(event.at(name).as_string()); };
  CHECK(said("specversion") == "1.0");
  CHECK(said("type") == case_changed);
  CHECK(said("source") == "http://127.0.0.1:8080");
  CHECK(said("subject") == on->id);
  CHECK(said("datacontenttype") == "application/json");
  CHECK(parse_instant(event.at("time").as_string()));
  CHECK(event.size() == 8);
  CHECK(hooks.dispatch.pass().delivered == 0);  // once
}

TEST_CASE("a company is told nothing of what the agency keeps for itself, and staff are") {
  Hooks hooks;
  const Receiver companys({answer("200 OK")}), others({answer("200 OK")}), staffs({answer("200 OK")});
  const auto company = hooks.add("officer", hooks.world.own, companys.url());
  const auto other = hooks.add("stranger", hooks.world.other, others.url());
  const auto staff = hooks.add("nam", "", staffs.url());
  hooks.open_referral();
  hooks.dispatch.pass();
  CHECK(hooks.deliveries(company).empty());
  CHECK(hooks.deliveries(other).empty());
  CHECK(hooks.deliveries(staff).size() > 0);
  CHECK(types_of(staffs).contains(std::string(case_changed)));
  for (const Heard& one : staffs.heard()) CHECK(one.body.find("CANARY") == std::string::npos);

  hooks.report_breach();  // and this one the company knows
  hooks.dispatch.pass();
  CHECK(hooks.deliveries(company).size() > 0);
  CHECK(hooks.deliveries(other).empty());
  CHECK(companys.heard().size() == hooks.deliveries(company).size());
  CHECK(others.connections() == 0);
  for (const json::object& event : events_of(companys)) CHECK(std::string(event.at("subject").as_string()) == hooks.world.membership);
}

TEST_CASE("of all that a year holds, a company's webhook is told what the company's own pages tell it") {
  Hooks hooks;
  const Receiver receiver({answer("200 OK")});
  const auto id = hooks.add("officer", hooks.world.own, receiver.url(), {std::string(case_changed), std::string(letter_written)});
  hooks.change([](Transaction& tx) { set_webhook_cursor(tx, {}); });  // from the beginning of the record
  hooks.dispatch.pass();
  std::set<std::string> told, known;
  for (const WebhookDelivery& one : hooks.deliveries(id)) {
    const json::object data = json::parse(one.body).at("data").as_object();
    told.insert(one.type + " " + one.case_id + " " + std::to_string(data.at("version").as_int64()));
    CHECK(one.status == "delivered");
  }
  for (const CaseRow& one : hooks.world.cases_of(hooks.world.own)) {
    // What is hidden now may have been open then: the cases that the company sees are those whose pages can be asked.
    const auto history = hooks.world.api(hooks.world.who("officer"), "GET", "/api/v1/cases/" + one.id + "/history");
    if (history.status != 200) continue;
    for (const json::value& moment : json::parse(history.body).at("items").as_array())
      known.insert(std::string(case_changed) + " " + one.id + " " + std::to_string(moment.at("version").as_int64()));
    hooks.world.engine().database().read([&](Session& session) {
      for (const Letter& letter : letters_of(session, one.id)) {
        const auto shown = hooks.world.api(hooks.world.who("officer"), "GET", "/api/v1/cases/" + one.id + "/letters/" + letter.hash);
        if (shown.status == 200) known.insert(std::string(letter_written) + " " + one.id + " " + std::to_string(letter.version));
      }
    });
  }
  CHECK(known.size() > 20);
  for (const std::string& one : told) {
    INFO(one);
    CHECK(known.contains(one));
  }
  for (const std::string& one : known) {
    INFO(one);
    if (one.starts_with(case_changed)) CHECK(told.contains(one));
  }
}

TEST_CASE("what a receiver does not take is tried again under the same id, later and later") {
  Hooks hooks;
  const Receiver receiver({answer("500 Oops"), hang_up, answer("302 Found", "Location: /\r\n"), answer("200 OK")});
  const auto id = hooks.add("officer", hooks.world.own, receiver.url(), {std::string(case_changed)});
  hooks.report_breach();
  CHECK(hooks.dispatch.pass().failed == 1);
  CHECK(hooks.deliveries(id)[0].detail == "it answers 500");
  CHECK(hooks.dispatch.next_due() == hooks.world.engine().now() + 5s);
  hooks.pass_time(4999ms);
  CHECK(hooks.dispatch.pass().failed == 0);  // not yet
  hooks.pass_time(1ms);
  CHECK(hooks.dispatch.pass().failed == 1);
  hooks.pass_time(5min);
  CHECK(hooks.dispatch.pass().failed == 1);
  CHECK_THAT(hooks.deliveries(id)[0].detail, Contains("302"));
  hooks.pass_time(29min);
  CHECK(hooks.dispatch.pass().delivered == 0);
  hooks.pass_time(1min);
  CHECK(hooks.dispatch.pass().delivered == 1);
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
  const auto id = hooks.add("officer", hooks.world.own, receiver.url(), {std::string(case_changed)});
  hooks.report_breach();
  const Instant began = hooks.world.engine().now();
  CHECK(hooks.dispatch.pass().failed == 1);
  for (const auto wait : webhooks::waits) {
    CHECK_FALSE(hooks.hook(id).off_since);
    hooks.pass_time(wait);
    CHECK(hooks.dispatch.pass().failed == 1);
  }
  CHECK(hooks.world.engine().now() - began > 72h);
  CHECK(hooks.hook(id).off_since);
  CHECK_THAT(hooks.hook(id).off_because, Contains("three days"));
  CHECK(hooks.deliveries(id)[0].status == "given_up");
  hooks.pass_time(48h);
  CHECK(hooks.dispatch.pass().failed == 0);
  CHECK(receiver.heard().size() == 10);

  const auto& officer = hooks.world.who("officer");
  const std::string home = hooks.world.ask(officer, "GET", "/").body;
  CHECK_THAT(home, Contains("A webhook of yours is switched off"));
  CHECK_THAT(hooks.world.ask(hooks.world.who("admin"), "GET", "/operator/failures").body,
             Contains(receiver.url()) && Contains("three days") && Contains("it answers 503"));
  const auto again = hooks.world.ask(officer, "POST", "/webhooks/" + std::to_string(id) + "/again", "csrf=" + officer.csrf,
                                     {{"Content-Type", "application/x-www-form-urlencoded"}});
  CHECK(again.status == 303);
  CHECK(hooks.dispatch.pass().delivered == 1);
  CHECK_FALSE(hooks.hook(id).off_since);
}

TEST_CASE("410 means never again: switched off at once") {
  Hooks hooks;
  const Receiver receiver({answer("410 Gone")});
  const auto id = hooks.add("officer", hooks.world.own, receiver.url(), {std::string(case_changed)});
  hooks.report_breach();
  CHECK(hooks.dispatch.pass().switched_off == 1);
  CHECK_THAT(hooks.hook(id).off_because, Contains("wants no more"));
  hooks.report_breach();
  hooks.pass_time(24h);
  hooks.dispatch.pass();
  CHECK(receiver.heard().size() == 1);
}

TEST_CASE("whoever loses the role that made the webhook is told nothing more, not even what waits") {
  Hooks hooks;
  const Receiver receiver({answer("500 Oops"), answer("200 OK")});
  const auto id = hooks.add("officer", hooks.world.own, receiver.url(), {std::string(case_changed)});
  hooks.report_breach();
  CHECK(hooks.dispatch.pass().failed == 1);
  hooks.change([&](Transaction& tx) { remove_grant(tx, {hooks.world.who("officer").person, "officer", hooks.world.own, false}); });
  hooks.pass_time(1h);
  const auto told = hooks.dispatch.pass();
  CHECK(told.switched_off == 1);
  CHECK(told.delivered == 0);
  CHECK(receiver.heard().size() == 1);
  CHECK(hooks.hook(id).off_since);
}

TEST_CASE("a staff member's webhook of a company that made them its officer tells what the company knows, no more") {
  Hooks hooks;
  hooks.change([&](Transaction& tx) { add_grant(tx, {hooks.world.who("nam").person, "officer", hooks.world.own, false}); });
  const Receiver receiver({answer("200 OK")});
  const auto id = hooks.add("nam", hooks.world.own, receiver.url());
  hooks.open_referral();
  hooks.dispatch.pass();
  CHECK(hooks.deliveries(id).empty());
}

TEST_CASE("after a new secret the old one signs too, for a day") {
  Hooks hooks;
  const Receiver receiver({answer("200 OK")});
  const auto id = hooks.add("officer", hooks.world.own, receiver.url(), {std::string(case_changed)});
  const std::string old = hooks.hook(id).secret;
  const auto& officer = hooks.world.who("officer");
  const auto page = hooks.world.ask(officer, "POST", "/webhooks/" + std::to_string(id) + "/rotate", "csrf=" + officer.csrf,
                                    {{"Content-Type", "application/x-www-form-urlencoded"}});
  CHECK(page.status == 200);
  const std::string fresh = hooks.hook(id).secret;
  CHECK(fresh != old);
  CHECK_THAT(page.body, Contains("whsec_"));
  const auto expected = [&](const Heard& one, const std::string& secret) {
    return webhooks::signature(secret, one.headers.at("webhook-id"), std::stoll(one.headers.at("webhook-timestamp")), one.body);
  };
  hooks.report_breach();
  hooks.dispatch.pass();
  hooks.pass_time(24h);
  hooks.report_breach();
  hooks.dispatch.pass();
  const auto heard = receiver.heard();
  REQUIRE(heard.size() == 2);
  CHECK(heard[0].headers.at("webhook-signature") == expected(heard[0], fresh) + " " + expected(heard[0], old));
  CHECK(heard[1].headers.at("webhook-signature") == expected(heard[1], fresh));
}

TEST_CASE("a receiver that fails holds up nobody else, and rests with all that waits for it") {
  Hooks hooks;
  const Receiver broken({answer("500 Oops")}), whole({answer("200 OK")});
  const auto bad = hooks.add("officer", hooks.world.own, broken.url(), {std::string(case_changed)});
  const auto good = hooks.add("nam", "", whole.url(), {std::string(case_changed)});
  for (int i = 0; i < 30; ++i) hooks.report_breach();
  hooks.dispatch.pass();
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
  const auto id = hooks.add("officer", hooks.world.own, receiver.url(), {std::string(case_changed)});
  hooks.report_breach();  // recorded, and noted by nobody yet
  {
    const auto first = hooks.world.another_dispatch();
    CHECK(first->pass().failed == 1);  // noted, not taken
  }
  hooks.pass_time(5s);
  const auto second = hooks.world.another_dispatch();
  CHECK(second->pass().delivered == 1);
  CHECK(second->pass().delivered == 0);
  CHECK(hooks.deliveries(id).size() == 1);
}

TEST_CASE("whoever listens from today is not told of what was before") {
  Hooks hooks;
  const Receiver receiver({answer("200 OK")});
  hooks.report_breach();
  const auto id = hooks.add("nam", "", receiver.url());
  hooks.dispatch.pass();
  CHECK(hooks.deliveries(id).empty());
}
