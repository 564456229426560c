// Populations as they stand: the tables, finding them, their rows, and whether they are still what was frozen.
#include "workflows/sampling/population_store.hpp"

#include <fmt/format.h>

#include <charconv>

#include "engine/store/store.hpp"

namespace tradecase {

const char* const population_tables = R"sql(
create table populations (
  number integer primary key,           -- POP-000012 is number 12
  case_id text not null references cases (id),
  company text not null references companies (id),
  scope text not null check (json_valid(scope)),
  strata text not null,
  created_by text not null,
  created_at integer not null,
  preview text not null check (json_valid(preview)),
  control text check (control is null or json_valid(control)),
  rows integer,
  value_cents integer,
  sha256 text,
  frozen_by text,
  frozen_at integer,                    -- null until it is frozen; never changed after
  frozen_reason text
) strict;
create index populations_of_case on populations (case_id);

create table population_rows (
  population integer not null references populations (number),
  row integer not null,                 -- 1, 2, 3 … in frame order
  entry_number text not null,
  line integer not null,
  importer_number text not null,
  entry_date text not null,
  summary_date text not null,
  entry_type text not null,
  port_of_entry text not null,
  hts text not null,
  other_hts text not null,
  country_of_origin text not null,
  country_of_export text not null,
  manufacturer_id text not null,
  spi text not null,
  duty_cents integer,
  stratum text not null,
  value_cents integer not null,
  primary key (population, row)
) strict, without rowid;

create table population_hints (
  population integer not null references populations (number),
  rule text not null,
  entry_number text not null,
  line integer not null,
  why text not null,
  primary key (population, rule, entry_number, line)
) strict, without rowid;

create trigger population_frozen_update before update on populations when old.frozen_at is not null
begin select raise(abort, 'a frozen population never changes'); end;
create trigger population_frozen_delete before delete on populations when old.frozen_at is not null
begin select raise(abort, 'a frozen population never changes'); end;
create trigger population_rows_frozen_insert before insert on population_rows
when (select frozen_at from populations where number = new.population) is not null
begin select raise(abort, 'a frozen population never changes'); end;
create trigger population_rows_frozen_update before update on population_rows
when (select frozen_at from populations where number = old.population) is not null
begin select raise(abort, 'a frozen population never changes'); end;
create trigger population_rows_frozen_delete before delete on population_rows
when (select frozen_at from populations where number = old.population) is not null
begin select raise(abort, 'a frozen population never changes'); end;
)sql";

namespace {

using Text = std::string;
using Number = std::int64_t;
using MaybeNumber = std::optional<std::int64_t>;

std::int64_t number_of(std::string_view id) {
  if (id.starts_with("POP-")) id.remove_prefix(4);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  return error == std::errc() && end == id.data() + id.size() ? number : 0;
}

std::optional<ControlTotal> control_of(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  const json::object all = json::parse(*text).as_object();
  ControlTotal control{all.at("value_cents").as_int64(),
                       {},
                       std::string(all.at("source").as_string()),
                       std::string(all.at("by").as_string()),
                       from_ms(all.at("at").as_int64())};
  if (const auto* lines = all.if_contains("lines")) control.lines = lines->as_int64();
  return control;
}

std::vector<Population> populations_where(Session& session, const std::string& where, Binds binds) {
  std::vector<Population> all;
  session.each<Number, Text, Text, Text, Text, Text, Number, Text, std::optional<Text>, Number, Number, Text, Text, MaybeNumber, Text>(
      "select number, case_id, company, scope, strata, created_by, created_at, preview, control, rows, value_cents, sha256, frozen_by, "
      "frozen_at, frozen_reason from populations where " +
          where + " order by number desc",
      binds,
      [&](Number number, Text case_id, Text company, Text scope, Text strata, Text by, Number at, Text preview, std::optional<Text> control,
          Number rows, Number value, Text hash, Text frozen_by, MaybeNumber frozen_at, Text reason) {
        Population one{number,
                       population_id(number),
                       std::move(case_id),
                       std::move(company),
                       scope_from(json::parse(scope).as_object()),
                       std::move(strata),
                       std::move(by),
                       from_ms(at),
                       json::parse(preview).as_object(),
                       control_of(control),
                       std::nullopt};
        if (frozen_at) one.frozen = Frozen{{rows, value, std::move(hash)}, std::move(frozen_by), from_ms(*frozen_at), std::move(reason)};
        all.push_back(std::move(one));
      });
  return all;
}

}  // namespace

std::string population_id(std::int64_t number) { return fmt::format("POP-{:06}", number); }

std::optional<Population> find_population(Session& session, std::string_view id) {
  auto found = populations_where(session, "number = :number", {number_of(id)});
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<Population> find_populations(Session& session, std::string_view case_id) {
  if (case_id.empty()) return populations_where(session, "1", {});
  return populations_where(session, "case_id = :case_id", {case_id});
}

std::optional<std::string> closed_case_problem(Session& session, std::string_view case_id) {
  const auto on = find_case(session, case_id);
  if (!on) return fmt::format("There is no case {}.", case_id);
  if (on->open) return std::nullopt;
  return fmt::format("{} is closed: its populations, samples and findings stay as they are.", case_id);
}

std::int64_t count_entry_rows(Session& session, std::string_view company) {
  return session.value<std::int64_t>("select count(*) from entry_lines where company = :company", {company}).value_or(0);
}

std::optional<Difference> difference_of(const Population& population) {
  if (!population.control) return std::nullopt;
  const std::int64_t value = population.frozen ? population.frozen->totals.value_cents : population.preview.at("value_cents").as_int64();
  const std::int64_t lines = population.frozen ? population.frozen->totals.rows : population.preview.at("lines").as_int64();
  Difference difference{value - population.control->value_cents, std::nullopt};
  if (population.control->lines) difference.lines = lines - *population.control->lines;
  return difference;
}

namespace {

void read_frame_rows(Session& session, const std::string& where, Binds binds, const std::function<void(FrameRow&&)>& on_row) {
  session.each<Text, Number, Text, Text, Text, Text, Text, Text, Text, Text, Text, Text, Text, MaybeNumber, Text, Number>(
      "select entry_number, line, importer_number, entry_date, summary_date, entry_type, port_of_entry, hts, other_hts, country_of_origin, "
      "country_of_export, manufacturer_id, spi, duty_cents, stratum, value_cents from population_rows where population = :population" +
          where + " order by row",
      binds,
      [&](Text entry, Number line, Text importer, Text entry_date, Text summary_date, Text type, Text port, Text hts, Text others,
          Text origin, Text from, Text maker, Text spi, MaybeNumber duty, Text stratum, Number value) {
        on_row({std::move(entry), static_cast<int>(line), std::move(importer), std::move(entry_date), std::move(summary_date),
                std::move(type), std::move(port), std::move(hts), std::move(others), std::move(origin), std::move(from), std::move(maker),
                std::move(spi), duty, std::move(stratum), value});
      });
}

}  // namespace

void each_frame_row(Session& session, std::string_view id, const std::function<void(const FrameRow&)>& on_row) {
  const auto found = find_population(session, id);
  if (found && found->frozen) read_frame_rows(session, "", {found->number}, on_row);
}

FrameRow population_row(Session& session, std::string_view id, std::int64_t row) {
  FrameRow found;
  read_frame_rows(session, " and row = :row", {number_of(id), row}, [&](FrameRow&& one) { found = std::move(one); });
  return found;
}

std::int64_t row_of_line(Session& session, std::string_view id, std::string_view entry_number, int line) {
  return session
      .value<Number>("select row from population_rows where population = :population and entry_number = :entry and line = :line",
                     {number_of(id), entry_number, line})
      .value_or(0);
}

std::string population_problem(Session& session, const Population& population) {
  if (!population.frozen) return "";
  FrameWriter writer;
  try {
    each_frame_row(session, population.id, [&](const FrameRow& row) { writer.add(row); });
  } catch (const std::logic_error&) {
    return "its rows are out of order";
  }
  const FrameTotals now = writer.finish();
  const FrameTotals& then = population.frozen->totals;
  if (now.rows != then.rows) return fmt::format("{} rows were frozen, {} are there", then.rows, now.rows);
  if (now.sha256 != then.sha256) return "its rows give the hash " + now.sha256 + ", it was frozen with " + then.sha256;
  if (now.value_cents != then.value_cents) return "its rows give another total";
  for (const Event& event : find_events(session, "where kind = 'population'", {})) {
    if (!event.data) continue;
    const json::object data = json::parse(*event.data).as_object();
    const auto* hash = data.if_contains("sha256");
    if (hash != nullptr && data.at("population").as_string() == population.id)
      return hash->as_string() == then.sha256 ? "" : "the record says it was frozen with another hash";
  }
  return "the record does not say that it was frozen";
}

std::vector<StoredHint> hints_of(Session& session, std::int64_t population, std::string_view rule, std::int64_t limit,
                                 std::int64_t offset) {
  std::vector<StoredHint> all;
  session.each<Text, Text, Text, Number>(
      "select rule, entry_number, why, line from population_hints where population = :population and (:rule = '' or rule = :the_same) "
      "order "
      "by rule, entry_number, line limit :most offset :start",
      {population, rule, rule, limit, offset}, [&](Text of, Text entry, Text why, Number line) {
        all.push_back({std::move(of), std::move(entry), std::move(why), line});
      });
  return all;
}

}  // namespace tradecase
