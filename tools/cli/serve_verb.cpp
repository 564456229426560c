// serve, routes, token: the portal and the API.
#include <fmt/format.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <iostream>
#include <sstream>
#include <thread>

#include "adapters/documents/xlsx.hpp"
#include "adapters/http/front.hpp"
#include "adapters/http/letter_store.hpp"
#include "adapters/http/oidc_client.hpp"
#include "adapters/http/portal.hpp"
#include "tools/cli/import_desk.hpp"
#include "tools/cli/letter_desk.hpp"
#include "tools/cli/population_desk.hpp"
#include "tools/cli/rule_changes.hpp"
#include "tools/cli/sample_desk.hpp"
#include "tools/cli/serve_work.hpp"
#include "tools/cli/shell.hpp"
#include "tools/cli/webhooks.hpp"

namespace tradecase {
namespace {

Instant wall_now() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

std::vector<std::shared_ptr<http::OidcClient>> providers_of(const Config& config) {
  std::vector<std::shared_ptr<http::OidcClient>> all;
  for (const ProviderConfig& one : config.providers) {
    std::ifstream in(one.key_file, std::ios::binary);
    std::ostringstream key;
    key << in.rdbuf();
    if (!in) throw ConfigError("oidc." + one.name + ".key_file: " + one.key_file.string() + " cannot be read");
    const http::Side side = one.whom == "staff" ? http::Side::staff : http::Side::companies;
    all.push_back(std::make_shared<http::OidcClient>(http::OidcSettings{one.name, one.label, side, one.issuer, one.client_id, key.str(),
                                                                        config.portal_url, one.ca_file.string(), one.acr},
                                                     wall_now));
  }
  return all;
}

http::Wiring wiring_of(Site& site) {
  http::Wiring wiring{
      site.engine(), site.config().home / "templates", site.config().home / "build" / "assets", wall_now, site.sandbox(), {}, {}, {}, {}};
  wiring.webhooks = webhook_wiring(site.config(), site.sandbox(), [&told = site.dispatch()] { told.wake(); });
  wiring.populations = population_desk(site.engine(), site.config().home / hint_rules_file);
  wiring.rules = rules_desk(site);
  wiring.samples = sample_desk(site.engine());
  wiring.imports = import_desk(site.engine());
  wiring.paper = paper_maker_of(site.config());
  wiring.workbook = xlsx_of;
  http::seed_paragraphs(site.database(), site.config().home / paragraphs_folder,
                        site.engine().now());  // of a database made before there were any
  wiring.letters = letter_desk(site.engine(), load_letters(site.config(), site.programme().rules));
  if (!site.sandbox()) wiring.providers = providers_of(site.config());
  return wiring;
}

void log_line(const http::Answered& one) {
  std::cout << json::serialize(json::object{{"at", to_text(wall_now())},
                                            {"request", one.id},
                                            {"peer", one.peer},
                                            {"method", one.method},
                                            {"path", one.path},
                                            {"status", one.status},
                                            {"us", one.time.count()},
                                            {"bytes", one.bytes}})
            << "\n";
}

int blocked_signals() {  // before any thread is made, so that all of them leave these to us
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  return signalfd(-1, &set, SFD_CLOEXEC);
}

struct ServeOptions {
  std::string address = "127.0.0.1";
  int port = 8080;
  int workers = 64;  // mostly waiting for the commit that they share: the more of them, the more share one
  bool behind_proxy = false;
  bool quiet = false;
};

int serve(Shell& shell, const ServeOptions& options) {
  if (options.address != "127.0.0.1" && options.address != "::1" && !options.behind_proxy)
    stop(RefusalCode::guard, "The portal listens on the loopback only, unless a proxy stands in front of it (--behind-proxy).");
  const int signals = blocked_signals();
  Site& site = shell.site();
  if (!site.lock_work()) stop(RefusalCode::guard, "Another program does the work on this database; stop it first.");
  http::Wiring wiring = wiring_of(site);
  std::optional<SandboxWork> standing;
  std::optional<LiveWork> live;
  if (site.sandbox()) {
    standing.emplace(site);
    wiring.advance_clock = [&standing](Date until) { return standing->advance(until); };
    wiring.wake = [&standing] { standing->wake(); };
  } else {
    live.emplace(site);
    wiring.wake = [&live] { live->wake(); };
  }
  const http::Portal portal(std::move(wiring));
  http::FrontSettings settings;
  settings.address = options.address;
  settings.port = static_cast<std::uint16_t>(options.port);
  settings.crew.workers = options.workers;
  settings.crew.reads_at_once = 2 * std::max(2, static_cast<int>(std::thread::hardware_concurrency()));
  settings.behind_proxy = options.behind_proxy;
  std::function<void(const http::Answered&)> answered;
  if (!options.quiet) answered = log_line;
  http::Front front(
      settings, [&portal](const http::Request& request) { return portal.handle(request); },
      [&portal](const http::Reject& bad) { return portal.refuse(bad); }, answered,
      {http::Portal::begins_together, [&portal](const std::vector<const http::Request*>& requests,
                                                std::function<void(http::Finish)> resume) { portal.begin(requests, std::move(resume)); }});
  webhooks::Dispatch& told = site.dispatch();
  std::thread telling([&] { told.run(!site.sandbox()); });
  std::cout << "Portal: http://" << options.address << ":" << front.port() << "/" << std::endl;
  pollfd waited{signals, POLLIN, 0};
  while (poll(&waited, 1, -1) < 0 && errno == EINTR) {
  }
  front.stop(std::chrono::seconds(30));
  told.stop();
  telling.join();
  close(signals);
  return 0;
}

// The example of a parameter: something that is in this database.
std::string example_of(Site& site, const std::string& pattern) {
  std::string path = pattern;
  const auto put = [&](const std::string& name, const std::string& value) {
    if (const auto at = path.find("{" + name + "}"); at != std::string::npos) path.replace(at, name.size() + 2, value);
  };
  site.database().read([&](Session& session) {
    const auto cases = find_cases(session, {});
    if (cases.empty()) return;
    const auto complete = std::ranges::find_if(
        cases, [&](const CaseRow& one) { return !letters_of(session, one.id).empty() && !ledger_of(session, one.id).empty(); });
    const bool of_engagement = pattern.find("/populations") != std::string::npos || pattern.find("/samples") != std::string::npos ||
                               pattern.find("/entry-files") != std::string::npos || pattern.ends_with("/scope") ||
                               pattern.find("/compose") != std::string::npos || pattern.find("/approve/") != std::string::npos;
    const auto engagement = std::ranges::find(cases, "audit", &CaseRow::workflow);
    const CaseRow& chosen = of_engagement && engagement != cases.end() ? *engagement : complete == cases.end() ? cases.front() : *complete;
    put("case", chosen.id);
    put("company", chosen.company);
    const auto letters = letters_of(session, chosen.id);
    if (!letters.empty()) put("hash", letters.front().hash);
    const auto dates = ledger_of(session, chosen.id);
    if (!dates.empty()) put("name", http::percent_encoded(dates.front().name));
    if (const auto people = all_people(session); !people.empty()) put("person", people.front().id);
  });
  put("command", "withdraw");
  put("workflow", "risk_survey");
  put("section", "B");
  put("webhook", "1");
  put("population", population_id(1));
  put("rule", "value_outlier");
  put("key", "anl.cycle_months");
  put("change", "1");
  put("sample", "SMP-000001");
  put("row", "1");
  put("import", "IMP-000001");
  put("kind", "attribute");
  put("paragraph", "request_scope");
  put("letter", "audit_request");
  return path;
}

int list_routes(Shell& shell) {
  Site& site = shell.site();
  const http::Portal portal(wiring_of(site));
  json::array all;
  std::vector<std::vector<std::string>> rows;
  for (const http::Route& route : portal.routes()) {
    const std::string access(http::code_of(route.access));
    all.push_back(json::object{{"method", route.method},
                               {"path", route.pattern},
                               {"page", route.page},
                               {"access", access},
                               {"roles", json::value_from(http::roles_of(route.access))},
                               {"summary", route.summary},
                               {"example", example_of(site, route.pattern)}});
    rows.push_back({route.method, route.pattern, route.page, access, route.summary});
  }
  if (shell.as_json)
    shell.print(all);
  else
    print_table({"method", "address", "page", "access", "what"}, rows);
  return 0;
}

struct TokenOptions {
  std::string as, name = "command line", scope = "write";
  int days = 90;
};

int create_token(Shell& shell, const TokenOptions& options) {
  const Person person = shell.person(options.as);
  const std::string token = http::random_token();
  const Instant now = wall_now();
  shell.site().database().write([&](Transaction& tx) {
    http::save_api_token(tx, token,
                         {0, person.id, options.name, options.scope, now, now + std::chrono::hours(24 * options.days), std::nullopt});
    record_line(tx, "people", "create_token", "operator", shell.site().engine().now(),
                {{"person", person.id}, {"name", options.name}, {"scope", options.scope}});
  });
  if (shell.as_json)
    shell.print(json::object{{"token", token}, {"as", person.email}, {"scope", options.scope}, {"days", options.days}});
  else
    std::cout << token << "\n";
  return 0;
}

}  // namespace

void add_serve_verbs(CLI::App& app, Shell& shell, Action& action) {
  auto options = std::make_shared<ServeOptions>();
  auto* verb = app.add_subcommand("serve", "the portal and the API, until a signal ends it")
                   ->footer("Example:\n  tradecase serve --db play.db --port 8080");
  verb->add_option("--port", options->port, "0: any free one")->check(CLI::Range(0, 65535));
  verb->add_option("--address", options->address, "what to listen on");
  verb->add_option("--workers", options->workers, "requests answered at once")->check(CLI::Range(1, 512));
  verb->add_flag("--behind-proxy", options->behind_proxy, "a proxy stands in front and says whose requests it brings");
  verb->add_flag("--quiet", options->quiet, "no line a request");
  verb->callback([&shell, &action, options] { action = [&shell, options] { return serve(shell, *options); }; });

  auto* routes =
      app.add_subcommand("routes", "every address with who may come near")->footer("Example:\n  tradecase routes --json --db play.db");
  routes->callback([&shell, &action] { action = [&shell] { return list_routes(shell); }; });

  auto said = std::make_shared<TokenOptions>();
  auto* token = app.add_subcommand("token", "tokens for machines")->require_subcommand(1);
  auto* create = token->add_subcommand("create", "a token that acts as somebody; it is shown once")
                     ->footer("Example:\n  tradecase token create --as paul.reyes@cbp.example --days 30 --db play.db");
  create->add_option("--as", said->as, "an e-mail address")->required();
  create->add_option("--name", said->name, "what it is for");
  create->add_option("--scope", said->scope, "read, or write")->check(CLI::IsMember({"read", "write"}));
  create->add_option("--days", said->days, "how long it holds")->check(CLI::Range(1, 366));
  create->callback([&shell, &action, said] { action = [&shell, said] { return create_token(shell, *said); }; });
}

}  // namespace tradecase
