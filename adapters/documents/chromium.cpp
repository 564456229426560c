#include "adapters/documents/chromium.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <vector>

#include "engine/paper.hpp"

namespace tradecase {
namespace {

namespace fs = std::filesystem;
using std::chrono::steady_clock;

constexpr std::size_t message_size_max = 256U << 20U;  // of a PDF in Base64 with its frame

std::vector<std::string> arguments(const fs::path& program, const fs::path& folder) {
  std::vector<std::string> all{
      program.string(),
      "--headless",
      "--remote-debugging-pipe",
      "--user-data-dir=" + folder.string(),
      "--proxy-server=127.0.0.1:9",
      "--proxy-bypass-list=<-loopback>",
      "--host-resolver-rules=MAP * ~NOTFOUND",
      "--blink-settings=scriptEnabled=false",
      "--no-first-run",
      "--no-default-browser-check",
      "--no-pings",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-default-apps",
      "--disable-extensions",
      "--disable-sync",
      "--disable-breakpad",
      "--disable-crash-reporter",
      "--disable-dev-shm-usage",
      "--disable-gpu",
      "--disable-logging",
      "--mute-audio",
      "--password-store=basic",
      "--lang=en-US",
      "about:blank",
  };
  if (geteuid() == 0) all.insert(all.begin() + 1, "--no-sandbox");  // root cannot have Chromium's sandbox; nobody serves as root
  return all;
}

// Nothing of our own environment goes along: no secrets, no proxies, no display.
std::vector<std::string> environment(const fs::path& folder) {
  return {"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=" + folder.string(), "TMPDIR=" + folder.string(), "LANG=C.UTF-8", "TZ=UTC"};
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> all;
  for (std::string& text : texts) all.push_back(text.data());
  all.push_back(nullptr);
  return all;
}

// In the child, between fork and exec: system calls only. `pipe` is above 4. The messages come on 3 and go on 4.
[[noreturn]] void become(const std::vector<char*>& arguments, const std::vector<char*>& environment, int pipe, pid_t parent) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  setsid();  // a group of its own: ended as one, and not by the terminal's keys
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);
  const int nothing = open("/dev/null", O_RDWR);  // NOLINT: POSIX
  for (const int standard : {0, 1, 2}) dup2(nothing, standard);
  dup2(pipe, 3);
  dup2(pipe, 4);
  close_range(5, ~0U, 0);
  execve(arguments.front(), arguments.data(), environment.data());
  _exit(127);
}

std::string from_base64(std::string_view text) {
  std::string bytes(text.size() / 4 * 3 + 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()), reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  const auto padding = static_cast<int>(std::ranges::count(text.substr(text.size() - std::min<std::size_t>(text.size(), 2)), '='));
  if (size < padding) throw PaperFailure("The program that makes PDFs sent no PDF.");
  bytes.resize(static_cast<std::size_t>(size - padding));
  return bytes;
}

fs::path fresh_folder() {
  std::string name = (fs::temp_directory_path() / "tradecase-paper-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw PaperFailure("No PDF can be made: there is no room for temporary files.");
  return name;
}

}  // namespace

Chromium::Chromium(const fs::path& program, std::chrono::milliseconds patience) : patience_(patience), folder_(fresh_folder()) {
  try {
    launch(program);
    open_page();
  } catch (...) {
    end();
    throw;
  }
}

Chromium::~Chromium() { end(); }

void Chromium::launch(const fs::path& program) {
  std::array<int, 2> ends{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) throw PaperFailure("No PDF can be made: too many open files.");
  socket_ = ends[0];
  fcntl(socket_, F_SETFL, O_NONBLOCK);                    // NOLINT: POSIX
  const int theirs = fcntl(ends[1], F_DUPFD_CLOEXEC, 5);  // NOLINT: POSIX
  auto words = arguments(program, folder_);
  auto settings = environment(folder_);
  const auto word_pointers = pointers(words), setting_pointers = pointers(settings);
  const pid_t us = getpid();
  process_ = fork();
  if (process_ == 0) become(word_pointers, setting_pointers, theirs, us);
  close(theirs);
  close(ends[1]);
  if (process_ < 0) throw PaperFailure("No PDF can be made: no process can be started.");
}

void Chromium::end() {
  if (socket_ >= 0) close(socket_);
  socket_ = -1;
  if (process_ > 0) {
    kill(-process_, SIGKILL);
    kill(process_, SIGKILL);  // where it died before it had a group
    while (waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  process_ = -1;
  std::error_code ignored;  // its last children may still be writing; what is left is temporary
  fs::remove_all(folder_, ignored);
}

void Chromium::wait_for(short events, Deadline deadline) {
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - steady_clock::now()).count();
    if (left <= 0) throw PaperFailure("The PDF was not made in time.");
    pollfd waited{socket_, events, 0};
    const int ready = poll(&waited, 1, static_cast<int>(left));
    if (ready > 0) return;
    if (ready < 0 && errno != EINTR) throw PaperFailure("The program that makes PDFs cannot be waited for.");
  }
}

void Chromium::send(const json::object& message, Deadline deadline) {
  std::string bytes = json::serialize(message);
  bytes += '\0';
  for (std::size_t sent = 0; sent < bytes.size();) {
    const ssize_t count = ::send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (count >= 0)
      sent += static_cast<std::size_t>(count);
    else if (errno == EAGAIN)
      wait_for(POLLOUT, deadline);
    else if (errno != EINTR)
      throw PaperFailure("The program that makes PDFs has ended.");
  }
}

json::object Chromium::receive(Deadline deadline) {
  for (std::size_t looked = 0;;) {
    if (const auto end = read_.find('\0', looked); end != std::string::npos) {
      boost::json::error_code failed;
      json::value message = json::parse(std::string_view(read_).substr(0, end), failed);
      read_.erase(0, end + 1);
      if (failed || !message.is_object()) throw PaperFailure("The program that makes PDFs speaks another language.");
      return std::move(message.get_object());
    }
    looked = read_.size();
    if (looked > message_size_max) throw PaperFailure("The PDF is too large.");
    std::array<char, 65536> buffer{};
    const ssize_t count = recv(socket_, buffer.data(), buffer.size(), 0);
    if (count > 0)
      read_.append(buffer.data(), static_cast<std::size_t>(count));
    else if (count < 0 && errno == EAGAIN)
      wait_for(POLLIN, deadline);
    else if (count == 0 || errno != EINTR)
      throw PaperFailure("The program that makes PDFs has ended.");
  }
}

// A page asked for something: it is told no.
void Chromium::block(const json::object& paused, Deadline deadline) {
  send({{"id", ++last_id_},
        {"method", "Fetch.failRequest"},
        {"params", json::object{{"requestId", paused.at("params").at("requestId")}, {"errorReason", "BlockedByClient"}}},
        {"sessionId", paused.at("sessionId")}},
       deadline);
}

json::object Chromium::call(std::string_view method, json::object params, std::string_view session, Deadline deadline) {
  const std::int64_t id = ++last_id_;
  json::object message{{"id", id}, {"method", method}, {"params", std::move(params)}};
  if (!session.empty()) message["sessionId"] = session;
  send(message, deadline);
  for (;;) {
    json::object answer = receive(deadline);
    if (const auto* event = answer.if_contains("method"); event != nullptr && *event == "Fetch.requestPaused") block(answer, deadline);
    const auto* of = answer.if_contains("id");
    if (of == nullptr || *of != id) continue;
    if (answer.contains("error"))
      throw PaperFailure(fmt::format("The program that makes PDFs refused {}: {}", method, json::serialize(answer.at("error"))));
    return std::move(answer.at("result").as_object());
  }
}

// One page serves all letters: a new one for each would take three times as long. A letter replaces the one before it whole, and
// none of them runs anything.
void Chromium::open_page() {
  const Deadline deadline = steady_clock::now() + patience_;
  const auto target = call("Target.createTarget", {{"url", "about:blank"}}, "", deadline).at("targetId");
  page_ = call("Target.attachToTarget", {{"targetId", target}, {"flatten", true}}, "", deadline).at("sessionId").as_string();
  call("Fetch.enable", {}, page_, deadline);  // every request of the page is paused, and call() tells it no
  call("Emulation.setScriptExecutionDisabled", {{"value", true}}, page_, deadline);
  frame_ = call("Page.getFrameTree", {}, page_, deadline).at("frameTree").at("frame").at("id").as_string();
}

std::string Chromium::print(std::string_view html) {
  const Deadline deadline = steady_clock::now() + patience_;
  call("Page.setDocumentContent", {{"frameId", frame_}, {"html", html}}, page_, deadline);
  const json::object how{
      {"preferCSSPageSize", true}, {"printBackground", true}, {"generateTaggedPDF", true}, {"generateDocumentOutline", true}};
  std::string pdf = from_base64(call("Page.printToPDF", how, page_, deadline).at("data").as_string());
  if (!pdf.starts_with("%PDF-")) throw PaperFailure("The program that makes PDFs made something else.");
  return pdf;
}

}  // namespace tradecase
