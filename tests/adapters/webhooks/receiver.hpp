// A receiver of webhooks on this machine, which does to each request what the test wrote down for it; after the last, as the last.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace tradecase::testing {

struct Heard {
  std::string line;                            // POST /in HTTP/1.1
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

inline const std::string hang_up = "(hang up)";
inline const std::string say_nothing = "(say nothing)";
inline const std::string never_end = "(never end)";  // a head that goes on and on, byte by byte

inline std::string answer(const std::string& status, const std::string& more = "", const std::string& body = "") {
  return "HTTP/1.1 " + status + "\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + more + "\r\n" + body;
}

class Receiver {
 public:
  explicit Receiver(std::vector<std::string> script) : script_(std::move(script)), fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    if (bind(fd_, reinterpret_cast<sockaddr*>(&at), size) != 0) throw std::runtime_error("the receiver got no port");
    listen(fd_, 16);
    getsockname(fd_, reinterpret_cast<sockaddr*>(&at), &size);
    port_ = ntohs(at.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~Receiver() {
    ending_ = true;
    thread_.join();
    close(fd_);
  }
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  int port() const { return port_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/in"; }
  std::vector<Heard> heard() const {
    const std::lock_guard lock(mutex_);
    return heard_;
  }
  int connections() const { return connections_; }

 private:
  static bool readable(int fd) {
    pollfd one{fd, POLLIN, 0};
    return poll(&one, 1, 20) > 0;
  }

  void serve() {
    while (!ending_) {
      if (!readable(fd_)) continue;
      const int connection = accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC);
      if (connection < 0) continue;
      ++connections_;
      play(connection);
      close(connection);
    }
  }

  void play(int connection) {
    std::string bytes;
    std::size_t end = std::string::npos, length = 0;
    while (end == std::string::npos || bytes.size() < end + 4 + length) {
      char part[4096];
      const ssize_t got = recv(connection, part, sizeof part, 0);
      if (got <= 0) return;
      bytes.append(part, static_cast<std::size_t>(got));
      if (end != std::string::npos) continue;
      end = bytes.find("\r\n\r\n");
      if (end != std::string::npos) length = keep(bytes.substr(0, end));
    }
    std::string words;
    {
      const std::lock_guard lock(mutex_);
      heard_.back().body = bytes.substr(end + 4);
      words = script_[std::min(heard_.size(), script_.size()) - 1];
    }
    if (words == hang_up) return;
    if (words == say_nothing) return wait_for_end(connection);
    if (words == never_end) return drip(connection);
    send(connection, words.data(), words.size(), MSG_NOSIGNAL);
  }

  // The head, kept; returns how long the body is.
  std::size_t keep(const std::string& head) {
    Heard one;
    one.line = head.substr(0, head.find("\r\n"));
    for (auto at = head.find("\r\n"); at != std::string::npos; at = head.find("\r\n", at + 2)) {
      const std::string line = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
      std::string name = line.substr(0, line.find(':'));
      std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      one.headers[name] = line.substr(line.find(": ") + 2);
    }
    const std::lock_guard lock(mutex_);
    heard_.push_back(one);
    return std::stoul(one.headers["content-length"]);
  }

  void wait_for_end(int connection) const {
    char byte = 0;
    while (!ending_)
      if (readable(connection) && recv(connection, &byte, 1, 0) <= 0) return;
  }

  void drip(int connection) const {
    const std::string start = "HTTP/1.1 200 OK\r\nX-Slow: ";
    send(connection, start.data(), start.size(), MSG_NOSIGNAL);
    while (!ending_ && send(connection, "x", 1, MSG_NOSIGNAL) == 1)
      if (readable(connection)) return;
  }

  const std::vector<std::string> script_;
  int fd_ = -1, port_ = 0;
  mutable std::mutex mutex_;
  std::vector<Heard> heard_;
  std::atomic<int> connections_ = 0;
  std::atomic<bool> ending_ = false;
  std::thread thread_;
};

}  // namespace tradecase::testing
