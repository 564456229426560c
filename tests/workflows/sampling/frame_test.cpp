// The frame's canonical form: written, hashed and read back (sampling.md point 3).
#include "workflows/sampling/frame.hpp"

#include <catch2/catch.hpp>

#include <sstream>
#include <string>
#include <vector>

#include "engine/sha256.hpp"

namespace tradecase {
namespace {

FrameRow frame_row(std::string entry, int line, std::int64_t cents, std::string stratum = "") {
  FrameRow row;
  row.entry_number = std::move(entry);
  row.line = line;
  row.value_cents = cents;
  row.stratum = std::move(stratum);
  return row;
}

struct Read {
  std::vector<FrameRow> rows;
  std::vector<LineError> errors;
  FrameTotals totals;
};

Read read(const std::string& text) {
  Read read;
  std::istringstream in(text);
  FrameReading reading;
  reading.on_row = [&](FrameRow&& row) { read.rows.push_back(std::move(row)); };
  reading.on_error = [&](LineError&& error) { read.errors.push_back(std::move(error)); };
  read.totals = read_frame(in, reading);
  return read;
}

std::string written(const std::vector<FrameRow>& rows) {
  std::string text;
  FrameWriter writer([&](std::string_view piece) { text += piece; });
  for (const FrameRow& row : rows) writer.add(row);
  writer.finish();
  return text;
}

const std::string header(frame_header());

TEST_CASE("a frame is written with quotation marks only where needed, and read back the same") {
  FrameRow full = frame_row("AB123456780", 2, 150001, "CN, high");
  full.importer_number = "12-3456789AB";
  full.entry_date = "2025-03-04";
  full.hts = "8471300100";
  full.other_hts = "99038803 99030124";
  full.country_of_origin = "CN";
  full.manufacturer_id = "a \"quoted\"\nid";
  full.duty_cents = 0;
  const std::vector<FrameRow> rows{frame_row("AB123456780", 1, -5), full, frame_row("AB123456781", 1, 7, " é ")};
  const std::string text = written(rows);
  CHECK(text ==
        header +
            "AB123456780,1,,,,,,,,,,,,,,-5\n"
            "AB123456780,2,12-3456789AB,2025-03-04,,,,8471300100,99038803 99030124,CN,,\"a \"\"quoted\"\"\nid\",,0,\"CN, high\",150001\n"
            "AB123456781,1,,,,,,,,,,,,, é ,7\n");
  const Read back = read(text);
  CHECK(back.errors.empty());
  CHECK(back.rows == rows);
  CHECK(back.totals == FrameTotals{3, 150003, sha256_hex(text)});
}

TEST_CASE("the hash while writing is that of the bytes, over pieces too") {
  std::string text;
  FrameWriter writer([&](std::string_view piece) { text += piece; });
  for (int i = 1; i <= 5000; ++i) writer.add(frame_row("AB123456780", i, i));
  const FrameTotals totals = writer.finish();
  CHECK(totals == FrameTotals{5000, 5000 * 5001 / 2, sha256_hex(text)});
  CHECK(read(text).totals == totals);
}

TEST_CASE("the order is entry number by bytes, then line by number, and holds an entry line once") {
  FrameWriter writer;
  writer.add(frame_row("AB1", 9, 1));
  writer.add(frame_row("AB1", 10, 1));
  writer.add(frame_row("Ab1", 1, 1));
  writer.add(frame_row("\xC3\xA9", 1, 1));
  CHECK_THROWS_AS(writer.add(frame_row("Ab1", 2, 1)), std::logic_error);
  CHECK_THROWS_AS(writer.add(frame_row("\xC3\xA9", 1, 1)), std::logic_error);
}

TEST_CASE("what is not written as a frame is named by its line") {
  const std::string good = "AB1,1,,,,,,,,,,,,,,5\n";
  struct Case {
    std::string text;
    std::int64_t line;
    std::string field, reason;
  };
  const std::vector<Case> cases{
      {"", 1, "", "The first row is not the header"},
      {"entry_number,line\n" + good, 1, "", "The first row is not the header"},
      {header + good + good, 3, "entry_number", "stands in the row before already"},
      {header + "AB1,2,,,,,,,,,,,,,,5\n" + good, 3, "entry_number", "not in the order"},
      {header + "AB1,1,,,,,,,,,,,,,,5", 2, "", "does not end with a line feed"},
      {header + "AB1,1,,,,,,,,,,,,,,5\r\n", 2, "value_cents", "whole cents"},
      {header + "AB1,01,,,,,,,,,,,,,,5\n", 2, "", "not written as a population is"},
      {header + "AB1,1,\"x\",,,,,,,,,,,,,5\n", 2, "", "not written as a population is"},
      {header + "AB1,0,,,,,,,,,,,,,,5\n", 2, "line", "whole number from 1"},
      {header + ",1,,,,,,,,,,,,,,5\n", 2, "entry_number", "needed"},
      {header + "AB1,1,,,,,,,,,,,,x,,5\n", 2, "duty_cents", "whole cents"},
      {header + "AB1,1,,,,,,,,,,,,,,5.00\n", 2, "value_cents", "whole cents"},
      {header + "AB1,1,,,,,,,,,,,,,,99999999999999999999\n", 2, "value_cents", "whole cents"},
      {header + "AB1,1,5\n", 2, "", "has 3 fields"},
      {header + "AB1,1,a\"b,,,,,,,,,,,,,5\n", 2, "", "quotation mark"},
      {header + "AB1,1,\"a\"b,,,,,,,,,,,,,5\n", 2, "", "quotation mark"},
      {header + "AB1,1,\"a,,,,,,,,,,,,,5\n", 2, "", "quotation mark"},
      {header + "AB1,1,\xFF,,,,,,,,,,,,,5\n", 2, "importer_number", "not UTF-8"},
      {header + "\n" + good, 2, "", "has 1 fields"},
  };
  for (const Case& c : cases) {
    INFO(c.text);
    const Read found = read(c.text);
    REQUIRE(found.errors.size() == 1);
    CHECK(found.errors[0].line == c.line);
    CHECK(found.errors[0].field == c.field);
    CHECK(found.errors[0].reason.find(c.reason) != std::string::npos);
  }
}

TEST_CASE("a line break within a field counts as a line of the file") {
  const Read found = read(header + "AB1,1,\"a\nb\",,,,,,,,,,,,,5\nAB1,2,,,,,,,,,,,,,,x\n");
  REQUIRE(found.errors.size() == 1);
  CHECK(found.errors[0].line == 4);
}

TEST_CASE("strata are numbered by the bytes of their labels, whatever comes first") {
  FrameColumns columns;
  for (const char* label : {"b", "a", "b", "Z", ""}) columns.add(label, 1);
  const Frame frame = columns.finish();
  CHECK(frame.strata == std::vector<std::string>{"", "Z", "a", "b"});
  CHECK(frame.stratum == std::vector<std::uint32_t>{3, 2, 3, 1, 0});
}

}  // namespace
}  // namespace tradecase
