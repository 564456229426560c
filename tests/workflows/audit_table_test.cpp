// The audit's table: every transition, and every guard.
#include <catch2/catch.hpp>

#include "tests/workflows/audit_acts.hpp"

using namespace tradecase;
using namespace tradecase::testing;
using namespace tradecase::testing::audit_acts;

namespace {

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
