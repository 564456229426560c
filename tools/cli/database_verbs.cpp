// init clock work verify record config
#include <iostream>

#include "engine/store/export.hpp"
#include "engine/verify.hpp"
#include "tools/cli/shell.hpp"
#include "workflows/sampling/population_store.hpp"

namespace tradecase {
namespace {

Date date_or_stop(const std::string& text) {
  const auto day = parse_date(text);
  if (!day) stop(RefusalCode::invalid, "\"" + text + "\" is not a day that exists; write 2026-01-05 or 01/05/2026.");
  return *day;
}

struct Init {
  bool sandbox = false;
  std::string day;
};

int init(Shell& shell, const Init& options) {
  if (shell.db_file.empty()) stop(RefusalCode::invalid, "Say which file to make: --db FILE.");
  if (!options.day.empty() && !options.sandbox) stop(RefusalCode::invalid, "Only a sandbox has a clock of its own: add --sandbox.");
  std::optional<Date> day;
  if (options.sandbox) {
    if (options.day.empty()) stop(RefusalCode::invalid, "Say on which day the sandbox begins: --clock 2026-01-05.");
    day = date_or_stop(options.day);
  }
  Site::create(shell.config(), shell.db_file, day);
  json::object answer{{"db", shell.db_file}, {"sandbox", options.sandbox}};
  if (options.sandbox) answer["clock"] = to_text(shell.site().engine().now());
  if (shell.as_json)
    shell.print(answer);
  else
    std::cout << "Made " << shell.db_file
              << (options.sandbox ? ", a sandbox whose clock stands at " + to_text(shell.site().engine().now()) : "") << ".\n";
  return 0;
}

void print_clock(Shell& shell) {
  Engine& engine = shell.site().engine();
  if (shell.as_json)
    return shell.print(json::object{{"now", to_text(engine.now())},
                                    {"today", to_text(engine.today())},
                                    {"sandbox", shell.site().sandbox()},
                                    {"zone", engine.programme().calendar.zone()}});
  std::cout << to_text(engine.now()) << ", " << spoken(engine.today()) << " in " << engine.programme().calendar.zone()
            << (shell.site().sandbox() ? " (a sandbox's clock)" : "") << "\n";
}

struct Advance {
  std::string to;  // a day, or +N days
  int days = 0;
};

Instant target_of(Shell& shell, const Advance& options) {
  const Calendar& calendar = shell.site().programme().calendar;
  const Date today = shell.site().engine().today();
  if (options.to.empty()) {
    if (options.days < 1) stop(RefusalCode::invalid, "Say how far: a day (2026-02-01), +10d, or --days 10.");
    return calendar.start_of(today + std::chrono::days(options.days));
  }
  if (options.to.front() != '+') return calendar.start_of(date_or_stop(options.to));
  const std::string digits = options.to.substr(1, options.to.find_first_not_of("0123456789", 1) - 1);
  const bool good = !digits.empty() && digits.size() < 6 && (options.to.size() == digits.size() + 1 || options.to == "+" + digits + "d");
  if (!good) stop(RefusalCode::invalid, "\"" + options.to + "\" is no span of days; write +10d.");
  return calendar.start_of(today + std::chrono::days(std::stoi(digits)));
}

int advance(Shell& shell, const Advance& options) {
  if (!shell.site().sandbox()) stop(RefusalCode::forbidden, *shell.site().move_clock(shell.site().engine().now()));
  if (const auto refused = shell.site().move_clock(target_of(shell, options))) stop(RefusalCode::invalid, *refused);
  print_clock(shell);
  return 0;
}

int work(Shell& shell, const std::string& until) {
  Site& site = shell.site();
  const Sender sender = sender_of(site.config());
  std::variant<Site::Worked, std::string> done = Site::Worked{};
  if (until.empty()) {
    done = site.work_once(sender);
  } else {
    const Instant end = site.programme().calendar.start_of(date_or_stop(until));
    const Instant begin = site.engine().now();
    Progress progress(shell, "work until " + until, (end - begin).count());
    done = site.work_until(end, sender, [&](Instant at) { progress.at((at - begin).count()); });
  }
  if (const auto* refused = std::get_if<std::string>(&done)) stop(RefusalCode::invalid, *refused);
  const auto& [timers, mails, told] = std::get<Site::Worked>(done);
  const auto counts = site.database().read([](Session& session) { return count_messages(session); });
  const auto waiting = counts.contains("queued") ? counts.at("queued") : 0;
  if (shell.as_json) {
    shell.print(json::object{{"now", to_text(site.engine().now())},
                             {"timers", timers.fired},
                             {"timers_failed", timers.failed},
                             {"sent", mails.sent},
                             {"retried", mails.retried},
                             {"given_up", mails.given_up},
                             {"unknown", mails.unknown},
                             {"waiting", waiting},
                             {"webhooks_told", told.delivered},
                             {"webhooks_failed", told.failed}});
  } else {
    std::cout << timers.fired << " timers fired"
              << (timers.failed ? ", " + std::to_string(timers.failed) + " failed and will be tried again" : "")
              << "; mails: " << mails.sent << " sent, " << mails.retried << " to be tried again, " << mails.given_up << " given up, "
              << mails.unknown << " with unknown outcome, " << waiting << " waiting.\n";
    if (told.delivered + told.failed > 0)
      std::cout << "Webhooks: " << told.delivered << " events delivered, " << told.failed << " attempts failed.\n";
    if (!sender && waiting > 0) std::cout << "No way out for mail is configured (mail.transport); it waits in the outbox.\n";
  }
  return 0;
}

int verify_database(Shell& shell) {
  Site& site = shell.site();
  Progress progress(shell, "verify", 100);
  const VerifyReport report = site.database().read([&](Session& session) {
    VerifyReport found = verify(session, site.programme(), site.engine().now(),
                                [&](std::int64_t done, std::int64_t total) { progress.at(total ? done * 100 / total : 100); });
    for (const Population& one : find_populations(session, ""))
      if (const std::string problem = population_problem(session, one); !problem.empty())
        found.violations.push_back({"frozen_population", one.case_id, one.id + ": " + problem});
    return found;
  });
  if (shell.as_json) {
    json::array violations;
    for (const Violation& violation : report.violations)
      violations.push_back(json::object{{"invariant", violation.invariant}, {"case", violation.case_id}, {"detail", violation.detail}});
    shell.print(
        json::object{{"cases", report.cases}, {"events", report.events}, {"root", report.root}, {"violations", std::move(violations)}});
  } else {
    for (const Violation& violation : report.violations)
      std::cout << violation.invariant << "  " << violation.case_id << "  " << violation.detail << "\n";
    std::cout << report.cases << " cases, " << report.events << " events, " << report.violations.size() << " violations; root "
              << report.root << "\n";
  }
  return report.violations.empty() ? 0 : 1;
}

int export_lines(Shell& shell, const std::string& directory) {
  const std::string root = shell.site().database().read([&](Session& session) { return export_record(session, directory); });
  if (shell.as_json)
    shell.print(json::object{{"file", directory + "/history.jsonl"}, {"root", root}});
  else
    std::cout << "Wrote " << directory << "/history.jsonl; root " << root << "\n";
  return 0;
}

int explain(Shell& shell) {
  const Config config = shell.config();
  if (shell.as_json) {
    json::array all;
    for (const Setting& setting : config.settings)
      all.push_back(json::object{{"key", setting.key}, {"value", setting.value}, {"source", setting.source}, {"effect", setting.effect}});
    shell.print(all);
    return 0;
  }
  std::vector<std::vector<std::string>> rows;
  for (const Setting& setting : config.settings) rows.push_back({setting.key, setting.value, setting.source, setting.effect});
  print_table({"setting", "value", "source", "effect"}, rows);
  return 0;
}

}  // namespace

void add_database_verbs(CLI::App& app, Shell& shell, Action& action) {
  auto* made = app.add_subcommand("init", "make a database file")
                   ->footer("Examples:\n  tradecase init --db live.db\n  tradecase init --db play.db --sandbox --clock 2026-01-05");
  auto options = std::make_shared<Init>();
  made->add_flag("--sandbox", options->sandbox, "with a clock of its own, which can be moved");
  made->add_option("--clock", options->day, "the day on which the sandbox begins: its first instant, Eastern");
  made->callback([&, options] { action = [&, options] { return init(shell, *options); }; });

  auto* clock = app.add_subcommand("clock", "the time that the database lives in")->require_subcommand(1);
  clock->add_subcommand("show", "the present instant and day")->callback([&] {
    action = [&] {
      print_clock(shell);
      return 0;
    };
  });
  auto* forward = clock->add_subcommand("advance", "move a sandbox's clock forward; \"work\" then does what is due")
                      ->footer("Examples:\n  tradecase clock advance 2026-02-01 --db play.db\n  tradecase clock advance +10d --db play.db");
  auto how_far = std::make_shared<Advance>();
  forward->add_option("to,--to", how_far->to, "a day (its first instant, Eastern), or +10d");
  forward->add_option("--days", how_far->days, "so many days on, to the first instant of that day");
  forward->callback([&, how_far] { action = [&, how_far] { return advance(shell, *how_far); }; });

  auto* worked = app.add_subcommand("work", "fire due timers and send due mail")
                     ->footer("Examples:\n  tradecase work --db live.db\n  tradecase work --until 2026-06-01 --db play.db");
  auto until = std::make_shared<std::string>();
  auto once = std::make_shared<bool>(false);
  auto* once_flag = worked->add_flag("--once", *once, "what is due now, then end (the default)");
  worked->add_option("--until", *until, "move a sandbox's clock to this day, stopping at every due time")->excludes(once_flag);
  worked->callback([&, until, once] { action = [&, until, once] { return work(shell, *until); }; });

  app.add_subcommand("verify", "check every invariant and the record's chain; exit 1 where one is broken")->callback([&] {
    action = [&] { return verify_database(shell); };
  });

  auto* record = app.add_subcommand("record", "the history as lines that strangers can check")->require_subcommand(1);
  auto* exported =
      record->add_subcommand("export", "write history.jsonl")->footer("Example:\n  tradecase record export /tmp/record --db live.db");
  auto directory = std::make_shared<std::string>();
  exported->add_option("directory", *directory, "the folder to write into; made where it is missing")->required();
  exported->callback([&, directory] { action = [&, directory] { return export_lines(shell, *directory); }; });

  auto* settings = app.add_subcommand("config", "settings")->require_subcommand(1);
  settings->add_subcommand("explain", "every setting: its value, where it comes from, what it does")->callback([&] {
    action = [&] { return explain(shell); };
  });
}

}  // namespace tradecase
