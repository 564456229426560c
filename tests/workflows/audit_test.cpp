// The audit over time: the clocks of 19 CFR 163.11, records, report and improvement plan.
#include <catch2/catch.hpp>

#include "tests/workflows/audit_acts.hpp"

using namespace tradecase;
using namespace tradecase::testing;
using namespace tradecase::testing::audit_acts;

TEST_CASE("audit: an active member is put to a focused assessment only for a reason that the referral names") {
  Story story(workflow(), "2026-01-14");
  story.open_cases = {{"TC-2024-000001", "membership", "active", 0}};
  REQUIRE(story.send("open_referral", referral("focused_assessment")));
  CHECK_FALSE(story.send("refer", {}, nam));
  CHECK(story.send("refer", {{"override_reason", "Ordered by the court."}}, nam));
  CHECK(story.letters == std::vector<std::string>{"2026-01-14 audit_referral"});
}

TEST_CASE("audit: the end date is told, told anew with reasons, and when it passes the company may petition") {
  Story story = audit_in("fieldwork");
  CHECK(story.due("audit_end") == day("2026-06-30"));
  CHECK_FALSE(story.send("petition_closing", {}, officer));
  story.go_to("2026-07-01");
  CHECK(story.tasks().contains("end_date_passed"));
  REQUIRE(story.send("petition_closing", {}, officer));
  CHECK(story.due("closing_due") == day("2026-07-16"));
  CHECK(story.tasks().contains("closing_petitioned"));
  story.go_to("2026-07-17");
  CHECK(story.tasks().contains("closing_missed"));

  SECTION("the closing conference ends it all") {
    REQUIRE(story.send("hold_closing", {{"held_on", "2026-07-17"}, {"attendance", list({"Dana Whitfield"})}}, auditor));
    CHECK(story.standing() == std::vector<std::string>{"report_due"});
    CHECK(story.tasks() == std::set<std::string>{"issue_report"});
  }
  SECTION("a delay is told with its reasons; the first date stays on record") {
    REQUIRE(story.send("record_delay", delay("2026-08-31"), auditor));
    CHECK(story.due("audit_end") == day("2026-08-31"));
    CHECK(story.ledger("audit_end").size() == 2);
    CHECK(story.letters.back() == "2026-07-17 audit_delay_notice");
    CHECK_FALSE(story.tasks().contains("end_date_passed"));
  }
}

TEST_CASE("audit: the petition's 15 days do not move to a business day") {
  Story story = audit_in("fieldwork");
  story.go_to("2026-07-03");
  REQUIRE(story.send("petition_closing", {}, officer));
  CHECK(story.due("closing_due") == day("2026-07-18"));  // a Saturday
}

TEST_CASE("audit: a questionnaire asks before the fieldwork only what is not on file, and its answers go on file") {
  Story story = audit_questionnaire::built(audit_in("noticed"));
  const auto counted = [&](const char* name) { return story.data().at("questionnaire").at("counts").at(name).to_number<int>(); };
  const int all = counted("asked") + counted("pre_answered");
  CHECK(counted("pre_answered") == 3);
  CHECK(all == 28);
  CHECK(story.letters.size() == 2);  // the company is not told of what is only built
  story.facts.push_back({"records.system", "Seven years, in Memphis", day("2026-01-13"), "annual notification, cycle 2", "J", "", ""});
  REQUIRE(story.send("send_questionnaire", {}, auditor));
  CHECK(counted("pre_answered") == 4);
  CHECK(story.letters.back() == "2026-01-14 audit_questionnaire");
  CHECK(story.due("questionnaire_due") == day("2026-02-13"));
  CHECK(story.tasks().contains("answer_questionnaire"));

  json::object said = audit_questionnaire::answers(story.data());
  for (json::value& reply : said.at("answers").as_array())
    if (reply.at("question") == "control_manual_version") reply = {{"question", "control_manual_version"}, {"value", "6, since 2026"}};
  story.go_to("2026-01-30");
  REQUIRE(story.send("answer_questionnaire", said, officer));
  CHECK(counted("confirmed") == 3);
  CHECK(counted("corrected") == 1);
  CHECK(counted("answered") == counted("asked"));
  CHECK(counted("re_asked") == 0);
  CHECK_FALSE(story.due("questionnaire_due"));
  CHECK_FALSE(story.tasks().contains("answer_questionnaire"));
  CHECK(story.tasks().contains("read_questionnaire"));
  const auto recorded = effects_of<RecordFacts>(story.sent);
  REQUIRE(recorded.size() == 1);
  CHECK(recorded.front().facts.front().source == "audit TC-2026-000001");
  CHECK(recorded.front().facts.size() == static_cast<std::size_t>(all));
  story.go_to("2026-02-03");
  REQUIRE(story.send("schedule_entrance", entrance, auditor));
  REQUIRE(story.send("hold_entrance", entrance_held, auditor));
  REQUIRE(story.send("start_fieldwork", {}, auditor));
  CHECK_FALSE(story.tasks().contains("read_questionnaire"));
}

TEST_CASE("audit: what is on file is asked again only with a reason, which stays on record") {
  Story story = audit_questionnaire::built(audit_in("noticed"));
  CHECK_FALSE(story.send("build_questionnaire", {{"ask_again", {{{"question", "brokers"}}}}}, auditor));
  REQUIRE(story.send("build_questionnaire",
                     {{"sections", {"brokers"}}, {"ask_again", {{{"question", "brokers"}, {"reason", "A broker closed in May."}}}}},
                     auditor));
  const json::object& counts = story.data().at("questionnaire").at("counts").as_object();
  CHECK(counts.at("asked_again") == 1);
  CHECK(counts.at("pre_answered") == 0);
  CHECK(counts.at("re_asked") == 0);
  CHECK(story.data().at("questionnaire").at("questions").as_array().size() == 2);
}

TEST_CASE("audit: a questionnaire is reminded of, missed, escalated, given more time, withdrawn and sent anew") {
  Story story = audit_questionnaire::sent(audit_in("noticed"));
  story.go_to("2026-02-14");
  CHECK(story.letters.back() == "2026-02-14 request_overdue");
  CHECK(story.tasks().contains("overdue"));
  story.go_to("2026-03-02");
  CHECK(story.tasks().contains("escalated"));
  SECTION("more time") {
    REQUIRE(story.send("request_extension", extension(30), officer));
    REQUIRE(story.send("grant_extension", {{"days", 30}}, auditor));
    CHECK(story.due("questionnaire_due") == day("2026-03-16"));  // March 15 is a Sunday
    CHECK_FALSE(story.tasks().contains("escalated"));
  }
  SECTION("withdrawn, and sent anew") {
    REQUIRE(story.send("withdraw_questionnaire", {{"reason", "It is settled."}}, auditor));
    CHECK(story.letters.back() == "2026-03-02 audit_questionnaire_withdrawn");
    CHECK_FALSE(story.due("questionnaire_due"));
    for (const char* task : {"answer_questionnaire", "overdue", "escalated"}) CHECK_FALSE(story.tasks().contains(task));
    REQUIRE(story.send("send_questionnaire", {{"due_on", "2026-04-01"}}, auditor));
    CHECK(story.due("questionnaire_due") == day("2026-04-01"));
    CHECK(story.data().at("questionnaire").at("withdrawn_because").as_array().size() == 1);
  }
  SECTION("the audit ends") {
    REQUIRE(story.send("cancel", {{"reason", "The company was dissolved."}}, compliance));
    CHECK(story.standing().empty());
    CHECK(story.timers().empty());
  }
}

TEST_CASE("audit: a missed entrance conference gives the auditor work") {
  Story story = audit_in("noticed");
  REQUIRE(story.send("schedule_entrance", entrance, auditor));
  CHECK(story.due("entrance_on") == day("2026-02-03"));
  story.go_to("2026-02-04");
  CHECK(story.tasks().contains("entrance_missed"));
  REQUIRE(story.send("hold_entrance", entrance_held, auditor));
  CHECK_FALSE(story.tasks().contains("entrance_missed"));
  CHECK_FALSE(story.due("entrance_on"));
}

TEST_CASE("audit: the report is due 90 calendar days after the closing conference, the copy 30 after the report") {
  Story story = audit_in("closing_held");
  CHECK(story.due("report_due") == day("2026-05-05"));
  story.go_to("2026-05-06");
  CHECK(story.tasks().contains("report_overdue"));
  CHECK(story.tasks().contains("report_missed"));
  REQUIRE(story.send("extend_report", {{"reasons", list({"A ruling is pending."})}, {"new_due_on", "2026-07-01"}}, compliance));
  CHECK(story.due("report_due") == day("2026-07-01"));
  CHECK(story.ledger("report_due").back().inputs.at("reason") == "A ruling is pending.");
  CHECK_FALSE(story.tasks().contains("report_missed"));
  story.go_to("2026-06-01");
  REQUIRE(story.send("issue_report", {{"findings", json::array{}}}, auditor));
  CHECK(story.due("report_copy_due") == day("2026-07-01"));
  CHECK_FALSE(story.due("report_due"));
  story.go_to("2026-07-02");
  CHECK(story.tasks().contains("copy_overdue"));
  REQUIRE(story.send("send_copy", {}, auditor));
  CHECK(story.state() == "closed");
  CHECK(story.letters.back() == "2026-07-02 audit_closed");
}

TEST_CASE("audit: a sample is drawn only from a plan that an officer has accepted in writing") {
  Story story = audit_in("fieldwork");
  CHECK_FALSE(ask_records(story, records(true)));
  CHECK(story.last_refusal->sentence.find("written acceptance") != std::string::npos);
  REQUIRE(story.send("send_sampling_plan", sampling, auditor));
  CHECK(story.tasks().contains("accept_sampling_plan"));
  REQUIRE(story.send("refuse_sampling_plan", {{"reason", "Leave out free samples."}}, officer));
  CHECK(story.tasks().contains("sampling_refused"));
  CHECK_FALSE(story.send("accept_sampling_plan", signature, officer));
  REQUIRE(story.send("send_sampling_plan", sampling, auditor));
  REQUIRE(story.send("accept_sampling_plan", signature, officer));
  CHECK(story.data().at("sampling").at("acceptance").at("by") == "P-officer");
  CHECK(ask_records(story, records(true)));
}

TEST_CASE("audit: a letter goes out as a second person approved it, and a change voids the approval") {
  Story story = story_with_letter(false);
  CHECK(story.tasks().contains("approve_letter:audit_request"));
  REQUIRE(story.send("approve_letter", {{"hash", letter_hash}}, compliance));
  CHECK_FALSE(story.tasks().contains("approve_letter:audit_request"));
  json::object anew = letter_fixed();
  anew["hash"] = std::string(64, 'd');
  SECTION("fixed anew, it waits again, and the old hash is worth nothing") {
    REQUIRE(story.send("fix_letter", anew, auditor));
    CHECK(story.tasks().contains("approve_letter:audit_request"));
    CHECK_FALSE(story.send("request_records", with_approved(request_due(), letter_hash), auditor));
    CHECK_FALSE(story.send("request_records", with_approved(request_due(), std::string(64, 'd')), auditor));
  }
  SECTION("taken back, it is gone") {
    REQUIRE(story.send("take_back_letter", {{"hash", letter_hash}, {"reason", "Too wide."}}, compliance));
    CHECK_FALSE(story.send("request_records", with_approved(request_due(), letter_hash), auditor));
  }
  SECTION("sent, it is used up") {
    REQUIRE(story.send("request_records", with_approved(request_due(), letter_hash), auditor));
    CHECK(story.letters.back() == "2026-02-03 audit_request");
    CHECK(story.due("documents_due") == day("2026-03-09"));
    CHECK_FALSE(story.send("request_records", with_approved(request_due(), letter_hash), auditor));
  }
  SECTION("the closing conference leaves none behind") {
    story.go_to("2026-02-04");
    REQUIRE(story.send("hold_closing", closing_held, auditor));
    CHECK(story.data().at("letters").as_array().empty());
    CHECK_FALSE(story.tasks().contains("approve_letter:audit_sampling_plan"));
  }
}

TEST_CASE("audit: records are asked for, delivered item by item, accepted or returned") {
  Story story = audit_in("fieldwork");
  REQUIRE(ask_records(story));
  CHECK(story.due("documents_due") == day("2026-03-05"));  // 30 days from February 3
  story.go_to("2026-03-06");
  CHECK(story.letters.back() == "2026-03-06 request_overdue");
  CHECK(story.tasks().contains("overdue"));
  REQUIRE(story.send("deliver",
                     delivery({none_for(entry_1, 1), json::object{{"entry_number", entry_2}, {"line", 2}, {"documents", "invoice 9"}}}),
                     preparer));
  CHECK_FALSE(story.due("documents_due"));
  CHECK_FALSE(story.tasks().contains("overdue"));
  CHECK(story.tasks().contains("review_records"));
  REQUIRE(story.send("review_records", reviewed(entry_1, 1, true), auditor));
  REQUIRE(story.send("review_records", reviewed(entry_2, 2, false, "The invoice is not legible."), auditor));
  CHECK_FALSE(story.tasks().contains("review_records"));
  CHECK(story.due("documents_due") == day("2026-04-06"));  // April 5 is a Sunday
  CHECK(story.letters.back() == "2026-03-06 audit_request");
}

TEST_CASE("audit: a plan is asked for, sent back, accepted, and its actions watched and verified") {
  Story story = audit_in("plan_required");
  CHECK(story.due("plan_due") == day("2026-03-06"));
  CHECK(story.letters.back() == "2026-02-04 audit_plan_request");
  story.go_to("2026-03-07");
  CHECK(story.tasks().contains("overdue"));
  REQUIRE(story.send("submit_plan", plan(), officer));
  CHECK_FALSE(story.due("plan_due"));
  REQUIRE(story.send("send_back_plan", {{"reasons", list({"Finding 2 needs a cause."})}}, auditor));
  CHECK(story.due("plan_due") == day("2026-04-06"));
  REQUIRE(story.send("submit_plan", signature, officer));  // the plan as saved
  REQUIRE(story.send("accept_plan", {}, auditor));
  CHECK(story.due("action:1") == day("2026-06-15"));  // June 13 is a Saturday
  const auto recorded = effects_of<RecordFacts>(story.sent);
  REQUIRE(recorded.size() == 1);
  CHECK(recorded.front().facts.size() == 3);

  REQUIRE(story.send("report_action", {{"action", 1}, {"evidence", "Log of May"}}, preparer));
  CHECK(story.tasks().contains("action_reported"));
  REQUIRE(story.send("verify_plan", verified(1, true), auditor));
  CHECK_FALSE(story.due("action:1"));
  story.go_to("2026-06-16");
  CHECK(story.tasks().contains("action_overdue:2"));
  CHECK_FALSE(story.tasks().contains("action_overdue:1"));
  CHECK(story.tasks().contains("plan_late"));
  REQUIRE(story.send("verify_plan", verified(2, true), auditor));
  CHECK(story.state() == "follow_up");
  CHECK(story.tasks() == std::set<std::string>{"close_audit"});
  CHECK(story.standing().empty());
}
