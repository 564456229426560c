// One opened database with everything wired: the choices of adapters and clock stand here, in view.
#pragma once

#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "adapters/webhooks/dispatch.hpp"
#include "engine/engine.hpp"
#include "engine/paper.hpp"
#include "engine/worker.hpp"
#include "tools/cli/config.hpp"
#include "workflows/rules.hpp"

namespace tradecase {

class Letters;

inline constexpr char paragraphs_folder[] = "templates/letters/paragraphs";  // below the program's home

std::vector<Migration> site_migrations();  // the engine's tables, the business's, the portal's

// Rules, forms, letters and workflows of an installation; of the rules, `instead` stands in the place of the file's values. Throws
// RulesError, FormError, TemplateError.
std::shared_ptr<const Programme> load_programme(const Config& config, const std::vector<RuleValue>& instead = {});
std::vector<RuleValue> rules_changed(Session& session);  // by the changes that were approved and applied

std::shared_ptr<const Letters> load_letters(const Config& config, const Rules& rules);

Sender sender_of(const Config& config);           // empty where no transport is configured
PaperMaker paper_maker_of(const Config& config);  // empty where there is no Chromium

// A sandbox's own time, kept in its database: it stands still until somebody moves it, and never goes back.
class SandboxClock {
 public:
  explicit SandboxClock(Instant at) : at_(at.time_since_epoch().count()) {}
  Instant now() const { return Instant(std::chrono::milliseconds(at_.load())); }
  void set(Instant at) { at_ = at.time_since_epoch().count(); }

 private:
  std::atomic<std::int64_t> at_;
};

class Site {
 public:
  // Makes a database file. Sandbox: with a clock of its own that begins at the first instant of `sandbox_day`, Eastern.
  static void create(const Config& config, const std::filesystem::path& file, std::optional<Date> sandbox_day);

  Site(const Config& config, const std::filesystem::path& file, bool durable = true);

  Engine& engine() { return *engine_; }
  Database& database() { return *database_; }
  const Programme& programme() const { return engine_->programme(); }
  void use(std::shared_ptr<const Programme> programme);  // from now on; within a write, as Engine::use()
  const Config& config() const { return config_; }
  bool sandbox() const { return clock_ != nullptr; }

  // Refused (the sentence) where this is no sandbox or the clock would go back.
  std::optional<std::string> move_clock(Instant to);

  // One worker a database: timers may be fired by any number of programs, but only one may know what its own interrupted mails
  // are. Held until the Site goes. False: another program does the work on this file.
  bool lock_work();

  // Works until the sandbox's clock stands at `until`, stopping at every due time on the way; mail goes out at each stop.
  struct Worked {
    Fired timers;
    Delivered mails;
    webhooks::Told told;
  };
  std::variant<Worked, std::string> work_until(Instant until, Sender sender, const std::function<void(Instant)>& progress = {});
  std::variant<Worked, std::string> work_once(Sender sender);

  Worker worker(Sender sender);    // for a server's own thread; lock_work() first
  webhooks::Dispatch& dispatch();  // made at first use: before threads share the Site

 private:
  Config config_;
  std::vector<std::shared_ptr<const Programme>> programmes_;  // the last is in force; the others may still be looked at
  std::unique_ptr<Database> database_;
  std::shared_ptr<SandboxClock> clock_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<webhooks::Dispatch> dispatch_;
  std::shared_ptr<void> work_lock_;
};

}  // namespace tradecase
