// What the pages do beside commands, over the API: one's own account, several cases at once, people and what failed. Every act once a key.
#include <set>

#include "tests/adapters/http/portal_world.hpp"

using namespace tradecase;
using namespace tradecase::testing;

namespace {

json::object read(const http::Response& response) {
  INFO(response.status << " " << response.body.substr(0, 600));
  return json::parse(response.body).as_object();
}
json::array items_of(const http::Response& response) { return read(response).at("items").as_array(); }
std::string text_at(const json::object& object, std::string_view name) { return std::string(object.at(name).as_string()); }

http::Response send(const PortalWorld& world, const std::string& who, const std::string& path, const json::object& body,
                    const std::string& key = "") {
  PortalWorld::Headers headers;
  if (!key.empty()) headers.emplace_back("Idempotency-Key", key);
  return world.api(world.who(who), "POST", "/api/v1/" + path, json::serialize(body), headers);
}
http::Response get(const PortalWorld& world, const std::string& who, const std::string& path) {
  return world.api(world.who(who), "GET", "/api/v1/" + path);
}

// The same key and body: the same answer. The same key with another body, or for a command: refused.
void same_key_same_answer(const PortalWorld& world, const std::string& who, const std::string& path, const json::object& body,
                          const json::object& other, const std::string& key) {
  const auto first = send(world, who, path, body, key), again = send(world, who, path, body, key);
  INFO(path << ": " << first.status << " " << first.body.substr(0, 300));
  CHECK(first.status < 300);
  CHECK(again.status == first.status);
  CHECK(again.body == first.body);
  const auto reused = send(world, who, path, other, key);
  CHECK(reused.status == 422);
  CHECK(text_at(read(reused), "code") == "key_reused");
}

}  // namespace

TEST_CASE("own tokens, sign-ins, notices and calendar over the API") {
  PortalWorld world;
  const json::object wanted{{"name", "reports"}, {"scope", "read"}, {"days", "30"}};
  const auto made = send(world, "officer", "me/tokens", wanted, "t1");
  REQUIRE(made.status == 200);
  const std::string token = text_at(read(made), "token");
  CHECK(world.ask(world.who("nobody"), "GET", "/api/v1/me", "", {{"Authorization", "Bearer " + token}}).status == 200);
  const auto again = send(world, "officer", "me/tokens", wanted, "t1");
  CHECK(again.status == 200);
  CHECK(read(again).at("token").is_null());  // told once
  CHECK(again.body.find(token) == std::string::npos);
  CHECK(send(world, "officer", "me/tokens", wanted).status == 422);  // the name is taken
  CHECK(send(world, "officer", "me/tokens", {{"name", "x"}, {"scope", "all"}, {"days", "31"}}).status == 422);
  CHECK(send(world, "officer", "me/tokens", {{"name", 7}, {"more", 1}}).status == 400);

  std::int64_t id = 0;
  for (const json::value& one : items_of(get(world, "officer", "me/tokens")))
    if (text_at(one.as_object(), "name") == "reports") id = one.at("id").as_int64();
  REQUIRE(id > 0);
  CHECK(send(world, "stranger", "me/tokens/" + std::to_string(id) + "/revoke", {}).status == 404);
  CHECK(send(world, "officer", "me/tokens/" + std::to_string(id) + "/revoke", {}).status == 200);
  CHECK(world.ask(world.who("nobody"), "GET", "/api/v1/me", "", {{"Authorization", "Bearer " + token}}).status == 401);

  REQUIRE(items_of(get(world, "officer", "me/sign-ins")).size() == 1);
  CHECK(items_of(send(world, "officer", "me/sign-ins/end-others", {})).empty());  // a token is no sign-in

  const auto feed = send(world, "officer", "me/calendar", {}, "c1");
  const std::string address = text_at(read(feed), "address");
  const std::string path = address.substr(address.find("/calendar/"));
  CHECK(world.ask(world.who("nobody"), "GET", path).status == 200);
  CHECK(read(send(world, "officer", "me/calendar", {}, "c1")).at("address").is_null());
  CHECK(world.ask(world.who("nobody"), "GET", path).status == 200);  // the key said again made no other
  CHECK(read(send(world, "officer", "me/calendar/revoke", {})).at("has") == false);
  CHECK(world.ask(world.who("nobody"), "GET", path).status == 404);

  // The last who gets the notices of a company cannot give them up.
  world.sql("update grants set notices = 0 where company = '" + world.own + "'");
  const json::object officer_gets{{"notices", json::array{json::object{{"role", "officer"}, {"company", world.own}}}}};
  CHECK(send(world, "officer", "me/notices", officer_gets).status == 200);
  CHECK(send(world, "officer", "me/notices", {{"notices", json::array{}}}).status == 422);
  CHECK(items_of(get(world, "officer", "me/notices")).at(0).at("notices") == true);
}

TEST_CASE("saved filters over the API are one's own") {
  PortalWorld world;
  same_key_same_answer(world, "nam", "me/filters", {{"name", "Late"}, {"query", "?view=overdue"}},
                       {{"name", "Later"}, {"query", "?view=overdue"}}, "f1");
  const auto kept = items_of(get(world, "nam", "me/filters"));
  REQUIRE(kept.size() == 1);
  CHECK(send(world, "nam", "me/filters", {{"name", "Bad"}, {"query", "//elsewhere"}}).status == 422);
  CHECK(get(world, "officer", "me/filters").status == 403);
  CHECK(items_of(get(world, "supervisor", "me/filters")).empty());
  CHECK(send(world, "nam", "me/filters/" + std::to_string(kept[0].at("filter").as_int64()) + "/forget", {}).status == 200);
  CHECK(items_of(get(world, "nam", "me/filters")).empty());
}

TEST_CASE("one step for several cases over the API: first asked, then done, each by itself") {
  PortalWorld world;
  const std::string nam = text_at(read(get(world, "nam", "me")), "email");
  json::array cases;
  for (const CaseRow& one : world.cases_of(world.other))
    if (one.workflow == "membership") cases.push_back(json::object{{"case", one.id}});
  cases.push_back(json::object{{"case", world.membership}});
  json::object asked{{"command", "membership.assign_nam"}, {"cases", cases}, {"body", json::object{{"nam", nam}}}, {"dry_run", true}};
  for (const json::value& one : items_of(send(world, "supervisor", "bulk", asked))) CHECK(one.at("outcome") == "would");
  for (const json::value& one : items_of(send(world, "auditor", "bulk", asked))) {
    CHECK(one.at("outcome") == "would_not");
    CHECK_FALSE(one.at("sentence").is_null());
  }
  CHECK(send(world, "officer", "bulk", asked).status == 403);

  asked["dry_run"] = false;
  asked["cases"].as_array().back().as_object()["version"] = 1;  // as somebody saw it long ago
  const auto done = send(world, "supervisor", "bulk", asked, "b1");
  const auto results = items_of(done);
  REQUIRE(results.size() == 2);
  CHECK(results[0].at("outcome") == "done");
  CHECK(results[1].at("outcome") == "not_done");
  CHECK(send(world, "supervisor", "bulk", asked, "b1").body == done.body);
  asked["dry_run"] = true;
  CHECK(send(world, "supervisor", "bulk", asked, "b1").status == 422);
  CHECK(send(world, "supervisor", "bulk", {{"command", 1}, {"cases", json::array{}}, {"more", 1}}).status == 400);
  CHECK(send(world, "supervisor", "bulk", {{"command", "membership"}, {"cases", cases}}).status == 400);
}

TEST_CASE("the operator adds, changes and sends away people over the API") {
  PortalWorld world;
  const json::object person{{"email", "rui@cbp.example"}, {"name", "Rui Sand"}, {"role", "nam"}};
  const auto made = send(world, "admin", "people", person, "p1");
  REQUIRE(made.status == 201);
  CHECK(send(world, "admin", "people", person, "p1").body == made.body);
  const std::string id = text_at(read(made), "person");
  CHECK(header_of(made, "Location") == "/api/v1/people/" + id);
  CHECK(send(world, "admin", "people", person).status == 422);  // the address is taken
  CHECK(send(world, "nam", "people", person).status == 403);
  CHECK(send(world, "admin", "people", {{"email", "x"}, {"name", ""}, {"role", "officer"}}).status == 422);

  CHECK(send(world, "admin", "people/" + id, {{"name", "Rui Sand"}, {"phone", "(202) 555-0100"}}).status == 200);
  CHECK(text_at(read(get(world, "admin", "people/" + id)), "phone") == "(202) 555-0100");
  CHECK(read(send(world, "admin", "people/" + id + "/roles", {{"role", "supervisor"}})).at("grants").as_array().size() == 2);
  CHECK(read(send(world, "admin", "people/" + id + "/roles/remove", {{"role", "supervisor"}})).at("grants").as_array().size() == 1);

  // Somebody with accounts is away, then leaves; the accounts and open tasks go to the new colleague.
  const std::string nam = world.who("nam").person, nam_path = "people/" + nam;
  CHECK(send(world, "admin", nam_path + "/absences", {{"from", "2031-07-07"}, {"to", "2031-07-01"}, {"delegate", "rui@cbp.example"}})
            .status == 422);
  const auto away =
      send(world, "admin", nam_path + "/absences", {{"from", "2031-07-01"}, {"to", "2031-07-07"}, {"delegate", "rui@cbp.example"}});
  CHECK(away.body.find(R"("from":"2031-07-01","to":"2031-07-07","delegate":"rui@cbp.example")") != std::string::npos);
  const json::object told = read(get(world, "admin", nam_path + "/handover"));
  std::set<std::string> successors;
  for (const json::value& one : told.at("successors").as_array()) successors.insert(text_at(one.as_object(), "person"));
  CHECK(successors.contains(id));
  CHECK(send(world, "admin", nam_path + "/leave", {{"to", id}, {"digest", "of another day"}}).status == 422);
  const json::object leaving{{"to", id}, {"digest", told.at("digest")}};
  const auto left = send(world, "admin", nam_path + "/leave", leaving, "l1");
  INFO(left.body);
  REQUIRE(left.status == 200);
  CHECK(static_cast<std::size_t>(read(left).at("accounts").as_int64()) == told.at("accounts").as_array().size());
  CHECK(static_cast<std::size_t>(read(left).at("tasks").as_int64()) == told.at("tasks").as_array().size());
  CHECK(send(world, "admin", nam_path + "/leave", leaving, "l1").body == left.body);
  CHECK(get(world, "nam", "me").status == 401);
}

TEST_CASE("failed mail and timers are settled over the API, and everything is verified") {
  PortalWorld world;
  world.sql("update outbox set status = 'given_up', detail = 'no such mailbox' where id in (select id from outbox order by id limit 2)");
  const auto failed = items_of(get(world, "admin", "messages?status=given_up"));
  REQUIRE(failed.size() == 2);
  const auto path = [&](std::size_t i, const char* act) {
    return "messages/" + std::to_string(failed[i].at("message").as_int64()) + "/" + act;
  };
  CHECK(send(world, "admin", path(0, "retry"), {}).status == 200);
  CHECK(send(world, "admin", path(0, "retry"), {}).status == 422);  // it is settled
  CHECK(send(world, "admin", path(1, "resolve"), {{"outcome", "arrived"}, {"note", " "}}).status == 422);
  same_key_same_answer(world, "admin", path(1, "resolve"), {{"outcome", "arrived"}, {"note", "They told me so."}},
                       {{"outcome", "lost"}, {"note", "They told me so."}}, "m1");
  CHECK(items_of(get(world, "admin", "messages?status=given_up")).empty());

  world.sql("update timers set attempts = 3, detail = 'it broke' where id = (select max(id) from timers where status = 'pending')");
  const auto timers = items_of(get(world, "admin", "timers"));
  REQUIRE_FALSE(timers.empty());
  const std::string timer = "timers/" + std::to_string(timers[0].at("id").as_int64());
  CHECK(send(world, "admin", timer + "/skip", {{"note", ""}}).status == 422);
  CHECK(send(world, "admin", timer + "/skip", {{"note", "The case is dealt with by hand."}}).status == 200);
  const auto skipped = items_of(get(world, "admin", "skipped"));
  REQUIRE(skipped.size() == 1);
  CHECK(send(world, "admin", timer + "/retry", {}).status == 422);

  const auto verified = send(world, "admin", "record/verify", {}, "v1");
  CHECK(verified.status == 200);
  CHECK(read(verified).at("events").as_int64() > 0);
  CHECK(send(world, "admin", "record/verify", {}, "v1").body == verified.body);
}

TEST_CASE("notes and the clock keep their keys, and a name that stands twice in a body is refused") {
  PortalWorld world;
  const std::string notes = "cases/" + world.membership + "/notes";
  same_key_same_answer(world, "nam", notes, {{"text", "Call them."}}, {{"text", "Write to them."}}, "n1");
  CHECK(items_of(get(world, "nam", notes)).size() == 1);
  const auto command = world.api(world.who("nam"), "POST", "/api/v1/companies/" + world.own + "/cases",
                                 R"({"workflow": "audit", "command": "open_referral"})", {{"Idempotency-Key", "n1"}});
  CHECK(command.status == 422);  // the key stands for the note
  const auto twice = world.api(world.who("nam"), "POST", "/api/v1/" + notes, R"({"text": "One.", "text": "Two."})");
  CHECK(twice.status == 400);
  CHECK(read(twice).at("errors").at(0).at("pointer") == "/text");
  CHECK(send(world, "admin", "clock", {{"until", "2031-01-01"}}).status == 422);  // stands still here
}

// Pages that say something which is no part of the API: where a browser signs in and stays signed in, and its passwords; what a command,
// the opening of a case or another address of the API does. Whatever else a page can do, the API can.
TEST_CASE("whatever a page's form does, the API does too") {
  PortalWorld world;
  static const std::map<std::string, std::string> done_by{
      {"/account/sign-ins/{id}/end", "/api/v1/me/sign-ins/{id}/end"},
      {"/account/sign-ins/end-others", "/api/v1/me/sign-ins/end-others"},
      {"/account/mail", "/api/v1/me/notices"},
      {"/account/tokens", "/api/v1/me/tokens"},
      {"/account/tokens/{id}/revoke", "/api/v1/me/tokens/{id}/revoke"},
      {"/calendar/address", "/api/v1/me/calendar"},
      {"/clock", "/api/v1/clock"},
      {"/queue/filters", "/api/v1/me/filters"},
      {"/queue/filters/{filter}/forget", "/api/v1/me/filters/{id}/forget"},
      {"/cases/{case}/notes", "/api/v1/cases/{case}/notes"},
      {"/bulk", "/api/v1/bulk"},
      {"/companies/{company}/application", "/api/v1/companies/{company}/cases"},
      {"/companies/{company}/open/{workflow}", "/api/v1/companies/{company}/cases"},
      {"/operator/people", "/api/v1/people"},
      {"/operator/people/{person}", "/api/v1/people/{person}"},
      {"/operator/people/{person}/roles", "/api/v1/people/{person}/roles"},
      {"/operator/people/{person}/roles/remove", "/api/v1/people/{person}/roles/remove"},
      {"/operator/people/{person}/absences", "/api/v1/people/{person}/absences"},
      {"/operator/people/{person}/leave", "/api/v1/people/{person}/leave"},
      {"/operator/rules/{key}", "/api/v1/rules/{key}/changes"},
      {"/operator/rules/changes/{change}/approve", "/api/v1/rule-changes/{change}/approve"},
      {"/operator/rules/changes/{change}/drop", "/api/v1/rule-changes/{change}/drop"},
      {"/operator/record/verify", "/api/v1/record/verify"},
      {"/operator/failures/mail/{id}/retry", "/api/v1/messages/{id}/retry"},
      {"/operator/failures/mail/{id}/resolve", "/api/v1/messages/{id}/resolve"},
      {"/operator/failures/timers/{id}/retry", "/api/v1/timers/{id}/retry"},
      {"/operator/failures/timers/{id}/skip", "/api/v1/timers/{id}/skip"},
      {"/operator/failures/skips/{id}/close", "/api/v1/skipped/{id}/close"},
      {"/cases/{case}/files", "/api/v1/cases/{case}/files"},
      {"/cases/{case}/populations", "/api/v1/cases/{case}/populations"},
      {"/cases/{case}/populations/{population}/preview", "/api/v1/cases/{case}/populations/{population}/preview"},
      {"/cases/{case}/populations/{population}/tie-out", "/api/v1/cases/{case}/populations/{population}/tie-out"},
      {"/cases/{case}/populations/{population}/freeze", "/api/v1/cases/{case}/populations/{population}/freeze"},
      {"/cases/{case}/populations/{population}/draw", "/api/v1/cases/{case}/populations/{population}/samples"},
      {"/cases/{case}/samples/{sample}/more", "/api/v1/cases/{case}/samples/{sample}/draws"},
      {"/cases/{case}/samples/{sample}/change", "/api/v1/cases/{case}/samples/{sample}/changes"},
      {"/cases/{case}/samples/{sample}/findings", "/api/v1/cases/{case}/samples/{sample}/findings"},
      {"/cases/{case}/samples/{sample}/items/{row}", "/api/v1/cases/{case}/samples/{sample}/findings/{row}"},
      {"/cases/{case}/entry-files", "/api/v1/cases/{case}/entry-files"},
      {"/cases/{case}/entry-files/{import}/keep", "/api/v1/cases/{case}/entry-files/{import}/keep"},
      {"/cases/{case}/entry-files/{import}/cancel", "/api/v1/cases/{case}/entry-files/{import}/cancel"},
      {"/cases/{case}/compose/{letter}", "/api/v1/cases/{case}/letter-drafts/{name}"},
      {"/cases/{case}/compose/{letter}/word", "/api/v1/cases/{case}/letter-drafts/{name}/word"},
      {"/templates/paragraphs", "/api/v1/paragraphs/{paragraph}"},
      {"/templates/paragraphs/{paragraph}", "/api/v1/paragraphs/{paragraph}"},
      {"/templates/{letter}/word", "/api/v1/word-templates/{name}"},
      {"/webhooks", "/api/v1/webhooks"},
      {"/webhooks/{webhook}/test", "/api/v1/webhooks/{webhook}/test"},
      {"/webhooks/{webhook}/rotate", "/api/v1/webhooks/{webhook}/rotate"},
      {"/webhooks/{webhook}/again", "/api/v1/webhooks/{webhook}/again"},
      {"/webhooks/{webhook}/remove", "/api/v1/webhooks/{webhook}/remove"}};
  static const std::set<std::string> by_command{
      "/cases/{case}/do/{command}", "/cases/{case}/letter/no-change",   "/cases/{case}/letter/{section}", "/cases/{case}/sign",
      "/cases/{case}/answers",      "/cases/{case}/questions",          "/cases/{case}/deliver",          "/cases/{case}/more-time",
      "/cases/{case}/eligibility",  "/cases/{case}/application/{part}", "/cases/{case}/received",         "/cases/{case}/build",
      "/cases/{case}/review",       "/cases/{case}/approve/{letter}"};
  static const std::set<std::string> of_browsers{"/sign-in",
                                                 "/sign-out",
                                                 "/language",
                                                 "/account/extend",
                                                 "/account/password",
                                                 "/account/second-factor",
                                                 "/account/second-factor/confirm",
                                                 "/account/second-factor/remove"};
  std::set<std::string> api;
  for (const http::Route& route : world.portal().routes())
    if (route.method == "POST" && route.pattern.starts_with("/api/")) api.insert(route.pattern);
  for (const http::Route& route : world.portal().routes()) {
    if (route.method != "POST" || route.pattern.starts_with("/api/") || route.pattern.starts_with("/sign-in/")) continue;
    INFO(route.pattern);
    const auto found = done_by.find(route.pattern);
    CHECK((by_command.contains(route.pattern) || of_browsers.contains(route.pattern) || found != done_by.end()));
    if (found != done_by.end()) CHECK(api.contains(found->second));
  }
}
