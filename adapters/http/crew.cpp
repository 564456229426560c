#include "adapters/http/crew.hpp"

#include <sys/socket.h>

#include <iterator>
#include <utility>

namespace tradecase::http {

Crew::Crew(CrewSettings settings, std::function<std::string(Job&)> answer, std::function<void()> wake)
    : settings_(settings), answer_(std::move(answer)), wake_(std::move(wake)) {
  for (int i = 0; i < settings_.workers; ++i) threads_.emplace_back([this] { work(); });
}

Crew::~Crew() { end(); }

void Crew::give(Job job) {
  {
    const std::lock_guard lock(jobs_mutex_);
    (is_read(job) ? reads_ : acts_).push_back(std::move(job));
  }
  ready_.notify_one();
}

std::vector<Done> Crew::take() {
  const std::lock_guard lock(done_mutex_);
  return std::exchange(done_, {});
}

void Crew::end() {
  {
    const std::lock_guard lock(jobs_mutex_);
    ended_ = true;
  }
  ready_.notify_all();
  for (std::thread& one : threads_)
    if (one.joinable()) one.join();
}

bool Crew::is_read(const Job& job) { return job.request.method == "GET" || job.request.method == "HEAD"; }

// The queue whose first job may run now: of both, the one that came first.
std::deque<Job>* Crew::next_queue(Time now) {
  const auto young = std::distance(reading_.upper_bound(now - settings_.read_patience), reading_.end());
  const bool may_read = !reads_.empty() && young < settings_.reads_at_once;
  if (acts_.empty()) return may_read ? &reads_ : nullptr;
  return may_read && reads_.front().began < acts_.front().began ? &reads_ : &acts_;
}

std::optional<Job> Crew::wait_for_job() {
  std::unique_lock lock(jobs_mutex_);
  for (;;) {
    const Time now = std::chrono::steady_clock::now();
    if (std::deque<Job>* queue = next_queue(now)) {
      Job job = std::move(queue->front());
      queue->pop_front();
      job.taken = now;
      if (is_read(job)) reading_.insert(now);
      return job;
    }
    if (!reads_.empty()) {
      const Time oldest = *reading_.upper_bound(now - settings_.read_patience);
      ready_.wait_until(lock, oldest + settings_.read_patience);
    } else if (ended_) {
      return std::nullopt;
    } else {
      ready_.wait(lock);
    }
  }
}

void Crew::put_down(const Job& job) {
  if (!is_read(job)) return;
  const std::lock_guard lock(jobs_mutex_);
  reading_.erase(reading_.find(job.taken));
}

void Crew::work() {
  while (std::optional<Job> job = wait_for_job()) {
    std::string bytes = answer_(*job);
    put_down(*job);
    // Most answers fit into the socket: sent from here they need not wait for the loop.
    const ssize_t count = send(job->fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    bool first = false;
    {
      const std::lock_guard lock(done_mutex_);
      first = done_.empty();
      done_.push_back({job->connection, std::move(bytes), count > 0 ? static_cast<std::size_t>(count) : 0});
    }
    if (first) wake_();
  }
}

}  // namespace tradecase::http
