#include "adapters/http/accounts_store.hpp"

#include "engine/sha256.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

using Text = std::string;
using std::chrono::hours;
using std::chrono::minutes;

std::string account_key(std::string_view email) { return sha256_hex("account:" + lower(email)); }
std::string peer_key(std::string_view peer) { return sha256_hex("peer:" + std::string(peer)); }

Tries tries_of(Session& session, const std::string& key, Instant now) {
  const auto row = session.row<std::int64_t, std::int64_t>(
      "select failed, last_at from sign_in_tries where key = :key and last_at > :after", {key, to_ms(now - hours(24))});
  if (!row) return {};
  return {static_cast<int>(std::get<0>(*row)), from_ms(std::get<1>(*row))};
}

void count_try(Transaction& tx, const std::string& key, const Tries& before, Instant now) {
  tx.session().run(
      "insert into sign_in_tries (key, failed, last_at) values (:key, :failed, :at) "
      "on conflict (key) do update set failed = excluded.failed, last_at = excluded.last_at",
      {key, before.failed + 1, to_ms(now)});
}

}  // namespace

std::optional<Account> find_account(Session& session, std::string_view person) {
  auto row = session.row<Text, Text, std::int64_t>("select hash, totp_secret, totp_step from accounts where person = :person", {person});
  if (!row) return std::nullopt;
  auto& [hash, secret, step] = *row;
  return Account{std::string(person), std::move(hash), std::move(secret), step};
}

void set_password(Transaction& tx, std::string_view person, std::string_view hash) {
  tx.session().run("insert into accounts (person, hash) values (:person, :hash) on conflict (person) do update set hash = excluded.hash",
                   {person, hash});
}

void set_second_factor(Transaction& tx, std::string_view person, std::string_view secret, std::int64_t step) {
  tx.session().run("update accounts set totp_secret = :secret, totp_step = :step where person = :person", {secret, step, person});
}

void take_totp_step(Transaction& tx, std::string_view person, std::int64_t step) {
  tx.session().run("update accounts set totp_step = :step where person = :person", {step, person});
}

std::optional<Instant> begin_try(Transaction& tx, std::string_view email, std::string_view peer, Instant now) {
  tx.session().run("delete from sign_in_tries where last_at <= :before", {to_ms(now - hours(24))});
  const std::string account = account_key(email), from = peer_key(peer);
  const Tries of_account = tries_of(tx, account, now), of_peer = tries_of(tx, from, now);
  const auto wait_account = not_before(of_account, free_tries_account, now), wait_peer = not_before(of_peer, free_tries_peer, now);
  if (wait_account || wait_peer) return std::max(wait_account.value_or(now), wait_peer.value_or(now));
  count_try(tx, account, of_account, now);
  count_try(tx, from, of_peer, now);
  return std::nullopt;
}

void try_succeeded(Transaction& tx, std::string_view email, std::string_view peer) {
  tx.session().run("delete from sign_in_tries where key = :key", {account_key(email)});
  tx.session().run("update sign_in_tries set failed = max(failed - 1, 0) where key = :key", {peer_key(peer)});
}

std::optional<std::string> person_of_identity(Session& session, std::string_view issuer, std::string_view subject) {
  return session.value<Text>("select person from identities where issuer = :issuer and subject = :subject", {issuer, subject});
}

bool is_bound(Session& session, std::string_view issuer, std::string_view person) {
  return session.value<std::int64_t>("select 1 from identities where issuer = :issuer and person = :person limit 1", {issuer, person})
      .has_value();
}

void bind_identity(Transaction& tx, std::string_view issuer, std::string_view subject, std::string_view person) {
  tx.session().run("insert into identities (issuer, subject, person) values (:issuer, :subject, :person)", {issuer, subject, person});
}

std::int64_t forget_identities(Transaction& tx, std::string_view person) {
  const auto held = tx.session().value<std::int64_t>("select count(*) from identities where person = :person", {person}).value_or(0);
  tx.session().run("delete from identities where person = :person", {person});
  return held;
}

void keep_oidc_request(Transaction& tx, std::string_view state, const OidcRequest& request, Instant now) {
  tx.session().run("delete from oidc_requests where began < :before", {to_ms(now - minutes(10))});
  tx.session().run(
      "insert into oidc_requests (state_hash, provider, nonce, verifier, next, began) "
      "values (:state, :provider, :nonce, :verifier, :next, :began)",
      {sha256_hex(state), request.provider, request.nonce, request.verifier, request.next, to_ms(now)});
}

std::optional<OidcRequest> take_oidc_request(Transaction& tx, std::string_view state, Instant now) {
  const std::string hash = sha256_hex(state);
  auto row = tx.session().row<Text, Text, Text, Text>(
      "select provider, nonce, verifier, next from oidc_requests where state_hash = :state and began >= :after",
      {hash, to_ms(now - minutes(10))});
  tx.session().run("delete from oidc_requests where state_hash = :state", {hash});
  if (!row) return std::nullopt;
  auto& [provider, nonce, verifier, next] = *row;
  return OidcRequest{std::move(provider), std::move(nonce), std::move(verifier), std::move(next)};
}

}  // namespace tradecase::http
