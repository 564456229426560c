// Accounts, failed tries and identities as they are stored.
#pragma once

#include "adapters/http/accounts.hpp"
#include "engine/store/store.hpp"

namespace tradecase::http {

struct Account {
  std::string person, hash, totp_secret;
  std::int64_t totp_step = 0;
  bool second_factor() const { return !totp_secret.empty(); }
};
std::optional<Account> find_account(Session& session, std::string_view person);
void set_password(Transaction& tx, std::string_view person, std::string_view hash);
void set_second_factor(Transaction& tx, std::string_view person, std::string_view secret, std::int64_t step);  // "" takes it away
void take_totp_step(Transaction& tx, std::string_view person, std::int64_t step);

// Counts a try as failed before it is made, for the address asked for and for where it comes from, so that many at once do not slip
// through; nothing is counted, and the moment returned, where it is too early.
std::optional<Instant> begin_try(Transaction& tx, std::string_view email, std::string_view peer, Instant now);
void try_succeeded(Transaction& tx, std::string_view email, std::string_view peer);

// ---- identities at a provider
std::optional<std::string> person_of_identity(Session& session, std::string_view issuer, std::string_view subject);
bool is_bound(Session& session, std::string_view issuer, std::string_view person);
void bind_identity(Transaction& tx, std::string_view issuer, std::string_view subject, std::string_view person);
std::int64_t forget_identities(Transaction& tx, std::string_view person);  // how many there were

// A sign-in at a provider that has begun; each is taken once, within ten minutes.
struct OidcRequest {
  std::string provider, nonce, verifier, next;
};
void keep_oidc_request(Transaction& tx, std::string_view state, const OidcRequest& request, Instant now);
std::optional<OidcRequest> take_oidc_request(Transaction& tx, std::string_view state, Instant now);

}  // namespace tradecase::http
