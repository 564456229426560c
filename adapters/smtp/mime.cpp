#include "adapters/smtp/mime.hpp"

#include <Poco/DigestEngine.h>
#include <Poco/SHA2Engine.h>

#include <array>
#include <regex>
#include <stdexcept>

#include "adapters/smtp/encoding.hpp"

namespace tradecase {
namespace {

bool is_address(const std::string& address) {
  static const std::regex shape(R"([A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*)"
                                R"(@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*)");
  return address.size() <= 254 && address.find('@') <= 64 && std::regex_match(address, shape);
}

bool is_message_id(const std::string& id) {
  static const std::regex shape(R"([A-Za-z0-9_+=-]+(\.[A-Za-z0-9_+=-]+)*@[A-Za-z0-9_+=-]+(\.[A-Za-z0-9_+=-]+)*)");
  return id.size() <= 200 && std::regex_match(id, shape);
}

// What is written into the header must not be able to end its line.
std::optional<std::string> why_not_in_header(const Message& message) {
  using Field = std::pair<const char*, const std::string*>;
  const std::array<Field, 8> fields{{{"the message id", &message.message_id},
                                     {"the id of the thread", &message.references},
                                     {"the sender's name", &message.from_name},
                                     {"the sender's address", &message.from_address},
                                     {"the recipient's name", &message.to_name},
                                     {"the recipient's address", &message.to_address},
                                     {"the subject", &message.subject},
                                     {"the date", &message.date}}};
  for (const auto& [what, value] : fields) {
    if (mail::has_control(*value)) return std::string(what) + " holds a line break or another control character";
    if (!mail::is_utf8(*value)) return std::string(what) + " is not UTF-8 text";
    if (value->size() > 1000) return std::string(what) + " is longer than 1,000 characters";
  }
  return {};
}

std::optional<std::string> why_not_as_body(const Message& message) {
  if (message.text.empty()) return "there is no plain text to send";
  for (const auto& [what, value] : {std::pair{"the plain text", &message.text}, std::pair{"the HTML", &message.html}}) {
    if (!mail::is_utf8(*value)) return std::string(what) + " is not UTF-8 text";
    if (value->find('\0') != std::string::npos) return std::string(what) + " holds a NUL character";
  }
  return {};
}

std::string mailbox(const std::string& name, const std::string& address) {
  return name.empty() ? "<" + address + ">" : mail::encoded_phrase(name) + "\r\n <" + address + ">";
}

// "=_" occurs in no quoted-printable text (RFC 2045 §6.7), so the boundary cannot occur in a part.
std::string boundary(const std::string& message_id) {
  Poco::SHA2Engine hash(Poco::SHA2Engine::SHA_256);
  hash.update(message_id);
  return "=_" + Poco::DigestEngine::digestToHex(hash.digest()).substr(0, 32);
}

std::string part(const std::string& kind, const std::string& content) {
  return "Content-Type: text/" + kind + "; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n" +
         mail::quoted_printable(content);
}

std::string header(const Message& message) {
  std::string lines = "Date: " + message.date + "\r\nFrom: " + mailbox(message.from_name, message.from_address) +
                      "\r\nTo: " + mailbox(message.to_name, message.to_address) + "\r\nSubject: " + mail::encoded_text(message.subject) +
                      "\r\nMessage-ID: <" + message.message_id + ">\r\n";
  if (!message.references.empty()) lines += "In-Reply-To: <" + message.references + ">\r\nReferences: <" + message.references + ">\r\n";
  return lines + "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n";
}

}  // namespace

std::optional<std::string> why_unsendable(const Message& message) {
  if (auto why = why_not_in_header(message)) return why;
  if (!is_message_id(message.message_id)) return "the message id \"" + message.message_id + "\" has not the form name@host";
  if (!message.references.empty() && !is_message_id(message.references))
    return "the id of the thread, \"" + message.references + "\", has not the form name@host";
  if (!is_address(message.from_address)) return "the sender's address \"" + message.from_address + "\" is not a plain mail address";
  if (!is_address(message.to_address)) return "the recipient's address \"" + message.to_address + "\" is not a plain mail address";
  static const std::regex date(R"(([A-Z][a-z]{2}, )?[0-9]{1,2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}(:[0-9]{2})? ([+-][0-9]{4}|GMT))");
  if (!std::regex_match(message.date, date)) return "the date \"" + message.date + "\" is not that of a mail (RFC 5322)";
  return why_not_as_body(message);
}

std::string message_bytes(const Message& message) {
  if (const auto why = why_unsendable(message)) throw std::invalid_argument(*why);
  if (message.html.empty()) return header(message) + part("plain", message.text);
  const std::string mark = boundary(message.message_id);
  return header(message) + "Content-Type: multipart/alternative;\r\n boundary=\"" + mark + "\"\r\n\r\n--" + mark + "\r\n" +
         part("plain", message.text) + "\r\n--" + mark + "\r\n" + part("html", message.html) + "\r\n--" + mark + "--\r\n";
}

}  // namespace tradecase
