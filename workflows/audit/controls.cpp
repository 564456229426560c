// The audit's questionnaire on internal controls: what it asks, who answers it, and what goes on file.
#include "workflows/audit/actions.hpp"

namespace tradecase::audit_case {

using namespace requests;

static const Form& bank(const Context& c) { return c.forms.latest(questionnaire_form, c.today); }
static const Form& form_of(const Controls& controls, const Context& c) { return c.forms.get(questionnaire_form, controls.form_version); }

// ---- problems --------------------------------------------------------------------------------------------------------------

std::string building_problem(const Audit& audit) {
  if (!audit.questionnaire || !audit.questionnaire->sent_on) return "";
  return audit.questionnaire->out() ? "it is with the company: wait for its answers, or withdraw it" : "the company has answered it";
}

std::string choice_problem(const BuildQuestions& said, const Context& context) {
  return questionnaire::choice_problem(bank(context), questionnaire::choice_of(said));
}

std::string reask_problem(const BuildQuestions& said, const Context& context) {
  return questionnaire::reask_problem(bank(context), questionnaire::choice_of(said), context);
}

std::string replies_problem(const Audit& audit, const std::vector<questionnaire::Reply>& replies, const Context& context) {
  if (!audit.questionnaire) return "";  // another guard says so
  return questionnaire::replies_problem(audit.questionnaire->questions, form_of(*audit.questionnaire, context), replies, context);
}

std::string unanswered(const Audit& audit, const std::vector<questionnaire::Reply>& replies, const Context& context) {
  if (!audit.questionnaire || !replies_problem(audit, replies, context).empty()) return "";
  const Form& form = form_of(*audit.questionnaire, context);
  questionnaire::Questions after = audit.questionnaire->questions;
  questionnaire::take_since(after, form, context);
  questionnaire::keep_replies(after, form, replies);
  return questionnaire::unanswered(after, form);
}

// ---- effects ---------------------------------------------------------------------------------------------------------------

Effects build_questions(Audit& a, const BuildQuestions& said, const Context& c) {
  Controls built;
  if (a.questionnaire) built.withdrawn_because = a.questionnaire->withdrawn_because;
  built.form_version = bank(c).version;
  built.questions = questionnaire::choose(bank(c), questionnaire::choice_of(said), c);
  built.counts = questionnaire::counts_of(built.questions);
  a.questionnaire = std::move(built);
  return {};
}

// What came on file since it was built is not asked either.
Effects send_questions(Audit& a, const SendQuestions& said, const Context& c) {
  Controls& controls = *a.questionnaire;
  questionnaire::pre_answer(controls.questions, form_of(controls, c), c);
  controls.counts = questionnaire::counts_of(controls.questions);
  controls.sent_on = c.today;
  Effects effects = ask(a.request,
                        {.deadline = "questionnaire_due",
                         .rule = "audit.questionnaire_days",
                         .what = "the answers to the audit questionnaire",
                         .named_on = said.due_on},
                        c);
  effects += task_of_request(a);
  effects.push_back(SendLetter{"audit_questionnaire",
                               {{"questions_total", controls.counts.asked + controls.counts.pre_answered},
                                {"questions_on_file", controls.counts.pre_answered},
                                {"questions_to_answer", controls.counts.asked}},
                               "questionnaire_due",
                               {Audience::company}});
  return effects;
}

// What came on file since it was sent is to be confirmed, not answered.
static void keep(Controls& controls, const std::vector<questionnaire::Reply>& replies, const Context& c) {
  questionnaire::take_since(controls.questions, form_of(controls, c), c);
  questionnaire::keep_replies(controls.questions, form_of(controls, c), replies);
  controls.counts = questionnaire::counts_of(controls.questions);
}

Effects save_answers(Audit& a, const SaveAnswers& said, const Context& c) {
  keep(*a.questionnaire, said.answers, c);
  return {};
}

static Effects not_with_the_company(Audit& a) {
  Effects effects = request_over(a.request);
  effects.push_back(CloseTask{"answer_questionnaire"});
  return effects;
}

Effects answer_questions(Audit& a, const AnswerQuestions& said, const Context& c) {
  Controls& controls = *a.questionnaire;
  keep(controls, said.answers.value_or(std::vector<questionnaire::Reply>{}), c);
  controls.answered_on = c.today;
  controls.signature = signed_by(c, questionnaire::answers_of(controls.questions), controls.form_version);
  Effects effects = not_with_the_company(a);
  if (auto facts = questionnaire::facts_of(controls.questions, "audit " + c.case_id, c); !facts.empty())
    effects.push_back(RecordFacts{std::move(facts)});
  effects.push_back(OpenTask{"read_questionnaire", Role::auditor, "Read the answers to the questionnaire before the fieldwork"});
  return effects;
}

// It stays built, so that it can be sent again or built anew.
Effects take_back_questions(Audit& a, const TakeBackQuestions& said, const Context&) {
  a.questionnaire->sent_on.reset();
  a.questionnaire->withdrawn_because.push_back(said.reason);
  Effects effects = not_with_the_company(a);
  effects.push_back(SendLetter{"audit_questionnaire_withdrawn", {{"reason", said.reason}}, "", {Audience::company}});
  return effects;
}

}  // namespace tradecase::audit_case
