#include "engine/rules.hpp"

#include <catch2/catch.hpp>

#include "engine/nearest.hpp"

using namespace tradecase;

namespace {

Rules sample() {
  return Rules({
      {"anl.cycle_months", 12, Mark::confirmed, "a paper", "How long a cycle is."},
      {"anl.reminder_days", json::array{-14, -7, 0}, Mark::assumption, "us", "When to remind."},
      {"programme.name", "CTPAT Trade Compliance", Mark::confirmed, "a paper", "Its name."},
      {"risk.levels", json::array{"low", "high"}, Mark::recalled, "a notice", "The levels."},
      {"letters.signed", true, Mark::assumption, "us", "Whether letters are signed."},
      {"membership.aggravated_codes", json::array{}, Mark::assumption, "us", "None."},
  });
}

}  // namespace

TEST_CASE("a rule is looked up by key and type") {
  const Rules rules = sample();
  CHECK(rules.number("anl.cycle_months") == 12);
  CHECK(rules.numbers("anl.reminder_days") == std::vector<int>{-14, -7, 0});
  CHECK(rules.text("programme.name") == "CTPAT Trade Compliance");
  CHECK(rules.texts("risk.levels") == std::vector<std::string>{"low", "high"});
  CHECK(rules.yes("letters.signed"));
  CHECK(rules.texts("membership.aggravated_codes").empty());
  CHECK(rules.numbers("membership.aggravated_codes").empty());
}

TEST_CASE("a rule tells its mark, source and meaning") {
  const Rules rules = sample();
  const Rule& rule = rules.rule("risk.levels");
  CHECK(rule.mark == Mark::recalled);
  CHECK(rule.source == "a notice");
  CHECK(rule.meaning == "The levels.");
  CHECK(rules.all().size() == 6);
  CHECK(rules.all().front().key == "anl.cycle_months");
  CHECK(rules.has("programme.name"));
  CHECK_FALSE(rules.has("programme"));
}

TEST_CASE("rules copied and moved answer the same") {
  Rules rules = sample();
  const Rules copy = rules;
  const Rules moved = std::move(rules);
  CHECK(copy.rule("risk.levels").source == "a notice");
  CHECK(moved.texts("risk.levels") == copy.texts("risk.levels"));
}

TEST_CASE("an unknown key or another type is a bug") {
  const Rules rules = sample();
  CHECK_THROWS_AS(rules.number("anl.cycle_month"), std::logic_error);
  CHECK_THROWS_AS(rules.rule(""), std::logic_error);
  CHECK_THROWS_AS(rules.text("anl.cycle_months"), std::logic_error);
  CHECK_THROWS_AS(rules.numbers("anl.cycle_months"), std::logic_error);
  CHECK_THROWS_AS(rules.number("anl.reminder_days"), std::logic_error);
  CHECK_THROWS_AS(rules.numbers("risk.levels"), std::logic_error);
  CHECK_THROWS_AS(rules.yes("programme.name"), std::logic_error);
  CHECK_THROWS_AS(rules.number("membership.aggravated_codes"), std::logic_error);
}

TEST_CASE("rules that cannot be read are a bug") {
  const auto one = [](json::value value) { return Rules({{"a.b", std::move(value), Mark::assumption, "", ""}}); };
  CHECK_THROWS_AS(one(nullptr), std::logic_error);
  CHECK_THROWS_AS(one(1.5), std::logic_error);
  CHECK_THROWS_AS(one(json::object{}), std::logic_error);
  CHECK_THROWS_AS(one(json::array{1, "two"}), std::logic_error);
  CHECK_THROWS_AS(one(std::int64_t{5'000'000'000}), std::logic_error);
  const Rule rule{"a.b", 1, Mark::assumption, "", ""};
  CHECK_THROWS_WITH(Rules({rule, rule}), Catch::Contains("a.b is given twice"));
}

TEST_CASE("marks are one letter in files and one word for people") {
  CHECK(parse_mark("C") == Mark::confirmed);
  CHECK(parse_mark("A") == Mark::assumption);
  CHECK(parse_mark("R") == Mark::recalled);
  for (const char* text : {"", "c", "CA", "X", "confirmed"}) CHECK_FALSE(parse_mark(text));
  for (const Mark mark : {Mark::confirmed, Mark::assumption, Mark::recalled}) CHECK(parse_mark(letter(mark)) == mark);
  CHECK(word(Mark::recalled) == "recalled");
}

TEST_CASE("the nearest known name is offered where one was meant") {
  const std::vector<std::string> known{"anl.cycle_months", "anl.prepare_months", "anl.return_days"};
  CHECK(nearest("anl.cycle_month", known) == "anl.cycle_months");
  CHECK(nearest("anl.retrun_days", known) == "anl.return_days");
  CHECK(nearest("something.else.entirely", known).empty());
  CHECK(nearest("", known).empty());
  CHECK(nearest(std::string(100'000, 'a'), known).empty());
  CHECK(did_you_mean("anl.cycl_months", known) == " (did you mean \"anl.cycle_months\"?)");
  CHECK(did_you_mean("zzz", known).empty());
}
