// A form read from its JSON text, strictly: whoever edits a form is told every slip at once, and where it is.
#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <set>

#include "engine/form.hpp"
#include "engine/nearest.hpp"

namespace tradecase {
namespace {

using Type = Question::Type;

constexpr int text_length = 4000;  // characters a text takes where the form does not say

constexpr std::array types{
    std::pair{std::string_view("text"), Type::text},           std::pair{std::string_view("long_text"), Type::long_text},
    std::pair{std::string_view("yes_no"), Type::yes_no},       std::pair{std::string_view("number"), Type::number},
    std::pair{std::string_view("date"), Type::date},           std::pair{std::string_view("choice"), Type::choice},
    std::pair{std::string_view("choices"), Type::choices},     std::pair{std::string_view("list"), Type::list},
    std::pair{std::string_view("file_note"), Type::file_note}, std::pair{std::string_view("url"), Type::url},
    std::pair{std::string_view("email"), Type::email},
};

bool is_id(std::string_view text) {
  return !text.empty() && text.front() >= 'a' && text.front() <= 'z' &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

struct Problems {
  std::string file;
  std::string all;
  void add(const std::string& place, const std::string& what) {
    all += (all.empty() ? "" : "\n") + file + (place.empty() ? "" : ", " + place) + ": " + what;
  }
};

// One object of the file: takes out its properties one by one and complains about those that nobody knows.
class Properties {
 public:
  Properties(const json::value& value, std::string place, Problems& problems) : place_(std::move(place)), problems_(problems) {
    object_ = value.if_object();
    if (object_ == nullptr) problems_.add(place_, "is not an object");
  }
  ~Properties() {
    if (object_ == nullptr) return;
    for (const auto& item : *object_) {
      const std::string name(item.key());
      if (std::find(known_.begin(), known_.end(), name) == known_.end())
        problems_.add(place_, "unknown property \"" + name + "\"" + did_you_mean(name, known_));
    }
  }
  Properties(const Properties&) = delete;
  Properties& operator=(const Properties&) = delete;

  const json::value* find(const char* name) {
    known_.emplace_back(name);
    return object_ == nullptr ? nullptr : object_->if_contains(name);
  }

  enum class Need { required, optional };
  std::string text(const char* name, Need need) {
    const auto* value = find(name);
    if (value == nullptr) {
      if (need == Need::required) problem(std::string("\"") + name + "\" is missing");
      return {};
    }
    const auto* text = value->if_string();
    if (text == nullptr) problem(std::string("\"") + name + "\" must be a text");
    if (text != nullptr && text->empty() && need == Need::required) problem(std::string("\"") + name + "\" is empty");
    return text == nullptr ? std::string{} : std::string(*text);
  }
  bool yes(const char* name) {
    const auto* value = find(name);
    if (value == nullptr) return false;
    if (!value->is_bool()) problem(std::string("\"") + name + "\" must be true or false");
    return value->is_bool() && value->get_bool();
  }
  int number(const char* name, std::optional<int> otherwise) {
    const auto* value = find(name);
    if (value == nullptr && otherwise) return *otherwise;
    const auto* number = value == nullptr ? nullptr : value->if_int64();
    if (number != nullptr && *number >= 1 && *number <= 1'000'000) return static_cast<int>(*number);
    problem(std::string("\"") + name + "\" must be a whole number from 1 to 1000000");
    return otherwise.value_or(1);
  }
  const json::array* list(const char* name, Need need) {
    const auto* value = find(name);
    if (value == nullptr && need == Need::optional) return nullptr;
    const auto* list = value == nullptr ? nullptr : value->if_array();
    if (list == nullptr || list->empty()) problem(std::string("\"") + name + "\" must be a list with at least one entry");
    return list;
  }
  std::optional<Mark> mark(Need need) {
    const std::string letters = text("mark", need);
    const auto mark = parse_mark(letters);
    if (!letters.empty() && !mark) problem("\"mark\" must be \"C\", \"A\" or \"R\"");
    return mark;
  }
  void problem(const std::string& what) { problems_.add(place_, what); }

 private:
  std::string place_;
  Problems& problems_;
  const json::object* object_ = nullptr;
  std::vector<std::string> known_;
};

using Need = Properties::Need;

Type read_type(Properties& properties) {
  const std::string name = properties.text("type", Need::required);
  const auto* found = std::find_if(types.begin(), types.end(), [&](const auto& type) { return type.first == name; });
  if (found != types.end()) return found->second;
  std::vector<std::string> names;
  for (const auto& type : types) names.emplace_back(type.first);
  if (!name.empty()) properties.problem("there is no type \"" + name + "\"" + did_you_mean(name, names));
  return Type::text;
}

std::vector<std::string> read_choices(Properties& properties, Type type) {
  const bool takes_choices = type == Type::choice || type == Type::choices;
  const auto* list = properties.list("choices", takes_choices ? Need::required : Need::optional);
  if (list == nullptr) return {};
  if (!takes_choices) properties.problem("\"choices\" stands only in a question of type choice or choices");
  std::vector<std::string> choices;
  for (const auto& item : *list) {
    const std::string choice = item.is_string() ? std::string(item.get_string()) : std::string();
    if (choice.empty()) properties.problem("each of \"choices\" must be a text");
    if (std::find(choices.begin(), choices.end(), choice) != choices.end())
      properties.problem("the choice \"" + choice + "\" is given twice");
    choices.push_back(choice);
  }
  return choices;
}

std::optional<Condition> read_condition(Properties& properties, const std::string& place, Problems& problems) {
  const auto* value = properties.find("required_when");
  if (value == nullptr) return std::nullopt;
  Properties condition(*value, place + ", required_when", problems);
  return Condition{condition.text("question", Need::required), condition.text("equals", Need::required)};
}

Question read_question(const json::value& value, const std::string& section_place, Problems& problems) {
  const auto* object = value.if_object();
  const auto* id = object == nullptr ? nullptr : object->if_contains("id");
  const std::string place =
      section_place + ", question " + (id != nullptr && id->is_string() ? std::string(id->get_string()) : "without id");
  Properties properties(value, place, problems);
  Question question;
  question.id = properties.text("id", Need::required);
  if (!question.id.empty() && !is_id(question.id)) properties.problem("an id is made of lower-case letters, digits and underscores");
  question.text = properties.text("text", Need::required);
  question.help = properties.text("help", Need::optional);
  question.type = read_type(properties);
  question.required = properties.yes("required");
  question.required_when = read_condition(properties, place, problems);
  question.choices = read_choices(properties, question.type);
  question.key = properties.text("key", Need::optional);
  if (!question.key.empty() && !is_data_key(question.key))
    properties.problem("the key \"" + question.key + "\" is no dotted lower-case name such as \"controls.manual.version\"");
  question.max_length = properties.number("max_length", text_length);
  question.mark = properties.mark(Need::optional);
  question.source = properties.text("source", Need::optional);
  return question;
}

bool can_equal(const Question& asked, const std::string& answer) {
  if (asked.type == Type::yes_no) return answer == "yes" || answer == "no";
  return asked.choices.empty() || std::find(asked.choices.begin(), asked.choices.end(), answer) != asked.choices.end();
}

void check_conditions(const Section& section, const std::string& place, Problems& problems) {
  std::vector<std::string> ids;
  for (const Question& question : section.questions) ids.push_back(question.id);
  for (const Question& question : section.questions) {
    if (!question.required_when) continue;
    const Condition& condition = *question.required_when;
    const Question* asked = section.question(condition.question);
    const std::string here = place + ", question " + question.id;
    if (asked == nullptr)
      problems.add(here, "required_when names \"" + condition.question + "\", which this section does not ask" +
                             did_you_mean(condition.question, ids));
    else if (!can_equal(*asked, condition.equals))
      problems.add(here, "required_when waits for \"" + condition.equals + "\", which question " + asked->id + " cannot be answered with");
    if (question.required) problems.add(here, "is required always; required_when has no meaning beside it");
  }
}

Section read_section(const json::value& value, Problems& problems) {
  const auto* object = value.if_object();
  const auto* id = object == nullptr ? nullptr : object->if_contains("id");
  const std::string place = "section " + (id != nullptr && id->is_string() ? std::string(id->get_string()) : "without id");
  Properties properties(value, place, problems);
  Section section;
  section.id = properties.text("id", Need::required);
  section.title = properties.text("title", Need::required);
  section.intro = properties.text("intro", Need::optional);
  section.no_change_allowed = properties.yes("no_change_allowed");
  if (const auto* questions = properties.list("questions", Need::required))
    for (const auto& question : *questions) section.questions.push_back(read_question(question, place, problems));
  check_conditions(section, place, problems);
  return section;
}

void check_given_once(const Form& form, Problems& problems) {
  std::set<std::string> sections, questions;
  std::map<std::string, std::string> keys;  // data key → the question that asks for it
  for (const Section& section : form.sections) {
    const std::string place = "section " + section.id;
    if (!sections.insert(section.id).second) problems.add(place, "the id is given twice");
    for (const Question& question : section.questions) {
      const std::string here = place + ", question " + question.id;
      if (!questions.insert(question.id).second) problems.add(here, "the id is given twice");
      if (question.key.empty()) continue;
      const auto [first, is_new] = keys.emplace(question.key, question.id);
      if (!is_new) problems.add(here, "asks again for \"" + question.key + "\", which question " + first->second + " asks for");
    }
  }
}

json::value parse_text(std::string_view text, Problems& problems) {
  json::stream_parser parser;
  json::error_code fault;
  const std::size_t read = parser.write_some(text.data(), text.size(), fault);
  if (!fault && read < text.size() && text.find_first_not_of(" \t\r\n", read) != std::string_view::npos) fault = json::error::extra_data;
  if (!fault) parser.finish(fault);
  if (!fault) return parser.release();
  const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(std::min(read, text.size())), '\n');
  problems.add("line " + std::to_string(line), "is not JSON: " + fault.message());
  return nullptr;
}

Form read_form(const json::value& value, Problems& problems) {
  Properties properties(value, "", problems);
  Form form;
  form.name = properties.text("name", Need::required);
  if (!form.name.empty() && !is_id(form.name)) properties.problem("a form's name is made of lower-case letters, digits and underscores");
  form.title = properties.text("title", Need::required);
  form.version = properties.number("version", std::nullopt);
  const std::string day = properties.text("effective_from", Need::required);
  const auto effective_from = parse_date(day);
  if (!day.empty() && !effective_from) properties.problem("\"effective_from\" must be a day such as 2026-01-01");
  form.effective_from = effective_from.value_or(Date{});
  form.mark = properties.mark(Need::required).value_or(Mark::assumption);
  form.source = properties.text("source", Need::required);
  if (const auto* sections = properties.list("sections", Need::required))
    for (const auto& section : *sections) form.sections.push_back(read_section(section, problems));
  check_given_once(form, problems);
  return form;
}

}  // namespace

bool is_data_key(std::string_view text) {
  std::size_t names = 0;
  for (;; ++names) {
    const auto dot = text.find('.');
    if (!is_id(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return names > 0;
    text.remove_prefix(dot + 1);
  }
}

Form parse_form(std::string_view json_text, std::string_view file_name) {
  Problems problems{std::string(file_name), {}};
  const json::value value = parse_text(json_text, problems);
  if (!problems.all.empty()) throw FormError(problems.all);
  Form form = read_form(value, problems);
  if (!problems.all.empty()) throw FormError(problems.all);
  return form;
}

}  // namespace tradecase
