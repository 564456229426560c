#include "workflows/sampling/sample_review.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace tradecase {
namespace {

// A sample that is not stratified is one of the whole population, whatever strata that has.
std::vector<StratumTotals> strata_of(Session& session, const Sample& sample, bool stratified) {
  auto strata = population_strata(session, sample.population_id);
  if (stratified) return strata;
  StratumTotals whole;
  for (const StratumTotals& one : strata) {
    whole.rows += one.rows;
    whole.book_cents += one.book_cents;
  }
  return {whole};
}

}  // namespace

std::string_view name_of(ErrorSide side) {
  static constexpr std::array<std::string_view, 3> names{"net", "overstated", "understated"};
  return names.at(static_cast<std::size_t>(side));
}

std::variant<std::vector<ReviewedItem>, SamplingFault> reviewed_items(Session& session, const Sample& sample, const SampleRecord& record,
                                                                      RowErrors errors) {
  std::vector<ReviewedItem> items;
  const bool stratified = record.parameters.method == SampleMethod::stratified;
  for (std::size_t i = 0; i < record.drawn.size(); ++i) {
    const DrawnRow& one = record.drawn[i];
    if (!std::ranges::binary_search(record.list, one.row)) continue;
    auto found = errors.extract(one.row);
    items.push_back({one.row, stratified ? record.strata[i] : "", population_row(session, sample.population_id, one.row).value_cents,
                     one.hits, found ? std::move(found.mapped()) : std::vector<ItemError>()});
  }
  if (!errors.empty())
    return SamplingFault{
        fmt::format("Row {} was not drawn: what was added or dropped by hand does not enter a projection.", errors.begin()->first)};
  return items;
}

std::variant<std::vector<SideProjection>, SamplingFault> project_sample(Session& session, const Sample& sample, const SampleRecord& record,
                                                                        const std::vector<ReviewedItem>& items, Estimator estimator,
                                                                        Rate confidence) {
  const bool money = by_money(record.parameters.method);
  const auto strata = strata_of(session, sample, record.parameters.method == SampleMethod::stratified);
  std::vector<SideProjection> all;
  for (const ErrorSide side : {ErrorSide::overstated, ErrorSide::understated, ErrorSide::net}) {
    if (money && side == ErrorSide::net) continue;
    auto result = money ? stringer_bound(side, static_cast<double>(record.parameters.interval_cents), items, confidence)
                        : project(estimator, side, strata, items, confidence);
    if (auto* fault = std::get_if<SamplingFault>(&result)) return std::move(*fault);
    all.push_back({side, std::get<Projection>(std::move(result))});
  }
  return all;
}

}  // namespace tradecase
