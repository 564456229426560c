// A Word document as blocks. What a letter cannot have is refused with its place, so that nothing a person sees is lost unsaid.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <pugixml.hpp>
#include <set>

#include "adapters/documents/docx.hpp"
#include "engine/text.hpp"

namespace tradecase {
namespace {

using Node = pugi::xml_node;

constexpr int depth_max = 64;
constexpr int columns_max = 30;

struct Style {
  int heading = 0;  // level; 0: none
  std::string num_id;
  bool bold = false, italic = false;  // of a character style
  bool continues_list = false;
};

struct Numbering {
  bool ordered = false;
  int start = 1;
};

bool is_on(const Node& property) {
  const std::string_view value = property.attribute("w:val").as_string("true");
  return !property.empty() && value != "0" && value != "false" && value != "off" && value != "none";
}

std::string_view value_of(const Node& node) { return node.attribute("w:val").value(); }

pugi::xml_document parsed(const DocxParts& parts, std::string_view name) {
  pugi::xml_document xml;
  const auto found = parts.find(name);
  if (found != parts.end() && !xml.load_buffer(found->second.data(), found->second.size(), pugi::parse_default | pugi::parse_ws_pcdata))
    throw DocumentRefused("The file is damaged or is no Word document (.docx).");
  return xml;
}

std::map<std::string, Style, std::less<>> read_styles(const DocxParts& parts) {
  std::map<std::string, Style, std::less<>> all;
  const auto xml = parsed(parts, "word/styles.xml");
  for (const Node node : xml.document_element().children("w:style")) {
    Style style;
    const std::string name = lower(value_of(node.child("w:name")));
    if (name == "title") style.heading = 1;
    if (name.starts_with("heading ") && name.size() == 9 && name[8] >= '1' && name[8] <= '6') style.heading = name[8] - '0';
    style.num_id = value_of(node.child("w:pPr").child("w:numPr").child("w:numId"));
    style.bold = is_on(node.child("w:rPr").child("w:b")) && std::string_view(node.attribute("w:type").value()) == "character";
    style.italic = is_on(node.child("w:rPr").child("w:i")) && std::string_view(node.attribute("w:type").value()) == "character";
    style.continues_list = name.starts_with("list continue");
    all[node.attribute("w:styleId").value()] = style;
  }
  return all;
}

using Numberings = std::map<std::pair<std::string, int>, Numbering>;  // by numId and level

Numberings read_numbering(const DocxParts& parts) {
  Numberings all;
  const auto xml = parsed(parts, "word/numbering.xml");
  std::map<std::string, Node> abstract;
  for (const Node node : xml.document_element().children("w:abstractNum")) abstract[node.attribute("w:abstractNumId").value()] = node;
  for (const Node num : xml.document_element().children("w:num")) {
    const std::string id = num.attribute("w:numId").value();
    const auto take = [&](const Node& level) {
      Numbering& one = all[{id, level.attribute("w:ilvl").as_int()}];
      if (const Node format = level.child("w:numFmt")) one.ordered = value_of(format) != "bullet" && value_of(format) != "none";
      if (const Node start = level.child("w:start")) one.start = start.attribute("w:val").as_int(1);
    };
    if (const auto found = abstract.find(std::string(value_of(num.child("w:abstractNumId")))); found != abstract.end())
      for (const Node level : found->second.children("w:lvl")) take(level);
    for (const Node change : num.children("w:lvlOverride")) {
      if (const Node level = change.child("w:lvl")) take(level);
      if (const Node start = change.child("w:startOverride"))
        all[{id, change.attribute("w:ilvl").as_int()}].start = start.attribute("w:val").as_int(1);
    }
  }
  return all;
}

std::map<std::string, std::string> read_links(const DocxParts& parts) {
  std::map<std::string, std::string> all;
  const auto xml = parsed(parts, "word/_rels/document.xml.rels");
  for (const Node relation : xml.document_element().children())
    if (std::string_view(relation.attribute("Type").value()).ends_with("/hyperlink"))
      all[relation.attribute("Id").value()] = relation.attribute("Target").value();
  return all;
}

struct Entry {  // a paragraph of a list, or one that goes on with its item
  std::string num_id;
  int level = 0;
  Numbering numbering;
};

// Word has no lists, only numbered paragraphs: those that follow one another become lists within lists.
class Lists {
 public:
  explicit Lists(Blocks& out) : out_(out) {}

  void add(const Entry& entry, Block paragraph) {
    while (!open_.empty() &&
           (open_.back().level > entry.level || (open_.back().level == entry.level && open_.back().num_id != entry.num_id)))
      open_.pop_back();
    if (open_.empty() || open_.back().level < entry.level) {
      Block list{Block::Kind::list};
      list.ordered = entry.numbering.ordered;
      list.start = std::clamp(entry.numbering.start, 0, 9999);
      path_of(open_.size()).push_back(std::move(list));
      open_.push_back({entry.num_id, entry.level});
    }
    path_of(open_.size() - 1).back().items.push_back({std::move(paragraph)});
  }

  bool goes_on(Block paragraph, int level) {
    while (!open_.empty() && open_.back().level > level) open_.pop_back();
    if (open_.empty()) return false;
    path_of(open_.size()).push_back(std::move(paragraph));
    return true;
  }

  void end() { open_.clear(); }

 private:
  struct Open {
    std::string num_id;
    int level;
  };
  // The blocks that the list at this depth stands in: those of the last item of the list around it.
  Blocks& path_of(std::size_t depth) {
    Blocks* at = &out_;
    for (std::size_t i = 0; i < depth; ++i) {
      auto list = std::find_if(at->rbegin(), at->rend(), [](const Block& block) { return block.kind == Block::Kind::list; });
      at = &list->items.back();
    }
    return *at;
  }

  Blocks& out_;
  std::vector<Open> open_;
};

class DocxReader {
 public:
  explicit DocxReader(const DocxParts& parts) : styles_(read_styles(parts)), numbering_(read_numbering(parts)), links_(read_links(parts)) {}

  Blocks read(const Node& body) {
    Blocks out;
    Lists lists(out);
    blocks(body, out, lists, 0);
    return out;
  }

 private:
  [[noreturn]] void refuse(std::string_view what) const { throw DocumentRefused(fmt::format("Paragraph {}: {}", paragraph_, what)); }

  void blocks(const Node& parent, Blocks& out, Lists& lists, int depth) {
    if (depth > depth_max) refuse("The text is nested too deep.");
    for (const Node node : parent.children()) {
      const std::string_view name = node.name();
      if (name == "w:p") {
        paragraph(node, out, lists);
      } else if (name == "w:tbl") {
        lists.end();
        out.push_back(table(node, depth));
      } else if (name == "w:sdt") {
        blocks(node.child("w:sdtContent"), out, lists, depth + 1);
      } else if (name == "w:customXml" || name == "w:smartTag") {
        blocks(node, out, lists, depth + 1);
      } else if (name == "w:ins" || name == "w:del" || name == "w:moveFrom" || name == "w:moveTo") {
        refuse_tracked();
      } else if (name == "w:altChunk") {
        refuse("The document takes in another document here. Put its text in place.");
      }
    }
  }

  [[noreturn]] void refuse_tracked() const {
    refuse("There are tracked changes. Accept or reject them all in Word, then bring the document back.");
  }

  const Style& style_of(std::string_view id) const {
    static const Style none;
    const auto found = styles_.find(id);
    return found == styles_.end() ? none : found->second;
  }

  void paragraph(const Node& node, Blocks& out, Lists& lists) {
    ++paragraph_;
    const Node properties = node.child("w:pPr");
    if (properties.child("w:rPr").child("w:ins") || properties.child("w:rPr").child("w:del") || properties.child("w:pPrChange"))
      refuse_tracked();
    const Style& style = style_of(value_of(properties.child("w:pStyle")));
    Block block;
    block.spans = text_of(node);
    if (block.spans.empty()) return;
    if (const Node outline = properties.child("w:outlineLvl"); style.heading > 0 || (outline && outline.attribute("w:val").as_int(9) < 6)) {
      block.kind = Block::Kind::heading;
      block.level = style.heading > 0 ? style.heading : outline.attribute("w:val").as_int() + 1;
      for (Span& span : block.spans) span.bold = false;
      block.spans = tidied(std::move(block.spans));
      lists.end();
      out.push_back(std::move(block));
      return;
    }
    if (const auto entry = list_entry(properties, style)) {
      lists.add(*entry, std::move(block));
      return;
    }
    const int level = properties.child("w:ind").attribute("w:left").as_int() / 720 - 1;
    if (style.continues_list && lists.goes_on(block, std::max(level, 0))) return;
    lists.end();
    out.push_back(std::move(block));
  }

  std::optional<Entry> list_entry(const Node& properties, const Style& style) const {
    const Node own = properties.child("w:numPr");
    Entry entry;
    entry.num_id = own.child("w:numId") ? std::string(value_of(own.child("w:numId"))) : style.num_id;
    if (entry.num_id.empty() || entry.num_id == "0") return std::nullopt;
    entry.level = std::clamp(own.child("w:ilvl").attribute("w:val").as_int(), 0, 8);
    if (const auto found = numbering_.find({entry.num_id, entry.level}); found != numbering_.end()) entry.numbering = found->second;
    return entry;
  }

  Spans text_of(const Node& paragraph) {
    Spans spans;
    fields_.clear();
    runs(paragraph, {}, spans, 0);
    return tidied(std::move(spans));
  }

  void runs(const Node& parent, const Span& look, Spans& out, int depth) {
    if (depth > depth_max) refuse("The text is nested too deep.");
    static const std::set<std::string_view> through{"w:smartTag", "w:fldSimple", "w:sdtContent", "w:sdt", "w:customXml", "w:dir", "w:bdo"};
    static const std::set<std::string_view> tracked{"w:ins", "w:del", "w:moveFrom", "w:moveTo"};
    for (const Node node : parent.children()) {
      const std::string_view name = node.name();
      if (name == "w:r") {
        run(node, look, out);
      } else if (name == "w:hyperlink") {
        Span linked = look;
        if (const auto found = links_.find(node.attribute("r:id").value()); found != links_.end()) linked.link = found->second;
        runs(node, linked, out, depth + 1);
      } else if (through.contains(name)) {
        runs(node, look, out, depth + 1);
      } else if (tracked.contains(name)) {
        refuse_tracked();
      } else if (name == "m:oMath" || name == "m:oMathPara") {
        refuse("There is a formula. Write it as text.");
      }
    }
  }

  void run(const Node& node, Span look, Spans& out) {
    const Node properties = node.child("w:rPr");
    if (is_on(properties.child("w:vanish"))) refuse("There is hidden text. Show it or remove it.");
    if (properties.child("w:rPrChange")) refuse_tracked();
    const Style& style = style_of(value_of(properties.child("w:rStyle")));
    look.bold = properties.child("w:b") ? is_on(properties.child("w:b")) : style.bold;
    look.italic = properties.child("w:i") ? is_on(properties.child("w:i")) : style.italic;
    const auto add = [&](std::string text) {
      if (std::ranges::count(fields_, false) > 0) return;  // a field's instruction is not its text
      look.text = std::move(text);
      out.push_back(look);
    };
    for (const Node part : node.children()) {
      const std::string_view name = part.name();
      if (name == "w:t") {
        add(part.text().get());
      } else if (name == "w:tab") {
        add(" ");
      } else if (name == "w:br" || name == "w:cr") {
        if (part.attribute("w:type").empty() || std::string_view(part.attribute("w:type").value()) == "textWrapping") add("\n");
      } else if (name == "w:noBreakHyphen") {
        add("\xE2\x80\x91");
      } else if (name == "w:fldChar") {
        field(part.attribute("w:fldCharType").value());
      } else if (name == "w:drawing" || name == "w:pict" || name == "w:object" || name == "mc:AlternateContent") {
        refuse("There is a picture or a drawing. A letter has none.");
      } else if (name == "w:footnoteReference" || name == "w:endnoteReference") {
        refuse("There is a footnote. Put its words into the text.");
      } else if (name == "w:sym") {
        refuse("There is a symbol of a special font. Use an ordinary character.");
      } else if (name == "w:delText") {
        refuse_tracked();
      }
    }
  }

  void field(std::string_view mark) {
    if (mark == "begin")
      fields_.push_back(false);
    else if (mark == "separate" && !fields_.empty())
      fields_.back() = true;
    else if (mark == "end" && !fields_.empty())
      fields_.pop_back();
  }

  Block table(const Node& node, int depth) {
    Block table{Block::Kind::table};
    std::size_t columns = 0;
    for (const Node row : node.children("w:tr")) {
      if (row.child("w:trPr").child("w:ins") || row.child("w:trPr").child("w:del")) refuse_tracked();
      auto& cells = table.rows.emplace_back();
      for (const Node cell : row.children("w:tc")) {
        cells.push_back(cell_text(cell, depth));
        const int span = std::clamp(cell.child("w:tcPr").child("w:gridSpan").attribute("w:val").as_int(1), 1, columns_max);
        cells.resize(cells.size() + static_cast<std::size_t>(span) - 1);
      }
      columns = std::max(columns, cells.size());
      if (columns > columns_max) refuse(fmt::format("A table has more than {} columns.", columns_max));
    }
    if (columns == 0) refuse("There is a table without cells.");
    for (auto& row : table.rows) row.resize(columns);
    return table;
  }

  // Paragraphs of a cell become lines.
  Spans cell_text(const Node& cell, int depth) {
    if (depth > depth_max || cell.child("w:tbl")) refuse("There is a table within a table. A letter has none.");
    Spans spans;
    for (const Node node : cell.children("w:p")) {
      ++paragraph_;
      Spans line = text_of(node);
      if (line.empty()) continue;
      if (!spans.empty()) spans.push_back({"\n"});
      spans.insert(spans.end(), line.begin(), line.end());
    }
    return tidied(std::move(spans));
  }

  std::map<std::string, Style, std::less<>> styles_;
  Numberings numbering_;
  std::map<std::string, std::string> links_;
  int paragraph_ = 0;
  std::vector<bool> fields_;  // those under way: false in the instruction, true in the result
};

}  // namespace

Blocks blocks_of_docx(std::string_view docx) {
  const DocxParts parts = unpack_docx(docx);
  const auto xml = parsed(parts, "word/document.xml");
  const Node body = xml.document_element().child("w:body");
  if (!body) throw DocumentRefused("The file is damaged or is no Word document (.docx).");
  Blocks blocks = DocxReader(parts).read(body);
  if (blocks.empty()) throw DocumentRefused("The document is empty.");
  return blocks;
}

}  // namespace tradecase
