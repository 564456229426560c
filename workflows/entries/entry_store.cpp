#include "workflows/entries/entry_store.hpp"

#include <array>

#include "engine/json.hpp"
#include "engine/store/store.hpp"

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

// errors: [{"line", "field", "value", "reason"}].
const char* const entry_import_tables = R"sql(
create table entry_imports (
  id integer primary key,
  company text not null,
  file text not null,
  at integer not null,
  rows integer not null,
  imported integer not null,
  unchanged integer not null,
  changed integer not null,
  left_out integer not null,
  errors text not null check (json_valid(errors))
) strict;
create index entry_imports_of_company on entry_imports (company);
)sql";

namespace {

constexpr std::size_t errors_kept_max = 1000;

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

void take_detail(EntryLine& line, const std::string& detail) {
  const json::object all = json::parse(detail).as_object();
  const auto take = [&](const char* name, std::string& into) {
    if (const json::value* found = all.if_contains(name)) into = found->as_string();
  };
  take("entry_type", line.entry_type);
  take("port_of_entry", line.port_of_entry);
  take("country_of_export", line.country_of_export);
  take("manufacturer_id", line.manufacturer_id);
  take("spi", line.spi);
  take("quantity", line.quantity);
  take("uom", line.uom);
}

namespace {

// Kept on disk, unlike the temporary tables of other sessions: a million rows are some 250 MB.
constexpr char stage_table[] = R"sql(
pragma temp_store = file;
pragma cache_size = -32768;
create temp table entry_stage (
  company text not null,
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
  detail text not null,
  source_line integer not null,
  primary key (company, entry_number, line, ordinal)
) strict, without rowid;
pragma temp.cache_size = -65536;
begin;
)sql";

constexpr char both[] =
    " from temp.entry_stage s join main.entry_lines e on e.company = s.company and e.entry_number = s.entry_number and e.line = s.line and "
    "e.ordinal = s.ordinal ";
constexpr char same[] =
    "(e.importer_number = s.importer_number and e.entry_date is s.entry_date and e.summary_date is s.summary_date and e.hts = s.hts and "
    "e.country_of_origin = s.country_of_origin and e.value_cents = s.value_cents and e.duty_cents is s.duty_cents and e.detail = s.detail)";

constexpr std::array<const char*, 8> compared{"importer_number",   "entry_date",  "summary_date", "hts",
                                              "country_of_origin", "value_cents", "duty_cents",   "detail"};

std::string told(const std::string& text) { return text.empty() ? "nothing" : text; }

// The values of `detail` that differ, by name.
void tell_details(std::vector<std::string>& what, const std::string& before, const std::string& now) {
  const json::object was = json::parse(before).as_object(), is = json::parse(now).as_object();
  const auto value = [](const json::object& of, std::string_view name) {
    const json::value* found = of.if_contains(name);
    return found != nullptr ? std::string(found->as_string()) : std::string();
  };
  const auto tell = [&](std::string_view name) {
    what.push_back(std::string(name) + ": " + told(value(was, name)) + " is now " + told(value(is, name)));
  };
  for (const auto& [name, old] : was)
    if (value(is, name) != value(was, name)) tell(name);
  for (const auto& [name, text] : is)
    if (!was.contains(name)) tell(name);
}

std::vector<EntryChange> changes_of(Session& session) {
  std::vector<EntryChange> all;
  std::string columns, last;
  for (const char* name : compared) columns += ", cast(e." + std::string(name) + " as text), cast(s." + name + " as text)";
  using Text = std::string;
  session.each<Text, Text, std::int64_t, std::int64_t, std::int64_t, Text, Text, Text, Text, Text, Text, Text, Text, Text, Text, Text, Text,
               Text, Text, Text, Text>(
      "select s.company, s.entry_number, s.line, s.ordinal, s.source_line" + columns + both + "where not " + same +
          " order by s.company, s.entry_number, s.line, s.ordinal limit :most",
      {changes_told_max}, [&](Text company, Text entry, std::int64_t line, std::int64_t ordinal, std::int64_t source, auto... values) {
        EntryChange change{std::move(company), std::move(entry), static_cast<int>(line), static_cast<int>(ordinal), source, {}};
        const std::array<std::string, sizeof...(values)> pairs{std::move(values)...};
        for (std::size_t i = 0; i + 1 < compared.size(); ++i)
          if (pairs[2 * i] != pairs[2 * i + 1])
            change.what.push_back(std::string(compared[i]) + ": " + told(pairs[2 * i]) + " is now " + told(pairs[2 * i + 1]));
        tell_details(change.what, pairs[pairs.size() - 2], pairs.back());
        all.push_back(std::move(change));
      });
  return all;
}

EntryDifference difference(Session& session) {
  const std::int64_t staged = session.value<std::int64_t>("select count(*) from temp.entry_stage").value_or(0);
  const auto [known, alike] =
      session.row<std::int64_t, std::int64_t>("select count(*), coalesce(sum(" + std::string(same) + "), 0)" + both).value();
  EntryDifference result{staged - known, alike, known - alike, {}};
  if (result.changed > 0) result.changes = changes_of(session);
  return result;
}

// What is on file already as it is leaves the stage first: a statement that reads the table it writes would copy the rows once more.
void take_over(Session& session, const EntryDifference& found) {
  if (found.unchanged > 0)
    session.run(
        "delete from temp.entry_stage as s where exists (select 1 from main.entry_lines e where e.company = s.company and e.entry_number = "
        "s.entry_number and e.line = s.line and e.ordinal = s.ordinal and " +
        std::string(same) + ")");
  session.run(
      "insert or replace into main.entry_lines (company, entry_number, line, ordinal, importer_number, entry_date, summary_date, hts, "
      "country_of_origin, value_cents, duty_cents, detail) select company, entry_number, line, ordinal, importer_number, entry_date, "
      "summary_date, hts, country_of_origin, value_cents, duty_cents, detail from temp.entry_stage order by company, entry_number, line, "
      "ordinal");
}

}  // namespace

void save_entry_import(Transaction& tx, const EntryImported& done) {
  json::array errors;
  for (const LineError& error : done.errors) {
    if (errors.size() == errors_kept_max) break;
    errors.push_back(json::object{{"line", error.line}, {"field", error.field}, {"value", error.value}, {"reason", error.reason}});
  }
  const std::string text = json::serialize(errors);
  tx.session().run(
      "insert into entry_imports (company, file, at, rows, imported, unchanged, changed, left_out, errors) values (:company, :file, :at, "
      ":rows, :imported, :unchanged, :changed, :left_out, :errors)",
      {done.company, done.file, to_ms(done.at), done.rows, done.imported, done.unchanged, done.changed, done.left_out, text});
}

std::vector<EntryImported> entry_imports_of(Session& session, std::string_view company) {
  std::vector<EntryImported> all;
  using Number = std::int64_t;
  session.each<Number, std::string, std::string, std::string, Number, Number, Number, Number, Number, Number>(
      "select id, company, file, errors, at, rows, imported, unchanged, changed, left_out from entry_imports where company in (:company, "
      "'') "
      "order by id desc",
      {company},
      [&](Number id, std::string of, std::string file, std::string errors, Number at, Number rows, Number imported, Number unchanged,
          Number changed, Number left_out) {
        all.push_back({id, std::move(of), std::move(file), from_ms(at), rows, imported, unchanged, changed, left_out, {}});
        const json::value kept = json::parse(errors);
        for (const json::value& error : kept.as_array())
          all.back().errors.push_back({error.at("line").as_int64(), std::string(error.at("field").as_string()),
                                       std::string(error.at("value").as_string()), std::string(error.at("reason").as_string())});
      });
  return all;
}

EntryStage::EntryStage(const std::filesystem::path& database)
    : session_(std::make_unique<Session>(database, true, false, std::chrono::seconds(20))) {
  session_->script(stage_table);
}

EntryStage::~EntryStage() = default;

void EntryStage::add(const std::string& company, const EntryLine& line) {
  const std::string detail = detail_of(line);
  const auto entry_date = iso(line.entry_date), summary_date = iso(line.summary_date);
  session_->run(
      "insert into temp.entry_stage (company, entry_number, line, ordinal, importer_number, entry_date, summary_date, hts, "
      "country_of_origin, value_cents, duty_cents, detail, source_line) values (:company, :entry, :line, :ordinal, :importer, :entry_date, "
      ":summary_date, :hts, :origin, :value, :duty, :detail, :source)",
      {company, line.entry_number, line.line, line.ordinal, line.importer_number, entry_date, summary_date, line.hts,
       line.country_of_origin, line.value_cents, line.duty_cents, detail, line.source_line});
}

EntryDifference EntryStage::compare() { return difference(*session_); }

EntryDifference EntryStage::keep(const std::function<void(Transaction&, const EntryDifference&)>& also) {
  session_->script("commit; begin immediate");
  try {
    EntryDifference result = difference(*session_);
    if (result.imported + result.changed > 0) take_over(*session_, result);
    Transaction tx(*session_);
    also(tx, result);
    session_->script("commit; begin");
    return result;
  } catch (...) {
    if (session_->in_transaction()) session_->script("rollback");
    throw;
  }
}

}  // namespace tradecase
