// How many rows of a stratified sample each stratum gets (sampling.md point 6), in whole numbers throughout: two programs cannot differ
// by the rounding of a machine.
#pragma once

#include <boost/multiprecision/cpp_int.hpp>

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "workflows/sampling/frame.hpp"

namespace tradecase {

enum class Allocation : std::uint8_t { proportional, neyman };

// Why no sample can be drawn so: a sentence for the person who asked for it.
struct SamplingFault {
  std::string reason;
};

using StratumWeight = boost::multiprecision::cpp_int;

std::vector<std::int64_t> stratum_sizes(const Frame& frame);  // N_k

// N_k for proportional; for Neyman N_k times the standard deviation of the stratum's values (divisor N_k - 1, 0 for a single row) in
// units of 10^-12 cent, the rest cut off.
std::vector<StratumWeight> stratum_weights(const Frame& frame, Allocation allocation);

// Strata whose quota reaches their size are taken whole, then strata below the least get it (or all they have), each time sharing the
// rest out anew; then floors and largest remainders, ties to the stratum that comes first. Weights that are all zero count as equal.
// A fault where n cannot be shared out so. The shares add up to n.
std::variant<std::vector<std::int64_t>, SamplingFault> share_out(std::int64_t n, const std::vector<std::int64_t>& sizes,
                                                                 const std::vector<StratumWeight>& weights, std::int64_t least);

}  // namespace tradecase
