// A3: a file of entry lines is checked in the browser's sight, and comes in only when somebody says so.
#include <fmt/format.h>

#include <thread>

#include "tests/adapters/http/hostile_files.hpp"
#include "tests/adapters/http/sample_world.hpp"

using namespace tradecase;
using namespace tradecase::testing;

namespace {

constexpr char es003_head[] =
    "Entry Summary Number,Entry Summary Line Number,Tariff Ordinal Number,Importer Number,Entry Date,HTS Number - Full,"
    "Line Tariff Goods Value Amount,Country of Origin Code\n";

// Entry numbers whose check digit is right: https://www.cbp.gov, 19 CFR 142; found by trying all ten.
std::string row(const std::string& entry, const std::string& importer, const std::string& value) {
  return entry + ",1,1," + importer + ",2025-03-10,8471300100," + value + ",CN\n";
}

http::Response sent(const SampleWorld& world, const std::string& who, const std::string& name, const std::string& bytes) {
  const Caller& caller = world.who(who);
  const std::string body = "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n" + caller.csrf +
                           "\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name +
                           "\"\r\nContent-Type: application/octet-stream\r\n\r\n" + bytes + "\r\n--b--\r\n";
  return world.ask(caller, "POST", world.at("entry-files"), body, {{"Content-Type", "multipart/form-data; boundary=b"}});
}

// The import as the API tells it, when it is at rest.
json::object at_rest(const SampleWorld& world, const std::string& path) {
  for (;;) {
    json::object one = object_of(world.api(world.who("auditor"), "GET", "/api/v1" + path));
    if (one.at("stage") != "reading" && one.at("stage") != "keeping") return one;
    std::this_thread::yield();
  }
}

std::int64_t lines_on_file(const SampleWorld& world) {
  return world.engine().database().read([&](Session& session) {
    return session.value<std::int64_t>("select count(*) from entry_lines where company = :company", {world.own}).value_or(0);
  });
}

}  // namespace

TEST_CASE("a file is checked, its bad rows are shown, and the good ones come in when somebody says so") {
  SampleWorld world(0);
  const std::string file = std::string(es003_head) + row("G8241020003", world.importer(), "100.00") +
                           row("G8241020011", "99-9999999AA", "5") + row("G8241020003", world.importer(), "7");
  const auto before = lines_on_file(world);
  const auto begun = sent(world, "auditor", "march.csv", file);
  INFO(begun.body.substr(0, 2000));
  REQUIRE(begun.status == 303);
  const std::string path = header_of(begun, "Location");
  const json::object told = at_rest(world, path);
  CHECK(told.at("stage") == "checked");
  CHECK(told.at("rows") == 3);
  CHECK(told.at("imported") == 1);
  CHECK(told.at("left_out") == 2);
  const auto page = world.get("auditor", path);
  CHECK(says(page, "99-9999999AA"));
  CHECK(says(page, "Import 1 row, leave 2 out"));
  CHECK(says(world.get("nam", world.at("populations")), "march.csv"));
  CHECK_FALSE(says(world.get("nam", path), "Import 1 rows"));
  CHECK(lines_on_file(world) == before);  // nothing yet

  CHECK(world.post("nam", path + "/keep", "leave_out=yes").status == 403);
  CHECK(world.post("auditor", path + "/keep", "").status == 422);
  REQUIRE(world.post("auditor", path + "/keep", "leave_out=yes").status == 303);
  CHECK(at_rest(world, path).at("stage") == "kept");
  CHECK(lines_on_file(world) == before + 1);
  CHECK(says(world.get("auditor", path), "What came in"));
  CHECK(says(world.get("auditor", world.at("populations")), "3 rows, 1 new, 0 changed, 2 left out."));
  CHECK(world.post("auditor", path + "/cancel", "").status == 422);
}

TEST_CASE("what is cancelled leaves nothing, and what is no list of entry lines is refused") {
  SampleWorld world(0);
  const auto before = lines_on_file(world);
  const std::string good = std::string(es003_head) + row("G8241020003", world.importer(), "100.00");
  const std::string path = header_of(sent(world, "compliance", "april.csv", good), "Location");
  REQUIRE_FALSE(path.empty());
  CHECK(at_rest(world, path).at("stage") == "checked");
  REQUIRE(world.post("compliance", path + "/cancel", "").status == 303);
  CHECK(at_rest(world, path).at("stage") == "cancelled");
  CHECK(world.post("compliance", path + "/keep", "leave_out=yes").status == 422);
  CHECK(lines_on_file(world) == before);

  CHECK(says(sent(world, "auditor", "letter.pdf", "%PDF-1.7"), "Send the entry lines as CSV or XLSX."));
  CHECK(says(sent(world, "auditor", "empty.csv", ""), "is empty"));
  CHECK(says(sent(world, "auditor", "book.xlsx", "PK no workbook"), "id=\"file-error\""));
  CHECK(sent(world, "nam", "april.csv", good).status == 403);
  CHECK(sent(world, "officer", "april.csv", good).status == 403);
  const std::string wordless = header_of(sent(world, "auditor", "other.csv", "a,b\n1,2\n"), "Location");
  CHECK(at_rest(world, wordless).at("good") == 0);
  CHECK(says(world.get("auditor", wordless), "No row of the file can be taken."));
  CHECK(world.post("auditor", wordless + "/keep", "leave_out=yes").status == 422);
  CHECK(world.get("auditor", world.at("entry-files/IMP-009999")).status == 404);
}

TEST_CASE("hostile files of entry lines are refused at the door or when they are read, and leave nothing") {
  SampleWorld world(0);
  const auto before = lines_on_file(world);
  const std::string good = std::string(es003_head) + row("G8241020003", world.importer(), "100.00");
  const std::string zeros(40 * 1024 * 1024, '\0');
  std::string wide = "Entry Summary Number", sixteen = "\xFF\xFE";
  for (int i = 0; i < 100'000; ++i) wide += ",Column " + std::to_string(i);
  for (const char c : good) sixteen += std::string{c, '\0'};
  struct Sent {
    std::string what, name, bytes, says;
  };
  for (const Sent& one :
       std::vector<Sent>{{"a bomb", "lines.xlsx", xlsx_of({{"xl/worksheets/sheet1.xml", zeros}}), "unpacks to more than we take"},
                         {"macros", "lines.xlsx", xlsx_of({{"xl/vbaProject.bin", "x"}}), "holds macros"},
                         {"macros by the ending", "lines.xlsm", xlsx_of(), "Send the entry lines as CSV or XLSX."},
                         {"a program", "lines.csv", exe_of(), "is not what its ending says"},
                         {"a program as a sheet", "lines.xlsx", exe_of(), "is not what its ending says"},
                         {"a sheet cut off", "lines.xlsx", xlsx_of().substr(0, 300), "is damaged or cut off"}}) {
    INFO(one.what);
    const auto answer = sent(world, "auditor", one.name, one.bytes);
    CHECK(answer.status == 422);
    CHECK(says(answer, "id=\"file-error\""));
    CHECK(says(answer, one.says));
  }
  for (const Sent& one :
       std::vector<Sent>{{"100,000 columns", "wide.csv", wide + "\n1\n", ""},
                         {"UTF-16", "lines.csv", sixteen, ""},
                         {"Latin-1", "lines.csv",
                          std::string(es003_head) + row("G82410\xDC"
                                                        "0003",
                                                        world.importer(), "100.00"),
                          "UTF-8"},
                         {"a formula for an amount", "lines.csv", std::string(es003_head) + row("G8241020003", world.importer(), "=1+1"),
                          "this is not a number"},
                         {"a formula for a number", "lines.csv", std::string(es003_head) + row("=HYPERLINK(1)", world.importer(), "1"), ""},
                         {"a file cut off in its header", "lines.csv", good.substr(0, 70), ""},
                         {"a quotation that never ends", "lines.csv", std::string(es003_head) + "\"G8241020003,1,1", ""}}) {
    INFO(one.what);
    const auto answer = sent(world, "auditor", one.name, one.bytes);
    if (answer.status == 422) continue;
    REQUIRE(answer.status == 303);
    const std::string path = header_of(answer, "Location");
    const json::object told = at_rest(world, path);
    INFO(json::serialize(told).substr(0, 600));
    CHECK((told.at("stage") == "refused" || told.at("good") == 0));
    CHECK((told.at("stage") == "refused" || !told.at("errors").as_array().empty()));
    CHECK(json::serialize(told).find(one.says) != std::string::npos);
    CHECK(world.post("auditor", path + "/keep", "leave_out=yes").status == 422);
    world.post("auditor", path + "/cancel", "");
  }
  CHECK(lines_on_file(world) == before);
}
