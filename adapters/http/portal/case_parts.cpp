#include "adapters/http/portal/case_parts.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "adapters/http/portal/asked_questions.hpp"
#include "adapters/http/portal/case_store.hpp"
#include "adapters/http/portal/letter_views.hpp"
#include "adapters/http/portal/preparation.hpp"
#include "adapters/http/portal/question_views.hpp"
#include "adapters/http/portal/review_parts.hpp"

namespace tradecase::http {
namespace {

// ---- answers and questions

// A letter still being written is the company's own business.
bool shows_answers(const Visit& visit) {
  const Case& on = *visit.on;
  if (on.workflow != letter_workflow) return false;
  return !visit.visitor.is_staff() || !text_of(on.data, "filed_on").empty();
}

std::string fact_text(const Visit& visit, const json::value& value) { return shown_answer(visit, Question{}, &value); }

// What else is on file from the case than the answers to its questions.
void add_facts_from_case(const Visit& visit, json::array& recorded) {
  const auto asked = asked_in(*visit.on);
  const auto shown = [&](const Fact& fact) {
    return asked && asked->answered &&
           std::ranges::any_of(asked->questions, [&](const json::value& one) { return text_of(one.as_object(), "key") == fact.key; });
  };
  visit.engine.database().read([&](Session& session) {
    for (const Fact& fact : facts_from_case(session, visit.on->company, visit.on->id))
      if (!shown(fact))
        recorded.push_back(json::object{
            {"label", plain_words(fact.key.substr(fact.key.find('.') + 1))}, {"value", fact_text(visit, fact.value)}, {"how", ""}});
  });
}

void add_answers(const Visit& visit, json::object& parts) {
  json::array answers, questions, recorded;
  const Case& on = *visit.on;
  if (shows_answers(visit)) {
    for (json::value& one : letter_sections(visit, on, false).sections) {
      json::object& section = one.as_object();
      if (!section.at("asked").as_string().empty())
        questions.push_back(json::object{{"name", section.at("name")}, {"asked", section.at("asked")}, {"reply", section.at("reply")}});
      answers.push_back(json::object{{"name", section.at("name")}, {"status", section.at("status")}, {"changed", section.at("changed")}});
    }
  } else if (on.workflow != letter_workflow) {
    recorded = asked_answers(visit);
    add_facts_from_case(visit, recorded);
  }
  parts["any_answers"] = !answers.empty();
  const auto asked = asked_in(on);
  parts["recorded_title"] = asked && asked->answered ? visit.say("Answers") : visit.say("Answers on file from this case");
  parts["any_recorded"] = !recorded.empty();
  parts["any_questions"] = !questions.empty();
  parts["answers_href"] = "/cases/" + on.id + (visit.visitor.is_staff() ? "/review" : "/letter");
  parts["answers"] = std::move(answers);
  parts["recorded"] = std::move(recorded);
  parts["questions"] = std::move(questions);
}

// ---- notes

void add_notes(const Visit& visit, json::object& parts) {
  json::array notes;
  const bool may_note = visit.may(Verb::see_internal);
  if (may_note)
    visit.engine.database().read([&](Session& session) {
      for (const InternalNote& note : internal_notes_of(session, visit.on->id))
        notes.push_back(json::object{{"by", note.person_name},
                                     {"written", visit.date(visit.programme().calendar.day_of(note.written_at))},
                                     {"at", to_text(note.written_at)},
                                     {"note_text", note.text}});
    });
  parts["may_note"] = may_note;
  const bool engagement = visit.on->workflow == "audit" || visit.on->workflow == "risk_survey";
  parts["populations"] = engagement && visit.may(Verb::see_team) ? "/cases/" + visit.on->id + "/populations" : "";
  parts["any_notes"] = !notes.empty();
  parts["notes"] = std::move(notes);
}

// ---- how much is asked

// Of questions that were picked; the company knows of them once they are sent. What it does with its answers is counted for the agency.
void add_counts(const Visit& visit, json::object& parts) {
  parts["asked_counts"] = "";
  parts["answered_counts"] = "";
  const auto asked = asked_in(*visit.on);
  const bool staff = visit.may(Verb::see_internal);
  if (!asked || (!asked->sent && !staff)) return;
  const json::object& counts = asked->counts;
  parts["asked_counts"] = counted_questions(visit, visit.on->workflow, numbers_of(counts));
  if (!staff) return;
  parts["answered_counts"] = visit.say("Confirmed: {}. Corrected: {}. Asked again, with a reason: {}. Asked twice without one: {}.",
                                       number_at(counts, "confirmed"), number_at(counts, "corrected"), number_at(counts, "asked_again"),
                                       number_at(counts, "re_asked"));
}

// ---- states

std::string file_text(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

json::array places(const Visit& visit, const Workflow& workflow, const std::string& here, bool staff) {
  json::array all;
  for (const StateInfo& state : workflow.states) {
    if (state.name.empty()) continue;
    const StateWords& words = visit.words().state(workflow.name, state.name);
    if (!staff && visit.words().told_as(workflow.name, state.name) != state.name) continue;
    all.push_back(json::object{{"place", visit.say(words.label)},
                               {"place_says", visit.say(staff ? words.for_staff : words.for_company)},
                               {"here", state.name == here}});
  }
  return all;
}

void add_states(const Visit& visit, json::object& parts) {
  const Case& on = *visit.on;
  const Workflow& workflow = visit.programme().workflows.get(on.workflow);
  const bool staff = visit.may(Verb::see_internal);
  const std::string here = staff ? on.state : visit.words().told_as(on.workflow, on.state);
  std::string drawing = file_text(visit.portal.wiring().assets / "diagrams" / (on.workflow + (staff ? ".svg" : ".company.svg")));
  const auto line = drawing.find('\n');
  std::string width, box;
  if (const auto blank = drawing.find(' '); line != std::string::npos && blank < line) {
    width = drawing.substr(0, blank);
    box = drawing.substr(blank + 1, line - blank - 1);
    drawing.erase(0, line + 1);
    const std::string mark = "id=\"state-" + here + "\" class=\"node";
    if (const auto at = drawing.find(mark); at != std::string::npos) drawing.insert(at + mark.size(), " tc-here");
  }
  parts["states_box"] = box;
  parts["states_width"] = width;
  parts["html_states"] = box.empty() ? "" : drawing;
  parts["places"] = places(visit, workflow, here, staff);
  parts["workflow_title"] = visit.say(visit.words().title(on.workflow));
}

}  // namespace

json::object case_parts(const Visit& visit) {
  json::object parts;
  add_answers(visit, parts);
  add_notes(visit, parts);
  add_counts(visit, parts);
  add_subject(visit, parts);
  parts["preparation"] = has_preparation(visit) ? "/cases/" + visit.on->id + "/preparation" : "";
  add_states(visit, parts);
  return parts;
}

}  // namespace tradecase::http
