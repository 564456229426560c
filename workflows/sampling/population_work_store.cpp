// Making a population: looking through the entry lines, tying it out, freezing it.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "engine/store/store.hpp"
#include "workflows/entries/entry_store.hpp"
#include "workflows/sampling/population_store.hpp"

namespace tradecase {
namespace {

using Text = std::string;
using Number = std::int64_t;
using MaybeNumber = std::optional<std::int64_t>;

constexpr std::int64_t batch_rows = 4000;  // of one commit: a few hundredths of a second
constexpr std::int64_t progress_rows = 4096;
constexpr std::size_t strata_told_max = 200;
constexpr char frozen_already[] = "The population is frozen and never changes. A new one may be made beside it.";

json::object stored(const ControlTotal& control) {
  json::object all{{"value_cents", control.value_cents}, {"source", control.source}, {"by", control.by}, {"at", to_ms(control.at)}};
  if (control.lines) all["lines"] = *control.lines;
  return all;
}

struct Refused {
  std::string sentence;
};

struct Passed {
  std::int64_t on_file = 0, lines = 0;  // entry lines of the company, and those in scope
};

// The lines in scope, in frame order, each with its stratum.
Passed each_population_line(Session& session, const std::string& company, const Scope& scope, const std::string& strata,
                            const std::function<void(PopulationLine&)>& on_line, const OnProgress& progress) {
  Passed passed;
  Folding folding([&](PopulationLine& line) {
    if (++passed.on_file % progress_rows == 0 && progress) progress(passed.on_file);
    if (!in_scope(scope, line)) return;
    ++passed.lines;
    line.row.stratum = stratum_of(strata, line);
    on_line(line);
  });
  session.each<Text, Number, Number, Text, std::optional<Text>, std::optional<Text>, Text, Text, Number, MaybeNumber, Text>(
      "select entry_number, line, ordinal, importer_number, entry_date, summary_date, hts, country_of_origin, value_cents, duty_cents, "
      "detail from entry_lines where company = :company order by entry_number, line, ordinal",
      {company},
      [&](Text entry, Number line, Number ordinal, Text importer, std::optional<Text> entry_date, std::optional<Text> summary_date,
          Text hts, Text origin, Number value, MaybeNumber duty, Text detail) {
        EntryLine row;
        row.entry_number = std::move(entry);
        row.line = static_cast<int>(line);
        row.ordinal = static_cast<int>(ordinal);
        row.importer_number = std::move(importer);
        row.entry_date = stored_date_or_none(entry_date);
        row.summary_date = stored_date_or_none(summary_date);
        row.hts = std::move(hts);
        row.country_of_origin = std::move(origin);
        row.value_cents = value;
        row.duty_cents = duty;
        take_detail(row, detail);
        folding.add(std::move(row));
      });
  folding.finish();
  return passed;
}

struct Counted {
  std::int64_t lines = 0, value_cents = 0;
};

struct Counts {
  std::int64_t entries = 0, ordinals = 0, zero_lines = 0, value_cents = 0, duty_cents = 0;
  std::map<std::string, Counted> strata;
  std::string last_entry;

  void add(const PopulationLine& line) {
    if (last_entry != line.row.entry_number) {
      ++entries;
      last_entry = line.row.entry_number;
    }
    ordinals += line.ordinals;
    zero_lines += line.row.value_cents == 0 ? 1 : 0;
    value_cents += line.row.value_cents;
    duty_cents += line.row.duty_cents.value_or(0);
    Counted& stratum = strata[line.row.stratum];
    ++stratum.lines;
    stratum.value_cents += line.row.value_cents;
  }
};

struct Looked {
  json::object preview;
  std::vector<Hint> hints;  // at most hints_kept_max of each rule
};

json::array stratum_rows(const std::map<std::string, Counted>& strata) {
  json::array all;
  for (const auto& [label, counted] : strata) {
    if (all.size() == strata_told_max) break;
    all.push_back(json::object{{"label", label}, {"lines", counted.lines}, {"value_cents", counted.value_cents}});
  }
  return all;
}

// Two passes: the first counts and learns what is usual, the second names what is not.
Looked look_at(Session& session, const HintRules& rules, const std::string& company, const Scope& scope, const std::string& strata,
               Instant now, const OnProgress& progress) {
  Looked looked;
  Counts counts;
  HintFinder finder(rules);
  const Passed passed = each_population_line(
      session, company, scope, strata,
      [&](PopulationLine& line) {
        counts.add(line);
        finder.see(line);
      },
      progress);
  std::map<std::string, std::int64_t> found;
  const auto keep = [&](Hint&& hint) {
    if (++found[hint.rule] <= hints_kept_max) looked.hints.push_back(std::move(hint));
  };
  each_population_line(
      session, company, scope, "", [&](PopulationLine& line) { finder.judge(line, keep); },
      [&](std::int64_t rows) {
        if (progress) progress(passed.on_file + rows);
      });
  json::array hints;
  for (const HintRule& rule : rules.rules)
    hints.push_back(json::object{{"rule", rule.id},
                                 {"title", rule.title},
                                 {"says", rule.rule},
                                 {"mark", word(rule.mark)},
                                 {"source", rule.source},
                                 {"lines", found[rule.id]}});
  looked.preview = {{"at", to_text(now)},
                    {"on_file", passed.on_file},
                    {"lines", passed.lines},
                    {"entries", counts.entries},
                    {"ordinals", counts.ordinals},
                    {"zero_lines", counts.zero_lines},
                    {"value_cents", counts.value_cents},
                    {"duty_cents", counts.duty_cents},
                    {"duplicates", found["duplicate"]},
                    {"strata", stratum_rows(counts.strata)},
                    {"strata_more", static_cast<std::int64_t>(counts.strata.size() - std::min(counts.strata.size(), strata_told_max))},
                    {"hints", std::move(hints)}};
  return looked;
}

void save_hints(Transaction& tx, std::int64_t population, const std::vector<Hint>& hints) {
  tx.session().run("delete from population_hints where population = :population", {population});
  for (const Hint& hint : hints)
    tx.session().run(
        "insert into population_hints (population, rule, entry_number, line, why) values (:population, :rule, :entry, :line, :why)",
        {population, hint.rule, hint.entry_number, hint.line, hint.why});
}

void insert_rows(Transaction& tx, std::int64_t population, std::int64_t first, const std::vector<FrameRow>& rows) {
  for (const FrameRow& row : rows)
    tx.session().run(
        "insert into population_rows (population, row, entry_number, line, importer_number, entry_date, summary_date, entry_type, "
        "port_of_entry, hts, other_hts, country_of_origin, country_of_export, manufacturer_id, spi, duty_cents, stratum, value_cents) "
        "values "
        "(:population, :row, :entry, :line, :importer, :entry_date, :summary_date, :type, :port, :hts, :others, :origin, :export, :maker, "
        ":spi, :duty, :stratum, :value)",
        {population, first++, row.entry_number, row.line, row.importer_number, row.entry_date, row.summary_date, row.entry_type,
         row.port_of_entry, row.hts, row.other_hts, row.country_of_origin, row.country_of_export, row.manufacturer_id, row.spi,
         row.duty_cents, row.stratum, row.value_cents});
}

void delete_rows(Database& database, std::int64_t population) {
  for (std::int64_t deleted = 1; deleted > 0;)
    deleted = database.write([&](Transaction& tx) {
      return tx.session().run(
          "delete from population_rows where population = :population and row in (select row from population_rows where population = "
          ":the_same order by row limit :most)",
          {population, population, batch_rows});
    });
}

// Found again after a change.
Population again(Database& database, std::string_view id) {
  return database.read([&](Session& session) { return find_population(session, id).value(); });
}

std::string not_there(std::string_view id) { return "There is no population " + std::string(id) + "."; }

std::optional<std::string> problem_of(Session& session, const std::optional<Case>& on, const PopulationAsked& asked) {
  if (!on) return "There is no case " + asked.case_id + ".";
  if (on->workflow != "audit" && on->workflow != "risk_survey")
    return "A population belongs to an audit or a risk survey; this is neither.";
  if (auto problem = closed_case_problem(session, asked.case_id)) return problem;
  if (auto problem = scope_problem(asked.scope)) return problem;
  return strata_problem(asked.strata);
}

}  // namespace

std::variant<Population, std::string> create_population(Database& database, const HintRules& rules, const PopulationAsked& asked,
                                                        Instant now, const OnProgress& progress) {
  std::optional<Case> on;
  const auto problem = database.read([&](Session& session) {
    on = find_case(session, asked.case_id);
    return problem_of(session, on, asked);
  });
  if (problem) return *problem;
  const Looked looked =
      database.read([&](Session& session) { return look_at(session, rules, on->company, asked.scope, asked.strata, now, progress); });
  if (looked.preview.at("lines").as_int64() == 0)
    return fmt::format("None of the {} entry lines on file for {} is in this scope.", looked.preview.at("on_file").as_int64(), on->company);
  const std::string scope = json::serialize(to_json(asked.scope)), preview = json::serialize(looked.preview);
  const auto id = database.write([&](Transaction& tx) -> std::variant<std::string, Refused> {
    if (auto closed = closed_case_problem(tx, asked.case_id)) return Refused{std::move(*closed)};
    tx.session().run(
        "insert into populations (case_id, company, scope, strata, created_by, created_at, preview) values (:case_id, :company, :scope, "
        ":strata, :by, :at, :preview)",
        {asked.case_id, on->company, scope, asked.strata, asked.by, to_ms(now), preview});
    const std::int64_t number = tx.session().last_id();
    save_hints(tx, number, looked.hints);
    record_line(tx, "population", "create", asked.by, now,
                {{"population", population_id(number)}, {"case", asked.case_id}, {"scope", scope}});
    return population_id(number);
  });
  if (const auto* refused = std::get_if<Refused>(&id)) return refused->sentence;
  return again(database, std::get<std::string>(id));
}

std::variant<Population, std::string> preview_population(Database& database, const HintRules& rules, std::string_view id, Instant now,
                                                         const OnProgress& progress) {
  const auto found = database.read([&](Session& session) { return find_population(session, id); });
  if (!found) return not_there(id);
  if (found->frozen) return *found;
  const Looked looked =
      database.read([&](Session& session) { return look_at(session, rules, found->company, found->scope, found->strata, now, progress); });
  const std::string preview = json::serialize(looked.preview);
  const auto closed = database.write([&](Transaction& tx) {
    auto problem = closed_case_problem(tx, found->case_id);
    if (problem) return problem;
    tx.session().run("update populations set preview = :preview where number = :number", {preview, found->number});
    save_hints(tx, found->number, looked.hints);
    return problem;
  });
  if (closed) return *closed;
  return again(database, id);
}

std::variant<Population, std::string> tie_out(Database& database, std::string_view id, const ControlTotal& control) {
  const auto found = database.read([&](Session& session) { return find_population(session, id); });
  if (!found) return not_there(id);
  if (found->frozen) return std::string(frozen_already);
  if (control.source.empty()) return std::string("Say where the control total comes from.");
  const json::object kept = stored(control);
  const std::string text = json::serialize(kept);
  const auto closed = database.write([&](Transaction& tx) {
    auto problem = closed_case_problem(tx, found->case_id);
    if (problem) return problem;
    tx.session().run("update populations set control = :control where number = :number", {text, found->number});
    record_line(tx, "population", "tie_out", control.by, control.at, {{"population", found->id}, {"control", kept}});
    return problem;
  });
  if (closed) return *closed;
  return again(database, id);
}

namespace {

// The rows go out in batches while they are read; a reader's view of the lines stays as it was when it began.
FrameTotals write_rows(Database& database, const Population& of, const OnProgress& progress) {
  FrameWriter writer;
  std::vector<FrameRow> batch;
  std::int64_t written = 0;
  const auto pass_on = [&] {
    database.write([&](Transaction& tx) { insert_rows(tx, of.number, written + 1, batch); });
    written += static_cast<std::int64_t>(batch.size());
    batch.clear();
  };
  database.read([&](Session& session) {
    each_population_line(
        session, of.company, of.scope, of.strata,
        [&](PopulationLine& line) {
          writer.add(line.row);
          batch.push_back(std::move(line.row));
          if (std::ssize(batch) == batch_rows) pass_on();
        },
        progress);
  });
  if (!batch.empty()) pass_on();
  return writer.finish();
}

std::optional<std::string> not_yet(const Population& population, const std::string& reason) {
  if (population.frozen) return frozen_already;
  const auto difference = difference_of(population);
  if (!reason.empty() || (difference && difference->agrees())) return std::nullopt;
  if (!difference) return "The population is not tied out to a control total. Tie it out, or say why it is frozen without one.";
  return "The population does not agree with its control total. Mend the entry lines or the scope, or say why it is frozen with a "
         "difference.";
}

}  // namespace

std::variant<Population, std::string> freeze_population(Database& database, std::string_view id, const std::string& by,
                                                        const std::string& reason, Instant now, const OnProgress& progress) {
  const auto found = database.read([&](Session& session) { return find_population(session, id); });
  if (!found) return not_there(id);
  if (auto problem = not_yet(*found, reason)) return *problem;
  if (auto closed = database.read([&](Session& session) { return closed_case_problem(session, found->case_id); })) return *closed;
  FrameTotals totals;
  try {
    delete_rows(database, found->number);
    totals = write_rows(database, *found, progress);
  } catch (const ConstraintFailure&) {
    return std::string("Somebody else is freezing this population.");
  }
  if (totals.rows != found->preview.at("lines").as_int64() || totals.value_cents != found->preview.at("value_cents").as_int64()) {
    delete_rows(database, found->number);
    return std::string("The entry lines have changed since the preview. Look at the preview again before freezing.");
  }
  const auto refused = database.write([&](Transaction& tx) -> std::optional<std::string> {
    if (auto closed = closed_case_problem(tx, found->case_id)) return closed;
    const auto changed = tx.session().run(
        "update populations set rows = :rows, value_cents = :value, sha256 = :hash, frozen_by = :by, frozen_at = :at, frozen_reason = "
        ":reason where number = :number and frozen_at is null and (select count(*) from population_rows where population = :the_same) = "
        ":rows_too",
        {totals.rows, totals.value_cents, totals.sha256, by, to_ms(now), reason, found->number, found->number, totals.rows});
    if (changed == 0) return "Somebody else is freezing this population.";
    record_line(tx, "population", "freeze", by, now,
                {{"population", found->id},
                 {"case", found->case_id},
                 {"rows", totals.rows},
                 {"value_cents", totals.value_cents},
                 {"sha256", totals.sha256},
                 {"reason", reason}});
    return std::nullopt;
  });
  if (refused) return *refused;
  return again(database, id);
}

}  // namespace tradecase
