// Years of the annual notification letter in which days pass: its letters and tasks, and the laws of its dates.
#include <rapidcheck/catch.h>

#include <algorithm>

#include "tests/workflows/letter_year.hpp"
#include "workflows/annual_notification/dates.hpp"

using namespace tradecase;
using namespace tradecase::testing;
using namespace tradecase::testing::letter_year;
using std::chrono::days;

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
