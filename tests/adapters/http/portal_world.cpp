#include "tests/adapters/http/portal_world.hpp"

#include <unistd.h>

#include <algorithm>
#include <future>
#include <variant>

#include "adapters/documents/xlsx.hpp"
#include "tools/cli/import_desk.hpp"
#include "tools/cli/letter_desk.hpp"
#include "tools/cli/population_desk.hpp"
#include "tools/cli/rule_changes.hpp"
#include "tools/cli/sample_desk.hpp"
#include "tools/cli/webhooks.hpp"
#include "tools/simulation/simulation.hpp"

namespace tradecase::testing {
namespace fs = std::filesystem;

namespace {

fs::path fresh_folder() {
  std::string name = (fs::temp_directory_path() / "portal-test-XXXXXX").string();
  REQUIRE(mkdtemp(name.data()) != nullptr);
  return name;
}

// A year is played once a run; every world begins with a copy of it.
class PlayedYear {
 public:
  explicit PlayedYear(const Config& config) {
    simulation::Options options;
    options.file = file_;
    options.members = 5;
    options.seed = 11;
    options.verify_at_end = false;
    simulation::simulate(config, options);
  }
  ~PlayedYear() { fs::remove_all(folder_); }
  PlayedYear(const PlayedYear&) = delete;
  PlayedYear& operator=(const PlayedYear&) = delete;

  const fs::path& file() const { return file_; }

 private:
  fs::path folder_ = fresh_folder(), file_ = folder_ / "year.db";
};

}  // namespace

PortalWorld::PortalWorld() : folder_(fresh_folder()) {
  Config config = load_config({});
  config.webhooks_loopback = "yes";
  static const PlayedYear year(config);
  const fs::path file = folder_ / "portal.db";
  fs::copy_file(year.file(), file);
  site_ = std::make_unique<Site>(config, file, false);
  wall = site_->engine().now();
  http::Wiring wiring{site_->engine(), config.home / "templates", folder_ / "no-assets", [this] { return wall; }, true, {}, {}};
  wiring.advance_clock = [](Date) { return std::optional<std::string>("The test's clock stands still."); };
  wiring.webhooks = webhook_wiring(config, true, {});
  wiring.populations = population_desk(site_->engine(), config.home / hint_rules_file);
  wiring.samples = sample_desk(site_->engine());
  wiring.imports = import_desk(site_->engine());
  wiring.paper = [this](const std::string& html, const Paper& on) { return paper(html, on); };
  wiring.rules = rules_desk(*site_);
  wiring.workbook = xlsx_of;
  wiring.letters = letter_desk(site_->engine(), load_letters(config, site_->programme().rules));
  portal_ = std::make_unique<http::Portal>(std::move(wiring));

  std::vector<CaseRow> members;
  site_->database().read([&](Session& session) {
    for (CaseRow& row : find_cases(session, {{}, "membership", "active", {}, {}, true}))
      if (!people_with(session, "officer", row.company, engine().today()).empty()) members.push_back(std::move(row));
  });
  REQUIRE(members.size() >= 2);
  own = members[0].company;
  membership = members[0].id;
  other = members[1].company;
  const auto first = [&](const std::string& role, const std::string& company) {
    return site_->database().read([&](Session& session) { return people_with(session, role, company, engine().today()); }).front().id;
  };
  callers_["nobody"] = Caller{"nobody", {}, {}, {}, {}};
  call("officer", first("officer", own));
  call("stranger", first("officer", other));
  for (const char* role : {"nam", "supervisor", "compliance", "auditor", "appeals", "admin"}) call(role, first(role, ""));
  const auto added = [&](const std::string& name, std::optional<Grant> grant) {
    const std::string id = site_->database().write([&](Transaction& tx) {
      Person person;
      person.email = name + "@portal-test.example";
      person.name = name;
      const Person made = add_person(tx, person);
      if (grant) {
        grant->person = made.id;
        add_grant(tx, *grant);
      }
      return made.id;
    });
    call(name, id);
  };
  added("preparer", Grant{"", "preparer", own, false});
  added("contact", Grant{"", "contact", own, true});
  added("outsider", {});
}

PortalWorld::~PortalWorld() {
  portal_.reset();
  site_.reset();
  fs::remove_all(folder_);
}

void PortalWorld::without_paper() {
  http::Wiring wiring = portal_->wiring();
  wiring.paper = {};
  portal_ = std::make_unique<http::Portal>(std::move(wiring));
}

Caller PortalWorld::call(const std::string& name, const std::string& person, const std::string& scope) {
  Caller caller{name, person, "token-" + name, "cookie-" + name, ""};
  site_->database().write([&](Transaction& tx) {
    http::save_api_token(tx, caller.token, {0, person, name, scope, wall, wall + std::chrono::hours(24), std::nullopt});
    caller.csrf = http::begin_sign_in(tx, caller.cookie, person, "test", "en", wall).csrf;
  });
  callers_[name] = caller;
  return caller;
}

std::vector<CaseRow> PortalWorld::cases_of(const std::string& company) const {
  return site_->database().read([&](Session& session) { return find_cases(session, {company, {}, {}, {}, {}, false}); });
}

void PortalWorld::sql(const std::string& statements) const {
  site_->database().write([&](Transaction& tx) { tx.session().run(statements); });
}

namespace {

std::variant<http::Request, http::Reject> request_of(const Caller& caller, const std::string& method, const std::string& target,
                                                     const std::string& body, const PortalWorld::Headers& headers) {
  std::string head = method + " " + target + " HTTP/1.1\r\nHost: portal.example\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  if (!caller.cookie.empty()) head += "Cookie: __Host-session=" + caller.cookie + "\r\n";
  for (const auto& [name, value] : headers) head += name + ": " + value + "\r\n";
  auto parsed = http::parse_head(head + "\r\n");
  if (auto* bad = std::get_if<http::Reject>(&parsed)) return std::move(*bad);
  http::Request request;
  static_cast<http::Head&>(request) = std::get<http::Head>(std::move(parsed));
  request.id = "test-1";
  request.peer = "127.0.0.1";
  request.body = body;
  return request;
}

}  // namespace

http::Response PortalWorld::ask(const Caller& caller, const std::string& method, const std::string& target, const std::string& body,
                                const Headers& headers) const {
  const auto made = request_of(caller, method, target, body, headers);
  if (const auto* bad = std::get_if<http::Reject>(&made)) return portal_->refuse(*bad);
  const auto& request = std::get<http::Request>(made);
  return http::Portal::begins_together(request) ? ask_together({request}).front() : portal_->handle(request);
}

std::vector<http::Response> PortalWorld::ask_together(const std::vector<http::Request>& requests) const {
  std::vector<const http::Request*> all;
  for (const http::Request& request : requests) all.push_back(&request);
  std::promise<std::function<std::vector<http::Response>()>> decided;
  portal_->begin(all, [&](std::function<std::vector<http::Response>()> finish) { decided.set_value(std::move(finish)); });
  return decided.get_future().get()();
}

http::Request PortalWorld::api_request(const Caller& caller, const std::string& method, const std::string& target, const std::string& body,
                                       Headers headers) const {
  headers = with_token(caller, method, std::move(headers));
  Caller without_cookie = caller;
  without_cookie.cookie.clear();
  return std::get<http::Request>(request_of(without_cookie, method, target, body, headers));
}

PortalWorld::Headers PortalWorld::with_token(const Caller& caller, const std::string& method, Headers headers) {
  static int keys = 0;
  const auto has = [&](std::string_view name) {
    return std::ranges::any_of(headers, [&](const auto& pair) { return pair.first == name; });
  };
  if (!caller.token.empty()) headers.emplace_back("Authorization", "Bearer " + caller.token);
  if (method == "POST" && !has("Idempotency-Key")) headers.emplace_back("Idempotency-Key", "key-" + std::to_string(++keys));
  if (method == "POST" && !has("Content-Type")) headers.emplace_back("Content-Type", "application/json");
  return headers;
}

http::Response PortalWorld::api(const Caller& caller, const std::string& method, const std::string& target, const std::string& body,
                                Headers headers) const {
  Caller without_cookie = caller;
  without_cookie.cookie.clear();
  return ask(without_cookie, method, target, body, with_token(caller, method, std::move(headers)));
}

std::string header_of(const http::Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers)
    if (key == name) return value;
  return "";
}

}  // namespace tradecase::testing
