#include "adapters/http/portal/letter_drafts.hpp"

#include <algorithm>

#include "adapters/http/portal/question_views.hpp"
#include "engine/store/fixed_letters.hpp"

namespace tradecase::http {
namespace {

json::object body_of(const WrittenLetter& draft) {
  json::array parts;
  for (const WrittenPart& part : draft.parts)
    parts.push_back(json::object{{"name", part.name}, {"version", part.version}, {"title", part.title}, {"text", part.text}});
  json::value word;
  if (draft.word) word = json::object{{"html", draft.word->html}, {"text", draft.word->text}, {"file", draft.word_file}};
  return {{"parts", std::move(parts)}, {"values", draft.values}, {"word", std::move(word)}, {"fixed", draft.fixed}};
}

WrittenLetter draft_from(SavedLetter stored) {
  WrittenLetter draft;
  for (const json::value& one : array_at(stored.body, "parts")) {
    const json::object& part = one.as_object();
    draft.parts.push_back({text_of(part, "name"), number_at(part, "version"), text_of(part, "title"), text_of(part, "text")});
  }
  draft.values = object_at(stored.body, "values");
  draft.fixed = text_of(stored.body, "fixed");
  if (const json::object word = object_at(stored.body, "word"); !word.empty()) {
    draft.word = LetterDesk::Body{text_of(word, "html"), text_of(word, "text")};
    draft.word_file = text_of(word, "file");
  }
  draft.stored = std::move(stored);
  return draft;
}

bool went_out(Session& session, const WrittenLetter& draft) {
  if (draft.fixed.empty()) return false;
  const auto letters = letters_of(session, draft.stored.case_id);
  return std::ranges::any_of(letters, [&](const Letter& letter) { return letter.hash == draft.fixed; });
}

WrittenLetter new_draft(const Visit& visit, const LetterKind& kind, Session& session) {
  WrittenLetter draft;
  draft.stored.case_id = visit.on->id;
  draft.stored.letter = kind.letter;
  for (Paragraph& one : paragraphs_in_force(session, kind.letter, visit.today()))
    if (one.standard) draft.parts.push_back({one.name, one.version, one.title, one.text});
  draft.values = first_values(visit, kind);
  return draft;
}

void take_back_fixed(const Visit& visit, const LetterKind& kind) {
  const json::object fixed = fixed_of(*visit.on, kind.letter);
  if (fixed.empty()) return;
  Command said;
  said.case_id = visit.on->id;
  said.name = "take_back_letter";
  said.actor = visit.visitor.person.id;
  said.body = {{"hash", text_of(fixed, "hash")}, {"reason", "The letter was changed after it was fixed."}};
  visit.engine.execute(said);
}

std::vector<LetterDesk::Part> parts_of(const WrittenLetter& draft) {
  std::vector<LetterDesk::Part> parts;
  for (const WrittenPart& one : draft.parts) parts.push_back({one.title, one.text});
  return parts;
}

}  // namespace

bool may_write_letters(const Visitor& visitor) { return visitor.staff.any_of({Role::compliance, Role::auditor}); }

void require_letter_act(const Visit& visit) {
  if (!may_write_letters(visit.visitor)) throw Fault(403, visit.say("Letters are the work of compliance staff and auditors."));
}

const LetterDesk& letter_desk(const Visit& visit) {
  const auto& desk = visit.portal.wiring().letters;
  if (!desk) throw Fault(404, visit.say("There is no page at this address."));
  return *desk;
}

WrittenLetter draft_of(const Visit& visit, const LetterKind& kind) {
  return visit.engine.database().read([&](Session& session) {
    if (auto stored = find_letter_draft(session, visit.on->id, kind.letter))
      if (WrittenLetter draft = draft_from(std::move(*stored)); !went_out(session, draft)) return draft;
    return new_draft(visit, kind, session);
  });
}

bool save_draft(const Visit& visit, const LetterKind& kind, WrittenLetter& draft, std::string_view what) {
  draft.stored.body = body_of(draft);
  const bool saved = visit.engine.database().write([&](Transaction& tx) {
    if (draft.stored.version == 0)
      if (auto old = find_letter_draft(tx, visit.on->id, kind.letter); old && went_out(tx, draft_from(std::move(*old))))
        end_letter_draft(tx, visit.on->id, kind.letter);
    return save_letter_draft(tx, draft.stored, visit.visitor.person.id, what, visit.engine.now());
  });
  if (saved && draft.fixed.empty()) take_back_fixed(visit, kind);
  return saved;
}

LetterDesk::Asked asked_of(const Visit& visit, const LetterKind& kind, const WrittenLetter& draft, const LetterSays& says) {
  return {kind.letter, visit.on->id, visit.visitor.person.id, says.fields, says.due_on, parts_of(draft), draft.word};
}

std::vector<Problem> problems_of(const LetterDesk::Wrongs& wrongs) {
  std::vector<Problem> all;
  for (const LetterDesk::Wrong& one : wrongs) all.push_back({one.part ? "text." + std::to_string(*one.part) : "parts", one.sentence});
  return all;
}

std::vector<Problem> draft_problems(const Visit& visit, const LetterKind& kind, const WrittenLetter& draft) {
  std::vector<Problem> problems = letter_says(visit, kind, draft.values).problems;
  if (draft.word) return problems;
  if (draft.parts.empty()) problems.push_back({"parts", visit.say("The letter has no paragraph yet.")});
  for (Problem& one : problems_of(letter_desk(visit).check(kind.letter, parts_of(draft)))) problems.push_back(std::move(one));
  return problems;
}

std::variant<RenderedLetter, std::vector<Problem>> rendered_draft(const Visit& visit, const LetterKind& kind, const WrittenLetter& draft) {
  if (auto problems = draft_problems(visit, kind, draft); !problems.empty()) return problems;
  auto made = letter_desk(visit).compose(asked_of(visit, kind, draft, letter_says(visit, kind, draft.values)));
  if (const auto* wrongs = std::get_if<LetterDesk::Wrongs>(&made)) return problems_of(*wrongs);
  return std::get<RenderedLetter>(std::move(made));
}

std::vector<Problem> take_word(const Visit& visit, const LetterKind& kind, WrittenLetter& draft, const Upload& file) {
  const LetterSays says = letter_says(visit, kind, draft.values);
  if (!says.problems.empty()) return says.problems;
  auto taken = letter_desk(visit).from_word(asked_of(visit, kind, draft, says), file.bytes);
  if (const auto* wrongs = std::get_if<LetterDesk::Wrongs>(&taken)) {
    std::vector<Problem> problems;
    for (const LetterDesk::Wrong& one : *wrongs) problems.push_back({"word", one.sentence});
    return problems;
  }
  draft.word = std::get<LetterDesk::Body>(std::move(taken));
  draft.word_file = file.filename;
  draft.fixed.clear();
  return {};
}

std::variant<json::object, std::vector<Problem>> fix_draft(const Visit& visit, const LetterKind& kind, WrittenLetter& draft) {
  auto made = rendered_draft(visit, kind, draft);
  if (auto* problems = std::get_if<std::vector<Problem>>(&made)) return std::move(*problems);
  const LetterSays says = letter_says(visit, kind, draft.values);
  json::array authors;
  visit.engine.database().write([&](Transaction& tx) {
    draft.fixed =
        keep_fixed_letter(tx, visit.on->id, kind.letter, std::get<RenderedLetter>(made), visit.visitor.person.id, visit.engine.now());
    for (const DraftChange& change : draft_changes(tx, draft.stored.id, 0))
      if (std::ranges::none_of(authors, [&](const json::value& one) { return one.as_string() == change.by; }))
        authors.push_back(json::string(change.by));
  });
  json::object body{{"letter", kind.letter}, {"hash", draft.fixed}, {"says", says.body}, {"authors", std::move(authors)}};
  if (says.due_on) body["due_on"] = to_text(letter_desk(visit).due_day(*says.due_on));
  return body;
}

json::object fixed_of(const Case& on, std::string_view letter) {
  for (const json::value& one : array_at(on.data, "letters"))
    if (one.is_object() && text_of(one.as_object(), "letter") == letter) return one.as_object();
  return {};
}

}  // namespace tradecase::http
