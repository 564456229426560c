// Questions of a form as controls on a page, and what came back as answers. Templates: question.html.
#pragma once

#include "adapters/http/portal.hpp"
#include "engine/form.hpp"

namespace tradecase::http {

// A text of a form in the reader's language; it may hold braces.
const std::string& worded(const Visit& visit, const std::string& english);

// The name of a question's field: "q." and its section, where a page shows several sections.
std::string field_of(const Section& section, const Question& question);

// One entry for each question of the section: null where nothing was given. Reads no further than the section's own questions.
json::object read_answers(const Section& section, const Fields& fields);

bool is_given(const json::value* value);
// The answer as a person reads it: "Yes", "December 22, 2026", one entry of a list a line; "" where it is not given.
std::string shown_answer(const Visit& visit, const Question& question, const json::value* value);

// Problems by question id, in the reader's words. complete: also what is required and missing.
std::map<std::string, std::string> problems_of(const Visit& visit, const Section& section, const json::object& answers, bool complete);

struct Shown {
  const json::object& values;
  const json::object* previous = nullptr;         // shown beside: "Last year"
  std::map<std::string, std::string> problems{};  // by question id
  std::map<std::string, std::string> on_file{};   // by question id: "on file, as of …"
  std::map<std::string, bool> confirm{};          // by question id: what is on file may be confirmed; true: it is
  std::map<std::string, std::string> seen{};      // by question id: which value on file the page shows
};
std::string confirm_field(const Section& section, const Question& question);
std::string seen_field(const Section& section, const Question& question);  // says which value on file the page showed
json::array question_views(const Visit& visit, const Section& section, const Shown& shown);

// For the error summary: {field, sentence} of each problem, in the form's order.
json::array summary_of(const Visit& visit, const Section& section, const std::map<std::string, std::string>& problems);

json::array diff_views(const std::string& before, const std::string& after);  // {same|added|removed} for ins and del

std::string clock_time(const Visit& visit);                                 // "2:14 p.m."
std::string text_of(const json::object& object, std::string_view name);     // "" where it is no text
json::object object_at(const json::object& object, std::string_view name);  // {} where there is none
json::array array_at(const json::object& object, std::string_view name);
int number_at(const json::object& object, std::string_view name);
bool yes_at(const json::object& object, std::string_view name);

}  // namespace tradecase::http
