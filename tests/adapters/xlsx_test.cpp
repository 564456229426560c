// Workbooks as ACE exports them, and workbooks made to do harm: each of those is refused in words.
#include "adapters/ace/xlsx.hpp"

#include <unistd.h>
#include <zip.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "adapters/ace/entries.hpp"

using namespace tradecase;
namespace fs = std::filesystem;

namespace {

using Parts = std::map<std::string, std::string>;

struct Temporary {
  fs::path path = fs::temp_directory_path() / ("book-" + std::to_string(getpid()) + ".xlsx");
  ~Temporary() { fs::remove(path); }
};

void zip_to(const fs::path& file, const Parts& parts) {
  fs::remove(file);
  zip_t* zip = zip_open(file.c_str(), ZIP_CREATE, nullptr);
  REQUIRE(zip != nullptr);
  for (const auto& [name, bytes] : parts)
    REQUIRE(zip_file_add(zip, name.c_str(), zip_source_buffer(zip, bytes.data(), bytes.size(), 0), 0) >= 0);
  REQUIRE(zip_close(zip) == 0);
}

const std::string head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const std::string main_space = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";

std::string sheet(const std::string& rows) {
  return head + "<worksheet " + main_space + "><sheetData>" + rows + "</sheetData></worksheet>";
}

Parts book(const std::string& rows, const std::string& texts = "", const std::string& properties = "") {
  Parts parts{
      {"[Content_Types].xml", head + "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"},
      {"xl/workbook.xml",
       head + "<workbook " + main_space + " xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">" + properties +
           "<sheets><sheet name=\"Notes\" sheetId=\"1\" state=\"hidden\" r:id=\"rId1\"/><sheet name=\"ES-003\" sheetId=\"2\" "
           "r:id=\"rId2\"/></sheets></workbook>"},
      {"xl/_rels/workbook.xml.rels", head + "<Relationships><Relationship Id=\"rId1\" Target=\"worksheets/sheet1.xml\"/><Relationship "
                                            "Id=\"rId2\" Target=\"worksheets/sheet2.xml\"/></Relationships>"},
      {"xl/worksheets/sheet1.xml", sheet("<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>hidden</t></is></c></row>")},
      {"xl/worksheets/sheet2.xml", sheet(rows)}};
  if (!texts.empty()) parts["xl/sharedStrings.xml"] = head + "<sst " + main_space + ">" + texts + "</sst>";
  return parts;
}

std::string text_cell(const std::string& at, const std::string& text) {
  return "<c r=\"" + at + "\" t=\"inlineStr\"><is><t>" + text + "</t></is></c>";
}

struct Read {
  std::vector<csv::Row> rows;
  std::string refused;
  std::int64_t formulas = 0;
};

Read read_file(const fs::path& file) {
  Read read;
  try {
    xlsx::Reader reader(file);
    for (csv::Row row; reader.next(row);) read.rows.push_back(row);
    read.formulas = reader.formulas();
  } catch (const xlsx::Refused& refused) {
    read.refused = refused.what();
  }
  return read;
}

Read read(const Parts& parts) {
  const Temporary file;
  zip_to(file.path, parts);
  return read_file(file.path);
}

Read read_bytes(const std::string& bytes) {
  const Temporary file;
  std::ofstream(file.path, std::ios::binary) << bytes;
  return read_file(file.path);
}

std::string bytes_of(const Parts& parts) {
  const Temporary file;
  zip_to(file.path, parts);
  std::ifstream in(file.path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("cells of every kind come as a person sees them, from the first visible sheet") {
  const Read got =
      read(book("<row r=\"1\">" + text_cell("A1", "a") + text_cell("B1", "b") + text_cell("C1", "c") + text_cell("D1", "d") +
                    "</row><row r=\"2\"/><row r=\"4\"><c r=\"A4\" t=\"s\"><v>0</v></c><c r=\"B4\"><v>3109.2199999999998</v></c><c "
                    "r=\"C4\"><v>46036</v></c><c "
                    "r=\"D4\" t=\"s\"><v>1</v></c></row><row r=\"5\"><c r=\"B5\" t=\"str\"><f>A1&amp;\"x\"</f><v>ax</v></c><c r=\"C5\" "
                    "t=\"d\"><v>2026-01-14T00:00:00</v></c></row><row><c><v>1.5E3</v></c><c t=\"b\"><v>1</v></c></row>",
                "<si><t>05941030008</t></si><si><r><t>Caf</t></r><r><t>é &amp; co</t></r><rPh sb=\"0\" eb=\"1\"><t>aloud</t></rPh></si>"));
  CHECK(got.refused.empty());
  REQUIRE(got.rows.size() == 4);
  CHECK(got.rows[0].fields == std::vector<std::string>{"a", "b", "c", "d"});
  CHECK(got.rows[1].line == 4);
  CHECK(got.rows[1].fields == std::vector<std::string>{"05941030008", "3109.22", "46036", "Café & co"});
  CHECK(got.rows[2].fields == std::vector<std::string>{"", "ax", "2026-01-14", ""});
  CHECK(got.rows[3].line == 6);
  CHECK(got.rows[3].fields == std::vector<std::string>{"1500", "1", "", ""});
  CHECK(got.formulas == 1);
  CHECK(got.rows[2].unfit.empty());
}

TEST_CASE("a formula that was never calculated, and a row wider than the header, are faults of their row") {
  const Read got =
      read(book("<row r=\"1\">" + text_cell("A1", "a") + "</row><row r=\"2\"><c r=\"A2\"><f>SUM(B1:B9)</f></c></row><row r=\"3\">" +
                text_cell("A3", "x") + text_cell("C3", "y") + "</row>"));
  REQUIRE(got.rows.size() == 3);
  REQUIRE(got.rows[1].unfit.size() == 1);
  CHECK(got.rows[1].unfit.front().reason.find("never calculated") != std::string::npos);
  REQUIRE(got.rows[2].fault);
  CHECK(got.rows[2].fault->reason == "the row reaches to column 3 where the header has 1");
}

TEST_CASE("prefixed element names, as some programs write them, are understood") {
  Parts parts = book("");
  parts["xl/worksheets/sheet2.xml"] =
      head +
      "<x:worksheet xmlns:x=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><x:sheetData><x:row r=\"1\"><x:c r=\"A1\" "
      "t=\"inlineStr\"><x:is><x:t>a</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>";
  const Read got = read(parts);
  REQUIRE(got.rows.size() == 1);
  CHECK(got.rows[0].fields.front() == "a");
}

TEST_CASE("what would do harm, or is no workbook, is refused in words") {
  const auto with = [](Parts parts, const std::string& name, const std::string& bytes) {
    parts[name] = bytes;
    return parts;
  };
  const Parts good = book("<row r=\"1\">" + text_cell("A1", "a") + "</row>");
  const auto refused = [](const Parts& parts, const std::string& says) {
    const Read got = read(parts);
    INFO(got.refused);
    CHECK(got.refused.find(says) != std::string::npos);
  };
  CHECK(read(good).refused.empty());
  refused(with(good, "xl/vbaProject.bin", "x"), "holds macros");
  refused(with(good, "xl/workbook.bin", "x"), "binary workbook");
  refused({{"readme.txt", "x"}}, "no Excel workbook");
  refused(with(good, "xl/worksheets/sheet2.xml", sheet("<row r=\"1\">" + text_cell("EQW1", "x") + "</row>")), "more than 1,000 columns");
  std::string wide = "<row r=\"1\">";
  for (int i = 0; i < 100000; ++i) wide += "<c><v>1</v></c>";
  refused(with(good, "xl/worksheets/sheet2.xml", sheet(wide + "</row>")), "more than 1,000 columns");
  refused(with(good, "xl/worksheets/sheet2.xml", sheet("<row r=\"2\"></row><row r=\"1\"></row>")), "out of order");
  refused(with(good, "xl/worksheets/sheet2.xml", sheet("<row r=\"99999999999\"></row>")), "out of order");
  refused(with(good, "xl/worksheets/sheet2.xml", sheet("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>7</v></c></row>")), "a text that is not there");
  refused(with(good, "xl/worksheets/sheet2.xml", sheet("<row r=\"1\">" + text_cell("A1", std::string(200000, 'x')) + "</row>")),
          "more text");
  refused(with(good, "xl/worksheets/sheet2.xml", head + "<!DOCTYPE x [<!ENTITY a \"b\">]><worksheet/>"), "document type");
  refused(with(good, "xl/worksheets/sheet2.xml", head + "<worksheet><sheetData><row"), "cannot be read on");
  refused(with(good, "xl/worksheets/sheet2.xml", sheet("<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>caf\xE9</t></is></c></row>")),
          "cannot be read on");
  refused(with(good, "xl/worksheets/sheet2.xml", "<?xml version=\"1.0\" encoding=\"EBCDIC-37\"?><worksheet/>"), "cannot be read on");
  Parts missing = good;
  missing.erase("xl/worksheets/sheet2.xml");
  refused(missing, "first sheet is not there");
  refused(with(good, "xl/workbook.xml", head + "<workbook><sheets/></workbook>"), "no visible sheet");
}

TEST_CASE("a zip bomb is stopped before it is unpacked, and on the way where its sizes lie") {
  Parts bomb = book("");
  bomb["xl/worksheets/sheet2.xml"] = sheet(std::string(64 << 20, ' '));
  CHECK(read(bomb).refused.find("more than 100 times as large") != std::string::npos);
  Parts texts = book("<row r=\"1\"/>");
  texts["xl/sharedStrings.xml"] = "<sst>" + std::string(64 << 20, ' ') + "</sst>";
  CHECK(read(texts).refused.find("more than 100 times as large") != std::string::npos);
}

TEST_CASE("one text of the workbook named by many cells of a row does not fill the memory") {
  std::string row = "<row r=\"1\">";
  for (int i = 0; i < 900; ++i) row += "<c t=\"s\"><v>0</v></c>";
  CHECK(read(book(row + "</row>", "<si><t>" + std::string(32000, 'x') + "</t></si>")).refused.find("more text") != std::string::npos);
}

TEST_CASE("a workbook cut short anywhere is refused, never read in part without a word") {
  const std::string whole =
      bytes_of(book("<row r=\"1\">" + text_cell("A1", "a") + "</row><row r=\"2\">" + text_cell("A2", "b") + "</row>", "<si><t>x</t></si>"));
  for (std::size_t size = 4; size < whole.size(); size += 7) {
    INFO(size << " of " << whole.size());
    CHECK_FALSE(read_bytes(whole.substr(0, size)).refused.empty());
  }
}

TEST_CASE("a changed byte never does more than change what is read or be refused") {
  const std::string whole = bytes_of(book("<row r=\"1\">" + text_cell("A1", "a") + "</row>", "<si><t>x</t></si>"));
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 0x21);
    static_cast<void>(read_bytes(changed));
  }
  SUCCEED();
}

TEST_CASE("an older or protected workbook is told apart") {
  const std::string old = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + std::string(600, '\0');
  CHECK(read_bytes(old).refused.find("older workbook (.xls) or one protected by a password") != std::string::npos);
  const Temporary file;
  std::ofstream(file.path) << "Entry Summary Number,HTS\n";
  CHECK_FALSE(xlsx::begins_as_workbook(file.path));
}

TEST_CASE("entry lines come from a workbook as from CSV, days counted from 1900 or 1904") {
  for (const bool from_1904 : {false, true}) {
    INFO(from_1904);
    const std::vector<std::string> names{"Entry Summary Number", "Entry Summary Line Number",      "Importer Number",       "Entry Date",
                                         "HTS Number - Full",    "Line Tariff Goods Value Amount", "Country of Origin Code"};
    std::string rows = "<row r=\"1\">";
    for (std::size_t i = 0; i < names.size(); ++i) rows += text_cell(std::string(1, static_cast<char>('A' + i)) + "1", names[i]);
    const int serial = from_1904 ? 45964 - 1462 : 45964;
    rows += "</row><row r=\"2\">" + text_cell("A2", "ABC12345676") + "<c r=\"B2\"><v>1</v></c>" + text_cell("C2", "12-345678900") +
            "<c r=\"D2\"><v>" + std::to_string(serial) + "</v></c>" + text_cell("E2", "8471300100") +
            "<c r=\"F2\"><v>1234.5599999999999</v></c>" + text_cell("G2", "CN") + "</row>";
    const Temporary file;
    zip_to(file.path, book(rows, "", from_1904 ? "<workbookPr date1904=\"1\"/>" : ""));
    xlsx::Reader reader(file.path);
    std::vector<EntryLine> lines;
    std::vector<LineError> errors;
    EntryReading reading{*parse_date("2026-01-05"),
                         {},
                         [&](EntryLine&& line) { lines.push_back(std::move(line)); },
                         [&](LineError&& error) { errors.push_back(std::move(error)); }};
    reading.days_of_1904 = reader.days_of_1904();
    read_entries([&](csv::Row& row) { return reader.next(row); }, reading);
    CHECK(errors.empty());
    REQUIRE(lines.size() == 1);
    CHECK(to_text(*lines[0].entry_date) == "2025-11-03");
    CHECK(lines[0].value_cents == 123456);
    CHECK(lines[0].source_line == 2);
  }
}
