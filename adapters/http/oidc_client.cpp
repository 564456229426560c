#include "adapters/http/oidc_client.hpp"

#include <Poco/AutoPtr.h>
#include <Poco/Exception.h>
#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/HTTPSClientSession.h>
#include <Poco/URI.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <istream>
#include <memory>

#include "adapters/http/message.hpp"
#include "adapters/http/session_store.hpp"

namespace tradecase::http {
namespace {

using std::chrono::seconds;

constexpr std::size_t answer_bytes_max = 1024 * 1024;
constexpr auto known_for = std::chrono::hours(24);  // keys and addresses; a token with an unknown key asks sooner
constexpr auto fresh_for = seconds(60);             // but not more often than that
constexpr auto down_for = seconds(5);               // a provider that fails is left alone, so that not everybody waits for it

// A provider speaks TLS; a test's own, on this machine, need not.
bool is_plain(const Poco::URI& address) {
  return address.getScheme() == "http" && (address.getHost() == "127.0.0.1" || address.getHost() == "localhost");
}

std::unique_ptr<Poco::Net::HTTPClientSession> session_to(const Poco::URI& address, const std::string& ca_file) {
  if (is_plain(address)) return std::make_unique<Poco::Net::HTTPClientSession>(address.getHost(), address.getPort());
  if (address.getScheme() != "https") throw OidcFailure(address.toString() + " is no https address");
  Poco::Net::Context::Params params;
  params.verificationMode = Poco::Net::Context::VERIFY_STRICT;
  params.caLocation = ca_file;
  params.loadDefaultCAs = ca_file.empty();
  auto context = Poco::makeAuto<Poco::Net::Context>(Poco::Net::Context::TLS_CLIENT_USE, params);
  context->requireMinimumProtocol(Poco::Net::Context::PROTO_TLSV1_2);
  X509_VERIFY_PARAM* wanted = SSL_CTX_get0_param(context->sslContext());  // the name is checked within the handshake
  if (X509_VERIFY_PARAM_set1_host(wanted, address.getHost().c_str(), address.getHost().size()) != 1)
    throw OidcFailure(address.getHost() + " is no name that a certificate can have");
  return std::make_unique<Poco::Net::HTTPSClientSession>(address.getHost(), address.getPort(), context);
}

std::string exchange(const std::string& where, const std::string& ca_file, const std::string& bearer, const std::string* form) {
  try {
    const Poco::URI address(where);
    const auto session = session_to(address, ca_file);
    session->setTimeout(Poco::Timespan(10, 0));
    Poco::Net::HTTPRequest request(form != nullptr ? "POST" : "GET", address.getPathAndQuery(), "HTTP/1.1");
    request.set("Accept", "application/json");
    if (!bearer.empty()) request.set("Authorization", "Bearer " + bearer);
    if (form != nullptr) {
      request.setContentType("application/x-www-form-urlencoded");
      request.setContentLength(static_cast<std::streamsize>(form->size()));
    }
    std::ostream& out = session->sendRequest(request);
    if (form != nullptr) out << *form;
    Poco::Net::HTTPResponse response;
    std::istream& in = session->receiveResponse(response);
    std::string body;
    char block[4096];
    while (in.read(block, sizeof block), in.gcount() > 0) {
      body.append(block, static_cast<std::size_t>(in.gcount()));
      if (body.size() > answer_bytes_max) throw OidcFailure(where + " answers at too great length");
    }
    if (response.getStatus() != Poco::Net::HTTPResponse::HTTP_OK)
      throw OidcFailure(where + " answers " + std::to_string(static_cast<int>(response.getStatus())) + ": " + body.substr(0, 300));
    return body;
  } catch (const Poco::Exception& failure) {
    throw OidcFailure(where + " cannot be reached: " + failure.displayText());
  }
}

json::object object_of(const std::string& where, const std::string& body) {
  boost::json::error_code failed;
  json::value value = json::parse(body, failed);
  if (failed || !value.is_object()) throw OidcFailure(where + " answers no JSON object");
  return std::move(value.get_object());
}

bool is_true_at(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_bool() && value->get_bool();
}

std::string needed_at(const json::object& object, std::string_view name, const std::string& where) {
  std::string text = text_at(object, name);
  if (text.empty()) throw OidcFailure(where + " gives no " + std::string(name));
  return text;
}

// An address that the provider tells: as safe as its own.
std::string address_at(const json::object& told, std::string_view name, const std::string& issuer) {
  std::string text = needed_at(told, name, issuer);
  const bool written = std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
  try {
    const Poco::URI address(text);
    if (written && (address.getScheme() == "https" || (is_plain(address) && is_plain(Poco::URI(issuer))))) return text;
  } catch (const Poco::Exception&) {
    throw OidcFailure(issuer + " gives a " + std::string(name) + " that is no address");
  }
  throw OidcFailure(issuer + " gives a " + std::string(name) + " that is no https address");
}

std::string query_of(std::initializer_list<std::pair<const char*, std::string>> fields) {
  std::string query;
  for (const auto& [name, value] : fields)
    if (!value.empty()) query += (query.empty() ? "" : "&") + std::string(name) + "=" + percent_encoded(value);
  return query;
}

std::string with_query(const std::string& address, const std::string& query) {
  return address + (address.find('?') == std::string::npos ? "?" : "&") + query;
}

}  // namespace

std::string OidcClient::get(const std::string& address, const std::string& bearer) const {
  return exchange(address, settings_.ca_file, bearer, nullptr);
}

std::string OidcClient::post(const std::string& address, const std::string& form) const {
  return exchange(address, settings_.ca_file, "", &form);
}

OidcClient::Provider OidcClient::provider(bool fresh_keys) {
  const std::lock_guard lock(mutex_);  // the others wait: one question to the provider is enough
  const Instant now = clock_();
  const bool known = !known_.token.empty() && now - known_.fetched_at < known_for;
  if (known && (!fresh_keys || (keys_asked_anew_at_ && now - *keys_asked_anew_at_ < fresh_for))) return known_;
  if (!failure_.empty() && now - failed_at_ < down_for) throw OidcFailure(failure_);
  if (fresh_keys) keys_asked_anew_at_ = now;
  try {
    known_ = fetched(now);
    failure_.clear();
  } catch (const OidcFailure& failure) {
    failure_ = failure.what();
    failed_at_ = now;
    throw;
  }
  return known_;
}

OidcClient::Provider OidcClient::fetched(Instant now) const {
  const std::string& issuer = settings_.issuer;
  const std::string where = issuer + (issuer.ends_with('/') ? "" : "/") + ".well-known/openid-configuration";
  const json::object told = object_of(where, get(where, ""));
  if (text_at(told, "issuer") != issuer) throw OidcFailure(where + " is of the issuer " + text_at(told, "issuer"));
  Provider found;
  found.authorization = address_at(told, "authorization_endpoint", issuer);
  found.token = address_at(told, "token_endpoint", issuer);
  found.userinfo = address_at(told, "userinfo_endpoint", issuer);
  found.jwks = address_at(told, "jwks_uri", issuer);
  if (told.contains("end_session_endpoint")) found.end_session = address_at(told, "end_session_endpoint", issuer);
  found.says_issuer = is_true_at(told, "authorization_response_iss_parameter_supported");
  found.keys = object_of(found.jwks, get(found.jwks, ""));
  found.fetched_at = now;
  return found;
}

std::string OidcClient::address_to_begin(std::string_view state, std::string_view nonce, std::string_view verifier) {
  std::string acr;
  for (const std::string& one : settings_.acr) acr += (acr.empty() ? "" : " ") + one;
  return with_query(provider(false).authorization, query_of({{"response_type", "code"},
                                                             {"client_id", settings_.client_id},
                                                             {"redirect_uri", redirect_uri()},
                                                             {"scope", "openid email"},
                                                             {"acr_values", acr},
                                                             {"state", std::string(state)},
                                                             {"nonce", std::string(nonce)},
                                                             {"code_challenge", code_challenge(verifier)},
                                                             {"code_challenge_method", "S256"}}));
}

// A key that is not known may be a new one: the provider is asked once more.
IdClaims OidcClient::believed(const std::string& id_token, const std::string& nonce) {
  const Expected expected{settings_.issuer, settings_.client_id, nonce, settings_.acr};
  auto checked = check_id_token(id_token, provider(false).keys, expected, clock_());
  if (const auto* refused = std::get_if<TokenRefused>(&checked); refused != nullptr && refused->unknown_key)
    checked = check_id_token(id_token, provider(true).keys, expected, clock_());
  if (const auto* refused = std::get_if<TokenRefused>(&checked)) throw OidcFailure("the id token is refused: " + refused->why);
  return std::get<IdClaims>(checked);
}

OidcClient::Identity OidcClient::finish(const Answer& answer, const std::string& nonce, std::string_view verifier) {
  const Provider at = provider(false);
  if ((at.says_issuer || !answer.issuer.empty()) && answer.issuer != settings_.issuer)
    throw OidcFailure("the answer is of another issuer: " + std::string(answer.issuer.substr(0, 200)));
  const auto now = std::chrono::floor<seconds>(clock_()).time_since_epoch().count();
  const std::string assertion = signed_jwt({{"iss", settings_.client_id},
                                            {"sub", settings_.client_id},
                                            {"aud", at.token},
                                            {"jti", random_token()},
                                            {"iat", now},
                                            {"exp", now + 300}},
                                           settings_.private_key);
  const json::object tokens =
      object_of(at.token, post(at.token, query_of({{"grant_type", "authorization_code"},
                                                   {"code", std::string(answer.code)},
                                                   {"code_verifier", std::string(verifier)},
                                                   {"redirect_uri", redirect_uri()},
                                                   {"client_id", settings_.client_id},
                                                   {"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
                                                   {"client_assertion", assertion}})));
  Identity who{believed(needed_at(tokens, "id_token", at.token), nonce), ""};
  const json::object told = object_of(at.userinfo, get(at.userinfo, needed_at(tokens, "access_token", at.token)));
  if (text_at(told, "sub") != who.claims.subject) throw OidcFailure(at.userinfo + " speaks of somebody else");
  if (!is_true_at(told, "email_verified")) throw OidcFailure("the e-mail address is not verified");
  who.email = needed_at(told, "email", at.userinfo);
  return who;
}

std::string OidcClient::address_to_end(std::string_view state) {
  const std::string address = provider(false).end_session;
  if (address.empty()) return "";
  return with_query(address, query_of({{"client_id", settings_.client_id},
                                       {"post_logout_redirect_uri", settings_.portal_url + "/sign-in"},
                                       {"state", std::string(state)}}));
}

}  // namespace tradecase::http
