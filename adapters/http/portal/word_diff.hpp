// What differs between two texts, word by word. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tradecase::http {

struct DiffPart {
  enum class Kind { same, added, removed };
  Kind kind = Kind::same;
  std::string text;
  bool operator==(const DiffPart&) const = default;
};

// The parts in reading order; those that are not `added` make up `before`, those that are not `removed` make up `after`.
std::vector<DiffPart> word_diff(std::string_view before, std::string_view after);

}  // namespace tradecase::http
