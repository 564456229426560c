#include "adapters/webhooks/dispatch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "adapters/webhooks/signing.hpp"

namespace tradecase::webhooks {
namespace {

using std::chrono::seconds;

constexpr int batch = 200;                              // happenings of a kind noted in one commit
constexpr int in_a_row = 20;                            // events sent to a receiver before their outcome is kept
constexpr std::size_t at_once = 8;                      // receivers spoken to side by side
constexpr seconds rest_max = std::chrono::minutes(5);   // of a receiver that failed, with all that waits for it
constexpr auto kept_for = std::chrono::hours(24 * 30);  // what was delivered, to be looked at
constexpr auto idle_max = std::chrono::minutes(1);      // another program may have written
constexpr auto rest = std::chrono::milliseconds(20);    // between two passes: a hundred commits are noted at once
constexpr int gone = 410;                               // HTTP: do not come again

// Why a webhook is switched off: sentences that the portal's pages know in Spanish too.
constexpr char wants_no_more[] = "Its receiver says that it wants no more events.";
constexpr char takes_nothing[] = "Its receiver did not take an event for three days.";
constexpr char owner_is_gone[] = "Its owner has left or has another role.";

std::string_view place_of(std::string_view type) {
  if (type == letter_written) return "/letters";
  if (type == deadline_set) return "/dates";
  if (type == task_opened) return "/tasks";
  return "";
}

json::object cloud_event(const std::string& id, const std::string& type, Instant at, const std::string& source) {
  return {{"specversion", "1.0"}, {"id", id},
          {"source", source},     {"type", type},
          {"time", to_text(at)},  {"datacontenttype", "application/json"}};
}

bool taken(int status) { return status >= 200 && status < 300; }

std::string words_of(const Answered& answered) {
  if (answered.status == 0) return answered.detail;
  if (answered.status >= 300 && answered.status < 400) return fmt::format("it answers {}: redirects are not followed", answered.status);
  return fmt::format("it answers {}", answered.status);
}

}  // namespace

Told& Told::operator+=(const Told& more) {
  noted += more.noted;
  delivered += more.delivered;
  failed += more.failed;
  switched_off += more.switched_off;
  return *this;
}

std::string event_body(const Happening& happening, const std::string& source, const std::string& type_prefix) {
  json::object event = cloud_event(happening.id, type_prefix + "." + happening.type, happening.at, source);
  event["subject"] = happening.case_id;
  event["data"] = json::object{{"case", happening.case_id},
                               {"company", happening.company},
                               {"workflow", happening.workflow},
                               {"version", happening.version},
                               {"href", source + "/api/v1/cases/" + happening.case_id + std::string(place_of(happening.type))}};
  return json::serialize(event);
}

std::string test_body(const Webhook& webhook, const std::string& event, Instant now, const std::string& source,
                      const std::string& type_prefix) {
  json::object body = cloud_event(event, type_prefix + "." + std::string(webhook_test), now, source);
  body["data"] = json::object{{"webhook", webhook.id}, {"href", source + "/api/v1/webhooks/" + std::to_string(webhook.id)}};
  return json::serialize(body);
}

// What is sent to one receiver, in order, until it fails.
struct Dispatch::Job {
  Webhook webhook;
  std::vector<WebhookDelivery> deliveries;
  std::vector<Answered> answers;  // of the first ones
};

Dispatch::Dispatch(Database& database, DispatchSettings settings, DispatchRules rules)
    : database_(database), settings_(std::move(settings)), rules_(std::move(rules)) {}

// ---- noting ----------------------------------------------------------------------------------------------------------------

// The deliveries and the cursor behind them in one commit: none is lost, none is noted twice.
bool Dispatch::note_batch(int& noted) {
  return database_.write([&](Transaction& tx) {
    const auto listening = find_webhooks(tx, "where off_since is null order by id", {});
    WebhookCursor cursor = webhook_cursor(tx);
    const WebhookCursor before = cursor;
    const Instant now = settings_.clock();
    for (const Happening& one : happenings_after(tx, cursor, batch)) {
      for (const Webhook& webhook : listening) {
        if (std::ranges::find(webhook.types, one.type) == webhook.types.end()) continue;
        if (!webhook.company.empty() && (webhook.company != one.company || !rules_.told_to_company(tx, one))) continue;
        WebhookDelivery delivery;
        delivery.webhook = webhook.id;
        delivery.event = one.id;
        delivery.type = one.type;
        delivery.case_id = one.case_id;
        delivery.body = event_body(one, settings_.source, settings_.type_prefix);
        delivery.made_at = delivery.try_at = now;
        queue_delivery(tx, delivery);
        ++noted;
      }
    }
    set_webhook_cursor(tx, cursor);
    return cursor != before && cursor != webhook_end(tx);
  });
}

int Dispatch::note_happenings() {
  int noted = 0;
  const bool something = database_.read([](Session& session) {
    return !find_webhooks(session, "where off_since is null limit 1", {}).empty() && webhook_cursor(session) != webhook_end(session);
  });
  if (something)
    while (note_batch(noted)) continue;
  return noted;
}

// ---- sending ---------------------------------------------------------------------------------------------------------------

void Dispatch::turn_off(Transaction& tx, const Webhook& webhook, const std::string& because, Told& sum) const {
  const Instant now = settings_.clock();
  switch_off(tx, webhook, because, now);
  record_line(tx, "webhook", "switch_off", "operator", now,
              {{"webhook", webhook.id}, {"owner", webhook.owner}, {"company", webhook.company}, {"because", because}});
  if (rules_.switched_off) rules_.switched_off(tx, webhook, because, now);
  ++sum.switched_off;
}

// Whose owner has left or has another role by now is told nothing more, not even what waits.
std::vector<Dispatch::Job> Dispatch::due_jobs(Told& sum) {
  std::vector<Job> jobs;
  std::vector<Webhook> orphans;
  const Instant now = settings_.clock();
  database_.read([&](Session& session) {
    for (Webhook& webhook :
         find_webhooks(session, "where off_since is null and rests_until <= :now order by rests_until, id", {to_ms(now)})) {
      auto due = due_deliveries(session, webhook.id, now, in_a_row);
      if (due.empty()) continue;
      if (!rules_.may_listen(session, webhook))
        orphans.push_back(std::move(webhook));
      else if (jobs.size() < at_once)
        jobs.push_back({std::move(webhook), std::move(due), {}});
    }
  });
  if (!orphans.empty())
    database_.write([&](Transaction& tx) {
      for (const Webhook& webhook : orphans) turn_off(tx, webhook, owner_is_gone, sum);
    });
  return jobs;
}

Answered Dispatch::send_one(Poster& poster, const Webhook& webhook, const WebhookDelivery& delivery) const {
  const std::string id = message_id(delivery);
  const long long timestamp = std::chrono::floor<seconds>(settings_.wall_clock()).time_since_epoch().count();
  std::string signatures = signature(webhook.secret, id, timestamp, delivery.body);
  if (!webhook.old_secret.empty() && settings_.clock() < webhook.old_until)
    signatures += " " + signature(webhook.old_secret, id, timestamp, delivery.body);
  return poster.post(webhook.url,
                     {{"Content-Type", "application/cloudevents+json; charset=utf-8"},
                      {"User-Agent", "tradecase-webhooks"},
                      {"webhook-id", id},
                      {"webhook-timestamp", std::to_string(timestamp)},
                      {"webhook-signature", signatures}},
                     delivery.body);
}

void Dispatch::send(Job& job) const {
  try {
    Poster poster(settings_.post);
    for (const WebhookDelivery& delivery : job.deliveries) {
      if (stopping_) return;
      job.answers.push_back(send_one(poster, job.webhook, delivery));
      if (!taken(job.answers.back().status)) return;
    }
  } catch (const std::exception& failure) {  // ours, not the receiver's: it stands with the event, and nothing else is held up
    job.answers.push_back({0, failure.what()});
  }
}

void Dispatch::settle(Transaction& tx, const Job& job, Told& sum) const {
  const Instant now = settings_.clock();
  const auto present = find_webhook(tx, job.webhook.id);
  if (!present) return;  // removed meanwhile
  for (std::size_t i = 0; i < job.answers.size(); ++i) {
    const Answered& answered = job.answers[i];
    WebhookDelivery delivery = job.deliveries[i];
    ++delivery.attempts;
    delivery.answer = answered.status;
    if (taken(answered.status)) {
      delivery.status = "delivered";
      delivery.detail.clear();
      delivery.done_at = now;
      ++sum.delivered;
    } else {
      ++sum.failed;
      delivery.detail = words_of(answered);
      const auto tried = static_cast<std::size_t>(delivery.attempts);
      const bool over = answered.status == gone || tried > waits.size();
      if (over) {
        delivery.status = "given_up";
        delivery.done_at = now;
        if (!present->off_since) turn_off(tx, *present, answered.status == gone ? wants_no_more : takes_nothing, sum);
      } else {
        delivery.try_at = now + waits.at(tried - 1);
        rest_webhook(tx, present->id, now + std::min<seconds>(waits.at(tried - 1), rest_max));
      }
    }
    set_delivery(tx, delivery);
  }
}

Told Dispatch::pass() {
  const std::lock_guard one_at_a_time(passing_);
  Told sum;
  do {
    sum.noted += note_happenings();
    std::vector<Job> jobs = due_jobs(sum);
    if (jobs.empty()) break;
    {
      std::vector<std::jthread> senders;
      for (std::size_t i = 1; i < jobs.size(); ++i) senders.emplace_back([this, &jobs, i] { send(jobs[i]); });
      send(jobs.front());
    }
    database_.write([&](Transaction& tx) {
      for (const Job& job : jobs) settle(tx, job, sum);
    });
  } while (!stopping_);
  if (sum.delivered > 0) database_.write([&](Transaction& tx) { forget_deliveries(tx, settings_.clock() - kept_for); });
  return sum;
}

std::optional<Instant> Dispatch::next_due() const {
  return database_.read([](Session& session) { return next_delivery_at(session); });
}

void Dispatch::run(bool time_runs) {
  while (!stopping_) {
    pass();
    Instant::duration wait = idle_max;
    const auto due = time_runs ? next_due() : std::nullopt;
    if (due) wait = std::clamp<Instant::duration>(*due - settings_.clock(), std::chrono::milliseconds(0), idle_max);
    std::unique_lock lock(mutex_);
    stopped_.wait_for(lock, rest, [this] { return stopping_.load(); });  // commits meanwhile wake nobody
    changed_.wait_for(lock, wait, [this] { return woken_ || stopping_; });
    woken_ = false;
  }
}

void Dispatch::wake() {
  const std::lock_guard lock(mutex_);
  woken_ = true;
  changed_.notify_one();
}

void Dispatch::stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  changed_.notify_one();
  stopped_.notify_one();
}

}  // namespace tradecase::webhooks
