// The audit: its table, the clocks of 19 CFR 163.11, records, report and improvement plan over time.
#include <catch2/catch.hpp>

#include "tests/workflows/audit_questionnaire.hpp"
#include "tests/workflows/rows.hpp"
#include "workflows/audit/audit.hpp"

using namespace tradecase;
using namespace tradecase::testing;

namespace {

constexpr RoleSet officer{Role::officer}, preparer{Role::preparer}, nam{Role::nam}, compliance{Role::compliance}, auditor{Role::auditor};
constexpr auto entry_1 = "ABC12345678", entry_2 = "ABC87654321";

const Workflow& workflow() {
  static const Workflow one = audit();
  return one;
}

json::array list(std::initializer_list<json::value> items) { return json::array(items.begin(), items.end()); }

json::object referral(const char* kind = "single_issue") {
  return {{"kind", kind}, {"risk_areas", list({"classification"})}, {"reasons", list({"Duty rates fell in one month."})}};
}
const json::object notice{
    {"phoned_on", "2026-01-13"}, {"objectives", list({"Test the classification of shirts"})}, {"estimate", "About six months."}};
const json::object entrance{{"entrance_on", "2026-02-03"},
                            {"place", "Memphis"},
                            {"records", list({"Internal control manual"})},
                            {"sampling_plan", "We propose a sample; its plan follows."},
                            {"offsetting", "Overpayments may be offset under 19 CFR 163.11(d)."},
                            {"ends_on", "2026-06-30"}};
const json::object entrance_held{
    {"held_on", "2026-02-03"}, {"attendance", list({"Dana Whitfield", "Avery Stone"})}, {"ends_on", "2026-06-30"}};
const json::object sampling{{"method", "simple random"},
                            {"sample_size", 2},
                            {"population", "400 entry lines of 2025, total 1,200,000.00"},
                            {"seed_note", "Seed 20260114; see the sampler's page."},
                            {"waiver", "You accept that results are projected from the sample."}};
const json::object closing_held{{"held_on", "2026-02-04"}, {"attendance", list({"Dana Whitfield", "Avery Stone"})}};
const json::object two_findings{{"findings", list({json::object{{"area", "classification"}, {"text", "Shirts were entered as blouses."}},
                                                   json::object{{"area", "recordkeeping"}, {"text", "Two invoices are missing."}}})}};
const json::object signature{{"signature", officer_name}};

json::object item(const char* entry, int line) {
  return {{"entry_number", entry}, {"line", line}, {"documents", "invoice, proof of payment"}};
}
json::object records(bool sampled = false) {
  return {{"scope", "Entries of 2025"}, {"items", list({item(entry_1, 1), item(entry_2, 2)})}, {"sampled", sampled}};
}
json::object none_for(const char* entry, int line) {
  return {{"entry_number", entry}, {"line", line}, {"not_applicable", "The line was cancelled."}};
}
json::object delivery(std::initializer_list<json::value> items) { return {{"items", json::array(items.begin(), items.end())}}; }
json::object reviewed(const char* entry, int line, bool accepted, const char* reason = nullptr) {
  json::object one{{"entry_number", entry}, {"line", line}, {"accepted", accepted}};
  if (reason) one["reason"] = reason;
  return {{"items", list({one})}};
}
json::object delay(const char* until) { return {{"reasons", list({"Two witnesses are on leave."})}, {"new_end_on", until}}; }
json::object extension(int days) { return {{"days", days}, {"reason", "The archive moves in March."}}; }

json::object action(const char* finding, const char* due = "2026-06-13") {  // a Saturday
  return {{"finding", finding},
          {"area", "classification"},
          {"root_cause", "No second reader"},
          {"corrective_action", "Two people read each entry"},
          {"action_owner", "L. Park"},
          {"due", due},
          {"evidence", "Log of readings"},
          {"verification", "Monthly test of ten entries"}};
}
json::object plan() {
  return {{"plan",
           json::object{{"plan_officer", officer_name}, {"plan_summary", "No wrong class by July"}, {"plan_monitoring", "Monthly report"}}},
          {"actions", list({action("1"), action("2. Two invoices are missing.")})},
          {"signature", officer_name}};
}
json::object verified(int number, bool holds) {
  return {{"actions", list({json::object{{"action", number}, {"holds", holds}, {"evidence", "Read the log of May."}}})}};
}

// An audit that has come as far as the state, everybody doing what they should.
Story audit_in(std::string_view state, const json::object& findings = two_findings) {
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
json::object data_in(std::string_view state, const json::object& findings = two_findings) { return audit_in(state, findings).data(); }

json::object after(Story story, const std::string& command, const json::object& body, RoleSet as) {
  if (!story.send(command, body, as)) FAIL(command << ": " << story.last_refusal->sentence);
  return story.data();
}
json::object entrance_scheduled() { return after(audit_in("noticed"), "schedule_entrance", entrance, auditor); }
bool ask_records(Story& story, const json::object& says = records()) {
  return send_approved(story, "audit_request", "request_records", says, auditor);
}
Story with_records_requested() {
  Story story = audit_in("fieldwork");
  REQUIRE(ask_records(story));
  return story;
}
json::object records_requested() { return with_records_requested().data(); }
json::object records_delivered() {
  Story story = audit_in("fieldwork");
  REQUIRE(ask_records(story));
  return after(story, "deliver", delivery({none_for(entry_1, 1)}), officer);
}
json::object plan_sent() { return after(audit_in("fieldwork"), "send_sampling_plan", sampling, auditor); }

std::vector<Row> rows_with_an_end_date(const std::string& state, const json::object& data) {
  json::object petitioned = data;
  petitioned["petitioned_on"] = "2026-07-01";
  return {
      {state, "miss_end_date", state, data},
      {state, "record_delay", state, data, delay("2026-09-30"), auditor, "2026-02-05"},
      Expect{state, "record_delay", "guard", data, delay("2026-06-30"), auditor, "2026-02-05"}.saying("after the one told before"),
      Expect{state, "record_delay", "guard", data, {{"reasons", json::array{}}, {"new_end_on", "2026-09-30"}}, auditor, "2026-02-05"}
          .saying("at least one reason"),
      {state, "petition_closing", state, data, {}, officer, "2026-07-01"},
      Expect{state, "petition_closing", "guard", data, {}, officer, "2026-06-30"}.saying("end date has passed"),
      Expect{state, "petition_closing", "guard", petitioned, {}, officer, "2026-07-02"}.saying("petitioned already"),
      {state, "petition_closing", "forbidden", data, {}, preparer, "2026-07-01"},
      {state, "miss_closing", state, petitioned},
  };
}

std::vector<Row> rows_while_asked(const std::string& state, const Story& story) {
  const json::object& data = story.data();
  const auto asked = [&](int days) { return after(story, "request_extension", extension(days), officer); };
  const json::object small = asked(30), large = asked(60);
  return {
      {state, "remind", state, data, {{"day", -14}}},
      {state, "miss_due_date", state, data},
      {state, "escalate", state, data},
      {state, "request_extension", state, data, extension(30), officer},
      Expect{state, "request_extension", "guard", data, extension(31), officer}.saying("size on offer"),
      Expect{state, "request_extension", "guard", small, extension(30), officer}.saying("asked for already"),
      {state, "grant_extension", state, small, {{"days", 30}}, auditor},
      {state, "grant_extension", state, large, {{"days", 60}}, compliance},
      Expect{state, "grant_extension", "guard", data, {{"days", 30}}, auditor}.saying("no extension is asked for"),
      Expect{state, "grant_extension", "guard", small, {{"days", 45}}, auditor}.saying("size on offer"),
      Expect{state, "grant_extension", "guard", small, {{"days", 60}}, auditor}.saying("so long an extension is beyond your power"),
      Expect{state, "grant_extension", "guard", large, {{"days", 30}}, auditor}.saying("the extension is beyond your power"),
      {state, "deny_extension", state, small, {{"reason", "The law sets the day."}}, auditor},
      Expect{state, "deny_extension", "guard", data, {{"reason", "The law sets the day."}}, auditor}.saying("no extension is asked for"),
      Expect{state, "deny_extension", "guard", large, {{"reason", "The law sets the day."}}, auditor}.saying("beyond your power"),
  };
}

std::vector<Row> rows_before_fieldwork() {
  json::object unknown = referral("surprise"), unreasoned = referral(), unnamed = notice, unphoned = notice, late_end = entrance,
               early = entrance_held, unattended = entrance_held;
  unreasoned["reasons"] = json::array{};
  unnamed["objectives"] = json::array{};
  unphoned["phoned_on"] = "2026-01-15";
  late_end["ends_on"] = "2026-02-03";
  early["held_on"] = "2026-01-13";
  unattended["attendance"] = json::array{};
  const json::object draft = data_in("referral_draft"), referred = data_in("referred"), noticed = data_in("noticed"),
                     told = entrance_scheduled();
  json::object focused = draft;
  focused["kind"] = "focused_assessment";
  const std::vector<CaseSummary> active{{"TC-2024-000001", "membership", "active", 0}},
      suspended{{"TC-2024-000001", "membership", "suspended", 0}};
  return {
      {"", "open_referral", "referral_draft", {}, referral(), nam},
      {"", "open_referral", "referral_draft", {}, referral("focused_assessment")},
      Expect{"", "open_referral", "guard", {}, unknown, nam}.saying("\"surprise\" is not among focused_assessment, single_issue"),
      Expect{"", "open_referral", "guard", {}, unreasoned, nam}.saying("at least one reason"),
      {"", "open_referral", "forbidden", {}, referral(), officer},
      {"referral_draft", "edit_referral", "referral_draft", draft, referral("focused_assessment"), nam},
      Expect{"referral_draft", "edit_referral", "guard", draft, unknown, nam}.saying("must name kind and risk areas"),
      Expect{"referral_draft", "edit_referral", "guard", draft, unreasoned, nam}.saying("at least one reason"),
      {"referral_draft", "drop_referral", "declined", draft, {{"reasons", list({"Explained by the company."})}}, nam},
      Expect{"referral_draft", "drop_referral", "guard", draft, {{"reasons", json::array{}}}, nam}.saying("at least one reason"),
      Expect{"referral_draft", "refer", "referred", draft, {}, nam}.beside(active),
      Expect{"referral_draft", "refer", "guard", focused, {}, nam}.saying("recorded override reason").beside(active),
      Expect{"referral_draft", "refer", "referred", focused, {{"override_reason", "Ordered by the court."}}, nam}.beside(active),
      Expect{"referral_draft", "refer", "referred", focused, {}, nam}.beside(suspended),
      {"referred", "accept", "accepted", referred, {}, auditor},
      Expect{"referred", "accept", "guard", referred, {}, auditor}.saying("other than who referred").by("P-compliance"),
      {"referred", "decline", "declined", referred, {{"reasons", list({"No capacity this year."})}}, auditor},
      Expect{"referred", "decline", "guard", referred, {{"reasons", list({"No capacity."})}}, auditor}
          .saying("other than who referred")
          .by("P-compliance"),
      Expect{"referred", "decline", "guard", referred, {{"reasons", json::array{}}}, auditor}.saying("at least one reason"),
      {"accepted", "give_notice", "noticed", data_in("accepted"), notice, auditor},
      Expect{"accepted", "give_notice", "guard", data_in("accepted"), unnamed, auditor}.saying("objectives must be named"),
      Expect{"accepted", "give_notice", "guard", data_in("accepted"), unphoned, auditor}.saying("by telephone first"),
      {"accepted", "cancel", "closed", data_in("accepted"), {{"reason", "The company was dissolved."}}, compliance},
      {"noticed", "schedule_entrance", "noticed", noticed, entrance, auditor},
      Expect{"noticed", "schedule_entrance", "guard", noticed, late_end, auditor}.saying("its end date after it"),
      {"noticed", "miss_entrance", "noticed", told},
      {"noticed", "miss_end_date", "noticed", told},
      {"noticed", "record_delay", "noticed", told, delay("2026-09-30"), auditor},
      Expect{"noticed", "record_delay", "guard", noticed, delay("2026-09-30"), auditor}.saying("no end date is told"),
      {"noticed", "hold_entrance", "entrance_held", told, entrance_held, auditor, "2026-02-03"},
      Expect{"noticed", "hold_entrance", "guard", noticed, entrance_held, auditor, "2026-02-03"}.saying(
          "told of the entrance conference beforehand"),
      Expect{"noticed", "hold_entrance", "guard", told, entrance_held, auditor, "2026-02-02"}.saying("must have been held"),
      Expect{"noticed", "hold_entrance", "guard", told, early, auditor, "2026-02-03"}.saying("after the company was told"),
      Expect{"noticed", "hold_entrance", "guard", told, unattended, auditor, "2026-02-03"}.saying("who attended"),
      {"entrance_held", "start_fieldwork", "fieldwork", data_in("entrance_held"), {}, auditor},
  };
}

std::vector<Row> rows_of_fieldwork() {
  const json::object data = data_in("fieldwork"), requested = records_requested(), delivered = records_delivered(), proposed = plan_sent();
  json::object empty_sample = sampling, past = records(), twice = records(), future_closing = closing_held, unattended = closing_held;
  empty_sample["sample_size"] = 0;
  past["due_on"] = "2026-02-04";
  twice["items"] = list({item(entry_1, 1), item(entry_1, 1)});
  future_closing["held_on"] = "2026-02-05";
  unattended["attendance"] = json::array{};
  Story agreed = audit_in("fieldwork");
  REQUIRE(agreed.send("send_sampling_plan", sampling, auditor));
  return {
      {"fieldwork", "send_sampling_plan", "fieldwork", data, sampling, auditor},
      Expect{"fieldwork", "send_sampling_plan", "guard", data, empty_sample, auditor}.saying("at least one line"),
      {"fieldwork", "accept_sampling_plan", "fieldwork", proposed, signature, officer},
      Expect{"fieldwork", "accept_sampling_plan", "guard", data, signature, officer}.saying("no sampling plan waits"),
      Expect{"fieldwork", "accept_sampling_plan", "guard", proposed, {{"signature", "yes"}}, officer}.saying("type your full name"),
      {"fieldwork", "accept_sampling_plan", "forbidden", proposed, signature, preparer},
      {"fieldwork", "refuse_sampling_plan", "fieldwork", proposed, {{"reason", "Leave out the samples sent free."}}, officer},
      Expect{"fieldwork", "refuse_sampling_plan", "guard", data, {{"reason", "Too large"}}, officer}.saying("no sampling plan waits"),
      {"fieldwork", "request_records", "fieldwork",
       with_letter_approved(after(agreed, "accept_sampling_plan", signature, officer), "audit_request", records(true)),
       as_approved(records(true)), auditor},
      Expect{"fieldwork", "request_records", "guard", data, records(), auditor}.saying("a second person must approve the letter first"),
      Expect{"fieldwork", "request_records", "guard", proposed, records(true), auditor}.saying("written acceptance"),
      Expect{"fieldwork", "request_records", "guard", data, twice, auditor}.saying("named twice"),
      Expect{"fieldwork", "request_records", "guard", data, past, auditor, "2026-02-04"}.saying("still to come"),
      {"fieldwork", "deliver", "fieldwork", requested, delivery({none_for(entry_1, 1)}), preparer},
      Expect{"fieldwork", "deliver", "guard", data, delivery({none_for(entry_1, 1)}), preparer}.saying("not among the items asked for"),
      {"fieldwork", "review_records", "fieldwork", delivered, reviewed(entry_1, 1, true), auditor},
      Expect{"fieldwork", "review_records", "guard", delivered, reviewed(entry_1, 1, false), auditor}.saying("a return needs its reason"),
      Expect{"fieldwork", "review_records", "guard", delivered, reviewed(entry_2, 2, true), auditor}.saying("must be one delivered"),
      {"fieldwork", "schedule_closing", "fieldwork", data, {{"closing_on", "2026-02-10"}, {"place", "Memphis"}}, auditor, "2026-02-04"},
      Expect{"fieldwork", "schedule_closing", "guard", data, {{"closing_on", "2026-02-03"}, {"place", "Memphis"}}, auditor, "2026-02-04"}
          .saying("must lie ahead"),
      {"fieldwork", "hold_closing", "closing_held", data, closing_held, auditor, "2026-02-04"},
      Expect{"fieldwork", "hold_closing", "guard", data, future_closing, auditor, "2026-02-04"}.saying("must have been held"),
      Expect{"fieldwork", "hold_closing", "guard", data, unattended, auditor, "2026-02-04"}.saying("who attended"),
      Expect{"fieldwork", "request_extension", "guard", data, extension(30), officer}.saying("nothing is being asked"),
  };
}

const std::string letter_hash(64, 'a'), plan_hash(64, 'b');

// The request of records(), due on a Saturday: the letter names the Monday after it.
json::object request_due() {
  json::object body = records();
  body["due_on"] = "2026-03-07";
  return body;
}
json::object letter_fixed(const json::object& says = request_due()) {
  return {
      {"letter", "audit_request"}, {"hash", letter_hash}, {"says", says}, {"due_on", "2026-03-09"}, {"authors", list({"P-compliance-2"})}};
}
json::object with_approved(json::object body, const std::string& hash) {
  body["approved"] = hash;
  return body;
}
Story story_with_letter(bool approved) {
  Story story = audit_in("fieldwork");
  REQUIRE(story.send("fix_letter", letter_fixed(), auditor));
  REQUIRE(story.send("fix_letter", {{"letter", "audit_sampling_plan"}, {"hash", plan_hash}, {"says", sampling}}, auditor));
  if (!approved) return story;
  REQUIRE(story.send("approve_letter", {{"hash", letter_hash}}, compliance));
  REQUIRE(story.send("approve_letter", {{"hash", plan_hash}}, compliance));
  return story;
}

std::vector<Row> rows_of_letters() {
  const json::object none = data_in("fieldwork"), fixed = story_with_letter(false).data(), approved = story_with_letter(true).data();
  json::object elsewhere = letter_fixed(), unhashed = letter_fixed(), late = letter_fixed(), other_scope = request_due();
  elsewhere["letter"] = "survey_outcome";
  unhashed["hash"] = "abc";
  late["due_on"] = "2026-01-14";
  other_scope["scope"] = "Entries of 2024";
  json::object closed_that_monday = approved;
  for (json::value& one : closed_that_monday.at("letters").as_array())
    if (one.at("letter") == "audit_request") one.as_object()["due_on"] = "2026-03-10";
  json::object other_plan = sampling;
  other_plan["sample_size"] = 3;
  const json::object by_hash{{"hash", letter_hash}}, unknown{{"hash", std::string(64, 'c')}};
  const json::object back{{"hash", letter_hash}, {"reason", "The scope is too wide."}},
      back_unknown{{"hash", std::string(64, 'c')}, {"reason", "x"}};
  return {
      {"fieldwork", "fix_letter", "fieldwork", none, letter_fixed(), auditor},
      Expect{"fieldwork", "fix_letter", "guard", none, elsewhere, auditor}.saying("no letter of that name goes out from here"),
      Expect{"fieldwork", "fix_letter", "guard", none, unhashed, auditor}.saying("SHA-256"),
      Expect{"fieldwork", "fix_letter", "guard", none, late, auditor}.saying("is not after today"),
      {"fieldwork", "fix_letter", "forbidden", none, letter_fixed(), officer},
      {"fieldwork", "approve_letter", "fieldwork", fixed, by_hash, compliance},
      Expect{"fieldwork", "approve_letter", "guard", none, by_hash, compliance}.saying("no letter waits for approval"),
      Expect{"fieldwork", "approve_letter", "guard", fixed, unknown, compliance}.saying("no letter of that hash"),
      Expect{"fieldwork", "approve_letter", "guard", fixed, by_hash, auditor}.saying("somebody other than who wrote it"),
      Expect{"fieldwork", "approve_letter", "guard", fixed, by_hash, compliance}
          .saying("somebody other than who wrote it")
          .by("P-compliance-2"),
      {"fieldwork", "take_back_letter", "fieldwork", approved, back, auditor},
      Expect{"fieldwork", "take_back_letter", "guard", none, back, auditor}.saying("no letter is fixed"),
      Expect{"fieldwork", "take_back_letter", "guard", fixed, back_unknown, auditor}.saying("no letter of that hash"),
      {"fieldwork", "request_records", "fieldwork", approved, with_approved(request_due(), letter_hash), auditor},
      Expect{"fieldwork", "request_records", "guard", fixed, with_approved(request_due(), letter_hash), auditor}.saying(
          "a second person must approve"),
      Expect{"fieldwork", "request_records", "guard", approved, with_approved(other_scope, letter_hash), auditor}.saying(
          "approved with another \"scope\""),
      Expect{"fieldwork", "request_records", "guard", approved, with_approved(request_due(), plan_hash), auditor}.saying(
          "changed or taken back"),
      Expect{"fieldwork", "request_records", "guard", closed_that_monday, with_approved(request_due(), letter_hash), auditor}.saying(
          "names another day"),
      {"fieldwork", "send_sampling_plan", "fieldwork", approved, with_approved(sampling, plan_hash), auditor},
      Expect{"fieldwork", "send_sampling_plan", "guard", approved, with_approved(other_plan, plan_hash), auditor}.saying("\"sample_size\""),
  };
}

std::vector<Row> rows_of_report_and_plan() {
  const json::object closing = data_in("closing_held"), required = data_in("plan_required"), accepted = data_in("plan_accepted");
  const json::object one_left = after(audit_in("plan_accepted"), "verify_plan", verified(1, true), auditor);
  const json::object later{{"reasons", list({"A ruling is pending."})}, {"new_due_on", "2026-07-01"}};
  json::object earlier = later, unreasoned = later, other_area = two_findings, one_action = plan(), unsigned_plan = plan(), stray = plan();
  earlier["new_due_on"] = "2026-05-05";
  unreasoned["reasons"] = json::array{};
  other_area["findings"] = list({json::object{{"area", "weather"}, {"text", "Rain"}}});
  one_action["actions"] = list({action("1")});
  stray["actions"] = list({action("1"), action("2"), action("7")});
  unsigned_plan["signature"] = "Lee Park";
  json::object half = action("1");
  half["due"] = "soon";
  return {
      {"closing_held", "extend_report", "closing_held", closing, later, compliance},
      Expect{"closing_held", "extend_report", "guard", closing, earlier, compliance}.saying("after the day in force"),
      Expect{"closing_held", "extend_report", "guard", closing, unreasoned, compliance}.saying("at least one reason"),
      {"closing_held", "extend_report", "forbidden", closing, later, auditor},
      {"closing_held", "miss_report", "closing_held", closing},
      {"closing_held", "issue_report", "report_issued", closing, two_findings, auditor},
      Expect{"closing_held", "issue_report", "guard", closing, other_area, auditor}.saying("each finding needs an area"),
      {"report_issued", "miss_copy", "report_issued", data_in("report_issued")},
      {"report_issued", "send_copy", "plan_required", data_in("report_issued"), {}, auditor},
      {"report_issued", "send_copy", "closed", data_in("report_issued", {{"findings", json::array{}}}), {}, auditor},
      {"plan_required", "save_plan", "plan_required", required, {{"actions", list({action("1")})}}, preparer},
      Expect{"plan_required", "save_plan", "guard", required, {{"actions", list({half})}}, preparer}.saying("must fit its form"),
      {"plan_required", "submit_plan", "plan_submitted", required, plan(), officer},
      Expect{"plan_required", "submit_plan", "guard", required, one_action, officer}.saying("no action answers finding 2"),
      Expect{"plan_required", "submit_plan", "guard", required, stray, officer}.saying("number of no finding"),
      Expect{"plan_required", "submit_plan", "guard", required, signature, officer}.saying("the improvement plan is not complete"),
      Expect{"plan_required", "submit_plan", "guard", required, unsigned_plan, officer}.saying("type your full name"),
      {"plan_required", "submit_plan", "forbidden", required, plan(), preparer},
      {"plan_submitted", "accept_plan", "plan_accepted", data_in("plan_submitted"), {}, auditor},
      {"plan_submitted",
       "send_back_plan",
       "plan_required",
       data_in("plan_submitted"),
       {{"reasons", list({"Finding 2 needs a cause."})}},
       auditor},
      Expect{"plan_submitted", "send_back_plan", "guard", data_in("plan_submitted"), {{"reasons", json::array{}}}, auditor}.saying(
          "at least one reason"),
      Expect{"plan_submitted",
             "send_back_plan",
             "guard",
             data_in("plan_submitted"),
             {{"reasons", list({"x"})}, {"due_on", "2026-01-14"}},
             auditor}
          .saying("still to come"),
      {"plan_accepted", "report_action", "plan_accepted", accepted, {{"action", 1}, {"evidence", "Log of May"}}, preparer},
      Expect{"plan_accepted",
             "report_action",
             "guard",
             accepted,
             {{"action", 1}, {"evidence", "Log of May"}, {"files", list({"no hash"})}},
             preparer}
          .saying("\"no hash\" is no hash of a file"),
      Expect{"plan_accepted", "report_action", "guard", one_left, {{"action", 1}, {"evidence", "Log of May"}}, preparer}.saying(
          "still to be verified"),
      {"plan_accepted", "miss_action", "plan_accepted", accepted, {{"action", 2}}},
      {"plan_accepted", "verify_plan", "plan_accepted", accepted, verified(1, true), auditor},
      {"plan_accepted", "verify_plan", "plan_accepted", one_left, verified(2, false), auditor},
      {"plan_accepted", "verify_plan", "follow_up", one_left, verified(2, true), auditor},
      Expect{"plan_accepted", "verify_plan", "guard", accepted, verified(7, true), auditor}.saying("the plan has no action 7"),
      {"follow_up", "close", "closed", data_in("follow_up"), {{"outcome", "Each action holds."}}, auditor},
  };
}

}  // namespace

TEST_CASE("audit: every transition is taken and every guard turns somebody away") {
  std::vector<Row> rows = rows_before_fieldwork();
  add(rows, rows_of_fieldwork());
  add(rows, rows_of_letters());
  add(rows, rows_of_report_and_plan());
  for (const char* state : {"entrance_held", "fieldwork"}) add(rows, rows_with_an_end_date(state, data_in(state)));
  for (const char* state : {"noticed", "entrance_held"}) {
    add(rows, audit_questionnaire::rows(state, audit_in(state)));
    add(rows, rows_while_asked(state, audit_questionnaire::sent(audit_in(state))));
  }
  const json::object out = audit_questionnaire::sent(audit_in("entrance_held")).data();
  rows.push_back(Expect{"entrance_held", "start_fieldwork", "guard", out, {}, auditor}.saying("a questionnaire is with the company"));
  add(rows, rows_while_asked("fieldwork", with_records_requested()));
  add(rows, rows_while_asked("plan_required", audit_in("plan_required")));
  for (const char* state : {"noticed", "entrance_held", "fieldwork", "closing_held", "report_issued", "plan_required", "plan_submitted",
                            "plan_accepted", "follow_up"}) {
    rows.push_back({state, "cancel", "closed", data_in(state), {{"reason", "The company was dissolved."}}, compliance});
    rows.push_back({state, "cancel", "forbidden", data_in(state), {{"reason", "The company was dissolved."}}, auditor});
  }
  check_every_transition(workflow(), rows);
}

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
