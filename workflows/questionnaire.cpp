#include "workflows/questionnaire.hpp"

#include <algorithm>

#include "engine/on_file.hpp"
#include "engine/text.hpp"

namespace tradecase::questionnaire {
namespace {

const Fact* fact_on_file(const Context& context, std::string_view key) {
  const auto found = std::ranges::find(context.facts, key, &Fact::key);
  return key.empty() || found == context.facts.end() ? nullptr : &*found;
}

bool names(const std::vector<std::string>& list, const std::string& id) { return std::ranges::find(list, id) != list.end(); }

bool included(const Choice& choice, const Section& section, const Question& question) {
  return choice.all || names(choice.sections, section.id) || names(choice.questions, question.id);
}

const Question* find_question(const Form& form, std::string_view id) {
  for (const Section& section : form.sections)
    if (const Question* question = section.question(id)) return question;
  return nullptr;
}

const Question& question_of(const Form& form, const Asked& asked) { return *form.section(asked.section)->question(asked.question); }

template <class List>
auto find_asked(List& questions, std::string_view id) -> decltype(&questions.front()) {
  const auto found = std::ranges::find(questions, id, &Asked::question);
  return found == questions.end() ? nullptr : &*found;
}

std::string confirmation_problem(const Asked& asked, const Asked& today) {
  if (asked.shown() && asked.value == today.value) return "";
  if (!today.shown()) return "is not on file, so there is nothing to confirm";
  return "has come on file meanwhile, as of " + to_text(*today.as_of) + ", from " + today.source +
         ": look at it, and give its value to confirm it";
}

std::string reply_problem(const Questions& questions, const Questions& today, const Form& form, const Reply& reply) {
  const Asked* asked = find_asked(questions, reply.question);
  if (!asked) return "it does not ask \"" + reply.question + "\"";
  const Question& question = question_of(form, *asked);
  const std::string named = "\"" + question.text + "\"";
  if (reply.confirm.value_or(false) == reply.value.has_value()) return named + " takes either a confirmation or a value";
  if (reply.confirm.value_or(false)) {
    const std::string problem = confirmation_problem(*asked, *find_asked(today, reply.question));
    return problem.empty() ? "" : named + " " + problem;
  }
  return answer_problem(question, *reply.value).value_or("");
}

// The section's answers as they stand: what decides whether a question is required.
json::object section_answers(const Questions& questions, std::string_view section) {
  json::object answers;
  for (const Asked& asked : questions)
    if (asked.section == section && !asked.answer.is_null()) answers.emplace(asked.question, asked.answer);
  return answers;
}

bool still_open(const Questions& questions, const Form& form, const Asked& asked) {
  if (asked.response != Response::none) return false;
  if (asked.shown()) return true;
  const Section& section = *form.section(asked.section);
  return is_required(*section.question(asked.question), section, section_answers(questions, asked.section));
}

void keep(Asked& asked, const Reply& reply, const Question& question) {
  if (reply.confirm.value_or(false)) {
    asked.answer = asked.value;
    asked.response = Response::confirmed;
    return;
  }
  asked.answer = plain_answer(question, *reply.value);
  if (asked.answer.is_null())
    asked.response = Response::none;
  else if (!asked.shown())
    asked.response = Response::answered;
  else
    asked.response = asked.answer == asked.value ? Response::confirmed : Response::corrected;
}

void take_fact(Asked& asked, const Fact* fact) {
  asked.on_file = fact != nullptr;
  asked.value = asked.on_file ? fact->value : json::value();
  asked.as_of = asked.on_file ? std::optional(fact->as_of) : std::nullopt;
  asked.source = asked.on_file ? source_of(*fact) : "";
  if (asked.response == Response::confirmed && asked.answer != asked.value) asked.response = Response::none;  // of something else
}

}  // namespace

// ---- choosing ---------------------------------------------------------------------------------------------------------------

std::string choice_problem(const Form& form, const Choice& choice) {
  for (const std::string& id : choice.sections)
    if (!form.section(id)) return "the form has no section \"" + id + "\"";
  for (const std::string& id : choice.questions)
    if (!find_question(form, id)) return "the form has no question \"" + id + "\"";
  for (const AskAgain& again : choice.again)
    if (!find_question(form, again.question)) return "the form has no question \"" + again.question + "\"";
  return choice.all || !choice.sections.empty() || !choice.questions.empty() ? "" : "no question is chosen";
}

std::string reask_problem(const Form& form, const Choice& choice, const Context& context) {
  for (const AskAgain& again : choice.again) {
    const Question* question = find_question(form, again.question);
    const Fact* fact = question ? fact_on_file(context, question->key) : nullptr;
    if (fact && !again.reason) return "\"" + question->text + "\" is on file as of " + to_text(fact->as_of) + ", from " + fact->source;
  }
  return "";
}

Questions choose(const Form& form, const Choice& choice, const Context& context) {
  Questions questions;
  for (const Section& section : form.sections)
    for (const Question& question : section.questions)
      if (included(choice, section, question)) {
        Asked& asked = questions.emplace_back();
        asked.section = section.id;
        asked.question = question.id;
        asked.key = question.key;
      }
  for (const AskAgain& again : choice.again)
    if (Asked* asked = find_asked(questions, again.question)) asked->asked_again_because = again.reason.value_or("");
  pre_answer(questions, form, context);
  return questions;
}

void pre_answer(Questions& questions, const Form& form, const Context& context) {
  for (Asked& asked : questions) take_fact(asked, fact_answering(question_of(form, asked), context.facts));
}

void take_since(Questions& questions, const Form& form, const Context& context) {
  for (Asked& asked : questions) {
    const bool typed = asked.response == Response::answered || asked.response == Response::corrected;
    if (const Fact* fact = typed ? nullptr : fact_answering(question_of(form, asked), context.facts)) take_fact(asked, fact);
  }
}

Counts counts_of(const Questions& questions) {
  const auto count = [&](auto test) { return static_cast<int>(std::ranges::count_if(questions, test)); };
  const auto responded = [&](Response response) { return count([&](const Asked& one) { return one.response == response; }); };
  return {.asked = count([](const Asked& one) { return !one.shown(); }),
          .pre_answered = count([](const Asked& one) { return one.shown(); }),
          .confirmed = responded(Response::confirmed),
          .corrected = responded(Response::corrected),
          .answered = responded(Response::answered),
          .asked_again = count([](const Asked& one) { return one.on_file && !one.shown(); }),
          .re_asked = count([](const Asked& one) { return one.on_file && !one.shown() && one.asked_again_because.empty(); })};
}

// ---- answering --------------------------------------------------------------------------------------------------------------

std::string replies_problem(const Questions& questions, const Form& form, const std::vector<Reply>& replies, const Context& context) {
  Questions today = questions;
  take_since(today, form, context);
  for (const Reply& reply : replies)
    if (std::string problem = reply_problem(questions, today, form, reply); !problem.empty()) return problem;
  return "";
}

void keep_replies(Questions& questions, const Form& form, const std::vector<Reply>& replies) {
  for (const Reply& reply : replies)
    if (Asked* asked = find_asked(questions, reply.question)) keep(*asked, reply, question_of(form, *asked));
}

std::string unanswered(const Questions& questions, const Form& form) {
  std::vector<std::string> open;
  for (const Asked& asked : questions)
    if (still_open(questions, form, asked)) open.push_back(asked.question);
  return join(open, ", ");
}

json::value answers_of(const Questions& questions) {
  json::object answers;
  for (const Asked& asked : questions)
    if (asked.response != Response::none) answers.emplace(asked.question, asked.answer);
  return answers;
}

std::vector<Fact> facts_of(const Questions& questions, const std::string& source, const Context& context) {
  std::vector<Fact> facts;
  for (const Asked& asked : questions)
    if (!asked.key.empty() && asked.response != Response::none)
      facts.push_back({asked.key, asked.answer, context.today, source, asked.section, context.case_id, context.actor.id});
  return facts;
}

}  // namespace tradecase::questionnaire
