// Names that stand twice in one object of a JSON text. Boost.JSON keeps the last of them without a word.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tradecase::http {

// The JSON pointer of the first name that its object had before: "/contacts/0/email". Nothing where there is none, or the text is no JSON.
std::optional<std::string> repeated_name(std::string_view text);

}  // namespace tradecase::http
