// The preparation pack: what a company prepares for the review and what is before the reviewer already (domain.md §2, points 3 and 4).
// Pure.
#include <algorithm>
#include <map>

#include "workflows/continuation/commands.hpp"

namespace tradecase::continuation_case {
namespace {

const Form& form_of(const Continuation& review, const Context& context) { return context.forms.get(pack_form, review.pack.form_version); }

// One line a document: "On file, not asked again: annual notification, cycle 2, as of May 3, 2026 (31 answers)".
std::vector<std::string> documents_on_file(const Continuation& review) {
  std::map<std::pair<std::string, Date>, int> answers;
  for (const OnFile& one : review.on_file) ++answers[{one.source, one.as_of}];
  std::vector<std::string> lines;
  for (const auto& [document, number] : answers)
    lines.push_back("On file, not asked again: " + document.first + ", as of " + spoken(document.second) + " (" + std::to_string(number) +
                    (number == 1 ? " answer)" : " answers)"));
  return lines;
}

std::vector<std::string> evidence(const Continuation& review, const Context& context) {
  std::vector<std::string> all = context.rules.texts("continuation.pack_evidence");
  for (std::string& line : documents_on_file(review)) all.push_back(std::move(line));
  return all;
}

std::vector<std::string> samples(const Context& context) {
  const int entries = context.rules.number("continuation.pack_sample_entries");
  if (entries == 0) return {};
  return {std::to_string(entries) + (entries == 1 ? " entry" : " entries") +
          " of the period, each traced from your books to the customs declaration. Your National Account Manager names them."};
}

std::vector<std::string> dates(const Continuation& review) {
  std::vector<std::string> all{"The review opened on " + spoken(*review.opened_on) + "."};
  if (review.preparation_due_on) all.push_back("The preparation is due by " + spoken(*review.preparation_due_on) + ".");
  if (!review.cause.empty()) all.push_back("It was opened on cause: " + review.cause);
  return all;
}

json::object answers_in(const json::object& answers, std::string_view section) {
  const json::value* found = answers.if_contains(section);
  return found && found->is_object() ? found->as_object() : json::object{};
}

questionnaire::Choice everything() { return {.sections = {}, .questions = {}, .all = true, .again = {}}; }

bool sent_before(const Pack& pack) { return pack.signature && !pack.questions.empty(); }

// The pack's questions with what is on file today; as they were answered once they are.
questionnaire::Questions questions_today(const Continuation& review, const Context& context) {
  const Form& form = form_of(review, context);
  if (review.pack.questions.empty()) return questionnaire::choose(form, everything(), context);
  if (sent_before(review.pack)) return review.pack.questions;
  questionnaire::Questions questions = review.pack.questions;
  questionnaire::pre_answer(questions, form, context);
  return questions;
}

// What is given, and a confirmation of what is shown and not given.
std::vector<questionnaire::Reply> replies_of(const Form& form, const questionnaire::Questions& questions, const json::object& answers) {
  std::vector<questionnaire::Reply> replies;
  for (const questionnaire::Asked& asked : questions) {
    const json::object given = answers_in(answers, asked.section);
    const json::value* value = given.if_contains(asked.question);
    if (value && !plain_answer(*form.section(asked.section)->question(asked.question), *value).is_null())
      replies.push_back({asked.question, std::nullopt, *value});
    else if (asked.shown())
      replies.push_back({asked.question, true, std::nullopt});
  }
  return replies;
}

bool asks(const Continuation& review, std::string_view section, std::string_view question) {
  return review.pack.questions.empty() || std::ranges::any_of(review.pack.questions, [&](const questionnaire::Asked& one) {
           return one.section == section && one.question == question;
         });
}

json::object only_asked(const Continuation& review, const json::object& answers) {
  json::object kept;
  for (const auto& [section, values] : answers)
    for (const auto& [question, value] : answers_in(answers, section))
      if (asks(review, section, question)) {
        json::value& into = kept[section];
        if (!into.is_object()) into.emplace_object();
        into.as_object()[question] = value;
      }
  return kept;
}

std::string how_many(const Continuation& review) {
  const questionnaire::Counts& counts = review.pack.counts;
  const int all = counts.asked + counts.pre_answered;
  return "Answer the questions of the pack in the portal: " + std::to_string(all) + (all == 1 ? " question, " : " questions, ") +
         std::to_string(counts.pre_answered) + " on file to confirm or correct, " + std::to_string(counts.asked) + " to answer.";
}

}  // namespace

SendLetter pack_letter(const Continuation& review, const Context& context) {
  const std::string mode = review.mode.empty() ? "to be agreed with your National Account Manager" : requests::in_words(review.mode);
  std::vector<std::string> checklist = context.rules.texts("continuation.pack_checklist");
  if (!review.pack.questions.empty()) checklist.push_back(how_many(review));
  return {"continuation_preparation_pack",
          {{"mode", mode},
           {"checklist", requests::texts(checklist)},
           {"evidence", requests::texts(evidence(review, context))},
           {"samples", requests::texts(samples(context))},
           {"dates", requests::texts(dates(review))}},
          "",
          {Audience::company, Audience::nam}};
}

void take_what_is_on_file(Continuation& review, const Context& context) {
  review.on_file.clear();
  for (const Fact& fact : context.facts) review.on_file.push_back({fact.key, fact.as_of, fact.source});
}

std::string choice_problem(const ChooseQuestions& said, const Context& context) {
  return questionnaire::choice_problem(context.forms.latest(pack_form, context.today), questionnaire::choice_of(said));
}

std::string reask_problem(const ChooseQuestions& said, const Context& context) {
  return questionnaire::reask_problem(context.forms.latest(pack_form, context.today), questionnaire::choice_of(said), context);
}

// A pack that the company has is asked anew; what it saved to questions that are left out goes.
void choose_questions(Continuation& review, const ChooseQuestions& said, const Context& context) {
  Pack& pack = review.pack;
  const Form& form = context.forms.latest(pack_form, context.today);
  pack.form_version = form.version;
  pack.questions = questionnaire::choose(form, questionnaire::choice_of(said), context);
  pack.counts = questionnaire::counts_of(pack.questions);
  pack.chosen_by = context.actor.id;
  pack.answers = only_asked(review, pack.answers);
}

void prepare_questions(Continuation& review, const Context& context) {
  Pack& pack = review.pack;
  if (pack.chosen_by.empty()) pack.form_version = context.forms.latest(pack_form, context.today).version;
  pack.questions = questions_today(review, context);
  pack.counts = questionnaire::counts_of(pack.questions);
}

json::object with_answers(json::object answers, const json::object& given) {
  for (const auto& [section, values] : given) {
    json::value& into = answers[section];
    if (!into.is_object()) into.emplace_object();
    if (!values.is_object()) continue;
    for (const auto& [question, value] : values.as_object()) into.as_object()[question] = value;
  }
  return answers;
}

std::string pack_problem(const Continuation& review, const json::object& answers, const Context& context) {
  const Form& form = form_of(review, context);
  for (const auto& [id, values] : answers) {
    const Section* section = form.section(id);
    if (!section || !values.is_object()) return "\"" + std::string(id) + "\" is no section of the form with its answers";
    const auto problems = check_answers(*section, values.as_object(), false);
    if (!problems.empty()) return problems.front().sentence;
    for (const auto& [question, value] : values.as_object())
      if (!asks(review, id, question)) return "\"" + std::string(question) + "\" is not among the questions of this pack";
  }
  return "";
}

std::string pack_incomplete(const Continuation& review, const json::object& answers, const Context& context) {
  const Form& form = form_of(review, context);
  questionnaire::Questions questions = questions_today(review, context);
  questionnaire::keep_replies(questions, form, replies_of(form, questions, answers));
  return questionnaire::unanswered(questions, form);
}

questionnaire::Questions settle_answers(Continuation& review, const json::object& given, const Context& context) {
  Pack& pack = review.pack;
  const Form& form = form_of(review, context);
  const bool again = sent_before(pack);
  pack.answers = with_answers(pack.answers, given);
  pack.questions = questions_today(review, context);
  auto replies = replies_of(form, pack.questions, again ? given : pack.answers);
  if (again) std::erase_if(replies, [](const questionnaire::Reply& reply) { return !reply.value; });
  questionnaire::keep_replies(pack.questions, form, replies);
  pack.counts = questionnaire::counts_of(pack.questions);
  questionnaire::Questions settled = pack.questions;
  std::erase_if(settled, [&](const questionnaire::Asked& one) {
    return std::ranges::find(replies, one.question, &questionnaire::Reply::question) == replies.end();
  });
  return settled;
}

std::string checklist_problem(const Checklist& checklist, const Context& context) {
  std::vector<std::string> missing, given;
  for (const std::string& step : context.rules.texts("continuation.review_checklist")) {
    const auto found = checklist.find(step);
    if (found == checklist.end() || (!found->second.confirmed && !found->second.reason)) missing.push_back(step);
  }
  for (const auto& [step, unused] : checklist) given.push_back(step);
  if (std::string unknown = requests::unknown_words(given, "continuation.review_checklist", context); !unknown.empty()) return unknown;
  return join(missing, ", ");
}

}  // namespace tradecase::continuation_case
