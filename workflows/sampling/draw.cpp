#include "workflows/sampling/draw.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <set>
#include <utility>

#include "engine/sha256_stream.hpp"
#include "engine/text.hpp"

namespace tradecase {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr std::array<std::string_view, 5> method_names{"simple", "systematic", "stratified", "mus-interval", "mus-cell"};
constexpr std::array<std::string_view, 2> allocation_names{"proportional", "neyman"};
constexpr std::size_t seed_characters_max = 200, seed_digits_min = 20;
constexpr std::int64_t interval_cents_max = 1'000'000'000'000'000;

// One seed's stream of picks.
class Picks {
 public:
  explicit Picks(std::string_view seed) : text_(seed) {
    text_ += ',';
    prefix_ = text_.size();
  }
  std::int64_t at(std::int64_t i, std::int64_t m) {
    text_.resize(prefix_);
    fmt::format_to(std::back_inserter(text_), "{}", i);
    const auto hash = sha256_bytes(text_);
    const auto modulus = static_cast<std::uint64_t>(m);
    std::uint64_t rest = 0;
    for (std::size_t word = 0; word < hash.size(); word += 8) {
      std::uint64_t digits = 0;
      for (std::size_t byte = 0; byte < 8; ++byte) digits = digits << 8 | hash[word + byte];
      rest = static_cast<std::uint64_t>((static_cast<Wide>(rest) << 64 | digits) % modulus);
    }
    return static_cast<std::int64_t>(rest) + 1;
  }

 private:
  std::string text_;
  std::size_t prefix_ = 0;
};

// n of the places 1 to rows, in the order of draw.
std::vector<DrawnRow> draw_simple(std::string_view seed, std::int64_t rows, std::int64_t n) {
  Picks picks(seed);
  std::vector<bool> taken(static_cast<std::size_t>(rows) + 1);
  std::vector<DrawnRow> drawn;
  drawn.reserve(static_cast<std::size_t>(n));
  for (std::int64_t i = 1; std::ssize(drawn) < n; ++i) {
    const std::int64_t row = picks.at(i, rows);
    if (taken[static_cast<std::size_t>(row)]) continue;
    taken[static_cast<std::size_t>(row)] = true;
    drawn.push_back({row, 1, i});
  }
  return drawn;
}

std::vector<DrawnRow> draw_systematic(std::string_view seed, std::int64_t rows, std::int64_t n) {
  const std::int64_t r = pick(seed, 1, rows) - 1;
  std::vector<DrawnRow> drawn;
  for (std::int64_t j = 0; j < n; ++j) {
    const auto place = (static_cast<Wide>(r) + static_cast<Wide>(j) * static_cast<Wide>(rows)) / static_cast<Wide>(n);
    drawn.push_back({static_cast<std::int64_t>(place) + 1, 1, j + 1});
  }
  return drawn;
}

std::variant<Draw, SamplingFault> draw_stratified(const Frame& frame, const SampleParameters& parameters, std::string_view seed) {
  auto shares = share_out(parameters.n, stratum_sizes(frame), stratum_weights(frame, parameters.allocation), parameters.min_per_stratum);
  if (auto* fault = std::get_if<SamplingFault>(&shares)) return std::move(*fault);
  Draw draw;
  draw.n_h = std::get<0>(std::move(shares));
  std::vector<std::vector<std::int64_t>> members(frame.strata.size());
  for (std::size_t i = 0; i < frame.rows(); ++i) members[frame.stratum[i]].push_back(static_cast<std::int64_t>(i) + 1);
  for (std::size_t k = 0; k < members.size(); ++k)
    for (DrawnRow one : draw_simple(fmt::format("{}:{}", seed, k + 1), std::ssize(members[k]), draw.n_h[k])) {
      one.row = members[k][static_cast<std::size_t>(one.row) - 1];
      draw.rows.push_back(one);
    }
  return draw;
}

// The units hit in the cents from 1 to total, ascending, each by its number.
class Units {
 public:
  Units(std::string_view seed, std::int64_t interval, std::int64_t total, bool cells)
      : picks_(seed), interval_(interval), total_(total), cells_(cells), start_(picks_.at(1, interval)) {
    step();
  }
  bool within(std::int64_t end) const { return unit_ <= total_ && unit_ <= end; }
  std::int64_t number() const { return number_; }
  void step() {
    ++number_;
    const std::int64_t begin = (number_ - 1) * interval_;  // at most total + interval, which draw_money has looked at
    unit_ = begin + (cells_ && begin < total_ && number_ > 1 ? picks_.at(number_, interval_) : start_);
  }

 private:
  Picks picks_;
  std::int64_t interval_, total_;
  bool cells_;
  std::int64_t start_, number_ = 0, unit_ = 0;
};

std::variant<Draw, SamplingFault> draw_money(const Frame& frame, const SampleParameters& parameters, std::string_view seed) {
  const std::int64_t interval = parameters.interval_cents;
  if (interval < 1 || interval > interval_cents_max)
    return SamplingFault{fmt::format("The interval is from 1 to {} cents.", interval_cents_max)};
  std::int64_t total = 0;
  for (const std::int64_t value : frame.value_cents)
    if (value > 0 && value < interval &&
        (__builtin_add_overflow(total, value, &total) || total > std::numeric_limits<std::int64_t>::max() / 2))
      return SamplingFault{"The values add up to more than can be counted."};
  Draw draw;
  Units units(seed, interval, total, parameters.method == SampleMethod::mus_cell);
  std::int64_t end = 0;
  for (std::size_t i = 0; i < frame.rows(); ++i) {
    const std::int64_t value = frame.value_cents[i], row = static_cast<std::int64_t>(i) + 1;
    if (value <= 0) {
      draw.outside.push_back(row);
    } else if (value >= interval) {
      draw.rows.push_back({row, 0, 0});
    } else {
      end += value;
      DrawnRow drawn{row, 0, units.number()};
      for (; units.within(end); units.step()) ++drawn.hits;
      if (drawn.hits > 0) draw.rows.push_back(drawn);
    }
  }
  return draw;
}

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

bool has_control(std::string_view utf8) {
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto byte = static_cast<unsigned char>(utf8[i]);
    const bool c1 = byte == 0xC2 && i + 1 < utf8.size() && static_cast<unsigned char>(utf8[i + 1]) < 0xA0;
    if (byte < 0x20 || byte == 0x7F || c1) return true;
  }
  return false;
}

template <std::size_t count>
std::optional<std::uint8_t> place_of(const std::array<std::string_view, count>& names, std::string_view name) {
  const auto* const found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return static_cast<std::uint8_t>(found - names.begin());
}

}  // namespace

std::int64_t pick(std::string_view seed, std::int64_t i, std::int64_t m) { return Picks(seed).at(i, m); }

std::variant<std::string, SamplingFault> take_seed(std::string_view text) {
  std::string seed = trimmed(text);
  if (seed.empty()) return SamplingFault{"A seed is needed."};
  if (text_problem(seed, 4 * seed_characters_max) || has_control(seed) || characters(seed) > seed_characters_max)
    return SamplingFault{fmt::format("A seed is plain text of up to {} characters, without control characters.", seed_characters_max)};
  return seed;
}

std::variant<std::string, SamplingFault> take_random_seed(std::string_view text) {
  auto taken = take_seed(text);
  if (const auto* seed = std::get_if<std::string>(&taken)) {
    const auto digits = std::ranges::count_if(*seed, [](char c) { return c >= '0' && c <= '9'; });
    if (static_cast<std::size_t>(digits) < seed_digits_min)
      return SamplingFault{fmt::format(
          "A seed needs at least {} random digits; this one has {}. Roll ten-sided dice, best before witnesses.", seed_digits_min, digits)};
  }
  return taken;
}

std::string_view name_of(SampleMethod method) { return method_names[static_cast<std::size_t>(method)]; }
std::string_view name_of(Allocation allocation) { return allocation_names[static_cast<std::size_t>(allocation)]; }

std::optional<SampleMethod> sample_method(std::string_view name) {
  const auto place = place_of(method_names, name);
  return place ? std::optional(static_cast<SampleMethod>(*place)) : std::nullopt;
}

std::optional<Allocation> allocation_named(std::string_view name) {
  const auto place = place_of(allocation_names, name);
  return place ? std::optional(static_cast<Allocation>(*place)) : std::nullopt;
}

bool by_money(SampleMethod method) { return method == SampleMethod::mus_interval || method == SampleMethod::mus_cell; }

std::variant<Draw, SamplingFault> draw_sample(const Frame& frame, const SampleParameters& parameters, std::string_view seed) {
  if (by_money(parameters.method)) return draw_money(frame, parameters, seed);
  const auto rows = static_cast<std::int64_t>(frame.rows());
  if (parameters.n < 1 || parameters.n > rows)
    return SamplingFault{fmt::format("A sample of {} cannot be drawn from {} rows.", parameters.n, rows)};
  if (parameters.method == SampleMethod::stratified) return draw_stratified(frame, parameters, seed);
  if (parameters.method == SampleMethod::systematic) return Draw{draw_systematic(seed, rows, parameters.n), {}, {}};
  return Draw{draw_simple(seed, rows, parameters.n), {}, {}};
}

std::variant<std::vector<std::int64_t>, SamplingFault> sample_list(const std::vector<DrawnRow>& drawn,
                                                                   const std::vector<ManualChange>& changes, std::int64_t rows) {
  std::set<std::int64_t> list;
  for (const DrawnRow& one : drawn) list.insert(one.row);
  for (const ManualChange& change : changes) {
    if (change.row < 1 || change.row > rows)
      return SamplingFault{fmt::format("There is no row {}: the population has {}.", change.row, rows)};
    if (change.add)
      list.insert(change.row);
    else
      list.erase(change.row);
  }
  return std::vector<std::int64_t>(list.begin(), list.end());
}

}  // namespace tradecase
