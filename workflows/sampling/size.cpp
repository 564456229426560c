#include "workflows/sampling/size.hpp"

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

namespace tradecase {
namespace {

constexpr std::int64_t n_max = 100'000;
constexpr double factor_max = 1e6;

// n times the rate, rounded up, in whole numbers.
std::int64_t rounded_up(std::int64_t n, Rate rate) { return (n * rate.millionths + 999'999) / 1'000'000; }

std::optional<SamplingFault> risk_fault(Rate risk) {
  if (risk.millionths > 0 && risk.millionths < 1'000'000) return std::nullopt;
  return SamplingFault{"The risk lies between 0 and 100 %, for example 5 %."};
}

}  // namespace

std::variant<AttributeSize, SamplingFault> attribute_size(Rate tolerable, Rate expected, Rate risk) {
  if (auto fault = risk_fault(risk)) return *fault;
  if (expected >= tolerable)
    return SamplingFault{"The expected rate must be below the tolerable rate: no sample can tell them apart otherwise."};
  for (std::int64_t n = 1; n <= n_max; ++n) {
    const std::int64_t deviations = rounded_up(n, expected);
    const boost::math::binomial_distribution<double> found(static_cast<double>(n), tolerable.value());
    const double luck = deviations >= n ? 1 : boost::math::cdf(found, static_cast<double>(deviations));
    if (luck > risk.value()) continue;
    AttributeSize size{n, deviations, {}};
    size.reckoning.formula = "smallest n with P(X ≤ ⌈n · expected⌉) ≤ risk, X binomial with n and the tolerable rate";
    size.reckoning.source =
        "Binomial distribution, as AICPA Audit Guide: Audit Sampling, appendix A, tables A-1 and A-2; ⌈ ⌉ in exact fractions";
    size.reckoning.inputs = {{"tolerable rate", shown(tolerable)}, {"expected rate", shown(expected)}, {"risk", shown(risk)}};
    size.reckoning.steps = {{"deviations expected in the sample", fmt::format("⌈{} · {}⌉ = {}", n, shown(expected), deviations)},
                            {fmt::format("P(X ≤ {})", deviations), shown_number(luck)}};
    return size;
  }
  return SamplingFault{fmt::format("No sample of up to {} rows is enough: the expected rate is too near the tolerable rate.", n_max)};
}

double monetary_factor(double ratio, double risk) {
  const auto excess = [&](double factor) { return boost::math::gamma_q(1 + ratio * factor, factor) - risk; };
  double low = 0, high = 1;
  for (; excess(high) > 0; high *= 2)
    if (high > factor_max) throw std::domain_error("No factor solves this ratio and risk.");
  for (int halving = 0; halving < 200; ++halving) {
    const double middle = low + (high - low) / 2;
    (excess(middle) > 0 ? low : high) = middle;
  }
  return high;
}

std::variant<MonetarySize, SamplingFault> monetary_size(std::int64_t book_cents, std::int64_t tolerable_cents, std::int64_t expected_cents,
                                                        Rate risk) {
  if (auto fault = risk_fault(risk)) return *fault;
  if (book_cents < 1) return SamplingFault{"The book value must be more than 0."};
  if (tolerable_cents < 1 || tolerable_cents > book_cents)
    return SamplingFault{"The tolerable misstatement must be more than 0 and no more than the book value."};
  if (expected_cents < 0 || expected_cents >= tolerable_cents)
    return SamplingFault{"The expected misstatement must be 0 or more and below the tolerable one."};
  const double ratio = static_cast<double>(expected_cents) / static_cast<double>(tolerable_cents);
  MonetarySize size;
  try {
    size.factor = monetary_factor(ratio, risk.value());
  } catch (const std::domain_error&) {
    return SamplingFault{"The expected misstatement is too near the tolerable one: no sample is large enough."};
  }
  const double wanted = static_cast<double>(book_cents) * size.factor / static_cast<double>(tolerable_cents);
  size.n = static_cast<std::int64_t>(std::ceil(wanted));
  size.interval_cents = static_cast<std::int64_t>(static_cast<double>(tolerable_cents) / size.factor);
  if (size.interval_cents < 1) return SamplingFault{"The interval would be less than a cent: the tolerable misstatement is too small."};
  size.reckoning.formula = "R solves Q(1 + ratio · R, R) = risk; n = ⌈book value · R / tolerable⌉; interval = ⌊tolerable / R⌋ to the cent";
  size.reckoning.source =
      "Poisson distribution, as AICPA Audit Guide: Audit Sampling, appendix C, table C-1; Q is the upper regularized incomplete gamma "
      "function";
  size.reckoning.inputs = {{"book value", shown_money(book_cents)},
                           {"tolerable misstatement", shown_money(tolerable_cents)},
                           {"expected misstatement", shown_money(expected_cents)},
                           {"risk", shown(risk)}};
  size.reckoning.steps = {{"ratio, expected to tolerable", shown_number(ratio)},
                          {"R", shown_number(size.factor)},
                          {"book value · R / tolerable", shown_number(wanted)}};
  return size;
}

}  // namespace tradecase
