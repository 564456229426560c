// Scope, strata and folding by table; the whole way from entry lines to a frozen population, and one changed byte.
#include "workflows/sampling/population.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "tests/workflows/sampling/population_world.hpp"

namespace tradecase {
namespace {

using testing::ordinal;
using testing::PopulationWorld;

std::vector<PopulationLine> folded(std::vector<EntryLine> rows) {
  std::vector<PopulationLine> lines;
  Folding folding([&](PopulationLine& line) { lines.push_back(std::move(line)); });
  for (EntryLine& row : rows) folding.add(std::move(row));
  folding.finish();
  return lines;
}

PopulationLine line_of(EntryLine row) { return folded({std::move(row)}).front(); }

TEST_CASE("a line's value is that of its ordinals outside chapter 99, or the largest where all are in it") {
  EntryLine companion = ordinal("AAA00000018", 1, "99038803", 5000), goods = ordinal("AAA00000018", 1, "8471300100", 5000);
  companion.duty_cents = 1250;
  goods.ordinal = 2;
  goods.duty_cents = 30;
  goods.spi = "S";
  EntryLine more = ordinal("AAA00000018", 1, "8473301180", 700);
  more.ordinal = 3;
  const auto lines = folded({companion, goods, more, ordinal("AAA00000018", 2, "98020080", 40)});
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].row.value_cents == 5700);
  CHECK(lines[0].row.hts == "8471300100");
  CHECK(lines[0].row.other_hts == "99038803 8473301180");
  CHECK(lines[0].row.duty_cents == 1280);
  CHECK(lines[0].row.spi == "S");
  CHECK(lines[0].companions == std::vector<std::string>{"99038803"});
  CHECK(lines[0].ordinals == 3);
  CHECK(lines[1].row.line == 2);
  EntryLine second = ordinal("AAA00000018", 3, "99038815", 9000);
  second.ordinal = 2;
  const auto only = folded({ordinal("AAA00000018", 3, "99038803", 9000), second});
  CHECK(only.front().row.value_cents == 9000);
  CHECK(only.front().row.hts == "99038803");
}

TEST_CASE("a scope takes the lines that its words say") {
  EntryLine row = ordinal("AAA00000018", 1, "6109100012", 250000);
  row.country_of_origin = "HN";
  row.spi = "P+";
  const PopulationLine line = line_of(row);
  Scope none;
  struct Example {
    const char* what;
    std::function<void(Scope&)> asks;
    bool in;
  };
  const std::vector<Example> examples{
      {"nothing asked", [](Scope&) {}, true},
      {"first day", [](Scope& s) { s.from = parse_date("2025-03-10"); }, true},
      {"after it", [](Scope& s) { s.from = parse_date("2025-03-11"); }, false},
      {"last day", [](Scope& s) { s.to = parse_date("2025-03-10"); }, true},
      {"before it", [](Scope& s) { s.to = parse_date("2025-03-09"); }, false},
      {"importer",
       [](Scope& s) {
         s.importers = {"12-345678900", "98-765432100"};
       },
       true},
      {"other importer", [](Scope& s) { s.importers = {"98-765432100"}; }, false},
      {"chapter", [](Scope& s) { s.chapters = {"61"}; }, true},
      {"other chapter",
       [](Scope& s) {
         s.chapters = {"10", "09"};
       },
       false},
      {"origin",
       [](Scope& s) {
         s.origins = {"VN", "HN"};
       },
       true},
      {"other origin", [](Scope& s) { s.origins = {"VN"}; }, false},
      {"programme", [](Scope& s) { s.spi = {"P+"}; }, true},
      {"no programme", [](Scope& s) { s.spi = {"none"}; }, false},
      {"least", [](Scope& s) { s.min_value_cents = 250000; }, true},
      {"above least", [](Scope& s) { s.min_value_cents = 250001; }, false},
      {"most", [](Scope& s) { s.max_value_cents = 250000; }, true},
      {"below most", [](Scope& s) { s.max_value_cents = 249999; }, false},
      {"risk areas choose no line", [](Scope& s) { s.risk_areas = {"classification"}; }, true},
  };
  for (const Example& example : examples) {
    INFO(example.what);
    Scope scope;
    example.asks(scope);
    CHECK(in_scope(scope, line) == example.in);
    CHECK(scope_from(to_json(scope)) == scope);
    CHECK_FALSE(scope_problem(scope));
  }
  row.entry_date.reset();
  row.summary_date = parse_date("2025-03-20");
  Scope by_summary;
  by_summary.from = parse_date("2025-03-20");
  CHECK(in_scope(by_summary, line_of(row)));
}

TEST_CASE("an impossible scope is told in words") {
  const auto problem = [](const std::function<void(Scope&)>& asks) {
    Scope scope;
    asks(scope);
    return scope_problem(scope).value_or("");
  };
  CHECK(problem([](Scope& s) {
          s.from = parse_date("2025-02-01");
          s.to = parse_date("2025-01-31");
        }) == "The period ends before it begins.");
  CHECK_FALSE(problem([](Scope& s) { s.chapters = {"6"}; }).empty());
  CHECK_FALSE(problem([](Scope& s) { s.origins = {"cn"}; }).empty());
  CHECK_FALSE(problem([](Scope& s) {
                s.min_value_cents = 200;
                s.max_value_cents = 100;
              }).empty());
}

TEST_CASE("strata go by any column, by what stands in it, and by bands of value") {
  EntryLine row = ordinal("AAA00000018", 1, "6109100012", 2500000);
  row.manufacturer_id = "HNMAKER";
  const PopulationLine line = line_of(row);
  const std::map<std::string, std::string> expected{{"", "all"},
                                                    {"chapter", "61"},
                                                    {"heading", "6109"},
                                                    {"hts", "6109100012"},
                                                    {"month", "2025-03"},
                                                    {"spi", "none"},
                                                    {"manufacturer_id", "HNMAKER"},
                                                    {"importer_number", "12-345678900"},
                                                    {"value:1000,25000", "3: $25000 and more"},
                                                    {"value:25001", "1: below $25001"},
                                                    {"value:1000,25000,30000", "3: $25000 to below $30000"}};
  for (const auto& [strata, label] : expected) {
    INFO(strata);
    CHECK_FALSE(strata_problem(strata));
    CHECK(stratum_of(strata, line) == label);
  }
  for (const char* wrong : {"colour", "value:", "value:10,5", "value:0", "value:1,x", "value"}) {
    INFO(wrong);
    CHECK(strata_problem(wrong));
  }
}

TEST_CASE("a population is previewed, tied out, frozen, and then never changes") {
  PopulationWorld world;
  world.bring(world.mixed(40));
  const Population made = world.made("country_of_origin");
  CHECK(made.id == "POP-000001");
  const auto total = made.preview.at("value_cents").to_number<std::int64_t>();
  CHECK(made.preview.at("lines").to_number<std::int64_t>() == 40);
  std::int64_t in_strata = 0;
  for (const json::value& one : made.preview.at("strata").as_array()) in_strata += one.at("value_cents").to_number<std::int64_t>();
  CHECK(in_strata == total);

  CHECK(world.freeze_refused(made.id) ==
        "The population is not tied out to a control total. Tie it out, or say why it is frozen without one.");
  const Population off = world.tied(made.id, total - 100, 40);
  CHECK(difference_of(off)->value_cents == 100);
  CHECK(difference_of(off)->lines == 0);
  CHECK_FALSE(difference_of(off)->agrees());
  CHECK_FALSE(world.freeze_refused(made.id).empty());
  CHECK(difference_of(world.tied(made.id, total, 40))->agrees());

  const Population frozen = world.frozen(made.id);
  REQUIRE(frozen.frozen);
  CHECK(frozen.frozen->totals.rows == 40);
  CHECK(frozen.frozen->totals.value_cents == total);
  CHECK(frozen.frozen->by == "auditor");
  CHECK(world.problem(frozen.id).empty());
  FrameWriter again;
  world.database.read([&](Session& session) { each_frame_row(session, frozen.id, [&](const FrameRow& row) { again.add(row); }); });
  CHECK(again.finish() == frozen.frozen->totals);

  CHECK(world.freeze_refused(made.id) == "The population is frozen and never changes. A new one may be made beside it.");
  CHECK(std::holds_alternative<std::string>(tie_out(world.database, made.id, {1, {}, "elsewhere", "auditor", world.now})));
  constexpr char another_row[] =
      "insert into population_rows select population, 99, entry_number, line, importer_number, entry_date, summary_date, entry_type, "
      "port_of_entry, hts, other_hts, country_of_origin, country_of_export, manufacturer_id, spi, duty_cents, stratum, value_cents from "
      "population_rows where row = 1";
  for (const char* statement :
       {"update population_rows set value_cents = value_cents + 1 where row = 3", "delete from population_rows where row = 3", another_row,
        "update populations set sha256 = 'x'", "delete from populations"}) {
    INFO(statement);
    CHECK_THROWS_AS(world.database.write([&](Transaction& tx) { tx.session().run(statement); }), StoreFailure);
  }
  CHECK(world.problem(frozen.id).empty());
}

TEST_CASE("one changed byte of a frozen population is found, wherever it is") {
  PopulationWorld world;
  world.bring(world.mixed(25));
  const Population made = world.made("");
  const Population frozen = world.frozen(made.id, "the control total comes later");
  CHECK(frozen.frozen->reason == "the control total comes later");
  world.database.write([](Transaction& tx) {  // somebody with the file in hand
    tx.session().script(
        "drop trigger population_rows_frozen_update; drop trigger population_frozen_update; drop trigger "
        "population_rows_frozen_delete; drop trigger population_rows_frozen_insert");
  });
  const auto run = [&](const std::string& statement) { world.database.write([&](Transaction& tx) { tx.session().run(statement); }); };
  for (const char* column : {"entry_number", "importer_number", "entry_date", "summary_date", "entry_type", "port_of_entry", "hts",
                             "other_hts", "country_of_origin", "country_of_export", "manufacturer_id", "spi", "stratum"})
    for (const int row : {1, 13, 25}) {
      INFO(column << " of row " << row);
      const std::string where = " where row = " + std::to_string(row);
      const std::string before = world.database
                                     .read([&](Session& session) {
                                       return session.value<std::string>("select " + std::string(column) + " from population_rows" + where);
                                     })
                                     .value();
      run("update population_rows set " + std::string(column) + " = " + column + " || 'x'" + where);
      CHECK_FALSE(world.problem(frozen.id).empty());
      run("update population_rows set " + std::string(column) + " = '" + before + "'" + where);
      CHECK(world.problem(frozen.id).empty());
    }
  for (const char* change : {"value_cents = value_cents + 1", "line = line + 1", "duty_cents = coalesce(duty_cents, 0) + 1"}) {
    INFO(change);
    run("update population_rows set " + std::string(change) + " where row = 7");
    CHECK_FALSE(world.problem(frozen.id).empty());
    world.put_back(7);
  }
  run("delete from population_rows where row = 25");
  CHECK(world.problem(frozen.id) == "25 rows were frozen, 24 are there");

  PopulationWorld other;  // rows and hash changed together: the record says otherwise
  other.bring(other.mixed(3));
  const Population small = other.frozen(other.made("").id, "no total");
  other.database.write([](Transaction& tx) {
    tx.session().script("drop trigger population_rows_frozen_update; drop trigger population_frozen_update");
    tx.session().run("update population_rows set value_cents = value_cents + 1 where row = 1");
  });
  FrameWriter forged;
  other.database.read([&](Session& session) { each_frame_row(session, small.id, [&](const FrameRow& row) { forged.add(row); }); });
  const FrameTotals totals = forged.finish();
  other.database.write([&](Transaction& tx) {
    tx.session().run("update populations set sha256 = :hash, value_cents = :value", {totals.sha256, totals.value_cents});
  });
  CHECK(other.problem(small.id) == "the record says it was frozen with another hash");
}

TEST_CASE("a freeze that was broken off leaves nothing, and the next one begins anew") {
  PopulationWorld world;
  world.bring(world.mixed(9000));
  const Population made = world.made("");
  struct Stopped {};
  CHECK_THROWS_AS(freeze_population(world.database, made.id, "auditor", "no total", world.now,
                                    [](std::int64_t rows) {
                                      if (rows > 4096) throw Stopped();
                                    }),
                  Stopped);
  CHECK(world.rows_on_file() > 0);  // batches that count for nothing
  CHECK_FALSE(world.found(made.id).frozen);
  world.database.read(
      [&](Session& session) { each_frame_row(session, made.id, [](const FrameRow&) { FAIL("an unfrozen population has no rows"); }); });
  const Population frozen = world.frozen(made.id, "no total");
  CHECK(frozen.frozen->totals.rows == 9000);
  CHECK(world.rows_on_file() == 9000);
  CHECK(world.problem(frozen.id).empty());
}

TEST_CASE("lines that came in after the preview stop the freeze until it is looked at again") {
  PopulationWorld world;
  world.bring(world.mixed(5));
  const Population made = world.made("");
  world.bring({ordinal("ZZZ00000017", 1, "8471300100", 100)});
  CHECK(world.freeze_refused(made.id, "no total") ==
        "The entry lines have changed since the preview. Look at the preview again before freezing.");
  CHECK(world.rows_on_file() == 0);
  const auto anew = preview_population(world.database, world.rules, made.id, world.now);
  CHECK(std::get<Population>(anew).preview.at("lines").to_number<std::int64_t>() == 6);
  CHECK(world.frozen(made.id, "no total").frozen->totals.rows == 6);
}

TEST_CASE("a population is refused in words") {
  PopulationWorld world;
  const auto refused = [&](const PopulationAsked& asked) {
    return std::get<std::string>(create_population(world.database, world.rules, asked, world.now));
  };
  CHECK(refused({"TC-2025-000009", {}, "", "auditor"}) == "There is no case TC-2025-000009.");
  CHECK(refused({"TC-2025-000002", {}, "", "auditor"}) == "A population belongs to an audit or a risk survey; this is neither.");
  CHECK(refused({"TC-2025-000001", {}, "", "auditor"}) == "None of the 0 entry lines on file for ACME is in this scope.");
  CHECK(refused({"TC-2025-000001", {}, "colour", "auditor"}).starts_with("There are no strata \"colour\"."));
}

}  // namespace
}  // namespace tradecase
