// The forms of risk survey, audit questionnaire, continuation review and improvement plan as one kind of sheet: groups of questions, what
// is on file, and how the answers become a command.
#pragma once

#include <functional>

#include "adapters/http/portal.hpp"
#include "engine/form.hpp"

namespace tradecase::http {

struct AnswerGroup {
  Section section;  // its id is the group's own: the sections of several findings differ in it
  std::string heading, intro;
  json::object values;                           // as on record, or on file
  std::map<std::string, std::string> on_file{};  // by question: where the value comes from
  std::map<std::string, bool> confirm{};         // by question: must be confirmed or corrected; true: it is confirmed
  std::map<std::string, json::value> known{};    // by question: the value on file
  std::map<std::string, bool> by_value{};        // by question of confirm: the record shows another value, or none
  bool optional = false;                         // may be left wholly empty
};

struct AnswerSheet {
  std::string title, intro, save, send;  // the last two: commands
  std::vector<AnswerGroup> groups;
  // The body of `save`; empty where there is nothing to save. `typed`: one a group.
  std::function<json::object(const Visit&, const AnswerSheet&, const std::vector<json::object>& typed)> body;
};

std::optional<AnswerSheet> answer_sheet(const Visit& visit);  // nothing where the case asks for no such answers now

}  // namespace tradecase::http
