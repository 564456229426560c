#include "tests/workflows/sampling/population_world.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "workflows/workflows.hpp"

namespace tradecase::testing {
namespace {

namespace fs = std::filesystem;

std::vector<Migration> migrations() {
  auto all = all_migrations();
  for (Migration& one : later_migrations(static_cast<int>(all.size()) + 1)) all.push_back(std::move(one));
  for (Migration& one : finding_migrations(static_cast<int>(all.size()) + 1)) all.push_back(std::move(one));
  return all;
}

fs::path made_folder() {
  std::string pattern = (fs::temp_directory_path() / "population-XXXXXX").string();
  REQUIRE(mkdtemp(pattern.data()) != nullptr);
  Database::create(fs::path(pattern) / "play.db", migrations());
  return pattern;
}

constexpr char people_and_cases[] = R"sql(
insert into companies (id, legal_name) values ('ACME', 'Acme Imports');
insert into iors (number, company) values ('12-345678900', 'ACME');
insert into cases (number, id, workflow, company, state, version, data, opened_at, leaf) values
  (1, 'TC-2025-000001', 'audit', 'ACME', 'fieldwork', 1, '{}', 0, ''), (2, 'TC-2025-000002', 'membership', 'ACME', 'active', 1, '{}', 0, '');
)sql";

}  // namespace

EntryLine ordinal(const std::string& entry, int line, const std::string& hts, std::int64_t cents) {
  EntryLine row;
  row.entry_number = entry;
  row.line = line;
  row.importer_number = "12-345678900";
  row.entry_date = parse_date("2025-03-10");
  row.hts = hts;
  row.country_of_origin = "CN";
  row.value_cents = cents;
  return row;
}

PopulationWorld::PopulationWorld()
    : folder_(made_folder()),
      rules(load_hint_rules(fs::path(TRADECASE_HOME) / "workflows/sampling/hints.toml")),
      database(folder_ / "play.db", migrations(), false) {
  database.write([](Transaction& tx) { tx.session().script(people_and_cases); });
}

PopulationWorld::~PopulationWorld() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

EntryDifference PopulationWorld::bring(const std::vector<EntryLine>& rows) {
  EntryStage stage(database.file());
  for (const EntryLine& row : rows) stage.add("ACME", row);
  return stage.keep([](Transaction&, const EntryDifference&) {});
}

std::vector<EntryLine> PopulationWorld::mixed(int lines) const {
  const std::vector<std::string> origins{"CN", "VN", "MX", "KR"}, codes{"8471300100", "6109100012", "7013372010"};
  std::vector<EntryLine> rows;
  for (int i = 0; i < lines; ++i) {
    const std::string entry = fmt::format("AAA{:08}", i / 7);
    const auto at = static_cast<std::size_t>(i);
    EntryLine row = ordinal(entry, i % 7 + 1, codes[at % codes.size()], 10007 + 131 * i);
    row.country_of_origin = origins[at % origins.size()];
    row.manufacturer_id = "MAKER, " + std::to_string(i % 3);
    rows.push_back(std::move(row));
  }
  return rows;
}

Population PopulationWorld::made(const std::string& strata) {
  auto answer = create_population(database, rules, {"TC-2025-000001", {}, strata, "auditor"}, now);
  INFO((std::holds_alternative<std::string>(answer) ? std::get<std::string>(answer) : ""));
  REQUIRE(std::holds_alternative<Population>(answer));
  return std::get<Population>(answer);
}

Population PopulationWorld::tied(const std::string& id, std::int64_t cents, std::int64_t lines) {
  return std::get<Population>(tie_out(database, id, {cents, lines, "ACE report ES-001", "auditor", now}));
}

Population PopulationWorld::frozen(const std::string& id, const std::string& reason) {
  auto answer = freeze_population(database, id, "auditor", reason, now);
  INFO((std::holds_alternative<std::string>(answer) ? std::get<std::string>(answer) : ""));
  REQUIRE(std::holds_alternative<Population>(answer));
  database.read([&](Session& session) { each_frame_row(session, id, [&](const FrameRow& row) { kept_.push_back(row); }); });
  return std::get<Population>(answer);
}

std::string PopulationWorld::freeze_refused(const std::string& id, const std::string& reason) {
  const auto answer = freeze_population(database, id, "auditor", reason, now);
  REQUIRE(std::holds_alternative<std::string>(answer));
  return std::get<std::string>(answer);
}

Population PopulationWorld::found(const std::string& id) {
  return database.read([&](Session& session) { return find_population(session, id).value(); });
}

std::string PopulationWorld::problem(const std::string& id) {
  return database.read([&](Session& session) { return population_problem(session, find_population(session, id).value()); });
}

std::int64_t PopulationWorld::rows_on_file() {
  return database.read([](Session& session) { return session.value<std::int64_t>("select count(*) from population_rows").value_or(0); });
}

void PopulationWorld::put_back(std::int64_t row) {
  const FrameRow& was = kept_.at(static_cast<std::size_t>(row - 1));
  database.write([&](Transaction& tx) {
    tx.session().run("update population_rows set value_cents = :value, line = :line, duty_cents = :duty where row = :row",
                     {was.value_cents, was.line, was.duty_cents, row});
  });
}

}  // namespace tradecase::testing
