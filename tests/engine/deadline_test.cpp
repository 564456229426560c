#include "engine/deadline.hpp"

#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>

#include "tests/engine/federal_holidays.hpp"

using namespace tradecase;
using std::chrono::days;
using Steps = std::vector<std::string>;

namespace {

DateRule window_opens(Date accepted, int cycle) {
  return {
      .name = "anl.window_opens", .anchor_name = "acceptance date", .anchor = accepted, .months = 12 * cycle, .also = {{"cycle", cycle}}};
}

DateRule due(Date accepted, int cycle) {
  return {.name = "anl.due",
          .anchor_name = "acceptance date",
          .anchor = accepted,
          .months = 12 * cycle + 1,
          .rolls = Rolls::to_business_day,
          .also = {{"cycle", cycle}}};
}

DateRule extended(Date due_day, int by_days) {
  return {.name = "anl.extension", .anchor_name = "due day in force", .anchor = due_day, .days = by_days, .rolls = Rolls::to_business_day};
}

DateRule counted_from(Date due_day, int by_days) {
  return {.name = "anl.ladder", .anchor_name = "due day in force", .anchor = due_day, .days = by_days};
}

Date arbitrary_day() { return Date{days{*rc::gen::inRange(7'305, 47'482)}}; }  // 1990 to 2099

DateRule arbitrary_rule() {
  return {.name = "some.rule",
          .anchor_name = "acceptance date",
          .anchor = arbitrary_day(),
          .months = *rc::gen::inRange(-60, 600),
          .days = *rc::gen::inRange(-200, 200),
          .rolls = *rc::gen::element(Rolls::no, Rolls::to_business_day),
          .also = {{"cycle", *rc::gen::inRange(1, 40)}}};
}

Calendar calendar_with_closures(Date near) {
  std::vector<Closure> closures;
  for (const auto offset : *rc::gen::container<std::vector<int>>(rc::gen::inRange(-3, 4)))
    closures.push_back({near + days{offset}, "closed by order"});
  return eastern_calendar(std::move(closures));
}

}  // namespace

TEST_CASE("the annual notification opens and falls due as the programme's calendar says") {
  struct Row {
    std::string accepted;
    int cycle;
    std::string opens, due;
  };
  const auto row = GENERATE(values<Row>({
      {"2024-01-31", 1, "2025-01-31", "2025-02-28"},  // the programme's own two examples
      {"2024-02-29", 1, "2025-02-28", "2025-03-31"},  // nominally March 29, a Saturday
      {"2024-01-31", 2, "2026-01-31", "2026-03-02"},  // the window's Saturday does not move, the due day's does
      {"2024-02-29", 4, "2028-02-29", "2028-03-29"},
      {"2024-06-04", 1, "2025-06-04", "2025-07-07"},  // Independence Day, a Friday
      {"2025-06-03", 1, "2026-06-03", "2026-07-06"},  // Independence Day observed
      {"2022-11-24", 1, "2023-11-24", "2023-12-26"},  // Sunday, then Christmas Day
      {"2020-12-01", 1, "2021-12-01", "2022-01-03"},  // New Year's Day, a Saturday
      {"2020-11-30", 1, "2021-11-30", "2021-12-30"},
      {"2020-11-30", 5, "2025-11-30", "2025-12-30"},
  }));
  CAPTURE(row.accepted, row.cycle);
  const auto calendar = eastern_calendar();
  CHECK(to_text(derive(window_opens(day(row.accepted), row.cycle), calendar).due_on) == row.opens);
  CHECK(to_text(derive(due(day(row.accepted), row.cycle), calendar).due_on) == row.due);
}

TEST_CASE("the calculation is told step by step") {
  const auto calendar = eastern_calendar({{day("2025-07-07"), "storm"}});
  const auto [rule, steps] = GENERATE_REF(table<DateRule, Steps>({
      {due(day("2024-01-31"), 1),
       {"acceptance date: January 31, 2024",
        "plus 13 months, counted in one step: February 28, 2025 (February 2025 has no 31st: its last day)",
        "February 28, 2025 is a Friday and a business day: it stands"}},
      {due(day("2024-02-29"), 1),
       {"acceptance date: February 29, 2024", "plus 13 months, counted in one step: March 29, 2025",
        "March 29, 2025 is a Saturday; March 30, 2025 is a Sunday; moved to the next business day: Monday, March 31, 2025"}},
      {window_opens(day("2024-02-29"), 1),
       {"acceptance date: February 29, 2024",
        "plus 12 months, counted in one step: February 28, 2025 (February 2025 has no 29th: its last day)"}},
      {due(day("2024-06-04"), 1),
       {"acceptance date: June 4, 2024", "plus 13 months, counted in one step: July 4, 2025",
        "Friday, July 4, 2025 is closed: Independence Day; July 5, 2025 is a Saturday; July 6, 2025 is a Sunday; Monday, July 7, 2025 is "
        "closed: storm; moved to the next business day: Tuesday, July 8, 2025"}},
      {extended(day("2025-02-28"), 60),
       {"due day in force: February 28, 2025", "plus 60 calendar days: April 29, 2025",
        "April 29, 2025 is a Tuesday and a business day: it stands"}},
      {counted_from(day("2025-02-28"), -14), {"due day in force: February 28, 2025", "minus 14 calendar days: February 14, 2025"}},
      {counted_from(day("2025-02-28"), 1),
       {"due day in force: February 28, 2025", "plus 1 calendar day: March 1, 2025",
        "March 1, 2025 is a Saturday; this day does not move"}},
      {counted_from(day("2025-02-28"), 0), {"due day in force: February 28, 2025"}},
      {{.name = "x", .anchor_name = "day of the notice", .anchor = day("2025-03-31"), .months = -1, .days = -1},
       {"day of the notice: March 31, 2025",
        "minus 1 month, counted in one step: February 28, 2025 (February 2025 has no 31st: its last day)",
        "minus 1 calendar day: February 27, 2025"}},
  }));
  CHECK(derive(rule, calendar).steps == steps);
}

TEST_CASE("the inputs are stored whole, with every closed day stepped over and why") {
  const auto derived = derive(due(day("2024-06-04"), 1), eastern_calendar());
  CHECK(derived.rule == "anl.due");
  CHECK(json::serialize(derived.inputs) ==
        R"({"anchor_name":"acceptance date","anchor":"2024-06-04","months":13,"days":0,"rolls":"to the next business day",)"
        R"("closed_days":[{"day":"2025-07-04","because":"Independence Day"},{"day":"2025-07-05","because":"Saturday"},)"
        R"({"day":"2025-07-06","because":"Sunday"}],"cycle":1})");

  const auto still = derive(counted_from(day("2025-02-28"), 1), eastern_calendar());
  CHECK(still.inputs.at("rolls") == "no");
  CHECK(still.inputs.at("closed_days").as_array().empty());
}

TEST_CASE("a further input may not take the name of one of the calculation") {
  auto rule = due(day("2024-06-04"), 1);
  rule.also["months"] = 99;
  CHECK_THROWS_AS(derive(rule, eastern_calendar()), std::invalid_argument);
}

TEST_CASE("a stored calculation gives the same day after the closures have changed") {
  const auto rule = due(day("2024-01-31"), 1);
  const auto before = derive(rule, eastern_calendar());
  const auto after = derive(rule, eastern_calendar({{day("2025-02-28"), "storm"}}));
  CHECK(to_text(after.due_on) == "2025-03-03");
  CHECK(recompute(before.rule, before.inputs) == day("2025-02-28"));
  CHECK(recompute(after.rule, after.inputs) == day("2025-03-03"));
}

TEST_CASE("inputs that derive did not write are refused") {
  const auto [name, value] = GENERATE(table<std::string, json::value>({
      {"anchor", nullptr},
      {"anchor", 20240604},
      {"anchor", "2024-02-30"},
      {"anchor", "6/4/2024"},
      {"months", "13"},
      {"months", 13.5},
      {"months", 9'000'000'000},
      {"months", 2'000'000'000},
      {"days", nullptr},
      {"days", -2'000'000'000},
      {"rolls", true},
      {"rolls", "yes"},
      {"rolls", "no"},  // but days were stepped over
      {"closed_days", nullptr},
      {"closed_days", "2025-07-04"},
      {"closed_days", {"2025-07-04"}},
      {"closed_days", {{{"day", "2025-07-05"}, {"because", "Saturday"}}}},  // July 4 is missing
      {"closed_days", {{{"because", "Saturday"}}}},
  }));
  CAPTURE(name, json::serialize(value));
  auto inputs = derive(due(day("2024-06-04"), 1), eastern_calendar()).inputs;
  REQUIRE(recompute("anl.due", inputs) == day("2025-07-07"));
  inputs[name] = value;
  CHECK_THROWS_AS(recompute("anl.due", inputs), std::invalid_argument);
  inputs.erase(name);
  CHECK_THROWS_AS(recompute("anl.due", inputs), std::invalid_argument);
}

TEST_CASE("a refused calculation names the rule and what is wrong") {
  CHECK_THROWS_WITH(recompute("anl.due", {}),
                    "The stored inputs of anl.due cannot be calculated: \"anchor\" is not a day written as 2026-12-22.");
}

TEST_CASE("laws of due dates") {
  rc::prop("the same inputs give the same derivation", [] {
    const auto rule = arbitrary_rule();
    RC_ASSERT(derive(rule, eastern_calendar()) == derive(rule, eastern_calendar()));
  });
  rc::prop("what is stored gives the same day, through a text and back, whatever was closed", [] {
    const auto rule = arbitrary_rule();
    const auto derived = derive(rule, calendar_with_closures(add_months(rule.anchor, rule.months) + days{rule.days}));
    const auto stored = json::parse(json::serialize(derived.inputs)).as_object();
    RC_ASSERT(recompute(derived.rule, stored) == derived.due_on);
  });
  rc::prop("a day that rolls is a business day, never earlier, within ten days; one that does not roll is as counted", [] {
    const auto rule = arbitrary_rule();
    const auto counted_to = add_months(rule.anchor, rule.months) + days{rule.days};
    const auto calendar = eastern_calendar();
    const auto due_on = derive(rule, calendar).due_on;
    const bool rolls = rule.rolls == Rolls::to_business_day;
    RC_ASSERT((rolls ? calendar.is_business_day(due_on) : due_on == counted_to));
    RC_ASSERT(counted_to <= due_on);
    RC_ASSERT(due_on < counted_to + days{10});
  });
  rc::prop("reminders and ladder steps stand in their order around the due day", [] {
    const auto calendar = eastern_calendar();
    const auto due_on = derive(due(arbitrary_day(), *rc::gen::inRange(1, 30)), calendar).due_on;
    auto last = due_on - days{61};
    for (const int step : {-60, -14, -7, -1, 0, 1, 15, 30, 60}) {
      const auto at = derive(counted_from(due_on, step), calendar).due_on;
      RC_ASSERT(at > last);
      RC_ASSERT(at - due_on == days{step});
      last = at;
    }
  });
  rc::prop("a cycle's days depend on the acceptance date and its number alone", [] {
    const auto accepted = arbitrary_day();
    const auto cycle = *rc::gen::inRange(1, 30);
    const auto calendar = eastern_calendar();
    const auto alone = derive(due(accepted, cycle), calendar);
    // A cycle before it, filed late and extended: nothing of it is an input of the next.
    const auto before = derive(due(accepted, cycle - 1), calendar).due_on;
    derive(extended(before, *rc::gen::element(30, 60, 90, 120)), calendar);
    RC_ASSERT(derive(due(accepted, cycle), calendar) == alone);
    RC_ASSERT(alone.inputs.at("anchor").as_string() == to_text(accepted));
    RC_ASSERT(derive(window_opens(accepted, cycle), calendar).due_on < alone.due_on);
    RC_ASSERT(before < alone.due_on);
  });
  rc::prop("an extension ends no earlier than its days", [] {
    const auto calendar = eastern_calendar();
    const auto from = calendar.business_day_from(arbitrary_day());
    const auto by = *rc::gen::element(30, 60, 90, 120);
    const auto to = derive(extended(from, by), calendar).due_on;
    RC_ASSERT(to >= from + days{by});
    RC_ASSERT(calendar.is_business_day(to));
  });
}
