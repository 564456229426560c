// What a survey or an audit is about, as far as the reader may know: why it began, what it asks, what was found, and the plan that
// followed. Whoever approves, accepts or verifies reads it beside the button.
#include "adapters/http/portal/asked_questions.hpp"
#include "adapters/http/portal/case_parts.hpp"
#include "adapters/http/portal/question_views.hpp"
#include "adapters/http/portal/review_parts.hpp"
#include "adapters/http/uploads.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

class Subject {
 public:
  explicit Subject(const Visit& visit) : visit_(visit), data_(visit.on->data), staff_(visit.may(Verb::see_internal)) {}

  json::array survey() {
    if (staff_) add(visit_.say("What starts it"), visit_.say(plain_words(text_of(data_, "basis"))));
    if (staff_) add(visit_.say("Reasons"), lines(data_, "reasons"));
    add(visit_.say("Topics"), lines(data_, "topics"));
    if (!staff_) return std::move(rows_);
    const json::object draft = object_at(data_, "draft");
    add(visit_.on->open ? visit_.say("Outcome drafted") : visit_.say("Outcome"), text_of(draft, "outcome"));
    add(visit_.say("Findings"), lines(draft.empty() ? data_ : draft, "findings"));
    add(visit_.say("What should the company do?"), lines(draft, "next_steps"));
    add(visit_.say("Draft sent back because"), text_of(data_, "sent_back_because"));
    return std::move(rows_);
  }

  json::array audit() {
    if (staff_) add(visit_.say("Kind of audit"), visit_.say(plain_words(text_of(data_, "kind"))));
    if (staff_) add(visit_.say("Risk areas"), areas(array_at(data_, "risk_areas")));
    if (staff_) add(visit_.say("Reasons"), lines(data_, "reasons"));
    if (staff_) add(visit_.say("Override reason"), text_of(data_, "override_reason"));
    add(visit_.say("Objectives"), lines(data_, "objectives"));
    add_questionnaire(object_at(data_, "questionnaire"));
    add(visit_.say("Scope"), text_of(data_, "scope"));
    const json::object sampling = object_at(data_, "sampling");
    if (!sampling.empty())
      add(visit_.say("Sampling plan"), !object_at(sampling, "acceptance").empty() ? visit_.say("accepted by the company")
                                       : text_of(sampling, "refused_because").empty()
                                           ? visit_.say("waits for the company's answer")
                                           : visit_.say("refused by the company: {}", text_of(sampling, "refused_because")));
    for (const json::value& finding : array_at(data_, "findings"))
      add(visit_.say("Finding {}", number_at(finding.as_object(), "number")),
          areas(json::array{finding.at("area")}) + ": " + text_of(finding.as_object(), "text"));
    add(visit_.say("Plan sent back because"), lines(object_at(data_, "plan"), "returned_because"));
    return std::move(rows_);
  }

  json::array sampling_plan() {
    const json::object plan = object_at(data_, "sampling");
    add(visit_.say("Method"), text_of(plan, "method"));
    add(visit_.say("Lines in the sample"), std::to_string(number_at(plan, "sample_size")));
    add(visit_.say("Drawn from"), text_of(plan, "population"));
    add(visit_.say("To draw it again"), text_of(plan, "seed_note"));
    add(visit_.say("What acceptance means"), text_of(plan, "waiver"));
    return std::move(rows_);
  }

 private:
  void add(std::string label, std::string value) {
    if (!value.empty()) rows_.push_back(json::object{{"label", std::move(label)}, {"value", std::move(value)}});
  }
  void add_questionnaire(const json::object& of) {
    const auto day = [&](std::string_view name) {
      const auto date = parse_date(text_of(of, name));
      return date ? visit_.date(*date) : std::string();
    };
    const std::string sent = day("sent_on"), answered = day("answered_on");
    if (of.empty() || (sent.empty() && !staff_)) return;
    add(visit_.say("Questionnaire"), !answered.empty() ? visit_.say("answered on {}", answered)
                                     : !sent.empty()   ? visit_.say("sent on {}, waits for the company's answers", sent)
                                                       : visit_.say("built, not sent"));
    if (staff_) add(visit_.say("Questionnaire withdrawn because"), lines(of, "withdrawn_because"));
  }
  static std::string lines(const json::object& of, std::string_view name) {
    std::vector<std::string> all;
    for (const json::value& one : array_at(of, name))
      if (one.is_string()) all.emplace_back(one.get_string());
    return join(all, "\n");
  }
  std::string areas(const json::array& of) const {
    std::vector<std::string> all;
    for (const json::value& one : of) all.push_back(visit_.say(plain_words(std::string(one.as_string()))));
    return join(all, ", ");
  }

  const Visit& visit_;
  const json::object& data_;
  const bool staff_;
  json::array rows_;
};

// The plan is the company's own while it works on it.
bool shows_plan(const Visit& visit, const json::object& plan) {
  return !array_at(plan, "actions").empty() && (!visit.may(Verb::see_internal) || visit.on->state != "plan_required");
}

std::string stands(const Visit& visit, const json::object& action) {
  if (!text_of(action, "verified_on").empty()) return visit.say("Verified");
  return text_of(action, "reported_on").empty() ? visit.say("Open") : visit.say("Reported as done");
}

json::array answered(const Visit& visit, const Section& section, const json::object& answers) {
  json::array rows;
  for (const Question& question : section.questions)
    if (const json::value* value = answers.if_contains(question.id); is_given(value))
      rows.push_back(json::object{{"label", worded(visit, question.text)}, {"value", shown_answer(visit, question, value)}});
  return rows;
}

json::array action_views(const Visit& visit, const json::object& plan, const Section& section) {
  const auto files = visit.engine.database().read([&](Session& session) { return files_of_case(session, visit.on->id, false); });
  json::array all;
  for (const json::value& one : array_at(plan, "actions")) {
    const json::object& action = one.as_object();
    json::array rows = answered(visit, section, object_at(action, "answers")), shown = file_views(visit, files, array_at(action, "files"));
    const auto add = [&](std::string label, const std::string& value) {
      if (!value.empty()) rows.push_back(json::object{{"label", std::move(label)}, {"value", value}});
    };
    add(visit.say("What the company reports"), text_of(action, "reported"));
    if (visit.may(Verb::see_internal)) add(visit.say("What the auditor saw"), text_of(action, "verified_with"));
    const bool any = !shown.empty();
    all.push_back(json::object{{"heading", visit.say("Action {}", number_at(action, "number"))},
                               {"stands", stands(visit, action)},
                               {"rows", std::move(rows)},
                               {"any_shown", any},
                               {"shown", std::move(shown)}});
  }
  return all;
}

std::string how_answered(const Visit& visit, const json::object& asked, const Question& question) {
  const std::string response = text_of(asked, "response");
  if (response == "confirmed") return visit.say("confirmed");
  if (response != "corrected") return "";
  return visit.say("corrected, was: {}", shown_answer(visit, question, asked.if_contains("value")));
}

}  // namespace

json::array decided_on(const Visit& visit, std::string_view command) {
  if (command == "accept_sampling_plan" || command == "refuse_sampling_plan") return Subject(visit).sampling_plan();
  return {};
}

json::array asked_answers(const Visit& visit) {
  json::array all;
  const auto asked = asked_in(*visit.on);
  if (!asked || !asked->answered) return all;
  const tradecase::Form& form = visit.programme().forms.get(asked->bank->form, asked->form_version);
  for (const json::value& one : asked->questions) {
    const json::object& answer = one.as_object();
    const Section* section = form.section(text_of(answer, "section"));
    const Question* question = section == nullptr ? nullptr : section->question(text_of(answer, "question"));
    if (question == nullptr) continue;
    const json::value* value = answer.if_contains(text_of(answer, "response") == "confirmed" ? "value" : "answer");
    const std::string shown = shown_answer(visit, *question, value);
    all.push_back(json::object{{"label", worded(visit, question->text)},
                               {"value", shown.empty() ? visit.say("No answer") : shown},
                               {"how", how_answered(visit, answer, *question)}});
  }
  return all;
}

void add_subject(const Visit& visit, json::object& parts) {
  const Case& on = *visit.on;
  json::array subject, plan_rows, actions;
  if (on.workflow == "risk_survey") subject = Subject(visit).survey();
  if (on.workflow == "audit") subject = Subject(visit).audit();
  const json::object plan = on.workflow == "audit" ? object_at(on.data, "plan") : json::object();
  if (shows_plan(visit, plan)) {
    const tradecase::Form& form = visit.programme().forms.get("improvement_plan", number_at(plan, "form_version"));
    for (const Section& section : form.sections) {
      if (section.id == "plan") plan_rows = answered(visit, section, object_at(plan, "answers"));
      if (section.id == "action") actions = action_views(visit, plan, section);
    }
  }
  parts["any_subject"] = !subject.empty();
  parts["subject"] = std::move(subject);
  parts["any_plan"] = !actions.empty();
  parts["plan_rows"] = std::move(plan_rows);
  parts["actions"] = std::move(actions);
}

}  // namespace tradecase::http
