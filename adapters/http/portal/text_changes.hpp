// What changed from one text to another, word by word or line by line. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tradecase::http {

struct Piece {
  enum class Kind { same, gone, added };
  Kind kind = Kind::same;
  std::string text;
  bool operator==(const Piece&) const = default;
};

// All pieces but the gone ones are `after`; all but the added ones are `before`. Neighbours of one kind are one piece.
std::vector<Piece> word_changes(std::string_view before, std::string_view after);
std::vector<Piece> line_changes(std::string_view before, std::string_view after);
std::vector<Piece> whole_change(std::string_view before, std::string_view after);  // of values that are read as one: a date, a number

}  // namespace tradecase::http
