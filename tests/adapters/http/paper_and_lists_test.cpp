// Files that pages hand out: a letter's PDF, made once and kept, and lists as CSV and Excel files.
#include <catch2/catch.hpp>

#include "adapters/documents/docx.hpp"
#include "engine/store/papers.hpp"
#include "engine/verify.hpp"
#include "tests/adapters/http/portal_world.hpp"

using namespace tradecase;
using namespace tradecase::testing;
using Catch::Contains;

namespace {

// A letter to the officer's company: its page's address and its hash.
struct Written {
  std::string page, api, hash;
};

Written letter_of(const PortalWorld& world) {
  for (const CaseRow& one : world.cases_of(world.own))
    for (const Letter& letter : world.engine().database().read([&](Session& session) { return letters_of(session, one.id); })) {
      const std::string path = "/cases/" + one.id + "/letters/" + letter.hash;
      if (world.ask(world.who("officer"), "GET", path).status == 200) return {path, "/api/v1" + path, letter.hash};
    }
  FAIL("the officer has no letter");
  return {};
}

}  // namespace

TEST_CASE("a letter's PDF is made at the first request, kept to the byte, and served to whom the letter is") {
  PortalWorld world;
  const Written letter = letter_of(world);
  const std::string bytes = std::string("%PDF-1.7\0\xff\x80 rest", 16) + '\0';
  int made = 0;
  Paper asked;
  world.paper = [&](const std::string& html, const Paper& on) {
    CHECK_THAT(html, Contains("<!doctype html>"));
    asked = on;
    ++made;
    return std::string(bytes);
  };
  const auto page = world.ask(world.who("officer"), "GET", letter.page);
  CHECK_THAT(page.body, Contains("href=\"" + letter.page + "/pdf\""));
  for (const char* who : {"officer", "nam", "admin"}) {
    const auto answer = world.ask(world.who(who), "GET", letter.page + "/pdf");
    CHECK(answer.status == 200);
    CHECK(answer.type == "application/pdf");
    CHECK(answer.body == bytes);
    CHECK(header_of(answer, "X-Content-Type-Options") == "nosniff");
    CHECK(header_of(answer, "Content-Disposition") == "attachment; filename=\"letter-" + letter.hash.substr(0, 12) + ".pdf\"");
    CHECK(world.api(world.who(who), "GET", letter.api + "/pdf").body == bytes);
  }
  CHECK(made == 1);
  CHECK_THAT(asked.running, Contains("Case TC-"));
  CHECK(asked.author == "U.S. Customs and Border Protection");
  for (const std::string& path : {letter.page + "/pdf", letter.api + "/pdf"}) {
    CHECK(world.ask(world.who("stranger"), "GET", path).status == 404);
    CHECK(world.ask(world.who("nobody"), "GET", path).status != 200);
  }
  CHECK(world.ask(world.who("admin"), "GET", letter.page + "x/pdf").status == 404);
}

TEST_CASE("a PDF that was altered in the database is found") {
  PortalWorld world;
  const Written letter = letter_of(world);
  REQUIRE(world.ask(world.who("officer"), "GET", letter.page + "/pdf").status == 200);
  const auto broken = [&] {
    const auto report = world.engine().database().read(
        [&](Session& session) { return verify(session, world.engine().programme(), world.engine().now(), {}); });
    return std::ranges::count(report.violations, "letter_paper", &Violation::invariant);
  };
  CHECK(broken() == 0);
  world.sql("update letter_papers set pdf = cast('%PDF-other' as blob)");
  CHECK(broken() == 1);
}

TEST_CASE("where no PDF is made the letter is there as HTML, and the page says so") {
  PortalWorld world;
  const Written letter = letter_of(world);
  world.paper = [](const std::string&, const Paper&) -> std::string { throw PaperFailure("it is broken"); };
  const auto failed = world.ask(world.who("officer"), "GET", letter.page + "/pdf");
  CHECK(failed.status == 503);
  CHECK_THAT(failed.body, Contains("cannot be made just now") && !Contains("it is broken"));
  const auto problem = world.api(world.who("officer"), "GET", letter.api + "/pdf");
  CHECK(problem.status == 503);
  CHECK(problem.type == "application/problem+json");
  world.without_paper();
  const auto page = world.ask(world.who("officer"), "GET", letter.page);
  CHECK_THAT(page.body, Contains("makes no PDF") && !Contains("/pdf\""));
  CHECK(world.ask(world.who("officer"), "GET", letter.page + "/pdf").status == 503);
  CHECK(world.ask(world.who("officer"), "GET", letter.page + "/html").status == 200);
}

TEST_CASE("each list is there as CSV and as an Excel file, for whom the page is") {
  PortalWorld world;
  world.sql(
      "insert into tasks (case_id, company, kind, title, role, person, due_on, of_state, opened_at) "
      "select id, company, 'made', 'Made', 'nam', null, '2026-03-01', 0, 0 from cases where id = '" +
      world.membership + "'");
  const std::string entries = "/benefits/entries{}?company=" + world.own + "&kind=all";
  struct Row {
    std::string page, who, other, head;
  };
  const std::vector<Row> rows{{"/queue{}?view=team", "nam", "officer", "Case,Company,"},
                              {"/due{}?whose=all", "supervisor", "officer", "Due,Case,Company,"},
                              {"/workload{}", "supervisor", "officer", "National Account Manager,Accounts,"},
                              {entries, "officer", "stranger", "Entry,Line,Date,"}};
  for (const Row& row : rows) {
    INFO(row.page);
    const auto at = [&](const std::string& ending) {
      std::string path = row.page;
      return path.replace(path.find("{}"), 2, ending);
    };
    const auto csv = world.ask(world.who(row.who), "GET", at(".csv"));
    CHECK(csv.status == 200);
    CHECK(csv.body.starts_with(row.head));
    CHECK_THAT(header_of(csv, "Content-Disposition"), Contains("attachment") && Contains(".csv"));
    const auto xlsx = world.ask(world.who(row.who), "GET", at(".xlsx"));
    CHECK(xlsx.status == 200);
    CHECK(unpack_office(xlsx.body).contains("xl/worksheets/sheet1.xml"));
    CHECK_THAT(header_of(xlsx, "Content-Disposition"), Contains(".xlsx"));
    for (const char* ending : {".csv", ".xlsx"}) CHECK(world.ask(world.who(row.other), "GET", at(ending)).status != 200);
    if (row.page != entries) CHECK_THAT(world.ask(world.who(row.who), "GET", at("")).body, Contains(".xlsx"));
  }
}
