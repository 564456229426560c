// What a survey asks, and what it does not ask because it is on file (domain.md §4.4, pre-answering). Pure.
#include <algorithm>

#include "workflows/risk_survey/commands.hpp"

namespace tradecase::survey {
namespace {

const Form& procedural(const Survey& survey, const Context& context) {
  return context.forms.get(procedural_form, survey.procedural_version);
}

const Fact* on_file(const Context& context, std::string_view key) {
  const auto found = std::ranges::find(context.facts, key, &Fact::key);
  return key.empty() || found == context.facts.end() ? nullptr : &*found;
}

bool picks(const std::optional<std::vector<std::string>>& list, const std::string& id) {
  return list && std::ranges::find(*list, id) != list->end();
}

// All questions, or those named and those of the sections named.
bool included(const BuildSurvey& said, const Section& section, const Question& question) {
  if (!said.sections && !said.questions) return true;
  return picks(said.sections, section.id) || picks(said.questions, question.id);
}

const Question* find_question(const Form& form, std::string_view id) {
  for (const Section& section : form.sections)
    if (const Question* question = section.question(id)) return question;
  return nullptr;
}

std::string unknown_in(const Form& form, const BuildSurvey& said) {
  for (const std::string& id : said.sections.value_or(std::vector<std::string>{}))
    if (!form.section(id)) return "the form has no section \"" + id + "\"";
  for (const std::string& id : said.questions.value_or(std::vector<std::string>{}))
    if (!find_question(form, id)) return "the form has no question \"" + id + "\"";
  for (const AskAgain& again : said.ask_again.value_or(std::vector<AskAgain>{}))
    if (!find_question(form, again.question)) return "the form has no question \"" + again.question + "\"";
  return "";
}

bool asks_for(const BuildSurvey& said, Part part) { return std::ranges::find(said.parts, part) != said.parts.end(); }

const Question& question_of(const Survey& survey, const Asked& asked, const Context& context) {
  return *procedural(survey, context).section(asked.section)->question(asked.question);
}

template <class Questions>
auto find_asked(Questions& questions, std::string_view id) -> decltype(&questions.front()) {
  const auto found = std::ranges::find(questions, id, &Asked::question);
  return found == questions.end() ? nullptr : &*found;
}

std::string reply_problem(const Survey& survey, const Reply& reply, const Context& context) {
  const Asked* asked = find_asked(survey.questions, reply.question);
  if (!asked) return "the survey does not ask \"" + reply.question + "\"";
  const Question& question = question_of(survey, *asked, context);
  const std::string named = "\"" + question.text + "\"";
  if (reply.confirm.value_or(false) == reply.value.has_value()) return named + " takes either a confirmation or a value";
  if (reply.confirm.value_or(false)) return asked->shown() ? "" : named + " is not on file, so there is nothing to confirm";
  return answer_problem(question, *reply.value).value_or("");
}

// The section's answers as they stand: what decides whether a question is required.
json::object section_answers(const Survey& survey, std::string_view section) {
  json::object answers;
  for (const Asked& asked : survey.questions)
    if (asked.section == section && !asked.answer.is_null()) answers.emplace(asked.question, asked.answer);
  return answers;
}

bool still_open(const Survey& survey, const Asked& asked, const Context& context) {
  if (asked.response != Response::none) return false;
  if (asked.shown()) return true;
  const Section& section = *procedural(survey, context).section(asked.section);
  return is_required(*section.question(asked.question), section, section_answers(survey, asked.section));
}

int count(const Survey& survey, auto test) { return static_cast<int>(std::ranges::count_if(survey.questions, test)); }

void count_again(Survey& survey) {
  survey.counts = {
      .asked = count(survey, [](const Asked& one) { return !one.shown(); }),
      .pre_answered = count(survey, [](const Asked& one) { return one.shown(); }),
      .confirmed = count(survey, [](const Asked& one) { return one.response == Response::confirmed; }),
      .corrected = count(survey, [](const Asked& one) { return one.response == Response::corrected; }),
      .answered = count(survey, [](const Asked& one) { return one.response == Response::answered; }),
      .asked_again = count(survey, [](const Asked& one) { return one.on_file && !one.shown(); }),
      .re_asked = count(survey, [](const Asked& one) { return one.on_file && !one.shown() && one.asked_again_because.empty(); })};
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

// The questions about the entry itself are answered by the selection.
json::object with_the_entry(json::object answers, const Section& section, const requests::Delivered& one) {
  if (section.question("entry_number")) answers["entry_number"] = one.entry_number;
  if (section.question("line_number")) answers["line_number"] = std::to_string(one.line);
  return answers;
}

std::string one_entry_problem(const Form& form, const requests::Delivered& one) {
  std::size_t known = 0;
  for (const Section& section : form.sections) {
    json::object answers;
    for (const auto& [id, value] : *one.answers)
      if (section.question(id)) answers.emplace(id, value);
    known += answers.size();
    const auto problems = check_answers(section, with_the_entry(answers, section, one), true);
    if (!problems.empty()) return "entry " + one.entry_number + ": " + problems.front().sentence;
  }
  return known == one.answers->size() ? "" : "entry " + one.entry_number + ": an answer belongs to no question of the form";
}

}  // namespace

bool Survey::has(Part part) const { return std::ranges::find(parts, part) != parts.end(); }

std::string build_problem(const Survey& survey, const BuildSurvey& said, const Context& context) {
  if (said.parts.empty()) return "no part is named: procedural, transactional or both";
  if (said.topics.value_or(survey.topics).empty()) return "no topic is named";
  if (!asks_for(said, Part::procedural) && (said.sections || said.questions || said.ask_again))
    return "sections and questions belong to the procedural part, which is not asked for";
  return unknown_in(context.forms.latest(procedural_form, context.today), said);
}

std::string reask_problem(const BuildSurvey& said, const Context& context) {
  const Form& form = context.forms.latest(procedural_form, context.today);
  for (const AskAgain& again : said.ask_again.value_or(std::vector<AskAgain>{})) {
    const Question* question = find_question(form, again.question);
    const Fact* fact = question ? on_file(context, question->key) : nullptr;
    if (fact && !again.reason) return "\"" + question->text + "\" is on file as of " + to_text(fact->as_of) + ", from " + fact->source;
  }
  return "";
}

void build(Survey& survey, const BuildSurvey& said, const Context& context) {
  const Form& form = context.forms.latest(procedural_form, context.today);
  survey.parts = said.parts;
  survey.topics = said.topics.value_or(survey.topics);
  survey.procedural_version = form.version;
  survey.transactional_version = context.forms.latest(transactional_form, context.today).version;
  survey.questions.clear();
  if (asks_for(said, Part::procedural))
    for (const Section& section : form.sections)
      for (const Question& question : section.questions)
        if (included(said, section, question)) {
          Asked& asked = survey.questions.emplace_back();
          asked.section = section.id;
          asked.question = question.id;
          asked.key = question.key;
        }
  for (const AskAgain& again : said.ask_again.value_or(std::vector<AskAgain>{}))
    if (Asked* asked = find_asked(survey.questions, again.question)) asked->asked_again_because = again.reason.value_or("");
  pre_answer(survey, context);
}

void pre_answer(Survey& survey, const Context& context) {
  for (Asked& asked : survey.questions) {
    const Fact* fact = on_file(context, asked.key);
    asked.on_file = fact && !fact->value.is_null() && !answer_problem(question_of(survey, asked, context), fact->value);
    asked.value = asked.on_file ? fact->value : json::value();
    asked.as_of = asked.on_file ? std::optional(fact->as_of) : std::nullopt;
    asked.source = !asked.on_file ? "" : fact->section.empty() ? fact->source : fact->source + ", " + fact->section;
  }
  count_again(survey);
}

std::string replies_problem(const Survey& survey, const std::vector<Reply>& replies, const Context& context) {
  for (const Reply& reply : replies)
    if (std::string problem = reply_problem(survey, reply, context); !problem.empty()) return problem;
  return "";
}

void keep_replies(Survey& survey, const std::vector<Reply>& replies, const Context& context) {
  for (const Reply& reply : replies)
    if (Asked* asked = find_asked(survey.questions, reply.question)) keep(*asked, reply, question_of(survey, *asked, context));
  count_again(survey);
}

std::string unanswered(const Survey& survey, const Context& context) {
  std::vector<std::string> open;
  for (const Asked& asked : survey.questions)
    if (still_open(survey, asked, context)) open.push_back(asked.question);
  return join(open, ", ");
}

json::value answers_of(const Survey& survey) {
  json::object answers;
  for (const Asked& asked : survey.questions)
    if (asked.response != Response::none) answers.emplace(asked.question, asked.answer);
  return answers;
}

std::vector<Fact> facts_of(const Survey& survey, const Context& context) {
  std::vector<Fact> facts;
  for (const Asked& asked : survey.questions)
    if (!asked.key.empty() && asked.response != Response::none)
      facts.push_back(
          {asked.key, asked.answer, context.today, "risk survey " + context.case_id, asked.section, context.case_id, context.actor.id});
  return facts;
}

std::string entry_answers_problem(const Survey& survey, const std::vector<requests::Delivered>& delivered, const Context& context) {
  const Form& form = context.forms.get(transactional_form, survey.transactional_version);
  for (const requests::Delivered& one : delivered)
    if (one.answers)
      if (std::string problem = one_entry_problem(form, one); !problem.empty()) return problem;
  return "";
}

}  // namespace tradecase::survey
