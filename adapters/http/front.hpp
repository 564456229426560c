// The portal's front: one thread reads and writes all connections without ever waiting for one; a request goes to the workers when it
// has arrived whole and its head is in order. Slow, half-open and silent clients therefore hold a socket and no thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "adapters/http/crew.hpp"
#include "adapters/http/head.hpp"

namespace tradecase::http {

struct FrontSettings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;  // 0: any free one
  bool behind_proxy = false;  // X-Forwarded-For is believed, and one address may hold every connection
  CrewSettings crew;
  int connections_per_address = 100;
  int connections_max = 4'000;
  std::size_t json_bytes_max = 1024 * 1024;
  std::size_t upload_bytes_max = 50 * 1024 * 1024;   // of a whole multipart body; other forms: 2 MiB
  std::size_t bodies_bytes_max = 512 * 1024 * 1024;  // of all that are arriving or being answered
  std::chrono::milliseconds head_time{10'000}, body_time{30'000}, answer_time{30'000}, idle_time{15'000}, farewell_time{2'000};
};

// What was answered, for log and metrics. Called by the thread that answered.
struct Answered {
  std::string method, path, peer, id;
  int status = 0;
  std::chrono::microseconds time{};
  std::size_t bytes = 0;
};

// Gives the answers of some requests, each in its place; throws nothing.
using Finish = std::function<std::vector<Response>()>;

// Acts of which several are begun together. `begin` comes back before they are decided and throws nothing; `resume` is called once for
// them, on any thread, with what gives their answers. The requests stay until these are given.
struct Together {
  std::function<bool(const Head&)> are;
  std::function<void(const std::vector<const Request*>& requests, std::function<void(Finish)> resume)> begin;
};

class Front {
 public:
  // `handle` answers a whole request and may throw nothing; `refuse` words what the front itself refuses.
  Front(FrontSettings settings, std::function<Response(const Request&)> handle, std::function<Response(const Reject&)> refuse,
        std::function<void(const Answered&)> answered = {}, Together together = {});
  ~Front();
  Front(const Front&) = delete;
  Front& operator=(const Front&) = delete;

  std::uint16_t port() const;  // the one it listens on
  // Takes no new connection, lets requests under way be answered for at most `patience`, then ends.
  void stop(std::chrono::seconds patience);

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace tradecase::http
