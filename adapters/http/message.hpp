// A request that has arrived whole and been checked, and the answer to it. Plain values; nothing here knows sockets.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tradecase::http {

struct Upload {
  std::string field, filename, type, bytes;  // type as the client calls it: not believed
};

// Values of a form or a query, in the order sent; a name may come several times.
class Fields {
 public:
  void add(std::string name, std::string value) { all_.emplace_back(std::move(name), std::move(value)); }
  std::string_view get(std::string_view name) const;  // the first; "" where there is none
  std::vector<std::string> all(std::string_view name) const;
  bool has(std::string_view name) const;
  const std::vector<std::pair<std::string, std::string>>& list() const { return all_; }

 private:
  std::vector<std::pair<std::string, std::string>> all_;
};

struct Head {
  std::string method;  // upper case
  std::string target;  // as sent
  std::string path;    // decoded; begins with '/', no NUL, no "." or ".." segment
  Fields query;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::size_t content_length = 0;
  bool keep_alive = true;

  std::string_view header(std::string_view lower_name) const;  // "" where there is none
  std::string cookie(std::string_view name) const;
};

struct Request : Head {
  std::string id;    // of this request: in the log, on error pages and in the answer's X-Request-Id
  std::string peer;  // address of the client, as the trusted proxy says or the socket
  std::string body;
};

struct Response {
  int status = 200;
  std::string type = "text/html; charset=utf-8";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;

  // Refuses (std::invalid_argument) control characters in name or value: nobody smuggles a header in.
  Response& set(std::string name, std::string value);
};

// An answer that ends the handling of a request at once.
struct Fault : std::runtime_error {
  Fault(int http_status, const std::string& sentence) : std::runtime_error(sentence), status(http_status) {}
  int status;
};

std::string_view reason_phrase(int status);
std::string percent_encoded(std::string_view text);                            // of one path segment or query value
std::optional<std::string> percent_decoded(std::string_view text, bool plus);  // nothing where a % is broken; plus: '+' is a blank
Fields parse_urlencoded(std::string_view text);                                // broken escapes: the pair is left out
std::string html_escaped(std::string_view text);

// The form of a body: urlencoded or multipart; throws Fault 415 for another type, 400 for one that is broken.
struct Form {
  Fields fields;
  std::vector<Upload> uploads;
};
Form parse_form(const Request& request);

}  // namespace tradecase::http
