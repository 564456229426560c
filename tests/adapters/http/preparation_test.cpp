// The preparation pack of a continuation review, for both sides, on a page and on paper; and a survey's counts on its case page.
#include "tests/adapters/http/portal_world.hpp"

using namespace tradecase;
using namespace tradecase::testing;

namespace {

std::string review_of(const PortalWorld& world) {
  for (const CaseRow& one : world.cases_of(world.own))
    if (one.workflow == "continuation" && one.state == "scheduled") return one.id;
  FAIL("the simulated year has scheduled no review");
  return "";
}

void open_for_cause(const PortalWorld& world, const std::string& id) {
  Command open;
  open.case_id = id;
  open.name = "open_for_cause";
  open.actor = world.who("compliance").person;
  open.body = {{"cause", "CANARY-4410"}};
  const Answer answer = world.engine().execute(open);
  INFO((std::holds_alternative<Refusal>(answer) ? std::get<Refusal>(answer).sentence : ""));
  REQUIRE(std::holds_alternative<Receipt>(answer));
}

}  // namespace

TEST_CASE("both sides read one preparation pack, as a page and on paper") {
  PortalWorld world;
  const std::string id = review_of(world), at = "/cases/" + id + "/preparation";
  CHECK(world.ask(world.who("officer"), "GET", at).status == 404);  // it is only scheduled
  open_for_cause(world, id);
  std::string printed;
  world.paper = [&](const std::string& html, const Paper& on) {
    printed = html;
    return "%PDF-1.7 " + on.title;
  };
  for (const char* name : {"officer", "nam"}) {
    const auto page = world.ask(world.who(name), "GET", at);
    INFO(name << " " << page.body.substr(0, 500));
    REQUIRE(page.status == 200);
    for (const char* part :
         {"Checklist", "Evidence", "Samples", "Dates", "Internal control manual", "5 entries of the period.", "On file, not asked again"})
      CHECK(page.body.find(part) != std::string::npos);
    CHECK(page.body.find("CANARY-4410") == std::string::npos);
    CHECK(world.ask(world.who(name), "GET", "/cases/" + id).body.find(at) != std::string::npos);
    const auto pdf = world.ask(world.who(name), "GET", at + "/pdf");
    CHECK(pdf.type == "application/pdf");
    CHECK(pdf.body.starts_with("%PDF"));
    CHECK(printed.find("Internal control manual") != std::string::npos);
    CHECK(printed.find("CANARY-4410") == std::string::npos);
  }
  CHECK(world.ask(world.who("stranger"), "GET", at).status == 404);
  CHECK(world.ask(world.who("stranger"), "GET", at + "/pdf").status == 404);
  world.without_paper();
  CHECK(world.ask(world.who("officer"), "GET", at + "/pdf").status == 503);
  CHECK(world.ask(world.who("officer"), "GET", at).body.find("/pdf") == std::string::npos);
  CHECK(world.ask(world.who("officer"), "GET", "/cases/" + world.membership + "/preparation").status == 404);
}
