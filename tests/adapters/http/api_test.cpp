// The API: permission, keys, versions, pages of lists, and what a company never reads.
#include <set>

#include "tests/adapters/http/portal_world.hpp"

using namespace tradecase;
using namespace tradecase::testing;

namespace {

json::object read(const http::Response& response) {
  INFO(response.status << " " << response.body.substr(0, 400));
  return json::parse(response.body).as_object();
}
json::array items_of(const http::Response& response) { return read(response).at("items").as_array(); }
std::string code_of(const http::Response& response) {
  CHECK(response.type == "application/problem+json");
  const json::object all = read(response);
  CHECK(all.at("status") == response.status);
  return std::string(all.at("code").as_string());
}

const std::string breach = R"({"what": "A supplier was found to use forced labor."})";
std::string command(const PortalWorld& world, const std::string& name) { return "/api/v1/cases/" + world.membership + "/commands/" + name; }

void keys_and_versions(PortalWorld& world) {
  const Caller& officer = world.who("officer");
  const std::string path = command(world, "report_breach");
  const std::string version = header_of(world.api(officer, "GET", "/api/v1/cases/" + world.membership), "ETag");
  REQUIRE(version.size() >= 3);
  CHECK(code_of(world.api(officer, "POST", path, breach, {{"Idempotency-Key", ""}, {"If-Match", version}})) == "key_missing");
  const auto without = world.api(officer, "POST", path, breach);
  CHECK(without.status == 428);
  CHECK(code_of(without) == "version_missing");
  CHECK(world.api(officer, "POST", path, breach, {{"If-Match", "\"x\""}}).status == 400);
  CHECK(world.api(officer, "POST", path, breach, {{"If-Match", version}, {"Content-Type", "text/plain"}}).status == 415);
  CHECK(world.api(officer, "POST", path, "[1]", {{"If-Match", version}}).status == 400);
  const auto wrong = world.api(officer, "POST", path, R"({"what": 7, "more": 1})", {{"If-Match", version}});
  CHECK(wrong.status == 400);
  CHECK(read(wrong).at("errors").as_array().size() == 2);

  const auto done = world.api(officer, "POST", path, breach, {{"If-Match", version}, {"Idempotency-Key", "k1"}});
  REQUIRE(done.status == 200);
  const auto again = world.api(officer, "POST", path, breach, {{"If-Match", version}, {"Idempotency-Key", "k1"}});
  CHECK(again.status == 200);
  CHECK(again.body == done.body);
  const auto reused =
      world.api(officer, "POST", path, R"({"what": "Something else."})", {{"If-Match", version}, {"Idempotency-Key", "k1"}});
  CHECK(reused.status == 422);
  CHECK(code_of(reused) == "key_reused");

  const auto stale = world.api(officer, "POST", path, breach, {{"If-Match", version}});
  CHECK(stale.status == 412);
  CHECK(code_of(stale) == "conflict");
  REQUIRE(read(stale).at("changes").as_array().size() == 1);
  CHECK(read(stale).at("changes").at(0).at("command") == "report_breach");
  CHECK(header_of(stale, "ETag") == header_of(done, "ETag"));
}

void who_may_post(PortalWorld& world) {
  const Caller& officer = world.who("officer");
  const std::string path = command(world, "report_breach");
  const std::string version = header_of(world.api(officer, "GET", "/api/v1/cases/" + world.membership), "ETag");
  const PortalWorld::Headers said{{"If-Match", version}, {"Idempotency-Key", "c1"}, {"Content-Type", "application/json"}};
  const auto with = [&](PortalWorld::Headers more) {
    more.insert(more.end(), said.begin(), said.end());
    return more;
  };
  const Caller reader = world.call("reader", officer.person, "read");
  CHECK(world.api(reader, "GET", "/api/v1/me").status == 200);
  CHECK(code_of(world.api(reader, "POST", path, breach, said)) == "forbidden");
  CHECK(world.ask(officer, "POST", path, breach, said).status == 403);  // a cookie alone
  CHECK(world.ask(officer, "POST", path, breach, with({{"X-CSRF-Token", "guessed"}})).status == 403);
  CHECK(world.ask(officer, "POST", path, breach, with({{"X-CSRF-Token", officer.csrf}, {"Origin", "https://evil.example"}})).status == 403);
  CHECK(world.ask(officer, "POST", path, breach, with({{"X-CSRF-Token", officer.csrf}})).status == 200);

  const auto nobody = world.api(world.who("nobody"), "GET", "/api/v1/cases");
  CHECK(nobody.status == 401);
  CHECK(header_of(nobody, "WWW-Authenticate").starts_with("Bearer"));
  CHECK(world.ask(world.who("nobody"), "GET", "/api/v1/cases", "", {{"Authorization", "Bearer nonsense"}}).status == 401);
  CHECK(world.api(world.who("stranger"), "POST", path, breach, said).status == 404);
  CHECK(world.api(world.who("contact"), "POST", path, breach, said).status == 404);
  CHECK(world.api(world.who("officer"), "POST", command(world, "propose_removal"), "{}", {{"If-Match", "\"1\""}}).status >= 400);
  CHECK(world.api(world.who("officer"), "POST", command(world, "admit"), "{}", {{"If-Match", "\"1\""}}).status == 404);
}

// What the front begins at once: each gets its own answer, in its place, and what is in order is written in one commit.
void several_at_once(PortalWorld& world) {
  const Caller &officer = world.who("officer"), &nam = world.who("nam");
  const std::string path = command(world, "report_breach");
  const std::string version = header_of(world.api(officer, "GET", "/api/v1/cases/" + world.membership), "ETag");
  const auto act = [&](const Caller& caller, const std::string& body, PortalWorld::Headers headers) {
    return world.api_request(caller, "POST", path, body, std::move(headers));
  };
  const auto commits = world.engine().database().commits();
  const auto answers = world.ask_together(
      {act(world.who("stranger"), breach, {{"If-Match", version}}),
       act(officer, breach, {{"If-Match", version}, {"Idempotency-Key", "t1"}}), act(world.who("nobody"), breach, {{"If-Match", version}}),
       act(officer, "[1]", {{"If-Match", version}}), act(officer, breach, {{"If-Match", version}, {"Idempotency-Key", "t1"}}),
       act(officer, breach, {{"If-Match", version}}), act(nam, "{}", {{"If-Match", version}}),
       world.api_request(nam, "GET", "/api/v1/me")});
  std::vector<int> statuses;
  for (const auto& answer : answers) statuses.push_back(answer.status);
  CHECK(statuses == std::vector<int>{404, 200, 401, 400, 200, 412, 412, 200});
  CHECK(answers[4].body == answers[1].body);
  CHECK(read(answers[5]).at("changes").as_array().size() == 1);
  CHECK(answers[7].body == world.api(nam, "GET", "/api/v1/me").body);
  CHECK(world.engine().database().commits() - commits == 1);
}

// What the database cannot do is everybody's answer who waited for it, and nobody's who did not.
void a_failure_for_all(PortalWorld& world) {
  const Caller& officer = world.who("officer");
  const std::string path = command(world, "report_breach");
  const std::string version = header_of(world.api(officer, "GET", "/api/v1/cases/" + world.membership), "ETag");
  world.sql("create trigger no_more before insert on history begin select raise(abort, 'no more'); end");
  const auto answers = world.ask_together({world.api_request(officer, "POST", path, breach, {{"If-Match", version}}),
                                           world.api_request(officer, "POST", path, "[1]", {{"If-Match", version}}),
                                           world.api_request(officer, "POST", path, breach, {{"If-Match", version}})});
  world.sql("drop trigger no_more");
  REQUIRE(answers.size() == 3);
  CHECK(answers[0].status == 500);
  CHECK(code_of(answers[0]) == "failure");
  CHECK(answers[1].status == 400);
  CHECK(answers[2].status == 500);
  CHECK(header_of(world.api(officer, "GET", "/api/v1/cases/" + world.membership), "ETag") == version);
}

std::string propose(const std::string& reason) {
  const json::object body{
      {"workflow", "risk_survey"},
      {"command", "propose"},
      {"body",
       json::object{{"basis", "risk"}, {"reasons", json::array{json::value(reason)}}, {"topics", json::array{"Origin of cotton yarn"}}}}};
  return json::serialize(body);
}

void opening(PortalWorld& world) {
  const std::string path = "/api/v1/companies/" + world.own + "/cases";
  const auto made = world.api(world.who("nam"), "POST", path, propose("Entries differ from invoices."));
  INFO(made.body);
  REQUIRE(made.status == 201);
  const std::string where = header_of(made, "Location");
  CHECK(world.api(world.who("nam"), "GET", where).status == 200);
  CHECK(world.api(world.who("officer"), "GET", where).status == 404);  // a proposal is the agency's own
  CHECK(world.api(world.who("officer"), "POST", path, propose("x")).status == 403);
  CHECK(world.api(world.who("stranger"), "POST", path, propose("x")).status == 404);
  CHECK(world.api(world.who("nam"), "POST", path, R"({"workflow": 1, "cycle": "x", "extra": true})").status == 400);
  CHECK(world.api(world.who("nam"), "POST", path, R"({"workflow": "none", "command": "none"})").status == 400);
}

}  // namespace

TEST_CASE("commands over the API need a key, a version and the right to send them") {
  PortalWorld world;
  keys_and_versions(world);
  who_may_post(world);
  several_at_once(world);
  a_failure_for_all(world);
  opening(world);
}

TEST_CASE("a list comes in pages that rows inserted meanwhile do not shift") {
  PortalWorld world;
  const Caller& nam = world.who("nam");
  const auto before = items_of(world.api(nam, "GET", "/api/v1/cases?limit=200"));
  REQUIRE(before.size() > 8);
  std::vector<std::string> seen;
  std::string next = "/api/v1/cases?limit=3";
  bool inserted = false;
  while (!next.empty()) {
    const auto page = world.api(nam, "GET", next);
    REQUIRE(page.status == 200);
    for (const json::value& item : items_of(page)) seen.emplace_back(item.at("case").as_string());
    if (!std::exchange(inserted, true))
      CHECK(world.api(nam, "POST", "/api/v1/companies/" + world.own + "/cases", propose("Meanwhile.")).status == 201);
    const std::string link = header_of(page, "Link");
    next = link.empty() ? "" : link.substr(1, link.find('>') - 1);
  }
  CHECK(seen.size() == before.size() + 1);
  CHECK(std::set<std::string>(seen.begin(), seen.end()).size() == seen.size());
  CHECK(world.api(nam, "GET", "/api/v1/cases?cursor=%22;drop").status == 400);

  const auto theirs = items_of(world.api(world.who("officer"), "GET", "/api/v1/cases?limit=200"));
  CHECK_FALSE(theirs.empty());
  for (const json::value& item : theirs) CHECK(item.at("company").as_string() == world.own);
  for (const json::value& item : items_of(world.api(nam, "GET", "/api/v1/cases?open=true&workflow=membership&limit=200"))) {
    CHECK(item.at("open") == true);
    CHECK(item.at("workflow") == "membership");
  }
  CHECK(items_of(world.api(world.who("officer"), "GET", "/api/v1/cases?company=" + world.other)).empty());
}
