// The application: its table, what it says is missing, silence that lapses, and a decision by somebody else.
#include <catch2/catch.hpp>

#include "tests/workflows/table.hpp"
#include "workflows/application/application.hpp"
#include "workflows/importer_number.hpp"

using namespace tradecase;
using namespace tradecase::testing;

namespace {

const RoleSet officer{Role::officer}, preparer{Role::preparer}, nam{Role::nam}, supervisor{Role::supervisor}, compliance{Role::compliance};
constexpr auto launched = "2026-01-14";

const Workflow& workflow() {
  static const Workflow one = application();
  return one;
}

json::value an_answer(const Question& question) {
  switch (question.type) {
    case Question::Type::yes_no:
      return true;
    case Question::Type::number:
      return 12;
    case Question::Type::date:
      return "2025-11-03";
    case Question::Type::choice:
      return json::value(question.choices.front());
    case Question::Type::choices:
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
  for (const Question& question : section.questions) values.emplace(question.id, an_answer(question));
  return values;
}

json::object eligibility(bool debt = false) {
  json::object all;
  for (const Section& section : shipped_forms().get("eligibility", 1).sections) all.emplace(section.id, answers(section));
  if (debt) all.at("eligibility").as_object()["no_debt"] = false;
  return {{"answers", all}};
}

json::object without(json::object body, std::string_view section, std::string_view question) {
  body.at("answers").as_object().at(section).as_object().erase(question);
  return body;
}

json::object part(std::string_view name, json::object said) { return {{"part", name}, {"answers", std::move(said)}}; }
json::object section_part(std::string_view name, const Section& section) {
  return {{"part", name}, {"section", section.id}, {"answers", answers(section)}};
}

const json::object contact{{"name", "Mara Quill"}, {"email", "mara@harborlane.example"}, {"notices", true}};
const json::object signature{{"signature", officer_name}};

std::vector<json::object> every_part() {
  std::vector<json::object> all;
  for (const char* form : {"questionnaire", "mou"})
    for (const Section& section : shipped_forms().get(form, 1).sections) all.push_back(section_part(form, section));
  all.push_back(part("ior_numbers", {{"ior_numbers", {"12-3456789AB", "987-65-4321"}}}));
  all.push_back(part("contacts", {{"contacts", {contact}}}));
  all.push_back(part("control_manual", {{"document", "Manual, version 7, attached"}}));
  all.push_back(part("forced_labor", {{"documents", {"Code of conduct", "Supply chain map"}}}));
  return all;
}

NamedPerson named(const std::string& id, const std::string& email, const std::string& name, RoleSet roles) {
  return {{id, email, name, "", "", std::nullopt}, roles};
}
std::vector<NamedPerson> people() {
  NamedPerson gone = named("P-gone", "gone@agency.example", "Gil Gone", {Role::nam});
  gone.person.departed_on = day("2025-12-31");
  return {named("P-nam", "nora@agency.example", "Nora Alvarez", {Role::nam}),
          named("P-aud", "avery@agency.example", "Avery Stone", {Role::auditor}),
          named("P-broker", "lee@broker.example", "Lee Park", {Role::preparer}), gone};
}
json::object assignment(std::string_view who = "nora@agency.example", std::string_view team = "Avery@agency.example") {
  return {{"nam", who}, {"team", {team}}};
}

json::object checklist() {
  json::object marks;
  for (const std::string& item : shipped_rules().texts("application.review_checklist"))
    marks.emplace(item, json::object{{"confirmed", true}});
  marks["no_debt_verified"] = {{"confirmed", false}, {"reason", "the collections system was down; verified by telephone"}};
  return marks;
}
json::object meeting(std::string_view on = "2026-03-02") { return {{"meeting_on", on}, {"place", "by video"}, {"checklist", checklist()}}; }
const json::object record{{"attendance", {"Dana Whitfield", "Nora Alvarez"}}, {"risks_discussed", {"two new brokers"}}};
const json::object request{{"items", {"The code of conduct", "The broker agreement"}}};
const json::object provided{{"answers", {"attached", "attached"}}, {"signature", officer_name}};
const json::object recommendation{{"recommendation", "approve"}, {"findings", {"Controls are in place"}}};
const json::object reasons{{"reasons", {"The self-testing plan covers no classification"}}};

void say(Story& story, const std::string& command, json::object body, RoleSet as, const std::string& person = "") {
  const bool went = story.send(command, std::move(body), as, person);
  INFO(command << " in " << story.state() << ": " << (went ? "" : story.last_refusal->sentence));
  REQUIRE(went);
}

Company applicant() {
  Company company = sample_company();
  company.program = company.nam = "";
  company.acceptance_date.reset();
  company.ior_numbers.clear();
  return company;
}

// An application that has come so far; each state is reached by the acts of the people.
Story at(const std::string& state) {
  Story story(workflow(), launched, 0);
  story.company = applicant();
  story.named = people();
  const auto here = [&](const std::string& command, const json::object& body, RoleSet as) {
    if (story.state() == state) return true;
    say(story, command, body, as);
    return story.state() == state;
  };
  if (here("launch", {}, officer)) return story;
  if (state == "not_eligible") return here("answer_eligibility", eligibility(true), officer), story;
  if (here("answer_eligibility", eligibility(), officer)) return story;
  for (const json::object& one : every_part()) say(story, "save", one, preparer);
  if (here("submit", signature, officer) || here("assign", assignment(), supervisor)) return story;
  if (state == "information_requested") return here("request_information", request, nam), story;
  if (here("schedule_meeting", meeting(), nam) || here("record_meeting", record, nam) || here("recommend", recommendation, nam))
    return story;
  FAIL("no way to " << state);
  return story;
}

json::object data(const std::string& state) { return at(state).data(); }
json::object complete_draft() {
  Story story = at("drafting");
  for (const json::object& one : every_part()) say(story, "save", one, officer);
  return story.data();
}

// The shipped questionnaire as version 2, with one question more.
const Forms& newer_forms() {
  static const Forms forms = [] {
    std::vector<Form> all = shipped_forms().all();
    Form next = shipped_forms().get("questionnaire", 1);
    next.version = 2;
    next.effective_from = day("2026-01-02");
    Question more;
    more.id = "history";
    more.text = "Since when does the company import?";
    more.required = true;
    more.max_length = 300;
    next.sections.front().questions.push_back(more);
    all.push_back(next);
    return Forms(all);
  }();
  return forms;
}

}  // namespace

TEST_CASE("every transition of an application is taken and every guard turns somebody away") {
  Company tier_one = applicant(), lost = applicant();
  tier_one.security_tier = "I";
  lost.security_status = "suspended";
  const json::object drafting = data("drafting"), full = complete_draft(), asked = data("information_requested"),
                     review = data("under_review");
  const json::object pending = data("decision_pending"), held = data("meeting_held"), scheduled = data("meeting_scheduled");
  const json::object unfit = part("ior_numbers", {{"ior_numbers", {"123"}}});
  json::object open_checklist = meeting();
  open_checklist.at("checklist").as_object().erase("questionnaire_read");
  json::object unknown_item = meeting();
  unknown_item.at("checklist").as_object()["luck"] = {{"confirmed", true}};

  // clang-format off
  std::vector<Row> rows{
    {.from = "", .command = "launch", .expect = "eligibility", .as = officer, .company = applicant()},
    {.from = "", .command = "launch", .expect = "guard", .as = officer, .says = "on file is tier I, status good standing", .company = tier_one},
    {.from = "", .command = "launch", .expect = "guard", .as = officer, .says = "of a tier that may take part", .company = lost},
    {.from = "", .command = "launch", .expect = "guard", .as = officer, .says = "another application", .open_cases = {{"TC-2025-000009", "application", "submitted", 0}}, .company = applicant()},
    {.from = "", .command = "launch", .expect = "guard", .as = officer, .says = "is a member", .open_cases = {{"TC-2025-000009", "membership", "active", 0}}, .company = applicant()},
    {.from = "", .command = "launch", .expect = "forbidden", .as = preparer, .company = applicant()},

    {.from = "eligibility", .command = "answer_eligibility", .expect = "not_eligible", .data = data("eligibility"), .body = eligibility(true), .as = officer},
    {.from = "eligibility", .command = "answer_eligibility", .expect = "drafting", .data = data("eligibility"), .body = eligibility(), .as = officer},
    {.from = "eligibility", .command = "answer_eligibility", .expect = "guard", .data = data("eligibility"), .body = without(eligibility(), "eligibility", "no_debt"), .as = officer, .says = "free of debt"},
    {.from = "eligibility", .command = "answer_eligibility", .expect = "guard", .data = data("eligibility"), .body = without(eligibility(true), "eligibility", "two_years_of_imports"), .as = officer, .says = "two years"},
    {.from = "eligibility", .command = "answer_eligibility", .expect = "guard", .data = data("eligibility"), .body = {{"answers", {{"gates", json::object{}}}}}, .as = officer, .says = "no section \"gates\""},
    {.from = "not_eligible", .command = "answer_eligibility", .expect = "not_eligible", .data = data("not_eligible"), .body = eligibility(true), .as = officer},
    {.from = "not_eligible", .command = "answer_eligibility", .expect = "drafting", .data = data("not_eligible"), .body = eligibility(), .as = officer},

    {.from = "drafting", .command = "save", .expect = "drafting", .data = drafting, .body = every_part().front(), .as = preparer},
    {.from = "drafting", .command = "save", .expect = "guard", .data = drafting, .body = unfit, .as = officer, .says = "this cannot be saved: \"123\" is no importer of record number"},
    {.from = "drafting", .command = "carry_over_form", .expect = "drafting", .data = full, .as = preparer, .forms = &newer_forms()},
    {.from = "drafting", .command = "carry_over_form", .expect = "guard", .data = full, .as = preparer, .says = "newest version"},
    {.from = "drafting", .command = "submit", .expect = "submitted", .data = full, .body = signature, .as = officer},
    {.from = "drafting", .command = "submit", .expect = "guard", .data = drafting, .body = signature, .as = officer, .says = "the application is not complete; what is missing: importer of record numbers; contacts; program questionnaire, section \"Company\""},
    {.from = "drafting", .command = "submit", .expect = "guard", .data = full, .body = {{"signature", "Lee Park"}}, .as = officer, .says = "the signature does not hold: type your full name"},
    {.from = "drafting", .command = "submit", .expect = "forbidden", .data = full, .body = signature, .as = preparer},

    {.from = "submitted", .command = "assign", .expect = "under_review", .data = data("submitted"), .body = assignment(), .as = supervisor, .named = people()},
    {.from = "submitted", .command = "assign", .expect = "guard", .data = data("submitted"), .body = assignment("avery@agency.example"), .as = compliance, .says = "Avery Stone is not a National Account Manager", .named = people()},
    {.from = "submitted", .command = "assign", .expect = "guard", .data = data("submitted"), .body = assignment("gone@agency.example"), .as = supervisor, .says = "Gil Gone has left", .named = people()},
    {.from = "submitted", .command = "assign", .expect = "guard", .data = data("submitted"), .body = assignment("nora@agency.example", "lee@broker.example"), .as = supervisor, .says = "Lee Park is not staff", .named = people()},
    {.from = "submitted", .command = "assign", .expect = "guard", .data = data("submitted"), .body = {{"nam", "nora@agency.example"}, {"team", json::array{}}}, .as = supervisor, .says = "name a review team", .named = people()},
    {.from = "submitted", .command = "assign", .expect = "forbidden", .data = data("submitted"), .body = assignment(), .as = nam, .named = people()},
    {.from = "under_review", .command = "assign", .expect = "under_review", .data = review, .body = assignment(), .as = supervisor, .named = people()},

    {.from = "under_review", .command = "request_information", .expect = "information_requested", .data = review, .body = request, .as = nam},
    {.from = "under_review", .command = "request_information", .expect = "guard", .data = review, .body = {{"items", json::array{}}}, .as = nam, .says = "name what is asked for"},
    {.from = "under_review", .command = "request_information", .expect = "guard", .data = review, .body = {{"items", {"x"}}, {"due_on", "2026-01-14"}}, .as = nam, .says = "the due day must lie ahead"},
    {.from = "information_requested", .command = "provide_information", .expect = "under_review", .data = asked, .body = provided, .as = officer},
    {.from = "information_requested", .command = "provide_information", .expect = "guard", .data = asked, .body = {{"answers", {"attached"}}, {"signature", officer_name}}, .as = officer, .says = "every item needs an answer, in the order asked: The broker agreement"},
    {.from = "information_requested", .command = "provide_information", .expect = "guard", .data = asked, .body = {{"answers", {"a", "b", "c"}}, {"signature", officer_name}}, .as = officer, .says = "more answers than items, 2"},
    {.from = "information_requested", .command = "provide_information", .expect = "guard", .data = asked, .body = {{"answers", {"attached", "attached"}}, {"files", json::array{"no hash"}}, {"signature", officer_name}}, .as = officer, .says = "\"no hash\" is no hash of a file"},
    {.from = "information_requested", .command = "provide_information", .expect = "guard", .data = asked, .body = {{"answers", {"attached", "attached"}}, {"signature", "D."}}, .as = officer, .says = "the signature does not hold"},
    {.from = "information_requested", .command = "miss_information_due", .expect = "information_requested", .data = asked, .on = "2026-02-14"},

    {.from = "under_review", .command = "schedule_meeting", .expect = "meeting_scheduled", .data = review, .body = meeting(), .as = nam},
    {.from = "under_review", .command = "schedule_meeting", .expect = "guard", .data = review, .body = open_checklist, .as = nam, .says = "confirmed or skipped with a reason; open: questionnaire_read"},
    {.from = "under_review", .command = "schedule_meeting", .expect = "guard", .data = review, .body = unknown_item, .as = nam, .says = "no item \"luck\""},
    {.from = "under_review", .command = "schedule_meeting", .expect = "guard", .data = review, .body = meeting("2026-01-13"), .as = nam, .says = "the day of the meeting has passed"},
    {.from = "meeting_scheduled", .command = "record_meeting", .expect = "meeting_held", .data = scheduled, .body = record, .as = nam, .on = "2026-03-02"},
    {.from = "meeting_scheduled", .command = "record_meeting", .expect = "guard", .data = scheduled, .body = {{"attendance", json::array{}}, {"risks_discussed", {"x"}}}, .as = nam, .says = "say who attended"},
    {.from = "meeting_scheduled", .command = "record_meeting", .expect = "guard", .data = scheduled, .body = {{"attendance", {"x"}}, {"risks_discussed", json::array{}}}, .as = nam, .says = "say which risks were discussed"},
    {.from = "meeting_held", .command = "recommend", .expect = "decision_pending", .data = held, .body = recommendation, .as = nam},
    {.from = "meeting_held", .command = "recommend", .expect = "guard", .data = held, .body = {{"recommendation", "deny"}, {"findings", json::array{}}}, .as = nam, .says = "give the findings of the review team"},
    {.from = "meeting_held", .command = "recommend", .expect = "invalid", .data = held, .body = {{"recommendation", "maybe"}, {"findings", {"x"}}}, .as = nam, .says = "one of: approve, deny"},

    {.from = "decision_pending", .command = "approve", .expect = "approved", .data = pending, .as = compliance, .company = applicant()},
    {.from = "decision_pending", .command = "approve", .expect = "guard", .data = pending, .as = compliance, .says = "whoever recommended a decision may not take it", .person = "P-nam", .company = applicant()},
    {.from = "decision_pending", .command = "approve", .expect = "guard", .data = pending, .as = compliance, .says = "the company must be a CTPAT Security member", .company = lost},
    {.from = "decision_pending", .command = "approve", .expect = "forbidden", .data = pending, .as = nam, .company = applicant()},
    {.from = "decision_pending", .command = "deny", .expect = "denied", .data = pending, .body = reasons, .as = compliance},
    {.from = "decision_pending", .command = "deny", .expect = "guard", .data = pending, .body = reasons, .as = compliance, .says = "may not take it", .person = "P-nam"},
    {.from = "decision_pending", .command = "deny", .expect = "guard", .data = pending, .body = {{"reasons", json::array{}}}, .as = compliance, .says = "give at least one reason"},
    {.from = "decision_pending", .command = "send_back", .expect = "under_review", .data = pending, .body = reasons, .as = compliance},
    {.from = "decision_pending", .command = "send_back", .expect = "guard", .data = pending, .body = {{"reasons", json::array{}}}, .as = compliance, .says = "give at least one reason"},
  };
  // clang-format on
  for (const char* state : {"eligibility", "drafting", "information_requested"}) {
    rows.push_back({.from = state, .command = "remind", .expect = state, .data = data(state), .on = "2026-02-13"});
    rows.push_back({.from = state, .command = "lapse", .expect = "lapsed", .data = data(state), .on = "2026-04-15"});
  }
  for (const char* state : {"eligibility", "not_eligible", "drafting", "submitted", "under_review", "information_requested",
                            "meeting_scheduled", "meeting_held", "decision_pending"}) {
    rows.push_back({.from = state, .command = "withdraw", .expect = "withdrawn", .data = data(state), .as = officer});
    rows.push_back({.from = state, .command = "withdraw", .expect = "forbidden", .data = data(state), .as = preparer});
  }
  check_every_transition(workflow(), rows);
}

TEST_CASE("a \"no\" stops an application until it is answered again, and every answer is kept") {
  Story story = at("not_eligible");
  CHECK(story.tasks() == std::set<std::string>{"become_eligible"});
  CHECK(story.timers().empty());
  story.go_to("2027-06-01");  // not to be eligible yet is no silence
  say(story, "answer_eligibility", eligibility(), officer);
  const json::array& rounds = story.data().at("eligibility").as_array();
  REQUIRE(rounds.size() == 2);
  CHECK(rounds[0].at("no_texts") == json::array{"Is your company free of debt to CBP?"});
  CHECK(rounds[1].at("no_texts").as_array().empty());
  CHECK(story.due("lapse") == day("2027-08-30"));
}

TEST_CASE("silence is reminded of after 30 and 60 days and lapses after 90, and every act of the company starts it anew") {
  Story story = at("drafting");
  CHECK(story.due("lapse") == day("2026-04-14"));
  story.go_to("2026-02-20");
  say(story, "save", every_part().front(), preparer);
  say(story, "save", every_part().back(), officer);
  CHECK(story.due("lapse") == day("2026-05-21"));
  CHECK(story.ledger("lapse").size() == 2);  // one entry for the day, not one for each act of it
  story.go_to("2026-05-21");
  CHECK(story.state() == "drafting");
  story.go_to("2026-05-22");
  CHECK(story.state() == "lapsed");
  CHECK(story.letters == std::vector<std::string>{"2026-02-13 application_draft_reminder", "2026-03-22 application_draft_reminder",
                                                  "2026-04-21 application_draft_reminder", "2026-05-22 application_lapsed"});
}

TEST_CASE("a day of lapse that falls on a weekend moves to a business day, and says so") {
  Story story(workflow(), "2026-01-18", 0);  // a Sunday; 90 days on is Saturday, April 18
  story.company = applicant();
  say(story, "launch", {}, officer);
  CHECK(story.due("lapse") == day("2026-04-20"));
  CHECK_THAT(story.ledger("lapse").front().steps.back(), Catch::Contains("moved to the next business day"));
}

TEST_CASE("information asked for is due after 30 days, moved to a business day, and its lack becomes the account manager's work") {
  Story story = at("information_requested");
  CHECK(story.due("information_due") == day("2026-02-13"));
  story.go_to("2026-02-13");
  CHECK(story.tasks() == std::set<std::string>{"provide_information"});
  story.go_to("2026-02-14");
  CHECK(story.tasks() == std::set<std::string>{"provide_information", "information_overdue"});
  CHECK(story.letters.back() == "2026-02-14 request_overdue");
  say(story, "provide_information", provided, officer);
  CHECK(story.standing().empty());
  CHECK(story.timers().empty());
  CHECK(story.tasks() == std::set<std::string>{"review"});

  const Step named_day = taken(workflow(), {.from = "under_review",
                                            .command = "request_information",
                                            .expect = "information_requested",
                                            .data = data("under_review"),
                                            .body = {{"items", {"x"}}, {"due_on", "2026-02-14"}},
                                            .as = nam});
  CHECK(deadline_in(named_day.effects, "information_due")->due_on == day("2026-02-17"));  // a Saturday before Washington's Birthday
}

TEST_CASE("an approval makes the company a member: date, numbers, facts, letters and the membership") {
  Story story = at("decision_pending");
  story.go_to("2026-03-20");
  say(story, "approve", {}, compliance);
  const auto updates = effects_of<UpdateCompany>(story.sent);
  CHECK(updates.back().acceptance_date == day("2026-03-20"));
  CHECK(updates.back().program == "CTPAT-TC");
  CHECK(updates.back().nam == "P-nam");
  REQUIRE(updates.back().contacts.size() == 1);
  CHECK(updates.back().contacts.front().email == "mara@harborlane.example");
  CHECK(updates.back().contacts.front().notices);
  CHECK(updates.back().ior_numbers == std::vector<std::string>{"12-3456789AB", "987-65-4321"});
  const auto opened = effects_of<OpenCase>(story.sent);
  REQUIRE(opened.size() == 1);
  CHECK(opened[0].workflow == "membership");
  CHECK(opened[0].body == json::object{{"acceptance_date", "2026-03-20"}, {"program", "CTPAT-TC"}, {"settled_cycle", 0}});
  CHECK(std::vector(story.letters.end() - 2, story.letters.end()) ==
        std::vector<std::string>{"2026-03-20 application_approval", "2026-03-20 mou"});

  const auto recorded = effects_of<RecordFacts>(story.sent);
  REQUIRE(recorded.size() == 1);
  const auto fact = [&](std::string_view key) {
    return *std::ranges::find_if(recorded[0].facts, [&](const Fact& one) { return one.key == key; });
  };
  CHECK(fact("org.structure").source == "application questionnaire");
  CHECK(fact("org.structure").as_of == day(launched));
  CHECK(fact("org.structure").recorded_by == "P-officer");
  CHECK(fact("mou.comply").source == "memorandum of understanding");
  CHECK(fact("mou.comply").value == json::value(true));
}

TEST_CASE("the approval letter tells the first dates, and masks numbers of the social security kind") {
  const Step step = taken(workflow(), {.from = "decision_pending",
                                       .command = "approve",
                                       .expect = "approved",
                                       .data = data("decision_pending"),
                                       .as = compliance,
                                       .on = "2026-03-20",
                                       .company = applicant()});
  const json::object fields = letter_in(step.effects, "application_approval")->fields;
  CHECK(fields.at("first_window_on") == "March 20, 2027");
  CHECK(fields.at("first_due_on") == "April 20, 2027");
  CHECK(fields.at("ior_numbers") == json::array{"12-3456789AB", "***-**-4321"});
  CHECK(letter_in(step.effects, "mou")->fields.at("officer_name") == json::value(officer_name));
}

TEST_CASE("what is saved must fit, and the refusal says why") {
  const auto says = [drafting = data("drafting")](json::object body) {
    return refused(workflow(),
                   {.from = "drafting", .command = "save", .expect = "", .data = drafting, .body = std::move(body), .as = officer})
        .sentence;
  };
  const json::object nothing;
  CHECK_THAT(says(part("questionnaire", nothing)), Catch::Contains("name the section, one of company, import_program"));
  CHECK_THAT(says({{"part", "mou"}, {"section", "parties"}, {"answers", {{"oath", "yes"}}}}), Catch::Contains("no question \"oath\""));
  CHECK_THAT(says({{"part", "contacts"}, {"section", "parties"}, {"answers", nothing}}), Catch::Contains("have sections"));
  CHECK_THAT(says(part("ior_numbers", {{"ior_numbers", {"12-3456789AB", "12-3456789AB"}}})), Catch::Contains("stands there twice"));
  CHECK_THAT(says(part("ior_numbers", nothing)), Catch::Contains("ior_numbers is needed and is missing"));
  CHECK_THAT(says(part("contacts", {{"contacts", {{{"name", "M"}, {"email", "nowhere"}, {"notices", true}}}}})),
             Catch::Contains("is no e-mail address"));
  CHECK_THAT(says(part("control_manual", {{"document", " "}})), Catch::Contains("document is needed and is empty"));
  CHECK_THAT(says(part("forced_labor", {{"documents", 3}})), Catch::Contains("documents must be a list"));
}

TEST_CASE("a submission names each thing that is missing") {
  const auto says = [](const std::vector<json::object>& changes) {
    Story story = at("drafting");
    for (const json::object& one : every_part()) say(story, "save", one, officer);
    for (const json::object& one : changes) say(story, "save", one, officer);
    REQUIRE_FALSE(story.send("submit", signature, officer));
    return story.last_refusal->sentence;
  };
  json::object quiet = contact;
  quiet["notices"] = false;
  CHECK_THAT(says({part("contacts", {{"contacts", {quiet}}})}), Catch::Contains("a contact who takes e-mail notices"));
  CHECK_THAT(says({part("forced_labor", {{"documents", json::array{}}})}), Catch::Contains("forced-labor documents"));
  json::object denied = section_part("mou", *shipped_forms().get("mou", 1).section("commitments"));
  denied.at("answers").as_object()["test"] = false;
  CHECK_THAT(says({denied}), Catch::Contains("must be confirmed with yes"));
  json::object gap = section_part("questionnaire", *shipped_forms().get("questionnaire", 1).section("system_controls"));
  gap.at("answers").as_object().erase("forced_labor_documents");
  CHECK_THAT(says({gap}), Catch::Contains("13a. Name the forced labor documents"));
}

TEST_CASE("a draft keeps its form version until somebody carries it over") {
  Story story = at("drafting");
  for (const json::object& one : every_part()) say(story, "save", one, officer);
  story.forms = &newer_forms();
  Story untouched = story;
  say(untouched, "submit", signature, officer);  // nothing has moved by itself
  say(story, "carry_over_form", {}, preparer);
  CHECK_FALSE(story.send("submit", signature, officer));
  CHECK_THAT(story.last_refusal->sentence, Catch::Contains("Since when does the company import?"));
}

TEST_CASE("an application sent back asks for a new recommendation, by anybody but its decider") {
  Story story = at("decision_pending");
  say(story, "send_back", reasons, compliance);
  CHECK(story.data().if_contains("recommendation") == nullptr);
  say(story, "schedule_meeting", meeting(), nam);
  say(story, "record_meeting", record, nam);
  say(story, "recommend", recommendation, nam, "P-casey");
  CHECK_FALSE(story.send("approve", {}, compliance, "P-casey"));
  CHECK(story.send("approve", {}, compliance));
}

TEST_CASE("importer of record numbers have three forms") {
  for (const char* good : {"12-3456789AB", "12-345678900", "987-65-4321", "123456-12345"}) CHECK(is_importer_number(good));
  for (const char* bad : {"", "12-3456789", "12-3456789ab", "98765-4321", "12345-123456", "12-3456789ABC"})
    CHECK_FALSE(is_importer_number(bad));
  CHECK(importer_number_shown("123456-12345") == "123456-12345");
  CHECK(importer_number_shown("987-65-4321") == "***-**-4321");
}

TEST_CASE("the stored names of an application's states are these for ever") {
  std::vector<std::string> names;
  for (const StateInfo& state : workflow().states)
    if (!state.name.empty()) names.push_back(state.name);
  std::ranges::sort(names);
  CHECK(names == std::vector<std::string>{"approved", "decision_pending", "denied", "drafting", "eligibility", "information_requested",
                                          "lapsed", "meeting_held", "meeting_scheduled", "not_eligible", "submitted", "under_review",
                                          "withdrawn"});
}
