// How text that is not plain ASCII travels in a mail: RFC 2047 in header fields, RFC 2045 in bodies. Pure.
#pragma once

#include <string>
#include <string_view>

namespace tradecase::mail {

bool is_utf8(std::string_view text);      // no overlong forms, no surrogates
bool has_control(std::string_view text);  // C0 (tab and line ends included) or DEL

std::string base64(std::string_view bytes);  // one line

// Text of a header field as it stands behind "Name: ": as it is where that is safe, otherwise as encoded words; folded so that
// no line is longer than 76 characters. The text must be UTF-8 without control characters.
std::string encoded_text(std::string_view text);

// A display name: a quoted string, or encoded words. Same condition.
std::string encoded_phrase(std::string_view name);

// A body as quoted-printable: only ASCII, only CRLF line ends (CR and LF alone count as line ends), lines of at most 76 characters,
// a line end at the end.
std::string quoted_printable(std::string_view text);

}  // namespace tradecase::mail
