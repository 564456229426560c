#include "adapters/smtp/encoding.hpp"

#include <Poco/Base64Encoder.h>
#include <Poco/Net/QuotedPrintableEncoder.h>
#include <Poco/UTF8Encoding.h>

#include <algorithm>
#include <sstream>

namespace tradecase::mail {
namespace {

constexpr std::size_t line_max = 76;  // RFC 2047 §2: a line that holds an encoded word
constexpr std::size_t word_max = 39;  // bytes in one encoded word: 64 characters, so that "Subject: " fits before it

// Bytes of the character that begins here, as its first byte promises; 0 where no character can begin.
std::size_t character_length(unsigned char first) {
  if (first < 0x80) return 1;
  if (first < 0xC2) return 0;
  if (first < 0xE0) return 2;
  if (first < 0xF0) return 3;
  return first < 0xF5 ? 4 : 0;
}

std::string encoded_words(std::string_view text) {
  std::string words;
  while (!text.empty()) {
    std::size_t taken = 0;  // whole characters only: a word cut inside one cannot be read
    while (taken < text.size()) {
      const std::size_t next = taken + character_length(static_cast<unsigned char>(text[taken]));
      if (next > word_max) break;
      taken = next;
    }
    words += (words.empty() ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?") + base64(text.substr(0, taken)) + "?=";
    text.remove_prefix(taken);
  }
  return words;
}

// Nothing in it would be read as something else, or lost in folding.
bool stands_for_itself(std::string_view text) {
  const auto printable = [](unsigned char c) { return c >= 0x20 && c < 0x7F; };
  return std::ranges::all_of(text, printable) && text.find("=?") == std::string_view::npos;
}

std::string folded(std::string_view text, std::size_t column) {
  std::string lines;
  while (!text.empty()) {
    const std::size_t word = std::min(text.find(' ', 1), text.size());  // a word with the blank before it
    if (column + word > line_max && !lines.empty()) lines += "\r\n", column = 0;
    lines += text.substr(0, word);
    column += word;
    text.remove_prefix(word);
  }
  return lines;
}

bool folds(std::string_view text) {
  const std::string blanks = " " + std::string(text) + " ";
  if (blanks.find("  ") != std::string::npos) return text.empty();
  std::size_t since = 0;
  return std::ranges::all_of(text, [&](char c) { return (since = c == ' ' ? 0 : since + 1) <= 64; });
}

}  // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    const std::size_t length = character_length(*bytes);
    if (length == 0 || length > text.size() || !Poco::UTF8Encoding::isLegal(bytes, static_cast<int>(length))) return false;
    text.remove_prefix(length);
  }
  return true;
}

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

std::string base64(std::string_view bytes) {
  std::ostringstream out;
  Poco::Base64Encoder encoder(out);
  encoder.rdbuf()->setLineLength(0);
  encoder << bytes;
  encoder.close();
  return out.str();
}

std::string encoded_text(std::string_view text) {
  constexpr std::size_t behind = std::string_view("Subject: ").size();  // the longest field name this is used for
  return stands_for_itself(text) && folds(text) ? folded(text, behind) : encoded_words(text);
}

std::string encoded_phrase(std::string_view name) {
  if (!stands_for_itself(name) || name.size() > 60) return encoded_words(name);
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

std::string quoted_printable(std::string_view text) {
  std::string lines;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && text.substr(i + 1).starts_with('\n')) continue;
    if (text[i] == '\r' || text[i] == '\n')
      lines += "\r\n";
    else
      lines += text[i];
  }
  if (!lines.ends_with("\r\n")) lines += "\r\n";
  std::ostringstream out;
  Poco::Net::QuotedPrintableEncoder encoder(out);
  encoder << lines;
  encoder.close();
  return out.str();
}

}  // namespace tradecase::mail
