// The engine's own tables. workflows/workflows.cpp appends the tables of business data.
#pragma once

#include "engine/store/database.hpp"

namespace tradecase {

std::vector<Migration> engine_migrations();
std::vector<Migration> index_migrations(int first_number);  // of tasks and cases: those that are read

}  // namespace tradecase
