#include <algorithm>

#include "tools/simulation/scene.hpp"

namespace tradecase::simulation {
namespace {

using std::chrono::days;

bool asks(const json::object& pack, const Section& section, const Question& question) {
  const json::array& questions = array(pack, "questions");
  return questions.empty() || std::ranges::any_of(questions, [&](const json::value& one) {
           return text(one.as_object(), "section") == section.id && text(one.as_object(), "question") == question.id;
         });
}

Acts answer_pack(Scene& scene) {
  const json::object& pack = object(scene.on.data, "pack");
  Form form = scene.programme.forms.get("continuation_pack", static_cast<int>(number(pack, "form_version")));
  for (Section& section : form.sections) std::erase_if(section.questions, [&](const Question& one) { return !asks(pack, section, one); });
  return {{scene.officer(), "answer_pack", {{"answers", completed_form(scene.dice, form, scene.today)}, {"signature", scene.signature()}}}};
}

Acts choose_questions(Scene& scene) {
  return {{scene.doer(), "choose_questions", {{"sections", json::array{"organization", "controls", "evidence"}}}}};
}

Acts review(Scene& scene) {
  if (text(scene.on.data, "mode").empty() && scene.dice.chance(600))
    return {{scene.doer(), "choose_mode", {{"mode", scene.dice.one_of(scene.programme.rules.texts("continuation.modes"))}}}};
  const json::object& pack = object(scene.on.data, "pack");
  if (!has(pack, "answered_on") && text(pack, "chosen_by").empty() && scene.dice.chance(200)) return choose_questions(scene);
  if (array(scene.on.data, "information").size() < 2 && scene.dice.chance(200))
    return {{scene.doer(), "request_information", {{"items", json::array{"The list of brokers"}}}}};
  const char* outcomes[] = {"continued", "continued", "continued", "plan", "suspension"};
  return {{scene.doer(),
           "recommend",
           {{"recommendation", outcomes[scene.dice.below(5)]},
            {"findings", json::array{"The controls are in use."}},
            {"checklist", checked(scene.dice, scene.programme.rules.texts("continuation.review_checklist"))}}}};
}

Acts provide(Scene& scene) {
  const json::object& asked = array(scene.on.data, "information").back().as_object();
  json::array answers(array(asked, "items").size(), json::value("It is attached."));
  return {{scene.officer(), "provide_information", {{"answers", answers}, {"signature", scene.signature()}}}};
}

Acts decide(Scene& scene) {
  if (scene.dice.chance(80)) return {{scene.doer(), "send_back", {{"reasons", json::array{"A step was skipped."}}}}};
  const std::string outcome(text(object(scene.on.data, "recommendation"), "recommendation"));
  json::object body{{"outcome", outcome}, {"reasons", json::array{"As the review found."}}};
  if (outcome == "plan")
    body["actions"] = json::array{json::object{{"action", "Renew the manual"}, {"due_on", to_text(scene.today + days(90))}}};
  if (outcome == "suspension" || outcome == "removal") body["reason_code"] = scene.programme.rules.texts("membership.reason_codes").front();
  return {{scene.doer(), "decide", body}};
}

Acts monitor(Scene& scene) {
  json::array evidence;
  for (const json::value& one : array(scene.on.data, "plan"))
    if (!has(one.as_object(), "done_on"))
      evidence.push_back(json::object{{"action", one.as_object().at("number")}, {"evidence", "The new manual"}});
  if (scene.dice.chance(300) && !evidence.empty()) return {{scene.doer(), "record_action", evidence.front().as_object()}};
  return {{scene.doer(), "complete_plan", {{"evidence", evidence}}}};
}

Acts fail(Scene& scene) {
  return {{scene.doer(),
           "fail_plan",
           {{"outcome", scene.dice.chance(800) ? "suspension" : "removal"},
            {"reasons", json::array{"The action was not done."}},
            {"reason_code", scene.programme.rules.texts("membership.reason_codes").front()}}}};
}

}  // namespace

Acts continuation_acts(Scene& scene) {
  const std::string& kind = scene.task.kind;
  if (kind == "prepare_review") return answer_pack(scene);
  if (kind == "review_membership") return review(scene);
  if (kind == "provide_information") return provide(scene);
  if (kind == "decide_continuation") return decide(scene);
  if (kind == "monitor_plan") return monitor(scene);
  if (kind == "plan_late") return scene.dice.chance(300) ? fail(scene) : Acts{};
  return {};
}

}  // namespace tradecase::simulation
