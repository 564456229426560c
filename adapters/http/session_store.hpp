// Sign-ins, what a form held when its sign-in had expired, and API tokens. Secrets are stored as SHA-256 of 256 random bits.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/store/store.hpp"

namespace tradecase::http {

std::vector<Migration> portal_migrations(int first_number);

std::string random_token();  // 256 bits, base64url

struct SignIn {
  std::int64_t id = 0;
  std::string person;
  std::string csrf;
  std::string language;     // "en", "es"
  std::string notice;       // shown once, on the next page
  std::string agent;        // the browser's own words, for the list of sign-ins
  Instant began{}, seen{};  // real time, not the sandbox's
  std::string provider;     // of identity, by name, where it vouched for the person; "" where we did
};

struct SignInLimits {
  std::chrono::minutes idle{60}, staff_idle{15};
  std::chrono::hours total{24}, staff_total{12};
};

SignIn begin_sign_in(Transaction& tx, std::string_view token, std::string_view person, std::string_view agent, std::string_view language,
                     Instant now, std::string_view provider = "");
// Nothing where it is unknown, ended or too old; `staff` decides which limits hold.
std::optional<SignIn> find_sign_in(Session& session, std::string_view token);
std::chrono::seconds time_left(const SignIn& sign_in, bool staff, Instant now, const SignInLimits& limits);  // if it is used now
bool has_expired(const SignIn& sign_in, bool staff, Instant now, const SignInLimits& limits);
void touch_sign_in(Transaction& tx, std::int64_t id, Instant now);
void end_sign_in(Transaction& tx, std::int64_t id);
void end_sign_ins_of(Transaction& tx, std::string_view person, std::int64_t but_not);
std::vector<SignIn> sign_ins_of(Session& session, std::string_view person);
void set_notice(Transaction& tx, std::int64_t sign_in, std::string_view notice);
void set_language(Transaction& tx, std::int64_t sign_in, std::string_view language);

// A form that arrived after its sign-in had expired: kept for its sender, given back once.
struct KeptForm {
  std::string path, type, body;
};
void keep_form(Transaction& tx, std::string_view token, const KeptForm& form, Instant now);
std::optional<KeptForm> take_kept_form(Transaction& tx, std::string_view token, Instant now);  // of the last 24 hours

// Tokens for machines: act as a person, expire, can be revoked.
struct ApiToken {
  std::int64_t id = 0;
  std::string person, name, scope;  // scope: read, or write
  Instant made{}, expires{};
  std::optional<Instant> used;
};
void save_api_token(Transaction& tx, std::string_view token, const ApiToken& values);
std::optional<ApiToken> find_api_token(Session& session, std::string_view token, Instant now);
std::vector<ApiToken> api_tokens_of(Session& session, std::string_view person);
void revoke_api_token(Transaction& tx, std::string_view person, std::int64_t id);

}  // namespace tradecase::http
