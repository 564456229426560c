#include "adapters/http/portal/question_views.hpp"

#include <algorithm>

#include "adapters/http/portal/word_diff.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

using Type = Question::Type;

std::string without_returns(std::string_view text) {  // browsers send CR LF
  std::string out;
  for (const char c : text)
    if (c != '\r') out += c;
  return trimmed(out);
}

// A value as its control holds it.
std::string raw(const json::value* value) {
  if (value == nullptr || value->is_null()) return "";
  if (value->is_bool()) return value->get_bool() ? "yes" : "no";
  if (value->is_string()) return std::string(value->get_string());
  if (const auto* list = value->if_array()) {
    std::vector<std::string> lines;
    for (const auto& item : *list) lines.push_back(raw(&item));
    return join(lines, "\n");
  }
  return json::serialize(*value);
}

std::vector<std::string> chosen_of(const json::value* value) {
  std::vector<std::string> all;
  if (value == nullptr) return all;
  if (const auto* list = value->if_array())
    for (const auto& item : *list) all.push_back(raw(&item));
  else if (const std::string one = raw(value); !one.empty())
    all.push_back(one);
  return all;
}

bool has_radios(Type type) { return type == Type::yes_no || type == Type::choice; }
bool has_lines(Type type) { return type == Type::long_text || type == Type::list || type == Type::file_note; }

std::string hint_of(const Visit& visit, const Question& question, const Section& section) {
  std::string hint = question.help.empty() ? "" : worded(visit, question.help);
  const auto add = [&](const std::string& more) { hint += (hint.empty() ? "" : " ") + more; };
  if (question.type == Type::date) add(visit.say("For example 12/22/2026."));
  if (question.type == Type::list) add(visit.say("One entry on each line."));
  if (question.required_when) {
    if (const Question* other = section.question(question.required_when->question))
      add(visit.say("Needed where you answer “{}” with {}.", worded(visit, other->text),
                    lower(worded(visit, question.required_when->equals == "yes"  ? "Yes"
                                        : question.required_when->equals == "no" ? "No"
                                                                                 : question.required_when->equals))));
  }
  return hint;
}

json::array choices_of(const Visit& visit, const Question& question, const std::string& field, const json::value* value) {
  json::array all;
  const auto chosen = chosen_of(value);
  const auto add = [&](const std::string& code, const std::string& label) {
    all.push_back(json::object{{"value", code},
                               {"label", label},
                               {"id", field + "-" + std::to_string(all.size())},
                               {"chosen", std::ranges::find(chosen, code) != chosen.end()}});
  };
  if (question.type == Type::yes_no) {
    add("yes", visit.say("Yes"));
    add("no", visit.say("No"));
  } else {
    for (const std::string& choice : question.choices) add(choice, worded(visit, choice));
  }
  return all;
}

std::string type_problem(const Visit& visit, const Question& question, const std::string& sentence) {
  switch (question.type) {
    case Type::number:
      return visit.say("Write a number, such as 12 or 1,250.50.");
    case Type::date:
      return visit.say("Write a day that exists, as 12/22/2026 or 2026-12-22.");
    case Type::url:
      return visit.say("Write a web address, such as https://www.example.com/conduct.");
    case Type::email:
      return visit.say("Write an e-mail address, such as name@example.com.");
    default:
      return sentence;
  }
}

}  // namespace

const std::string& worded(const Visit& visit, const std::string& english) { return visit.portal.texts().in(visit.language, english); }

std::string field_of(const Section& section, const Question& question) { return "q." + section.id + "." + question.id; }

std::string confirm_field(const Section& section, const Question& question) { return "c." + section.id + "." + question.id; }
std::string seen_field(const Section& section, const Question& question) { return "s." + section.id + "." + question.id; }

json::object read_answers(const Section& section, const Fields& fields) {
  json::object answers;
  for (const Question& question : section.questions) {
    const std::string field = field_of(section, question);
    if (question.type == Type::choices) {
      const auto chosen = fields.all(field);
      answers[question.id] = chosen.empty() ? json::value() : json::value(json::array(chosen.begin(), chosen.end()));
    } else {
      const std::string text = without_returns(fields.get(field));
      answers[question.id] = text.empty() ? json::value() : json::value(text);
    }
  }
  return answers;
}

bool is_given(const json::value* value) {
  if (value == nullptr || value->is_null()) return false;
  if (const auto* text = value->if_string()) return !trimmed(*text).empty();
  if (const auto* list = value->if_array()) return !list->empty();
  return true;
}

std::string shown_answer(const Visit& visit, const Question& question, const json::value* value) {
  if (!is_given(value)) return "";
  std::string text = raw(value);
  if (question.type == Type::yes_no) return text == "yes" ? visit.say("Yes") : visit.say("No");
  if (question.type == Type::date)
    if (const auto day = parse_date(text)) return visit.date(*day);
  if (question.type == Type::choice) return worded(visit, text);
  if (question.type == Type::choices) {
    std::vector<std::string> words;
    for (const std::string& one : chosen_of(value)) words.push_back(worded(visit, one));
    return join(words, "\n");
  }
  return text;
}

std::map<std::string, std::string> problems_of(const Visit& visit, const Section& section, const json::object& answers, bool complete) {
  std::map<std::string, std::string> all;
  for (const Question& question : section.questions) {
    const json::value* value = answers.if_contains(question.id);
    if (!is_given(value)) {
      if (complete && is_required(question, section, answers)) all[question.id] = visit.say("Answer this question.");
    } else if (const auto problem = answer_problem(question, *value)) {
      all[question.id] = type_problem(visit, question, *problem);
    }
  }
  return all;
}

json::array question_views(const Visit& visit, const Section& section, const Shown& shown) {
  json::array all;
  for (const Question& question : section.questions) {
    const std::string field = field_of(section, question);
    const json::value* value = shown.values.if_contains(question.id);
    const auto problem = shown.problems.find(question.id);
    const auto on_file = shown.on_file.find(question.id);
    const auto confirm = shown.confirm.find(question.id);
    const auto seen = shown.seen.find(question.id);
    const std::string hint = hint_of(visit, question, section);
    std::string before = shown.previous ? shown_answer(visit, question, shown.previous->if_contains(question.id)) : "";
    std::string described = (hint.empty() ? "" : field + "-hint ") + std::string(problem == shown.problems.end() ? "" : field + "-error ");
    all.push_back(json::object{{"field", field},
                               {"label", worded(visit, question.text)},
                               {"hint", hint},
                               {"described", trimmed(described)},
                               {"problem", problem == shown.problems.end() ? "" : problem->second},
                               {"optional", !question.required && !question.required_when},
                               {"value", raw(value)},
                               {"radios", has_radios(question.type)},
                               {"boxes", question.type == Type::choices},
                               {"lines", has_lines(question.type)},
                               {"line", !has_radios(question.type) && question.type != Type::choices && !has_lines(question.type)},
                               {"mode", question.type == Type::number  ? "decimal"
                                        : question.type == Type::email ? "email"
                                        : question.type == Type::url   ? "url"
                                                                       : "text"},
                               {"choices", choices_of(visit, question, field, value)},
                               {"beside", shown.previous != nullptr},
                               {"before", before},
                               {"confirm", confirm == shown.confirm.end() ? "" : confirm_field(section, question)},
                               {"confirmed", confirm != shown.confirm.end() && confirm->second},
                               {"seen_field", seen_field(section, question)},
                               {"seen", seen == shown.seen.end() ? "" : seen->second},
                               {"on_file", on_file == shown.on_file.end() ? "" : on_file->second}});
  }
  return all;
}

json::array summary_of(const Visit& visit, const Section& section, const std::map<std::string, std::string>& problems) {
  json::array all;
  for (const Question& question : section.questions)
    if (const auto found = problems.find(question.id); found != problems.end())
      all.push_back(
          json::object{{"field", field_of(section, question)}, {"sentence", worded(visit, question.text) + " – " + found->second}});
  return all;
}

json::array diff_views(const std::string& before, const std::string& after) {
  json::array all;
  for (const DiffPart& part : word_diff(before, after))
    all.push_back(json::object{{"same", part.kind == DiffPart::Kind::same ? part.text : ""},
                               {"added", part.kind == DiffPart::Kind::added ? part.text : ""},
                               {"removed", part.kind == DiffPart::Kind::removed ? part.text : ""}});
  return all;
}

// Counted back from the day's end: right on the two days a year that are shorter or longer, but for their first three hours.
std::string clock_time(const Visit& visit) {
  const Instant now = visit.engine.now();
  const auto rest = std::chrono::duration_cast<std::chrono::minutes>(visit.programme().calendar.end_of(visit.today()) - now).count();
  const auto minutes = std::clamp<std::int64_t>(24 * 60 - rest, 0, 24 * 60 - 1);
  const auto hour = minutes / 60;
  return fmt::format("{}:{:02} {}", hour % 12 == 0 ? 12 : hour % 12, minutes % 60, hour < 12 ? "a.m." : "p.m.");
}

std::string text_of(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}
json::object object_at(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_object() ? value->get_object() : json::object();
}
json::array array_at(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_array() ? value->get_array() : json::array();
}
int number_at(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_int64() ? static_cast<int>(value->get_int64()) : 0;
}
bool yes_at(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_bool() && value->get_bool();
}

}  // namespace tradecase::http
