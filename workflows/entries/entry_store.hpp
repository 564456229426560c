// Entry lines on file, one row per tariff ordinal (domain.md §5.3).
#pragma once

#include <string>

#include "engine/import.hpp"
#include "engine/store/database.hpp"

namespace tradecase {

extern const char* const entry_tables;

enum class Stored { imported, unchanged, changed };

// A line on file is the same line by company, entry number, line and ordinal.
Stored store_entry_line(Transaction& tx, const std::string& company, const EntryLine& line);

std::int64_t count_entry_lines(Session& session, std::string_view company);

}  // namespace tradecase
