#include "adapters/http/message.hpp"

#include <Poco/Net/MessageHeader.h>
#include <Poco/Net/NameValueCollection.h>

#include <algorithm>

#include "engine/text.hpp"

namespace tradecase::http {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '~';
}

constexpr std::size_t fields_max = 2'000;

Poco::Net::NameValueCollection disposition_of(std::string_view head) {
  for (std::string_view rest = head; !rest.empty();) {
    const auto end = std::min(rest.find("\r\n"), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 2, rest.size()));
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || lower(trimmed(line.substr(0, colon))) != "content-disposition") continue;
    std::string kind;
    Poco::Net::NameValueCollection named;
    Poco::Net::MessageHeader::splitParameters(std::string(line.substr(colon + 1)), kind, named);
    return named;
  }
  return {};
}

// Cut at its boundaries where it lies: a body may be 50 MiB. Poco's reader takes it byte by byte and never ends where the last boundary
// is missing.
Form parse_multipart(const Request& request, const std::string& type) {
  const auto torn = [] { return Fault(400, "The form did not arrive whole."); };
  std::string media;
  Poco::Net::NameValueCollection parameters;
  Poco::Net::MessageHeader::splitParameters(type, media, parameters);
  const std::string boundary = parameters.get("boundary", "");
  if (boundary.empty() || boundary.size() > 70) throw torn();
  const std::string first = "--" + boundary, next = "\r\n" + first;
  std::string_view rest = request.body;
  if (rest.starts_with(first))
    rest.remove_prefix(first.size());
  else if (const auto at = rest.find(next); at != std::string_view::npos)
    rest.remove_prefix(at + next.size());
  else
    throw torn();
  Form form;
  for (std::size_t count = 0; !rest.starts_with("--"); ++count) {
    if (count == fields_max) throw Fault(413, "The form has too many fields.");
    const auto head_begins = rest.find("\r\n"), head_ends = rest.find("\r\n\r\n");
    const auto end = head_ends == std::string_view::npos ? head_ends : rest.find(next, head_ends + 2);
    if (head_begins == std::string_view::npos || end == std::string_view::npos) throw torn();
    const auto named = disposition_of(rest.substr(head_begins + 2, std::max(head_ends, head_begins + 2) - head_begins - 2));
    const std::string_view value = end < head_ends + 4 ? std::string_view() : rest.substr(head_ends + 4, end - head_ends - 4);
    const std::string name = named.get("name", "");
    if (!named.has("filename"))
      form.fields.add(name, std::string(value));
    else if (!named.get("filename").empty())
      form.uploads.push_back({name, named.get("filename"), "", std::string(value)});
    rest.remove_prefix(end + next.size());
  }
  return form;
}

}  // namespace

std::string_view Fields::get(std::string_view name) const {
  const auto found = std::ranges::find(all_, name, [](const auto& pair) { return std::string_view(pair.first); });
  return found == all_.end() ? std::string_view() : std::string_view(found->second);
}

std::vector<std::string> Fields::all(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [key, value] : all_)
    if (key == name) values.push_back(value);
  return values;
}

bool Fields::has(std::string_view name) const {
  return std::ranges::any_of(all_, [&](const auto& pair) { return pair.first == name; });
}

std::string_view Head::header(std::string_view lower_name) const {
  const auto found = std::ranges::find(headers, lower_name, [](const auto& pair) { return std::string_view(pair.first); });
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

std::string Head::cookie(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (key != "cookie") continue;
    for (std::string_view rest = value; !rest.empty();) {
      const auto end = std::min(rest.find(';'), rest.size());
      std::string_view pair = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      pair.remove_prefix(std::min(pair.find_first_not_of(' '), pair.size()));
      const auto equals = pair.find('=');
      if (equals != std::string_view::npos && pair.substr(0, equals) == name) return std::string(pair.substr(equals + 1));
    }
  }
  return {};
}

Response& Response::set(std::string name, std::string value) {
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  if (name.empty() || std::ranges::any_of(name, [&](char c) { return control(c) || c == ':' || c == ' '; }) ||
      std::ranges::any_of(value, control))
    throw std::invalid_argument("a response header holds control characters");
  headers.emplace_back(std::move(name), std::move(value));
  return *this;
}

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 411:
      return "Length Required";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 422:
      return "Unprocessable Content";
    case 428:
      return "Precondition Required";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Status";
  }
}

std::string percent_encoded(std::string_view text) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (plain(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
  }
  return out;
}

std::optional<std::string> percent_decoded(std::string_view text, bool plus) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += plus && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

Fields parse_urlencoded(std::string_view text) {
  Fields fields;
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size() && count < fields_max; ++count) {
    const auto end = std::min(text.find('&', at), text.size());
    const auto equals = std::min(text.find('=', at), end);
    auto name = percent_decoded(text.substr(at, equals - at), true);
    auto value = percent_decoded(text.substr(std::min(equals + 1, end), end - std::min(equals + 1, end)), true);
    at = end + 1;
    if (name && value && !name->empty()) fields.add(std::move(*name), std::move(*value));
  }
  return fields;
}

std::string html_escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (c == '\'')
      out += "&#39;";
    else
      out += c;
  }
  return out;
}

Form parse_form(const Request& request) {
  const std::string type(request.header("content-type"));
  if (request.body.empty() || type.starts_with("application/x-www-form-urlencoded")) return {parse_urlencoded(request.body), {}};
  if (type.starts_with("multipart/form-data")) return parse_multipart(request, type);
  throw Fault(415, "A form is sent as application/x-www-form-urlencoded or multipart/form-data.");
}

}  // namespace tradecase::http
