// Who may keep webhooks, on the pages and by the API.
#include <catch2/catch.hpp>

#include "tests/adapters/http/portal_world.hpp"

using namespace tradecase;
using namespace tradecase::testing;
using Catch::Contains;

namespace {

constexpr char good_url[] = "https://hooks.partner.example/in";
constexpr char one_type[] = "case.changed";

http::Response form(const PortalWorld& world, const std::string& who, const std::string& path, const std::string& fields = "") {
  const Caller& caller = world.who(who);
  return world.ask(caller, "POST", path, "csrf=" + caller.csrf + fields, {{"Content-Type", "application/x-www-form-urlencoded"}});
}

std::string asked(const std::string& company, const std::string& url = good_url) {
  json::object body{{"url", url}, {"types", json::array{one_type}}};
  if (!company.empty()) body["company"] = company;
  return json::serialize(body);
}

std::vector<Webhook> all_hooks(const PortalWorld& world) {
  return world.engine().database().read([](Session& session) { return find_webhooks(session, "where true order by id", {}); });
}

std::string secret_in(const http::Response& answer) {
  const auto at = answer.body.find("whsec_");
  return at == std::string::npos ? "" : answer.body.substr(at, 50);
}

}  // namespace

TEST_CASE("an officer makes a webhook on a page, sees its secret once, and what is wrong is said at its field") {
  PortalWorld world;
  const auto broken = form(world, "officer", "/webhooks", "&url=http://10.0.0.1/&company=" + world.own);
  CHECK(broken.status == 422);
  CHECK_THAT(broken.body, Contains("<title>Error: Webhooks") && Contains("begins with https://") && Contains("Choose which events") &&
                              Contains("href=\"#url\"") && Contains("value=\"http://10.0.0.1/\""));
  CHECK(all_hooks(world).empty());

  const auto made = form(world, "officer", "/webhooks", std::string("&url=") + good_url + "&types=" + one_type + "&company=" + world.own);
  CHECK(made.status == 200);
  REQUIRE(all_hooks(world).size() == 1);
  CHECK(secret_in(made) == all_hooks(world)[0].secret);
  const auto page = world.ask(world.who("officer"), "GET", "/webhooks");
  CHECK_THAT(page.body, Contains(good_url) && Contains("A case changes"));
  CHECK(secret_in(page).empty());
  const auto twice = form(world, "officer", "/webhooks", std::string("&url=") + good_url + "&types=" + one_type + "&company=" + world.own);
  CHECK(twice.status == 422);
  CHECK_THAT(twice.body, Contains("go to this address already"));
  CHECK(form(world, "officer", "/webhooks/1/test").status == 303);
  CHECK_THAT(world.ask(world.who("officer"), "GET", "/webhooks").body, Contains("A test"));
}

TEST_CASE("a webhook is its company's officers', or its maker's at the agency; an operator sees all") {
  PortalWorld world;
  REQUIRE(world.api(world.who("officer"), "POST", "/api/v1/webhooks", asked(world.own)).status == 200);
  REQUIRE(world.api(world.who("nam"), "POST", "/api/v1/webhooks", asked("")).status == 200);
  const auto hooks = all_hooks(world);
  REQUIRE(hooks.size() == 2);
  struct Row {
    const char* who;
    bool officers, nams;
  };
  for (const Row& row : {Row{"officer", true, false},
                         {"preparer", false, false},
                         {"contact", false, false},
                         {"stranger", false, false},
                         {"outsider", false, false},
                         {"nam", false, true},
                         {"supervisor", false, false},
                         {"admin", true, true}})
    for (const bool first : {true, false}) {
      const std::string one = "/webhooks/" + std::to_string(hooks[first ? 0 : 1].id);
      const bool may = first ? row.officers : row.nams;
      INFO(row.who << " at " << one);
      CHECK(world.api(world.who(row.who), "GET", "/api/v1" + one).status == (may ? 200 : 404));
      CHECK(world.api(world.who(row.who), "GET", "/api/v1" + one + "/deliveries").status == (may ? 200 : 404));
      for (const char* verb : {"test", "rotate", "again", "remove"}) {
        if (may) continue;
        CHECK(form(world, row.who, one + "/" + verb).status == 404);
        CHECK(world.api(world.who(row.who), "POST", "/api/v1" + one + "/" + verb, "{}").status == 404);
      }
      const auto list = json::parse(world.api(world.who(row.who), "GET", "/api/v1/webhooks").body).at("items").as_array();
      CHECK(list.size() == static_cast<std::size_t>(row.officers) + static_cast<std::size_t>(row.nams));
    }
  CHECK(all_hooks(world).size() == 2);
  CHECK(form(world, "admin", "/webhooks/" + std::to_string(hooks[0].id) + "/remove").status == 303);
  CHECK(all_hooks(world).size() == 1);
}

TEST_CASE("nobody makes a webhook for whom they do not speak") {
  PortalWorld world;
  for (const char* who : {"preparer", "contact", "stranger", "outsider", "nam", "admin"}) {
    INFO(who);
    CHECK(world.api(world.who(who), "POST", "/api/v1/webhooks", asked(world.own)).status == 422);
    CHECK(form(world, who, "/webhooks", std::string("&url=") + good_url + "&types=" + one_type + "&company=" + world.own).status == 422);
  }
  CHECK(world.api(world.who("officer"), "POST", "/api/v1/webhooks", asked("")).status == 422);  // the agency's view
  const Caller reader = world.call("reader", world.who("officer").person, "read");
  CHECK(world.api(reader, "POST", "/api/v1/webhooks", asked(world.own)).status == 403);
  CHECK(all_hooks(world).empty());
}

TEST_CASE("the API makes a webhook once under its key, and answers with its secret again") {
  PortalWorld world;
  const Caller& officer = world.who("officer");
  const PortalWorld::Headers key{{"Idempotency-Key", "one"}};
  const auto first = world.api(officer, "POST", "/api/v1/webhooks", asked(world.own), key);
  const auto again = world.api(officer, "POST", "/api/v1/webhooks", asked(world.own), key);
  CHECK(first.status == 200);
  CHECK(again.body == first.body);
  CHECK(all_hooks(world).size() == 1);
  CHECK(world.api(officer, "POST", "/api/v1/webhooks", asked(world.own, "https://other.example/"), key).status == 422);
  CHECK(all_hooks(world).size() == 1);

  const std::string one = "/api/v1/webhooks/" + std::to_string(all_hooks(world)[0].id);
  const PortalWorld::Headers two{{"Idempotency-Key", "two"}};
  const auto rotated = world.api(officer, "POST", one + "/rotate", "{}", two);
  CHECK(secret_in(rotated) != secret_in(first));
  CHECK(world.api(officer, "POST", one + "/rotate", "{}", two).body == rotated.body);
  CHECK(world.api(officer, "POST", one + "/rotate", "{\"a\":1}").status == 400);
  CHECK(world.api(officer, "POST", one + "/remove", "{}").status == 200);
  CHECK(all_hooks(world).empty());
}

TEST_CASE("a company has at most ten webhooks") {
  PortalWorld world;
  for (std::size_t i = 0; i <= 10; ++i) {
    const auto answer =
        world.api(world.who("officer"), "POST", "/api/v1/webhooks", asked(world.own, "https://hooks.example/" + std::to_string(i)));
    CHECK(answer.status == (i < 10 ? 200 : 422));
  }
}
