// Each rule names the planted line and no other; the rules are data.
#include "workflows/sampling/hints.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/workflows/sampling/population_world.hpp"
#include "workflows/rules.hpp"

namespace tradecase {
namespace {

namespace fs = std::filesystem;
using testing::ordinal;

const fs::path shipped = fs::path(TRADECASE_HOME) / "workflows/sampling/hints.toml";

const HintRules& rules() {
  static const HintRules loaded = load_hint_rules(shipped);
  return loaded;
}

std::vector<Hint> hints_on(const std::vector<EntryLine>& rows) {
  HintFinder finder(rules());
  std::vector<Hint> hints;
  const auto pass = [&](const std::function<void(PopulationLine&)>& each) {
    Folding folding(each);
    for (EntryLine row : rows) folding.add(std::move(row));
    folding.finish();
  };
  pass([&](PopulationLine& line) { finder.see(line); });
  pass([&](PopulationLine& line) { finder.judge(line, [&](Hint&& hint) { hints.push_back(std::move(hint)); }); });
  return hints;
}

std::vector<int> lines_of(const std::vector<Hint>& hints, const std::string& rule) {
  std::vector<int> lines;
  for (const Hint& hint : hints)
    if (hint.rule == rule) lines.push_back(hint.line);
  return lines;
}

// Forty lines of one article: like prices, one maker.
std::vector<EntryLine> plain() {
  std::vector<EntryLine> rows;
  for (int i = 1; i <= 40; ++i) {
    EntryLine row = ordinal("AAA00000018", i, "6109100012", 100 * (1000 + 7 * i) + 3);
    row.country_of_origin = "VN";
    row.quantity = std::to_string(100 + i % 5);
    row.uom = "DOZ";
    row.manufacturer_id = "VNMAKER12HAN";
    rows.push_back(row);
  }
  return rows;
}

TEST_CASE("nothing is named where nothing stands out") { CHECK(hints_on(plain()).empty()); }

TEST_CASE("a value far from the others of its number is named, whichever side it lies on") {
  auto rows = plain();
  rows[4].value_cents *= 60;
  rows[9].value_cents /= 60;
  const auto hints = hints_on(rows);
  CHECK(lines_of(hints, "value_outlier") == std::vector<int>{5, 10});
  CHECK(hints.front().why.starts_with("value per DOZ $"));
  rows.resize(9);  // too few to know what is usual
  CHECK(lines_of(hints_on(rows), "value_outlier").empty());
}

TEST_CASE("a special programme that the origin does not belong to is named") {
  auto rows = plain();
  rows[2].spi = "KR";  // origin VN
  rows[3].spi = "S";
  rows[3].country_of_origin = "XO";  // Ontario
  rows[5].spi = "C";                 // no table: not judged
  const auto hints = hints_on(rows);
  CHECK(lines_of(hints, "origin_spi") == std::vector<int>{3});
}

TEST_CASE("another tariff number within a part is named, not the usual one") {
  auto rows = plain();
  rows[30].hts = "6109901007";
  CHECK(lines_of(hints_on(rows), "hts_change") == std::vector<int>{31});
  for (std::size_t i = 0; i < 20; ++i) rows[i].hts = "6109901007";  // two usual numbers: nobody knows which
  CHECK(lines_of(hints_on(rows), "hts_change").empty());
}

TEST_CASE("lines that look like one another are named, all of them") {
  auto rows = plain();
  EntryLine twin = rows[6];
  twin.line = 41;
  rows.push_back(twin);
  CHECK(lines_of(hints_on(rows), "duplicate") == std::vector<int>{7, 41});
}

TEST_CASE("a chapter 99 number that is missing or out of place is named") {
  std::vector<EntryLine> rows;
  for (EntryLine row : plain()) {
    row.country_of_origin = "CN";
    EntryLine companion = row;
    companion.hts = "99038815";
    companion.value_cents = 0;
    row.ordinal = 2;
    if (row.line != 12) rows.push_back(companion);
    rows.push_back(row);
  }
  CHECK(lines_of(hints_on(rows), "companion") == std::vector<int>{12});
  rows.back().country_of_origin = "VN";  // its companion stands before it
  const auto hints = hints_on(rows);
  CHECK(lines_of(hints, "companion") == std::vector<int>{12, 40});
}

TEST_CASE("a round value is named from the least amount on") {
  auto rows = plain();
  rows[0].value_cents = 1'000'000;  // $10,000
  rows[1].value_cents = 900'000;    // below the least
  rows[2].value_cents = 1'000'100;
  CHECK(lines_of(hints_on(rows), "round_value") == std::vector<int>{1});
}

TEST_CASE("hints are data with mark and source, and a slip in the file is named with its line") {
  for (const HintRule& rule : rules().rules) CHECK_FALSE((rule.title.empty() || rule.rule.empty() || rule.source.empty()));
  CHECK(rules().rules.size() == 6);
  CHECK(rules().rules.front().rule.find("more than 3.5 scaled") != std::string::npos);  // the figures stand in the words
  CHECK(rules().rules.back().rule == "The value of the line is a whole multiple of $1,000 and at least $10,000.");
  for (const HintRule& rule : rules().rules) CHECK(rule.rule.find_first_of("{}") == std::string::npos);
  std::ifstream in(shipped);
  std::ostringstream text;
  text << in.rdbuf();
  const auto told = [&](const std::string& what, const std::string& by) -> std::string {
    std::string changed = text.str();
    const auto at = changed.find(what);
    REQUIRE(at != std::string::npos);
    changed.replace(at, what.size(), by);
    const fs::path file = fs::temp_directory_path() / ("hints-" + std::to_string(getpid()) + ".toml");
    std::ofstream(file) << changed;
    std::string said;
    try {
      load_hint_rules(file);
    } catch (const RulesError& error) {
      said = error.what();
    }
    fs::remove(file);
    return said;
  };
  CHECK(told("least_lines = 10", "least_lines = 1").find("must be a whole number from 3 to 100000") != std::string::npos);
  CHECK(told("score_tenths = 35", "score_tenth = 35").find("unknown name \"score_tenth\"") != std::string::npos);
  CHECK(told("with fewer than {least_lines}", "with fewer than {most_lines}").find("[value_outlier] name a figure") != std::string::npos);
  CHECK(told("[duplicate]", "[duplicates]").find("the table [duplicate] is missing") != std::string::npos);
  CHECK(told("mark = \"R\"", "mark = \"X\"").find("must be \"C\", \"A\" or \"R\"") != std::string::npos);
  CHECK_FALSE(told("codes = [\"AU\"]", "codes = \"AU\"").empty());
}

}  // namespace
}  // namespace tradecase
