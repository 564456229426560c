// Blocks as a Word document, on the agency's paper: Letter size, page numbers, real headings, lists and header rows.
#include <fmt/format.h>

#include <map>

#include "adapters/documents/docx.hpp"

namespace tradecase {
namespace {

constexpr char declaration[] = R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>)"
                               "\n";
constexpr char word_names[] =
    R"(xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships")";
constexpr char office[] = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
constexpr char package[] = "http://schemas.openxmlformats.org/package/2006/";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (static_cast<unsigned char>(c) >= ' ')
      out += c;
  }
  return out;
}

class DocumentWriter {
 public:
  std::string body(const Blocks& blocks) {
    write(blocks, -1);
    return std::move(out_);
  }
  std::string numbering() const;
  std::string relations() const;

 private:
  void write(const Blocks& blocks, int list_depth) {
    for (const Block& block : blocks) switch (block.kind) {
        case Block::Kind::heading:
          paragraph(fmt::format(R"(<w:pStyle w:val="Heading{}"/>)", block.level), block.spans);
          break;
        case Block::Kind::paragraph:
          paragraph(list_depth < 0 ? "" : fmt::format(R"(<w:pStyle w:val="ListContinue"/><w:ind w:left="{}"/>)", 720 * (list_depth + 1)),
                    block.spans);
          break;
        case Block::Kind::list:
          list(block, list_depth + 1);
          break;
        case Block::Kind::table:
          table(block);
          break;
      }
  }

  void paragraph(const std::string& properties, const Spans& spans) {
    out_ += "<w:p>";
    if (!properties.empty()) out_ += "<w:pPr>" + properties + "</w:pPr>";
    for (const Span& span : spans) run(span);
    out_ += "</w:p>";
  }

  void run(const Span& span) {
    if (!span.link.empty()) out_ += fmt::format(R"(<w:hyperlink r:id="{}">)", link_id(span.link));
    std::string look;
    if (!span.link.empty()) look += R"(<w:rStyle w:val="Hyperlink"/>)";
    if (span.bold) look += "<w:b/>";
    if (span.italic) look += "<w:i/>";
    out_ += "<w:r>" + (look.empty() ? "" : "<w:rPr>" + look + "</w:rPr>");
    out_ += span.text == "\n" ? "<w:br/>" : R"(<w:t xml:space="preserve">)" + escaped(span.text) + "</w:t>";
    out_ += span.link.empty() ? "</w:r>" : "</w:r></w:hyperlink>";
  }

  void list(const Block& block, int depth) {
    lists_.push_back({block.ordered, block.start, depth});
    const std::size_t number = lists_.size();
    for (const Blocks& item : block.items) {
      Blocks rest = item;
      Spans first;
      if (!rest.empty() && rest.front().kind == Block::Kind::paragraph) {
        first = rest.front().spans;
        rest.erase(rest.begin());
      }
      paragraph(fmt::format(R"(<w:pStyle w:val="ListParagraph"/><w:numPr><w:ilvl w:val="{}"/><w:numId w:val="{}"/></w:numPr>)",
                            std::min(depth, 8), number),
                first);
      write(rest, depth);
    }
  }

  void table(const Block& block) {
    const std::size_t columns = block.rows.front().size();
    const std::size_t width = 9360 / columns;  // twentieths of a point between the margins
    out_ +=
        R"(<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="5000" w:type="pct"/>)"
        R"(<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/></w:tblPr><w:tblGrid>)";
    for (std::size_t i = 0; i < columns; ++i) out_ += fmt::format(R"(<w:gridCol w:w="{}"/>)", width);
    out_ += "</w:tblGrid>";
    for (const auto& row : block.rows) {
      out_ += R"(<w:tr><w:trPr><w:cantSplit/>)";
      if (&row == &block.rows.front()) out_ += "<w:tblHeader/>";
      out_ += "</w:trPr>";
      for (const Spans& cell : row) {
        out_ += fmt::format(R"(<w:tc><w:tcPr><w:tcW w:w="{}" w:type="dxa"/></w:tcPr>)", width);
        paragraph(&row == &block.rows.front() ? R"(<w:pStyle w:val="TableHead"/>)" : R"(<w:pStyle w:val="TableText"/>)", cell);
        out_ += "</w:tc>";
      }
      out_ += "</w:tr>";
    }
    out_ += R"(</w:tbl><w:p><w:pPr><w:spacing w:after="0"/></w:pPr></w:p>)";  // without it Word joins two tables
  }

  std::string link_id(const std::string& link) { return links_.emplace(link, fmt::format("link{}", links_.size() + 1)).first->second; }

  struct List {
    bool ordered;
    int start, depth;
  };
  std::string out_;
  std::vector<List> lists_;
  std::map<std::string, std::string> links_;  // address to id
};

std::string levels(bool ordered) {
  std::string out;
  for (int level = 0; level < 9; ++level)
    out += fmt::format(R"(<w:lvl w:ilvl="{}"><w:start w:val="1"/><w:numFmt w:val="{}"/><w:lvlText w:val="{}"/><w:lvlJc w:val="left"/>)"
                       R"(<w:pPr><w:ind w:left="{}" w:hanging="360"/></w:pPr></w:lvl>)",
                       level, ordered ? "decimal" : "bullet", ordered ? fmt::format("%{}.", level + 1) : "•", 720 * (level + 1));
  return out;
}

std::string DocumentWriter::numbering() const {
  std::string out = declaration + fmt::format("<w:numbering {}>", word_names);
  for (const bool ordered : {false, true})
    out += fmt::format(R"(<w:abstractNum w:abstractNumId="{}"><w:multiLevelType w:val="multilevel"/>{}</w:abstractNum>)", ordered ? 1 : 0,
                       levels(ordered));
  for (std::size_t i = 0; i < lists_.size(); ++i)  // each list counts for itself
    out += fmt::format(
        R"(<w:num w:numId="{}"><w:abstractNumId w:val="{}"/><w:lvlOverride w:ilvl="{}"><w:startOverride w:val="{}"/></w:lvlOverride></w:num>)",
        i + 1, lists_[i].ordered ? 1 : 0, std::min(lists_[i].depth, 8), lists_[i].start);
  return out + "</w:numbering>";
}

std::string DocumentWriter::relations() const {
  std::string out = declaration + fmt::format(R"(<Relationships xmlns="{}relationships">)", package);
  for (const char* part : {"styles", "numbering", "settings"})
    out += fmt::format(R"(<Relationship Id="{0}" Type="{1}{0}" Target="{0}.xml"/>)", part, office);
  out += fmt::format(R"(<Relationship Id="footer" Type="{}footer" Target="footer1.xml"/>)", office);
  for (const auto& [address, id] : links_)
    out += fmt::format(R"(<Relationship Id="{}" Type="{}hyperlink" Target="{}" TargetMode="External"/>)", id, office, escaped(address));
  return out + "</Relationships>";
}

std::string heading_style(int level) {
  const int size = level == 1 ? 26 : level == 2 ? 24 : 22;  // half points
  return fmt::format(
      R"(<w:style w:type="paragraph" w:styleId="Heading{0}"><w:name w:val="heading {0}"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/>)"
      R"(<w:qFormat/><w:pPr><w:keepNext/><w:spacing w:before="240" w:after="80"/><w:outlineLvl w:val="{1}"/></w:pPr><w:rPr><w:b/><w:sz w:val="{2}"/></w:rPr></w:style>)",
      level, level - 1, size);
}

std::string styles() {
  std::string out = declaration + fmt::format("<w:styles {}>", word_names);
  out +=
      R"(<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman"/><w:sz w:val="22"/><w:lang w:val="en-US"/></w:rPr></w:rPrDefault>)"
      R"(<w:pPrDefault><w:pPr><w:spacing w:after="160" w:line="276" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>)"
      R"(<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>)"
      R"(<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/><w:rPr><w:color w:val="0050D8"/><w:u w:val="single"/></w:rPr></w:style>)"
      R"(<w:style w:type="paragraph" w:styleId="ListParagraph"><w:name w:val="List Paragraph"/><w:basedOn w:val="Normal"/><w:pPr><w:spacing w:after="80"/></w:pPr></w:style>)"
      R"(<w:style w:type="paragraph" w:styleId="ListContinue"><w:name w:val="List Continue"/><w:basedOn w:val="Normal"/><w:pPr><w:spacing w:after="80"/></w:pPr></w:style>)"
      R"(<w:style w:type="paragraph" w:styleId="TableText"><w:name w:val="Table Text"/><w:basedOn w:val="Normal"/><w:pPr><w:spacing w:before="40" w:after="40" w:line="240" w:lineRule="auto"/></w:pPr><w:rPr><w:sz w:val="20"/></w:rPr></w:style>)"
      R"(<w:style w:type="paragraph" w:styleId="TableHead"><w:name w:val="Table Head"/><w:basedOn w:val="TableText"/><w:pPr><w:keepNext/></w:pPr><w:rPr><w:b/></w:rPr></w:style>)"
      R"(<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/><w:tblPr><w:tblBorders>)";
  for (const char* side : {"top", "left", "bottom", "right", "insideH", "insideV"})
    out += fmt::format(R"(<w:{} w:val="single" w:sz="4" w:space="0" w:color="71767A"/>)", side);
  out += "</w:tblBorders></w:tblPr></w:style>";
  for (int level = 1; level <= 6; ++level) out += heading_style(level);
  return out + "</w:styles>";
}

std::string field(const char* name) { return fmt::format(R"(<w:fldSimple w:instr=" {} "><w:r><w:t>1</w:t></w:r></w:fldSimple>)", name); }

std::string core(const DocxProperties& properties) {
  const std::string at = to_text(properties.written_at).substr(0, 19) + "Z";
  return declaration +
         fmt::format(
             R"(<cp:coreProperties xmlns:cp="{}metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" )"
             R"(xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">)"
             R"(<dc:title>{}</dc:title><dc:subject>{}</dc:subject><dc:creator>{}</dc:creator><dc:language>en-US</dc:language>)"
             R"(<dcterms:created xsi:type="dcterms:W3CDTF">{}</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">{}</dcterms:modified></cp:coreProperties>)",
             package, escaped(properties.title), escaped(properties.subject), escaped(properties.author), at, at);
}

std::string content_types() {
  constexpr char word[] = "application/vnd.openxmlformats-officedocument.wordprocessingml.";
  std::string out =
      declaration +
      fmt::format(
          R"(<Types xmlns="{0}content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>)",
          package);
  for (const auto& [part, type] : {std::pair{"document", "document.main"},
                                   {"styles", "styles"},
                                   {"numbering", "numbering"},
                                   {"settings", "settings"},
                                   {"footer1", "footer"}})
    out += fmt::format(R"(<Override PartName="/word/{}.xml" ContentType="{}{}+xml"/>)", part, word, type);
  return out +
         R"(<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>)";
}

}  // namespace

std::string docx_of(const Blocks& blocks, const DocxProperties& properties) {
  DocumentWriter writer;
  const std::string body = writer.body(blocks);
  DocxParts parts;
  parts["[Content_Types].xml"] = content_types();
  parts["_rels/.rels"] =
      declaration +
      fmt::format(
          R"(<Relationships xmlns="{0}relationships"><Relationship Id="document" Type="{1}officeDocument" Target="word/document.xml"/>)"
          R"(<Relationship Id="core" Type="{0}relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>)",
          package, office);
  parts["docProps/core.xml"] = core(properties);
  parts["word/document.xml"] =
      declaration + fmt::format("<w:document {}><w:body>", word_names) + body +
      R"(<w:sectPr><w:footerReference w:type="default" r:id="footer"/><w:pgSz w:w="12240" w:h="15840"/><w:pgMar w:top="1440" w:right="1440" w:bottom="1440" w:left="1440" w:header="720" w:footer="720" w:gutter="0"/></w:sectPr></w:body></w:document>)";
  parts["word/_rels/document.xml.rels"] = writer.relations();
  parts["word/styles.xml"] = styles();
  parts["word/numbering.xml"] = writer.numbering();
  parts["word/settings.xml"] = declaration + fmt::format(R"(<w:settings {}><w:updateFields w:val="false"/></w:settings>)", word_names);
  parts["word/footer1.xml"] =
      declaration +
      fmt::format(
          R"(<w:ftr {}><w:p><w:pPr><w:jc w:val="right"/></w:pPr><w:r><w:t xml:space="preserve">{}   Page </w:t></w:r>{}<w:r><w:t xml:space="preserve"> of </w:t></w:r>{}</w:p></w:ftr>)",
          word_names, escaped(properties.subject), field("PAGE"), field("NUMPAGES"));
  return pack_docx(parts);
}

}  // namespace tradecase
