// The head of a request as bytes, checked strictly before anything believes it. Pure.
#pragma once

#include <variant>

#include "adapters/http/message.hpp"

namespace tradecase::http {

inline constexpr std::size_t target_bytes_max = 8 * 1024;
inline constexpr std::size_t header_bytes_max = 8 * 1024;  // of one field, name and value
inline constexpr std::size_t head_bytes_max = 32 * 1024;
inline constexpr std::size_t headers_max = 100;

struct Reject {
  int status = 400;
  std::string sentence;
  std::string path;  // as far as known: an address below /api/ is answered as JSON
};

// Behind the empty line that ends the head; npos while it has not arrived.
std::size_t head_end(std::string_view bytes);

// What is wrong with a head that has not ended yet and should not go on: it is too long already.
std::variant<std::monostate, Reject> too_long(std::string_view bytes);

// `bytes` up to head_end. Refused: bare line feeds, folded lines, control characters, no Host or two, two lengths or one that is
// no number, a length beside a transfer coding (400); any other transfer coding, or a body without a length (411); addresses over
// 8 KiB (414), header fields over 8 KiB or more than 100 (431); other versions than 1.0 and 1.1 (505).
std::variant<Head, Reject> parse_head(std::string_view bytes);

}  // namespace tradecase::http
