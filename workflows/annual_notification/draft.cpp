#include "workflows/annual_notification/draft.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "workflows/requests.hpp"

namespace tradecase::anl {
namespace {

json::object on_file(const Context& context) {
  json::object known;
  for (const Fact& fact : context.facts) known.insert_or_assign(fact.key, fact.value);
  return known;
}

std::string without_stop(std::string sentence) {
  if (sentence.ends_with('.')) sentence.pop_back();
  return sentence;
}

std::string in_words(const std::vector<AnswerProblem>& problems) {
  std::vector<std::string> sentences;
  for (const AnswerProblem& problem : problems) sentences.push_back(without_stop(problem.sentence));
  return join(sentences, "; ");
}

bool not_given(const json::value& value) { return value.is_null() || (value.is_string() && value.get_string().empty()); }

json::object merged(json::object values, const json::object& given) {
  for (const auto& [question, value] : given) {
    if (!not_given(value)) {
      values.insert_or_assign(question, value);
    } else if (const auto found = values.find(question); found != values.end()) {
      values.stable_erase(found);
    }
  }
  return values;
}

const SectionAnswer& answer_of(const Notification& n, const std::string& section) { return n.sections.find(section)->second; }

bool any_of(const Section& section, const std::vector<std::string>& questions) {
  return std::ranges::any_of(questions, [&](const std::string& id) { return section.question(id) != nullptr; });
}

json::object all_of(const Notification& n, json::object SectionAnswer::*part) {
  json::object all;
  for (const auto& [id, answer] : n.sections) all.emplace(id, answer.*part);
  return all;
}

json::object part_of(const json::object& answers, const std::string& section) {
  const json::value* found = answers.if_contains(section);
  return found ? found->as_object() : json::object{};
}

}  // namespace

const Form& form_of(const Notification& n, const Context& context) { return context.forms.get(form_name, n.form_version); }

void start_draft(Notification& n, const Context& context) {
  const Form& form = context.forms.latest(form_name, context.today);
  const json::object known = on_file(context);
  n.form_version = form.version;
  for (const Section& section : form.sections) {
    SectionAnswer& answer = n.sections[section.id];
    answer.previous = answers_from_facts(section, known);
    answer.values = answer.previous;
  }
}

std::string section_problem(const Notification& n, const SectionSaved& saved, const Context& context) {
  if (!form_of(n, context).section(saved.section)) return "the form has no section \"" + saved.section + "\"";
  const bool open = !n.return_terms || answer_of(n, saved.section).returned;
  return open ? "" : "section " + saved.section + " was not returned";
}

std::string no_change_problem(const Notification& n, const SectionSaved& saved, const Context& context) {
  const Section* section = form_of(n, context).section(saved.section);
  if (!section || saved.change == Change::changed) return "";
  if (saved.values) return "no answers go with \"no change\"";
  if (!section->no_change_allowed) return "section " + section->id + ", " + section->title + ", is answered anew each year";
  return in_words(check_answers(*section, answer_of(n, section->id).previous, true));
}

std::string values_problem(const Notification& n, const SectionSaved& saved, const Context& context) {
  const Section* section = form_of(n, context).section(saved.section);
  if (!section) return "";
  if (std::string problem = requests::files_problem(saved.files.value_or(std::vector<std::string>{})); !problem.empty()) return problem;
  if (!saved.values) return "";
  return in_words(check_answers(*section, merged(answer_of(n, section->id).values, *saved.values), false));
}

void save_section(Notification& n, const SectionSaved& saved, const Context&) {
  SectionAnswer& answer = n.sections.find(saved.section)->second;
  if (saved.change == Change::no_change) {
    answer.status = AnswerStatus::no_change;
    answer.values = answer.previous;
  } else {
    answer.status = AnswerStatus::changed;
    if (saved.values) answer.values = merged(std::move(answer.values), *saved.values);
  }
  if (saved.reply) answer.reply = *saved.reply;
  if (saved.files) answer.files = *saved.files;
}

std::string unanswered_problem(const Notification& n, const Context& context) {
  std::vector<std::string> titles;
  for (const Section& section : form_of(n, context).sections)
    if (answer_of(n, section.id).status == AnswerStatus::unanswered) titles.push_back(section.id + ", " + section.title);
  return join(titles, "; ");
}

std::string incomplete_problem(const Notification& n, const Context& context) {
  std::vector<std::string> parts;
  for (const Section& section : form_of(n, context).sections) {
    const SectionAnswer& answer = answer_of(n, section.id);
    if (answer.status == AnswerStatus::unanswered) continue;  // said by unanswered_problem
    const std::string problem = in_words(check_answers(section, answer.values, true));
    if (!problem.empty()) parts.push_back("section " + section.id + ": " + problem);
  }
  return join(parts, "; ");
}

void move_to_newest_form(Notification& n, const Context& context) {
  const Form& from = form_of(n, context);
  const Form& to = context.forms.latest(form_name, context.today);
  const CarryOver values = carry_over(from, to, all_of(n, &SectionAnswer::values));
  const CarryOver previous = carry_over(from, to, all_of(n, &SectionAnswer::previous));
  std::map<std::string, SectionAnswer, std::less<>> moved;
  for (const Section& section : to.sections) {
    SectionAnswer& answer = moved[section.id];
    answer.values = part_of(values.answers, section.id);
    answer.previous = part_of(previous.answers, section.id);
    const auto before = n.sections.find(section.id);
    const bool asks_anew = any_of(section, values.fresh) || any_of(section, values.unfit);
    if (before == n.sections.end()) continue;
    answer.files = before->second.files;
    if (!asks_anew) answer.status = before->second.status;
  }
  n.sections = std::move(moved);
  n.form_version = to.version;
}

json::value answers_of(const Notification& n) {
  json::object all = all_of(n, &SectionAnswer::values), files;
  for (const auto& [id, answer] : n.sections)
    if (!answer.files.empty()) files.emplace(id, json::array(answer.files.begin(), answer.files.end()));
  if (!files.empty()) all.emplace("files", std::move(files));
  return all;
}

std::vector<std::string> changed_titles(const Notification& n, const Context& context) {
  std::vector<std::string> titles;
  for (const Section& section : form_of(n, context).sections)
    if (answer_of(n, section.id).status == AnswerStatus::changed) titles.push_back(section.title);
  return titles;
}

RecordFacts facts_of(const Notification& n, const Context& context) {
  RecordFacts recorded;
  const std::string source = fmt::format("annual notification, cycle {}", n.cycle);
  for (const Section& section : form_of(n, context).sections)
    for (auto& [key, value] : keyed_answers(section, answer_of(n, section.id).values))
      recorded.facts.push_back({key, std::move(value), n.signature ? context.calendar.day_of(n.signature->signed_at) : context.today,
                                source, section.title, "", ""});
  return recorded;
}

}  // namespace tradecase::anl
