// Markdown (GFM with tables) as HTML and as plain text. Both come from one parse, so they have the same words.
#pragma once

#include <string>
#include <string_view>

namespace tradecase {

struct Rendering {
  std::string html;  // no raw HTML, no script links
  std::string text;  // wrapped; ends in \n unless empty
};

inline constexpr std::size_t text_width = 76;

Rendering render_markdown(std::string_view markdown);

// What letters may not have: raw HTML, or images, which would be fetched from elsewhere. The line of the first one, or 0.
int line_of_html_or_image(std::string_view markdown);

// Breaks lines longer than text_width at spaces, keeping each line's indentation; a longer word stays whole.
std::string wrap_lines(std::string_view text);

}  // namespace tradecase
