// The roster's row of each company as it was last imported: what the next import is compared with. What happened to the company
// here meanwhile (another National Account Manager, an importer number more) is not undone by the same row coming again.
#pragma once

#include <optional>
#include <string>

#include "engine/json.hpp"
#include "engine/store/database.hpp"

namespace tradecase {

extern const char* const roster_tables;

std::optional<json::object> find_roster_row(Session& session, std::string_view company);
void put_roster_row(Transaction& tx, std::string_view company, const json::object& row);

}  // namespace tradecase
