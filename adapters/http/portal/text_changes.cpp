#include "adapters/http/portal/text_changes.hpp"

#include <algorithm>

namespace tradecase::http {
namespace {

constexpr std::size_t table_most = 4'000'000;  // cells: longer texts are shown as replaced

bool blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

// A word with the blanks after it.
std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && !blank(text[end])) ++end;
    while (end < text.size() && blank(text[end])) ++end;
    words.push_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    lines.push_back(text.substr(at, end - at));
    at = end;
  }
  return lines;
}

// "last" and "last\n" are the same word, at the end of a text or within it.
std::string_view bare(std::string_view word) {
  while (!word.empty() && blank(word.back())) word.remove_suffix(1);
  return word;
}

void add(std::vector<Piece>& pieces, Piece::Kind kind, std::string_view text) {
  if (text.empty()) return;
  if (!pieces.empty() && pieces.back().kind == kind)
    pieces.back().text += text;
  else
    pieces.push_back({kind, std::string(text)});
}

using Parts = std::vector<std::string_view>;

// Lengths of the longest common run from (i, j) on, row by row.
std::vector<int> common_lengths(const Parts& before, const Parts& after) {
  const std::size_t width = after.size() + 1;
  std::vector<int> table((before.size() + 1) * width, 0);
  for (std::size_t i = before.size(); i-- > 0;)
    for (std::size_t j = after.size(); j-- > 0;)
      table[i * width + j] = bare(before[i]) == bare(after[j]) ? table[(i + 1) * width + j + 1] + 1
                                                               : std::max(table[(i + 1) * width + j], table[i * width + j + 1]);
  return table;
}

std::vector<Piece> changes(const Parts& before, const Parts& after) {
  std::vector<Piece> pieces;
  const bool too_long = before.size() * after.size() > table_most;
  const std::vector<int> table = too_long ? std::vector<int>() : common_lengths(before, after);
  const std::size_t width = after.size() + 1;
  std::size_t i = 0, j = 0;
  while (!too_long && i < before.size() && j < after.size()) {
    if (bare(before[i]) == bare(after[j])) {
      add(pieces, Piece::Kind::same, after[j]);
      ++i, ++j;
    } else if (table[(i + 1) * width + j] >= table[i * width + j + 1]) {
      add(pieces, Piece::Kind::gone, before[i++]);
    } else {
      add(pieces, Piece::Kind::added, after[j++]);
    }
  }
  for (; i < before.size(); ++i) add(pieces, Piece::Kind::gone, before[i]);
  for (; j < after.size(); ++j) add(pieces, Piece::Kind::added, after[j]);
  return pieces;
}

}  // namespace

std::vector<Piece> word_changes(std::string_view before, std::string_view after) { return changes(words_of(before), words_of(after)); }
std::vector<Piece> line_changes(std::string_view before, std::string_view after) { return changes(lines_of(before), lines_of(after)); }

std::vector<Piece> whole_change(std::string_view before, std::string_view after) {
  std::vector<Piece> pieces;
  if (before == after) {
    add(pieces, Piece::Kind::same, after);
    return pieces;
  }
  add(pieces, Piece::Kind::gone, before);
  add(pieces, Piece::Kind::added, after);
  return pieces;
}

}  // namespace tradecase::http
