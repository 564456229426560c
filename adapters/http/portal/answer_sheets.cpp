#include "adapters/http/portal/answer_sheets.hpp"

#include <algorithm>

#include "adapters/http/portal/asked_questions.hpp"
#include "adapters/http/portal/question_views.hpp"
#include "engine/on_file.hpp"

namespace tradecase::http {
namespace {

using Facts = std::vector<Fact>;

Facts facts_on_file(const Visit& visit) {
  return visit.engine.database().read([&](Session& session) { return facts_of(session, visit.on->company); });
}

void show_fact(const Visit& visit, const Question& question, const Fact& fact, AnswerGroup& group) {
  group.known[question.id] = fact.value;
  group.on_file[question.id] = on_file_words(visit, fact);
}

// Of what is shown now, which may be more than when it was sent.
AskedNumbers numbers_in(const AnswerSheet& sheet) {
  AskedNumbers numbers;
  for (const AnswerGroup& group : sheet.groups) {
    numbers.all += static_cast<int>(group.section.questions.size());
    numbers.on_file += static_cast<int>(group.known.size());
  }
  numbers.to_answer = numbers.all - numbers.on_file;
  return numbers;
}

// ---- risk survey, audit questionnaire ------------------------------------------------------------------------------------------

// With what is on file today: nobody answers what came on file since the questions went out.
void add_asked(const Visit& visit, const json::object& asked, const Section& form, const Facts& facts, AnswerGroup& group) {
  const std::string id = text_of(asked, "question");
  const Question* question = form.question(id);
  if (question == nullptr) return;
  group.section.questions.push_back(*question);
  const std::string response = text_of(asked, "response"), again = text_of(asked, "asked_again_because");
  const Fact* fact = again.empty() ? fact_answering(*question, facts) : nullptr;
  const bool typed = response == "answered" || response == "corrected";
  const json::value* answer = asked.if_contains("answer");
  if (typed && answer != nullptr) group.values[id] = *answer;
  if (!again.empty()) group.on_file[id] = visit.say("We ask again: {}", again);
  if (fact == nullptr || (typed && !yes_at(asked, "on_file"))) return;  // what was answered before it came on file stays answered
  show_fact(visit, *question, *fact, group);
  if (!typed) group.values[id] = fact->value;
  group.confirm[id] = response == "confirmed" && answer != nullptr && *answer == fact->value;
  group.by_value[id] = !yes_at(asked, "on_file") || asked.at("value") != fact->value;
}

json::object replies_body(const Visit& visit, const AnswerSheet& sheet, const std::vector<json::object>& typed) {
  json::array replies;
  for (std::size_t i = 0; i < sheet.groups.size(); ++i) {
    const AnswerGroup& group = sheet.groups[i];
    for (const Question& question : group.section.questions) {
      const json::value& value = typed[i].at(question.id);
      if (!is_given(&value)) continue;
      const auto known = group.known.find(question.id);
      if (known == group.known.end() || plain_answer(question, value) != known->second)
        replies.push_back(json::object{{"question", question.id}, {"value", value}});
      else if (visit.form.fields.get(confirm_field(group.section, question)) == "yes")
        replies.push_back(group.by_value.at(question.id) ? json::object{{"question", question.id}, {"value", known->second}}
                                                         : json::object{{"question", question.id}, {"confirm", true}});
    }
  }
  if (replies.empty()) return {};
  return {{"answers", std::move(replies)}};
}

AnswerSheet questions_sheet(const Visit& visit, const AskedOfCompany& asked, std::string title, std::string send) {
  AnswerSheet sheet{std::move(title), "", "save_answers", std::move(send), {}, replies_body};
  const Facts facts = facts_on_file(visit);
  for (const Section& section : visit.programme().forms.get(asked.bank->form, asked.form_version).sections) {
    AnswerGroup group{section, worded(visit, section.title), section.intro.empty() ? "" : worded(visit, section.intro), {}};
    group.section.questions.clear();
    for (const auto& one : asked.questions)
      if (one.is_object() && text_of(one.get_object(), "section") == section.id) add_asked(visit, one.get_object(), section, facts, group);
    if (!group.section.questions.empty()) sheet.groups.push_back(std::move(group));
  }
  sheet.intro = counted_questions(visit, visit.on->workflow, numbers_in(sheet)) + " " +
                visit.say("What is on file already is shown. Confirm it or correct it, and answer the rest.");
  return sheet;
}

// ---- continuation pack ------------------------------------------------------------------------------------------------------------

json::object pack_body(const Visit&, const AnswerSheet& sheet, const std::vector<json::object>& typed) {
  json::object answers;
  for (std::size_t i = 0; i < sheet.groups.size(); ++i) {
    const AnswerGroup& group = sheet.groups[i];
    json::object given;
    for (const Question& question : group.section.questions) {
      const json::value& value = typed[i].at(question.id);
      const auto known = group.known.find(question.id);
      const bool as_on_file = known != group.known.end() && is_given(&value) && plain_answer(question, value) == known->second;
      if (is_given(&value) && !as_on_file) given[question.id] = value;
    }
    if (!given.empty()) answers[group.section.id] = std::move(given);
  }
  if (answers.empty()) return {};
  return {{"answers", std::move(answers)}};
}

struct InPack {
  bool asked = true;
  std::string again{};
};

// A pack sent before questions could be chosen names none: it asks all.
InPack in_pack(const json::array& chosen, const Section& section, const Question& question) {
  if (chosen.empty()) return {};
  for (const json::value& one : chosen)
    if (text_of(one.as_object(), "section") == section.id && text_of(one.as_object(), "question") == question.id)
      return {true, text_of(one.as_object(), "asked_again_because")};
  return {false};
}

void add_of_pack(const Visit& visit, const Question& question, const InPack& in, const Facts& facts, AnswerGroup& group) {
  group.section.questions.push_back(question);
  if (!in.again.empty()) {
    group.on_file[question.id] = visit.say("We ask again: {}", in.again);
    return;
  }
  const Fact* fact = fact_answering(question, facts);
  if (fact == nullptr) return;
  show_fact(visit, question, *fact, group);
  group.values[question.id] = fact->value;
}

AnswerSheet pack_sheet(const Visit& visit) {
  AnswerSheet sheet{
      visit.say("Answer the preparation pack"),
      visit.say("What is on file already is filled in. Correct it where it changed, and answer the rest. Your signature confirms both."),
      "save_pack",
      "answer_pack",
      {},
      pack_body};
  const json::object pack = object_at(visit.on->data, "pack");
  const json::array chosen = array_at(pack, "questions");
  const Facts facts = facts_on_file(visit);
  for (const Section& section : visit.programme().forms.get("continuation_pack", number_at(pack, "form_version")).sections) {
    AnswerGroup group{section, worded(visit, section.title), section.intro.empty() ? "" : worded(visit, section.intro), {}};
    group.section.questions.clear();
    for (const Question& question : section.questions)
      if (const InPack in = in_pack(chosen, section, question); in.asked) add_of_pack(visit, question, in, facts, group);
    const json::object saved = object_at(object_at(pack, "answers"), section.id);
    for (const Question& question : group.section.questions)
      if (const auto* value = saved.if_contains(question.id)) group.values[question.id] = *value;
    if (!group.section.questions.empty()) sheet.groups.push_back(std::move(group));
  }
  if (!chosen.empty()) sheet.intro = counted_questions(visit, visit.on->workflow, numbers_in(sheet)) + " " + sheet.intro;
  return sheet;
}

// ---- improvement plan -------------------------------------------------------------------------------------------------------------

json::object plan_body(const Visit&, const AnswerSheet& sheet, const std::vector<json::object>& typed) {
  json::object plan;
  json::array actions;
  for (std::size_t i = 0; i < sheet.groups.size(); ++i) {
    json::object given;
    for (const auto& [id, value] : typed[i])
      if (is_given(&value)) given[id] = value;
    if (sheet.groups[i].section.id == "plan")
      plan = std::move(given);
    else if (!given.empty())
      actions.push_back(std::move(given));
  }
  return {{"plan", std::move(plan)}, {"actions", std::move(actions)}};
}

AnswerSheet plan_sheet(const Visit& visit) {
  AnswerSheet sheet{visit.say("Write the improvement plan"),
                    visit.say("Each finding of the report needs an action. Save as often as you like before you sign."),
                    "save_plan",
                    "submit_plan",
                    {},
                    plan_body};
  const json::object plan = object_at(visit.on->data, "plan");
  const int stored_version = number_at(plan, "form_version");
  const Forms& forms = visit.programme().forms;
  const auto& form = stored_version > 0 ? forms.get("improvement_plan", stored_version) : forms.latest("improvement_plan", visit.today());
  const Section* about_plan = form.section("plan");
  const Section* about_action = form.section("action");
  if (about_plan == nullptr || about_action == nullptr) return sheet;
  sheet.groups.push_back({*about_plan, worded(visit, about_plan->title), "", object_at(plan, "answers")});
  const json::array actions = array_at(plan, "actions"), findings = array_at(visit.on->data, "findings");
  for (std::size_t i = 0; i < std::max(actions.size(), findings.size()); ++i) {
    AnswerGroup group{*about_action, visit.say("Action {}", i + 1), "", {}};
    group.section.id = "action." + std::to_string(i + 1);
    if (i < actions.size()) group.values = object_at(actions[i].as_object(), "answers");
    if (i < findings.size()) {
      const json::object& finding = findings[i].as_object();
      group.intro = visit.say("Finding {}: {}", number_at(finding, "number"), text_of(finding, "text"));
      if (group.values.empty()) group.values["finding"] = std::to_string(number_at(finding, "number")) + ": " + text_of(finding, "text");
    } else {
      group.optional = true;
    }
    sheet.groups.push_back(std::move(group));
  }
  return sheet;
}

}  // namespace

std::optional<AnswerSheet> answer_sheet(const Visit& visit) {
  const Case& on = *visit.on;
  const auto asked = asked_in(on);
  if (asked && on.workflow == "risk_survey" && on.state == "issued")
    return questions_sheet(visit, *asked, visit.say("Answer the risk survey"), "answer");
  if (asked && on.workflow == "audit" && on.open && asked->sent && !asked->answered)
    return questions_sheet(visit, *asked, visit.say("Answer the audit questionnaire"), "answer_questionnaire");
  if (on.workflow == "continuation" && on.state == "in_review" && number_at(object_at(on.data, "pack"), "form_version") > 0 &&
      text_of(object_at(on.data, "pack"), "answered_on").empty())
    return pack_sheet(visit);
  if (on.workflow == "audit" && on.state == "plan_required") return plan_sheet(visit);
  return std::nullopt;
}

}  // namespace tradecase::http
