// Populations on file. One is made for a case, previewed, tied out to a control total, and frozen: from then on its rows stand in the
// database as they are, known by the hash over their canonical bytes (frame.hpp), and nothing changes them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/store/database.hpp"
#include "workflows/sampling/frame.hpp"
#include "workflows/sampling/hints.hpp"
#include "workflows/sampling/population.hpp"

namespace tradecase {

extern const char* const population_tables;

// What the population is to agree with, from elsewhere than the entry lines.
struct ControlTotal {
  std::int64_t value_cents = 0;
  std::optional<std::int64_t> lines;
  std::string source;  // "ACE report ES-001 of 2026-01-12"
  std::string by;      // person id, or "operator"
  Instant at{};
};

struct Frozen {
  FrameTotals totals;
  std::string by;
  Instant at{};
  std::string reason;  // why it was frozen without agreeing with a control total; else empty
};

struct Population {
  std::int64_t number = 0;
  std::string id;  // POP-000001
  std::string case_id, company;
  Scope scope;
  std::string strata;  // see stratum_of()
  std::string created_by;
  Instant created_at{};
  // {at, on_file, lines, entries, ordinals, zero_lines, value_cents, duty_cents, duplicates, strata: [{label, lines, value_cents}],
  //  strata_more, hints: [{rule, title, says, mark, source, lines}]}
  json::object preview;
  std::optional<ControlTotal> control;
  std::optional<Frozen> frozen;
};

std::string population_id(std::int64_t number);
std::optional<Population> find_population(Session& session, std::string_view id);      // POP-000001, or 1
std::vector<Population> find_populations(Session& session, std::string_view case_id);  // of a case, or all where empty; newest first

// Why nothing is added to a case's populations, samples and findings any more: the sentence once the case is closed, or where there is no
// such case.
std::optional<std::string> closed_case_problem(Session& session, std::string_view case_id);

std::int64_t count_entry_rows(Session& session, std::string_view company);  // entry lines on file, by ordinal

// Called now and then with the rows done; what it throws ends the work, and nothing of it stands.
using OnProgress = std::function<void(std::int64_t rows)>;

struct PopulationAsked {
  std::string case_id;
  Scope scope;
  std::string strata;
  std::string by;
};

// A sentence where it is refused: the case is no audit or survey or is closed, the scope says something impossible, nothing is in it.
std::variant<Population, std::string> create_population(Database& database, const HintRules& rules, const PopulationAsked& asked,
                                                        Instant now, const OnProgress& progress = {});

// Counts anew, and looks for hints anew: entry lines may have come in since.
std::variant<Population, std::string> preview_population(Database& database, const HintRules& rules, std::string_view id, Instant now,
                                                         const OnProgress& progress = {});

std::variant<Population, std::string> tie_out(Database& database, std::string_view id, const ControlTotal& control);

// Value and lines by which the population exceeds its control total (below zero: falls short).
struct Difference {
  std::int64_t value_cents = 0;
  std::optional<std::int64_t> lines;
  bool agrees() const { return value_cents == 0 && lines.value_or(0) == 0; }
};
std::optional<Difference> difference_of(const Population& population);

// Refused, with the sentence: frozen already; the case is closed; the lines have changed since the preview; it does not agree with a
// control total and no reason is given. Rows are written in short commits and count only with the last; repeating it after a break begins
// anew.
std::variant<Population, std::string> freeze_population(Database& database, std::string_view id, const std::string& by,
                                                        const std::string& reason, Instant now, const OnProgress& progress = {});

// The rows of a frozen population in frame order; none where it is not frozen.
void each_frame_row(Session& session, std::string_view id, const std::function<void(const FrameRow&)>& on_row);
FrameRow population_row(Session& session, std::string_view id, std::int64_t row);                          // which it must have
std::int64_t row_of_line(Session& session, std::string_view id, std::string_view entry_number, int line);  // 0: it has none

// What is wrong with a frozen population: its rows do not give its hash, or the record says another one. Empty: nothing.
std::string population_problem(Session& session, const Population& population);

struct StoredHint {
  std::string rule, entry_number, why;
  std::int64_t line = 0;
};
constexpr std::int64_t hints_kept_max = 10000;  // of each rule; all are counted
std::vector<StoredHint> hints_of(Session& session, std::int64_t population, std::string_view rule, std::int64_t limit, std::int64_t offset);

}  // namespace tradecase
