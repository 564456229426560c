// Timers against the receipts of what they sent: none left out, none early, none twice; and what receipts acknowledge.
#include <charconv>

#include "engine/store/verify_parts.hpp"

namespace tradecase::verifying {
namespace {

constexpr std::string_view timer_key = "timer:";  // timer:ID:DUE, as Engine::fire() writes it

struct TimerRow {
  std::int64_t id = 0;
  std::string case_id, name, status;
  Instant due_at{}, try_at{};
  std::int64_t attempts = 0;

  bool ended() const { return status == "fired" || status == "refused"; }
  std::string named() const { return "timer " + std::to_string(id) + " (" + name + ") "; }
};

std::string key_of(const TimerRow& timer) { return std::string(timer_key) + std::to_string(timer.id) + ":" + to_text(timer.due_at); }

void check_ended(const Reading& reading, const TimerRow& timer) {
  const auto receipt = reading.session.row<std::int64_t, bool>(
      "select at, json_extract(answer, '$.code') is not null from receipts where actor = 'timer' and key = :key", {key_of(timer)});
  if (!receipt) return reading.found.broken("timer_receipt", timer.case_id, timer.named() + "is " + timer.status + " and has no receipt");
  const auto [at, refused] = *receipt;
  if (refused != (timer.status == "refused"))
    reading.found.broken("timer_receipt", timer.case_id, timer.named() + "is " + timer.status + ", its receipt says otherwise");
  if (from_ms(at) < timer.due_at)
    reading.found.broken("timer_early", timer.case_id,
                         timer.named() + "was due at " + to_text(timer.due_at) + " and fired at " + to_text(from_ms(at)));
}

std::int64_t timer_of(std::string_view key) {  // 0: none
  key.remove_prefix(timer_key.size());
  std::int64_t id = 0;
  std::from_chars(key.data(), key.data() + key.size(), id);
  return id;
}

void check_timer_receipt(const Reading& reading, const std::string& key) {
  const auto timer = reading.session.row<std::string, std::int64_t, std::string>(
      "select case_id, due_at, status from timers where id = :id", {timer_of(key)});
  if (!timer) return reading.found.broken("timer_twice", "", "a receipt names a timer that is not there: " + key);
  const auto& [case_id, due_at, status] = *timer;
  const TimerRow row{timer_of(key), case_id, "", status, from_ms(due_at), {}, 0};
  if (key_of(row) != key || !row.ended())
    reading.found.broken("timer_twice", case_id, "the timer is " + status + " and fired at another time: " + key);
}

void check_acknowledged(const Reading& reading, const Answer& answer) {
  const auto* receipt = std::get_if<Receipt>(&answer);
  if (!receipt || (receipt->case_id.empty() && receipt->version == 0)) return;  // the latter: an act of the API on no case
  const auto version = reading.session.value<std::int64_t>("select version from cases where id = :id", {receipt->case_id});
  if (version.value_or(0) < receipt->version || receipt->version < 1)
    reading.found.broken(
        "receipt", receipt->case_id,
        "\"" + receipt->command + "\" was acknowledged as version " + std::to_string(receipt->version) + ", which is not there");
}

}  // namespace

void check_timers(const Reading& reading) {
  const Pass pass = last_pass(reading.session);
  using Text = std::string;
  reading.session.each<std::int64_t, Text, Text, std::int64_t, std::int64_t, Text, std::int64_t>(
      "select id, case_id, name, due_at, try_at, status, attempts from timers order by id", {},
      [&](std::int64_t id, Text case_id, Text name, std::int64_t due_at, std::int64_t try_at, Text status, std::int64_t attempts) {
        const TimerRow timer{id, std::move(case_id), std::move(name), std::move(status), from_ms(due_at), from_ms(try_at), attempts};
        if (timer.status == "pending" && timer.id <= pass.timer && timer.try_at <= pass.at && timer.attempts == 0)
          reading.found.broken("timer_unfired", timer.case_id, timer.named() + "is due since " + to_text(timer.due_at));
        if (timer.ended()) check_ended(reading, timer);
        reading.found.row_done();
      });
}

void check_receipts(const Reading& reading) {
  reading.session.each<std::string, std::string, std::string>(
      "select actor, key, answer from receipts order by actor, key", {}, [&](std::string actor, std::string key, std::string answer) {
        if (actor == "timer" && key.starts_with(timer_key)) check_timer_receipt(reading, key);
        reading.found.reading("receipt", "", [&] { check_acknowledged(reading, answer_from_json(json::parse(answer).as_object())); });
        reading.found.row_done();
      });
}

}  // namespace tradecase::verifying
