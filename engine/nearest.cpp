#include "engine/nearest.hpp"

#include <algorithm>
#include <numeric>

namespace tradecase {
namespace {

std::size_t edits_between(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, diagonal + 1, row[j] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string nearest(std::string_view word, const std::vector<std::string>& known) {
  constexpr std::size_t longest_worth_comparing = 200;
  if (word.empty() || word.size() > longest_worth_comparing) return {};
  const std::string* best = nullptr;
  std::size_t fewest = std::max<std::size_t>(2, word.size() / 3) + 1;  // beyond a third of its letters it is another word
  for (const auto& name : known) {
    const std::size_t edits = edits_between(word, name);
    if (edits < fewest) {
      fewest = edits;
      best = &name;
    }
  }
  return best == nullptr ? std::string{} : *best;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known) {
  const std::string name = nearest(word, known);
  return name.empty() ? std::string{} : " (did you mean \"" + name + "\"?)";
}

}  // namespace tradecase
