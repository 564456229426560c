// Figures of this machine, printed and not promised: durable commands a second from many callers at once.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

#include "tools/cli/config.hpp"

namespace tradecase::simulation {

struct BenchOptions {
  double seconds = 2;            // of each measurement
  std::int64_t cases = 100'000;  // in the database whose opening is timed
  std::filesystem::path folder;  // on the disk to be measured; the databases in it are removed
  std::function<void(int done, int total)> progress;
};

struct Measured {
  int callers = 0;
  double commands_per_second = 0, commands_per_commit = 0;
  double p50_ms = 0, p99_ms = 0;  // from the call to the durable answer
  double ratio = 0;               // to the plain loop measured right before it
};

struct BenchReport {
  std::vector<Measured> measured;
  double plain_rows_per_second = 0;  // one 600-byte row a commit; the mean of those beside
  std::int64_t cases = 0;
  double open_ms = 0;  // until the first question is answered
};

BenchReport bench(const Config& config, const BenchOptions& options);

}  // namespace tradecase::simulation
