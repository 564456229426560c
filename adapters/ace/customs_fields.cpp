#include "adapters/ace/customs_fields.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace tradecase {
namespace {

using std::chrono::days;

constexpr std::size_t whole_digits_max = 10;  // goods value of an entry line: ten digits of whole dollars [R: CATAIR]
constexpr Date first_day{std::chrono::local_days{std::chrono::year{1986} / 10 / 1}};

// ISO 3166-1 alpha-2 as of 2026; then the provinces of Canada and what CBP writes for Kosovo [R: HTS, annex B].
constexpr std::string_view countries =
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH "
    "CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN "
    "GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI "
    "LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM "
    "PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD "
    "TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW "
    "XA XB XC XM XN XO XP XQ XS XT XV XW XY KV XK ";

constexpr std::size_t place_of(char first, char second) { return static_cast<std::size_t>(first - 'A') * 26 + static_cast<std::size_t>(second - 'A'); }

constexpr auto is_country = [] {
  std::array<bool, 26UL * 26UL> known{};
  for (std::size_t at = 0; at + 1 < countries.size(); at += 3) known[place_of(countries[at], countries[at + 1])] = true;
  return known;
}();

std::optional<int> whole_number(std::string_view digits) {
  int number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

// Day 1 is January 1, 1900; day 60 is a February 29 that never was, so that days from 61 on are one too high.
std::optional<Date> day_of_serial(std::string_view digits) {
  constexpr Date before_first{std::chrono::local_days{std::chrono::year{1899} / 12 / 31}};
  constexpr int last = 2958465;  // December 31, 9999
  const std::optional<int> number = whole_number(digits);
  if (!number || *number < 1 || *number > last || *number == 60) return std::nullopt;
  return before_first + days{*number > 60 ? *number - 1 : *number};
}

bool is_grouped(std::string_view whole) {
  for (; whole.size() > 3; whole.remove_suffix(4)) {
    if (whole[whole.size() - 4] != ',' || !all_digits(whole.substr(whole.size() - 3))) return false;
  }
  return all_digits(whole);
}

struct Decimal {
  std::string whole;     // digits, at least one
  std::string decimals;  // digits, or none
};

Taken<Decimal> take_decimal(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('(')) return Wrong{"this must not be negative"};
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view decimals = point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
  Decimal decimal{without(whole, ","), std::string(decimals)};
  if (decimal.whole.empty() && !decimals.empty()) decimal.whole = "0";
  if (!all_digits(decimal.whole) || (point != std::string_view::npos && !all_digits(decimals)))
    return Wrong{"this is not a number like 1,234.56"};
  if (whole.find(',') != std::string_view::npos && !is_grouped(whole))
    return Wrong{"commas may only part groups of three digits, as in 1,234,567.89"};
  return decimal;
}

int digit_of(char c) {
  if (is_digit(c)) return c - '0';
  if (c <= 'I') return c - 'A' + 1;
  return c <= 'R' ? c - 'J' + 1 : c - 'S' + 2;
}

}  // namespace

Taken<Date> take_customs_date(std::string_view text) {
  const std::optional<Date> date = all_digits(text) ? day_of_serial(text) : parse_date(text);
  if (!date) return Wrong{"this is not a day that exists, written 2026-01-14, 1/14/2026 or as a spreadsheet's day number like 46036"};
  if (*date < first_day) return Wrong{"this is " + to_text(*date) + ", before entry numbers took their present form on October 1, 1986"};
  return *date;
}

Taken<Date> take_past_customs_date(std::string_view text, Date today) {
  auto taken = take_customs_date(text);
  const Date* date = std::get_if<Date>(&taken);
  if (date != nullptr && *date > today)
    return Wrong{"this is " + to_text(*date) + ", which lies in the future; today is " + to_text(today)};
  return taken;
}

Taken<std::int64_t> take_cents(std::string_view text) {
  const bool minus_first = text.starts_with('-') || text.starts_with('(');
  if (!minus_first) text.remove_prefix(std::min(text.find_first_not_of("$ "), text.size()));
  auto taken = take_decimal(text);
  if (auto* wrong = std::get_if<Wrong>(&taken)) return std::move(*wrong);
  Decimal& amount = std::get<Decimal>(taken);
  if (amount.decimals.size() > 2 && amount.decimals.find_first_not_of('0', 2) != std::string::npos)
    return Wrong{"an amount has two decimals at most"};
  amount.decimals.resize(2, '0');
  amount.whole.erase(0, std::min(amount.whole.find_first_not_of('0'), amount.whole.size() - 1));
  if (amount.whole.size() > whole_digits_max) return Wrong{"an amount is below ten billion dollars"};
  return std::stoll(amount.whole + amount.decimals);
}

Taken<std::string> take_quantity(std::string_view text) {
  auto taken = take_decimal(text);
  if (auto* wrong = std::get_if<Wrong>(&taken)) return std::move(*wrong);
  const Decimal& quantity = std::get<Decimal>(taken);
  return quantity.whole + (quantity.decimals.empty() ? "" : "." + quantity.decimals);
}

Taken<int> take_count(std::string_view text, int max) {
  const std::optional<int> number = all_digits(text) ? whole_number(text) : std::nullopt;
  if (!number || *number < 1 || *number > max) return Wrong{"this is not a whole number from 1 to " + std::to_string(max)};
  return *number;
}

int entry_check_digit(std::string_view filer_code_and_number) {
  int sum = 0;
  bool doubled = true;
  for (auto c = filer_code_and_number.rbegin(); c != filer_code_and_number.rend(); ++c) {
    const int digit = digit_of(*c) * (doubled ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
    doubled = !doubled;
  }
  return (10 - sum % 10) % 10;
}

Taken<std::string> take_entry_number(std::string_view text) {
  std::string number = upper(without(text, "- "));
  if (!has_shape(number, "XXX99999999"))
    return Wrong{"an entry number has 11 characters: filer code (3 letters or digits), 7 digits, check digit"};
  const int expected = entry_check_digit(std::string_view(number).substr(0, 10));
  if (number.back() - '0' != expected)
    return Wrong{std::string("the check digit is ") + number.back() + " where the rest gives " + std::to_string(expected)};
  return number;
}

Taken<std::string> take_hts(std::string_view text) {
  std::string number = without(text, ". ");
  const bool special = number.starts_with("98") || in_chapter_99(number);
  const bool long_enough = number.size() == 10 || (special && number.size() == 8);
  if (!all_digits(number) || !long_enough)
    return Wrong{"an HTS number has 10 digits, or 8 in chapters 98 and 99 (a spreadsheet may have dropped a leading zero)"};
  if (number.starts_with("00") || number.starts_with("77")) return Wrong{"the tariff has no chapter " + number.substr(0, 2)};
  return number;
}

Taken<std::string> take_country(std::string_view text) {
  std::string code = upper(text);
  const bool known = code.size() == 2 && is_letter(code[0]) && is_letter(code[1]) && is_country[place_of(code[0], code[1])];
  if (!known) return Wrong{"this is not a country's two-letter code, like CN or MX"};
  return code;
}

bool in_chapter_99(std::string_view hts) { return hts.starts_with("99"); }

}  // namespace tradecase
