// Findings on record: every version stays, the last counts, and what enters a projection.
#include "workflows/sampling/finding_store.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/workflows/sampling/population_world.hpp"
#include "workflows/sampling/sample_review.hpp"

namespace tradecase {
namespace {

using testing::PopulationWorld;

Sample drawn(PopulationWorld& world) {
  world.bring(world.mixed(60));
  const Population made = world.frozen(world.made("country_of_origin").id, "No control total was to be had.");
  SampleAsked asked;
  asked.population_id = made.id;
  asked.parameters.n = 6;
  asked.seed = "83017 44126 95500 31742";
  asked.seed_how = "ten-sided dice";
  asked.by = "P-000007";
  return std::get<Sample>(draw_from(world.database, asked, world.now));
}

std::vector<std::int64_t> list_of(PopulationWorld& world, const Sample& sample) {
  return world.database.read([&](Session& session) { return sample_record(session, sample, 1).list; });
}

FindingSaid said(const Sample& sample, std::int64_t row, std::int64_t seen, std::int64_t cents) {
  return {sample.id, row, seen, {{cents, ErrorDirection::understated, "freight"}}, "read", "P-000007"};
}

Problem refused(const std::variant<Finding, Problem>& answer) {
  REQUIRE(std::holds_alternative<Problem>(answer));
  return std::get<Problem>(answer);
}

TEST_CASE("a finding has versions, and who has not read the last one does not replace it") {
  PopulationWorld world;
  const Sample sample = drawn(world);
  const std::int64_t row = list_of(world, sample).front();
  CHECK(std::get<Finding>(record_finding(world.database, said(sample, row, 0, 500), world.now)).version == 1);
  CHECK(std::get<Finding>(record_finding(world.database, said(sample, row, 0, 500), world.now)).version == 1);  // said again
  CHECK(refused(record_finding(world.database, said(sample, row, 0, 600), world.now)).sentence.find("meanwhile") != std::string::npos);
  CHECK(std::get<Finding>(record_finding(world.database, said(sample, row, 1, 600), world.now)).version == 2);
  world.database.read([&](Session& session) {
    CHECK(finding_versions(session, sample, row).size() == 2);
    REQUIRE(findings_of(session, sample).size() == 1);
    CHECK(findings_of(session, sample).front().errors.front().cents == 600);
  });
  CHECK_THROWS(world.database.write([](Transaction& tx) { tx.session().run("update findings set note = ''"); }));
  CHECK_THROWS(world.database.write([](Transaction& tx) { tx.session().run("delete from findings"); }));
}

TEST_CASE("a finding of a row that is not on the list, without amount or without cause is refused") {
  PopulationWorld world;
  const Sample sample = drawn(world);
  const auto list = list_of(world, sample);
  std::int64_t other = 1;
  while (std::ranges::binary_search(list, other)) ++other;
  CHECK(refused(record_finding(world.database, said(sample, other, 0, 5), world.now)).sentence.find("is not in the sample") !=
        std::string::npos);
  CHECK(refused(record_finding(world.database, said(sample, list[0], 0, 0), world.now)).field == "errors.0.amount");
  FindingSaid blank = said(sample, list[0], 0, 5);
  blank.errors.push_back({5, ErrorDirection::overstated, " "});
  CHECK(refused(record_finding(world.database, blank, world.now)).field == "errors.1.cause");
  CHECK(std::holds_alternative<Problem>(record_finding(world.database, {"SMP-000009", 1, 0, {}, "", "x"}, world.now)));
}

TEST_CASE("the rest is recorded without error once, and what was dropped by hand enters no projection") {
  PopulationWorld world;
  const Sample sample = drawn(world);
  const auto list = list_of(world, sample);
  record_finding(world.database, said(sample, list[0], 0, 500), world.now);
  CHECK(std::get<std::int64_t>(record_rest_without_error(world.database, sample.id, "P-000007", world.now)) == 5);
  CHECK(std::get<std::int64_t>(record_rest_without_error(world.database, sample.id, "P-000007", world.now)) == 0);
  const RowErrors errors{{list[0], {{500, ErrorDirection::understated, "freight"}}}};
  world.database.read([&](Session& session) {
    const auto record = sample_record(session, sample, 1);
    const auto items = std::get<0>(reviewed_items(session, sample, record, errors));
    CHECK(items.size() == 6);
    const auto sides = std::get<0>(project_sample(session, sample, record, items, Estimator::difference, Rate{950'000}));
    REQUIRE(sides.size() == 3);
    CHECK(sides[1].figures.point_cents == Approx(5000));  // 60 rows times 500 / 6
    CHECK(sides[2].figures.point_cents == Approx(-5000));
  });
  const auto dropped = change_by_hand(world.database, sample.id, {list[0], false, "before a court", "P-000007", {}}, world.now);
  const Sample changed = std::get<Sample>(dropped);
  world.database.read([&](Session& session) {
    const auto record = sample_record(session, changed, 1);
    CHECK(std::get<0>(reviewed_items(session, changed, record, {})).size() == 5);
    CHECK(std::holds_alternative<SamplingFault>(reviewed_items(session, changed, record, errors)));
  });
}

}  // namespace
}  // namespace tradecase
