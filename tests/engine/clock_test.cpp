#include "engine/clock.hpp"

#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>

using namespace tradecase;
using namespace std::chrono_literals;
namespace chrono = std::chrono;

namespace {

Date date_of(int year, unsigned month, unsigned of_month) {
  return Date{chrono::year_month_day{chrono::year{year}, chrono::month{month}, chrono::day{of_month}}};
}

}  // namespace

TEST_CASE("a date is written in ISO form, spoken in American English, and knows its weekday") {
  struct Row {
    Date date;
    std::string iso, spoken, weekday;
  };
  const auto row = GENERATE(values<Row>({
      {date_of(2026, 1, 14), "2026-01-14", "January 14, 2026", "Wednesday"},
      {date_of(2024, 2, 29), "2024-02-29", "February 29, 2024", "Thursday"},
      {date_of(1999, 12, 5), "1999-12-05", "December 5, 1999", "Sunday"},
      {date_of(1, 1, 1), "0001-01-01", "January 1, 1", "Monday"},
  }));
  CHECK(to_text(row.date) == row.iso);
  CHECK(spoken(row.date) == row.spoken);
  CHECK(weekday_name(row.date) == row.weekday);
}

TEST_CASE("an instant is written in UTC to the millisecond") {
  const Instant midnight{date_of(2026, 1, 14).time_since_epoch()};
  CHECK(to_text(midnight + 16h) == "2026-01-14T16:00:00.000Z");
  CHECK(to_text(midnight + 23h + 59min + 58s + 7ms) == "2026-01-14T23:59:58.007Z");
  CHECK(to_text(midnight - 1ms) == "2026-01-13T23:59:59.999Z");
  CHECK(to_text(Instant{-1ms}) == "1969-12-31T23:59:59.999Z");
}

TEST_CASE("a date is read in its two forms") {
  const auto [text, date] = GENERATE(table<std::string, Date>({
      {"2026-12-22", date_of(2026, 12, 22)},
      {"12/22/2026", date_of(2026, 12, 22)},
      {"1/2/2026", date_of(2026, 1, 2)},
      {"01/2/2026", date_of(2026, 1, 2)},
      {"1/02/2026", date_of(2026, 1, 2)},
      {"2024-02-29", date_of(2024, 2, 29)},
      {"2/29/2000", date_of(2000, 2, 29)},
      {"0001-01-01", date_of(1, 1, 1)},
      {"9999-12-31", date_of(9999, 12, 31)},
  }));
  CAPTURE(text);
  CHECK(parse_date(text) == date);
}

TEST_CASE("what is not exactly an existing day is not read as a date") {
  using namespace std::string_literals;
  const auto text = GENERATE(values<std::string>({
      "",
      " ",
      "2026",
      "2026-12",
      // days that do not exist
      "2026-02-29",
      "2026-02-30",
      "1900-02-29",
      "2026-04-31",
      "2026-13-01",
      "2026-00-10",
      "2026-01-00",
      "2026-01-32",
      "0000-01-01",
      "13/45/2026",
      "2/29/2026",
      "0/1/2026",
      "1/0/2026",
      "22/12/2026",
      "1/1/0000",
      // other forms
      "2026-1-2",
      "2026/01/02",
      "01-02-2026",
      "20260102",
      "1/2/26",
      "1/2/02026",
      "001/2/2026",
      "1/002/2026",
      "1/2",
      "1//2026",
      "/2/2026",
      "1/2/",
      "1/2/2026/3",
      "1/2-2026",
      "January 2, 2026",
      "2026-W01-2",
      "12026-01-02",
      "-026-01-02",
      "+026-01-02",
      "2026-+1-02",
      "+1/2/2026",
      "1/-2/2026",
      "0x10-01-02",
      // something around it
      " 2026-01-02",
      "2026-01-02 ",
      "2026-01-02\n",
      "2026-01-02T",
      "2026-01-02T00:00:00Z",
      "1/2/2026 ",
      "1/ 2/2026",
      "1/2/2026 12:00",
      "2026-01-02\0"s,
      "2026-01\0-2"s,
      "2026-01-\x02\x02",
      "\t1/2/2026",
      "1/2/202\x7f",
      std::string("\xEF\xBB\xBF") + "2026-01-02",
      // digits and dashes of other scripts
      "\u0662\u0660\u0662\u0666-01-02",
      "\uFF12\uFF10\uFF12\uFF16-01-02",
      "1/\u0662/2026",
      "2026\u201301\u201302",
      "1\u20442\u20442026",
      "\xff\xfe/1/2026",
  }));
  CAPTURE(text);
  CHECK_FALSE(parse_date(text));
}

TEST_CASE("an instant is read in the form it is written, milliseconds or not") {
  const Instant midnight{date_of(2026, 1, 14).time_since_epoch()};
  CHECK(parse_instant("2026-01-14T16:00:00.000Z") == midnight + 16h);
  CHECK(parse_instant("2026-01-14T16:00:00Z") == midnight + 16h);
  CHECK(parse_instant("2026-01-14T23:59:59.999Z") == midnight + 24h - 1ms);
  CHECK(parse_instant("1969-12-31T23:59:59.999Z") == Instant{-1ms});
}

TEST_CASE("what is not exactly an instant in UTC is not read as one") {
  using namespace std::string_literals;
  const auto text = GENERATE(values<std::string>({
      "",
      "2026-01-14",
      "2026-01-14T",
      "2026-01-14T16:00Z",
      "2026-01-14T16:00:00",
      "2026-01-14T16:00:00.000",
      "2026-01-14 16:00:00Z",
      "2026-01-14t16:00:00Z",
      "2026-01-14T16:00:00z",
      "2026-01-14T16:00:00+00:00",
      "2026-01-14T16:00:00-05:00",
      "2026-01-14T16:00:00.0Z",
      "2026-01-14T16:00:00.000000Z",
      "2026-01-14T16:00:00,000Z",
      "2026-01-14T24:00:00Z",
      "2026-01-14T16:60:00Z",
      "2026-01-14T16:00:60Z",
      "2026-01-14T16:00:-1Z",
      "2026-01-14T16:00: 1Z",
      "2026-02-30T16:00:00Z",
      "1/14/2026T16:00:00Z",
      " 2026-01-14T16:00:00Z",
      "2026-01-14T16:00:00Z ",
      "2026-01-14T16:00:00Z\n",
      "2026-01-14T16:00:00\0"s,
      "2026-01-14T16-00-00Z",
  }));
  CAPTURE(text);
  CHECK_FALSE(parse_instant(text));
}

TEST_CASE("what is written is read back unchanged") {
  rc::prop("instants", [] {
    const Instant instant{chrono::milliseconds{*rc::gen::inRange<long long>(-62'135'596'800'000, 253'402'300'800'000)}};
    RC_ASSERT(parse_instant(to_text(instant)) == instant);
  });
  rc::prop("dates, in both forms", [] {
    const Date date{chrono::days{*rc::gen::inRange(-719'162, 2'932'897)}};
    RC_ASSERT(parse_date(to_text(date)) == date);
    const chrono::year_month_day parts{date};
    const auto year = to_text(date).substr(0, 4);
    RC_ASSERT(parse_date(std::to_string(unsigned{parts.month()}) + '/' + std::to_string(unsigned{parts.day()}) + '/' + year) == date);
  });
  rc::prop("a date with one character changed is refused, or is the date that now stands there", [] {
    auto text = to_text(Date{chrono::days{*rc::gen::inRange(-719'162, 2'932'897)}});
    text[*rc::gen::inRange<std::size_t>(0, text.size())] = *rc::gen::arbitrary<char>();
    const auto date = parse_date(text);
    RC_ASSERT((!date || to_text(*date) == text));
  });
}
