#include "adapters/documents/docx_template.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <functional>
#include <optional>
#include <pugixml.hpp>
#include <sstream>

#include "adapters/documents/escape.hpp"
#include "engine/nearest.hpp"
#include "engine/text.hpp"

namespace tradecase {
namespace {

using Node = pugi::xml_node;
// The value of a field, or nothing where it is only looked at.
using Fill = std::function<std::optional<std::string>(const std::string& name, const std::string& place, const std::string& paragraph)>;

constexpr std::array harmless{"PAGE", "NUMPAGES", "SECTIONPAGES", "MERGEFIELD", "HYPERLINK", "DATE", "TITLE", "SUBJECT", "REF", "SEQ"};

bool holds_text(std::string_view part) {
  return part == "word/document.xml" || ((part.starts_with("word/header") || part.starts_with("word/footer")) && part.ends_with(".xml"));
}

std::string place_of(std::string_view part, int paragraph) {
  if (part == "word/document.xml") return fmt::format("paragraph {}", paragraph);
  return fmt::format("{}, paragraph {}", part.substr(5, part.size() - 9), paragraph);
}

// All text of a paragraph, and where in it each piece begins.
struct Pieces {
  std::vector<Node> nodes;
  std::vector<std::size_t> begins;
  std::string text;
};

Pieces pieces_of(const Node& paragraph) {
  struct Walk : pugi::xml_tree_walker {
    Pieces found;
    bool for_each(Node& node) override {
      if (std::string_view(node.name()) != "w:t") return true;
      found.nodes.push_back(node);
      found.begins.push_back(found.text.size());
      found.text += node.text().get();
      return true;
    }
  } walk;
  Node(paragraph).traverse(walk);
  return std::move(walk.found);
}

void set_text(Node node, const std::string& text) {
  node.text().set(text.c_str());
  if (!node.attribute("xml:space")) node.append_attribute("xml:space").set_value("preserve");
}

// Replaces text[begin, end) of a paragraph: the piece it begins in takes the value, the others lose their part.
void replace(const Pieces& pieces, std::size_t begin, std::size_t end, const std::string& value) {
  bool placed = false;
  for (std::size_t i = 0; i < pieces.nodes.size(); ++i) {
    const std::size_t from = pieces.begins[i];
    const std::string own = pieces.nodes[i].text().get();
    const std::size_t to = from + own.size();
    if (to <= begin || from >= end) continue;
    const std::string before = own.substr(0, begin > from ? begin - from : 0);
    const std::string after = end < to ? own.substr(end - from) : "";
    set_text(pieces.nodes[i], before + (placed ? "" : value) + after);
    placed = true;
  }
}

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

// Word's fields may fetch files and run programs; a template's are of the harmless kinds.
class FieldCheck : public pugi::xml_tree_walker {
 public:
  explicit FieldCheck(std::string_view part) : part_(part) {}

  bool for_each(Node& node) override {
    const std::string_view name = node.name(), mark = node.attribute("w:fldCharType").value();
    if (name == "w:p") ++paragraph_;
    if (name == "w:fldSimple") check(node.attribute("w:instr").value());
    if (name == "w:instrText" && !open_.empty()) open_.back() += node.text().get();
    if (name == "w:instrText" && open_.empty()) check("");
    if (name == "w:fldChar" && mark == "begin") open_.emplace_back();
    if (name == "w:fldChar" && mark == "end" && !open_.empty()) {
      check(open_.back());
      open_.pop_back();
    }
    return true;
  }

 private:
  void check(const std::string& instruction) const {
    std::istringstream in(instruction);
    std::string kind;
    in >> kind;
    if (std::ranges::find(harmless, upper(kind)) == harmless.end())
      throw DocumentRefused(fmt::format("In {} there is a field {}. Only merge fields, page numbers and links may stand in a template.",
                                        place_of(part_, paragraph_), kind.empty() ? "without a name" : kind));
  }

  std::string_view part_;
  int paragraph_ = 0;
  std::vector<std::string> open_;  // instructions of the fields under way
};

class PartFiller {
 public:
  PartFiller(std::string_view part, const Fill& fill) : part_(part), fill_(fill) {}

  void fill(Node root) {
    struct Walk : pugi::xml_tree_walker {
      std::vector<Node> paragraphs;
      bool for_each(Node& node) override {
        if (std::string_view(node.name()) == "w:p") paragraphs.push_back(node);
        return true;
      }
    } walk;
    root.traverse(walk);
    for (const Node& one : walk.paragraphs) paragraph(one);
  }

 private:
  void paragraph(Node node) {
    ++number_;
    place_ = place_of(part_, number_);
    words_ = pieces_of(node).text;
    tags(node);  // before the others: a value that looks like a tag is none
    fields_within(node);
  }

  void fields_within(Node node) {
    simple_fields(node);
    complex_fields(node);
    for (const Node child : node.children())
      if (const std::string_view name = child.name(); name != "w:r" && name != "w:p") fields_within(child);
  }

  std::string words() const { return words_.size() <= 120 ? words_ : words_.substr(0, words_.find_last_of(' ', 120)) + " …"; }

  std::optional<std::string> value(const std::string& name) { return fill_(name, place_, words()); }

  static std::string merge_name(const std::string& instruction) {  // "" for another field
    std::istringstream in(instruction);
    std::string kind, name;
    in >> kind >> name;
    std::erase(name, '"');
    return upper(kind) == "MERGEFIELD" ? name : "";
  }

  void simple_fields(Node paragraph) {
    std::vector<Node> found;
    for (const Node node : paragraph.children("w:fldSimple")) found.push_back(node);
    for (Node field : found) {
      const std::string name = merge_name(field.attribute("w:instr").value());
      if (name.empty()) continue;
      const auto text = value(name);
      if (!text) continue;
      show(field.child("w:r") ? field.child("w:r") : field.append_child("w:r"), *text);
      for (const Node run : field.children("w:r")) paragraph.insert_copy_before(run, field);
      paragraph.remove_child(field);
    }
  }

  // The first text of a run, and no other in the runs that follow it within their parent.
  static void show(Node run, const std::string& text) {
    for (Node other = run.next_sibling("w:r"); other; other = other.next_sibling("w:r"))
      while (other.remove_child("w:t")) {
      }
    Node first = run.child("w:t") ? run.child("w:t") : run.append_child("w:t");
    set_text(first, text);
  }

  // begin, instruction, separate, result, end: each in a run of its own, side by side.
  void complex_fields(Node paragraph) {
    for (Node run = paragraph.child("w:r"); run; run = run.next_sibling("w:r")) {
      if (mark_of(run) != "begin") continue;
      std::vector<Node> frame, result;
      std::string instruction;
      bool in_result = false;
      Node at = run;
      for (int open = 0; at; at = at.next_sibling("w:r")) {
        const std::string_view mark = mark_of(at);
        if (mark == "begin") ++open;
        if (mark == "separate" && open == 1) in_result = true;
        if (!mark.empty() || !in_result)
          frame.push_back(at);
        else
          result.push_back(at);
        if (open == 1)
          for (const Node piece : at.children("w:instrText")) instruction += piece.text().get();
        if (mark == "end" && --open == 0) break;
      }
      const std::string name = merge_name(instruction);
      const auto text = name.empty() ? std::nullopt : value(name);
      if (!text) {
        if (!at) return;  // it ends in another paragraph
        run = at;
        continue;
      }
      run = flatten(paragraph, frame, result, *text);
    }
  }

  static Node flatten(Node paragraph, const std::vector<Node>& frame, std::vector<Node> result, const std::string& text) {
    if (result.empty()) {
      Node made = paragraph.insert_child_after("w:r", frame.back());
      if (const Node look = frame.front().child("w:rPr")) made.append_copy(look);
      result.push_back(made);
    }
    for (const Node& node : frame) paragraph.remove_child(node);
    for (std::size_t i = 1; i < result.size(); ++i) paragraph.remove_child(result[i]);
    Node kept = result.front();
    while (kept.remove_child("w:t")) {
    }
    set_text(kept.append_child("w:t"), text);
    return kept;
  }

  static std::string_view mark_of(const Node& run) { return run.child("w:fldChar").attribute("w:fldCharType").value(); }

  // {{name}}, over as many runs as Word has cut it into.
  void tags(const Node& paragraph) {
    for (std::size_t from = 0;;) {
      const Pieces pieces = pieces_of(paragraph);
      const auto begin = pieces.text.find("{{", from);
      if (begin == std::string::npos) return;
      const auto end = pieces.text.find("}}", begin);
      if (end == std::string::npos)
        throw DocumentRefused(fmt::format("In {} a merge field begins with {{{{ and does not end: \"{}\".", place_, words()));
      const auto text = value(trimmed(std::string_view(pieces.text).substr(begin + 2, end - begin - 2)));
      if (text) replace(pieces, begin, end + 2, *text);
      from = text ? begin + text->size() : end + 2;
    }
  }

  std::string_view part_;
  const Fill& fill_;
  int number_ = 0;
  std::string place_, words_;
};

std::string fill_part(std::string_view part, const std::string& bytes, const Fill& fill) {
  pugi::xml_document xml;
  xml.load_buffer(bytes.data(), bytes.size(), pugi::parse_default | pugi::parse_ws_pcdata | pugi::parse_declaration);
  FieldCheck check(part);
  xml.traverse(check);
  PartFiller(part, fill).fill(xml.root());
  std::ostringstream out;
  xml.save(out, "", pugi::format_raw);
  return out.str();
}

}  // namespace

DocxTemplate DocxTemplate::read(std::string_view docx) {
  DocxTemplate made;
  made.parts_ = unpack_docx(docx);
  const Fill look = [&made](const std::string& name, const std::string& place, const std::string& paragraph) -> std::optional<std::string> {
    made.fields_.push_back({name, place, paragraph});
    return std::nullopt;
  };
  for (const auto& [name, bytes] : made.parts_)
    if (holds_text(name)) fill_part(name, bytes, look);
  return made;
}

std::vector<std::string> DocxTemplate::problems(const std::vector<std::string>& known) const {
  std::vector<std::string> all;
  for (const MergeField& field : fields_) {
    if (std::ranges::find(known, field.name) != known.end()) continue;
    const std::string near = nearest(field.name, known);
    all.push_back(fmt::format("In {} (\"{}\") there is no field \"{}\"{}.", field.place, field.paragraph, field.name,
                              near.empty() ? "" : fmt::format("; the nearest is \"{}\"", near)));
  }
  return all;
}

std::string DocxTemplate::merge(const std::map<std::string, std::string, std::less<>>& values) const {
  const Fill put = [&values](const std::string& name, const std::string& place, const std::string&) -> std::optional<std::string> {
    const auto found = values.find(name);
    if (found == values.end()) throw DocumentRefused(fmt::format("In {} the field \"{}\" has no value.", place, name));
    std::string line;
    append_escaped(line, found->second, Escaping::none);
    return line;
  };
  DocxParts merged = parts_;
  for (auto& [name, bytes] : merged)
    if (holds_text(name)) bytes = fill_part(name, bytes, put);
  return pack_docx(merged);
}

}  // namespace tradecase
