// From the errors found in a sample to what they mean for the population: a point and bounds, with over- and understatements apart.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "workflows/sampling/reckoning.hpp"

namespace tradecase {

enum class ErrorDirection : std::uint8_t { overstated, understated };  // the book value is more, or less, than was found

struct ItemError {
  std::int64_t cents = 0;  // more than 0
  ErrorDirection direction = ErrorDirection::understated;
  std::string cause;
};

// A row of the sample that has been looked at. Rows added by hand are none.
struct ReviewedItem {
  std::int64_t row = 0;
  std::string stratum;
  std::int64_t book_cents = 0;
  std::int64_t hits = 1;  // monetary units only: 0 for a certain row
  std::vector<ItemError> errors;

  std::int64_t overstated() const;
  std::int64_t understated() const;
};

// Which part of the errors a figure is about. Net: overstatements less understatements.
enum class ErrorSide : std::uint8_t { net, overstated, understated };

struct Projection {
  double point_cents = 0;           // misstatement of the population on this side
  std::optional<double> low_cents;  // confidence bounds; a Stringer bound has only the upper one
  double high_cents = 0;
  double standard_error_cents = 0;  // 0 for a Stringer bound
  double degrees_of_freedom = 0;    // 0 where every row was looked at, and for a Stringer bound
  Reckoning reckoning;
};

struct CauseTotal {
  std::string cause;
  std::int64_t items = 0, overstated_cents = 0, understated_cents = 0;  // found in the sample

  bool operator==(const CauseTotal&) const = default;
};
std::vector<CauseTotal> totals_by_cause(const std::vector<ReviewedItem>& items);  // by the causes' bytes

enum class Estimator : std::uint8_t { mean_per_unit, difference, ratio };
std::string_view name_of(Estimator estimator);  // mean-per-unit
std::optional<Estimator> estimator_named(std::string_view name);

// What the population holds of one stratum; a sample that is not stratified has one, of any name.
struct StratumTotals {
  std::string stratum;
  std::int64_t rows = 0;
  std::int64_t book_cents = 0;
};

// Two-sided interval by Student's t at `confidence`, with the finite-population factor; one stratum: n - 1 degrees of freedom, several:
// Satterthwaite's. A fault where a stratum has fewer than two items and is not looked at whole, an item lies in no stratum, or a ratio
// has nothing to divide by.
std::variant<Projection, SamplingFault> project(Estimator estimator, ErrorSide side, const std::vector<StratumTotals>& strata,
                                                const std::vector<ReviewedItem>& items, Rate confidence);

// Upper bound for a monetary unit sample by Stringer, exact Poisson factors. The interval is in cents and need not be whole where it comes
// from a book value and a size. Side: overstated or understated; each stands alone, offsets are not netted.
std::variant<Projection, SamplingFault> stringer_bound(ErrorSide side, double interval_cents, const std::vector<ReviewedItem>& items,
                                                       Rate confidence);

}  // namespace tradecase
