#include "adapters/ace/entries.hpp"

#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "adapters/ace/customs_fields.hpp"
#include "adapters/ace/roster.hpp"

using namespace tradecase;

namespace {

const Date today = *parse_date("2026-01-05");

struct Read {
  EntryTotals totals;
  std::vector<EntryLine> rows;
  std::vector<LineError> errors;
};

Read read(std::istream& in, std::function<bool(std::string_view)> is_importer = {}) {
  Read read;
  read.totals = read_entries(in, {today, std::move(is_importer), [&](EntryLine&& row) { read.rows.push_back(std::move(row)); },
                                  [&](LineError&& error) { read.errors.push_back(std::move(error)); }});
  return read;
}

Read read(const std::string& text, std::function<bool(std::string_view)> is_importer = {}) {
  std::istringstream in(text);
  return read(in, std::move(is_importer));
}

std::string told(const std::vector<LineError>& errors) {
  std::string out;
  for (const LineError& error : errors) {
    out += std::to_string(error.line) + " " + error.field + " [" + error.value + "]: " + error.reason + "\n";
  }
  return out;
}

const std::vector<std::string> columns{"Entry Summary Number",
                                       "Entry Summary Line Number",
                                       "Tariff Ordinal Number",
                                       "Entry Type Code",
                                       "Importer Number",
                                       "Importer Name",
                                       "Port of Entry Code",
                                       "Entry Date",
                                       "Entry Summary Date",
                                       "HTS Number - Full",
                                       "Line Tariff Goods Value Amount",
                                       "Line Tariff Duty Amount",
                                       "Country of Origin Code",
                                       "Country of Export Code",
                                       "Manufacturer ID",
                                       "Line SPI Code",
                                       "Line Tariff Quantity (1)",
                                       "Line Tariff UOM (1) Code",
                                       "Reconciliation Indicator",
                                       "Liquidation Date",
                                       "Liquidation Status",
                                       "Review Team Number",
                                       "Post Summary Correction Indicator"};

const std::map<std::string, std::string> good_row{
    {"Entry Summary Number", "ABC12345676"}, {"Entry Summary Line Number", "001"},
    {"Importer Number", "12-345678900"},     {"Entry Date", "2025-11-03"},
    {"HTS Number - Full", "8471.30.0100"},   {"Line Tariff Goods Value Amount", "$1,234.56"},
    {"Country of Origin Code", "cn"},
};

std::string header() {
  std::string out;
  for (const std::string& column : columns) out += (out.empty() ? "" : ",") + column;
  return out + "\n";
}

std::string row(std::map<std::string, std::string> changed = {}) {
  changed.insert(good_row.begin(), good_row.end());
  std::string out;
  for (std::size_t i = 0; i < columns.size(); ++i) out += (i == 0 ? "\"" : ",\"") + changed[columns[i]] + "\"";
  return out + "\n";
}

std::string entry(int number) {
  std::string ten = "XYZ" + std::to_string(1000000 + number);
  return ten + std::to_string(entry_check_digit(ten));
}

}  // namespace

TEST_CASE("the check digit of an entry number is that of CBP's formula") {
  struct Example {
    std::string ten;
    int digit;
  };
  // Worked by hand from CATAIR's table 1 of entry summary create/update: letters to digits, even places doubled (one added above
  // nine), the ones digits added with the odd places, up to the next ten. ABC1234567: 4+2+6+1+5 and 1+3+2+4+6 make 34: 6.
  const std::vector<Example> examples{{"ABC1234567", 6}, {"9999999999", 0}, {"0010000001", 7},
                                      {"JKS0000000", 3}, {"STZ0000000", 3}, {"IRZ7654321", 7}};
  for (const Example& example : examples) {
    INFO(example.ten);
    CHECK(entry_check_digit(example.ten) == example.digit);
  }
}

TEST_CASE("check digit laws") {
  rc::prop("one wrong digit, and most swaps of neighbours, are found", [] {
    std::string ten;
    for (int i = 0; i < 10; ++i) ten += *rc::gen::element('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');
    const auto place = *rc::gen::inRange<std::size_t>(0, 10);
    std::string other = ten;
    other[place] = *rc::gen::distinctFrom(rc::gen::element('0', '1', '2', '3', '4', '5', '6', '7', '8', '9'), ten[place]);
    RC_ASSERT(entry_check_digit(ten) != entry_check_digit(other));
    if (place == 9 || ten[place] == ten[place + 1]) return;
    other = ten;
    std::swap(other[place], other[place + 1]);
    const std::set<char> blind{ten[place], ten[place + 1]};  // 09 and 90 are alike
    RC_ASSERT((entry_check_digit(ten) != entry_check_digit(other)) == (blind != std::set<char>{'0', '9'}));
  });
}

TEST_CASE("a good row of the report is read whole") {
  const Read read_back = read(header() + row({{"Entry Summary Number", "abc-1234567-6"},
                                              {"Tariff Ordinal Number", "2"},
                                              {"Entry Type Code", "01"},
                                              {"Importer Name", "Acme  Imports"},
                                              {"Port of Entry Code", "2704"},
                                              {"Entry Summary Date", "45971"},
                                              {"Line Tariff Duty Amount", "0.05"},
                                              {"Country of Export Code", "HK"},
                                              {"Manufacturer ID", "CNACMIMP12SHA"},
                                              {"Line SPI Code", "S"},
                                              {"Line Tariff Quantity (1)", "1,250.500"},
                                              {"Line Tariff UOM (1) Code", "NO"},
                                              {"Reconciliation Indicator", "Y"},
                                              {"Liquidation Date", "9/18/2026"},
                                              {"Liquidation Status", "Scheduled"},
                                              {"Review Team Number", "E01"},
                                              {"Post Summary Correction Indicator", "N"}}));
  CHECK(told(read_back.errors).empty());
  REQUIRE(read_back.rows.size() == 1);
  EntryLine expected;
  expected.entry_number = "ABC12345676";
  expected.line = 1;
  expected.ordinal = 2;
  expected.importer_number = "12-345678900";
  expected.entry_date = *parse_date("2025-11-03");
  expected.summary_date = *parse_date("2025-11-10");
  expected.hts = "8471300100";
  expected.country_of_origin = "CN";
  expected.value_cents = 123456;
  expected.duty_cents = 5;
  expected.entry_type = "01";
  expected.port_of_entry = "2704";
  expected.country_of_export = "HK";
  expected.manufacturer_id = "CNACMIMP12SHA";
  expected.spi = "S";
  expected.quantity = "1250.500";
  expected.uom = "NO";
  expected.importer_name = "Acme Imports";
  expected.reconciliation = "Y";
  expected.liquidation_date = *parse_date("2026-09-18");
  expected.liquidation_status = "Scheduled";
  expected.review_team = "E01";
  expected.psc = "N";
  expected.source_line = 2;
  CHECK(read_back.rows[0] == expected);
}

TEST_CASE("columns stand in any order under any of their names, and others are left aside by name") {
  const Read read_back = read(
      "\xEF\xBB\xBF"
      "Goods Value, country of origin code ,HTS NUMBER - FULL,entry_summary_date,Importer Number,Control Status,Line Number,"
      "Entry Number\r\n100,MX,98020080,1/2/2026,123456-78901,ok,7,ABC12345676\r\n");
  CHECK(told(read_back.errors).empty());
  REQUIRE(read_back.rows.size() == 1);
  CHECK(read_back.rows[0].ordinal == 1);
  CHECK(read_back.rows[0].line == 7);
  CHECK(read_back.rows[0].hts == "98020080");
  CHECK(read_back.rows[0].value_cents == 10000);
  CHECK(read_back.rows[0].summary_date == *parse_date("2026-01-02"));
  CHECK_FALSE(read_back.rows[0].entry_date);
  CHECK_FALSE(read_back.rows[0].duty_cents);
  CHECK(read_back.totals.ignored == std::vector<std::string>{"Control Status"});
}

TEST_CASE("where the ordinal's value and the line's both stand in the report, the ordinal's counts") {
  const Read read_back = read(
      "Entry Summary Number,Entry Summary Line Number,Importer Number,Entry Date,HTS Number - Full,Line Goods Value Amount,"
      "Line Tariff Goods Value Amount,Country of Origin Code\nABC12345676,1,12-345678900,2025-01-02,8471300100,999,100,CN\n");
  REQUIRE(read_back.rows.size() == 1);
  CHECK(read_back.rows[0].value_cents == 10000);
}

TEST_CASE("each field of the report has its rule") {
  struct Example {
    std::string field, value;
    std::string reason;  // empty: taken
  };
  const std::string needed = "this is needed and is empty";
  const std::string number = "an entry number has 11 characters: filer code (3 letters or digits), 7 digits, check digit";
  const std::string day = "this is not a day that exists, written 2026-01-14, 1/14/2026 or as a spreadsheet's day number like 46036";
  const std::string hts = "an HTS number has 10 digits, or 8 in chapters 98 and 99 (a spreadsheet may have dropped a leading zero)";
  const std::string country = "this is not a country's two-letter code, like CN or MX";
  const std::string amount = "this is not a number like 1,234.56";
  const std::string value = "Line Tariff Goods Value Amount";
  const std::vector<Example> examples{
      {"Entry Summary Number", "", needed},
      {"Entry Summary Number", "ABC12345677", "the check digit is 7 where the rest gives 6"},
      {"Entry Summary Number", "ABC1234567", number},
      {"Entry Summary Number", "1.23457E+10", number},
      {"Entry Summary Number", "ABC 1234567 6", ""},
      {"Entry Summary Line Number", "", needed},
      {"Entry Summary Line Number", "0", "this is not a whole number from 1 to 99999"},
      {"Entry Summary Line Number", "1.5", "this is not a whole number from 1 to 99999"},
      {"Tariff Ordinal Number", "0", "this is not a whole number from 1 to 999"},
      {"Tariff Ordinal Number", "-1", "this is not a whole number from 1 to 999"},
      {"Importer Number", "", needed},
      {"Importer Number", "12-3456789",
       "an importer number is NN-NNNNNNNXX (IRS), NNN-NN-NNNN (social security) or NNNNNN-NNNNN (assigned by CBP)"},
      {"Entry Date", "1/5/2026", ""},
      {"Entry Date", "1/6/2026", "this is 2026-01-06, which lies in the future; today is 2026-01-05"},
      {"Entry Date", "46027", ""},
      {"Entry Date", "46028", "this is 2026-01-06, which lies in the future; today is 2026-01-05"},
      {"Entry Date", "20251103", day},
      {"Entry Date", "0", day},
      {"Entry Date", "60", day},
      {"Entry Date", "59", "this is 1900-02-28, before entry numbers took their present form on October 1, 1986"},
      {"Entry Date", "61", "this is 1900-03-01, before entry numbers took their present form on October 1, 1986"},
      {"Entry Date", "31686", ""},
      {"Entry Date", "0205-11-03", "this is 0205-11-03, before entry numbers took their present form on October 1, 1986"},
      {"Entry Date", "2025-11-31", day},
      {"Entry Date", "45971.5", day},
      {"Entry Summary Date", "tomorrow", day},
      {"Entry Date", "", "an entry date or an entry summary date is needed, and neither is given"},
      {"HTS Number - Full", "", needed},
      {"HTS Number - Full", "8471300100", ""},
      {"HTS Number - Full", "84713001", hts},
      {"HTS Number - Full", "9903.88.03", ""},
      {"HTS Number - Full", "9802008040", ""},
      {"HTS Number - Full", "990388031", hts},
      {"HTS Number - Full", "101210010", hts},
      {"HTS Number - Full", "847130010X", hts},
      {"HTS Number - Full", "7700000000", "the tariff has no chapter 77"},
      {"Country of Origin Code", "", needed},
      {"Country of Origin Code", "XO", ""},
      {"Country of Origin Code", "ZZ", country},
      {"Country of Origin Code", "USA", country},
      {"Country of Origin Code", "E ", country},
      {"Country of Export Code", "1A", country},
      {value, "", needed},
      {value, "0", ""},
      {value, "$ 5", ""},
      {value, "9,999,999,999.99", ""},
      {value, "10,000,000,000", "an amount is below ten billion dollars"},
      {value, "00000000012.00000", ""},
      {value, "12.345", "an amount has two decimals at most"},
      {value, "-12", "this must not be negative"},
      {value, "($12.00)", "this must not be negative"},
      {value, "$-12", "this must not be negative"},
      {value, "1.2e3", amount},
      {value, "12 USD", amount},
      {value, "12.", amount},
      {value, "$", amount},
      {value, "12,34", "commas may only part groups of three digits, as in 1,234,567.89"},
      {value, ",123", "commas may only part groups of three digits, as in 1,234,567.89"},
      {"Line Tariff Duty Amount", "-0.01", "this must not be negative"},
      {"Line Tariff Quantity (1)", "many", amount},
      {"Liquidation Date", "soon", day},
  };
  for (const Example& example : examples) {
    INFO(example.field << " = " << example.value);
    const Read read_back = read(header() + row({{example.field, example.value}}));
    if (example.reason.empty()) {
      CHECK(told(read_back.errors).empty());
      CHECK(read_back.rows.size() == 1);
    } else {
      CHECK(read_back.rows.empty());
      REQUIRE(read_back.errors.size() == 1);
      CHECK(read_back.errors[0].field == example.field);
      CHECK(read_back.errors[0].reason == example.reason);
    }
  }
}

TEST_CASE("amounts become cents exactly") {
  struct Example {
    std::string text;
    std::int64_t cents;
  };
  for (const Example& example :
       {Example{"$1,234,567.89", 123456789}, {"0.1", 10}, {".5", 50}, {"1.10", 110}, {"19.99", 1999}, {"$0", 0}, {"007", 700}}) {
    INFO(example.text);
    CHECK(std::get<std::int64_t>(take_cents(example.text)) == example.cents);
  }
  rc::prop("any number of cents, written with or without commas, is read back", [] {
    const auto cents = *rc::gen::inRange<std::int64_t>(0, 999'999'999'999);
    std::string whole = std::to_string(cents / 100);
    if (*rc::gen::arbitrary<bool>()) {
      for (auto place = static_cast<std::ptrdiff_t>(whole.size()) - 3; place > 0; place -= 3)
        whole.insert(static_cast<std::size_t>(place), ",");
    }
    const std::string decimals = std::to_string(100 + cents % 100).substr(1);
    RC_ASSERT(std::get<std::int64_t>(take_cents("$" + whole + "." + decimals)) == cents);
  });
}

TEST_CASE("a spreadsheet's day numbers are of the 1900 system") {
  CHECK(std::get<Date>(take_customs_date("31686")) == *parse_date("1986-10-01"));
  CHECK(std::get<Date>(take_customs_date("36526")) == *parse_date("2000-01-01"));
  CHECK(std::get<Date>(take_customs_date("45351")) == *parse_date("2024-02-29"));
  CHECK(std::get<Date>(take_customs_date("46036")) == *parse_date("2026-01-14"));
  CHECK(std::get<Date>(take_customs_date("2958465")) == *parse_date("9999-12-31"));
  CHECK(std::holds_alternative<Wrong>(take_customs_date("2958466")));
}

TEST_CASE("only the company's importer numbers are taken where it is asked") {
  const Read read_back = read(header() + row() + row({{"Entry Summary Line Number", "2"}, {"Importer Number", "123-45-6789"}}),
                              [](std::string_view number) { return number == "12-345678900"; });
  CHECK(read_back.rows.size() == 1);
  CHECK(told(read_back.errors) == "3 Importer Number [***-**-6789]: this is not an importer number of the company\n");
}

TEST_CASE("a row that stood in the file before is a fault of the later one") {
  const Read read_back = read(header() + row() + row({{"Tariff Ordinal Number", "2"}}) + row({{"Tariff Ordinal Number", "1"}}));
  CHECK(read_back.rows.size() == 2);
  CHECK(told(read_back.errors) == "4 Entry Summary Number [ABC12345676]: line 2 has this entry, line 1, ordinal 1 already\n");
}

TEST_CASE("all faults of all rows are reported at the line on which the row begins") {
  const Read read_back =
      read(header() + row({{"Importer Name", "Two\nLines"}, {"HTS Number - Full", "1"}, {"Country of Origin Code", "?"}}) + "1,2\n" +
           row({{"Entry Summary Line Number", "x"}, {"Entry Type Code", "\xFF"}}));
  std::vector<std::string> places;
  for (const LineError& error : read_back.errors) places.push_back(std::to_string(error.line) + " " + error.field);
  CHECK(places == std::vector<std::string>{"2 HTS Number - Full", "2 Country of Origin Code", "4 ", "5 Entry Summary Line Number",
                                           "5 Entry Type Code"});
  CHECK(read_back.totals.rows == 3);
  CHECK(read_back.totals.good == 0);
}

TEST_CASE("the header's faults are reported at its line") {
  CHECK(told(read("").errors) == "1  []: the file is empty: it has no header row\n");
  const Read missing = read(
      "Entry Summary Number,Entry Summary Line Number,HTS Number - Full,Country of Origin Code,Importer Number,HTS Number - "
      "Full\nABC12345676,1,1,CN,x,1\n");
  CHECK(
      told(missing.errors) ==
      "1 HTS Number - Full [HTS Number - Full]: the header names this column twice\n"
      "1 Line Tariff Goods Value Amount []: the header has no column \"Line Tariff Goods Value Amount\", which is needed\n"
      "1 Entry Date []: the header has neither \"Entry Date\" nor \"Entry Summary Date\"; one of them is needed\n"
      "2 Importer Number [x]: an importer number is NN-NNNNNNNXX (IRS), NNN-NN-NNNN (social security) or NNNNNN-NNNNN (assigned by CBP)\n"
      "2 HTS Number - Full [1]: an HTS number has 10 digits, or 8 in chapters 98 and 99 (a spreadsheet may have dropped a leading zero)\n");
  CHECK(missing.rows.empty());
}

TEST_CASE("a line's value is that of its ordinals outside chapter 99, or the largest where all are in it") {
  struct Example {
    std::vector<std::pair<std::string, std::int64_t>> ordinals;
    std::int64_t value;
  };
  const std::vector<Example> examples{
      {{}, 0},
      {{{"8471300100", 500}}, 500},
      {{{"99038803", 500}, {"8471300100", 500}}, 500},
      {{{"8471300100", 500}, {"9903880300", 0}, {"8473301180", 70}}, 570},
      {{{"99038803", 500}, {"99030125", 800}, {"99030133", 500}}, 800},
      {{{"99038803", 500}, {"8471300100", 0}}, 0},
      {{{"98020080", 300}, {"6109100012", 200}}, 500},
  };
  for (const Example& example : examples) {
    std::vector<EntryLine> rows;
    std::string text = header();
    for (const auto& [hts, cents] : example.ordinals) {
      EntryLine one;
      one.hts = hts;
      one.value_cents = cents;
      rows.push_back(one);
      text += row({{"Tariff Ordinal Number", std::to_string(rows.size())},
                   {"HTS Number - Full", hts},
                   {"Line Tariff Goods Value Amount", std::to_string(cents / 100) + "." + std::to_string(100 + cents % 100).substr(1)}});
    }
    CHECK(value_of_line(rows) == example.value);
    CHECK(read(text).totals.value_cents == example.value);
  }
}

TEST_CASE("totals count entries, HTS numbers, values and duties of the good rows, lines standing together or not") {
  const auto place = [](const std::string& number, const std::string& line, const std::string& of_line, const std::string& hts,
                        const std::string& value) {
    return row({{"Entry Summary Number", number},
                {"Entry Summary Line Number", line},
                {"Tariff Ordinal Number", of_line},
                {"HTS Number - Full", hts},
                {"Line Tariff Goods Value Amount", value},
                {"Line Tariff Duty Amount", "1.25"}});
  };
  const Read read_back = read(header() + place(entry(1), "1", "1", "99038803", "100") + place(entry(2), "1", "1", "8471300100", "7") +
                              place(entry(1), "1", "2", "8471.30.0100", "100") + place(entry(1), "2", "1", "99038803", "50") +
                              place(entry(3), "1", "1", "bad", "1000"));
  CHECK(read_back.totals.rows == 5);
  CHECK(read_back.totals.good == 4);
  CHECK(read_back.totals.entries == 2);
  CHECK(read_back.totals.hts_codes == 2);
  CHECK(read_back.totals.value_cents == 15700);
  CHECK(read_back.totals.duty_cents == 500);
}

TEST_CASE("fifty thousand rows stream through") {
  struct Rows : std::streambuf {  // written as they are read, so that the file is nowhere in memory
    const std::string pattern = row();
    const std::size_t place = pattern.find("ABC12345676");
    int next = 0;
    std::string text = header();
    int_type underflow() override {
      if (next > 50'000) return traits_type::eof();
      if (next > 0) text = std::string(pattern).replace(place, 11, entry(next));
      ++next;
      setg(text.data(), text.data(), text.data() + text.size());
      return traits_type::to_int_type(text.front());
    }
  } rows;
  std::istream in(&rows);
  std::int64_t good = 0;
  const EntryTotals totals = read_entries(in, {today, {}, [&](EntryLine&&) { ++good; }, [](LineError&&) {}});
  CHECK(good == 50'000);
  CHECK(totals.entries == 50'000);
  CHECK(totals.value_cents == 50'000 * 123'456LL);
}

TEST_CASE("the sample entry files are good and use importer numbers of their company") {
  std::ifstream roster(TRADECASE_HOME "/tools/sample/members.csv");
  std::size_t files = 0;
  for (const RosterRow& member : read_roster(roster, today).good) {
    std::ifstream in(TRADECASE_HOME "/tools/sample/entries_" + member.company_id + ".csv");
    if (!in) continue;
    ++files;
    const Read read_back = read(in, [&](std::string_view number) { return std::ranges::count(member.ior_numbers, number) > 0; });
    INFO(member.company_id);
    CHECK(told(read_back.errors).empty());
    CHECK(read_back.totals.good >= 40);
    CHECK(read_back.totals.value_cents > 0);
  }
  CHECK(files == 3);
}
