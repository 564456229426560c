#include "adapters/http/portal/word_diff.hpp"

#include <algorithm>

namespace tradecase::http {
namespace {

using Kind = DiffPart::Kind;

bool blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

// Each word with the white space after it, so that the words put together are the text again.
std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    std::size_t end = 0;
    while (end < text.size() && !blank(text[end])) ++end;
    while (end < text.size() && blank(text[end])) ++end;
    words.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return words;
}

void add(std::vector<DiffPart>& parts, Kind kind, std::string_view text) {
  if (text.empty()) return;
  if (!parts.empty() && parts.back().kind == kind)
    parts.back().text += text;
  else
    parts.push_back({kind, std::string(text)});
}

// Cells of the table of common lengths; above it two texts are told apart as wholes, so that no text makes a page slow.
constexpr std::size_t cells_max = 1'000'000;

}  // namespace

std::vector<DiffPart> word_diff(std::string_view before, std::string_view after) {
  const auto a = words_of(before), b = words_of(after);
  std::vector<DiffPart> parts;
  if (a.size() * b.size() > cells_max) {
    add(parts, Kind::removed, before);
    add(parts, Kind::added, after);
    return parts;
  }
  const std::size_t width = b.size() + 1;
  std::vector<std::uint32_t> common((a.size() + 1) * width, 0);
  for (std::size_t i = a.size(); i-- > 0;)
    for (std::size_t j = b.size(); j-- > 0;)
      common[i * width + j] =
          a[i] == b[j] ? common[(i + 1) * width + j + 1] + 1 : std::max(common[(i + 1) * width + j], common[i * width + j + 1]);
  std::size_t i = 0, j = 0;
  while (i < a.size() || j < b.size()) {
    if (i < a.size() && j < b.size() && a[i] == b[j]) {
      add(parts, Kind::same, a[i++]);
      ++j;
    } else if (j == b.size() || (i < a.size() && common[(i + 1) * width + j] >= common[i * width + j + 1])) {
      add(parts, Kind::removed, a[i++]);
    } else {
      add(parts, Kind::added, b[j++]);
    }
  }
  return parts;
}

}  // namespace tradecase::http
