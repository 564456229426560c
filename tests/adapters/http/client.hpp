// A client made of nothing but a socket, so that it can be as slow, torn and wrong as a test wants it.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace tradecase::testing {

class Client {
 public:
  explicit Client(std::uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{15, 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    connected_ = connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;  // NOLINT: as sockets want it
  }
  ~Client() {
    if (fd_ >= 0) close(fd_);
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  Client(Client&& other) noexcept : fd_(std::exchange(other.fd_, -1)), connected_(other.connected_), rest_(std::move(other.rest_)) {}
  Client& operator=(Client&&) = delete;

  bool connected() const { return connected_; }

  bool say(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }
  void say_no_more() const { shutdown(fd_, SHUT_WR); }

  struct Answer {
    int status = 0;  // 0: none came
    std::string head, body;
  };
  Answer hear() {
    Answer answer;
    std::size_t end = 0;
    while ((end = rest_.find("\r\n\r\n")) == std::string::npos)
      if (!more()) return answer;
    answer.head = rest_.substr(0, end + 4);
    rest_.erase(0, end + 4);
    answer.status = std::stoi(answer.head.substr(9, 3));
    const auto length = answer.head.find("Content-Length: ");
    const std::size_t size = length == std::string::npos ? 0 : std::stoul(answer.head.substr(length + 16));
    while (rest_.size() < size)
      if (!more()) break;
    answer.body = rest_.substr(0, size);
    rest_.erase(0, std::min(size, rest_.size()));
    return answer;
  }
  bool ended() { return rest_.empty() && !more(); }  // the other side has closed

 private:
  bool more() {
    char part[16 * 1024];
    const ssize_t got = recv(fd_, part, sizeof part, 0);
    if (got <= 0) return false;
    rest_.append(part, static_cast<std::size_t>(got));
    return true;
  }

  int fd_ = -1;
  bool connected_ = false;
  std::string rest_;
};

}  // namespace tradecase::testing
