#include "tools/simulation/bench.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "tools/cli/site.hpp"
#include "tools/simulation/bench_store.hpp"
#include "workflows/roster/roster.hpp"
#include "workflows/workflows.hpp"

namespace tradecase::simulation {
namespace {

namespace fs = std::filesystem;
using Clocking = std::chrono::steady_clock;

constexpr int callers_counted[] = {1, 8, 64, 256};
constexpr int callers_max = 256;
const Date bench_day = std::chrono::local_days{std::chrono::year{2026} / std::chrono::March / 2};

double ms_since(Clocking::time_point begin) { return std::chrono::duration<double, std::milli>(Clocking::now() - begin).count(); }

void remove_database(const fs::path& file) {
  for (const char* tail : {"", "-wal", "-shm", "-work"}) fs::remove(fs::path(file.string() + tail));
}

struct Member {  // one caller's own: their officer, and the letter of the year, whose window is open
  std::string officer, letter;
};

std::vector<Member> make_members(Site& site) {
  std::vector<RosterRow> rows;
  for (int i = 1; i <= callers_max; ++i) {
    RosterRow row;
    row.company_id = fmt::format("M{:03}", i);
    row.legal_name = "Company " + row.company_id;
    row.program = "CTPAT-TC";
    row.acceptance_date = add_months(bench_day, -12);
    row.security_tier = "III";
    row.security_status = "good_standing";
    row.officer_name = "Officer " + row.company_id;
    row.officer_email = "officer@" + row.company_id + ".example.com";
    rows.push_back(std::move(row));
  }
  import_roster(site.engine(), rows, RosterMode::all_or_nothing, false);
  return site.database().read([&](Session& session) {
    std::vector<Member> all;
    for (const RosterRow& row : rows)
      for (const CaseSummary& one : open_cases_of(session, row.company_id, ""))
        if (one.workflow == "annual_notification") all.push_back({people_with(session, "officer", row.company_id).front().id, one.id});
    return all;
  });
}

Command save(const Member& member, const Form& form, std::int64_t number) {
  Command command;
  command.case_id = member.letter;
  command.name = "save";
  command.body = {{"section", form.sections[static_cast<std::size_t>(number) % form.sections.size()].id},
                  {"change", "changed"},
                  {"form_version", form.version}};
  command.actor = member.officer;
  command.key = "bench:" + member.letter + ":" + std::to_string(number);
  return command;
}

std::vector<double> call_for(Site& site, const Member& member, double seconds, std::atomic<std::int64_t>& number) {
  const Form& form = site.programme().forms.latest("anl", bench_day);
  std::vector<double> took;
  for (const auto begin = Clocking::now(); ms_since(begin) < seconds * 1000;) {
    const Command command = save(member, form, ++number);
    const auto called = Clocking::now();
    if (std::holds_alternative<Refusal>(site.engine().execute(command))) throw std::logic_error("a command of the bench was refused");
    took.push_back(ms_since(called));
  }
  return took;
}

double at_percent(const std::vector<double>& sorted, double percent) {
  if (sorted.empty()) return 0;
  return sorted[std::min(sorted.size() - 1, static_cast<std::size_t>(static_cast<double>(sorted.size()) * percent / 100))];
}

Measured measure(Site& site, const std::vector<Member>& members, int callers, double seconds, std::atomic<std::int64_t>& number) {
  std::vector<std::vector<double>> took(static_cast<std::size_t>(callers));
  std::vector<std::thread> threads;
  const std::uint64_t commits_before = site.database().commits();
  const auto begin = Clocking::now();
  for (std::size_t i = 0; i < took.size(); ++i) threads.emplace_back([&, i] { took[i] = call_for(site, members[i], seconds, number); });
  for (std::thread& thread : threads) thread.join();
  const double passed = ms_since(begin) / 1000;

  std::vector<double> all;
  for (const auto& one : took) all.insert(all.end(), one.begin(), one.end());
  std::ranges::sort(all);
  const auto commands = static_cast<double>(all.size());
  const auto commits = static_cast<double>(site.database().commits() - commits_before);
  return {callers, commands / passed, commits > 0 ? commands / commits : 0, at_percent(all, 50), at_percent(all, 99), 0};
}

double plain(const fs::path& folder, double seconds) {
  const fs::path file = folder / "plain.db";
  remove_database(file);
  const double rows = plain_rows_per_second(file, seconds);
  remove_database(file);
  return rows;
}

// A database with many open cases, filled past the engine: only its opening is measured.
void fill(const fs::path& file, std::int64_t cases) {
  Database::create(file, all_migrations());
  Database database(file, all_migrations(), false);
  database.write([&](Transaction& tx) {
    Company company;
    company.id = "M001";
    company.legal_name = "Company";
    put_company(tx, company);
    const json::object data{
        {"cycle", 1}, {"due_on", "2026-04-02"}, {"sections", json::object{{"A", json::object{{"status", "unanswered"}}}}}};
    for (std::int64_t i = 1; i <= cases; ++i)
      insert_case(
          tx, {fmt::format("TC-2026-{:06}", i), "annual_notification", "M001", 1, "open", 1, data, Instant{}, std::string(64, '0'), true});
  });
}

double opening_ms(const fs::path& file) {
  const auto begin = Clocking::now();
  Database database(file, all_migrations());
  database.read([](Session& session) { return find_case(session, "TC-2026-000001"); });
  return ms_since(begin);
}

}  // namespace

BenchReport bench(const Config& config, const BenchOptions& options) {
  BenchReport report;
  const fs::path file = options.folder / "bench.db";
  const fs::path large = options.folder / "large.db";
  remove_database(file);
  remove_database(large);
  Site::create(config, file, bench_day);
  int done = 0;
  const auto step = [&] {
    if (options.progress) options.progress(++done, static_cast<int>(std::size(callers_counted)) + 1);
  };
  {
    Site site(config, file);
    const std::vector<Member> members = make_members(site);
    std::atomic<std::int64_t> number = 0;
    for (const int callers : callers_counted) {
      const double rows = plain(options.folder, options.seconds);
      Measured one = measure(site, members, callers, options.seconds, number);
      one.ratio = one.commands_per_second / rows;
      report.plain_rows_per_second += rows / static_cast<double>(std::size(callers_counted));
      report.measured.push_back(one);
      step();
    }
  }
  remove_database(file);
  fill(large, options.cases);
  report.cases = options.cases;
  report.open_ms = opening_ms(large);
  remove_database(large);
  step();
  return report;
}

}  // namespace tradecase::simulation
