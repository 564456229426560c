#include "tools/simulation/scene.hpp"

namespace tradecase::simulation {
namespace {

const Form& form_of(const Scene& scene) {
  return scene.programme.forms.get("anl", static_cast<int>(number(scene.on.data, "form_version")));
}

json::object saved(Scene& scene, const Section& section, const json::object& answer) {
  json::object body{{"section", section.id}, {"form_version", number(scene.on.data, "form_version")}};
  const json::object& previous = object(answer, "previous");
  const bool asked = !text(answer, "question").empty();
  const bool may_stay = section.no_change_allowed && !asked && check_answers(section, previous, true).empty();
  if (may_stay && scene.dice.chance(850)) {
    body["change"] = "no_change";
    return body;
  }
  body["change"] = "changed";
  body["values"] = completed(scene.dice, section, object(answer, "values"), scene.today);
  if (asked) body["reply"] = "The answer stands corrected above.";
  return body;
}

// The year's letter in one sitting; some stop half-way and come back.
Acts file(Scene& scene, std::string_view last_command) {
  const json::object& sections = object(scene.on.data, "sections");
  const bool after_return = has(scene.on.data, "return_terms");
  const bool half = scene.dice.chance(100);
  Acts acts;
  for (const Section& section : form_of(scene).sections) {
    const json::object& answer = object(sections, section.id);
    if (text(answer, "status") != "unanswered" || (after_return && !answer.at("returned").as_bool())) continue;
    if (half && acts.size() >= 4) return acts;
    acts.push_back({scene.preparer(), "save", saved(scene, section, answer)});
  }
  acts.push_back({scene.officer(), std::string(last_command), {{"signature", scene.signature()}}});
  return acts;
}

Acts file_or_ask_for_time(Scene& scene) {
  const bool returned = has(scene.on.data, "return_terms");
  if (!has(scene.on.data, "extension_requested") && scene.dice.chance(80))
    return {{scene.officer(), "request_extension", extension(scene, "anl.extension_sizes")}};
  return file(scene, returned ? "resubmit" : "submit");
}

json::object risks(Scene& scene) {
  const bool high = scene.dice.chance(100);
  json::object matrix;
  for (const std::string& factor : scene.programme.rules.texts("risk.factors")) matrix[factor] = scene.dice.chance(200) ? "medium" : "low";
  if (high) matrix[scene.dice.one_of(scene.programme.rules.texts("risk.factors"))] = "high";
  return matrix;
}

Acts review(Scene& scene) {
  const std::string reviewer = scene.doer();
  if (number(scene.on.data, "returns") < 2 && scene.dice.chance(100)) {
    const Section& section = scene.dice.one_of(form_of(scene).sections);
    json::object body{{"questions", json::array{json::object{{"section", section.id}, {"question", "Which documents show this?"}}}}};
    return {{reviewer, "return_for_changes", body}};
  }
  if (scene.dice.chance(20)) return {{reviewer, "reject", {{"findings", json::array{"The answers contradict the entries on file."}}}}};
  return {{reviewer,
           "accept",
           {{"checklist", checked(scene.dice, scene.programme.rules.texts("anl.review_checklist"))}, {"risks", risks(scene)}}}};
}

}  // namespace

Acts annual_notification_acts(Scene& scene) {
  const std::string& kind = scene.task.kind;
  if (kind == "file" || kind == "answer_return" || kind == "file_overdue") return file_or_ask_for_time(scene);
  if (kind == "take") return {{scene.doer(), "take"}};
  if (kind == "review") return review(scene);
  if (kind == "countersign") {
    if (scene.dice.chance(100)) return {{scene.doer(), "send_back", {{"reason", "The risk rated high is not explained."}}}};
    return {{scene.doer(), "countersign"}};
  }
  if (kind == "extension")
    return {{scene.doer(), scene.dice.chance(700) ? "grant_extension" : "deny_extension", {{"reason", "As discussed with the company."}}}};
  return {};
}

}  // namespace tradecase::simulation
