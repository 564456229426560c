#include "tools/simulation/scene.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/on_file.hpp"

namespace tradecase::simulation {

using std::chrono::days;

std::string Scene::doer() const {
  if (task.role == Role::officer) return officer();
  if (!task.person.empty()) return cast.present(task.person, today);
  return staff(task.role);
}

std::string Scene::staff(Role role) const { return dice.one_of(cast.with(role)).id; }

const std::string& Scene::email(Role role) const { return dice.one_of(cast.with(role)).email; }

std::string_view text(const json::object& data, std::string_view name) {
  const auto* value = data.if_contains(name);
  return value != nullptr && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

std::int64_t number(const json::object& data, std::string_view name) {
  const auto* value = data.if_contains(name);
  return value != nullptr && value->is_int64() ? value->get_int64() : 0;
}

const json::object& object(const json::object& data, std::string_view name) {
  static const json::object none;
  const auto* value = data.if_contains(name);
  return value != nullptr && value->is_object() ? value->get_object() : none;
}

const json::array& array(const json::object& data, std::string_view name) {
  static const json::array none;
  const auto* value = data.if_contains(name);
  return value != nullptr && value->is_array() ? value->get_array() : none;
}

bool has(const json::object& data, std::string_view name) {
  const auto* value = data.if_contains(name);
  return value != nullptr && !value->is_null();
}

json::value made_up_answer(Dice& dice, const Question& question, Date today) {
  switch (question.type) {
    case Question::Type::yes_no:
      return true;
    case Question::Type::number:
      return dice.between(1, 9000);
    case Question::Type::date:
      return json::value(to_text(today - days(dice.between(1, 400))));
    case Question::Type::choice:
      return json::value(dice.one_of(question.choices));
    case Question::Type::choices:
      return json::array{json::value(dice.one_of(question.choices))};
    case Question::Type::list:
      return json::array{"First entry", json::value(fmt::format("Entry {}", dice.between(2, 99)))};
    case Question::Type::url:
      return json::value(fmt::format("https://www.example.com/policy/{}", dice.between(1, 99)));
    case Question::Type::email:
      return json::value(fmt::format("contact{}@example.com", dice.between(1, 99)));
    case Question::Type::text:
    case Question::Type::long_text:
    case Question::Type::file_note:
      break;
  }
  return json::value(fmt::format("As reviewed in {}, file {}.", to_text(today).substr(0, 7), dice.between(1, 999)));
}

json::object completed(Dice& dice, const Section& section, json::object given, Date today) {
  for (int pass = 0; pass < 2; ++pass)  // an answer may make another question required
    for (const Question& question : section.questions)
      if (!has(given, question.id) && is_required(question, section, given)) given[question.id] = made_up_answer(dice, question, today);
  return given;
}

json::object completed_form(Dice& dice, const Form& form, Date today) {
  json::object answers;
  for (const Section& section : form.sections) answers[section.id] = completed(dice, section, {}, today);
  return answers;
}

json::array replies(Scene& scene, const Form& form, const json::object& of) {
  json::array all;
  const std::vector<Fact> facts = scene.facts();
  for (const json::value& item : array(of, "questions")) {
    const json::object& asked = item.as_object();
    if (text(asked, "response") != "none") continue;
    const std::string id(text(asked, "question"));
    const Question& question = *form.section(text(asked, "section"))->question(id);
    const Fact* fact = text(asked, "asked_again_because").empty() ? fact_answering(question, facts) : nullptr;
    if (fact == nullptr || !scene.dice.chance(850))
      all.push_back(json::object{{"question", id}, {"value", made_up_answer(scene.dice, question, scene.today)}});
    else if (asked.at("on_file").as_bool() && asked.at("value") == fact->value)
      all.push_back(json::object{{"question", id}, {"confirm", true}});
    else  // it came on file since the questions went out
      all.push_back(json::object{{"question", id}, {"value", fact->value}});
  }
  return all;
}

json::object checked(Dice& dice, const std::vector<std::string>& items) {
  json::object checklist;
  for (const std::string& item : items)
    checklist[item] = dice.chance(50) ? json::object{{"confirmed", false}, {"reason", "Looked at in the year before."}}
                                      : json::object{{"confirmed", true}};
  return checklist;
}

json::object extension(Scene& scene, std::string_view sizes) {
  return {{"days", scene.dice.one_of(scene.programme.rules.numbers(sizes))}, {"reason", "Our system moves to another site this month."}};
}

Acts approved_letter(Scene& scene, std::string_view letter, std::string command, json::object says) {
  for (const json::value& one : array(scene.on.data, "letters")) {
    const json::object& fixed = one.as_object();
    if (text(fixed, "letter") != letter) continue;
    const auto due_on = parse_date(text(fixed, "due_on"));
    if (due_on && *due_on < scene.today + days(7)) break;  // its day is too near by now
    if (text(fixed, "approved_by").empty()) return {};
    json::object body = object(fixed, "says");
    body["approved"] = fixed.at("hash");
    return {{scene.doer(), std::move(command), std::move(body)}};
  }
  return {{scene.doer(), "fix_letter", {{"letter", letter}, {"says", std::move(says)}}}};
}

namespace {

// A task approve_letter:NAME.
Acts approve_fixed_letter(Scene& scene) {
  const std::string_view letter = std::string_view(scene.task.kind).substr(std::string_view("approve_letter:").size());
  for (const json::value& one : array(scene.on.data, "letters")) {
    const json::object& fixed = one.as_object();
    if (text(fixed, "letter") != letter) continue;
    if (scene.dice.chance(100))
      return {{scene.doer(), "take_back_letter", {{"hash", fixed.at("hash")}, {"reason", "The scope is named too widely."}}}};
    return {{scene.doer(), "approve_letter", {{"hash", fixed.at("hash")}}}};
  }
  return {};
}

}  // namespace

bool only_reminds(std::string_view kind) {
  constexpr std::string_view reminders[] = {"carried_over",        "overdue_supervision", "overdue",           "escalated",
                                            "information_overdue", "entrance_missed",     "closing_missed",    "closing_petitioned",
                                            "report_overdue",      "report_missed",       "copy_overdue",      "appeal_overdue",
                                            "nobody_to_write_to",  "preparation_over",    "read_questionnaire"};
  return std::ranges::find(reminders, kind) != std::end(reminders) || kind.starts_with("action_overdue:") || kind.starts_with("mail:");
}

Acts acts_of(Scene& scene) {
  if (scene.task.kind.starts_with("approve_letter:")) return approve_fixed_letter(scene);
  const std::string& workflow = scene.on.workflow;
  if (workflow == "annual_notification") return annual_notification_acts(scene);
  if (workflow == "application") return application_acts(scene);
  if (workflow == "membership") return membership_acts(scene);
  if (workflow == "risk_survey") return risk_survey_acts(scene);
  if (workflow == "audit") return audit_acts(scene);
  return continuation_acts(scene);
}

}  // namespace tradecase::simulation
