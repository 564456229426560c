// Where a webhook may be sent: to the public internet over https, and nowhere inside. The ranges are those of the IANA registries of
// special-purpose addresses (iana-ipv4-special-registry, iana-ipv6-special-registry) and of multicast.
#pragma once

#include <netinet/in.h>

#include <optional>
#include <string>
#include <string_view>

namespace tradecase::webhooks {

// Whether nothing but a public host can stand there. `text`: an IPv4 or IPv6 address without port or brackets; false for anything else.
bool is_public(std::string_view text);
bool is_public(const in_addr& address);
bool is_public(const in6_addr& address);
bool is_loopback(const sockaddr& address);

// Why a URL cannot be a webhook's, in a sentence; nothing where it can. The name's addresses are checked when the connection is made,
// every time. `loopback`: this machine itself is allowed, over http too: a sandbox that says so.
std::optional<std::string> url_problem(std::string_view url, bool loopback);

}  // namespace tradecase::webhooks
