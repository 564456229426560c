// Chance from a seed, the same on every machine and library: the standard fixes mt19937_64, but not its distributions.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace tradecase::simulation {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}

  // 0 … count - 1, each as likely; count > 0.
  std::uint64_t below(std::uint64_t count) {
    const std::uint64_t rest = (UINT64_MAX % count + 1) % count;  // how many of the highest numbers are thrown again
    for (;;) {
      const std::uint64_t drawn = engine_();
      if (drawn <= UINT64_MAX - rest) return drawn % count;
    }
  }
  // Both included.
  int between(int low, int high) { return low + static_cast<int>(below(static_cast<std::uint64_t>(std::int64_t{high} - low + 1))); }
  bool chance(int in_thousand) { return below(1000) < static_cast<std::uint64_t>(in_thousand); }

  template <class T>
  const T& one_of(const std::vector<T>& all) {
    return all[below(all.size())];
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace tradecase::simulation
