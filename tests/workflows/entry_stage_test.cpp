// A file of entry lines comes in whole or not at all; twice changes nothing; what changed is told.
#include <catch2/catch.hpp>

#include "tests/workflows/sampling/population_world.hpp"

namespace tradecase {
namespace {

using testing::ordinal;
using testing::PopulationWorld;

std::int64_t on_file(PopulationWorld& world) {
  return world.database.read([](Session& session) { return count_entry_rows(session, "ACME"); });
}

TEST_CASE("the same rows twice change nothing, and a changed row tells what changed") {
  PopulationWorld world;
  auto rows = world.mixed(30);
  const EntryDifference first = world.bring(rows);
  CHECK(first.imported == 30);
  CHECK(on_file(world) == 30);
  const EntryDifference second = world.bring(rows);
  CHECK((second.imported == 0 && second.changed == 0 && second.unchanged == 30));
  rows[4].value_cents += 100;
  rows[4].spi = "S";
  rows[8].manufacturer_id = "";
  rows[8].source_line = 10;
  rows.push_back(ordinal("ZZZ00000017", 1, "8471300100", 5));
  const EntryDifference third = world.bring(rows);
  CHECK((third.imported == 1 && third.changed == 2 && third.unchanged == 28));
  REQUIRE(third.changes.size() == 2);
  CHECK(third.changes[0].what == std::vector<std::string>{"value_cents: 10531 is now 10631", "spi: nothing is now S"});
  CHECK(third.changes[1].what == std::vector<std::string>{"manufacturer_id: MAKER, 2 is now nothing"});
  CHECK(third.changes[1].source_line == 10);
  CHECK(world.bring(rows).unchanged == 31);
}

TEST_CASE("rows staged and not kept leave nothing, and others write meanwhile") {
  PopulationWorld world;
  const auto rows = world.mixed(500);
  {
    EntryStage stage(world.database.file());
    for (const EntryLine& row : rows) stage.add("ACME", row);
    CHECK(stage.compare().imported == 500);
    world.database.write([](Transaction& tx) { put_meta(tx, "meanwhile", "1"); });  // nobody waits for what is only staged
  }
  CHECK(on_file(world) == 0);
  {
    EntryStage stage(world.database.file());
    for (const EntryLine& row : rows) stage.add("ACME", row);
    struct Broken {};
    CHECK_THROWS_AS(stage.keep([](Transaction&, const EntryDifference&) { throw Broken(); }), Broken);
  }
  CHECK(on_file(world) == 0);
  CHECK(world.bring(rows).imported == 500);
  CHECK(on_file(world) == 500);
}

}  // namespace
}  // namespace tradecase
