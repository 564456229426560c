// A8: what was found in each row, and its projection; figures reckoned by hand and from the literature.
#include <fmt/format.h>

#include <regex>

#include "tests/adapters/http/sample_world.hpp"

using namespace tradecase;
using namespace tradecase::testing;

namespace {

std::vector<std::int64_t> rows_of(const SampleWorld& world, const std::string& id) {
  std::vector<std::int64_t> rows;
  const json::object sample = object_of(world.api(world.who("auditor"), "GET", "/api/v1" + world.at("samples/" + id)));
  for (const json::value& row : sample.at("rows").as_array()) rows.push_back(row.at("row").to_number<std::int64_t>());
  return rows;
}

std::string item(const SampleWorld& world, const std::string& id, std::int64_t row) {
  return world.at("samples/" + id + "/items/" + std::to_string(row));
}

std::string error(int number, const std::string& amount, const std::string& direction, const std::string& cause) {
  const std::string at = "&errors." + std::to_string(number) + ".";
  return at + "amount=" + amount + at + "direction=" + direction + at + "cause=" + cause;
}

// Words of the page without its markup's line ends.
bool tells(const http::Response& page, const std::string& label, const std::string& amount) {
  return std::regex_search(page.body, std::regex(label + "[^\n]*" + std::regex_replace(amount, std::regex(R"([$.])"), R"(\$&)")));
}

}  // namespace

TEST_CASE("findings are recorded row by row and projected by the difference, offsets apart") {
  SampleWorld world(200);
  const std::string id = world.drawn(world.population(), "method=simple&n=10"), at = world.at("samples/" + id + "/findings");
  const auto rows = rows_of(world, id);
  REQUIRE(rows.size() == 10);
  CHECK(says(world.get("auditor", at), "10 of 10 rows have not been looked at yet."));

  const auto first =
      world.post("auditor", item(world, id, rows[0]), "version=0&act=next&note=Invoice+read." + error(2, "12.00", "overstated", "assist"));
  CHECK(first.status == 303);
  CHECK(header_of(first, "Location") == item(world, id, rows[1]));
  CHECK(world
            .post("auditor", item(world, id, rows[1]),
                  "version=0&act=back" + error(0, "5", "understated", "freight") + error(1, "1.50", "understated", "royalty"))
            .status == 303);
  const auto page = world.get("nam", at);
  CHECK(says(page, "2 of 10 rows looked at"));
  CHECK(says(page, "overstated by $12.00"));
  CHECK(says(page, "understated by $6.50"));
  CHECK(says(page, "8 of 10 rows have not been looked at yet."));
  CHECK(world.post("auditor", at, "").status == 422);  // nobody confirmed it
  REQUIRE(world.post("auditor", at, "sure=yes").status == 303);

  const auto done = world.get("auditor", at);
  CHECK(says(done, "10 of 10 rows looked at"));
  CHECK(tells(done, "Overstated", "$240.00"));   // 200 rows times 12.00 / 10
  CHECK(tells(done, "Understated", "$130.00"));  // 200 times 6.50 / 10
  CHECK(tells(done, "Net", "$110.00"));
  CHECK(says(done, "Cochran"));
  CHECK(says(done, "N · mean error"));
  CHECK(tells(done, "royalty", "$1.50"));
  CHECK(says(world.get("auditor", at + "?estimator=ratio"), "Σ errors / Σ book values"));
  CHECK(world.get("auditor", at + "?estimator=ratio&confidence=200%25").status == 422);
}

TEST_CASE("a finding that cannot be taken is refused at its field, and nobody overwrites another's") {
  SampleWorld world(40);
  const std::string id = world.drawn(world.population(), "method=simple&n=4");
  const auto rows = rows_of(world, id);
  const std::string at = item(world, id, rows[0]);
  const auto wrong = world.post("auditor", at, "version=0" + error(1, "much", "overstated", "x"));
  CHECK(wrong.status == 422);
  CHECK(says(wrong, "id=\"errors.1.amount-error\""));
  CHECK(says(wrong, "value=\"much\""));
  CHECK(says(world.post("auditor", at, "version=0" + error(2, "5", "overstated", "")), "id=\"errors.2.cause-error\""));
  CHECK(says(world.post("auditor", at, "version=0" + error(0, "0", "overstated", "x")), "id=\"errors.0.amount-error\""));
  REQUIRE(world.post("auditor", at, "version=0" + error(0, "5", "overstated", "first")).status == 303);
  CHECK(says(world.post("compliance", at, "version=0" + error(0, "6", "overstated", "second")),
             "Somebody else has recorded this row meanwhile"));
  CHECK(world.post("compliance", at, "version=1" + error(0, "6", "overstated", "second")).status == 303);
  CHECK(says(world.get("auditor", at), "name=\"version\" value=\"2\""));
  CHECK(world.get("auditor", item(world, id, 999)).status == 404);
}

TEST_CASE("a monetary unit sample without errors is bounded by Stringer's factor") {
  SampleWorld world(200);
  const std::string id = world.drawn(world.population(), "method=mus-interval&interval=1000");
  const std::string at = world.at("samples/" + id + "/findings");
  REQUIRE(world.post("auditor", at, "sure=yes").status == 303);
  const auto page = world.get("auditor", at);
  CHECK(tells(page, "Overstated", "$2,995.73"));  // 1,000 times 2.99573, Poisson at 95 % and no error
  CHECK(says(page, "Stringer"));
  CHECK(says(page, "nothing is offset"));
  CHECK_FALSE(says(page, "name=\"estimator\""));
}

TEST_CASE("rows added by hand are looked at and never projected") {
  SampleWorld world(30);
  const std::string id = world.drawn(world.population(), "method=simple&n=5"), at = world.at("samples/" + id);
  const auto rows = rows_of(world, id);
  std::int64_t other = 1;
  while (std::ranges::find(rows, other) != rows.end()) ++other;
  REQUIRE(world.post("auditor", at + "/change", fmt::format("act=add&row={}&reason=named", other)).status == 303);
  REQUIRE(world.post("auditor", at + "/change", fmt::format("act=drop&row={}&reason=court", rows[0])).status == 303);
  REQUIRE(world.post("auditor", item(world, id, other), "version=0" + error(0, "70", "overstated", "by hand")).status == 303);
  REQUIRE(world.post("auditor", item(world, id, rows[1]), "version=0" + error(0, "3", "understated", "freight")).status == 303);
  REQUIRE(world.post("auditor", at + "/findings", "sure=yes").status == 303);
  const auto page = world.get("auditor", at + "/findings");
  CHECK(tells(page, "Understated", "$22.50"));  // 30 rows times 3.00 / 4: neither the one dropped nor the one added counts
  CHECK(says(page, "4 of 4 rows looked at"));
  CHECK(says(page, "overstated by $70.00"));
  CHECK(tells(page, "Overstated", "$0.00"));
  CHECK(says(page, "Rows dropped by hand, which do not enter it: 1."));
}

TEST_CASE("a projection is taken into the audit's report by its link") {
  SampleWorld world(100);
  const std::string id = world.drawn(world.population(), "method=simple&n=10"), at = world.at("samples/" + id + "/findings");
  const auto rows = rows_of(world, id);
  REQUIRE(world.post("auditor", item(world, id, rows[0]), "version=0" + error(0, "30", "understated", "assists left out")).status == 303);
  REQUIRE(world.post("auditor", at, "sure=yes").status == 303);
  CHECK_FALSE(says(world.get("auditor", at), "Take it into the report"));
  world.sql("update cases set state = 'closing_held' where id = '" + world.audit + "'");
  const auto page = world.get("auditor", at);
  REQUIRE(says(page, "Take it into the report"));
  const auto form = world.get("auditor", world.at("do/issue_report?sample=" + id + "&estimator=difference&confidence=95%25"));
  REQUIRE(form.status == 200);
  CHECK(says(form, "assists left out: 1 row,"));
  CHECK(says(form, "Understated: $300.00 projected, between"));
  CHECK(std::regex_search(form.body, std::regex("value=\"classification\" selected")));
  CHECK_FALSE(says(world.get("nam", world.at("do/issue_report?sample=" + id)), "assists left out"));
}
