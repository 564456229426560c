#include "adapters/webhooks/signing.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <array>
#include <stdexcept>
#include <vector>

namespace tradecase::webhooks {
namespace {

constexpr std::string_view prefix = "whsec_";
using Bytes = std::vector<unsigned char>;

std::string base64(const unsigned char* bytes, std::size_t size) {
  std::string text((size + 2) / 3 * 4 + 1, '\0');  // OpenSSL ends it with NUL
  text.resize(static_cast<std::size_t>(EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes, static_cast<int>(size))));
  return text;
}

Bytes key_of(std::string_view secret) {
  const std::string_view text = secret.substr(secret.starts_with(prefix) ? prefix.size() : secret.size());
  Bytes bytes(text.size() / 4 * 3);
  const int size = text.empty() || text.size() % 4 != 0
                       ? -1
                       : EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (size < 0) throw std::invalid_argument("this is no secret of a webhook");
  std::size_t padding = 0;
  while (padding < 2 && text[text.size() - 1 - padding] == '=') ++padding;
  bytes.resize(static_cast<std::size_t>(size) - padding);
  return bytes;
}

}  // namespace

std::string new_secret() {
  std::array<unsigned char, 32> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) throw std::runtime_error("the system gives no random numbers");
  return std::string(prefix) + base64(bytes.data(), bytes.size());
}

std::string signature(std::string_view secret, std::string_view id, long long timestamp, std::string_view body) {
  const Bytes key = key_of(secret);
  const std::string text = std::string(id) + "." + std::to_string(timestamp) + "." + std::string(body);
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned int size = 0;
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
           mac.data(), &size) == nullptr)
    throw std::runtime_error("the crypto library fails");
  return "v1," + base64(mac.data(), size);
}

}  // namespace tradecase::webhooks
