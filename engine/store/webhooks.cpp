#include "engine/store/webhooks.hpp"

#include <algorithm>

namespace tradecase {
namespace {

using Text = std::string;

// The secret stands there in clear: each message is signed with it.
constexpr char tables[] = R"sql(
create table webhooks (
  id integer primary key autoincrement,   -- never given again: message ids are made from it
  owner text not null references people (id),
  company text references companies (id), -- null: staff's
  url text not null,
  secret text not null,
  old_secret text not null default '',
  old_until integer not null default 0,
  types text not null check (json_valid(types)),
  made_at integer not null,
  off_since integer,
  off_because text not null default '',
  rests_until integer not null default 0
) strict;
create index webhooks_of_owner on webhooks (owner);
create index webhooks_of_company on webhooks (company);

create table webhook_deliveries (
  id integer primary key,
  webhook integer not null references webhooks (id) on delete cascade,
  event text not null,
  type text not null,
  case_id text references cases (id),
  body text not null,
  status text not null default 'queued' check (status in ('queued', 'delivered', 'given_up')),
  attempts integer not null default 0,
  answer integer not null default 0,
  detail text not null default '',
  made_at integer not null,
  try_at integer not null,
  done_at integer,
  unique (webhook, event)
) strict;
create index webhook_deliveries_due on webhook_deliveries (webhook, try_at, id) where status = 'queued';
create index webhook_deliveries_done on webhook_deliveries (done_at) where status = 'delivered';

-- What the API was asked to do to webhooks: said again under its key, it is not done twice.
create table webhook_keys (
  actor text not null,
  key text not null,
  act_hash text not null,
  webhook integer not null,
  primary key (actor, key)
) strict, without rowid;

create table webhook_cursor (event integer not null, letter integer not null, deadline integer not null, task integer not null) strict;
insert into webhook_cursor values (-1, 0, 0, 0);
)sql";

// The names had a prefix that stood for nobody. What waits to be sent keeps the bytes that it had.
constexpr char shorter_names[] = R"sql(
update webhooks set types = replace(types, '"example.tradecase.', '"');
update webhook_deliveries set type = replace(type, 'example.tradecase.', '');
)sql";

json::array as_json(const std::vector<std::string>& list) { return json::value_from(list).as_array(); }

std::vector<std::string> texts_of(const std::string& stored) {
  std::vector<std::string> all;
  const json::value list = json::parse(stored);
  for (const json::value& one : list.as_array()) all.emplace_back(one.as_string());
  return all;
}

std::optional<Instant> instant_or_none(const std::optional<std::int64_t>& ms) { return ms ? std::optional(from_ms(*ms)) : std::nullopt; }

// The event that made a version; the last one for version 0.
std::optional<RecordLine> event_of(Session& session, const std::string& case_id, std::int64_t version) {
  const auto events = version > 0 ? find_events(session, "where case_id = :case_id and kind = 'event' and json_extract(line, '$.v') = :v",
                                                {case_id, version})
                                  : find_events(session, "where case_id = :case_id and kind = 'event' order by n desc limit 1", {case_id});
  return events.empty() ? std::nullopt : parse_line(events.front().line);
}

// A row of one of the tables that are followed, before its event is looked up.
struct Found {
  std::int64_t id = 0, version = 0;  // version 0: not said
  std::string case_id, company, workflow;
  bool for_company = true;
};

void add_happening(Session& session, std::string_view type, const char* kind, const Found& found, std::vector<Happening>& all) {
  const auto line = event_of(session, found.case_id, found.version);
  if (!line) return;
  all.push_back({std::string(type), kind + std::to_string(found.id), found.case_id, found.company, found.workflow, line->v,
                 parse_instant(line->at).value_or(Instant{}), line->command, line->from, line->to, found.for_company});
}

std::vector<Found> rows_after(Session& session, std::string_view sql, std::int64_t& after, std::int64_t end, int limit) {
  std::vector<Found> all;
  session.each<std::int64_t, std::int64_t, Text, Text, Text, bool>(
      sql, {after, limit}, [&](std::int64_t id, std::int64_t version, Text case_id, Text company, Text workflow, bool for_company) {
        all.push_back({id, version, std::move(case_id), std::move(company), std::move(workflow), for_company});
      });
  after = static_cast<int>(all.size()) < limit ? end : all.back().id;
  return all;
}

std::vector<WebhookDelivery> find_deliveries(Session& session, const std::string& where, Binds binds) {
  std::vector<WebhookDelivery> all;
  session.each<std::int64_t, std::int64_t, Text, Text, Text, Text, Text, std::int64_t, std::int64_t, Text, std::int64_t, std::int64_t,
               std::optional<std::int64_t>>(
      "select id, webhook, event, type, coalesce(case_id, ''), body, status, attempts, answer, detail, made_at, try_at, done_at "
      "from webhook_deliveries " +
          where,
      binds,
      [&](std::int64_t id, std::int64_t webhook, Text event, Text type, Text case_id, Text body, Text status, std::int64_t attempts,
          std::int64_t answer, Text detail, std::int64_t made_at, std::int64_t try_at, std::optional<std::int64_t> done_at) {
        all.push_back({id, webhook, std::move(event), std::move(type), std::move(case_id), std::move(body), std::move(status),
                       static_cast<int>(attempts), static_cast<int>(answer), std::move(detail), from_ms(made_at), from_ms(try_at),
                       instant_or_none(done_at)});
      });
  return all;
}

bool nobody_listens(Session& session) { return !session.value<std::int64_t>("select 1 from webhooks where off_since is null limit 1"); }

}  // namespace

std::string webhook_tables() { return tables; }
std::vector<Migration> webhook_name_migrations(int first_number) {
  return {{first_number, "names of events without a prefix", shorter_names}};
}

std::string message_id(const WebhookDelivery& delivery) { return "msg_" + std::to_string(delivery.webhook) + "_" + delivery.event; }

// ---- who listens -------------------------------------------------------------------------------------------------------------

std::int64_t add_webhook(Transaction& tx, const Webhook& webhook) {
  if (nobody_listens(tx)) set_webhook_cursor(tx, webhook_end(tx));
  tx.session().run(
      "insert into webhooks (owner, company, url, secret, types, made_at) values (:owner, :company, :url, :secret, :types, :made_at)",
      {webhook.owner, webhook.company.empty() ? std::nullopt : std::optional(webhook.company), webhook.url, webhook.secret,
       json::serialize(as_json(webhook.types)), to_ms(webhook.made_at)});
  return tx.session().last_id();
}

std::vector<Webhook> find_webhooks(Session& session, const std::string& where, Binds binds) {
  std::vector<Webhook> all;
  session.each<std::int64_t, Text, Text, Text, Text, Text, std::int64_t, Text, std::int64_t, std::optional<std::int64_t>, Text,
               std::int64_t>(
      "select id, owner, coalesce(company, ''), url, secret, old_secret, old_until, types, made_at, off_since, off_because, rests_until "
      "from webhooks " +
          where,
      binds,
      [&](std::int64_t id, Text owner, Text company, Text url, Text secret, Text old_secret, std::int64_t old_until, Text types,
          std::int64_t made_at, std::optional<std::int64_t> off_since, Text off_because, std::int64_t rests_until) {
        all.push_back({id, std::move(owner), std::move(company), std::move(url), std::move(secret), std::move(old_secret),
                       from_ms(old_until), texts_of(types), from_ms(made_at), instant_or_none(off_since), std::move(off_because),
                       from_ms(rests_until)});
      });
  return all;
}

std::optional<Webhook> find_webhook(Session& session, std::int64_t id) {
  auto all = find_webhooks(session, "where id = :id", {id});
  if (all.empty()) return std::nullopt;
  return std::move(all.front());
}

void change_secret(Transaction& tx, std::int64_t id, std::string_view secret, Instant old_until) {
  tx.session().run("update webhooks set old_secret = secret, old_until = :until, secret = :secret where id = :id",
                   {to_ms(old_until), secret, id});
}

void remove_webhook(Transaction& tx, std::int64_t id) {
  tx.session().run("delete from webhook_deliveries where webhook = :id", {id});
  tx.session().run("delete from webhooks where id = :id", {id});
}

void switch_off(Transaction& tx, const Webhook& webhook, const std::string& because, Instant now) {
  tx.session().run("update webhooks set off_since = :now, off_because = :because where id = :id and off_since is null",
                   {to_ms(now), because, webhook.id});
}

void switch_on(Transaction& tx, std::int64_t id, Instant now) {
  if (nobody_listens(tx)) set_webhook_cursor(tx, webhook_end(tx));
  tx.session().run("update webhooks set off_since = null, off_because = '', rests_until = 0 where id = :id", {id});
  tx.session().run(
      "update webhook_deliveries set status = 'queued', attempts = 0, try_at = :now, done_at = null where webhook = :id and status <> "
      "'delivered'",
      {to_ms(now), id});
}

void rest_webhook(Transaction& tx, std::int64_t id, Instant until) {
  tx.session().run("update webhooks set rests_until = :until where id = :id", {to_ms(until), id});
}

std::optional<WebhookKey> find_webhook_key(Session& session, std::string_view actor, std::string_view key) {
  auto row =
      session.row<Text, std::int64_t>("select act_hash, webhook from webhook_keys where actor = :actor and key = :key", {actor, key});
  if (!row) return std::nullopt;
  return WebhookKey{std::move(std::get<0>(*row)), std::get<1>(*row)};
}

void save_webhook_key(Transaction& tx, std::string_view actor, std::string_view key, const WebhookKey& done) {
  tx.session().run("insert into webhook_keys (actor, key, act_hash, webhook) values (:actor, :key, :act_hash, :webhook)",
                   {actor, key, done.act_hash, done.webhook});
}

// ---- what there is to tell -----------------------------------------------------------------------------------------------------

WebhookCursor webhook_cursor(Session& session) {
  const auto row =
      session.row<std::int64_t, std::int64_t, std::int64_t, std::int64_t>("select event, letter, deadline, task from webhook_cursor")
          .value();
  return {std::get<0>(row), std::get<1>(row), std::get<2>(row), std::get<3>(row)};
}

WebhookCursor webhook_end(Session& session) {
  const auto last = [&](const char* sql) { return session.value<std::int64_t>(sql).value_or(0); };
  return {last("select coalesce(max(n), -1) from history"), last("select coalesce(max(id), 0) from letters"),
          last("select coalesce(max(id), 0) from deadlines"), last("select coalesce(max(id), 0) from tasks")};
}

void set_webhook_cursor(Transaction& tx, const WebhookCursor& cursor) {
  tx.session().run("update webhook_cursor set event = :event, letter = :letter, deadline = :deadline, task = :task",
                   {cursor.event, cursor.letter, cursor.deadline, cursor.task});
}

std::vector<Happening> happenings_after(Session& session, WebhookCursor& cursor, int limit) {
  const WebhookCursor end = webhook_end(session);
  std::vector<Happening> all;
  for (const Found& found : rows_after(session,
                                       "select h.n, json_extract(h.line, '$.v'), c.id, c.company, c.workflow, 1 from history h "
                                       "join cases c on c.id = h.case_id where h.n > :after and h.kind = 'event' order by h.n limit :limit",
                                       cursor.event, end.event, limit))
    add_happening(session, case_changed, "case-", found, all);
  for (const Found& found :
       rows_after(session,
                  "select l.id, l.version, c.id, c.company, c.workflow, exists (select 1 from outbox o join grants g on g.person = "
                  "o.to_person and g.company = c.company where o.letter_id = l.id) from letters l join cases c on c.id = l.case_id "
                  "where l.id > :after order by l.id limit :limit",
                  cursor.letter, end.letter, limit))
    add_happening(session, letter_written, "letter-", found, all);
  // Reminders and the steps of a ladder are the clock's own: nobody has to meet them.
  for (const Found& found : rows_after(session,
                                       "select d.id, d.set_by_version, c.id, c.company, c.workflow, 1 from deadlines d "
                                       "join cases c on c.id = d.case_id where d.id > :after and d.name not like 'reminder:%' "
                                       "and d.name not like 'ladder:%' order by d.id limit :limit",
                                       cursor.deadline, end.deadline, limit))
    add_happening(session, deadline_set, "deadline-", found, all);
  for (const Found& found : rows_after(session,
                                       "select t.id, 0, c.id, c.company, c.workflow, t.role in ('officer', 'preparer') from tasks t "
                                       "join cases c on c.id = t.case_id where t.id > :after order by t.id limit :limit",
                                       cursor.task, end.task, limit))
    add_happening(session, task_opened, "task-", found, all);
  return all;
}

// ---- deliveries ------------------------------------------------------------------------------------------------------------------

void queue_delivery(Transaction& tx, const WebhookDelivery& delivery) {
  tx.session().run(
      "insert into webhook_deliveries (webhook, event, type, case_id, body, made_at, try_at) "
      "values (:webhook, :event, :type, :case_id, :body, :made_at, :try_at) on conflict (webhook, event) do nothing",
      {delivery.webhook, delivery.event, delivery.type, delivery.case_id.empty() ? std::nullopt : std::optional(delivery.case_id),
       delivery.body, to_ms(delivery.made_at), to_ms(delivery.try_at)});
}

void set_delivery(Transaction& tx, const WebhookDelivery& delivery) {
  tx.session().run(
      "update webhook_deliveries set status = :status, attempts = :attempts, answer = :answer, detail = :detail, try_at = :try_at, "
      "done_at = :done_at where id = :id",
      {delivery.status, delivery.attempts, delivery.answer, delivery.detail, to_ms(delivery.try_at),
       delivery.done_at ? std::optional(to_ms(*delivery.done_at)) : std::nullopt, delivery.id});
}

std::vector<WebhookDelivery> due_deliveries(Session& session, std::int64_t webhook, Instant now, int limit) {
  return find_deliveries(session, "where webhook = :webhook and status = 'queued' and try_at <= :now order by try_at, id limit :limit",
                         {webhook, to_ms(now), limit});
}

std::vector<WebhookDelivery> last_deliveries(Session& session, std::int64_t webhook, int limit) {
  return find_deliveries(session, "where webhook = :webhook order by id desc limit :limit", {webhook, limit});
}

std::int64_t undelivered(Session& session, std::int64_t webhook) {
  return session
      .value<std::int64_t>("select count(*) from webhook_deliveries where webhook = :webhook and status <> 'delivered'", {webhook})
      .value_or(0);
}

std::optional<Instant> next_delivery_at(Session& session) {
  return instant_or_none(session
                             .value<std::optional<std::int64_t>>(
                                 "select min(max(d.try_at, w.rests_until)) from webhook_deliveries d join webhooks w on w.id = d.webhook "
                                 "where d.status = 'queued' and w.off_since is null")
                             .value_or(std::nullopt));
}

std::int64_t forget_deliveries(Transaction& tx, Instant delivered_before) {
  return tx.session().run("delete from webhook_deliveries where status = 'delivered' and done_at < :before", {to_ms(delivered_before)});
}

}  // namespace tradecase
