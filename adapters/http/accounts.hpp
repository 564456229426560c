// Local accounts: passwords (argon2id), a second factor (TOTP, RFC 6238), and how often somebody may try. For installations without an
// identity provider, and for the first operator of every one.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/clock.hpp"

namespace tradecase::http {

// ---- passwords (NIST SP 800-63B-4: length and a blocklist, no rules of composition)
inline constexpr std::size_t password_length_alone = 15;  // characters, where it is all there is
inline constexpr std::size_t password_length_beside = 8;  // beside a second factor
inline constexpr std::size_t password_bytes_max = 1'000;

// Why it cannot be a password, as a sentence; nothing when it can. `email`: its owner's, whose parts are no secret.
std::optional<std::string> password_problem(std::string_view password, bool second_factor, std::string_view email);

std::string hash_password(std::string_view password);  // argon2id with its parameters and salt, as libsodium writes it
// `hash` empty: there is no such account. That takes as long and says no.
bool password_fits(std::string_view hash, std::string_view password);
bool is_common_password(std::string_view lower_case);

// ---- one-time codes
std::string new_totp_secret();  // 160 bits, base32
std::string base32(std::string_view bytes);
std::optional<std::string> from_base32(std::string_view text);  // blanks and case do not matter
std::string totp_code(std::string_view key, std::int64_t step, int digits = 6);
inline std::int64_t totp_step_at(Instant at) { return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count() / 30; }
// The step whose code this is: now, the one before or after; later than `after`, the last one taken. Nothing where it is none.
std::optional<std::int64_t> totp_step_of(std::string_view secret, std::string_view code, Instant now, std::int64_t after);
std::string otpauth_address(std::string_view secret, std::string_view email);  // for the app that makes the codes

// ---- tries: after `free_tries` failures each one more waits twice as long, an hour at most; forgotten a day after the last
struct Tries {
  int failed = 0;
  Instant last_at{};
};
inline constexpr int free_tries_account = 5;
inline constexpr int free_tries_peer = 30;
std::optional<Instant> not_before(const Tries& tries, int free_tries, Instant now);  // nothing where one may try

}  // namespace tradecase::http
