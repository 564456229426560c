// Nobody is asked twice: what a risk survey, an audit's questionnaire and a continuation pack ask, and what they do not ask because it is
// on file (domain.md §4.4). Questions are picked from a form, each with its data key; what is on file is shown with its day and document,
// to confirm or correct; it is asked blank only for a recorded reason. Pure; problems are "" where there are none.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/described.hpp"
#include "engine/form.hpp"
#include "engine/workflow.hpp"

namespace tradecase::questionnaire {

enum class Response { none, confirmed, corrected, answered };
BOOST_DESCRIBE_ENUM(Response, none, confirmed, corrected, answered)

// One question of the form. On file: shown with its value, day and document; the company confirms or corrects it.
struct Asked {
  std::string section;
  std::string question;  // its id in the form
  std::string key;       // its data key; empty where the answer is no fact
  bool on_file = false;
  json::value value;  // on file
  std::optional<Date> as_of;
  std::string source;
  std::string asked_again_because;  // why what is on file is stale: then it is asked blank
  Response response = Response::none;
  json::value answer;  // as the register keeps it
  TRADECASE_FIELDS(Asked, section, question, key, on_file, value, as_of, source, asked_again_because, response, answer)

  bool shown() const { return on_file && asked_again_because.empty(); }
};
using Questions = std::vector<Asked>;

// For the published re-ask rate (domain.md §2, point 3).
struct Counts {
  int asked = 0;         // blank
  int pre_answered = 0;  // shown as on file
  int confirmed = 0, corrected = 0, answered = 0;
  int asked_again = 0;  // on file, asked blank for a recorded reason
  int re_asked = 0;     // on file, asked blank without one: must be 0
  TRADECASE_FIELDS(Counts, asked, pre_answered, confirmed, corrected, answered, asked_again, re_asked)
};

struct AskAgain {
  std::string question;
  std::optional<std::string> reason;  // why what is on file is stale
  TRADECASE_FIELDS(AskAgain, question, reason)
};

// To what is on file: confirm, or the correct value. To what is asked: the value. A confirmation holds for what the record shows as on
// file: what came on file since is confirmed by its value.
struct Reply {
  std::string question;
  std::optional<bool> confirm;
  std::optional<json::value> value;
  TRADECASE_FIELDS(Reply, question, confirm, value)
};

// Which questions of a form: all of them, or those named and those of the sections named.
struct Choice {
  std::vector<std::string> sections, questions;
  bool all = true;
  std::vector<AskAgain> again;
};

// Of a command with the fields sections, questions and ask_again, each optional.
template <class Said>
Choice choice_of(const Said& said) {
  return {said.sections.value_or(std::vector<std::string>{}), said.questions.value_or(std::vector<std::string>{}),
          !said.sections && !said.questions, said.ask_again.value_or(std::vector<AskAgain>{})};
}

// ---- choosing ---------------------------------------------------------------------------------------------------------------

std::string choice_problem(const Form& form, const Choice& choice);  // what the form does not have; nothing chosen
// A known key asked blank without the reason why it is stale.
std::string reask_problem(const Form& form, const Choice& choice, const Context& context);
Questions choose(const Form& form, const Choice& choice, const Context& context);  // with what is on file today
void pre_answer(Questions& questions, const Form& form, const Context& context);   // from the facts on file today
void take_since(Questions& questions, const Form& form, const Context& context);   // the same, but for what is answered or corrected
Counts counts_of(const Questions& questions);

// ---- answering --------------------------------------------------------------------------------------------------------------

std::string replies_problem(const Questions& questions, const Form& form, const std::vector<Reply>& replies, const Context& context);
void keep_replies(Questions& questions, const Form& form, const std::vector<Reply>& replies);
std::string unanswered(const Questions& questions, const Form& form);  // which still need an answer
json::value answers_of(const Questions& questions);                    // as signed
std::vector<Fact> facts_of(const Questions& questions, const std::string& source, const Context& context);

}  // namespace tradecase::questionnaire
