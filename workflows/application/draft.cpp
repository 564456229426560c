// The draft of an application: what fits into it, and what it still lacks. Pure.
#include <algorithm>
#include <set>

#include "workflows/application/commands.hpp"
#include "workflows/importer_number.hpp"

namespace tradecase::application_case {
namespace {

const json::object& section_of(const json::object& answers, const std::string& id) {
  static const json::object nothing;
  const auto* found = answers.if_contains(id);
  return found && found->is_object() ? found->get_object() : nothing;
}

const Form& questionnaire_of(const Draft& draft, const Context& context) {
  return context.forms.get("questionnaire", draft.questionnaire_version);
}
const Form& mou_of(const Draft& draft, const Context& context) { return context.forms.get("mou", draft.mou_version); }

std::vector<std::string> no_texts_of(const Form& form, const json::object& answers) {
  std::vector<std::string> texts;
  for (const Section& section : form.sections) {
    const json::object& given = section_of(answers, section.id);
    for (const Question& question : section.questions) {
      const auto* value = given.if_contains(question.id);
      if (question.type != Question::Type::yes_no || !value || answer_problem(question, *value)) continue;
      if (plain_answer(question, *value) == json::value(false)) texts.push_back(question.text);
    }
  }
  return texts;
}

std::vector<std::string> sentences(const std::vector<AnswerProblem>& problems) {
  std::vector<std::string> all;
  for (const AnswerProblem& problem : problems) {
    all.push_back(problem.sentence);
    if (all.back().ends_with('.')) all.back().pop_back();  // a guard's sentence brings its own full stop
  }
  return all;
}

std::vector<std::string> ids_of(const Form& form) {
  std::vector<std::string> ids;
  for (const Section& section : form.sections) ids.push_back(section.id);
  return ids;
}

// A section that nobody has touched is named once, not question by question.
std::vector<std::string> missing_in(const Form& form, const json::object& answers) {
  std::vector<std::string> missing;
  for (const Section& section : form.sections) {
    const json::object& given = section_of(answers, section.id);
    const auto problems = check_answers(section, given, true);
    if (given.empty() && !problems.empty())
      missing.push_back(lower(form.title) + ", section \"" + section.title + "\"");
    else
      for (const std::string& sentence : sentences(problems)) missing.push_back(lower(form.title) + ": " + sentence);
  }
  return missing;
}

std::string section_problem(const Form& form, const Save& said) {
  const Section* section = said.section ? form.section(*said.section) : nullptr;
  if (!section) return "name the section, one of " + join(ids_of(form), ", ");
  return join(sentences(check_answers(*section, said.answers, false)), "; ");
}

template <class PartOfDraft>
std::string shape_problem(const json::object& answers) {
  std::vector<std::string> lines;
  for (const Problem& problem : described::from_body<PartOfDraft>(answers).problems)
    lines.push_back(problem.field + " " + problem.sentence);
  return join(lines, "; ");
}

std::string ior_problem(const json::object& answers) {
  if (auto problem = shape_problem<IorNumbersPart>(answers); !problem.empty()) return problem;
  std::set<std::string> seen;
  for (const std::string& number : described::from_body<IorNumbersPart>(answers).value.ior_numbers) {
    if (!is_importer_number(number))
      return "\"" + number +
             "\" is no importer of record number: NN-NNNNNNNXX (IRS), NNN-NN-NNNN (social security) or NNNNNN-NNNNN (assigned by CBP)";
    if (!seen.insert(number).second) return importer_number_shown(number) + " stands there twice";
  }
  return "";
}

bool looks_like_address(std::string_view email) {
  const auto at = email.find('@');
  return at != std::string_view::npos && at > 0 && email.find('@', at + 1) == std::string_view::npos &&
         email.find('.', at) != std::string_view::npos && email.find_first_of(" \t\r\n,;<>\"") == std::string_view::npos;
}

std::string contacts_problem(const json::object& answers) {
  if (auto problem = shape_problem<ContactsPart>(answers); !problem.empty()) return problem;
  for (const Contact& contact : described::from_body<ContactsPart>(answers).value.contacts)
    if (!looks_like_address(contact.email)) return "\"" + contact.email + "\" is no e-mail address";
  return "";
}

void add_facts(std::vector<Fact>& facts, const Form& form, const json::object& answers, std::string_view source, const Signature& signature,
               const Calendar& calendar) {
  for (const Section& section : form.sections)
    for (auto& [key, value] : keyed_answers(section, section_of(answers, section.id)))
      facts.push_back({key, std::move(value), calendar.day_of(signature.signed_at), std::string(source), section.title, "", signature.by});
}

}  // namespace

std::vector<std::string> eligibility_missing(const AnswerEligibility& said, const Context& context) {
  const Form& form = context.forms.latest("eligibility", context.today);
  std::vector<std::string> missing;
  for (const auto& [id, unused] : said.answers)
    if (!form.section(id))
      missing.push_back("the form has no section \"" + std::string(id) + "\"; its sections: " + join(ids_of(form), ", "));
  for (const Section& section : form.sections)
    for (std::string& sentence : sentences(check_answers(section, section_of(said.answers, section.id), true)))
      missing.push_back(std::move(sentence));
  return missing;
}

std::vector<std::string> eligibility_no_texts(const AnswerEligibility& said, const Context& context) {
  return no_texts_of(context.forms.latest("eligibility", context.today), said.answers);
}

std::string save_problem(const Draft& draft, const Save& said, const Context& context) {
  const bool of_form = said.part == Part::questionnaire || said.part == Part::mou;
  if (!of_form && said.section) return "only the questionnaire and the memorandum have sections";
  switch (said.part) {
    case Part::questionnaire:
      return section_problem(questionnaire_of(draft, context), said);
    case Part::mou:
      return section_problem(mou_of(draft, context), said);
    case Part::ior_numbers:
      return ior_problem(said.answers);
    case Part::contacts:
      return contacts_problem(said.answers);
    case Part::control_manual:
      return shape_problem<ControlManualPart>(said.answers);
    case Part::forced_labor:
      return shape_problem<ForcedLaborPart>(said.answers);
  }
  return "";
}

void keep(Draft& draft, const Save& said) {
  switch (said.part) {
    case Part::questionnaire:
      draft.questionnaire[said.section.value()] = said.answers;
      return;
    case Part::mou:
      draft.mou[said.section.value()] = said.answers;
      return;
    case Part::ior_numbers:
      draft.ior_numbers = described::from_body<IorNumbersPart>(said.answers).value.ior_numbers;
      return;
    case Part::contacts:
      draft.contacts = described::from_body<ContactsPart>(said.answers).value.contacts;
      return;
    case Part::control_manual:
      draft.control_manual = described::from_body<ControlManualPart>(said.answers).value.document;
      return;
    case Part::forced_labor:
      draft.forced_labor_documents = described::from_body<ForcedLaborPart>(said.answers).value.documents;
      return;
  }
}

std::vector<std::string> missing_in(const Draft& draft, const Context& context) {
  std::vector<std::string> missing;
  if (draft.ior_numbers.empty()) missing.emplace_back("importer of record numbers");
  if (draft.contacts.empty()) missing.emplace_back("contacts");
  if (!draft.contacts.empty() && std::ranges::none_of(draft.contacts, &Contact::notices))
    missing.emplace_back("a contact who takes e-mail notices");
  for (std::string& one : missing_in(questionnaire_of(draft, context), draft.questionnaire)) missing.push_back(std::move(one));
  const Form& mou = mou_of(draft, context);
  for (std::string& one : missing_in(mou, draft.mou)) missing.push_back(std::move(one));
  for (const std::string& text : no_texts_of(mou, draft.mou))
    missing.push_back("memorandum of understanding: \"" + text + "\" must be confirmed with yes");
  if (draft.control_manual.empty()) missing.emplace_back("internal control manual");
  if (draft.forced_labor_documents.empty()) missing.emplace_back("forced-labor documents");
  return missing;
}

bool newer_forms(const Draft& draft, const Context& context) {
  return context.forms.latest("questionnaire", context.today).version > draft.questionnaire_version ||
         context.forms.latest("mou", context.today).version > draft.mou_version;
}

void carry_over_forms_of(Draft& draft, const Context& context) {
  const Form& questionnaire = context.forms.latest("questionnaire", context.today);
  const Form& mou = context.forms.latest("mou", context.today);
  draft.questionnaire = carry_over(questionnaire_of(draft, context), questionnaire, draft.questionnaire).answers;
  draft.mou = carry_over(mou_of(draft, context), mou, draft.mou).answers;
  draft.questionnaire_version = questionnaire.version;
  draft.mou_version = mou.version;
}

std::vector<std::string> checklist_open(const Checklist& checklist, const Context& context) {
  const std::vector<std::string>& items = context.rules.texts("application.review_checklist");
  std::vector<std::string> open;
  for (const std::string& item : items) {
    const auto mark = checklist.find(item);
    if (mark == checklist.end() || (!mark->second.confirmed && !mark->second.reason)) open.push_back(item);
  }
  for (const auto& [item, unused] : checklist)
    if (std::ranges::find(items, item) == items.end()) open.push_back("there is no item \"" + item + "\"");
  return open;
}

std::vector<Fact> facts_of(const Application& application, const Context& context) {
  std::vector<Fact> facts;
  const Draft& draft = application.draft;
  const Signature& signature = application.signature.value();
  add_facts(facts, questionnaire_of(draft, context), draft.questionnaire, "application questionnaire", signature, context.calendar);
  add_facts(facts, mou_of(draft, context), draft.mou, "memorandum of understanding", signature, context.calendar);
  return facts;
}

}  // namespace tradecase::application_case
