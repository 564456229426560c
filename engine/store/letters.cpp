#include "engine/sha256.hpp"
#include "engine/store/store.hpp"

namespace tradecase {
namespace {

using Text = std::string;

constexpr char message_columns[] =
    "select o.id, coalesce(o.case_id, ''), o.status, o.detail, coalesce(o.letter_id, 0), o.message_id, o.thread, o.to_name, o.to_address, "
    "coalesce(m.subject, n.subject), coalesce(m.text, n.text), coalesce(m.html, n.html), o.written_at, o.try_at, o.attempts "
    "from outbox o left join letter_mails m on m.letter_id = o.letter_id left join notice_mails n on n.message_id = o.message_id ";

std::vector<OutboxRow> messages_where(Session& session, const std::string& where, Binds binds) {
  std::vector<OutboxRow> all;
  session.each<std::int64_t, Text, Text, Text, std::int64_t, Text, Text, Text, Text, Text, Text, Text, std::int64_t, std::int64_t,
               std::int64_t>(
      message_columns + where, binds,
      [&](std::int64_t id, Text case_id, Text status, Text detail, std::int64_t letter_id, Text message_id, Text thread, Text to_name,
          Text to_address, Text subject, Text text, Text html, std::int64_t written_at, std::int64_t try_at, std::int64_t attempts) {
        OutboxRow row{id, std::move(case_id),  std::move(status), std::move(detail),         letter_id,
                      {}, from_ms(written_at), from_ms(try_at),   static_cast<int>(attempts)};
        row.message.message_id = std::move(message_id);
        row.message.references = std::move(thread);
        row.message.to_name = std::move(to_name);
        row.message.to_address = std::move(to_address);
        row.message.subject = std::move(subject);
        row.message.text = std::move(text);
        row.message.html = std::move(html);
        all.push_back(std::move(row));
      });
  return all;
}

}  // namespace

std::int64_t save_letter(Transaction& tx, std::string_view case_id, std::int64_t version, std::string_view letter, std::string_view about,
                         const RenderedLetter& rendered, Instant at) {
  const std::string hash = sha256_hex(rendered.html);
  tx.session().run("insert into documents (hash, title, html, text) values (:hash, :title, :html, :text) on conflict (hash) do nothing",
                   {hash, rendered.title, rendered.html, rendered.text});
  tx.session().run(
      "insert into letters (case_id, version, letter, hash, about, written_at) values (:case_id, :version, :letter, :hash, :about, "
      ":written_at)",
      {case_id, version, letter, hash, about, to_ms(at)});
  const std::int64_t id = tx.session().last_id();
  tx.session().run("insert into letter_mails (letter_id, subject, text, html) values (:letter_id, :subject, :text, :html)",
                   {id, rendered.mail_subject, rendered.mail_text, rendered.mail_html});
  return id;
}

std::vector<Letter> letters_of(Session& session, std::string_view case_id) {
  std::vector<Letter> all;
  session.each<std::int64_t, Text, Text, Text, Text, std::int64_t, std::int64_t, std::int64_t>(
      "select l.id, l.letter, d.title, l.hash, l.about, l.version, l.written_at, (select count(*) from outbox o where o.letter_id = l.id) "
      "from letters l join documents d on d.hash = l.hash where l.case_id = :case_id order by l.id",
      {case_id},
      [&](std::int64_t id, Text letter, Text title, Text hash, Text about, std::int64_t version, std::int64_t at, std::int64_t mails) {
        all.push_back({id, std::string(case_id), std::move(letter), std::move(title), std::move(hash), std::move(about), version,
                       from_ms(at), static_cast<int>(mails)});
      });
  return all;
}

std::optional<Document> find_document(Session& session, std::string_view hash) {
  if (hash.size() < 8) return std::nullopt;
  auto rows = session.rows<Text, Text, Text, Text>(
      "select hash, title, html, text from documents where hash >= :from and hash < :beyond limit 2", {hash, std::string(hash) + "~"});
  if (rows.size() != 1) return std::nullopt;
  auto& [whole, title, html, text] = rows.front();
  return Document{std::move(whole), std::move(title), std::move(html), std::move(text)};
}

void queue_message(Transaction& tx, std::string_view case_id, std::int64_t letter_id, std::string_view to_person, const Message& message,
                   std::string_view content_hash, Instant at) {
  tx.leaves_work(at);
  tx.session().run(
      "insert into outbox (case_id, letter_id, message_id, thread, to_person, to_name, to_address, content_hash, written_at, try_at) "
      "values (:case_id, :letter_id, :message_id, :thread, :to_person, :to_name, :to_address, :hash, :at, :try_at)",
      {case_id, letter_id, message.message_id, message.references, to_person, message.to_name, message.to_address, content_hash, to_ms(at),
       to_ms(at)});
}

std::vector<OutboxRow> find_messages(Session& session, std::string_view status, std::string_view case_id, int limit) {
  std::string where = "where true";
  std::vector<Bind> binds;
  if (!status.empty()) {
    where += status == "sent" ? " and o.status = :status" : " and o.status = :status and o.status <> 'sent'";
    binds.emplace_back(status);
  }
  if (!case_id.empty()) {
    where += " and o.case_id = :case_id";
    binds.emplace_back(case_id);
  }
  binds.emplace_back(limit);
  return messages_where(session, where + " order by o.id limit :limit", binds);
}

std::optional<OutboxRow> find_message(Session& session, std::int64_t id) {
  auto all = messages_where(session, "where o.id = :id", {id});
  if (all.empty()) return std::nullopt;
  return std::move(all.front());
}

std::vector<OutboxRow> claim_messages(Transaction& tx, std::string_view claimed_by, Instant now, int limit) {
  auto claimed =
      messages_where(tx, "where o.status = 'queued' and o.try_at <= :now order by o.try_at, o.id limit :limit", {to_ms(now), limit});
  if (!claimed.empty())
    tx.session().run(
        "update outbox set status = 'claimed', claimed_by = :by where id in (select id from outbox where status = 'queued' and try_at <= "
        ":now "
        "order by try_at, id limit :limit)",
        {claimed_by, to_ms(now), limit});
  for (OutboxRow& row : claimed) row.status = "claimed";
  return claimed;
}

std::optional<Instant> next_message_at(Session& session) {
  const auto at = session.value<std::int64_t>("select try_at from outbox where status = 'queued' order by try_at, id limit 1");
  return at ? std::optional(from_ms(*at)) : std::nullopt;
}

void set_message(Transaction& tx, std::int64_t id, std::string_view status, int attempts, Instant try_at, std::string_view detail,
                 std::optional<Instant> done_at) {
  tx.session().run(
      "update outbox set status = :status, attempts = :attempts, try_at = :try_at, detail = :detail, done_at = :done_at where id = :id",
      {status, attempts, to_ms(try_at), detail, done_at ? std::optional(to_ms(*done_at)) : std::nullopt, id});
}

std::vector<OutboxRow> recover_messages(Transaction& tx, std::string_view claimed_by, Instant now) {
  tx.session().run("update outbox set status = 'queued' where status = 'claimed' and status <> 'sent' and claimed_by = :by", {claimed_by});
  auto lost =
      messages_where(tx, "where o.status = 'transmitting' and o.status <> 'sent' and o.claimed_by = :by order by o.id", {claimed_by});
  for (const OutboxRow& row : lost)
    set_message(tx, row.id, "unknown", row.attempts + 1, now, "the program stopped while this mail was under way", now);
  return lost;
}

std::map<std::string, std::int64_t> count_messages(Session& session) {
  std::map<std::string, std::int64_t> counts;
  for (auto& [status, count] : session.rows<Text, std::int64_t>("select status, count(*) from outbox group by status"))
    counts[status] = count;
  return counts;
}

}  // namespace tradecase
