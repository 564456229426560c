#include "adapters/webhooks/post.hpp"

#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <mutex>
#include <stdexcept>

#include "adapters/webhooks/address.hpp"

namespace tradecase::webhooks {
namespace {

constexpr std::size_t answer_bytes_max = 4096;  // of head and body, each

// What the callbacks know of one exchange.
struct Exchange {
  bool loopback = false;
  bool refused = false;  // an address that is not for us
  std::size_t head = 0, body = 0;
};

// Every address that libcurl is about to connect to, after the name was looked up: nothing is between this check and the connection.
curl_socket_t open_checked(void* known, curlsocktype, curl_sockaddr* to) {
  auto& exchange = *static_cast<Exchange*>(known);
  const bool open = to->family == AF_INET    ? is_public(reinterpret_cast<const sockaddr_in&>(to->addr).sin_addr)
                    : to->family == AF_INET6 ? is_public(reinterpret_cast<const sockaddr_in6&>(to->addr).sin6_addr)
                                             : false;
  if (!open && !(exchange.loopback && is_loopback(to->addr))) {
    exchange.refused = true;
    return CURL_SOCKET_BAD;
  }
  return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

// Counted and thrown away; too much of it ends the exchange.
std::size_t count_head(char*, std::size_t size, std::size_t count, void* known) {
  auto& exchange = *static_cast<Exchange*>(known);
  exchange.head += size * count;
  return exchange.head > answer_bytes_max ? 0 : size * count;
}
std::size_t count_body(char*, std::size_t size, std::size_t count, void* known) {
  auto& exchange = *static_cast<Exchange*>(known);
  exchange.body += size * count;
  return exchange.body > answer_bytes_max ? 0 : size * count;
}

using List = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

template <class T>
void set(CURL* handle, CURLoption option, T value) {
  if (const CURLcode code = curl_easy_setopt(handle, option, value); code != CURLE_OK)
    throw std::runtime_error(std::string("libcurl: ") + curl_easy_strerror(code));
}

void set_rules(CURL* handle, const PostSettings& settings) {
  set(handle, CURLOPT_NOSIGNAL, 1L);
  set(handle, CURLOPT_PROTOCOLS_STR, settings.loopback ? "https,http" : "https");
  set(handle, CURLOPT_FOLLOWLOCATION, 0L);
  set(handle, CURLOPT_PROXY, "");  // none, whatever the environment says
  set(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(handle, CURLOPT_SSL_VERIFYPEER, 1L);
  set(handle, CURLOPT_SSL_VERIFYHOST, 2L);
  if (!settings.ca_file.empty()) {
    set(handle, CURLOPT_CAINFO, settings.ca_file.c_str());
    set(handle, CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  }
  set(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(settings.patience.count()));
  set(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(settings.patience.count()));
  set(handle, CURLOPT_OPENSOCKETFUNCTION, open_checked);
  set(handle, CURLOPT_HEADERFUNCTION, count_head);
  set(handle, CURLOPT_WRITEFUNCTION, count_body);
}

std::string told(CURLcode code, const Exchange& exchange) {
  if (exchange.refused) return "the name leads to an address that is not on the public internet";
  if (code == CURLE_OPERATION_TIMEDOUT) return "no answer came in time";
  if (code == CURLE_WRITE_ERROR) return "the answer's head is too long";
  return curl_easy_strerror(code);
}

}  // namespace

Poster::Poster(PostSettings settings) : settings_(std::move(settings)) {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  handle_ = curl_easy_init();
  if (handle_ == nullptr) throw std::bad_alloc();
}

Poster::~Poster() { curl_easy_cleanup(handle_); }

Answered Poster::post(const std::string& url, const std::vector<std::pair<std::string, std::string>>& headers, const std::string& body) {
  if (const auto problem = url_problem(url, settings_.loopback)) return {0, *problem};
  Exchange exchange{settings_.loopback};
  curl_easy_reset(handle_);  // its connections stay
  set_rules(handle_, settings_);
  curl_slist* lines = nullptr;
  for (const auto& [name, value] : headers) lines = curl_slist_append(lines, (name + ": " + value).c_str());
  lines = curl_slist_append(lines, "Expect:");  // the body at once
  const List kept(lines, curl_slist_free_all);
  curl_slist* hosts = nullptr;
  for (const std::string& host : settings_.hosts) hosts = curl_slist_append(hosts, host.c_str());
  const List kept_hosts(hosts, curl_slist_free_all);
  set(handle_, CURLOPT_RESOLVE, hosts);
  set(handle_, CURLOPT_URL, url.c_str());
  set(handle_, CURLOPT_HTTPHEADER, lines);
  set(handle_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  set(handle_, CURLOPT_POSTFIELDS, body.c_str());
  set(handle_, CURLOPT_OPENSOCKETDATA, &exchange);
  set(handle_, CURLOPT_HEADERDATA, &exchange);
  set(handle_, CURLOPT_WRITEDATA, &exchange);
  const CURLcode code = curl_easy_perform(handle_);
  const bool cut_short = code == CURLE_WRITE_ERROR && exchange.body > answer_bytes_max;  // the status came before it
  if (code != CURLE_OK && !cut_short) return {0, told(code, exchange)};
  long status = 0;
  curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
  return {static_cast<int>(status), ""};
}

}  // namespace tradecase::webhooks
