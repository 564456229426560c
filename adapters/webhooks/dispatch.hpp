// Tells programs outside what happened: notes for each webhook what it is to be told, sends it signed, and tries again for three days.
// At least once, under an id that stays the same; in order as long as its receiver takes everything. Start at Dispatch::pass().
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>

#include "adapters/webhooks/post.hpp"
#include "engine/store/webhooks.hpp"

namespace tradecase::webhooks {

// Waits between the attempts of one event, as Standard Webhooks recommends: three days and three and a half hours in all. Whoever has
// not taken it then is switched off.
inline constexpr std::array<std::chrono::seconds, 9> waits{std::chrono::seconds(5), std::chrono::minutes(5), std::chrono::minutes(30),
                                                           std::chrono::hours(2),   std::chrono::hours(5),   std::chrono::hours(10),
                                                           std::chrono::hours(14),  std::chrono::hours(20),  std::chrono::hours(24)};

// What the program knows of people and words, and we do not.
struct DispatchRules {
  std::function<bool(Session&, const Webhook&)> may_listen;         // its owner is still who they were when they made it
  std::function<bool(Session&, const Happening&)> told_to_company;  // to a company's webhook; staff's are told everything
  // It was switched off, in this commit: its owner is written to. May be empty.
  std::function<void(Transaction&, const Webhook&, const std::string& because, Instant now)> switched_off{};
};

struct DispatchSettings {
  std::string source;       // CloudEvents' `source`: the portal's address, without a slash at the end
  std::string type_prefix;  // before every event's name in `type`: whose events they are, as a reversed domain
  PostSettings post;
  Clock clock;       // the engine's: drives the retries
  Clock wall_clock;  // real time: a receiver refuses an old timestamp
};

struct Told {
  int noted = 0, delivered = 0, failed = 0, switched_off = 0;
  Told& operator+=(const Told& more);
};

// The event as it is sent, and to a company's webhook what it is to know: nothing but where to ask.
std::string event_body(const Happening& happening, const std::string& source, const std::string& type_prefix);
std::string test_body(const Webhook& webhook, const std::string& event, Instant now, const std::string& source,
                      const std::string& type_prefix);

class Dispatch {
 public:
  Dispatch(Database& database, DispatchSettings settings, DispatchRules rules);

  // Notes what has happened and sends what is due at the engine's present time, until nothing is. One at a time.
  Told pass();
  std::optional<Instant> next_due() const;  // an event that waits for its next attempt

  // Runs until stop(), woken by wake() (a commit) or, where time runs by itself, by the next due time. A failure of the store ends it
  // by exception.
  void run(bool time_runs);
  void wake();
  void stop();

 private:
  struct Job;
  int note_happenings();
  bool note_batch(int& noted);
  std::vector<Job> due_jobs(Told& sum);
  void send(Job& job) const;
  Answered send_one(Poster& poster, const Webhook& webhook, const WebhookDelivery& delivery) const;
  void settle(Transaction& tx, const Job& job, Told& sum) const;
  void turn_off(Transaction& tx, const Webhook& webhook, const std::string& because, Told& sum) const;

  Database& database_;
  DispatchSettings settings_;
  DispatchRules rules_;
  std::mutex passing_;
  std::mutex mutex_;
  std::condition_variable changed_, stopped_;
  bool woken_ = false;
  std::atomic<bool> stopping_ = false;
};

}  // namespace tradecase::webhooks
