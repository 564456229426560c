// Sample sizes against the printed tables of the AICPA Audit Guide: Audit Sampling (2017), appendices A and C.
#include "workflows/sampling/size.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <string>
#include <vector>

namespace tradecase {
namespace {

Rate percent(double number) { return Rate{std::llround(number * 10'000)}; }

struct Column {
  double tolerable;
  std::vector<std::int64_t> sizes;  // by expected rate: 0 to 4 % by quarters, then 5, 6, … %
};

double expected_at(std::size_t place) { return place <= 16 ? 0.25 * static_cast<double>(place) : static_cast<double>(place) - 12; }

void check(const std::vector<Column>& table, double risk) {
  for (const Column& column : table)
    for (std::size_t place = 0; place < column.sizes.size(); ++place) {
      INFO("tolerable " << column.tolerable << " %, expected " << expected_at(place) << " %, risk " << risk << " %");
      const auto size = attribute_size(percent(column.tolerable), percent(expected_at(place)), percent(risk));
      CHECK(std::get<AttributeSize>(size).n == column.sizes[place]);
    }
}

TEST_CASE("attribute sizes are those of table A-1, risk 5 %") {
  check({{2, {149, 236, 313, 386, 590, 1030}},
         {3, {99, 157, 157, 208, 257, 303, 392, 562, 846, 1466}},
         {4, {74, 117, 117, 117, 156, 156, 192, 227, 294, 390, 513, 722, 1098, 1936}},
         {5, {59, 93, 93, 93, 93, 124, 124, 153, 181, 208, 234, 286, 361, 458, 624, 877, 1348}},
         {6, {49, 78, 78, 78, 78, 78, 103, 103, 127, 127, 150, 173, 195, 238, 280, 341, 421, 1580}},
         {7, {42, 66, 66, 66, 66, 66, 66, 88, 88, 88, 109, 109, 129, 148, 167, 185, 221, 478, 1832}},
         {8, {36, 58, 58, 58, 58, 58, 58, 77, 77, 77, 77, 95, 95, 112, 112, 129, 146, 240, 532}},
         {9, {32, 51, 51, 51, 51, 51, 51, 51, 68, 68, 68, 68, 84, 84, 84, 100, 100, 158, 266, 585}},
         {10, {29, 46, 46, 46, 46, 46, 46, 46, 46, 61, 61, 61, 61, 61, 76, 76, 89, 116, 179, 298, 649}}},
        5);
}

TEST_CASE("attribute sizes are those of table A-2, risk 10 %") {
  check({{4, {57, 96, 96, 96, 96, 132, 132, 166, 198, 262, 353, 471, 730, 1258}},
         {8, {28, 48, 48, 48, 48, 48, 48, 48, 48, 65, 65, 65, 65, 82, 82, 98, 98, 160, 349}},
         {10, {22, 38, 38, 38, 38, 38, 38, 38, 38, 38, 38, 52, 52, 52, 52, 52, 65, 78, 116, 199, 424}}},
        10);
}

TEST_CASE("where the table and the formula differ, the formula is kept in exact fractions") {
  CHECK(std::get<AttributeSize>(attribute_size(percent(5), percent(3.5), percent(10))).n == 400);   // 3.5 % of 400 is 14, not 15
  CHECK(std::get<AttributeSize>(attribute_size(percent(7), percent(3.25), percent(10))).n == 113);  // printed 112, whose luck is above 10 %
  const auto size = std::get<AttributeSize>(attribute_size(percent(5), percent(1), percent(5)));
  CHECK(size.n == 93);
  CHECK(size.deviations == 1);
  CHECK(size.reckoning.steps[0].value ==
        "\xE2\x8C\x88"
        "93 \xC2\xB7 1 %\xE2\x8C\x89 = 1");
  CHECK(size.reckoning.steps[1].name == "P(X \xE2\x89\xA4 1)");
}

TEST_CASE("monetary unit sizes are those of table C-1") {
  struct Line {
    double risk, ratio;
    std::vector<std::int64_t> sizes;  // tolerable 50, 30, 10, 8, 6, 5, 4, 3, 2, 1, 0.5 % of the book value
  };
  const std::vector<double> tolerable{50, 30, 10, 8, 6, 5, 4, 3, 2, 1, 0.5};
  const std::vector<Line> table{
      {5, 0, {6, 10, 30, 38, 50, 60, 75, 100, 150, 300, 600}},     {5, 0.1, {8, 13, 37, 46, 62, 74, 92, 123, 184, 368, 736}},
      {5, 0.2, {10, 16, 47, 58, 78, 93, 116, 155, 232, 463, 925}}, {5, 0.5, {24, 39, 116, 145, 193, 231, 289, 385, 577, 1154, 2308}},
      {10, 0, {5, 8, 24, 29, 39, 47, 58, 77, 116, 231, 461}},      {10, 0.4, {12, 20, 58, 72, 96, 115, 143, 191, 286, 572, 1144}},
      {25, 0.4, {6, 10, 29, 37, 49, 58, 73, 97, 145, 289, 578}},   {35, 0.6, {7, 12, 34, 43, 57, 68, 85, 113, 169, 338, 676}},
      {50, 0, {2, 3, 7, 9, 12, 14, 18, 24, 35, 70, 139}}};
  const std::int64_t book = 100'000'000;
  for (const Line& line : table)
    for (std::size_t i = 0; i < tolerable.size(); ++i) {
      INFO("risk " << line.risk << " %, ratio " << line.ratio << ", tolerable " << tolerable[i] << " %");
      const auto cents = static_cast<std::int64_t>(tolerable[i] * 1'000'000);
      const auto size = std::get<MonetarySize>(
          monetary_size(book, cents, static_cast<std::int64_t>(static_cast<double>(cents) * line.ratio), percent(line.risk)));
      CHECK(size.n == line.sizes[i]);
      CHECK(size.interval_cents == static_cast<std::int64_t>(static_cast<double>(cents) / size.factor));
    }
}

TEST_CASE("the monetary factor solves its equation") {
  CHECK(monetary_factor(0.2, 0.05) == Approx(4.6202).margin(0.00005));
  CHECK(monetary_factor(0, 0.05) == Approx(2.9957322736));  // -ln 0.05
  CHECK_THROWS_AS(monetary_factor(0.99999, 0.0001), std::domain_error);
}

TEST_CASE("a size that cannot be is refused in words") {
  const auto attribute = [](double tolerable, double expected, double risk) {
    return std::get<SamplingFault>(attribute_size(percent(tolerable), percent(expected), percent(risk))).reason;
  };
  CHECK(attribute(5, 5, 5).find("below the tolerable rate") != std::string::npos);
  CHECK(attribute(5, 1, 0).find("between 0 and 100 %") != std::string::npos);
  CHECK(attribute(5, 1, 100).find("between 0 and 100 %") != std::string::npos);
  CHECK(attribute(5, 4.99, 0.1).find("up to 100000 rows") != std::string::npos);
  const auto money = [](std::int64_t book, std::int64_t tolerable, std::int64_t expected) {
    return std::get<SamplingFault>(monetary_size(book, tolerable, expected, percent(5))).reason;
  };
  CHECK(money(0, 1, 0).find("book value") != std::string::npos);
  CHECK(money(100, 101, 0).find("no more than the book value") != std::string::npos);
  CHECK(money(100, 50, 50).find("below the tolerable one") != std::string::npos);
  CHECK(money(100, 2, 0).find("less than a cent") != std::string::npos);
}

TEST_CASE("rates are read exactly and shown without a tail") {
  const auto rate = [](std::string_view text) {
    const auto taken = take_rate(text, "The risk");
    return std::holds_alternative<Rate>(taken) ? std::get<Rate>(taken).millionths : -1;
  };
  CHECK(rate("3.5%") == 35'000);
  CHECK(rate(" 5 % ") == 50'000);
  CHECK(rate("0.035") == 35'000);
  CHECK(rate("1") == 1'000'000);
  CHECK(rate("0.0001%") == 1);
  for (const char* bad : {"", "%", "5", "-1%", "101%", "0.00001%", "1e-2", ".5", "5.", "0,05"}) CHECK(rate(bad) == -1);
  CHECK(shown(Rate{35'000}) == "3.5 %");
  CHECK(shown(Rate{50'000}) == "5 %");
  CHECK(shown(Rate{1}) == "0.0001 %");
  CHECK(shown_money(std::int64_t{-123456789}) == "-1,234,567.89");
  CHECK(shown_money(std::int64_t{5}) == "0.05");
  CHECK(shown_money(std::int64_t{100000}) == "1,000.00");
}

}  // namespace
}  // namespace tradecase
