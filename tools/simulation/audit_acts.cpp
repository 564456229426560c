#include <fmt/format.h>

#include <algorithm>

#include "tools/simulation/scene.hpp"

namespace tradecase::simulation {
namespace {

using std::chrono::days;

std::string in_days(const Scene& scene, int count) { return to_text(scene.today + days(count)); }

bool reached(const Scene& scene, std::string_view day) {
  const auto date = parse_date(day);
  return date && *date <= scene.today;
}

bool questionnaire_out(const Scene& scene) {
  const json::object& of = object(scene.on.data, "questionnaire");
  return has(of, "sent_on") && !has(of, "answered_on");
}

// Of the whole bank, or of some of its topics.
Acts ask_questions(Scene& scene) {
  json::object chosen;
  if (scene.dice.chance(500)) chosen["sections"] = json::array{"value", "classification", "monitoring", "brokers"};
  return {{scene.doer(), "build_questionnaire", std::move(chosen)}, {scene.doer(), "send_questionnaire"}};
}

Acts answer_questions(Scene& scene) {
  const json::object& of = object(scene.on.data, "questionnaire");
  if (has(scene.on.data, "request") && !has(object(scene.on.data, "request"), "extension") && scene.dice.chance(100))
    return {{scene.officer(), "request_extension", extension(scene, "audit.extension_sizes")}};
  const Form& form = scene.programme.forms.get("audit_questionnaire", static_cast<int>(number(of, "form_version")));
  return {{scene.officer(), "answer_questionnaire", {{"answers", replies(scene, form, of)}, {"signature", scene.signature()}}}};
}

Acts start_fieldwork(Scene& scene) {
  if (!questionnaire_out(scene)) return {{scene.doer(), "start_fieldwork"}};
  if (!scene.dice.chance(50)) return {};
  return {{scene.doer(), "withdraw_questionnaire", {{"reason", "The records say it already."}}}};
}

Acts hold_entrance(Scene& scene) {
  const json::object& entrance = object(scene.on.data, "entrance");
  if (entrance.empty() && !has(scene.on.data, "questionnaire") && scene.dice.chance(400)) return ask_questions(scene);
  if (entrance.empty())
    return {{scene.doer(),
             "schedule_entrance",
             {{"entrance_on", in_days(scene, scene.dice.between(7, 30))},
              {"place", "The company's office"},
              {"records", json::array{"Entry files"}},
              {"sampling_plan", "By value"},
              {"offsetting", "Overpayments are set off"},
              {"ends_on", in_days(scene, scene.dice.between(60, 200))}}}};
  if (!reached(scene, text(entrance, "entrance_on"))) return {};
  return {{scene.doer(),
           "hold_entrance",
           {{"held_on", to_text(scene.today)},
            {"attendance", json::array{"The officer"}},
            {"ends_on", in_days(scene, scene.dice.between(60, 200))}}}};
}

bool item_open(const json::object& item) { return text(item, "delivered").empty() && text(item, "not_applicable").empty(); }

bool records_wait(const Scene& scene) {
  return std::ranges::any_of(array(scene.on.data, "items"),
                             [](const json::value& item) { return !item.as_object().at("accepted").as_bool(); });
}

Acts send_plan(Scene& scene) {
  return {{scene.doer(),
           "send_sampling_plan",
           {{"method", "Simple random"},
            {"sample_size", 40},
            {"population", "Entries of the year"},
            {"seed_note", "Seed 7"},
            {"waiver", "None"}}}};
}

Acts request_records(Scene& scene) {
  const json::object item{{"entry_number", fmt::format("XYZ{:08}", scene.dice.between(1, 99999))}, {"line", 1}, {"documents", "Invoice"}};
  const bool sampled = has(object(scene.on.data, "sampling"), "acceptance");
  return approved_letter(scene, "audit_request", "request_records",
                         {{"scope", "Value of the year's entries"}, {"items", json::array{item}}, {"sampled", sampled}});
}

Acts fieldwork(Scene& scene) {
  const json::object& data = scene.on.data;
  if (!has(data, "sampling") && scene.dice.chance(300)) return send_plan(scene);
  if (array(data, "items").empty()) return request_records(scene);
  if (records_wait(scene)) return {};
  if (!has(data, "closing_on"))
    return {{scene.doer(), "schedule_closing", {{"closing_on", in_days(scene, scene.dice.between(3, 20))}, {"place", "By video"}}}};
  if (!reached(scene, text(data, "closing_on"))) return {};
  return {{scene.doer(), "hold_closing", {{"held_on", to_text(scene.today)}, {"attendance", json::array{"The officer"}}}}};
}

Acts deliver(Scene& scene) {
  if (has(scene.on.data, "request") && !has(object(scene.on.data, "request"), "extension") && scene.dice.chance(100))
    return {{scene.officer(), "request_extension", extension(scene, "audit.extension_sizes")}};
  json::array items;
  for (const json::value& one : array(scene.on.data, "items"))
    if (const json::object& item = one.as_object(); item_open(item))
      items.push_back(
          json::object{{"entry_number", item.at("entry_number")}, {"line", item.at("line")}, {"documents", "Invoice and payment"}});
  return {{scene.preparer(), "deliver", {{"items", items}}}};
}

Acts review_records(Scene& scene) {
  json::array items;
  for (const json::value& one : array(scene.on.data, "items")) {
    const json::object& item = one.as_object();
    if (item_open(item) || item.at("accepted").as_bool()) continue;
    json::object review{{"entry_number", item.at("entry_number")}, {"line", item.at("line")}, {"accepted", !scene.dice.chance(150)}};
    if (!review.at("accepted").as_bool()) review["reason"] = "A page is missing.";
    items.push_back(std::move(review));
  }
  if (items.empty()) return {};
  return {{scene.doer(), "review_records", {{"items", items}}}};
}

Acts issue_report(Scene& scene) {
  json::array findings;
  const int count = scene.dice.chance(400) ? 0 : scene.dice.between(1, 3);
  for (int i = 0; i < count; ++i)
    findings.push_back(
        json::object{{"area", scene.dice.one_of(scene.programme.rules.texts("audit.risk_areas"))}, {"text", "Declared too low."}});
  return {{scene.doer(), "issue_report", {{"findings", findings}}}};
}

Acts submit_plan(Scene& scene) {
  const Form& form = scene.programme.forms.latest("improvement_plan", scene.today);
  json::array actions;
  for (const json::value& finding : array(scene.on.data, "findings")) {
    json::object answers{{"finding", fmt::format("{}. {}", number(finding.as_object(), "number"), text(finding.as_object(), "text"))},
                         {"due", in_days(scene, scene.dice.between(20, 120))}};
    actions.push_back(completed(scene.dice, *form.section("action"), std::move(answers), scene.today));
  }
  return {
      {scene.officer(),
       "submit_plan",
       {{"plan", completed(scene.dice, *form.section("plan"), {}, scene.today)}, {"actions", actions}, {"signature", scene.signature()}}}};
}

Acts report_actions(Scene& scene) {
  Acts acts;
  for (const json::value& one : array(object(scene.on.data, "plan"), "actions"))
    if (const json::object& action = one.as_object();
        !has(action, "verified_on") && text(action, "reported").empty() && scene.dice.chance(700))
      acts.push_back({scene.preparer(), "report_action", {{"action", action.at("number")}, {"evidence", "The new procedure, signed"}}});
  return acts;
}

Acts verify_plan(Scene& scene) {
  json::array actions;
  for (const json::value& one : array(object(scene.on.data, "plan"), "actions"))
    if (const json::object& action = one.as_object(); !has(action, "verified_on") && !text(action, "reported").empty())
      actions.push_back(json::object{{"action", action.at("number")}, {"holds", scene.dice.chance(800)}, {"evidence", "Seen on site"}});
  if (actions.empty()) return {};
  return {{scene.doer(), "verify_plan", {{"actions", actions}}}};
}

Acts record_delay(Scene& scene) {
  const auto told = parse_date(text(scene.on.data, "ends_on"));
  const Date end = std::max(told.value_or(scene.today), scene.today) + days(60);
  return {{scene.doer(), "record_delay", {{"reasons", json::array{"The records came late."}}, {"new_end_on", to_text(end)}}}};
}

Acts decide_extension(Scene& scene) {
  const std::int64_t asked = number(object(object(scene.on.data, "request"), "extension"), "days");
  if (scene.dice.chance(700)) return {{scene.doer(), "grant_extension", {{"days", asked}}}};
  return {{scene.doer(), "deny_extension", {{"reason", "The records are needed now."}}}};
}

}  // namespace

Acts audit_acts(Scene& scene) {
  const std::string& kind = scene.task.kind;
  const json::object reasons{{"reasons", json::array{"Another audit looks into it."}}};
  if (kind == "refer") {
    if (scene.dice.chance(100)) return {{scene.doer(), "drop_referral", reasons}};
    return {{scene.doer(), "refer", {{"override_reason", "An allegation names this company."}}}};
  }
  if (kind == "accept_referral") {
    if (scene.dice.chance(150)) return {{scene.doer(), "decline", reasons}};
    return {{scene.doer(), "accept"}};
  }
  if (kind == "give_notice")
    return {{scene.doer(),
             "give_notice",
             {{"phoned_on", to_text(scene.today)}, {"objectives", json::array{"Value"}}, {"estimate", "About four months."}}}};
  if (kind == "entrance") return hold_entrance(scene);
  if (kind == "start_fieldwork") return start_fieldwork(scene);
  if (kind == "answer_questionnaire") return answer_questions(scene);
  if (kind == "fieldwork") return fieldwork(scene);
  if (kind == "accept_sampling_plan") {
    if (scene.dice.chance(200)) return {{scene.officer(), "refuse_sampling_plan", {{"reason", "The population leaves out returns."}}}};
    return {{scene.officer(), "accept_sampling_plan", {{"signature", scene.signature()}}}};
  }
  if (kind == "sampling_refused") return send_plan(scene);
  if (kind == "deliver_records") return deliver(scene);
  if (kind == "review_records") return review_records(scene);
  if (kind == "end_date_passed") {
    if (scene.dice.chance(300)) return {{scene.officer(), "petition_closing"}};
    return record_delay(scene);
  }
  if (kind == "issue_report") return issue_report(scene);
  if (kind == "send_copy") return {{scene.doer(), "send_copy"}};
  if (kind == "submit_plan") return submit_plan(scene);
  if (kind == "read_plan") {
    if (scene.dice.chance(200)) return {{scene.doer(), "send_back_plan", {{"reasons", json::array{"Name an owner inside the company."}}}}};
    return {{scene.doer(), "accept_plan"}};
  }
  if (kind == "carry_out_plan" || kind == "action_not_done") return report_actions(scene);
  if (kind == "verify_plan" || kind == "action_reported") return verify_plan(scene);
  if (kind == "close_audit") return {{scene.doer(), "close", {{"outcome", "The plan is carried out."}}}};
  if (kind == "extension") return decide_extension(scene);
  return {};
}

}  // namespace tradecase::simulation
