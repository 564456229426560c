// Projections against worked examples of the literature.
#include "workflows/sampling/projection.hpp"

#include <catch2/catch.hpp>

#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <string>
#include <vector>

namespace tradecase {
namespace {

constexpr Rate ninety_five{950'000};

// Book and audited value in cents become an item with at most one error.
ReviewedItem item(std::int64_t row, std::int64_t book, std::int64_t audited, std::string stratum = "") {
  ReviewedItem one;
  one.row = row;
  one.stratum = std::move(stratum);
  one.book_cents = book;
  if (book > audited) one.errors.push_back({book - audited, ErrorDirection::overstated, "valuation"});
  if (book < audited) one.errors.push_back({audited - book, ErrorDirection::understated, "valuation"});
  return one;
}

Projection projected(Estimator estimator, ErrorSide side, const std::vector<StratumTotals>& strata, const std::vector<ReviewedItem>& items,
                     Rate confidence = ninety_five) {
  auto result = project(estimator, side, strata, items, confidence);
  if (auto* fault = std::get_if<SamplingFault>(&result)) throw std::runtime_error(fault->reason);
  return std::get<Projection>(result);
}

double t_of(double degrees, double confidence) {
  return boost::math::quantile(boost::math::complement(boost::math::students_t(degrees), (1 - confidence) / 2));
}

// Scheaffer, Mendenhall and Ott, Elementary Survey Sampling, example 6.10: 180 inventory items, book value 13,320, ten of them audited.
const std::vector<std::int64_t> audited{9, 14, 7, 29, 45, 109, 40, 238, 60, 170}, booked{10, 12, 8, 26, 47, 112, 36, 240, 59, 167};

std::vector<ReviewedItem> inventory() {
  std::vector<ReviewedItem> items;
  for (std::size_t i = 0; i < booked.size(); ++i)
    items.push_back(item(static_cast<std::int64_t>(i) + 1, booked[i] * 100, audited[i] * 100));
  return items;
}
const std::vector<StratumTotals> inventory_totals{{"", 180, 1'332'000}};

TEST_CASE("the difference estimate is that of the inventory example") {
  const Projection found = projected(Estimator::difference, ErrorSide::net, inventory_totals, inventory());
  CHECK(13'320 - found.point_cents / 100 == Approx(74.4 * 180));                             // mean audited value 74.4
  CHECK(std::pow(found.standard_error_cents / 100 / 180, 2) == Approx(0.59).margin(0.005));  // its variance, as printed
  CHECK(found.degrees_of_freedom == Approx(9));
  CHECK(found.high_cents - found.point_cents == Approx(t_of(9, 0.95) * found.standard_error_cents));
  CHECK(found.point_cents - *found.low_cents == Approx(found.high_cents - found.point_cents));
  CHECK(found.reckoning.notes.size() == 1);
}

TEST_CASE("offsets are shown apart and add up to the net figure") {
  for (const auto estimator : {Estimator::difference, Estimator::ratio}) {
    const auto net = projected(estimator, ErrorSide::net, inventory_totals, inventory());
    const auto over = projected(estimator, ErrorSide::overstated, inventory_totals, inventory());
    const auto under = projected(estimator, ErrorSide::understated, inventory_totals, inventory());
    CHECK(over.point_cents > 0);
    CHECK(under.point_cents > 0);
    CHECK(over.point_cents - under.point_cents == Approx(net.point_cents));
  }
  const auto over = projected(Estimator::difference, ErrorSide::overstated, inventory_totals, inventory());
  CHECK(over.point_cents == Approx(18'000.0 * (1 + 1 + 2 + 3 + 2) / 10));
}

TEST_CASE("the ratio estimate is book times the ratio of the sums") {
  const Projection found = projected(Estimator::ratio, ErrorSide::net, inventory_totals, inventory());
  CHECK(1'332'000 - found.point_cents == Approx(1'332'000.0 * 721 / 717));
  double squares = 0;
  for (std::size_t i = 0; i < booked.size(); ++i) {
    const double rest = 100 * (static_cast<double>(audited[i]) - 721.0 / 717 * static_cast<double>(booked[i]));
    squares += rest * rest;
  }
  CHECK(found.standard_error_cents == Approx(180 * std::sqrt((1 - 10.0 / 180) * squares / 9 / 10)));
}

TEST_CASE("mean per unit is that of Cochran's petition sheets") {
  // Sampling Techniques, section 2.7: 676 sheets, 50 counted; total 19,888, 80 % limits by the normal deviate 18,107 and 21,669.
  const std::vector<std::pair<int, int>> counted{{42, 23}, {41, 4}, {36, 1}, {32, 1}, {29, 1}, {27, 2}, {23, 1}, {19, 1}, {16, 2}, {15, 2},
                                                 {14, 1},  {11, 1}, {10, 1}, {9, 1},  {7, 1},  {6, 3},  {5, 2},  {4, 1},  {3, 1}};
  std::vector<ReviewedItem> items;
  for (const auto& [signatures, sheets] : counted)
    for (int i = 0; i < sheets; ++i) items.push_back(item(std::ssize(items) + 1, 4200, signatures * 100));
  REQUIRE(items.size() == 50);
  const std::int64_t book = 676 * 4200;
  const Projection found = projected(Estimator::mean_per_unit, ErrorSide::net, {{"", 676, book}}, items, Rate{800'000});
  const double total = (static_cast<double>(book) - found.point_cents) / 100;
  CHECK(total == Approx(19'888).margin(0.5));
  CHECK(total - 1.28 * found.standard_error_cents / 100 == Approx(18'107).margin(2));
  CHECK(total + 1.28 * found.standard_error_cents / 100 == Approx(21'669).margin(2));
  CHECK(found.high_cents - found.point_cents == Approx(t_of(49, 0.8) * found.standard_error_cents));
}

TEST_CASE("a stratified estimate is that of the television example, with Satterthwaite's degrees of freedom") {
  // Scheaffer, Mendenhall and Ott, examples 5.1 to 5.4: mean 27.7 hours with variance 1.97, total 8,579.
  const std::vector<std::pair<std::string, std::vector<std::int64_t>>> hours{
      {"A", {35, 43, 36, 39, 28, 28, 29, 25, 38, 27, 26, 32, 29, 40, 35, 41, 37, 31, 45, 34}},
      {"B", {27, 15, 4, 41, 49, 25, 10, 30}},
      {"rural", {8, 14, 12, 15, 30, 32, 21, 20, 34, 7, 11, 24}}};
  std::vector<ReviewedItem> items;
  for (const auto& [town, watched] : hours)
    for (const auto hour : watched) items.push_back(item(std::ssize(items) + 1, 5000, hour * 100, town));
  const std::vector<StratumTotals> strata{{"A", 155, 155 * 5000}, {"B", 62, 62 * 5000}, {"rural", 93, 93 * 5000}};
  const Projection found = projected(Estimator::mean_per_unit, ErrorSide::net, strata, items);
  CHECK((310.0 * 5000 - found.point_cents) / 100 == Approx(8'579).margin(0.5));
  CHECK(std::pow(found.standard_error_cents / 100 / 310, 2) == Approx(1.97).margin(0.01));
  CHECK(found.degrees_of_freedom == Approx(21.09).margin(0.01));
  CHECK(found.high_cents - found.point_cents == Approx(t_of(found.degrees_of_freedom, 0.95) * found.standard_error_cents));
  const Projection same = projected(Estimator::difference, ErrorSide::net, strata, items);  // of equal book values the same
  CHECK(same.point_cents == Approx(found.point_cents));
  CHECK(same.standard_error_cents == Approx(found.standard_error_cents));
}

TEST_CASE("a stratum looked at whole adds its errors and no doubt") {
  const std::vector<ReviewedItem> items{item(1, 1000, 900, "a"), item(2, 500, 500, "b"), item(3, 500, 400, "b"), item(4, 500, 300, "b")};
  const std::vector<StratumTotals> strata{{"a", 1, 1000}, {"b", 30, 15'000}};
  const Projection found = projected(Estimator::difference, ErrorSide::net, strata, items);
  CHECK(found.point_cents == Approx(100 + 30 * 100));
  CHECK(found.degrees_of_freedom == Approx(2));
  CHECK(found.standard_error_cents == Approx(std::sqrt(30.0 * 27 / 3 * 100 * 100)));
  const Projection whole = projected(Estimator::difference, ErrorSide::net, {{"a", 1, 1000}}, {items[0]});
  CHECK(whole.high_cents == Approx(100));
  CHECK(*whole.low_cents == Approx(100));
}

TEST_CASE("the Stringer bound is that of the worked example") {
  // Book value 13,500,000, 145 hits, taints 1, 0.2 and 0.04.
  std::vector<ReviewedItem> items{item(1, 1000, 0), item(2, 1000, 800), item(3, 1000, 960)};
  for (int row = 4; row <= 145; ++row) items.push_back(item(row, 1000, 1000));
  const double interval = 1'350'000'000.0 / 145;
  const auto found = std::get<Projection>(stringer_bound(ErrorSide::overstated, interval, items, ninety_five));
  CHECK(found.high_cents == Approx(47'599'742).margin(1));
  CHECK(found.point_cents == Approx(interval * 1.24));
  CHECK_FALSE(found.low_cents);
  const auto under = std::get<Projection>(stringer_bound(ErrorSide::understated, interval, items, ninety_five));
  CHECK(under.high_cents == Approx(interval * 2.995732));
  CHECK(under.point_cents == 0);
}

TEST_CASE("the Stringer bound takes certain rows at their own amount and each hit by itself") {
  // Messier, Glover and Prawitt's health-care example in outline: interval 26,882; printed factors 3.0, 4.7, 6.2, 7.6 rounded.
  ReviewedItem certain = item(9, 3'254'900, 3'004'900);
  certain.hits = 0;
  std::vector<ReviewedItem> items{item(1, 2'189'300, 1'860'900), item(2, 670'500, 402'300), item(3, 1'500'000, 0), certain};
  const auto found = std::get<Projection>(stringer_bound(ErrorSide::overstated, 2'688'200, items, ninety_five));
  CHECK(found.high_cents == Approx(250'000 + 2'688'200 * (3.0 + 1.7 * 1 + 1.5 * 0.4 + 1.4 * 0.15)).epsilon(0.02));
  CHECK(found.point_cents == Approx(250'000 + 2'688'200 * (1 + 0.4 + 0.15)));
  items[2].hits = 2;
  const auto twice = std::get<Projection>(stringer_bound(ErrorSide::overstated, 2'688'200, items, ninety_five));
  CHECK(twice.point_cents == Approx(250'000 + 2'688'200 * (2 + 0.4 + 0.15)));
}

TEST_CASE("what cannot be projected is said") {
  const auto said = [](Estimator estimator, const std::vector<StratumTotals>& strata, const std::vector<ReviewedItem>& items) {
    return std::get<SamplingFault>(project(estimator, ErrorSide::net, strata, items, ninety_five)).reason;
  };
  CHECK(said(Estimator::difference, {{"", 5, 500}}, {}) == "No row of the sample has been looked at yet.");
  CHECK(said(Estimator::difference, {{"", 5, 500}}, {item(1, 100, 100)}) == "The population needs at least two rows looked at; it has 1.");
  CHECK(said(Estimator::difference, {{"", 5, 500}}, {item(1, 100, 100), item(1, 100, 100)}) == "Row 1 is listed twice.");
  CHECK(said(Estimator::difference, {{"", 1, 500}}, {item(1, 100, 100), item(2, 100, 100)}) ==
        "The population has 1 rows, yet 2 were looked at.");
  CHECK(said(Estimator::ratio, {{"", 5, 500}}, {item(1, 0, 100), item(2, 0, 100)}) ==
        "The population: the rows looked at have no book value to divide by.");
  CHECK(said(Estimator::difference, {{"", 5, 500}}, {item(1, 1, 1), item(2, 1, 1), item(3, 1, 1, "x")}) ==
        "Row 3 lies in a stratum that the population does not have.");
  ReviewedItem nothing = item(1, 100, 100);
  nothing.errors.push_back({0, ErrorDirection::overstated, ""});
  CHECK(said(Estimator::difference, {{"", 1, 100}}, {nothing}).find("more than 0") != std::string::npos);
  CHECK(std::holds_alternative<SamplingFault>(stringer_bound(ErrorSide::net, 100, {item(1, 1, 1)}, ninety_five)));
  CHECK(std::holds_alternative<SamplingFault>(stringer_bound(ErrorSide::overstated, 0, {item(1, 1, 1)}, ninety_five)));
  CHECK(std::holds_alternative<SamplingFault>(stringer_bound(ErrorSide::overstated, 9, {item(1, 0, 0)}, ninety_five)));
}

TEST_CASE("errors are added up by their causes") {
  ReviewedItem two = item(1, 1000, 900);
  two.errors.push_back({30, ErrorDirection::understated, "classification"});
  two.errors.push_back({5, ErrorDirection::overstated, "valuation"});
  CHECK(totals_by_cause({two, item(2, 1000, 1001)}) == std::vector<CauseTotal>{{"classification", 1, 0, 30}, {"valuation", 2, 105, 1}});
}

}  // namespace
}  // namespace tradecase
