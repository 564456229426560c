// Mail through an SMTP server (RFC 5321), one connection for as many mails as it will take.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "engine/delivery.hpp"

namespace tradecase {

struct SmtpSettings {
  enum class Security {
    none,
    starttls,  // no mail when the server does not offer it
    tls,       // from the first byte (port 465)
  };

  std::string host;
  std::uint16_t port = 25;
  Security security = Security::none;
  std::string user;  // empty: without AUTH; otherwise AUTH PLAIN, or LOGIN where only that is offered
  std::string password;
  std::string ca_file;               // PEM, the only authorities trusted; empty: the system's
  std::chrono::seconds timeout{60};  // for each single wait: to connect, for an answer, to be rid of data
  std::string helo;                  // what this machine calls itself; empty: its host name
  std::string envelope_from;         // where bounces go; empty: the message's sender. In it, {id} becomes the message id
                                     // up to its @ ("bounces+{id}@example.gov"), so that a bounce names its message
};

// What the answers become:
//   sent         2xx to the data
//   retry_later  no connection, no session (certificate not trusted, AUTH or greeting refused: the settings' or the server's fault and
//                not this message's), 4xx to anything, connection broken or time-out before the final dot went out
//   given_up     5xx to MAIL, RCPT, DATA or the data; why_unsendable() (adapters/smtp/mime.hpp)
//   unknown      connection broken or time-out after the final dot went out and before its answer, or an answer that is none
// A kept connection that the server has ended meanwhile is opened anew, once, as long as nothing was taken.
//
// The Sender and its copies share the connection: call it from one thread at a time. The connection ends with the last copy.
// Throws std::invalid_argument for settings that cannot work: no host, a ca_file that cannot be read, a password without TLS
// to another machine, a control character.
Sender smtp_sender(SmtpSettings settings);

}  // namespace tradecase
