#include "adapters/documents/escape.hpp"

namespace tradecase {
namespace {

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

}  // namespace

void append_escaped(std::string& out, std::string_view value, Escaping escaping) {
  bool space = false, begun = false;
  for (const char c : value) {
    space = space || is_space(c);
    if (is_control(c) || c == ' ') continue;
    if (space && begun) out += ' ';
    space = false, begun = true;
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
}

}  // namespace tradecase
