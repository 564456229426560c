#include "engine/sha256.hpp"

#include <openssl/evp.h>

#include <array>
#include <initializer_list>
#include <memory>
#include <stdexcept>

#include "engine/sha256_stream.hpp"

namespace tradecase {
namespace {

using Hash = std::array<unsigned char, 32>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

constexpr std::string_view leaf_mark{"\x00", 1};
constexpr std::string_view node_mark{"\x01", 1};

void require(bool worked) {
  if (!worked) throw std::runtime_error("SHA-256 is not available from the crypto library.");
}

std::string_view bytes_of(const Hash& hash) { return {reinterpret_cast<const char*>(hash.data()), hash.size()}; }

// Looking the algorithm up and making a context costs more than hashing a line: both are made once and kept.
void begin(const DigestContext& context) {
  static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  require(algorithm && context && EVP_DigestInit_ex2(context.get(), algorithm, nullptr) == 1);
}

Hash end(const DigestContext& context) {
  Hash hash;
  require(EVP_DigestFinal_ex(context.get(), hash.data(), nullptr) == 1);
  return hash;
}

Hash sha256(std::initializer_list<std::string_view> parts) {
  thread_local const DigestContext context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
  begin(context);
  for (const auto part : parts) require(EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1);
  return end(context);
}

Hash node_hash(const Hash& left, const Hash& right) { return sha256({node_mark, bytes_of(left), bytes_of(right)}); }

std::string to_hex(const Hash& hash) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string hex(2 * hash.size(), '0');
  for (std::size_t i = 0; i < hash.size(); ++i) {
    hex[2 * i] = digits[hash[i] >> 4];
    hex[2 * i + 1] = digits[hash[i] & 15];
  }
  return hex;
}

unsigned hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
  throw std::invalid_argument("A hash is written in the digits 0 to 9 and a to f.");
}

Hash from_hex(std::string_view hex) {
  Hash hash;
  if (hex.size() != 2 * hash.size()) throw std::invalid_argument("A hash has 64 digits.");
  for (std::size_t i = 0; i < hash.size(); ++i)
    hash[i] = static_cast<unsigned char>(hex_digit(hex[2 * i]) << 4 | hex_digit(hex[2 * i + 1]));
  return hash;
}

// One level of the tree in place. An odd last node goes up unchanged; so the left subtree of every node is the largest full
// one that leaves something to the right, as the RFC defines it.
void climb(std::vector<Hash>& level) {
  const auto pairs = level.size() / 2;
  const bool odd = level.size() % 2 == 1;
  for (std::size_t i = 0; i < pairs; ++i) level[i] = node_hash(level[2 * i], level[2 * i + 1]);
  if (odd) level[pairs] = level.back();
  level.resize(pairs + (odd ? 1 : 0));
}

}  // namespace

std::string sha256_hex(std::string_view bytes) { return to_hex(sha256({bytes})); }

std::array<unsigned char, 32> sha256_bytes(std::string_view bytes) { return sha256({bytes}); }

struct Sha256Stream::State {
  DigestContext context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
};

Sha256Stream::Sha256Stream() : state_(std::make_unique<State>()) { begin(state_->context); }
Sha256Stream::~Sha256Stream() = default;
Sha256Stream::Sha256Stream(Sha256Stream&&) noexcept = default;
Sha256Stream& Sha256Stream::operator=(Sha256Stream&&) noexcept = default;

void Sha256Stream::add(std::string_view bytes) { require(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()) == 1); }

std::string Sha256Stream::finish_hex() { return to_hex(end(state_->context)); }

std::string leaf_hash_hex(std::string_view line) { return to_hex(sha256({leaf_mark, line})); }

std::string node_hash_hex(std::string_view left_hex, std::string_view right_hex) {
  return to_hex(node_hash(from_hex(left_hex), from_hex(right_hex)));
}

std::string merkle_root_hex(const std::vector<std::string>& leaf_hex) {
  if (leaf_hex.empty()) return sha256_hex("");
  std::vector<Hash> level;
  level.reserve(leaf_hex.size());
  for (const auto& hex : leaf_hex) level.push_back(from_hex(hex));
  while (level.size() > 1) climb(level);
  return to_hex(level.front());
}

}  // namespace tradecase
