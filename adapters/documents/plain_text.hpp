// A parsed Markdown document as plain text for people: headings underlined, lists with hanging indents, tables aligned.
#pragma once

#include <cmark-gfm.h>

#include <string>

namespace tradecase {

std::string plain_text(cmark_node* document);

}  // namespace tradecase
