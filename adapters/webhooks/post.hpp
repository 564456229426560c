// One signed event to one address: no redirects, no proxy, no private address, ten seconds in all, and nothing kept of what is answered
// but its status.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace tradecase::webhooks {

struct PostSettings {
  bool loopback = false;                       // this machine itself too, over http too
  std::string ca_file;                         // the only authorities trusted (PEM); empty: the system's
  std::chrono::milliseconds patience{10'000};  // for all of it: name, connection, TLS, sending, answer
  std::vector<std::string> hosts{};            // "name:port:address", asked before the DNS is: a hosts file of one's own
};

struct Answered {
  int status = 0;      // 0: no answer came
  std::string detail;  // what went wrong, for its owner; "" with an answer
};

// One receiver; keeps its connection between events. For one thread at a time. Throws nothing but std::bad_alloc.
class Poster {
 public:
  explicit Poster(PostSettings settings);
  ~Poster();
  Poster(const Poster&) = delete;
  Poster& operator=(const Poster&) = delete;

  Answered post(const std::string& url, const std::vector<std::pair<std::string, std::string>>& headers, const std::string& body);

 private:
  PostSettings settings_;
  void* handle_;  // libcurl's
};

}  // namespace tradecase::webhooks
