#include "adapters/http/oidc.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <catch2/catch.hpp>
#include <functional>
#include <memory>

using namespace tradecase;
using namespace tradecase::http;
using namespace std::chrono_literals;

namespace {

const Instant now(1'800'000'000s);
constexpr std::int64_t seconds_now = 1'800'000'000;

struct SignKey {
  std::string pem;
  json::object jwk;
};

std::string number_of(EVP_PKEY* key, const char* name) {
  BIGNUM* number = nullptr;
  REQUIRE(EVP_PKEY_get_bn_param(key, name, &number) == 1);
  std::string bytes(static_cast<std::size_t>(BN_num_bytes(number)), '\0');
  BN_bn2bin(number, reinterpret_cast<unsigned char*>(bytes.data()));
  BN_free(number);
  return base64url(bytes);
}

SignKey new_key(const char* id, unsigned bits = 2048) {
  EVP_PKEY* key = EVP_RSA_gen(bits);
  REQUIRE(key != nullptr);
  BIO* out = BIO_new(BIO_s_mem());
  REQUIRE(PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  char* text = nullptr;
  const long length = BIO_get_mem_data(out, &text);
  SignKey made{std::string(text, static_cast<std::size_t>(length)),
               {{"kty", "RSA"},
                {"use", "sig"},
                {"kid", id},
                {"n", number_of(key, OSSL_PKEY_PARAM_RSA_N)},
                {"e", number_of(key, OSSL_PKEY_PARAM_RSA_E)}}};
  BIO_free(out);
  EVP_PKEY_free(key);
  return made;
}

json::object good_claims() {
  return {{"iss", "https://idp.example"}, {"aud", "tradecase"},     {"sub", "7f3c"},           {"nonce", "nonce-of-22-characters"},
          {"acr", "urn:acr:1"},           {"iat", seconds_now - 5}, {"exp", seconds_now + 300}};
}

const Expected expected{"https://idp.example", "tradecase", "nonce-of-22-characters", {"urn:acr:1", "urn:acr:2"}};

std::string why_not(const std::string& token, const json::object& keys, const Expected& asked = expected) {
  const auto checked = check_id_token(token, keys, asked, now);
  const auto* refused = std::get_if<TokenRefused>(&checked);
  return refused != nullptr ? refused->why : "";
}

std::string with_header(const std::string& header, const std::string& token) { return base64url(header) + token.substr(token.find('.')); }

}  // namespace

TEST_CASE("an id token is believed for exactly what it must say") {
  static const SignKey key = new_key("one");
  const json::object keys{{"keys", json::array{key.jwk}}};
  struct Row {
    const char* what;
    std::function<void(json::object&)> change;
    std::string why;
  };
  const Row rows[] = {
      {"as it must be", [](json::object&) {}, ""},
      {"several audiences, issued to us",
       [](json::object& c) {
         c["aud"] = json::array{"tradecase", "other"}, c["azp"] = "tradecase";
       },
       ""},
      {"another issuer", [](json::object& c) { c["iss"] = "https://evil.example"; }, "it is of another issuer"},
      {"no issuer", [](json::object& c) { c.erase("iss"); }, "it is of another issuer"},
      {"another audience", [](json::object& c) { c["aud"] = "other"; }, "it is meant for somebody else"},
      {"no audience", [](json::object& c) { c.erase("aud"); }, "it is meant for somebody else"},
      {"several audiences, issued to nobody",
       [](json::object& c) {
         c["aud"] = json::array{"tradecase", "other"};
       },
       "it is meant for somebody else"},
      {"issued to another", [](json::object& c) { c["azp"] = "other"; }, "it was issued to somebody else"},
      {"expired", [](json::object& c) { c["exp"] = seconds_now - 61; }, "it has expired"},
      {"expired within the skew", [](json::object& c) { c["exp"] = seconds_now - 30; }, ""},
      {"without an end", [](json::object& c) { c.erase("exp"); }, "it has expired"},
      {"an end that is no number", [](json::object& c) { c["exp"] = "never"; }, "it has expired"},
      {"an end beyond time", [](json::object& c) { c["exp"] = 4'000'000'000'000'000'000; }, "it has expired"},
      {"of tomorrow", [](json::object& c) { c["iat"] = seconds_now + 86'400; }, "it is of a moment to come"},
      {"not yet", [](json::object& c) { c["nbf"] = seconds_now + 600; }, "it does not hold yet"},
      {"another sign-in's", [](json::object& c) { c["nonce"] = "another"; }, "it answers another sign-in"},
      {"no nonce", [](json::object& c) { c.erase("nonce"); }, "it answers another sign-in"},
      {"nobody", [](json::object& c) { c["sub"] = ""; }, "it names nobody"},
      {"a weaker identification", [](json::object& c) { c["acr"] = "urn:acr:0"; }, "the person was not identified as asked"},
      {"one of several", [](json::object& c) { c["acr"] = "urn:acr:2"; }, ""},
      {"two at once", [](json::object& c) { c["acr"] = "urn:acr:1 urn:acr:2"; }, "the person was not identified as asked"},
      {"a list", [](json::object& c) { c["acr"] = json::array{"urn:acr:1"}; }, "the person was not identified as asked"},
      {"none told", [](json::object& c) { c.erase("acr"); }, "the person was not identified as asked"},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    json::object claims = good_claims();
    row.change(claims);
    CHECK(why_not(signed_jwt(claims, key.pem), keys) == row.why);
  }
}

TEST_CASE("hostile tokens are refused whatever they say") {
  static const SignKey key = new_key("one"), other = new_key("one"), short_key = new_key("one", 1024);
  const json::object keys{{"keys", json::array{key.jwk}}};
  const std::string good = signed_jwt(good_claims(), key.pem);
  const auto last = good.rfind('.');
  CHECK(why_not(good, keys).empty());
  CHECK(why_not(base64url(R"({"alg":"none"})") + good.substr(good.find('.'), last - good.find('.')) + ".", keys) == "it is no token");
  CHECK(why_not(with_header(R"({"alg":"none"})", good), keys) == "it is not signed by RS256");
  CHECK(why_not(with_header(R"({"alg":"HS256"})", good), keys) == "it is not signed by RS256");
  CHECK(why_not(with_header(R"({"alg":"RS256","crit":["b64"]})", good), keys) == "it asks for what is not known here");
  CHECK(why_not(with_header(R"({"alg":"RS256","kid":"one","x":1})", good), keys) == "its signature does not hold");
  CHECK(why_not(signed_jwt(good_claims(), other.pem), keys) == "its signature does not hold");
  CHECK(why_not(signed_jwt(good_claims(), short_key.pem), {{"keys", json::array{short_key.jwk}}}) == "its key is no RSA key of 2048 bits");
  CHECK(why_not(with_header(R"({"alg":"RS256","kid":"two"})", good), keys) == "its key is not the provider's");
  CHECK(why_not(good, {{"keys", json::array{}}}) == "its key is not the provider's");
  CHECK(why_not(good, {}) == "its key is not the provider's");
  for (const char* nothing : {"", ".", "..", "a.b.c", "a.b.c.d", "eyJ9.eyJ9.AA", "é.é.é"})
    CHECK(why_not(nothing, keys) == "it is no token");
  CHECK(why_not(std::string(100'000, 'a'), keys) == "it is too long");
  Expected without = expected;
  without.nonce = "";
  CHECK(why_not(good, keys, without) == "it answers another sign-in");
}

TEST_CASE("where no identification is asked for, none is looked at") {
  static const SignKey key = new_key("one");
  json::object claims = good_claims();
  claims.erase("acr");
  Expected any = expected;
  any.acr.clear();
  CHECK(why_not(signed_jwt(claims, key.pem), {{"keys", json::array{key.jwk}}}, any).empty());
}

TEST_CASE("a key for something else, or of another kind, signs nothing") {
  static const SignKey key = new_key("one");
  const std::string good = signed_jwt(good_claims(), key.pem);
  for (const auto& [name, value] : {std::pair("use", "enc"), std::pair("alg", "RS512"), std::pair("kty", "EC"), std::pair("n", "AQAB")}) {
    INFO(name);
    json::object other = key.jwk;
    other[name] = value;
    CHECK_FALSE(why_not(good, {{"keys", json::array{other}}}).empty());
  }
  const SignKey second = new_key("two");
  CHECK(why_not(good, {{"keys", json::array{key.jwk, second.jwk}}}) ==
        "its key is not the provider's");  // it names none, and there are two
}

TEST_CASE("an unknown key is told apart, so that new keys are fetched") {
  const SignKey key = new_key("one"), next = new_key("two");
  const auto checked = check_id_token(with_header(R"({"alg":"RS256","kid":"two"})", signed_jwt(good_claims(), next.pem)),
                                      {{"keys", json::array{key.jwk}}}, expected, now);
  REQUIRE(std::holds_alternative<TokenRefused>(checked));
  CHECK(std::get<TokenRefused>(checked).unknown_key);
}

TEST_CASE("the challenge of PKCE is that of RFC 7636, appendix B") {
  CHECK(code_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

TEST_CASE("base64url is taken in its one form only") {
  CHECK(from_base64url("-_8") == "\xfb\xff");
  for (const char* bad : {"-_9", "a", "ab=", "a+b/", "ab\n"}) CHECK_FALSE(from_base64url(bad));
}
