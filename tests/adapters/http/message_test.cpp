// Values of forms and addresses, uploads, and headers of answers.
#include <catch2/catch.hpp>

#include "adapters/http/message.hpp"

using namespace tradecase::http;

namespace {

Request multipart(const std::string& body, const std::string& boundary = "b") {
  Request request;
  request.headers = {{"content-type", "multipart/form-data; boundary=" + boundary}};
  request.body = body;
  return request;
}

int status_of(const Request& request) {
  try {
    parse_form(request);
    return 200;
  } catch (const Fault& fault) {
    return fault.status;
  }
}

}  // namespace

TEST_CASE("forms are read as they were sent") {
  const Fields fields = parse_urlencoded("a=1&a=2&b=x+y%26z&=nameless&c&%zz=broken&d=%zz");
  CHECK(fields.get("a") == "1");
  CHECK(fields.all("a") == std::vector<std::string>{"1", "2"});
  CHECK(fields.get("b") == "x y&z");
  CHECK(fields.has("c"));
  CHECK_FALSE(fields.has("d"));
  CHECK(fields.list().size() == 4);
  std::string many;
  for (int i = 0; i < 5000; ++i) many += "a=1&";
  CHECK(parse_urlencoded(many).list().size() == 2000);
}

TEST_CASE("uploads are read whole or refused") {
  const std::string part = "--b\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhello\r\n";
  const std::string file =
      "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\nContent-Type: application/pdf\r\n\r\n%PDF\r\n";
  const Form form = parse_form(multipart(part + file + "--b--\r\n"));
  CHECK(form.fields.get("note") == "hello");
  REQUIRE(form.uploads.size() == 1);
  CHECK(form.uploads.front().filename == "a.pdf");
  CHECK(form.uploads.front().bytes == "%PDF");
  CHECK(status_of(multipart(part)) == 400);    // the end is missing
  CHECK(status_of(multipart("", "")) == 200);  // nothing at all is an empty form
  CHECK(status_of(multipart(part + "--b--\r\n", "")) == 400);
  CHECK(status_of(multipart(part + "--b--\r\n", std::string(80, 'b'))) == 400);
  Request other;
  other.headers = {{"content-type", "application/json"}};
  other.body = "{}";
  CHECK(status_of(other) == 415);
}

TEST_CASE("nobody smuggles a header into an answer") {
  Response response;
  CHECK_THROWS(response.set("Location", "/a\r\nSet-Cookie: x=1"));
  CHECK_THROWS(response.set("X-\r\n", "1"));
  CHECK_THROWS(response.set("", "1"));
  CHECK_THROWS(response.set("A: b", "1"));
  CHECK_NOTHROW(response.set("Location", "/a"));
}

TEST_CASE("what is escaped comes back") {
  std::string all;
  for (int c = 1; c < 256; ++c) all += static_cast<char>(c);
  CHECK(percent_decoded(percent_encoded(all), false) == all);
  CHECK_FALSE(percent_decoded("%", false));
  CHECK_FALSE(percent_decoded("%1", false));
  CHECK_FALSE(percent_decoded("%-1", false));
  CHECK(html_escaped("<a href='x' title=\"&\">") == "&lt;a href=&#39;x&#39; title=&quot;&amp;&quot;&gt;");
}
