// Chromium without a window as a child process, spoken to over a pipe (the DevTools protocol). It prints HTML and nothing else: no
// network, no files, no scripts. For one thread at a time.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>

#include "engine/json.hpp"

namespace tradecase {

class Chromium {
 public:
  // Starts the program. It ends with this object, and with the thread that made it (so that it cannot outlive us).
  // Throws PaperFailure.
  Chromium(const std::filesystem::path& program, std::chrono::milliseconds patience);
  ~Chromium();
  Chromium(const Chromium&) = delete;
  Chromium& operator=(const Chromium&) = delete;

  // A tagged PDF with bookmarks, on the page that the HTML's own style names. Throws PaperFailure where it takes longer than
  // the patience, or the child is gone; this object is then of no more use.
  std::string print(std::string_view html);

  pid_t process() const { return process_; }

 private:
  using Deadline = std::chrono::steady_clock::time_point;
  void launch(const std::filesystem::path& program);
  void open_page();
  void end();
  void wait_for(short events, Deadline deadline);
  void send(const json::object& message, Deadline deadline);
  json::object receive(Deadline deadline);
  json::object call(std::string_view method, json::object params, std::string_view session, Deadline deadline);
  void block(const json::object& paused, Deadline deadline);

  std::chrono::milliseconds patience_;
  std::filesystem::path folder_;  // its profile, removed with it
  pid_t process_ = -1;
  int socket_ = -1;
  std::string page_, frame_;  // as Chromium calls them
  std::string read_;          // bytes that have come and are not yet a whole message
  std::int64_t last_id_ = 0;
};

}  // namespace tradecase
