// An audit's questionnaire and a continuation pack on the pages of both sides: what is picked, what the company sees of it and answers, and
// what is counted.
#include <tuple>

#include "adapters/http/command_forms.hpp"
#include "tests/adapters/http/audits.hpp"
#include "workflows/forms.hpp"
#include "workflows/workflows.hpp"

using namespace tradecase;
using namespace tradecase::testing;

namespace {

const PortalWorld::Headers form{{"Content-Type", "application/x-www-form-urlencoded"}};

json::object data_of(const PortalWorld& world, const std::string& id) {
  return world.engine().database().read([&](Session& session) { return find_case(session, id)->data; });
}

// Every question of the form ticked, urlencoded.
std::string all_ticked(const PortalWorld& world, const char* bank) {
  std::string all;
  for (const Section& section : world.engine().programme().forms.latest(bank, world.engine().today()).sections)
    for (const Question& question : section.questions) all += "&question=" + question.id;
  return all;
}

bool holds(const http::Response& page, const std::string& text) {
  INFO(page.status << " " << text << " in " << page.body.substr(0, 300));
  return page.body.find(text) != std::string::npos;
}

// What the company types on its page: what is on file as it is, the rest in a few words.
std::string typed(const PortalWorld& world, const json::object& data, bool confirms) {
  std::string all;
  const tradecase::Form& bank = world.engine().programme().forms.get("audit_questionnaire", 1);
  for (const json::value& one : data.at("questionnaire").at("questions").as_array()) {
    const std::string section(one.at("section").as_string()), id(one.at("question").as_string());
    const Question& question = *bank.section(section)->question(id);
    const bool shown = one.at("on_file").as_bool();
    const std::string plain = question.type == Question::Type::yes_no ? "no"
                              : question.type == Question::Type::date ? "2026-11-10"
                                                                      : "By+hand";
    std::string known = plain;
    if (shown && one.at("value").is_string()) known = http::percent_encoded(one.at("value").as_string());
    if (shown && one.at("value").is_bool()) known = one.at("value").as_bool() ? "yes" : "no";
    if (shown && one.at("value").is_array()) {
      known.clear();
      for (const json::value& entry : one.at("value").as_array())
        known += (known.empty() ? "" : "%0A") + http::percent_encoded(entry.as_string());
    }
    all += "&q." + section + "." + id + "=" + known;
    if (shown && confirms) all += "&c." + section + "." + id + "=yes";
  }
  return all;
}

// Sent to the company: every question of the form.
std::string audit_with_questionnaire(PortalWorld& world) {
  std::string id = audit_with_notice(world);
  act_on(world, id, "build_questionnaire", "auditor", {});
  act_on(world, id, "send_questionnaire", "auditor", {});
  return id;
}

std::string review_scheduled(const PortalWorld& world) {
  for (const CaseRow& one : world.cases_of(world.own))
    if (one.workflow == "continuation" && one.state == "scheduled") return one.id;
  FAIL("the simulated year has scheduled no review");
  return "";
}

}  // namespace

TEST_CASE("the commands that pick questions offer those of their form") {
  const Workflows workflows = all_workflows();
  const auto words = http::CommandForms::load(TRADECASE_HOME "/templates/portal", workflows);
  const Forms forms = load_forms(TRADECASE_HOME "/workflows");
  const auto values = [](const http::Control& control) {
    std::vector<std::string> all;
    for (const http::Choice& choice : control.choices) all.push_back(choice.value);
    return all;
  };
  for (const auto& [workflow, bank, command] : {std::tuple{"risk_survey", "rasa_procedural", "build_survey"},
                                                {"audit", "audit_questionnaire", "build_questionnaire"},
                                                {"continuation", "continuation_pack", "choose_questions"}}) {
    INFO(workflow);
    std::vector<std::string> sections, questions;
    for (const Section& section : forms.latest(bank, Date::max()).sections) {
      sections.push_back(section.id);
      for (const Question& question : section.questions) questions.push_back(question.id);
    }
    for (const http::Control& control : words.find(workflow, command)->controls) {
      if (control.name == "sections") CHECK(values(control) == sections);
      if (control.name == "questions") CHECK(values(control) == questions);
      if (control.name == "ask_again") CHECK(values(control.columns.front()) == questions);
    }
  }
}

TEST_CASE("an audit's questionnaire is built by topic, and nobody of the company knows of it before it is sent") {
  PortalWorld world;
  const std::string id = audit_with_notice(world), path = "/cases/" + id + "/build";
  const Caller& auditor = world.who("auditor");
  CHECK(holds(world.ask(auditor, "GET", path), "This questionnaire: 28 questions, "));
  CHECK(world.ask(world.who("compliance"), "GET", path).status == 303);
  CHECK(world.ask(world.who("officer"), "GET", path).status == 403);
  const std::string all = "csrf=" + auditor.csrf + all_ticked(world, "audit_questionnaire");
  CHECK(holds(world.ask(auditor, "POST", path, all + "&act=count&left_out=trade_remedies&left_out=quantity", form), "26 questions, "));
  CHECK(world.ask(auditor, "POST", path, "csrf=" + auditor.csrf + "&act=build&key=k1", form).status == 422);
  const auto built = world.ask(auditor, "POST", path, all + "&act=build&key=k2&left_out=trade_remedies", form);
  INFO(built.body.substr(0, 1500));
  REQUIRE(built.status == 303);
  CHECK(data_of(world, id).at("questionnaire").at("questions").as_array().size() == 27);
  CHECK(holds(world.ask(auditor, "GET", path), "value=\"trade_remedies\" checked"));  // as it was built
  CHECK(holds(world.ask(auditor, "GET", "/cases/" + id), "/cases/" + id + "/do/send_questionnaire"));
  CHECK(holds(world.ask(auditor, "GET", "/cases/" + id), "built, not sent"));

  const Caller& officer = world.who("officer");
  CHECK_FALSE(holds(world.ask(officer, "GET", "/cases/" + id), "uestionnaire:"));
  CHECK(world.ask(officer, "GET", "/cases/" + id + "/answers").status == 404);
  CHECK_FALSE(holds(world.api(officer, "GET", "/api/v1/cases/" + id), "pre_answered"));
  act_on(world, id, "send_questionnaire", "auditor", {});
  CHECK(holds(world.ask(officer, "GET", "/cases/" + id), "This questionnaire: 27 questions, "));
  const auto told = world.api(officer, "GET", "/api/v1/cases/" + id);
  CHECK(holds(told, "pre_answered"));
  CHECK_FALSE(holds(told, "asked_again_because"));
  CHECK(world.ask(auditor, "GET", path).status == 303);  // it is with the company
}

TEST_CASE("a company confirms what is on file and answers the rest; its auditor reads it, and the program counts it") {
  PortalWorld world;
  const std::string id = audit_with_questionnaire(world), path = "/cases/" + id + "/answers";
  const Caller& officer = world.who("officer");
  CHECK(holds(world.ask(officer, "GET", "/"), path));
  const auto page = world.ask(officer, "GET", path);
  CHECK(holds(page, "This questionnaire: 28 questions, "));
  CHECK(holds(page, "On file, as of "));
  const json::object data = data_of(world, id);
  const std::string name = world.engine().database().read([&](Session& session) { return find_person(session, officer.person)->name; });
  const std::string start = "csrf=" + officer.csrf + "&act=send&signature=" + http::percent_encoded(name);
  const auto unticked = world.ask(officer, "POST", path, start + "&key=a1" + typed(world, data, false), form);
  CHECK(unticked.status == 422);
  CHECK(holds(unticked, "Tick that this is still right, or correct it."));
  const auto sent = world.ask(officer, "POST", path, start + "&key=a2" + typed(world, data, true), form);
  INFO(sent.body);
  REQUIRE(sent.status == 303);

  const json::object asked = data_of(world, id).at("questionnaire").as_object(), counts = asked.at("counts").as_object();
  CHECK(counts.at("confirmed") == counts.at("pre_answered"));
  CHECK(counts.at("pre_answered").as_int64() > 0);
  CHECK(counts.at("re_asked") == 0);
  CHECK(world.ask(officer, "GET", path).status == 404);  // they are sent
  const auto read = world.ask(world.who("auditor"), "GET", "/cases/" + id);
  CHECK(holds(read, "By hand"));
  CHECK(holds(read, "Confirmed: " + std::to_string(counts.at("confirmed").as_int64()) + "."));
  CHECK(holds(read, "answered on "));
  CHECK(holds(world.ask(officer, "GET", "/cases/" + id), "By hand"));
  CHECK(holds(world.ask(world.who("auditor"), "GET", "/engagements"), "Audit questionnaires</th><td>1</td>"));
  CHECK(holds(world.ask(officer, "GET", "/benefits/cases?company=" + world.own + "&kind=not_asked"), "/cases/" + id));
}

TEST_CASE("what comes on file while a questionnaire is out is shown, to be confirmed") {
  PortalWorld world;
  const std::string id = audit_with_questionnaire(world), path = "/cases/" + id + "/answers";
  const Caller& officer = world.who("officer");
  const auto asked_where = [&](bool on_file) -> json::object {
    const json::object data = data_of(world, id);
    for (const json::value& one : data.at("questionnaire").at("questions").as_array()) {
      const Section& section = *world.engine().programme().forms.get("audit_questionnaire", 1).section(one.at("section").as_string());
      const auto type = section.question(one.at("question").as_string())->type;
      const bool text = type == Question::Type::text || type == Question::Type::long_text;
      if (text && one.at("on_file") == on_file && !one.at("key").as_string().empty()) return one.as_object();
    }
    FAIL("the questionnaire has no such question");
    return {};
  };
  const auto comes_on_file = [&](const json::object& asked, const char* value) {
    world.engine().database().write([&](Transaction& tx) {
      record_fact(tx, world.own,
                  {std::string(asked.at("key").as_string()), value, world.engine().today(), "annual notification, cycle 9", "C", "", "P-1"},
                  world.engine().now());
    });
  };
  const auto field_of = [](const json::object& asked) {
    return std::string(asked.at("section").as_string()) + "." + std::string(asked.at("question").as_string());
  };
  const auto seen_in = [&](const http::Response& page, const std::string& field) {
    const std::string before = "name=\"s." + field + "\" value=\"";
    const auto at = page.body.find(before);
    REQUIRE(at != std::string::npos);
    return page.body.substr(at + before.size(), 16);
  };
  const auto response_to = [&](const json::object& asked) {
    const json::object data = data_of(world, id);
    for (const json::value& one : data.at("questionnaire").at("questions").as_array())
      if (one.at("question") == asked.at("question")) return std::string(one.at("response").as_string());
    return std::string();
  };
  const json::object known = asked_where(true), blank = asked_where(false);
  const std::string known_field = field_of(known), blank_field = field_of(blank);
  const auto before = world.ask(officer, "GET", path);
  CHECK_FALSE(holds(before, "name=\"s." + blank_field));

  comes_on_file(known, "Told in the letter meanwhile");
  comes_on_file(blank, "Told for the first time");
  const std::string start = "csrf=" + officer.csrf + "&act=save";
  const std::string old_value = http::percent_encoded(known.at("value").as_string());
  const auto unseen = world.ask(officer, "POST", path,
                                start + "&key=m1&q." + known_field + "=" + old_value + "&c." + known_field + "=yes&s." + known_field + "=" +
                                    seen_in(before, known_field),
                                form);
  CHECK(unseen.status == 422);
  CHECK(holds(unseen, "Since you opened this page, this came on file: Told in the letter meanwhile. Look at it again."));
  CHECK(holds(unseen, ">Told in the letter meanwhile</textarea>"));
  CHECK(response_to(known) == "none");

  const auto now = world.ask(officer, "GET", path);
  CHECK(holds(now, ">Told for the first time</textarea>"));
  std::string fresh = start + "&key=m2";
  for (const auto& [field, value] :
       {std::pair(known_field, "Told in the letter meanwhile"), std::pair(blank_field, "Told for the first time")})
    fresh += "&q." + field + "=" + http::percent_encoded(value) + "&c." + field + "=yes&s." + field + "=" + seen_in(now, field);
  const auto saved = world.ask(officer, "POST", path, fresh, form);
  INFO(saved.body);
  CHECK(saved.status == 303);
  CHECK(response_to(known) == "confirmed");
  CHECK(response_to(blank) == "confirmed");
}

TEST_CASE("a pack shows the company the questions chosen, and asks again only for a reason") {
  PortalWorld world;
  const std::string id = review_scheduled(world), path = "/cases/" + id + "/build";
  const Caller& nam = world.who("nam");
  CHECK(holds(world.ask(nam, "GET", path), "This pack: 18 questions, "));
  const std::string all = "csrf=" + nam.csrf + all_ticked(world, "continuation_pack") + "&left_out=forced_labor&act=build";
  REQUIRE(world.ask(nam, "POST", path, all + "&key=p1", form).status == 303);
  CHECK(data_of(world, id).at("pack").at("questions").as_array().size() == 15);
  act_on(world, id, "open_for_cause", "compliance", {{"cause", "A penalty case"}});
  CHECK(holds(world.ask(world.who("officer"), "GET", "/cases/" + id + "/preparation"), "This pack: 15 questions, "));
  const auto page = world.ask(world.who("officer"), "GET", "/cases/" + id + "/answers");
  CHECK(holds(page, "This pack: 15 questions, "));
  CHECK_FALSE(holds(page, "q.forced_labor."));
  CHECK(holds(page, "q.controls.control_procedures"));

  REQUIRE(world.ask(nam, "POST", path, all + "&key=p2&again.organization=It+merged", form).status == 303);
  CHECK(data_of(world, id).at("pack").at("counts").at("asked_again").as_int64() <= 1);
  CHECK(data_of(world, id).at("pack").at("counts").at("re_asked") == 0);
  CHECK(holds(world.ask(world.who("officer"), "GET", "/cases/" + id + "/answers"), "We ask again: It merged"));
  CHECK(holds(world.ask(nam, "GET", "/cases/" + id), "Asked twice without one: 0."));
}
