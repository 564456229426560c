#include "tools/cli/command_body.hpp"

#include <fstream>
#include <iostream>
#include <iterator>

#include "engine/engine.hpp"
#include "tools/cli/shell.hpp"

namespace tradecase {
namespace {

json::object read_body(const std::string& file) {
  std::ifstream opened;
  std::istream* in = &std::cin;
  if (file != "-") {
    opened.open(file, std::ios::binary);
    if (!opened) stop(RefusalCode::invalid, "The body file " + file + " cannot be read.");
    in = &opened;
  }
  const std::string text{std::istreambuf_iterator<char>(*in), {}};
  if (text.size() > body_bytes_max) stop(RefusalCode::invalid, "The body is larger than 1 MiB.");
  json::error_code error;
  const json::value value = json::parse(text, error);
  if (error || !value.is_object())
    stop(RefusalCode::invalid, "The body is not a JSON object" + (error ? ": " + error.message() : std::string()) + ".");
  return value.as_object();
}

json::value set_value(const CommandInfo* info, const std::string& name, const std::string& text) {
  const FieldInfo* field = nullptr;
  if (info != nullptr)
    for (const FieldInfo& known : info->fields)
      if (known.name == name) field = &known;
  if (field == nullptr || field->type == "text" || field->type == "date" || field->type == "person" || field->type == "moment")
    return json::value(text);
  if (field->type == "yes or no" && (text == "yes" || text == "no")) return json::value(text == "yes");
  json::error_code error;
  json::value value = json::parse(text, error);
  return error ? json::value(text) : value;
}

}  // namespace

json::object command_body(const std::string& file, const std::vector<std::string>& set, const CommandInfo* command) {
  json::object body;
  if (!file.empty()) body = read_body(file);
  for (const std::string& pair : set) {
    const auto at = pair.find('=');
    if (at == std::string::npos || at == 0) stop(RefusalCode::invalid, "--set takes name=value; \"" + pair + "\" is not.");
    const std::string name = pair.substr(0, at);
    body[name] = set_value(command, name, pair.substr(at + 1));
  }
  return body;
}

}  // namespace tradecase
