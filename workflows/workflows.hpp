// All workflows, and all tables: the list that the program wires.
#pragma once

#include "engine/store/database.hpp"
#include "engine/workflow.hpp"

namespace tradecase {

Workflows all_workflows();

std::vector<Migration> all_migrations();  // the engine's tables, then the business's

// Tables of the business that came after the portal's: a database takes them in the order in which the programs learned them.
std::vector<Migration> later_migrations(int first_number);
std::vector<Migration> finding_migrations(int first_number);

}  // namespace tradecase
