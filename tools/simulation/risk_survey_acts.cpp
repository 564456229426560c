#include <fmt/format.h>

#include <algorithm>

#include "tools/simulation/scene.hpp"

namespace tradecase::simulation {
namespace {

bool transactional(const Scene& scene) {
  return std::ranges::any_of(array(scene.on.data, "parts"), [](const json::value& part) { return part.as_string() == "transactional"; });
}

Acts answer(Scene& scene) {
  if (!has(object(scene.on.data, "request"), "extension") && scene.dice.chance(100))
    return {{scene.officer(), "request_extension", extension(scene, "survey.extension_sizes")}};
  const Form& form = scene.programme.forms.get("rasa_procedural", static_cast<int>(number(scene.on.data, "procedural_version")));
  return {{scene.officer(), "answer", {{"answers", replies(scene, form, scene.on.data)}, {"signature", scene.signature()}}}};
}

json::array some_entries(Scene& scene) {
  json::array entries;
  for (int i = 1; i <= scene.dice.between(1, 3); ++i)
    entries.push_back(json::object{{"entry_number", fmt::format("ABC{:08}", scene.dice.between(1, 9999) * 10 + i)}, {"line", 1}});
  return entries;
}

Acts deliver(Scene& scene) {
  json::array items;
  for (const json::value& one : array(scene.on.data, "items")) {
    const json::object& item = one.as_object();
    if (!text(item, "delivered").empty() || !text(item, "not_applicable").empty()) continue;
    json::object delivered{{"entry_number", item.at("entry_number")}, {"line", item.at("line")}};
    delivered[scene.dice.chance(100) ? "not_applicable" : "documents"] = "Invoice, bill of lading, payment record";
    items.push_back(std::move(delivered));
    if (scene.dice.chance(150)) break;  // the rest comes later
  }
  return {{scene.preparer(), "deliver", {{"items", items}}}};
}

Acts review_documents(Scene& scene) {
  json::array items;
  for (const json::value& one : array(scene.on.data, "items")) {
    const json::object& item = one.as_object();
    const bool open = text(item, "delivered").empty() && text(item, "not_applicable").empty();
    if (open || item.at("accepted").as_bool()) continue;
    json::object review{{"entry_number", item.at("entry_number")}, {"line", item.at("line")}, {"accepted", !scene.dice.chance(150)}};
    if (!review.at("accepted").as_bool()) review["reason"] = "A page is missing.";
    items.push_back(std::move(review));
  }
  if (items.empty()) return {};
  return {{scene.doer(), "review_documents", {{"items", items}}}};
}

Acts refer(Scene& scene) {
  return {{scene.staff(Role::auditor),
           "refer_to_audit",
           {{"kind", scene.dice.one_of(scene.programme.rules.texts("audit.kinds"))},
            {"risk_areas", json::array{json::value(scene.dice.one_of(scene.programme.rules.texts("audit.risk_areas")))}},
            {"reasons", json::array{"The answers leave the value open."}}}}};
}

Acts read_answers(Scene& scene) {
  if (scene.dice.chance(80)) return refer(scene);
  if (transactional(scene))
    return {{scene.doer(), "select_entries", {{"entries", some_entries(scene)}, {"method", "By value, highest first"}}}};
  return {{scene.doer(), "analyse"}};
}

Acts draft(Scene& scene) {
  if (has(scene.on.data, "draft")) return {};
  return {
      {scene.doer(),
       "draft_outcome",
       {{"outcome", "The controls work."}, {"findings", json::array{}}, {"next_steps", json::array{"Keep the supplier map up to date"}}}}};
}

}  // namespace

Acts risk_survey_acts(Scene& scene) {
  const std::string& kind = scene.task.kind;
  if (kind == "approve_survey") {
    if (scene.dice.chance(150)) return {{scene.doer(), "decline", {{"reason", "The topic is settled."}}}};
    return {{scene.doer(), "approve"}};
  }
  if (kind == "build_survey") {
    const json::array parts = scene.dice.chance(500) ? json::array{"procedural"} : json::array{"procedural", "transactional"};
    return {{scene.doer(), "build_survey", {{"parts", parts}}}};
  }
  if (kind == "issue_survey") return {{scene.doer(), "issue"}};
  if (kind == "answer_survey") return answer(scene);
  if (kind == "read_answers") return read_answers(scene);
  if (kind == "request_documents")
    return approved_letter(scene, "survey_documents_request", "request_documents",
                           {{"documents", json::array{"Invoice", "Proof of payment"}}});
  if (kind == "deliver_documents") return deliver(scene);
  if (kind == "review_documents") return review_documents(scene);
  if (kind == "analyse_survey") return {{scene.doer(), "analyse", {{"findings", json::array{"One invoice lacks a date"}}}}};
  if (kind == "draft_outcome") return draft(scene);
  if (kind == "approve_outcome") {
    if (scene.dice.chance(150)) return {{scene.doer(), "send_back", {{"reason", "Name the invoice."}}}};
    return {{scene.doer(), "send_outcome"}};
  }
  if (kind == "extension") {
    const std::int64_t asked = number(object(object(scene.on.data, "request"), "extension"), "days");
    if (scene.dice.chance(700)) return {{scene.doer(), "grant_extension", {{"days", asked}}}};
    return {{scene.doer(), "deny_extension", {{"reason", "The topic does not wait."}}}};
  }
  return {};
}

}  // namespace tradecase::simulation
