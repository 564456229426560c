// A form as data: sections of questions, versioned by file; and answers checked against it. Pure.
//
// Answers of one section are an object {question id: value}; answers of a form are an object {section id: answers of the section}.
// A value of null or "" counts as not given. What each type takes:
//   text, long_text      text without control characters (long_text: newlines and tabs too)
//   url, email           text of that shape
//   number               whole or decimal: a JSON number, or text such as "12", "1,250.50"
//   date                 text that parse_date takes
//   yes_no               true, false, "yes", "no"
//   choice               one of the choices, as text
//   choices              a list of some of the choices, each once; one text is a list of one
//   list                 a list of texts; one text is one entry a line
//   file_note            text naming the documents attached and what they show
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/clock.hpp"
#include "engine/json.hpp"
#include "engine/mark.hpp"

namespace tradecase {

// "the question is answered with this": "yes", "no", a choice, or any text.
struct Condition {
  std::string question;  // of the same section
  std::string equals;
};

struct Question {
  enum class Type { text, long_text, yes_no, number, date, choice, choices, list, file_note, url, email };

  std::string id;    // unique in the form
  std::string text;  // as the person reads it
  std::string help;
  Type type = Type::text;
  bool required = false;
  std::optional<Condition> required_when;  // required where this holds, optional elsewhere
  std::vector<std::string> choices;        // of choice and choices
  std::string key;           // its data key in the fact register; empty: the answer is no fact about the company (anonymous surveys)
  int max_length = 0;        // characters of a text, of each entry of a list
  std::optional<Mark> mark;  // where it differs from the form's
  std::string source;
};

struct Section {
  std::string id;
  std::string title;
  std::string intro;
  bool no_change_allowed = false;  // the whole section may be answered with "no change" since last year
  std::vector<Question> questions;

  const Question* question(std::string_view id) const;  // nullptr where there is none
  const Question* question_with_key(std::string_view key) const;
};

struct Form {
  std::string name;  // "anl"
  std::string title;
  int version = 0;      // 1, 2, …: a draft is pinned to it
  Date effective_from;  // the first day on which new drafts take this version
  Mark mark = Mark::assumption;
  std::string source;
  std::vector<Section> sections;

  const Section* section(std::string_view id) const;  // nullptr where there is none
};

// A form that cannot be used; what() lists every problem, one a line: "anl.v1.json, section B, question b1: …".
struct FormError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Forms {
 public:
  // Throws FormError for one version given twice, or two versions of a form effective from the same day.
  explicit Forms(std::vector<Form> forms);

  const Form& latest(std::string_view name, Date on) const;   // throws FormError where no version is effective on that day
  const Form& get(std::string_view name, int version) const;  // throws FormError where there is none
  const std::vector<Form>& all() const { return forms_; }     // by name, then version

 private:
  std::vector<Form> forms_;
};

// Strict: an unknown property, type or mark, an id or key given twice, a condition on an unknown question, a choice without
// choices, a key that is no dotted lower-case name: FormError with all of them.
Form parse_form(std::string_view json_text, std::string_view file_name);

// At least two names of lower-case letters, digits and underscores, joined by dots: "forced_labor.code_of_conduct.url".
bool is_data_key(std::string_view text);

struct AnswerProblem {
  std::string question;  // its id, or the unknown id that was given
  std::string sentence;
  bool operator==(const AnswerProblem&) const = default;
};

// What is wrong with one value, in a sentence that names the question; nothing where it fits or is not given.
std::optional<std::string> answer_problem(const Question& question, const json::value& value);

// complete: also what is required and not given. Otherwise only what is given is checked (a draft is saved as far as it goes).
std::vector<AnswerProblem> check_answers(const Section& section, const json::object& answers, bool complete);

// Is the question required, seen the other answers of its section?
bool is_required(const Question& question, const Section& section, const json::object& answers);

// The value as the fact register keeps it, so that equal answers are equal values: yes_no as true or false, a whole number as
// integer and any other number as its decimal text without commas, a date as 2026-12-22, choices and list as a list of texts. Of a value
// that check_answers takes; null where the answer is not given.
json::value plain_answer(const Question& question, const json::value& value);

// (data key, plain value) of every answer given to a question that has a key, in the form's order. Of answers that check_answers takes.
std::vector<std::pair<std::string, json::value>> keyed_answers(const Section& section, const json::object& answers);

// The other way round, for a form that starts pre-filled: {question id: value} of those questions whose key `known` has and whose value
// fits.
json::object answers_from_facts(const Section& section, const json::object& known);

// A draft moved to a newer version of its form, on somebody's explicit act: which answers go along (by data key; by id where a
// question has no key), and what is left to look at. Lists hold question ids.
struct CarryOver {
  json::object answers;            // of the new form, {section id: {question id: value}}
  std::vector<std::string> fresh;  // questions of the new form that the old one did not ask
  std::vector<std::string> unfit;  // questions of the new form whose old answer no longer fits: to be answered anew
  std::vector<std::string> gone;   // questions of the old form that the new one does not ask
};
CarryOver carry_over(const Form& from, const Form& to, const json::object& answers);

}  // namespace tradecase
