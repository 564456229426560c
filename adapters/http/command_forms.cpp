#include "adapters/http/command_forms.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "adapters/http/portal.hpp"
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

// ---- reading ---------------------------------------------------------------------------------------------------------------

namespace {

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> all;
  for (std::string_view rest = text; !rest.empty();) {
    const auto end = std::min(rest.find('\n'), rest.size());
    std::string line = trimmed(rest.substr(0, end));
    while (!line.empty() && line.back() == '\r') line.pop_back();
    if (!line.empty()) all.push_back(std::move(line));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return all;
}

std::string without_returns(std::string_view text) {  // browsers send CR LF
  std::string out;
  for (const char c : text)
    if (c != '\r') out += c;
  return trimmed(out);
}

std::optional<std::int64_t> whole_number(const std::string& text) {
  if (text.empty() || text.size() > 12 || text.find_first_not_of("0123456789", text.front() == '-' ? 1 : 0) != std::string::npos)
    return std::nullopt;
  if (text == "-") return std::nullopt;
  return std::stoll(text);
}

json::value read_scalar(const Control& control, std::string_view text, ReadBody& read, const std::string& field) {
  const std::string value = without_returns(text);
  if (control.kind == "number") {
    if (const auto number = whole_number(value)) return *number;
    read.problems.push_back({field, "Write a whole number, such as 30."});
    return nullptr;
  }
  if (control.kind == "date") {
    if (const auto day = parse_date(value)) return json::value(to_text(*day));
    read.problems.push_back({field, "Write a day that exists, as 12/22/2026 or 2026-12-22."});
    return nullptr;
  }
  if (control.kind == "yes_no") return value == "yes" || value == "true";
  return json::value(value);
}

json::array texts(const std::vector<std::string>& list) { return json::array(list.begin(), list.end()); }

std::vector<std::string> items_of(const Control& control, const Rules& rules) {
  std::vector<std::string> all;
  if (!control.rule.empty()) return rules.texts(control.rule);
  for (const Choice& choice : control.choices) all.push_back(choice.value);
  return all;
}

json::object read_checklist(const Control& control, const Fields& fields, const Rules& rules, ReadBody& read) {
  json::object list;
  const auto items = items_of(control, rules);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string base = control.name + "." + std::to_string(i);
    const std::string reason = without_returns(fields.get(base + ".reason"));
    if (fields.get(base) == "yes")
      list[items[i]] = json::object{{"confirmed", true}};
    else if (!reason.empty())
      list[items[i]] = json::object{{"confirmed", false}, {"reason", reason}};
    else
      read.problems.push_back({base, "Confirm \"" + items[i] + "\", or say why not."});
  }
  return list;
}

json::array read_rows(const Control& control, const Fields& fields, ReadBody& read) {
  json::array rows;
  for (int i = 0; i < 200; ++i) {
    json::object row;
    for (const Control& column : control.columns) {
      const std::string field = control.name + "." + std::to_string(i) + "." + column.name;
      const std::string value = without_returns(fields.get(field));
      if (value.empty()) continue;
      row[column.name] = column.kind == "lines" ? json::value(texts(lines_of(value))) : read_scalar(column, value, read, field);
    }
    if (!row.empty()) rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

ReadBody read_body(const CommandWords& words, const Fields& fields, const Rules& rules) {
  ReadBody read;
  for (const Control& control : words.controls) {
    if (control.kind == "checklist") {
      read.body[control.name] = read_checklist(control, fields, rules, read);
    } else if (control.kind == "matrix") {
      json::object matrix;
      const auto factors = items_of(control, rules);
      for (std::size_t i = 0; i < factors.size(); ++i)
        if (const auto level = fields.get(control.name + "." + std::to_string(i)); !level.empty()) matrix[factors[i]] = json::value(level);
      read.body[control.name] = std::move(matrix);
    } else if (control.kind == "rows") {
      auto rows = read_rows(control, fields, read);
      if (!rows.empty() || !control.optional) read.body[control.name] = std::move(rows);
    } else if (control.kind == "choices") {
      const auto chosen = fields.all(control.name);
      if (!chosen.empty() || !control.optional) read.body[control.name] = texts(chosen);
    } else if (control.kind == "lines" || control.kind == "emails") {
      const auto lines = lines_of(fields.get(control.name));
      if (!lines.empty() || !control.optional) read.body[control.name] = texts(lines);
    } else if (const auto value = fields.get(control.name); !trimmed(value).empty()) {
      const bool number_choice = control.kind == "choice" && whole_number(trimmed(value)) && !control.rule.empty();
      read.body[control.name] =
          number_choice ? json::value(*whole_number(trimmed(value))) : read_scalar(control, value, read, control.name);
    } else if (!control.optional && control.kind != "hidden") {
      read.problems.push_back({control.name, "This is needed."});
    }
  }
  return read;
}

// ---- showing ---------------------------------------------------------------------------------------------------------------

namespace {

json::array choice_views(const Visit& visit, const Control& control, const Fields& fields) {
  json::array all;
  const auto chosen = fields.all(control.name);
  const auto add = [&](const std::string& value, const std::string& label) {
    all.push_back(json::object{{"value", value},
                               {"label", label},
                               {"id", control.name + "-" + std::to_string(all.size())},
                               {"chosen", std::ranges::find(chosen, value) != chosen.end()}});
  };
  for (const Choice& choice : control.choices) add(choice.value, visit.say(choice.label));
  if (!control.rule.empty() && control.choices.empty()) {
    const Rules& rules = visit.programme().rules;
    const json::value& listed = rules.rule(control.rule).value;
    if (listed.is_array() && !listed.get_array().empty() && listed.get_array().front().is_string())
      for (const std::string& text : rules.texts(control.rule)) {
        std::string label = text;
        std::ranges::replace(label, '_', ' ');
        add(text, label);
      }
    else
      for (const int number : rules.numbers(control.rule)) add(std::to_string(number), std::to_string(number));
  }
  return all;
}

json::array people_views(const Visit& visit, const Control& control, const Fields& fields) {
  json::array all;
  visit.engine.database().read([&](Session& session) {
    for (const Person& person : people_with(session, control.role.empty() ? "nam" : control.role, "", visit.today()))
      all.push_back(json::object{{"value", person.email},
                                 {"label", person.name + ", " + person.email},
                                 {"id", control.name + "-" + std::to_string(all.size())},
                                 {"chosen", fields.get(control.name) == person.email}});
  });
  return all;
}

std::string problem_at(const std::vector<Problem>& problems, const std::string& field) {
  const auto found = std::ranges::find(problems, field, &Problem::field);
  return found == problems.end() ? "" : found->sentence;
}

json::object view_of(const Visit& visit, const Control& control, const std::string& field, const Fields& fields,
                     const std::vector<Problem>& problems);

json::array item_views(const Visit& visit, const Control& control, const Fields& fields, const std::vector<Problem>& problems) {
  json::array all;
  const Rules& rules = visit.programme().rules;
  const auto items = items_of(control, rules);
  std::vector<std::string> levels;
  if (!control.levels_rule.empty()) levels = rules.texts(control.levels_rule);
  for (const Choice& choice : control.choices)
    if (!control.rule.empty()) levels.push_back(choice.value);
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string base = control.name + "." + std::to_string(i);
    json::array offered;
    for (const std::string& level : levels)
      offered.push_back(
          json::object{{"value", level}, {"label", visit.say(level)}, {"id", base + "-" + level}, {"chosen", fields.get(base) == level}});
    const std::string problem = problem_at(problems, base);
    all.push_back(json::object{{"item", items[i]},
                               {"field", base},
                               {"confirmed", fields.get(base) == "yes"},
                               {"reason", fields.get(base + ".reason")},
                               {"levels", offered},
                               {"problem", problem}});
  }
  return all;
}

json::array row_views(const Visit& visit, const Control& control, const Fields& fields, const std::vector<Problem>& problems) {
  json::array rows;
  int filled = 0;
  for (int i = 0; i < 200; ++i)
    for (const Control& column : control.columns)
      if (!fields.get(control.name + "." + std::to_string(i) + "." + column.name).empty()) filled = i + 1;
  for (int i = 0; i < std::min(filled + 3, 200); ++i) {
    json::array cells;
    for (const Control& column : control.columns)
      cells.push_back(view_of(visit, column, control.name + "." + std::to_string(i) + "." + column.name, fields, problems));
    rows.push_back(json::object{{"number", i + 1}, {"cells", std::move(cells)}});
  }
  return rows;
}

json::object view_of(const Visit& visit, const Control& control, const std::string& field, const Fields& fields,
                     const std::vector<Problem>& problems) {
  const auto is = [&](std::string_view kind) { return control.kind == kind; };
  const std::string problem = problem_at(problems, field);
  json::object view{{"field", field},
                    {"label", visit.say(control.label.empty() ? control.name : control.label)},
                    {"hint", control.hint.empty() ? "" : visit.say(control.hint)},
                    {"problem", problem.empty() ? "" : visit.say(problem)},
                    {"optional", control.optional},
                    {"value", fields.get(field)},
                    {"choices", json::array()},
                    {"items", json::array()},
                    {"rows", json::array()}};
  for (const char* kind :
       {"is_text", "is_long", "is_number", "is_date", "is_choice", "is_choices", "is_checklist", "is_matrix", "is_rows", "is_hidden"})
    view[kind] = false;
  if (is("text") || is("signature"))
    view["is_text"] = true;
  else if (is("long") || is("lines") || is("emails"))
    view["is_long"] = true;
  else if (is("number"))
    view["is_number"] = true;
  else if (is("date"))
    view["is_date"] = true;
  else if (is("yes_no")) {
    view["is_choice"] = true;
    const auto now = fields.get(field);
    view["choices"] =
        json::array{json::object{{"value", "yes"}, {"label", visit.say("Yes")}, {"id", field + "-yes"}, {"chosen", now == "yes"}},
                    json::object{{"value", "no"}, {"label", visit.say("No")}, {"id", field + "-no"}, {"chosen", now == "no"}}};
  } else if (is("choice") || is("choices")) {
    view[is("choice") ? "is_choice" : "is_choices"] = true;
    Control named = control;
    named.name = field;
    view["choices"] = choice_views(visit, named, fields);
  } else if (is("email")) {
    view["is_choice"] = true;
    view["choices"] = people_views(visit, control, fields);
  } else if (is("checklist") || is("matrix")) {
    view[is("checklist") ? "is_checklist" : "is_matrix"] = true;
    view["items"] = item_views(visit, control, fields, problems);
  } else if (is("rows")) {
    view["is_rows"] = true;
    view["rows"] = row_views(visit, control, fields, problems);
  } else {
    view["is_hidden"] = true;
  }
  return view;
}

}  // namespace

json::array control_views(const Visit& visit, const CommandWords& words, const Fields& fields, const std::vector<Problem>& problems) {
  json::array all;
  for (const Control& control : words.controls) all.push_back(view_of(visit, control, control.name, fields, problems));
  return all;
}

}  // namespace tradecase::http
