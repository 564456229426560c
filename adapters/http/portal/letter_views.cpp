#include "adapters/http/portal/letter_views.hpp"

#include <algorithm>

#include "adapters/http/portal/question_views.hpp"

namespace tradecase::http {

namespace {

// Prose is compared word by word; what is read as one (a number, a day, a choice) is replaced as one.
json::array pieces_of(const Question& question, const std::string& before, const std::string& after) {
  using Type = Question::Type;
  const bool whole = question.type == Type::yes_no || question.type == Type::number || question.type == Type::date ||
                     question.type == Type::choice || question.type == Type::url || question.type == Type::email;
  if (!whole || before == after) return diff_views(before, after);
  return {json::object{{"same", ""}, {"added", ""}, {"removed", before}}, json::object{{"same", ""}, {"added", after}, {"removed", ""}}};
}

json::array answers_of(const Visit& visit, const Section& section, const json::object& answer, bool only_changed) {
  const json::object values = object_at(answer, "values"), previous = object_at(answer, "previous");
  json::array all;
  for (const Question& question : section.questions) {
    const std::string after = shown_answer(visit, question, values.if_contains(question.id));
    const std::string before = shown_answer(visit, question, previous.if_contains(question.id));
    if ((before.empty() && after.empty()) || (only_changed && before == after)) continue;
    all.push_back(json::object{{"text", worded(visit, question.text)}, {"pieces", pieces_of(question, before, after)}});
  }
  return all;
}

std::string status_words(const Visit& visit, const std::string& status) {
  return status == "changed" ? visit.say("Changed") : status == "no_change" ? visit.say("No change") : visit.say("Not answered");
}

}  // namespace

LetterSections letter_sections(const Visit& visit, const Case& letter, bool only_changed) {
  LetterSections found;
  const auto version = number_at(letter.data, "form_version");
  if (version <= 0) return found;
  const tradecase::Form& form = visit.programme().forms.get("anl", version);
  const json::object sections = object_at(letter.data, "sections");
  for (const Section& section : form.sections) {
    const json::object answer = object_at(sections, section.id);
    const std::string status = text_of(answer, "status"), question = text_of(answer, "question");
    const bool changed = status != "no_change" || !question.empty();
    ++found.all;
    found.changed += changed ? 1 : 0;
    if (only_changed && !changed) continue;
    json::array answers = answers_of(visit, section, answer, only_changed);
    const bool none = answers.empty();
    found.sections.push_back(json::object{{"section", section.id},
                                          {"name", section.id + ". " + worded(visit, section.title)},
                                          {"status", status_words(visit, status)},
                                          {"changed", changed},
                                          {"asked", question},
                                          {"reply", text_of(answer, "reply")},
                                          {"answers", std::move(answers)},
                                          {"none", none},
                                          {"typed", ""},
                                          {"problem", ""}});
  }
  return found;
}

}  // namespace tradecase::http
