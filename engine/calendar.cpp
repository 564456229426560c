#include "engine/calendar.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace tradecase {
namespace {

namespace chrono = std::chrono;
using chrono::days;
using chrono::year_month_day;

const date::time_zone* locate(const std::string& zone) {
  try {
    return date::locate_zone(zone);
  } catch (const std::runtime_error& error) {
    throw std::invalid_argument(fmt::format("The time zone \"{}\" is not known here: {}.", zone, error.what()));
  }
}

const date::time_zone& zone_of(const void* zone_data) { return *static_cast<const date::time_zone*>(zone_data); }

void require_a_day(const HolidayRule& rule) {
  const bool month = rule.month >= 1 && rule.month <= 12;
  const bool fixed = rule.day >= 1 && chrono::month_day{chrono::month{rule.month}, chrono::day{rule.day}}.ok();
  const bool nth = rule.day == 0 && rule.weekday <= 6 && (rule.nth == -1 || (rule.nth >= 1 && rule.nth <= 5));
  if (!month || !(fixed || nth))
    throw std::invalid_argument(
        fmt::format("The holiday rule \"{}\" names no day: a month from 1 to 12 with a day of it, or with a "
                    "weekday from 0 (Sunday) to 6 and its number from 1 to 5 (-1: the last).",
                    rule.name));
}

bool is_nth_weekday(const HolidayRule& rule, const year_month_day& day, chrono::weekday weekday) {
  if (weekday.c_encoding() != rule.weekday) return false;
  const auto day_of_month = unsigned{day.day()};
  if (rule.nth > 0) return (day_of_month - 1) / 7 + 1 == static_cast<unsigned>(rule.nth);
  return day_of_month + 7 > unsigned{chrono::year_month_day_last{day.year() / day.month() / chrono::last}.day()};
}

// The day of the rule itself, not the day it is observed.
bool falls_on(const HolidayRule& rule, Date date) {
  const year_month_day day{date};
  if (unsigned{day.month()} != rule.month || int{day.year()} < rule.first_year) return false;
  return rule.day != 0 ? unsigned{day.day()} == rule.day : is_nth_weekday(rule, day, chrono::weekday{date});
}

// The time zone library knows only the changes that the system's files spell out one by one, which end with 2037; after
// that it would stay on winter time for ever. A later day takes its clock from the nearest earlier year in which its month
// begins on the same weekday, this many days before: the changes are set as "second Sunday of March".
days to_a_year_spelled_out(const year_month_day& day) {
  constexpr chrono::year last_spelled_out{2037};
  if (day.year() <= last_spelled_out) return days{0};
  const auto first_of_month = [&](chrono::year year) { return chrono::sys_days{year / day.month() / 1}; };
  const auto month_begins = first_of_month(day.year());
  auto year = last_spelled_out;
  while (chrono::weekday{first_of_month(year)} != chrono::weekday{month_begins}) --year;
  return month_begins - first_of_month(year);
}

}  // namespace

Calendar::Calendar(std::string zone, std::vector<HolidayRule> holidays, std::vector<Closure> closures)
    : zone_(std::move(zone)), zone_data_(locate(zone_)), holidays_(std::move(holidays)), closures_(std::move(closures)) {
  std::ranges::for_each(holidays_, require_a_day);
  std::ranges::stable_sort(closures_, {}, &Closure::day);
}

Date Calendar::day_of(Instant instant) const {
  const auto shift = to_a_year_spelled_out(year_month_day{chrono::floor<days>(instant)});
  const auto local = zone_of(zone_data_).to_local(instant - shift) + shift;
  return Date{chrono::floor<days>(local.time_since_epoch())};
}

Instant Calendar::start_of(Date day) const {
  const auto shift = to_a_year_spelled_out(year_month_day{day});
  const date::local_days midnight{(day - shift).time_since_epoch()};
  // Where the clock skips midnight, this is the moment of the skip; where midnight comes twice, the first one.
  return zone_of(zone_data_).to_sys(midnight, date::choose::earliest) + shift;
}

Instant Calendar::end_of(Date day) const { return start_of(day + days{1}); }

// A fixed day on a Saturday is observed the day before, on a Sunday the day after, over the year's end too.
const HolidayRule* Calendar::holiday_observed_on(Date day) const {
  const chrono::weekday weekday{day};
  const auto observed = [&](const HolidayRule& rule) {
    if (falls_on(rule, day)) return true;
    if (rule.day == 0) return false;
    return (weekday == chrono::Friday && falls_on(rule, day + days{1})) || (weekday == chrono::Monday && falls_on(rule, day - days{1}));
  };
  const auto found = std::ranges::find_if(holidays_, observed);
  return found == holidays_.end() ? nullptr : &*found;
}

std::optional<std::string> Calendar::closed_because(Date day) const {
  const chrono::weekday weekday{day};
  if (weekday == chrono::Saturday || weekday == chrono::Sunday) return std::string{weekday_name(day)};
  if (const auto* holiday = holiday_observed_on(day)) return falls_on(*holiday, day) ? holiday->name : holiday->name + " (observed)";
  const auto closure = std::ranges::lower_bound(closures_, day, {}, &Closure::day);
  if (closure != closures_.end() && closure->day == day) return "closed: " + closure->reason;
  return std::nullopt;
}

Date Calendar::business_day_from(Date day) const {
  while (!is_business_day(day)) day += days{1};
  return day;
}

Date add_months(Date day, int months) {
  const year_month_day from{day};
  const auto to = from + chrono::months{months};
  return Date{to.ok() ? to : year_month_day{to.year() / to.month() / chrono::last}};
}

}  // namespace tradecase
