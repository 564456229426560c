// A letter made of the library's standard paragraphs, no word of them changed, for whoever writes it without the portal.
#pragma once

#include <string>
#include <variant>

#include "adapters/http/letter_desk.hpp"
#include "engine/engine.hpp"

namespace tradecase {

// The body of the command fix_letter, its bytes kept. `says`: the body of the command that will send the letter; where the letter names a
// day and `says` none, the rule's days are counted from today. Otherwise the sentence that says what is wrong, and nothing is kept.
// Writes: not within a write of the same database.
std::variant<json::object, std::string> fix_standard_letter(Engine& engine, const http::LetterDesk& desk, const Case& on,
                                                            const std::string& letter, json::object says, const Person& person);

}  // namespace tradecase
