// What happens without anybody asking: due timers fire, due mail goes out. One worker a process; several processes may run.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>

#include "engine/delivery.hpp"
#include "engine/engine.hpp"

namespace tradecase {

struct Fired {
  int fired = 0;
  int failed = 0;  // its command threw: tried again later, and in the operator's list until then
  Fired& operator+=(const Fired& more) {
    fired += more.fired;
    failed += more.failed;
    return *this;
  }
};

struct Delivered {
  int sent = 0, retried = 0, given_up = 0, unknown = 0;
  int tried() const { return sent + retried + given_up + unknown; }
  Delivered& operator+=(const Delivered& more) {
    sent += more.sent;
    retried += more.retried;
    given_up += more.given_up;
    unknown += more.unknown;
    return *this;
  }
};

class Worker {
 public:
  // `name` says who claims mail: the same name after a crash finds what was under way. `from` is the sender of every mail.
  // Without a sender (empty function) mail waits in the outbox.
  Worker(Engine& engine, Sender sender, std::string name, std::string from_name, std::string from_address);

  // One bounded batch of what is due at the clock's present time, by due time; returns what was done.
  Fired fire_due_timers(int limit = 200);
  // "Transmission begun" is committed for `at_once` mails together before the server is spoken to: after a crash as many have an
  // unknown outcome. 1 for a real server; more where the sender is as fast as a commit.
  Delivered deliver_due_messages(int limit = 200, int at_once = 1);

  // Until nothing is due at the clock's present time.
  Fired fire_all_due();
  Delivered deliver_all_due(int at_once = 1);

  // After a crash of a worker of this name: mail claimed but not begun goes out again; begun and unanswered is unknown and
  // becomes work for a person. Returns how many.
  int recover();

  // Runs until stop(), woken by wake() (a commit) or the next due time. A failure of the store ends it by exception.
  void run();
  void wake();
  void stop();

 private:
  void fire_one(const Timer& timer, Fired& sum);
  void settle(Transaction& tx, const OutboxRow& row, const Delivery& delivery, Delivered& sum);
  const Message& outgoing(OutboxRow& row) const;  // with the sender's name, address and date
  Instant next_due() const;

  Engine& engine_;
  Sender sender_;
  std::string name_, from_name_, from_address_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
  bool stopping_ = false;
};

}  // namespace tradecase
