// Surveys and audits that staff opens from a company's file, and what the page of such a case says to whom.
#include "tests/adapters/http/portal_world.hpp"

using namespace tradecase;
using namespace tradecase::testing;

namespace {

const PortalWorld::Headers as_form{{"Content-Type", "application/x-www-form-urlencoded"}};
constexpr char canary[] = "CANARY-4409";

bool holds(const http::Response& answer, const std::string& part) { return answer.body.find(part) != std::string::npos; }

std::string opening(const PortalWorld& world, const std::string& workflow) { return "/companies/" + world.own + "/open/" + workflow; }

http::Response send_form(const PortalWorld& world, const std::string& who, const std::string& path, const std::string& fields) {
  const Caller& caller = world.who(who);
  return world.ask(caller, "POST", path, "csrf=" + caller.csrf + "&key=" + http::random_token() + fields, as_form);
}

}  // namespace

TEST_CASE("a survey is proposed from the company's file, and its reasons are for staff alone") {
  PortalWorld world;
  const std::string path = opening(world, "risk_survey");
  CHECK(holds(world.ask(world.who("compliance"), "GET", "/companies/" + world.own), "href=\"" + path + "\""));
  CHECK(world.ask(world.who("compliance"), "GET", path).status == 200);

  const auto missing = send_form(world, "compliance", path, "&reasons=Why&topics=Value");
  CHECK(missing.status == 422);
  CHECK(holds(missing, "What starts it?: This is needed."));

  const auto opened = send_form(world, "compliance", path, std::string("&basis=topic&topics=Valuation&reasons=") + canary);
  INFO(opened.body.substr(0, 1500));
  REQUIRE(opened.status == 303);
  const std::string id = header_of(opened, "Location");
  const auto seen = world.ask(world.who("auditor"), "GET", id);
  CHECK(holds(seen, canary));
  CHECK(holds(seen, "Valuation"));
  CHECK(world.ask(world.who("officer"), "GET", id).status == 404);
}

TEST_CASE("who may not open a case for a company is told so, and a page of no such case is not there") {
  PortalWorld world;
  CHECK(world.ask(world.who("auditor"), "GET", opening(world, "audit")).status == 403);
  CHECK_FALSE(holds(world.ask(world.who("auditor"), "GET", "/companies/" + world.own), opening(world, "audit")));
  CHECK(send_form(world, "auditor", opening(world, "audit"), "&kind=single_issue").status == 403);
  CHECK(world.ask(world.who("officer"), "GET", opening(world, "audit")).status == 403);
  CHECK(world.ask(world.who("compliance"), "GET", opening(world, "membership")).status == 404);
}
