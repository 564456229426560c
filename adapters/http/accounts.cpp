#include "adapters/http/accounts.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <semaphore>
#include <stdexcept>
#include <vector>

#include "adapters/http/message.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

constexpr char base32_alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr unsigned long long hash_passes = 3;
constexpr std::size_t hash_memory = 32UL * 1024 * 1024;

std::counting_semaphore<2> hashing(2);  // so that many who sign in at once do not take all memory
struct Turn {
  Turn() { hashing.acquire(); }
  ~Turn() { hashing.release(); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
};

void need_sodium() {
  if (sodium_init() < 0) throw std::runtime_error("libsodium cannot start");
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

// "aaaaaaaa", "12345678", "hgfedcba": each character a fixed step from the one before.
bool is_run(std::string_view text) {
  for (const int step : {-1, 0, 1}) {
    bool runs = true;
    for (std::size_t i = 1; i < text.size() && runs; ++i) runs = text[i] - text[i - 1] == step;
    if (runs) return true;
  }
  return false;
}

// Made of one short text over and over: "abcabcabc".
bool repeats(std::string_view text) {
  for (std::size_t length = 1; length <= std::min<std::size_t>(text.size() / 2, 6); ++length) {
    bool same = true;
    for (std::size_t i = length; i < text.size() && same; ++i) same = text[i] == text[i - length];
    if (same) return true;
  }
  return false;
}

bool same_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

std::optional<std::string> password_problem(std::string_view password, bool second_factor, std::string_view email) {
  const std::size_t least = second_factor ? password_length_beside : password_length_alone;
  if (password.size() > password_bytes_max) return "The password is too long: " + std::to_string(password_bytes_max) + " bytes at most.";
  if (text_problem(password, password_bytes_max)) return "The password holds characters that no keyboard writes.";
  if (characters(password) < least)
    return "The password is too short: " + std::to_string(least) + " characters or more. A sentence is easy to remember.";
  const std::string plain = lower(password), own = lower(email.substr(0, email.find('@')));
  if (is_run(plain) || repeats(plain) || is_common_password(plain)) return "This password is among the first that others would try.";
  for (const std::string& known : {std::string("tradecase"), own})
    if (known.size() >= 4 && plain.starts_with(known) && characters(plain) < known.size() + 6)
      return "This password is too close to your address or to the name of this service.";
  return std::nullopt;
}

std::string hash_password(std::string_view password) {
  need_sodium();
  const Turn turn;
  std::array<char, crypto_pwhash_STRBYTES> hash{};
  if (crypto_pwhash_str_alg(hash.data(), password.data(), password.size(), hash_passes, hash_memory, crypto_pwhash_ALG_ARGON2ID13) != 0)
    throw std::runtime_error("there is no memory to hash a password");
  return hash.data();
}

bool password_fits(std::string_view hash, std::string_view password) {
  static const std::string nobodys = hash_password("nobody has this password, whoever asks");
  const std::string stored(hash.empty() ? std::string_view(nobodys) : hash);
  const Turn turn;
  const bool fits = crypto_pwhash_str_verify(stored.c_str(), password.data(), password.size()) == 0;
  return fits && !hash.empty();
}

std::string base32(std::string_view bytes) {
  std::string out;
  unsigned bits = 0, held = 0;
  for (const char byte : bytes) {
    bits = (bits << 8U) | static_cast<unsigned char>(byte);
    for (held += 8; held >= 5; held -= 5) out += base32_alphabet[(bits >> (held - 5)) & 31U];
    bits &= 0xFFU;
  }
  if (held > 0) out += base32_alphabet[(bits << (5 - held)) & 31U];
  return out;
}

std::optional<std::string> from_base32(std::string_view text) {
  const std::string_view alphabet(base32_alphabet);
  std::string out;
  unsigned bits = 0, held = 0;
  for (const char c : text) {
    if (c == ' ' || c == '=') continue;
    const auto value = alphabet.find(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = ((bits << 5U) | static_cast<unsigned>(value)) & 0xFFFFU;
    held += 5;
    if (held < 8) continue;
    held -= 8;
    out += static_cast<char>((bits >> held) & 0xFFU);
  }
  return out;
}

std::string new_totp_secret() {
  need_sodium();
  std::string key(20, '\0');
  randombytes_buf(key.data(), key.size());
  return base32(key);
}

std::string totp_code(std::string_view key, std::int64_t step, int digits) {
  std::array<unsigned char, 8> counter{};
  for (std::size_t i = 0; i < counter.size(); ++i)
    counter[7 - i] = static_cast<unsigned char>((static_cast<std::uint64_t>(step) >> (8 * i)) & 0xFFU);
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned length = 0;
  if (HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), counter.data(), counter.size(), mac.data(), &length) == nullptr ||
      length < 20)
    throw std::runtime_error("the code's hash cannot be computed");
  const std::size_t at = mac[length - 1] & 15U;
  const std::uint32_t number = (static_cast<std::uint32_t>(mac[at] & 0x7FU) << 24U) | (static_cast<std::uint32_t>(mac[at + 1]) << 16U) |
                               (static_cast<std::uint32_t>(mac[at + 2]) << 8U) | mac[at + 3];
  std::uint32_t beyond = 1;
  for (int i = 0; i < digits; ++i) beyond *= 10;
  std::string code = std::to_string(number % beyond);
  return std::string(static_cast<std::size_t>(digits) - code.size(), '0') + code;
}

std::optional<std::int64_t> totp_step_of(std::string_view secret, std::string_view code, Instant now, std::int64_t after) {
  const auto key = from_base32(secret);
  if (!key || key->empty()) return std::nullopt;
  std::string digits;
  for (const char c : code)
    if (c != ' ') digits += c;
  std::optional<std::int64_t> found;
  for (std::int64_t step = totp_step_at(now) - 1; step <= totp_step_at(now) + 1; ++step)
    if (same_in_constant_time(totp_code(*key, step), digits) && step > after) found = step;
  return found;
}

std::string otpauth_address(std::string_view secret, std::string_view email) {
  return "otpauth://totp/tradecase:" + percent_encoded(email) + "?secret=" + std::string(secret) + "&issuer=tradecase";
}

std::optional<Instant> not_before(const Tries& tries, int free_tries, Instant now) {
  using namespace std::chrono;
  if (tries.failed < free_tries || now - tries.last_at > 24h) return std::nullopt;
  const int doublings = std::min(tries.failed - free_tries, 6);
  const Instant next = tries.last_at + std::min(minutes(1LL << doublings), minutes(60));
  return next > now ? std::optional(next) : std::nullopt;
}

}  // namespace tradecase::http
