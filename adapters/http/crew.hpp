// The threads that answer requests, and the queues between them and the front's loop.
//
// Acts (all but GET and HEAD) may use every thread: they wait for a durable commit together and share it. Reads use the processor, and more
// of them at once than it can run only take turns, so that each page comes as late as the last: only `reads_at_once` of them run, in the
// order in which they came. A read that runs for longer than `read_patience` (an export, a PDF) no longer counts: it holds up no page.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "adapters/http/message.hpp"

namespace tradecase::http {

struct Job {
  std::uint64_t connection = 0;
  int fd = -1;  // stays open: nobody drops a connection whose request is being handled
  Request request;
  std::chrono::steady_clock::time_point began, taken;  // by the loop, by a thread
};
struct Done {
  std::uint64_t connection = 0;
  std::string bytes;
  std::size_t sent = 0;  // of them, already
};

struct CrewSettings {
  int workers = 16;
  int reads_at_once = 8;
  std::chrono::milliseconds read_patience{250};
};

class Crew {
 public:
  // `answer` gives the bytes of a job's answer and throws nothing. `wake` is called when the first of some jobs is done.
  Crew(CrewSettings settings, std::function<std::string(Job&)> answer, std::function<void()> wake);
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  void give(Job job);
  std::vector<Done> take();
  void end();  // after the jobs that were given

 private:
  using Time = std::chrono::steady_clock::time_point;

  void work();
  std::optional<Job> wait_for_job();  // none: no more will come
  void put_down(const Job& job);
  std::deque<Job>* next_queue(Time now);
  static bool is_read(const Job& job);

  const CrewSettings settings_;
  const std::function<std::string(Job&)> answer_;
  const std::function<void()> wake_;
  std::mutex jobs_mutex_, done_mutex_;
  std::condition_variable ready_;
  std::deque<Job> acts_, reads_;
  std::multiset<Time> reading_;  // since when, each read that runs
  std::vector<Done> done_;
  bool ended_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace tradecase::http
