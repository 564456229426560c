// Debian's nginx with the very lines of tools/deploy in front of a front: what passes, what it refuses and in which words.
#include <curl/curl.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <thread>
#include <utility>
#include <vector>

#include "adapters/http/front.hpp"
#include "engine/json.hpp"
#include "tests/adapters/http/client.hpp"

using namespace tradecase;
using tradecase::http::Front;
using tradecase::http::FrontSettings;
using tradecase::http::Reject;
using tradecase::http::Request;
using tradecase::http::Response;
using tradecase::testing::Client;
namespace fs = std::filesystem;

namespace {

std::string text_of(const fs::path& file) {
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::uint16_t free_port() {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  REQUIRE(bind(fd, reinterpret_cast<const sockaddr*>(&address), size) == 0);    // NOLINT: as sockets want it
  REQUIRE(getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0);  // NOLINT
  close(fd);
  return ntohs(address.sin_port);
}

std::string replaced(std::string text, const std::vector<std::pair<std::string, std::string>>& all) {
  for (const auto& [from, to] : all) {
    INFO(from);
    REQUIRE(text.find(from) != std::string::npos);
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
  }
  return text;
}

class Nginx {
 public:
  enum class Server { plain, shipped };  // shipped: nginx.conf whole, with TLS, its ports and the places of its files changed

  explicit Nginx(std::uint16_t upstream, Server server = Server::plain) : port(free_port()), plain_port(free_port()), folder_(made()) {
    const std::string at = folder_.string();
    const auto refusals = std::pair{std::string("127.0.0.1:8080"), "127.0.0.1:" + std::to_string(upstream)};
    std::ofstream(folder_ / "refusals.conf") << replaced(text_of(deploy / "tradecase_refusals.conf"), {refusals});
    std::ofstream(folder_ / "nginx.conf") << (geteuid() == 0 ? "user root;\n" : "") << "daemon off;\nworker_processes 1;\npid " << at
                                          << "/pid;\nerror_log " << at << "/error.log;\nevents { worker_connections 512; }\nhttp {\n"
                                          << "access_log off;\nclient_body_temp_path " << at << "/body;\nproxy_temp_path " << at
                                          << "/proxy;\nfastcgi_temp_path " << at << "/f;\nuwsgi_temp_path " << at << "/u;\nscgi_temp_path "
                                          << at << "/s;\n"
                                          << (server == Server::plain ? plain() : shipped()) << "}\n";
    start();
  }
  ~Nginx() {
    kill(child_, SIGTERM);
    waitpid(child_, nullptr, 0);
    fs::remove_all(folder_);
  }
  Nginx(const Nginx&) = delete;
  Nginx& operator=(const Nginx&) = delete;

  std::string authority() const { return (folder_ / "fullchain.pem").string(); }

  const std::uint16_t port, plain_port;

 private:
  static fs::path made() {
    std::string name = (fs::temp_directory_path() / "nginx-test-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    return name;
  }

  std::string plain() const {
    return "include " + folder_.string() + "/refusals.conf;\nserver { listen 127.0.0.1:" + std::to_string(port) + ";\ninclude " +
           (deploy / "tradecase_locations.conf").string() + ";\n}\n";
  }
  std::string shipped() const {
    const std::string at = folder_.string();
    const std::string make =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=tradecase.example "
        "-addext subjectAltName=DNS:tradecase.example -keyout " +
        at + "/key.pem -out " + at + "/fullchain.pem 2>/dev/null";
    REQUIRE(std::system(make.c_str()) == 0);  // NOLINT: no one else's words
    return replaced(text_of(deploy / "nginx.conf"),
                    {{"/etc/nginx/tradecase_refusals.conf", at + "/refusals.conf"},
                     {"/etc/nginx/tradecase_locations.conf", (deploy / "tradecase_locations.conf").string()},
                     {"/etc/ssl/tradecase/", at + "/"},
                     {"listen 443 ", "listen 127.0.0.1:" + std::to_string(port) + " "},
                     {"listen 80;", "listen 127.0.0.1:" + std::to_string(plain_port) + ";"}});
  }

  void start() {
    child_ = fork();
    REQUIRE(child_ >= 0);
    if (child_ == 0) {
      const int nowhere = open("/dev/null", O_WRONLY);
      dup2(nowhere, STDERR_FILENO);
      execl("/usr/sbin/nginx", "nginx", "-c", (folder_ / "nginx.conf").c_str(), "-e", (folder_ / "error.log").c_str(), nullptr);
      _exit(127);
    }
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!Client(port).connected()) {
      INFO(text_of(folder_ / "error.log"));
      REQUIRE(waitpid(child_, nullptr, WNOHANG) == 0);
      REQUIRE(std::chrono::steady_clock::now() < until);
      std::this_thread::yield();
    }
  }

  const fs::path deploy = fs::path(TRADECASE_HOME) / "tools" / "deploy";
  fs::path folder_;
  pid_t child_ = -1;
};

struct OverTls {
  CURLcode code = CURLE_OK;
  long status = 0, version = 0;
  std::string head, body;
};

// As a browser asks: by name, trusting `authority` alone, following nothing.
OverTls over_tls(const std::string& url, const Nginx& nginx, const std::string& authority, const std::string& body = "") {
  const std::unique_ptr<CURL, void (*)(CURL*)> curl(curl_easy_init(), curl_easy_cleanup);
  curl_slist* found = nullptr;
  for (const std::uint16_t port : {nginx.port, nginx.plain_port})
    found = curl_slist_append(found, ("tradecase.example:" + std::to_string(port) + ":127.0.0.1").c_str());
  const std::unique_ptr<curl_slist, void (*)(curl_slist*)> resolved(found, curl_slist_free_all);
  OverTls answer;
  const auto write = +[](char* bytes, std::size_t, std::size_t count, void* to) {
    static_cast<std::string*>(to)->append(bytes, count);
    return count;
  };
  curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_RESOLVE, resolved.get());
  if (!authority.empty()) curl_easy_setopt(curl.get(), CURLOPT_CAINFO, authority.c_str());
  if (!body.empty()) curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
  if (!body.empty()) curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, body.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, write);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &answer.body);
  curl_easy_setopt(curl.get(), CURLOPT_HEADERFUNCTION, write);
  curl_easy_setopt(curl.get(), CURLOPT_HEADERDATA, &answer.head);
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT, 20L);
  answer.code = curl_easy_perform(curl.get());
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &answer.status);
  curl_easy_getinfo(curl.get(), CURLINFO_HTTP_VERSION, &answer.version);
  return answer;
}

std::unique_ptr<Front> portal() {
  FrontSettings settings;
  settings.port = 0;
  settings.crew.workers = 4;
  settings.behind_proxy = true;
  return std::make_unique<Front>(
      settings,
      [](const Request& request) {
        Response response;
        response.body = request.method + " " + request.path + " " + std::to_string(request.body.size()) + " " + request.peer;
        return response;
      },
      [](const Reject& bad) {
        Response response;
        response.status = bad.status;
        return response;
      });
}

Client::Answer asked(const Nginx& nginx, const std::string& bytes) {
  Client client(nginx.port);
  client.say(bytes);
  return client.hear();
}

void is_problem(const Client::Answer& answer, int status, const char* code) {
  INFO(answer.head << answer.body);
  CHECK(answer.status == status);
  CHECK(answer.head.find("application/problem+json") != std::string::npos);
  const json::value all = json::parse(answer.body);
  CHECK(all.at("status") == status);
  CHECK(all.at("code") == code);
}

}  // namespace

TEST_CASE("nginx passes on what is in order and refuses the rest in the portal's manner") {
  auto front = portal();
  const Nginx nginx(front->port());
  const std::string host = " HTTP/1.1\r\nHost: a.example\r\n";
  CHECK(asked(nginx, "GET /a" + host + "X-Forwarded-For: 6.6.6.6\r\n\r\n").body == "GET /a 0 127.0.0.1");
  CHECK(asked(nginx, "POST /api/v1/x" + host + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n").body ==
        "POST /api/v1/x 3 127.0.0.1");
  CHECK(asked(nginx, "GET /metrics" + host + "\r\n").status == 404);
  is_problem(asked(nginx, "POST /api/v1/cases/TC-2026-000001/files" + host + "Content-Length: 52428801\r\n\r\n"), 413, "too_large");
  is_problem(asked(nginx, "POST /api/v1/x" + host + "Content-Length: 1048577\r\n\r\n"), 413, "too_large");
  const auto page = asked(nginx, "POST /x" + host + "Content-Length: 99000000\r\n\r\n");
  CHECK(page.status == 413);
  CHECK(page.head.find("text/plain") != std::string::npos);
  is_problem(asked(nginx, "GET /api/v1/x" + host + "X: " + std::string(9000, 'a') + "\r\n\r\n"), 431, "head_too_large");
  CHECK(asked(nginx, "GET /" + std::string(40'000, 'a') + host + "\r\n").status == 414);
  CHECK(asked(nginx, "POST /x" + host + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n").status == 400);
  front->stop(std::chrono::seconds(1));
  is_problem(asked(nginx, "GET /api/v1/x" + host + "\r\n"), 502, "unavailable");
}

TEST_CASE("behind nginx half-open clients keep nobody waiting") {
  const auto front = portal();
  const Nginx nginx(front->port());
  std::vector<Client> half;
  for (int i = 0; i < 16; ++i) half.emplace_back(nginx.port).say("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n");
  for (int i = 0; i < 16; ++i) half.emplace_back(nginx.port).say("GET / HT");
  std::vector<std::chrono::milliseconds> took;
  Client healthy(nginx.port);
  for (int i = 0; i < 100; ++i) {
    const auto began = std::chrono::steady_clock::now();
    healthy.say("GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(healthy.hear().status == 200);
    took.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began));
  }
  std::ranges::sort(took);
  CHECK(took[98] < std::chrono::milliseconds(1000));
}

TEST_CASE("the shipped nginx.conf speaks TLS and HTTP/2, sends plain HTTP there, and says so for a year in every answer") {
  const auto front = portal();
  const Nginx nginx(front->port(), Nginx::Server::shipped);
  const std::string site = "https://tradecase.example:" + std::to_string(nginx.port);
  const std::string strict = "strict-transport-security: max-age=31536000";
  const auto page = over_tls(site + "/a", nginx, nginx.authority());
  INFO(curl_easy_strerror(page.code));
  CHECK(page.status == 200);
  CHECK(page.version == CURL_HTTP_VERSION_2_0);
  CHECK(page.body == "GET /a 0 127.0.0.1");
  CHECK(page.head.find(strict) != std::string::npos);
  CHECK(over_tls(site + "/a", nginx, "").code == CURLE_PEER_FAILED_VERIFICATION);

  const auto refused = over_tls(site + "/api/v1/x", nginx, nginx.authority(), std::string(1024 * 1024 + 1, 'a'));
  CHECK(refused.status == 413);
  CHECK(refused.head.find("application/problem+json") != std::string::npos);
  CHECK(refused.head.find(strict) != std::string::npos);

  const auto plain = over_tls("http://tradecase.example:" + std::to_string(nginx.plain_port) + "/cases/TC-1?a=b", nginx, "");
  CHECK(plain.status == 301);
  CHECK(plain.head.find("Location: https://tradecase.example/cases/TC-1?a=b\r\n") != std::string::npos);
}

TEST_CASE("systemd takes the shipped unit as it stands") {
  if (!fs::exists("/usr/bin/systemd-analyze")) return;
  std::string folder = (fs::temp_directory_path() / "unit-test-XXXXXX").string();
  REQUIRE(mkdtemp(folder.data()) != nullptr);
  const std::string unit = text_of(fs::path(TRADECASE_HOME) / "tools" / "deploy" / "tradecase.service");
  std::ofstream(folder + "/tradecase.service") << replaced(unit, {{"/usr/bin/tradecase ", "/bin/true "}});
  CHECK(std::system(("systemd-analyze verify --man=no " + folder + "/tradecase.service >" + folder + "/said 2>&1").c_str()) ==
        0);                                  // NOLINT
  CHECK(text_of(folder + "/said").empty());  // of a name that it does not know it only warns
  fs::remove_all(folder);
}
