#include "adapters/documents/fields.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/nearest.hpp"

namespace tradecase {
namespace {

using Shape = Field::Shape;

bool is_name(std::string_view word) {
  return !word.empty() && std::ranges::all_of(word, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first == text.npos ? std::string_view{} : text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// Splits at commas that stand outside brackets.
std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> words;
  std::size_t begin = 0;
  int depth = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] == '[') ++depth;
    if (i < text.size() && text[i] == ']') --depth;
    if (i < text.size() && (text[i] != ',' || depth > 0)) continue;
    words.push_back(trimmed(text.substr(begin, i - begin)));
    begin = i + 1;
  }
  return words;
}

Field parse_field(std::string_view word) {
  Field field{std::string{word}};
  if (word.ends_with('?')) {
    field = {std::string{word.substr(0, word.size() - 1)}, Shape::optional};
  } else if (const auto bracket = word.find('['); bracket != word.npos && word.ends_with(']')) {
    const auto inside = trimmed(word.substr(bracket + 1, word.size() - bracket - 2));
    field = {std::string{word.substr(0, bracket)}, inside.empty() ? Shape::texts : Shape::objects};
    if (!inside.empty())
      for (const auto part : split(inside)) field.parts.emplace_back(part);
  }
  if (!is_name(field.name) || !std::ranges::all_of(field.parts, is_name))
    throw TemplateError(fmt::format("\"{}\" does not declare a field: write name, name?, name[] or name[part,part]", word));
  return field;
}

bool is_text(const json::value& value) { return value.is_string() || value.is_number(); }

bool is_object_of(const json::value& value, const std::vector<std::string>& parts) {
  const json::object* object = value.if_object();
  return object && object->size() == parts.size() && std::ranges::all_of(parts, [&](const std::string& part) {
           const json::value* found = object->if_contains(part);
           return found && is_text(*found);
         });
}

bool fits(const json::value& value, const Field& field) {
  const auto each = [&](auto&& check) { return value.is_array() && std::ranges::all_of(value.get_array(), check); };
  switch (field.shape) {
    case Shape::text:
      return is_text(value) && !(value.is_string() && trimmed(std::string_view{value.get_string()}).empty());
    case Shape::optional:
      return is_text(value) || value.is_bool();
    case Shape::texts:
      return each(is_text);
    case Shape::objects:
      return each([&](const json::value& item) { return is_object_of(item, field.parts); });
    case Shape::markup:
      return false;
  }
  return false;
}

std::string_view expected(const Field& field) {
  switch (field.shape) {
    case Shape::text:
      return "a text that is not empty, or a number";
    case Shape::optional:
      return "a text, or true or false";
    case Shape::texts:
      return "a list of texts";
    case Shape::objects:
      return "a list of objects with exactly the declared texts";
    case Shape::markup:
      break;
  }
  return "made by the renderer";
}

}  // namespace

std::vector<Field> parse_fields(std::string_view declaration) {
  std::vector<Field> fields;
  if (trimmed(declaration).empty()) return fields;
  for (const auto word : split(declaration)) fields.push_back(parse_field(word));
  return fields;
}

std::string to_text(const Field& field) {
  switch (field.shape) {
    case Shape::optional:
      return field.name + "?";
    case Shape::texts:
      return field.name + "[]";
    case Shape::objects:
      return fmt::format("{}[{}]", field.name, fmt::join(field.parts, ","));
    default:
      return field.name;
  }
}

void FieldSet::add(Field field, From from) {
  if (!positions_.emplace(field.name, entries_.size()).second)
    throw TemplateError(fmt::format("there is a field \"{}\" already", field.name));
  entries_.push_back({std::move(field), from});
}

std::optional<std::size_t> FieldSet::find(std::string_view name) const {
  const auto found = positions_.find(name);
  return found == positions_.end() ? std::nullopt : std::optional{found->second};
}

std::vector<std::string> FieldSet::names() const {
  std::vector<std::string> all;
  for (const Entry& entry : entries_)
    if (entry.from != From::nowhere) all.push_back(entry.field.name);
  return all;
}

Values FieldSet::bind(const json::object& given) const {
  static const json::value empty("");  // braces would make a list
  Values values(entries_.size(), nullptr);
  for (const auto& [key, value] : given) {
    const auto position = find(std::string_view{key});
    if (!position || entries_[*position].from != From::caller)
      throw TemplateError(fmt::format("there is no field \"{}\"{}", std::string_view{key}, did_you_mean(std::string_view{key}, names())));
    if (!fits(value, at(*position)))
      throw TemplateError(
          fmt::format("field \"{}\" must be {}, not {}", std::string_view{key}, expected(at(*position)), json::serialize(value)));
    values[*position] = &value;
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!values[i] && entries_[i].from == From::caller) throw TemplateError(fmt::format("field \"{}\" is missing", at(i).name));
    if (!values[i]) values[i] = &empty;
  }
  return values;
}

}  // namespace tradecase
