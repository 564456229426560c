// The federal holidays of 5 U.S.C. 6103(a), without Inauguration Day, as the tests know them. The program reads its own
// from workflows/rules.toml.
#pragma once

#include "engine/calendar.hpp"

namespace tradecase {

inline HolidayRule fixed_holiday(std::string name, unsigned month, unsigned day, int first_year = 0) {
  return {.name = std::move(name), .month = month, .day = day, .weekday = 0, .nth = 0, .first_year = first_year};
}

inline HolidayRule weekday_holiday(std::string name, int nth, unsigned weekday, unsigned month) {
  return {.name = std::move(name), .month = month, .day = 0, .weekday = weekday, .nth = nth, .first_year = 0};
}

inline std::vector<HolidayRule> federal_holidays() {
  constexpr unsigned monday = 1, thursday = 4;
  constexpr int last = -1;
  return {
      fixed_holiday("New Year's Day", 1, 1),
      weekday_holiday("Birthday of Martin Luther King, Jr.", 3, monday, 1),
      weekday_holiday("Washington's Birthday", 3, monday, 2),
      weekday_holiday("Memorial Day", last, monday, 5),
      fixed_holiday("Juneteenth National Independence Day", 6, 19, 2021),
      fixed_holiday("Independence Day", 7, 4),
      weekday_holiday("Labor Day", 1, monday, 9),
      weekday_holiday("Columbus Day", 2, monday, 10),
      fixed_holiday("Veterans Day", 11, 11),
      weekday_holiday("Thanksgiving Day", 4, thursday, 11),
      fixed_holiday("Christmas Day", 12, 25),
  };
}

inline Calendar eastern_calendar(std::vector<Closure> closures = {}) {
  return Calendar{"America/New_York", federal_holidays(), std::move(closures)};
}

// For tables: the day must exist, else the test ends with std::bad_optional_access.
inline Date day(std::string_view text) { return parse_date(text).value(); }

}  // namespace tradecase
