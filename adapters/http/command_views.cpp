// A command's form as its page shows it.
#include <algorithm>

#include "adapters/http/command_forms.hpp"
#include "adapters/http/portal.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
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
  for (const char* kind : {"is_text", "is_long", "is_number", "is_date", "is_choice", "is_choices", "is_checklist", "is_matrix", "is_rows",
                           "is_files", "is_hidden"})
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
  } else if (is("files")) {
    view["is_files"] = true;
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
