// Samples by the command line: from a frozen population to a bundle that two programs draw again.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "tests/tools/desk.hpp"

namespace tradecase {
namespace {

using testing::Desk;
using testing::Said;

const std::string home = TRADECASE_HOME;
const std::string dice = " --seed \"40171 83926 55302 71846\" --how \"ten-sided dice, in the meeting\" ";

// A population of Granite Bay's entry lines, frozen where `freeze`.
std::string population(const Desk& desk, bool freeze) {
  REQUIRE(desk.say("import members " + home + "/tools/sample/members.csv").exit_code == 0);
  REQUIRE(desk.say("import entries " + home + "/tools/sample/entries_GRANITEBAY.csv").exit_code == 0);
  REQUIRE(desk.say("people add --name \"Ada Auditor\" --email ada@agency.example --role auditor").exit_code == 0);
  REQUIRE(desk.say("people add --name \"Cora Comp\" --email cora@agency.example --role compliance").exit_code == 0);
  const std::string body = desk.file(
      "referral.json", R"({"kind": "single_issue", "risk_areas": ["classification"], "reasons": ["Duty rates fell in one month."]})");
  REQUIRE(desk.say("case open audit open_referral --company GRANITEBAY --as cora@agency.example --body " + body).exit_code == 0);
  const json::array cases = desk.say("case list --json --company GRANITEBAY --workflow audit").list();
  const Said made =
      desk.say("population create " + std::string(cases.front().at("case").as_string()) + " --json --strata country_of_origin");
  REQUIRE(made.exit_code == 0);
  std::string id(made.as_json().at("population").as_string());
  if (freeze) REQUIRE(desk.say("population freeze " + id + " --reason \"No control total was to be had.\"").exit_code == 0);
  return id;
}

int redraw(const std::string& bundle) {
  const int status = std::system(("python3 " + home + "/tools/redraw.py " + bundle + " > /dev/null 2>&1").c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_CASE("a sample goes from its seed to a bundle that two programs draw again") {
  const Desk desk("2026-01-05");
  const std::string id = population(desk, true);
  const Said drawn = desk.say("sample draw " + id + " --json --method stratified --n 20 --as ada@agency.example" + dice);
  REQUIRE(drawn.exit_code == 0);
  CHECK(drawn.as_json().at("id").as_string() == "SMP-000001");
  CHECK(drawn.as_json().at("rows").as_array().size() == 20);
  CHECK(drawn.as_json().at("draws").at(0).at("by").as_string() != "operator");
  CHECK(desk.say("sample draw " + id + " --n 5" + dice).exit_code == 6);  // another draw, and no reason
  CHECK(desk.say("sample draw " + id + " --method mus-interval --interval 25,000 --reason \"by value\"" + dice).exit_code == 0);
  CHECK(desk.say("sample draw " + id + " --method mus-interval --interval 25000 --reason more --seed 1 --how dice").exit_code == 6);
  CHECK(desk.say("sample draw " + id + " --method mus-interval --n 5 --reason more" + dice).exit_code == 2);
  CHECK(desk.say("sample draw " + id + " --method lottery --n 5 --reason more" + dice).exit_code == 2);
  CHECK(desk.say("sample draw POP-000009 --n 5" + dice).exit_code == 4);
  CHECK(desk.say("sample list --json").list().size() == 2);
  CHECK(desk.say("sample more SMP-000001 --n 30 --reason \"more errors than planned\"").exit_code == 0);
  CHECK(desk.say("sample show SMP-000001 --json").as_json().at("draws").as_array().size() == 2);
  CHECK(desk.say("sample show SMP-000001 --json --draw 1").as_json().at("rows").as_array().size() == 20);
  CHECK(desk.say("sample show SMP-000001 --draw 3").exit_code == 4);
  for (const char* sample : {"SMP-000001", "SMP-000002"})
    for (const char* form : {"", ".zip"}) {
      const std::string bundle = (desk.folder() / (std::string(sample) + form)).string();
      REQUIRE(desk.say("sample export " + std::string(sample) + " --to " + bundle).exit_code == 0);
      CHECK(desk.say("sample verify " + bundle).exit_code == 0);
      CHECK(redraw(bundle) == 0);
      CHECK(desk.say("sample export " + std::string(sample) + " --to " + bundle).exit_code == 6);  // stands there already
    }
  CHECK(desk.say("verify").exit_code == 0);
}

TEST_CASE("a bundle that says another row is different, one that cannot be read is neither") {
  const Desk desk("2026-01-05");
  const std::string id = population(desk, true), bundle = (desk.folder() / "b").string();
  REQUIRE(desk.say("sample draw " + id + " --n 6" + dice).exit_code == 0);
  const json::value shown = desk.say("sample show SMP-000001 --json").as_json();
  const json::array drawn = shown.at("bundle").at("list").as_array();
  std::int64_t other = 1;
  while (std::ranges::find(drawn, json::value(other)) != drawn.end()) ++other;
  const std::string add = "sample add SMP-000001 --row " + std::to_string(other) + " --as ada@agency.example --reason ";
  REQUIRE(desk.say(add + "\"named in the allegation\"").exit_code == 0);
  CHECK(desk.say(add + "again").exit_code == 6);
  CHECK(desk.say("sample drop SMP-000001 --row " + std::to_string(other)).exit_code == 2);  // no reason
  REQUIRE(desk.say("sample export SMP-000001 --to " + bundle).exit_code == 0);
  json::object sample = json::parse(desk.read("b/sample.json")).as_object();
  sample["seed"] = "40171 83926 55302 71847";
  desk.file("b/sample.json", json::serialize(sample));
  const Said said = desk.say("sample verify --json " + bundle);
  CHECK(said.exit_code == 1);
  CHECK(said.as_json().at("differences").at(0).as_string().find("drawn, place 1: row ") == 0);
  CHECK(redraw(bundle) == 1);
  sample["colour"] = 1;
  desk.file("b/sample.json", json::serialize(sample));
  CHECK(desk.say("sample verify " + bundle).exit_code == 2);
  CHECK(redraw(bundle) == 2);
}

// Somebody with the database file in hand.
void change_one_byte(const Desk& desk) {
  const std::string script =
      desk.file("change.py",
                "import sqlite3, sys\n"
                "desk = sqlite3.connect(sys.argv[1])\n"
                "desk.execute('drop trigger population_rows_frozen_update')\n"
                "desk.execute(\"update population_rows set port_of_entry = 'x' || substr(port_of_entry, 2) where row = 9\")\n"
                "desk.commit()\n");
  REQUIRE(std::system(("python3 " + script + " " + (desk.folder() / "desk.db").string()).c_str()) == 0);
}

TEST_CASE("one byte changed in the database: no bundle is written, and verify names the population") {
  const Desk desk("2026-01-05");
  const std::string id = population(desk, true), bundle = (desk.folder() / "b").string();
  REQUIRE(desk.say("sample draw " + id + " --n 6" + dice).exit_code == 0);
  REQUIRE(desk.say("verify").exit_code == 0);
  change_one_byte(desk);
  const Said exported = desk.say("sample export SMP-000001 --json --to " + bundle);
  CHECK(exported.exit_code == 6);
  const std::string sentence(exported.as_json().at("error").at("message").as_string());
  CHECK(sentence.find(id + " is not what was frozen: its rows give the hash ") == 0);
  CHECK(sentence.find(". No bundle is written.") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(bundle));
  const Said verified = desk.say("verify --json");
  CHECK(verified.exit_code != 0);
  CHECK(verified.as_json().at("violations").at(0).at("invariant") == "frozen_population");
  CHECK(desk.say("population verify " + id).exit_code == 1);
  CHECK(desk.say("sample more SMP-000001 --n 12 --reason \"more errors than planned\"").exit_code == 6);
}

TEST_CASE("a population that is not frozen gives no sample") {
  const Desk desk("2026-01-05");
  const std::string id = population(desk, false);
  CHECK(desk.say("sample draw " + id + " --n 5" + dice).exit_code == 6);
  CHECK(desk.say("sample list --json").list().empty());
}

TEST_CASE("sizes and projections come with their formula and source") {
  const Desk desk("2026-01-05");
  const json::value rows = desk.say("sample size attribute --json --tolerable 5% --expected 1% --risk 5%").as_json();
  CHECK(rows.at("n").as_int64() == 93);
  CHECK(rows.at("source").as_string().find("AICPA") != std::string::npos);
  const json::value money = desk.say("sample size mus --json --book 13500000 --tolerable 675,000 --expected 135000 --risk 0.05").as_json();
  CHECK(money.at("n").as_int64() == 93);
  CHECK(money.at("factor").as_double() == Approx(4.6202).margin(0.0001));
  CHECK(desk.say("sample size attribute --tolerable 5% --expected 5% --risk 5%").exit_code == 2);
  CHECK(desk.say("sample size attribute --tolerable 5 --expected 1% --risk 5%").exit_code == 2);

  const std::string id = population(desk, true);
  REQUIRE(desk.say("sample draw " + id + " --n 20" + dice).exit_code == 0);
  const json::value drawn = desk.say("sample show --json SMP-000001").as_json();
  const std::string row = std::to_string(drawn.at("rows").at(0).at("row").as_int64()),
                    other = std::to_string(drawn.at("rows").at(1).at("row").as_int64());
  const std::string errors = desk.file("errors.csv", "row,amount,direction,cause\n" + row + ",$100.00,understated,assist\n" + other +
                                                         ",40,overstated,freight\n" + row + ",5.50,overstated,freight\n");
  const Said projected = desk.say("sample project SMP-000001 --json --errors " + errors);
  REQUIRE(projected.exit_code == 0);
  const json::value all = projected.as_json();
  const double lines = static_cast<double>(drawn.at("bundle").at("population").at("rows").as_int64());
  CHECK(all.at("net").at("point_cents").as_double() == Approx(lines * (4000 + 550 - 10000) / 20));
  CHECK(all.at("overstated").at("point_cents").as_double() == Approx(lines * 4550 / 20));
  CHECK(all.at("understated").at("point_cents").as_double() == Approx(lines * 10000 / 20));
  CHECK(all.at("causes").at(1).at("items").as_int64() == 2);
  CHECK(desk.say("sample project SMP-000001 --errors " + errors + " --estimator ratio --confidence 90%").exit_code == 0);
  CHECK(desk.say("sample project SMP-000001 --errors " + errors + " --estimator guess").exit_code == 2);
  CHECK(desk.say("sample project SMP-000001 --errors " + desk.file("bad.csv", "row,amount,direction,cause\n" + row + ",1,sideways,x\n"))
            .exit_code == 2);
  CHECK(desk.say("sample project SMP-000001 --errors " + desk.file("bad.csv", "row,amount,direction,cause\n9999,1,overstated,x\n"))
            .exit_code == 6);
  REQUIRE(desk.say("sample draw " + id + " --method mus-cell --interval 20000 --reason \"by value\"" + dice).exit_code == 0);
  const json::value none =
      desk.say("sample project SMP-000002 --json --errors " + desk.file("none.csv", "row,amount,direction,cause\n")).as_json();
  CHECK(none.at("understated").at("high_cents").as_double() == Approx(2'000'000 * 2.995732));
  CHECK_FALSE(none.as_object().contains("net"));
}

}  // namespace
}  // namespace tradecase
