#include <fmt/format.h>

#include "tools/simulation/scene.hpp"

namespace tradecase::simulation {
namespace {

using std::chrono::days;

Acts answer_eligibility(Scene& scene, int no_in_thousand) {
  const Form& form = scene.programme.forms.latest("eligibility", scene.today);
  json::object answers = completed_form(scene.dice, form, scene.today);
  const Section& section = form.sections.front();
  if (scene.dice.chance(no_in_thousand)) answers[section.id].as_object()[scene.dice.one_of(section.questions).id] = false;
  return {{scene.officer(), "answer_eligibility", {{"answers", answers}}}};
}

void save_form(Scene& scene, Acts& acts, const char* part, const char* version) {
  const Form& form = scene.programme.forms.get(part, static_cast<int>(number(object(scene.on.data, "draft"), version)));
  for (const Section& section : form.sections)
    acts.push_back({scene.preparer(),
                    "save",
                    {{"part", part}, {"section", section.id}, {"answers", completed(scene.dice, section, {}, scene.today)}}});
}

Acts complete(Scene& scene) {
  Acts acts;
  const auto save = [&](const char* part, json::object answers) {
    acts.push_back({scene.preparer(), "save", {{"part", part}, {"answers", std::move(answers)}}});
  };
  save_form(scene, acts, "questionnaire", "questionnaire_version");
  save_form(scene, acts, "mou", "mou_version");
  save("ior_numbers", {{"ior_numbers", json::array{json::value(fmt::format("51-{:07}AA", std::stoi(scene.on.company.substr(1))))}}});
  save("contacts", {{"contacts", json::array{json::object{
                                     {"name", "Uma Vance"}, {"email", "uma@" + scene.on.company + ".example.com"}, {"notices", true}}}}});
  save("control_manual", {{"document", "Internal control manual, edition 4"}});
  if (!scene.dice.chance(100)) save("forced_labor", {{"documents", json::array{"Code of conduct", "Supplier map"}}});  // some forget it
  acts.push_back({scene.officer(), "submit", {{"signature", scene.signature()}}});
  return acts;
}

Acts review(Scene& scene) {
  if (array(scene.on.data, "requests").size() < 2 && scene.dice.chance(250))
    return {{scene.doer(), "request_information", {{"items", json::array{"A list of suppliers", "The last self-test"}}}}};
  return {{scene.doer(),
           "schedule_meeting",
           {{"meeting_on", to_text(scene.today + days(scene.dice.between(3, 20)))},
            {"place", "By video"},
            {"checklist", checked(scene.dice, scene.programme.rules.texts("application.review_checklist"))}}}};
}

Acts provide(Scene& scene) {
  const auto& asked = array(scene.on.data, "requests").back().as_object();
  json::array answers(array(asked, "items").size(), json::value("It is attached."));
  return {{scene.officer(), "provide_information", {{"answers", answers}, {"signature", scene.signature()}}}};
}

Acts decide(Scene& scene) {
  const json::object reasons{{"reasons", json::array{"The internal controls are not yet in use."}}};
  if (scene.dice.chance(120)) return {{scene.doer(), "deny", reasons}};
  if (scene.dice.chance(100)) return {{scene.doer(), "send_back", reasons}};
  return {{scene.doer(), "approve"}};
}

}  // namespace

Acts application_acts(Scene& scene) {
  const std::string& kind = scene.task.kind;
  if (scene.task.role == Role::officer && scene.dice.chance(20)) return {{scene.officer(), "withdraw"}};
  if (kind == "answer_eligibility") return answer_eligibility(scene, 250);
  if (kind == "become_eligible") return answer_eligibility(scene, 100);
  if (kind == "complete_application") return complete(scene);
  if (kind == "assign")
    return {{scene.doer(), "assign", {{"nam", scene.email(Role::nam)}, {"team", json::array{json::value(scene.email(Role::auditor))}}}}};
  if (kind == "review") return review(scene);
  if (kind == "provide_information") return provide(scene);
  if (kind == "hold_meeting")
    return {{scene.doer(),
             "record_meeting",
             {{"attendance", json::array{"The officer", "The team"}}, {"risks_discussed", json::array{"Valuation"}}}}};
  if (kind == "recommend")
    return {{scene.doer(),
             "recommend",
             {{"recommendation", scene.dice.chance(850) ? "approve" : "deny"}, {"findings", json::array{"None of weight"}}}}};
  if (kind == "decide") return decide(scene);
  return {};
}

}  // namespace tradecase::simulation
