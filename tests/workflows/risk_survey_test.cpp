// The risk analysis and survey assessment: its table, what it asks and does not ask again, and surveys in which days pass.
#include <catch2/catch.hpp>

#include "tests/workflows/rows.hpp"
#include "workflows/risk_survey/risk_survey.hpp"

using namespace tradecase;
using namespace tradecase::testing;

namespace {

constexpr RoleSet officer{Role::officer}, preparer{Role::preparer}, nam{Role::nam}, supervisor{Role::supervisor},
    compliance{Role::compliance}, auditor{Role::auditor}, timer{Role::timer};
constexpr auto entry_1 = "ABC12345678", entry_2 = "ABC87654321";

const Workflow& workflow() {
  static const Workflow one = risk_survey();
  return one;
}

std::vector<Fact> on_file() {
  const auto fact = [](const char* key, json::value value) {
    return Fact{key, std::move(value), day("2025-04-10"), "annual notification, cycle 1", "C", "TC-2025-000007", "P-officer"};
  };
  return {fact("org.structure", "Compliance reports to the general counsel."), fact("controls.manual.version", "5, since 2024"),
          fact("import.countries_of_origin", json::array{"VN", "IN"})};
}

const json::object proposal{{"basis", "risk"}, {"reasons", {"Cotton goods from a new supplier"}}, {"topics", {"Forced labor in cotton"}}};
const json::object both_parts{{"parts", {"procedural", "transactional"}}};
const json::object procedural_part{{"parts", {"procedural"}}};
const json::object referral{{"kind", "single_issue"}, {"risk_areas", {"forced_labor"}}, {"reasons", {"The origin is not shown."}}};
const json::object two_entries{{"entries", {{{"entry_number", entry_1}, {"line", 1}}, {{"entry_number", entry_2}, {"line", 2}}}},
                               {"method", "Simple random, 2 of 400 lines"},
                               {"seed_note", "Seed 20260114"}};
const json::object documents{{"documents", {"purchase order", "production records"}}};
const json::object outcome{
    {"outcome", "The controls are sound."}, {"findings", {"Two origins were not shown."}}, {"next_steps", {"Correct both entries."}}};

json::object extension(int days) { return {{"days", days}, {"reason", "The factory is closed for the holidays."}}; }
json::object sent(const char* entry, int line) {
  return {{"entry_number", entry}, {"line", line}, {"documents", "order 7 and the mill's records"}};
}
json::object delivery(std::initializer_list<json::value> items) { return {{"items", json::array(items.begin(), items.end())}}; }
json::object none_for(const char* entry, int line) {
  return {{"entry_number", entry}, {"line", line}, {"not_applicable", "The line was cancelled."}};
}

json::value an_answer(const Question& question) {
  switch (question.type) {
    case Question::Type::yes_no:
      return "yes";
    case Question::Type::date:
      return "2025-01-10";
    case Question::Type::choice:
      return json::value(question.choices.front());
    case Question::Type::list:
      return json::array{"cotton"};
    case Question::Type::url:
      return "https://harborlane.example/conduct";
    default:
      return "As in our manual";
  }
}

const Question& question(std::string_view section, std::string_view id) {
  return *shipped_forms().get("rasa_procedural", 1).section(section)->question(id);
}

// Confirms what is on file and answers the rest.
json::array replies(const json::object& data) {
  json::array all;
  for (const json::value& one : data.at("questions").as_array()) {
    const json::object& asked = one.as_object();
    const json::value& id = asked.at("question");
    if (asked.at("on_file").as_bool() && asked.at("asked_again_because").as_string().empty())
      all.push_back({{"question", id}, {"confirm", true}});
    else
      all.push_back({{"question", id}, {"value", an_answer(question(asked.at("section").as_string(), id.as_string()))}});
  }
  return all;
}

json::object answers(const json::object& data) { return {{"answers", replies(data)}, {"signature", officer_name}}; }

// A survey that has come as far as the state, everybody doing what they should.
Story survey_in(std::string_view state, const json::object& parts = both_parts, std::string_view from = "2026-01-14") {
  Story story(workflow(), std::string(from));
  story.facts = on_file();
  const auto act = [&](const char* command, const json::object& body, RoleSet as, const char* person = "") {
    if (story.state() == state) return;
    INFO(command << ": " << (story.last_refusal ? story.last_refusal->sentence : ""));
    if (!story.send(command, body, as, person)) FAIL(command << ": " << story.last_refusal->sentence);
  };
  act("propose", proposal, nam);
  act("approve", {}, compliance);
  act("build_survey", parts, compliance);
  act("issue", {}, compliance);
  if (story.state() != state) act("answer", answers(story.data()), officer);
  if (parts.at("parts").as_array().size() == 2) {
    act("select_entries", two_entries, auditor);
    if (story.state() != state) REQUIRE(send_approved(story, "survey_documents_request", "request_documents", documents, auditor));
    act("deliver", delivery({sent(entry_1, 1), none_for(entry_2, 2)}), preparer);
  }
  act("analyse", {{"findings", {"Two origins were not shown."}}}, auditor);
  act("draft_outcome", outcome, auditor);
  return story;
}

json::object data_in(std::string_view state, const json::object& parts = both_parts) { return survey_in(state, parts).data(); }

json::object part_delivered() {
  Story story = survey_in("documents_requested");
  REQUIRE(story.send("deliver", delivery({sent(entry_1, 1)}), preparer));
  return story.data();
}

json::object review(const char* entry, int line, bool accepted) {
  json::object item{{"entry_number", entry}, {"line", line}, {"accepted", accepted}};
  if (!accepted) item["reason"] = "Where is page 2?";
  return {{"items", json::array{item}}};
}

json::object with_extension_asked(std::string_view state, int days) {
  Story story = survey_in(state);
  REQUIRE(story.send("request_extension", extension(days), officer));
  return story.data();
}

json::object drafted() {
  Story story = survey_in("analysis");
  REQUIRE(story.send("draft_outcome", outcome, auditor));
  return story.data();
}

std::vector<Row> rows_while_asked(const std::string& state) {
  const json::object data = data_in(state), small = with_extension_asked(state, 30), large = with_extension_asked(state, 60);
  return {
      {state, "remind", state, data, {{"day", -14}}},
      {state, "miss_due_date", state, data},
      {state, "escalate", state, data},
      {state, "request_extension", state, data, extension(30), officer},
      Expect{state, "request_extension", "guard", data, extension(31), officer}.saying("an extension may be of 30, 60, 90, 120 days"),
      Expect{state, "request_extension", "guard", small, extension(30), officer}.saying("asked for already"),
      {state, "request_extension", "forbidden", data, extension(30), preparer},
      {state, "grant_extension", state, small, {{"days", 30}}, nam},
      {state, "grant_extension", state, large, {{"days", 60}}, supervisor},
      Expect{state, "grant_extension", "guard", data, {{"days", 30}}, nam}.saying("no extension is asked for"),
      Expect{state, "grant_extension", "guard", small, {{"days", 45}}, nam}.saying("size on offer"),
      Expect{state, "grant_extension", "guard", small, {{"days", 60}}, nam}.saying("so long an extension is beyond your power"),
      Expect{state, "grant_extension", "guard", large, {{"days", 30}}, nam}.saying("the extension is beyond your power"),
      {state, "deny_extension", state, small, {{"reason", "The entries are old."}}, nam},
      Expect{state, "deny_extension", "guard", data, {{"reason", "The entries are old."}}, nam}.saying("no extension is asked for"),
      Expect{state, "deny_extension", "guard", large, {{"reason", "The entries are old."}}, nam}.saying("beyond your power"),
  };
}

std::vector<Row> rows_once_issued(const std::string& state) {
  const json::object data = data_in(state);
  json::object unknown = referral;
  unknown["risk_areas"] = json::array{"weather"};
  json::object unreasoned = referral;
  unreasoned["reasons"] = json::array{};
  return {
      {state, "invite_disclosure", state, data, {{"reasons", {"Values look too low."}}}, auditor},
      Expect{state, "invite_disclosure", "guard", data, {{"reasons", json::array{}}}, compliance}.saying("at least one reason"),
      {state, "refer_to_audit", "referred_to_audit", data, referral, auditor},
      Expect{state, "refer_to_audit", "guard", data, unknown, auditor}.saying("\"weather\" is not among"),
      Expect{state, "refer_to_audit", "guard", data, unreasoned, auditor}.saying("at least one reason"),
      {state, "refer_to_audit", "forbidden", data, referral, nam},
      {state, "cancel", "closed", data, {{"reason", "The company was dissolved."}}, compliance},
      {state, "cancel", "forbidden", data, {{"reason", "The company was dissolved."}}, auditor},
  };
}

const std::string letter_hash(64, 'a');

json::object documents_due() {
  json::object body = documents;
  body["due_on"] = "2026-03-07";  // a Saturday
  return body;
}
json::object letter_fixed(const char* letter, const json::object& says) {
  json::object body{{"letter", letter}, {"hash", letter_hash}, {"says", says}};
  if (says.contains("due_on")) body["due_on"] = "2026-03-09";
  return body;
}
json::object fixed_in(const json::object& data, const json::object& letter, bool approved) {
  json::object one = letter;
  one["authors"] = json::array{"P-auditor"};
  one["approved_by"] = approved ? "P-compliance" : "";
  json::object all = data;
  all["letters"] = json::array{one};
  return all;
}
json::object with_approved(json::object body) {
  body["approved"] = letter_hash;
  return body;
}

std::vector<Row> rows_of_letters(const std::string& state, const json::object& data, const json::object& letter,
                                 const json::object& other) {
  const json::object fixed = fixed_in(data, letter, false), by_hash{{"hash", letter_hash}}, unknown{{"hash", std::string(64, 'c')}};
  json::object back = by_hash, back_unknown = unknown;
  back["reason"] = back_unknown["reason"] = "It is not clear.";
  return {
      {state, "fix_letter", state, data, letter, auditor},
      Expect{state, "fix_letter", "guard", data, other, auditor}.saying("no letter of that name goes out from here"),
      {state, "fix_letter", "forbidden", data, letter, nam},
      {state, "approve_letter", state, fixed, by_hash, compliance},
      Expect{state, "approve_letter", "guard", data, by_hash, compliance}.saying("no letter waits for approval"),
      Expect{state, "approve_letter", "guard", fixed, unknown, compliance}.saying("no letter of that hash"),
      Expect{state, "approve_letter", "guard", fixed, by_hash, auditor}.saying("somebody other than who wrote it"),
      {state, "take_back_letter", state, fixed, back, auditor},
      Expect{state, "take_back_letter", "guard", data, back, auditor}.saying("no letter is fixed"),
      Expect{state, "take_back_letter", "guard", fixed, back_unknown, auditor}.saying("no letter of that hash"),
  };
}

std::vector<Row> rows_of_all_letters() {
  const json::object selected = data_in("entries_selected"), analysed = drafted();
  const json::object request = letter_fixed("survey_documents_request", documents_due()), result = letter_fixed("survey_outcome", {});
  std::vector<Row> rows = rows_of_letters("entries_selected", selected, request, result);
  add(rows, rows_of_letters("analysis", analysed, result, request));
  add(rows,
      {{"entries_selected", "request_documents", "documents_requested", fixed_in(selected, request, true), with_approved(documents_due()),
        auditor},
       Expect{"entries_selected", "request_documents", "guard", fixed_in(selected, request, false), with_approved(documents_due()), auditor}
           .saying("a second person must approve"),
       Expect{"entries_selected", "request_documents", "guard", fixed_in(selected, request, true), with_approved(documents), auditor}
           .saying("approved with another \"due_on\""),
       Expect{"analysis", "fix_letter", "guard", data_in("analysis"), result, auditor}.saying("no outcome is drafted"),
       {"analysis", "send_outcome", "closed", fixed_in(analysed, result, true), with_approved({}), compliance},
       Expect{"analysis", "send_outcome", "guard", fixed_in(analysed, result, false), with_approved({}), compliance}.saying(
           "a second person must approve")});
  return rows;
}

}  // namespace

TEST_CASE("risk survey: every transition is taken and every guard turns somebody away") {
  json::object unreasoned = proposal, topicless = proposal;
  unreasoned["reasons"] = json::array{};
  topicless["topics"] = json::array{};
  const json::object issued = data_in("issued"), received = data_in("received"), selected = data_in("entries_selected"),
                     requested = data_in("documents_requested"), procedural = data_in("received", procedural_part);
  json::object unanswered{{"answers", json::array{}}, {"signature", officer_name}}, unsigned_answers = answers(issued);
  unsigned_answers["signature"] = "Lee Park";
  const json::object misfit{{"answers", {{{"question", "no_such"}, {"value", "x"}}}}};
  json::object misfit_signed = misfit;
  misfit_signed["signature"] = officer_name;
  json::object twice = two_entries;
  twice["entries"] = json::array{{{"entry_number", entry_1}, {"line", 1}}, {{"entry_number", entry_1}, {"line", 1}}};
  json::object form_answers = sent(entry_1, 1);
  form_answers["answers"] = json::object{{"product", "Shirts"}};
  std::vector<Row> rows{
      {"", "propose", "proposed", {}, proposal, nam},
      Expect{"", "propose", "guard", {}, unreasoned, nam}.saying("at least one reason"),
      Expect{"", "propose", "guard", {}, topicless, nam}.saying("at least one topic"),
      {"", "propose", "forbidden", {}, proposal, officer},
      {"proposed", "approve", "approved", data_in("proposed"), {}, compliance},
      Expect{"proposed", "approve", "guard", data_in("proposed"), {}, {Role::compliance, Role::nam}}
          .saying("other than who proposed")
          .by("P-nam"),
      {"proposed", "decline", "declined", data_in("proposed"), {{"reason", "Already under audit."}}, compliance},
      Expect{"approved", "build_survey", "survey_built", data_in("approved"), both_parts, compliance}.having(on_file()),
      Expect{"approved", "build_survey", "guard", data_in("approved"), {{"parts", json::array{}}}, compliance}.saying("no part is named"),
      Expect{"approved", "build_survey", "guard", data_in("approved"), {{"parts", {"procedural"}}, {"sections", {"weather"}}}, compliance}
          .saying("no section \"weather\""),
      Expect{"approved",
             "build_survey",
             "guard",
             data_in("approved"),
             {{"parts", {"procedural"}}, {"ask_again", {{{"question", "organization"}}}}},
             compliance}
          .saying("reason why it is stale is recorded")
          .having(on_file()),
      Expect{"approved", "build_survey", "invalid", data_in("approved"), {{"parts", {"oral"}}}, compliance}.saying(
          "procedural, transactional"),
      {"approved", "decline", "declined", data_in("approved"), {{"reason", "Already under audit."}}, compliance},
      {"survey_built", "build_survey", "survey_built", data_in("survey_built"), procedural_part, auditor},
      Expect{"survey_built",
             "build_survey",
             "guard",
             data_in("survey_built"),
             {{"parts", {"transactional"}}, {"questions", {"products"}}},
             auditor}
          .saying("belong to the procedural part"),
      Expect{"survey_built", "issue", "issued", data_in("survey_built"), {}, compliance}.having(on_file()),
      {"survey_built", "cancel", "declined", data_in("survey_built"), {{"reason", "Settled elsewhere."}}, compliance},
      {"issued", "save_answers", "issued", issued, {{"answers", replies(issued)}}, preparer},
      Expect{"issued", "save_answers", "guard", issued, misfit, preparer}.saying("does not ask \"no_such\""),
      {"issued", "answer", "received", issued, answers(issued), officer},
      {"issued", "answer", "forbidden", issued, answers(issued), preparer},
      Expect{"issued", "answer", "guard", issued, misfit_signed, officer}.saying("must fit the survey"),
      Expect{"issued", "answer", "guard", issued, unanswered, officer}.saying(
          "each question must be confirmed, corrected or answered: organization"),
      Expect{"issued", "answer", "guard", issued, unsigned_answers, officer}.saying("type your full name"),
      {"received", "select_entries", "entries_selected", received, two_entries, auditor},
      Expect{"received", "select_entries", "guard", procedural, two_entries, auditor}.saying("no transactional part"),
      Expect{"received", "select_entries", "guard", received, twice, auditor}.saying("named twice"),
      {"received", "analyse", "analysis", procedural, {}, auditor},
      Expect{"received", "analyse", "guard", received, {}, auditor}.saying("entries are selected first"),
      {"entries_selected", "select_entries", "entries_selected", selected, two_entries, auditor},
      Expect{"entries_selected", "select_entries", "guard", selected, twice, auditor}.saying("named twice"),
      {"entries_selected", "request_documents", "documents_requested",
       with_letter_approved(selected, "survey_documents_request", documents), as_approved(documents), auditor},
      Expect{"entries_selected", "request_documents", "guard", selected, documents, auditor}.saying(
          "a second person must approve the letter first"),
      Expect{"entries_selected", "request_documents", "guard", selected, {{"documents", json::array{}}}, auditor}.saying("must be named"),
      Expect{"entries_selected", "request_documents", "guard", selected, {{"documents", {"invoice"}}, {"due_on", "2026-01-14"}}, auditor}
          .saying("still to come"),
      {"documents_requested", "deliver", "documents_requested", requested, delivery({sent(entry_1, 1)}), preparer},
      {"documents_requested", "deliver", "documents_received", requested, delivery({sent(entry_1, 1), none_for(entry_2, 2)}), officer},
      Expect{"documents_requested", "deliver", "guard", requested, delivery({sent("XYZ00000000", 1)}), preparer}.saying(
          "not among the items asked for"),
      Expect{"documents_requested", "deliver", "guard", requested, delivery({{{"entry_number", entry_1}, {"line", 1}}}), preparer}.saying(
          "either documents"),
      Expect{"documents_requested", "deliver", "guard", requested, delivery({form_answers}), preparer}.saying("must fit the form"),
      {"documents_requested", "review_documents", "documents_requested", part_delivered(), review(entry_1, 1, true), auditor},
      Expect{"documents_requested", "review_documents", "guard", requested, review(entry_1, 1, true), auditor}.saying(
          "must be one delivered"),
      {"documents_received", "review_documents", "documents_received", data_in("documents_received"), review(entry_1, 1, true), auditor},
      {"documents_received", "review_documents", "documents_requested", data_in("documents_received"), review(entry_1, 1, false), auditor},
      Expect{"documents_received", "review_documents", "guard", data_in("documents_received"), {{"items", json::array{}}}, auditor}.saying(
          "none is named"),
      {"documents_received", "analyse", "analysis", data_in("documents_received"), {}, auditor},
      {"analysis", "draft_outcome", "analysis", data_in("analysis"), outcome, auditor},
      {"analysis", "send_back", "analysis", drafted(), {{"reason", "The second finding has no source."}}, compliance},
      Expect{"analysis", "send_back", "guard", data_in("analysis"), {{"reason", "Too early"}}, compliance}.saying("no outcome is drafted"),
      {"analysis", "send_outcome", "closed", drafted(), {}, compliance},
      Expect{"analysis", "send_outcome", "guard", drafted(), {}, auditor}.saying("other than who drafted it"),
      Expect{"analysis", "send_outcome", "guard", data_in("analysis"), {}, compliance}.saying("no outcome is drafted"),
  };
  for (const char* state : {"issued", "documents_requested"}) add(rows, rows_while_asked(state));
  for (const char* state : {"issued", "received", "entries_selected", "documents_requested", "documents_received", "analysis"})
    add(rows, rows_once_issued(state));
  add(rows, rows_of_all_letters());
  check_every_transition(workflow(), rows);
}

TEST_CASE("risk survey: what is on file is shown, not asked; what is asked again has its reason on record") {
  Story story = survey_in("survey_built");
  const json::object& counts = story.data().at("counts").as_object();
  const auto total = static_cast<std::int64_t>(story.data().at("questions").as_array().size());
  CHECK(counts.at("pre_answered") == 3);
  CHECK(counts.at("asked") == total - 3);
  CHECK(counts.at("re_asked") == 0);

  SECTION("the letter says how many") {
    REQUIRE(story.send("issue", {}, compliance));
    CHECK(story.letters == std::vector<std::string>{"2026-01-14 survey_letter"});
  }
  SECTION("what came on file since is not asked either") {
    story.facts.push_back({"records.system", "Seven years, in Memphis", day("2026-01-13"), "annual notification, cycle 2", "J", "", ""});
    REQUIRE(story.send("issue", {}, compliance));
    CHECK(story.data().at("counts").as_object().at("pre_answered") == 4);
    CHECK(story.data().at("counts").as_object().at("re_asked") == 0);
  }
  SECTION("a stale answer is asked blank, with the reason, and counted apart") {
    const json::object again{{"parts", {"procedural"}},
                             {"ask_again", {{{"question", "organization"}, {"reason", "The company merged in May."}}}}};
    REQUIRE(story.send("build_survey", again, compliance));
    CHECK(story.data().at("counts").as_object().at("asked_again") == 1);
    CHECK(story.data().at("counts").as_object().at("pre_answered") == 2);
    CHECK(story.data().at("counts").as_object().at("re_asked") == 0);
  }
  SECTION("a survey may ask some sections and questions only") {
    REQUIRE(
        story.send("build_survey", {{"parts", {"procedural"}}, {"sections", {"organization"}}, {"questions", {"products"}}}, compliance));
    CHECK(story.data().at("questions").as_array().size() == 4);
  }
}

TEST_CASE("risk survey: what overtakes a fixed letter voids it") {
  Story story = survey_in("entries_selected");
  REQUIRE(story.send("fix_letter", letter_fixed("survey_documents_request", documents_due()), auditor));
  REQUIRE(story.send("select_entries", two_entries, auditor));
  CHECK(story.data().at("letters").as_array().empty());
  Story closing = survey_in("analysis");
  REQUIRE(closing.send("draft_outcome", outcome, auditor));
  REQUIRE(closing.send("fix_letter", letter_fixed("survey_outcome", {}), auditor));
  REQUIRE(closing.send("draft_outcome", outcome, auditor));
  CHECK(closing.data().at("letters").as_array().empty());
  CHECK_FALSE(closing.tasks().contains("approve_letter:survey_outcome"));
}

TEST_CASE("risk survey: answers are confirmed, corrected or given, and become facts with their source") {
  Story story = survey_in("issued", procedural_part);
  json::object said = answers(story.data());
  for (json::value& reply : said.at("answers").as_array())
    if (reply.at("question") == "control_manual_version") reply = {{"question", "control_manual_version"}, {"value", "6, since 2026"}};
  REQUIRE(story.send("answer", said, officer));

  const json::object& counts = story.data().at("counts").as_object();
  CHECK(counts.at("confirmed") == 2);
  CHECK(counts.at("corrected") == 1);
  CHECK(counts.at("answered") == counts.at("asked"));
  CHECK(story.data().at("signature").at("answers_hash").as_string().size() == 64);

  const auto recorded = effects_of<RecordFacts>(story.sent);
  REQUIRE(recorded.size() == 1);
  const auto manual = std::ranges::find(recorded.front().facts, "controls.manual.version", &Fact::key);
  REQUIRE(manual != recorded.front().facts.end());
  CHECK(manual->value == "6, since 2026");
  CHECK(manual->source == "risk survey TC-2026-000001");
  CHECK(manual->as_of == day("2026-01-14"));
}

TEST_CASE("risk survey: a preparer's saved answers go with the officer's signature") {
  Story story = survey_in("issued", procedural_part);
  REQUIRE(story.send("save_answers", {{"answers", replies(story.data())}}, preparer));
  CHECK(story.send("answer", {{"signature", officer_name}}, officer));
}

TEST_CASE("risk survey: a missed answer is reminded of, becomes work, is escalated, and still can be given") {
  Story story = survey_in("issued");
  CHECK(story.due("answer_due") == day("2026-02-13"));
  story.go_to("2026-02-12");
  CHECK(story.letters == std::vector<std::string>{"2026-01-14 survey_letter", "2026-01-30 request_reminder", "2026-02-06 request_reminder",
                                                  "2026-02-12 request_reminder"});
  CHECK_FALSE(story.tasks().contains("overdue"));
  story.go_to("2026-02-14");
  CHECK(story.letters.back() == "2026-02-14 request_overdue");
  CHECK(story.tasks().contains("overdue"));
  story.go_to("2026-03-15");
  CHECK(story.tasks().contains("escalated"));
  CHECK(story.state() == "issued");
  REQUIRE(story.send("answer", answers(story.data()), officer));
  CHECK_FALSE(story.tasks().contains("overdue"));
  CHECK_FALSE(story.tasks().contains("escalated"));
  CHECK(story.timers().empty());
  CHECK(story.standing().empty());
}

TEST_CASE("risk survey: an extension counts from the due day in force, moves the reminders and ends what was overdue") {
  Story story = survey_in("issued");
  story.go_to("2026-02-20");
  REQUIRE(story.send("request_extension", extension(30), officer));
  CHECK(story.tasks().contains("extension"));
  REQUIRE(story.send("grant_extension", {{"days", 30}}, nam));
  CHECK(story.due("answer_due") == day("2026-03-16"));  // March 15 is a Sunday
  CHECK(story.ledger("answer_due").size() == 2);
  CHECK_FALSE(story.tasks().contains("overdue"));
  CHECK_FALSE(story.tasks().contains("extension"));
  CHECK(story.letters.back() == "2026-02-20 extension_granted");
  story.go_to("2026-03-10");
  CHECK(story.letters.back() == "2026-03-09 request_reminder");
}

TEST_CASE("risk survey: the documents of each entry are delivered one by one or accounted for") {
  Story story = survey_in("documents_requested");
  CHECK(story.due("documents_due") == day("2026-02-13"));
  REQUIRE(story.send("deliver", delivery({sent(entry_1, 1)}), preparer));
  CHECK(story.state() == "documents_requested");
  CHECK(story.due("documents_due"));
  REQUIRE(story.send("deliver", delivery({none_for(entry_2, 2)}), preparer));
  CHECK(story.state() == "documents_received");
  CHECK_FALSE(story.due("documents_due"));
  CHECK(story.timers().empty());
}

TEST_CASE("risk survey: documents delivered are accepted, or returned with a question and asked for again") {
  const std::string file_1(64, 'a'), file_2(64, 'b');
  const auto with_file = [](const char* entry, int line, const std::string& file) {
    return json::object{{"entry_number", entry}, {"line", line}, {"files", json::array{json::value(file)}}};
  };
  Story story = survey_in("documents_requested");
  REQUIRE(story.send("deliver", delivery({with_file(entry_1, 1, file_1)}), preparer));
  CHECK(story.state() == "documents_requested");
  CHECK(story.tasks().contains("review_documents"));
  CHECK_FALSE(story.send("deliver", delivery({with_file(entry_2, 2, "../etc/passwd")}), preparer));
  CHECK_FALSE(story.send("review_documents", review(entry_2, 2, true), auditor));  // not delivered yet
  REQUIRE(story.send("review_documents", review(entry_1, 1, true), auditor));
  CHECK_FALSE(story.tasks().contains("review_documents"));
  REQUIRE(story.send("deliver", delivery({with_file(entry_2, 2, file_2)}), preparer));
  CHECK(story.state() == "documents_received");
  CHECK_FALSE(story.due("documents_due"));
  REQUIRE(story.send("review_documents", review(entry_2, 2, false), auditor));
  CHECK(story.state() == "documents_requested");
  CHECK(story.due("documents_due"));
  CHECK(story.letters.back().ends_with("survey_documents_request"));
  const json::object item = story.data().at("items").at(1).as_object();
  CHECK(item.at("files").as_array().empty());
  CHECK(item.at("earlier_files") == json::array{json::value(file_2)});
  CHECK(item.at("returned_because") == "Where is page 2?");
  REQUIRE(story.send("deliver", delivery({with_file(entry_2, 2, file_2)}), preparer));
  REQUIRE(story.send("review_documents", review(entry_2, 2, true), auditor));
  CHECK(story.state() == "documents_received");
  CHECK(story.send("analyse", {}, auditor));
}

TEST_CASE("risk survey: a reminder names what is missing and nothing else") {
  Story story = survey_in("documents_requested");
  REQUIRE(story.send("deliver", delivery({sent(entry_1, 1)}), preparer));
  const Step reminded = taken(workflow(), {.from = "documents_requested",
                                           .command = "remind",
                                           .expect = "documents_requested",
                                           .data = story.data(),
                                           .body = {{"day", -7}},
                                           .as = timer});
  const auto letters = effects_of<SendLetter>(reminded.effects);
  REQUIRE(letters.size() == 1);
  CHECK(letters.front().fields.at("what") == "the documents of 1 of 2 items");
}

TEST_CASE("risk survey: answers about one entry follow the transactional form") {
  json::object about{{"product", "Shirts"},
                     {"raw_materials", {"cotton, India"}},
                     {"production_steps", {"spinning, Coimbatore"}},
                     {"export_route", "By truck to Chennai, then by sea."},
                     {"commercial_documents", "order 7, invoice 9"},
                     {"production_documents", "mill records of May"},
                     {"origin_evidence", "affidavit"},
                     {"origin_documents", "affidavit of the mill"}};
  Story story = survey_in("documents_requested");
  json::object item = sent(entry_1, 1);
  item["answers"] = about;
  CHECK(story.send("deliver", delivery({item}), preparer));
  item["answers"].as_object()["weather"] = "fair";
  CHECK_FALSE(story.send("deliver", delivery({item}), preparer));
}

TEST_CASE("risk survey: a day named for the documents moves to a business day") {
  Story story = survey_in("entries_selected");
  json::object by = documents;
  by["due_on"] = "2026-02-15";  // a Sunday before Washington's Birthday
  REQUIRE(send_approved(story, "survey_documents_request", "request_documents", by, auditor, "2026-02-17"));
  CHECK(story.due("documents_due") == day("2026-02-17"));
}

TEST_CASE("risk survey: the outcome goes out over a second person's name, and can be sent back") {
  Story story = survey_in("analysis");
  const std::size_t letters_before = story.letters.size();
  REQUIRE(story.send("draft_outcome", outcome, auditor));
  CHECK(story.tasks().contains("approve_outcome"));
  CHECK(story.letters.size() == letters_before);
  CHECK_FALSE(story.send("send_outcome", {}, auditor));
  REQUIRE(story.send("send_back", {{"reason", "Name the entries."}}, compliance));
  CHECK_FALSE(story.tasks().contains("approve_outcome"));
  CHECK_FALSE(story.send("send_outcome", {}, compliance));
  REQUIRE(story.send("draft_outcome", outcome, auditor));
  REQUIRE(story.send("send_outcome", {}, auditor, "P-auditor-2"));
  CHECK(story.letters.back().ends_with("survey_outcome"));
}

TEST_CASE("risk survey: a referral opens an audit and tells the auditor, not the company") {
  Story story = survey_in("analysis");
  REQUIRE(story.send("refer_to_audit", referral, auditor));
  const auto opened = effects_of<OpenCase>(story.sent);
  REQUIRE(opened.size() == 1);
  CHECK(opened.front().workflow == "audit");
  CHECK(opened.front().command == "open_referral");
  CHECK(opened.front().body.at("survey_case") == "TC-2026-000001");
  CHECK(story.letters.back() == "2026-01-14 survey_referred");
}

TEST_CASE("risk survey: a survey the company does not know of ends without a letter, any other with one") {
  Story built = survey_in("survey_built");
  REQUIRE(built.send("cancel", {{"reason", "Settled elsewhere."}}, compliance));
  CHECK(built.letters.empty());
  Story issued = survey_in("issued");
  REQUIRE(issued.send("cancel", {{"reason", "Settled elsewhere."}}, compliance));
  CHECK(issued.letters.back() == "2026-01-14 survey_outcome");
}
