// The threads that answer requests, and the queues between them and the front's loop.
//
// Acts (all but GET and HEAD) may use every thread: they wait for a durable commit together and share it. Reads use the processor, and more
// of them at once than it can run only take turns, so that each page comes as late as the last: only `reads_at_once` of them run, in the
// order in which they came. A read that runs for longer than `read_patience` (an export, a PDF) no longer counts: it holds up no page.
//
// Of acts that are begun together those that have gathered are taken at once, up to `gathered_most`. They are decided elsewhere while
// others gather, and come back to be answered: none of them waits for a commit on a thread of its own. While some are away, the next are
// begun when there are `gathered_least` of them: beginning one costs nearly as much as beginning several.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "adapters/http/message.hpp"

namespace tradecase::http {

struct Job {
  enum class Kind : std::uint8_t { act, act_together, read };
  Kind kind = Kind::act;  // set when it is given
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
  std::size_t gathered_least = 8, gathered_most = 64;
};

using Jobs = std::shared_ptr<const std::vector<Job>>;
using Answers = std::function<std::vector<std::string>()>;  // the bytes of each job's answer

// What is done with jobs; nothing of it throws.
struct Work {
  std::function<std::string(const Job&)> answer;
  std::function<bool(const Head&)> together{};  // says which acts are begun together; empty: none
  std::function<void(const Jobs&, const std::function<void(Answers)>& resume)> begin{};
  std::function<void()> wake;  // called when the first of some jobs is done
};

class Crew {
 public:
  Crew(CrewSettings settings, Work work);
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  void give(Job job);
  std::vector<Done> take();
  void end();  // after the jobs that were given

 private:
  using Time = std::chrono::steady_clock::time_point;

  struct Turn {  // of a thread
    Jobs jobs;
    Answers answers;  // of jobs that were begun and come back
  };

  void work();
  std::optional<Turn> wait_for_turn();  // none: no more will come
  Turn take_from(std::deque<Job>& queue, Time now);
  void put_down(const Job& first);
  void resume(const Jobs& jobs, Answers answers);
  std::deque<Job>* next_queue(Time now);
  Job::Kind kind_of(const Request& request) const;
  std::deque<Job>& queue_of(Job::Kind kind);
  void hand_in(const std::vector<Job>& jobs, std::vector<std::string> answers);

  const CrewSettings settings_;
  const Work work_;
  std::mutex jobs_mutex_, done_mutex_;
  std::condition_variable ready_;
  std::deque<Job> acts_, reads_, gathered_;
  std::deque<Turn> decided_;
  std::multiset<Time> reading_;  // since when, each read that runs
  bool beginning_ = false;       // one thread at a time begins jobs
  int away_ = 0;                 // turns begun that have not come back
  std::vector<Done> done_;
  bool ended_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace tradecase::http
