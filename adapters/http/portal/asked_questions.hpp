// What a case asks of its company, picked from a bank of questions: a risk survey, an audit's questionnaire, a continuation pack. One
// reading of the three for every page that shows, builds or counts them.
#pragma once

#include "adapters/http/portal.hpp"

namespace tradecase::http {

struct QuestionBank {
  std::string_view workflow, form;
  std::string_view build;  // the command that picks the questions
};
const QuestionBank* bank_of(std::string_view workflow);  // nullptr where its cases ask none

struct AskedOfCompany {
  const QuestionBank* bank = nullptr;
  int form_version = 0;
  json::array questions;  // as stored: section, question, key, on_file, value, as_of, source, asked_again_because, response, answer
  json::object counts;
  bool sent = false;      // the company knows of them
  bool answered = false;  // and has signed and sent its answers
  std::string chosen_by;  // of a continuation pack: "" where nobody chose and all are asked
};
std::optional<AskedOfCompany> asked_in(const Case& on);  // nothing where none are picked yet

struct AskedNumbers {
  int all = 0, on_file = 0, to_answer = 0;
};
AskedNumbers numbers_of(const json::object& counts);
std::string on_file_words(const Visit& visit, const Fact& fact);  // "On file, as of May 3, 2026, from: annual notification, cycle 2, C."
// "This survey: 41 questions, 29 on file, 12 to answer."
std::string counted_questions(const Visit& visit, std::string_view workflow, const AskedNumbers& numbers);

}  // namespace tradecase::http
