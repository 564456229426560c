#include "tools/cli/serve_work.hpp"

#include <iostream>

#include "engine/store/rule_changes.hpp"
#include "tools/cli/rule_changes.hpp"

namespace tradecase {
namespace {

constexpr std::chrono::milliseconds rest(20);  // between two rounds of mail: a hundred commits are looked through at once

}  // namespace

LiveWork::LiveWork(Site& site) : site_(site), worker_(site.worker(sender_of(site.config()))) {
  worker_.recover();
  site_.engine().on_commit([this](std::optional<Instant> first_work) {
    if (first_work) worker_.wake();
    site_.dispatch().wake();
  });
  running_ = std::thread([this] { worker_.run(); });
  ruling_ = std::thread([this] { apply_rules_until_stopped(); });
}

LiveWork::~LiveWork() {
  site_.engine().on_commit({});
  worker_.stop();
  running_.join();
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  ruling_.join();
}

// A change of rules takes effect within a minute of its day's beginning.
void LiveWork::apply_rules_until_stopped() {
  const auto desk = rules_desk(site_);
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    desk.apply_due();
    lock.lock();
    changed_.wait_for(lock, std::chrono::minutes(1), [this] { return stopping_; });
  }
}

SandboxWork::SandboxWork(Site& site) : site_(site), worker_(site.worker(sender_of(site.config()))) {
  worker_.recover();
  site_.engine().on_commit([this](std::optional<Instant> first_work) {
    if (first_work && *first_work <= site_.engine().now())
      fire_due();
    else
      rouse();
  });
  mailing_ = std::thread([this] { deliver_until_stopped(); });
}

SandboxWork::~SandboxWork() {
  site_.engine().on_commit({});
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  stopped_.notify_one();
  mailing_.join();
}

std::optional<std::string> SandboxWork::advance(Date until) {
  const std::lock_guard lock(moving_);
  // Stops on each day that a change of rules takes effect.
  for (bool arrived = false; !arrived;) {
    const auto change = site_.database().read([&](Session& session) { return next_rule_change_on(session, site_.engine().today()); });
    arrived = !change || *change > until;
    auto worked = site_.work_until(site_.programme().calendar.start_of(arrived ? until : *change), sender_of(site_.config()));
    if (auto* why_not = std::get_if<std::string>(&worked)) return *why_not;
    apply_due_rules(site_);
  }
  return std::nullopt;
}

// The commit stands whatever happens here: a failure is told on the log and the timers stay due.
void SandboxWork::fire_due() {
  try {
    const auto next = site_.database().read([](Session& session) { return next_timer_at(session); });
    if (next && *next <= site_.engine().now()) {
      const std::lock_guard lock(moving_);
      worker_.fire_all_due();
    }
  } catch (const std::exception& failure) {
    std::cerr << json::serialize(json::object{{"level", "error"}, {"failure", failure.what()}}) << std::endl;
  }
  rouse();
}

// The thread of the mails and the webhooks' look for what the commit brought, after it.
void SandboxWork::rouse() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  changed_.notify_one();
  site_.dispatch().wake();
}

void SandboxWork::deliver_until_stopped() {
  for (;;) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return woken_ || stopping_; });
    if (stopping_) return;
    woken_ = false;
    lock.unlock();
    try {
      const std::lock_guard still(moving_);
      worker_.fire_all_due();
      worker_.deliver_all_due();
    } catch (const std::exception& failure) {
      std::cerr << json::serialize(json::object{{"level", "error"}, {"failure", failure.what()}}) << std::endl;
    }
    lock.lock();
    stopped_.wait_for(lock, rest, [this] { return stopping_; });  // commits meanwhile wake nobody
  }
}

}  // namespace tradecase
