// The root of the record's hash tree (record.md point 4), leaf by leaf: keeps one hash a level, whatever the number of leaves.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tradecase {

class MerkleRoot {
 public:
  void add(std::string_view leaf_hex);  // throws std::invalid_argument for anything but a hash (engine/sha256.hpp)
  std::string hex() const;              // of all leaves so far; of none it is the hash of nothing
  std::int64_t leaves() const { return leaves_; }

 private:
  std::int64_t leaves_ = 0;
  std::vector<std::string> full_;  // roots of the full subtrees from left to right, each smaller than the one before
};

}  // namespace tradecase
