#include "workflows/sampling/hints.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <utility>

namespace tradecase {
namespace {

constexpr double deviation_scale = 0.6745;  // of a normal distribution: its median absolute deviation in standard deviations

bool holds(const std::vector<std::string>& all, std::string_view one) { return std::ranges::find(all, one) != all.end(); }

double quantity_of(const PopulationLine& line) { return line.quantity.empty() ? 0 : std::strtod(line.quantity.c_str(), nullptr); }

double price_of(const PopulationLine& line) {
  const double quantity = quantity_of(line), dollars = static_cast<double>(line.row.value_cents) / 100;
  return quantity > 0 ? dollars / quantity : dollars;
}

// Value per unit is compared within tariff number and unit; plain values among themselves.
std::string price_group(const PopulationLine& line) { return line.row.hts + (quantity_of(line) > 0 ? "/" + line.uom : ""); }

std::string part_of(const PopulationLine& line) { return line.row.manufacturer_id + "/" + line.row.hts.substr(0, 4) + "/" + line.uom; }

std::string tariff_of(const PopulationLine& line) { return line.row.hts + line.row.country_of_origin; }

std::uint64_t likeness(const PopulationLine& line) {
  const FrameRow& row = line.row;
  const std::string day = row.entry_date.empty() ? row.summary_date : row.entry_date;
  return std::hash<std::string>{}(fmt::format("{}|{}|{}|{}|{}|{}|{}|{}", line.importer_number, day, row.hts, row.country_of_origin,
                                              row.manufacturer_id, row.value_cents, line.quantity, line.uom));
}

double median_of(std::vector<float>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  if (values.size() % 2 == 1) return *middle;
  return (static_cast<double>(*middle) + static_cast<double>(*std::max_element(values.begin(), middle))) / 2;
}

bool begins_with_any(std::string_view number, const std::vector<std::string>& beginnings) {
  return std::ranges::any_of(beginnings, [&](const std::string& one) { return number.starts_with(one); });
}

bool carries(const PopulationLine& line, const Chapter99Programme& programme) {
  return std::ranges::any_of(line.companions, [&](const std::string& number) { return begins_with_any(number, programme.numbers); });
}

struct Prices {
  std::vector<float> logs;
  bool judged = false;
  double median = 0, deviation = 0;

  void settle() {
    if (std::exchange(judged, true)) return;
    median = median_of(logs);
    std::vector<float> distances;
    for (const float one : logs) distances.push_back(std::abs(one - static_cast<float>(median)));
    deviation = median_of(distances);
  }
};

struct Tariff {
  std::int64_t lines = 0;
  std::vector<std::int64_t> carrying;  // by programme
};

}  // namespace

struct HintFinder::Seen {
  boost::unordered_flat_map<std::string, Prices> prices;
  boost::unordered_flat_map<std::string, std::map<std::string, std::int64_t>> parts;  // part → HTS number → lines
  boost::unordered_flat_map<std::uint64_t, std::uint32_t> likenesses;
  boost::unordered_flat_map<std::string, Tariff> tariffs;
};

HintFinder::HintFinder(const HintRules& rules) : rules_(rules), seen_(std::make_unique<Seen>()) {}
HintFinder::~HintFinder() = default;

void HintFinder::see(const PopulationLine& line) {
  if (line.row.value_cents > 0) {
    seen_->prices[price_group(line)].logs.push_back(static_cast<float>(std::log10(price_of(line))));
    ++seen_->likenesses[likeness(line)];
  }
  if (!line.row.manufacturer_id.empty()) ++seen_->parts[part_of(line)][line.row.hts];
  Tariff& tariff = seen_->tariffs[tariff_of(line)];
  ++tariff.lines;
  tariff.carrying.resize(rules_.chapter_99.size());
  for (std::size_t i = 0; i < rules_.chapter_99.size(); ++i) tariff.carrying[i] += carries(line, rules_.chapter_99[i]) ? 1 : 0;
}

namespace {

std::optional<std::string> outlier(const HintRules& rules, Prices& prices, const PopulationLine& line) {
  if (prices.logs.size() < static_cast<std::size_t>(rules.outlier_least_lines)) return std::nullopt;
  prices.settle();
  if (prices.deviation <= 0) return std::nullopt;  // more than half are alike: there is no measure of far
  const double score = deviation_scale * std::abs(std::log10(price_of(line)) - prices.median) / prices.deviation;
  if (score * 10 <= rules.outlier_score_tenths) return std::nullopt;
  return fmt::format("{} ${:.2f}; the {} lines of {} have a median of ${:.2f} (score {:.1f})",
                     quantity_of(line) > 0 ? "value per " + (line.uom.empty() ? "unit" : line.uom) : "value", price_of(line),
                     prices.logs.size(), line.row.hts, std::pow(10, prices.median), score);
}

std::optional<std::string> wrong_programme(const HintRules& rules, const PopulationLine& line) {
  for (const SpecialProgramme& one : rules.special)
    if (holds(one.codes, line.row.spi) && !holds(one.origins, line.row.country_of_origin))
      return "claims " + line.row.spi + " (" + one.name + "; " + one.source + ") with origin " + line.row.country_of_origin;
  return std::nullopt;
}

std::optional<std::string> changed_number(const HintRules& rules, const std::map<std::string, std::int64_t>& numbers,
                                          const PopulationLine& line) {
  std::int64_t lines = 0;
  auto usual = numbers.begin();
  for (auto one = numbers.begin(); one != numbers.end(); ++one) {
    lines += one->second;
    if (one->second > usual->second) usual = one;
  }
  if (lines < rules.change_least_lines || usual->second * 100 < lines * rules.change_usual_percent || usual->first == line.row.hts)
    return std::nullopt;
  return fmt::format("{} where {} of {} lines of {} in heading {} carry {}", line.row.hts, usual->second, lines, line.row.manufacturer_id,
                     line.row.hts.substr(0, 4), usual->first);
}

std::optional<std::string> odd_companion(const HintRules& rules, const Tariff& tariff, const PopulationLine& line) {
  for (std::size_t i = 0; i < rules.chapter_99.size(); ++i) {
    const Chapter99Programme& one = rules.chapter_99[i];
    const bool has = carries(line, one);
    if (!has && tariff.lines >= rules.companion_least_lines && tariff.carrying[i] * 100 >= tariff.lines * rules.companion_usual_percent)
      return fmt::format("no number of {} where {} of {} lines of {} from {} carry one ({})", one.name, tariff.carrying[i], tariff.lines,
                         line.row.hts, line.row.country_of_origin, one.source);
    if (has && !one.origins.empty() && !holds(one.origins, line.row.country_of_origin))
      return fmt::format("carries a number of {} with origin {} ({})", one.name, line.row.country_of_origin, one.source);
    if (has && !one.chapters.empty() && !holds(one.chapters, line.row.hts.substr(0, 2)))
      return fmt::format("carries a number of {} in chapter {} ({})", one.name, line.row.hts.substr(0, 2), one.source);
  }
  return std::nullopt;
}

}  // namespace

void HintFinder::judge(const PopulationLine& line, const std::function<void(Hint&&)>& on_hint) {
  const auto say = [&](const char* rule, std::optional<std::string> why) {
    if (why) on_hint({rule, line.row.entry_number, line.row.line, std::move(*why)});
  };
  const bool valued = line.row.value_cents > 0;
  if (valued) say("value_outlier", outlier(rules_, seen_->prices[price_group(line)], line));
  say("origin_spi", wrong_programme(rules_, line));
  if (!line.row.manufacturer_id.empty()) say("hts_change", changed_number(rules_, seen_->parts[part_of(line)], line));
  if (const auto alike = valued ? seen_->likenesses[likeness(line)] : 0; alike > 1)
    say("duplicate", fmt::format("{} lines have this importer, day, HTS number, origin, manufacturer, value and quantity", alike));
  say("companion", odd_companion(rules_, seen_->tariffs[tariff_of(line)], line));
  const std::int64_t dollars = line.row.value_cents / 100;
  if (line.row.value_cents % 100 == 0 && dollars >= rules_.round_least_dollars && dollars % rules_.round_multiple_dollars == 0)
    say("round_value", fmt::format("${} exactly", dollars));
}

}  // namespace tradecase
