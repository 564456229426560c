// Drawing a sample that a stranger can draw again: R. L. Rivest's sampler of 2011-11-14 over a frozen frame (sampling.md points 1 to 7).
// Pure: the same frame, parameters and seed give the same sample, and nothing else has a say.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "workflows/sampling/frame.hpp"
#include "workflows/sampling/strata.hpp"

namespace tradecase {

// SHA-256 of the seed, a comma and i, as a 256-bit number, mod m, plus 1: from 1 to m. i and m from 1.
std::int64_t pick(std::string_view seed, std::int64_t i, std::int64_t m);

// The seed as it is used: UTF-8 of 1 to 200 characters without control characters, blanks at both ends gone, otherwise untouched.
std::variant<std::string, SamplingFault> take_seed(std::string_view text);
// What take_seed takes and holds at least 20 digits, as a seed on record must (rolled with ten-sided dice, in public).
std::variant<std::string, SamplingFault> take_random_seed(std::string_view text);

enum class SampleMethod : std::uint8_t { simple, systematic, stratified, mus_interval, mus_cell };
std::string_view name_of(SampleMethod method);  // as in sample.json: mus-interval
std::string_view name_of(Allocation allocation);
std::optional<SampleMethod> sample_method(std::string_view name);
std::optional<Allocation> allocation_named(std::string_view name);
bool by_money(SampleMethod method);  // monetary unit sampling: has an interval, the others a size

struct SampleParameters {
  SampleMethod method = SampleMethod::simple;
  std::int64_t n = 0;                                // rows; not for monetary units
  std::int64_t interval_cents = 0;                   // monetary units only
  Allocation allocation = Allocation::proportional;  // stratified only, as is the least
  std::int64_t min_per_stratum = 2;

  bool operator==(const SampleParameters&) const = default;
};

struct DrawnRow {
  std::int64_t row = 0;      // from 1, in frame order
  std::int64_t hits = 1;     // monetary units hit; 0 for a certain row
  std::int64_t counter = 0;  // the i that drew it, the place j + 1 (systematic), the number of its first unit; 0 for a certain row

  bool operator==(const DrawnRow&) const = default;
};

struct Draw {
  std::vector<DrawnRow> rows;         // in the order of draw; for monetary units in frame order
  std::vector<std::int64_t> n_h;      // stratified: rows of each stratum
  std::vector<std::int64_t> outside;  // monetary units: rows of 0 or less, which no unit can hit

  bool operator==(const Draw&) const = default;
};

// A larger sample by the same seed begins with the smaller one, within each stratum for a stratified one; systematic samples do not grow.
std::variant<Draw, SamplingFault> draw_sample(const Frame& frame, const SampleParameters& parameters, std::string_view seed);

// What a person adds to the list or drops from it. It never enters a projection.
struct ManualChange {
  std::int64_t row = 0;
  bool add = true;  // else drop
  std::string reason;
  std::string by;
  std::string at;  // an instant as text

  bool operator==(const ManualChange&) const = default;
};

// The rows to look at, ascending: those drawn with the changes, in their order. A change that changes nothing is let be: a row added by
// hand may be drawn later, when the sample goes on. A fault for a row that the population does not have.
std::variant<std::vector<std::int64_t>, SamplingFault> sample_list(const std::vector<DrawnRow>& drawn,
                                                                   const std::vector<ManualChange>& changes, std::int64_t rows);

}  // namespace tradecase
