#include "tools/simulation/scene.hpp"

namespace tradecase::simulation {
namespace {

using std::chrono::days;

Acts answer_suspension(Scene& scene) {
  if (!object(scene.on.data, "action").at("appealed").as_bool() && scene.dice.chance(350))
    return {{scene.officer(), "appeal", {{"grounds", "The letter had been filed in time."}, {"signature", scene.signature()}}}};
  const json::object objective{{"objective", "A second person checks each filing"}, {"due_on", to_text(scene.today + days(90))}};
  return {{scene.officer(), "submit_action_plan", {{"objectives", json::array{objective}}, {"signature", scene.signature()}}}};
}

Acts decide_appeal(Scene& scene) {
  json::object body{{"reasons", json::array{"The record was read anew."}}, {"effect", "What follows stands above."}};
  if (scene.dice.chance(400)) {
    body["outcome"] = "upheld";
  } else if (scene.dice.chance(600)) {
    body["outcome"] = "reversed";
  } else {
    body["outcome"] = "modified";
    const bool active = scene.dice.chance(500);
    body["modified_to"] = active ? "active" : "suspended";
    if (active) body["conditions"] = json::array{"Monthly self-tests for a year"};
  }
  return {{scene.doer(), "decide_appeal", body}};
}

Acts drop_or(Scene& scene, const char* decision) {
  if (scene.dice.chance(400)) return {{scene.doer(), "drop_proposal", {{"reason", "The company has settled it."}}}};
  return {{scene.doer(), decision}};
}

}  // namespace

Acts membership_acts(Scene& scene) {
  const std::string& kind = scene.task.kind;
  if (kind == "decide_suspension") return drop_or(scene, "suspend");
  if (kind == "decide_removal") return drop_or(scene, "remove");
  if (kind == "submit_action_plan") return answer_suspension(scene);
  if (kind == "review_action_plan") {
    if (scene.dice.chance(200)) return {{scene.doer(), "refuse_plan", {{"reasons", json::array{"The plan names nobody."}}}}};
    return {{scene.doer(), "reinstate"}};
  }
  if (kind == "decide_appeal") return decide_appeal(scene);
  if (kind == "read_breach") return {{scene.doer(), "acknowledge", {{"noted", "breach"}, {"note", "Read."}}}};
  if (kind == "read_proposals") return {{scene.doer(), "acknowledge", {{"noted", "proposals"}, {"note", "Read."}}}};
  if (kind == "name_nam") return {{scene.doer(), "assign_nam", {{"nam", scene.email(Role::nam)}}}};
  if (kind == "plan_overdue")
    return {
        {scene.doer(), "propose_removal", {{"reason_code", "overdue_notification"}, {"reason", "No corrective action plan has come."}}}};
  return {};
}

}  // namespace tradecase::simulation
