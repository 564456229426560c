// The annual notification letter: its table, its letters and tasks, and years in which days pass.
#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "tests/workflows/table.hpp"
#include "workflows/annual_notification/annual_notification.hpp"
#include "workflows/annual_notification/dates.hpp"

using namespace tradecase;
using namespace tradecase::testing;
using std::chrono::days;

namespace {

// Accepted 2024-03-15: the window of cycle 1 opens on Saturday, 2025-03-15; it is due on Tuesday, 2025-04-15.
constexpr auto coming_up = "2025-02-14", opens = "2025-03-15", due = "2025-04-15", missed = "2025-04-16";

const Workflow& workflow() {
  static const Workflow one = annual_notification();
  return one;
}

const Form& form() { return shipped_forms().get("anl", 1); }
const std::string& last_section() { return form().sections.back().id; }

json::object schedule(std::string_view acceptance = "2024-03-15", int cycle = 1, bool carried_over = false) {
  return {{"acceptance_date", acceptance}, {"cycle", cycle}, {"carried_over", carried_over}};
}

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

json::object answers(const Section& section) {
  json::object values;
  for (const Question& question : section.questions)
    if (question.required) values.emplace(question.id, an_answer(question));
  return values;
}

json::object save(const std::string& section, int form_version = 1) {
  return {{"section", section}, {"change", "changed"}, {"values", answers(*form().section(section))}, {"form_version", form_version}};
}
json::object unchanged(const std::string& section) { return {{"section", section}, {"change", "no_change"}, {"form_version", 1}}; }

const json::object signature{{"signature", officer_name}};

json::object acceptance(std::string_view level = "low") {
  json::object checklist, risks;
  for (const std::string& item : shipped_rules().texts("anl.review_checklist")) checklist.emplace(item, json::object{{"confirmed", true}});
  for (const std::string& factor : shipped_rules().texts("risk.factors")) risks.emplace(factor, "low");
  risks.begin()->value() = level;
  return {{"checklist", std::move(checklist)}, {"risks", std::move(risks)}};
}

json::object question(const std::string& section = "F") {
  return {{"questions", json::array{json::object{{"section", section}, {"question", "Which suppliers were looked at?"}}}}};
}
json::object asked(int size) { return {{"days", size}, {"reason", "Our new system is being brought in."}}; }
const json::object because{{"reason", "The reason that was given."}};

// What the company told last year, as the register has it.
std::vector<Fact> last_years_facts() {
  std::vector<Fact> facts;
  for (const Section& section : form().sections)
    for (const auto& [key, value] : keyed_answers(section, answers(section)))
      facts.push_back({key, value, day("2024-04-01"), "application questionnaire", section.title, "TC-2023-000009", "P-officer"});
  return facts;
}

void say(Story& story, const std::string& command, json::object body = {}, RoleSet as = {Role::officer}) {
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
Story with_request(Story story, int size = 30) {
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

struct StateOf {
  std::string state;
  json::object data;
};
std::vector<StateOf> every_open_state() {
  const auto of = [](const Story& story) { return StateOf{story.state(), story.data()}; };
  return {of(scheduled()),    of(opened()),   of(complete()), of(submitted()),
          of(under_review()), of(returned()), of(overdue()),  of(accept_waits())};
}

// ---- the rows of the table ---------------------------------------------------------------------------------------------
// clang-format off

std::vector<Row> calendar_rows() {
  const json::object open = opened().data(), full = complete().data(), back = returned().data(), late = overdue().data();
  const json::object remind{{"kind", "reminder:-14"}};
  return {
      {.from = "", .command = "schedule", .expect = "scheduled", .body = schedule(), .on = "2025-03-14"},
      {.from = "", .command = "schedule", .expect = "open", .body = schedule(), .on = opens},
      {.from = "", .command = "schedule", .expect = "open", .body = schedule(), .on = due},
      {.from = "", .command = "schedule", .expect = "overdue", .body = schedule("2024-03-15", 1, true), .on = missed},
      {.from = "", .command = "schedule", .expect = "forbidden", .body = schedule(), .as = {Role::nam}},
      {.from = "scheduled", .command = "open_window", .expect = "open", .data = scheduled().data(), .on = opens},
      {.from = "scheduled", .command = "open_window", .expect = "guard", .data = scheduled().data(), .on = "2025-03-14", .says = "not opened yet"},
      {.from = "scheduled", .command = "remind", .expect = "scheduled", .data = scheduled().data(), .body = {{"kind", "reminder:-60"}}, .on = coming_up},
      {.from = "open", .command = "remind", .expect = "open", .data = open, .body = remind, .on = "2025-04-01"},
      {.from = "drafting", .command = "remind", .expect = "drafting", .data = full, .body = remind, .on = "2025-04-01"},
      {.from = "returned", .command = "remind", .expect = "returned", .data = back, .body = remind, .on = "2025-04-01"},
      {.from = "open", .command = "miss_due_date", .expect = "overdue", .data = open, .on = missed},
      {.from = "open", .command = "miss_due_date", .expect = "guard", .data = open, .on = due, .says = "the due day is not over"},
      {.from = "drafting", .command = "miss_due_date", .expect = "overdue", .data = full, .on = missed},
      {.from = "drafting", .command = "miss_due_date", .expect = "guard", .data = full, .on = due},
      {.from = "returned", .command = "miss_due_date", .expect = "overdue", .data = back, .on = "2025-04-15"},
      {.from = "returned", .command = "miss_due_date", .expect = "guard", .data = back, .on = "2025-04-14"},
      {.from = "overdue", .command = "escalate", .expect = "overdue", .data = late, .body = {{"step", 15}, {"notice", "second_notice"}}, .on = "2025-04-30"},
  };
}

std::vector<Row> filing_rows() {
  const json::object open = opened().data(), full = complete().data(), back = returned().data(), late = overdue().data();
  const json::object wrong_answer{{"section", "B"}, {"change", "changed"}, {"values", json::object{{"primary_contact_email", "nobody"}}}, {"form_version", 1}};
  json::object gone = full;  // a required answer taken away again
  gone["sections"].as_object()["F"].as_object()["values"].as_object().erase("risk_summary");
  const RoleSet company{Role::officer}, preparer{Role::preparer};
  return {
      {.from = "open", .command = "save", .expect = "drafting", .data = open, .body = save("B"), .as = preparer},
      {.from = "open", .command = "save", .expect = "forbidden", .data = open, .body = save("B"), .as = {Role::nam}},
      {.from = "open", .command = "save", .expect = "guard", .data = open, .body = save("B", 2), .as = company, .says = "it is on version 1, not 2"},
      {.from = "open", .command = "save", .expect = "guard", .data = open, .body = unchanged("Z"), .as = company, .says = "no section \"Z\""},
      {.from = "open", .command = "save", .expect = "guard", .data = open, .body = unchanged("A"), .as = company, .says = "answered anew each year"},
      {.from = "open", .command = "save", .expect = "guard", .data = open, .body = unchanged("F"), .as = company, .says = "\"no change\" is not possible here"},
      {.from = "open", .command = "save", .expect = "guard", .data = open, .body = wrong_answer, .as = company, .says = "the answers do not fit"},
      {.from = "drafting", .command = "save", .expect = "drafting", .data = full, .body = save("C"), .as = preparer},
      {.from = "drafting", .command = "save", .expect = "guard", .data = full, .body = save("C", 3), .as = preparer, .says = "another version"},
      {.from = "returned", .command = "save", .expect = "returned", .data = back, .body = save("F"), .as = preparer},
      {.from = "returned", .command = "save", .expect = "guard", .data = back, .body = save("B"), .as = preparer, .says = "section B was not returned"},
      {.from = "overdue", .command = "save", .expect = "overdue", .data = late, .body = save("B"), .as = preparer, .on = missed},
      {.from = "overdue", .command = "save", .expect = "guard", .data = late, .body = unchanged("A"), .as = preparer, .on = missed},
      {.from = "submitted", .command = "save", .expect = "wrong_state", .data = submitted().data(), .body = save("B"), .as = preparer},
      {.from = "open", .command = "carry_over_form", .expect = "drafting", .data = open, .body = {{"form_version", 2}}, .as = preparer, .forms = &forms_with_version_2()},
      {.from = "open", .command = "carry_over_form", .expect = "guard", .data = open, .body = {{"form_version", 2}}, .as = preparer, .says = "the newest is 1"},
      {.from = "drafting", .command = "carry_over_form", .expect = "drafting", .data = full, .body = {{"form_version", 2}}, .as = company, .forms = &forms_with_version_2()},
      {.from = "drafting", .command = "carry_over_form", .expect = "guard", .data = full, .body = {{"form_version", 1}}, .as = company},
      {.from = "overdue", .command = "carry_over_form", .expect = "overdue", .data = late, .body = {{"form_version", 2}}, .as = company, .forms = &forms_with_version_2()},
      {.from = "overdue", .command = "carry_over_form", .expect = "guard", .data = overdue_after_return().data(), .body = {{"form_version", 2}}, .as = company, .says = "sent with \"resubmit\"", .forms = &forms_with_version_2()},
      {.from = "open", .command = "submit", .expect = "guard", .data = open, .body = signature, .as = company, .says = "every section needs an answer"},
      {.from = "open", .command = "submit", .expect = "submitted", .data = full, .body = signature, .as = company, .on = opens},
      {.from = "drafting", .command = "submit", .expect = "submitted", .data = full, .body = {{"signature", "  dana   WHITFIELD "}}, .as = company, .on = due},
      {.from = "drafting", .command = "submit", .expect = "guard", .data = full, .body = {{"signature", "Lee Park"}}, .as = company, .says = "type your full name"},
      {.from = "drafting", .command = "submit", .expect = "guard", .data = gone, .body = signature, .as = company, .says = "required answers are missing"},
      {.from = "drafting", .command = "submit", .expect = "forbidden", .data = full, .body = signature, .as = preparer, .says = "Only a company officer"},
      {.from = "overdue", .command = "submit", .expect = "submitted", .data = late, .body = signature, .as = company, .on = "2025-05-02"},
      {.from = "overdue", .command = "submit", .expect = "guard", .data = overdue_after_return().data(), .body = signature, .as = company, .says = "sent with \"resubmit\""},
      {.from = "returned", .command = "resubmit", .expect = "submitted", .data = answered().data(), .body = signature, .as = company, .on = "2025-04-01"},
      {.from = "returned", .command = "resubmit", .expect = "guard", .data = back, .body = signature, .as = company, .says = "F, Risk assessment"},
      {.from = "returned", .command = "resubmit", .expect = "guard", .data = answered().data(), .body = {{"signature", "Dana"}}, .as = company, .says = "your own name"},
      {.from = "returned", .command = "resubmit", .expect = "guard", .data = [] {
         json::object data = answered().data();
         data["sections"].as_object()["F"].as_object()["values"].as_object().erase("risk_summary");
         return data;
       }(), .body = signature, .as = company, .says = "required answers are missing"},
      {.from = "overdue", .command = "resubmit", .expect = "submitted", .data = overdue_after_return().data(), .body = signature, .as = company, .on = "2025-04-20"},
      {.from = "overdue", .command = "resubmit", .expect = "guard", .data = late, .body = signature, .as = company, .on = missed, .says = "nothing was returned"},
  };
}

std::vector<Row> review_rows() {
  const json::object filed = submitted().data(), review = under_review().data(), yes = accept_waits().data(), no = reject_waits().data();
  const RoleSet nam{Role::nam}, supervisor{Role::supervisor};
  json::object unchecked = acceptance(), skipped = acceptance(), unrated = acceptance(), extreme = acceptance("extreme");
  const std::string item = shipped_rules().texts("anl.review_checklist").front(), factor = shipped_rules().texts("risk.factors").back();
  unchecked["checklist"].as_object()[item] = json::object{{"confirmed", false}};
  skipped["checklist"].as_object()[item] = json::object{{"confirmed", false}, {"reason", "The officer signed on paper."}};
  unrated["risks"].as_object().erase(factor);
  const auto by = [](std::string_view on) {
    json::object body = question();
    body.emplace("due_on", on);
    return body;
  };
  return {
      {.from = "submitted", .command = "take", .expect = "under_review", .data = filed, .as = nam},
      {.from = "submitted", .command = "take", .expect = "forbidden", .data = filed, .as = supervisor},
      {.from = "under_review", .command = "return_for_changes", .expect = "returned", .data = review, .body = question(), .as = nam, .on = "2025-04-01"},
      {.from = "under_review", .command = "return_for_changes", .expect = "returned", .data = review, .body = by("2025-04-22"), .as = nam, .on = "2025-04-01"},
      {.from = "under_review", .command = "return_for_changes", .expect = "guard", .data = review, .body = by("2025-04-01"), .as = nam, .on = "2025-04-01", .says = "not in the future"},
      {.from = "under_review", .command = "return_for_changes", .expect = "guard", .data = review, .body = by("2025-04-20"), .as = nam, .on = "2025-04-01", .says = "no business day: Sunday"},
      {.from = "under_review", .command = "return_for_changes", .expect = "guard", .data = review, .body = by("2025-07-31"), .as = nam, .on = "2025-04-01", .says = "more than 120 days away"},
      {.from = "under_review", .command = "return_for_changes", .expect = "guard", .data = review, .body = question("Z"), .as = nam, .says = "no section \"Z\""},
      {.from = "under_review", .command = "return_for_changes", .expect = "guard", .data = review, .body = {{"questions", json::array{}}}, .as = nam, .says = "a return needs questions"},
      {.from = "under_review", .command = "accept", .expect = "accepted", .data = review, .body = acceptance("medium"), .as = nam},
      {.from = "under_review", .command = "accept", .expect = "accepted", .data = review, .body = skipped, .as = nam},
      {.from = "under_review", .command = "accept", .expect = "countersign_pending", .data = review, .body = acceptance("high"), .as = nam},
      {.from = "under_review", .command = "accept", .expect = "guard", .data = review, .body = unchecked, .as = nam, .says = item},
      {.from = "under_review", .command = "accept", .expect = "guard", .data = review, .body = unrated, .as = nam, .says = factor},
      {.from = "under_review", .command = "accept", .expect = "guard", .data = review, .body = extreme, .as = nam, .says = "\"extreme\" is no level"},
      {.from = "under_review", .command = "reject", .expect = "countersign_pending", .data = review, .body = {{"findings", json::array{"No self-testing."}}}, .as = nam},
      {.from = "under_review", .command = "reject", .expect = "guard", .data = review, .body = {{"findings", json::array{}}}, .as = nam, .says = "a rejection needs findings"},
      {.from = "countersign_pending", .command = "countersign", .expect = "accepted", .data = yes, .as = supervisor},
      {.from = "countersign_pending", .command = "countersign", .expect = "rejected", .data = no, .as = supervisor},
      {.from = "countersign_pending", .command = "countersign", .expect = "guard", .data = yes, .as = supervisor, .says = "cannot countersign", .person = "P-nam"},
      {.from = "countersign_pending", .command = "countersign", .expect = "forbidden", .data = yes, .as = nam},
      {.from = "countersign_pending", .command = "send_back", .expect = "under_review", .data = yes, .body = because, .as = supervisor},
      {.from = "countersign_pending", .command = "send_back", .expect = "invalid", .data = yes, .body = {}, .as = supervisor, .says = "reason is needed"},
  };
}

std::vector<Row> extension_rows() {
  std::vector<Row> rows;
  const RoleSet nam{Role::nam}, supervisor{Role::supervisor}, officer{Role::officer};
  const json::object grant_60{{"days", 60}, {"reason", "A new system."}};
  for (const Story& story : {opened(), complete(), returned(), overdue()}) {
    const std::string from = story.state(), on = to_text(story.today());
    const json::object data = story.data(), small = with_request(story, 30).data(), large = with_request(story, 60).data();
    const std::string after = from == "overdue" ? "drafting" : from;
    rows.push_back({.from = from, .command = "request_extension", .expect = from, .data = data, .body = asked(120), .as = officer, .on = on});
    rows.push_back({.from = from, .command = "request_extension", .expect = "guard", .data = data, .body = asked(45), .as = officer, .on = on, .says = "possible are 30, 60, 90, 120"});
    rows.push_back({.from = from, .command = "request_extension", .expect = "guard", .data = small, .body = asked(30), .as = officer, .on = on, .says = "waits for its decision"});
    rows.push_back({.from = from, .command = "grant_extension", .expect = after, .data = small, .body = because, .as = nam, .on = on});
    rows.push_back({.from = from, .command = "grant_extension", .expect = after, .data = large, .body = because, .as = supervisor, .on = on});
    rows.push_back({.from = from, .command = "grant_extension", .expect = "guard", .data = large, .body = because, .as = nam, .on = on, .says = "for a supervisor to decide"});
    rows.push_back({.from = from, .command = "grant_extension", .expect = "guard", .data = small, .body = grant_60, .as = nam, .on = on, .says = "for a supervisor to decide"});
    rows.push_back({.from = from, .command = "grant_extension", .expect = "guard", .data = data, .body = because, .as = nam, .on = on, .says = "no extension is asked for"});
    rows.push_back({.from = from, .command = "grant_extension", .expect = "guard", .data = small, .body = {{"days", 31}, {"reason", "A month."}}, .as = supervisor, .on = on, .says = "31 days cannot be had"});
    rows.push_back({.from = from, .command = "grant_extension", .expect = "guard", .data = small, .body = because, .as = nam, .on = "2025-06-20", .says = "it would end on May"});
    rows.push_back({.from = from, .command = "deny_extension", .expect = from, .data = small, .body = because, .as = nam, .on = on});
    rows.push_back({.from = from, .command = "deny_extension", .expect = "guard", .data = large, .body = because, .as = nam, .on = on, .says = "for a supervisor to decide"});
    rows.push_back({.from = from, .command = "deny_extension", .expect = "guard", .data = data, .body = because, .as = nam, .on = on, .says = "no extension is asked for"});
  }
  const json::object asked_late = with_request(overdue_after_return(), 30).data();
  rows.push_back({.from = "overdue", .command = "grant_extension", .expect = "returned", .data = asked_late, .body = because, .as = nam, .on = "2025-04-20"});
  return rows;
}

std::vector<Row> membership_rows() {
  std::vector<Row> rows;
  const json::object again{{"reason", "The rules have changed."}};
  for (const auto& [state, data] : every_open_state()) {
    const std::string on = state == "overdue" ? missed : opens;
    rows.push_back({.from = state, .command = "end_membership", .expect = "closed", .data = data, .body = because, .on = on});
    rows.push_back({.from = state, .command = "settled_elsewhere", .expect = "closed", .data = data, .body = {{"settled_cycle", 1}, {"on", "2025-03-20"}}, .on = on});
    rows.push_back({.from = state, .command = "settled_elsewhere", .expect = state, .data = data, .body = {{"settled_cycle", 0}, {"on", "2025-03-20"}}, .on = on});
    rows.push_back({.from = state, .command = "recount", .expect = state, .data = data, .body = again, .on = on});
  }
  const json::object corrected{{"acceptance_date", "2024-04-15"}, {"reason", "The roster has another acceptance date."}};
  rows.push_back({.from = "overdue", .command = "recount", .expect = "drafting", .data = overdue().data(), .body = corrected, .on = missed});
  // The return's day fell on a day that was closed, as is recorded only now.
  static const Calendar closed(shipped_calendar().zone(), {}, {{day("2025-04-14"), "storm"}});
  rows.push_back({.from = "overdue", .command = "recount", .expect = "returned", .data = overdue_after_return().data(), .body = again, .on = "2025-04-15", .calendar = &closed});
  return rows;
}

// clang-format on
}  // namespace

TEST_CASE("annual notification: every transition is taken, and every guard turns somebody away") {
  std::vector<Row> rows;
  for (auto part : {calendar_rows(), filing_rows(), review_rows(), extension_rows(), membership_rows()})
    for (Row& row : part) rows.push_back(std::move(row));
  check_every_transition(workflow(), rows);
}

TEST_CASE("annual notification: stored names do not change") {
  std::vector<std::string> states, commands;
  for (const StateInfo& state : workflow().states) states.push_back(state.name);
  for (const CommandInfo& command : workflow().commands) commands.push_back(command.name);
  std::ranges::sort(states);
  std::ranges::sort(commands);
  CHECK(states == std::vector<std::string>{"", "accepted", "closed", "countersign_pending", "drafting", "open", "overdue", "rejected",
                                           "returned", "scheduled", "submitted", "under_review"});
  CHECK(commands == std::vector<std::string>{"accept",   "carry_over_form", "countersign",       "deny_extension",    "end_membership",
                                             "escalate", "grant_extension", "miss_due_date",     "open_window",       "recount",
                                             "reject",   "remind",          "request_extension", "resubmit",          "return_for_changes",
                                             "save",     "schedule",        "send_back",         "settled_elsewhere", "submit",
                                             "take"});
}

TEST_CASE("a year filed in time: notices before, a receipt, an acceptance that names the next due day") {
  Story story = scheduled();
  CHECK(story.standing() == std::vector<std::string>{"due", "ladder:+1", "ladder:+15", "ladder:+30", "ladder:+60", "reminder:-1",
                                                     "reminder:-14", "reminder:-60", "reminder:-7", "reminder:0", "window_opens"});
  story.go_to("2025-04-09");
  CHECK(story.letters == std::vector<std::string>{"2025-02-14 anl_coming_up", "2025-03-15 anl_window_open", "2025-04-01 anl_reminder",
                                                  "2025-04-08 anl_reminder"});
  for (const Section& section : form().sections) say(story, "save", save(section.id), {Role::preparer});
  say(story, "submit", signature);
  CHECK(story.standing() == std::vector<std::string>{"window_opens"});
  CHECK(story.timers().empty());
  CHECK(story.data().at("filed_in_time").as_bool());

  story.go_to("2025-06-20");  // nothing is overdue while it is being read
  CHECK(story.state() == "submitted");
  say(story, "take", {}, {Role::nam});
  say(story, "accept", acceptance(), {Role::nam});
  CHECK(story.state() == "accepted");
  CHECK(story.letters.size() == 6);
  CHECK(story.letters.back() == "2025-06-20 anl_acceptance");

  const auto facts = effects_of<RecordFacts>(story.sent);
  REQUIRE(facts.size() == 1);
  CHECK(facts.front().facts.size() == last_years_facts().size());
  CHECK(facts.front().facts.front().source == "annual notification, cycle 1");
  CHECK(to_text(facts.front().facts.front().as_of) == "2025-04-09");
  const auto told = effects_of<SendToOpen>(story.sent);
  REQUIRE(told.size() == 1);
  CHECK(told.front().workflow == "membership");
  CHECK(json::serialize(told.front().body) == R"({"cycle":1,"outcome":"accepted","on":"2025-06-20"})");
}

TEST_CASE("the letters say what their fields promise") {
  const Step done = taken(workflow(), {.from = "under_review",
                                       .command = "accept",
                                       .expect = "accepted",
                                       .data = under_review().data(),
                                       .body = acceptance(),
                                       .as = {Role::nam},
                                       .on = "2025-04-20"});
  const auto letter = letter_in(done.effects, "anl_acceptance");
  REQUIRE(letter);
  CHECK(letter->fields.at("next_window_on").as_string() == "March 15, 2026");
  CHECK(letter->fields.at("next_due_on").as_string() == "April 15, 2026");
  CHECK(letter->fields.at("next_due_why").as_array().size() == 3);

  const Step late =
      taken(workflow(), {.from = "open", .command = "miss_due_date", .expect = "overdue", .data = opened().data(), .on = missed});
  const auto notice = letter_in(late.effects, "anl_overdue");
  REQUIRE(notice);
  CHECK(notice->fields.at("next_step_on").as_string() == "April 30, 2025");
  CHECK(notice->to == std::vector{Audience::company, Audience::nam});
}

TEST_CASE("a missed due day climbs the ladder: notices, the supervisor's task, the formal notice, the proposal") {
  Story story = complete();
  story.go_to(due);
  CHECK(story.state() == "drafting");
  story.letters.clear();
  story.go_to(missed);
  CHECK(story.state() == "overdue");
  CHECK(story.letters == std::vector<std::string>{"2025-04-16 anl_overdue"});
  CHECK(story.tasks() == std::set<std::string>{"file_overdue"});
  story.go_to("2025-04-30");
  CHECK(story.tasks() == std::set<std::string>{"file_overdue", "overdue_supervision"});
  story.go_to("2025-06-13");
  CHECK(effects_of<SendToOpen>(story.sent).empty());
  story.go_to("2025-06-14");
  CHECK(story.letters ==
        std::vector<std::string>{"2025-04-16 anl_overdue", "2025-04-30 anl_second_notice", "2025-05-15 anl_formal_notice"});
  const auto told = effects_of<SendToOpen>(story.sent);
  REQUIRE(told.size() == 1);
  CHECK(told.front().command == "propose_suspension");
  CHECK(told.front().body.at("reason_code").as_string() == "overdue_notification");
  CHECK(told.front().body.at("case_ref").as_string() == "TC-2026-000001");
  CHECK(story.state() == "overdue");

  say(story, "submit", signature);
  CHECK(story.tasks() == std::set<std::string>{"take"});
  CHECK_FALSE(story.data().at("filed_in_time").as_bool());
}

TEST_CASE("an extension moves the due day once more and its reminders with it; what was sent is not sent again") {
  Story story = with_request(complete(), 60);
  CHECK(story.tasks() == std::set<std::string>{"extension", "file"});
  story.go_to("2025-04-10");  // -14 and -7 are sent
  story.letters.clear();
  say(story, "grant_extension", because, {Role::supervisor});
  CHECK(story.due("due") == day("2025-06-16"));  // June 14 is a Saturday
  CHECK(story.due("reminder:-7") == day("2025-06-09"));
  CHECK(story.due("ladder:+15") == day("2025-07-01"));
  CHECK(story.ledger("due").size() == 2);
  CHECK(story.tasks() == std::set<std::string>{"file"});
  story.go_to("2025-06-17");
  CHECK(story.letters == std::vector<std::string>{"2025-04-10 anl_extension_granted", "2025-06-15 anl_reminder", "2025-06-16 anl_reminder",
                                                  "2025-06-17 anl_overdue"});
}

TEST_CASE("an extension granted while overdue takes the case back, and the ladder starts anew") {
  Story story = overdue();
  story.go_to("2025-05-01");  // second notice sent, supervisor's task open
  story = with_request(std::move(story), 30);
  say(story, "grant_extension", because, {Role::nam});
  CHECK(story.state() == "drafting");
  CHECK(story.tasks() == std::set<std::string>{"file"});
  CHECK(story.due("due") == day("2025-05-15"));
  story.letters.clear();
  story.go_to("2025-05-30");
  CHECK(story.letters == std::vector<std::string>{"2025-05-16 anl_overdue", "2025-05-30 anl_second_notice"});
}

TEST_CASE("a denied extension changes no date, and another may be asked for") {
  Story story = with_request(complete(), 30);
  say(story, "deny_extension", because, {Role::nam});
  CHECK(story.ledger("due").size() == 1);
  CHECK(story.letters.back() == "2025-03-15 anl_extension_denied");
  say(story, "request_extension", asked(30));
  say(story, "submit", signature);  // a request is dropped with the filing
  CHECK(story.tasks() == std::set<std::string>{"take"});
}

TEST_CASE("a return has a due day of its own, its reminders, and its ladder") {
  Story story = under_review();
  story.go_to("2025-04-10");
  story.letters.clear();
  say(story, "return_for_changes", question(), {Role::nam});
  CHECK(story.due("due") == day("2025-05-12"));  // May 10 is a Saturday
  CHECK(story.ledger("due").back().rule == "anl.return");
  story.go_to("2025-05-12");
  CHECK(story.letters == std::vector<std::string>{"2025-04-10 anl_return", "2025-04-28 anl_reminder", "2025-05-05 anl_reminder",
                                                  "2025-05-11 anl_reminder", "2025-05-12 anl_reminder"});
  story.go_to("2025-05-27");
  CHECK(story.state() == "overdue");
  CHECK(story.letters.back() == "2025-05-27 anl_second_notice");
  CHECK_FALSE(story.send("submit", signature, {Role::officer}));
  json::object reply = save("F");
  reply.emplace("reply", "Those in the two new countries.");
  say(story, "save", reply);
  say(story, "resubmit", signature);
  CHECK(story.state() == "submitted");
  CHECK(story.data().at("filed_in_time").as_bool());  // the filing itself was in time
  CHECK(story.data().at("sections").at("F").at("reply").as_string() == "Those in the two new countries.");
}

TEST_CASE("a new letter starts from what is on file, and \"no change\" is one act a section") {
  Story story = scheduled();
  story.facts = last_years_facts();
  story.go_to(opens);
  say(story, "save", save("A"));
  for (const Section& section : form().sections)
    if (section.no_change_allowed && section.id != last_section()) say(story, "save", unchanged(section.id));
  CHECK_FALSE(story.send("submit", signature, {Role::officer}));
  CHECK_THAT(story.last_refusal->sentence, Catch::Contains("K, Attachments"));
  say(story, "save", save("K"));
  const json::value& sections = story.data().at("sections");
  CHECK(sections.at("F").at("status").as_string() == "no_change");
  CHECK(sections.at("F").at("values") == sections.at("F").at("previous"));
  say(story, "submit", signature);
  CHECK(story.letters.back() == "2025-03-15 anl_receipt");
}

TEST_CASE("a saved value replaces one answer, and null takes it away") {
  Story story = complete();
  const auto save_values = [&](json::object values) {
    say(story, "save", {{"section", "B"}, {"change", "changed"}, {"values", std::move(values)}, {"form_version", 1}}, {Role::preparer});
  };
  save_values({{"primary_contact_phone", "202 555 0142"}});
  const auto values = [&] { return story.data().at("sections").at("B").at("values").as_object(); };
  CHECK(values().at("primary_contact_phone").as_string() == "202 555 0142");
  CHECK(values().contains("primary_contact_name"));
  save_values({{"primary_contact_phone", nullptr}});
  CHECK_FALSE(values().contains("primary_contact_phone"));
}

TEST_CASE("a draft stays on its form until somebody carries it over; then only what is new is asked") {
  Story story = scheduled();
  story.go_to(opens);
  for (const Section& section : form().sections) say(story, "save", save(section.id));
  story.forms = &forms_with_version_2();
  CHECK(story.data().at("form_version").as_int64() == 1);
  say(story, "carry_over_form", {{"form_version", 2}}, {Role::preparer});
  CHECK(story.data().at("form_version").as_int64() == 2);
  CHECK(story.data().at("sections").at("J").at("status").as_string() == "unanswered");
  CHECK(story.data().at("sections").at("F").at("status").as_string() == "changed");
  CHECK_FALSE(story.send("submit", signature, {Role::officer}));
  CHECK_THAT(story.last_refusal->sentence, Catch::Contains("J, Training"));
}

TEST_CASE("a member carried over stands where the calendar puts it, and gets no notice of the past") {
  struct Sample {
    std::string today, state;
    std::vector<std::string> letters;  // of that day
    std::set<std::string> timers, tasks;
  };
  const std::vector<Sample> samples{
      {"2025-01-10",
       "scheduled",
       {},
       {"due", "reminder:-1", "reminder:-14", "reminder:-60", "reminder:-7", "reminder:0", "window_opens"},
       {}},
      {"2025-02-14",
       "scheduled",
       {"anl_coming_up"},
       {"due", "reminder:-1", "reminder:-14", "reminder:-7", "reminder:0", "window_opens"},
       {}},
      {"2025-02-15", "scheduled", {}, {"due", "reminder:-1", "reminder:-14", "reminder:-7", "reminder:0", "window_opens"}, {}},
      {"2025-03-15", "open", {"anl_window_open"}, {"due", "reminder:-1", "reminder:-14", "reminder:-7", "reminder:0"}, {"file"}},
      {"2025-04-03", "open", {"anl_window_open"}, {"due", "reminder:-1", "reminder:-7", "reminder:0"}, {"file"}},
      {"2025-04-15", "open", {"anl_window_open", "anl_reminder"}, {"due"}, {"file"}},
      {"2025-04-16", "overdue", {"anl_overdue"}, {"ladder:+15", "ladder:+30", "ladder:+60"}, {"carried_over", "file_overdue"}},
      {"2025-04-17", "overdue", {}, {"ladder:+15", "ladder:+30", "ladder:+60"}, {"carried_over", "file_overdue"}},
      {"2025-04-30",
       "overdue",
       {"anl_second_notice"},
       {"ladder:+30", "ladder:+60"},
       {"carried_over", "file_overdue", "overdue_supervision"}},
      {"2025-05-01", "overdue", {}, {"ladder:+30", "ladder:+60"}, {"carried_over", "file_overdue"}},
      {"2025-06-14", "overdue", {}, {}, {"carried_over", "file_overdue"}},  // the proposal goes to the membership
      {"2025-06-15", "overdue", {}, {}, {"carried_over", "file_overdue"}},
  };
  for (const Sample& sample : samples) {
    INFO("carried over on " << sample.today);
    Story story(workflow(), sample.today);
    say(story, "schedule", schedule("2024-03-15", 1, true), {Role::timer});
    story.go_to(sample.today);
    CHECK(story.state() == sample.state);
    std::vector<std::string> letters;
    for (const std::string& letter : story.letters) letters.push_back(letter.substr(11));
    CHECK(letters == sample.letters);
    std::set<std::string> timers;
    for (const auto& [name, timer] : story.timers()) timers.insert(name);
    CHECK(timers == sample.timers);
    CHECK(story.tasks() == sample.tasks);
    CHECK(story.standing().size() == 11);
    CHECK(effects_of<SendToOpen>(story.sent).size() == (sample.today == "2025-06-14" ? 1 : 0));
  }
}

TEST_CASE("counting again adds entries only for the days that differ") {
  Story story = opened();
  say(story, "recount", {{"reason", "The rules have changed."}}, {Role::timer});
  CHECK(story.ledger("due").size() == 1);
  CHECK(story.ledger("reminder:-14").size() == 1);

  const Calendar closed(shipped_calendar().zone(), {}, {{day("2025-04-15"), "storm"}});
  story.calendar = &closed;
  say(story, "recount", {{"reason", "A closure was recorded."}}, {Role::timer});
  CHECK(story.due("due") == day("2025-04-16"));
  CHECK(story.due("ladder:+15") == day("2025-05-01"));
  CHECK(story.ledger("window_opens").size() == 1);
  story.go_to("2025-04-16");
  CHECK(story.state() == "open");
  story.go_to("2025-04-17");
  CHECK(story.state() == "overdue");
}

TEST_CASE("reminders of days gone by are not made up for, whatever has set the due day") {
  const auto timers_of = [](const Story& story) {
    std::set<std::string> names;
    for (const auto& [name, timer] : story.timers()) names.insert(name);
    return names;
  };
  const std::set<std::string> last_two{"due", "reminder:-1", "reminder:0"};
  json::object soon = question();
  soon.emplace("due_on", "2025-03-20");
  Story back = under_review();
  say(back, "return_for_changes", soon, {Role::nam});
  CHECK(timers_of(back) == last_two);

  Story corrected = opened();
  say(corrected, "recount", {{"acceptance_date", "2024-02-20"}, {"reason", "The roster has another acceptance date."}}, {Role::timer});
  CHECK(corrected.due("due") == day("2025-03-20"));
  CHECK(timers_of(corrected) == last_two);
}

TEST_CASE("an acceptance date corrected backwards makes the case overdue without notices of the past") {
  Story story = opened();
  story.letters.clear();
  say(story, "recount", {{"acceptance_date", "2024-01-15"}, {"reason", "The roster has another acceptance date."}}, {Role::timer});
  CHECK(story.due("window_opens") == day("2025-01-15"));
  CHECK(story.due("due") == day("2025-02-18"));  // the 15th is a Saturday, the 17th Washington's Birthday
  story.go_to(opens);
  CHECK(story.state() == "overdue");
  CHECK(story.letters.empty());
  CHECK(story.tasks() == std::set<std::string>{"carried_over", "file_overdue"});
  story.go_to("2025-03-20");
  CHECK(story.letters == std::vector<std::string>{"2025-03-20 anl_formal_notice"});
}

TEST_CASE("a case that nobody heard of closes without a letter") {
  for (const auto& [state, data] : every_open_state()) {
    const Step done =
        taken(workflow(), {.from = state, .command = "end_membership", .expect = "closed", .data = data, .body = because, .on = opens});
    CHECK(letters_in(done.effects) == (state == "scheduled" ? std::vector<std::string>{} : std::vector<std::string>{"anl_closed"}));
  }
  const Step unheard = taken(
      workflow(),
      {.from = "overdue",
       .command = "end_membership",
       .expect = "closed",
       .data = taken(workflow(),
                     {.from = "", .command = "schedule", .expect = "overdue", .body = schedule("2024-03-15", 1, true), .on = "2025-04-20"})
                   .data,
       .body = because,
       .on = "2025-04-21"});
  CHECK(letters_in(unheard.effects).empty());
}

// ---- laws -------------------------------------------------------------------------------------------------------------

namespace {

// One thing that somebody might do, lawful or not: most are refused, and that is an answer.
void act_at_random(Story& story) {
  const Role role = *rc::gen::element(Role::officer, Role::nam, Role::supervisor);
  switch (*rc::gen::inRange(0, 12)) {
    case 0:
      story.send("save", save(*rc::gen::element(std::string("B"), std::string("F"))), {Role::officer});
      break;
    case 1:
      for (const Section& section : form().sections) story.send("save", save(section.id), {Role::officer});
      break;
    case 2:
      story.send("submit", signature, {Role::officer});
      break;
    case 3:
      story.send("resubmit", signature, {Role::officer});
      break;
    case 4:
      story.send("take", {}, {Role::nam});
      break;
    case 5:
      story.send("return_for_changes", question(), {Role::nam});
      break;
    case 6:
      story.send("request_extension", asked(*rc::gen::element(30, 60, 90, 120)), {Role::officer});
      break;
    case 7:
      story.send("grant_extension", because, {role});
      break;
    case 8:
      story.send("deny_extension", because, {role});
      break;
    case 9:
      story.send("reject", {{"findings", json::array{"None."}}}, {Role::nam});
      break;
    case 10:
      story.send("send_back", because, {Role::supervisor});
      break;
    default:
      story.go_to(to_text(story.today() + days{*rc::gen::inRange(1, 25)}));
  }
}

bool awaits_company(const std::string& state) {
  return state == "scheduled" || state == "open" || state == "drafting" || state == "returned" || state == "overdue";
}

}  // namespace

TEST_CASE("laws of a year, whatever people do") {
  rc::prop("due days never move without an entry, and every day follows the due day in force", [] {
    const Date acceptance = day("2023-01-01") + days{*rc::gen::inRange(0, 1000)};
    const Date start = add_months(acceptance, 12) + days{*rc::gen::inRange(-40, 100)};
    Story story(workflow(), to_text(start));
    story.send("schedule", schedule(to_text(acceptance)));
    const int acts = *rc::gen::inRange(1, 25);
    for (int i = 0; i < acts; ++i) {
      const auto before = story.ledger("due");
      const auto due_before = story.due("due");
      act_at_random(story);
      const auto after = story.ledger("due");
      RC_ASSERT(after.size() >= before.size());
      RC_ASSERT(std::equal(before.begin(), before.end(), after.begin()));
      if (due_before && story.due("due") && *due_before != *story.due("due")) RC_ASSERT(after.size() > before.size());
      RC_ASSERT(awaits_company(story.state()) == story.due("due").has_value());
      for (const Derivation& entry : after) RC_ASSERT(recompute(entry.rule, entry.inputs) == entry.due_on);
      if (const auto due_on = story.due("due")) {
        RC_ASSERT(to_text(*due_on) == story.data().at("due_on").as_string());
        RC_ASSERT(shipped_calendar().is_business_day(*due_on));
        for (const int offset : {-60, -14, -7, -1, 0}) RC_ASSERT(story.due(anl::reminder_name(offset)) == *due_on + days{offset});
        Date last = *due_on;
        for (const anl::LadderStep& step : anl::ladder(shipped_rules())) {
          RC_ASSERT(*story.due(anl::ladder_name(step.day)) > last);
          last = *story.due(anl::ladder_name(step.day));
        }
        if (story.state() != "overdue") RC_ASSERT(story.today() <= *due_on);
        if (story.state() == "overdue") RC_ASSERT(story.today() > *due_on);
      }
    }
  });
  rc::prop("next year's due day does not depend on this year's filing and extensions", [] {
    Story story = opened();
    const int acts = *rc::gen::inRange(1, 20);
    for (int i = 0; i < acts; ++i) act_at_random(story);
    Story next(workflow(), "2026-02-14", 2);
    next.send("schedule", schedule("2024-03-15", 2));
    RC_ASSERT(next.due("due") == day("2026-04-15"));
    RC_ASSERT(story.data().at("acceptance_date").as_string() == "2024-03-15");
  });
  rc::prop("the notices of a ladder come in order, each once until the due day moves", [] {
    Story story = opened();
    story.go_to(to_text(day(due) + days{*rc::gen::inRange(1, 90)}));
    std::vector<std::string> notices;
    for (const std::string& letter : story.letters)
      if (const std::string name = letter.substr(11); name == "anl_overdue" || name.ends_with("_notice")) notices.push_back(name);
    const std::vector<std::string> all{"anl_overdue", "anl_second_notice", "anl_formal_notice"};
    RC_ASSERT(notices.size() <= all.size());
    RC_ASSERT(std::equal(notices.begin(), notices.end(), all.begin()));
  });
}
