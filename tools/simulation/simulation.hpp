// Random but lawful people on a moved clock, all from one seed: late, forgetful, wrong, absent. Every act takes the road that everything
// takes (Engine::execute, Worker), so what holds here holds for them. The seed is the bug report: the same seed, the same record.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "engine/verify.hpp"
#include "tools/cli/config.hpp"
#include "tools/simulation/simulation_store.hpp"

namespace tradecase::simulation {

struct Options {
  int members = 300;
  int years = 1;
  std::uint64_t seed = 1;
  std::filesystem::path file;  // the database; must not exist, unless `resume`
  bool resume = false;         // goes on with a simulation that was interrupted: the people look at their open work anew
  bool durable = false;        // each commit is on disk before anybody is told
  int verify_every_days = 0;   // 0: at the end only
  bool verify_at_end = true;
  std::filesystem::path acknowledge;                  // one JSON line a receipt, written when the receipt was given; empty: none
  std::filesystem::path mail_folder;                  // mails are written there; empty: they are only recorded
  std::function<void(int done, int total)> progress;  // simulated days
};

struct Report {
  Sums sums;
  std::string root;  // of the record; the same for the same seed
  std::vector<Violation> violations;
  double seconds = 0;                    // of the simulation
  double verify_seconds = 0;             // of verify() during and after it
  std::vector<std::int64_t> memory_kib;  // resident, at each simulated quarter
};

// Throws StoreFailure, ConfigError, …: what verbs throw. Violations are no exceptions.
Report simulate(const Config& config, const Options& options);

}  // namespace tradecase::simulation
