// What a server does without being asked: due timers and mail. In real time a worker waits for them; a sandbox's time stands still between
// the moves of its clock, and what is due at that very moment is done all the same.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "tools/cli/site.hpp"

namespace tradecase {

// While it lives, the worker runs, woken by every commit that leaves work. The site outlives it.
class LiveWork {
 public:
  explicit LiveWork(Site& site);
  ~LiveWork();
  LiveWork(const LiveWork&) = delete;
  LiveWork& operator=(const LiveWork&) = delete;

  void wake() { worker_.wake(); }

 private:
  void apply_rules_until_stopped();

  Site& site_;
  Worker worker_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_ = false;
  std::thread running_, ruling_;
};

// While it lives, a commit that leaves work is followed by the timers that are due now, before its caller has the answer; mail goes out on
// a thread of its own. The site outlives it.
class SandboxWork {
 public:
  explicit SandboxWork(Site& site);
  ~SandboxWork();
  SandboxWork(const SandboxWork&) = delete;
  SandboxWork& operator=(const SandboxWork&) = delete;

  std::optional<std::string> advance(Date until);  // works until that day begins; the sentence says why not
  void wake() { fire_due(); }                      // after a commit that the engine did not make itself

 private:
  void fire_due();
  void rouse();
  void deliver_until_stopped();

  Site& site_;
  Worker worker_;
  std::mutex moving_;  // one step of time at once
  std::mutex mutex_;
  std::condition_variable changed_, stopped_;  // there is work; there will be no more
  bool woken_ = true;                          // for what was left before
  bool stopping_ = false;
  std::thread mailing_;
};

}  // namespace tradecase
