#include "engine/clock.hpp"

#include <fmt/compile.h>

#include <algorithm>
#include <array>

namespace tradecase {
namespace {

using namespace std::chrono_literals;
namespace chrono = std::chrono;

constexpr std::array<std::string_view, 12> month_names{"January", "February", "March",     "April",   "May",      "June",
                                                       "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<std::string_view, 7> weekday_names{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

std::string iso(const chrono::year_month_day& day) {
  return fmt::format(FMT_COMPILE("{:04}-{:02}-{:02}"), int{day.year()}, unsigned{day.month()}, unsigned{day.day()});
}

// At most four digits, ASCII ones only: what isdigit takes for a digit depends on the locale.
std::optional<unsigned> number(std::string_view text) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.empty() || text.size() > 4 || !std::ranges::all_of(text, is_digit)) return std::nullopt;
  unsigned value = 0;
  for (const char c : text) value = value * 10 + static_cast<unsigned>(c - '0');
  return value;
}

std::optional<unsigned> number_up_to(unsigned most, std::string_view text) {
  const auto value = number(text);
  return value && *value <= most ? value : std::nullopt;
}

std::optional<Date> existing_day(std::string_view year, std::string_view month, std::string_view day) {
  const auto y = number(year), m = number(month), d = number(day);
  if (!y || *y == 0 || !m || !d) return std::nullopt;
  const chrono::year_month_day named{chrono::year{static_cast<int>(*y)}, chrono::month{*m}, chrono::day{*d}};
  if (!named.ok()) return std::nullopt;
  return Date{named};
}

std::optional<Date> parse_iso(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  return existing_day(text.substr(0, 4), text.substr(5, 2), text.substr(8, 2));
}

std::optional<Date> parse_american(std::string_view text) {
  const auto first = text.find('/');
  const auto second = first == text.npos ? text.npos : text.find('/', first + 1);
  if (second == text.npos) return std::nullopt;
  const auto month = text.substr(0, first), day = text.substr(first + 1, second - first - 1), year = text.substr(second + 1);
  if (month.size() > 2 || day.size() > 2 || year.size() != 4) return std::nullopt;
  return existing_day(year, month, day);
}

// From the T on: T16:00:00Z or T16:00:00.000Z
std::optional<chrono::milliseconds> parse_time_of_day(std::string_view text) {
  const bool whole_seconds = text.size() == 10 && text[9] == 'Z';
  const bool with_milliseconds = text.size() == 14 && text[9] == '.' && text[13] == 'Z';
  if (!(whole_seconds || with_milliseconds) || text[0] != 'T' || text[3] != ':' || text[6] != ':') return std::nullopt;
  const auto hour = number_up_to(23, text.substr(1, 2));
  const auto minute = number_up_to(59, text.substr(4, 2));
  const auto second = number_up_to(59, text.substr(7, 2));
  const auto millisecond = whole_seconds ? 0u : number(text.substr(10, 3));
  if (!hour || !minute || !second || !millisecond) return std::nullopt;
  return *hour * 1h + *minute * 1min + *second * 1s + *millisecond * 1ms;
}

}  // namespace

std::string to_text(Instant instant) {
  const auto day = chrono::floor<chrono::days>(instant);
  const chrono::hh_mm_ss time{instant - day};
  return fmt::format(FMT_COMPILE("{}T{:02}:{:02}:{:02}.{:03}Z"), iso(day), time.hours().count(), time.minutes().count(),
                     time.seconds().count(), time.subseconds().count());
}

std::string to_text(Date date) { return iso(chrono::year_month_day{date}); }

std::string spoken(Date date) {
  const chrono::year_month_day day{date};
  return fmt::format("{} {}, {}", month_names[unsigned{day.month()} - 1], unsigned{day.day()}, int{day.year()});
}

std::string_view weekday_name(Date date) { return weekday_names[chrono::weekday{date}.c_encoding()]; }

std::optional<Instant> parse_instant(std::string_view text) {
  if (text.size() < 10) return std::nullopt;
  const auto day = parse_iso(text.substr(0, 10));
  const auto time = parse_time_of_day(text.substr(10));
  if (!day || !time) return std::nullopt;
  return Instant{day->time_since_epoch() + *time};
}

std::optional<Date> parse_date(std::string_view text) {
  const auto day = parse_iso(text);
  return day ? day : parse_american(text);
}

}  // namespace tradecase
