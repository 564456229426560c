// Values made safe for the place they go to.
#pragma once

#include <string>
#include <string_view>

#include "adapters/documents/template.hpp"

namespace tradecase {

// Appends the value on one line: runs of white space become one space, none at either end; other control characters go.
// markdown: every ASCII punctuation mark loses its meaning; html: safe as text and inside quoted attributes.
void append_escaped(std::string& out, std::string_view value, Escaping escaping);

}  // namespace tradecase
