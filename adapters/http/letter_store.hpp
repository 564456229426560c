// The template desk's library of paragraphs, version by version, and the letters that people are writing. Nothing in the library is ever
// changed: a paragraph is given a new version, which holds from its day on.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/clock.hpp"
#include "engine/json.hpp"
#include "engine/store/database.hpp"

namespace tradecase::http {

std::vector<Migration> letter_migrations(int first_number);

struct Paragraph {
  std::string name;  // "request_scope"; stands for ever
  std::int64_t version = 0;
  std::string letter;  // the template that it belongs to: "audit_request"
  std::string title;
  std::int64_t place = 0;  // ascending: where it stands in a new letter
  bool standard = false;   // stands in every new letter; the others are offered
  std::string fields;      // that its text uses, as templates/letters/README.md writes them
  std::string text;        // Markdown with merge fields
  Date effective_on{};
  std::string changed_by;  // person id; empty: came with the program
  std::string changed_by_name;
  Instant changed_at{};
  std::string why;
};

bool has_paragraphs(Session& session);
std::vector<Paragraph> paragraphs_in_force(Session& session, std::string_view letter, Date on);  // by place
std::vector<Paragraph> latest_paragraphs(Session& session);                                      // by letter and place
std::vector<Paragraph> paragraph_versions(Session& session, std::string_view name);              // newest first
// Numbered by the store. The version that holds on a day is the newest of those whose day has come.
std::int64_t add_paragraph_version(Transaction& tx, const Paragraph& paragraph);

// The paragraphs that came with the program, where the library is empty. Throws std::runtime_error naming file and line.
void seed_paragraphs(Database& database, const std::filesystem::path& folder, Instant at);
std::vector<Paragraph> read_paragraph_files(const std::filesystem::path& folder);

// A letter in Word with merge fields.
struct WordTemplate {
  std::string letter;
  std::int64_t version = 0;
  std::string file_name, docx, fields;
  Date effective_on{};
  std::string changed_by, changed_by_name;
  Instant changed_at{};
  std::string why;
};
std::vector<WordTemplate> word_templates(Session& session);  // without their bytes; by letter, newest first
std::optional<WordTemplate> word_template_in_force(Session& session, std::string_view letter, Date on);
std::int64_t add_word_template(Transaction& tx, const WordTemplate& made);

// A letter that is being written. Its body: {parts: [{name, version, title, text}], values: {…}, word: null or {html, text, file}}.
struct SavedLetter {
  std::int64_t id = 0;
  std::string case_id, letter;
  std::int64_t version = 0;  // 0: nobody has saved one yet
  json::object body;
  std::string saved_by_name;
  Instant saved_at{};
};
struct DraftChange {
  std::int64_t version = 0;
  std::string by, by_name, what;
  Instant at{};
};

std::optional<SavedLetter> find_letter_draft(Session& session, std::string_view case_id, std::string_view letter);  // the one not sent
// False, and nothing saved, where the draft is not at `draft.version` any more. Numbers it on.
bool save_letter_draft(Transaction& tx, SavedLetter& draft, std::string_view by, std::string_view what, Instant at);
std::vector<DraftChange> draft_changes(Session& session, std::int64_t draft, std::int64_t after_version);  // oldest first
void end_letter_draft(Transaction& tx, std::string_view case_id, std::string_view letter);                 // its letter went out

}  // namespace tradecase::http
