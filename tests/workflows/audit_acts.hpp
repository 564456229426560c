// What people say and send in an audit, and an audit that has come as far as a state: for its table's test and its journeys'.
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <string_view>

#include "tests/workflows/audit_questionnaire.hpp"
#include "tests/workflows/rows.hpp"
#include "workflows/audit/audit.hpp"

namespace tradecase::testing::audit_acts {

inline constexpr RoleSet officer{Role::officer}, preparer{Role::preparer}, nam{Role::nam}, compliance{Role::compliance},
    auditor{Role::auditor};
inline constexpr auto entry_1 = "ABC12345678", entry_2 = "ABC87654321";

inline const Workflow& workflow() {
  static const Workflow one = audit();
  return one;
}

inline json::array list(std::initializer_list<json::value> items) { return json::array(items.begin(), items.end()); }

inline json::object referral(const char* kind = "single_issue") {
  return {{"kind", kind}, {"risk_areas", list({"classification"})}, {"reasons", list({"Duty rates fell in one month."})}};
}
inline const json::object notice{
    {"phoned_on", "2026-01-13"}, {"objectives", list({"Test the classification of shirts"})}, {"estimate", "About six months."}};
inline const json::object entrance{{"entrance_on", "2026-02-03"},
                                   {"place", "Memphis"},
                                   {"records", list({"Internal control manual"})},
                                   {"sampling_plan", "We propose a sample; its plan follows."},
                                   {"offsetting", "Overpayments may be offset under 19 CFR 163.11(d)."},
                                   {"ends_on", "2026-06-30"}};
inline const json::object entrance_held{
    {"held_on", "2026-02-03"}, {"attendance", list({"Dana Whitfield", "Avery Stone"})}, {"ends_on", "2026-06-30"}};
inline const json::object sampling{{"method", "simple random"},
                                   {"sample_size", 2},
                                   {"population", "400 entry lines of 2025, total 1,200,000.00"},
                                   {"seed_note", "Seed 20260114; see the sampler's page."},
                                   {"waiver", "You accept that results are projected from the sample."}};
inline const json::object closing_held{{"held_on", "2026-02-04"}, {"attendance", list({"Dana Whitfield", "Avery Stone"})}};
inline const json::object two_findings{
    {"findings", list({json::object{{"area", "classification"}, {"text", "Shirts were entered as blouses."}},
                       json::object{{"area", "recordkeeping"}, {"text", "Two invoices are missing."}}})}};
inline const json::object signature{{"signature", officer_name}};

inline json::object item(const char* entry, int line) {
  return {{"entry_number", entry}, {"line", line}, {"documents", "invoice, proof of payment"}};
}
inline json::object records(bool sampled = false) {
  return {{"scope", "Entries of 2025"}, {"items", list({item(entry_1, 1), item(entry_2, 2)})}, {"sampled", sampled}};
}
inline json::object none_for(const char* entry, int line) {
  return {{"entry_number", entry}, {"line", line}, {"not_applicable", "The line was cancelled."}};
}
inline json::object delivery(std::initializer_list<json::value> items) { return {{"items", json::array(items.begin(), items.end())}}; }
inline json::object reviewed(const char* entry, int line, bool accepted, const char* reason = nullptr) {
  json::object one{{"entry_number", entry}, {"line", line}, {"accepted", accepted}};
  if (reason) one["reason"] = reason;
  return {{"items", list({one})}};
}
inline json::object delay(const char* until) { return {{"reasons", list({"Two witnesses are on leave."})}, {"new_end_on", until}}; }
inline json::object extension(int days) { return {{"days", days}, {"reason", "The archive moves in March."}}; }

inline json::object action(const char* finding, const char* due = "2026-06-13") {  // a Saturday
  return {{"finding", finding},
          {"area", "classification"},
          {"root_cause", "No second reader"},
          {"corrective_action", "Two people read each entry"},
          {"action_owner", "L. Park"},
          {"due", due},
          {"evidence", "Log of readings"},
          {"verification", "Monthly test of ten entries"}};
}
inline json::object plan() {
  return {{"plan",
           json::object{{"plan_officer", officer_name}, {"plan_summary", "No wrong class by July"}, {"plan_monitoring", "Monthly report"}}},
          {"actions", list({action("1"), action("2. Two invoices are missing.")})},
          {"signature", officer_name}};
}
inline json::object verified(int number, bool holds) {
  return {{"actions", list({json::object{{"action", number}, {"holds", holds}, {"evidence", "Read the log of May."}}})}};
}

// An audit that has come as far as the state, everybody doing what they should.
inline Story audit_in(std::string_view state, const json::object& findings = two_findings) {
  Story story(workflow(), "2026-01-14");
  const auto act = [&](const char* command, const json::object& body, RoleSet as) {
    if (story.state() == state) return;
    if (!story.send(command, body, as)) FAIL(command << ": " << story.last_refusal->sentence);
  };
  act("open_referral", referral(), compliance);
  act("refer", {}, compliance);
  act("accept", {}, auditor);
  act("give_notice", notice, auditor);
  if (story.state() == state) return story;
  act("schedule_entrance", entrance, auditor);
  story.go_to("2026-02-03");
  act("hold_entrance", entrance_held, auditor);
  act("start_fieldwork", {}, auditor);
  if (story.state() == state) return story;
  story.go_to("2026-02-04");
  act("hold_closing", closing_held, auditor);
  act("issue_report", findings, auditor);
  act("send_copy", {}, auditor);
  act("submit_plan", plan(), officer);
  act("accept_plan", {}, auditor);
  act("verify_plan", verified(1, true), auditor);
  act("verify_plan", verified(2, true), auditor);
  return story;
}
inline json::object data_in(std::string_view state, const json::object& findings = two_findings) {
  return audit_in(state, findings).data();
}

inline json::object after(Story story, const std::string& command, const json::object& body, RoleSet as) {
  if (!story.send(command, body, as)) FAIL(command << ": " << story.last_refusal->sentence);
  return story.data();
}
inline json::object entrance_scheduled() { return after(audit_in("noticed"), "schedule_entrance", entrance, auditor); }
inline bool ask_records(Story& story, const json::object& says = records()) {
  return send_approved(story, "audit_request", "request_records", says, auditor);
}
inline Story with_records_requested() {
  Story story = audit_in("fieldwork");
  REQUIRE(ask_records(story));
  return story;
}
inline json::object records_requested() { return with_records_requested().data(); }
inline json::object records_delivered() {
  Story story = audit_in("fieldwork");
  REQUIRE(ask_records(story));
  return after(story, "deliver", delivery({none_for(entry_1, 1)}), officer);
}
inline json::object plan_sent() { return after(audit_in("fieldwork"), "send_sampling_plan", sampling, auditor); }

inline const std::string letter_hash(64, 'a'), plan_hash(64, 'b');

// The request of records(), due on a Saturday: the letter names the Monday after it.
inline json::object request_due() {
  json::object body = records();
  body["due_on"] = "2026-03-07";
  return body;
}
inline json::object letter_fixed(const json::object& says = request_due()) {
  return {
      {"letter", "audit_request"}, {"hash", letter_hash}, {"says", says}, {"due_on", "2026-03-09"}, {"authors", list({"P-compliance-2"})}};
}
inline json::object with_approved(json::object body, const std::string& hash) {
  body["approved"] = hash;
  return body;
}
inline Story story_with_letter(bool approved) {
  Story story = audit_in("fieldwork");
  REQUIRE(story.send("fix_letter", letter_fixed(), auditor));
  REQUIRE(story.send("fix_letter", {{"letter", "audit_sampling_plan"}, {"hash", plan_hash}, {"says", sampling}}, auditor));
  if (!approved) return story;
  REQUIRE(story.send("approve_letter", {{"hash", letter_hash}}, compliance));
  REQUIRE(story.send("approve_letter", {{"hash", plan_hash}}, compliance));
  return story;
}

}  // namespace tradecase::testing::audit_acts
