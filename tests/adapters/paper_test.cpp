// Letters on paper by the real Chromium: what they say, how they are marked, what they cannot reach, and what becomes of the child.
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "adapters/documents/letter_source.hpp"
#include "adapters/documents/letters.hpp"
#include "adapters/documents/paper.hpp"
#include "adapters/documents/pdf_marks.hpp"
#include "engine/json.hpp"
#include "tests/folder.hpp"

using namespace tradecase;
using Catch::Contains;
using tradecase::test::Folder;

namespace {

namespace fs = std::filesystem;
const fs::path home = TRADECASE_HOME;

PressSettings settings() {
  PressSettings made;
  made.program = find_program("chromium");
  made.style = read_file(home / "templates/letters/paper.css");
  made.patience = std::chrono::seconds(120);  // a busy machine is no fault
  return made;
}

bool no_chromium() {
  if (!find_program("chromium").empty()) return false;
  WARN("Chromium is not installed: what it prints is not tested. tools/install installs it.");
  return true;
}

const Paper paper{"Request for records", "Case TC-2026-000001", "U.S. Customs and Border Protection",
                  Instant(std::chrono::milliseconds(1'768'406'400'000))};  // 2026-01-14 16:00 UTC

// What a tool says about a PDF; fails where the tool does.
std::string told(const std::string& command, const std::string& pdf) {
  const Folder folder;
  std::ofstream(folder.path() / "letter.pdf", std::ios::binary) << pdf;
  FILE* pipe = popen(fmt::format(fmt::runtime(command), (folder.path() / "letter.pdf").string()).c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string out;
  std::array<char, 4096> buffer{};
  for (std::size_t count = 0; (count = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) out.append(buffer.data(), count);
  CHECK(pclose(pipe) == 0);
  return out;
}
std::string words_of(const std::string& pdf) { return told("pdftotext -layout {} - 2>&1", pdf); }

std::string letter_html(const std::string& body) {
  return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/><title>T</title></head><body>" + body + "</body></html>";
}

RenderedLetter request() {
  const Letters letters = Letters::load(home / "templates", {{"100 Example Street NE", "Washington, DC 20000"}});
  const json::object samples = json::parse(read_file(home / "tests/adapters/letter_samples.json")).as_object();
  json::object fields = samples.at("standard").at(0).as_object();
  for (const json::object& more : {samples.at("deadline").at(0).as_object(), samples.at("letters").at("audit_request").at(0).as_object()})
    for (const auto& [key, value] : more) fields[key] = value;
  return letters.render("audit_request", fields);
}

std::size_t count_of(const std::string& text, const std::string& what) {
  std::size_t count = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + what.size())) ++count;
  return count;
}

// A port of the loopback that notes whether anybody came.
class Listener {
 public:
  Listener() : socket_(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    REQUIRE(bind(socket_, reinterpret_cast<sockaddr*>(&at), size) == 0);
    REQUIRE(listen(socket_, 8) == 0);
    REQUIRE(getsockname(socket_, reinterpret_cast<sockaddr*>(&at), &size) == 0);
    port = ntohs(at.sin_port);
  }
  ~Listener() { close(socket_); }
  bool visited() const { return accept(socket_, nullptr, nullptr) >= 0; }
  int port = 0;

 private:
  int socket_;
};

bool ends_soon(int process) {  // waits for the fact, at most a minute
  const int handle = static_cast<int>(syscall(SYS_pidfd_open, process, 0));
  if (handle < 0) return true;
  pollfd waited{handle, POLLIN, 0};
  const int ready = poll(&waited, 1, 60'000);
  close(handle);
  return ready == 1;
}

}  // namespace

TEST_CASE("a letter on paper has its words, its marks and its pages") {
  if (no_chromium()) return;
  PaperPress press(settings());
  const RenderedLetter letter = request();
  const std::string pdf = press.print(letter.html, paper);
  const std::string words = words_of(pdf);
  CHECK_THAT(words, Contains("U.S. Customs and Border Protection") && Contains("100 Example Street NE") && Contains("Dear Maria Ortega,") &&
                        Contains("Sincerely,") && Contains("Ellen Park") && Contains("Annex: the entries") && Contains("Page 1 of 2") &&
                        Contains("Page 2 of 2"));
  CHECK(count_of(words, "Case TC-2026-000001") >= 3);  // at the top, and at the foot of both pages
  const std::string about = told("pdfinfo -isodates {} 2>&1", pdf);
  CHECK_THAT(about, Contains("612 x 792 pts (letter)") && Contains("Tagged:          yes") && Contains("JavaScript:      no"));
  CHECK_THAT(about, Contains("Request for records") && Contains("CreationDate:    2026-01-14T16:00:00Z"));
  CHECK_THAT(told("pdfinfo -meta {} 2>&1", pdf),
             Contains("<pdfuaid:part>1</pdfuaid:part>") && Contains("Request for records") && Contains("2026-01-14T16:00:00Z"));
  CHECK_THAT(told("qpdf --check {} 2>&1", pdf), Contains("No syntax or stream encoding errors"));
  const std::string raw = told("qpdf --qdf --object-streams=disable {} - 2>&1", pdf);
  CHECK_THAT(raw, Contains("/DisplayDocTitle true") && Contains("/Marked true") && Contains("/Lang (en") && Contains("/Tabs /S"));
  CHECK_THAT(raw, Contains("/Type /Outlines"));
}

TEST_CASE("the structure names headings, lists, the table's head and the links") {
  if (no_chromium()) return;
  PaperPress press(settings());
  const std::string structure = told("pdfinfo -struct {} 2>&1", press.print(request().html, paper));
  CHECK(count_of(structure, "H1 (block)") == 1);
  CHECK(count_of(structure, "H2 (block)") >= 4);
  CHECK(count_of(structure, "/Scope /Column") >= 3);
  CHECK(count_of(structure, "LI (block)") == count_of(structure, "LBody"));
  CHECK_THAT(structure, Contains("L (block)") && Contains("Lbl") && Contains("Table (block)") && Contains("Link (inline)"));
  CHECK_THAT(structure, !Contains("NonStruct") && !Contains("Syntax Error") && !Contains("Strong"));
  CHECK_THAT(structure, !Contains("Page 1"));
}

TEST_CASE("printed again, in another process or after other letters, a letter is the same to the byte") {
  if (no_chromium()) return;
  const RenderedLetter letter = request();
  PaperPress one(settings()), other(settings());
  const std::string first = one.print(letter.html, paper);
  one.print(letter_html("<h1>Another</h1><table><tr><th>a</th></tr></table>"), paper);
  CHECK(words_of(one.print(letter.html, paper)) == words_of(first));
  CHECK(one.print(letter.html, paper) == first);
  CHECK(other.print(letter.html, paper) == first);
}

TEST_CASE("a letter reaches no network, no file and runs nothing") {
  if (no_chromium()) return;
  const Listener listener;
  const Folder folder;
  std::ofstream(folder.path() / "secret.html") << "SECRET-FILE";
  const std::string there = fmt::format("http://127.0.0.1:{}", listener.port), file = "file://" + (folder.path() / "secret.html").string();
  const std::string html = letter_html(fmt::format(
      "<h1>Kept</h1><img src=\"{0}/i.png\"/><link rel=\"stylesheet\" href=\"{0}/s.css\"/><iframe src=\"{0}/f\"></iframe>"
      "<iframe src=\"{1}\" width=\"500\" height=\"200\"></iframe><object data=\"{1}\"></object><embed src=\"{1}\"/>"
      "<iframe srcdoc=\"&lt;script&gt;document.write('RAN-INSIDE')&lt;/script&gt;\"></iframe>"
      "<script>document.body.append('RAN-SCRIPT')</script><img src=\"x\" onerror=\"document.body.append('RAN-HANDLER')\"/>"
      "<style>@import url('{0}/c.css');@font-face{{font-family:x;src:url('{0}/x.woff')}}h1{{font-family:x;background:url('{1}')}}"
      "</style><meta http-equiv=\"refresh\" content=\"0;url={1}\"/><svg><image href=\"{1}\"/></svg>",
      there, file));
  PaperPress press(settings());
  const std::string words = words_of(press.print(html, paper));
  CHECK_THAT(words, Contains("Kept"));
  CHECK_THAT(words, !Contains("SECRET") && !Contains("RAN-"));
  CHECK_FALSE(listener.visited());
}

TEST_CASE("a text at the foot cannot leave its place") {
  if (no_chromium()) return;
  Paper odd = paper;
  odd.running = "Case \"</style><p>INTRUDER</p> \\";
  odd.title = "A & B <c> – ü";
  PaperPress press(settings());
  const std::string pdf = press.print(letter_html("<h1>Body</h1>"), odd);
  CHECK_THAT(words_of(pdf), Contains("Case \"</style><p>INTRUDER</p> \\"));
  CHECK_THAT(told("pdfinfo {} 2>&1", pdf), Contains("A & B <c> – ü"));
}

TEST_CASE("one child prints many letters and is replaced after its number, after a fault and after rest") {
  if (no_chromium()) return;
  PressSettings some = settings();
  some.letters_max = 2;
  PaperPress press(some);
  const std::string html = letter_html("<h1>One</h1>");
  CHECK(press.started() == 0);  // none before the first letter
  press.print(html, paper);
  CHECK(press.started() == 1);
  const int first = press.process();
  press.print(html, paper);
  CHECK(ends_soon(first));
  CHECK(press.process() == -1);
  press.print(html, paper);
  CHECK(press.started() == 2);
  kill(press.process(), SIGKILL);
  CHECK_NOTHROW(press.print(html, paper));
  CHECK(press.started() == 3);

  some.letters_max = 100;
  some.idle = std::chrono::milliseconds(1);
  PaperPress resting(some);
  resting.print(html, paper);
  if (const int process = resting.process(); process > 0) CHECK(ends_soon(process));
}

TEST_CASE("several readers at once each get their own letter") {
  if (no_chromium()) return;
  PaperPress press(settings());
  std::array<std::string, 4> printed;
  std::vector<std::thread> readers;
  for (std::size_t i = 0; i < printed.size(); ++i)
    readers.emplace_back([&, i] { printed[i] = press.print(letter_html(fmt::format("<h1>Letter {}</h1>", i)), paper); });
  for (std::thread& reader : readers) reader.join();
  for (std::size_t i = 0; i < printed.size(); ++i) CHECK_THAT(words_of(printed[i]), Contains(fmt::format("Letter {}", i)));
  CHECK(press.started() == 1);
}

TEST_CASE("the child ends with the program, however that ends") {
  if (no_chromium()) return;
  std::array<int, 2> ends{};
  REQUIRE(pipe(ends.data()) == 0);
  const pid_t program = fork();
  if (program == 0) {
    PaperPress press(settings());
    press.print(letter_html("<h1>x</h1>"), paper);
    const int process = press.process();
    if (write(ends[1], &process, sizeof process) != sizeof process) _exit(1);
    pause();
    _exit(0);
  }
  int process = 0;
  REQUIRE(read(ends[0], &process, sizeof process) == sizeof process);
  REQUIRE(process > 0);
  REQUIRE(kill(process, 0) == 0);
  kill(program, SIGKILL);
  waitpid(program, nullptr, 0);
  CHECK(ends_soon(process));
  for (const int end : ends) close(end);
}

TEST_CASE("a program that is none, or hangs, is a failure in plain words and leaves nothing behind") {
  const Folder folder;
  const auto script = [&](const std::string& name, const std::string& text) {
    std::ofstream(folder.path() / name) << "#!/bin/sh\n" << text << "\n";
    chmod((folder.path() / name).c_str(), 0755);
    return folder.path() / name;
  };
  PressSettings bad = settings();
  bad.program = script("ends", "exit 1");
  CHECK_THROWS_WITH(PaperPress(bad).print(letter_html("x"), paper), Contains("has ended"));
  bad.program = script("talks", "printf 'hello\\0' >&4; exec cat <&3 >/dev/null");
  CHECK_THROWS_WITH(PaperPress(bad).print(letter_html("x"), paper), Contains("another language"));
  bad.program = script("hangs", "exec cat <&3 >/dev/null");
  bad.patience = std::chrono::milliseconds(100);
  PaperPress hanging(bad);
  CHECK_THROWS_WITH(hanging.print(letter_html("x"), paper), Contains("in time"));
  CHECK(hanging.process() == -1);
  CHECK_THROWS_AS(with_marks("no PDF", paper), PaperFailure);
}

TEST_CASE("without Chromium there is no maker") {
  CHECK(find_program("no-such-program-anywhere").empty());
  CHECK(find_program("/etc/passwd").empty());
  CHECK_FALSE(paper_maker("no-such-program-anywhere", home / "templates"));
  CHECK_FALSE(paper_maker("", home / "templates"));
}
