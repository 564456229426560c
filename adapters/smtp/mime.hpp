// A message as the bytes of a mail (RFC 5322, MIME): multipart/alternative of plain text and HTML, or plain text alone where
// there is no HTML. Pure: the same message gives the same bytes on every machine, so that one message id never goes with two
// contents. ASCII only, CRLF only, lines of at most 998 characters.
#pragma once

#include <optional>
#include <string>

#include "engine/delivery.hpp"

namespace tradecase {

// Why the message cannot be sent as it is, in a sentence: a control character where it could add a header line or a recipient,
// an address that is none, text that is not UTF-8, no text at all. Nothing when it can be sent.
//   addresses:   dot-atom@dot-atom of RFC 5322 (ASCII, no comments, no quoting), at most 254 characters, 64 before the @
//   message ids: letters, digits and . _ + = - with one @; at most 200 characters (they also name files)
std::optional<std::string> why_unsendable(const Message& message);

// Throws std::invalid_argument with why_unsendable()'s sentence.
std::string message_bytes(const Message& message);

}  // namespace tradecase
