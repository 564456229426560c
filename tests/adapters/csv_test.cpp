#include "adapters/ace/csv.hpp"

#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>
#include <numeric>
#include <sstream>
#include <string>
#include <vector>

using namespace tradecase;
using namespace std::string_literals;

namespace {

std::vector<csv::Row> read(const std::string& text) {
  std::istringstream in(text);
  csv::Reader reader(in);
  std::vector<csv::Row> rows;
  for (csv::Row row; reader.next(row);) rows.push_back(row);
  return rows;
}

// Rows as text: "2: a|b" or "3! reason".
std::string told(const std::string& text) {
  std::string out;
  for (const csv::Row& row : read(text)) {
    out += std::to_string(row.line);
    if (row.fault) {
      out += "! " + row.fault->reason + "\n";
      continue;
    }
    for (std::size_t i = 0; i < row.fields.size(); ++i) out += (i == 0 ? ": " : "|") + row.fields[i];
    for (const csv::Fault& fault : row.unfit) out += " ! " + fault.reason;
    out += "\n";
  }
  return out;
}

std::string written(const std::string& field) {
  if (field.find_first_of(",\"\r\n") == std::string::npos) return field;
  std::string out = "\"";
  for (const char c : field) out += c == '"' ? "\"\""s : std::string(1, c);
  return out + "\"";
}

}  // namespace

TEST_CASE("a CSV file is taken apart by RFC 4180") {
  struct Example {
    const char* what;
    std::string text;
    std::string expected;
  };
  const std::vector<Example> examples{
      {"plain rows", "a,b\n1,2\n", "1: a|b\n2: 1|2\n"},
      {"CRLF", "a,b\r\n1,2\r\n", "1: a|b\n2: 1|2\n"},
      {"no line end at the end", "a,b\n1,2", "1: a|b\n2: 1|2\n"},
      {"byte order mark",
       "\xEF\xBB\xBF"
       "a,b\n1,2\n",
       "1: a|b\n2: 1|2\n"},
      {"byte order mark before a quoted name", "\xEF\xBB\xBF\"a\",b\n", "1: a|b\n"},
      {"empty lines are skipped and counted", "a,b\n\n  \r\n1,2\n\n", "1: a|b\n4: 1|2\n"},
      {"quotes", "a,b\n\"x, y\",\"he said \"\"no\"\"\"\n", "1: a|b\n2: x, y|he said \"no\"\n"},
      {"empty fields", "a,b,c\n,,\n\"\",\"\",\"\"\n", "1: a|b|c\n2: ||\n3: ||\n"},
      {"a line end inside quotes", "a,b\n\"x\ny\",1\nz,2\n", "1: a|b\n2: x\ny|1\n4: z|2\n"},
      {"CRLF inside quotes stays", "a,b\r\n\"x\r\n\r\ny\",1\r\nz,2\r\n", "1: a|b\n2: x\r\n\r\ny|1\n5: z|2\n"},
      {"blanks are kept, those after a closing mark are not", "a,b\n x ,\"y\" \n", "1: a|b\n2:  x |y\n"},
      {"too few fields", "a,b\n1\n2,3\n", "1: a|b\n2! the row has 1 field where the header has 2\n3: 2|3\n"},
      {"too many fields", "a,b\n1,2,3\n", "1: a|b\n2! the row has 3 fields where the header has 2\n"},
      {"other letters", "a,b\nMüller,日本 🚢\n", "1: a|b\n2: Müller|日本 🚢\n"},
      {"only empty lines", "\n\r\n \n", ""},
      {"nothing", "", ""},
  };
  for (const Example& example : examples) {
    INFO(example.what);
    CHECK(told(example.text) == example.expected);
  }
}

TEST_CASE("text that is not fit to be stored is said field by field") {
  struct Example {
    std::string field;
    std::string reason;
  };
  const std::string bytes = "this is not UTF-8 text; save the file as CSV UTF-8";
  const std::string control = "there is a control character in it";
  const std::vector<Example> examples{
      {"x\0y"s, "there is a NUL character in it"},
      {"x\x07y", control},
      {"\x1B[31m", control},
      {"\x7F", control},
      {"\xC2\x85", control},
      {"M\xFCller", bytes},
      {"\xC0\xAF", bytes},
      {"\xED\xA0\x80", bytes},
      {"\xF4\x90\x80\x80", bytes},
      {"\xE2\x82", bytes},
      {"\xFF\xFE", bytes},
  };
  for (const Example& example : examples) {
    const auto rows = read("a,b\n1," + example.field + "\n" + example.field + ",2\n3,4\n");
    INFO(csv::shown(example.field));
    REQUIRE(rows.size() == 4);
    REQUIRE(rows[1].unfit.size() == 1);
    CHECK(rows[1].unfit[0].column == 1U);
    CHECK(rows[1].unfit[0].reason == example.reason);
    CHECK(rows[2].unfit[0].column == 0U);
    CHECK(rows[3].unfit.empty());
  }
  CHECK(csv::unfit_text("a\ttab\r\nand lines") == std::nullopt);
  CHECK(csv::shown("a\x01"s + "\xFF" + "b") ==
        "a\xEF\xBF\xBD\xEF\xBF\xBD"
        "b");
  CHECK(csv::shown(std::string(500, 'x')) == std::string(120, 'x') + "…");
}

TEST_CASE("a quotation mark gone wrong costs its own row only") {
  CHECK(told("a,b\n\"x\"y,1\n2,3\n") ==
        "1: a|b\n2! text follows the closing quotation mark; a quotation mark inside a field is written twice\n3: 2|3\n");
  CHECK(told("a,b\n12\" pipe,1\n2,3\n") ==
        "1: a|b\n2! a quotation mark stands inside a field that does not begin with one; such a field is put in quotation marks\n3: 2|3\n");
  const std::string open = "! the quotation mark that opens this field is never closed\n";
  CHECK(told("a,b\nx,\"1\n2,3\n\n4,5\n") == "1: a|b\n2" + open + "3: 2|3\n5: 4|5\n");
  CHECK(told("a,b\n2,3\nx,\"") == "1: a|b\n2: 2|3\n3" + open);
  CHECK(told("a,b\nx,\"1\n2,\"3, 4\"\n5,6\n") ==
        "1: a|b\n2! text follows the closing quotation mark; a quotation mark inside a field is written twice\n3: 2|3, 4\n4: 5|6\n");
  CHECK(told("a,b\nx\ry,1\n2,3\n") == "1: a|b\n2! a carriage return stands inside a field that is not in quotation marks\n3: 2|3\n");
}

TEST_CASE("a row longer than a mebibyte is refused without being held, and reading goes on") {
  const std::string long_field(5 * csv::row_bytes_max, 'x');
  const auto plain = read("a,b\n" + long_field + ",1\n2,3\n");
  REQUIRE(plain.size() == 3);
  CHECK(plain[1].fault->reason == "the row is longer than 1 MiB");
  CHECK(plain[1].fields[0].size() <= csv::row_bytes_max);
  CHECK(plain[2].line == 3);

  std::string lines = "a,b\n1,\"never closed\n";
  for (int i = 0; i < 400'000; ++i) lines += "1,2\n";
  const auto many = read(lines);
  REQUIRE(many.size() == 400'002);
  CHECK(many[1].fault);
  CHECK(many.back().line == 400'002);
  CHECK_FALSE(many.back().fault);
}

TEST_CASE("CSV laws") {
  rc::prop("what is written is read again, each row at its physical line", [] {
    const auto width = *rc::gen::inRange<std::size_t>(2, 5);
    const auto piece = rc::gen::element<std::string>("a", "Z", "7", " ", ",", "\"", "\n", "\r\n", "é", "船", "\t", "");
    const auto field = rc::gen::map(rc::gen::container<std::vector<std::string>>(piece), [](const std::vector<std::string>& pieces) {
      return std::accumulate(pieces.begin(), pieces.end(), std::string());
    });
    const auto table =
        *rc::gen::container<std::vector<std::vector<std::string>>>(rc::gen::container<std::vector<std::string>>(width, field));
    const std::string line_end = *rc::gen::element<std::string>("\n", "\r\n");
    std::string text;
    std::vector<std::int64_t> lines;
    for (const auto& row : table) {
      lines.push_back(1 + std::count(text.begin(), text.end(), '\n'));
      for (std::size_t i = 0; i < width; ++i) text += (i == 0 ? "" : ",") + written(row[i]);
      text += line_end;
    }
    const auto rows = read(text);
    RC_ASSERT(rows.size() == table.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      RC_ASSERT(!rows[i].fault.has_value());
      RC_ASSERT(rows[i].unfit.empty());
      RC_ASSERT(rows[i].fields == table[i]);
      RC_ASSERT(rows[i].line == lines[i]);
    }
  });

  rc::prop("any bytes are read to the end, rows in order, and what is shown of them can be taken", [] {
    const auto bytes = *rc::gen::container<std::string>(rc::gen::element('a', ',', '"', '\n', '\r', '\0', '\xC3', '\xBC', '\xFF'));
    std::int64_t last = 0;
    for (const csv::Row& row : read(bytes)) {
      RC_ASSERT(row.line > last);
      last = row.line;
      for (const std::string& field : row.fields) RC_ASSERT(!csv::unfit_text(csv::shown(field)).has_value());
    }
    RC_ASSERT(last <= std::count(bytes.begin(), bytes.end(), '\n') + 1);
  });
}
