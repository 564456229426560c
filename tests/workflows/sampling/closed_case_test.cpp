// A case that is closed: its populations, samples and findings stay as they are, whoever asks.
#include <catch2/catch.hpp>

#include "tests/workflows/sampling/population_world.hpp"
#include "workflows/sampling/finding_store.hpp"

namespace tradecase {
namespace {

using testing::PopulationWorld;

constexpr char dice[] = "83017 44126 95500 31742";

// Every row that stands in the tables of sampling, and of the record.
std::int64_t rows_on_record(PopulationWorld& world) {
  std::int64_t all = 0;
  for (const char* table : {"populations", "population_rows", "samples", "draws", "drawn_rows", "sample_changes", "findings", "history"})
    all += world.database.read(
        [&](Session& session) { return session.value<std::int64_t>("select count(*) from " + std::string(table)).value_or(0); });
  return all;
}

template <class Answer>
std::string sentence_of(const Answer& answer) {
  const auto* refused = std::get_if<1>(&answer);
  REQUIRE(refused != nullptr);
  if constexpr (std::is_same_v<std::decay_t<decltype(*refused)>, Problem>)
    return refused->sentence;
  else
    return *refused;
}

TEST_CASE("a closed case takes no population, draw, freeze or finding, and says why") {
  PopulationWorld world;
  world.bring(world.mixed(60));
  const Population frozen = world.frozen(world.made("country_of_origin").id, "No control total was to be had."), open = world.made("");
  SampleAsked asked{frozen.id, {}, dice, "ten-sided dice", "", "P-000007"};
  asked.parameters.n = 6;
  const Sample sample = std::get<Sample>(draw_from(world.database, asked, world.now));
  const auto list = world.database.read([&](Session& session) { return sample_record(session, sample, 1).list; });
  asked.reason = "another";
  world.database.write([](Transaction& tx) { tx.session().run("update cases set closed_at = 1 where id = 'TC-2025-000001'"); });

  const auto before = rows_on_record(world);
  Database& database = world.database;
  const std::vector<std::string> answers{
      sentence_of(create_population(database, world.rules, {"TC-2025-000001", {}, "", "auditor"}, world.now)),
      sentence_of(preview_population(database, world.rules, open.id, world.now)),
      sentence_of(tie_out(database, open.id, {1, {}, "ACE report ES-001", "auditor", world.now})),
      sentence_of(freeze_population(database, open.id, "auditor", "why not", world.now)),
      sentence_of(draw_from(database, asked, world.now)),
      sentence_of(draw_more(database, sample.id, 12, "more errors", "P-000007", world.now)),
      sentence_of(change_by_hand(database, sample.id, {list.front(), false, "before a court", "P-000007", {}}, world.now)),
      sentence_of(record_finding(database, {sample.id, list.front(), 0, {}, "", "P-000007"}, world.now)),
      sentence_of(record_rest_without_error(database, sample.id, "P-000007", world.now))};
  for (const std::string& answer : answers)
    CHECK(answer == "TC-2025-000001 is closed: its populations, samples and findings stay as they are.");
  CHECK(rows_on_record(world) == before);
}

}  // namespace
}  // namespace tradecase
