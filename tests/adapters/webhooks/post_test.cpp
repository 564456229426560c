#include "adapters/webhooks/post.hpp"

#include <stdlib.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>

#include "tests/adapters/webhooks/receiver.hpp"

using namespace tradecase::webhooks;
using namespace tradecase::testing;
using Catch::Contains;

namespace {

PostSettings settings(bool loopback, int milliseconds = 10'000) {
  PostSettings all;
  all.loopback = loopback;
  all.patience = std::chrono::milliseconds(milliseconds);
  return all;
}

Answered sent_to(const Receiver& receiver, const PostSettings& how) {
  return Poster(how).post(receiver.url(), {{"webhook-id", "msg_1"}}, "{\"a\":1}");
}

// A web server with TLS that takes everything; ends with its pipe.
class TlsServer {
 public:
  explicit TlsServer(const std::string& host) {
    std::string pattern = (std::filesystem::temp_directory_path() / "webhook-tls-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    const std::string make = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=" + host +
                             " -addext subjectAltName=DNS:" + host + " -keyout " + folder_ + "/key.pem -out " + ca() + " 2>/dev/null";
    REQUIRE(std::system(make.c_str()) == 0);
    const std::string program =
        "import http.server, ssl, sys\n"
        "class H(http.server.BaseHTTPRequestHandler):\n"
        "  def do_POST(self):\n"
        "    self.rfile.read(int(self.headers['content-length']))\n"
        "    self.send_response(204); self.end_headers()\n"
        "  def log_message(self, *a): pass\n"
        "s = http.server.HTTPServer(('127.0.0.1', 0), H)\n"
        "c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); c.load_cert_chain(sys.argv[1] + '/certificate.pem', sys.argv[1] + '/key.pem')\n"
        "s.socket = c.wrap_socket(s.socket, server_side=True)\n"
        "print(s.server_port, flush=True)\n"
        "import threading\n"
        "threading.Thread(target=s.serve_forever, daemon=True).start()\n"
        "sys.stdin.read()\n";
    std::FILE* file = std::fopen((folder_ + "/server.py").c_str(), "w");
    std::fputs(program.c_str(), file);
    std::fclose(file);
    REQUIRE(std::system(("mkfifo " + folder_ + "/port").c_str()) == 0);
    pipe_ = popen(("python3 " + folder_ + "/server.py " + folder_ + " > " + folder_ + "/port").c_str(), "w");
    std::FILE* told = std::fopen((folder_ + "/port").c_str(), "r");
    REQUIRE(std::fscanf(told, "%d", &port_) == 1);
    std::fclose(told);
  }
  ~TlsServer() {
    pclose(pipe_);
    std::filesystem::remove_all(folder_);
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  std::string ca() const { return folder_ + "/certificate.pem"; }
  int port() const { return port_; }

 private:
  std::string folder_;
  std::FILE* pipe_ = nullptr;
  int port_ = 0;
};

}  // namespace

TEST_CASE("an event arrives as it was given, and its answer is known by its status") {
  const Receiver receiver({answer("202 Accepted")});
  const Answered answered = sent_to(receiver, settings(true));
  CHECK(answered.status == 202);
  const auto heard = receiver.heard();
  REQUIRE(heard.size() == 1);
  CHECK(heard[0].line == "POST /in HTTP/1.1");
  CHECK(heard[0].headers.at("webhook-id") == "msg_1");
  CHECK(heard[0].body == "{\"a\":1}");
}

TEST_CASE("what a receiver does wrong is told in words, and holds nobody up") {
  SECTION("it hangs up") {
    const Receiver receiver({hang_up});
    const Answered answered = sent_to(receiver, settings(true));
    CHECK(answered.status == 0);
    CHECK_FALSE(answered.detail.empty());
  }
  SECTION("it says nothing") {
    const Receiver receiver({say_nothing});
    const Answered answered = sent_to(receiver, settings(true, 300));
    CHECK(answered.status == 0);
    CHECK_THAT(answered.detail, Contains("no answer came"));
  }
  SECTION("it talks without end: the time holds for all of it, not for each byte") {
    const Receiver receiver({never_end});
    const auto began = std::chrono::steady_clock::now();
    CHECK(sent_to(receiver, settings(true, 500)).status == 0);
    CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(5));
  }
  SECTION("it redirects: nobody follows") {
    const Receiver elsewhere({answer("200 OK")});
    const Receiver receiver({answer("302 Found", "Location: " + elsewhere.url() + "\r\n")});
    CHECK(sent_to(receiver, settings(true)).status == 302);
    CHECK(elsewhere.connections() == 0);
  }
  SECTION("a long answer is not read to its end, and its status counts") {
    const Receiver receiver({answer("200 OK", "", std::string(1'000'000, 'x'))});
    CHECK(sent_to(receiver, settings(true)).status == 200);
  }
  SECTION("a long head is not read to its end") {
    const Receiver receiver({answer("200 OK", "X-Long: " + std::string(20'000, 'x') + "\r\n")});
    CHECK(sent_to(receiver, settings(true)).status == 0);
  }
  SECTION("nobody listens") {
    int port = 0;
    {
      const Receiver receiver({hang_up});
      port = receiver.port();
    }
    CHECK(Poster(settings(true)).post("http://127.0.0.1:" + std::to_string(port) + "/", {}, "{}").status == 0);
  }
}

TEST_CASE("nobody connects to an address inside, whatever name leads there") {
  const Receiver receiver({answer("200 OK")});
  const std::string port = std::to_string(receiver.port());
  SECTION("written as a number") { CHECK(Poster(settings(false)).post("https://127.0.0.1:" + port + "/", {}, "{}").status == 0); }
  SECTION("by a name whose address was public a moment ago") {
    PostSettings all = settings(false);
    all.hosts = {"hooks.partner.example:" + port + ":127.0.0.1"};
    const Answered answered = Poster(all).post("https://hooks.partner.example:" + port + "/", {}, "{}");
    CHECK(answered.status == 0);
    CHECK_THAT(answered.detail, Contains("not on the public internet"));
  }
  SECTION("where this machine is allowed, by its own names only") {
    PostSettings all = settings(true, 1000);
    all.hosts = {"hooks.partner.example:" + port + ":10.0.0.1"};
    const Answered answered = Poster(all).post("https://hooks.partner.example:" + port + "/", {}, "{}");
    CHECK_THAT(answered.detail, Contains("not on the public internet"));
  }
  SECTION("by a proxy that the environment names") {
    setenv("http_proxy", ("http://127.0.0.1:" + port).c_str(), 1);
    setenv("https_proxy", ("http://127.0.0.1:" + port).c_str(), 1);
    PostSettings all = settings(false);
    all.hosts = {"hooks.partner.example:443:10.0.0.1"};
    CHECK(Poster(all).post("https://hooks.partner.example/", {}, "{}").status == 0);
    unsetenv("http_proxy");
    unsetenv("https_proxy");
  }
  CHECK(receiver.connections() == 0);
}

TEST_CASE("an event goes to the server that the certificate names, and to no other") {
  const TlsServer server("hooks.partner.example");
  const std::string port = std::to_string(server.port());
  PostSettings all = settings(true);
  all.ca_file = server.ca();
  all.hosts = {"hooks.partner.example:" + port + ":127.0.0.1", "other.partner.example:" + port + ":127.0.0.1"};
  CHECK(Poster(all).post("https://hooks.partner.example:" + port + "/", {}, "{}").status == 204);
  const Answered other = Poster(all).post("https://other.partner.example:" + port + "/", {}, "{}");
  CHECK(other.status == 0);
  CHECK_THAT(other.detail, Contains("certificate", Catch::CaseSensitive::No));
  all.ca_file.clear();  // the system's authorities do not know it
  CHECK(Poster(all).post("https://hooks.partner.example:" + port + "/", {}, "{}").status == 0);
}
