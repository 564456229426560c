// population create|preview|tie-out|freeze|show|list|hints|verify
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <limits>

#include "engine/text.hpp"
#include "tools/cli/population_desk.hpp"
#include "tools/cli/shell.hpp"
#include "workflows/importer_number.hpp"

namespace tradecase {
namespace {

struct PopulationOptions {
  std::string id, case_id, as, from, to, strata, total, source, reason, rule, min_value, max_value;
  std::vector<std::string> importers, risk_areas, chapters, origins, spi;
  std::int64_t lines = -1, limit = 1000;
};

std::string money(std::int64_t cents) {
  const std::int64_t whole = std::abs(cents);
  std::string digits = std::to_string(whole / 100);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) digits.insert(static_cast<std::size_t>(at), ",");
  return fmt::format("{}${}.{:02}", cents < 0 ? "-" : "", digits, whole % 100);
}

// "1,234.56" and "$1234" in cents.
std::int64_t cents_of(const std::string& option, const std::string& text) {
  std::string digits, decimals;
  bool point = false, fits = true;
  for (const char c : text) {
    if (c >= '0' && c <= '9')
      (point ? decimals : digits) += c;
    else if (c == '.' && !point)
      point = true;
    else
      fits = fits && (c == ',' || c == '$') && !point;
  }
  if (!fits || digits.empty() || digits.size() > 15 || decimals.size() > 2)
    stop(RefusalCode::invalid, option + " is an amount in dollars, like 1234567.89.");
  decimals.resize(2, '0');
  return std::stoll(digits + decimals);
}

std::optional<Date> day_of(const std::string& option, const std::string& text) {
  if (text.empty()) return std::nullopt;
  const auto day = parse_date(text);
  if (!day) stop(RefusalCode::invalid, option + " is a day, like 2025-01-31.");
  return day;
}

std::string actor_of(Shell& shell, const PopulationOptions& options) {
  if (options.as.empty()) return "operator";
  const Person person = shell.person(options.as);
  const bool fits = shell.site().database().read([&](Session& session) {
    for (const Grant& grant : grants_of(session, person.id))
      if (grant.company.empty() && (grant.role == "compliance" || grant.role == "auditor")) return true;
    return false;
  });
  if (!fits) stop(RefusalCode::forbidden, "Populations are the work of compliance staff and auditors.");
  return person.id;
}

HintRules rules_of(Shell& shell) { return load_hint_rules(shell.config().home / hint_rules_file); }

Scope scope_of(Shell& shell, const PopulationOptions& options) {
  Scope scope{day_of("--from", options.from),
              day_of("--to", options.to),
              options.importers,
              options.risk_areas,
              options.chapters,
              options.origins,
              options.spi,
              {},
              {}};
  if (!options.min_value.empty()) scope.min_value_cents = cents_of("--min-value", options.min_value);
  if (!options.max_value.empty()) scope.max_value_cents = cents_of("--max-value", options.max_value);
  const auto& known = shell.site().programme().rules.texts("audit.risk_areas");
  for (const std::string& area : scope.risk_areas)
    if (std::ranges::find(known, area) == known.end())
      stop(RefusalCode::invalid, "There is no risk area \"" + area + "\". There are: " + join(known, ", ") + ".");
  for (const std::string& number : scope.importers)
    if (!is_importer_number(number)) stop(RefusalCode::invalid, "\"" + number + "\" is no importer number.");
  return scope;
}

std::string text_in(const json::value& all, const char* name) { return std::string(all.at(name).as_string()); }
std::int64_t number_in(const json::object& all, const char* name) { return all.at(name).to_number<std::int64_t>(); }

void print_strata(const Population& one) {
  std::vector<std::vector<std::string>> rows;
  for (const json::value& stratum : one.preview.at("strata").as_array()) {
    const json::object& of = stratum.as_object();
    rows.push_back({std::string(of.at("label").as_string()), std::to_string(number_in(of, "lines")), money(number_in(of, "value_cents"))});
  }
  print_table({"stratum", "lines", "value"}, rows);
  if (const auto more = number_in(one.preview, "strata_more"); more > 0) std::cout << "and " << more << " more strata\n";
}

void print_control(const Population& one) {
  const auto difference = difference_of(one);
  if (!difference) {
    std::cout << "control total: none yet\n";
    return;
  }
  std::cout << "control total: " << money(one.control->value_cents) << " (" << one.control->source << "); difference "
            << money(difference->value_cents);
  if (difference->lines) std::cout << ", " << *difference->lines << " lines";
  std::cout << (difference->agrees() ? ": it agrees\n" : "\n");
}

int print_population(Shell& shell, const Population& one) {
  if (shell.as_json) {
    shell.print(population_json(one));
    return 0;
  }
  const auto said = scope_said(one.scope);
  std::cout << one.id << ", " << one.case_id << ", " << one.company << "\nscope: " << (said.empty() ? "all entry lines" : join(said, "; "))
            << "\n"
            << number_in(one.preview, "lines") << " of " << number_in(one.preview, "on_file") << " entry lines, "
            << number_in(one.preview, "entries") << " entries, " << money(number_in(one.preview, "value_cents")) << " (duty "
            << money(number_in(one.preview, "duty_cents")) << "), " << number_in(one.preview, "zero_lines") << " lines without value, "
            << number_in(one.preview, "duplicates") << " that look like another\n";
  print_control(one);
  if (one.frozen)
    std::cout << "frozen " << to_text(one.frozen->at) << " by " << one.frozen->by << ": " << one.frozen->totals.rows << " rows, "
              << money(one.frozen->totals.value_cents) << "\nsha256 " << one.frozen->totals.sha256 << "\n"
              << (one.frozen->reason.empty() ? "" : "reason: " + one.frozen->reason + "\n");
  else
    std::cout << "not frozen\n";
  if (!one.strata.empty()) print_strata(one);
  for (const json::value& hint : one.preview.at("hints").as_array())
    std::cout << number_in(hint.as_object(), "lines") << "\t" << text_in(hint, "title") << " (" << text_in(hint, "rule") << ")\n";
  return 0;
}

int told(Shell& shell, const std::variant<Population, std::string>& answer) {
  if (const auto* sentence = std::get_if<std::string>(&answer)) stop(RefusalCode::guard, *sentence);
  return print_population(shell, std::get<Population>(answer));
}

Population found(Shell& shell, const std::string& id) {
  auto one = shell.site().database().read([&](Session& session) { return find_population(session, id); });
  if (!one) stop(RefusalCode::not_found, "There is no population " + id + ".");
  return std::move(*one);
}

// Passes over the company's lines: the bar counts them all.
class Passes {
 public:
  Passes(Shell& shell, const std::string& what, const std::string& company, int passes)
      : bar_(shell, what, passes * shell.site().database().read([&](Session& session) { return count_entry_rows(session, company); })) {}
  OnProgress on_progress() {
    return [this](std::int64_t rows) { bar_.at(rows); };
  }

 private:
  Progress bar_;
};

int create(Shell& shell, const PopulationOptions& options) {
  const Case on = shell.find(options.case_id);
  const PopulationAsked asked{on.id, scope_of(shell, options), options.strata, actor_of(shell, options)};
  Passes passes(shell, "look through the entry lines", on.company, 2);
  return told(shell, create_population(shell.site().database(), rules_of(shell), asked, shell.site().engine().now(), passes.on_progress()));
}

int preview(Shell& shell, const PopulationOptions& options) {
  const Population one = found(shell, options.id);
  Passes passes(shell, "look through the entry lines", one.company, 2);
  return told(shell,
              preview_population(shell.site().database(), rules_of(shell), one.id, shell.site().engine().now(), passes.on_progress()));
}

int tie(Shell& shell, const PopulationOptions& options) {
  const Population one = found(shell, options.id);
  ControlTotal control{
      cents_of("--total", options.total), {}, trimmed(options.source), actor_of(shell, options), shell.site().engine().now()};
  if (options.lines >= 0) control.lines = options.lines;
  return told(shell, tie_out(shell.site().database(), one.id, control));
}

int freeze(Shell& shell, const PopulationOptions& options) {
  const Population one = found(shell, options.id);
  Passes passes(shell, "freeze", one.company, 1);
  return told(shell, freeze_population(shell.site().database(), one.id, actor_of(shell, options), trimmed(options.reason),
                                       shell.site().engine().now(), passes.on_progress()));
}

int show(Shell& shell, const PopulationOptions& options) { return print_population(shell, found(shell, options.id)); }

int list(Shell& shell, const PopulationOptions& options) {
  if (!options.case_id.empty()) shell.find(options.case_id);
  const auto all = shell.site().database().read([&](Session& session) { return find_populations(session, options.case_id); });
  if (shell.as_json) {
    json::array listed;
    for (const Population& one : all) listed.push_back(population_json(one));
    shell.print(listed);
    return 0;
  }
  std::vector<std::vector<std::string>> rows;
  for (const Population& one : all)
    rows.push_back({one.id, one.case_id, one.company, std::to_string(number_in(one.preview, "lines")),
                    money(number_in(one.preview, "value_cents")), one.frozen ? one.frozen->totals.sha256.substr(0, 12) : "not frozen"});
  print_table({"population", "case", "company", "lines", "value", "frozen as"}, rows);
  return 0;
}

int hints(Shell& shell, const PopulationOptions& options) {
  const Population one = found(shell, options.id);
  const auto rows =
      shell.site().database().read([&](Session& session) { return hints_of(session, one.number, options.rule, options.limit, 0); });
  if (shell.as_json) {
    json::array listed;
    for (const StoredHint& hint : rows)
      listed.push_back(json::object{{"rule", hint.rule}, {"entry_number", hint.entry_number}, {"line", hint.line}, {"why", hint.why}});
    shell.print(json::object{{"population", one.id}, {"rules", one.preview.at("hints")}, {"rows", std::move(listed)}});
    return 0;
  }
  for (const json::value& rule : one.preview.at("hints").as_array()) {
    if (!options.rule.empty() && text_in(rule, "rule") != options.rule) continue;
    std::cout << text_in(rule, "title") << ": " << number_in(rule.as_object(), "lines") << " lines\n  " << text_in(rule, "says") << " ["
              << text_in(rule, "mark") << "; " << text_in(rule, "source") << "]\n";
    for (const StoredHint& hint : rows)
      if (text_in(rule, "rule") == hint.rule) std::cout << "  " << hint.entry_number << " line " << hint.line << ": " << hint.why << "\n";
  }
  return 0;
}

int verify(Shell& shell, const PopulationOptions& options) {
  const Population one = found(shell, options.id);
  if (!one.frozen) stop(RefusalCode::guard, one.id + " is not frozen: there is nothing to hold it to.");
  const std::string problem = shell.site().database().read([&](Session& session) { return population_problem(session, one); });
  if (shell.as_json)
    shell.print(json::object{{"population", one.id}, {"sha256", one.frozen->totals.sha256}, {"ok", problem.empty()}, {"problem", problem}});
  else
    std::cout << one.id << (problem.empty() ? " is what was frozen: " + one.frozen->totals.sha256 : ": " + problem) << "\n";
  return problem.empty() ? 0 : 1;
}

using Verb = int (*)(Shell&, const PopulationOptions&);

struct Adding {
  CLI::App& verbs;
  Shell& shell;
  Action& action;

  CLI::App* operator()(const char* name, const char* what, const char* example, Verb run,
                       const std::shared_ptr<PopulationOptions>& options) const {
    auto* verb = verbs.add_subcommand(name, what)->footer(std::string("Example:\n  tradecase population ") + example + " --db play.db");
    verb->callback([&shell = shell, &action = action, options, run] { action = [&shell, options, run] { return run(shell, *options); }; });
    return verb;
  }
};

void add_scope_options(CLI::App& verb, PopulationOptions& options) {
  verb.add_option("case", options.case_id, "an audit or a risk survey")->required();
  verb.add_option("--from", options.from, "entered on or after this day");
  verb.add_option("--to", options.to, "entered on or before this day");
  verb.add_option("--ior", options.importers, "importer numbers");
  verb.add_option("--risk-area", options.risk_areas, "what the engagement is about");
  verb.add_option("--chapter", options.chapters, "chapters of the tariff, two digits");
  verb.add_option("--origin", options.origins, "countries of origin, two letters");
  verb.add_option("--spi", options.spi, "special programme indicators; none: lines without one");
  verb.add_option("--min-value", options.min_value, "dollars of a line, at the least");
  verb.add_option("--max-value", options.max_value, "dollars of a line, at the most");
  verb.add_option("--strata", options.strata, "a column, chapter, heading, month, or value:1000,25000");
}

}  // namespace

void add_population_verbs(CLI::App& app, Shell& shell, Action& action) {
  auto* verbs = app.add_subcommand("population", "the entry lines an audit or survey is about")->require_subcommand(1);
  const Adding add{*verbs, shell, action};
  const auto options = std::make_shared<PopulationOptions>();
  const auto as = [&](CLI::App* verb) { verb->add_option("--as", options->as, "who does it: an e-mail address; else the operator"); };
  const auto of = [&](CLI::App* verb) {
    verb->add_option("id", options->id, "POP-000001")->required();
    return verb;
  };
  auto* made = add("create", "choose the lines, and look through them",
                   "create TC-2026-000007 --from 2025-01-01 --to 2025-12-31 --origin CN", create, options);
  add_scope_options(*made, *options);
  as(made);
  of(add("preview", "count and look through the lines anew", "preview POP-000001", preview, options));
  auto* tied = of(add("tie-out", "compare with a control total", "tie-out POP-000001 --total 1234567.89 --source \"ES-001 of 2026-01-12\"",
                      tie, options));
  tied->add_option("--total", options->total, "dollars")->required();
  tied->add_option("--lines", options->lines, "entry lines")->check(CLI::Range(std::int64_t{0}, std::numeric_limits<std::int64_t>::max()));
  tied->add_option("--source", options->source, "where the total comes from")->required();
  as(tied);
  auto* frozen = of(add("freeze", "fix the rows and their hash for ever", "freeze POP-000001", freeze, options));
  frozen->add_option("--reason", options->reason, "why, where it does not agree with a control total");
  as(frozen);
  of(add("show", "one of them", "show POP-000001", show, options));
  of(add("verify", "whether a frozen one is still what was frozen", "verify POP-000001", verify, options));
  auto* hinted = of(add("hints", "lines worth a look, each with its rule", "hints POP-000001 --rule value_outlier", hints, options));
  hinted->add_option("--rule", options->rule, "only this rule's");
  hinted->add_option("--limit", options->limit, "lines at the most")->check(CLI::Range(1, 100000));
  add("list", "all, or a case's", "list --case TC-2026-000007", list, options)->add_option("--case", options->case_id, "of this case only");
}

}  // namespace tradecase
