// import members|entries
#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>

#include "adapters/ace/entries.hpp"
#include "adapters/ace/roster.hpp"
#include "adapters/ace/xlsx.hpp"
#include "engine/text.hpp"
#include "tools/cli/entry_import.hpp"
#include "tools/cli/shell.hpp"
#include "workflows/entries/entry_store.hpp"
#include "workflows/roster/roster.hpp"

namespace tradecase {
namespace {

struct Options {
  std::string file, company;
  bool dry_run = false, skip_bad = false;
};

struct Report {
  std::int64_t rows = 0, imported = 0, unchanged = 0, changed = 0, skipped = 0;
  std::vector<LineError> errors;
  json::object more;
  std::vector<std::string> notes;
};

std::ifstream open_or_stop(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in || in.peek() == std::ifstream::traits_type::eof()) {
    if (in.is_open() && in.eof()) stop(RefusalCode::invalid, "The file " + file + " is empty.");
    stop(RefusalCode::invalid, "The file " + file + " cannot be read.");
  }
  return in;
}

int finish(const Shell& shell, const Options& options, Report report) {
  std::ranges::stable_sort(report.errors, {}, &LineError::line);
  const bool nothing = !report.errors.empty() && !options.skip_bad;
  if (nothing) report.imported = report.unchanged = report.changed = 0;
  if (options.skip_bad) report.skipped = distinct_lines(report.errors);
  if (shell.as_json) {
    json::array errors;
    for (const LineError& error : report.errors)
      errors.push_back(json::object{{"line", error.line}, {"field", error.field}, {"value", error.value}, {"reason", error.reason}});
    json::object answer{{"rows", report.rows},        {"imported", report.imported}, {"unchanged", report.unchanged},
                        {"changed", report.changed},  {"skipped", report.skipped},   {"dry_run", options.dry_run},
                        {"errors", std::move(errors)}};
    for (auto& [key, value] : report.more) answer[key] = value;
    shell.print(answer);
  } else {
    for (const LineError& error : report.errors)
      std::cout << "line " << error.line << (error.field.empty() ? "" : ", " + error.field)
                << (error.value.empty() ? "" : " \"" + error.value + "\"") << ": " << error.reason << "\n";
    for (const std::string& note : report.notes) std::cout << note << "\n";
    std::cout << report.rows << " rows: " << report.imported << " imported, " << report.changed << " changed, " << report.unchanged
              << " unchanged, " << report.skipped << " left out, " << report.errors.size() << " errors"
              << (options.dry_run ? " (dry run: nothing was kept)" : "") << ".\n";
    if (nothing) std::cout << "Nothing was imported. Mend the lines above, or leave them out with --skip-bad.\n";
  }
  return nothing ? info(RefusalCode::invalid).exit_code : 0;
}

int import_members(Shell& shell, const Options& options) {
  Engine& engine = shell.site().engine();
  std::ifstream in = open_or_stop(options.file);
  RosterFile roster = read_roster(in, engine.today());
  const bool had_errors = !roster.errors.empty();
  const bool header_bad = std::ranges::any_of(roster.errors, [](const LineError& error) { return error.line == 1; }) && roster.good.empty();
  const RosterMode mode = options.dry_run ? RosterMode::dry_run : options.skip_bad ? RosterMode::skip_bad : RosterMode::all_or_nothing;
  const RosterReport done = import_roster(engine, roster.good, mode, had_errors);
  Report report{roster.rows, done.imported, done.unchanged, done.changed, 0, std::move(roster.errors), {}, {}};
  report.errors.insert(report.errors.end(), done.errors.begin(), done.errors.end());
  json::array changes;
  for (const RosterChange& change : done.changes) {
    changes.push_back(json::object{{"line", change.line}, {"company", change.company}, {"what", json::value_from(change.what)}});
    report.notes.push_back("line " + std::to_string(change.line) + ", " + change.company + ": " + join(change.what, "; "));
  }
  report.more["changes"] = std::move(changes);
  Options effective = options;
  effective.skip_bad = options.skip_bad && !header_bad;  // a file without its needed columns has no good row to keep
  return finish(shell, effective, std::move(report));
}

// Control-C while a file comes in: nothing of it is kept, and the program says so.
struct Interrupted {};
volatile std::sig_atomic_t asked_to_stop = 0;

class StopSignal {
 public:
  StopSignal() : before_(std::signal(SIGINT, [](int) { asked_to_stop = 1; })) { asked_to_stop = 0; }
  ~StopSignal() { std::signal(SIGINT, before_); }
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

 private:
  void (*before_)(int);
};

Owners owners_for(Shell& shell, const std::string& of_company) {
  return shell.site().database().read([&](Session& session) {
    if (!of_company.empty() && !find_company(session, of_company)) stop(RefusalCode::not_found, "There is no company " + of_company + ".");
    return owners_of(session, of_company);
  });
}

struct EntryImport {
  Report report;
  EntryTotals totals;
  EntryDifference difference;
};

// Nothing is kept of a dry run, nor of a file with a bad line unless those are to be left out.
EntryImport bring_entries(Shell& shell, const Options& options, const Owners& owners) {
  const StopSignal stop_signal;
  Engine& engine = shell.site().engine();
  EntryImport done;
  EntryStage stage(engine.database().file());
  EntryReading reading;
  reading.today = engine.today();
  reading.is_importer = [&](std::string_view number) { return owners.contains(std::string(number)); };
  reading.on_error = [&](LineError&& error) { done.report.errors.push_back(std::move(error)); };
  reading.on_row = [&](EntryLine&& line) { stage.add(owners.at(line.importer_number), line); };
  std::optional<Progress> progress;
  done.totals = read_entry_file(options.file, reading, [&](std::int64_t at, std::int64_t size) {
    if (asked_to_stop != 0) throw Interrupted();
    if (!progress) progress.emplace(shell, "read " + options.file, size);
    progress->at(at);
  });
  progress.reset();
  if (asked_to_stop != 0) throw Interrupted();
  const bool bad = !done.report.errors.empty();
  if (options.dry_run || (bad && !options.skip_bad)) {
    done.difference = stage.compare();
    return done;
  }
  done.difference = keep_entries(stage,
                                 {0, options.company, std::filesystem::path(options.file).filename().string(), engine.now(),
                                  done.totals.rows, 0, 0, 0, distinct_lines(done.report.errors), done.report.errors},
                                 "operator");
  return done;
}

void tell_changes(Report& report, const EntryDifference& difference) {
  json::array changes;
  for (const EntryChange& change : difference.changes) {
    changes.push_back(json::object{{"line", change.source_line},
                                   {"company", change.company},
                                   {"entry_number", change.entry_number},
                                   {"entry_line", change.line},
                                   {"ordinal", change.ordinal},
                                   {"what", json::value_from(change.what)}});
    report.notes.push_back("line " + std::to_string(change.source_line) + ", " + change.entry_number + " line " +
                           std::to_string(change.line) + ": " + join(change.what, "; "));
  }
  const auto told = static_cast<std::int64_t>(difference.changes.size());
  if (told < difference.changed) report.notes.push_back("and " + std::to_string(difference.changed - told) + " more changed rows");
  report.more["changes"] = std::move(changes);
}

int import_entries(Shell& shell, const Options& options) {
  const Owners owners = owners_for(shell, options.company);
  open_or_stop(options.file);
  EntryImport done;
  try {
    done = bring_entries(shell, options, owners);
  } catch (const xlsx::Refused& refused) {
    stop(RefusalCode::invalid, std::string(refused.what()) + " Nothing was imported.");
  } catch (const Interrupted&) {
    stop(RefusalCode::guard, "The import was cancelled: nothing was imported. The same command begins anew.");
  }
  Report& report = done.report;
  const EntryTotals& totals = done.totals;
  report.rows = totals.rows;
  report.imported = done.difference.imported;
  report.unchanged = done.difference.unchanged;
  report.changed = done.difference.changed;
  report.more = {{"entries", totals.entries},
                 {"hts_codes", totals.hts_codes},
                 {"value_total", static_cast<double>(totals.value_cents) / 100.0},
                 {"duty_total", static_cast<double>(totals.duty_cents) / 100.0},
                 {"value_total_cents", totals.value_cents},
                 {"duty_total_cents", totals.duty_cents},
                 {"columns_not_read", json::value_from(totals.ignored)}};
  tell_changes(report, done.difference);
  if (!totals.ignored.empty()) report.notes.push_back("columns that nobody asks for: " + join(totals.ignored, ", "));
  Options effective = options;
  effective.skip_bad = options.skip_bad && totals.good > 0;
  return finish(shell, effective, std::move(report));
}

}  // namespace

void add_import_verbs(CLI::App& app, Shell& shell, Action& action) {
  auto* verbs = app.add_subcommand("import", "bring members or entry lines in from a file")->require_subcommand(1);
  const auto add = [&](const char* name, const char* what, const char* example, int (*run)(Shell&, const Options&), bool with_company) {
    auto options = std::make_shared<Options>();
    auto* verb = verbs->add_subcommand(name, what)->footer(example);
    verb->add_option("file", options->file, "a CSV file; entry lines also as a workbook (.xlsx)")->required();
    if (with_company) verb->add_option("--company", options->company, "every importer number must be this company's");
    verb->add_flag("--dry-run", options->dry_run, "say what would happen, keep nothing");
    verb->add_flag("--skip-bad", options->skip_bad, "leave bad rows out instead of importing nothing");
    verb->callback([&shell, &action, options, run] { action = [&shell, options, run] { return run(shell, *options); }; });
  };
  add("members", "the roster: companies, people, membership and the year's annual notification",
      "Example:\n  tradecase import members roster.csv --dry-run --db play.db", import_members, false);
  add("entries", "entry lines (ACE report ES-003)", "Example:\n  tradecase import entries es003.csv --company acme --db play.db",
      import_entries, true);
}

}  // namespace tradecase
