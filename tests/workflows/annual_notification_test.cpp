// The annual notification letter's table: every transition, and each guard's other side.
#include "tests/workflows/letter_year.hpp"

using namespace tradecase;
using namespace tradecase::testing;
using namespace tradecase::testing::letter_year;

namespace {

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
