#include "adapters/http/command_forms.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "engine/text.hpp"

namespace tradecase::http {
namespace {

json::object read_object(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  boost::json::error_code failed;
  json::value read = json::parse(text.str(), failed);
  if (!in || failed || !read.is_object()) throw std::runtime_error(file.string() + " is no JSON object");
  return std::move(read.get_object());
}

struct Reader {
  const std::string& place;
  std::vector<std::string>& problems;
  std::vector<std::string>& english;

  std::string word(const json::object& from, std::string_view name, bool spoken = true) const {
    const auto* value = from.if_contains(name);
    if (value == nullptr) return {};
    if (!value->is_string()) {
      problems.push_back(place + ": " + std::string(name) + " is no text");
      return {};
    }
    std::string text(value->get_string());
    if (spoken && !text.empty()) english.push_back(text);
    return text;
  }

  Control control(const std::string& name, const json::object& from) const {
    Control made;
    made.name = name;
    made.label = word(from, "label");
    made.hint = word(from, "hint");
    made.kind = word(from, "control", false);
    made.rule = word(from, "rule", false);
    made.levels_rule = word(from, "levels_rule", false);
    made.role = word(from, "role", false);
    if (const auto* optional = from.if_contains("optional")) made.optional = optional->is_bool() && optional->get_bool();
    if (const auto* choices = from.if_contains("choices"); choices != nullptr && choices->is_array())
      for (const json::value& choice : choices->get_array())
        made.choices.push_back({word(choice.as_object(), "value", false), word(choice.as_object(), "label")});
    if (const auto* columns = from.if_contains("columns"); columns != nullptr && columns->is_object())
      for (const auto& [column, spec] : columns->get_object()) made.columns.push_back(control(std::string(column), spec.as_object()));
    return made;
  }

  CommandWords command(const json::object& from) const {
    CommandWords made{
        word(from, "button"), word(from, "title"), word(from, "explain"), word(from, "confirm"), word(from, "elsewhere", false), false, {}};
    made.grave = word(from, "consequence", false) == "grave";
    if (const auto* fields = from.if_contains("fields"); fields != nullptr && fields->is_object())
      for (const auto& [name, spec] : fields->get_object()) made.controls.push_back(control(std::string(name), spec.as_object()));
    return made;
  }
};

bool for_people(const CommandInfo& command) {
  return std::ranges::any_of(all_roles, [&](Role role) { return role != Role::timer && command.roles.has(role); });
}

void compare(const Workflow& workflow, const std::map<std::string, CommandWords, std::less<>>& words, std::vector<std::string>& problems) {
  for (const CommandInfo& command : workflow.commands) {
    const auto found = words.find(command.name);
    const std::string name = workflow.name + "." + command.name;
    if (!for_people(command)) continue;
    if (found == words.end()) {
      problems.push_back(name + " has no words");
      continue;
    }
    if (!found->second.elsewhere.empty() && found->second.controls.empty()) continue;
    for (const FieldInfo& field : command.fields)
      if (std::ranges::none_of(found->second.controls, [&](const Control& one) { return one.name == field.name; }))
        problems.push_back(name + " has no control for " + field.name);
    for (const Control& control : found->second.controls)
      if (std::ranges::none_of(command.fields, [&](const FieldInfo& field) { return field.name == control.name; }))
        problems.push_back(name + " has no field " + control.name);
  }
  for (const auto& [command, ignored] : words)
    if (workflow.command(command) == nullptr) problems.push_back(workflow.name + " has no command " + command);
}

std::map<std::string, std::string> told_states(const Workflow& workflow, const std::map<std::string, StateWords>& words) {
  std::map<std::string, std::string> told;
  for (const StateInfo& state : workflow.states) {
    const auto found = words.find(state.name);
    if (found == words.end()) continue;
    const auto same = std::ranges::find_if(workflow.states, [&](const StateInfo& other) {
      const auto of_other = words.find(other.name);
      return of_other != words.end() && of_other->second.label == found->second.label &&
             of_other->second.for_company == found->second.for_company;
    });
    told[state.name] = found->second.for_company.empty() ? "" : same->name;
  }
  return told;
}

std::map<std::string, std::string> words_of(const json::object& all, std::string_view part, std::vector<std::string>& english) {
  std::map<std::string, std::string> words;
  if (const auto* found = all.if_contains(part); found != nullptr && found->is_object())
    for (const auto& [name, word] : found->get_object()) {
      words.emplace(name, std::string(word.as_string()));
      english.emplace_back(word.as_string());
    }
  return words;
}

}  // namespace

CommandForms CommandForms::load(const std::filesystem::path& folder, const Workflows& workflows) {
  CommandForms forms;
  std::vector<std::string> problems;
  const json::object all = read_object(folder / "commands.json");
  for (const auto& [workflow, commands] : all) {
    const std::string name(workflow);
    for (const auto& [key, value] : commands.as_object()) {
      const std::string place = name + "." + std::string(key);
      const Reader reader{place, problems, forms.english_};
      if (key == "_title") {
        forms.titles_[name] = std::string(value.as_string());
        forms.english_.emplace_back(value.as_string());
      } else if (key == "_states") {
        for (const auto& [state, words] : value.as_object())
          forms.states_[name][std::string(state)] = {reader.word(words.as_object(), "label"), reader.word(words.as_object(), "for_company"),
                                                     reader.word(words.as_object(), "for_staff")};
      } else {
        forms.commands_[name].emplace(key, reader.command(value.as_object()));
      }
    }
  }
  for (const Workflow& workflow : workflows.all()) {
    compare(workflow, forms.commands_[workflow.name], problems);
    for (const StateInfo& state : workflow.states)
      if (!state.name.empty() && !forms.states_[workflow.name].contains(state.name))
        problems.push_back(workflow.name + " has no words for the state " + state.name);
    forms.told_as_[workflow.name] = told_states(workflow, forms.states_[workflow.name]);
  }
  if (!problems.empty()) throw std::runtime_error("commands.json and the workflows differ:\n" + join(problems, "\n"));
  const json::object words = read_object(folder / "words.json");
  forms.deadlines_ = words_of(words, "deadlines", forms.english_);
  forms.done_ = words_of(words, "commands_done", forms.english_);
  return forms;
}

const CommandWords* CommandForms::find(std::string_view workflow, std::string_view command) const {
  const auto of_workflow = commands_.find(workflow);
  if (of_workflow == commands_.end()) return nullptr;
  const auto found = of_workflow->second.find(command);
  return found == of_workflow->second.end() ? nullptr : &found->second;
}

const StateWords& CommandForms::state(const std::string& workflow, const std::string& state) const {
  return states_.at(workflow).at(state);
}
const std::string& CommandForms::told_as(const std::string& workflow, const std::string& state) const {
  return told_as_.at(workflow).at(state);
}
std::vector<std::string> CommandForms::told_while_open(const Workflow& workflow) const {
  std::vector<std::string> all;
  for (const StateInfo& state : workflow.states)
    if (!state.name.empty() && !state.final && !told_as(workflow.name, state.name).empty()) all.push_back(state.name);
  return all;
}
const std::string& CommandForms::title(const std::string& workflow) const { return titles_.at(workflow); }

std::string CommandForms::deadline(const std::string& name) const {
  if (const auto found = deadlines_.find(name); found != deadlines_.end()) return found->second;
  const auto colon = name.find(':');
  const auto family = colon == std::string::npos ? deadlines_.end() : deadlines_.find(name.substr(0, colon + 1));
  std::string words = family == deadlines_.end() ? name : family->second;
  std::ranges::replace(words, '_', ' ');
  return words;
}

std::string CommandForms::done(const std::string& workflow, const std::string& command) const {
  const auto found = done_.find(workflow + "." + command);
  return found == done_.end() ? command : found->second;
}

std::vector<std::string> CommandForms::english() const { return english_; }

}  // namespace tradecase::http
