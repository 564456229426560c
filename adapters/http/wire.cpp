#include "adapters/http/wire.hpp"

#include <fmt/format.h>

#include <array>
#include <ctime>

namespace tradecase::http {
namespace {

std::string date_now() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  std::array<char, 40> text{};
  const std::size_t size = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc);
  return {text.data(), size};
}

}  // namespace

std::string bytes_of(const Response& response, bool keep_alive, bool head_only) {
  const bool bodiless = response.status == 204 || response.status == 304;
  std::string bytes = fmt::format("HTTP/1.1 {} {}\r\nDate: {}\r\n", response.status, reason_phrase(response.status), date_now());
  if (!bodiless) fmt::format_to(std::back_inserter(bytes), "Content-Length: {}\r\n", response.body.size());
  if (!response.type.empty() && !bodiless) bytes.append("Content-Type: ").append(response.type).append("\r\n");
  for (const auto& [name, value] : response.headers) bytes.append(name).append(": ").append(value).append("\r\n");
  bytes.append(keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n");
  if (!head_only && !bodiless) bytes += response.body;
  return bytes;
}

std::string forwarded_address(const Head& head, const std::string& socket_address) {
  std::string_view list = head.header("x-forwarded-for");
  const auto comma = list.rfind(',');
  if (comma != std::string_view::npos) list.remove_prefix(comma + 1);
  while (!list.empty() && list.front() == ' ') list.remove_prefix(1);
  return list.empty() || list.size() > 60 ? socket_address : std::string(list);
}

}  // namespace tradecase::http
