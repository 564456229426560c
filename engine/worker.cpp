#include "engine/worker.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tradecase {
namespace {

using std::chrono::minutes;

std::string rfc5322_date(Instant at) {  // Wed, 14 Jan 2026 16:00:00 +0000
  constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(at - day));
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000", days[std::chrono::weekday(day).c_encoding()],
                     static_cast<unsigned>(date.day()), months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

// The wait before the next attempt; the last of the list stands for all later ones.
minutes wait_after(const Rules& rules, int attempts) {
  const auto& waits = rules.numbers("delivery.retry_minutes");
  const auto at = std::min(static_cast<std::size_t>(std::max(attempts - 1, 0)), waits.size() - 1);
  return minutes(waits[at]);
}

void open_mail_task(Transaction& tx, const OutboxRow& row, const std::string& title, Instant now) {
  if (row.case_id.empty()) return;  // of no case: it stands with what failed
  const auto company = find_company(tx, find_case(tx, row.case_id).value().company).value();
  open_task(tx, {0, row.case_id, company.id, "mail:" + std::to_string(row.id), title, company.nam.empty() ? Role::admin : Role::nam,
                 company.nam, std::nullopt, false, now});
}

}  // namespace

Worker::Worker(Engine& engine, Sender sender, std::string name, std::string from_name, std::string from_address)
    : engine_(engine),
      sender_(std::move(sender)),
      name_(std::move(name)),
      from_name_(std::move(from_name)),
      from_address_(std::move(from_address)) {}

void Worker::fire_one(const Timer& timer, Fired& sum) {
  try {
    if (engine_.database().write([&](Transaction& tx) { return engine_.fire(tx, timer); })) ++sum.fired;
  } catch (const StoreFailure&) {
    throw;  // not the timer's fault
  } catch (const std::exception& failure) {
    ++sum.failed;
    const Instant again = engine_.now() + wait_after(engine_.programme().rules, timer.attempts + 1);
    engine_.database().write([&](Transaction& tx) { postpone_timer(tx, timer.id, again, failure.what()); });
  }
}

Fired Worker::fire_due_timers(int limit) {
  const auto due = engine_.database().read([&](Session& session) { return due_timers(session, engine_.now(), limit); });
  Fired sum;
  // All in one group, each in its savepoint, in order.
  std::vector<char> fired(due.size(), 0);
  std::vector<std::function<void(Transaction&)>> works;
  works.reserve(due.size());
  for (std::size_t i = 0; i < due.size(); ++i)
    works.emplace_back([this, &due, &fired, i](Transaction& tx) { fired[i] = engine_.fire(tx, due[i]) ? 1 : 0; });
  try {
    engine_.database().write_all(works);
    sum.fired = static_cast<int>(std::ranges::count(fired, 1));
  } catch (const std::exception&) {
    // One of them threw and undid itself alone. Each is tried again by itself: those that stand are found fired and left.
    for (std::size_t i = 0; i < due.size(); ++i) {
      const int fired_before = sum.fired, failed_before = sum.failed;
      fire_one(due[i], sum);
      const bool stood = fired[i] != 0 && sum.fired == fired_before && sum.failed == failed_before;
      if (stood) ++sum.fired;
    }
  }
  return sum;
}

Fired Worker::fire_all_due() {
  Fired sum;
  for (;;) {
    // Looked up before the batch: what others start meanwhile is not this pass's to fire.
    const Pass pass{engine_.now(), engine_.database().read([](Session& session) { return youngest_timer(session); })};
    const Fired batch = fire_due_timers();
    sum += batch;
    if (batch.fired + batch.failed > 0) continue;
    if (sum.fired + sum.failed > 0) engine_.database().write([&](Transaction& tx) { note_pass(tx, pass); });
    return sum;
  }
}

void Worker::settle(Transaction& tx, const OutboxRow& row, const Delivery& delivery, Delivered& sum) {
  const Instant now = engine_.now();
  const Rules& rules = engine_.programme().rules;
  const int attempts = row.attempts + 1;
  switch (delivery.outcome) {
    case Delivery::Outcome::sent:
      ++sum.sent;
      return set_message(tx, row.id, "sent", attempts, now, delivery.detail, now);
    case Delivery::Outcome::unknown:
      ++sum.unknown;
      open_mail_task(tx, row, "Find out whether the mail to " + row.message.to_address + " arrived", now);
      return set_message(tx, row.id, "unknown", attempts, now, delivery.detail, now);
    case Delivery::Outcome::retry_later:
      if (attempts < rules.number("delivery.attempts_max")) {
        ++sum.retried;
        return set_message(tx, row.id, "queued", attempts, now + wait_after(rules, attempts), delivery.detail, std::nullopt);
      }
      break;
    case Delivery::Outcome::given_up:
      break;
  }
  ++sum.given_up;
  open_mail_task(tx, row, "The mail to " + row.message.to_address + " did not arrive: check the address", now);
  set_message(tx, row.id, "given_up", attempts, now, delivery.detail, now);
}

Delivered Worker::deliver_due_messages(int limit, int at_once) {
  Delivered sum;
  if (!sender_) return sum;
  Database& database = engine_.database();
  const auto waiting = database.read([&](Session& session) { return next_message_at(session); });
  if (!waiting || *waiting > engine_.now()) return sum;

  auto claimed = database.write([&](Transaction& tx) { return claim_messages(tx, name_, engine_.now(), limit); });
  std::vector<Delivery> known;  // what became of the mails before `next`; settled with the commit that begins the next ones
  std::size_t settled = 0;
  const auto step = static_cast<std::size_t>(std::max(at_once, 1));
  for (std::size_t next = 0; settled < claimed.size(); next = std::min(next + step, claimed.size())) {
    const std::size_t beyond = std::min(next + step, claimed.size());
    database.write([&](Transaction& tx) {
      for (std::size_t i = settled; i < next; ++i) settle(tx, claimed[i], known[i], sum);
      for (std::size_t i = next; i < beyond; ++i)
        set_message(tx, claimed[i].id, "transmitting", claimed[i].attempts, engine_.now(), "", std::nullopt);
    });
    settled = next;
    for (std::size_t i = next; i < beyond; ++i) known.push_back(sender_(outgoing(claimed[i])));
  }
  return sum;
}

Delivered Worker::deliver_all_due(int at_once) {
  Delivered sum;
  for (Delivered batch = deliver_due_messages(200, at_once); batch.tried() > 0; batch = deliver_due_messages(200, at_once)) sum += batch;
  return sum;
}

const Message& Worker::outgoing(OutboxRow& row) const {
  row.message.from_name = from_name_;
  row.message.from_address = from_address_;
  row.message.date = rfc5322_date(row.written_at);
  return row.message;
}

int Worker::recover() {
  return engine_.database().write([&](Transaction& tx) {
    const Instant now = engine_.now();
    const auto lost = recover_messages(tx, name_, now);
    for (const OutboxRow& row : lost) open_mail_task(tx, row, "Find out whether the mail to " + row.message.to_address + " arrived", now);
    return static_cast<int>(lost.size());
  });
}

Instant Worker::next_due() const {
  const auto [timer, mail] =
      engine_.database().read([](Session& session) { return std::pair(next_timer_at(session), next_message_at(session)); });
  const Instant far = engine_.now() + minutes(1);  // for what another program left
  return std::min(timer.value_or(far), sender_ ? mail.value_or(far) : far);
}

void Worker::run() {
  for (;;) {
    fire_all_due();
    deliver_due_messages();
    const auto wait = std::max(next_due() - engine_.now(), std::chrono::milliseconds(0));
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, wait, [this] { return woken_ || stopping_; });
    if (stopping_) return;
    woken_ = false;
  }
}

void Worker::wake() {
  const std::lock_guard lock(mutex_);
  woken_ = true;
  changed_.notify_one();
}

void Worker::stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  changed_.notify_one();
}

}  // namespace tradecase
