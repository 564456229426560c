#include "workflows/sampling/strata.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace tradecase {
namespace {

// n being shared out: which strata have their share, and what the others would get of the rest.
class Sharing {
 public:
  Sharing(std::int64_t n, const std::vector<std::int64_t>& sizes, const std::vector<StratumWeight>& weights)
      : sizes_(sizes), weights_(weights), shares_(sizes.size()), settled_(sizes.size()), rest_(n) {}

  // Settles every stratum whose quota `meets`, sharing the rest out anew until none does.
  template <class Meets, class Share>
  void settle(Meets meets, Share share) {
    for (bool met = true; met;) {
      met = false;
      const StratumWeight all = begin_sharing(), rest = rest_;  // one round looks at one sharing
      for (std::size_t k = 0; k < sizes_.size(); ++k) {
        if (settled_[k] || !meets(rest * weight(k), all, k)) continue;
        settled_[k] = met = true;
        shares_[k] = share(k);
        rest_ -= shares_[k];
      }
    }
  }

  void round() {
    const StratumWeight all = begin_sharing(), rest = rest_;
    std::vector<std::pair<StratumWeight, std::size_t>> remainders;
    for (std::size_t k = 0; k < sizes_.size(); ++k) {
      if (settled_[k]) continue;
      const StratumWeight quota = rest * weight(k);
      shares_[k] = static_cast<std::int64_t>(quota / all);
      rest_ -= shares_[k];
      remainders.emplace_back(quota % all, k);
    }
    std::ranges::stable_sort(remainders, std::ranges::greater(), [](const auto& one) { return one.first; });
    for (const auto& [remainder, k] : remainders) {
      if (rest_ <= 0) return;
      ++shares_[k];
      --rest_;
    }
  }

  std::int64_t rest() const { return rest_; }
  const std::vector<std::int64_t>& shares() const { return shares_; }

 private:
  StratumWeight weight(std::size_t k) const { return zero_weights_ ? StratumWeight(1) : weights_[k]; }

  // The weight of all strata that have no share yet.
  StratumWeight begin_sharing() {
    StratumWeight sum = 0;
    std::int64_t open = 0;
    for (std::size_t k = 0; k < sizes_.size(); ++k)
      if (!settled_[k]) {
        sum += weights_[k];
        ++open;
      }
    zero_weights_ = sum == 0;
    return zero_weights_ ? StratumWeight(open) : sum;
  }

  const std::vector<std::int64_t>& sizes_;
  const std::vector<StratumWeight>& weights_;
  std::vector<std::int64_t> shares_;
  std::vector<bool> settled_;
  std::int64_t rest_;
  bool zero_weights_ = false;
};

}  // namespace

std::vector<std::int64_t> stratum_sizes(const Frame& frame) {
  std::vector<std::int64_t> sizes(frame.strata.size());
  for (const auto stratum : frame.stratum) ++sizes[stratum];
  return sizes;
}

std::vector<StratumWeight> stratum_weights(const Frame& frame, Allocation allocation) {
  const auto sizes = stratum_sizes(frame);
  if (allocation == Allocation::proportional) return {sizes.begin(), sizes.end()};
  std::vector<StratumWeight> sums(sizes.size()), squares(sizes.size()), weights;
  for (std::size_t i = 0; i < frame.rows(); ++i) {
    const StratumWeight value = frame.value_cents[i];
    sums[frame.stratum[i]] += value;
    squares[frame.stratum[i]] += value * value;
  }
  const StratumWeight scale = boost::multiprecision::pow(StratumWeight(10), 24);  // of the squared weight
  for (std::size_t k = 0; k < sizes.size(); ++k) {
    if (sizes[k] < 2) {
      weights.emplace_back(0);
      continue;
    }
    const StratumWeight spread = sizes[k] * squares[k] - sums[k] * sums[k];  // variance times N_k (N_k - 1)
    weights.push_back(boost::multiprecision::sqrt(StratumWeight(scale * sizes[k] * spread / (sizes[k] - 1))));
  }
  return weights;
}

std::variant<std::vector<std::int64_t>, SamplingFault> share_out(std::int64_t n, const std::vector<std::int64_t>& sizes,
                                                                 const std::vector<StratumWeight>& weights, std::int64_t least) {
  const std::int64_t rows = std::accumulate(sizes.begin(), sizes.end(), std::int64_t{0});
  if (n < 1 || n > rows) return SamplingFault{fmt::format("A sample of {} cannot be drawn from {} rows.", n, rows)};
  if (least < 0) return SamplingFault{"The least number for a stratum is 0 or more."};
  Sharing sharing(n, sizes, weights);
  sharing.settle([&](const StratumWeight& quota, const StratumWeight& all, std::size_t k) { return quota >= all * sizes[k]; },
                 [&](std::size_t k) { return sizes[k]; });
  sharing.settle([&](const StratumWeight& quota, const StratumWeight& all, std::size_t) { return quota < all * least; },
                 [&](std::size_t k) { return std::min(least, sizes[k]); });
  sharing.round();
  if (sharing.rest() != 0)
    return SamplingFault{fmt::format("A sample of {} leaves too little for {} strata of at least {} rows each: it takes {}.", n,
                                     sizes.size(), least, n - sharing.rest())};
  return sharing.shares();
}

}  // namespace tradecase
