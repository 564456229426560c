#include "tests/workflows/letter_year.hpp"

#include <fstream>
#include <sstream>

namespace tradecase::testing::letter_year {

const Workflow& workflow() {
  static const Workflow one = annual_notification();
  return one;
}

const Form& form() { return shipped_forms().get("anl", 1); }
const std::string& last_section() { return form().sections.back().id; }

json::object schedule(std::string_view acceptance, int cycle, bool carried_over) {
  return {{"acceptance_date", acceptance}, {"cycle", cycle}, {"carried_over", carried_over}};
}

namespace {

json::value an_answer(const Question& question) {
  switch (question.type) {
    case Question::Type::yes_no:
      return false;
    case Question::Type::number:
      return 12;
    case Question::Type::date:
      return "2025-01-10";
    case Question::Type::choice:
      return json::value(question.choices.front());
    case Question::Type::choices:
      return json::array{question.choices.front()};
    case Question::Type::list:
      return json::array{"one entry"};
    case Question::Type::url:
      return "https://harborlane.example/conduct";
    case Question::Type::email:
      return "dana@harborlane.example";
    default:
      return "As in our manual";
  }
}

}  // namespace

json::object answers(const Section& section) {
  json::object values;
  for (const Question& question : section.questions)
    if (question.required) values.emplace(question.id, an_answer(question));
  return values;
}

json::object save(const std::string& section, int form_version) {
  return {{"section", section}, {"change", "changed"}, {"values", answers(*form().section(section))}, {"form_version", form_version}};
}
json::object unchanged(const std::string& section) { return {{"section", section}, {"change", "no_change"}, {"form_version", 1}}; }

json::object acceptance(std::string_view level) {
  json::object checklist, risks;
  for (const std::string& item : shipped_rules().texts("anl.review_checklist")) checklist.emplace(item, json::object{{"confirmed", true}});
  for (const std::string& factor : shipped_rules().texts("risk.factors")) risks.emplace(factor, "low");
  risks.begin()->value() = level;
  return {{"checklist", std::move(checklist)}, {"risks", std::move(risks)}};
}

json::object question(const std::string& section) {
  return {{"questions", json::array{json::object{{"section", section}, {"question", "Which suppliers were looked at?"}}}}};
}
json::object asked(int size) { return {{"days", size}, {"reason", "Our new system is being brought in."}}; }

// What the company told last year, as the register has it.
std::vector<Fact> last_years_facts() {
  std::vector<Fact> facts;
  for (const Section& section : form().sections)
    for (const auto& [key, value] : keyed_answers(section, answers(section)))
      facts.push_back({key, value, day("2024-04-01"), "application questionnaire", section.title, "TC-2023-000009", "P-officer"});
  return facts;
}

void say(Story& story, const std::string& command, json::object body, RoleSet as) {
  const bool went = story.send(command, std::move(body), as);
  INFO(command << " in " << story.state() << ": " << (went ? "" : story.last_refusal->sentence));
  REQUIRE(went);
}

Story scheduled() {
  Story story(workflow(), coming_up);
  say(story, "schedule", schedule(), {Role::timer});
  return story;
}
Story opened() {
  Story story = scheduled();
  story.go_to(opens);
  return story;
}
Story complete() {
  Story story = opened();
  for (const Section& section : form().sections) say(story, "save", save(section.id));
  return story;
}
Story submitted() {
  Story story = complete();
  say(story, "submit", signature);
  return story;
}
Story under_review() {
  Story story = submitted();
  say(story, "take", {}, {Role::nam});
  return story;
}
Story returned() {
  Story story = under_review();
  say(story, "return_for_changes", question(), {Role::nam});
  return story;
}
Story answered() {
  Story story = returned();
  say(story, "save", save("F"));
  return story;
}
Story overdue() {
  Story story = complete();
  story.go_to(missed);
  return story;
}
Story overdue_after_return() {
  Story story = answered();
  story.go_to("2025-04-15");  // returned 2025-03-15, due 2025-04-14
  return story;
}
Story with_request(Story story, int size) {
  say(story, "request_extension", asked(size));
  return story;
}
Story accept_waits() {
  Story story = under_review();
  say(story, "accept", acceptance("high"), {Role::nam});
  return story;
}
Story reject_waits() {
  Story story = under_review();
  say(story, "reject", {{"findings", json::array{"The self-testing was not done."}}}, {Role::nam});
  return story;
}

// The shipped form as version 2: section J asks one thing more.
const Forms& forms_with_version_2() {
  static const Forms forms = [] {
    std::ifstream file(std::string(TRADECASE_HOME) + "/workflows/annual_notification/forms/anl.v1.json");
    std::stringstream text;
    text << file.rdbuf();
    json::object next = json::parse(text.str()).as_object();
    next["version"] = 2;
    next["effective_from"] = "2025-03-10";
    for (json::value& section : next["sections"].as_array())
      if (section.at("id").as_string() == "J")
        section.at("questions")
            .as_array()
            .push_back({{"id", "training_forced_labor"}, {"text", "Was forced labor a topic?"}, {"type", "yes_no"}, {"required", true}});
    return Forms({form(), parse_form(json::serialize(next), "anl.v2.json")});
  }();
  return forms;
}

std::vector<StateOf> every_open_state() {
  const auto of = [](const Story& story) { return StateOf{story.state(), story.data()}; };
  return {of(scheduled()),    of(opened()),   of(complete()), of(submitted()),
          of(under_review()), of(returned()), of(overdue()),  of(accept_waits())};
}

}  // namespace tradecase::testing::letter_year
