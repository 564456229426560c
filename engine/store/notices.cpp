#include "engine/store/notices.hpp"

#include "engine/engine.hpp"

namespace tradecase {
namespace {

// The outbox again, its case and letter no longer needed, with all its indexes.
constexpr char notice_tables[] = R"sql(
create table notice_mails (
  message_id text primary key,
  subject text not null,
  text text not null,
  html text not null
) strict, without rowid;

create table new_outbox (
  id integer primary key,
  case_id text references cases (id),            -- null: a mail of no case
  letter_id integer references letters (id),     -- null: notice_mails says what stands in it
  message_id text not null unique,
  thread text not null,
  to_person text references people (id),
  to_name text not null,
  to_address text not null,
  content_hash text not null,
  written_at integer not null,
  status text not null default 'queued' check (status in ('queued', 'claimed', 'transmitting', 'sent', 'given_up', 'unknown')),
  attempts integer not null default 0,
  try_at integer not null,
  claimed_by text not null default '',
  done_at integer,
  detail text not null default '',
  check ((case_id is null) = (letter_id is null))
) strict;
insert into new_outbox select id, case_id, letter_id, message_id, thread, to_person, to_name, to_address, content_hash, written_at, status,
  attempts, try_at, claimed_by, done_at, detail from outbox;
drop table outbox;
alter table new_outbox rename to outbox;
create index outbox_due on outbox (try_at, id) where status = 'queued';
create index outbox_open on outbox (status) where status <> 'sent';
create index outbox_of_letter on outbox (letter_id);
create index outbox_of_person on outbox (to_person, case_id);
)sql";

}  // namespace

std::vector<Migration> notice_migrations(int first_number) { return {{first_number, "mails of no case", notice_tables}}; }

void queue_notice(Transaction& tx, std::string_view to_person, const Message& message, Instant at) {
  tx.leaves_work(at);
  tx.session().run("insert into notice_mails (message_id, subject, text, html) values (:message_id, :subject, :text, :html)",
                   {message.message_id, message.subject, message.text, message.html});
  tx.session().run(
      "insert into outbox (message_id, thread, to_person, to_name, to_address, content_hash, written_at, try_at) "
      "values (:message_id, :thread, :to_person, :to_name, :to_address, :hash, :at, :try_at)",
      {message.message_id, message.references, to_person, message.to_name, message.to_address, content_hash(message), to_ms(at),
       to_ms(at)});
}

}  // namespace tradecase
