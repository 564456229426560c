// Drawing, against the check values of the page that says how, and its properties.
#include "workflows/sampling/draw.hpp"

#include <catch2/catch.hpp>

#include <rapidcheck/catch.h>
#include <algorithm>
#include <chrono>
#include <compare>
#include <iostream>
#include <map>
#include <numeric>
#include <set>
#include <span>

namespace tradecase {
namespace {

const std::string check_seed = "20260114";

Frame frame_of(const std::vector<std::int64_t>& values, const std::vector<std::string>& labels = {}) {
  FrameColumns columns;
  for (std::size_t i = 0; i < values.size(); ++i) columns.add(labels.empty() ? "" : labels[i], values[i]);
  return columns.finish();
}

Frame strata_frame(const std::vector<std::pair<std::string, int>>& strata) {
  FrameColumns columns;
  for (const auto& [label, rows] : strata)
    for (int i = 0; i < rows; ++i) columns.add(label, 100);
  return columns.finish();
}

SampleParameters sized(SampleMethod method, std::int64_t n) {
  SampleParameters parameters;
  parameters.method = method;
  parameters.n = n;
  return parameters;
}

SampleParameters by_interval(SampleMethod method, std::int64_t cents) {
  SampleParameters parameters;
  parameters.method = method;
  parameters.interval_cents = cents;
  return parameters;
}

Draw drawn(const Frame& frame, const SampleParameters& parameters, std::string_view seed) {
  auto draw = draw_sample(frame, parameters, seed);
  if (auto* fault = std::get_if<SamplingFault>(&draw)) throw std::runtime_error(fault->reason);
  return std::get<Draw>(std::move(draw));
}

std::string fault(const Frame& frame, const SampleParameters& parameters) {
  return std::get<SamplingFault>(draw_sample(frame, parameters, check_seed)).reason;
}

std::vector<std::int64_t> rows_of(const Draw& draw) {
  std::vector<std::int64_t> rows;
  for (const DrawnRow& one : draw.rows) rows.push_back(one.row);
  return rows;
}

using Rows = std::vector<std::int64_t>;

TEST_CASE("the generator gives the published numbers") {
  const auto first = [](std::string_view seed) { return Rows{pick(seed, 1, 1000), pick(seed, 2, 1000), pick(seed, 3, 1000)}; };
  CHECK(first("1") == Rows{97, 89, 163});
  CHECK(first("0") == Rows{905, 573, 160});
  CHECK(first("snowman: \xE2\x98\x83") == Rows{634, 56, 46});
  CHECK(pick("1", 1, 1) == 1);
}

TEST_CASE("simple random and systematic samples are those of the page") {
  const Frame twenty = frame_of(Rows(20, 1));
  CHECK(rows_of(drawn(twenty, sized(SampleMethod::simple, 6), check_seed)) == Rows{11, 15, 8, 14, 3, 2});
  CHECK(rows_of(drawn(twenty, sized(SampleMethod::systematic, 6), check_seed)) == Rows{2, 6, 9, 12, 16, 19});
}

TEST_CASE("each stratum is drawn by its own stream") {
  const Frame frame = strata_frame({{"a", 10}, {"b", 6}, {"c", 4}});
  const Draw draw = drawn(frame, sized(SampleMethod::stratified, 20), check_seed);
  CHECK(draw.n_h == Rows{10, 6, 4});
  const Rows rows = rows_of(draw);
  CHECK(Rows(rows.begin(), rows.begin() + 3) == Rows{7, 6, 4});
  CHECK(Rows(rows.begin() + 10, rows.begin() + 12) == Rows{10 + 1, 10 + 4});
  CHECK(rows[16] == 16 + 1);
  CHECK(rows_of(drawn(frame, sized(SampleMethod::stratified, 6), check_seed)) == Rows{7, 6, 11, 14, 17, rows[17]});
}

TEST_CASE("monetary units are those of the page") {
  const Frame frame = frame_of({7, 3, 4, 9, 0, 1, 8, 2, 6, 5});
  const Draw fixed = drawn(frame, by_interval(SampleMethod::mus_interval, 9), check_seed);
  CHECK(fixed.rows == std::vector<DrawnRow>{{1, 1, 1}, {4, 0, 0}, {6, 1, 2}, {8, 1, 3}, {10, 1, 4}});
  CHECK(fixed.outside == Rows{5});
  const Draw cell = drawn(frame, by_interval(SampleMethod::mus_cell, 9), check_seed);
  CHECK(rows_of(cell) == Rows{1, 4, 7, 9, 10});
  CHECK(cell.rows[1].hits == 0);
}

TEST_CASE("a sample is shared out over strata as on the page, and always whole") {
  const Rows sizes{300, 150, 50};
  const auto share = [](std::int64_t n, const Rows& of, const std::vector<StratumWeight>& weights, std::int64_t least = 2) {
    return share_out(n, of, weights, least);
  };
  const auto shares = [&](auto&&... arguments) { return std::get<0>(share(arguments...)); };
  using Weights = std::vector<StratumWeight>;
  CHECK(shares(60, sizes, Weights{300, 150, 50}) == Rows{36, 18, 6});
  CHECK(shares(60, sizes, Weights{3000, 6000, 10000}) == Rows{9, 19, 32});
  CHECK(shares(100, sizes, Weights{3000, 6000, 10000}) == Rows{17, 33, 50});  // the third is taken whole, the rest shared out 1 to 2
  CHECK(shares(20, sizes, Weights{1, 1000, 1000}) == Rows{2, 9, 9});          // the first gets the least
  CHECK(shares(20, sizes, Weights{1, 1000, 1000}, 0) == Rows{0, 10, 10});     // of two equal remainders the first
  CHECK(shares(7, Rows{10, 10}, Weights{1, 1}) == Rows{4, 3});
  CHECK(shares(6, Rows{10, 10, 10}, Weights{0, 0, 0}) == Rows{2, 2, 2});
  CHECK(shares(7, Rows{2, 10, 10}, Weights{0, 0, 0}) == Rows{2, 3, 2});
  CHECK(shares(14, Rows{10, 5, 5}, Weights{1, 0, 0}) == Rows{10, 2, 2});
  CHECK(shares(9, Rows{1, 100}, Weights{1, 100}) == Rows{1, 8});  // a stratum smaller than the least gives all it has
  CHECK(std::get<SamplingFault>(share(101, Rows{100, 50, 50}, Weights{1000000, 1, 1})).reason ==
        "A sample of 101 leaves too little for 3 strata of at least 2 rows each: it takes 104.");
  CHECK(shares(104, Rows{100, 50, 50}, Weights{1000000, 1, 1}) == Rows{100, 2, 2});
}

TEST_CASE("a stratum's weight by Neyman is its size times its standard deviation") {
  const Frame frame = frame_of({1, 2, 3, 10, 10, 5}, {"a", "a", "a", "b", "b", "c"});
  CHECK(stratum_weights(frame, Allocation::neyman) == std::vector<StratumWeight>{3'000'000'000'000, 0, 0});
  CHECK(stratum_weights(frame, Allocation::proportional) == std::vector<StratumWeight>{3, 2, 1});
}

TEST_CASE("a larger sample by the same seed begins with the smaller one") {
  const Frame frame = strata_frame({{"a", 50}, {"b", 30}});
  for (const std::int64_t n : {1, 7, 40, 80}) {
    const Rows small = rows_of(drawn(frame, sized(SampleMethod::simple, n), "s"));
    const Rows large = rows_of(drawn(frame, sized(SampleMethod::simple, 80), "s"));
    CHECK(std::ranges::equal(small, std::span(large).first(small.size())));
  }
}

TEST_CASE("what cannot be drawn is said") {
  const Frame frame = frame_of({5, 6});
  CHECK(fault(frame, sized(SampleMethod::simple, 3)) == "A sample of 3 cannot be drawn from 2 rows.");
  CHECK(fault(frame, sized(SampleMethod::systematic, 0)) == "A sample of 0 cannot be drawn from 2 rows.");
  CHECK(fault(frame_of({}), sized(SampleMethod::stratified, 1)) == "A sample of 1 cannot be drawn from 0 rows.");
  CHECK(fault(frame, by_interval(SampleMethod::mus_cell, 0)) == "The interval is from 1 to 1000000000000000 cents.");
  const std::int64_t high = 900'000'000'000'000;
  CHECK(fault(frame_of(Rows(6000, high)), by_interval(SampleMethod::mus_interval, high + 1)) ==
        "The values add up to more than can be counted.");
}

TEST_CASE("a seed is plain text, trimmed and otherwise untouched; one on record has twenty digits") {
  const auto seed = [](std::string_view text) {
    const auto taken = take_seed(text);
    return std::holds_alternative<std::string>(taken) ? std::get<std::string>(taken) : "?";
  };
  CHECK(seed("  00 1 ") == "00 1");
  CHECK(seed("0") == "0");
  CHECK(seed("   ") == "?");
  CHECK(seed(std::string(200, 'x')) == std::string(200, 'x'));
  CHECK(seed(std::string(201, 'x')) == "?");
  std::string snow;
  for (int i = 0; i < 200; ++i) snow += "\xE2\x98\x83";
  CHECK(seed(snow) == snow);
  CHECK(seed("a\tb") == "?");
  CHECK(seed("a\xC2\x85z") == "?");
  CHECK(seed("\xFF") == "?");
  CHECK(std::holds_alternative<SamplingFault>(take_random_seed("1234567890 123456789")));
  CHECK(std::get<std::string>(take_random_seed(" 12345 67890 12345 67890 ")) == "12345 67890 12345 67890");
}

TEST_CASE("changes by hand stand apart from what was drawn") {
  const std::vector<DrawnRow> three{{5, 1, 1}, {2, 1, 2}, {9, 1, 3}};
  const auto change = [](std::int64_t row, bool add) { return ManualChange{row, add, "why", "who", "when"}; };
  CHECK(std::get<0>(sample_list(three, {}, 10)) == Rows{2, 5, 9});
  CHECK(std::get<0>(sample_list(three, {change(7, true), change(2, false)}, 10)) == Rows{5, 7, 9});
  CHECK(std::get<0>(sample_list(three, {change(5, true), change(4, false)}, 10)) == Rows{2, 5, 9});
  CHECK(std::get<1>(sample_list(three, {change(11, true)}, 10)).reason == "There is no row 11: the population has 10.");
}

// Random frames: rows as given, values with zeros, negatives and some large ones.
struct RandomRows {
  std::vector<FrameRow> rows;
};

RandomRows random_rows() {
  RandomRows all;
  const int count = *rc::gen::inRange(1, 60);
  for (int i = 0; i < count; ++i) {
    FrameRow row;
    row.entry_number = "AB" + std::to_string(*rc::gen::inRange(1, 8));
    row.line = i + 1;
    row.stratum = std::string(1, static_cast<char>('a' + *rc::gen::inRange(0, 4)));
    row.value_cents = *rc::gen::weightedOneOf<std::int64_t>({{6, rc::gen::inRange<std::int64_t>(1, 1000)},
                                                             {1, rc::gen::inRange<std::int64_t>(-50, 1)},
                                                             {1, rc::gen::inRange<std::int64_t>(1000, 9000)}});
    all.rows.push_back(row);
  }
  return all;
}

Frame in_order(std::vector<FrameRow> rows) {
  std::ranges::sort(rows, [](const FrameRow& a, const FrameRow& b) { return std::is_lt(frame_order(a, b)); });
  FrameColumns columns;
  for (const FrameRow& row : rows) columns.add(row);
  return columns.finish();
}

SampleParameters random_parameters(const Frame& frame) {
  SampleParameters parameters;
  parameters.method = static_cast<SampleMethod>(*rc::gen::inRange(0, 5));
  if (by_money(parameters.method))
    parameters.interval_cents = *rc::gen::inRange<std::int64_t>(1, 3000);
  else
    parameters.n = *rc::gen::inRange<std::int64_t>(1, static_cast<std::int64_t>(frame.rows()) + 1);
  parameters.allocation = static_cast<Allocation>(*rc::gen::inRange(0, 2));
  parameters.min_per_stratum = *rc::gen::inRange(0, 3);
  return parameters;
}

TEST_CASE("the sample does not know in which order the rows came") {
  rc::prop("shuffled rows give the same frame and sample", [] {
    const auto all = random_rows();
    auto shuffled = all.rows;
    for (std::size_t i = shuffled.size(); i > 1; --i) std::swap(shuffled[i - 1], shuffled[*rc::gen::inRange<std::size_t>(0, i)]);
    const Frame frame = in_order(all.rows), other = in_order(shuffled);
    RC_ASSERT(frame == other);
    const auto parameters = random_parameters(frame);
    const auto seed = *rc::gen::string<std::string>();
    const auto one = draw_sample(frame, parameters, seed), two = draw_sample(other, parameters, seed);
    RC_ASSERT(one.index() == two.index());
    if (const auto* draw = std::get_if<Draw>(&one)) RC_ASSERT(*draw == std::get<Draw>(two));
  });
}

TEST_CASE("samples are of the right size and hold each row once; strata sum up") {
  rc::prop("sizes", [] {
    const Frame frame = in_order(random_rows().rows);
    const auto parameters = random_parameters(frame);
    const auto result = draw_sample(frame, parameters, *rc::gen::string<std::string>());
    if (std::holds_alternative<SamplingFault>(result)) {
      RC_ASSERT(parameters.method == SampleMethod::stratified);
      return;
    }
    const Draw& draw = std::get<Draw>(result);
    const Rows rows = rows_of(draw);
    RC_ASSERT(std::set<std::int64_t>(rows.begin(), rows.end()).size() == rows.size());
    for (const auto row : rows) RC_ASSERT((row >= 1 && row <= static_cast<std::int64_t>(frame.rows())));
    if (!by_money(parameters.method)) RC_ASSERT(std::ssize(rows) == parameters.n);
    if (parameters.method != SampleMethod::stratified) return;
    RC_ASSERT(std::accumulate(draw.n_h.begin(), draw.n_h.end(), std::int64_t{0}) == parameters.n);
    const Rows sizes = stratum_sizes(frame);
    Rows found(sizes.size());
    for (const auto row : rows) ++found[frame.stratum[static_cast<std::size_t>(row) - 1]];
    RC_ASSERT(found == draw.n_h);
    for (std::size_t k = 0; k < sizes.size(); ++k) {
      RC_ASSERT(draw.n_h[k] <= sizes[k]);
      RC_ASSERT(draw.n_h[k] >= std::min(parameters.min_per_stratum, sizes[k]));
    }
  });
}

TEST_CASE("monetary unit sampling takes every row at or above the interval, and hits the rest once an interval") {
  rc::prop("certain rows and hits", [] {
    const Frame frame = in_order(random_rows().rows);
    const auto method = *rc::gen::element(SampleMethod::mus_interval, SampleMethod::mus_cell);
    const auto parameters = by_interval(method, *rc::gen::inRange<std::int64_t>(1, 3000));
    const Draw draw = drawn(frame, parameters, *rc::gen::string<std::string>());
    std::map<std::int64_t, std::int64_t> hits;
    for (const DrawnRow& one : draw.rows) hits[one.row] = one.hits;
    std::int64_t total = 0, all_hits = 0;
    for (std::size_t i = 0; i < frame.rows(); ++i) {
      const auto row = static_cast<std::int64_t>(i) + 1;
      const auto value = frame.value_cents[i];
      if (value >= parameters.interval_cents) {
        RC_ASSERT(hits.contains(row));
        RC_ASSERT(hits[row] == 0);
      } else if (value <= 0) {
        RC_ASSERT(!hits.contains(row));
        RC_ASSERT(std::ranges::find(draw.outside, row) != draw.outside.end());
      } else {
        total += value;
        if (hits.contains(row)) RC_ASSERT(hits[row] >= 1);
        all_hits += hits.contains(row) ? hits[row] : 0;
        RC_ASSERT((method == SampleMethod::mus_cell || !hits.contains(row) || hits[row] == 1));
      }
    }
    const auto whole = total / parameters.interval_cents;
    RC_ASSERT((all_hits == whole || all_hits == whole + 1));
  });
}

// Pearson's statistic of how often each row was drawn, against the probability it should have. The seeds are fixed: it cannot flake.
double chi_square(const Frame& frame, const SampleParameters& parameters, const std::vector<double>& probability, int seeds) {
  std::vector<int> times(frame.rows());
  for (int s = 0; s < seeds; ++s)
    for (const DrawnRow& one : drawn(frame, parameters, "seed " + std::to_string(s)).rows) ++times[static_cast<std::size_t>(one.row) - 1];
  double sum = 0;
  for (std::size_t i = 0; i < times.size(); ++i) {
    const double expected = seeds * probability[i];
    if (probability[i] >= 1) {
      CHECK(times[i] == seeds);
    } else if (probability[i] <= 0) {
      CHECK(times[i] == 0);
    } else {
      sum += (times[i] - expected) * (times[i] - expected) / (expected * (1 - probability[i]));
    }
  }
  return sum;  // about one a row that is neither certain nor outside
}

TEST_CASE("every row is drawn as often as it should be") {
  constexpr int seeds = 4000;
  const Frame forty = strata_frame({{"a", 20}, {"b", 12}, {"c", 8}});
  CHECK(chi_square(forty, sized(SampleMethod::simple, 10), std::vector<double>(40, 0.25), seeds) < 70);       // 40 degrees: 1 in 500
  CHECK(chi_square(forty, sized(SampleMethod::systematic, 10), std::vector<double>(40, 0.25), seeds) < 120);  // four lists of ten rows
  std::vector<double> shares(40, 0.25);                                                                       // 5, 3 and 2
  CHECK(chi_square(forty, sized(SampleMethod::stratified, 10), shares, seeds) < 70);
  const Rows values{7, 3, 4, 90, 0, 1, 8, 2, 6, 5, -4, 30, 25, 11, 29, 16};
  std::vector<double> by_value;
  for (const auto value : values) by_value.push_back(std::clamp(static_cast<double>(value) / 30.0, 0.0, 1.0));
  CHECK(chi_square(frame_of(values), by_interval(SampleMethod::mus_interval, 30), by_value, seeds) < 34);  // 12 degrees: 1 in 1,000
  double hits = 0;
  for (int s = 0; s < seeds; ++s)
    for (const DrawnRow& one : drawn(frame_of(values), by_interval(SampleMethod::mus_cell, 30), "seed " + std::to_string(s)).rows)
      hits += static_cast<double>(one.hits);
  CHECK(hits / seeds == Approx(117.0 / 30.0).epsilon(0.01));  // a row across two cells may be hit in both: the hits are in proportion
}

// The chance that a row of cents [at, at + value) is hit where each cell of `interval` cents has one hit: it is missed by every cell.
double chance_in_cells(std::int64_t at, std::int64_t value, std::int64_t interval) {
  double missed = 1;
  for (std::int64_t cell = at / interval; cell * interval < at + value; ++cell) {
    const auto overlap = std::min(at + value, (cell + 1) * interval) - std::max(at, cell * interval);
    missed *= 1 - static_cast<double>(overlap) / static_cast<double>(interval);
  }
  return 1 - missed;
}

TEST_CASE("by cells, a row is drawn as often as its cents and the ends of the cells say") {
  constexpr std::int64_t interval = 30;
  const Rows values{7, 3, 4, 90, 0, 1, 8, 2, 6, 5, -4, 30, 25, 11, 29, 16};
  std::vector<double> chances;
  std::int64_t at = 0;
  for (const auto value : values) {
    const bool lies_in_a_cell = value > 0 && value < interval;
    chances.push_back(lies_in_a_cell ? chance_in_cells(at, value, interval) : value > 0 ? 1.0 : 0.0);
    at += lies_in_a_cell ? value : 0;
  }
  CHECK(chi_square(frame_of(values), by_interval(SampleMethod::mus_cell, interval), chances, 4000) < 34);  // 12 degrees: 1 in 1,000
}

TEST_CASE("the chance of a row does not hang on its stratum's neighbours under Neyman either") {
  const Frame frame = frame_of({1, 5, 9, 100, 900, 1700, 2500, 3300}, {"a", "a", "a", "b", "b", "b", "b", "b"});
  SampleParameters parameters = sized(SampleMethod::stratified, 5);
  parameters.allocation = Allocation::neyman;
  REQUIRE(drawn(frame, parameters, "x").n_h == Rows{2, 3});
  CHECK(chi_square(frame, parameters, {2. / 3, 2. / 3, 2. / 3, .6, .6, .6, .6, .6}, 4000) < 27);  // 8 degrees: 1 in 1,400
}

TEST_CASE("a million rows are drawn in a moment") {
  FrameColumns columns;
  for (int i = 0; i < 1'000'000; ++i) columns.add(i % 3 == 0 ? "a" : "b", (i * 7919LL) % 1'000'003);
  const Frame frame = columns.finish();
  for (const auto method :
       {SampleMethod::simple, SampleMethod::systematic, SampleMethod::stratified, SampleMethod::mus_interval, SampleMethod::mus_cell}) {
    auto parameters = by_money(method) ? by_interval(method, 5'000'000'000) : sized(method, 100);
    parameters.allocation = Allocation::neyman;
    const auto begin = std::chrono::steady_clock::now();
    const auto rows = drawn(frame, parameters, "a million").rows.size();
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
    std::cout << "draw " << name_of(method) << ": " << rows << " of 1,000,000 rows in " << took.count() << " ms\n";
    CHECK((rows >= 99 && rows <= 101));
  }
}

}  // namespace
}  // namespace tradecase
