// A rule is changed by two people: which dates move is shown first, and they move on the day that was agreed on.
#include "engine/store/rule_changes.hpp"
#include "engine/verify.hpp"
#include "tests/adapters/http/portal_world.hpp"
#include "tools/cli/rule_changes.hpp"

using namespace tradecase;
using namespace tradecase::testing;

namespace {

constexpr char cycle[] = "/operator/rules/anl.cycle_months";

struct Room {
  PortalWorld world;
  Caller second;

  Room() {
    const std::string id = world.engine().database().write([](Transaction& tx) {
      std::string made = add_person(tx, {"", "second@cbp.example", "Sam Second", "", "", std::nullopt}).id;
      add_grant(tx, {made, "compliance", "", false});
      return made;
    });
    second = world.call("second", id);
  }
  http::Response post(const Caller& caller, const std::string& path, const std::vector<std::pair<std::string, std::string>>& fields) {
    std::string body = "csrf=" + http::percent_encoded(caller.csrf);
    for (const auto& [name, value] : fields) body += "&" + name + "=" + http::percent_encoded(value);
    return world.ask(caller, "POST", path, body, {{"Content-Type", "application/x-www-form-urlencoded"}});
  }
  const Caller& first() const { return world.who("compliance"); }
  std::string today() const { return to_text(world.engine().today()); }
  int in_force() const { return world.engine().programme().rules.number("anl.cycle_months"); }
  std::int64_t count(const std::string& sql) const {
    return world.engine().database().read([&](Session& session) { return session.value<std::int64_t>(sql, {}).value_or(0); });
  }
  std::int64_t entries() const { return count("select count(*) from deadlines"); }
  http::Response propose(const std::string& day) {
    return post(first(), cycle, {{"act", "propose"}, {"value", "14"}, {"effective_on", day}, {"reason", "The law gives a month more"}});
  }
};

bool shows(const http::Response& answer, std::string_view text) { return answer.body.find(text) != std::string::npos; }

}  // namespace

TEST_CASE("a value is tried before it is proposed: every date that moves is named, and none has moved") {
  Room room;
  const auto before = room.entries();
  const auto tried = room.post(room.first(), cycle, {{"act", "try"}, {"value", "14"}, {"effective_on", room.today()}, {"reason", ""}});
  REQUIRE(tried.status == 200);
  CHECK(shows(tried, "This change moves"));
  CHECK(shows(tried, "14 months"));
  CHECK(shows(tried, "Propose this change"));
  CHECK(room.entries() == before);
  CHECK(room.in_force() == 12);
  CHECK(room.count("select count(*) from rule_changes") == 0);
  const auto other = room.post(room.first(), "/operator/rules/anl.return_days", {{"act", "try"}, {"value", "21"}});
  CHECK(other.status == 200);
}

TEST_CASE("what cannot be a change of a rule is said at its field, and nothing is kept") {
  Room room;
  struct Row {
    const char* value;
    std::string day, reason;
    const char* field;
    const char* says;
  };
  for (const Row& row : std::vector<Row>{{"12", room.today(), "because", "value", "in force"},
                                         {"many", room.today(), "because", "value", "whole number"},
                                         {"9999", room.today(), "because", "value", "whole number"},
                                         {"", room.today(), "because", "value", "whole number"},
                                         {"1", room.today(), "because", "value", "prepare_months"},
                                         {"14", "2020-01-01", "because", "effective_on", "over"},
                                         {"14", "soon", "because", "effective_on", "2026-12-22"},
                                         {"14", room.today(), " ", "reason", "why"}}) {
    INFO(row.value << " " << row.day << " " << row.reason);
    const auto answer =
        room.post(room.first(), cycle, {{"act", "propose"}, {"value", row.value}, {"effective_on", row.day}, {"reason", row.reason}});
    CHECK(answer.status == 422);
    CHECK(shows(answer, "<title>Error: "));
    CHECK(shows(answer, std::string("href=\"#") + row.field + "\""));
    CHECK(shows(answer, row.says));
    CHECK_FALSE(shows(answer, "rules.toml"));
  }
  CHECK(room.count("select count(*) from rule_changes") == 0);
  CHECK(room.world.ask(room.first(), "GET", "/operator/rules/no.rule").status == 404);
  CHECK(room.world.ask(room.first(), "GET", "/operator/rules/calendar.zone").status == 404);
  CHECK(room.world.ask(room.first(), "GET", "/operator/rules/changes/1").status == 404);
  CHECK(room.world.ask(room.world.who("nam"), "GET", cycle).status == 403);
  CHECK(room.world.ask(room.world.who("admin"), "GET", cycle).status == 200);
  CHECK(room.post(room.world.who("admin"), cycle, {{"act", "try"}, {"value", "14"}}).status == 403);
}

TEST_CASE("dates move when a second person approves, as many as were told, and the rule stays changed after a restart") {
  Room room;
  const json::object told =
      json::parse(room.world.api(room.first(), "POST", "/api/v1/rules/anl.cycle_months/try", "{\"value\": 14}").body).as_object();
  const auto dates = told.at("dates").as_int64();
  REQUIRE(dates > 0);
  const auto entries = room.entries();
  const auto proposed = room.propose(room.today());
  REQUIRE(proposed.status == 303);
  const std::string page = header_of(proposed, "Location");
  CHECK(shows(room.world.ask(room.first(), "GET", page), "Somebody else"));
  CHECK(room.post(room.first(), page + "/approve", {}).status == 422);
  CHECK(room.propose(room.today()).status == 422);  // one waits already
  CHECK(room.in_force() == 12);

  CHECK(shows(room.world.ask(room.second, "GET", page), "Approve this change"));
  REQUIRE(room.post(room.second, page + "/approve", {}).status == 303);
  CHECK(room.in_force() == 14);
  CHECK(room.count("select dates from rule_changes where status = 'applied'") == dates);
  CHECK(room.entries() - entries >= dates);  // a new entry each; the one before stays
  CHECK(room.count("select count(*) from deadlines where superseded_by > " + std::to_string(entries)) == dates);
  CHECK(shows(room.world.ask(room.second, "GET", "/operator/rules"), "In force, moved"));
  CHECK(room.post(room.second, page + "/approve", {}).status == 422);
  CHECK(room.post(room.second, page + "/drop", {}).status == 422);
  CHECK(room.count("select count(*) from history where kind = 'rules'") == 3);
  const auto report = room.world.engine().database().read(
      [&](Session& session) { return verify(session, room.world.engine().programme(), room.world.engine().now()); });
  for (const Violation& one : report.violations) UNSCOPED_INFO(one.invariant << " " << one.case_id << " " << one.detail);
  CHECK(report.violations.empty());
  const Site restarted(room.world.site().config(), room.world.engine().database().file());
  CHECK(restarted.programme().rules.number("anl.cycle_months") == 14);
}

TEST_CASE("a change of a later day waits for it, and may be dropped until then") {
  Room room;
  const Date later = room.world.engine().today() + std::chrono::days(3);
  const std::string page = header_of(room.propose(to_text(later)), "Location");
  REQUIRE(room.post(room.second, page + "/approve", {}).status == 303);
  CHECK(room.in_force() == 12);
  CHECK(apply_due_rules(room.world.site()) == 0);
  REQUIRE_FALSE(room.world.site().move_clock(room.world.engine().programme().calendar.start_of(later)));
  CHECK(apply_due_rules(room.world.site()) == 1);
  CHECK(apply_due_rules(room.world.site()) == 0);
  CHECK(room.in_force() == 14);

  const auto back =
      room.post(room.first(), cycle,
                {{"act", "propose"}, {"value", "12"}, {"effective_on", to_text(later + std::chrono::days(9))}, {"reason", "An error"}});
  REQUIRE(back.status == 303);
  CHECK(room.post(room.first(), header_of(back, "Location") + "/drop", {}).status == 303);
  CHECK(room.post(room.second, header_of(back, "Location") + "/approve", {}).status == 422);
}

TEST_CASE("programs change rules by the same road") {
  Room room;
  const std::string rule = "/api/v1/rules/anl.cycle_months/", changes = "/api/v1/rule-changes/";
  const std::string body = "{\"value\": 14, \"effective_on\": \"" + room.today() + "\", \"reason\": \"A month more\"}";
  CHECK(room.world.api(room.first(), "POST", rule + "try", "{\"value\": \"14\"}").status == 422);
  CHECK(room.world.api(room.first(), "POST", rule + "try", "{\"value\": 14, \"more\": 1}").status == 400);
  CHECK(room.world.api(room.first(), "POST", rule + "changes", "{\"value\": 14}").status == 400);
  CHECK(room.world.api(room.world.who("admin"), "POST", rule + "try", "{\"value\": 14}").status == 403);
  const auto made = room.world.api(room.first(), "POST", rule + "changes", body, {{"Idempotency-Key", "one"}});
  REQUIRE(made.status == 201);
  const std::string id = std::to_string(json::parse(made.body).at("change").as_int64());
  CHECK(room.world.api(room.first(), "POST", rule + "changes", body, {{"Idempotency-Key", "one"}}).body == made.body);
  CHECK(room.world.api(room.first(), "POST", changes + id + "/approve").status == 422);
  const auto approved = room.world.api(room.second, "POST", changes + id + "/approve");
  CHECK(approved.status == 200);
  CHECK(room.in_force() == 14);
  const auto listed = json::parse(room.world.api(room.first(), "GET", "/api/v1/rule-changes").body).at("items").at(0);
  CHECK(listed.at("status") == "applied");
  CHECK(listed.at("dates").as_int64() > 0);
}
