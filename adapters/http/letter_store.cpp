#include "adapters/http/letter_store.hpp"

#include "engine/store/store.hpp"

namespace tradecase::http {
namespace {

using Text = std::string;

constexpr char letter_tables[] = R"sql(
create table paragraphs (
  name text not null,
  version integer not null,
  letter text not null,
  title text not null,
  place integer not null,
  standard integer not null,            -- 1: stands in every new letter
  fields text not null,
  text text not null,
  effective_on text not null,
  changed_by text not null,             -- '': came with the program
  changed_at integer not null,
  why text not null,
  primary key (name, version)
) strict;
create index paragraphs_of_letter on paragraphs (letter, place);
create table word_templates (
  letter text not null,
  version integer not null,
  file_name text not null,
  docx blob not null,
  fields text not null,
  effective_on text not null,
  changed_by text not null,
  changed_at integer not null,
  why text not null,
  primary key (letter, version)
) strict;
create table letter_drafts (
  id integer primary key,
  case_id text not null references cases (id),
  letter text not null,
  version integer not null,
  body text not null,
  sent integer not null default 0
) strict;
create unique index letter_draft_open on letter_drafts (case_id, letter) where sent = 0;
create table letter_draft_changes (
  draft integer not null references letter_drafts (id),
  version integer not null,
  by text not null,
  what text not null,
  at integer not null,
  primary key (draft, version)
) strict;
)sql";

constexpr char paragraph_columns[] =
    "select q.name, q.version, q.letter, q.title, q.place, q.standard, q.fields, q.text, q.effective_on, q.changed_by, "
    "coalesce(p.name, ''), q.changed_at, q.why from paragraphs q left join people p on p.id = q.changed_by ";

std::vector<Paragraph> paragraphs(Session& session, const std::string& where, Binds binds) {
  std::vector<Paragraph> all;
  session.each<Text, std::int64_t, Text, Text, std::int64_t, std::int64_t, Text, Text, Text, Text, Text, std::int64_t, Text>(
      paragraph_columns + where, binds,
      [&](Text name, std::int64_t version, Text letter, Text title, std::int64_t place, std::int64_t standard, Text fields, Text text,
          Text effective_on, Text by, Text by_name, std::int64_t at, Text why) {
        all.push_back({std::move(name), version, std::move(letter), std::move(title), place, standard != 0, std::move(fields),
                       std::move(text), stored_date_or_none(effective_on).value_or(Date{}), std::move(by), std::move(by_name), from_ms(at),
                       std::move(why)});
      });
  return all;
}

}  // namespace

std::vector<Migration> letter_migrations(int first_number) {
  return {{first_number, "paragraphs of letters, and letters being written", letter_tables}};
}

bool has_paragraphs(Session& session) { return session.value<std::int64_t>("select count(*) from paragraphs").value_or(0) > 0; }

std::vector<Paragraph> paragraphs_in_force(Session& session, std::string_view letter, Date on) {
  return paragraphs(session,
                    "where q.letter = :letter and q.version = (select max(o.version) from paragraphs o where o.name = q.name and "
                    "o.effective_on <= :day) order by q.place, q.name",
                    {letter, to_text(on)});
}

std::vector<Paragraph> latest_paragraphs(Session& session) {
  return paragraphs(
      session, "where q.version = (select max(o.version) from paragraphs o where o.name = q.name) order by q.letter, q.place, q.name", {});
}

std::vector<Paragraph> paragraph_versions(Session& session, std::string_view name) {
  return paragraphs(session, "where q.name = :name order by q.version desc", {name});
}

std::int64_t add_paragraph_version(Transaction& tx, const Paragraph& one) {
  const auto last = tx.session().value<std::int64_t>("select coalesce(max(version), 0) from paragraphs where name = :name", {one.name});
  const std::int64_t version = last.value_or(0) + 1;
  tx.session().run(
      "insert into paragraphs (name, version, letter, title, place, standard, fields, text, effective_on, changed_by, changed_at, why) "
      "values (:name, :version, :letter, :title, :place, :standard, :fields, :text, :effective_on, :by, :at, :why)",
      {one.name, version, one.letter, one.title, one.place, one.standard ? 1 : 0, one.fields, one.text, to_text(one.effective_on),
       one.changed_by, to_ms(one.changed_at), one.why});
  return version;
}

std::vector<WordTemplate> word_templates(Session& session) {
  std::vector<WordTemplate> all;
  session.each<Text, std::int64_t, Text, Text, Text, Text, Text, std::int64_t, Text>(
      "select w.letter, w.version, w.file_name, w.fields, w.effective_on, w.changed_by, coalesce(p.name, ''), w.changed_at, w.why "
      "from word_templates w left join people p on p.id = w.changed_by order by w.letter, w.version desc",
      {},
      [&](Text letter, std::int64_t version, Text file, Text fields, Text effective_on, Text by, Text by_name, std::int64_t at, Text why) {
        all.push_back({std::move(letter), version, std::move(file), "", std::move(fields),
                       stored_date_or_none(effective_on).value_or(Date{}), std::move(by), std::move(by_name), from_ms(at), std::move(why)});
      });
  return all;
}

std::optional<WordTemplate> word_template_in_force(Session& session, std::string_view letter, Date on) {
  auto row = session.row<std::int64_t, Text, Text, Text, Text>(
      "select version, file_name, docx, fields, effective_on from word_templates where letter = :letter and effective_on <= :day "
      "order by version desc limit 1",
      {letter, to_text(on)});
  if (!row) return std::nullopt;
  auto& [version, file, docx, fields, effective_on] = *row;
  WordTemplate made;
  made.letter = letter;
  made.version = version;
  made.file_name = std::move(file);
  made.docx = std::move(docx);
  made.fields = std::move(fields);
  made.effective_on = stored_date_or_none(effective_on).value_or(Date{});
  return made;
}

std::int64_t add_word_template(Transaction& tx, const WordTemplate& one) {
  const auto last =
      tx.session().value<std::int64_t>("select coalesce(max(version), 0) from word_templates where letter = :letter", {one.letter});
  const std::int64_t version = last.value_or(0) + 1;
  tx.session().run(
      "insert into word_templates (letter, version, file_name, docx, fields, effective_on, changed_by, changed_at, why) values "
      "(:letter, :version, :file, cast(:docx as blob), :fields, :effective_on, :by, :at, :why)",
      {one.letter, version, one.file_name, one.docx, one.fields, to_text(one.effective_on), one.changed_by, to_ms(one.changed_at),
       one.why});
  return version;
}

std::optional<SavedLetter> find_letter_draft(Session& session, std::string_view case_id, std::string_view letter) {
  auto row = session.row<std::int64_t, std::int64_t, Text, Text, std::int64_t>(
      "select d.id, d.version, d.body, coalesce(p.name, ''), c.at from letter_drafts d "
      "join letter_draft_changes c on c.draft = d.id and c.version = d.version left join people p on p.id = c.by "
      "where d.case_id = :case_id and d.letter = :letter and d.sent = 0",
      {case_id, letter});
  if (!row) return std::nullopt;
  auto& [id, version, body, by, at] = *row;
  return SavedLetter{id, std::string(case_id), std::string(letter), version, json::parse(body).as_object(), std::move(by), from_ms(at)};
}

bool save_letter_draft(Transaction& tx, SavedLetter& draft, std::string_view by, std::string_view what, Instant at) {
  const auto found = find_letter_draft(tx, draft.case_id, draft.letter);
  if ((found ? found->version : 0) != draft.version) return false;
  if (found) {
    draft.id = found->id;
    tx.session().run("update letter_drafts set version = version + 1, body = :body where id = :id",
                     {json::serialize(draft.body), draft.id});
  } else {
    tx.session().run("insert into letter_drafts (case_id, letter, version, body) values (:case_id, :letter, 1, :body)",
                     {draft.case_id, draft.letter, json::serialize(draft.body)});
    draft.id = tx.session().last_id();
  }
  ++draft.version;
  draft.saved_at = at;
  tx.session().run("insert into letter_draft_changes (draft, version, by, what, at) values (:draft, :version, :by, :what, :at)",
                   {draft.id, draft.version, by, what, to_ms(at)});
  return true;
}

std::vector<DraftChange> draft_changes(Session& session, std::int64_t draft, std::int64_t after_version) {
  std::vector<DraftChange> all;
  session.each<std::int64_t, Text, Text, Text, std::int64_t>(
      "select c.version, c.by, coalesce(p.name, ''), c.what, c.at from letter_draft_changes c left join people p on p.id = c.by "
      "where c.draft = :draft and c.version > :after order by c.version",
      {draft, after_version}, [&](std::int64_t version, Text by, Text by_name, Text what, std::int64_t at) {
        all.push_back({version, std::move(by), std::move(by_name), std::move(what), from_ms(at)});
      });
  return all;
}

void end_letter_draft(Transaction& tx, std::string_view case_id, std::string_view letter) {
  tx.session().run("update letter_drafts set sent = 1 where case_id = :case_id and letter = :letter and sent = 0", {case_id, letter});
}

}  // namespace tradecase::http
