#include "workflows/sampling/finding_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "engine/json.hpp"
#include "engine/store/store.hpp"
#include "engine/text.hpp"

namespace tradecase {

const char* const finding_tables = R"sql(
create table findings (
  sample integer not null references samples (number),
  row integer not null,                 -- of the population
  version integer not null,             -- 1, 2, 3 … of the row; the last one counts
  errors text not null check (json_valid(errors)),
  note text not null,
  found_by text not null,
  found_at integer not null,
  primary key (sample, row, version)
) strict, without rowid;
create trigger findings_update before update on findings begin select raise(abort, 'a finding on record never changes'); end;
create trigger findings_delete before delete on findings begin select raise(abort, 'a finding on record never changes'); end;
)sql";

namespace {

using Text = std::string;
using Number = std::int64_t;

constexpr std::size_t cause_bytes_max = 200, note_bytes_max = 2000;
constexpr Number error_cents_max = 100'000'000'000'000;

json::array stored(const std::vector<ItemError>& errors) {
  json::array all;
  for (const ItemError& one : errors)
    all.push_back(json::object{{"cents", one.cents},
                               {"direction", one.direction == ErrorDirection::overstated ? "overstated" : "understated"},
                               {"cause", one.cause}});
  return all;
}

std::vector<ItemError> errors_from(const std::string& text) {
  std::vector<ItemError> all;
  const json::value kept = json::parse(text);
  for (const json::value& one : kept.as_array())
    all.push_back({one.at("cents").to_number<Number>(),
                   one.at("direction").as_string() == "overstated" ? ErrorDirection::overstated : ErrorDirection::understated,
                   Text(one.at("cause").as_string())});
  return all;
}

std::vector<Finding> findings_where(Session& session, const std::string& where, Binds binds) {
  std::vector<Finding> all;
  session.each<Number, Number, Text, Text, Text, Number>(
      "select row, version, errors, note, found_by, found_at from findings f where " + where + " order by row, version", binds,
      [&](Number row, Number version, const Text& errors, Text note, Text by, Number at) {
        all.push_back({row, version, errors_from(errors), std::move(note), std::move(by), from_ms(at)});
      });
  return all;
}

std::optional<Problem> said_badly(const FindingSaid& said) {
  if (said.errors.size() > errors_a_row_max) return Problem{"errors", fmt::format("A row has at most {} errors.", errors_a_row_max)};
  for (std::size_t i = 0; i < said.errors.size(); ++i) {
    const std::string field = "errors." + std::to_string(i) + ".";
    if (said.errors[i].cents <= 0 || said.errors[i].cents > error_cents_max)
      return Problem{field + "amount", "An error's amount is more than 0; its direction is said apart."};
    if (trimmed(said.errors[i].cause).empty()) return Problem{field + "cause", "Say the cause of the error."};
    if (const auto problem = text_problem(said.errors[i].cause, cause_bytes_max))
      return Problem{field + "cause", "The cause " + *problem + "."};
  }
  if (said.note.empty()) return std::nullopt;
  if (const auto problem = text_problem(said.note, note_bytes_max)) return Problem{"note", "The note " + *problem + "."};
  return std::nullopt;
}

Problem not_there(const std::string& sample_id) { return {"", "There is no sample " + sample_id + "."}; }

void put(Transaction& tx, const Sample& sample, const Finding& one) {
  tx.session().run(
      "insert into findings (sample, row, version, errors, note, found_by, found_at) values (:sample, :row, :version, :errors, :note, :by, "
      ":at)",
      {sample.number, one.row, one.version, json::serialize(stored(one.errors)), one.note, one.by, to_ms(one.at)});
}

bool says_the_same(const Finding& before, const FindingSaid& said) {
  return before.note == said.note && std::ranges::equal(before.errors, said.errors, [](const ItemError& a, const ItemError& b) {
           return a.cents == b.cents && a.direction == b.direction && a.cause == b.cause;
         });
}

}  // namespace

std::vector<Finding> findings_of(Session& session, const Sample& sample) {
  return findings_where(session,
                        "sample = :sample and version = (select max(version) from findings l where l.sample = f.sample and l.row = f.row)",
                        {sample.number});
}

std::vector<Finding> finding_versions(Session& session, const Sample& sample, std::int64_t row) {
  return findings_where(session, "sample = :sample and row = :row", {sample.number, row});
}

std::variant<Finding, Problem> record_finding(Database& database, const FindingSaid& said, Instant now) {
  if (auto problem = said_badly(said)) return *problem;
  return database.write([&](Transaction& tx) -> std::variant<Finding, Problem> {
    const auto sample = find_sample(tx, said.sample_id);
    if (!sample) return not_there(said.sample_id);
    if (auto closed = closed_case_problem(tx, sample->case_id)) return Problem{"", std::move(*closed)};
    const auto list = sample_record(tx, *sample, sample->last_draw().number).list;
    if (!std::ranges::binary_search(list, said.row)) return Problem{"", fmt::format("Row {} is not in the sample.", said.row)};
    const auto before = finding_versions(tx, *sample, said.row);
    const Number version = std::ssize(before);
    if (!before.empty() && says_the_same(before.back(), said)) return before.back();
    if (version != said.seen) return Problem{"", "Somebody else has recorded this row meanwhile: read it again."};
    Finding one{said.row, version + 1, said.errors, said.note, said.by, now};
    put(tx, *sample, one);
    record_line(tx, "finding", "record", said.by, now,
                {{"sample", sample->id}, {"row", one.row}, {"version", one.version}, {"errors", stored(one.errors)}, {"note", one.note}});
    return one;
  });
}

std::variant<std::int64_t, Problem> record_rest_without_error(Database& database, const std::string& sample_id, const std::string& by,
                                                              Instant now) {
  return database.write([&](Transaction& tx) -> std::variant<Number, Problem> {
    const auto sample = find_sample(tx, sample_id);
    if (!sample) return not_there(sample_id);
    if (auto closed = closed_case_problem(tx, sample->case_id)) return Problem{"", std::move(*closed)};
    std::vector<Number> rows = sample_record(tx, *sample, sample->last_draw().number).list;
    for (const Finding& one : findings_of(tx, *sample)) std::erase(rows, one.row);
    if (rows.empty()) return Number{0};
    for (const Number row : rows) put(tx, *sample, {row, 1, {}, "", by, now});
    record_line(tx, "finding", "rest_without_error", by, now, {{"sample", sample->id}, {"rows", json::value_from(rows)}});
    return std::ssize(rows);
  });
}

}  // namespace tradecase
