// The calendar of the annual notification letter against the programme's examples, and its laws.
#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>

#include "tests/workflows/table.hpp"
#include "workflows/annual_notification/dates.hpp"

using namespace tradecase;
using namespace tradecase::testing;
using std::chrono::days;

namespace {

Date window(std::string_view acceptance, int cycle) {
  return anl::window_opens(day(acceptance), cycle, shipped_calendar(), shipped_rules()).due_on;
}
Derivation due(Date acceptance, int cycle) { return anl::due(acceptance, cycle, shipped_calendar(), shipped_rules()); }
Date due(std::string_view acceptance, int cycle) { return due(day(acceptance), cycle).due_on; }

Date any_acceptance() { return day("2002-06-17") + days{*rc::gen::inRange(0, 365 * 40)}; }

bool rolled(const Derivation& derived) { return !derived.inputs.at("closed_days").as_array().empty(); }

}  // namespace

TEST_CASE("window and due day are counted in one step from the acceptance date") {
  struct Sample {
    std::string_view acceptance;
    int cycle;
    std::string_view window, due;
  };
  for (const auto& [acceptance, cycle, opens, due_on] : {
           Sample{"2024-01-31", 1, "2025-01-31", "2025-02-28"},
           Sample{"2024-02-29", 1, "2025-02-28", "2025-03-31"},  // the 29th is a Saturday
           Sample{"2024-02-29", 4, "2028-02-29", "2028-03-29"}, Sample{"2024-03-15", 1, "2025-03-15", "2025-04-15"},
           Sample{"2024-03-15", 2, "2026-03-15", "2026-04-15"},
           Sample{"2024-06-04", 1, "2025-06-04", "2025-07-07"},  // Independence Day, weekend
           Sample{"2023-11-23", 1, "2024-11-23", "2024-12-23"}, Sample{"2023-11-25", 1, "2024-11-25", "2024-12-26"},  // Christmas Day
           Sample{"2020-12-20", 3, "2023-12-20", "2024-01-22"},                                                       // Saturday
           Sample{"2021-12-15", 1, "2022-12-15", "2023-01-17"},  // Sunday, King's birthday
       }) {
    INFO(acceptance << " cycle " << cycle);
    CHECK(to_text(window(acceptance, cycle)) == opens);
    CHECK(to_text(due(acceptance, cycle)) == due_on);
  }
}

TEST_CASE("each rule of the calendar has its stable name and can be recomputed from its inputs") {
  const Date from = day("2025-04-15");
  const Calendar& calendar = shipped_calendar();
  const std::pair<std::string, Derivation> all[] = {
      {"anl.window_opens", anl::window_opens(day("2024-03-15"), 1, calendar, shipped_rules())},
      {"anl.due", due(day("2024-03-15"), 1)},
      {"anl.extension", anl::extended(from, 60, 1, calendar)},
      {"anl.return", anl::return_due(from, 30, 1, calendar)},
      {"anl.reminder", anl::reminder(from, -14, 1, calendar)},
      {"anl.ladder", anl::ladder_step(from, 15, 1, calendar)},
  };
  for (const auto& [name, derived] : all) {
    CHECK(derived.rule == name);
    CHECK(derived.inputs.at("cycle").as_int64() == 1);
    CHECK(recompute(derived.rule, derived.inputs) == derived.due_on);
  }
}

TEST_CASE("reminders and ladder count calendar days and stand on weekends") {
  const Calendar& calendar = shipped_calendar();
  CHECK(anl::reminder(day("2025-04-15"), -3, 1, calendar).due_on == day("2025-04-12"));    // Saturday
  CHECK(anl::ladder_step(day("2025-04-15"), 4, 1, calendar).due_on == day("2025-04-19"));  // Saturday
  CHECK(anl::extended(day("2025-04-15"), 60, 1, calendar).due_on == day("2025-06-16"));    // the 14th is a Saturday
  CHECK(anl::return_due(day("2025-04-15"), 30, 1, calendar).due_on == day("2025-05-15"));
  CHECK(anl::reminder_name(-14) == "reminder:-14");
  CHECK(anl::reminder_name(0) == "reminder:0");
  CHECK(anl::ladder_name(15) == "ladder:+15");
}

TEST_CASE("the calendar puts a cycle before its window, in it, or past its due day") {
  using anl::Place;
  const auto place = [](std::string_view on) { return anl::place_of(day("2024-03-15"), 1, day(on), shipped_calendar(), shipped_rules()); };
  CHECK(place("2025-03-14") == Place::ahead);
  CHECK(place("2025-03-15") == Place::open);
  CHECK(place("2025-04-15") == Place::open);
  CHECK(place("2025-04-16") == Place::overdue);
}

TEST_CASE("a member is carried over into the cycle that the calendar or the last acceptance names") {
  const auto first = [](std::string_view acceptance, std::string_view on) {
    return anl::first_cycle_due_on_or_after(day(acceptance), day(on), shipped_calendar(), shipped_rules());
  };
  CHECK(first("2024-03-15", "2024-03-15") == 1);
  CHECK(first("2024-03-15", "2025-04-15") == 1);
  CHECK(first("2024-03-15", "2025-04-16") == 2);
  CHECK(first("2024-06-04", "2025-07-07") == 1);  // the nominal day is July 4; the moved one counts
  CHECK(first("2002-06-17", "2026-01-14") == 24);

  const auto settled = [](std::string_view acceptance, std::string_view on) {
    return anl::settled_cycle(day(acceptance), day(on), shipped_rules());
  };
  CHECK(settled("2024-03-15", "2024-12-31") == 0);
  CHECK(settled("2024-03-15", "2025-03-14") == 0);
  CHECK(settled("2024-03-15", "2025-03-15") == 1);
  CHECK(settled("2024-03-15", "2026-03-14") == 1);
  CHECK(settled("2024-03-15", "2026-03-15") == 2);
  CHECK(settled("2024-02-29", "2025-02-28") == 1);
}

TEST_CASE("laws of the calendar") {
  rc::prop("the same inputs give the same day, a business day, and say how", [] {
    const Date acceptance = any_acceptance();
    const int cycle = *rc::gen::inRange(1, 60);
    const Derivation first = due(acceptance, cycle);
    RC_ASSERT(first == due(acceptance, cycle));
    RC_ASSERT(recompute(first.rule, first.inputs) == first.due_on);
    RC_ASSERT(shipped_calendar().is_business_day(first.due_on));
    RC_ASSERT(!first.steps.empty());
  });
  rc::prop("the window opens before the due day, and cycles follow one another", [] {
    const Date acceptance = any_acceptance();
    const int cycle = *rc::gen::inRange(1, 60);
    const Date opens = anl::window_opens(acceptance, cycle, shipped_calendar(), shipped_rules()).due_on;
    RC_ASSERT(opens < due(acceptance, cycle).due_on);
    RC_ASSERT(due(acceptance, cycle).due_on < due(acceptance, cycle + 1).due_on);
    RC_ASSERT(opens == add_months(acceptance, 12 * cycle));
    if (!rolled(due(acceptance, cycle))) RC_ASSERT(due(acceptance, cycle).due_on == add_months(acceptance, 12 * cycle + 1));
  });
  rc::prop("the first cycle due on or after a day is the first one", [] {
    const Date acceptance = any_acceptance();
    const Date on = acceptance + days{*rc::gen::inRange(0, 365 * 20)};
    const int cycle = anl::first_cycle_due_on_or_after(acceptance, on, shipped_calendar(), shipped_rules());
    RC_ASSERT(due(acceptance, cycle).due_on >= on);
    if (cycle > 1) RC_ASSERT(due(acceptance, cycle - 1).due_on < on);
  });
  rc::prop("the ladder's steps are in order and after the due day", [] {
    const Date due_on = any_acceptance();
    Date before = due_on;
    for (const anl::LadderStep& step : anl::ladder(shipped_rules())) {
      const Date on = anl::ladder_step(due_on, step.day, 1, shipped_calendar()).due_on;
      RC_ASSERT(on > before);
      before = on;
    }
  });
}
