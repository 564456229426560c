// What every verb of the command line shares: global options, the opened site, two ways to print, exit codes.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include "engine/command.hpp"
#include "engine/json.hpp"
#include "tools/cli/site.hpp"

namespace tradecase {

// A no with its exit code; verbs throw it, main() prints it.
struct Stop {
  int exit_code;
  std::string code;  // "not_found"
  std::string sentence;
  json::object more{};
};
[[noreturn]] void stop(RefusalCode code, std::string sentence);
[[noreturn]] void stop(const Refusal& refusal);

class Shell {
 public:
  std::string db_file;
  std::string config_file;
  bool as_json = false;

  Config config() const;
  Site& site();                                // opened at first use
  void print(const json::value& value) const;  // one JSON document and a line feed
  bool terminal() const;                       // standard error is one: progress bars are welcome

  // The person behind --as EMAIL; stops with not_found.
  Person person(const std::string& email);
  // A case id as typed; stops with not_found where there is none.
  Case find(const std::string& case_id);

 private:
  std::unique_ptr<Site> site_;
};

// A table for people: columns as wide as their widest cell.
void print_table(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows);

// A bar on standard error, drawn only on a terminal; `done` in 0…total.
class Progress {
 public:
  Progress(const Shell& shell, std::string what, std::int64_t total);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void at(std::int64_t done);

 private:
  bool shown_;
  std::string what_;
  std::int64_t total_;
  int percent_ = -1;
};

// Each room adds its verbs; the chosen one is left in `action`.
using Action = std::function<int()>;
void add_database_verbs(CLI::App& app, Shell& shell, Action& action);      // init clock work verify record config
void add_case_verbs(CLI::App& app, Shell& shell, Action& action);          // case dates facts
void add_letter_verbs(CLI::App& app, Shell& shell, Action& action);        // letters letter outbox
void add_document_verbs(CLI::App& app, Shell& shell, Action& action);      // letter docx, read, fields; after add_letter_verbs
void add_fixed_letter_verbs(CLI::App& app, Shell& shell, Action& action);  // letter fix, send; after add_letter_verbs
void add_import_verbs(CLI::App& app, Shell& shell, Action& action);        // import
void add_sample_verbs(CLI::App& app, Shell& shell, Action& action);        // sample
void add_population_verbs(CLI::App& app, Shell& shell, Action& action);    // population
void add_workflow_verbs(CLI::App& app, Shell& shell, Action& action);      // workflow rules
void add_people_verbs(CLI::App& app, Shell& shell, Action& action);        // people company
void add_serve_verbs(CLI::App& app, Shell& shell, Action& action);         // serve routes token
void add_account_verbs(CLI::App& app, Shell& shell, Action& action);       // account
void add_webhook_verbs(CLI::App& app, Shell& shell, Action& action);       // webhook
void add_simulation_verbs(CLI::App& app, Shell& shell, Action& action);    // simulate bench

// 0, 1 for a failure, or a refusal's exit code.
int run_command_line(int argc, const char* const* argv);

}  // namespace tradecase
