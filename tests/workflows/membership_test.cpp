// The membership: its table, the years it opens, and suspension, removal, appeal and reinstatement as days pass.
#include <catch2/catch.hpp>

#include "tests/workflows/table.hpp"
#include "workflows/annual_notification/dates.hpp"
#include "workflows/membership/membership.hpp"

using namespace tradecase;
using namespace tradecase::testing;

namespace {

const RoleSet officer{Role::officer}, preparer{Role::preparer}, nam{Role::nam}, supervisor{Role::supervisor}, compliance{Role::compliance},
    appeals{Role::appeals}, timer{Role::timer};

const Workflow& workflow() {
  static const Workflow one = membership();
  return one;
}

// Accepted 2024-03-15, as the sample company: cycle 1 is due on 2025-04-15, cycle 2 on 2026-04-15.
json::object admission() { return {{"acceptance_date", "2024-03-15"}, {"program", "CTPAT-TC"}, {"settled_cycle", 0}}; }
json::object reason(std::string_view code = "noncompliance") { return {{"reason_code", code}, {"reason", "Errors were not corrected."}}; }
json::object security(std::string_view tier, std::string_view status) { return {{"tier", tier}, {"status", status}}; }
const json::object grounds{{"grounds", "The errors were corrected in May."}, {"signature", officer_name}};
json::object plan(std::string_view by = "2027-12-31") {
  return {{"objectives", {{{"objective", "Test classification every quarter"}, {"due_on", by}}}}, {"signature", officer_name}};
}
json::object decision(std::string_view outcome) {
  return {{"outcome", outcome}, {"reasons", {"The record bears it out"}}, {"effect", "Nothing changes for you."}};
}
json::object modified(std::string_view to) {
  json::object body = decision("modified");
  body["modified_to"] = to;
  if (to == "active") body["conditions"] = json::array{"Report each quarter"};
  return body;
}

std::vector<NamedPerson> people() {
  return {{{"P-nora", "nora@agency.example", "Nora Alvarez", "", "", std::nullopt}, {Role::nam}},
          {{"P-avery", "avery@agency.example", "Avery Stone", "", "", std::nullopt}, {Role::auditor}}};
}

void say(Story& story, const std::string& command, json::object body, RoleSet as, const std::string& person = "") {
  const bool went = story.send(command, std::move(body), as, person);
  INFO(command << " in " << story.state() << ": " << (went ? "" : story.last_refusal->sentence));
  REQUIRE(went);
}

Story admitted(const std::string& today = "2026-01-14") {
  Story story(workflow(), today, 0);
  story.named = people();
  say(story, "admit", admission(), timer);
  return story;
}

Story proposed(std::string_view code = "noncompliance") {
  Story story = admitted();
  say(story, "propose_suspension", reason(code), nam);
  return story;
}
Story suspended(std::string_view code = "noncompliance") {
  Story story = proposed(code);
  say(story, "suspend", {}, compliance);
  return story;
}
Story in_review() {
  Story story = suspended();
  say(story, "submit_action_plan", plan(), officer);
  return story;
}
Story removal_proposed(Story story = admitted()) {
  say(story, "propose_removal", reason(), nam);
  return story;
}
Story removed(std::string_view code = "") {
  Story story = code.empty() ? removal_proposed() : admitted();
  code.empty() ? say(story, "remove", {}, compliance) : say(story, "remove_at_once", reason(code), compliance);
  return story;
}
Story appealed(Story story) {
  say(story, "appeal", grounds, officer);
  return story;
}

Story at(std::string_view state) {
  if (state == "active") return admitted();
  if (state == "suspension_proposed") return proposed();
  if (state == "suspended") return suspended();
  if (state == "reinstatement_review") return in_review();
  if (state == "removal_proposed") return removal_proposed();
  if (state == "removal_effected") return removed();
  return appealed(suspended());
}
json::object data_in(std::string_view state) { return at(state).data(); }

const std::vector<std::string> of_member{"active",           "suspension_proposed", "suspended", "reinstatement_review",
                                         "removal_proposed", "appeal_pending"};
const std::vector<std::string> all_open = [] {
  std::vector<std::string> states = of_member;
  states.push_back("removal_effected");
  return states;
}();

// What may come in every open state, and what of it is refused.
std::vector<Row> rows_at_any_time() {
  std::vector<Row> rows;
  for (const std::string& state : all_open) {
    const json::object before = data_in(state);
    const auto row = [&](const std::string& command, json::object body, RoleSet as = timer) {
      rows.push_back(
          {.from = state, .command = command, .expect = state, .data = before, .body = std::move(body), .as = as, .named = people()});
    };
    row("schedule_cycle", {{"cycle", 2}});
    row("notification_settled", {{"cycle", 1}, {"outcome", "accepted"}, {"on", "2026-01-14"}});
    row("continuation_settled", {{"number", 1}, {"outcome", "continued"}, {"on", "2026-01-14"}});
    row("correct_acceptance_date", {{"acceptance_date", "2024-03-18"}, {"reason", "the roster was corrected"}});
    row("settle_cycles", {{"settled_cycle", 1}, {"on", "2026-01-14"}});
    row("assign_nam", {{"nam", "nora@agency.example"}}, supervisor);
    row("acknowledge", {{"noted", "breach"}, {"note", "read"}}, nam);
    row("acknowledge", {{"noted", "proposals"}, {"note", "read"}}, compliance);
    rows.push_back({.from = state,
                    .command = "assign_nam",
                    .expect = "guard",
                    .data = before,
                    .body = {{"nam", "avery@agency.example"}},
                    .as = supervisor,
                    .says = "this person cannot be assigned: Avery Stone is not a National Account Manager",
                    .named = people()});
    if (state != "active") {
      row("propose_suspension", reason());
      row("security_status_changed", security("III", "suspended"));
      row("security_status_changed", security("III", "good_standing"));
    }
    if (state == "removal_proposed" || state == "appeal_pending" || state == "removal_effected") row("propose_removal", reason());
  }
  for (const std::string& state : of_member) {
    const json::object before = data_in(state);
    rows.push_back(
        {.from = state, .command = "report_breach", .expect = state, .data = before, .body = {{"what", "wrong origin"}}, .as = officer});
    rows.push_back({.from = state,
                    .command = "invite_disclosure",
                    .expect = state,
                    .data = before,
                    .body = {{"reasons", {"a wrong value"}}},
                    .as = nam});
    rows.push_back({.from = state,
                    .command = "invite_disclosure",
                    .expect = "guard",
                    .data = before,
                    .body = {{"reasons", json::array{}}},
                    .as = nam,
                    .says = "give at least one reason"});
    if (state != "appeal_pending")
      rows.push_back({.from = state, .command = "withdraw", .expect = "withdrawn", .data = before, .as = officer});
  }
  return rows;
}

}  // namespace

TEST_CASE("every transition of a membership is taken and every guard turns somebody away") {
  Story reported_story = admitted();
  say(reported_story, "report_breach", {{"what", "wrong origin"}}, officer);
  Story reported_removal_story = reported_story;
  say(reported_story, "propose_suspension", reason(), nam);
  say(reported_removal_story, "propose_removal", reason(), nam);
  const json::object reported = reported_story.data(), reported_removal = reported_removal_story.data();
  const json::object appeal_of_removal = appealed(removed()).data(), appeal_with_plan = appealed(in_review()).data();
  const json::object over_suspended = removal_proposed(suspended()).data(), over_plan = removal_proposed(in_review()).data();
  const json::object active = data_in("active"), susp_prop = data_in("suspension_proposed"), susp = data_in("suspended"),
                     rem_prop = data_in("removal_proposed");
  const json::object gone = data_in("removal_effected"), pending = data_in("appeal_pending"), review = data_in("reinstatement_review");
  json::object no_reasons = decision("upheld"), no_target = decision("modified"), no_conditions = modified("active"),
               too_many = decision("reversed");
  no_reasons["reasons"] = json::array{};
  no_conditions.erase("conditions");
  too_many["conditions"] = json::array{"Report each quarter"};
  const json::object wrong_signature{{"grounds", "x"}, {"signature", "Somebody Else"}};
  json::object unsigned_plan = plan();
  unsigned_plan["signature"] = "Somebody Else";

  // clang-format off
  std::vector<Row> rows{
    {.from = "", .command = "admit", .expect = "active", .body = admission()},
    {.from = "", .command = "admit", .expect = "forbidden", .body = admission(), .as = compliance},

    {.from = "active", .command = "propose_suspension", .expect = "suspension_proposed", .data = active, .body = reason(), .as = nam},
    {.from = "active", .command = "propose_suspension", .expect = "guard", .data = active, .body = reason("dislike"), .as = nam, .says = "the reason code must be one of the program's: \"dislike\" is none of overdue_notification"},
    {.from = "active", .command = "propose_suspension", .expect = "forbidden", .data = active, .body = reason(), .as = supervisor},
    {.from = "active", .command = "propose_removal", .expect = "removal_proposed", .data = active, .body = reason(), .as = compliance},
    {.from = "active", .command = "propose_removal", .expect = "guard", .data = active, .body = reason("dislike"), .as = nam, .says = "the reason code must be"},
    {.from = "active", .command = "security_status_changed", .expect = "suspension_proposed", .data = active, .body = security("I", "good_standing")},
    {.from = "active", .command = "security_status_changed", .expect = "suspension_proposed", .data = active, .body = security("III", "removed")},
    {.from = "active", .command = "security_status_changed", .expect = "active", .data = active, .body = security("II", "good_standing")},
    {.from = "active", .command = "remove_at_once", .expect = "removal_effected", .data = active, .body = reason("aggravated"), .as = compliance},
    {.from = "active", .command = "remove_at_once", .expect = "guard", .data = active, .body = reason(), .as = compliance, .says = "only an aggravated reason removes a member at once"},
    {.from = "active", .command = "remove_at_once", .expect = "forbidden", .data = active, .body = reason("aggravated"), .as = nam},

    {.from = "suspension_proposed", .command = "respond", .expect = "suspension_proposed", .data = susp_prop, .body = {{"answer", "It is corrected."}}, .as = officer},
    {.from = "suspension_proposed", .command = "suspend", .expect = "suspended", .data = susp_prop, .as = compliance},
    {.from = "suspension_proposed", .command = "suspend", .expect = "guard", .data = susp_prop, .as = compliance, .says = "whoever proposed the action may not decide it", .person = "P-nam"},
    {.from = "suspension_proposed", .command = "suspend", .expect = "guard", .data = reported, .as = compliance, .says = "the member reported this breach itself, and is heard first: it may answer until February 13, 2026"},
    {.from = "suspension_proposed", .command = "suspend", .expect = "suspended", .data = reported, .as = compliance, .on = "2026-02-14"},
    {.from = "suspension_proposed", .command = "suspend", .expect = "forbidden", .data = susp_prop, .as = nam},
    {.from = "suspension_proposed", .command = "drop_proposal", .expect = "active", .data = susp_prop, .body = {{"reason", "The letter has come."}}, .as = compliance},
    {.from = "suspension_proposed", .command = "propose_removal", .expect = "removal_proposed", .data = susp_prop, .body = reason(), .as = nam},
    {.from = "suspension_proposed", .command = "propose_removal", .expect = "guard", .data = susp_prop, .body = reason("dislike"), .as = nam},
    {.from = "suspension_proposed", .command = "remove_at_once", .expect = "removal_effected", .data = susp_prop, .body = reason("aggravated"), .as = compliance},
    {.from = "suspension_proposed", .command = "remove_at_once", .expect = "guard", .data = susp_prop, .body = reason(), .as = compliance},

    {.from = "suspended", .command = "appeal", .expect = "appeal_pending", .data = susp, .body = grounds, .as = officer, .on = "2026-04-14"},
    {.from = "suspended", .command = "appeal", .expect = "guard", .data = susp, .body = grounds, .as = officer, .on = "2026-04-15", .says = "an appeal is not possible any more: the appeal period ended on April 14, 2026"},
    {.from = "suspended", .command = "appeal", .expect = "guard", .data = susp, .body = wrong_signature, .as = officer, .says = "the signature does not hold"},
    {.from = "suspended", .command = "appeal", .expect = "forbidden", .data = susp, .body = grounds, .as = preparer},
    {.from = "suspended", .command = "end_appeal_period", .expect = "suspended", .data = susp},
    {.from = "suspended", .command = "submit_action_plan", .expect = "reinstatement_review", .data = susp, .body = plan(), .as = officer},
    {.from = "suspended", .command = "submit_action_plan", .expect = "guard", .data = susp, .body = plan("2026-01-13"), .as = officer, .says = "each with a day ahead by which it is reached: the time frame of \"Test classification every quarter\" has passed"},
    {.from = "suspended", .command = "submit_action_plan", .expect = "guard", .data = susp, .body = {{"objectives", json::array{}}, {"signature", officer_name}}, .as = officer, .says = "name at least one objective"},
    {.from = "suspended", .command = "submit_action_plan", .expect = "guard", .data = susp, .body = unsigned_plan, .as = officer, .says = "the signature does not hold"},
    {.from = "suspended", .command = "miss_plan_due", .expect = "suspended", .data = susp, .on = "2026-03-17"},
    {.from = "suspended", .command = "propose_removal", .expect = "removal_proposed", .data = susp, .body = reason("plan_not_kept"), .as = nam},
    {.from = "suspended", .command = "propose_removal", .expect = "guard", .data = susp, .body = reason("dislike"), .as = nam},
    {.from = "suspended", .command = "remove_at_once", .expect = "removal_effected", .data = susp, .body = reason("false_information"), .as = compliance},
    {.from = "suspended", .command = "remove_at_once", .expect = "guard", .data = susp, .body = reason(), .as = compliance},

    {.from = "reinstatement_review", .command = "reinstate", .expect = "active", .data = review, .as = compliance, .person = "P-second"},
    {.from = "reinstatement_review", .command = "reinstate", .expect = "guard", .data = review, .as = compliance, .says = "whoever suspended the member may not reinstate it"},
    {.from = "reinstatement_review", .command = "refuse_plan", .expect = "suspended", .data = review, .body = {{"reasons", {"No time frame for training"}}}, .as = compliance},
    {.from = "reinstatement_review", .command = "refuse_plan", .expect = "guard", .data = review, .body = {{"reasons", json::array{}}}, .as = compliance, .says = "give at least one reason"},
    {.from = "reinstatement_review", .command = "appeal", .expect = "appeal_pending", .data = review, .body = grounds, .as = officer},
    {.from = "reinstatement_review", .command = "appeal", .expect = "guard", .data = review, .body = grounds, .as = officer, .on = "2026-09-01"},
    {.from = "reinstatement_review", .command = "end_appeal_period", .expect = "reinstatement_review", .data = review},
    {.from = "reinstatement_review", .command = "propose_removal", .expect = "removal_proposed", .data = review, .body = reason(), .as = nam},
    {.from = "reinstatement_review", .command = "propose_removal", .expect = "guard", .data = review, .body = reason("dislike"), .as = nam},
    {.from = "reinstatement_review", .command = "remove_at_once", .expect = "removal_effected", .data = review, .body = reason("aggravated"), .as = compliance},
    {.from = "reinstatement_review", .command = "remove_at_once", .expect = "guard", .data = review, .body = reason(), .as = compliance},

    {.from = "removal_proposed", .command = "respond", .expect = "removal_proposed", .data = rem_prop, .body = {{"answer", "It is corrected."}}, .as = officer},
    {.from = "removal_proposed", .command = "remove", .expect = "removal_effected", .data = rem_prop, .as = compliance},
    {.from = "removal_proposed", .command = "remove", .expect = "guard", .data = rem_prop, .as = compliance, .says = "whoever proposed the action may not decide it", .person = "P-nam"},
    {.from = "removal_proposed", .command = "remove", .expect = "guard", .data = reported_removal, .as = compliance, .says = "the member reported this breach itself"},
    {.from = "removal_proposed", .command = "drop_proposal", .expect = "active", .data = rem_prop, .body = {{"reason", "It is corrected."}}, .as = compliance},
    {.from = "removal_proposed", .command = "drop_proposal", .expect = "suspended", .data = over_suspended, .body = {{"reason", "It is corrected."}}, .as = compliance},
    {.from = "removal_proposed", .command = "drop_proposal", .expect = "reinstatement_review", .data = over_plan, .body = {{"reason", "It is corrected."}}, .as = compliance},

    {.from = "removal_effected", .command = "appeal", .expect = "appeal_pending", .data = gone, .body = grounds, .as = officer},
    {.from = "removal_effected", .command = "appeal", .expect = "guard", .data = gone, .body = wrong_signature, .as = officer},
    {.from = "removal_effected", .command = "end_appeal_period", .expect = "removed", .data = gone, .on = "2026-04-15"},
    {.from = "removal_effected", .command = "withdraw", .expect = "wrong_state", .data = gone, .as = officer},

    {.from = "appeal_pending", .command = "respond", .expect = "appeal_pending", .data = pending, .body = {{"answer", "Here is more evidence."}}, .as = officer},
    {.from = "appeal_pending", .command = "miss_appeal_decision_due", .expect = "appeal_pending", .data = pending, .on = "2026-07-14"},
    {.from = "appeal_pending", .command = "decide_appeal", .expect = "suspended", .data = pending, .body = decision("upheld"), .as = appeals},
    {.from = "appeal_pending", .command = "decide_appeal", .expect = "reinstatement_review", .data = appeal_with_plan, .body = decision("upheld"), .as = appeals},
    {.from = "appeal_pending", .command = "decide_appeal", .expect = "removed", .data = appeal_of_removal, .body = decision("upheld"), .as = appeals},
    {.from = "appeal_pending", .command = "decide_appeal", .expect = "active", .data = pending, .body = decision("reversed"), .as = appeals},
    {.from = "appeal_pending", .command = "decide_appeal", .expect = "active", .data = appeal_of_removal, .body = modified("active"), .as = appeals},
    {.from = "appeal_pending", .command = "decide_appeal", .expect = "suspended", .data = appeal_of_removal, .body = modified("suspended"), .as = appeals},
    {.from = "appeal_pending", .command = "decide_appeal", .expect = "guard", .data = pending, .body = decision("upheld"), .as = appeals, .says = "whoever decided in this matter before may not decide the appeal", .person = "P-compliance"},
    {.from = "appeal_pending", .command = "decide_appeal", .expect = "guard", .data = pending, .body = no_reasons, .as = appeals, .says = "give at least one reason"},
    {.from = "appeal_pending", .command = "decide_appeal", .expect = "guard", .data = pending, .body = no_target, .as = appeals, .says = "the decision does not fit together: a modified action needs modified_to"},
    {.from = "appeal_pending", .command = "decide_appeal", .expect = "guard", .data = pending, .body = no_conditions, .as = appeals, .says = "name the conditions"},
    {.from = "appeal_pending", .command = "decide_appeal", .expect = "guard", .data = pending, .body = too_many, .as = appeals, .says = "conditions belong to an action modified to active"},
    {.from = "appeal_pending", .command = "decide_appeal", .expect = "forbidden", .data = pending, .body = decision("upheld"), .as = compliance},
    {.from = "appeal_pending", .command = "withdraw", .expect = "withdrawn", .data = pending, .as = officer},
    {.from = "appeal_pending", .command = "withdraw", .expect = "guard", .data = appeal_of_removal, .as = officer, .says = "there is no membership to withdraw from"},
  };
  // clang-format on
  for (Row& row : rows_at_any_time()) rows.push_back(std::move(row));
  check_every_transition(workflow(), rows);
}

TEST_CASE("a new member's first year and first continuation are opened, and the next year sixty days before it is due") {
  Story story = admitted("2024-03-15");
  const auto opened = effects_of<OpenCase>(story.sent);
  REQUIRE(opened.size() == 2);
  CHECK(opened[0].body == json::object{{"acceptance_date", "2024-03-15"}, {"cycle", 1}, {"carried_over", false}});
  CHECK(opened[0].cycle == 1);
  CHECK(opened[1].workflow == "continuation");
  CHECK(opened[1].body == json::object{{"acceptance_date", "2024-03-15"}, {"number", 1}});
  CHECK(story.timers().at("next_cycle").due_at == shipped_calendar().start_of(day("2026-02-14")));
  story.go_to("2028-02-20");
  const auto later = effects_of<OpenCase>(story.sent);
  REQUIRE(later.size() == 5);  // cycles 2, 3 and 4: each on its day, whatever became of the one before
  CHECK(later[4].cycle == 4);
}

TEST_CASE("a settled year opens the next one at once, and only once") {
  Story story = admitted("2025-03-20");
  story.sent.clear();
  say(story, "notification_settled", {{"cycle", 1}, {"outcome", "rejected"}, {"on", "2025-03-20"}}, timer);
  CHECK(effects_of<OpenCase>(story.sent).at(0).cycle == 2);
  say(story, "notification_settled", {{"cycle", 1}, {"outcome", "accepted"}, {"on", "2025-03-20"}}, timer);
  story.go_to("2026-03-01");
  CHECK(effects_of<OpenCase>(story.sent).size() == 1);
  say(story, "continuation_settled", {{"number", 1}, {"outcome", "continued"}, {"on", "2026-03-01"}}, timer);
  say(story, "continuation_settled", {{"number", 1}, {"outcome", "continued"}, {"on", "2026-03-01"}}, timer);
  REQUIRE(effects_of<OpenCase>(story.sent).size() == 2);
  CHECK(effects_of<OpenCase>(story.sent)[1].body.at("number") == 2);
}

TEST_CASE("a member carried over starts at the cycle after the settled one, or at the first that is not due yet") {
  const auto first = [](json::object more) {
    json::object body{{"acceptance_date", "2010-06-30"}, {"program", "ISA"}};
    for (auto& [key, value] : more) body[key] = value;
    return effects_of<OpenCase>(taken(workflow(), {.from = "", .command = "admit", .expect = "active", .body = body}).effects);
  };
  const auto unknown = first({{"carried_over_on", "2026-01-14"}});
  CHECK(unknown[0].cycle == 16);  // due on 30 July 2026
  CHECK(unknown[0].body.at("carried_over") == json::value(false));
  CHECK(unknown[1].cycle == 4);  // 30 June 2026
  const auto late = first({{"carried_over_on", "2026-01-14"}, {"settled_cycle", 14}});
  CHECK(late[0].cycle == 15);
  CHECK(late[0].body.at("carried_over") == json::value(true));
}

TEST_CASE("a member without a National Account Manager is work for the supervisor until one is named") {
  Story story(workflow(), "2026-01-14", 0);
  story.named = people();
  story.company.nam = "";
  say(story, "admit", admission(), timer);
  CHECK(story.tasks() == std::set<std::string>{"name_nam"});
  say(story, "assign_nam", {{"nam", "nora@agency.example"}}, supervisor);
  CHECK(story.tasks().empty());
  CHECK(effects_of<UpdateCompany>(story.sent).back().nam == "P-nora");
}

TEST_CASE("the roster's corrections reach the open cases") {
  Story story = admitted();
  story.sent.clear();
  say(story, "correct_acceptance_date", {{"acceptance_date", "2024-05-15"}, {"reason", "the roster was corrected"}}, timer);
  CHECK(effects_of<UpdateCompany>(story.sent).at(0).acceptance_date == day("2024-05-15"));
  const auto sent = effects_of<SendToOpen>(story.sent);
  REQUIRE(sent.size() == 2);
  CHECK(sent[0].workflow + " " + sent[0].command == "annual_notification recount");
  CHECK(sent[1].workflow + " " + sent[1].command == "continuation recount");
  const Date next = anl::due(day("2024-05-15"), 2, shipped_calendar(), shipped_rules()).due_on;
  CHECK(story.timers().at("next_cycle").due_at == shipped_calendar().start_of(next - std::chrono::days{60}));
  say(story, "settle_cycles", {{"settled_cycle", 2}, {"on", "2026-01-14"}}, timer);
  CHECK(effects_of<SendToOpen>(story.sent).back().command == "settled_elsewhere");
  CHECK(effects_of<OpenCase>(story.sent).back().cycle == 3);
}

TEST_CASE("a suspended member goes on filing; a removed one does not") {
  Story held = suspended();
  held.sent.clear();
  held.go_to("2026-02-20");
  CHECK(effects_of<OpenCase>(held.sent).at(0).cycle == 2);
  CHECK(effects_of<SendToOpen>(held.sent).empty());

  Story out = removed();
  const auto sent = effects_of<SendToOpen>(out.sent);
  REQUIRE(sent.size() == 2);
  CHECK(sent[0].workflow + " " + sent[0].command == "annual_notification end_membership");
  CHECK(sent[1].workflow + " " + sent[1].command == "continuation end_membership");
  out.sent.clear();
  say(out, "notification_settled", {{"cycle", 1}, {"outcome", "accepted"}, {"on", "2026-01-14"}}, timer);
  out.go_to("2026-03-20");
  CHECK(out.sent.empty());
}

TEST_CASE("a suspension brings a letter, appeal rights to a business day, and the plan it wants") {
  Story story = suspended();
  CHECK(story.letters == std::vector<std::string>{"2026-01-14 suspension_proposed", "2026-01-14 suspension_effected",
                                                  "2026-01-14 reinstatement_plan_request"});
  CHECK(story.due("appeal_due") == day("2026-04-14"));
  CHECK(story.due("plan_due") == day("2026-03-16"));  // 60 days are a Sunday
  CHECK_FALSE(story.due("response_due"));
  story.go_to("2026-03-17");
  CHECK(story.tasks() == std::set<std::string>{"submit_action_plan", "plan_overdue"});
  story.go_to("2026-04-15");
  CHECK(story.state() == "suspended");
  CHECK_FALSE(story.due("appeal_due"));
  say(story, "submit_action_plan", plan(), officer);
  CHECK(story.tasks() == std::set<std::string>{"review_action_plan"});
  say(story, "refuse_plan", {{"reasons", {"No time frame for training"}}}, compliance);
  CHECK(story.letters.back() == "2026-04-15 reinstatement_plan_request");
  say(story, "submit_action_plan", plan(), officer);
  say(story, "reinstate", {{"conditions", {"Report each quarter"}}}, compliance, "P-second");
  CHECK(story.letters.back() == "2026-04-15 reinstatement");
  CHECK(story.tasks().empty());
  CHECK(story.standing().empty());
}

TEST_CASE("an action for false information may be appealed for 30 days") {
  CHECK(suspended("false_information").due("appeal_due") == day("2026-02-13"));
  CHECK(removed("false_information").due("appeal_due") == day("2026-02-13"));
  CHECK(removed("aggravated").due("appeal_due") == day("2026-04-14"));
}

TEST_CASE("a removal is final when the appeal period is over") {
  Story story = removed();
  story.go_to("2026-04-14");
  CHECK(story.state() == "removal_effected");
  story.go_to("2026-04-15");
  CHECK(story.state() == "removed");
}

TEST_CASE("the appeal decision is due after 180 calendar days, which do not move") {
  Story story = appealed(removed());
  CHECK(story.due("appeal_decision_due") == day("2026-07-13"));
  CHECK_FALSE(story.due("appeal_due"));
  story.go_to("2026-07-14");
  CHECK(story.tasks() == std::set<std::string>{"decide_appeal", "appeal_overdue"});
  say(story, "decide_appeal", decision("upheld"), appeals);
  CHECK(story.state() == "removed");
  CHECK(story.letters.back() == "2026-07-14 appeal_decision");

  Story weekend = suspended();
  weekend.go_to("2026-01-20");
  say(weekend, "appeal", grounds, officer);
  CHECK(weekend.due("appeal_decision_due") == day("2026-07-19"));  // a Sunday
}

TEST_CASE("a removal that is reversed opens the years again") {
  Story story = appealed(removed());
  story.go_to("2026-06-20");
  story.sent.clear();
  say(story, "decide_appeal", decision("reversed"), appeals);
  CHECK(story.state() == "active");
  const auto opened = effects_of<OpenCase>(story.sent);
  REQUIRE(opened.size() == 2);
  CHECK(opened[0].cycle == 3);  // cycle 2 was due while the company was no member
  CHECK(opened[1].workflow == "continuation");
  CHECK(story.timers().contains("next_cycle"));
}

TEST_CASE("a removal modified to a suspension makes the company a member again, who wants a plan") {
  Story story = appealed(removed());
  story.sent.clear();
  say(story, "decide_appeal", modified("suspended"), appeals);
  CHECK(effects_of<OpenCase>(story.sent).size() == 2);
  CHECK(story.letters.back() == "2026-01-14 reinstatement_plan_request");
  CHECK_FALSE(story.send("appeal", grounds, officer));
  CHECK_THAT(story.last_refusal->sentence, Catch::Contains("appealed once"));
  say(story, "submit_action_plan", plan(), officer);
  CHECK(story.send("reinstate", {}, compliance, "P-second"));
}

TEST_CASE("nobody decides an appeal in a matter decided before, and a new matter is free again") {
  Story story = appealed(suspended());
  say(story, "decide_appeal", decision("upheld"), appeals);
  say(story, "propose_removal", reason("plan_not_kept"), nam);
  say(story, "remove", {}, compliance);
  say(story, "appeal", grounds, officer);
  CHECK_FALSE(story.send("decide_appeal", decision("upheld"), appeals));
  say(story, "decide_appeal", decision("reversed"), appeals, "P-fresh");
  say(story, "propose_suspension", reason(), nam);
  say(story, "suspend", {}, compliance);
  say(story, "appeal", grounds, officer);
  CHECK(story.send("decide_appeal", decision("upheld"), appeals));
}

TEST_CASE("a member that reports a breach first is heard before it is suspended") {
  const auto reported = [](std::string_view code) {
    Story story = admitted();
    say(story, "report_breach", {{"what", "wrong origin on 14 entries"}}, officer);
    CHECK(story.tasks() == std::set<std::string>{"read_breach"});
    say(story, "acknowledge", {{"noted", "breach"}, {"note", "read, a proposal follows"}}, nam);
    CHECK(story.tasks().empty());
    say(story, "propose_suspension", reason(code), nam);
    return story;
  };
  Story story = reported("noncompliance");
  CHECK(story.due("response_due") == day("2026-02-13"));
  CHECK_FALSE(story.send("suspend", {}, compliance));
  say(story, "respond", {{"answer", "Every entry is corrected; training follows in March."}}, officer);
  CHECK(story.send("suspend", {}, compliance));

  Story silent = reported("noncompliance");
  silent.go_to("2026-02-14");
  CHECK(silent.send("suspend", {}, compliance));
  Story other = reported("overdue_notification");
  CHECK(other.send("suspend", {}, compliance));  // another matter than the breach
}

TEST_CASE("a proposal that comes meanwhile is kept until somebody has read it") {
  Story story = suspended();
  say(story, "propose_suspension", reason("overdue_notification"), timer);
  say(story, "security_status_changed", security("I", "good_standing"), timer);
  say(story, "security_status_changed", security("I", "good_standing"), timer);  // told twice, noted once
  CHECK(story.data().at("noted").as_array().size() == 2);
  CHECK(story.tasks() == std::set<std::string>{"submit_action_plan", "read_proposals"});
  say(story, "acknowledge", {{"noted", "proposals"}, {"note", "the plan has to cover both"}}, compliance);
  CHECK(story.tasks() == std::set<std::string>{"submit_action_plan"});
}

TEST_CASE("a removal proposed over a suspension pauses its appeal period, and dropping it starts the period anew") {
  Story story = suspended();
  story.go_to("2026-03-02");
  say(story, "propose_removal", reason("plan_not_kept"), nam);
  CHECK(story.standing() == std::vector<std::string>{"response_due"});
  story.go_to("2026-05-01");
  CHECK(story.state() == "removal_proposed");
  say(story, "drop_proposal", {{"reason", "The plan is coming."}}, compliance);
  CHECK(story.state() == "suspended");
  CHECK(story.due("appeal_due") == day("2026-07-30"));
  CHECK(story.due("plan_due") == day("2026-06-30"));
}

TEST_CASE("security status lost proposes suspension at once, in words") {
  const Step step = taken(workflow(), {.from = "active",
                                       .command = "security_status_changed",
                                       .expect = "suspension_proposed",
                                       .data = data_in("active"),
                                       .body = security("I", "good_standing")});
  const json::object fields = letter_in(step.effects, "suspension_proposed")->fields;
  CHECK(fields.at("reason") == "The CTPAT Security membership is of Tier I; this program needs Tier II or III.");
  CHECK(fields.at("reason_code") == "security status lost");
  CHECK(fields.at("response_note") == "Your answer is expected by Friday, February 13, 2026.");
}

TEST_CASE("whatever the clock may send has a row in every open state of a membership that it can arrive in") {
  for (const char* command : {"schedule_cycle", "notification_settled", "continuation_settled", "correct_acceptance_date", "settle_cycles",
                              "propose_suspension", "propose_removal", "security_status_changed"})
    for (const StateInfo& state : workflow().states) {
      if (state.final || state.name.empty()) continue;
      INFO(state.name << " has no row for " << command);
      CHECK(std::ranges::any_of(workflow().transitions,
                                [&](const TransitionInfo& row) { return row.from == state.name && row.command == command; }));
    }
}

TEST_CASE("the stored names of a membership's states are these for ever") {
  std::vector<std::string> names;
  for (const StateInfo& state : workflow().states)
    if (!state.name.empty()) names.push_back(state.name);
  std::ranges::sort(names);
  CHECK(names == std::vector<std::string>{"active", "appeal_pending", "reinstatement_review", "removal_effected", "removal_proposed",
                                          "removed", "suspended", "suspension_proposed", "withdrawn"});
}
