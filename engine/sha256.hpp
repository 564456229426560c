// SHA-256 and the hash tree of the record (record.md point 4; leaf, node and root as RFC 6962 §2.1). Hashes are 64
// lower-case hex digits. Safe to call from any thread. std::runtime_error when the crypto library itself fails.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tradecase {

std::string sha256_hex(std::string_view bytes);

std::string leaf_hash_hex(std::string_view line);  // SHA-256(0x00 ‖ line); the line without its LF

// SHA-256(0x01 ‖ left ‖ right). Throws std::invalid_argument for anything but two hashes as written above.
std::string node_hash_hex(std::string_view left_hex, std::string_view right_hex);

// The root over the leaves in their order; of none it is the hash of nothing. Throws like node_hash_hex.
std::string merkle_root_hex(const std::vector<std::string>& leaf_hex);

}  // namespace tradecase
