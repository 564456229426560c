// OpenID Connect as Login.gov publishes it, the pure part: what is sent, and whether an id token is to be believed. Code flow with PKCE,
// private_key_jwt, RS256 alone. What goes over the wire is in oidc_client.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/clock.hpp"
#include "engine/json.hpp"

namespace tradecase::http {

std::string base64url(std::string_view bytes);                     // without padding
std::optional<std::string> from_base64url(std::string_view text);  // nothing where it is not exactly that
std::string code_challenge(std::string_view verifier);             // S256

std::string text_at(const json::object& object, std::string_view name);  // empty: no text there

// What an id token must say to be taken.
struct Expected {
  std::string issuer, client_id, nonce;
  std::vector<std::string> acr;  // one of these; empty: not asked
};
struct IdClaims {
  std::string issuer, subject, acr;
};
// `keys`: the provider's JWKS. The sentence says why not, for the log; the person is told less.
struct TokenRefused {
  std::string why;
  bool unknown_key = false;  // its key is not among them: fetch them anew, once
};
std::variant<IdClaims, TokenRefused> check_id_token(std::string_view token, const json::object& keys, const Expected& expected,
                                                    Instant now);

// A JWT of these claims signed RS256 by the PEM private key; throws std::runtime_error for a key that is none.
std::string signed_jwt(const json::object& claims, const std::string& private_key_pem);

}  // namespace tradecase::http
