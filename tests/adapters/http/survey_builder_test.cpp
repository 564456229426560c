// The survey builder: what is on file is not asked, what is asked all the same says why, and the counts are said before anything is sent.
#include <regex>

#include "tests/adapters/http/portal_world.hpp"

using namespace tradecase;
using namespace tradecase::testing;

namespace {

struct Counted {
  int questions = 0, on_file = 0, asked = 0;
};

Counted counted(const http::Response& answer) {
  static const std::regex words(R"(This survey: (\d+) questions?, (\d+) on file, (\d+) to answer\.)");
  std::smatch found;
  INFO(answer.status << " " << answer.body.substr(0, 1500));
  REQUIRE(std::regex_search(answer.body, found, words));
  return {std::stoi(found[1]), std::stoi(found[2]), std::stoi(found[3])};
}

std::string proposed_and_approved(const PortalWorld& world) {
  Command propose;
  propose.workflow = "risk_survey";
  propose.company = world.own;
  propose.name = "propose";
  propose.actor = world.who("nam").person;
  propose.body = {{"basis", "risk"}, {"reasons", json::array{"Many lines of one heading."}}, {"topics", json::array{"valuation"}}};
  const Answer opened = world.engine().execute(propose);
  INFO((std::holds_alternative<Refusal>(opened) ? std::get<Refusal>(opened).sentence : ""));
  REQUIRE(std::holds_alternative<Receipt>(opened));
  Command approve;
  approve.case_id = std::get<Receipt>(opened).case_id;
  approve.name = "approve";
  approve.actor = world.who("compliance").person;
  const Answer approved = world.engine().execute(approve);
  INFO((std::holds_alternative<Refusal>(approved) ? std::get<Refusal>(approved).sentence : ""));
  REQUIRE(std::holds_alternative<Receipt>(approved));
  return approve.case_id;
}

struct Bank {
  std::string form;   // every question chosen, urlencoded
  std::string known;  // one that is on file
};

Bank bank_of(const PortalWorld& world) {
  Bank bank;
  const auto facts = world.engine().database().read([&](Session& session) { return facts_of(session, world.own); });
  for (const Section& section : world.engine().programme().forms.latest("rasa_procedural", world.engine().today()).sections)
    for (const Question& question : section.questions) {
      bank.form += "&question=" + question.id;
      for (const Fact& fact : facts)
        if (bank.known.empty() && fact.key == question.key && !answer_problem(question, fact.value)) bank.known = question.id;
    }
  return bank;
}

json::object counts_of(const PortalWorld& world, const std::string& id) {
  return world.engine().database().read([&](Session& session) { return find_case(session, id)->data.at("counts").as_object(); });
}

}  // namespace

TEST_CASE("a survey is counted before it is built, and asks nothing that is on file") {
  PortalWorld world;
  const std::string id = proposed_and_approved(world), path = "/cases/" + id + "/build";
  const Caller& staff = world.who("compliance");
  const PortalWorld::Headers form{{"Content-Type", "application/x-www-form-urlencoded"}};
  const Bank bank = bank_of(world);
  REQUIRE_FALSE(bank.known.empty());
  const std::string all = "csrf=" + staff.csrf + "&part=procedural" + bank.form;

  const Counted first = counted(world.ask(staff, "GET", path));
  CHECK(first.on_file > 0);
  CHECK(first.questions == first.on_file + first.asked);

  const Counted again = counted(world.ask(staff, "POST", path, all + "&act=count&again." + bank.known + "=It+moved", form));
  CHECK(again.on_file == first.on_file - 1);
  CHECK(again.asked == first.asked + 1);
  CHECK(
      counted(world.ask(staff, "POST", path, "csrf=" + staff.csrf + "&part=procedural&act=count&question=" + bank.known, form)).questions ==
      1);

  const auto nothing = world.ask(staff, "POST", path, "csrf=" + staff.csrf + "&part=procedural&act=build&key=k1", form);
  CHECK(nothing.status == 422);
  CHECK(nothing.body.find("Choose one question at least.") != std::string::npos);

  const auto built = world.ask(staff, "POST", path, all + "&act=build&key=k2&again." + bank.known + "=It+moved", form);
  INFO(built.body.substr(0, 2000));
  REQUIRE(built.status == 303);
  const json::object counts = counts_of(world, id);
  CHECK(counts.at("asked").as_int64() == again.asked);
  CHECK(counts.at("pre_answered").as_int64() == again.on_file);
  CHECK(counts.at("asked_again").as_int64() == 1);
  CHECK(counts.at("re_asked").as_int64() == 0);

  const auto page = world.ask(staff, "GET", "/cases/" + id);  // the survey's own page says the same
  CHECK(counted(page).questions == again.questions);
  CHECK(page.body.find("Confirmed: 0. Corrected: 0. Asked again, with a reason: 1. Asked twice without one: 0.") != std::string::npos);
}

TEST_CASE("only who may build a survey comes to its builder") {
  PortalWorld world;
  const std::string id = proposed_and_approved(world), path = "/cases/" + id + "/build";
  CHECK(world.ask(world.who("officer"), "GET", path).status == 403);
  CHECK(world.ask(world.who("nam"), "GET", path).status == 303);  // to the case, which says why
  CHECK(world.ask(world.who("compliance"), "GET", "/cases/" + world.membership + "/build").status == 303);
}

TEST_CASE("the programme's page counts what was asked and what was on file") {
  PortalWorld world;
  proposed_and_approved(world);
  const auto page = world.ask(world.who("auditor"), "GET", "/engagements");
  CHECK(page.status == 200);
  CHECK(page.body.find("Asked twice without a reason") != std::string::npos);
  CHECK(world.ask(world.who("officer"), "GET", "/engagements").status == 403);
}
