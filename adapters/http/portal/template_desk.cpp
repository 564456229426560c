// A10: the template desk. Every letter that people put together with its paragraphs, version by version; a new version with the day from
// which it holds; a test merge on a case; a letter in Word with merge fields.
#include <algorithm>

#include "adapters/http/portal/case_views.hpp"
#include "adapters/http/portal/letter_writing.hpp"
#include "adapters/http/portal/question_views.hpp"
#include "adapters/http/portal/rooms.hpp"
#include "adapters/http/portal/template_acts.hpp"
#include "adapters/http/uploads.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

std::string by_whom(const Visit& visit, const std::string& by, const std::string& name) {
  return by.empty() ? visit.say("came with the program") : name.empty() ? by : name;
}

json::object paragraph_view(const Visit& visit, const Paragraph& one) {
  return {{"name", one.name},
          {"paragraph_href", "/templates/paragraphs/" + one.name},
          {"paragraph_title", one.title},
          {"paragraph_version", one.version},
          {"place", one.place},
          {"standard", one.standard},
          {"uses", one.fields},
          {"paragraph_text", one.text},
          {"holds", visit.date(one.effective_on)},
          {"ahead", one.effective_on > visit.today()},
          {"who", by_whom(visit, one.changed_by, one.changed_by_name)},
          {"by_person", one.changed_by.empty() ? "" : by_whom(visit, one.changed_by, one.changed_by_name)},
          {"changed", visit.date(visit.programme().calendar.day_of(one.changed_at))},
          {"why", one.why}};
}

json::object word_view(const Visit& visit, const WordTemplate& one) {
  return {{"word_version", one.version},
          {"word_name", one.file_name},
          {"word_fields", one.fields},
          {"word_holds", visit.date(one.effective_on)},
          {"word_who", by_whom(visit, one.changed_by, one.changed_by_name)},
          {"word_why", one.why}};
}

Response show_desk(Visit& visit, const std::string& at_letter, const std::vector<Problem>& problems) {
  letter_desk(visit);
  std::vector<Paragraph> all;
  std::vector<WordTemplate> words;
  visit.engine.database().read([&](Session& session) {
    all = latest_paragraphs(session);
    words = word_templates(session);
  });
  const Fields& typed = visit.form.fields;
  json::array letters;
  for (const LetterKind& kind : letter_kinds()) {
    json::array rows, documents;
    for (const Paragraph& one : all)
      if (one.letter == kind.letter) rows.push_back(paragraph_view(visit, one));
    for (const WordTemplate& one : words)
      if (one.letter == kind.letter) documents.push_back(word_view(visit, one));
    const bool here = kind.letter == at_letter;
    const auto problem = [&](const char* field) {
      const auto found = std::ranges::find(problems, field, &Problem::field);
      return here && found != problems.end() ? found->sentence : std::string();
    };
    letters.push_back(json::object{{"letter", kind.letter},
                                   {"letter_title", visit.say(kind.title)},
                                   {"rows", std::move(rows)},
                                   {"any_documents", !documents.empty()},
                                   {"documents", std::move(documents)},
                                   {"known", join(letter_desk(visit).fields(kind.letter), ", ")},
                                   {"typed_effective_on", here ? std::string(typed.get("effective_on")) : to_text(visit.today())},
                                   {"typed_why", here ? std::string(typed.get("why")) : ""},
                                   {"problem_word", problem("word")},
                                   {"problem_effective_on", problem("effective_on")},
                                   {"problem_why", problem("why")}});
  }
  json::array summary;
  for (const Problem& one : problems) summary.push_back(json::object{{"field", at_letter + "." + one.field}, {"sentence", one.sentence}});
  const std::string title = visit.say("Template desk");
  return visit.page("template_desk", titled(visit, title, problems),
                    {{"heading", title},
                     {"letters", std::move(letters)},
                     {"may_act", may_keep_templates(visit.visitor)},
                     {"sentence", problems.empty() ? "" : visit.say("There is something to mend before this can be sent.")},
                     {"summary", std::move(summary)}},
                    problems.empty() ? 200 : 422);
}

// ---- one paragraph ------------------------------------------------------------------------------------------------------------

// The newest open case that the letter could be written in, unless one is named.
std::optional<Case> sample_case(const Visit& visit, const std::string& letter, const std::string& named) {
  const auto kind = std::ranges::find(letter_kinds(), letter, &LetterKind::letter);
  return visit.engine.database().read([&](Session& session) -> std::optional<Case> {
    if (!named.empty()) return find_case(session, named);
    const auto cases = find_cases(session, {{}, kind->workflow, {}, {}, {}, false});
    return cases.empty() ? std::nullopt : find_case(session, cases.back().id);
  });
}

struct Merged {
  std::string case_id, text, problem;
};

// Values for the fields that somebody types when a letter is written.
json::object trial_fields(const std::string& letter) {
  const json::array rows{json::object{{"entry_number", "TST12345671"}, {"line", 1}, {"documents", "Invoice and proof of payment"}}};
  if (letter == "audit_request") return {{"scope", "Value of the year's entries"}, {"items", rows}};
  if (letter == "survey_documents_request") return {{"items", rows}};
  if (letter == "survey_outcome")
    return {{"outcome", "The controls work as described."},
            {"findings", json::array{"One procedure is not written down."}},
            {"next_steps", json::array{"Write the procedure down."}}};
  return {{"method", "Simple random sample"},
          {"sample_size", 60},
          {"population", "12,000 entry lines of one year"},
          {"seed_note", "Seed 48151623421234567890, rolled with dice"},
          {"waiver", "The result is projected to the population."}};
}

Merged trial_merge(const Visit& visit, const std::string& letter, const LetterDesk::Part& part, const std::string& named) {
  const auto on = sample_case(visit, letter, named);
  if (!on) return {named, "", visit.say("There is no such case to try it on.")};
  LetterDesk::Asked asked{letter, on->id, visit.visitor.person.id, trial_fields(letter), visit.today() + std::chrono::days{30}, {part}, {}};
  auto made = letter_desk(visit).compose(asked);
  if (const auto* wrongs = std::get_if<LetterDesk::Wrongs>(&made)) return {on->id, "", wrongs->front().sentence};
  return {on->id, std::get<RenderedLetter>(made).text, ""};
}

std::string typed_or(const Fields& typed, const char* name, const std::string& otherwise) {
  return typed.has(name) ? std::string(typed.get(name)) : otherwise;
}

Response show_paragraph(Visit& visit, const std::vector<Problem>& problems, bool trial) {
  const std::string& name = visit.params.at("paragraph");
  const auto versions = visit.engine.database().read([&](Session& session) { return paragraph_versions(session, name); });
  if (versions.empty()) throw Fault(404, visit.say("There is no page at this address."));
  const Paragraph& latest = versions.front();
  const Fields& typed = visit.form.fields;
  const std::string text = typed_or(typed, "text", latest.text), case_id = trimmed(typed.get("case"));
  const Merged merged = trial_merge(visit, latest.letter, {latest.title, text}, case_id);
  json::array rows;
  for (const Paragraph& one : versions) rows.push_back(paragraph_view(visit, one));
  json::object fields = problem_views(visit, problems, {"title", "text", "place", "effective_on", "why", "name", "letter"});
  const std::string heading = visit.say("Paragraph “{}”: {}", latest.title, letter_title(visit, latest.letter));
  fields["heading"] = heading;
  fields["name"] = name;
  fields["rows"] = std::move(rows);
  fields["may_act"] = may_keep_templates(visit.visitor);
  fields["known"] = join(letter_desk(visit).fields(latest.letter), ", ");
  fields["typed_title"] = typed_or(typed, "title", latest.title);
  fields["typed_text"] = text;
  fields["typed_place"] = typed_or(typed, "place", std::to_string(latest.place));
  fields["standard"] = typed_or(typed, "standard", latest.standard ? "yes" : "no") == "yes";
  fields["typed_effective_on"] = typed_or(typed, "effective_on", to_text(visit.today()));
  fields["typed_why"] = std::string(typed.get("why"));
  fields["trial_case"] = merged.case_id;
  fields["trial_text"] = merged.text;
  fields["trial_problem"] = merged.problem;
  fields["trial"] = trial;
  return visit.page("template_paragraph", titled(visit, heading, problems), std::move(fields), problems.empty() ? 200 : 422);
}

Response change_paragraph(Visit& visit) {
  require_template_act(visit);
  if (visit.form.fields.get("act") == "trial") return show_paragraph(visit, {}, true);
  const std::string& name = visit.params.at("paragraph");
  auto made = paragraph_typed(visit, name, visit.form.fields);
  if (const auto* problems = std::get_if<std::vector<Problem>>(&made)) return show_paragraph(visit, *problems, false);
  const auto version = visit.engine.database().write([&](Transaction& tx) { return keep_paragraph(visit, tx, std::get<Paragraph>(made)); });
  return visit.go("/templates/paragraphs/" + name,
                  visit.say("Version {} holds from {} on. Letters that are being written keep their words.", version,
                            visit.date(std::get<Paragraph>(made).effective_on)));
}

Response keep_word(Visit& visit) {
  require_template_act(visit);
  const std::string letter = visit.params.at("letter");
  if (!is_composed(letter)) throw Fault(404, visit.say("There is no page at this address."));
  auto made = word_template_typed(visit, letter, visit.form.fields, uploads_of(visit, "word"));
  if (const auto* problems = std::get_if<std::vector<Problem>>(&made)) return show_desk(visit, letter, *problems);
  visit.engine.database().write([&](Transaction& tx) { add_word_template(tx, std::get<WordTemplate>(made)); });
  return visit.go("/templates", visit.say("The Word template is kept. Its fields are all known."));
}

// ---- a paragraph that is new --------------------------------------------------------------------------------------------------------

Response show_new_paragraph(Visit& visit, const std::vector<Problem>& problems) {
  const Fields& typed = visit.form.fields;
  json::array letters;
  for (const LetterKind& kind : letter_kinds())
    letters.push_back(
        json::object{{"value", kind.letter}, {"label", visit.say(kind.title)}, {"chosen", typed.get("letter") == kind.letter}});
  json::object fields = problem_views(visit, problems, {"title", "text", "place", "effective_on", "why", "name", "letter"});
  fields["letters"] = std::move(letters);
  for (const char* name : {"name", "title", "text", "why"}) fields[std::string("typed_") + name] = std::string(typed.get(name));
  fields["typed_place"] = typed_or(typed, "place", "100");
  fields["standard"] = typed.get("standard") == "yes";
  fields["typed_effective_on"] = typed_or(typed, "effective_on", to_text(visit.today()));
  const std::string heading = visit.say("New paragraph");
  fields["heading"] = heading;
  return visit.page("template_new", titled(visit, heading, problems), std::move(fields), problems.empty() ? 200 : 422);
}

Response new_paragraph(Visit& visit) {
  require_template_act(visit);
  const std::string name = trimmed(visit.form.fields.get("name"));
  if (!visit.engine.database().read([&](Session& session) { return paragraph_versions(session, name); }).empty())
    return show_new_paragraph(visit, {{"name", visit.say("There is a paragraph of that name.")}});
  auto made = paragraph_typed(visit, name, visit.form.fields);
  if (const auto* problems = std::get_if<std::vector<Problem>>(&made)) return show_new_paragraph(visit, *problems);
  visit.engine.database().write([&](Transaction& tx) { keep_paragraph(visit, tx, std::get<Paragraph>(made)); });
  return visit.go("/templates/paragraphs/" + name, visit.say("The paragraph is in the library."));
}

}  // namespace

void add_template_desk_routes(Routes& routes) {
  routes.push_back(
      {"GET", "/templates", "A10", Access::team, [](Visit& v) { return show_desk(v, "", {}); }, "Letters and their paragraphs"});
  routes.push_back({"POST", "/templates/{letter}/word", "A10", Access::team, keep_word, "Keep a letter in Word with merge fields"});
  routes.push_back({"GET", "/templates/paragraphs", "A10", Access::team, [](Visit& v) { return show_new_paragraph(v, {}); },
                    "The form of a new paragraph"});
  routes.push_back({"POST", "/templates/paragraphs", "A10", Access::team, new_paragraph, "Add a paragraph to the library"});
  routes.push_back({"GET", "/templates/paragraphs/{paragraph}", "A10", Access::team, [](Visit& v) { return show_paragraph(v, {}, false); },
                    "A paragraph with its versions"});
  routes.push_back({"POST", "/templates/paragraphs/{paragraph}", "A10", Access::team, change_paragraph,
                    "Try a paragraph on a case, or give it a new version"});
}

}  // namespace tradecase::http
