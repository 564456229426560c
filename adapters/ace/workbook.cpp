#include "adapters/ace/workbook.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "adapters/ace/xml.hpp"

namespace tradecase::xlsx {
namespace {

constexpr std::size_t texts_bytes_max = 256UL << 20;
constexpr std::size_t piece_bytes = 1 << 16;
constexpr char workbook_part[] = "xl/workbook.xml";
constexpr char relations_part[] = "xl/_rels/workbook.xml.rels";
constexpr char texts_part[] = "xl/sharedStrings.xml";

void read_part(Archive& archive, const std::string& name, XmlEvents events) {
  Archive::Part part(archive, name);
  Xml xml(name, std::move(events));
  std::array<char, piece_bytes> piece{};
  for (std::size_t count = part.read(piece); count > 0; count = part.read(piece)) xml.feed({piece.data(), count}, false);
  xml.feed({}, true);
}

void refuse_other_kinds(const Archive& archive) {
  const auto any = [&](std::string_view end) {
    return std::ranges::any_of(archive.names(), [&](const std::string& name) { return name.ends_with(end); });
  };
  if (any("vbaProject.bin") || any("macrosheets/sheet1.xml"))
    throw Refused("The workbook holds macros. Save it as an Excel workbook (.xlsx) without them.");
  if (any("workbook.bin")) throw Refused("This is a binary workbook (.xlsb). Save it as an Excel workbook (.xlsx).");
  if (!archive.has(workbook_part)) throw Refused("The file is a zip file, but no Excel workbook (.xlsx).");
}

// The first visible sheet's relation and the way of numbering days.
std::string read_sheets(Archive& archive, Workbook& book) {
  std::string relation;
  read_part(archive, workbook_part,
            {[&](std::string_view name, const Attributes& attributes) {
               if (name == "workbookPr") {
                 const std::string_view says = attributes.find("date1904");
                 book.days_of_1904 = says == "1" || says == "true";
               }
               const bool hidden = attributes.find("state").ends_with("idden");  // hidden, veryHidden
               if (name == "sheet" && relation.empty() && !hidden) relation = attributes.find_local("id");
             },
             [](std::string_view) {}, [](std::string_view) {}});
  if (relation.empty()) throw Refused("The workbook has no visible sheet.");
  return relation;
}

std::string read_target(Archive& archive, const std::string& relation) {
  std::string target;
  read_part(archive, relations_part,
            {[&](std::string_view name, const Attributes& attributes) {
               if (name == "Relationship" && attributes.find("Id") == relation) target = attributes.find("Target");
             },
             [](std::string_view) {}, [](std::string_view) {}});
  if (target.starts_with('/')) return target.substr(1);
  return "xl/" + target;
}

void read_texts(Archive& archive, SharedTexts& texts) {
  if (!archive.has(texts_part)) return;
  bool inside = false;    // a text of the cell's
  bool phonetic = false;  // how a text is read aloud is none of it
  read_part(archive, texts_part,
            {[&](std::string_view name, const Attributes&) {
               if (name == "si") texts.begin();
               if (name == "rPh") phonetic = true;
               inside = name == "t" && !phonetic && texts.size() > 0;
             },
             [&](std::string_view name) {
               inside = false;
               if (name == "rPh") phonetic = false;
             },
             [&](std::string_view text) {
               if (inside) texts.append(text);
             }});
}

}  // namespace

void SharedTexts::append(std::string_view text) {
  if (bytes_.size() + text.size() > texts_bytes_max)
    throw Refused("The workbook's texts come to more than 256 MiB. Save the report as CSV.");
  bytes_ += text;
}

std::string_view SharedTexts::at(std::size_t index) const {
  const std::size_t begin = begins_.at(index);
  const std::size_t end = index + 1 < begins_.size() ? begins_[index + 1] : bytes_.size();
  return std::string_view(bytes_).substr(begin, end - begin);
}

Workbook read_workbook(Archive& archive) {
  refuse_other_kinds(archive);
  Workbook book;
  book.sheet = read_target(archive, read_sheets(archive, book));
  if (!archive.has(book.sheet)) throw Refused("The workbook is damaged: its first sheet is not there.");
  read_texts(archive, book.texts);
  return book;
}

}  // namespace tradecase::xlsx
