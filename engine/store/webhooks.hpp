// What programs outside are told over HTTP: who listens where, which events there are to tell, and each delivery with its outcome.
// What happened is found by a cursor behind the record and the tables of letters, deadlines and tasks: each is told once to
// whoever listens, whatever crashes between. webhooks.cpp.
#pragma once

#include <array>

#include "engine/store/store.hpp"

namespace tradecase {

std::string webhook_tables();  // of the migration that brings them

std::vector<Migration> webhook_name_migrations(int first_number);  // after which names are kept without a prefix

// The names of the events, for ever. On the wire the installation's prefix stands before them (webhooks.type_prefix).
inline constexpr std::string_view case_changed = "case.changed";      // a command was recorded
inline constexpr std::string_view letter_written = "letter.written";  // a letter is fixed and goes out
inline constexpr std::string_view deadline_set = "deadline.set";      // a due date is set or moved
inline constexpr std::string_view task_opened = "task.opened";        // work waits for somebody
inline constexpr std::array webhook_types{case_changed, letter_written, deadline_set, task_opened};
inline constexpr std::string_view webhook_test = "webhook.test";  // sent when its owner asks

struct Webhook {
  std::int64_t id = 0;
  std::string owner;    // person id
  std::string company;  // told of this company's cases, as the company sees them; empty: staff's, told of all
  std::string url;
  std::string secret;              // whsec_ and base64, as its receiver has it
  std::string old_secret;          // signs too until old_until; empty: none
  Instant old_until{};             // by the engine's clock
  std::vector<std::string> types;  // of webhook_types
  Instant made_at{};
  std::optional<Instant> off_since;  // switched off: nothing is sent, and nothing new is noted
  std::string off_because;           // in a sentence
  Instant rests_until{};             // its receiver failed a moment ago
};
std::int64_t add_webhook(Transaction& tx, const Webhook& webhook);  // its id; nothing from before now will be told
std::optional<Webhook> find_webhook(Session& session, std::int64_t id);
std::vector<Webhook> find_webhooks(Session& session, const std::string& where, Binds binds);  // where: as find_tasks
void change_secret(Transaction& tx, std::int64_t id, std::string_view secret, Instant old_until);
void remove_webhook(Transaction& tx, std::int64_t id);  // with its deliveries
void switch_off(Transaction& tx, const Webhook& webhook, const std::string& because, Instant now);
// What was given up waits again, from its first attempt.
void switch_on(Transaction& tx, std::int64_t id, Instant now);
void rest_webhook(Transaction& tx, std::int64_t id, Instant until);

struct WebhookKey {
  std::string act_hash;
  std::int64_t webhook = 0;
};
std::optional<WebhookKey> find_webhook_key(Session& session, std::string_view actor, std::string_view key);
void save_webhook_key(Transaction& tx, std::string_view actor, std::string_view key, const WebhookKey& done);

// Something that happened to a case, with the command that did it.
struct Happening {
  std::string type;
  std::string id;  // "case-17": the same for everybody who is told
  std::string case_id, company, workflow;
  std::int64_t version = 0;  // of the case, then
  Instant at{};
  std::string command;      // of the event
  std::string from, to;     // states before and after it
  bool for_company = true;  // a letter to the company, a task of its people; else the agency's own
};
struct WebhookCursor {
  std::int64_t event = -1, letter = 0, deadline = 0, task = 0;
  auto operator<=>(const WebhookCursor&) const = default;
};
WebhookCursor webhook_cursor(Session& session);  // how far has been told
WebhookCursor webhook_end(Session& session);     // how far there is something to tell
void set_webhook_cursor(Transaction& tx, const WebhookCursor& cursor);
// At most `limit` of each kind; `cursor` is moved behind them.
std::vector<Happening> happenings_after(Session& session, WebhookCursor& cursor, int limit);

struct WebhookDelivery {
  std::int64_t id = 0, webhook = 0;
  std::string event, type, case_id;  // case_id is empty for a test
  std::string body;                  // the same bytes at every attempt
  std::string status = "queued";     // queued, delivered, given_up
  int attempts = 0;
  int answer = 0;  // the last HTTP status; 0: none came
  std::string detail;
  Instant made_at{}, try_at{};
  std::optional<Instant> done_at;
};
std::string message_id(const WebhookDelivery& delivery);                // of the header webhook-id: the same at every attempt
void queue_delivery(Transaction& tx, const WebhookDelivery& delivery);  // nothing where the webhook has the event already
void set_delivery(Transaction& tx, const WebhookDelivery& delivery);    // status, attempts, answer, detail, try_at, done_at
std::vector<WebhookDelivery> due_deliveries(Session& session, std::int64_t webhook, Instant now, int limit);
std::vector<WebhookDelivery> last_deliveries(Session& session, std::int64_t webhook, int limit);  // the newest first
std::int64_t undelivered(Session& session, std::int64_t webhook);                                 // queued and given up
std::optional<Instant> next_delivery_at(Session& session);                                        // of webhooks that are on
std::int64_t forget_deliveries(Transaction& tx, Instant delivered_before);

}  // namespace tradecase
