// A letter's text as blocks: what its HTML and a Word document have in common. Everything else is left behind or refused.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tradecase {

struct Span {
  std::string text;  // "\n": a line break
  bool bold = false, italic = false;
  std::string link{};  // http:, https: or mailto:; "" for none

  bool operator==(const Span&) const = default;
};
using Spans = std::vector<Span>;

struct Block {
  enum class Kind { paragraph, heading, list, table };
  Kind kind = Kind::paragraph;
  int level = 0;                            // of a heading, 1 to 6
  Spans spans{};                            // of a paragraph or heading
  bool ordered = false;                     // of a list
  int start = 1;                            // of an ordered list
  std::vector<std::vector<Block>> items{};  // of a list: paragraphs and lists
  std::vector<std::vector<Spans>> rows{};   // of a table: equally long, the first is its head

  bool operator==(const Block&) const = default;
};
using Blocks = std::vector<Block>;

// White space runs become one blank, none at a block's ends; equal neighbours become one span; empty blocks go; a link that
// leads nowhere safe becomes text.
Spans tidied(Spans spans);
bool is_safe_link(std::string_view address);

// Of a whole letter (its body) or a piece of one. What letters do not have (scripts, styles, pictures) is left out.
// Throws DocumentRefused where it is not the well-formed HTML that letters are.
Blocks blocks_of_html(std::string_view html);

struct BlocksText {
  std::string html;  // the letters' own: p, h1 to h6, ul, ol, li, table, strong, em, a, br; nothing else
  std::string text;
};
BlocksText rendered(const Blocks& blocks);

}  // namespace tradecase
