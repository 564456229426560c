// A3, A4, A8 of a case that is closed: the pages hide what can be done and say why, posts and API refuse it; and of a population whose rows
// are not those that were frozen: nothing of it is given out.
#include <fmt/format.h>

#include <regex>

#include "tests/adapters/http/sample_world.hpp"

using namespace tradecase;
using namespace tradecase::testing;

namespace {

constexpr char closed_says[] = "This case is closed: its populations, samples and findings stay as they are.";

std::int64_t rows_of_sampling(const SampleWorld& world) {
  std::int64_t all = 0;
  for (const char* table : {"populations", "samples", "draws", "sample_changes", "findings", "entry_lines"})
    all += world.engine().database().read(
        [&](Session& session) { return session.value<std::int64_t>("select count(*) from " + std::string(table)).value_or(0); });
  return all;
}

std::string entry_file_body(const std::string& csrf) {
  return "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n" + csrf +
         "\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"may.csv\"\r\n\r\nEntry Summary Number\n1\n\r\n--b--\r\n";
}

http::Response send_entry_file(const SampleWorld& world, const std::string& path) {
  const Caller& auditor = world.who("auditor");
  return world.ask(auditor, "POST", path, entry_file_body(auditor.csrf), {{"Content-Type", "multipart/form-data; boundary=b"}});
}

// The page's own forms that send something: those of the frame lead elsewhere.
bool offers_an_act(const http::Response& page, const std::string& audit) {
  return std::regex_search(page.body, std::regex("<form[^>]*method=\"post\"[^>]*action=\"/cases/" + audit));
}

}  // namespace

TEST_CASE("the pages of a closed case offer no act and say why, and posts and API refuse it") {
  SampleWorld world(60);
  const std::string frozen = world.population("country_of_origin"), sample = world.drawn(frozen, "method=simple&n=6");
  const auto made = world.post("auditor", world.at("populations"), "risk_area=classification");
  REQUIRE(made.status == 303);
  const std::string open = header_of(made, "Location"), at = world.at("samples/" + sample);
  const std::string file = header_of(send_entry_file(world, world.at("entry-files")), "Location");
  REQUIRE_FALSE(file.empty());
  const auto first_row = json::parse(world.api(world.who("auditor"), "GET", "/api/v1" + at).body).at("rows").at(0).at("row");
  const std::string row = std::to_string(first_row.to_number<std::int64_t>());
  REQUIRE(offers_an_act(world.get("auditor", open), world.audit));
  world.sql("update cases set state = 'closed', closed_at = opened_at + 1 where id = '" + world.audit + "'");

  const auto before = rows_of_sampling(world);
  for (const std::string& page : {world.at("populations"), world.at("populations/" + frozen), open,
                                  world.at("populations/" + frozen + "/draw"), at, at + "/findings", at + "/items/" + row}) {
    INFO(page);
    const auto answer = world.get("auditor", page);
    CHECK(answer.status == 200);
    CHECK(says(answer, closed_says));
    CHECK_FALSE(offers_an_act(answer, world.audit));
    CHECK_FALSE(says(answer, "/scope\""));
  }
  CHECK(world.get("auditor", world.at("scope")).status == 409);
  for (const auto& [path, form] : std::vector<std::pair<std::string, std::string>>{
           {world.at("populations"), "risk_area=classification"},
           {open + "/preview", ""},
           {open + "/tie-out", "total=1&source=ES-001"},
           {open + "/freeze", "reason=why"},
           {world.at("populations/" + frozen + "/draw"), "method=simple&n=5&reason=why&how=dice&seed=" + std::string(dice_seed)},
           {at + "/more", "n=12&more_reason=why"},
           {at + "/change", "act=drop&reason=why&row=" + row},
           {at + "/findings", "sure=yes"},
           {at + "/items/" + row, "version=0&act=back"},
           {file + "/keep", "leave_out=yes"}}) {
    INFO(path);
    CHECK(refusal_of(world.post("auditor", path, form), 409).find(closed_says) != std::string::npos);
  }
  CHECK(send_entry_file(world, world.at("entry-files")).status == 409);
  CHECK(world.post("nam", open + "/freeze", "reason=why").status == 403);  // who may not act is told that, first
  const json::object draw{{"method", "simple"}, {"n", 5}, {"seed", dice_seed}, {"how", "dice"}, {"reason", "why"}};
  const std::string short_open = open.substr(open.find("populations/"));
  for (const auto& [path, body] : std::vector<std::pair<std::string, json::object>>{
           {"populations", {{"scope", json::object{}}}},
           {short_open + "/preview", {}},
           {short_open + "/tie-out", {{"value_cents", 1}, {"source", "ES-001"}}},
           {short_open + "/freeze", {{"reason", "why"}}},
           {"populations/" + frozen + "/samples", draw},
           {"samples/" + sample + "/draws", {{"n", 12}, {"reason", "why"}}},
           {"samples/" + sample + "/changes", {{"action", "drop"}, {"row", first_row}, {"reason", "why"}}},
           {"samples/" + sample + "/findings", {}},
           {"samples/" + sample + "/findings/" + row, {{"version", 0}, {"errors", json::array{}}}},
           {file.substr(file.find("entry-files/")) + "/keep", {{"leave_bad_out", true}}}}) {
    INFO(path);
    const json::value told = json::parse(refusal_of(world.send("auditor", path, body), 409));
    CHECK(told.at("code") == "wrong_state");
    CHECK(told.at("detail") == closed_says);
  }
  CHECK(rows_of_sampling(world) == before);
  CHECK(world.post("auditor", file + "/cancel", "").status == 303);  // lets go, and adds nothing
}

TEST_CASE("one byte changed in the database: the page, the API and every file of the population say so, and nothing is given out") {
  SampleWorld world(60);
  const std::string population = world.population(), id = world.drawn(population, "method=simple&n=6"), at = world.at("samples/" + id);
  REQUIRE(world.get("auditor", at + "/bundle.zip").status == 200);
  const std::string frozen = json::parse(world.api(world.who("auditor"), "GET", "/api/v1" + world.at("populations/" + population)).body)
                                 .at("sha256")
                                 .as_string()
                                 .c_str();
  world.sql("drop trigger population_rows_frozen_update");
  world.sql("update population_rows set country_of_origin = 'CM' where row = 5");

  const std::regex told(population + " is not what was frozen: its rows give the hash [0-9a-f]{64}, it was frozen with " + frozen);
  for (const std::string& path : {at + "/bundle.zip", world.at("populations/" + population + "/population.csv"), "/api/v1" + at + "/bundle",
                                  "/api/v1" + world.at("populations/" + population + "/rows")}) {
    INFO(path);
    const auto answer = path.starts_with("/api") ? world.api(world.who("auditor"), "GET", path) : world.get("auditor", path);
    CHECK(answer.status == 409);
    CHECK(std::regex_search(answer.body, told));
    CHECK(std::regex_search(answer.body, std::regex("(No bundle is|Its rows are not) given out")));
  }
  const auto check = world.get("auditor", at + "/check");
  CHECK(check.status == 200);
  CHECK(std::regex_search(check.body, told));
  CHECK(says(check, "Different"));
  CHECK(world.get("auditor", at).status == 200);  // what stands on record can still be read
  const auto more = world.post("auditor", at + "/more", "n=12&more_reason=why");
  CHECK(more.status == 422);
  CHECK(std::regex_search(more.body, told));

  world.sql("drop trigger population_rows_frozen_delete");
  world.sql("delete from population_rows where row > 3");
  CHECK(says(world.get("auditor", at + "/bundle.zip"), "60 rows were frozen, 3 are there. No bundle is given out."));
  CHECK(world.get("auditor", at).status == 200);
  CHECK(world.get("auditor", at + "/check").status == 200);
}
