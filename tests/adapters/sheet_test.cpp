// Lists as CSV and as Excel files: types kept, nothing that a spreadsheet would calculate.
#include <catch2/catch.hpp>
#include <pugixml.hpp>

#include "adapters/documents/docx.hpp"
#include "adapters/documents/xlsx.hpp"

using namespace tradecase;

namespace {

Sheet sample() {
  return {"entries",
          "Entries",
          {"Entry", "Value", "Day", "Note"},
          {{std::string("00123456789"), 12.5, *parse_date("2026-01-14"), std::string("=HYPERLINK(\"http://x\")")},
           {std::string("-5"), std::int64_t{-5}, std::monostate{}, std::string("a, \"b\"\nc")},
           {std::string("@SUM(1)"), std::int64_t{0}, std::string("later"), std::string("\tx")}}};
}

// The cells of the first tab: type, then what stands in it.
std::vector<std::pair<std::string, std::string>> cells_of(const std::string& xlsx) {
  const DocxParts parts = unpack_office(xlsx);
  pugi::xml_document strings, tab;
  strings.load_string(parts.at("xl/sharedStrings.xml").c_str(), pugi::parse_default | pugi::parse_ws_pcdata);
  tab.load_string(parts.at("xl/worksheets/sheet1.xml").c_str());
  std::vector<std::string> texts;
  for (const pugi::xml_node one : strings.document_element().children("si")) texts.emplace_back(one.child("t").text().get());
  std::vector<std::pair<std::string, std::string>> all;
  for (const pugi::xml_node row : tab.document_element().child("sheetData").children("row"))
    for (const pugi::xml_node cell : row.children("c")) {
      const std::string type = cell.child("f") ? "formula" : cell.attribute("t").as_string("number"), value = cell.child("v").text().get();
      all.emplace_back(type, type == "s" ? texts.at(std::stoul(value)) : value);
    }
  return all;
}

}  // namespace

TEST_CASE("CSV: texts that look like formulas are defused, numbers stay numbers") {
  CHECK(csv_of(sample()) ==
        "Entry,Value,Day,Note\r\n00123456789,12.5,2026-01-14,\"'=HYPERLINK(\"\"http://x\"\")\"\r\n"
        "'-5,-5,,\"a, \"\"b\"\"\nc\"\r\n'@SUM(1),0,later,'\tx\r\n");
}

TEST_CASE("XLSX: entry numbers are texts, days are days, and there is no formula") {
  using Cells = std::vector<std::pair<std::string, std::string>>;
  CHECK(cells_of(xlsx_of(sample())) == Cells{{"s", "Entry"},
                                             {"s", "Value"},
                                             {"s", "Day"},
                                             {"s", "Note"},
                                             {"s", "00123456789"},
                                             {"number", "12.5"},
                                             {"number", "46036"},
                                             {"s", "=HYPERLINK(\"http://x\")"},
                                             {"s", "-5"},
                                             {"number", "-5"},
                                             {"s", "a, \"b\"\nc"},
                                             {"s", "@SUM(1)"},
                                             {"number", "0"},
                                             {"s", "later"},
                                             {"s", "\tx"}});
}

TEST_CASE("XLSX: an empty list and a very long text are files that open") {
  CHECK(cells_of(xlsx_of({"none", "None", {"A"}, {}})).size() == 1);
  std::string umlauts;
  for (int i = 0; i < 20'000; ++i) umlauts += "ü";
  const auto cells = cells_of(xlsx_of({"long", "Long", {"A"}, {{umlauts}}}));
  REQUIRE(cells.size() == 2);
  CHECK(cells[1].second.ends_with("ü …"));
}
