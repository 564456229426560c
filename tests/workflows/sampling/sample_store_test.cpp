// Samples on record: the seed after the freeze, every draw for ever, changes by hand apart.
#include "workflows/sampling/sample_store.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/workflows/sampling/population_world.hpp"

namespace tradecase {
namespace {

using testing::PopulationWorld;

constexpr char dice[] = "83017 44126 95500 31742";

// Sixty lines in four strata by origin.
Population frozen_population(PopulationWorld& world) {
  world.bring(world.mixed(60));
  const Population made = world.made("country_of_origin");
  return world.frozen(made.id, "No control total was to be had.");
}

SampleAsked asked(const Population& population, SampleMethod method = SampleMethod::simple, std::int64_t n = 6) {
  SampleAsked all;
  all.population_id = population.id;
  all.parameters.method = method;
  all.parameters.n = n;
  all.seed = dice;
  all.seed_how = "ten-sided dice";
  all.by = "P-000007";
  return all;
}

Sample drawn(PopulationWorld& world, const SampleAsked& all) {
  auto answer = draw_from(world.database, all, world.now);
  INFO((std::holds_alternative<std::string>(answer) ? std::get<std::string>(answer) : ""));
  REQUIRE(std::holds_alternative<Sample>(answer));
  return std::get<Sample>(answer);
}

std::string refused(const std::variant<Sample, std::string>& answer) {
  REQUIRE(std::holds_alternative<std::string>(answer));
  return std::get<std::string>(answer);
}

SampleRecord record_of(PopulationWorld& world, const Sample& sample, std::int64_t draw = 1) {
  return world.database.read([&](Session& session) { return sample_record(session, sample, draw); });
}

bool begins(const std::vector<DrawnRow>& larger, const std::vector<DrawnRow>& smaller) {
  return larger.size() > smaller.size() && std::equal(smaller.begin(), smaller.end(), larger.begin());
}

TEST_CASE("a seed is refused before the freeze") {
  PopulationWorld world;
  world.bring(world.mixed(10));
  const Population made = world.made("");
  CHECK(refused(draw_from(world.database, asked(made), world.now)).find("is not frozen. Freeze it first") != std::string::npos);
  CHECK(world.database.read([](Session& session) { return find_samples(session, ""); }).empty());
}

TEST_CASE("a sample stands on record with its seed, its rows and the line in the record") {
  PopulationWorld world;
  const Population population = frozen_population(world);
  const Sample sample = drawn(world, asked(population));
  CHECK(sample.id == "SMP-000001");
  CHECK(sample.case_id == "TC-2025-000001");
  CHECK(sample.seed == dice);
  CHECK(sample.last_draw().rows == 6);
  const SampleRecord record = record_of(world, sample);
  const Frame frame = world.database.read([&](Session& session) { return population_frame(session, population.id); });
  CHECK(sample_differences(record, frame, population.frozen->totals).empty());
  CHECK(record.frozen_at == to_text(population.frozen->at));
  const auto lines = world.database.read([](Session& session) { return find_events(session, "where kind = 'sample'", {}); });
  REQUIRE(lines.size() == 1);
  CHECK(lines[0].data->find(dice) != std::string::npos);
  std::string written;
  const FrameTotals totals = world.database.read(
      [&](Session& session) { return write_population_rows(session, population.id, [&](std::string_view bytes) { written += bytes; }); });
  CHECK(totals == population.frozen->totals);
}

TEST_CASE("a second draw needs its reason, and the first stays") {
  PopulationWorld world;
  const Population population = frozen_population(world);
  drawn(world, asked(population));
  SampleAsked second = asked(population, SampleMethod::systematic);
  second.seed = "99999 88888 77777 66666";
  CHECK(refused(draw_from(world.database, second, world.now)) ==
        "SMP-000001 has been drawn from POP-000001, which stays on record. Say why there is another draw.");
  second.reason = "The plan was changed to a systematic sample.";
  CHECK(drawn(world, second).id == "SMP-000002");
  const auto all = world.database.read([&](Session& session) { return find_samples(session, population.id); });
  REQUIRE(all.size() == 2);
  CHECK(all[0].draws[0].rows == 6);
  for (const char* sql : {"delete from samples", "update samples set seed = 'x'", "delete from draws", "update draws set reason = 'x'",
                          "delete from drawn_rows", "update drawn_rows set row = 1"}) {
    INFO(sql);
    CHECK_THROWS_AS(world.database.write([&](Transaction& tx) { tx.session().run(sql); }), StoreFailure);
  }
}

TEST_CASE("a larger sample goes on where the first ended") {
  PopulationWorld world;
  const Population population = frozen_population(world);
  for (const auto method : {SampleMethod::simple, SampleMethod::stratified}) {
    SampleAsked first = asked(population, method, 12);
    first.reason = "Another method.";
    const Sample small = drawn(world, first);
    CHECK(refused(draw_more(world.database, small.id, 12, "more", "P-000007", world.now)).find("has 12 rows already") != std::string::npos);
    CHECK(refused(draw_more(world.database, small.id, 20, " ", "P-000007", world.now)) == "Say why the sample is drawn larger.");
    const auto answer = draw_more(world.database, small.id, 20, "More errors than planned.", "P-000007", world.now);
    const Sample large = std::get<Sample>(answer);
    REQUIRE(large.draws.size() == 2);
    const auto before = record_of(world, large, 1), after = record_of(world, large, 2);
    CHECK(before.drawn.size() == 12);
    CHECK(after.drawn.size() == 20);
    if (method == SampleMethod::simple) CHECK(begins(after.drawn, before.drawn));
    for (const std::int64_t row : before.list) CHECK(std::ranges::binary_search(after.list, row));
  }
  SampleAsked other = asked(population, SampleMethod::systematic);
  other.reason = "Another method.";
  CHECK(refused(draw_more(world.database, drawn(world, other).id, 20, "more", "P-000007", world.now)).find("Only a simple or stratified") ==
        0);
}

TEST_CASE("rows are added and dropped by hand with reason, person and time") {
  PopulationWorld world;
  const Population population = frozen_population(world);
  const Sample sample = drawn(world, asked(population));
  const SampleRecord record = record_of(world, sample);
  const std::int64_t in = record.list.front();
  std::int64_t out = 1;
  while (std::ranges::binary_search(record.list, out)) ++out;
  const auto change = [&](std::int64_t row, bool add, const std::string& reason) {
    return change_by_hand(world.database, sample.id, {row, add, reason, "P-000007", ""}, world.now);
  };
  CHECK(refused(change(in, true, "x")) == "Row " + std::to_string(in) + " is already in the sample.");
  CHECK(refused(change(out, false, "x")) == "Row " + std::to_string(out) + " is not in the sample.");
  CHECK(refused(change(61, true, "x")) == "There is no row 61: the population has 60.");
  CHECK(refused(change(out, true, "")) == "Say why the row is added or dropped by hand.");
  std::get<Sample>(change(out, true, "Named in the allegation."));
  const Sample after = std::get<Sample>(change(in, false, "Before a court."));
  REQUIRE(after.manual.size() == 2);
  CHECK(after.manual[0] == ManualChange{out, true, "Named in the allegation.", "P-000007", to_text(world.now)});
  const SampleRecord changed = record_of(world, after);
  CHECK(changed.drawn == record.drawn);
  CHECK(std::ranges::binary_search(changed.list, out));
  CHECK_FALSE(std::ranges::binary_search(changed.list, in));
}

TEST_CASE("a population that is not what was frozen is not drawn from") {
  PopulationWorld world;
  const Population population = frozen_population(world);
  world.database.write([](Transaction& tx) {
    tx.session().script(
        "drop trigger population_rows_frozen_update; update population_rows set value_cents = value_cents + 1 where row = 5");
  });
  CHECK(refused(draw_from(world.database, asked(population), world.now)).find("is not what was frozen") != std::string::npos);
}

TEST_CASE("a seed that is no random one, and one that nobody accounts for, are refused") {
  PopulationWorld world;
  const Population population = frozen_population(world);
  SampleAsked all = asked(population);
  all.seed = "1234";
  CHECK(refused(draw_from(world.database, all, world.now)).find("at least 20 random digits; this one has 4") != std::string::npos);
  all = asked(population);
  all.seed_how = "  ";
  CHECK(refused(draw_from(world.database, all, world.now)).find("Say how the seed came about") == 0);
  all = asked(population);
  all.parameters.n = 61;
  CHECK(refused(draw_from(world.database, all, world.now)) == "A sample of 61 cannot be drawn from 60 rows.");
  all = asked(population);
  all.population_id = "POP-000009";
  CHECK(refused(draw_from(world.database, all, world.now)) == "There is no population POP-000009.");
}

TEST_CASE("a sample hangs on its population, parameters and seed, and on nothing else") {
  const auto list_of = [](PopulationWorld& world, const SampleAsked& all) { return record_of(world, drawn(world, all)).drawn; };
  PopulationWorld world, other;
  const Population population = frozen_population(world);
  auto backwards = other.mixed(60);  // brought in the other way round, in two files, after another population was made and drawn from
  std::ranges::reverse(backwards);
  other.bring({backwards.begin(), backwards.begin() + 20});
  other.frozen(other.made("").id, "a trial");
  drawn(other, asked(other.found("POP-000001")));
  other.bring({backwards.begin() + 20, backwards.end()});
  other.now += std::chrono::hours(24 * 400);
  const Population same = other.frozen(other.made("country_of_origin").id, "No control total was to be had.");
  REQUIRE(same.frozen->totals == population.frozen->totals);
  for (const SampleMethod method :
       {SampleMethod::simple, SampleMethod::systematic, SampleMethod::stratified, SampleMethod::mus_interval, SampleMethod::mus_cell}) {
    INFO(name_of(method));
    SampleAsked here = asked(population, method), there = asked(same, method);
    for (SampleAsked* one : {&here, &there}) {
      if (by_money(method)) one->parameters.interval_cents = 200'000;
      one->parameters.n = 12;
      one->reason = "one method after the other";
    }
    there.by = "P-000099";
    there.seed_how = "drawn from a hat";
    const auto rows = list_of(world, here);
    CHECK(list_of(other, there) == rows);
    bool changes = false;  // a systematic sample has but five starts: two seeds may share one
    for (const char last : {'3', '4', '5', '6', '7', '8'}) {
      there.seed = here.seed;
      there.seed.back() = last;
      changes = changes || list_of(other, there) != rows;
    }
    CHECK(changes);
    there.seed = here.seed;
    if (by_money(method))
      there.parameters.interval_cents = 190'000;
    else
      there.parameters.n = 13;
    CHECK(list_of(other, there) != rows);
  }
}

TEST_CASE("the strata of a population add up, and rows that no unit can hit are listed") {
  PopulationWorld world;
  auto lines = world.mixed(20);
  lines[3].value_cents = 0;
  world.bring(lines);
  const Population population = world.frozen(world.made("country_of_origin").id, "No control total was to be had.");
  world.database.read([&](Session& session) {
    std::int64_t rows = 0, cents = 0;
    for (const StratumTotals& one : population_strata(session, population.id)) {
      rows += one.rows;
      cents += one.book_cents;
    }
    CHECK(rows == 20);
    CHECK(cents == population.frozen->totals.value_cents);
    REQUIRE(rows_outside(session, population.id).size() == 1);
    const FrameRow row = population_row(session, population.id, rows_outside(session, population.id).front());
    CHECK(row.value_cents == 0);
    CHECK(row.entry_number == lines[3].entry_number);
    return 0;
  });
}

}  // namespace
}  // namespace tradecase
