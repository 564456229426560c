// The threads that answer requests, and the two queues between them and the front's loop.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "adapters/http/message.hpp"

namespace tradecase::http {

struct Job {
  std::uint64_t connection = 0;
  int fd = -1;  // stays open: nobody drops a connection whose request is being handled
  Request request;
  std::chrono::steady_clock::time_point began;
};
struct Done {
  std::uint64_t connection = 0;
  std::string bytes;
  std::size_t sent = 0;  // of them, already
};

class Crew {
 public:
  // `answer` gives the bytes of a job's answer and throws nothing. `wake` is called when the first of some jobs is done.
  Crew(int workers, std::function<std::string(Job&)> answer, std::function<void()> wake);
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  void give(Job job);
  std::vector<Done> take();
  void end();  // after the jobs that were given

 private:
  void work();

  const std::function<std::string(Job&)> answer_;
  const std::function<void()> wake_;
  std::mutex jobs_mutex_, done_mutex_;
  std::condition_variable ready_;
  std::deque<Job> jobs_;
  std::vector<Done> done_;
  bool ended_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace tradecase::http
