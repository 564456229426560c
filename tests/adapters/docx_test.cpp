// Letters to Word and back, templates with merge fields, and documents that nobody should take.
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "adapters/documents/docx.hpp"
#include "adapters/documents/docx_template.hpp"
#include "adapters/documents/letters.hpp"
#include "engine/json.hpp"

using namespace tradecase;
using Catch::Contains;

namespace {

namespace fs = std::filesystem;
const fs::path home = TRADECASE_HOME;

constexpr char word_names[] =
    "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" "
    "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";

// A document with this body, as Word would pack it.
DocxParts parts_with(const std::string& body) {
  DocxParts parts = unpack_docx(docx_of({{Block::Kind::paragraph, 0, {{"x"}}}}, {}));
  parts["word/document.xml"] = std::string("<w:document ") + word_names + "><w:body>" + body + "</w:body></w:document>";
  return parts;
}
std::string docx_with(const std::string& body) { return pack_docx(parts_with(body)); }
std::string paragraph(const std::string& inside) { return "<w:p>" + inside + "</w:p>"; }
std::string run(const std::string& text) { return "<w:r><w:t xml:space=\"preserve\">" + text + "</w:t></w:r>"; }
std::string text_of(std::string_view docx) { return rendered(blocks_of_docx(docx)).text; }

json::object sample_fields(const Letters& letters, const std::string& name, std::size_t which) {
  std::ifstream in(home / "tests/adapters/letter_samples.json");
  std::ostringstream bytes;
  bytes << in.rdbuf();
  static const json::object samples = json::parse(bytes.str()).as_object();
  json::object fields = samples.at("standard").at(which).as_object();
  const auto add = [&](const json::object& more) {
    for (const auto& [key, value] : more) fields[key] = value;
  };
  if (!letters.info(name).about.empty()) add(samples.at("deadline").at(which).as_object());
  add(samples.at("letters").at(name).at(which).as_object());
  return fields;
}

}  // namespace

TEST_CASE("every letter goes to Word and comes back the same") {
  const Letters letters = Letters::load(home / "templates");
  for (const std::string& name : letters.names())
    for (const std::size_t which : {0U, 1U}) {
      INFO(name << ", sample " << which);
      const RenderedLetter letter = letters.render(name, sample_fields(letters, name, which));
      const Blocks blocks = blocks_of_html(letter.html);
      REQUIRE(blocks.size() > 3);
      const Blocks back = blocks_of_docx(docx_of(blocks, {letter.title, "CBP", "Case 1", {}}));
      CHECK(rendered(back).html == rendered(blocks).html);
      CHECK(back == blocks);
      CHECK(blocks_of_html(rendered(back).html) == blocks);
    }
}

TEST_CASE("headings, lists within lists, tables, looks and links survive") {
  const std::string html =
      "<h1>Title &amp; more</h1>\n<p>Plain, <strong>bold</strong>, <em>italic</em>, <strong><em>both</em></strong> and a "
      "<a href=\"https://example.org/?a=1&amp;b=2\">link</a>.<br />\nNext line</p>\n<h2>Lists</h2>\n<ol start=\"3\">\n<li>three\n<ul>\n"
      "<li>inner</li>\n<li>more</li>\n</ul>\n</li>\n<li>four</li>\n</ol>\n<ul>\n<li>other</li>\n</ul>\n<table>\n<thead>\n<tr>\n<th>A</th>\n"
      "<th>B</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n<td></td>\n</tr>\n</tbody>\n</table>\n";
  const Blocks blocks = blocks_of_html(html);
  CHECK(rendered(blocks).html == html);
  CHECK(rendered(blocks_of_docx(docx_of(blocks, {}))).html == html);
  CHECK(docx_of(blocks, {}) == docx_of(blocks, {}));
  CHECK_THAT(rendered(blocks).text, Contains("3. three") && Contains("link (https://example.org/?a=1&b=2)"));
}

TEST_CASE("an item of several paragraphs stays one item") {
  const Blocks blocks = blocks_of_html("<ol><li><p>one</p><p>still one</p><ul><li>in</li></ul></li><li><p>two</p></li></ol>");
  CHECK(blocks_of_docx(docx_of(blocks, {})) == blocks);
}

TEST_CASE("what letters do not have is left out of HTML") {
  const Blocks blocks = blocks_of_html(
      "<p onclick=\"x()\">A<script>alert(1)</script> <a href=\"javascript:alert(1)\">b</a></p><style>p{}</style><iframe "
      "src=\"x\"></iframe>");
  CHECK(rendered(blocks).html == "<p>A b</p>\n");
  CHECK_THROWS_AS(blocks_of_html("<p>not closed"), DocumentRefused);
}

TEST_CASE("the core properties say what the document is") {
  const auto parts =
      unpack_docx(docx_of({{Block::Kind::paragraph, 0, {{"x"}}}}, {"A & B", "CBP", "Case 7", *parse_instant("2026-01-14T16:00:00Z")}));
  CHECK_THAT(parts.at("docProps/core.xml"),
             Contains("<dc:title>A &amp; B</dc:title>") && Contains("2026-01-14T16:00:00Z") && Contains("en-US"));
}

TEST_CASE("what Word makes of a letter is read: styles, numbering, fields, odd runs") {
  CHECK(text_of(docx_with(paragraph("<w:pPr><w:pStyle w:val=\"Heading2\"/></w:pPr>" + run("Head")) + paragraph(run("a") + run("b")))) ==
        "Head\n----\n\nab\n");
  CHECK(text_of(docx_with(paragraph(run("page ") + "<w:fldSimple w:instr=\" PAGE \"><w:r><w:t>7</w:t></w:r></w:fldSimple>"))) ==
        "page 7\n");
  CHECK(text_of(docx_with(paragraph("<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText>DATE</w:instrText></w:r>"
                                    "<w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>" +
                                    run("today") + "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>"))) == "today\n");
  CHECK(rendered(blocks_of_docx(docx_with(paragraph("<w:r><w:rPr><w:b w:val=\"0\"/></w:rPr><w:t>no</w:t></w:r>")))).html == "<p>no</p>\n");
}

TEST_CASE("what a letter cannot have is refused with its place") {
  const auto refused = [](const std::string& second) { return docx_with(paragraph(run("first")) + second); };
  const auto why = [](const std::string& docx) -> std::string {
    try {
      return text_of(docx);
    } catch (const DocumentRefused& refusal) {
      return refusal.what();
    }
  };
  CHECK_THAT(why(refused(paragraph("<w:ins w:id=\"1\">" + run("x") + "</w:ins>"))), Contains("Paragraph 2") && Contains("tracked changes"));
  CHECK_THAT(why(refused(paragraph("<w:del w:id=\"1\"><w:r><w:delText>x</w:delText></w:r></w:del>"))),
             Contains("Paragraph 2") && Contains("tracked"));
  CHECK_THAT(why(refused(paragraph("<w:r><w:drawing/></w:r>"))), Contains("Paragraph 2") && Contains("picture"));
  CHECK_THAT(why(refused(paragraph("<w:r><w:rPr><w:vanish/></w:rPr><w:t>x</w:t></w:r>"))), Contains("Paragraph 2") && Contains("hidden"));
  CHECK_THAT(why(refused(paragraph("<w:r><w:footnoteReference w:id=\"2\"/></w:r>"))), Contains("Paragraph 2") && Contains("footnote"));
  CHECK_THROWS_WITH(blocks_of_docx(refused("<w:tbl><w:tr><w:tc>" + paragraph(run("x")) + "<w:tbl/></w:tc></w:tr></w:tbl>")),
                    Contains("table within a table"));
  CHECK_THROWS_WITH(blocks_of_docx(docx_with(paragraph(""))), Contains("empty"));
}

TEST_CASE("fields are found wherever Word cut them, with their places") {
  const std::string docx =
      docx_with(paragraph(run("Dear {{recip") + "<w:r><w:rPr><w:b/></w:rPr><w:t>ient_</w:t></w:r>" + run("name}}, {{ company }}")) +
                paragraph("<w:fldSimple w:instr=\" MERGEFIELD due_on \\* MERGEFORMAT \"><w:r><w:t>«due_on»</w:t></w:r></w:fldSimple>") +
                paragraph("<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText> MERGEFIELD \"case_id\" </w:instrText></w:r>"
                          "<w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:rPr><w:i/></w:rPr><w:t>«case_id»</w:t></w:r>"
                          "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>") +
                paragraph(run("Pay by {{deu_on}}")));
  const DocxTemplate made = DocxTemplate::read(docx);
  REQUIRE(made.fields().size() == 5);
  CHECK(made.fields()[0] == MergeField{"recipient_name", "paragraph 1", "Dear {{recipient_name}}, {{ company }}"});
  const auto problems = made.problems({"recipient_name", "company", "due_on", "case_id"});
  REQUIRE(problems.size() == 1);
  CHECK(problems[0] == "In paragraph 4 (\"Pay by {{deu_on}}\") there is no field \"deu_on\"; the nearest is \"due_on\".");

  const std::string merged = made.merge({{"recipient_name", "Zoë <b> & {{company}}"},
                                         {"company", "Acme\nInc."},
                                         {"due_on", "{{case_id}}"},
                                         {"case_id", "TC-1"},
                                         {"deu_on", "x"}});
  CHECK(text_of(merged) == "Dear Zoë <b> & {{company}}, Acme Inc.\n\n{{case_id}}\n\nTC-1\n\nPay by x\n");
  CHECK_THAT(rendered(blocks_of_docx(merged)).html, Contains("<em>TC-1</em>"));
  CHECK_THROWS_WITH(made.merge({{"recipient_name", "x"}}), Contains("paragraph 1") && Contains("\"company\" has no value"));
}

TEST_CASE("a field in a link or in the page's foot is a field too") {
  DocxParts parts = parts_with(
      paragraph("<w:hyperlink w:anchor=\"a\"><w:fldSimple w:instr=\"MERGEFIELD company\">" + run("c") + "</w:fldSimple></w:hyperlink>"));
  parts["word/footer1.xml"] = std::string("<w:ftr ") + word_names + ">" + paragraph(run("{{case_id}}")) + "</w:ftr>";
  const DocxTemplate made = DocxTemplate::read(pack_docx(parts));
  REQUIRE(made.fields().size() == 2);
  CHECK(made.fields()[1].place == "footer1, paragraph 1");
  const auto merged = unpack_docx(made.merge({{"company", "Acme"}, {"case_id", "TC-9"}}));
  CHECK_THAT(merged.at("word/footer1.xml"), Contains("TC-9") && !Contains("{{"));
  CHECK_THAT(merged.at("word/document.xml"), Contains("Acme") && !Contains("MERGEFIELD"));
}

TEST_CASE("a template's broken or dangerous fields are refused") {
  CHECK_THROWS_WITH(DocxTemplate::read(docx_with(paragraph(run("{{open")))), Contains("paragraph 1") && Contains("does not end"));
  for (const char* field : {"INCLUDETEXT \"c:\\\\x\"", "DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe", "INCLUDEPICTURE \"http://x\"", ""})
    CHECK_THROWS_WITH(
        DocxTemplate::read(docx_with(paragraph(std::string("<w:fldSimple w:instr='") + field + "'>" + run("x") + "</w:fldSimple>"))),
        Contains("paragraph 1") && Contains("Only merge fields"));
  CHECK_THROWS_WITH(DocxTemplate::read(docx_with(paragraph(
                        "<w:hyperlink><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText>DDE</w:instrText></w:r>"
                        "<w:r><w:instrText>AUTO cmd</w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r></w:hyperlink>"))),
                    Contains("DDEAUTO"));
}

TEST_CASE("hostile and broken documents are refused") {
  const std::string good = docx_with(paragraph(run("x")));
  REQUIRE_NOTHROW(blocks_of_docx(good));
  const auto with = [](const std::string& name, const std::string& bytes) {
    DocxParts parts = parts_with(paragraph(run("x")));
    parts[name] = bytes;
    return pack_docx(parts);
  };
  const auto relation = [&](const std::string& type, const std::string& target) {
    return with(
        "word/_rels/document.xml.rels",
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"a\" Type=\"http://x/" +
            type + "\" Target=\"" + target + "\" TargetMode=\"External\"/></Relationships>");
  };
  CHECK_THROWS_WITH(unpack_docx(with("word/vbaProject.bin", "x")), Contains("macros"));
  CHECK_THROWS_WITH(unpack_docx(with("word/activeX/activeX1.xml", "<a/>")), Contains("macros or controls"));
  CHECK_THROWS_WITH(unpack_docx(with("word/embeddings/a.xlsx", "x")), Contains("other files"));
  CHECK_THROWS_WITH(unpack_docx(with("[Content_Types].xml",
                                     "<Types><Override ContentType=\"application/vnd.ms-word.document.macroEnabled.main+xml\"/></Types>")),
                    Contains("macros"));
  CHECK_THROWS_WITH(unpack_docx(relation("attachedTemplate", "http://evil.example/t.dotm")), Contains("outside itself"));
  CHECK_THROWS_WITH(unpack_docx(relation("image", "file:///etc/passwd")), Contains("outside itself"));
  CHECK_THROWS_WITH(unpack_docx(relation("hyperlink", "javascript:alert(1)")), Contains("outside itself"));
  CHECK_NOTHROW(unpack_docx(relation("hyperlink", "https://example.org/")));
  CHECK_THROWS_WITH(
      unpack_docx(with("word/document.xml", "<!DOCTYPE w [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><w:document>&x;</w:document>")),
      Contains("document type"));
  CHECK_THROWS_WITH(unpack_docx(with("word/document.xml", "<w:document><w:body>")), Contains("damaged"));
  CHECK_THROWS_WITH(unpack_docx(with("../evil", "x")), Contains("damaged"));
  CHECK_THROWS_WITH(unpack_docx(with("word/media/zeros.png", std::string(21U << 20U, '\0'))), Contains("unpacks to more"));
  DocxParts many = parts_with(paragraph(run("x")));
  for (int i = 0; i < 2'001; ++i) many["word/" + std::to_string(i)] = "x";
  CHECK_THROWS_WITH(unpack_docx(pack_docx(many)), Contains("more parts"));
  CHECK_THROWS_WITH(unpack_docx(""), Contains("damaged"));
  CHECK_THROWS_WITH(unpack_docx("MZ" + std::string(1000, 'x')), Contains("damaged"));
  std::string deep;
  for (int i = 0; i < 5'000; ++i) deep = "<w:sdt><w:sdtContent>" + deep + "</w:sdtContent></w:sdt>";
  CHECK_THROWS_WITH(blocks_of_docx(docx_with(deep + paragraph(run("x")))), Contains("too deep"));
}

TEST_CASE("a truncated or scribbled-on document is read or refused, and never more") {
  const Blocks blocks =
      blocks_of_html("<h1>T</h1><p>text <strong>b</strong></p><ul><li>i</li></ul><table><tr><th>h</th></tr><tr><td>c</td></tr></table>");
  const std::string good = docx_of(blocks, {"T", "A", "S", {}});
  for (std::size_t size = 0; size < good.size(); size += 97) CHECK_THROWS_AS(blocks_of_docx(good.substr(0, size)), DocumentRefused);
  std::mt19937 dice(7);
  const std::string xml = unpack_docx(good).at("word/document.xml");
  for (int round = 0; round < 300; ++round) {
    std::string bytes = good, inner = xml;
    bytes[dice() % bytes.size()] = static_cast<char>(dice());
    inner[dice() % inner.size()] = static_cast<char>(dice());
    DocxParts parts = unpack_docx(good);
    parts["word/document.xml"] = inner;
    for (const std::string& one : {bytes, pack_docx(parts)}) try {
        blocks_of_docx(one);
        DocxTemplate::read(one);
      } catch (const DocumentRefused&) {
      }
  }
}
