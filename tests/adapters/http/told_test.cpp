// What a company is told of a case, and what stays the agency's own: states that are one to it, and cases that ended before it was told.
#include <algorithm>

#include "tests/adapters/http/portal_world.hpp"

using namespace tradecase;
using namespace tradecase::testing;

namespace {

std::string sent(const PortalWorld& world, const std::string& who, Command command, json::object body = {}) {
  command.actor = world.who(who).person;
  command.body = std::move(body);
  const Answer answer = world.engine().execute(command);
  INFO(command.name << ": " << (std::holds_alternative<Refusal>(answer) ? std::get<Refusal>(answer).sentence : ""));
  REQUIRE(std::holds_alternative<Receipt>(answer));
  return std::get<Receipt>(answer).case_id;
}

Command to_case(const std::string& id, const std::string& name) {
  Command command;
  command.case_id = id;
  command.name = name;
  return command;
}

std::string audit_without_notice(const PortalWorld& world) {
  Command open;
  open.workflow = "audit";
  open.company = world.own;
  open.name = "open_referral";
  std::string id = sent(world, "nam", open,
                        {{"kind", "single_issue"},
                         {"risk_areas", json::array{world.engine().programme().rules.texts("audit.risk_areas").front()}},
                         {"reasons", json::array{"CANARY-4410"}}});
  sent(world, "compliance", to_case(id, "refer"), {{"override_reason", "Told apart from the survey."}});
  sent(world, "auditor", to_case(id, "accept"));
  sent(world, "compliance", to_case(id, "cancel"), {{"reason", "CANARY-4410"}});
  return id;
}

// The annual notification of `own`, moved by the agency among its own states, as the record would have it.
Case countersigned(const PortalWorld& world) {
  return world.engine().database().write([&](Transaction& tx) {
    const auto rows = find_cases(tx.session(), {world.own, "annual_notification", {}, {}, {}, false});
    REQUIRE_FALSE(rows.empty());
    Case changed = find_case(tx.session(), rows.front().id).value();
    const auto move = [&](const std::string& command, const std::string& to) {
      const std::string from = changed.state;
      changed.state = to;
      ++changed.version;
      record_event(tx, changed, from, command, world.who("nam").person, world.engine().now(), {{"body", json::object{}}});
    };
    move("start_review", "under_review");
    move("accept", "countersign_pending");
    move("send_back", "under_review");
    move("accept", "countersign_pending");
    update_case(tx, changed, std::nullopt);
    return changed;
  });
}

bool holds(const http::Response& answer, std::string_view word) { return answer.body.find(word) != std::string::npos; }

}  // namespace

TEST_CASE("states with the same words for a company are one to it") {
  PortalWorld world;
  const http::CommandForms& words = world.portal().command_forms();
  CHECK(words.told_as("annual_notification", "countersign_pending") == "under_review");
  CHECK(words.told_as("annual_notification", "under_review") == "under_review");
  CHECK(words.told_as("audit", "referral_draft").empty());
  CHECK(words.told_as("audit", "accepted").empty());
  CHECK(words.told_as("audit", "noticed") == "noticed");
  CHECK(words.told_as("risk_survey", "closed") == "closed");
}

TEST_CASE("a company reads nothing of a second pair of eyes") {
  PortalWorld world;
  const Case on = countersigned(world);
  const std::vector<std::string> addresses{"/cases/" + on.id, "/history", "/api/v1/cases/" + on.id, "/api/v1/cases/" + on.id + "/history",
                                           "/api/v1/cases?company=" + world.own};
  for (const std::string& address : addresses)
    for (const char* who : {"officer", "preparer", "contact"}) {
      const auto answer = world.ask(world.who(who), "GET", address);
      INFO(who << " at " << address << "\n" << answer.body.substr(0, 2000));
      CHECK(answer.status == 200);
      CHECK_FALSE(holds(answer, "countersign"));
      CHECK_FALSE(holds(answer, "ountersigned"));
      CHECK_FALSE(holds(answer, "send_back"));
    }
  CHECK(holds(world.ask(world.who("nam"), "GET", "/api/v1/cases/" + on.id + "/history"), "countersign_pending"));

  const auto found = [&](const char* who, const std::string& state) {
    return holds(world.ask(world.who(who), "GET", "/api/v1/cases?workflow=annual_notification&company=" + world.own + "&state=" + state),
                 on.id);
  };
  CHECK(found("officer", "under_review"));
  CHECK_FALSE(found("officer", "countersign_pending"));
  CHECK(found("nam", "countersign_pending"));
  CHECK_FALSE(found("nam", "under_review"));
}

TEST_CASE("an audit that ended before its notice was never the company's to see") {
  PortalWorld world;
  const std::string id = audit_without_notice(world);
  for (const std::string& path : {"/cases/" + id, "/api/v1/cases/" + id, "/api/v1/cases/" + id + "/history"}) {
    CHECK(world.ask(world.who("officer"), "GET", path).status == 404);
    CHECK(world.ask(world.who("nam"), "GET", path).status == 200);
  }
  for (const char* list : {"/api/v1/cases?workflow=audit", "/history", "/search?q=audit", "/"}) {
    INFO(list);
    CHECK_FALSE(holds(world.ask(world.who("officer"), "GET", list), id));
  }
  CHECK(holds(world.ask(world.who("nam"), "GET", "/api/v1/cases?workflow=audit&company=" + world.own), id));
}

TEST_CASE("a case that the company was told of stays its own when it ends") {
  PortalWorld world;
  int closed = 0;
  for (const CaseRow& row : world.cases_of(world.own)) {
    if (row.open || row.workflow != "annual_notification") continue;
    ++closed;
    CHECK(world.ask(world.who("officer"), "GET", "/cases/" + row.id).status == 200);
    CHECK(holds(world.ask(world.who("officer"), "GET", "/api/v1/cases?open=false&workflow=annual_notification"), row.id));
  }
  CHECK(closed > 0);
}
