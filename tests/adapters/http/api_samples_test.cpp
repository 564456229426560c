// Populations, samples, findings and files of entry lines over the API: all that the pages do, each act once a key.
#include "tests/adapters/http/sample_world.hpp"

using namespace tradecase;
using namespace tradecase::testing;

namespace {

json::object got(const SampleWorld& world, const std::string& path) {
  return object_of(world.api(world.who("auditor"), "GET", "/api/v1/cases/" + world.audit + "/" + path));
}

json::object done(const http::Response& answer) { return object_of(answer); }
std::string id_of(const json::object& object, std::string_view name) { return std::string(object.at(name).as_string()); }

std::string frozen_over_api(const SampleWorld& world) {
  const json::object made = done(world.send(
      "auditor", "populations",
      {{"scope", json::object{{"from", "2025-01-01"}, {"origins", json::array{"CN", "VN"}}, {"risk_areas", json::array{"classification"}}}},
       {"strata", "country_of_origin"}}));
  std::string population = "populations/" + id_of(made, "population");
  CHECK(made.at("frozen") == false);
  CHECK(done(world.send("auditor", population + "/preview", {})).at("preview").at("lines") == 50);
  const json::object tied =
      done(world.send("auditor", population + "/tie-out", {{"value_cents", 1}, {"lines", 50}, {"source", "ES-001 of 2026-01-12"}}));
  CHECK(tied.at("control").at("agrees") == false);
  CHECK(world.send("auditor", population + "/freeze", json::object{}).status == 422);  // it does not agree, and nobody says why
  const json::object frozen = done(world.send("auditor", population + "/freeze", {{"reason", "The report counts otherwise."}}));
  CHECK(frozen.at("frozen") == true);
  CHECK(frozen.at("sha256").as_string().size() == 64);
  return population;
}

}  // namespace

TEST_CASE("from the scope to the projection over the API") {
  SampleWorld world(100);
  const std::string population = frozen_over_api(world);
  const json::object wanted{{"method", "stratified"}, {"n", 10}, {"seed", dice_seed}, {"how", "dice"}, {"allocation", "proportional"}};
  const PortalWorld::Headers key{{"Idempotency-Key", "draw-1"}};
  const std::string at = "/api/v1/cases/" + world.audit + "/";
  const auto first = world.api(world.who("auditor"), "POST", at + population + "/samples", json::serialize(wanted), key);
  const auto again = world.api(world.who("auditor"), "POST", at + population + "/samples", json::serialize(wanted), key);
  const json::object sample = done(first);
  CHECK(again.body == first.body);  // drawn once
  CHECK(sample.at("rows").as_array().size() == 10);
  CHECK(got(world, "samples").at("items").as_array().size() == 1);
  const std::string path = "samples/" + id_of(sample, "id");

  CHECK(done(world.send("auditor", path + "/draws", {{"n", 12}, {"reason", "more"}})).at("draws").as_array().size() == 2);
  const auto row = sample.at("rows").at(0).at("row").to_number<std::int64_t>();
  CHECK(done(world.send("auditor", path + "/changes", {{"action", "drop"}, {"row", row}, {"reason", "court"}}))
            .at("rows")
            .as_array()
            .size() == 11);
  CHECK(got(world, path + "/check").at("same") == true);
  const auto bundle = world.api(world.who("auditor"), "GET", at + path + "/bundle?draw=1");
  CHECK(bundle.type == "application/zip");
  CHECK(bundle.body.starts_with("PK"));

  CHECK(world.api(world.who("auditor"), "GET", at + path + "/projection").status == 422);  // nothing was looked at
  const auto other = sample.at("rows").at(1).at("row").to_number<std::int64_t>();
  const json::object error{{"cents", 500}, {"direction", "overstated"}, {"cause", "freight"}};
  const json::object found =
      done(world.send("auditor", path + "/findings/" + std::to_string(other), {{"version", 0}, {"errors", json::array{error}}}));
  CHECK(found.at("open") == 10);
  CHECK(done(world.send("auditor", path + "/findings", json::object{})).at("open") == 0);
  const json::object projection = got(world, path + "/projection?estimator=ratio&confidence=90%25");
  CHECK(projection.at("estimator") == "ratio");
  CHECK(projection.at("overstated").at("point_cents").to_number<double>() > 500);
  CHECK(projection.at("understated").at("point_cents").to_number<double>() == 0);
}

TEST_CASE("bodies of samples and populations are read strictly, and who may not act is told so") {
  SampleWorld world(8);
  const auto pointer = [&](const http::Response& answer) {
    INFO(answer.body);
    REQUIRE(answer.status == 400);
    return std::string(json::parse(answer.body).at("errors").at(0).at("pointer").as_string());
  };
  const auto made = [&](json::object scope) { return world.send("auditor", "populations", {{"scope", std::move(scope)}}); };
  CHECK(pointer(world.send("auditor", "populations", {{"strata", 1}, {"scope", json::object{}}})) == "/strata");
  CHECK(pointer(made({{"from", "12/22/2025"}})) == "/scope/from");
  CHECK(pointer(made({{"chapters", "61"}})) == "/scope/chapters");
  CHECK(pointer(made({{"min_value_cents", -1}})) == "/scope/min_value_cents");
  CHECK(pointer(made({{"importers", json::array{"99-9999999AA"}}})) == "/scope/importers");
  CHECK(pointer(made({{"more", 1}})) == "/scope/more");
  CHECK(made({{"from", "2026-01-01"}, {"to", "2025-01-01"}}).status == 422);
  const std::string population = "populations/" + world.population(), samples = population + "/samples";
  CHECK(pointer(world.send("auditor", samples, {{"method", "simple"}, {"seed", 7}, {"how", "dice"}})) == "/seed");
  CHECK(world.send("auditor", samples, {{"method", "simple"}, {"n", 4}, {"seed", "7"}, {"how", "dice"}}).status == 422);
  CHECK(world.send("nam", samples, {{"method", "simple"}, {"n", 4}, {"seed", dice_seed}, {"how", "dice"}}).status == 403);
  CHECK(world.send("officer", samples, {{"method", "simple"}}).status == 403);
  const std::string sample =
      "samples/" +
      id_of(done(world.send("auditor", samples, {{"method", "simple"}, {"n", 4}, {"seed", dice_seed}, {"how", "dice"}})), "id");
  const json::object wrong{{"cents", -5}, {"direction", "sideways"}, {"cause", "x"}};
  CHECK(pointer(world.send("auditor", sample + "/findings/1", {{"errors", json::array{wrong}}})) == "/errors/0/cents");
  CHECK(pointer(world.send("auditor", sample + "/changes", {{"action", "turn"}, {"row", 1}, {"reason", "x"}})) == "/action");
  CHECK(world.api(world.who("nam"), "GET", "/api/v1/sample-sizes/attribute?tolerable=5%25&expected=1%25&risk=5%25").body.find("\"n\":93") !=
        std::string::npos);
  CHECK(world.api(world.who("nam"), "GET", "/api/v1/sample-sizes/attribute?tolerable=much").status == 422);
  CHECK(world.api(world.who("nam"), "GET", "/api/v1/sample-sizes/other").status == 404);
}
