#include "adapters/http/session_store.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <array>

#include "engine/sha256.hpp"
#include "engine/store/webhooks.hpp"

namespace tradecase::http {
namespace {

using Text = std::string;

constexpr char tables[] = R"sql(
create table sign_ins (
  id integer primary key,
  token_hash text not null unique,
  person text not null references people (id),
  csrf text not null,
  language text not null,
  notice text not null default '',
  agent text not null,
  began integer not null,
  seen integer not null
) strict;
create index sign_ins_of_person on sign_ins (person);

create table kept_forms (
  token_hash text primary key,
  path text not null,
  type text not null,
  body text not null,
  kept_at integer not null
) strict, without rowid;

create table api_tokens (
  id integer primary key,
  token_hash text not null unique,
  person text not null references people (id),
  name text not null,
  scope text not null check (scope in ('read', 'write')),
  made integer not null,
  expires integer not null,
  used integer
) strict;
create index api_tokens_of_person on api_tokens (person);
)sql";

// The queue reads tasks in the order of their due day, those without one last: each index is one lane of it.
constexpr char staff_tables[] = R"sql(
create table saved_filters (
  id integer primary key,
  person text not null references people (id),
  name text not null,
  query text not null,
  unique (person, name)
) strict;

create table internal_notes (
  id integer primary key,
  case_id text not null references cases (id),
  person text not null references people (id),
  text text not null,
  written_at integer not null
) strict;
create index internal_notes_of_case on internal_notes (case_id);

create table bulk_runs (
  token text primary key,
  person text not null references people (id),
  command text not null,
  results text not null check (json_valid(results)),
  at integer not null
) strict, without rowid;

create index tasks_queue_person on tasks (person, coalesce(due_on, '9999-12-31')) where closed_at is null;
create index tasks_queue_role on tasks (role, coalesce(due_on, '9999-12-31')) where closed_at is null;
create index tasks_queue_free on tasks (role, coalesce(due_on, '9999-12-31')) where closed_at is null and person is null;
create index tasks_queue_company on tasks (company) where closed_at is null;
create index companies_by_name on companies (legal_name collate nocase, id);
)sql";

constexpr char account_tables[] = R"sql(
create table accounts (
  person text primary key references people (id),
  hash text not null,                     -- argon2id, as libsodium writes it
  totp_secret text not null default '',   -- base32; '' without a second factor
  totp_step integer not null default 0    -- the last step whose code was taken: no code counts twice
) strict, without rowid;

-- Tries to sign in that failed, by hash of the address asked for or of the network address it came from: the same for addresses that
-- nobody has, so that nobody learns which there are.
create table sign_in_tries (
  key text primary key,
  failed integer not null,
  last_at integer not null
) strict, without rowid;

-- Who somebody is at an identity provider, bound at the first sign-in.
create table identities (
  issuer text not null,
  subject text not null,
  person text not null references people (id),
  primary key (issuer, subject)
) strict, without rowid;

create table oidc_requests (
  state_hash text primary key,
  provider text not null,
  nonce text not null,
  verifier text not null,
  next text not null,
  began integer not null
) strict, without rowid;

alter table sign_ins add column provider text not null default '';  -- '' with a password, or in a sandbox

-- Refused timers that somebody has looked at, and timers that somebody skipped.
create table timer_notes (
  timer integer primary key references timers (id),
  person text not null references people (id),
  note text not null,
  at integer not null
) strict;

create index outbox_of_person on outbox (to_person, case_id);
)sql";

// Uploaded files. They lie in the database, so that one file holds all of the programme, one commit all of a delivery, and one backup
// both; in parts, so that a large file is written in several short commits. A case's record names them by hash.
constexpr char file_tables[] = R"sql(
create table file_contents (
  hash text primary key,                  -- SHA-256 of the bytes
  size integer not null,
  whole integer not null default 0,       -- all parts are there
  kept_at integer not null
) strict, without rowid;

create table file_parts (
  hash text not null references file_contents (hash),
  n integer not null,
  bytes blob not null,
  primary key (hash, n)
) strict;

create table files (
  id integer primary key,
  case_id text not null references cases (id),
  hash text not null references file_contents (hash),
  name text not null,                     -- as given, cleaned
  type text not null,
  person text not null references people (id),
  internal integer not null,              -- of the agency's own: never a company's to see
  belongs_to text not null default '',    -- an item ABC12345678/1, a question 2; '' not said
  kept_at integer not null,
  attached_version integer                -- of the case, by the command that names it; null: nowhere yet
) strict;
create index files_of_case on files (case_id);
create index files_of_hash on files (hash);
create unique index files_unattached on files (case_id, hash, internal) where attached_version is null;
)sql";

// Answers of the API to what is no command, by key: told again word for word.
constexpr char answer_tables[] = R"sql(
create table api_answers (
  person text not null references people (id),
  key text not null,
  answer text not null check (json_valid(answer)),
  primary key (person, key)
) strict, without rowid;
)sql";

// What N1 shows, a row an open task: written by triggers, in the commit that changes the task, its case or the account, because no index
// reaches over three tables. Each index is a lane in one order, so that a page costs the same however much waits.
constexpr char queue_tables[] = R"sql(
create table queue (
  task integer primary key references tasks (id),
  company text not null,
  nam text not null,                    -- of the company's account; '' where nobody is
  role text not null,
  person text not null,                 -- '' where whoever holds the role may take it
  free integer generated always as (person = '') virtual,
  workflow text not null,
  state text not null,                  -- of the case
  due text not null,                    -- the day, the case's own for the state's work; '9999-12-31' where there is none
  opened integer not null
) strict;

create view open_tasks as
  select t.id as task, t.case_id, t.company, coalesce(co.nam, '') as nam, t.role, coalesce(t.person, '') as person, c.workflow, c.state,
         coalesce(case when t.of_state = 1 then c.due_on end, t.due_on, '9999-12-31') as due, t.opened_at as opened
  from tasks t join cases c on c.id = t.case_id join companies co on co.id = t.company
  where t.closed_at is null;
insert into queue (task, company, nam, role, person, workflow, state, due, opened)
  select task, company, nam, role, person, workflow, state, due, opened from open_tasks;

create trigger queue_opens after insert on tasks when new.closed_at is null begin
  insert into queue (task, company, nam, role, person, workflow, state, due, opened)
    select task, company, nam, role, person, workflow, state, due, opened from open_tasks where task = new.id;
end;
create trigger queue_changes after update of role, person, due_on, of_state on tasks when new.closed_at is null begin
  update queue set (role, person, due) = (select role, person, due from open_tasks o where o.task = new.id) where task = new.id;
end;
create trigger queue_closes after update of closed_at on tasks when new.closed_at is not null begin
  delete from queue where task = new.id;
end;
create trigger queue_follows_case after update of state, due_on on cases
  when old.state is not new.state or old.due_on is not new.due_on begin
  update queue set (state, due) = (select state, due from open_tasks o where o.task = queue.task)
    where task in (select id from tasks where case_id = new.id and closed_at is null);
end;
create trigger queue_follows_account after update of nam on companies when old.nam is not new.nam begin
  update queue set nam = coalesce(new.nam, '') where company = new.id;
end;

create index queue_of_company on queue (company);
create index queue_of_person on queue (person, due);
create index queue_of_person_by_age on queue (person, opened);
create index queue_of_person_in_state on queue (person, workflow, state, due);
create index queue_of_person_in_state_by_age on queue (person, workflow, state, opened);
create index queue_of_role on queue (role, free, due);
create index queue_of_role_by_age on queue (role, free, opened);
create index queue_of_role_in_state on queue (role, free, workflow, state, due);
create index queue_of_role_in_state_by_age on queue (role, free, workflow, state, opened);
create index queue_of_account on queue (nam, role, due);
create index queue_of_account_by_age on queue (nam, role, opened);
create index queue_of_account_in_state on queue (nam, role, workflow, state, due);
create index queue_of_account_in_state_by_age on queue (nam, role, workflow, state, opened);

drop index tasks_queue_person;
drop index tasks_queue_role;
drop index tasks_queue_free;
drop index tasks_queue_company;
)sql";

constexpr char sign_in_columns[] = "select id, person, csrf, language, notice, agent, began, seen, provider from sign_ins ";

std::vector<SignIn> find(Session& session, const std::string& where, Binds binds) {
  std::vector<SignIn> all;
  session.each<std::int64_t, Text, Text, Text, Text, Text, std::int64_t, std::int64_t, Text>(
      sign_in_columns + where, binds,
      [&](std::int64_t id, Text person, Text csrf, Text language, Text notice, Text agent, std::int64_t began, std::int64_t seen,
          Text provider) {
        all.push_back({id, std::move(person), std::move(csrf), std::move(language), std::move(notice), std::move(agent), from_ms(began),
                       from_ms(seen), std::move(provider)});
      });
  return all;
}

}  // namespace

std::vector<Migration> portal_migrations(int first_number) {
  return {{first_number, "sign-ins and tokens", tables},
          {first_number + 1, "queue, notes and bulk actions", staff_tables},
          {first_number + 2, "accounts, identities, looked-at timers", account_tables},
          {first_number + 3, "webhooks", webhook_tables()},
          {first_number + 4, "uploaded files", file_tables},
          {first_number + 5, "answers of the API", answer_tables},
          {first_number + 6, "the queue by its lanes", queue_tables}};
}

std::string random_token() {
  constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::array<unsigned char, 43> bytes{};  // six bits of each: 258
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) throw std::runtime_error("the system gives no random numbers");
  std::string token;
  for (const unsigned char byte : bytes) token += alphabet[byte & 63U];
  return token;
}

SignIn begin_sign_in(Transaction& tx, std::string_view token, std::string_view person, std::string_view agent, std::string_view language,
                     Instant now, std::string_view provider) {
  const std::string csrf = random_token();
  tx.session().run(
      "insert into sign_ins (token_hash, person, csrf, language, agent, began, seen, provider) "
      "values (:hash, :person, :csrf, :language, :agent, :began, :seen, :provider)",
      {sha256_hex(token), person, csrf, language, agent, to_ms(now), to_ms(now), provider});
  return {tx.session().last_id(), std::string(person), csrf, std::string(language), "", std::string(agent), now, now,
          std::string(provider)};
}

std::optional<SignIn> find_sign_in(Session& session, std::string_view token) {
  if (token.empty()) return std::nullopt;
  auto all = find(session, "where token_hash = :hash", {sha256_hex(token)});
  if (all.empty()) return std::nullopt;
  return std::move(all.front());
}

bool has_expired(const SignIn& sign_in, bool staff, Instant now, const SignInLimits& limits) {
  return now - sign_in.seen > (staff ? limits.staff_idle : limits.idle) ||
         now - sign_in.began > (staff ? limits.staff_total : limits.total);
}

std::chrono::seconds time_left(const SignIn& sign_in, bool staff, Instant now, const SignInLimits& limits) {
  const std::chrono::milliseconds idle = staff ? limits.staff_idle : limits.idle;
  const std::chrono::milliseconds total = sign_in.began + (staff ? limits.staff_total : limits.total) - now;
  return std::chrono::floor<std::chrono::seconds>(std::min(idle, total));
}

void touch_sign_in(Transaction& tx, std::int64_t id, Instant now) {
  tx.session().run("update sign_ins set seen = :seen where id = :id", {to_ms(now), id});
}

void end_sign_in(Transaction& tx, std::int64_t id) { tx.session().run("delete from sign_ins where id = :id", {id}); }

void end_sign_ins_of(Transaction& tx, std::string_view person, std::int64_t but_not) {
  tx.session().run("delete from sign_ins where person = :person and id <> :id", {person, but_not});
}

std::vector<SignIn> sign_ins_of(Session& session, std::string_view person) {
  return find(session, "where person = :person order by seen desc", {person});
}

void set_notice(Transaction& tx, std::int64_t sign_in, std::string_view notice) {
  tx.session().run("update sign_ins set notice = :notice where id = :id", {notice, sign_in});
}

void set_language(Transaction& tx, std::int64_t sign_in, std::string_view language) {
  tx.session().run("update sign_ins set language = :language where id = :id", {language, sign_in});
}

void keep_form(Transaction& tx, std::string_view token, const KeptForm& form, Instant now) {
  tx.session().run("delete from kept_forms where kept_at < :before", {to_ms(now - std::chrono::hours(24))});
  tx.session().run("insert into kept_forms (token_hash, path, type, body, kept_at) values (:hash, :path, :type, :body, :at)",
                   {sha256_hex(token), form.path, form.type, form.body, to_ms(now)});
}

std::optional<KeptForm> take_kept_form(Transaction& tx, std::string_view token, Instant now) {
  const std::string hash = sha256_hex(token);
  auto row = tx.session().row<Text, Text, Text>("select path, type, body from kept_forms where token_hash = :hash and kept_at >= :after",
                                                {hash, to_ms(now - std::chrono::hours(24))});
  if (!row) return std::nullopt;
  tx.session().run("delete from kept_forms where token_hash = :hash", {hash});
  auto& [path, type, body] = *row;
  return KeptForm{std::move(path), std::move(type), std::move(body)};
}

void save_api_token(Transaction& tx, std::string_view token, const ApiToken& values) {
  tx.session().run(
      "insert into api_tokens (token_hash, person, name, scope, made, expires) values (:hash, :person, :name, :scope, :made, :expires)",
      {sha256_hex(token), values.person, values.name, values.scope, to_ms(values.made), to_ms(values.expires)});
}

std::optional<ApiToken> find_api_token(Session& session, std::string_view token, Instant now) {
  auto row = session.row<std::int64_t, Text, Text, Text, std::int64_t, std::int64_t>(
      "select id, person, name, scope, made, expires from api_tokens where token_hash = :hash and expires > :now",
      {sha256_hex(token), to_ms(now)});
  if (!row) return std::nullopt;
  auto& [id, person, name, scope, made, expires] = *row;
  return ApiToken{id, std::move(person), std::move(name), std::move(scope), from_ms(made), from_ms(expires), std::nullopt};
}

std::vector<ApiToken> api_tokens_of(Session& session, std::string_view person) {
  std::vector<ApiToken> all;
  session.each<std::int64_t, Text, Text, std::int64_t, std::int64_t>(
      "select id, name, scope, made, expires from api_tokens where person = :person order by made desc", {person},
      [&](std::int64_t id, Text name, Text scope, std::int64_t made, std::int64_t expires) {
        all.push_back({id, std::string(person), std::move(name), std::move(scope), from_ms(made), from_ms(expires), std::nullopt});
      });
  return all;
}

void revoke_api_token(Transaction& tx, std::string_view person, std::int64_t id) {
  tx.session().run("delete from api_tokens where person = :person and id = :id", {person, id});
}

}  // namespace tradecase::http
