#include "adapters/smtp/smtp.hpp"

#include <Poco/AutoPtr.h>
#include <Poco/Environment.h>
#include <Poco/Exception.h>
#include <fmt/format.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <cctype>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>

#include "adapters/smtp/dialog.hpp"
#include "adapters/smtp/encoding.hpp"
#include "adapters/smtp/mime.hpp"

namespace tradecase {
namespace {

using Outcome = Delivery::Outcome;
using Security = SmtpSettings::Security;
using TlsContext = Poco::Net::Context;

struct NoSession : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// RFC 5321 §4.5.2: a dot that begins a line is doubled, so that only the dot after the data ends them.
std::string dot_stuffed(const std::string& bytes) {
  std::string stuffed = bytes.starts_with('.') ? "." : "";
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t next = std::min(bytes.find("\r\n.", at), bytes.size());
    stuffed.append(bytes, at, next - at);
    if (next < bytes.size()) stuffed += "\r\n..";
    at = std::min(next + 3, bytes.size());
  }
  return stuffed;
}

// Whether a line of the EHLO answer names the extension and, behind it, the mechanism: "AUTH PLAIN LOGIN".
bool offers(const Reply& ehlo, std::string_view extension, std::string_view mechanism = {}) {
  for (std::string line : ehlo.lines) {
    std::ranges::transform(line, line.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    std::istringstream words(line);
    std::string word;
    if (!(words >> word) || word != extension) continue;
    if (mechanism.empty()) return true;
    while (words >> word)
      if (word == mechanism) return true;
  }
  return false;
}

class Session {
 public:
  explicit Session(SmtpSettings settings, TlsContext::Ptr context) : settings_(std::move(settings)), context_(std::move(context)) {}
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

  Delivery deliver(const Message& message);

 private:
  Delivery attempt(const Message& message);
  void open();
  void log_in(const Reply& ehlo);
  bool kept();
  Reply ask(std::string_view command);
  Reply need(std::string_view command, int hundreds, std::string_view shown = {});
  Delivery transmit(const Message& message);
  Delivery refused(const Reply& reply);
  std::string told(const std::exception& fault) const;
  std::string envelope_from(const Message& message) const;

  const SmtpSettings settings_;
  const TlsContext::Ptr context_;  // none without TLS
  std::optional<Dialog> dialog_;   // the open connection
  std::string doing_;              // what the operator reads before the fault or the answer
  bool data_ended_ = false;        // the final dot went out
};

Session::~Session() {
  if (!dialog_) return;
  try {
    dialog_->timeout(std::chrono::seconds(1));
    dialog_->say("QUIT");
  } catch (const std::exception&) {  // a courtesy; nothing depends on it
  }
}

Delivery Session::deliver(const Message& message) {
  if (auto why = why_unsendable(message)) return {Outcome::given_up, *why};
  const bool reused = kept();
  const Delivery delivery = attempt(message);
  const bool ended_meanwhile = reused && !dialog_ && delivery.outcome == Outcome::retry_later;
  return ended_meanwhile ? attempt(message) : delivery;
}

Delivery Session::attempt(const Message& message) {
  data_ended_ = false;
  try {
    if (!dialog_) open();
    return transmit(message);
  } catch (const std::exception& fault) {
    dialog_.reset();
    return {data_ended_ ? Outcome::unknown : Outcome::retry_later, told(fault)};
  }
}

// Whether the connection of the mail before is still there; its leftovers are cleared.
bool Session::kept() {
  if (!dialog_) return false;
  try {
    if (dialog_->say("RSET").is(2)) return true;
  } catch (const std::exception&) {  // ended by the server, or out of reach: then a new one
  }
  dialog_.reset();
  return false;
}

void Session::open() {
  doing_ = fmt::format("connecting to {}:{}", settings_.host, settings_.port);
  dialog_.emplace(settings_.host, settings_.port, settings_.timeout);
  if (settings_.security == Security::tls) dialog_->secure(settings_.host, context_);
  doing_ = "greeting";
  if (const Reply greeting = dialog_->read(); !greeting.is(2)) throw NoSession(greeting.text());
  const std::string hello = "EHLO " + settings_.helo;
  Reply ehlo = need(hello, 2);
  if (settings_.security == Security::starttls) {
    doing_ = "STARTTLS";
    if (!offers(ehlo, "STARTTLS")) throw NoSession("the server does not offer it, and mail goes out encrypted or not at all");
    need("STARTTLS", 2);
    dialog_->secure(settings_.host, context_);
    ehlo = need(hello, 2);  // what was said before TLS counts no longer (RFC 3207 §4.2)
  }
  if (!settings_.user.empty()) log_in(ehlo);
}

void Session::log_in(const Reply& ehlo) {
  using mail::base64;
  doing_ = "AUTH";
  if (offers(ehlo, "AUTH", "PLAIN")) {
    const std::string nul(1, '\0');
    need("AUTH PLAIN " + base64(nul + settings_.user + nul + settings_.password), 2, "AUTH PLAIN");
  } else if (offers(ehlo, "AUTH", "LOGIN")) {
    need("AUTH LOGIN", 3);
    need(base64(settings_.user), 3, "AUTH LOGIN, user");
    need(base64(settings_.password), 2, "AUTH LOGIN, password");
  } else {
    throw NoSession("the server offers neither PLAIN nor LOGIN");
  }
}

Reply Session::ask(std::string_view command) {
  doing_ = command;
  return dialog_->say(command);
}

// For the commands that make a session. What is shown to the operator must not hold the password.
Reply Session::need(std::string_view command, int hundreds, std::string_view shown) {
  doing_ = shown.empty() ? command : shown;
  Reply reply = dialog_->say(command);
  if (!reply.is(hundreds)) throw NoSession(reply.text());
  return reply;
}

Delivery Session::transmit(const Message& message) {
  const std::string bytes = dot_stuffed(message_bytes(message));
  if (const Reply reply = ask("MAIL FROM:<" + envelope_from(message) + ">"); !reply.is(2)) return refused(reply);
  if (const Reply reply = ask("RCPT TO:<" + message.to_address + ">"); !reply.is(2)) return refused(reply);
  if (const Reply reply = ask("DATA"); !reply.is(3)) return refused(reply);
  doing_ = "sending the mail";
  dialog_->send(bytes);
  dialog_->send(".\r\n");  // thrown here: the dot is not out whole, so the server cannot have taken the mail
  data_ended_ = true;
  doing_ = "answer to the mail";
  const Reply reply = dialog_->read();
  return reply.is(2) ? Delivery{Outcome::sent, reply.text()} : refused(reply);
}

Delivery Session::refused(const Reply& reply) {
  if (!reply.is(4) && !reply.is(5)) throw Dialog::Broken("an answer out of turn: " + reply.text());
  if (reply.code == 421) dialog_.reset();  // the server hangs up with it
  return {reply.is(4) ? Outcome::retry_later : Outcome::given_up, doing_ + ": " + reply.text()};
}

std::string Session::told(const std::exception& fault) const {
  if (dynamic_cast<const Poco::TimeoutException*>(&fault))
    return fmt::format("{}: no answer within {} seconds", doing_, settings_.timeout.count());
  const auto* network = dynamic_cast<const Poco::Exception*>(&fault);
  return doing_ + ": " + (network ? network->displayText() : fault.what());
}

std::string Session::envelope_from(const Message& message) const {
  if (settings_.envelope_from.empty()) return message.from_address;
  constexpr std::string_view place = "{id}";
  std::string address = settings_.envelope_from;
  if (const auto at = address.find(place); at != std::string::npos)
    address.replace(at, place.size(), message.message_id.substr(0, message.message_id.find('@')));
  return address;
}

bool this_machine(const std::string& host) { return host == "localhost" || host == "127.0.0.1" || host == "::1"; }

void check(const SmtpSettings& settings) {
  const auto refuse = [](const std::string& why) { throw std::invalid_argument("mail server: " + why); };
  if (settings.host.empty() || settings.port == 0) refuse("host and port are needed");
  if (settings.timeout <= std::chrono::seconds::zero()) refuse("the time-out must be at least one second");
  for (const auto* value : {&settings.host, &settings.helo, &settings.envelope_from, &settings.user, &settings.password})
    if (mail::has_control(*value)) refuse("a setting holds a line break or another control character");
  if (settings.helo.find(' ') != std::string::npos) refuse("the name of this machine holds a blank");
  const std::string& bounces = settings.envelope_from;
  if (!bounces.empty() && (bounces.find('@') == std::string::npos || bounces.find_first_of(" <>") != std::string::npos))
    refuse("\"" + bounces + "\" is not an address for bounces");
  if (!settings.user.empty() && settings.security == Security::none && !this_machine(settings.host))
    refuse("user and password go only over starttls or tls, except to this machine itself");
}

// OpenSSL itself checks the name, within the handshake: Poco checks it after its first call to SSL_connect only, and passes
// when there is no certificate yet because the server was slow.
void require_name(SSL_CTX* context, const std::string& host) {
  X509_VERIFY_PARAM* checks = SSL_CTX_get0_param(context);
  if (X509_VERIFY_PARAM_set1_ip_asc(checks, host.c_str()) != 1 && X509_VERIFY_PARAM_set1_host(checks, host.c_str(), host.size()) != 1)
    throw std::invalid_argument("mail server: \"" + host + "\" is not a host name");
}

TlsContext::Ptr tls_context(const SmtpSettings& settings) {
  if (settings.security == Security::none) return {};
  TlsContext::Params params;
  params.verificationMode = TlsContext::VERIFY_STRICT;
  params.caLocation = settings.ca_file;
  params.loadDefaultCAs = settings.ca_file.empty();
  try {
    auto context = Poco::makeAuto<TlsContext>(TlsContext::TLS_CLIENT_USE, params);
    context->requireMinimumProtocol(TlsContext::PROTO_TLSV1_2);
    require_name(context->sslContext(), settings.host);
    return context;
  } catch (const Poco::Exception& fault) {
    throw std::invalid_argument("mail server: the file of trusted authorities cannot be used: " + fault.displayText());
  }
}

}  // namespace

Sender smtp_sender(SmtpSettings settings) {
  check(settings);
  if (settings.helo.empty()) settings.helo = Poco::Environment::nodeName();
  auto context = tls_context(settings);
  auto session = std::make_shared<Session>(std::move(settings), std::move(context));
  return [session](const Message& message) { return session->deliver(message); };
}

}  // namespace tradecase
