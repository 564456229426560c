// A letter that is being written, as its pages and the API work on it: read, saved step by step, rendered, and fixed for approval.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "adapters/http/letter_desk.hpp"
#include "adapters/http/letter_store.hpp"
#include "adapters/http/portal/letter_kinds.hpp"

namespace tradecase::http {

struct WrittenPart {
  std::string name;  // of the paragraph in the library; empty: written for this letter
  std::int64_t version = 0;
  std::string title, text;
};

struct WrittenLetter {
  SavedLetter stored;
  std::vector<WrittenPart> parts;
  json::object values;
  std::optional<LetterDesk::Body> word;  // as it came back from Word; takes the place of the parts
  std::string word_file, fixed;          // fixed: the hash it was last fixed by
};

bool may_write_letters(const Visitor& visitor);     // compliance staff and auditors
void require_letter_act(const Visit& visit);        // a Fault 403
const LetterDesk& letter_desk(const Visit& visit);  // a Fault 404 where the program hands none in

// What is saved and not sent yet; else a new one of the library's standard paragraphs, at version 0.
WrittenLetter draft_of(const Visit& visit, const LetterKind& kind);
// False where somebody else saved meanwhile. What was fixed of it is taken back: approval holds for bytes, not for a letter that changes.
bool save_draft(const Visit& visit, const LetterKind& kind, WrittenLetter& draft, std::string_view what);

LetterDesk::Asked asked_of(const Visit& visit, const LetterKind& kind, const WrittenLetter& draft, const LetterSays& says);
std::vector<Problem> draft_problems(const Visit& visit, const LetterKind& kind, const WrittenLetter& draft);
std::vector<Problem> problems_of(const LetterDesk::Wrongs& wrongs);  // at the fields text.N, or "parts"
std::variant<RenderedLetter, std::vector<Problem>> rendered_draft(const Visit& visit, const LetterKind& kind, const WrittenLetter& draft);
// Brings the text of a Word document into the draft; problems, and nothing brought, where something is unknown or lost.
std::vector<Problem> take_word(const Visit& visit, const LetterKind& kind, WrittenLetter& draft, const Upload& file);

// Renders it and keeps the bytes: the body of the command fix_letter.
std::variant<json::object, std::vector<Problem>> fix_draft(const Visit& visit, const LetterKind& kind, WrittenLetter& draft);

// Of the case's data: {letter, hash, says, authors, approved_by, …}; empty where none of that name is fixed.
json::object fixed_of(const Case& on, std::string_view letter);

}  // namespace tradecase::http
