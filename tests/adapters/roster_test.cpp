#include "adapters/ace/roster.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

using namespace tradecase;
using namespace std::string_literals;

namespace {

const Date today = *parse_date("2026-01-05");

RosterFile read(const std::string& text) {
  std::istringstream in(text);
  return read_roster(in, today);
}

// "LINE FIELD VALUE: REASON" a line.
std::string told(const std::vector<LineError>& errors) {
  std::string out;
  for (const LineError& error : errors) {
    out += std::to_string(error.line) + " " + error.field + " [" + error.value + "]: " + error.reason + "\n";
  }
  return out;
}

const std::vector<std::string> columns{"company_id",          "legal_name",      "dba",          "program",       "acceptance_date",
                                       "security_tier",       "security_status", "entity_kind",  "center",        "nam_email",
                                       "officer_name",        "officer_email",   "contact_name", "contact_email", "ior_numbers",
                                       "last_anl_accepted_on"};

const std::map<std::string, std::string> good_row{
    {"company_id", "ACME-1"},
    {"legal_name", "Acme Imports, Inc."},
    {"program", "CTPAT-TC"},
    {"acceptance_date", "2024-03-14"},
    {"security_tier", "III"},
    {"security_status", "good_standing"},
    {"entity_kind", "importer"},
    {"officer_name", "Ada Young"},
    {"officer_email", "ada@acme.example"},
    {"ior_numbers", "12-345678900; 123-45-6789;123456-78901"},
};

std::string header() {
  std::string out;
  for (const std::string& column : columns) out += (out.empty() ? "" : ",") + column;
  return out + "\n";
}

// The good row with some fields changed.
std::string row(std::map<std::string, std::string> changed = {}) {
  changed.insert(good_row.begin(), good_row.end());
  std::string out;
  for (std::size_t i = 0; i < columns.size(); ++i) out += (i == 0 ? "\"" : ",\"") + changed[columns[i]] + "\"";
  return out + "\n";
}

}  // namespace

TEST_CASE("a good row of the roster is read whole") {
  const RosterFile file = read(header() + row({{"dba", "Acme"},
                                               {"nam_email", "paul.reyes@cbp.example"},
                                               {"center", "Electronics"},
                                               {"contact_name", "Ben Ode"},
                                               {"contact_email", "ben@acme.example"},
                                               {"last_anl_accepted_on", "4/2/2025"}}));
  CHECK(told(file.errors).empty());
  REQUIRE(file.good.size() == 1);
  const RosterRow expected{"ACME-1",
                           "Acme Imports, Inc.",
                           "Acme",
                           "CTPAT-TC",
                           *parse_date("2024-03-14"),
                           "III",
                           "good_standing",
                           "importer",
                           "Electronics",
                           "paul.reyes@cbp.example",
                           "Ada Young",
                           "ada@acme.example",
                           "Ben Ode",
                           "ben@acme.example",
                           {"12-345678900", "123-45-6789", "123456-78901"},
                           *parse_date("2025-04-02"),
                           2};
  CHECK(file.good[0] == expected);
  CHECK(file.rows == 1);
}

TEST_CASE("columns stand in any order and letter case, and those not needed may be away") {
  const RosterFile file = read(
      "\xEF\xBB\xBF"
      " Officer_Email ,security tier,PROGRAM,acceptance_date,legal_name,company_id,security_status,officer_name\r\n"
      "a@b.example,ii,isa,3/4/2009,Old Member,OLD,Good_Standing,Al Ha\r\n");
  CHECK(told(file.errors).empty());
  REQUIRE(file.good.size() == 1);
  CHECK(file.good[0].program == "ISA");
  CHECK(file.good[0].security_tier == "II");
  CHECK(file.good[0].security_status == "good_standing");
  CHECK(file.good[0].acceptance_date == *parse_date("2009-03-04"));
  CHECK(file.good[0].entity_kind.empty());
  CHECK(file.good[0].ior_numbers.empty());
  CHECK_FALSE(file.good[0].last_anl_accepted_on);
}

TEST_CASE("white space in names, line breaks too, collapses to one space") {
  const RosterFile file = read(header() + row({{"legal_name", "  Acme\r\n  Imports,\t Inc.\xC2\xA0 "}, {"officer_name", "Ada\nYoung"}}) +
                               row({{"company_id", "B"}, {"ior_numbers", ""}, {"program", "ISA2"}}));
  REQUIRE(file.good.size() == 1);
  CHECK(file.good[0].legal_name == "Acme Imports, Inc.");
  CHECK(file.good[0].officer_name == "Ada Young");
  CHECK(told(file.errors) == "5 program [ISA2]: this must be one of: ISA, CTPAT-TC\n");
}

TEST_CASE("each field of the roster has its rule") {
  struct Example {
    std::string field, value;
    std::string reason;  // empty: taken
  };
  const std::string needed = "this is needed and is empty";
  const std::string email = "this is not an e-mail address like name@company.com";
  const std::string day = "this is not a day that exists, written 2026-01-14 or 1/14/2026";
  const std::string importer = "an importer number is NN-NNNNNNNXX (IRS), NNN-NN-NNNN (social security) or NNNNNN-NNNNN (assigned by CBP)";
  const std::vector<Example> examples{
      {"company_id", "", needed},
      {"company_id", "  ", needed},
      {"legal_name", "", needed},
      {"legal_name", " \n ", needed},
      {"program", "", needed},
      {"acceptance_date", "", needed},
      {"security_tier", "", needed},
      {"security_status", "", needed},
      {"officer_name", "", needed},
      {"officer_email", "", needed},
      {"company_id", "a.b_c-9", ""},
      {"company_id", "a b", "a company id has letters, digits, dashes, underscores and dots only"},
      {"company_id", std::string(40, 'x'), ""},
      {"company_id", std::string(41, 'x'), "a company id has 40 characters at most"},
      {"legal_name", std::string(301, 'x'), "this is longer than 300 characters"},
      {"security_tier", "IV", "this must be one of: I, II, III"},
      {"security_tier", "2", "this must be one of: I, II, III"},
      {"security_status", "good standing", "this must be one of: good_standing, suspended, removed"},
      {"security_status", "REMOVED", ""},
      {"entity_kind", "3PL", ""},
      {"entity_kind", "trader", "this must be one of: importer, exporter, carrier, broker, consolidator, 3pl, manufacturer, terminal"},
      {"acceptance_date", "2026-01-05", ""},
      {"acceptance_date", "2026-01-06", "this day lies in the future; today is 2026-01-05"},
      {"acceptance_date", "2/29/2024", ""},
      {"acceptance_date", "2/29/2025", day},
      {"acceptance_date", "14.3.2024", day},
      {"acceptance_date", "45000", day},
      {"last_anl_accepted_on", "2024-03-14", ""},
      {"last_anl_accepted_on", "2024-03-13", "this is before the acceptance date, 2024-03-14"},
      {"last_anl_accepted_on", "1/6/2026", "this day lies in the future; today is 2026-01-05"},
      {"officer_email", "a.b+c@mail.example.com", ""},
      {"officer_email", "ada", email},
      {"officer_email", "ada@acme", email},
      {"officer_email", "ada@@acme.example", email},
      {"officer_email", "a da@acme.example", email},
      {"officer_email", "ada@acme.example.", email},
      {"officer_email", "Ada Young <ada@acme.example>", email},
      {"nam_email", "nobody", email},
      {"contact_email", "x@", email},
      {"contact_email", "x@y.example", ""},
      {"ior_numbers", "", ""},
      {"ior_numbers", "98-7654321ab", ""},
      {"ior_numbers", ";98-765432100;;98-765432100", ""},
      {"ior_numbers", "98-76543210", importer},
      {"ior_numbers", "987654321", importer},
  };
  for (const Example& example : examples) {
    INFO(example.field << " = " << example.value);
    const RosterFile file = read(header() + row({{example.field, example.value}}));
    if (example.reason.empty()) {
      CHECK(told(file.errors).empty());
      CHECK(file.good.size() == 1);
    } else {
      CHECK(file.good.empty());
      REQUIRE(file.errors.size() == 1);
      CHECK(file.errors[0].field == example.field);
      CHECK(file.errors[0].line == 2);
      CHECK(file.errors[0].reason == example.reason);
    }
  }
}

TEST_CASE("a contact named without an e-mail address is a fault of the address") {
  CHECK(told(read(header() + row({{"contact_name", "Ben Ode"}})).errors) ==
        "2 contact_email []: the contact named needs an e-mail address\n");
}

TEST_CASE("importer numbers are normalised, each kept once") {
  const RosterFile file = read(header() + row({{"ior_numbers", " 98-7654321ab ;98-7654321AB"}}));
  REQUIRE(file.good.size() == 1);
  CHECK(file.good[0].ior_numbers == std::vector<std::string>{"98-7654321AB"});
}

TEST_CASE("a company id or importer number belongs to one row of the file") {
  const RosterFile file = read(header() + row({{"ior_numbers", "12-345678900"}}) + row({{"ior_numbers", ""}}) +
                               row({{"company_id", "B"}, {"ior_numbers", "98-765432100; 12-345678900"}}) +
                               row({{"company_id", "C"}, {"ior_numbers", "98-765432100"}}));
  CHECK(told(file.errors) ==
        "3 company_id [ACME-1]: line 2 has this company id already\n"
        "4 ior_numbers [12-345678900]: line 2 gives this number to ACME-1 already\n"
        "5 ior_numbers [98-765432100]: line 4 gives this number to B already\n");
  CHECK(file.good.size() == 1);
  CHECK(file.rows == 4);
}

TEST_CASE("a number of the social security kind is masked where a fault shows it") {
  const RosterFile file =
      read(header() + row({{"ior_numbers", "123-45-6789"}}) + row({{"company_id", "B"}, {"ior_numbers", "123-45-6789"}}));
  CHECK(told(file.errors) == "3 ior_numbers [***-**-6789]: line 2 gives this number to ACME-1 already\n");
}

TEST_CASE("all faults of all rows are reported, in the order of lines and columns") {
  const RosterFile file =
      read(header() + row({{"legal_name", "Two\nLines"}, {"program", "X"}, {"officer_email", "x"}, {"ior_numbers", "1;2"}}) + "too,few\n" +
           row({{"company_id", "B"}, {"dba", "a\x01z"}, {"security_tier", ""}, {"ior_numbers", ""}}) +
           row({{"company_id", "C"}, {"ior_numbers", ""}}));
  std::vector<std::string> places;
  for (const LineError& error : file.errors) places.push_back(std::to_string(error.line) + " " + error.field);
  CHECK(places ==
        std::vector<std::string>{"2 program", "2 officer_email", "2 ior_numbers", "2 ior_numbers", "4 ", "5 dba", "5 security_tier"});
  CHECK(file.errors[5].value == "a\xEF\xBF\xBDz");
  REQUIRE(file.good.size() == 1);
  CHECK(file.good[0].line == 6);
}

TEST_CASE("the header's faults are reported at its line, and the rows are looked through all the same") {
  CHECK(told(read("").errors) == "1  []: the file is empty: it has no header row\n");
  CHECK(told(read("\"company_id\n").errors) == "1  [company_id\n]: the quotation mark that opens this field is never closed\n");

  const RosterFile missing = read(
      "company_id,legal_name,program,acceptance_date,security_tier,offcer_name,officer_email,,dba,DBA\n"
      "A,B,ISA,2030-01-01,I,C,c@d.example,,,\n");
  CHECK(told(missing.errors) ==
        "1 dba [DBA]: the header names this column twice\n"
        "1 security_status []: the header has no column \"security_status\", which is needed\n"
        "1 officer_name []: the header has no column \"officer_name\", which is needed\n"
        "1 offcer_name [offcer_name]: a roster has no column of this name (did you mean \"officer_name\"?)\n"
        "1  []: a column has no name\n"
        "2 acceptance_date [2030-01-01]: this day lies in the future; today is 2026-01-05\n");
  CHECK(missing.good.empty());
}

TEST_CASE("an unknown column is a fault, and the rows are read without it") {
  const std::string text = header();
  const RosterFile file = read(text.substr(0, text.size() - 1) + ",shoe_size\n" + [] {
    std::string line = row();
    line.insert(line.size() - 1, ",44");
    return line;
  }());
  REQUIRE(file.errors.size() == 1);
  CHECK(file.errors[0].line == 1);
  CHECK(file.errors[0].field == "shoe_size");
  CHECK(file.good.size() == 1);
}

TEST_CASE("the sample roster is good and tells twelve stories") {
  std::ifstream in(TRADECASE_HOME "/tools/sample/members.csv");
  REQUIRE(in);
  const RosterFile file = read_roster(in, today);
  CHECK(told(file.errors).empty());
  CHECK(file.good.size() == 12);
}
