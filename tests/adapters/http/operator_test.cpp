// The operator's pages: how things stand, people, the record by search, what failed, the rules.
#include "tests/adapters/http/portal_world.hpp"

using namespace tradecase;
using namespace tradecase::testing;

namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

http::Response get_page(const PortalWorld& world, const std::string& path) { return world.ask(world.who("admin"), "GET", path); }

http::Response post_page(const PortalWorld& world, const std::string& path, const Pairs& fields) {
  const Caller& caller = world.who("admin");
  std::string body = "csrf=" + http::percent_encoded(caller.csrf);
  for (const auto& [name, value] : fields) body += "&" + name + "=" + http::percent_encoded(value);
  return world.ask(caller, "POST", path, body, {{"Content-Type", "application/x-www-form-urlencoded"}});
}

bool shows(const http::Response& answer, std::string_view text) { return answer.body.find(text) != std::string::npos; }

std::int64_t number(const PortalWorld& world, const std::string& sql) {
  return world.engine().database().read([&](Session& session) { return session.value<std::int64_t>(sql, {}).value_or(0); });
}
std::string word(const PortalWorld& world, const std::string& sql) {
  return world.engine().database().read([&](Session& session) { return session.value<std::string>(sql, {}).value_or(""); });
}

}  // namespace

TEST_CASE("the operator's first page counts what waits and what failed") {
  PortalWorld world;
  CHECK(shows(get_page(world, "/operator"), "Last verified"));
  world.sql("update outbox set status = 'given_up' where id = (select min(id) from outbox)");
  const auto now = get_page(world, "/operator");
  CHECK(now.status == 200);
  CHECK(shows(now, "href=\"/operator/failures#mail\""));
}

TEST_CASE("the operator adds a person, mends their name, and is told what is wrong at the field") {
  PortalWorld world;
  const auto bad = post_page(world, "/operator/people", {{"name", ""}, {"email", "nobody"}, {"role", "officer"}});
  CHECK(bad.status == 422);
  for (const char* field : {"href=\"#name\"", "href=\"#email\"", "href=\"#company\""}) CHECK(shows(bad, field));
  CHECK(shows(bad, "value=\"nobody\""));  // what was typed is kept
  const auto added = post_page(world, "/operator/people", {{"name", "Rui Sand"}, {"email", "rui@cbp.example"}, {"role", "nam"}});
  REQUIRE(added.status == 303);
  const std::string page = header_of(added, "Location");
  CHECK(shows(get_page(world, "/operator/people?q=rui"), "Rui Sand"));
  CHECK(post_page(world, page, {{"name", "Rui Sands"}, {"phone", "(202) 555-0100"}}).status == 303);
  CHECK(shows(get_page(world, page), "Rui Sands"));
  CHECK(post_page(world, page, {{"name", " "}}).status == 422);
  CHECK(post_page(world, page + "/roles", {{"role", "supervisor"}, {"company", world.own}}).status == 422);
  CHECK(post_page(world, page + "/roles", {{"role", "supervisor"}}).status == 303);
  CHECK(post_page(world, page + "/roles/remove", {{"role", "supervisor"}}).status == 303);
  const std::string own = "/operator/people/" + world.who("admin").person;
  CHECK(shows(post_page(world, own + "/roles/remove", {{"role", "admin"}}), "Nobody takes the operator"));
  CHECK(number(world, "select count(*) from history where kind = 'people' and line like '%\"change\"%'") == 1);
}

TEST_CASE("an absence needs a delegate who holds the role and is there") {
  PortalWorld world;
  const std::string page = "/operator/people/" + world.who("nam").person + "/absences";
  const auto delegate = [&](const std::string& of) {
    return word(world, "select email from people where id = '" + world.who(of).person + "'");
  };
  CHECK(shows(post_page(world, page, {{"from", "7/1/2031"}, {"to", "7/8/2031"}, {"delegate", delegate("auditor")}}), "cannot stand in"));
  CHECK(shows(post_page(world, page, {{"from", "2/30/2031"}, {"to", "7/8/2031"}, {"delegate", ""}}), "not a day that exists"));
  REQUIRE(post_page(world, "/operator/people", {{"name", "Rui Sand"}, {"email", "rui@cbp.example"}, {"role", "nam"}}).status == 303);
  CHECK(post_page(world, page, {{"from", "7/1/2031"}, {"to", "7/8/2031"}, {"delegate", "rui@cbp.example"}}).status == 303);
  CHECK(shows(post_page(world, page, {{"from", "7/8/2031"}, {"to", "7/9/2031"}, {"delegate", "rui@cbp.example"}}), "entered already"));
}

TEST_CASE("failed mail is sent again or noted as arrived, with the reason in the record") {
  PortalWorld world;
  world.sql("update outbox set status = 'unknown', detail = 'the line broke' where id in (select id from outbox order by id limit 2)");
  const auto listed = get_page(world, "/operator/failures");
  CHECK(shows(listed, "the line broke"));
  const std::string first = word(world, "select cast(min(id) as text) from outbox where status = 'unknown'"),
                    second = word(world, "select cast(max(id) as text) from outbox where status = 'unknown'");
  const auto mail = [&](const std::string& id, const char* act) { return "/operator/failures/mail/" + id + "/" + act; };
  CHECK(post_page(world, mail(first, "retry"), {}).status == 303);
  CHECK(shows(post_page(world, mail(first, "retry"), {}), "somebody settled it meanwhile"));
  CHECK(shows(post_page(world, mail(second, "resolve"), {{"outcome", "arrived"}}), "Write why."));
  CHECK(post_page(world, mail(second, "resolve"), {{"outcome", "arrived"}, {"note", "They told me on the phone."}}).status == 303);
  CHECK(number(world, "select count(*) from outbox where status = 'sent' and id = " + second) == 1);
  CHECK(number(world, "select count(*) from outbox where status = 'queued' and id = " + first) == 1);
  CHECK(shows(get_page(world, "/operator/record?kind=mail"), "They told me on the phone."));
}

TEST_CASE("a failing timer is skipped with a reason, and its case is left with work for somebody") {
  PortalWorld world;
  world.sql("update timers set attempts = 2, detail = 'it broke' where id = (select max(id) from timers where status = 'pending')");
  const std::string timer = word(world, "select cast(id as text) from timers where attempts = 2");
  CHECK(shows(get_page(world, "/operator/failures"), "it broke"));
  const std::string path = "/operator/failures/timers/" + timer;
  CHECK(post_page(world, path + "/skip", {{"note", ""}}).status == 422);
  CHECK(post_page(world, path + "/skip", {{"note", "It is done by hand."}}).status == 303);
  CHECK(shows(post_page(world, path + "/retry", {}), "does not fail any more"));
  CHECK(number(world, "select count(*) from timers where status = 'stopped' and id = " + timer) == 1);
  const std::string task = word(world, "select cast(id as text) from tasks where kind like 'skipped:%' and closed_at is null");
  REQUIRE_FALSE(task.empty());
  CHECK(shows(get_page(world, "/operator/failures"), "A timer was skipped"));
  CHECK(post_page(world, "/operator/failures/skips/" + task + "/close", {{"note", ""}}).status == 422);
  CHECK(shows(get_page(world, "/operator/record?kind=timer"), "It is done by hand."));
}

TEST_CASE("the record is found by case, person, kind and day, and verified") {
  PortalWorld world;
  const std::string of_case = "/operator/record?case=" + world.membership;
  CHECK(shows(get_page(world, of_case), world.membership));
  CHECK(shows(get_page(world, of_case + "&kind=people"), "The record has no such line."));
  const auto wrong_day = get_page(world, "/operator/record?from=2026-02-30");
  CHECK(wrong_day.status == 422);
  CHECK(shows(wrong_day, "value=\"2026-02-30\""));
  const auto lines = get_page(world, "/operator/record/lines.jsonl?case=" + world.membership);
  CHECK(lines.status == 200);
  for (std::size_t at = 0, end = 0; (end = lines.body.find('\n', at)) != std::string::npos; at = end + 1)
    CHECK(json::parse(lines.body.substr(at, end - at)).is_object());
  REQUIRE(post_page(world, "/operator/record/verify", {}).status == 303);
  CHECK(number(world, "select count(*) from history where kind = 'operation' and line like '%verify%'") >= 1);
}

TEST_CASE("the rules stand with value, mark, source and meaning, and can be looked for") {
  PortalWorld world;
  CHECK(shows(get_page(world, "/operator/rules"), "anl.return_days"));
  const auto found = get_page(world, "/operator/rules?q=return_days");
  CHECK(shows(found, "anl.return_days"));
  CHECK_FALSE(shows(found, "anl.extension_sizes"));
  CHECK(world.ask(world.who("nam"), "GET", "/operator/rules").status == 403);
}
