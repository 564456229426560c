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

json::object facts_by_key(const Context& context) {
  json::object known;
  for (const Fact& fact : context.facts) known.insert_or_assign(fact.key, fact.value);
  return known;
}

}  // namespace

SendLetter pack_letter(const Continuation& review, const Context& context) {
  const std::string mode = review.mode.empty() ? "to be agreed with your National Account Manager" : requests::in_words(review.mode);
  return {"continuation_preparation_pack",
          {{"mode", mode},
           {"checklist", requests::texts(context.rules.texts("continuation.pack_checklist"))},
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
  }
  return "";
}

std::string pack_incomplete(const Continuation& review, const json::object& answers, const Context& context) {
  const json::object known = facts_by_key(context);
  std::vector<std::string> missing;
  for (const Section& section : form_of(review, context).sections) {
    const json::object filled = answers_in(
        with_answers({{section.id, answers_from_facts(section, known)}}, {{section.id, answers_in(answers, section.id)}}), section.id);
    for (const AnswerProblem& problem : check_answers(section, filled, true)) missing.push_back(problem.question);
  }
  return join(missing, ", ");
}

std::vector<Fact> pack_facts(const Continuation& review, const Context& context) {
  std::vector<Fact> facts;
  for (const Section& section : form_of(review, context).sections)
    for (auto& [key, value] : keyed_answers(section, answers_in(review.pack.answers, section.id)))
      facts.push_back({key, value, context.today, "continuation review " + context.case_id, section.id, context.case_id, context.actor.id});
  return facts;
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
