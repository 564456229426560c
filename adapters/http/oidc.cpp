#include "adapters/http/oidc.hpp"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>
#include <memory>
#include <stdexcept>

namespace tradecase::http {

std::string text_at(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

namespace {

constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr auto skew = std::chrono::seconds(60);        // of the two clocks
constexpr std::int64_t seconds_max = 100'000'000'000;  // later is no moment of ours
constexpr int key_bits_min = 2048;
constexpr std::size_t token_bytes_max = 16 * 1024;

template <class T, void (*release)(T*)>
struct Release {
  void operator()(T* it) const { release(it); }
};
using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY, EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Release<EVP_PKEY_CTX, EVP_PKEY_CTX_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX, EVP_MD_CTX_free>>;
using Number = std::unique_ptr<BIGNUM, Release<BIGNUM, BN_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Release<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, Release<OSSL_PARAM, OSSL_PARAM_free>>;

const unsigned char* bytes_of(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

std::optional<std::int64_t> seconds_at(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr) return std::nullopt;
  boost::json::error_code failed;
  const auto number = value->to_number<std::int64_t>(failed);
  return failed || number < 0 || number > seconds_max ? std::nullopt : std::optional(number);
}

std::optional<json::object> object_of(std::string_view encoded) {
  const auto text = from_base64url(encoded);
  if (!text) return std::nullopt;
  boost::json::error_code failed;
  json::value value = json::parse(*text, failed);
  if (failed || !value.is_object()) return std::nullopt;
  return std::move(value.get_object());
}

Key rsa_key(const json::object& jwk) {
  const auto modulus = from_base64url(text_at(jwk, "n")), exponent = from_base64url(text_at(jwk, "e"));
  if (text_at(jwk, "kty") != "RSA" || !modulus || !exponent || modulus->empty() || exponent->empty()) return nullptr;
  const Number n(BN_bin2bn(bytes_of(*modulus), static_cast<int>(modulus->size()), nullptr));
  const Number e(BN_bin2bn(bytes_of(*exponent), static_cast<int>(exponent->size()), nullptr));
  const Builder builder(OSSL_PARAM_BLD_new());
  if (!n || !e || !builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1)
    return nullptr;
  const Params params(OSSL_PARAM_BLD_to_param(builder.get()));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
  EVP_PKEY* made = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, params.get()) != 1)
    return nullptr;
  Key key(made);
  if (EVP_PKEY_get_bits(key.get()) < key_bits_min) return nullptr;
  return key;
}

// The key that the token names; the only one where it names none.
const json::object* find_key(const json::object& keys, const std::string& id) {
  const json::value* list = keys.if_contains("keys");
  if (list == nullptr || !list->is_array()) return nullptr;
  const json::object* found = nullptr;
  for (const json::value& one : list->get_array()) {
    if (!one.is_object()) continue;
    const json::object& key = one.get_object();
    const std::string use = text_at(key, "use"), algorithm = text_at(key, "alg");
    if (text_at(key, "kty") != "RSA" || (!use.empty() && use != "sig") || (!algorithm.empty() && algorithm != "RS256")) continue;
    if (!id.empty() && text_at(key, "kid") == id) return &key;
    if (id.empty() && found != nullptr) return nullptr;
    if (id.empty()) found = &key;
  }
  return found;
}

bool signature_holds(EVP_PKEY* key, std::string_view signed_part, const std::string& signature) {
  const Digest digest(EVP_MD_CTX_new());
  return digest && EVP_DigestVerifyInit(digest.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
         EVP_DigestVerify(digest.get(), bytes_of(signature), signature.size(), bytes_of(signed_part), signed_part.size()) == 1;
}

bool meant_for(const json::object& claims, const std::string& client_id) {
  const json::value* audience = claims.if_contains("aud");
  if (audience == nullptr) return false;
  if (audience->is_string()) return audience->get_string() == client_id;
  if (!audience->is_array()) return false;
  const json::array& all = audience->get_array();
  const bool named = std::ranges::any_of(all, [&](const json::value& one) { return one.is_string() && one.get_string() == client_id; });
  return named && (all.size() == 1 || text_at(claims, "azp") == client_id);
}

// Why these claims are not to be believed; "" where they are.
std::string doubt(const json::object& claims, const Expected& expected, Instant now) {
  if (text_at(claims, "iss") != expected.issuer) return "it is of another issuer";
  if (!meant_for(claims, expected.client_id)) return "it is meant for somebody else";
  if (const std::string azp = text_at(claims, "azp"); !azp.empty() && azp != expected.client_id) return "it was issued to somebody else";
  const auto expires = seconds_at(claims, "exp"), issued = seconds_at(claims, "iat"), not_yet = seconds_at(claims, "nbf");
  const auto moment = [](std::int64_t seconds) { return std::chrono::sys_seconds(std::chrono::seconds(seconds)); };
  if (!expires || moment(*expires) + skew <= now) return "it has expired";
  if (!issued || moment(*issued) - skew > now) return "it is of a moment to come";
  if (not_yet && moment(*not_yet) - skew > now) return "it does not hold yet";
  if (expected.nonce.empty() || text_at(claims, "nonce") != expected.nonce) return "it answers another sign-in";
  if (text_at(claims, "sub").empty()) return "it names nobody";
  if (!expected.acr.empty() && std::ranges::find(expected.acr, text_at(claims, "acr")) == expected.acr.end())
    return "the person was not identified as asked";
  return "";
}

}  // namespace

std::string base64url(std::string_view bytes) {
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char byte : bytes) {
    bits = (bits << 8U) | static_cast<unsigned char>(byte);
    for (held += 8; held >= 6; held -= 6) out += alphabet[(bits >> static_cast<unsigned>(held - 6)) & 63U];
    bits &= 0xFFU;
  }
  if (held > 0) out += alphabet[(bits << static_cast<unsigned>(6 - held)) & 63U];
  return out;
}

std::optional<std::string> from_base64url(std::string_view text) {
  const std::string_view letters(alphabet);
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    const auto value = letters.find(c);
    if (c == '\0' || value == std::string_view::npos) return std::nullopt;
    bits = ((bits << 6U) | static_cast<std::uint32_t>(value)) & 0xFFFFU;
    held += 6;
    if (held < 8) continue;
    held -= 8;
    out += static_cast<char>((bits >> static_cast<unsigned>(held)) & 0xFFU);
  }
  return base64url(out) == text ? std::optional(out) : std::nullopt;
}

std::string code_challenge(std::string_view verifier) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned length = 0;
  if (EVP_Digest(verifier.data(), verifier.size(), hash.data(), &length, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("SHA-256 cannot be computed");
  return base64url({reinterpret_cast<const char*>(hash.data()), length});
}

std::variant<IdClaims, TokenRefused> check_id_token(std::string_view token, const json::object& keys, const Expected& expected,
                                                    Instant now) {
  if (token.size() > token_bytes_max) return TokenRefused{"it is too long"};
  const auto first = token.find('.'), last = token.rfind('.');
  if (first == std::string_view::npos || first == last || token.find('.', first + 1) != last) return TokenRefused{"it is no token"};
  const auto header = object_of(token.substr(0, first)), claims = object_of(token.substr(first + 1, last - first - 1));
  const auto signature = from_base64url(token.substr(last + 1));
  if (!header || !claims || !signature || signature->empty()) return TokenRefused{"it is no token"};
  if (text_at(*header, "alg") != "RS256") return TokenRefused{"it is not signed by RS256"};
  if (header->contains("crit")) return TokenRefused{"it asks for what is not known here"};
  const json::object* named = find_key(keys, text_at(*header, "kid"));
  if (named == nullptr) return TokenRefused{"its key is not the provider's", true};
  const Key key = rsa_key(*named);
  if (!key) return TokenRefused{"its key is no RSA key of " + std::to_string(key_bits_min) + " bits"};
  if (!signature_holds(key.get(), token.substr(0, last), *signature)) return TokenRefused{"its signature does not hold"};
  if (std::string why = doubt(*claims, expected, now); !why.empty()) return TokenRefused{std::move(why)};
  return IdClaims{expected.issuer, text_at(*claims, "sub"), text_at(*claims, "acr")};
}

std::string signed_jwt(const json::object& claims, const std::string& private_key_pem) {
  const std::unique_ptr<BIO, Release<BIO, BIO_free_all>> in(
      BIO_new_mem_buf(private_key_pem.data(), static_cast<int>(private_key_pem.size())));
  const Key key(in ? PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr) : nullptr);
  if (!key || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) throw std::runtime_error("the key to sign with is no RSA private key (PEM)");
  const std::string said = base64url(R"({"alg":"RS256","typ":"JWT"})") + "." + base64url(json::serialize(claims));
  const Digest digest(EVP_MD_CTX_new());
  std::size_t length = 0;
  if (!digest || EVP_DigestSignInit(digest.get(), nullptr, EVP_sha256(), nullptr, key.get()) != 1 ||
      EVP_DigestSign(digest.get(), nullptr, &length, bytes_of(said), said.size()) != 1)
    throw std::runtime_error("the key does not sign");
  std::string signature(length, '\0');
  if (EVP_DigestSign(digest.get(), reinterpret_cast<unsigned char*>(signature.data()), &length, bytes_of(said), said.size()) != 1)
    throw std::runtime_error("the key does not sign");
  signature.resize(length);
  return said + "." + base64url(signature);
}

}  // namespace tradecase::http
