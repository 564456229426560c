// A mail server that says exactly what a test wrote down, for the answers that no real server gives on request.
#pragma once

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>

#include <array>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace tradecase::test {

// One connection: the greeting, then one answer to each line received; after an answer 354 the next line is the whole mail.
// The end of the list hangs up. Two words stand for no answer: `silence` (it goes on listening until the client goes) and
// `deaf` (it does not even listen until the test is at its end).
using Script = std::vector<std::string>;
inline const std::string silence = "(silence)";
inline const std::string deaf = "(deaf)";

class ScriptedServer {
 public:
  explicit ScriptedServer(std::vector<Script> connections) : scripts_(std::move(connections)) {
    socket_.bind(Poco::Net::SocketAddress("127.0.0.1", 0));
    socket_.setReceiveBufferSize(4096);
    socket_.listen();
    thread_ = std::thread([this] { serve(); });
  }
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;
  ~ScriptedServer() { heard(); }

  std::uint16_t port() const { return socket_.address().port(); }

  // Per connection the lines that came, as far as the scripts go. Waits until all scripts are at their end; the Sender must be gone then.
  const std::vector<Script>& heard() {
    ending_ = true;
    ending_.notify_all();
    if (thread_.joinable()) thread_.join();
    return heard_;
  }

 private:
  void serve() {
    for (const auto& script : scripts_) {
      while (!socket_.poll(Poco::Timespan(0, 20'000), Poco::Net::Socket::SELECT_READ))
        if (ending_) return;
      auto connection = socket_.acceptConnection();
      heard_.emplace_back();
      try {
        play(script, connection);
      } catch (const Poco::Exception&) {  // the client went first
      }
    }
  }

  void play(const Script& script, Poco::Net::StreamSocket& connection) {
    std::string end;  // of what is waited for; nothing before the greeting
    for (const auto& answer : script) {
      if (answer == deaf) return ending_.wait(false);
      if (!end.empty() && !take(connection, end)) return;
      if (answer == silence) {
        while (take(connection, "\r\n")) continue;
        return;
      }
      connection.sendBytes(answer.data(), static_cast<int>(answer.size()));
      end = answer.starts_with("354") ? "\r\n.\r\n" : "\r\n";
    }
  }

  bool take(Poco::Net::StreamSocket& connection, const std::string& end) {
    std::string line;
    while (!line.ends_with(end)) {
      char c = 0;
      if (connection.receiveBytes(&c, 1) <= 0) return false;
      line += c;
    }
    heard_.back().push_back(line.substr(0, line.size() - 2));
    return true;
  }

  const std::vector<Script> scripts_;
  std::vector<Script> heard_;
  Poco::Net::ServerSocket socket_;
  std::atomic<bool> ending_ = false;
  std::thread thread_;
};

}  // namespace tradecase::test
