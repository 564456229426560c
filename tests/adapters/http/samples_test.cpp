// A4: a sample from its draw to a bundle that a stranger draws again; what is refused, and who may not come near.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "tests/adapters/http/sample_world.hpp"
#include "workflows/sampling/bundle.hpp"

using namespace tradecase;
using namespace tradecase::testing;

namespace {

namespace fs = std::filesystem;

int redrawn(const fs::path& bundle) {
  const std::string command = "python3 " + std::string(TRADECASE_HOME) + "/tools/redraw.py " + bundle.string() + " > /dev/null 2>&1";
  const int status = std::system(command.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

fs::path file_with(const std::string& bytes) {
  std::string name = (fs::temp_directory_path() / "bundle-XXXXXX").string();
  REQUIRE(mkdtemp(name.data()) != nullptr);
  fs::path file = fs::path(name) / "sample.zip";
  std::ofstream(file, std::ios::binary) << bytes;
  return file;
}

std::int64_t lines_in(const std::string& text) { return std::ranges::count(text, '\n'); }

}  // namespace

TEST_CASE("a sample is drawn on its page, shows its seed, and is drawn again by a stranger") {
  SampleWorld world;
  const std::string population = world.population("country_of_origin");
  const auto page = world.get("auditor", world.at("populations/" + population + "/draw"));
  REQUIRE(page.status == 200);
  CHECK(says(page, "name=\"seed\""));
  CHECK(says(page, "4 strata"));
  const std::string id = world.drawn(population, "method=stratified&n=20&allocation=neyman&least=3"), at = world.at("samples/" + id);

  const auto sample = world.get("nam", at);
  REQUIRE(sample.status == 200);
  CHECK(says(sample, dice_seed));
  CHECK(says(sample, "ten-sided dice"));
  CHECK(says(sample, "stratified (neyman, at least 3 a stratum), 20 rows"));
  CHECK_FALSE(says(sample, "Add or drop a row by hand"));  // an account manager reads
  CHECK(says(world.get("auditor", at), "Add or drop a row by hand"));
  CHECK(says(world.get("nam", at + "/check"), "The same list: 20 rows."));
  CHECK(says(world.get("nam", world.at("populations/" + population)), id));

  const auto csv = world.get("auditor", at + "/rows.csv"), xlsx = world.get("auditor", at + "/rows.xlsx");
  CHECK(lines_in(csv.body) == 21);
  CHECK(says(csv, "ZZA0000"));
  CHECK(says(csv, "'=1+1"));  // no spreadsheet reckons it
  CHECK_FALSE(says(csv, ",=1+1"));
  CHECK(xlsx.body.starts_with("PK"));
  const auto bundle = world.get("auditor", at + "/bundle.zip");
  const fs::path file = file_with(bundle.body);
  CHECK(std::get<std::vector<std::string>>(verify_bundle(file)).empty());
  CHECK(redrawn(file) == 0);
  fs::remove_all(file.parent_path());
}

TEST_CASE("a draw without a seed, an account of it, or a reason for another is refused at its field") {
  SampleWorld world(40);
  const std::string population = world.population(), at = world.at("populations/" + population + "/draw");
  const std::string seed = "seed=" + std::string(dice_seed) + "&how=dice&";
  CHECK(says(world.post("auditor", at, "method=simple&n=5&seed=7&how=dice"), "id=\"seed-error\""));
  CHECK(says(world.post("auditor", at, "method=simple&n=5&seed=" + std::string(dice_seed)), "id=\"how-error\""));
  CHECK(says(world.post("auditor", at, seed + "method=simple&n=41"), "id=\"n-error\""));
  CHECK(says(world.post("auditor", at, seed + "method=simple&n=many"), "id=\"n-error\""));
  CHECK(says(world.post("auditor", at, seed + "method=mus-cell"), "id=\"interval-error\""));
  CHECK(world.post("auditor", at, seed + "method=lottery&n=5").status == 422);
  const auto kept = world.post("auditor", at, seed + "method=simple&n=41");
  CHECK(kept.status == 422);
  CHECK(says(kept, "value=\"" + std::string(dice_seed) + "\""));  // what was typed stays
  CHECK(says(kept, "<title>Error: "));
  const std::string first = world.drawn(population, "method=simple&n=5");
  CHECK(says(world.post("auditor", at, seed + "method=simple&n=6"), "id=\"reason-error\""));
  CHECK(world.drawn(population, "method=systematic&n=6&reason=The+first+was+a+trial.") != first);
  CHECK(says(world.get("auditor", at), first));
}

TEST_CASE("a seed is not asked for before the freeze") {
  SampleWorld world(10);
  const auto made = world.post("auditor", world.at("populations"), "risk_area=classification");
  REQUIRE(made.status == 303);
  const std::string at = header_of(made, "Location") + "/draw";
  CHECK_FALSE(says(world.get("auditor", at), "name=\"seed\""));
  CHECK(world.post("auditor", at, "method=simple&n=2&how=dice&seed=" + std::string(dice_seed)).status == 422);
}

TEST_CASE("rows are added and dropped by hand with a reason, and a sample grows by its seed") {
  SampleWorld world(60);
  const std::string id = world.drawn(world.population(), "method=simple&n=10"), at = world.at("samples/" + id);
  const std::string before = world.get("auditor", at + "/rows.csv").body;
  CHECK(says(world.post("auditor", at + "/change", "act=add&row=1"), "id=\"reason-error\""));
  CHECK(says(world.post("auditor", at + "/change", "act=add&row=99&reason=why"), "id=\"row-error\""));
  CHECK(says(world.post("auditor", at + "/change", "act=add&row=ZZB00000001+1&reason=why"), "id=\"row-error\""));
  std::string added;
  for (int entry = 0; entry < 15 && added.empty(); ++entry) {
    const std::string number = "ZZA0000000" + std::to_string(entry % 10) + " 1";
    if (before.find("ZZA0000000" + std::to_string(entry % 10) + ",1,") == std::string::npos) added = number;
  }
  REQUIRE_FALSE(added.empty());
  REQUIRE(
      world.post("compliance", at + "/change", "act=add&row=" + http::percent_encoded(added) + "&reason=Named+in+the+allegation.").status ==
      303);
  const auto page = world.get("auditor", at);
  CHECK(says(page, "Named in the allegation."));
  CHECK(says(page, "added by hand"));
  CHECK(lines_in(world.get("auditor", at + "/rows.csv").body) == 12);
  CHECK(says(world.get("auditor", at + "/check"), "The same list: 11 rows."));

  CHECK(says(world.post("auditor", at + "/more", "n=9&more_reason=why"), "id=\"n-error\""));
  CHECK(says(world.post("auditor", at + "/more", "n=20"), "id=\"more_reason-error\""));
  REQUIRE(world.post("auditor", at + "/more", "n=20&more_reason=More+errors+than+planned.").status == 303);
  CHECK(lines_in(world.get("auditor", at + "/rows.csv?draw=1").body) == 12);
  CHECK(lines_in(world.get("auditor", at + "/rows.csv").body) >= 21);
  CHECK(says(world.get("auditor", at + "?draw=1"), "This is draw 1, as it was then."));
  CHECK(world.get("auditor", at + "?draw=3").status == 404);
}

TEST_CASE("samples are read by the team, drawn by compliance staff and auditors, and hidden from everybody else") {
  SampleWorld world(20);
  const std::string population = world.population(), draw = world.at("populations/" + population + "/draw");
  CHECK(world.post("nam", draw, "method=simple&n=2").status == 403);
  const std::string id = world.drawn(population, "method=simple&n=5"), at = world.at("samples/" + id);
  for (const char* act : {"/change", "/more", "/findings"}) CHECK(world.post("nam", at + act, "act=add&row=1&reason=x").status == 403);
  for (const char* name : {"officer", "stranger"}) {
    CHECK(world.get(name, at).status == 403);
    CHECK(world.api(world.who(name), "GET", "/api/v1" + at).status == 403);
    CHECK(world.get(name, at + "/bundle.zip").status == 403);
  }
  CHECK(world.get("auditor", "/cases/" + world.membership + "/samples/" + id).status == 404);
  CHECK(world.get("auditor", world.at("samples/SMP-000009")).status == 404);
}

TEST_CASE("the calculators say a size with its formula and source, and hand it to the draw") {
  SampleWorld world(10);
  const std::string at = world.at("populations/" + world.population() + "/draw");
  const auto rate = world.get("auditor", at + "?size=attribute&attribute_tolerable=5%25&attribute_expected=1%25&attribute_risk=5%25");
  CHECK(rate.status == 200);
  CHECK(says(rate, "93 rows; the rate holds with up to 1 of them in error"));
  CHECK(says(rate, "?method=simple&amp;n=93#draw"));
  CHECK(says(world.get("auditor", at + "?method=simple&n=93"), "value=\"93\""));
  const auto money = world.get("auditor", at + "?size=mus&mus_book=13500000&mus_tolerable=675,000&mus_expected=135000&mus_risk=5%25");
  CHECK(says(money, "93 hits, one every $"));
  const auto wrong = world.get("auditor", at + "?size=attribute&attribute_tolerable=5%25&attribute_expected=9%25&attribute_risk=5%25");
  CHECK(wrong.status == 422);
  CHECK(says(wrong, "attribute_tolerable-error"));
}
