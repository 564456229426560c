// The front on a real socket: slow, torn, greedy and hostile clients, and those who wait behind them.
#include <atomic>
#include <catch2/catch.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "adapters/http/front.hpp"
#include "tests/adapters/http/client.hpp"

using namespace tradecase::http;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
using tradecase::testing::Client;

namespace {

// Answers with method, path and length of the body; /wait waits until it is let go.
struct Server {
  std::mutex mutex;
  std::condition_variable changed;
  bool let_go = false;
  std::vector<std::string> handled;
  std::atomic<int> waiting = 0;
  Front front;

  explicit Server(FrontSettings settings = {})
      : front(
            std::move(settings), [this](const Request& request) { return answer(request); },
            [](const Reject& bad) {
              Response response;
              response.status = bad.status;
              response.type = "text/plain";
              response.body = bad.sentence;
              return response;
            }) {}
  ~Server() { release(); }

  Response answer(const Request& request) {
    if (request.path == "/wait") {
      std::unique_lock lock(mutex);
      ++waiting;
      changed.notify_all();
      changed.wait(lock, [this] { return let_go; });
    }
    Response response;
    {
      const std::lock_guard lock(mutex);
      handled.push_back(request.path);
    }
    response.type = "text/plain";
    response.body = request.method + " " + request.path + " " + std::to_string(request.body.size()) + " " + request.peer;
    if (request.path == "/large") response.body.assign(20'000'000, 'x');
    return response;
  }
  void wait_for(int count) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return waiting >= count; });
  }
  void release() {
    const std::lock_guard lock(mutex);
    let_go = true;
    changed.notify_all();
  }
};

FrontSettings settings() {
  FrontSettings made;
  made.port = 0;
  made.crew.workers = 4;
  made.head_time = made.body_time = milliseconds(600);
  made.idle_time = milliseconds(900);
  return made;
}

std::string get(const std::string& path) { return "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n"; }
std::string post(const std::string& body) {
  return "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace

TEST_CASE("the front answers, keeps the connection, and takes requests that come in one piece") {
  Server server(settings());
  Client client(server.front.port());
  client.say(get("/a"));
  CHECK(client.hear().body == "GET /a 0 127.0.0.1");
  client.say(post("hello") + get("/b") + get("/c"));
  CHECK(client.hear().body == "POST /p 5 127.0.0.1");
  CHECK(client.hear().body == "GET /b 0 127.0.0.1");
  CHECK(client.hear().body == "GET /c 0 127.0.0.1");
  client.say("HEAD /d HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  const auto head = client.hear();
  CHECK(head.status == 200);
  CHECK(head.body.empty());
  CHECK(client.ended());
}

TEST_CASE("a request that arrives byte by byte is one request, and one cut off is none") {
  Server server(settings());
  Client slow(server.front.port());
  for (const char c : post("abc")) slow.say(std::string_view(&c, 1));
  CHECK(slow.hear().body == "POST /p 3 127.0.0.1");
  Client torn(server.front.port());
  torn.say("GET / HT");
  torn.say_no_more();
  CHECK(torn.ended());
  Client done(server.front.port());  // says all and then no more: still answered
  done.say(get("/a"));
  done.say_no_more();
  CHECK(done.hear().status == 200);
}

TEST_CASE("a head or body that does not come in time is answered 408, a silent connection is closed") {
  Server server(settings());
  Client head(server.front.port()), body(server.front.port()), silent(server.front.port());
  const auto began = steady_clock::now();
  head.say("GET / HTTP/1.1\r\nHost:");
  body.say("POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
  CHECK(head.hear().status == 408);
  CHECK(head.ended());
  CHECK(body.hear().status == 408);
  CHECK(silent.ended());
  CHECK(steady_clock::now() - began < milliseconds(5000));
}

TEST_CASE("what could mean two things is refused and the connection ends") {
  Server server(settings());
  const auto refused = [&](const std::string& bytes) {
    Client client(server.front.port());
    client.say(bytes);
    const auto answer = client.hear();
    CHECK(client.ended());
    return answer.status;
  };
  CHECK(refused("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n") ==
        400);
  CHECK(refused("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n") == 411);
  CHECK(refused("POST / HTTP/1.1\r\nHost: a\r\n\r\n") == 411);
  CHECK(refused(std::string("GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", 28)) == 400);
  CHECK(refused("GET / HTTP/1.1\nHost: a\n\n") == 400);
  CHECK(refused("GET /" + std::string(9000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n") == 414);
  CHECK(refused("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(9000, 'a') + "\r\n\r\n") == 431);
  CHECK(refused("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(40'000, 'a')) == 431);
  CHECK(refused("POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1048577\r\n\r\n") == 413);
  CHECK(refused("POST / HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data\r\nContent-Length: 52428801\r\n\r\n") == 413);
  CHECK(refused("\x16\x03\x01 no TLS here\r\n\r\n") == 400);
}

TEST_CASE("who sends far too much still reads why it was refused") {
  Server server(settings());
  Client client(server.front.port());
  std::thread sender([&] {
    client.say("POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 8000000\r\n\r\n" +
               std::string(2'000'000, 'x'));
  });
  CHECK(client.hear().status == 413);
  sender.join();
}

TEST_CASE("half-open clients hold no worker") {
  Server server(settings());
  std::vector<Client> half;
  for (int i = 0; i < 16; ++i) half.emplace_back(server.front.port()).say("POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n");
  Client healthy(server.front.port());
  const auto began = steady_clock::now();
  for (int i = 0; i < 50; ++i) {
    healthy.say(get("/a"));
    CHECK(healthy.hear().status == 200);
  }
  CHECK(steady_clock::now() - began < milliseconds(2000));
}

TEST_CASE("a client that does not read what it asked for holds no worker") {
  FrontSettings few = settings();
  few.crew.workers = 1;
  Server server(few);
  Client greedy(server.front.port()), healthy(server.front.port());
  greedy.say(get("/large"));
  healthy.say(get("/a"));
  CHECK(healthy.hear().status == 200);
  const auto all = greedy.hear();
  CHECK(all.body.size() == 20'000'000);
}

TEST_CASE("only so many reads run at once, in the order in which they came, and acts pass them by") {
  FrontSettings few = settings();
  few.crew.reads_at_once = 1;
  few.crew.read_patience = std::chrono::hours(1);
  Server server(few);
  Client running(server.front.port()), first(server.front.port()), second(server.front.port()), acting(server.front.port());
  running.say(get("/wait"));
  server.wait_for(1);
  first.say(get("/first"));
  second.say(get("/second"));
  acting.say(post("hello"));
  CHECK(acting.hear().status == 200);
  CHECK(server.handled == std::vector<std::string>{"/p"});
  server.release();
  CHECK(running.hear().status == 200);
  CHECK(first.hear().status == 200);
  CHECK(second.hear().status == 200);
  CHECK(server.handled == std::vector<std::string>{"/p", "/wait", "/first", "/second"});
}

TEST_CASE("a read that takes long holds up no other") {
  FrontSettings few = settings();
  few.crew.reads_at_once = 1;
  few.crew.read_patience = milliseconds(20);
  Server server(few);
  Client slow(server.front.port()), other(server.front.port());
  slow.say(get("/wait"));
  server.wait_for(1);
  other.say(get("/other"));
  CHECK(other.hear().status == 200);
  server.release();
  CHECK(slow.hear().status == 200);
}

namespace {

// Acts below /t are begun together, and stay away until they are let go.
struct Gathering {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::vector<std::string>> begun;
  std::vector<std::pair<std::vector<std::string>, std::function<void(Finish)>>> away;
  Front front;

  explicit Gathering(std::size_t least)
      : front(
            gathering(least), [](const Request& request) { return text("alone " + request.path); },
            [](const Reject&) { return text("no"); }, {},
            {[](const Head& head) { return head.path.starts_with("/t"); },
             [this](const std::vector<const Request*>& requests, std::function<void(Finish)> resume) {
               begin(requests, std::move(resume));
             }}) {}

  static FrontSettings gathering(std::size_t least) {
    FrontSettings made = settings();
    made.crew.gathered_least = least;
    return made;
  }
  static Response text(std::string body) {
    Response response;
    response.type = "text/plain";
    response.body = std::move(body);
    return response;
  }
  void begin(const std::vector<const Request*>& requests, std::function<void(Finish)> resume) {
    const std::lock_guard lock(mutex);
    std::vector<std::string> paths;
    for (const Request* request : requests) paths.push_back(request->path);
    begun.push_back(paths);
    away.emplace_back(paths, std::move(resume));
    changed.notify_all();
  }
  std::size_t wait_for(std::size_t requests) {
    std::unique_lock lock(mutex);
    const auto count = [&] {
      std::size_t all = 0;
      for (const auto& paths : begun) all += paths.size();
      return all;
    };
    changed.wait(lock, [&] { return count() >= requests; });
    return count();
  }
  std::vector<std::size_t> sizes() {
    const std::lock_guard lock(mutex);
    std::vector<std::size_t> all;
    for (const auto& paths : begun) all.push_back(paths.size());
    return all;
  }
  void let_go() {
    const std::lock_guard lock(mutex);
    for (auto& [paths, resume] : std::exchange(away, {}))
      resume([paths = paths] {
        std::vector<Response> all;
        for (const std::string& path : paths) all.push_back(text("together " + path));
        return all;
      });
  }
};

std::string act(const std::string& path) { return "POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"; }

}  // namespace

TEST_CASE("acts that are begun together hold no worker while they are decided, and each gets its own answer") {
  Gathering server(1);
  std::vector<Client> clients;
  for (int i = 0; i < 12; ++i) clients.emplace_back(server.front.port()).say(act("/t" + std::to_string(i)));
  CHECK(server.wait_for(12) == 12);  // of four workers
  Client other(server.front.port()), reader(server.front.port());
  other.say(act("/p"));
  CHECK(other.hear().body == "alone /p");
  reader.say(get("/t"));
  CHECK(reader.hear().body == "alone /t");
  server.let_go();
  for (int i = 0; i < 12; ++i) CHECK(clients[static_cast<std::size_t>(i)].hear().body == "together /t" + std::to_string(i));
  clients[3].say(act("/t") + act("/p"));  // the connection goes on, and its requests stay in order
  server.wait_for(13);
  server.let_go();
  CHECK(clients[3].hear().body == "together /t");
  CHECK(clients[3].hear().body == "alone /p");
}

TEST_CASE("while acts are decided the next gather, and go when there are enough of them or none is away") {
  Gathering server(3);
  std::vector<Client> clients;
  const auto another = [&] {
    const std::string path = "/t" + std::to_string(clients.size());
    clients.emplace_back(server.front.port()).say(act(path));
  };
  another();
  server.wait_for(1);
  for (int i = 0; i < 3; ++i) another();
  server.wait_for(4);
  CHECK(server.sizes() == std::vector<std::size_t>{1, 3});
  for (int i = 0; i < 2; ++i) another();
  Client other(server.front.port());
  other.say(act("/p"));  // by then the two have come
  CHECK(other.hear().body == "alone /p");
  CHECK(server.wait_for(4) == 4);
  server.let_go();
  server.wait_for(6);
  CHECK(server.sizes() == std::vector<std::size_t>{1, 3, 2});
  server.let_go();
  for (std::size_t i = 0; i < clients.size(); ++i) CHECK(clients[i].hear().body == "together /t" + std::to_string(i));
}

TEST_CASE("a stop waits for acts that are being decided") {
  Gathering server(1);
  Client client(server.front.port());
  client.say(act("/t"));
  server.wait_for(1);
  std::thread stopping([&] { server.front.stop(std::chrono::seconds(10)); });
  Client late(server.front.port());
  CHECK(late.ended());
  server.let_go();
  CHECK(client.hear().body == "together /t");
  stopping.join();
}

TEST_CASE("one address has its share of connections, and behind a proxy another's") {
  FrontSettings few = settings();
  few.connections_per_address = 3;
  Server server(few);
  std::vector<Client> held;
  for (int i = 0; i < 3; ++i) {
    held.emplace_back(server.front.port()).say(get("/a"));
    CHECK(held.back().hear().status == 200);
  }
  Client fourth(server.front.port());
  fourth.say(get("/a"));
  CHECK(fourth.hear().status == 0);

  few.behind_proxy = true;
  Server proxied(few);
  std::vector<Client> many;
  for (int i = 0; i < 8; ++i)
    many.emplace_back(proxied.front.port()).say("GET /a HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 1.2.3.4, 5.6.7.8\r\n\r\n");
  for (Client& one : many) CHECK(one.hear().body == "GET /a 0 5.6.7.8");
}

TEST_CASE("a stop lets requests under way be answered and takes no new ones") {
  Server server(settings());
  const std::uint16_t port = server.front.port();
  Client client(port), idle(port);
  client.say(get("/wait"));
  server.wait_for(1);
  std::thread stopping([&] { server.front.stop(std::chrono::seconds(10)); });
  CHECK(idle.ended());  // nothing was under way there
  server.release();
  const auto answer = client.hear();
  CHECK(answer.status == 200);
  CHECK(answer.head.find("Connection: close") != std::string::npos);
  stopping.join();
  Client late(port);
  late.say(get("/a"));
  CHECK(late.hear().status == 0);
}
