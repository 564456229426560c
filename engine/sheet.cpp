#include "engine/sheet.hpp"

#include <fmt/format.h>

#include <string_view>

namespace tradecase {
namespace {

std::string text_cell(std::string text) {
  if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos) text.insert(0, 1, '\'');
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

struct CellText {
  std::string operator()(std::monostate) const { return ""; }
  std::string operator()(const std::string& text) const { return text_cell(text); }
  std::string operator()(std::int64_t number) const { return std::to_string(number); }
  std::string operator()(double number) const { return fmt::format("{}", number); }
  std::string operator()(Date day) const { return to_text(day); }
};

}  // namespace

std::string csv_of(const Sheet& sheet) {
  std::string out;
  for (std::size_t i = 0; i < sheet.head.size(); ++i) out += (i > 0 ? "," : "") + text_cell(sheet.head[i]);
  out += "\r\n";
  for (const auto& row : sheet.rows) {
    for (std::size_t i = 0; i < row.size(); ++i) out += (i > 0 ? "," : "") + std::visit(CellText{}, row[i]);
    out += "\r\n";
  }
  return out;
}

}  // namespace tradecase
