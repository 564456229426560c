// sample draw|more|add|drop|list|show|export|verify; size and project stand in sample_figures.cpp
#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "adapters/ace/customs_fields.hpp"
#include "tools/cli/sample_json.hpp"
#include "tools/cli/sample_parts.hpp"
#include "tools/cli/shell.hpp"
#include "workflows/sampling/bundle.hpp"
#include "workflows/sampling/sample_store.hpp"

namespace tradecase {

Sample sample_or_stop(Shell& shell, const std::string& id) {
  auto found = shell.site().database().read([&](Session& session) { return find_sample(session, id); });
  if (!found) stop(RefusalCode::not_found, "There is no sample " + id + ".");
  return std::move(*found);
}

std::int64_t dollars_or_stop(const std::string& option, const std::string& text) {
  const auto taken = take_cents(text);
  if (const auto* wrong = std::get_if<Wrong>(&taken)) stop(RefusalCode::invalid, option + ", \"" + text + "\": " + wrong->reason);
  return std::get<std::int64_t>(taken);
}

Rate rate_or_stop(const std::string& option, const std::string& text) {
  const auto taken = take_rate(text, option);
  if (const auto* fault = std::get_if<SamplingFault>(&taken)) stop(RefusalCode::invalid, fault->reason);
  return std::get<Rate>(taken);
}

namespace {

struct SampleOptions {
  std::string id, as, method = "simple", interval, allocation = "proportional", seed, how, reason, to;
  std::int64_t n = 0, least = 2, row = 0, draw = 0;
};

std::string sampler_of(Shell& shell, const SampleOptions& options) {
  if (options.as.empty()) return "operator";
  const Person person = shell.person(options.as);
  const auto grants = shell.site().database().read([&](Session& session) { return grants_of(session, person.id); });
  const bool fits = std::ranges::any_of(
      grants, [](const Grant& grant) { return grant.company.empty() && (grant.role == "compliance" || grant.role == "auditor"); });
  if (!fits) stop(RefusalCode::forbidden, "Samples are the work of compliance staff and auditors.");
  return person.id;
}

SampleParameters parameters_of(const SampleOptions& options) {
  const auto method = sample_method(options.method);
  if (!method) stop(RefusalCode::invalid, "--method is simple, systematic, stratified, mus-interval or mus-cell.");
  const auto allocation = allocation_named(options.allocation);
  if (!allocation) stop(RefusalCode::invalid, "--allocation is proportional or neyman.");
  SampleParameters parameters;
  parameters.method = *method;
  if (by_money(*method)) {
    if (options.n != 0) stop(RefusalCode::invalid, "A monetary unit sample has an --interval, not a number of rows.");
    if (options.interval.empty()) stop(RefusalCode::invalid, "Say the interval in dollars: --interval 25000.");
    parameters.interval_cents = dollars_or_stop("--interval", options.interval);
    return parameters;
  }
  if (!options.interval.empty()) stop(RefusalCode::invalid, "An --interval is for monetary unit samples; say how many rows: --n 60.");
  parameters.n = options.n;
  parameters.allocation = *allocation;
  parameters.min_per_stratum = options.least;
  return parameters;
}

std::string method_said(const SampleParameters& parameters) {
  if (by_money(parameters.method))
    return fmt::format("{}, interval {}", name_of(parameters.method), shown_money(parameters.interval_cents));
  if (parameters.method == SampleMethod::stratified)
    return fmt::format("{} ({}, at least {} a stratum), n {}", name_of(parameters.method), name_of(parameters.allocation),
                       parameters.min_per_stratum, parameters.n);
  return fmt::format("{}, n {}", name_of(parameters.method), parameters.n);
}

void print_sample(const Sample& sample, const SampleRecord& record, const std::vector<ShownRow>& rows, std::size_t outside) {
  std::cout << sample.id << " of " << sample.population_id << ", " << sample.case_id << "\nseed \"" << sample.seed << "\" ("
            << sample.seed_how << "), entered " << to_text(sample.seed_at) << " by " << sample.seed_by << "\n";
  for (const DrawOnRecord& one : sample.draws)
    std::cout << "draw " << one.number << ": " << method_said(one.parameters) << ", " << one.rows << " rows, " << to_text(one.at) << " by "
              << one.by << (one.reason.empty() ? "" : ": " + one.reason) << "\n";
  for (const ManualChange& one : record.manual)
    std::cout << (one.add ? "added" : "dropped") << " by hand: row " << one.row << ", " << one.at << " by " << one.by << ": " << one.reason
              << "\n";
  if (outside > 0) std::cout << outside << " rows of the population have a value of 0 or less: no unit can hit them\n";
  std::vector<std::vector<std::string>> table;
  for (const ShownRow& one : rows)
    table.push_back({std::to_string(one.row), one.line.entry_number, std::to_string(one.line.line), one.line.hts, one.line.stratum,
                     shown_money(one.line.value_cents), one.how});
  print_table({"row", "entry", "line", "HTS", "stratum", "value", "how"}, table);
}

int show_sample(Shell& shell, const Sample& sample, std::int64_t draw) {
  if (draw < 0 || draw > std::ssize(sample.draws))
    stop(RefusalCode::not_found, fmt::format("{} has {} draws.", sample.id, sample.draws.size()));
  return shell.site().database().read([&](Session& session) {
    const SampleRecord record = sample_record(session, sample, draw == 0 ? sample.last_draw().number : draw);
    const auto rows = shown_rows(session, sample, record);
    const auto outside = by_money(record.parameters.method) ? rows_outside(session, sample.population_id) : std::vector<std::int64_t>();
    if (!shell.as_json) {
      print_sample(sample, record, rows, outside.size());
      return 0;
    }
    json::object answer = sample_object(sample);
    json::array all;
    for (const ShownRow& one : rows) all.push_back(row_object(one));
    answer["rows"] = std::move(all);
    answer["outside"] = json::value_from(outside);
    answer["bundle"] = json::parse(sample_json(record));
    shell.print(answer);
    return 0;
  });
}

int told(Shell& shell, const std::variant<Sample, std::string>& answer) {
  if (const auto* sentence = std::get_if<std::string>(&answer)) stop(RefusalCode::guard, *sentence);
  return show_sample(shell, std::get<Sample>(answer), 0);
}

int draw_sample_verb(Shell& shell, const SampleOptions& options) {
  Engine& engine = shell.site().engine();
  const std::string by = sampler_of(shell, options);
  const bool there = engine.database().read([&](Session& session) { return find_population(session, options.id).has_value(); });
  if (!there) stop(RefusalCode::not_found, "There is no population " + options.id + ".");
  return told(shell, draw_from(engine.database(), {options.id, parameters_of(options), options.seed, options.how, options.reason, by},
                               engine.now()));
}

int draw_more_verb(Shell& shell, const SampleOptions& options) {
  Engine& engine = shell.site().engine();
  const Sample sample = sample_or_stop(shell, options.id);
  return told(shell, draw_more(engine.database(), sample.id, options.n, options.reason, sampler_of(shell, options), engine.now()));
}

int change_sample(Shell& shell, const SampleOptions& options, bool add) {
  Engine& engine = shell.site().engine();
  const Sample sample = sample_or_stop(shell, options.id);
  return told(shell, change_by_hand(engine.database(), sample.id, {options.row, add, options.reason, sampler_of(shell, options), {}},
                                    engine.now()));
}

int list_samples(Shell& shell, const SampleOptions& options) {
  const auto samples = shell.site().database().read([&](Session& session) { return find_samples(session, options.id); });
  if (shell.as_json) {
    json::array all;
    for (const Sample& sample : samples) all.push_back(sample_object(sample));
    shell.print(all);
    return 0;
  }
  std::vector<std::vector<std::string>> table;
  for (const Sample& sample : samples)
    table.push_back({sample.id, sample.population_id, sample.case_id, method_said(sample.last_draw().parameters),
                     std::to_string(sample.draws.size()), std::to_string(sample.last_draw().rows), to_text(sample.seed_at)});
  print_table({"sample", "population", "case", "method", "draws", "rows", "seed entered"}, table);
  return 0;
}

int export_sample(Shell& shell, const SampleOptions& options) {
  const Sample sample = sample_or_stop(shell, options.id);
  if (options.draw < 0 || options.draw > std::ssize(sample.draws))
    stop(RefusalCode::not_found, fmt::format("{} has {} draws.", sample.id, sample.draws.size()));
  const auto fault = shell.site().database().read([&](Session& session) -> std::optional<SamplingFault> {
    if (const auto changed = changed_since_freeze(session, sample.population_id)) return SamplingFault{*changed + " No bundle is written."};
    const SampleRecord record = sample_record(session, sample, options.draw == 0 ? sample.last_draw().number : options.draw);
    return write_bundle(options.to, record, [&](const auto& sink) { return write_population_rows(session, sample.population_id, sink); });
  });
  if (fault) stop(RefusalCode::guard, fault->reason);
  if (shell.as_json)
    shell.print(json::object{{"sample", sample.id}, {"to", options.to}});
  else
    std::cout << "Wrote " << sample.id << " to " << options.to << ". To draw it again: tools/redraw.py " << options.to << "\n";
  return 0;
}

// 0: the same list; 1: different; 2 where it cannot be read.
int verify_sample(Shell& shell, const SampleOptions& options) {
  const auto result = verify_bundle(options.to);
  if (const auto* fault = std::get_if<SamplingFault>(&result)) stop(RefusalCode::invalid, "The bundle cannot be read. " + fault->reason);
  const auto& differences = std::get<0>(result);
  if (shell.as_json) {
    shell.print(json::object{{"same", differences.empty()}, {"differences", json::value_from(differences)}});
  } else {
    for (const std::string& one : differences) std::cout << one << "\n";
    std::cout << (differences.empty() ? "The same list.\n" : "Different.\n");
  }
  return differences.empty() ? 0 : 1;
}

using SampleVerb = std::function<int(Shell&, const SampleOptions&)>;

// Adds verbs to "sample", each with options of its own.
class SampleVerbs {
 public:
  using Made = std::pair<CLI::App*, std::shared_ptr<SampleOptions>>;
  SampleVerbs(CLI::App& sample, Shell& shell, Action& action) : sample_(sample), shell_(shell), action_(action) {}

  Made add(const char* name, const char* what, const std::string& example, SampleVerb run) {
    auto options = std::make_shared<SampleOptions>();
    auto* verb = sample_.add_subcommand(name, what)->footer("Example:\n  tradecase sample " + example);
    verb->callback([&shell = shell_, &action = action_, options, run = std::move(run)] {
      action = [&shell, options, run] { return run(shell, *options); };
    });
    return {verb, options};
  }
  Made of_sample(const char* name, const char* what, const std::string& example, SampleVerb run) {
    auto made = add(name, what, example, std::move(run));
    made.first->add_option("sample", made.second->id, "its id")->required();
    return made;
  }

 private:
  CLI::App& sample_;
  Shell& shell_;
  Action& action_;
};

void with_reason(const SampleVerbs::Made& made, bool required) {
  made.first->add_option("--reason", made.second->reason, "why")->required(required);
  made.first->add_option("--as", made.second->as, "who does it, by e-mail address");
}

void add_draw_verbs(SampleVerbs& verbs) {
  const auto [draw, options] = verbs.add("draw", "draw from a frozen population",
                                         "draw POP-000001 --n 60 --seed 40171839265530271846 --how \"ten-sided dice, in the meeting\" "
                                         "--as auda@agency.example --db my.db",
                                         draw_sample_verb);
  draw->add_option("population", options->id, "its id")->required();
  draw->add_option("--method", options->method, "simple, systematic, stratified, mus-interval or mus-cell")->capture_default_str();
  draw->add_option("--n", options->n, "how many rows");
  draw->add_option("--interval", options->interval, "monetary units: the interval in dollars");
  draw->add_option("--allocation", options->allocation, "stratified: proportional or neyman")->capture_default_str();
  draw->add_option("--least", options->least, "stratified: the least rows of a stratum")->capture_default_str();
  draw->add_option("--seed", options->seed, "at least 20 random digits, made after the freeze")->required();
  draw->add_option("--how", options->how, "how the seed came about")->required();
  with_reason({draw, options}, false);

  const auto more = verbs.of_sample("more", "go on with a sample by its seed",
                                    "more SMP-000001 --n 80 --reason \"more errors than planned\" --db my.db", draw_more_verb);
  more.first->add_option("--n", more.second->n, "how many rows in all")->required();
  with_reason(more, true);

  for (const bool adds : {true, false}) {
    const auto change = verbs.of_sample(adds ? "add" : "drop", adds ? "add a row by hand" : "drop a row by hand",
                                        adds ? "add SMP-000001 --row 17 --reason \"named in the allegation\" --db my.db"
                                             : "drop SMP-000001 --row 17 --reason \"before a court\" --db my.db",
                                        [adds](Shell& shell, const SampleOptions& asked) { return change_sample(shell, asked, adds); });
    change.first->add_option("--row", change.second->row, "the row of the population")->required();
    with_reason(change, true);
  }
}

void add_bundle_verbs(SampleVerbs& verbs) {
  const auto list = verbs.add("list", "all samples, or a population's", "list --population POP-000001 --db my.db", list_samples);
  list.first->add_option("--population", list.second->id, "of this population alone");
  const auto show = verbs.of_sample(
      "show", "a sample's draws and rows", "show SMP-000001 --db my.db",
      [](Shell& shell, const SampleOptions& asked) { return show_sample(shell, sample_or_stop(shell, asked.id), asked.draw); });
  const auto to = verbs.of_sample("export", "write a bundle: sample.json and population.csv",
                                  "export SMP-000001 --to sample.zip --db my.db", export_sample);
  to.first->add_option("--to", to.second->to, "a folder, or a file that ends in .zip")->required();
  for (const auto& one : {show, to}) one.first->add_option("--draw", one.second->draw, "an earlier draw than the last");
  const auto verify =
      verbs.add("verify", "draw a bundle's sample again: exit 0 the same, 1 different, 2 not readable", "verify sample.zip", verify_sample);
  verify.first->add_option("bundle", verify.second->to, "a folder or a zip")->required();
}

}  // namespace

void add_sample_verbs(CLI::App& app, Shell& shell, Action& action) {
  auto* sample = app.add_subcommand("sample", "samples that a stranger can draw again")->require_subcommand(1);
  SampleVerbs verbs(*sample, shell, action);
  add_draw_verbs(verbs);
  add_bundle_verbs(verbs);
  add_sample_figures(*sample, shell, action);
}

}  // namespace tradecase
