#include "adapters/http/head.hpp"

#include <algorithm>
#include <charconv>

namespace tradecase::http {
namespace {

bool token_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}
bool is_token(std::string_view text) { return !text.empty() && std::ranges::all_of(text, token_character); }

bool has_control(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F; });
}

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::string_view stripped(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

struct Bad {
  int status;
  const char* sentence;
};

// Takes one line off the front; its end must be CR LF.
std::string_view take_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  if (end == std::string_view::npos || end == 0 || rest[end - 1] != '\r') throw Bad{400, "A line of the head does not end in CR LF."};
  const std::string_view line = rest.substr(0, end - 1);
  rest.remove_prefix(end + 1);
  return line;
}

void read_request_line(std::string_view line, Head& head) {
  const auto first = line.find(' '), last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) throw Bad{400, "The request line is not METHOD ADDRESS VERSION."};
  head.method = line.substr(0, first);
  head.target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  if (!is_token(head.method)) throw Bad{400, "The method is no word."};
  if (head.target.size() > target_bytes_max) throw Bad{414, "The address is longer than 8 KiB."};
  if (version != "HTTP/1.1" && version != "HTTP/1.0")
    throw version.starts_with("HTTP/") ? Bad{505, "Only HTTP/1.1 and HTTP/1.0 are spoken here."}
                                       : Bad{400, "The request line is not METHOD ADDRESS VERSION."};
  head.keep_alive = version == "HTTP/1.1";
}

void read_target(Head& head) {
  if (head.target.empty() || head.target.front() != '/' ||
      std::ranges::any_of(head.target, [](char c) { return c <= ' ' || c == 0x7F || c == '\\'; }))
    throw Bad{400, "The address does not begin with / or holds characters that have to be escaped."};
  const auto mark = std::min(head.target.find('?'), head.target.size());
  auto path = percent_decoded(std::string_view(head.target).substr(0, mark), false);
  if (!path || has_control(*path) || path->find('\0') != std::string::npos)
    throw Bad{400, "The address holds a broken escape or a control character."};
  for (std::size_t at = 0; at < path->size();) {
    const auto end = std::min(path->find('/', at + 1), path->size());
    const auto segment = std::string_view(*path).substr(at + 1, end - at - 1);
    if (segment == "." || segment == "..") throw Bad{400, "The address points outside."};
    at = end;
  }
  head.path = std::move(*path);
  if (mark < head.target.size()) head.query = parse_urlencoded(std::string_view(head.target).substr(mark + 1));
}

void read_header(std::string_view line, Head& head) {
  if (line.size() > header_bytes_max) throw Bad{431, "A header field is longer than 8 KiB."};
  if (head.headers.size() == headers_max) throw Bad{431, "There are more than 100 header fields."};
  if (line.front() == ' ' || line.front() == '\t') throw Bad{400, "A header field is folded over two lines."};
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) throw Bad{400, "A header field has no name."};
  const std::string_view value = stripped(line.substr(colon + 1));
  if (has_control(value)) throw Bad{400, "A header field holds a control character."};
  head.headers.emplace_back(lower_case(line.substr(0, colon)), std::string(value));
}

void check_framing(Head& head) {
  std::size_t hosts = 0, lengths = 0;
  bool coded = false;
  std::string_view length;
  for (const auto& [name, value] : head.headers) {
    if (name == "host") ++hosts;
    if (name == "transfer-encoding") coded = true;
    if (name == "content-length") {
      ++lengths;
      length = value;
    }
  }
  if (hosts > 1 || (hosts == 0 && head.keep_alive) || (hosts == 1 && head.header("host").empty()))
    throw Bad{400, "Exactly one Host is needed."};
  if (lengths > 1) throw Bad{400, "There are two Content-Length fields."};
  if (lengths == 1 && coded) throw Bad{400, "Content-Length and Transfer-Encoding stand side by side."};
  if (coded) throw Bad{411, "Say how long the body is with Content-Length; transfer codings are not taken."};
  if (lengths == 1) {
    const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), head.content_length);
    if (error != std::errc() || end != length.data() + length.size() || length.empty() || length.front() == '+')
      throw Bad{400, "Content-Length is no number."};
  } else if (head.method == "POST" || head.method == "PUT" || head.method == "PATCH") {
    throw Bad{411, "Say how long the body is with Content-Length."};
  }
  const std::string connection = lower_case(head.header("connection"));
  if (connection.find("close") != std::string::npos) head.keep_alive = false;
}

}  // namespace

std::size_t head_end(std::string_view bytes) {
  const auto strict = bytes.find("\r\n\r\n");
  const auto bare = bytes.find("\n\n");  // ends here too, to be refused and not waited on
  if (strict == std::string_view::npos && bare == std::string_view::npos) return std::string_view::npos;
  return std::min(strict == std::string_view::npos ? bytes.size() : strict + 4, bare == std::string_view::npos ? bytes.size() : bare + 2);
}

std::variant<std::monostate, Reject> too_long(std::string_view bytes) {
  const auto line = bytes.find('\n');
  if (line == std::string_view::npos && bytes.size() > target_bytes_max + 64) return Reject{414, "The address is longer than 8 KiB.", {}};
  if (bytes.size() > head_bytes_max) return Reject{431, "The head of the request is longer than 32 KiB.", {}};
  return std::monostate{};
}

std::variant<Head, Reject> parse_head(std::string_view bytes) {
  Head head;
  try {
    if (bytes.find('\0') != std::string_view::npos) throw Bad{400, "The head holds a NUL."};
    std::string_view rest = bytes;
    read_request_line(take_line(rest), head);
    for (std::string_view line = take_line(rest); !line.empty(); line = take_line(rest)) read_header(line, head);
    read_target(head);
    check_framing(head);
  } catch (const Bad& bad) {
    return Reject{bad.status, bad.sentence, head.target};
  }
  return head;
}

}  // namespace tradecase::http
