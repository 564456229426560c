#include "adapters/http/portal/importer_store.hpp"

#include "engine/sha256.hpp"

namespace tradecase::http {
namespace {

using Text = std::string;

constexpr char feed_of_key[] = "calendar_feed_of:";  // + person: the hash of the token in force
constexpr char feed_key[] = "calendar_feed:";        // + hash: whose it is, or ""

std::string kind_condition(std::string_view kind) {
  if (kind == "all") return "";
  if (kind == "spi") return " and coalesce(json_extract(detail, '$.spi'), '') <> ''";
  if (kind == "reconciliation" || kind == "psc") return " and json_extract(detail, '$." + std::string(kind) + "') = 'Y'";
  return " and 0";
}

}  // namespace

std::vector<CompanyPerson> people_of_company(Session& session, std::string_view company, Date on) {
  std::vector<CompanyPerson> all;
  const std::string today = to_text(on);
  session.each<Text, Text, Text, Text, Text, bool>(
      "select p.name, p.title, p.email, p.phone, g.role, g.notices from grants g join people p on p.id = g.person where g.company = "
      ":company "
      "and (p.departed_on is null or p.departed_on > :today) order by p.name, p.id, g.role",
      {company, today}, [&](Text name, Text title, Text email, Text phone, Text role, bool notices) {
        if (all.empty() || all.back().email != email)
          all.push_back({std::move(name), std::move(title), std::move(email), std::move(phone), {}, false});
        all.back().roles.push_back(std::move(role));
        all.back().notices = all.back().notices || notices;
      });
  return all;
}

std::vector<CompanyLetter> letters_of_company(Session& session, std::string_view company, int limit) {
  std::vector<CompanyLetter> all;
  session.each<Text, Text, Text, Text, std::int64_t, std::int64_t>(
      "select c.id, c.workflow, d.title, l.hash, c.cycle, l.written_at from cases c join letters l on l.case_id = c.id join documents d on "
      "d.hash = l.hash where c.company = :company and exists (select 1 from outbox o join grants g on g.person = o.to_person where "
      "o.letter_id = l.id and g.company = c.company) order by l.id desc limit :most",
      {company, limit}, [&](Text id, Text workflow, Text title, Text hash, std::int64_t cycle, std::int64_t at) {
        all.push_back({std::move(id), std::move(workflow), std::move(title), std::move(hash), static_cast<int>(cycle), from_ms(at)});
      });
  return all;
}

std::vector<EntryRow> entry_rows(Session& session, std::string_view company, std::string_view kind, int limit, int offset) {
  std::vector<EntryRow> all;
  const std::string sql =
      "select entry_number, coalesce(entry_date, summary_date, ''), hts, country_of_origin, detail, line, value_cents, duty_cents from "
      "entry_lines where company = :company" +
      kind_condition(kind) + " order by entry_number, line, ordinal limit :most offset :start";
  session.each<Text, Text, Text, Text, Text, std::int64_t, std::int64_t, std::optional<std::int64_t>>(
      sql, {company, limit, offset},
      [&](Text entry, Text day, Text hts, Text country, Text detail, std::int64_t line, std::int64_t value,
          std::optional<std::int64_t> duty) {
        all.push_back({std::move(entry), std::move(day), std::move(hts), std::move(country), std::move(detail), line, value, duty});
      });
  return all;
}

EntryCounts count_entries(Session& session, std::string_view company) {
  EntryCounts counts;
  session.each<std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, Text, Text>(
      "select count(*), count(distinct entry_number), coalesce(sum(value_cents), 0), coalesce(sum(duty_cents), 0), "
      "coalesce(sum(duty_cents is null), 0), coalesce(min(coalesce(entry_date, summary_date)), ''), coalesce(max(coalesce(entry_date, "
      "summary_date)), '') from entry_lines where company = :company",
      {company},
      [&](std::int64_t lines, std::int64_t entries, std::int64_t value, std::int64_t duty, std::int64_t undated, Text first, Text last) {
        counts = {lines, entries, value, duty, undated, 0, 0, 0, std::move(first), std::move(last)};
      });
  const auto count = [&](const char* kind) {
    return session.value<std::int64_t>("select count(*) from entry_lines where company = :company" + kind_condition(kind), {company})
        .value_or(0);
  };
  counts.reconciliation = count("reconciliation");
  counts.spi = count("spi");
  counts.psc = count("psc");
  return counts;
}

void end_feed(Transaction& tx, std::string_view person) {
  const std::string own = feed_of_key + std::string(person);
  if (const auto hash = find_meta(tx, own); hash && !hash->empty()) put_meta(tx, feed_key + *hash, "");
  put_meta(tx, own, "");
}

void set_feed(Transaction& tx, std::string_view person, std::string_view token) {
  end_feed(tx, person);
  const std::string hash = sha256_hex(token);
  put_meta(tx, feed_key + hash, person);
  put_meta(tx, feed_of_key + std::string(person), hash);
}

bool has_feed(Session& session, std::string_view person) {
  const auto hash = find_meta(session, feed_of_key + std::string(person));
  return hash && !hash->empty();
}

std::optional<std::string> person_of_feed(Session& session, std::string_view token) {
  auto person = find_meta(session, feed_key + sha256_hex(token));
  if (!person || person->empty()) return std::nullopt;
  return person;
}

}  // namespace tradecase::http
