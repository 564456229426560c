#include "adapters/http/portal/letter_views.hpp"

#include <algorithm>

#include "adapters/http/portal/text_changes.hpp"

namespace tradecase::http {

const json::object& object_at(const json::object& from, std::string_view name) {
  static const json::object empty;
  const auto* value = from.if_contains(name);
  return value != nullptr && value->is_object() ? value->get_object() : empty;
}

std::string text_at(const json::object& from, std::string_view name) {
  const auto* value = from.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::int64_t number_at(const json::object& from, std::string_view name) {
  const auto* value = from.if_contains(name);
  return value != nullptr && value->is_int64() ? value->get_int64() : 0;
}

std::string answer_text(const Visit& visit, const Question& question, const json::value& value) {
  if (value.is_null()) return "";
  if (value.is_bool()) return value.get_bool() ? visit.say("Yes") : visit.say("No");
  if (value.is_array()) {
    std::string lines;
    for (const json::value& one : value.get_array()) {
      if (!lines.empty()) lines += "\n";
      lines += one.is_string() ? std::string(one.get_string()) : json::serialize(one);
    }
    return lines;
  }
  if (!value.is_string()) return json::serialize(value);
  std::string text(value.get_string());
  if (question.type == Question::Type::yes_no) return text == "yes" ? visit.say("Yes") : text == "no" ? visit.say("No") : text;
  if (question.type == Question::Type::date)
    if (const auto day = parse_date(text)) return visit.date(*day);
  return text;
}

namespace {

json::array pieces_of(const Question& question, const std::string& before, const std::string& after) {
  using Type = Question::Type;
  const bool prose = question.type == Type::text || question.type == Type::long_text || question.type == Type::file_note;
  const bool list = question.type == Type::list || question.type == Type::choices;
  json::array all;
  for (const Piece& piece : prose ? word_changes(before, after) : list ? line_changes(before, after) : whole_change(before, after))
    all.push_back(json::object{{"text", piece.text},
                               {"same", piece.kind == Piece::Kind::same},
                               {"gone", piece.kind == Piece::Kind::gone},
                               {"added", piece.kind == Piece::Kind::added}});
  return all;
}

json::array answers_of(const Visit& visit, const Section& section, const json::object& answer, bool only_changed) {
  const json::object &values = object_at(answer, "values"), &previous = object_at(answer, "previous");
  json::array all;
  for (const Question& question : section.questions) {
    const auto *now = values.if_contains(question.id), *then = previous.if_contains(question.id);
    const std::string after = now == nullptr ? "" : answer_text(visit, question, *now);
    const std::string before = then == nullptr ? "" : answer_text(visit, question, *then);
    if ((before.empty() && after.empty()) || (only_changed && before == after)) continue;
    all.push_back(json::object{{"text", question.text}, {"pieces", pieces_of(question, before, after)}});
  }
  return all;
}

std::string status_words(const Visit& visit, const std::string& status) {
  return status == "changed" ? visit.say("Changed") : status == "no_change" ? visit.say("No change") : visit.say("Not answered");
}

}  // namespace

LetterSections letter_sections(const Visit& visit, const Case& letter, bool only_changed) {
  LetterSections found;
  const auto version = static_cast<int>(number_at(letter.data, "form_version"));
  if (version <= 0) return found;
  const tradecase::Form& form = visit.programme().forms.get("anl", version);
  const json::object& sections = object_at(letter.data, "sections");
  for (const Section& section : form.sections) {
    const json::object& answer = object_at(sections, section.id);
    const std::string status = text_at(answer, "status"), question = text_at(answer, "question");
    const bool changed = status != "no_change" || !question.empty();
    ++found.all;
    found.changed += changed ? 1 : 0;
    if (only_changed && !changed) continue;
    json::array answers = answers_of(visit, section, answer, only_changed);
    const bool none = answers.empty();
    found.sections.push_back(json::object{{"section", section.id},
                                          {"name", section.id + ". " + section.title},
                                          {"status", status_words(visit, status)},
                                          {"changed", changed},
                                          {"asked", question},
                                          {"reply", text_at(answer, "reply")},
                                          {"answers", std::move(answers)},
                                          {"none", none},
                                          {"typed", ""},
                                          {"problem", ""}});
  }
  return found;
}

}  // namespace tradecase::http
