// Small laws about text that every room keeps.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tradecase {

// Why a text from outside cannot be kept: not UTF-8, control characters (tab and line breaks are allowed), longer than
// length_max bytes. Nothing when it is fine.
std::optional<std::string> text_problem(std::string_view text, std::size_t length_max);

std::string join(const std::vector<std::string>& parts, std::string_view between);  // "A, B, C"
std::string listed(const std::vector<std::string>& parts);                          // "A, B and C"
std::string lower(std::string_view text);                                           // ASCII letters only
std::string trimmed(std::string_view text);                                         // blanks at both ends

}  // namespace tradecase
