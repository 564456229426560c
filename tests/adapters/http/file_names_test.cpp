// Names of files: made safe, and read for the entry they are about.
#include "adapters/http/file_names.hpp"

#include <catch2/catch.hpp>

using namespace tradecase::http;

TEST_CASE("a file's name is its last part, in one line, and never empty") {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"invoice.pdf", "invoice.pdf"},
      {"../../etc/passwd", "passwd"},
      {"C:\\papers\\invoice.pdf", "invoice.pdf"},
      {"a\r\nSet-Cookie: x=1.pdf", "a  Set-Cookie: x=1.pdf"},
      {std::string("a\0b.pdf", 7), "a b.pdf"},
      {"..", "document"},
      {"/", "document"},
      {"", "document"},
      {".htaccess", "htaccess"},
      {"Factura n\xC3\xBAmero 5.pdf", "Factura n\xC3\xBAmero 5.pdf"},
      {"bad \xFF bytes.pdf", "bad _ bytes.pdf"},
      {"<b>\"'.pdf", "<b>\"'.pdf"},  // shown escaped
  };
  for (const auto& [given, clean] : rows) CHECK(cleaned_name(given) == clean);
  const std::string cut = cleaned_name(std::string(400, 'x') + ".pdf");
  CHECK(cut.size() == 150);
  CHECK(cut.ends_with("x.pdf"));
  CHECK(cleaned_name(std::string(99, 'x') + std::string(99, '\xC3') + ".pdf").size() <= 150);
}

TEST_CASE("a download's name says no more than a name") {
  CHECK(attachment_header("a\"; filename=\"b.exe.pdf") ==
        "attachment; filename=\"a_; filename=_b.exe.pdf\"; filename*=UTF-8''a%22%3B%20filename%3D%22b.exe.pdf");
  CHECK(attachment_header("n\xC3\xBAmero.pdf") == "attachment; filename=\"n__mero.pdf\"; filename*=UTF-8''n%C3%BAmero.pdf");
}

TEST_CASE("the entry a file is about is read from its name") {
  using Named = std::optional<EntryNamed>;
  const std::vector<std::pair<std::string, Named>> rows{
      {"ABC-1234567-8.pdf", EntryNamed{"ABC12345678", 0}},
      {"abc12345678.pdf", EntryNamed{"ABC12345678", 0}},
      {"Invoice ABC 1234567 8 line 2.pdf", EntryNamed{"ABC12345678", 2}},
      {"ABC-1234567-8_L03_packing.pdf", EntryNamed{"ABC12345678", 3}},
      {"ABC-1234567-8-ln-12.pdf", EntryNamed{"ABC12345678", 12}},
      {"ABC-1234567-8 and ABC-1234567-8.pdf", EntryNamed{"ABC12345678", 0}},
      {"ABC-1234567-8 and XYZ-7654321-0.pdf", {}},
      {"invoice.pdf", {}},
      {"ABC-1234567-89.pdf", {}},
      {"XABC-1234567-8.pdf", {}},
      {"2026-05-04.pdf", {}},
  };
  for (const auto& [name, named] : rows) {
    INFO(name);
    CHECK(entry_in(name) == named);
  }
}

TEST_CASE("an entry of several lines is meant only with its line") {
  const std::vector<EntryNamed> items{{"ABC12345678", 1}, {"ABC12345678", 2}, {"XYZ76543210", 7}};
  CHECK(item_meant({"XYZ76543210", 0}, items) == std::optional<std::size_t>(2));
  CHECK(item_meant({"ABC12345678", 2}, items) == std::optional<std::size_t>(1));
  CHECK_FALSE(item_meant({"ABC12345678", 0}, items));
  CHECK_FALSE(item_meant({"XYZ76543210", 1}, items));
  CHECK_FALSE(item_meant({"QQQ00000000", 0}, items));
}

TEST_CASE("a manifest is a table of file, entry and line") {
  const auto read = read_manifest(
      "\xEF\xBB\xBF"
      "File,Entry,Line\r\n\"one, two.pdf\",ABC-1234567-8,2\r\n\r\nscan.tif;abc12345678;\r\n");
  const auto* rows = std::get_if<std::vector<ManifestRow>>(&read);
  REQUIRE(rows != nullptr);
  REQUIRE(rows->size() == 2);
  CHECK(rows->at(0).file == "one, two.pdf");
  CHECK(rows->at(0).entry == EntryNamed{"ABC12345678", 2});
  CHECK(rows->at(1).entry == EntryNamed{"ABC12345678", 0});
  for (const auto& [text, row] : std::vector<std::pair<std::string, int>>{
           {"a.pdf,ABC12345678,1\nb.pdf,nothing,1\n", 2}, {"a.pdf,ABC12345678,one\n", 1}, {"x\n\"open", 2}}) {
    const auto wrong = read_manifest(text);
    REQUIRE(std::holds_alternative<int>(wrong));
    CHECK(std::get<int>(wrong) == row);
  }
}
