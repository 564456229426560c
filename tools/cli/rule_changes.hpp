// Rules that change while the programme runs: which dates would move, and moving them on the day that two people agreed on.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "adapters/http/rules_desk.hpp"
#include "tools/cli/site.hpp"

namespace tradecase {

using Move = http::RulesDesk::Move;

// The dates in force that are others by the engine's rules and closures than when they were set. Found by doing it, and undone where
// `keep` is empty; else kept in the same commit as what it writes.
std::vector<Move> recount(Engine& engine, const std::string& reason, const std::function<void(Transaction&, std::size_t moved)>& keep);

http::RulesDesk rules_desk(Site& site);

// Applies every approved change whose day has come, each in a commit of its own with the dates that it moves. How many.
int apply_due_rules(Site& site);

}  // namespace tradecase
