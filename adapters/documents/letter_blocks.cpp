#include "adapters/documents/letter_blocks.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <pugixml.hpp>
#include <utility>

#include "adapters/documents/docx.hpp"
#include "engine/text.hpp"

namespace tradecase {
namespace {

using Node = pugi::xml_node;

constexpr int depth_max = 32;

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

bool is_inline(const Node& node) {
  return node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata ||
         is_one_of(node.name(), {"strong", "b", "em", "i", "a", "br", "span", "code", "small"});
}

void add_spans(const Node& parent, Span style, Spans& out);

void add_span(const Node& node, Span style, Spans& out) {
  const std::string_view name = node.name();
  if (node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata) {
    style.text = node.value();
    std::ranges::replace(style.text, '\n', ' ');  // a line's end in HTML is a blank
    out.push_back(std::move(style));
  } else if (name == "br") {
    style.text = "\n";
    out.push_back(std::move(style));
  } else {
    style.bold = style.bold || is_one_of(name, {"strong", "b"});
    style.italic = style.italic || is_one_of(name, {"em", "i"});
    if (name == "a") style.link = node.attribute("href").value();
    add_spans(node, std::move(style), out);
  }
}

void add_spans(const Node& parent, Span style, Spans& out) {
  for (const Node child : parent.children())
    if (is_inline(child)) add_span(child, style, out);
}

class HtmlReader {
 public:
  void read(const Node& parent, Blocks& out, int depth) const {
    if (depth > depth_max) throw DocumentRefused("The letter is nested too deep.");
    Spans loose;  // text that stands in no paragraph
    const auto end_loose = [&] { add(out, {Block::Kind::paragraph, 0, std::exchange(loose, {})}); };
    for (const Node child : parent.children()) {
      if (is_inline(child)) {
        add_span(child, {}, loose);
        continue;
      }
      end_loose();
      block(child, out, depth);
    }
    end_loose();
  }

 private:
  static void add(Blocks& out, Block block) {
    block.spans = tidied(std::move(block.spans));
    if (!block.spans.empty()) out.push_back(std::move(block));
  }

  void block(const Node& node, Blocks& out, int depth) const {
    const std::string_view name = node.name();
    Spans spans;
    if (name.size() == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6') {
      add_spans(node, {}, spans);
      for (Span& span : spans) span.bold = false;  // a heading's look is its style's
      add(out, {Block::Kind::heading, name[1] - '0', std::move(spans)});
    } else if (is_one_of(name, {"p", "address", "pre"})) {
      add_spans(node, {}, spans);
      add(out, {Block::Kind::paragraph, 0, std::move(spans)});
    } else if (is_one_of(name, {"ul", "ol"})) {
      list(node, out, depth);
    } else if (name == "table") {
      table(node, out);
    } else if (is_one_of(name, {"html", "body", "header", "main", "footer", "section", "div", "article", "blockquote"})) {
      read(node, out, depth + 1);
    }
  }

  void list(const Node& node, Blocks& out, int depth) const {
    Block list{Block::Kind::list};
    list.ordered = std::string_view(node.name()) == "ol";
    list.start = std::clamp(node.attribute("start").as_int(1), 0, 9999);
    for (const Node item : node.children("li")) {
      Blocks inside;
      read(item, inside, depth + 1);
      if (!inside.empty()) list.items.push_back(std::move(inside));
    }
    if (!list.items.empty()) out.push_back(std::move(list));
  }

  static void table(const Node& node, Blocks& out) {
    Block table{Block::Kind::table};
    const auto add_rows = [&](const Node& of) {
      for (const Node row : of.children("tr")) {
        auto& cells = table.rows.emplace_back();
        for (const Node cell : row.children()) {
          if (!is_one_of(cell.name(), {"td", "th"})) continue;
          Spans spans;
          add_spans(cell, {}, spans);
          cells.push_back(tidied(std::move(spans)));
        }
      }
    };
    for (const char* part : {"thead", "tbody"})
      for (const Node rows : node.children(part)) add_rows(rows);
    add_rows(node);
    std::size_t columns = 0;
    for (const auto& row : table.rows) columns = std::max(columns, row.size());
    for (auto& row : table.rows) row.resize(columns);
    if (columns > 0) out.push_back(std::move(table));
  }
};

bool same_look(const Span& a, const Span& b) { return a.bold == b.bold && a.italic == b.italic && a.link == b.link; }

}  // namespace

bool is_safe_link(std::string_view address) {
  const std::string small = lower(address);
  const bool plain =
      std::ranges::all_of(address, [](char c) { return static_cast<unsigned char>(c) > ' ' && c != '"' && c != '<' && c != '>'; });
  return plain && (small.starts_with("https://") || small.starts_with("http://") || small.starts_with("mailto:"));
}

Spans tidied(Spans spans) {
  Spans out;
  bool blank = true;  // what was before ends in white space, or is nothing
  for (Span& span : spans) {
    if (!span.link.empty() && !is_safe_link(span.link)) span.link.clear();
    if (span.text == "\n") {
      while (!out.empty() && out.back().text.ends_with(' ')) out.back().text.pop_back();
      if (!out.empty() && out.back().text.empty()) out.pop_back();
      if (!out.empty()) out.push_back({"\n"});
      blank = true;
      continue;
    }
    std::string text;
    for (const char c : span.text) {
      const bool white = c == ' ' || c == '\t' || c == '\n' || c == '\r';
      if (!white && static_cast<unsigned char>(c) < ' ') continue;
      if (!(white && blank)) text += white ? ' ' : c;
      blank = white;
    }
    if (text.empty()) continue;
    if (!out.empty() && out.back().text != "\n" && same_look(out.back(), span))
      out.back().text += text;
    else
      out.push_back({std::move(text), span.bold, span.italic, span.link});
  }
  while (!out.empty() && (out.back().text == "\n" || out.back().text == " ")) out.pop_back();
  if (!out.empty() && out.back().text.ends_with(' ')) out.back().text.pop_back();
  return out;
}

Blocks blocks_of_html(std::string_view html) {
  pugi::xml_document xml;
  std::string whole = "<html>";  // a piece of a letter has several elements at its top
  if (const auto body = html.find("<body>"); body != std::string_view::npos) html = html.substr(body, html.rfind("</body>") + 7 - body);
  whole.append(html).append("</html>");
  if (!xml.load_buffer(whole.data(), whole.size(), pugi::parse_default | pugi::parse_ws_pcdata, pugi::encoding_utf8))
    throw DocumentRefused("The letter's HTML is not well-formed.");
  Blocks blocks;
  HtmlReader().read(xml.document_element(), blocks, 0);
  return blocks;
}

}  // namespace tradecase
