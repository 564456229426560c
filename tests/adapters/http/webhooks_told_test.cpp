// What a company's webhook is told, and what stays with the agency: the portal's own rule, over a simulated year.

#include <catch2/catch.hpp>
#include <set>

#include "adapters/webhooks/dispatch.hpp"
#include "adapters/webhooks/signing.hpp"
#include "engine/store/languages.hpp"
#include "engine/verify.hpp"
#include "tests/adapters/http/portal_world.hpp"
#include "tests/adapters/webhooks/receiver.hpp"

using namespace tradecase;
using namespace tradecase::testing;

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
  std::vector<WebhookDelivery> deliveries(std::int64_t id) {
    return world.engine().database().read([&](Session& session) { return last_deliveries(session, id, 1000); });
  }
  void change(auto&& how) { world.engine().database().write(how); }

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
  CHECK(types_of(staffs).contains("gov.cbp.tradecase." + std::string(case_changed)));
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
    const json::value told_there = json::parse(history.body);
    for (const json::value& moment : told_there.at("items").as_array())
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

TEST_CASE("a staff member's webhook of a company that made them its officer tells what the company knows, no more") {
  Hooks hooks;
  hooks.change([&](Transaction& tx) { add_grant(tx, {hooks.world.who("nam").person, "officer", hooks.world.own, false}); });
  const Receiver receiver({answer("200 OK")});
  const auto id = hooks.add("nam", hooks.world.own, receiver.url());
  hooks.open_referral();
  hooks.dispatch.pass();
  CHECK(hooks.deliveries(id).empty());
}

TEST_CASE("whom a webhook belongs to is told on every page that it is switched off, the operator with the cause") {
  Hooks hooks;
  const Receiver receiver({answer("410 Gone"), answer("200 OK")});
  const auto id = hooks.add("officer", hooks.world.own, receiver.url(), {std::string(case_changed)});
  hooks.report_breach();
  CHECK(hooks.dispatch.pass().switched_off == 1);
  const auto says = [&](const char* who, const char* page, const std::string& what) {
    return hooks.world.ask(hooks.world.who(who), "GET", page).body.find(what) != std::string::npos;
  };
  CHECK(says("officer", "/", "A webhook of yours is switched off"));
  CHECK_FALSE(says("stranger", "/", "A webhook of yours is switched off"));
  CHECK(says("admin", "/operator/failures", receiver.url()));
  CHECK(says("admin", "/operator/failures", "it answers 410"));
  const Caller& officer = hooks.world.who("officer");
  const auto again = hooks.world.ask(officer, "POST", "/webhooks/" + std::to_string(id) + "/again", "csrf=" + officer.csrf,
                                     {{"Content-Type", "application/x-www-form-urlencoded"}});
  CHECK(again.status == 303);
  CHECK(hooks.dispatch.pass().delivered == 1);
  CHECK_FALSE(says("officer", "/", "A webhook of yours is switched off"));
}

TEST_CASE("whoever keeps a webhook that was switched off is written to, in the languages they chose") {
  Hooks hooks;
  const Receiver receiver({answer("410 Gone")});
  hooks.add("officer", hooks.world.own, receiver.url(), {std::string(case_changed)});
  hooks.change([&](Transaction& tx) { set_language_of(tx, hooks.world.who("officer").person, "es"); });
  hooks.report_breach();
  CHECK(hooks.dispatch.pass().switched_off == 1);
  std::vector<OutboxRow> told;
  hooks.world.engine().database().read([&](Session& session) {
    for (OutboxRow& row : find_messages(session, "queued", "", 10'000))
      if (row.case_id.empty()) told.push_back(std::move(row));
  });
  REQUIRE(told.size() == 1);
  const Message& mail = told.front().message;
  CHECK(mail.subject == "A webhook was switched off");
  for (const char* words : {"wants no more events", "Su webhook se ha desactivado", "/webhooks"})
    CHECK(mail.text.find(words) != std::string::npos);
  CHECK(mail.text.find(receiver.url()) != std::string::npos);
  CHECK(mail.html.find("Su receptor dice que no quiere") != std::string::npos);

  const auto ask = [&](const char* who, const char* path) { return hooks.world.ask(hooks.world.who(who), "GET", path); };
  CHECK(ask("officer", "/messages").status == 200);
  hooks.world.sql("update outbox set status = 'given_up' where case_id is null");
  const auto failures = ask("admin", "/operator/failures");
  CHECK(failures.status == 200);
  CHECK(failures.body.find("of no case") != std::string::npos);
  const auto report = hooks.world.engine().database().read(
      [&](Session& session) { return verify(session, hooks.world.engine().programme(), hooks.world.engine().now()); });
  for (const Violation& one : report.violations) UNSCOPED_INFO(one.invariant << " " << one.detail);
  CHECK(report.violations.empty());
  hooks.world.sql("update notice_mails set text = 'Another one'");
  CHECK(hooks.world.engine()
            .database()
            .read([&](Session& session) { return verify(session, hooks.world.engine().programme(), hooks.world.engine().now()); })
            .violations.size() == 1);
}
