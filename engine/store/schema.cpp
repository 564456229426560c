#include "engine/store/schema.hpp"

namespace tradecase {
namespace {

// Days are ISO text, instants milliseconds since 1970 UTC, JSON is checked text. Strict tables throughout.
constexpr char first_tables[] = R"sql(
create table meta (name text primary key, value text not null) strict, without rowid;

create table people (
  number integer primary key,           -- P-000012 is number 12
  id text not null unique,
  email text not null unique,
  name text not null,
  title text not null default '',
  phone text not null default '',
  departed_on text
) strict;

-- company is '' for a role of the agency. 'contact' holds no powers: it gets mail where notices is 1.
create table grants (
  person text not null references people (id),
  role text not null,
  company text not null default '',
  notices integer not null default 0,
  primary key (person, company, role)
) strict, without rowid;
create index grants_of_company on grants (company, role);

create table absences (
  id integer primary key,
  person text not null references people (id),
  from_on text not null,
  to_on text not null,
  delegate text not null references people (id)
) strict;
create index absences_of_person on absences (person);
create index absences_of_delegate on absences (delegate);

create table companies (
  id text primary key,
  legal_name text not null,
  dba text not null default '',
  program text not null default '',
  security_tier text not null default '',
  security_status text not null default '',
  entity_kind text not null default '',
  center text not null default '',
  nam text references people (id),
  acceptance_date text,
  last_anl_accepted_on text
) strict, without rowid;
create index companies_of_nam on companies (nam);

create table iors (number text primary key, company text not null references companies (id)) strict, without rowid;
create index iors_of_company on iors (company);

create table cases (
  number integer primary key,
  id text not null unique,
  workflow text not null,
  company text not null references companies (id),
  cycle integer not null default 0,
  state text not null,
  version integer not null,
  data text not null check (json_valid(data)),
  opened_at integer not null,
  closed_at integer,                    -- null while it is open
  leaf text not null,
  owner text not null default '',       -- person id, or role code, who has the ball; 'timer' where nobody has
  due_on text                           -- the nearest day by which somebody must act
) strict;
create index cases_of_company on cases (company, workflow, cycle);
create index cases_open on cases (workflow, state) where closed_at is null;
create index cases_of_owner on cases (owner, due_on) where closed_at is null;
create index cases_due on cases (due_on) where closed_at is null;

-- The record: one line each, written as record.md says and never again. data: what the line's hash stands for.
create table history (
  n integer primary key,
  case_id text references cases (id),
  kind text not null,
  line text not null,
  data text
) strict;
create index history_of_case on history (case_id) where case_id is not null;
create index history_of_kind on history (kind) where kind not in ('event');

create table tasks (
  id integer primary key,
  case_id text not null references cases (id),
  company text not null references companies (id),
  kind text not null,
  title text not null,
  role text not null,
  person text references people (id),   -- null: whoever holds the role for the company
  due_on text,
  of_state integer not null,            -- 1: the state's own work, opened and closed with it
  opened_at integer not null,
  closed_at integer
) strict;
create index tasks_of_case on tasks (case_id, kind);
create unique index tasks_open on tasks (case_id, kind) where closed_at is null;
create index tasks_of_person on tasks (person, due_on) where closed_at is null;
create index tasks_of_role on tasks (role, due_on) where closed_at is null and person is null;

create table timers (
  id integer primary key,
  case_id text not null references cases (id),
  name text not null,
  due_at integer not null,
  command text not null,
  body text not null check (json_valid(body)),
  status text not null default 'pending' check (status in ('pending', 'fired', 'refused', 'stopped')),
  attempts integer not null default 0,
  try_at integer not null,
  detail text not null default ''
) strict;
create unique index timers_pending on timers (case_id, name) where status = 'pending';
create index timers_due on timers (try_at, id) where status = 'pending';
create index timers_refused on timers (id) where status = 'refused';

-- The ledger of due dates: an entry is never changed but for being superseded or ended.
create table deadlines (
  id integer primary key,
  case_id text not null references cases (id),
  name text not null,
  due_on text not null,
  due_at integer not null,              -- the instant the day ends
  rule text not null,
  inputs text not null check (json_valid(inputs)),
  steps text not null check (json_valid(steps)),
  set_by_version integer not null,
  superseded_by integer references deadlines (id),
  ended_by_version integer
) strict;
create index deadlines_of_case on deadlines (case_id, name);

create table facts (
  id integer primary key,
  company text not null references companies (id),
  key text not null,
  value text not null check (json_valid(value)),
  as_of text not null,
  source text not null,
  section text not null,
  case_id text references cases (id),
  recorded_by text not null,
  recorded_at integer not null,
  superseded_by integer                 -- the id of the fact that followed
) strict;
create unique index facts_current on facts (company, key) where superseded_by is null;

create table documents (
  hash text primary key,                -- SHA-256 of html
  title text not null,
  html text not null,
  text text not null
) strict;

create table letters (
  id integer primary key,
  case_id text not null references cases (id),
  version integer not null,
  letter text not null,
  hash text not null references documents (hash),
  about text not null,
  written_at integer not null
) strict;
create index letters_of_case on letters (case_id);

-- What the mails of a letter say, to whomever they go; beside the outbox, whose rows are written again with each stage.
create table letter_mails (
  letter_id integer primary key references letters (id),
  subject text not null,
  text text not null,
  html text not null
) strict;

create table outbox (
  id integer primary key,
  case_id text not null references cases (id),
  letter_id integer not null references letters (id),
  message_id text not null unique,
  thread text not null,
  to_person text references people (id),
  to_name text not null,
  to_address text not null,
  content_hash text not null,           -- of the above and the letter's mail: one message id never has two contents
  written_at integer not null,
  status text not null default 'queued' check (status in ('queued', 'claimed', 'transmitting', 'sent', 'given_up', 'unknown')),
  attempts integer not null default 0,
  try_at integer not null,
  claimed_by text not null default '',
  done_at integer,
  detail text not null default ''
) strict;
create index outbox_due on outbox (try_at, id) where status = 'queued';
create index outbox_open on outbox (status) where status <> 'sent';  -- used where a query says so in these words
create index outbox_of_letter on outbox (letter_id);

create table receipts (
  actor text not null,
  key text not null,
  body_hash text not null,
  answer text not null check (json_valid(answer)),
  at integer not null,
  primary key (actor, key)
) strict, without rowid;
)sql";

// Each step of a case writes the indexes whose columns it changes: those that nobody reads go, the others name what rarely changes.
constexpr char fewer_indexes[] = R"sql(
drop index tasks_of_case;
drop index tasks_of_role;
drop index tasks_of_person;
create index tasks_of_person on tasks (person) where closed_at is null and person is not null;
drop index cases_open;
create index cases_open on cases (workflow) where closed_at is null;
drop index cases_of_owner;
create index cases_of_owner on cases (owner) where closed_at is null;
)sql";

}  // namespace

std::vector<Migration> engine_migrations() { return {{1, "the engine's tables", first_tables}}; }

std::vector<Migration> index_migrations(int first_number) { return {{first_number, "fewer indexes of tasks and cases", fewer_indexes}}; }

}  // namespace tradecase
