#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/store/store.hpp"

namespace tradecase::http {

// Ids of the case's letters that went to people of its company.
std::set<std::int64_t> letters_to_company(Session& session, std::string_view case_id, std::string_view company);

// Did an event of the case lead to one of these states?
bool was_ever_in(Session& session, std::string_view case_id, const std::vector<std::string>& states);

std::optional<Case> find_case_head(Session& session, std::string_view id);  // without its data
// Notes of the agency on a case: never a company's to see.
struct InternalNote {
  std::string person_name, text;
  Instant written_at{};
};
std::vector<InternalNote> internal_notes_of(Session& session, std::string_view case_id);  // the newest first
void write_internal_note(Transaction& tx, std::string_view case_id, std::string_view person, std::string_view text, Instant at);

std::vector<Fact> facts_from_case(Session& session, std::string_view company, std::string_view case_id);  // current ones, by section

}  // namespace tradecase::http
