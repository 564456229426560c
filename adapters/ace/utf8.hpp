// UTF-8, one character at a time.
#pragma once

#include <optional>
#include <string_view>

namespace tradecase::csv {

// The character at `at`, which moves behind it. Nothing where the bytes are no UTF-8 (overlong forms, surrogates and what is beyond
// U+10FFFF included): `at` then moves on by one byte. `at` must lie within the text.
std::optional<char32_t> take_character(std::string_view text, std::size_t& at);

// Control characters (C0, DEL, C1) other than tab and line ends.
bool is_control(char32_t character);

}  // namespace tradecase::csv
