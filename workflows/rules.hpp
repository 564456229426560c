// The rules file: every period, ladder, threshold, list and text of the programme with its mark and source, and the calendar.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <vector>

#include "engine/calendar.hpp"
#include "engine/json.hpp"
#include "engine/rules.hpp"

namespace tradecase {

// The file cannot be used; what() lists every problem, one a line: "workflows/rules.toml, line 12: …".
struct RulesError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Rulebook {
  Rules rules;        // also calendar.zone and one calendar.holiday.NAME a holiday, for the reader
  Calendar calendar;  // made from the same file
};

// A value that stands in the place of the file's.
struct RuleValue {
  std::string key;
  json::value value;
};

// Reads FILE (TOML). A rule is a table: [anl.cycle_months] with value, mark ("C", "A", "R"), source, meaning. There must be exactly
// the rules that rules.cpp lists, each of its type and in its range; throws RulesError otherwise. `instead` is held to the same, a later
// one of a key overrules an earlier; of the calendar's tables there is none.
Rulebook load_rulebook(const std::filesystem::path& file, const std::vector<RuleValue>& instead = {});

}  // namespace tradecase
