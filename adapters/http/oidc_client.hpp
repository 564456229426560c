// OpenID Connect, what goes over the wire: discovery, keys and their rotation, the code for tokens, who it is. Safe from any thread.
#pragma once

#include <mutex>
#include <optional>
#include <stdexcept>

#include "adapters/http/oidc.hpp"
#include "adapters/http/permission.hpp"

namespace tradecase::http {

struct OidcSettings {
  std::string name;    // in addresses: "login-gov"
  std::string label;   // on the button: "Login.gov"
  Side side{};         // whom it signs in, and nobody else
  std::string issuer;  // https://…, exactly as the provider writes it
  std::string client_id;
  std::string private_key;       // PEM, RSA
  std::string portal_url;        // where the provider sends people back to
  std::string ca_file;           // the only authorities trusted (PEM); empty: the system's
  std::vector<std::string> acr;  // asked for, and one of these taken; empty: neither
};

// The provider did not answer, or not as it must. what() is for the log.
struct OidcFailure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class OidcClient {
 public:
  OidcClient(OidcSettings settings, Clock wall_clock) : settings_(std::move(settings)), clock_(std::move(wall_clock)) {}

  const OidcSettings& settings() const { return settings_; }
  // Where the browser is sent. Throws OidcFailure.
  std::string address_to_begin(std::string_view state, std::string_view nonce, std::string_view verifier);

  struct Identity {
    IdClaims claims;
    std::string email;
  };
  struct Answer {
    std::string_view code, issuer;  // issuer: who says to answer (RFC 9207), "" where nobody does
  };
  // What came back: the code becomes tokens, the tokens a person. Throws OidcFailure.
  Identity finish(const Answer& answer, const std::string& nonce, std::string_view verifier);

  std::string address_to_end(std::string_view state);  // signs out at the provider too; "" where it offers none

 private:
  struct Provider {
    std::string authorization, token, userinfo, end_session, jwks;
    bool says_issuer = false;
    json::object keys;
    Instant fetched_at{};
  };
  Provider provider(bool fresh_keys);
  Provider fetched(Instant now) const;
  std::string redirect_uri() const { return settings_.portal_url + "/sign-in/oidc/" + settings_.name + "/answer"; }
  IdClaims believed(const std::string& id_token, const std::string& nonce);
  std::string get(const std::string& address, const std::string& bearer) const;
  std::string post(const std::string& address, const std::string& form) const;

  const OidcSettings settings_;
  const Clock clock_;
  std::mutex mutex_;
  Provider known_;
  std::optional<Instant> keys_asked_anew_at_;
  std::string failure_;  // of the last try to fetch, "" where it went well
  Instant failed_at_{};
};

}  // namespace tradecase::http
