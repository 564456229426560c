#include "workflows/sampling/projection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <map>
#include <set>
#include <span>

namespace tradecase {
namespace {

constexpr std::array<std::string_view, 3> estimator_names{"mean-per-unit", "difference", "ratio"};
constexpr std::int64_t errors_for_comfort = 20;

std::int64_t sum_of(const std::vector<ItemError>& errors, ErrorDirection direction) {
  std::int64_t cents = 0;
  for (const ItemError& error : errors)
    if (error.direction == direction) cents += error.cents;
  return cents;
}

double error_of(const ReviewedItem& item, ErrorSide side) {
  const auto over = static_cast<double>(item.overstated()), under = static_cast<double>(item.understated());
  return side == ErrorSide::net ? over - under : side == ErrorSide::overstated ? over : under;
}

std::optional<SamplingFault> item_fault(const std::vector<ReviewedItem>& items, Rate confidence) {
  if (confidence.millionths <= 0 || confidence.millionths >= 1'000'000)
    return SamplingFault{"The confidence lies between 0 and 100 %, for example 95 %."};
  if (items.empty()) return SamplingFault{"No row of the sample has been looked at yet."};
  std::set<std::int64_t> rows;
  for (const ReviewedItem& item : items) {
    if (!rows.insert(item.row).second) return SamplingFault{fmt::format("Row {} is listed twice.", item.row)};
    if (std::ranges::any_of(item.errors, [](const ItemError& error) { return error.cents <= 0; }))
      return SamplingFault{fmt::format("Row {}: an error's amount is more than 0; its direction is said apart.", item.row)};
  }
  return std::nullopt;
}

// One stratum's part of a projection, in cents.
struct Part {
  double point = 0, variance = 0;  // variance of the projected misstatement
  double spread = 0;               // standard deviation of what is averaged, divisor n - 1
  std::int64_t n = 0;
};

double squares(std::span<const double> values, double mean) {
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return sum;
}

std::variant<Part, SamplingFault> part_of(Estimator estimator, ErrorSide side, const StratumTotals& stratum,
                                          const std::vector<const ReviewedItem*>& items) {
  const std::string named = stratum.stratum.empty() ? "The population" : "Stratum " + stratum.stratum;
  Part part;
  part.n = std::ssize(items);
  if (part.n > stratum.rows) return SamplingFault{fmt::format("{} has {} rows, yet {} were looked at.", named, stratum.rows, part.n)};
  if (part.n == 0 || (part.n == 1 && stratum.rows > 1))
    return SamplingFault{fmt::format("{} needs at least two rows looked at; it has {}.", named, part.n)};
  const auto n = static_cast<double>(part.n), rows = static_cast<double>(stratum.rows), book = static_cast<double>(stratum.book_cents);
  const double sign = side == ErrorSide::understated ? -1 : 1;
  std::vector<double> values;  // what is averaged
  double errors = 0, books = 0;
  for (const ReviewedItem* item : items) {
    errors += error_of(*item, side);
    books += static_cast<double>(item->book_cents);
  }
  if (estimator == Estimator::ratio && books <= 0)
    return SamplingFault{fmt::format("{}: the rows looked at have no book value to divide by.", named)};
  for (const ReviewedItem* item : items) {
    const double error = error_of(*item, side), value = static_cast<double>(item->book_cents);
    values.push_back(estimator == Estimator::mean_per_unit ? value - sign * error
                     : estimator == Estimator::ratio       ? error - errors / books * value
                                                           : error);
  }
  const double mean = estimator == Estimator::mean_per_unit ? (books - sign * errors) / n : estimator == Estimator::ratio ? 0 : errors / n;
  part.point = estimator == Estimator::mean_per_unit ? sign * (book - rows * mean)
               : estimator == Estimator::ratio       ? errors / books * book
                                                     : rows * mean;
  if (part.n > 1) part.spread = std::sqrt(squares(values, mean) / (n - 1));
  part.variance = rows * (rows - n) / n * part.spread * part.spread;
  return part;
}

void describe(Reckoning& reckoning, Estimator estimator, ErrorSide side, Rate confidence, bool several) {
  static const std::array<std::string_view, 3> points{"book − N · mean audited value", "N · mean error",
                                                      "book · Σ errors / Σ book values looked at"};
  const std::string_view point = points[static_cast<std::size_t>(estimator)];
  reckoning.formula = fmt::format("{}{}; ± t · √(Σ N (N − n) s² / n); s² of {}, divisor n − 1", several ? "Σ over strata of " : "", point,
                                  estimator == Estimator::mean_per_unit ? "the audited values"
                                  : estimator == Estimator::ratio       ? "the errors less their ratio times the book value"
                                                                        : "the errors");
  reckoning.source =
      several ? "Cochran, Sampling Techniques, 3rd ed. (1977), chapters 5 and 6; degrees of freedom by Satterthwaite, formula 5.16"
              : "Cochran, Sampling Techniques, 3rd ed. (1977), chapters 2 and 6; Student's t with n − 1 degrees of freedom";
  reckoning.inputs = {{"estimator", std::string(name_of(estimator))},
                      {"errors", side == ErrorSide::net          ? "overstatements less understatements"
                                 : side == ErrorSide::overstated ? "overstatements alone"
                                                                 : "understatements alone"},
                      {"confidence, two-sided", shown(confidence)}};
}

void note_few_errors(Reckoning& reckoning, ErrorSide side, const std::vector<ReviewedItem>& items) {
  const std::int64_t count = std::ranges::count_if(items, [&](const ReviewedItem& item) { return error_of(item, side) != 0; });
  if (count == 0)
    reckoning.notes.emplace_back("No such error was found: the figures say nothing about rows that were not looked at.");
  else if (count < errors_for_comfort)
    reckoning.notes.push_back(fmt::format("Only {} of the rows looked at are in error: with fewer than {}, the interval may be too narrow.",
                                          count, errors_for_comfort));
}

// Point and bounds from the parts.
void bound(Projection& projection, const std::vector<Part>& parts, Rate confidence) {
  double variance = 0, spread_of_variance = 0;
  for (const Part& part : parts) {
    projection.point_cents += part.point;
    variance += part.variance;
    if (part.n > 1) spread_of_variance += part.variance * part.variance / static_cast<double>(part.n - 1);
  }
  projection.standard_error_cents = std::sqrt(variance);
  double allowance = 0;
  if (variance > 0) {
    projection.degrees_of_freedom = variance * variance / spread_of_variance;
    const boost::math::students_t_distribution<double> student(projection.degrees_of_freedom);
    const double t = boost::math::quantile(boost::math::complement(student, (1 - confidence.value()) / 2));
    allowance = t * projection.standard_error_cents;
    projection.reckoning.steps.push_back({"degrees of freedom", shown_number(projection.degrees_of_freedom)});
    projection.reckoning.steps.push_back({"t", shown_number(t)});
  }
  projection.low_cents = projection.point_cents - allowance;
  projection.high_cents = projection.point_cents + allowance;
  projection.reckoning.steps.push_back({"standard error", shown_money(projection.standard_error_cents)});
  projection.reckoning.steps.push_back({"allowance", shown_money(allowance)});
}

// The taint of each hit, largest first, with its row.
std::vector<std::pair<double, std::int64_t>> taints_of(const std::vector<ReviewedItem>& items, ErrorSide side) {
  std::vector<std::pair<double, std::int64_t>> taints;
  for (const ReviewedItem& item : items)
    if (const double error = error_of(item, side); error > 0)
      taints.insert(taints.end(), static_cast<std::size_t>(item.hits), {error / static_cast<double>(item.book_cents), item.row});
  std::ranges::sort(taints, [](const auto& a, const auto& b) { return a.first != b.first ? a.first > b.first : a.second < b.second; });
  return taints;
}

}  // namespace

std::int64_t ReviewedItem::overstated() const { return sum_of(errors, ErrorDirection::overstated); }
std::int64_t ReviewedItem::understated() const { return sum_of(errors, ErrorDirection::understated); }

std::vector<CauseTotal> totals_by_cause(const std::vector<ReviewedItem>& items) {
  std::map<std::string, CauseTotal> totals;
  for (const ReviewedItem& item : items) {
    std::set<std::string> causes;
    for (const ItemError& error : item.errors) {
      CauseTotal& total = totals[error.cause];
      total.cause = error.cause;
      if (causes.insert(error.cause).second) ++total.items;
      (error.direction == ErrorDirection::overstated ? total.overstated_cents : total.understated_cents) += error.cents;
    }
  }
  std::vector<CauseTotal> all;
  for (auto& [cause, total] : totals) all.push_back(std::move(total));
  return all;
}

std::string_view name_of(Estimator estimator) { return estimator_names[static_cast<std::size_t>(estimator)]; }

std::optional<Estimator> estimator_named(std::string_view name) {
  const auto* const found = std::ranges::find(estimator_names, name);
  if (found == estimator_names.end()) return std::nullopt;
  return static_cast<Estimator>(found - estimator_names.begin());
}

std::variant<Projection, SamplingFault> project(Estimator estimator, ErrorSide side, const std::vector<StratumTotals>& strata,
                                                const std::vector<ReviewedItem>& items, Rate confidence) {
  if (auto fault = item_fault(items, confidence)) return *fault;
  std::map<std::string, std::vector<const ReviewedItem*>> looked_at;
  for (const ReviewedItem& item : items) looked_at[item.stratum].push_back(&item);
  Projection projection;
  Reckoning& reckoning = projection.reckoning;
  describe(reckoning, estimator, side, confidence, strata.size() > 1);
  std::vector<Part> parts;
  for (const StratumTotals& stratum : strata) {
    auto result = part_of(estimator, side, stratum, looked_at[stratum.stratum]);
    if (auto* fault = std::get_if<SamplingFault>(&result)) return std::move(*fault);
    const Part part = parts.emplace_back(std::get<Part>(result));
    looked_at.erase(stratum.stratum);
    const std::string name = stratum.stratum.empty() ? "population" : "stratum " + stratum.stratum;
    reckoning.inputs.push_back({name, fmt::format("N = {}, book value {}, n = {}", stratum.rows, shown_money(stratum.book_cents), part.n)});
    reckoning.steps.push_back({name, fmt::format("point {}, s = {}", shown_money(part.point), shown_money(part.spread))});
  }
  if (!looked_at.empty())
    return SamplingFault{
        fmt::format("Row {} lies in a stratum that the population does not have.", looked_at.begin()->second.front()->row)};
  bound(projection, parts, confidence);
  note_few_errors(reckoning, side, items);
  return projection;
}

std::variant<Projection, SamplingFault> stringer_bound(ErrorSide side, double interval_cents, const std::vector<ReviewedItem>& items,
                                                       Rate confidence) {
  if (side == ErrorSide::net) return SamplingFault{"A Stringer bound is for overstatements or for understatements: they are not netted."};
  if (!(interval_cents > 0)) return SamplingFault{"The interval is more than 0."};
  if (auto fault = item_fault(items, confidence)) return *fault;
  double certain = 0;
  for (const ReviewedItem& item : items) {
    if (item.book_cents <= 0 || item.hits < 0)
      return SamplingFault{fmt::format("Row {} cannot have been hit: its value is not more than 0.", item.row)};
    if (item.hits == 0) certain += error_of(item, side);
  }
  const double risk = 1 - confidence.value();
  const auto factor = [&](std::size_t errors) { return boost::math::gamma_q_inv(static_cast<double>(errors) + 1, risk); };
  Projection projection;
  Reckoning& reckoning = projection.reckoning;
  reckoning.formula =
      "certain rows' errors + J · (R₀ + Σ (Rⱼ − Rⱼ₋₁) · tⱼ), taints tⱼ = error / book value, largest first; Q(j + 1, Rⱼ) = risk";
  reckoning.source = "Stringer bound with exact Poisson factors (K. W. Stringer, 1963; AICPA Audit Guide: Audit Sampling, chapter 6)";
  reckoning.inputs = {{"interval J", shown_money(interval_cents)},
                      {"errors", side == ErrorSide::overstated ? "overstatements alone" : "understatements alone"},
                      {"confidence, one-sided", shown(confidence)}};
  const double basic = interval_cents * factor(0);
  reckoning.steps = {{"errors of certain rows", shown_money(certain)},
                     {"basic precision", fmt::format("J · {} = {}", shown_number(factor(0)), shown_money(basic))}};
  projection.point_cents = certain;
  projection.high_cents = certain + basic;
  std::size_t j = 0;
  for (const auto& [taint, row] : taints_of(items, side)) {
    ++j;
    const double step = factor(j) - factor(j - 1), part = interval_cents * step * taint;
    projection.point_cents += interval_cents * taint;
    projection.high_cents += part;
    reckoning.steps.push_back(
        {fmt::format("row {}", row), fmt::format("taint {} · J · {} = {}", shown_number(taint), shown_number(step), shown_money(part))});
    if (taint > 1)
      reckoning.notes.push_back(fmt::format("Row {}: the error is more than its book value; the bound presumes that none is.", row));
  }
  return projection;
}

}  // namespace tradecase
