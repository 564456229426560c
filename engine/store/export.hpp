// The record as a file that a stranger can check (record.md).
#pragma once

#include <filesystem>
#include <string>

#include "engine/store/database.hpp"

namespace tradecase {

// Writes DIR/history.jsonl: the lines in order of n, LF after each. Makes the folder where it is missing; a file of that name
// is replaced once the new one is complete. Returns the root of the hash tree over the lines. Throws StoreFailure.
std::string export_record(Session& session, const std::filesystem::path& dir);

}  // namespace tradecase
