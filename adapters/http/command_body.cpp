// A command's form, as it came back, read into the command's body.
#include <algorithm>

#include "adapters/http/command_forms.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
std::vector<std::string> items_of(const Control& control, const Rules& rules) {
  std::vector<std::string> all;
  if (!control.rule.empty()) return rules.texts(control.rule);
  for (const Choice& choice : control.choices) all.push_back(choice.value);
  return all;
}

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

namespace {

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

}  // namespace tradecase::http
