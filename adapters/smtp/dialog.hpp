// One connection to an SMTP server: lines there, replies back, TLS when asked for. Which commands are said, and what their
// answers mean, is smtp.cpp's. Every operation throws (Poco::Exception, Dialog::Broken) when the connection fails or the time-out,
// which holds for each single wait, runs out; the connection is of no use afterwards.
#pragma once

#include <Poco/Net/Context.h>
#include <Poco/Net/DialogSocket.h>

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace tradecase {

struct Reply {
  int code = 0;                    // 220 … 599
  std::vector<std::string> lines;  // without code, without line end

  bool is(int hundreds) const { return code / 100 == hundreds; }
  std::string text() const;  // "550 5.1.1 no such user", control characters as blanks
};

class Dialog {
 public:
  struct Broken : std::runtime_error {
    using std::runtime_error::runtime_error;
  };

  // Tries each address of the host in turn.
  Dialog(const std::string& host, std::uint16_t port, std::chrono::seconds timeout);

  // From here on TLS, as the context wants it; the host is named to the server. A wait may last twice the time-out.
  void secure(const std::string& host, const Poco::Net::Context::Ptr& context);

  void send(std::string_view bytes);
  Reply read();
  Reply say(std::string_view command);  // the command without line end

  void timeout(std::chrono::seconds timeout);

 private:
  Poco::Net::DialogSocket socket_;
};

}  // namespace tradecase
