#include "adapters/webhooks/address.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>

namespace tradecase::webhooks {
namespace {

constexpr std::size_t url_bytes_max = 2000;

struct Range {
  const char* first;
  int bits;
};

// What is not in the registries' "globally reachable" column, or is no single host.
constexpr Range closed_v4[] = {
    {"0.0.0.0", 8},        // this network
    {"10.0.0.0", 8},       // private
    {"100.64.0.0", 10},    // carrier-grade NAT
    {"127.0.0.0", 8},      // loopback
    {"169.254.0.0", 16},   // link-local: the clouds' metadata too
    {"172.16.0.0", 12},    // private
    {"192.0.0.0", 24},     // protocol assignments
    {"192.0.2.0", 24},     // documentation
    {"192.31.196.0", 24},  // AS112
    {"192.52.193.0", 24},  // AMT
    {"192.88.99.0", 24},   // 6to4 relays
    {"192.168.0.0", 16},   // private
    {"192.175.48.0", 24},  // AS112
    {"198.18.0.0", 15},    // benchmarks
    {"198.51.100.0", 24},  // documentation
    {"203.0.113.0", 24},   // documentation
    {"224.0.0.0", 4},      // multicast
    {"240.0.0.0", 4},      // reserved, and broadcast
    {"168.63.129.16", 32}  // a cloud's own services, on a public address
};
// Only 2000::/3 is given out to hosts; within it these are not open.
constexpr Range open_v6 = {"2000::", 3};
constexpr Range closed_v6[] = {
    {"2001::", 23},          // protocol assignments: Teredo, ORCHID, benchmarks
    {"2001:db8::", 32},      // documentation
    {"2002::", 16},          // 6to4: any IPv4 address within
    {"2620:4f:8000::", 48},  // AS112
    {"3fff::", 20}           // documentation
};

template <std::size_t N>
bool within(const std::array<std::uint8_t, N>& address, const Range& range) {
  std::array<std::uint8_t, N> first{};
  inet_pton(N == 4 ? AF_INET : AF_INET6, range.first, first.data());
  const auto whole = static_cast<std::size_t>(range.bits / 8);
  if (!std::equal(first.begin(), first.begin() + static_cast<std::ptrdiff_t>(whole), address.begin())) return false;
  const int rest = range.bits % 8;
  return rest == 0 || ((first.at(whole) ^ address.at(whole)) >> (8 - rest)) == 0;
}

using Url = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

std::string part_of(const Url& url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url.get(), part, &text, flags) != CURLUE_OK) return "";
  std::string value = text;
  curl_free(text);
  return value;
}

bool names_this_machine(const std::string& host) {
  return host == "localhost" || host == "127.0.0.1" || host == "::1" || host.ends_with(".localhost");
}

bool is_number(const std::string& host) {
  in_addr v4{};
  in6_addr v6{};
  return inet_pton(AF_INET, host.c_str(), &v4) == 1 || inet_pton(AF_INET6, host.c_str(), &v6) == 1;
}

}  // namespace

bool is_public(const in_addr& address) {
  std::array<std::uint8_t, 4> bytes{};
  std::memcpy(bytes.data(), &address, bytes.size());
  return std::ranges::none_of(closed_v4, [&](const Range& range) { return within(bytes, range); });
}

bool is_public(const in6_addr& address) {
  std::array<std::uint8_t, 16> bytes{};
  std::memcpy(bytes.data(), &address, bytes.size());
  return within(bytes, open_v6) && std::ranges::none_of(closed_v6, [&](const Range& range) { return within(bytes, range); });
}

bool is_public(std::string_view text) {
  const std::string address(text);
  in_addr v4{};
  if (inet_pton(AF_INET, address.c_str(), &v4) == 1) return is_public(v4);
  in6_addr v6{};
  return inet_pton(AF_INET6, address.c_str(), &v6) == 1 && is_public(v6);
}

bool is_loopback(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    in_addr v4{};
    std::memcpy(&v4, &reinterpret_cast<const sockaddr_in&>(address).sin_addr, sizeof v4);
    return (ntohl(v4.s_addr) >> 24) == 127;
  }
  return address.sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6&>(address).sin6_addr) != 0;
}

std::optional<std::string> url_problem(std::string_view text, bool loopback) {
  if (text.empty()) return "Write the address that the events go to.";
  if (text.size() > url_bytes_max) return "The address is longer than 2000 characters.";
  if (std::ranges::any_of(text, [](unsigned char c) { return c <= 0x20 || c >= 0x7F; }))
    return "The address holds a blank or a character that an address cannot have.";
  const Url url(curl_url(), curl_url_cleanup);
  const bool plain = text.starts_with("http://");
  if (!plain && !text.starts_with("https://")) return "The address begins with https://.";
  if (curl_url_set(url.get(), CURLUPART_URL, std::string(text).c_str(), 0) != CURLUE_OK) return "This is no address of a web server.";
  if (!part_of(url, CURLUPART_USER).empty() || !part_of(url, CURLUPART_PASSWORD).empty())
    return "The address must not hold a user name or a password.";
  if (!part_of(url, CURLUPART_FRAGMENT).empty()) return "The address must not hold a part behind #.";
  std::string host = part_of(url, CURLUPART_HOST);
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  if (host.ends_with('.')) host.pop_back();
  std::ranges::transform(host, host.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  const bool here = names_this_machine(host);
  if (here && loopback) return std::nullopt;
  if (plain) return "The address begins with https://.";
  if (here || (is_number(host) && !is_public(host)) || host.find_first_of(".:") == std::string::npos)
    return "Events go to the public internet only, not to this address.";
  const int port = std::stoi(part_of(url, CURLUPART_PORT, CURLU_DEFAULT_PORT));
  if (port != 443 && port < 1024) return "The port is 443, or 1024 and above.";
  return std::nullopt;
}

}  // namespace tradecase::webhooks
