// simulate bench
#include <fmt/format.h>
#include <unistd.h>

#include <iostream>

#include "tools/cli/paper_bench.hpp"
#include "tools/cli/shell.hpp"
#include "tools/simulation/bench.hpp"
#include "tools/simulation/simulation.hpp"

namespace tradecase {
namespace {

namespace fs = std::filesystem;

// A place that goes with the program's end.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (fs::temp_directory_path() / "tradecase-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr)
      throw StoreFailure("No temporary folder can be made in " + fs::temp_directory_path().string() + ".");
    path_ = name;
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

json::array violations_json(const std::vector<Violation>& violations) {
  json::array all;
  for (const Violation& one : violations)
    all.push_back(json::object{{"invariant", one.invariant}, {"case", one.case_id}, {"detail", one.detail}});
  return all;
}

json::object answer_of(const simulation::Options& options, const simulation::Report& report) {
  const auto transitions = static_cast<double>(report.sums.transitions);
  return {{"members", options.members},
          {"years", options.years},
          {"seed", options.seed},
          {"cases", report.sums.cases},
          {"transitions", report.sums.transitions},
          {"refusals", report.sums.refusals},
          {"letters", report.sums.letters},
          {"mails", report.sums.mails},
          {"late_filings", report.sums.late_filings},
          {"violations", report.violations.size()},
          {"seconds", report.seconds},
          {"transitions_per_second", report.seconds > 0 ? transitions / report.seconds : 0},
          {"verify_seconds", report.verify_seconds},
          {"root", report.root},
          {"memory_kib", json::value_from(report.memory_kib)},
          {"violations_listed", violations_json(report.violations)}};
}

void print_report(const simulation::Options& options, const simulation::Report& report) {
  const auto& sums = report.sums;
  std::cout << fmt::format("{} members, {} years, seed {}: {} cases, {} transitions, {} refusals, {} letters, {} mails, {} late filings.\n",
                           options.members, options.years, options.seed, sums.cases, sums.transitions, sums.refusals, sums.letters,
                           sums.mails, sums.late_filings);
  std::cout << fmt::format("{:.1f} s, {:.0f} transitions/s; checked in {:.1f} s; memory", report.seconds,
                           static_cast<double>(sums.transitions) / std::max(report.seconds, 0.001), report.verify_seconds);
  for (const std::int64_t kib : report.memory_kib) std::cout << fmt::format(" {}", kib / 1024);
  std::cout << " MiB.\nroot " << report.root << "\n" << report.violations.size() << " violations\n";
  for (const Violation& one : report.violations) std::cout << "  " << one.invariant << "  " << one.case_id << "  " << one.detail << "\n";
}

int run_simulation(Shell& shell, simulation::Options options) {
  if (options.resume && shell.db_file.empty()) stop(RefusalCode::invalid, "Say which database goes on: --db FILE.");
  if (!options.resume && !shell.db_file.empty() && fs::exists(shell.db_file))
    stop(RefusalCode::conflict, "There is a file " + shell.db_file + " already; a simulation makes its own, or goes on with --continue.");
  std::optional<TemporaryFolder> temporary;
  options.file = shell.db_file.empty() ? temporary.emplace().path() / "simulation.db" : fs::path(shell.db_file);
  std::optional<Progress> progress;
  options.progress = [&](int done, int total) {
    if (!progress) progress.emplace(shell, "simulate", total);
    progress->at(done);
  };
  const simulation::Report report = simulation::simulate(shell.config(), options);
  progress.reset();
  if (shell.as_json)
    shell.print(answer_of(options, report));
  else
    print_report(options, report);
  return report.violations.empty() ? 0 : 1;
}

json::object bench_json(const simulation::BenchReport& report) {
  json::array measured;
  for (const simulation::Measured& one : report.measured)
    measured.push_back(json::object{{"callers", one.callers},
                                    {"commands_per_second", one.commands_per_second},
                                    {"p50_ms", one.p50_ms},
                                    {"p99_ms", one.p99_ms},
                                    {"commands_per_commit", one.commands_per_commit},
                                    {"ratio", one.ratio}});
  return {{"measured", std::move(measured)},
          {"plain_rows_per_second", report.plain_rows_per_second},
          {"open", json::object{{"cases", report.cases}, {"ms", report.open_ms}}}};
}

int run_bench(Shell& shell, simulation::BenchOptions options) {
  const TemporaryFolder temporary;
  if (options.folder.empty()) options.folder = temporary.path();
  std::optional<Progress> progress;
  options.progress = [&](int done, int total) {
    if (!progress) progress.emplace(shell, "bench", total);
    progress->at(done);
  };
  const simulation::BenchReport report = simulation::bench(shell.config(), options);
  progress.reset();
  if (shell.as_json) {
    shell.print(bench_json(report));
    return 0;
  }
  std::vector<std::vector<std::string>> rows;
  for (const simulation::Measured& one : report.measured)
    rows.push_back({std::to_string(one.callers), fmt::format("{:.0f}", one.commands_per_second), fmt::format("{:.2f}", one.p50_ms),
                    fmt::format("{:.2f}", one.p99_ms), fmt::format("{:.1f}", one.commands_per_commit), fmt::format("{:.2f}", one.ratio)});
  print_table({"callers", "durable commands/s", "p50 ms", "p99 ms", "commands/commit", "times the plain loop"}, rows);
  std::cout << fmt::format("The plain loop, one 600-byte row a commit: {:.0f} rows/s.\nOpening a database with {} open cases: {:.1f} ms.\n",
                           report.plain_rows_per_second, report.cases, report.open_ms);
  return 0;
}

}  // namespace

void add_simulation_verbs(CLI::App& app, Shell& shell, Action& action) {
  auto* simulated = app.add_subcommand("simulate", "years of random but lawful people on a moved clock; exit 1 where an invariant breaks")
                        ->footer(
                            "Examples:\n  tradecase simulate --members 300 --years 5 --seed 7\n"
                            "  tradecase simulate --members 20 --years 2 --seed 7 --db kept.db --verify-every 30");
  auto options = std::make_shared<simulation::Options>();
  simulated->add_option("--members", options->members, "how many members")->check(CLI::Range(1, 99'999));
  simulated->add_option("--years", options->years, "how many years")->check(CLI::Range(1, 50));
  simulated->add_option("--seed", options->seed, "the same seed, the same record")
      ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{1} << 53U));
  simulated
      ->add_option("--verify-every", options->verify_every_days, "check all invariants every so many simulated days, not only at the end")
      ->check(CLI::Range(1, 36'500));
  simulated->add_flag("--durable", options->durable, "each commit on disk before anybody is told");
  simulated->add_option("--acknowledge", options->acknowledge, "append each receipt to this file as soon as it is given");
  simulated->add_option("--mail-folder", options->mail_folder, "write the mails there");
  simulated->add_flag("--continue", options->resume, "go on with the interrupted simulation in --db FILE");
  simulated->callback([&, options] { action = [&, options] { return run_simulation(shell, *options); }; });

  auto* measured = app.add_subcommand("bench", "durable commands a second on this machine, beside a plain insert loop")
                       ->footer("Examples:\n  tradecase bench\n  tradecase bench --seconds 5 --cases 1000000 --json");
  auto bench_options = std::make_shared<simulation::BenchOptions>();
  measured->add_option("--seconds", bench_options->seconds, "how long each measurement takes")->check(CLI::Range(0.1, 600.0));
  measured->add_option("--cases", bench_options->cases, "open cases in the database whose opening is timed")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{10'000'000}));
  measured->add_option("--folder", bench_options->folder, "on the disk to measure (default: the temporary folder's)")
      ->check(CLI::ExistingDirectory);
  auto pdf = std::make_shared<int>(0);
  measured->add_option("--pdf", *pdf, "instead: so many PDFs of the letters in --db FILE, cold and warm")->check(CLI::Range(1, 100'000));
  measured->callback([&, bench_options, pdf] {
    action = [&, bench_options, pdf] { return *pdf > 0 ? run_paper_bench(shell, *pdf) : run_bench(shell, *bench_options); };
  });
}

}  // namespace tradecase
