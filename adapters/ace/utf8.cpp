#include "adapters/ace/utf8.hpp"

namespace tradecase::csv {
namespace {

struct Lead {
  std::size_t following = 0;
  char32_t bits = 0;
  char32_t least = 0;  // below it the form is overlong
};

std::optional<Lead> lead(unsigned char byte) {
  if (byte >= 0xC2 && byte <= 0xDF) return Lead{1, byte & 0x1FU, 0x80};
  if (byte >= 0xE0 && byte <= 0xEF) return Lead{2, byte & 0x0FU, 0x800};
  if (byte >= 0xF0 && byte <= 0xF4) return Lead{3, byte & 0x07U, 0x10000};
  return std::nullopt;
}

bool is_scalar(char32_t character) { return character <= 0x10FFFF && (character < 0xD800 || character > 0xDFFF); }

}  // namespace

std::optional<char32_t> take_character(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t position) { return static_cast<unsigned char>(text[position]); };
  const std::size_t start = at++;
  if (byte(start) < 0x80) return byte(start);
  const std::optional<Lead> first = lead(byte(start));
  if (!first || text.size() - start <= first->following) return std::nullopt;
  char32_t character = first->bits;
  for (std::size_t i = 1; i <= first->following; ++i) {
    if ((byte(start + i) & 0xC0U) != 0x80U) return std::nullopt;
    character = (character << 6U) | (byte(start + i) & 0x3FU);
  }
  if (character < first->least || !is_scalar(character)) return std::nullopt;
  at = start + 1 + first->following;
  return character;
}

bool is_control(char32_t character) {
  if (character == '\t' || character == '\n' || character == '\r') return false;
  return character < 0x20 || (character >= 0x7F && character <= 0x9F);
}

}  // namespace tradecase::csv
