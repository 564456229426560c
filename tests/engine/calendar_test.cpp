#include "engine/calendar.hpp"

#include <rapidcheck/catch.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

#include "tests/engine/federal_holidays.hpp"

using namespace tradecase;
using namespace std::chrono_literals;
namespace chrono = std::chrono;
using chrono::days;

namespace {

// The closed weekdays of a year as "01-01 01-20 …", a day that is only observed with a "*" after it.
std::string closed_weekdays(const Calendar& calendar, int year) {
  std::string list;
  const chrono::year first{year};
  for (Date date{first / 1 / 1}; date < Date{(first + chrono::years{1}) / 1 / 1}; date += days{1}) {
    const auto because = calendar.closed_because(date);
    if (!because || *because == weekday_name(date)) continue;
    if (!list.empty()) list += ' ';
    list += to_text(date).substr(5);
    if (because->ends_with(" (observed)")) list += '*';
  }
  return list;
}

// The law rather than the time zone data: 15 U.S.C. 260a as in force in 1987 and from 2007 on. Clocks change at two in the
// morning, so the midnight of the Sunday itself is still the old time.
bool midnight_is_in_daylight_time(Date date) {
  const chrono::year year = chrono::year_month_day{date}.year();
  const bool since_2007 = year >= chrono::year{2007};
  const Date begins{since_2007 ? chrono::sys_days{year / 3 / chrono::Sunday[2]}.time_since_epoch()
                               : chrono::sys_days{year / 4 / chrono::Sunday[1]}.time_since_epoch()};
  const Date ends{since_2007 ? chrono::sys_days{year / 11 / chrono::Sunday[1]}.time_since_epoch()
                             : chrono::sys_days{year / 10 / chrono::Sunday[chrono::last]}.time_since_epoch()};
  return begins < date && date <= ends;
}

Date arbitrary_day() { return Date{days{*rc::gen::inRange(7'305, 47'482)}}; }  // 1990 to 2099

}  // namespace

TEST_CASE("the days on which federal offices are closed are those that OPM published") {
  const auto [year, closed] = GENERATE(table<int, std::string>({
      {2020, "01-01 01-20 02-17 05-25 07-03* 09-07 10-12 11-11 11-26 12-25"},
      {2021, "01-01 01-18 02-15 05-31 06-18* 07-05* 09-06 10-11 11-11 11-25 12-24* 12-31*"},
      {2022, "01-17 02-21 05-30 06-20* 07-04 09-05 10-10 11-11 11-24 12-26*"},
      {2023, "01-02* 01-16 02-20 05-29 06-19 07-04 09-04 10-09 11-10* 11-23 12-25"},
      {2024, "01-01 01-15 02-19 05-27 06-19 07-04 09-02 10-14 11-11 11-28 12-25"},
      {2025, "01-01 01-20 02-17 05-26 06-19 07-04 09-01 10-13 11-11 11-27 12-25"},
      {2026, "01-01 01-19 02-16 05-25 06-19 07-03* 09-07 10-12 11-11 11-26 12-25"},
      {2027, "01-01 01-18 02-15 05-31 06-18* 07-05* 09-06 10-11 11-11 11-25 12-24* 12-31*"},
      {2028, "01-17 02-21 05-29 06-19 07-04 09-04 10-09 11-10* 11-23 12-25"},
      {2029, "01-01 01-15 02-19 05-28 06-19 07-04 09-03 10-08 11-12* 11-22 12-25"},
      {2030, "01-01 01-21 02-18 05-27 06-19 07-04 09-02 10-14 11-11 11-28 12-25"},
  }));
  CAPTURE(year);
  CHECK(closed_weekdays(eastern_calendar(), year) == closed);
}

TEST_CASE("a closed day says why") {
  const auto calendar =
      eastern_calendar({{day("2026-01-26"), "snow"}, {day("2026-01-25"), "snow"}, {day("2026-12-25"), "executive order"}});
  const auto [date, because] = GENERATE(table<std::string, std::string>({
      {"2026-01-01", "New Year's Day"},
      {"2026-01-19", "Birthday of Martin Luther King, Jr."},
      {"2026-07-03", "Independence Day (observed)"},
      {"2026-07-04", "Saturday"},  // the holiday itself: the weekend is reason enough
      {"2026-07-05", "Sunday"},
      {"2027-07-04", "Sunday"},
      {"2027-07-05", "Independence Day (observed)"},
      {"2027-12-31", "New Year's Day (observed)"},  // of 2028
      {"2026-11-26", "Thanksgiving Day"},
      {"2026-01-25", "Sunday"},
      {"2026-01-26", "closed: snow"},
      {"2026-12-25", "Christmas Day"},
  }));
  CAPTURE(date);
  CHECK(calendar.closed_because(day(date)) == because);
  CHECK_FALSE(calendar.is_business_day(day(date)));
}

TEST_CASE("an ordinary weekday is a business day") {
  const auto date = GENERATE(values<std::string>({
      "2026-01-02",
      "2026-07-02",
      "2026-07-06",
      "2020-06-19",  // before Juneteenth was a federal holiday
      "2020-06-18",
      "2026-11-27",  // the day after Thanksgiving
      "2021-01-20",  // Inauguration Day is left out
      "2026-12-24",
      "2022-12-30",  // New Year's Day 2023 is a Sunday, observed on Monday
      "2026-02-27",
  }));
  CAPTURE(date);
  CHECK_FALSE(eastern_calendar().closed_because(day(date)));
}

TEST_CASE("a day moves to the next business day, or stands") {
  const auto calendar = eastern_calendar({{day("2026-07-06"), "storm"}});
  const auto [from, to] = GENERATE(table<std::string, std::string>({
      {"2026-07-02", "2026-07-02"},
      {"2026-07-03", "2026-07-07"},  // holiday observed, weekend, storm
      {"2026-07-07", "2026-07-07"},
      {"2025-12-25", "2025-12-26"},
      {"2021-12-31", "2022-01-03"},
      {"2026-02-28", "2026-03-02"},
  }));
  CAPTURE(from);
  CHECK(to_text(calendar.business_day_from(day(from))) == to);
}

TEST_CASE("months are counted in one step, to the last day of a month that is too short") {
  struct Row {
    std::string from;
    int months;
    std::string to;
  };
  const auto row = GENERATE(values<Row>({
      {"2024-01-31", 12, "2025-01-31"},
      {"2024-01-31", 13, "2025-02-28"},
      {"2024-02-29", 12, "2025-02-28"},
      {"2024-02-29", 13, "2025-03-29"},
      {"2024-02-29", 48, "2028-02-29"},
      {"2024-01-31", 1, "2024-02-29"},
      {"2023-01-31", 1, "2023-02-28"},
      {"2024-08-31", 1, "2024-09-30"},
      {"2024-12-31", 2, "2025-02-28"},
      {"2024-05-15", 0, "2024-05-15"},
      {"2024-03-31", -1, "2024-02-29"},
      {"2024-01-15", -1, "2023-12-15"},
      {"2096-02-29", 48, "2100-02-28"},
  }));
  CAPTURE(row.from, row.months);
  CHECK(to_text(add_months(day(row.from), row.months)) == row.to);
}

TEST_CASE("a day begins at midnight Eastern, in winter and in daylight saving time") {
  const auto calendar = eastern_calendar();
  const auto [date, begins] = GENERATE(table<std::string, std::string>({
      {"2025-03-08", "2025-03-08T05:00:00.000Z"},
      {"2025-03-09", "2025-03-09T05:00:00.000Z"},  // clocks go forward at two
      {"2025-03-10", "2025-03-10T04:00:00.000Z"},
      {"2025-11-02", "2025-11-02T04:00:00.000Z"},  // clocks go back at two
      {"2025-11-03", "2025-11-03T05:00:00.000Z"},
      {"2026-03-08", "2026-03-08T05:00:00.000Z"},
      {"2026-03-09", "2026-03-09T04:00:00.000Z"},
      {"2026-11-01", "2026-11-01T04:00:00.000Z"},
      {"2026-11-02", "2026-11-02T05:00:00.000Z"},
      {"2024-02-29", "2024-02-29T05:00:00.000Z"},
      {"2038-07-01", "2038-07-01T04:00:00.000Z"},  // beyond the changes that the time zone files spell out
  }));
  CAPTURE(date);
  CHECK(to_text(calendar.start_of(day(date))) == begins);
  CHECK(to_text(calendar.end_of(day(date) - days{1})) == begins);
}

TEST_CASE("the day of an instant is the Eastern day") {
  const auto calendar = eastern_calendar();
  const auto [instant, date] = GENERATE(table<std::string, std::string>({
      {"2026-01-14T04:59:59.999Z", "2026-01-13"},
      {"2026-01-14T05:00:00.000Z", "2026-01-14"},
      {"2026-07-14T03:59:59.999Z", "2026-07-13"},
      {"2026-07-14T04:00:00.000Z", "2026-07-14"},
      {"2026-01-01T00:00:00.000Z", "2025-12-31"},
      {"2040-03-01T04:59:59.999Z", "2040-02-29"},
      {"2040-01-01T04:59:59.999Z", "2039-12-31"},
  }));
  CAPTURE(instant);
  CHECK(to_text(calendar.day_of(parse_instant(instant).value())) == date);
}

TEST_CASE("every day from 1990 to 2099 begins when the law says, and ends where the next one begins") {
  const auto calendar = eastern_calendar();
  std::vector<std::string> wrong;
  for (Date date = day("1990-01-01"); date < day("2100-01-01"); date += days{1}) {
    const auto start = calendar.start_of(date);
    const Instant lawful{date.time_since_epoch() + (midnight_is_in_daylight_time(date) ? 4h : 5h)};
    const bool right = start == lawful && start > calendar.start_of(date - days{1}) && calendar.day_of(start) == date &&
                       calendar.day_of(start - 1ms) == date - days{1} && calendar.end_of(date) == calendar.start_of(date + days{1});
    if (!right) wrong.push_back(to_text(date));
  }
  CHECK(wrong == std::vector<std::string>{});
}

TEST_CASE("a zone whose clocks skip midnight begins the day at the skip") {
  const Calendar havana{"America/Havana", {}};  // 2025-03-09 began at one o'clock there
  CHECK(to_text(havana.start_of(day("2025-03-09"))) == "2025-03-09T05:00:00.000Z");
  CHECK(havana.day_of(havana.start_of(day("2025-03-09"))) == day("2025-03-09"));
  CHECK(to_text(havana.start_of(day("2025-11-02"))) == "2025-11-02T04:00:00.000Z");  // 00:00 came twice: the first
}

TEST_CASE("an unknown zone and a holiday that names no day are refused") {
  const auto zone = GENERATE(values<std::string>({"", "Eastern", "America/Newyork", "../../etc/passwd", "America/New_York "}));
  CAPTURE(zone);
  CHECK_THROWS_AS((Calendar{zone, federal_holidays()}), std::invalid_argument);

  const auto rule = GENERATE(values<HolidayRule>({
      {"no month", 0, 1, 0, 0, 0},
      {"no such month", 13, 1, 0, 0, 0},
      {"no such day", 2, 30, 0, 0, 0},
      {"no number", 5, 0, 1, 0, 0},
      {"no such number", 5, 0, 1, 6, 0},
      {"last but one", 5, 0, 1, -2, 0},
      {"no such weekday", 5, 0, 7, 1, 0},
  }));
  CAPTURE(rule.name);
  CHECK_THROWS_AS((Calendar{"America/New_York", {rule}}), std::invalid_argument);
}

TEST_CASE("closures are kept in order of their days, however they were written down") {
  const auto calendar = eastern_calendar({{day("2026-03-03"), "storm"}, {day("2026-02-03"), "snow"}, {day("2026-03-03"), "flood"}});
  CHECK(calendar.closures() ==
        std::vector<Closure>{{day("2026-02-03"), "snow"}, {day("2026-03-03"), "storm"}, {day("2026-03-03"), "flood"}});
  CHECK(calendar.closed_because(day("2026-03-03")) == "closed: storm");
}

TEST_CASE("laws of the calendar") {
  const auto calendar = eastern_calendar();
  rc::prop("a moved day is the first business day from the day on, within ten days", [&] {
    const auto from = arbitrary_day();
    const auto to = calendar.business_day_from(from);
    RC_ASSERT(calendar.is_business_day(to));
    RC_ASSERT(from <= to);
    RC_ASSERT(to < from + days{10});
    for (auto passed = from; passed < to; passed += days{1}) RC_ASSERT(!calendar.is_business_day(passed));
  });
  rc::prop("counting months keeps the day of the month, or takes the last one", [] {
    const auto from = arbitrary_day();
    const auto months = *rc::gen::inRange(-240, 241);
    const chrono::year_month_day before{from}, after{add_months(from, months)};
    RC_ASSERT((after.year() / after.month() - before.year() / before.month()) == chrono::months{months});
    const chrono::year_month_day_last month_end{after.year() / after.month() / chrono::last};
    RC_ASSERT(after.day() == std::min(before.day(), month_end.day()));
  });
  rc::prop("an instant lies within its day", [&] {
    const Instant instant{chrono::milliseconds{*rc::gen::inRange<long long>(631'152'000'000, 4'102'444'800'000)}};
    const auto date = calendar.day_of(instant);
    RC_ASSERT(calendar.start_of(date) <= instant);
    RC_ASSERT(instant < calendar.end_of(date));
  });
}

TEST_CASE("one calendar answers several threads alike") {
  const auto calendar = eastern_calendar();
  std::atomic<int> differing{0};
  const auto walk = [&] {
    for (Date date = day("2026-01-01"); date < day("2027-01-01"); date += days{1})
      if (calendar.day_of(calendar.start_of(date)) != date || calendar.business_day_from(date) < date) ++differing;
  };
  std::vector<std::thread> walkers;
  for (int i = 0; i < 4; ++i) walkers.emplace_back(walk);
  for (auto& walker : walkers) walker.join();
  CHECK(differing == 0);
}
