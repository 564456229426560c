// Importer of record numbers (IOR): their three forms, and how one is shown. Numbers of the social security kind are masked wherever a
// person reads them (domain.md §3).
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace tradecase {

namespace importer_number {
// 9 stands for a digit, X for a digit or a capital letter, anything else for itself.
inline constexpr std::string_view irs = "99-9999999XX", social_security = "999-99-9999", assigned = "999999-99999";

constexpr bool has_form(std::string_view number, std::string_view form) {
  const auto fits = [](char c, char wanted) {
    const bool digit = c >= '0' && c <= '9';
    if (wanted == '9') return digit;
    return wanted == 'X' ? digit || (c >= 'A' && c <= 'Z') : c == wanted;
  };
  return std::ranges::equal(number, form, fits);
}
}  // namespace importer_number

constexpr bool is_importer_number(std::string_view number) {
  using namespace importer_number;
  return std::ranges::any_of(std::array{irs, social_security, assigned}, [&](std::string_view form) { return has_form(number, form); });
}

inline std::string importer_number_shown(const std::string& number) {
  using namespace importer_number;
  return has_form(number, social_security) ? "***-**-" + number.substr(7) : number;
}

}  // namespace tradecase
