// What the engine is measured against: a loop that writes one row a commit, in SQLite's own words and as durable.
#pragma once

#include <filesystem>

namespace tradecase::simulation {

// Rows of 600 bytes a second, each in a commit of its own, on disk before the next. Makes `file`.
double plain_rows_per_second(const std::filesystem::path& file, double seconds);

}  // namespace tradecase::simulation
