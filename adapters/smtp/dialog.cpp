#include "adapters/smtp/dialog.hpp"

#include <Poco/Net/DNS.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SecureStreamSocket.h>
#include <fmt/format.h>

#include <algorithm>

namespace tradecase {
namespace {

namespace net = Poco::Net;

Poco::Timespan span(std::chrono::seconds seconds) { return Poco::Timespan(static_cast<long>(seconds.count()), 0); }

net::StreamSocket connected(const std::string& host, std::uint16_t port, std::chrono::seconds timeout) {
  std::string fault = "the name has no address";
  const net::HostEntry entry = net::DNS::resolve(host);
  for (const auto& address : entry.addresses()) try {
      net::StreamSocket socket;
      socket.connect(net::SocketAddress(address, port), span(timeout));
      socket.setNoDelay(true);  // otherwise a small write waits some 40 ms for the acknowledgement of the one before
      return socket;
    } catch (const Poco::Exception& failure) {
      fault = failure.displayText();
    }
  throw Dialog::Broken(fault);
}

bool digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::string Reply::text() const {
  std::string text = fmt::format("{}", code);
  for (const auto& line : lines) text += " " + line;
  std::ranges::replace_if(
      text, [](unsigned char c) { return c < 0x20 || c == 0x7F; }, ' ');
  return text;
}

Dialog::Dialog(const std::string& host, std::uint16_t port, std::chrono::seconds seconds) : socket_(connected(host, port, seconds)) {
  timeout(seconds);
}

void Dialog::timeout(std::chrono::seconds seconds) {
  socket_.setReceiveTimeout(span(seconds));
  socket_.setSendTimeout(span(seconds));
}

void Dialog::secure(const std::string& host, const net::Context::Ptr& context) {
  net::SecureStreamSocket secured = net::SecureStreamSocket::attach(socket_, host, context);
  if (secured.completeHandshake() != 1) throw Broken("TLS did not come about");  // attach() returns quietly when its time is up
  // A new buffer: what somebody slipped in behind the server's answer before TLS must not be read as an answer within it.
  socket_ = net::DialogSocket(secured);
}

// A connection that is gone answers a write with an error: Poco, once loaded, blocks SIGPIPE in the main thread and so in all.
void Dialog::send(std::string_view bytes) {
  constexpr std::size_t at_once = 1 << 16;
  while (!bytes.empty()) {
    const int sent = socket_.sendBytes(bytes.data(), static_cast<int>(std::min(bytes.size(), at_once)));
    if (sent <= 0) throw Broken("the connection takes no more");
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

// Not DialogSocket::receiveStatusMessage: it never returns when the connection ends between the lines of one reply.
Reply Dialog::read() {
  constexpr std::size_t lines_max = 200;
  Reply reply;
  while (reply.lines.size() < lines_max) {
    std::string line;
    if (!socket_.receiveMessage(line)) throw Broken("the server hung up");
    const bool coded = line.size() >= 3 && digit(line[0]) && digit(line[1]) && digit(line[2]);
    if (!coded || (line.size() > 3 && line[3] != ' ' && line[3] != '-')) throw Broken("this is no answer of a mail server");
    reply.code = std::stoi(line.substr(0, 3));
    reply.lines.push_back(line.size() > 4 ? line.substr(4) : "");
    if (line.size() == 3 || line[3] == ' ') return reply;
  }
  throw Broken("the server's answer has no end");
}

Reply Dialog::say(std::string_view command) {
  send(std::string(command) + "\r\n");
  return read();
}

}  // namespace tradecase
