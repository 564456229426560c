// tools/mail_sink.py as a child: a real SMTP server on loopback, there from construction to destruction.
#pragma once

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <string>
#include <vector>

#include "tests/adapters/mails.hpp"

namespace tradecase::test {

class MailSink {
 public:
  explicit MailSink(std::vector<std::string> options = {}) {
    options.insert(options.begin(), {std::string(TRADECASE_HOME) + "/tools/mail_sink.py", "--port", "0", "--out", folder_.path().string()});
    std::array<int, 2> pipe{};
    REQUIRE(pipe2(pipe.data(), O_CLOEXEC) == 0);
    child_ = fork();
    REQUIRE(child_ >= 0);
    if (child_ == 0) become(options, pipe[1]);
    close(pipe[1]);
    port_ = static_cast<std::uint16_t>(std::stoi(first_line(pipe[0])));
    close(pipe[0]);
  }
  MailSink(const MailSink&) = delete;
  MailSink& operator=(const MailSink&) = delete;
  ~MailSink() {
    if (child_ > 0) kill(child_, SIGTERM);  // never -1, which means every process there is
    ended();
  }

  std::uint16_t port() const { return port_; }

  // In the order of arrival.
  std::vector<fs::path> mails() const {
    std::vector<fs::path> found;
    for (const auto& entry : fs::directory_iterator(folder_.path()))
      if (entry.path().extension() == ".eml") found.push_back(entry.path());
    std::ranges::sort(found);
    return found;
  }

  json::object envelope(std::size_t mail) const {
    std::ifstream lines(folder_.path() / "envelopes.jsonl");
    std::string line;
    for (std::size_t i = 0; i <= mail; ++i) REQUIRE(std::getline(lines, line));
    return json::parse(line).as_object();
  }

  // Waits for the end of the child; its exit code.
  int ended() {
    if (child_ > 0) waitpid(child_, &status_, 0);
    child_ = -1;
    return WIFEXITED(status_) ? WEXITSTATUS(status_) : -1;
  }

 private:
  [[noreturn]] static void become(std::vector<std::string>& words, int out) {
    prctl(PR_SET_PDEATHSIG, SIGTERM);  // a test that crashes leaves no server behind
    dup2(out, STDOUT_FILENO);
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    execv(arguments[0], arguments.data());
    _exit(127);
  }

  static std::string first_line(int in) {
    std::string line;
    for (char c = 0; read(in, &c, 1) == 1 && c != '\n';) line += c;
    REQUIRE_FALSE(line.empty());
    return line;
  }

  Folder folder_;
  pid_t child_ = -1;
  int status_ = 0;
  std::uint16_t port_ = 0;
};

}  // namespace tradecase::test
