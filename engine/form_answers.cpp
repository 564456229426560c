// Answers checked against a form, and turned into facts and back.
#include <algorithm>
#include <cctype>
#include <charconv>
#include <set>

#include "engine/form.hpp"
#include "engine/nearest.hpp"

namespace tradecase {
namespace {

using Type = Question::Type;
using Problem = std::optional<std::string>;  // a sentence about one value

bool not_given(const json::value& value) {
  if (const auto* text = value.if_string())
    return std::all_of(text->begin(), text->end(), [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; });
  if (const auto* list = value.if_array()) return std::all_of(list->begin(), list->end(), not_given);
  return value.is_null();
}

std::string in_quotes(std::string_view text) { return "\"" + std::string(text) + "\""; }

// Code points, so that a limit means the same for every alphabet; nothing where the bytes are no UTF-8.
std::optional<std::size_t> letters_in(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); ++count) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80                   ? 1
                               : lead >= 0xC2 && lead < 0xE0 ? 2
                               : lead >= 0xE0 && lead < 0xF0 ? 3
                               : lead >= 0xF0 && lead < 0xF5 ? 4
                                                             : 0;
    if (length == 0 || i + length > text.size()) return std::nullopt;
    for (std::size_t k = 1; k < length; ++k)
      if ((static_cast<unsigned char>(text[i + k]) & 0xC0) != 0x80) return std::nullopt;
    i += length;
  }
  return count;
}

bool has_control_character(std::string_view text, bool lines_allowed) {
  return std::any_of(text.begin(), text.end(), [&](char c) {
    const auto byte = static_cast<unsigned char>(c);
    const bool of_lines = c == '\n' || c == '\t' || c == '\r';
    return byte == 0x7F || (byte < 0x20 && !(lines_allowed && of_lines));
  });
}

Problem text_problem(const Question& question, std::string_view text, bool lines_allowed) {
  const auto letters = letters_in(text);
  if (!letters) return in_quotes(question.text) + " holds bytes that are no readable text.";
  if (has_control_character(text, lines_allowed))
    return in_quotes(question.text) + (lines_allowed ? " holds a control character." : " takes one line without control characters.");
  if (*letters > static_cast<std::size_t>(question.max_length))
    return in_quotes(question.text) + " takes at most " + std::to_string(question.max_length) + " characters; there are " +
           std::to_string(*letters) + ".";
  return std::nullopt;
}

std::string_view without_margins(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "1,250.50" as "1250.50": an optional sign, digits (commas only between groups of three), at most one point with digits after it.
std::optional<std::string> decimal(std::string_view text) {
  text = without_margins(text);
  std::string plain;
  if (!text.empty() && text.front() == '-') plain = "-";
  text.remove_prefix(plain.size());
  const std::string_view whole = text.substr(0, text.find('.'));
  const std::string_view part = whole.size() == text.size() ? std::string_view("0") : text.substr(whole.size() + 1);
  const bool grouped = whole.find(',') != std::string_view::npos;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    const bool comma_due = grouped && (whole.size() - i) % 4 == 0;
    if (comma_due && i == 0) return std::nullopt;
    if (comma_due ? whole[i] != ',' : !is_digit(whole[i])) return std::nullopt;
    if (!comma_due) plain += whole[i];
  }
  constexpr std::size_t digits_max = 18;
  if (whole.empty() || part.empty() || plain.size() + part.size() > digits_max || !std::all_of(part.begin(), part.end(), is_digit))
    return std::nullopt;
  const auto first = plain.find_first_not_of('0', plain.front() == '-' ? 1 : 0);
  const std::string sign = plain.front() == '-' ? "-" : "";
  plain = sign + (first == std::string::npos ? "0" : plain.substr(first));
  std::string_view rest = part;
  while (!rest.empty() && rest.back() == '0') rest.remove_suffix(1);
  if (!rest.empty()) plain += "." + std::string(rest);
  return plain == "-0" ? "0" : plain;
}

std::optional<std::string> number_text(const json::value& value) {
  if (const auto* text = value.if_string()) return decimal(*text);
  if (value.is_int64() || value.is_uint64()) return decimal(json::serialize(value));
  if (const auto* real = value.if_double()) {
    char digits[64];  // shortest form that reads back the same, without an exponent
    const auto end = std::to_chars(std::begin(digits), std::end(digits), *real, std::chars_format::fixed);
    if (end.ec == std::errc{}) return decimal(std::string_view(digits, static_cast<std::size_t>(end.ptr - digits)));
  }
  return std::nullopt;
}

json::value number_value(const std::string& text) {
  std::int64_t whole = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), whole);
  if (end.ec == std::errc{} && end.ptr == text.data() + text.size()) return whole;
  return json::value(text);
}

std::optional<bool> yes_or_no(const json::value& value) {
  if (const auto* answer = value.if_bool()) return *answer;
  const auto* text = value.if_string();
  if (text == nullptr) return std::nullopt;
  if (*text == "yes") return true;
  if (*text == "no") return false;
  return std::nullopt;
}

// The entries of a list: the texts of an array, or one a line of a text. Nothing where the value is neither.
std::optional<std::vector<std::string>> entries_of(const json::value& value) {
  std::vector<std::string> entries;
  const auto add = [&](std::string_view entry) {
    if (entry = without_margins(entry); !entry.empty()) entries.emplace_back(entry);
  };
  if (const auto* text = value.if_string()) {
    std::string_view rest = *text;
    for (auto end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
      add(rest.substr(0, end));
      rest.remove_prefix(end + 1);
    }
    add(rest);
    return entries;
  }
  const auto* list = value.if_array();
  if (list == nullptr) return std::nullopt;
  for (const auto& item : *list) {
    if (!item.is_string()) return std::nullopt;
    add(item.get_string());
  }
  return entries;
}

std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) text += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + in_quotes(words[i]);
  return text;
}

Problem choice_problem(const Question& question, std::string_view choice) {
  if (std::find(question.choices.begin(), question.choices.end(), choice) != question.choices.end()) return std::nullopt;
  return in_quotes(question.text) + " takes " + listed(question.choices) + ".";
}

Problem choices_problem(const Question& question, const std::vector<std::string>& given) {
  std::set<std::string> seen;
  for (const auto& choice : given) {
    if (auto problem = choice_problem(question, choice)) return problem;
    if (!seen.insert(choice).second) return in_quotes(question.text) + " names " + in_quotes(choice) + " twice.";
  }
  return std::nullopt;
}

Problem list_problem(const Question& question, const std::vector<std::string>& given) {
  constexpr std::size_t entries_max = 500;
  if (given.size() > entries_max) return in_quotes(question.text) + " takes at most " + std::to_string(entries_max) + " entries.";
  for (const auto& entry : given)
    if (auto problem = text_problem(question, entry, false)) return problem;
  return std::nullopt;
}

Problem list_like_problem(const Question& question, const json::value& value) {
  const auto entries = entries_of(value);
  if (!entries) return in_quotes(question.text) + " takes a list of texts.";
  return question.type == Type::choices ? choices_problem(question, *entries) : list_problem(question, *entries);
}

bool looks_like_url(std::string_view text) {
  const std::size_t scheme = text.starts_with("https://") ? 8 : text.starts_with("http://") ? 7 : 0;
  return scheme > 0 && text.size() > scheme && text.find_first_of(" \"<>\\^`{|}") == std::string_view::npos && text[scheme] != '/' &&
         text.find('.', scheme) != std::string_view::npos;
}

bool looks_like_email(std::string_view text) {
  const auto at = text.find('@');
  if (at == 0 || at == std::string_view::npos || at != text.rfind('@') || text.size() > 254) return false;
  const std::string_view domain = text.substr(at + 1);
  const auto point = domain.find('.');
  return point != std::string_view::npos && point != 0 && domain.back() != '.' && domain.find("..") == std::string_view::npos &&
         text.find_first_of(" \"(),:;<>[]\\") == std::string_view::npos;
}

Problem one_text_problem(const Question& question, const json::value& value) {
  const auto* text = value.if_string();
  if (text == nullptr) return in_quotes(question.text) + " takes a text.";
  if (question.type == Type::choice) return choice_problem(question, *text);
  if (auto problem = text_problem(question, *text, question.type == Type::long_text || question.type == Type::file_note)) return problem;
  if (question.type == Type::date && !parse_date(without_margins(*text)))
    return in_quotes(question.text) + " takes a day such as 12/22/2026 or 2026-12-22.";
  if (question.type == Type::url && !looks_like_url(without_margins(*text)))
    return in_quotes(question.text) + " takes a web address that begins with https:// or http://.";
  if (question.type == Type::email && !looks_like_email(without_margins(*text)))
    return in_quotes(question.text) + " takes an e-mail address such as name@company.com.";
  return std::nullopt;
}

Problem problem_with(const Question& question, const json::value& value) {
  switch (question.type) {
    case Type::yes_no:
      if (!yes_or_no(value)) return in_quotes(question.text) + " takes yes or no.";
      return std::nullopt;
    case Type::number:
      if (!number_text(value)) return in_quotes(question.text) + " takes a number such as 12 or 1,250.50.";
      return std::nullopt;
    case Type::choices:
    case Type::list:
      return list_like_problem(question, value);
    default:
      return one_text_problem(question, value);
  }
}

const json::value& given(const json::object& answers, const std::string& id) {
  static const json::value nothing;
  const auto* value = answers.if_contains(id);
  return value == nullptr ? nothing : *value;
}

bool holds(const Condition& condition, const Section& section, const json::object& answers) {
  const Question* asked = section.question(condition.question);
  if (asked == nullptr) return false;
  const json::value& value = given(answers, condition.question);
  if (not_given(value) || problem_with(*asked, value)) return false;
  const json::value plain = plain_answer(*asked, value);
  if (const auto* yes = plain.if_bool()) return condition.equals == (*yes ? "yes" : "no");
  if (const auto* list = plain.if_array()) return std::find(list->begin(), list->end(), json::value(condition.equals)) != list->end();
  return plain.is_string() ? condition.equals == std::string_view(plain.get_string()) : condition.equals == json::serialize(plain);
}

void find_unknown(const Section& section, const json::object& answers, std::vector<AnswerProblem>& problems) {
  std::vector<std::string> known;
  for (const Question& question : section.questions) known.push_back(question.id);
  for (const auto& item : answers) {
    const std::string_view id = item.key();
    if (section.question(id) == nullptr)
      problems.push_back(
          {std::string(id), "Section " + section.id + " has no question \"" + std::string(id) + "\"" + did_you_mean(id, known) + "."});
  }
}

}  // namespace

std::optional<std::string> answer_problem(const Question& question, const json::value& value) {
  return not_given(value) ? std::nullopt : problem_with(question, value);
}

std::vector<AnswerProblem> check_answers(const Section& section, const json::object& answers, bool complete) {
  std::vector<AnswerProblem> problems;
  find_unknown(section, answers, problems);
  for (const Question& question : section.questions) {
    const json::value& value = given(answers, question.id);
    if (auto problem = answer_problem(question, value))
      problems.push_back({question.id, *problem});
    else if (complete && not_given(value) && is_required(question, section, answers))
      problems.push_back({question.id, in_quotes(question.text) + " needs an answer."});
  }
  return problems;
}

bool is_required(const Question& question, const Section& section, const json::object& answers) {
  return question.required || (question.required_when && holds(*question.required_when, section, answers));
}

json::value plain_answer(const Question& question, const json::value& value) {
  if (not_given(value)) return nullptr;
  if (question.type == Type::yes_no) return yes_or_no(value).value();
  if (question.type == Type::number) return number_value(number_text(value).value());
  if (question.type == Type::choices || question.type == Type::list) return json::value_from(entries_of(value).value());
  const std::string_view text = without_margins(value.as_string());
  if (question.type == Type::date) return json::value(to_text(parse_date(text).value()));
  return json::value(text);
}

std::vector<std::pair<std::string, json::value>> keyed_answers(const Section& section, const json::object& answers) {
  std::vector<std::pair<std::string, json::value>> keyed;
  for (const Question& question : section.questions) {
    if (question.key.empty()) continue;
    json::value plain = plain_answer(question, given(answers, question.id));
    if (!plain.is_null()) keyed.emplace_back(question.key, std::move(plain));
  }
  return keyed;
}

json::object answers_from_facts(const Section& section, const json::object& known) {
  json::object answers;
  for (const Question& question : section.questions) {
    if (question.key.empty()) continue;
    const json::value& value = given(known, question.key);
    if (!not_given(value) && !answer_problem(question, value)) answers[question.id] = plain_answer(question, value);
  }
  return answers;
}

}  // namespace tradecase
