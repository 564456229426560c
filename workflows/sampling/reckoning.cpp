#include "workflows/sampling/reckoning.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "engine/text.hpp"

namespace tradecase {
namespace {

constexpr std::size_t decimals_max = 6;

// The number in units of 10^-places, or nothing: digits, at most one point, no more decimals than places.
std::optional<std::int64_t> scaled(std::string_view text, std::size_t places) {
  const auto point = text.find('.');
  const std::string_view whole = text.substr(0, point), decimals = point == std::string_view::npos ? "" : text.substr(point + 1);
  if (whole.empty() || whole.size() > 3 || decimals.size() > places || (point != std::string_view::npos && decimals.empty()))
    return std::nullopt;
  std::string digits(whole);
  digits += decimals;
  digits.append(places - decimals.size(), '0');
  if (digits.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  std::int64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

}  // namespace

std::variant<Rate, SamplingFault> take_rate(std::string_view text, std::string_view what) {
  std::string number = trimmed(text);
  const bool percent = number.ends_with('%');
  if (percent) number = trimmed(std::string_view(number).substr(0, number.size() - 1));
  const auto millionths = scaled(number, percent ? decimals_max - 2 : decimals_max);
  if (!millionths || *millionths > 1'000'000)
    return SamplingFault{fmt::format("{} is a rate from 0 to 1, as \"5%\" or \"0.05\", with at most four decimals of a percent.", what)};
  return Rate{*millionths};
}

std::string shown(Rate rate) {
  std::string text = fmt::format("{}.{:04}", rate.millionths / 10'000, rate.millionths % 10'000);
  while (text.ends_with('0')) text.pop_back();
  if (text.ends_with('.')) text.pop_back();
  return text + " %";
}

std::string shown_money(std::int64_t cents) {
  const std::uint64_t amount = cents < 0 ? 0 - static_cast<std::uint64_t>(cents) : static_cast<std::uint64_t>(cents);
  std::string text = fmt::format("{}", amount / 100);
  for (auto at = std::ssize(text) - 3; at > 0; at -= 3) text.insert(static_cast<std::size_t>(at), ",");
  return fmt::format("{}{}.{:02}", cents < 0 ? "-" : "", text, amount % 100);
}

std::string shown_money(double cents) { return shown_money(static_cast<std::int64_t>(std::llround(cents))); }

std::string shown_number(double number) { return fmt::format("{:.7g}", number); }

}  // namespace tradecase
