#include "adapters/http/front.hpp"

#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/Net/StreamSocketImpl.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <map>
#include <system_error>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "adapters/http/wire.hpp"

namespace tradecase::http {
namespace {

using SteadyTime = std::chrono::steady_clock::time_point;
using std::chrono::steady_clock;

constexpr std::uint64_t listener_id = 0, wake_id = 1;
constexpr std::size_t other_form_bytes_max = 2 * 1024 * 1024;

struct Connection {
  enum class State { idle, head, body, handling, answering, farewell };
  Poco::Net::StreamSocket socket;
  std::string address;
  State state = State::idle;
  SteadyTime deadline;
  SteadyTime began;
  std::string in, out;
  std::size_t sent = 0;
  std::size_t body_begins = 0;
  Head head;
  bool keep_alive = false;
  std::size_t counted = 0;  // of the body, in the sum of all

  int fd() const { return socket.impl()->sockfd(); }
};

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

}  // namespace

class Front::Loop {
 public:
  Loop(FrontSettings settings, std::function<Response(const Request&)> handle, std::function<Response(const Reject&)> refuse,
       std::function<void(const Answered&)> answered, Together together)
      : settings_(std::move(settings)),
        handle_(std::move(handle)),
        refuse_(std::move(refuse)),
        answered_(std::move(answered)),
        together_(std::move(together)) {
    listener_.bind(Poco::Net::SocketAddress(settings_.address, settings_.port), true);
    listener_.listen(1024);
    listener_.setBlocking(false);
    fcntl(listener_.impl()->sockfd(), F_SETFD, FD_CLOEXEC);
    port_ = listener_.address().port();
    epoll_ = epoll_create1(EPOLL_CLOEXEC);
    wake_ = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (epoll_ < 0 || wake_ < 0) fail("epoll");
    watch(listener_.impl()->sockfd(), listener_id, EPOLLIN, EPOLL_CTL_ADD);
    watch(wake_, wake_id, EPOLLIN, EPOLL_CTL_ADD);
    Work work;
    work.answer = [this](const Job& job) { return answered_bytes(job, handle_(job.request)); };
    work.together = together_.are;
    work.begin = [this](const Jobs& jobs, const std::function<void(Answers)>& resume) { begin(jobs, resume); };
    work.wake = [this] { wake(); };
    crew_ = std::make_unique<Crew>(settings_.crew, std::move(work));
    thread_ = std::thread([this] { run(); });
  }

  ~Loop() {
    stop(std::chrono::seconds(0));
    close(epoll_);
    close(wake_);
  }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  std::uint16_t port() const { return port_; }

  void stop(std::chrono::seconds patience) {
    if (!thread_.joinable()) return;
    stop_by_ = steady_clock::now() + patience;
    stopping_ = true;
    wake();
    thread_.join();
    crew_->end();
    listener_.close();
  }

 private:
  // On a thread of the crew.
  void begin(const Jobs& jobs, const std::function<void(Answers)>& resume) {
    std::vector<const Request*> requests;
    for (const Job& job : *jobs) requests.push_back(&job.request);
    together_.begin(requests, [this, jobs, resume](Finish finish) {
      resume([this, jobs, finish = std::move(finish)] {
        const std::vector<Response> responses = finish();
        std::vector<std::string> all;
        for (std::size_t i = 0; i < jobs->size(); ++i) all.push_back(answered_bytes(jobs->at(i), responses.at(i)));
        return all;
      });
    });
  }

  std::string answered_bytes(const Job& job, const Response& response) {
    const bool keep_alive = job.request.keep_alive && !stopping_;
    std::string bytes = bytes_of(response, keep_alive, job.request.method == "HEAD");
    if (answered_) note(job.request.method, job.request.path, job.request.peer, job.request.id, response.status, job.began, bytes.size());
    return bytes;
  }

  void note(std::string method, std::string path, std::string peer, std::string id, int status, SteadyTime began, std::size_t bytes) {
    answered_({std::move(method), std::move(path), std::move(peer), std::move(id), status,
               std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - began), bytes});
  }

  void wake() const {
    const std::uint64_t one = 1;
    static_cast<void>(!write(wake_, &one, sizeof one));
  }

  // ---- the loop --------------------------------------------------------------------------------------------------------------

  void run() {
    std::array<epoll_event, 256> events{};
    SteadyTime swept = steady_clock::now();
    for (;;) {
      const int count = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 250);
      for (int i = 0; i < count; ++i) {
        const auto& event = events[static_cast<std::size_t>(i)];
        if (event.data.u64 == listener_id)
          accept_all();
        else if (event.data.u64 == wake_id)
          take_answers();
        else
          serve(event.data.u64);
      }
      const SteadyTime now = steady_clock::now();
      if (now - swept >= std::chrono::milliseconds(250)) {
        sweep(now);
        swept = now;
      }
      if (stopping_ && drained(now)) return;
    }
  }

  void watch(int fd, std::uint64_t id, std::uint32_t events, int how) const {
    epoll_event event{};
    event.events = events;
    event.data.u64 = id;
    if (epoll_ctl(epoll_, how, fd, &event) != 0) fail("epoll_ctl");
  }

  void accept_all() {
    for (;;) {
      const int fd = accept4(listener_.impl()->sockfd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fd < 0) return;                                                   // none left, or no descriptor: the rest waits in the backlog
      Poco::Net::StreamSocket socket(new Poco::Net::StreamSocketImpl(fd));  // NOLINT: the socket owns it at once
      std::string address;
      try {
        address = socket.peerAddress().host().toString();
        socket.setNoDelay(true);
      } catch (const Poco::Exception&) {
        continue;  // gone already
      }
      int& held = per_address_[address];
      if (stopping_ || connections_.size() >= static_cast<std::size_t>(settings_.connections_max) ||
          (!settings_.behind_proxy && held >= settings_.connections_per_address)) {
        if (held == 0) per_address_.erase(address);
        continue;  // closed by going
      }
      ++held;
      const std::uint64_t id = next_id_++;
      Connection& connection = connections_[id];
      connection.socket = socket;
      connection.address = std::move(address);
      connection.deadline = steady_clock::now() + settings_.head_time;
      watch(fd, id, EPOLLIN | EPOLLONESHOT, EPOLL_CTL_ADD);
    }
  }

  // Each report of a connection ends its watch: no event of one that is being handled, whatever its client does.
  void listen_to(std::uint64_t id, const Connection& connection) const {
    watch(connection.fd(), id, EPOLLIN | EPOLLONESHOT, EPOLL_CTL_MOD);
  }

  void drop(std::uint64_t id) {
    const auto found = connections_.find(id);
    if (found == connections_.end()) return;
    if (const auto held = per_address_.find(found->second.address); held != per_address_.end() && --held->second <= 0)
      per_address_.erase(held);
    uncount(found->second);
    epoll_ctl(epoll_, EPOLL_CTL_DEL, found->second.fd(), nullptr);
    connections_.erase(found);
  }

  void serve(std::uint64_t id) {
    const auto found = connections_.find(id);
    if (found == connections_.end()) return;
    Connection& connection = found->second;
    if (connection.state == Connection::State::answering) return send_on(id, connection);
    if (connection.state == Connection::State::handling) return;
    receive(id, connection);
  }

  void receive(std::uint64_t id, Connection& connection) {
    std::array<char, 64 * 1024> part{};
    for (;;) {
      const ssize_t got = recv(connection.fd(), part.data(), part.size(), 0);
      if (got > 0) {
        if (connection.state == Connection::State::farewell) return listen_to(id, connection);  // it is told; the rest is not wanted
        connection.in.append(part.data(), static_cast<std::size_t>(got));
        if (!advance(id, connection)) return;
        if (static_cast<std::size_t>(got) < part.size()) return listen_to(id, connection);
        continue;
      }
      if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return listen_to(id, connection);
      if (got < 0 && errno == EINTR) continue;
      return drop(id);  // ended or broken: nobody is there to read an answer to half a request
    }
  }

  // Looks at what has arrived. False once the connection is not to be read further for now.
  bool advance(std::uint64_t id, Connection& connection) {
    if (connection.state == Connection::State::idle && !connection.in.empty()) {
      connection.state = Connection::State::head;
      connection.began = steady_clock::now();
      connection.deadline = connection.began + settings_.head_time;
    }
    if (connection.state == Connection::State::head) {
      const std::size_t end = head_end(connection.in);
      if (end == std::string::npos || end > head_bytes_max) {
        if (auto long_one = too_long(connection.in); std::holds_alternative<Reject>(long_one))
          return reject(id, connection, std::get<Reject>(long_one));
        return true;
      }
      auto parsed = parse_head(std::string_view(connection.in).substr(0, end));
      if (const auto* bad = std::get_if<Reject>(&parsed)) return reject(id, connection, *bad);
      connection.head = std::get<Head>(std::move(parsed));
      if (connection.head.content_length > body_bytes_max(connection.head))
        return reject(id, connection, {413, "The body is larger than is taken here.", connection.head.path});
      if (promised_ + connection.head.content_length > settings_.bodies_bytes_max)
        return reject(id, connection, {503, "Too much is being sent here at once. Try again soon.", connection.head.path});
      connection.counted = connection.head.content_length;
      promised_ += connection.counted;
      connection.body_begins = end;
      connection.state = Connection::State::body;
      connection.deadline = steady_clock::now() + settings_.body_time;
      if (connection.head.header("expect") == "100-continue") {
        constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
        static_cast<void>(send(connection.fd(), go_on.data(), go_on.size(), MSG_NOSIGNAL));
      }
    }
    if (connection.in.size() - connection.body_begins < connection.head.content_length) return true;
    dispatch(id, connection);
    return false;
  }

  std::size_t body_bytes_max(const Head& head) const {
    const std::string_view type = head.header("content-type");
    if (type.starts_with("multipart/form-data") || type.starts_with("application/octet-stream")) return settings_.upload_bytes_max;
    return type.starts_with("application/x-www-form-urlencoded") ? other_form_bytes_max : settings_.json_bytes_max;
  }

  void uncount(Connection& connection) { promised_ -= std::exchange(connection.counted, 0); }

  void dispatch(std::uint64_t id, Connection& connection) {
    Job job;
    job.connection = id;
    job.fd = connection.fd();
    job.began = connection.began;
    static_cast<Head&>(job.request) = std::move(connection.head);
    if (connection.in.size() == connection.body_begins + job.request.content_length) {  // as ever: a large body is not there twice
      job.request.body = std::exchange(connection.in, {});
      job.request.body.erase(0, connection.body_begins);
    } else {  // what follows is the next request's
      job.request.body = connection.in.substr(connection.body_begins, job.request.content_length);
      connection.in.erase(0, connection.body_begins + job.request.content_length);
    }
    job.request.id = fmt::format("{:x}-{:x}", started_, ++requests_);
    job.request.peer = settings_.behind_proxy ? forwarded_address(job.request, connection.address) : connection.address;
    connection.keep_alive = job.request.keep_alive && !stopping_;
    connection.state = Connection::State::handling;
    connection.deadline = SteadyTime::max();
    crew_->give(std::move(job));
  }

  bool reject(std::uint64_t id, Connection& connection, const Reject& bad) {
    const Response response = refuse_(bad);
    connection.keep_alive = false;
    if (answered_)
      note("-", bad.path, connection.address, fmt::format("{:x}-{:x}", started_, ++requests_), bad.status, connection.began, 0);
    answer(id, connection, {id, bytes_of(response, false, false)});
    return false;
  }

  void take_answers() {
    std::uint64_t count = 0;
    static_cast<void>(!read(wake_, &count, sizeof count));
    std::vector<Done> done = crew_->take();
    for (Done& one : done)
      if (const auto found = connections_.find(one.connection); found != connections_.end())
        answer(found->first, found->second, std::move(one));
  }

  void answer(std::uint64_t id, Connection& connection, Done done) {
    uncount(connection);
    connection.out = std::move(done.bytes);
    connection.sent = done.sent;
    connection.state = Connection::State::answering;
    connection.deadline = steady_clock::now() + settings_.answer_time;
    send_on(id, connection);
  }

  void send_on(std::uint64_t id, Connection& connection) {
    while (connection.sent < connection.out.size()) {
      const ssize_t count =
          send(connection.fd(), connection.out.data() + connection.sent, connection.out.size() - connection.sent, MSG_NOSIGNAL);
      if (count > 0) {
        connection.sent += static_cast<std::size_t>(count);
        continue;
      }
      if (count < 0 && errno == EINTR) continue;
      if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return watch(connection.fd(), id, EPOLLOUT | EPOLLONESHOT, EPOLL_CTL_MOD);
      return drop(id);
    }
    if (!connection.keep_alive || stopping_) return bid_farewell(id, connection);
    connection.out.clear();
    connection.out.shrink_to_fit();
    connection.state = Connection::State::idle;
    connection.deadline = steady_clock::now() + settings_.idle_time;
    if (!connection.in.empty() && !advance(id, connection)) return;
    listen_to(id, connection);
  }

  // Closed with input unread, the kernel would take the answer back from a client that is still sending.
  void bid_farewell(std::uint64_t id, Connection& connection) {
    shutdown(connection.fd(), SHUT_WR);
    connection.in = std::string();
    connection.state = Connection::State::farewell;
    connection.deadline = steady_clock::now() + settings_.farewell_time;
    listen_to(id, connection);
  }

  void sweep(SteadyTime now) {
    std::vector<std::uint64_t> late;
    for (const auto& [id, connection] : connections_)
      if (connection.deadline < now) late.push_back(id);
    for (const std::uint64_t id : late) {
      Connection& connection = connections_.at(id);
      const bool asking = connection.state == Connection::State::head || connection.state == Connection::State::body;
      if (asking)
        reject(id, connection, {408, "The request did not arrive in time.", connection.head.path});
      else
        drop(id);
    }
  }

  // Nothing is under way any more, or patience has ended.
  bool drained(SteadyTime now) {
    std::vector<std::uint64_t> quiet;
    bool busy = false;
    for (const auto& [id, connection] : connections_) {
      if (connection.state == Connection::State::handling || connection.state == Connection::State::answering)
        busy = true;
      else
        quiet.push_back(id);
    }
    for (const std::uint64_t id : quiet) drop(id);
    return !busy || now >= stop_by_;
  }

  const FrontSettings settings_;
  const std::function<Response(const Request&)> handle_;
  const std::function<Response(const Reject&)> refuse_;
  const std::function<void(const Answered&)> answered_;
  const Together together_;
  Poco::Net::ServerSocket listener_;
  std::uint16_t port_ = 0;
  int epoll_ = -1, wake_ = -1;
  std::unordered_map<std::uint64_t, Connection> connections_;
  std::map<std::string, int> per_address_;
  std::uint64_t next_id_ = 2, requests_ = 0;
  std::size_t promised_ = 0;  // bytes of bodies that are arriving or being answered
  const std::uint64_t started_ = static_cast<std::uint64_t>(std::time(nullptr));
  std::atomic<bool> stopping_ = false;
  SteadyTime stop_by_{};
  std::unique_ptr<Crew> crew_;
  std::thread thread_;
};

Front::Front(FrontSettings settings, std::function<Response(const Request&)> handle, std::function<Response(const Reject&)> refuse,
             std::function<void(const Answered&)> answered, Together together)
    : loop_(std::make_unique<Loop>(std::move(settings), std::move(handle), std::move(refuse), std::move(answered), std::move(together))) {}
Front::~Front() = default;
std::uint16_t Front::port() const { return loop_->port(); }
void Front::stop(std::chrono::seconds patience) { loop_->stop(patience); }

}  // namespace tradecase::http
