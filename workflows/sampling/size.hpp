// How large a sample must be. Exact where printed tables and formulas differ (sampling.md, "Statistics").
#pragma once

#include <cstdint>
#include <variant>

#include "workflows/sampling/reckoning.hpp"

namespace tradecase {

struct AttributeSize {
  std::int64_t n = 0;
  std::int64_t deviations = 0;  // expected in the sample: so many and the rate still holds
  Reckoning reckoning;
};

// The smallest n of which `expected` would pass by luck with at most `risk`, were the true rate `tolerable`. A fault where expected
// does not stay below tolerable, a risk is not between 0 and 1, or no n up to 100,000 will do.
std::variant<AttributeSize, SamplingFault> attribute_size(Rate tolerable, Rate expected, Rate risk);

struct MonetarySize {
  double factor = 0;                // R
  std::int64_t n = 0;               // hits to expect; certain rows make it fewer rows
  std::int64_t interval_cents = 0;  // J, rounded down
  Reckoning reckoning;
};

// For a book value, the misstatement that can be tolerated and the one expected, in cents.
std::variant<MonetarySize, SamplingFault> monetary_size(std::int64_t book_cents, std::int64_t tolerable_cents, std::int64_t expected_cents,
                                                        Rate risk);

// R of Q(1 + ratio·R, R) = risk, Q the upper regularized incomplete gamma function: ratio = expected over tolerable, from 0 and below 1;
// risk between 0 and 1. Throws std::domain_error where no R below a million solves it.
double monetary_factor(double ratio, double risk);

}  // namespace tradecase
