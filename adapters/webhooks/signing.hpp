// Standard Webhooks 1.0.0: secrets and signatures (github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md).
#pragma once

#include <string>
#include <string_view>

namespace tradecase::webhooks {

std::string new_secret();  // whsec_ and the base64 of 32 random bytes

// "v1," and the base64 of the HMAC-SHA256 of "id.timestamp.body". `secret` as new_secret() writes it; std::invalid_argument for
// anything else. `timestamp`: seconds since 1970.
std::string signature(std::string_view secret, std::string_view id, long long timestamp, std::string_view body);

}  // namespace tradecase::webhooks
