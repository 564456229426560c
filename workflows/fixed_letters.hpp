// Letters that a second person approves before they go out. Their bytes are fixed first and kept by hash (engine/store/fixed_letters.hpp);
// the case keeps who wrote them, who approved them, and the very command that they go out with. A letter that is fixed anew, taken back or
// overtaken by what the case decides has lost its approval.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/described.hpp"
#include "workflows/requests.hpp"

namespace tradecase::requests {

struct FixedLetter {
  std::string letter;                // templates/letters/NAME.md, whose place it takes
  std::string hash;                  // SHA-256 of its HTML
  json::object says;                 // the body of the command that sends it, without `approved`
  std::optional<Date> due_on;        // the day that the letter names
  std::vector<std::string> authors;  // person ids: who wrote it, and who fixed it
  std::string approved_by;           // person id; empty: it waits
  std::optional<Date> approved_on;
  TRADECASE_FIELDS(FixedLetter, letter, hash, says, due_on, authors, approved_by, approved_on)
};
using FixedLetters = std::vector<FixedLetter>;  // at most one of a name

// A day that a letter names, counted as the request will count it: moved to a business day.
Derivation named_day(std::string_view deadline, Date named_on, const Calendar& calendar);

// "" where the letter is one of `known`, its hash is shaped like one and its day is still to come.
std::string fixing_problem(std::string_view letter, const std::string& hash, const std::optional<Date>& due_on,
                           const std::vector<std::string_view>& known, const Context& context);
std::string approval_problem(const FixedLetters& letters, const std::string& hash);  // "" where it waits
bool is_author(const FixedLetters& letters, const std::string& hash, const Context& context);

Effects fix(FixedLetters& letters, FixedLetter letter, const Context& context);
Effects approve(FixedLetters& letters, const std::string& hash, const Context& context);
Effects take_back(FixedLetters& letters, const std::string& hash);
Effects drop_letter(FixedLetters& letters, std::string_view letter);  // sent, or overtaken
Effects drop_letters(FixedLetters& letters);                          // all of them

// What a command that sends a letter must hold to. With an approved one: that it is approved, and that the command is the one approved with
// it; `due_on`: the day that the command will set, where the letter speaks of one. Without: that rule letters.approved_first does not ask
// for approval. "" where it may go out.
std::string sending_problem(const FixedLetters& letters, std::string_view letter, json::object body, const std::optional<Date>& due_on,
                            const Context& context);

// The fields of a letter's effect: what its template needs or, where one is approved, only its hash.
json::object fields_or_approved(const std::optional<std::string>& approved, json::object fields);

}  // namespace tradecase::requests
