#include "engine/merkle.hpp"

#include "engine/sha256.hpp"

namespace tradecase {

void MerkleRoot::add(std::string_view leaf_hex) {
  std::string subtree(leaf_hex);
  for (auto before = leaves_; (before & 1) != 0; before >>= 1) {  // a subtree of the same size stands to the left: they become one
    subtree = node_hash_hex(full_.back(), subtree);
    full_.pop_back();
  }
  full_.push_back(std::move(subtree));
  ++leaves_;
}

std::string MerkleRoot::hex() const {
  if (full_.empty()) return sha256_hex("");
  std::string right = full_.back();
  for (std::size_t i = full_.size() - 1; i > 0; --i) right = node_hash_hex(full_[i - 1], right);
  return right;
}

}  // namespace tradecase
