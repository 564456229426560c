// What people say about a letter that a second person approves (workflows/fixed_letters.hpp), and the guards over it. Brings MSM along:
// included by workflows/*/*.cpp and their commands.hpp only.
#pragma once

#include <algorithm>

#include "engine/machine.hpp"
#include "workflows/fixed_letters.hpp"

namespace tradecase::requests {

// The portal renders and keeps the bytes before it sends this.
struct FixLetter : CommandBy<"fix_letter", Role::auditor, Role::compliance> {
  std::string letter, hash;
  json::object says;  // the body of the command that will send it
  std::optional<Date> due_on;
  std::optional<std::vector<std::string>> authors;  // person ids of those who wrote on it, beside who sends this
  TRADECASE_FIELDS(FixLetter, letter, hash, says, due_on, authors)
};
struct ApproveLetter : CommandBy<"approve_letter", Role::auditor, Role::compliance> {
  std::string hash;
  TRADECASE_FIELDS(ApproveLetter, hash)
};
struct TakeBackLetter : CommandBy<"take_back_letter", Role::auditor, Role::compliance> {
  std::string hash, reason;
  TRADECASE_FIELDS(TakeBackLetter, hash, reason)
};

// Of data with `letters`.
inline constexpr Guard some_letter_waits{"no letter waits for approval", [](const auto& data, const Context&) {
                                           return std::ranges::any_of(data.letters,
                                                                      [](const FixedLetter& one) { return one.approved_by.empty(); });
                                         }};
inline constexpr Guard some_letter_fixed{"no letter is fixed", [](const auto& data, const Context&) { return !data.letters.empty(); }};
inline constexpr Guard letter_waits{
    "no letter of that hash waits for approval",
    [](const auto& data, const ApproveLetter& said, const Context&) { return approval_problem(data.letters, said.hash); }};
inline constexpr Guard not_the_author{
    "a letter is approved by somebody other than who wrote it",
    [](const auto& data, const ApproveLetter& said, const Context& c) { return !is_author(data.letters, said.hash, c); }};
inline constexpr Guard letter_is_there{"no letter of that hash is fixed: it was changed, taken back or sent meanwhile",
                                       [](const auto& data, const TakeBackLetter& said, const Context&) {
                                         return std::ranges::any_of(data.letters,
                                                                    [&](const FixedLetter& one) { return one.hash == said.hash; });
                                       }};

inline FixedLetter letter_of(const FixLetter& said) {
  return {said.letter, said.hash, said.says, said.due_on, said.authors.value_or(std::vector<std::string>{}), "", {}};
}

}  // namespace tradecase::requests
