// What a survey asks, and the answers about its entries. Pure.
#include <algorithm>

#include "workflows/risk_survey/commands.hpp"

namespace tradecase::survey {
namespace {

bool asks_for(const BuildSurvey& said, Part part) { return std::ranges::find(said.parts, part) != said.parts.end(); }

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
  return questionnaire::choice_problem(context.forms.latest(procedural_form, context.today), questionnaire::choice_of(said));
}

void build(Survey& survey, const BuildSurvey& said, const Context& context) {
  const Form& form = context.forms.latest(procedural_form, context.today);
  survey.parts = said.parts;
  survey.topics = said.topics.value_or(survey.topics);
  survey.procedural_version = form.version;
  survey.transactional_version = context.forms.latest(transactional_form, context.today).version;
  survey.questions.clear();
  if (asks_for(said, Part::procedural)) survey.questions = questionnaire::choose(form, questionnaire::choice_of(said), context);
  survey.counts = questionnaire::counts_of(survey.questions);
}

const Form& procedural(const Survey& survey, const Context& context) {
  return context.forms.get(procedural_form, survey.procedural_version);
}

std::string entry_answers_problem(const Survey& survey, const std::vector<requests::Delivered>& delivered, const Context& context) {
  const Form& form = context.forms.get(transactional_form, survey.transactional_version);
  for (const requests::Delivered& one : delivered)
    if (one.answers)
      if (std::string problem = one_entry_problem(form, one); !problem.empty()) return problem;
  return "";
}

}  // namespace tradecase::survey
