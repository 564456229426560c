#include "adapters/http/crew.hpp"

#include <sys/socket.h>

namespace tradecase::http {

Crew::Crew(int workers, std::function<std::string(Job&)> answer, std::function<void()> wake)
    : answer_(std::move(answer)), wake_(std::move(wake)) {
  for (int i = 0; i < workers; ++i) threads_.emplace_back([this] { work(); });
}

Crew::~Crew() { end(); }

void Crew::give(Job job) {
  {
    const std::lock_guard lock(jobs_mutex_);
    jobs_.push_back(std::move(job));
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

void Crew::work() {
  for (;;) {
    Job job;
    {
      std::unique_lock lock(jobs_mutex_);
      ready_.wait(lock, [this] { return ended_ || !jobs_.empty(); });
      if (jobs_.empty()) return;
      job = std::move(jobs_.front());
      jobs_.pop_front();
    }
    std::string bytes = answer_(job);
    // Most answers fit into the socket: sent from here they need not wait for the loop.
    const ssize_t count = send(job.fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    bool first = false;
    {
      const std::lock_guard lock(done_mutex_);
      first = done_.empty();
      done_.push_back({job.connection, std::move(bytes), count > 0 ? static_cast<std::size_t>(count) : 0});
    }
    if (first) wake_();
  }
}

}  // namespace tradecase::http
