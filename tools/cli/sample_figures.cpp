// sample size|project: figures with their formula, source and what stood in between
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iostream>
#include <map>

#include "adapters/ace/columns.hpp"
#include "adapters/ace/csv.hpp"
#include "adapters/ace/customs_fields.hpp"
#include "tools/cli/sample_json.hpp"
#include "tools/cli/sample_parts.hpp"
#include "tools/cli/shell.hpp"
#include "workflows/sampling/projection.hpp"
#include "workflows/sampling/sample_review.hpp"
#include "workflows/sampling/sample_store.hpp"
#include "workflows/sampling/size.hpp"

namespace tradecase {
namespace {

void print_reckoning(const Reckoning& reckoning) {
  std::cout << "  formula: " << reckoning.formula << "\n  source: " << reckoning.source << "\n";
  for (const auto* lines : {&reckoning.inputs, &reckoning.steps})
    for (const ReckoningLine& line : *lines) std::cout << "  " << line.name << ": " << line.value << "\n";
  for (const std::string& note : reckoning.notes) std::cout << "  note: " << note << "\n";
}

struct SizeOptions {
  std::string tolerable, expected, risk, book;
};

int attribute_size_verb(const Shell& shell, const SizeOptions& options) {
  const auto result = attribute_size(rate_or_stop("--tolerable", options.tolerable), rate_or_stop("--expected", options.expected),
                                     rate_or_stop("--risk", options.risk));
  if (const auto* fault = std::get_if<SamplingFault>(&result)) stop(RefusalCode::invalid, fault->reason);
  const auto& size = std::get<AttributeSize>(result);
  if (shell.as_json) {
    json::object answer = reckoning_object(size.reckoning);
    answer["n"] = size.n;
    answer["deviations"] = size.deviations;
    shell.print(answer);
    return 0;
  }
  std::cout << size.n << " rows; the rate holds with up to " << size.deviations << " of them in error\n";
  print_reckoning(size.reckoning);
  return 0;
}

int monetary_size_verb(const Shell& shell, const SizeOptions& options) {
  const auto result = monetary_size(dollars_or_stop("--book", options.book), dollars_or_stop("--tolerable", options.tolerable),
                                    dollars_or_stop("--expected", options.expected), rate_or_stop("--risk", options.risk));
  if (const auto* fault = std::get_if<SamplingFault>(&result)) stop(RefusalCode::invalid, fault->reason);
  const auto& size = std::get<MonetarySize>(result);
  if (shell.as_json) {
    json::object answer = reckoning_object(size.reckoning);
    answer["n"] = size.n;
    answer["interval_cents"] = size.interval_cents;
    answer["factor"] = size.factor;
    shell.print(answer);
    return 0;
  }
  std::cout << size.n << " hits, one every " << shown_money(size.interval_cents) << "\n";
  print_reckoning(size.reckoning);
  return 0;
}

struct ProjectOptions {
  std::string id, errors, estimator = "difference", confidence = "95%";
};

// The file's errors by row of the population.
std::map<std::int64_t, std::vector<ItemError>> errors_or_stop(const std::string& file) {
  static const std::array<ColumnName, 4> layout{ColumnName{"row", true}, ColumnName{"amount", true}, ColumnName{"direction", true},
                                                ColumnName{"cause", true}};
  std::ifstream in(file, std::ios::binary);
  if (!in) stop(RefusalCode::invalid, "The file " + file + " cannot be read.");
  csv::Reader reader(in);
  csv::Row row;
  std::map<std::int64_t, std::vector<ItemError>> all;
  std::vector<LineError> faults;
  if (!reader.next(row)) stop(RefusalCode::invalid, "The file " + file + " is empty.");
  faults = header_faults(row);
  const Header header = find_columns(row, layout);
  faults.insert(faults.end(), header.errors.begin(), header.errors.end());
  while (faults.empty() && reader.next(row)) {
    if (row.fault) {
      faults.push_back(line_error(row, *row.fault, header, layout));
      continue;
    }
    Fields fields(row, header, layout);
    int number = 0;
    ItemError error;
    std::string direction;
    fields.take(0, number, [](std::string_view text) { return take_count(text, 100'000'000); });
    fields.take(1, error.cents, [](std::string_view text) { return take_cents(text); });
    fields.take(2, direction, [](std::string_view text) { return take_word(text, {"overstated", "understated"}); });
    fields.take(3, error.cause, take_name);
    error.direction = direction == "overstated" ? ErrorDirection::overstated : ErrorDirection::understated;
    faults = fields.errors();
    all[number].push_back(std::move(error));
  }
  if (!faults.empty()) {
    const LineError& first = faults.front();
    stop(RefusalCode::invalid,
         fmt::format("{}, line {}{}{}: {}", file, first.line, first.field.empty() ? "" : ", ", first.field, first.reason));
  }
  return all;
}

template <class Given>
Given given_or_stop(std::variant<Given, SamplingFault> answer) {
  if (const auto* fault = std::get_if<SamplingFault>(&answer)) stop(RefusalCode::guard, fault->reason);
  return std::get<Given>(std::move(answer));
}

void print_projection(std::string_view name, const Projection& one) {
  std::cout << name << ": " << shown_money(one.point_cents);
  if (one.low_cents) std::cout << ", between " << shown_money(*one.low_cents) << " and " << shown_money(one.high_cents) << "\n";
  if (!one.low_cents) std::cout << ", at most " << shown_money(one.high_cents) << "\n";
  print_reckoning(one.reckoning);
}

int project_verb(Shell& shell, const ProjectOptions& options) {
  const Sample sample = sample_or_stop(shell, options.id);
  auto errors = errors_or_stop(options.errors);
  const Rate confidence = rate_or_stop("--confidence", options.confidence);
  const auto estimator = estimator_named(options.estimator);
  if (!estimator) stop(RefusalCode::invalid, "--estimator is mean-per-unit, difference or ratio.");
  return shell.site().database().read([&](Session& session) {
    const SampleRecord record = sample_record(session, sample, sample.last_draw().number);
    const auto items = given_or_stop(reviewed_items(session, sample, record, std::move(errors)));
    const auto projected = given_or_stop(project_sample(session, sample, record, items, *estimator, confidence));
    const auto totals = totals_by_cause(items);
    json::object answer{{"sample", sample.id}, {"items", items.size()}, {"causes", cause_list(totals)}};
    for (const CauseTotal& total : totals)
      if (!shell.as_json)
        std::cout << total.cause << ": " << total.items << " rows, overstated " << shown_money(total.overstated_cents) << ", understated "
                  << shown_money(total.understated_cents) << " in the sample\n";
    for (const auto& [side, figures] : projected) {
      if (!shell.as_json) print_projection(name_of(side), figures);
      answer[name_of(side)] = projection_object(figures);
    }
    if (shell.as_json) shell.print(answer);
    return 0;
  });
}

}  // namespace

void add_sample_figures(CLI::App& sample, Shell& shell, Action& action) {
  auto* size = sample.add_subcommand("size", "how large a sample must be")->require_subcommand(1);
  for (const bool money : {false, true}) {
    auto options = std::make_shared<SizeOptions>();
    auto* verb =
        size->add_subcommand(money ? "mus" : "attribute", money ? "of monetary units, for an amount" : "of rows, for a rate of errors")
            ->footer(money ? "Example:\n  tradecase sample size mus --book 13500000 --tolerable 675000 --expected 135000 --risk 5%"
                           : "Example:\n  tradecase sample size attribute --tolerable 5% --expected 1% --risk 5%");
    if (money) verb->add_option("--book", options->book, "book value in dollars")->required();
    verb->add_option("--tolerable", options->tolerable,
                     money ? "misstatement that can be tolerated, in dollars" : "rate that can be tolerated")
        ->required();
    verb->add_option("--expected", options->expected, money ? "misstatement expected, in dollars" : "rate expected")->required();
    verb->add_option("--risk", options->risk, "of taking a bad population for a good one")->required();
    verb->callback([&shell, &action, options, money] {
      action = [&shell, options, money] { return money ? monetary_size_verb(shell, *options) : attribute_size_verb(shell, *options); };
    });
  }
  auto options = std::make_shared<ProjectOptions>();
  auto* project =
      sample.add_subcommand("project", "from the errors in a sample to the population")
          ->footer(
              "Example:\n  tradecase sample project SMP-000001 --errors errors.csv --estimator ratio --db my.db\n"
              "errors.csv: row,amount,direction,cause; direction is overstated or understated; rows without error are left out");
  project->add_option("sample", options->id, "its id")->required();
  project->add_option("--errors", options->errors, "CSV file of the errors found")->required();
  project->add_option("--estimator", options->estimator, "mean-per-unit, difference or ratio; monetary units have Stringer's bound")
      ->capture_default_str();
  project->add_option("--confidence", options->confidence, "of the bounds")->capture_default_str();
  project->callback([&shell, &action, options] { action = [&shell, options] { return project_verb(shell, *options); }; });
}

}  // namespace tradecase
