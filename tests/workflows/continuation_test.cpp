// The continuation review: its table, its days, its preparation pack and the plan that may follow.
#include <catch2/catch.hpp>

#include "tests/workflows/rows.hpp"
#include "workflows/continuation/continuation.hpp"

using namespace tradecase;
using namespace tradecase::testing;

namespace {

constexpr RoleSet officer{Role::officer}, preparer{Role::preparer}, nam{Role::nam}, compliance{Role::compliance};

const Workflow& workflow() {
  static const Workflow one = continuation();
  return one;
}

json::array list(std::initializer_list<json::value> items) { return json::array(items.begin(), items.end()); }

// Accepted on Wednesday, 2024-01-31: the first review opens 48 months later, on Monday, 2028-01-31.
const json::object first_review{{"acceptance_date", "2024-01-31"}, {"number", 1}};

json::object checklist() {
  json::object all;
  for (const std::string& step : shipped_rules().texts("continuation.review_checklist")) all[step] = json::object{{"confirmed", true}};
  return all;
}
json::object recommendation(const char* what = "continued") {
  return {{"recommendation", what}, {"findings", list({"The controls work."})}, {"checklist", checklist()}};
}
json::object decision(const char* outcome) { return {{"outcome", outcome}, {"reasons", list({"The controls work."})}}; }
json::object with_code(json::object body, const char* code = "noncompliance") {
  body["reason_code"] = code;
  return body;
}
json::object on_a_plan() {
  json::object body = decision("plan");
  body["actions"] =
      list({json::object{{"action", "Renew the manual"}, {"due_on", "2028-05-06"}}, json::object{{"action", "Train the new broker"}}});
  return body;
}
const json::object asked{{"items", list({"The manual in use", "The training log"})}};
const json::object provided{{"answers", list({"Version 6, attached", "Attached"})}, {"signature", officer_name}};
const json::object given_up{{"reason", "The company does not answer."}};

std::vector<Fact> on_file() {
  const auto fact = [](const char* key, json::value value) {
    return Fact{key, std::move(value), day("2027-03-10"), "annual notification, cycle 3", "C", "TC-2027-000007", "P-officer"};
  };
  return {fact("org.structure", "Compliance reports to the general counsel."), fact("controls.procedures", "As in the manual"),
          fact("risk.assessment.last_date", "2027-01-10")};
}

json::value an_answer(const Question& question) {
  switch (question.type) {
    case Question::Type::yes_no:
      return "yes";
    case Question::Type::date:
      return "2027-12-10";
    case Question::Type::list:
      return list({"Dana Whitfield, Director"});
    default:
      return "As in our manual";
  }
}

// What is required and not on file.
json::object pack_answers() {
  const auto known = on_file();
  json::object answers;
  for (const Section& section : shipped_forms().get("continuation_pack", 1).sections) {
    json::object values;
    for (const Question& question : section.questions)
      if (question.required && std::ranges::find(known, question.key, &Fact::key) == known.end()) values[question.id] = an_answer(question);
    answers[section.id] = values;
  }
  return answers;
}

Story review_in(std::string_view state) {
  Story story(workflow(), "2027-11-01");
  story.facts = on_file();
  const auto act = [&](const char* command, const json::object& body, RoleSet as) {
    if (story.state() == state) return;
    if (!story.send(command, body, as)) FAIL(command << ": " << story.last_refusal->sentence);
  };
  act("schedule", first_review, {Role::timer});
  if (story.state() == state) return story;
  story.go_to("2028-01-31");
  if (state == "information_requested") act("request_information", asked, nam);
  act("recommend", recommendation(), nam);
  act("decide", on_a_plan(), compliance);
  return story;
}
json::object data_in(std::string_view state) { return review_in(state).data(); }

const json::object some_questions{{"sections", list({"controls"})}, {"questions", list({"organization", "risk_last_date"})}};
const json::object unreasoned_again{{"ask_again", list({json::object{{"question", "organization"}}})}};

json::object pack_answered() {
  Story story = review_in("in_review");
  REQUIRE(story.send("answer_pack", {{"answers", pack_answers()}, {"signature", officer_name}}, officer));
  return story.data();
}

json::object all_shown() {
  return {{"evidence", list({json::object{{"action", 1}, {"evidence", "Version 7"}}, json::object{{"action", 2}, {"evidence", "Log"}}})}};
}

std::vector<Row> rows_while_preparing(const std::string& state) {
  const json::object data = data_in(state);
  const json::object signed_pack{{"answers", pack_answers()}, {"signature", officer_name}};
  json::object by_another = signed_pack, unknown{{"answers", json::object{{"weather", json::object{}}}}}, unknown_signed = unknown;
  by_another["signature"] = "Lee Park";
  unknown_signed["signature"] = officer_name;
  return {
      {state, "choose_mode", state, data, {{"mode", "virtual"}}, nam},
      Expect{state, "choose_mode", "guard", data, {{"mode", "by_post"}}, nam}.saying("\"by_post\" is not among in_person"),
      {state, "save_pack", state, data, {{"answers", pack_answers()}}, preparer},
      Expect{state, "save_pack", "guard", data, unknown, preparer}.saying("must fit the form"),
      Expect{state, "answer_pack", state, data, signed_pack, officer}.having(on_file()),
      Expect{state, "answer_pack", "guard", data, unknown_signed, officer}.saying("each answer must fit its question").having(on_file()),
      Expect{state, "answer_pack", "guard", data, {{"signature", officer_name}}, officer}
          .saying("what is not on file must be answered: participants")
          .having(on_file()),
      Expect{state, "answer_pack", "guard", data, by_another, officer}.saying("type your full name").having(on_file()),
      {state, "answer_pack", "forbidden", data, signed_pack, preparer},
      {state, "end_preparation", state, data},
  };
}

}  // namespace

TEST_CASE("continuation: every transition is taken and every guard turns somebody away") {
  const json::object review = data_in("in_review"), waiting = data_in("information_requested"), recommended = data_in("recommended"),
                     monitored = data_in("plan_monitoring");
  json::object unchecked = recommendation(), unfound = recommendation(), unreasoned = decision("continued"), planned_away = on_a_plan();
  unchecked["checklist"] = json::object{};
  unfound["findings"] = json::array{};
  unreasoned["reasons"] = json::array{};
  planned_away["outcome"] = "continued";
  std::vector<Row> rows{
      {"", "schedule", "scheduled", {}, first_review},
      {"", "schedule", "forbidden", {}, first_review, compliance},
      {"", "open_for_cause", "in_review", {}, {{"cause", "A penalty case"}}, compliance},
      {"", "open_for_cause", "forbidden", {}, {{"cause", "A penalty case"}}, nam},
      Expect{"scheduled", "open", "in_review", data_in("scheduled"), {}}.at("2028-01-31").having(on_file()),
      {"scheduled", "open_for_cause", "in_review", data_in("scheduled"), {{"cause", "A penalty case"}}, compliance},
      {"scheduled", "choose_mode", "scheduled", data_in("scheduled"), {{"mode", "documents"}}, nam},
      Expect{"scheduled", "choose_mode", "guard", data_in("scheduled"), {{"mode", "by_post"}}, nam}.saying("mode must be one on offer"),
      Expect{"scheduled", "choose_questions", "scheduled", data_in("scheduled"), some_questions, compliance}.having(on_file()),
      Expect{"scheduled", "choose_questions", "guard", data_in("scheduled"), unreasoned_again, nam}
          .saying("is on file as of 2027-03-10, from annual notification, cycle 3")
          .having(on_file()),
      Expect{"scheduled", "choose_questions", "guard", data_in("scheduled"), {{"sections", list({"weather"})}}, nam}.saying(
          "the form has no section \"weather\""),
      Expect{"in_review", "choose_questions", "in_review", review, some_questions, nam}.having(on_file()),
      Expect{"in_review", "choose_questions", "guard", review, unreasoned_again, nam}.saying("is on file as of").having(on_file()),
      Expect{"in_review", "choose_questions", "guard", review, {{"questions", json::array{}}}, nam}.saying("no question is chosen"),
      Expect{"in_review", "choose_questions", "guard", pack_answered(), some_questions, nam}.saying("the company has answered the pack"),
      {"in_review", "choose_questions", "forbidden", review, some_questions, officer},
      {"in_review", "request_information", "information_requested", review, asked, nam},
      Expect{"in_review", "request_information", "guard", review, {{"items", json::array{}}}, nam}.saying("at least one item"),
      Expect{"in_review", "request_information", "guard", review, {{"items", list({"x"})}, {"due_on", "2026-01-13"}}, nam}.saying(
          "still to come"),
      {"in_review", "recommend", "recommended", review, recommendation(), nam},
      Expect{"in_review", "recommend", "guard", review, unchecked, nam}.saying(
          "skipped with a reason: accepted_notifications_of_the_period_read"),
      Expect{"in_review", "recommend", "guard", review, unfound, nam}.saying("at least one finding"),
      {"in_review", "recommend", "forbidden", review, recommendation(), compliance},
      {"information_requested", "remind", "information_requested", waiting, {{"day", -7}}},
      {"information_requested", "miss_due_date", "information_requested", waiting},
      {"information_requested", "escalate", "information_requested", waiting},
      {"information_requested",
       "extend_information",
       "information_requested",
       waiting,
       {{"days", 20}, {"reason", "The archive moves."}},
       nam},
      Expect{"information_requested", "extend_information", "guard", waiting, {{"days", 0}, {"reason", "The archive moves."}}, nam}.saying(
          "1 to 366"),
      {"information_requested", "provide_information", "in_review", waiting, provided, officer},
      Expect{"information_requested",
             "provide_information",
             "guard",
             waiting,
             {{"answers", list({"Attached"})}, {"signature", officer_name}},
             officer}
          .saying("one answer, in the order asked"),
      Expect{"information_requested",
             "provide_information",
             "guard",
             waiting,
             {{"answers", list({"a", "b"})}, {"signature", "Lee Park"}},
             officer}
          .saying("type your full name"),
      Expect{"information_requested",
             "provide_information",
             "guard",
             waiting,
             {{"answers", list({"a", "b"})}, {"files", list({"no hash"})}, {"signature", officer_name}},
             officer}
          .saying("\"no hash\" is no hash of a file"),
      {"information_requested", "provide_information", "forbidden", waiting, provided, preparer},
      {"information_requested", "resume_review", "in_review", waiting, given_up, nam},
      {"recommended", "send_back", "in_review", recommended, {{"reasons", list({"Read the survey of 2027."})}}, compliance},
      Expect{"recommended", "send_back", "guard", recommended, {{"reasons", json::array{}}}, compliance}.saying("at least one reason"),
      {"recommended", "decide", "continued", recommended, decision("continued"), compliance},
      {"recommended", "decide", "plan_monitoring", recommended, on_a_plan(), compliance},
      {"recommended", "decide", "suspension_proposed", recommended, with_code(decision("suspension")), compliance},
      {"recommended", "decide", "removal_proposed", recommended, with_code(decision("removal")), compliance},
      Expect{"recommended", "decide", "guard", recommended, decision("continued"), {Role::compliance, Role::nam}}
          .saying("other than who recommended")
          .by("P-nam"),
      Expect{"recommended", "decide", "guard", recommended, unreasoned, compliance}.saying("at least one reason"),
      Expect{"recommended", "decide", "guard", recommended, planned_away, compliance}.saying("actions belong to a plan"),
      Expect{"recommended", "decide", "guard", recommended, decision("plan"), compliance}.saying("a plan needs its actions"),
      Expect{"recommended", "decide", "guard", recommended, decision("suspension"), compliance}.saying("needs a reason code"),
      Expect{"recommended", "decide", "guard", recommended, with_code(decision("removal"), "bad_weather"), compliance}.saying(
          "\"bad_weather\" is not among"),
      {"recommended", "decide", "forbidden", recommended, decision("continued"), nam},
      {"plan_monitoring", "record_action", "plan_monitoring", monitored, {{"action", 1}, {"evidence", "Version 7"}}, nam},
      Expect{"plan_monitoring", "record_action", "guard", monitored, {{"action", 3}, {"evidence", "Version 7"}}, nam}.saying(
          "no such action"),
      {"plan_monitoring", "miss_action", "plan_monitoring", monitored, {{"action", 1}}},
      {"plan_monitoring", "complete_plan", "continued", monitored, all_shown(), nam},
      Expect{"plan_monitoring", "complete_plan", "guard", monitored, {}, nam}.saying("each action needs its evidence: action 1, action 2"),
      {"plan_monitoring", "fail_plan", "suspension_proposed", monitored, with_code(decision("suspension"), "plan_not_kept"), compliance},
      {"plan_monitoring", "fail_plan", "removal_proposed", monitored, with_code(decision("removal"), "plan_not_kept"), compliance},
      Expect{"plan_monitoring", "fail_plan", "guard", monitored, with_code(decision("continued")), compliance}.saying(
          "another outcome is named"),
      Expect{"plan_monitoring", "fail_plan", "guard", monitored, decision("suspension"), compliance}.saying("needs a reason code"),
      {"plan_monitoring", "fail_plan", "forbidden", monitored, with_code(decision("suspension")), nam},
  };
  for (const char* state : {"in_review", "information_requested"}) add(rows, rows_while_preparing(state));
  for (const char* state : {"scheduled", "in_review", "information_requested", "recommended", "plan_monitoring"}) {
    rows.push_back({state, "recount", state, data_in(state), {{"reason", "The rules changed."}}});
    rows.push_back({state, "end_membership", "closed", data_in(state), {{"reason", "Withdrawn"}}});
  }
  check_every_transition(workflow(), rows);
}

TEST_CASE("continuation: a review opens so many months after acceptance, on that very day") {
  Story story(workflow(), "2024-03-01");
  REQUIRE(story.send("schedule", {{"acceptance_date", "2024-02-29"}, {"number", 1}}));
  CHECK(story.due("review_opens") == day("2028-02-29"));
  story.go_to("2028-02-28");
  CHECK(story.state() == "scheduled");
  story.go_to("2028-02-29");
  CHECK(story.state() == "in_review");
  CHECK(story.letters == std::vector<std::string>{"2028-02-29 continuation_preparation_pack"});
}

TEST_CASE("continuation: a review's day is the agency's and stays on a Sunday") {
  Story story(workflow(), "2024-03-01");
  REQUIRE(story.send("schedule", {{"acceptance_date", "2023-01-31"}, {"number", 1}}));
  CHECK(story.due("review_opens") == day("2027-01-31"));
}

TEST_CASE("continuation: a corrected acceptance date moves a review that has not opened, with its reason") {
  Story story(workflow(), "2024-03-01");
  REQUIRE(story.send("schedule", first_review));
  REQUIRE(story.send("recount", {{"reason", "Nothing changed"}}));
  CHECK(story.ledger("review_opens").size() == 1);
  REQUIRE(story.send("recount", {{"acceptance_date", "2024-02-15"}, {"reason", "The roster was wrong."}}));
  CHECK(story.due("review_opens") == day("2028-02-15"));
  CHECK(story.ledger("review_opens").back().inputs.at("reason") == "The roster was wrong.");
  story.go_to("2028-02-14");
  CHECK(story.state() == "scheduled");
  story.go_to("2028-02-15");
  REQUIRE(story.send("recount", {{"acceptance_date", "2025-01-01"}, {"reason", "Once more"}}));
  CHECK(story.state() == "in_review");
}

TEST_CASE("continuation: the pack asks only for what is not on file, and says what is") {
  const Step opened =
      taken(workflow(), Expect{"scheduled", "open", "in_review", data_in("scheduled"), {}}.at("2028-01-31").having(on_file()));
  const auto pack = letter_in(opened.effects, "continuation_preparation_pack");
  REQUIRE(pack);
  CHECK(json::serialize(pack->fields.at("evidence"))
            .find("On file, not asked again: annual notification, cycle 3, as of March 10, 2027 (3 answers)") != std::string::npos);
  CHECK(pack->fields.at("mode") == "to be agreed with your National Account Manager");
  CHECK(deadline_in(opened.effects, "preparation_due")->due_on == day("2028-03-16"));

  Story story = review_in("in_review");
  CHECK(story.tasks().contains("prepare_review"));
  REQUIRE(story.send("choose_mode", {{"mode", "third_party_evidence"}}, nam));
  CHECK(story.letters.size() == 2);
  REQUIRE(story.send("save_pack", {{"answers", pack_answers()}}, preparer));
  REQUIRE(story.send("answer_pack", {{"signature", officer_name}}, officer));
  CHECK_FALSE(story.tasks().contains("prepare_review"));
  CHECK_FALSE(story.due("preparation_due"));
  const auto recorded = effects_of<RecordFacts>(story.sent);
  REQUIRE(recorded.size() == 1);
  CHECK(recorded.front().facts.front().source == "continuation review TC-2026-000001");
}

TEST_CASE("continuation: a pack asks the questions chosen, shows what is on file, and counts both") {
  Story story = review_in("scheduled");
  const auto counted = [&](const char* name) { return story.data().at("pack").at("counts").at(name).to_number<int>(); };
  REQUIRE(story.send("choose_questions", some_questions, compliance));
  CHECK(story.letters.empty());
  story.go_to("2028-01-31");  // the review opens with what was chosen
  CHECK(counted("pre_answered") == 3);
  CHECK(counted("asked") == 3);
  CHECK(story.letters.size() == 1);
  REQUIRE(story.send("save_pack", {{"answers", {{"controls", {{"control_manual_version", "7"}}}}}}, preparer));

  json::object again = some_questions;
  again["ask_again"] = list({json::object{{"question", "organization"}, {"reason", "The company merged in May."}}});
  REQUIRE(story.send("choose_questions", again, nam));
  CHECK(story.letters.size() == 2);  // the company has it anew
  CHECK(counted("asked_again") == 1);
  CHECK(counted("re_asked") == 0);
  CHECK(story.data().at("pack").at("answers").at("controls").at("control_manual_version") == "7");
  CHECK_FALSE(story.send("answer_pack", {{"signature", officer_name}}, officer));
  CHECK(story.last_refusal->sentence.find("organization") != std::string::npos);
  CHECK_FALSE(story.send("save_pack", {{"answers", {{"assessment", {{"test_results", "Fine"}}}}}}, preparer));  // it is left out

  const json::object said{{"organization", {{"organization", "Under the new parent"}}}, {"controls", {{"control_procedures", "Anew"}}}};
  REQUIRE(story.send("answer_pack", {{"answers", said}, {"signature", officer_name}}, officer));
  CHECK(counted("confirmed") == 1);  // the day of the risk assessment: who signs confirms it
  CHECK(counted("corrected") == 1);
  CHECK(counted("answered") == 2);
  const auto recorded = effects_of<RecordFacts>(story.sent);
  REQUIRE(recorded.size() == 1);
  CHECK(recorded.front().facts.size() == 4);
  SECTION("sent again, only what is given now goes on file") {
    const json::object more{{"controls", {{"control_manual_version", "8"}}}};
    REQUIRE(story.send("answer_pack", {{"answers", more}, {"signature", officer_name}}, officer));
    const auto twice = effects_of<RecordFacts>(story.sent);
    REQUIRE(twice.size() == 2);
    REQUIRE(twice.back().facts.size() == 1);
    CHECK(twice.back().facts.front().value == "8");
    CHECK(counted("confirmed") == 1);
  }
}

TEST_CASE("continuation: a pack sent before questions could be chosen asks them all") {
  json::object old = data_in("in_review");
  for (const char* name : {"questions", "counts", "chosen_by"}) old.at("pack").as_object().erase(name);
  const json::object signed_pack{{"answers", pack_answers()}, {"signature", officer_name}};
  const Step step = taken(workflow(), Expect{"in_review", "answer_pack", "in_review", old, signed_pack, officer}.having(on_file()));
  CHECK(step.data.at("pack").at("counts").at("pre_answered") == 3);
  CHECK(step.data.at("pack").at("counts").at("confirmed") == 3);
  const Step mode = taken(workflow(), {"in_review", "choose_mode", "in_review", old, {{"mode", "virtual"}}, nam});
  CHECK(json::serialize(letter_in(mode.effects, "continuation_preparation_pack")->fields.at("checklist")).find("0 questions") ==
        std::string::npos);
}

TEST_CASE("continuation: a pack that is not answered becomes work for the National Account Manager, who may go on") {
  Story story = review_in("in_review");
  story.go_to("2028-03-17");
  CHECK(story.tasks().contains("preparation_over"));
  REQUIRE(story.send("recommend", recommendation(), nam));
  CHECK_FALSE(story.tasks().contains("preparation_over"));
  CHECK(story.timers().empty());
}

TEST_CASE("continuation: information is asked for, reminded of, missed, escalated, and the review can go on without") {
  Story story = review_in("information_requested");
  CHECK(story.due("information_due") == day("2028-03-01"));
  story.go_to("2028-03-02");
  CHECK(story.letters.back() == "2028-03-02 request_overdue");
  CHECK(story.tasks().contains("overdue"));
  story.go_to("2028-03-20");
  CHECK(story.tasks().contains("escalated"));

  SECTION("more time on the telephone") {
    REQUIRE(story.send("extend_information", {{"days", 31}, {"reason", "The archive moves."}}, nam));
    CHECK(story.due("information_due") == day("2028-04-03"));  // April 1 is a Saturday
    CHECK_FALSE(story.tasks().contains("escalated"));
    CHECK(story.letters.back() == "2028-03-20 extension_granted");
  }
  SECTION("the answers, late") { REQUIRE(story.send("provide_information", provided, officer)); }
  SECTION("no answers at all") { REQUIRE(story.send("resume_review", given_up, nam)); }
  if (story.state() == "in_review") {
    CHECK_FALSE(story.due("information_due"));
    CHECK_FALSE(story.tasks().contains("overdue"));
  }
}

TEST_CASE("continuation: the decision tells company and membership, and names the next review") {
  Story story = review_in("recommended");
  SECTION("continued") {
    REQUIRE(story.send("decide", decision("continued"), compliance));
    const auto sent = effects_of<SendToOpen>(story.sent);
    REQUIRE(sent.size() == 1);
    CHECK(sent.front().command == "continuation_settled");
    CHECK(sent.front().body == json::object{{"number", 1}, {"outcome", "continued"}, {"on", "2028-01-31"}});
  }
  SECTION("suspension proposed") {
    REQUIRE(story.send("decide", with_code(decision("suspension")), compliance));
    const auto sent = effects_of<SendToOpen>(story.sent);
    REQUIRE(sent.size() == 2);
    CHECK(sent.back().command == "propose_suspension");
    CHECK(sent.back().body ==
          json::object{{"reason_code", "noncompliance"}, {"reason", "The controls work."}, {"case_ref", "TC-2026-000001"}});
  }
  CHECK(story.letters.back() == "2028-01-31 continuation_decision");
  const Step decided =
      taken(workflow(), {"recommended", "decide", "continued", data_in("recommended"), decision("continued"), compliance, "2028-03-01"});
  CHECK(letter_in(decided.effects, "continuation_decision")->fields.at("next_review_on") == "January 31, 2032");
}

TEST_CASE("continuation: a review on cause that nobody scheduled settles nothing of the membership's row") {
  Story story(workflow(), "2026-01-14", 0);
  REQUIRE(story.send("open_for_cause", {{"cause", "A penalty case"}}, compliance));
  REQUIRE(story.send("recommend", recommendation(), nam));
  REQUIRE(story.send("decide", decision("continued"), compliance));
  CHECK(effects_of<SendToOpen>(story.sent).empty());
}

TEST_CASE("continuation: each action of a plan has its day; what is not done becomes work and can end the membership") {
  Story story = review_in("plan_monitoring");
  CHECK(story.due("action:1") == day("2028-05-08"));  // May 6 is a Saturday
  CHECK(story.due("action:2") == day("2028-05-01"));  // 90 days from the decision: April 30, a Sunday
  CHECK(effects_of<SendToOpen>(story.sent).empty());
  REQUIRE(story.send("record_action", {{"action", 2}, {"evidence", "Training log"}}, nam));
  CHECK_FALSE(story.due("action:2"));
  story.go_to("2028-05-09");
  CHECK(story.tasks().contains("action_overdue:1"));
  CHECK_FALSE(story.tasks().contains("action_overdue:2"));
  SECTION("completed") {
    REQUIRE(story.send("complete_plan", {{"evidence", list({json::object{{"action", 1}, {"evidence", "Version 7"}}})}}, nam));
    CHECK(effects_of<SendToOpen>(story.sent).front().command == "continuation_settled");
  }
  SECTION("failed") {
    REQUIRE(story.send("fail_plan", with_code(decision("removal"), "plan_not_kept"), compliance));
    CHECK(effects_of<SendToOpen>(story.sent).back().command == "propose_removal");
  }
  CHECK(story.letters.back() == "2028-05-09 continuation_decision");
}
