#include "tools/cli/shell.hpp"

#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "adapters/documents/letters.hpp"
#include "engine/form.hpp"
#include "engine/nearest.hpp"
#include "engine/text.hpp"
#include "tools/cli/batch.hpp"
#include "tools/cli/completion.hpp"
#include "workflows/rules.hpp"

namespace tradecase {

void stop(RefusalCode code, std::string sentence) { throw Stop{info(code).exit_code, std::string(info(code).name), std::move(sentence)}; }

void stop(const Refusal& refusal) {
  json::object more = to_json(Answer(refusal));
  throw Stop{info(refusal.code).exit_code, std::string(info(refusal.code).name), refusal.sentence, std::move(more)};
}

Config Shell::config() const { return load_config(config_file); }

Site& Shell::site() {
  if (!site_) {
    if (db_file.empty()) stop(RefusalCode::invalid, "Say which database: --db FILE (or set TRADECASE_DB).");
    site_ = std::make_unique<Site>(config(), db_file);
  }
  return *site_;
}

void Shell::print(const json::value& value) const { std::cout << json::serialize(value) << "\n"; }

bool Shell::terminal() const { return isatty(STDERR_FILENO) != 0; }

Person Shell::person(const std::string& email) {
  auto found = site().database().read([&](Session& session) { return find_person_by_email(session, email); });
  if (!found) stop(RefusalCode::not_found, "Nobody here has the e-mail address " + email + ". \"tradecase people list\" shows who has.");
  return *found;
}

Case Shell::find(const std::string& case_id) {
  auto found = site().database().read([&](Session& session) { return find_case(session, case_id); });
  if (!found) stop(RefusalCode::not_found, "There is no case " + case_id + ".");
  return *found;
}

namespace {

std::size_t width_of(const std::string& text) {  // characters, not bytes
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

void print_failure(const Shell& shell, const std::string& code, const std::string& sentence, json::object more) {
  if (shell.as_json) {
    more["code"] = code;
    more["message"] = sentence;
    std::cout << json::serialize(json::object{{"error", std::move(more)}}) << "\n";
  }
  std::cerr << sentence << "\n";
}

// CLI11 says "a subcommand is required" where the verb is unknown; people want to know which word was wrong.
std::string usage_sentence(const CLI::App& app, const std::vector<std::string>& words, const CLI::ParseError& error) {
  const CLI::App* at = &app;
  for (const std::string& word : words) {
    const auto verbs = at->get_subcommands([](const CLI::App*) { return true; });
    if (verbs.empty() || word.starts_with('-')) break;
    const auto found = std::ranges::find(verbs, word, [](const CLI::App* verb) { return verb->get_name(); });
    if (found == verbs.end()) {
      std::vector<std::string> names;
      for (const CLI::App* verb : verbs) names.push_back(verb->get_name());
      return "\"" + (text_problem(word, 60) ? std::string("That") : word) + "\" is no verb" + did_you_mean(word, names) +
             ". There are: " + join(names, ", ") + ".";
    }
    at = *found;
  }
  return std::string(error.what()) + (at == &app ? "" : " (tradecase " + at->get_name() + " --help)");
}

}  // namespace

void print_table(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const std::string& cell : head) widths.push_back(width_of(cell));
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  const auto line = [&](const std::vector<std::string>& row) {
    std::string text;
    for (std::size_t i = 0; i < row.size(); ++i) {
      text += row[i];
      if (i + 1 < row.size()) text.append(widths[i] - width_of(row[i]) + 2, ' ');
    }
    std::cout << text << "\n";
  };
  line(head);
  for (const auto& row : rows) line(row);
}

Progress::Progress(const Shell& shell, std::string what, std::int64_t total)
    : shown_(shell.terminal() && !shell.as_json && total > 0), what_(std::move(what)), total_(total) {}

void Progress::at(std::int64_t done) {
  const int percent = total_ > 0 ? static_cast<int>(std::min(done, total_) * 100 / total_) : 100;
  if (!shown_ || percent == percent_) return;
  percent_ = percent;
  const auto filled = static_cast<std::size_t>(percent) * 40 / 100;
  std::cerr << "\r" << what_ << " [" << std::string(filled, '#') << std::string(40 - filled, '.') << "] " << percent << " %" << std::flush;
}

Progress::~Progress() {
  if (shown_ && percent_ >= 0) std::cerr << "\n";
}

int run_command_line(int argc, const char* const* argv) {
  CLI::App app{"tradecase: the yearly trade-compliance review of importers, as cases in one file", "tradecase"};
  Shell shell;
  Action action;
  app.fallthrough();
  app.require_subcommand(1);
  app.set_version_flag("--version", TRADECASE_VERSION);
  app.add_option("--db", shell.db_file, "the database file")->envname("TRADECASE_DB");
  app.add_option("--config", shell.config_file, "settings (TOML); \"config explain\" lists them")->envname("TRADECASE_CONFIG");
  app.add_flag("--json", shell.as_json, "answer as JSON");
  app.footer(
      "Examples:\n"
      "  tradecase init --db my.db --sandbox --clock 2026-01-05\n"
      "  tradecase import members roster.csv --db my.db --dry-run\n"
      "  tradecase case list --db my.db --workflow annual_notification --due-before 2026-03-01\n"
      "  tradecase dates TC-2026-000001 --db my.db\n"
      "Exit codes: 0 done, 1 failure, 2 invalid, 3 forbidden, 4 not found, 5 wrong state, 6 guard, 7 conflict, 8 key reused.");
  add_database_verbs(app, shell, action);
  add_import_verbs(app, shell, action);
  add_sample_verbs(app, shell, action);
  add_workflow_verbs(app, shell, action);
  add_case_verbs(app, shell, action);
  add_letter_verbs(app, shell, action);
  add_document_verbs(app, shell, action);
  add_fixed_letter_verbs(app, shell, action);
  add_people_verbs(app, shell, action);
  add_population_verbs(app, shell, action);
  add_simulation_verbs(app, shell, action);
  add_serve_verbs(app, shell, action);
  add_account_verbs(app, shell, action);
  add_webhook_verbs(app, shell, action);
  add_batch_verb(app, action);
  add_completion_verb(app, shell, action);
  try {
    app.parse(argc, argv);
    return action();
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    print_failure(shell, "invalid", usage_sentence(app, {argv + 1, argv + argc}, error), {});
    return info(RefusalCode::invalid).exit_code;
  } catch (const Stop& no) {
    print_failure(shell, no.code, no.sentence, no.more);
    return no.exit_code;
  } catch (const ConfigError& error) {
    print_failure(shell, "invalid", error.what(), {});
  } catch (const RulesError& error) {
    print_failure(shell, "invalid", error.what(), {});
  } catch (const FormError& error) {
    print_failure(shell, "invalid", error.what(), {});
  } catch (const TemplateError& error) {
    print_failure(shell, "invalid", error.what(), {});
  } catch (const std::exception& error) {
    print_failure(shell, "failure", error.what(), {});
    return 1;
  }
  return info(RefusalCode::invalid).exit_code;  // configuration, rules, forms and letters are the operator's input
}

}  // namespace tradecase
