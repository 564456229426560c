// What was found in the rows of a sample that were looked at. Every version of a finding stays on record; the last one counts.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "engine/command.hpp"
#include "workflows/sampling/sample_store.hpp"

namespace tradecase {

extern const char* const finding_tables;

struct Finding {
  std::int64_t row = 0, version = 0;
  std::vector<ItemError> errors;  // none: the row was looked at and nothing is wrong
  std::string note;
  std::string by;  // person id
  Instant at{};
};

std::vector<Finding> findings_of(Session& session, const Sample& sample);                         // the last of each row, by row
std::vector<Finding> finding_versions(Session& session, const Sample& sample, std::int64_t row);  // oldest first

constexpr std::size_t errors_a_row_max = 20;

struct FindingSaid {
  std::string sample_id;
  std::int64_t row = 0;
  std::int64_t seen = 0;  // the version that was read before; 0: none
  std::vector<ItemError> errors;
  std::string note, by;
};

// Refused, with the field: the case is closed; the row is not on the sample's list; an error has no amount or no cause; somebody else has
// recorded a later version. What says the same as the last version makes no other.
std::variant<Finding, Problem> record_finding(Database& database, const FindingSaid& said, Instant now);

// Every row on the list that nobody has recorded: looked at, nothing is wrong. How many there were.
std::variant<std::int64_t, Problem> record_rest_without_error(Database& database, const std::string& sample_id, const std::string& by,
                                                              Instant now);

}  // namespace tradecase
