#include "adapters/http/crew.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace tradecase::http {

Crew::Crew(CrewSettings settings, Work work) : settings_(settings), work_(std::move(work)) {
  for (int i = 0; i < settings_.workers; ++i) threads_.emplace_back([this] { this->work(); });
}

Crew::~Crew() { end(); }

void Crew::give(Job job) {
  job.kind = kind_of(job.request);
  bool wanted = job.kind == Job::Kind::read;  // where it may not run yet, a thread waits until it may
  {
    const std::lock_guard lock(jobs_mutex_);
    queue_of(job.kind).push_back(std::move(job));
    wanted = wanted || next_queue(std::chrono::steady_clock::now()) != nullptr;
  }
  if (wanted) ready_.notify_one();
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

Job::Kind Crew::kind_of(const Request& request) const {
  if (request.method == "GET" || request.method == "HEAD") return Job::Kind::read;
  return work_.together && work_.together(request) ? Job::Kind::act_together : Job::Kind::act;
}

std::deque<Job>& Crew::queue_of(Job::Kind kind) {
  if (kind == Job::Kind::read) return reads_;
  return kind == Job::Kind::act_together ? gathered_ : acts_;
}

// The queue whose first job may run now: of all, the one that came first.
std::deque<Job>* Crew::next_queue(Time now) {
  const auto young = std::distance(reading_.upper_bound(now - settings_.read_patience), reading_.end());
  std::deque<Job>* next = nullptr;
  const auto offer = [&](std::deque<Job>& queue, bool may_run) {
    if (may_run && !queue.empty() && (next == nullptr || queue.front().began < next->front().began)) next = &queue;
  };
  offer(acts_, true);
  offer(gathered_, !beginning_ && (away_ == 0 || gathered_.size() >= settings_.gathered_least));
  offer(reads_, young < settings_.reads_at_once);
  return next;
}

Crew::Turn Crew::take_from(std::deque<Job>& queue, Time now) {
  const std::size_t count = &queue == &gathered_ ? std::min(queue.size(), settings_.gathered_most) : 1;
  const auto end = queue.begin() + static_cast<std::ptrdiff_t>(count);
  auto jobs = std::make_shared<std::vector<Job>>(std::make_move_iterator(queue.begin()), std::make_move_iterator(end));
  queue.erase(queue.begin(), end);
  for (Job& job : *jobs) job.taken = now;
  if (&queue == &reads_) reading_.insert(now);
  if (&queue == &gathered_) {
    beginning_ = true;
    ++away_;
  }
  return {std::move(jobs), {}};
}

std::optional<Crew::Turn> Crew::wait_for_turn() {
  std::unique_lock lock(jobs_mutex_);
  for (;;) {
    const Time now = std::chrono::steady_clock::now();
    std::optional<Turn> turn;
    if (!decided_.empty()) {  // who has waited longest
      turn = std::move(decided_.front());
      decided_.pop_front();
    } else if (std::deque<Job>* queue = next_queue(now)) {
      turn = take_from(*queue, now);
    }
    if (turn) {
      if (next_queue(now) != nullptr) ready_.notify_one();  // of the decided, this thread takes the next, too
      return turn;
    }
    if (!reads_.empty()) {
      const Time oldest = *reading_.upper_bound(now - settings_.read_patience);
      ready_.wait_until(lock, oldest + settings_.read_patience);
    } else if (ended_ && away_ == 0) {
      return std::nullopt;
    } else {
      ready_.wait(lock);
    }
  }
}

void Crew::put_down(const Job& first) {
  const std::lock_guard lock(jobs_mutex_);
  if (first.kind == Job::Kind::read) reading_.erase(reading_.find(first.taken));
  if (first.kind == Job::Kind::act_together) beginning_ = false;
}

void Crew::resume(const Jobs& jobs, Answers answers) {
  const std::lock_guard lock(jobs_mutex_);
  --away_;
  const bool first = decided_.empty();
  decided_.push_back({jobs, std::move(answers)});
  if (ended_)
    ready_.notify_all();
  else if (first)
    ready_.notify_one();
}

void Crew::work() {
  while (const std::optional<Turn> turn = wait_for_turn()) {
    const std::vector<Job>& jobs = *turn->jobs;
    if (turn->answers) {
      hand_in(jobs, turn->answers());
    } else if (jobs.front().kind == Job::Kind::act_together) {
      work_.begin(turn->jobs, [this, jobs = turn->jobs](Answers answers) { resume(jobs, std::move(answers)); });
      put_down(jobs.front());
    } else {
      std::string answer = work_.answer(jobs.front());
      put_down(jobs.front());
      hand_in(jobs, {std::move(answer)});
    }
  }
}

// Most answers fit into the socket: sent from here they need not wait for the loop.
void Crew::hand_in(const std::vector<Job>& jobs, std::vector<std::string> answers) {
  std::vector<Done> done;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const ssize_t count = send(jobs[i].fd, answers[i].data(), answers[i].size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    done.push_back({jobs[i].connection, std::move(answers[i]), count > 0 ? static_cast<std::size_t>(count) : 0});
  }
  bool first = false;
  {
    const std::lock_guard lock(done_mutex_);
    first = done_.empty();
    std::ranges::move(done, std::back_inserter(done_));
  }
  if (first) work_.wake();
}

}  // namespace tradecase::http
