#include "adapters/documents/escape.hpp"

#include <algorithm>

namespace tradecase {
namespace {

// Letters, digits and every byte of a character outside ASCII: the same wherever they go.
bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (static_cast<unsigned char>(c) & 0x80U) != 0;
}
bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_control(char c) { return (c >= 0 && c < ' ') || c == 0x7f; }
bool is_punctuation(char c) { return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~'); }

void append_html(std::string& out, char c) {
  switch (c) {
    case '&':
      out += "&amp;";
      break;
    case '<':
      out += "&lt;";
      break;
    case '>':
      out += "&gt;";
      break;
    case '"':
      out += "&quot;";
      break;
    case '\'':
      out += "&#39;";
      break;
    default:
      out += c;
  }
}

void append_markdown(std::string& out, char c) {
  if (c == '|') {
    out += "&#124;";  // a backslash would still end a table's cell
    return;
  }
  if (is_punctuation(c)) out += '\\';
  out += c;
}

void append_mark(std::string& out, char c, Escaping escaping) {
  switch (escaping) {
    case Escaping::none:
      out += c;
      break;
    case Escaping::html:
      append_html(out, c);
      break;
    case Escaping::markdown:
      append_markdown(out, c);
      break;
  }
}

}  // namespace

void append_escaped(std::string& out, std::string_view value, Escaping escaping) {
  bool space = false, begun = false;
  for (std::size_t i = 0; i < value.size();) {
    const char c = value[i];
    space = space || is_space(c);
    if (is_control(c) || c == ' ') {
      ++i;
      continue;
    }
    if (space && begun) out += ' ';
    space = false, begun = true;
    const auto word = std::find_if_not(value.begin() + static_cast<std::ptrdiff_t>(i), value.end(), is_plain) - value.begin();
    const auto length = static_cast<std::size_t>(word) - i;
    out.append(value, i, length);
    if (length == 0) append_mark(out, c, escaping);
    i += std::max<std::size_t>(length, 1);
  }
}

}  // namespace tradecase
