#include "adapters/documents/plain_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "adapters/documents/markdown.hpp"

namespace tradecase {
namespace {

std::size_t columns(std::string_view text) {  // code points; letters have no wide or combining characters worth more
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

// Words of `line` in lines of at most text_width columns; the first begins with `first`, the others with `rest`.
void append_wrapped(std::string& out, std::string_view line, std::string_view first, std::string_view rest) {
  out += first;
  std::size_t column = columns(first), indent = column;
  for (std::size_t begin = 0; begin < line.size();) {
    const auto end = std::min(line.find(' ', begin), line.size());
    const auto word = line.substr(begin, end - begin);
    begin = end + 1;
    if (word.empty()) continue;
    const auto width = columns(word);
    if (column > indent && column + 1 + width > text_width) {
      out.append("\n").append(rest);
      column = indent = columns(rest);
    }
    if (column > indent) out += ' ', ++column;
    out += word;
    column += width;
  }
  while (out.ends_with(' ')) out.pop_back();
  out += '\n';
}

std::string_view literal(cmark_node* node) {
  const char* text = cmark_node_get_literal(node);
  return text ? text : "";
}

void append_words(std::string& out, cmark_node* node) {
  switch (cmark_node_get_type(node)) {
    case CMARK_NODE_SOFTBREAK:
      out += ' ';
      return;
    case CMARK_NODE_LINEBREAK:
      out += '\n';
      return;
    case CMARK_NODE_TEXT:
    case CMARK_NODE_CODE:
      out += literal(node);
      return;
    default:
      break;
  }
  for (cmark_node* child = cmark_node_first_child(node); child; child = cmark_node_next(child)) append_words(out, child);
  if (cmark_node_get_type(node) == CMARK_NODE_LINK) out.append(" (").append(cmark_node_get_url(node)).append(")");
}

std::string words(cmark_node* node) {
  std::string out;
  append_words(out, node);
  return out;
}

using Row = std::vector<std::string>;

std::vector<Row> rows_of(cmark_node* table) {
  std::vector<Row> rows;
  for (cmark_node* row = cmark_node_first_child(table); row; row = cmark_node_next(row)) {
    rows.emplace_back();
    for (cmark_node* cell = cmark_node_first_child(row); cell; cell = cmark_node_next(cell)) rows.back().push_back(words(cell));
  }
  return rows;
}

std::vector<std::size_t> widths_of(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths(rows.empty() ? 0 : rows.front().size(), 0);
  for (const Row& row : rows)
    for (std::size_t i = 0; i < row.size() && i < widths.size(); ++i) widths[i] = std::max(widths[i], columns(row[i]));
  return widths;
}

class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  // `first` begins the first line of the first block, `rest` every other line.
  void blocks(cmark_node* parent, const std::string& first, const std::string& rest, bool tight) {
    std::string_view prefix = first;
    for (cmark_node* child = cmark_node_first_child(parent); child; child = cmark_node_next(child)) {
      if (child != cmark_node_first_child(parent) && !tight) out_ += '\n';
      block(child, std::string{prefix}, rest);
      prefix = rest;
    }
  }

 private:
  void block(cmark_node* node, const std::string& first, const std::string& rest) {
    switch (cmark_node_get_type(node)) {
      case CMARK_NODE_HEADING:
        return heading(words(node), first, rest);
      case CMARK_NODE_LIST:
        return list(node, first, rest);
      case CMARK_NODE_BLOCK_QUOTE:
        return blocks(node, first + "  ", rest + "  ", false);
      case CMARK_NODE_THEMATIC_BREAK:
        out_.append(first).append("* * *\n");
        return;
      case CMARK_NODE_PARAGRAPH:
        return paragraph(words(node), first, rest);
      default:
        break;
    }
    if (std::string_view{cmark_node_get_type_string(node)} == "table")
      table(rows_of(node), rest);
    else
      paragraph(std::string{literal(node)}, first, rest);
  }

  void paragraph(std::string_view text, std::string_view first, std::string_view rest) {
    for (std::size_t begin = 0; begin <= text.size();) {
      const auto end = std::min(text.find('\n', begin), text.size());
      append_wrapped(out_, text.substr(begin, end - begin), begin == 0 ? first : rest, rest);
      begin = end + 1;
    }
  }

  void heading(const std::string& text, const std::string& first, const std::string& rest) {
    append_wrapped(out_, text, first, rest);
    out_.append(rest).append(std::min(columns(text), text_width - columns(rest)), '-').append("\n");
  }

  void list(cmark_node* node, const std::string& first, const std::string& rest) {
    const bool ordered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST, tight = cmark_node_get_list_tight(node) != 0;
    int number = cmark_node_get_list_start(node);
    std::string_view prefix = first;
    for (cmark_node* item = cmark_node_first_child(node); item; item = cmark_node_next(item)) {
      if (item != cmark_node_first_child(node) && !tight) out_ += '\n';
      const std::string mark = ordered ? fmt::format("{}. ", number++) : "- ";
      blocks(item, std::string{prefix} + mark, rest + std::string(mark.size(), ' '), tight);
      prefix = rest;
    }
  }

  void table(const std::vector<Row>& rows, const std::string& rest) {
    const auto widths = widths_of(rows);
    std::size_t total = columns(rest);
    for (const auto width : widths) total += width + 2;
    if (total <= text_width + 2)
      aligned(rows, widths, rest);
    else
      itemized(rows, rest);
  }

  void aligned(const std::vector<Row>& rows, const std::vector<std::size_t>& widths, const std::string& rest) {
    const auto line = [&](auto&& cell) {
      out_ += rest;
      for (std::size_t i = 0; i < widths.size(); ++i) out_.append(cell(i)).append(widths[i] + 2 - columns(cell(i)), ' ');
      out_.erase(out_.find_last_not_of(' ') + 1);
      out_ += '\n';
    };
    for (const Row& row : rows) {
      line([&](std::size_t i) { return i < row.size() ? row[i] : std::string{}; });
      if (&row == &rows.front()) line([&](std::size_t i) { return std::string(widths[i], '-'); });
    }
  }

  // Too wide for columns: an item a row, every cell behind its column's heading.
  void itemized(const std::vector<Row>& rows, const std::string& rest) {
    for (std::size_t r = 1; r < rows.size(); ++r) {
      std::string text;
      for (std::size_t i = 0; i < rows[r].size(); ++i) {
        if (rows[r][i].empty()) continue;
        text += fmt::format("{}{}: {}", text.empty() ? "" : "\n", rows.front()[i], rows[r][i]);
      }
      if (r > 1) out_ += '\n';
      paragraph(text, rest + "- ", rest + "  ");
    }
  }

  std::string& out_;
};

}  // namespace

std::string plain_text(cmark_node* document) {
  std::string out;
  Writer{out}.blocks(document, "", "", false);
  return out;
}

std::string wrap_lines(std::string_view text) {
  std::string out;
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find('\n', begin), text.size());
    const auto line = text.substr(begin, end - begin);
    const auto indent = line.substr(0, std::min(line.find_first_not_of(' '), line.size()));
    if (columns(line) > text_width)
      append_wrapped(out, line.substr(indent.size()), indent, indent);
    else
      out.append(line).append("\n");
    begin = end + 1;
  }
  return out;
}

}  // namespace tradecase
