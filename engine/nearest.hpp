// The known name nearest to a mistyped one, for messages that end in "did you mean …?".
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tradecase {

// The known name with the fewest single-letter edits; the first of equals. Empty where none is near enough to be meant.
std::string nearest(std::string_view word, const std::vector<std::string>& known);

// " (did you mean \"NAME\"?)" or nothing.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known);

}  // namespace tradecase
