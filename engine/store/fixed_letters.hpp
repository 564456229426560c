// Letters whose bytes are fixed before they go out, so that somebody can approve exactly these. A letter's effect that names one by its
// hash, in its field "approved", sends what is kept here instead of rendering its template.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/clock.hpp"
#include "engine/letter.hpp"
#include "engine/store/database.hpp"

namespace tradecase {

std::vector<Migration> fixed_letter_migrations(int first_number);

struct FixedText {
  std::string hash;  // SHA-256 of rendered.html
  std::string case_id, letter;
  RenderedLetter rendered;
  std::string fixed_by;  // person id
  Instant fixed_at{};
};

// Gives the hash. The same bytes for the same case and letter are kept once.
std::string keep_fixed_letter(Transaction& tx, std::string_view case_id, std::string_view letter, const RenderedLetter& rendered,
                              std::string_view by, Instant at);
// The whole hash. Nothing where the case has no such letter.
std::optional<FixedText> find_fixed_letter(Session& session, std::string_view case_id, std::string_view hash);

}  // namespace tradecase
