// The PDFs of letters: made once, kept beside the letter's HTML by its hash.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/clock.hpp"
#include "engine/paper.hpp"
#include "engine/store/database.hpp"

namespace tradecase {

class Engine;

std::vector<Migration> paper_migrations(int first_number);

std::optional<std::string> find_paper(Session& session, std::string_view letter_hash);               // the PDF's bytes
void keep_paper(Transaction& tx, std::string_view letter_hash, const std::string& pdf, Instant at);  // the first one kept stays

// The letter's PDF as kept; made now, and kept, where there is none yet. `letter_hash` is whole. Nothing: no such letter.
// Throws PaperFailure where it has to be made and cannot be.
std::optional<std::string> paper_of(Engine& engine, std::string_view letter_hash, const PaperMaker& maker);

}  // namespace tradecase
