#include "engine/mark.hpp"

namespace tradecase {

std::optional<Mark> parse_mark(std::string_view letter) {
  if (letter == "C") return Mark::confirmed;
  if (letter == "A") return Mark::assumption;
  if (letter == "R") return Mark::recalled;
  return std::nullopt;
}

std::string_view letter(Mark mark) { return mark == Mark::confirmed ? "C" : mark == Mark::assumption ? "A" : "R"; }

std::string_view word(Mark mark) { return mark == Mark::confirmed ? "confirmed" : mark == Mark::assumption ? "assumption" : "recalled"; }

}  // namespace tradecase
