#include "workflows/entries/entry_store.hpp"

#include "engine/json.hpp"

namespace tradecase {

// detail: the columns that no question looks at yet, as JSON.
const char* const entry_tables = R"sql(
create table entry_lines (
  company text not null references companies (id),
  entry_number text not null,
  line integer not null,
  ordinal integer not null,
  importer_number text not null,
  entry_date text,
  summary_date text,
  hts text not null,
  country_of_origin text not null,
  value_cents integer not null,
  duty_cents integer,
  detail text not null check (json_valid(detail)),
  primary key (company, entry_number, line, ordinal)
) strict, without rowid;
)sql";

namespace {

std::optional<std::string> iso(const std::optional<Date>& day) { return day ? std::optional(to_text(*day)) : std::nullopt; }

std::string detail_of(const EntryLine& line) {
  json::object detail;
  const auto put = [&](const char* name, const std::string& value) {
    if (!value.empty()) detail[name] = value;
  };
  put("entry_type", line.entry_type);
  put("port_of_entry", line.port_of_entry);
  put("country_of_export", line.country_of_export);
  put("manufacturer_id", line.manufacturer_id);
  put("spi", line.spi);
  put("quantity", line.quantity);
  put("uom", line.uom);
  put("importer_name", line.importer_name);
  put("reconciliation", line.reconciliation);
  put("liquidation_date", iso(line.liquidation_date).value_or(""));
  put("liquidation_status", line.liquidation_status);
  put("review_team", line.review_team);
  put("psc", line.psc);
  return json::serialize(detail);
}

}  // namespace

Stored store_entry_line(Transaction& tx, const std::string& company, const EntryLine& line) {
  const std::string detail = detail_of(line);
  const auto entry_date = iso(line.entry_date), summary_date = iso(line.summary_date);
  const auto same = tx.session().value<bool>(
      "select importer_number = :importer and entry_date is :entry_date and summary_date is :summary_date and hts = :hts and "
      "country_of_origin = :origin and value_cents = :value and duty_cents is :duty and detail = :detail from entry_lines "
      "where company = :company and entry_number = :entry and line = :line and ordinal = :ordinal",
      {line.importer_number, entry_date, summary_date, line.hts, line.country_of_origin, line.value_cents, line.duty_cents, detail, company,
       line.entry_number, line.line, line.ordinal});
  if (same.value_or(false)) return Stored::unchanged;
  tx.session().run(
      "insert or replace into entry_lines (company, entry_number, line, ordinal, importer_number, entry_date, summary_date, hts, "
      "country_of_origin, value_cents, duty_cents, detail) values (:company, :entry, :line, :ordinal, :importer, :entry_date, "
      ":summary_date, "
      ":hts, :origin, :value, :duty, :detail)",
      {company, line.entry_number, line.line, line.ordinal, line.importer_number, entry_date, summary_date, line.hts,
       line.country_of_origin, line.value_cents, line.duty_cents, detail});
  return same ? Stored::changed : Stored::imported;
}

std::int64_t count_entry_lines(Session& session, std::string_view company) {
  return session.value<std::int64_t>("select count(*) from entry_lines where company = :company", {company}).value_or(0);
}

}  // namespace tradecase
