// The head of a request: everything that must be refused before anything believes it.
#include <catch2/catch.hpp>

#include "adapters/http/head.hpp"

using namespace tradecase::http;

namespace {

std::string get(const std::string& more = "", const std::string& target = "/") {
  return "GET " + target + " HTTP/1.1\r\nHost: a.example\r\n" + more + "\r\n";
}
std::string post(const std::string& more) { return "POST / HTTP/1.1\r\nHost: a.example\r\n" + more + "\r\n"; }

int status_of(const std::string& bytes) {
  const auto parsed = parse_head(bytes);
  const auto* bad = std::get_if<Reject>(&parsed);
  return bad == nullptr ? 200 : bad->status;
}

Head head_of(const std::string& bytes) {
  auto parsed = parse_head(bytes);
  if (const auto* bad = std::get_if<Reject>(&parsed)) FAIL(bad->sentence);
  return std::get<Head>(std::move(parsed));
}

struct Case {
  const char* what;
  std::string bytes;
  int status;
};

}  // namespace

TEST_CASE("the head of a request is refused where it could mean two things") {
  const std::string long_value(8 * 1024, 'a');
  std::string many;
  for (int i = 0; i < 101; ++i) many += "X-" + std::to_string(i) + ": 1\r\n";
  const std::vector<Case> cases{
      {"length and coding side by side", post("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"), 400},
      {"two lengths", post("Content-Length: 3\r\nContent-Length: 3\r\n"), 400},
      {"two lengths in one", post("Content-Length: 3, 3\r\n"), 400},
      {"a length with a sign", post("Content-Length: +3\r\n"), 400},
      {"a negative length", post("Content-Length: -3\r\n"), 400},
      {"a length in hex", post("Content-Length: 0x3\r\n"), 400},
      {"an empty length", post("Content-Length: \r\n"), 400},
      {"a length beyond all numbers", post("Content-Length: 99999999999999999999\r\n"), 400},
      {"a blank before the colon", post("Content-Length : 3\r\n"), 400},
      {"no Host", "GET / HTTP/1.1\r\n\r\n", 400},
      {"two Hosts", get("Host: b.example\r\n"), 400},
      {"an empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400},
      {"a NUL in the address", get("", std::string("/a\0b", 4)), 400},
      {"an escaped NUL in the address", get("", "/a%00b"), 400},
      {"a NUL in a field", get(std::string("X: a\0b\r\n", 8)), 400},
      {"a control character in a field",
       get("X: a\x01"
           "b\r\n"),
       400},
      {"a bare line feed", "GET / HTTP/1.1\nHost: a\n\n", 400},
      {"a bare carriage return", get("X: a\rb\r\n"), 400},
      {"a folded field", get("X: a\r\n b\r\n"), 400},
      {"a field without a name", get(": a\r\n"), 400},
      {"a field without a colon", get("abc\r\n"), 400},
      {"a broken escape", get("", "/%zz"), 400},
      {"dots that point outside", get("", "/a/../../etc"), 400},
      {"escaped dots", get("", "/a/%2e%2e/b"), 400},
      {"a backslash", get("", "/a\\b"), 400},
      {"no leading slash", get("", "a"), 400},
      {"a blank in the address", get("", "/a b"), 400},
      {"a method that is no word", "G@T / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"no version", "GET /\r\nHost: a\r\n\r\n", 400},
      {"another protocol", "GET / SPDY/3\r\nHost: a\r\n\r\n", 400},
      {"another version", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
      {"a chunked body", post("Transfer-Encoding: chunked\r\n"), 411},
      {"any other coding", post("Transfer-Encoding: gzip\r\n"), 411},
      {"a coding on GET", get("Transfer-Encoding: identity\r\n"), 411},
      {"POST without a length", post(""), 411},
      {"an address over 8 KiB", get("", "/" + std::string(8 * 1024, 'a')), 414},
      {"a field over 8 KiB", get("X: " + long_value + "\r\n"), 431},
      {"more than 100 fields", get(many), 431},
  };
  for (const Case& one : cases) {
    INFO(one.what);
    CHECK(status_of(one.bytes) == one.status);
  }
}

TEST_CASE("a head in order is read") {
  const Head head = head_of(
      "GET /cases/TC%2D1?q=a+b&q=c&empty= HTTP/1.1\r\nHost: a.example\r\nCookie: x=1; __Host-session=abc\r\nX-Blank:   v \t\r\n\r\n");
  CHECK(head.method == "GET");
  CHECK(head.path == "/cases/TC-1");
  CHECK(head.query.get("q") == "a b");
  CHECK(head.query.all("q").size() == 2);
  CHECK(head.query.has("empty"));
  CHECK(head.cookie("__Host-session") == "abc");
  CHECK(head.cookie("session").empty());
  CHECK(head.header("x-blank") == "v");
  CHECK(head.keep_alive);
  CHECK_FALSE(head_of("GET / HTTP/1.0\r\n\r\n").keep_alive);
  CHECK_FALSE(head_of(get("Connection: Close\r\n")).keep_alive);
  CHECK(head_of(post("Content-Length: 12\r\n")).content_length == 12);
}

TEST_CASE("a head that does not end is too long at some time") {
  CHECK(std::holds_alternative<std::monostate>(too_long("GET / HTTP/1.1\r\nHost: a")));
  const auto address = too_long(std::string(9 * 1024, 'a'));
  REQUIRE(std::holds_alternative<Reject>(address));
  CHECK(std::get<Reject>(address).status == 414);
  const auto fields = too_long("GET / HTTP/1.1\r\n" + std::string(33 * 1024, 'a'));
  REQUIRE(std::holds_alternative<Reject>(fields));
  CHECK(std::get<Reject>(fields).status == 431);
  CHECK(head_end("GET / HTTP/1.1\r\nHost: a\r\n\r\nrest") == 27);
  CHECK(head_end("GET / HTTP/1.1\r\nHost: a\r\n") == std::string::npos);
  CHECK(head_end("GET / HTTP/1.1\nHost: a\n\nrest") == 24);
}
