#include "adapters/http/portal/operator_acts.hpp"

#include <algorithm>
#include <stdexcept>

#include "adapters/http/portal/operator_store.hpp"
#include "engine/text.hpp"
#include "engine/verify.hpp"

namespace tradecase::http {
namespace {

constexpr std::string_view skipped = "skipped:";  // kind of the task that stands for a skipped timer
constexpr std::size_t kept_violations = 50;       // of a verification, shown until the next one

OutboxRow failed_mail(const Visit& visit, Session& session, std::int64_t id) {
  const auto row = find_message(session, id);
  if (!row) throw Fault(404, visit.say("There is no such mail."));
  if (row->status != "given_up" && row->status != "unknown")
    throw Fault(422, visit.say("This mail is {}; somebody settled it meanwhile.", row->status));
  return *row;
}

Timer timer_or_stop(const Visit& visit, Session& session, std::int64_t id) {
  auto timer = find_timer(session, id);
  if (!timer) throw Fault(404, visit.say("There is no such timer."));
  return *timer;
}

struct TimerFailed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

void note_retry(const Visit& visit, Transaction& tx, const Timer& timer, const std::string& outcome) {
  record_line(tx, "timer", "retry", visit.visitor.person.id, visit.engine.now(),
              {{"timer", timer.id}, {"name", timer.name}, {"outcome", outcome}});
}

}  // namespace

std::string note_of(const Visit& visit, const Fields& form, bool needed) {
  std::string note = trimmed(form.get("note"));
  if (needed && note.empty()) throw Fault(422, visit.say("Write why. It stands in the record."));
  if (const auto problem = text_problem(note, 1'000)) throw Fault(422, visit.say("The note {}.", *problem));
  return note;
}

void settle_mail(const Visit& visit, Transaction& tx, std::int64_t id, const std::string& outcome, const std::string& note) {
  if (outcome != "try again" && outcome != "arrived" && outcome != "lost") throw Fault(422, visit.say("Choose what you found out."));
  const bool again = outcome != "arrived";
  const Instant now = visit.engine.now();
  const OutboxRow row = failed_mail(visit, tx, id);
  set_message(tx, row.id, again ? "queued" : "sent", row.attempts, now,
              again ? "tried again by a person" : "a person found that it arrived", again ? std::nullopt : std::optional(now));
  close_task(tx, row.case_id, "mail:" + std::to_string(row.id), now);
  record_line(tx, "mail", again ? "retry" : "resolve", visit.visitor.person.id, now,
              {{"mail", row.id}, {"message_id", row.message.message_id}, {"was", row.status}, {"outcome", outcome}, {"note", note}});
}

std::string fire_again(const Visit& visit, Transaction& tx, std::int64_t id) {
  const Timer timer = timer_or_stop(visit, tx, id);
  if (timer.status != "pending" || timer.attempts == 0) throw Fault(422, visit.say("This timer does not fail any more."));
  try {
    visit.engine.fire(tx, timer);
  } catch (const StoreFailure&) {
    throw;  // not the timer's fault
  } catch (const std::exception& failure) {
    throw TimerFailed(failure.what());
  }
  std::string became = find_timer(tx, timer.id).value().status;
  note_retry(visit, tx, timer, became);
  return became;
}

void fire_or_postpone(const Visit& visit, std::int64_t id, const std::function<void()>& act) {
  try {
    act();
  } catch (const TimerFailed& failure) {
    visit.engine.database().write([&](Transaction& tx) {
      const Timer timer = timer_or_stop(visit, tx, id);
      postpone_timer(tx, timer.id, visit.engine.now() + std::chrono::hours(1), failure.what());
      note_retry(visit, tx, timer, "failed");
    });
    throw Fault(422, visit.say("It failed again: {}. It is tried in an hour.", failure.what()));
  }
}

void skip_timer(const Visit& visit, Transaction& tx, std::int64_t id, const std::string& note) {
  const Instant now = visit.engine.now();
  const std::string& me = visit.visitor.person.id;
  const Timer timer = timer_or_stop(visit, tx, id);
  const bool failing = timer.status == "pending" && timer.attempts > 0;
  if (!failing && timer.status != "refused") throw Fault(422, visit.say("This timer does not fail any more."));
  note_timer(tx, timer.id, me, note, now);
  if (failing) {
    end_timer(tx, timer.id, "stopped", note);
    const Case on = find_case(tx, timer.case_id).value();
    open_task(tx, {0, on.id, on.company, std::string(skipped) + timer.name, "A timer was skipped: see what must happen in this case",
                   Role::admin, "", std::nullopt, false, now});
  }
  record_line(tx, "timer", failing ? "skip" : "acknowledge", me, now,
              {{"timer", timer.id}, {"case", timer.case_id}, {"name", timer.name}, {"command", timer.command}, {"note", note}});
}

void close_skipped(const Visit& visit, Transaction& tx, std::int64_t id, const std::string& note) {
  const auto open = skipped_tasks(tx);
  const auto task = std::ranges::find(open, id, &Task::id);
  if (task == open.end()) throw Fault(404, visit.say("That is done already."));
  if (!has_other_work(tx, task->case_id, task->kind))
    throw Fault(422, visit.say("Nothing else would happen in this case. Take the next step in the case first."));
  close_task(tx, task->case_id, task->kind, visit.engine.now());
  record_line(tx, "timer", "resolve", visit.visitor.person.id, visit.engine.now(),
              {{"case", task->case_id}, {"task", task->kind}, {"note", note}});
}

json::object verify_and_keep(const Visit& visit) {
  const Instant now = visit.engine.now();
  const VerifyReport report = visit.engine.database().read([&](Session& session) { return verify(session, visit.programme(), now); });
  json::array violations;
  for (const Violation& one : report.violations) {
    if (violations.size() == kept_violations) break;
    violations.push_back(json::object{{"invariant", one.invariant}, {"case", one.case_id}, {"detail", one.detail}});
  }
  const auto count = static_cast<std::int64_t>(report.violations.size());
  json::object kept{{"at", to_text(now)},  {"cases", report.cases},    {"events", report.events},
                    {"root", report.root}, {"violations", violations}, {"count", count}};
  visit.engine.database().write([&](Transaction& tx) {
    put_meta(tx, "last_verify", json::serialize(kept));
    record_line(tx, "operation", "verify", visit.visitor.person.id, now,
                {{"root", report.root}, {"events", report.events}, {"violations", count}});
  });
  return kept;
}

}  // namespace tradecase::http
