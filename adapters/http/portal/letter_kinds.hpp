// The letters that people put together: what each is for, what has to be said beside its paragraphs, and the command that it goes out with.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/http/portal.hpp"

namespace tradecase::http {

struct LetterValue {
  std::string name, label, hint;
  std::string control;  // text long number date yes_no
};

struct LetterKind {
  std::string letter, workflow, command;
  std::string title;  // "Request for records"
  std::string days;   // the rule of the usual days; empty: the letter names no day
  std::vector<LetterValue> values;
  bool with_lines = false;  // its annex is typed or taken from a sample
};

const std::vector<LetterKind>& letter_kinds();
const LetterKind& letter_kind(const Visit& visit, std::string_view letter);  // of the visit's case; a Fault 404

// Of the letter that the case's command with that body sends: the letter's own fields.
json::object letter_fields(const LetterKind& kind, const Case& on, const json::object& body);

json::object first_values(const Visit& visit, const LetterKind& kind);  // of a new letter, texts by name

// What the values say, as the letter's own fields and as the command's body; problems at the values that cannot be read.
struct LetterSays {
  json::object fields, body;
  std::optional<Date> due_on;
  std::vector<Problem> problems;
};
LetterSays letter_says(const Visit& visit, const LetterKind& kind, const json::object& values);

std::string lines_text(const json::array& rows);  // [{entry_number, line}] as they are typed: one on each line

}  // namespace tradecase::http
