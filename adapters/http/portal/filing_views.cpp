#include "adapters/http/portal/filing_views.hpp"

#include <algorithm>

#include "adapters/http/portal/question_views.hpp"

namespace tradecase::http {
namespace {

constexpr std::string_view fillable_states[] = {"open", "drafting", "returned", "overdue"};

LetterSection read_section(const json::object& data, const Section& form, bool fillable, bool after_return) {
  const json::object stored = object_at(object_at(data, "sections"), form.id);
  LetterSection section{&form,
                        text_of(stored, "status"),
                        object_at(stored, "values"),
                        object_at(stored, "previous"),
                        yes_at(stored, "returned"),
                        text_of(stored, "question"),
                        text_of(stored, "reply")};
  section.open = fillable && (!after_return || section.returned);
  section.may_keep = form.no_change_allowed && check_answers(form, section.previous, true).empty();
  section.complete = check_answers(form, section.values, true).empty();
  return section;
}

}  // namespace

const LetterSection* LetterDraft::section(std::string_view id) const {
  const auto found = std::ranges::find_if(sections, [&](const LetterSection& one) { return one.form->id == id; });
  return found == sections.end() ? nullptr : &*found;
}

std::vector<const LetterSection*> LetterDraft::waiting() const {
  std::vector<const LetterSection*> all;
  for (const LetterSection& section : sections)
    if (section.waits()) all.push_back(&section);
  return all;
}

std::vector<const LetterSection*> LetterDraft::keepable() const {
  std::vector<const LetterSection*> all;
  for (const LetterSection& section : sections)
    if (section.open && section.status == "unanswered" && section.may_keep && !section.returned) all.push_back(&section);
  return all;
}

LetterDraft letter_or_stop(const Visit& visit) {
  const Case& on = *visit.on;
  if (on.workflow != "annual_notification") throw Fault(404, visit.say("This case has no annual letter."));
  LetterDraft letter;
  letter.form_version = number_at(on.data, "form_version");
  letter.cycle = number_at(on.data, "cycle");
  if (letter.form_version == 0) throw Fault(404, visit.say("This letter is not open yet. Its dates stand on the page of the case."));
  const auto* terms = on.data.if_contains("return_terms");
  letter.after_return = terms != nullptr && terms->is_object();
  letter.fillable = std::ranges::find(fillable_states, on.state) != std::end(fillable_states);
  const auto own = visit.visitor.companies.find(on.company);
  letter.editable = letter.fillable && own != visit.visitor.companies.end() && !own->second.empty();
  for (const Section& form : visit.programme().forms.get("anl", letter.form_version).sections)
    letter.sections.push_back(read_section(on.data, form, letter.fillable, letter.after_return));
  return letter;
}

std::string letter_path(const Visit& visit, const std::string& more) { return "/cases/" + visit.on->id + "/letter" + more; }

std::string next_path(const Visit& visit, const LetterDraft& letter, std::string_view after) {
  const auto waiting = letter.waiting();
  if (waiting.empty()) return "/cases/" + visit.on->id + "/sign";
  const auto later = std::ranges::find_if(waiting, [&](const LetterSection* one) { return one->form->id > after; });
  return letter_path(visit, "/" + (later == waiting.end() ? waiting.front() : *later)->form->id);
}

std::string section_title(const Visit& visit, const LetterSection& section) {
  return section.form->id + ". " + worded(visit, section.form->title);
}

json::array change_views(const Visit& visit, const LetterDraft& letter) {
  json::array all;
  for (const LetterSection& section : letter.sections) {
    if (section.status != "changed") continue;
    json::array answers;
    for (const Question& question : section.form->questions) {
      const std::string before = shown_answer(visit, question, section.previous.if_contains(question.id));
      const std::string after = shown_answer(visit, question, section.values.if_contains(question.id));
      if (before != after) answers.push_back(json::object{{"label", worded(visit, question.text)}, {"parts", diff_views(before, after)}});
    }
    all.push_back(json::object{{"id", section.form->id},
                               {"title", section_title(visit, section)},
                               {"href", letter_path(visit, "/" + section.form->id + "?back=sign")},
                               {"may_change", letter.editable && section.open},
                               {"question", section.question},
                               {"reply", section.reply},
                               {"same", answers.empty()},
                               {"answers", std::move(answers)}});
  }
  return all;
}

json::array unchanged_views(const Visit& visit, const LetterDraft& letter) {
  json::array all;
  for (const LetterSection& section : letter.sections)
    if (section.status == "no_change")
      all.push_back(json::object{{"title", section_title(visit, section)},
                                 {"href", letter_path(visit, "/" + section.form->id + "?back=sign")},
                                 {"may_change", letter.editable && section.open}});
  return all;
}

json::object due_view(const Visit& visit) {
  const auto entry = visit.engine.database().read([&](Session& session) { return deadline_of(session, visit.on->id, "due"); });
  if (!entry || entry->ended_by_version) return {{"due", ""}, {"left", ""}, {"late", false}, {"why", ""}};
  const Date due = entry->derivation.due_on;
  return {{"due", visit.weekday(due)},
          {"left", visit.left(due)},
          {"late", due < visit.today()},
          {"why", "/cases/" + visit.on->id + "/dates/due"}};
}

Answer send_with(const Visit& visit, std::string_view command, json::object body, const std::string& key,
                 std::optional<std::int64_t> version) {
  Command said;
  said.case_id = visit.on ? visit.on->id : "";
  said.name = command;
  said.body = std::move(body);
  said.actor = visit.visitor.person.id;
  said.key = key;
  said.expected_version = version;
  return visit.execute(said);
}

std::optional<std::int64_t> version_sent(const Visit& visit) {
  const std::string version(visit.form.fields.get("version"));
  if (version.empty() || version.size() > 9 || version.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  return std::stoll(version);
}

}  // namespace tradecase::http
