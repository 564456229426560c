// Carrying members over from a roster (the file itself is read by adapters/ace): companies, people, membership and the year's
// annual notification, where the calendar puts it. One transaction for the whole file.
#pragma once

#include <string>
#include <vector>

#include "engine/engine.hpp"
#include "engine/import.hpp"

namespace tradecase {

struct RosterChange {
  std::int64_t line = 0;
  std::string company;
  std::vector<std::string> what;  // "legal_name: \"A\" is now \"B\""
};

struct RosterReport {
  int imported = 0;
  int unchanged = 0;
  int changed = 0;
  std::vector<RosterChange> changes;
  std::vector<LineError> errors;  // what only the database can know: a number that stands with another company
};

enum class RosterMode {
  all_or_nothing,  // an error anywhere imports nothing
  skip_bad,        // rows with errors are left out
  dry_run,         // nothing is kept; the report is as it would be
};

// `had_errors`: the file had bad lines already, so that all_or_nothing imports nothing.
RosterReport import_roster(Engine& engine, const std::vector<RosterRow>& rows, RosterMode mode, bool had_errors);

}  // namespace tradecase
