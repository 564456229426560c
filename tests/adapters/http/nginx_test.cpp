// Debian's nginx with the very lines of tools/deploy in front of a front: what passes, what it refuses and in which words.
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <thread>
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

class Nginx {
 public:
  explicit Nginx(std::uint16_t upstream) : port(free_port()), folder_(made()) {
    std::string refusals = text_of(deploy / "tradecase_refusals.conf");
    refusals.replace(refusals.find("127.0.0.1:8080"), 14, "127.0.0.1:" + std::to_string(upstream));
    std::ofstream(folder_ / "refusals.conf") << refusals;
    const std::string at = folder_.string();
    std::ofstream(folder_ / "nginx.conf") << (geteuid() == 0 ? "user root;\n" : "") << "daemon off;\nworker_processes 1;\npid " << at
                                          << "/pid;\nerror_log " << at << "/error.log;\nevents { worker_connections 512; }\nhttp {\n"
                                          << "access_log off;\nclient_body_temp_path " << at << "/body;\nproxy_temp_path " << at
                                          << "/proxy;\nfastcgi_temp_path " << at << "/f;\nuwsgi_temp_path " << at << "/u;\nscgi_temp_path "
                                          << at << "/s;\ninclude " << at << "/refusals.conf;\nserver { listen 127.0.0.1:" << port
                                          << ";\ninclude " << (deploy / "tradecase_locations.conf").string() << ";\n}\n}\n";
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
  ~Nginx() {
    kill(child_, SIGTERM);
    waitpid(child_, nullptr, 0);
    fs::remove_all(folder_);
  }
  Nginx(const Nginx&) = delete;
  Nginx& operator=(const Nginx&) = delete;

  const std::uint16_t port;

 private:
  static fs::path made() {
    std::string name = (fs::temp_directory_path() / "nginx-test-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    return name;
  }
  const fs::path deploy = fs::path(TRADECASE_HOME) / "tools" / "deploy";
  fs::path folder_;
  pid_t child_ = -1;
};

std::unique_ptr<Front> portal() {
  FrontSettings settings;
  settings.port = 0;
  settings.workers = 4;
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
