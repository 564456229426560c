#include "tests/adapters/http/json_schema.hpp"

#include <algorithm>
#include <stdexcept>

#include "engine/clock.hpp"

namespace tradecase::testing {
namespace {

bool is_type(const json::value& value, std::string_view type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "integer") return value.is_int64() || value.is_uint64();
  if (type == "boolean") return value.is_bool();
  if (type == "null") return value.is_null();
  throw std::logic_error("the test's JSON Schema does not know the type " + std::string(type));
}

std::string type_misfit(const json::value& value, const json::value& type, const std::string& at) {
  const bool fits = type.is_string()
                        ? is_type(value, type.as_string())
                        : std::ranges::any_of(type.as_array(), [&](const json::value& one) { return is_type(value, one.as_string()); });
  return fits ? "" : at + " is no " + json::serialize(type);
}

std::string object_misfit(const json::object& value, const json::object& schema, const json::object& document, const std::string& at) {
  if (const auto* required = schema.if_contains("required"))
    for (const json::value& name : required->as_array())
      if (!value.contains(name.as_string())) return at + " lacks " + std::string(name.as_string());
  const auto* properties = schema.if_contains("properties");
  const auto* more = schema.if_contains("additionalProperties");
  for (const auto& [name, item] : value) {
    const auto* known = properties == nullptr ? nullptr : properties->as_object().if_contains(name);
    if (known != nullptr) {
      if (auto why = misfit(item, known->as_object(), document, at + "/" + std::string(name)); !why.empty()) return why;
    } else if (more != nullptr && !more->as_bool()) {
      return at + " has " + std::string(name) + ", which is not described";
    }
  }
  return "";
}

std::string format_misfit(const json::value& value, std::string_view format, const std::string& at) {
  if (!value.is_string()) return "";
  const std::string_view text = value.as_string();
  const bool fits = format == "date" ? parse_date(text).has_value() : format == "date-time" ? parse_instant(text).has_value() : false;
  return fits ? "" : at + " is no " + std::string(format);
}

}  // namespace

std::string misfit(const json::value& value, const json::object& schema, const json::object& document, const std::string& at) {
  for (const auto& [word, with] : schema) {
    std::string why;
    if (word == "$ref") {
      why = misfit(value,
                   document.at("components")
                       .at("schemas")
                       .at(with.as_string().subview(std::string_view("#/components/schemas/").size()))
                       .as_object(),
                   document, at);
    } else if (word == "type") {
      why = type_misfit(value, with, at);
    } else if (word == "enum") {
      if (std::ranges::find(with.as_array(), value) == with.as_array().end()) why = at + " is none of " + json::serialize(with);
    } else if (word == "const") {
      if (value != with) why = at + " is not " + json::serialize(with);
    } else if (word == "items") {
      if (value.is_array())
        for (std::size_t i = 0; i < value.as_array().size() && why.empty(); ++i)
          why = misfit(value.as_array()[i], with.as_object(), document, at + "/" + std::to_string(i));
    } else if (word == "allOf") {
      for (const json::value& one : with.as_array())
        if (why.empty()) why = misfit(value, one.as_object(), document, at);
    } else if (word == "anyOf") {
      if (std::ranges::none_of(with.as_array(),
                               [&](const json::value& one) { return misfit(value, one.as_object(), document, at).empty(); }))
        why = at + " fits none of several schemas";
    } else if (word == "format") {
      why = format_misfit(value, with.as_string(), at);
    } else if (word == "properties") {
      if (value.is_object()) why = object_misfit(value.as_object(), schema, document, at);
    } else if (word != "required" && word != "additionalProperties" && word != "description" && word != "title" && word != "maxLength" &&
               word != "minLength" && word != "minimum" && word != "maximum" && word != "default" && word != "pattern") {
      throw std::logic_error("the test's JSON Schema does not know the word " + std::string(word));
    }
    if (!why.empty()) return why;
  }
  return "";
}

}  // namespace tradecase::testing
