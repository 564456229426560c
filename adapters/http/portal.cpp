#include "adapters/http/portal.hpp"

#include <algorithm>
#include <deque>
#include <iostream>

#include "adapters/http/api.hpp"
#include "adapters/http/portal/case_store.hpp"
#include "adapters/http/portal/rooms.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

constexpr char cookie_name[] = "__Host-session";
constexpr char content_policy[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

std::vector<std::string_view> segments_of(std::string_view path) {
  std::vector<std::string_view> all;
  for (std::string_view rest = path.substr(1); !rest.empty();) {
    const auto end = std::min(rest.find('/'), rest.size());
    all.push_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return all;
}

bool parameter(std::string_view segment) { return segment.starts_with('{'); }

bool permitted(Access access, const Visitor& visitor) {
  switch (access) {
    case Access::anyone:
      return true;
    case Access::signed_in:
      return visitor.signed_in();
    case Access::company:
      return !visitor.companies.empty();
    case Access::staff:
      return visitor.is_staff();
    case Access::team:
      return may(visitor, Verb::see_team, "");
    case Access::rules:
      return visitor.staff.any_of({Role::compliance, Role::admin});
    case Access::operators:
      return may(visitor, Verb::operate, "");
  }
  return false;
}

void add_safety(Response& response, bool personal) {
  response.set("X-Content-Type-Options", "nosniff").set("Referrer-Policy", "same-origin").set("X-Frame-Options", "DENY");
  const bool has_policy =
      std::ranges::any_of(response.headers, [](const auto& header) { return header.first == "Content-Security-Policy"; });
  if (response.type.starts_with("text/html") && !has_policy) response.set("Content-Security-Policy", content_policy);
  if (personal) response.set("Cache-Control", "no-store");
}

// A form of another site, or one that was not made for this sign-in.
bool forged(const Visit& visit) {
  const std::string_view origin = visit.request.header("origin"), host = visit.request.header("host");
  if (!origin.empty() && origin != "null") {
    const auto scheme = origin.find("://");
    if (scheme == std::string_view::npos || origin.substr(scheme + 3) != host) return true;
  }
  if (origin == "null" || visit.request.header("sec-fetch-site") == "cross-site") return true;
  const std::string_view said = visit.is_api() ? visit.request.header("x-csrf-token") : visit.form.fields.get("csrf");
  return visit.sign_in && said != visit.sign_in->csrf;
}

// Its files are not kept: they are large, and still where they were chosen from.
KeptForm form_to_keep(const Request& request) {
  const std::string type(request.header("content-type"));
  if (!type.starts_with("multipart/form-data")) return {request.path, type, request.body};
  const Form form = parse_form(request);
  std::string fields;
  for (const auto& [name, value] : form.fields.list())
    fields += (fields.empty() ? "" : "&") + percent_encoded(name) + "=" + percent_encoded(value);
  return {request.path, std::string("application/x-www-form-urlencoded") + (form.uploads.empty() ? "" : "; files=left"), fields};
}

}  // namespace

std::string_view code_of(Access access) {
  switch (access) {
    case Access::anyone:
      return "anyone";
    case Access::signed_in:
      return "signed_in";
    case Access::company:
      return "company";
    case Access::staff:
      return "staff";
    case Access::team:
      return "team";
    case Access::rules:
      return "rules";
    case Access::operators:
      return "operators";
  }
  return "";
}

std::vector<std::string> roles_of(Access access) {
  switch (access) {
    case Access::anyone:
    case Access::signed_in:
      return {};
    case Access::company:
      return {"officer", "preparer", "contact"};
    case Access::staff:
      return {"nam", "supervisor", "compliance", "auditor", "appeals", "admin"};
    case Access::team:
      return {"nam", "supervisor", "compliance", "auditor", "admin"};
    case Access::rules:
      return {"compliance", "admin"};
    case Access::operators:
      return {"admin"};
  }
  return {};
}

std::string own_path_or_home(std::string_view next) {
  const bool own = next.starts_with('/') && !next.starts_with("//") && !next.starts_with("/\\") &&
                   std::ranges::none_of(next, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  return own ? std::string(next) : "/";
}

struct Portal::Match {
  const Route* route = nullptr;
  std::map<std::string, std::string, std::less<>> params;
  std::set<std::string> methods;  // that the address takes
};

Portal::Portal(Wiring wiring)
    : wiring_(std::move(wiring)),
      texts_(Texts::load(wiring_.templates / "texts")),
      pages_(Pages::load(wiring_.templates / "portal", texts_)),
      assets_(Assets::load(wiring_.assets)),
      command_forms_(CommandForms::load(wiring_.templates / "portal", wiring_.engine.programme().workflows)),
      metrics_(std::make_unique<Metrics>()) {
  for (const auto add : {add_sign_in_routes, add_account_routes, add_case_routes, add_importer_routes, add_filing_routes, add_answer_routes,
                         add_manager_routes, add_review_routes, add_survey_routes, add_operator_routes, add_api_routes, add_health_routes})
    add(routes_);
  add_oidc_routes(routes_, wiring_.providers);
  for (const Route& route : routes_) {
    const auto segments = segments_of(route.pattern);
    wanted_.emplace_back(segments.begin(), segments.end());
  }
  hold_to_description(routes_, openapi_document(api_endpoints(), wiring_.engine.programme().workflows));
}

Portal::Match Portal::match(std::string_view method, std::string_view path) const {
  const auto asked = segments_of(path);
  Match best;
  int best_literals = -1;
  for (std::size_t index = 0; index < routes_.size(); ++index) {
    const Route& route = routes_[index];
    const auto& wanted = wanted_[index];
    if (wanted.size() != asked.size()) continue;
    int literals = 0;
    bool fits = true;
    for (std::size_t i = 0; i < wanted.size() && fits; ++i) {
      if (parameter(wanted[i])) continue;
      fits = wanted[i] == asked[i];
      ++literals;
    }
    if (!fits) continue;
    best.methods.insert(route.method);
    if (route.method != method || literals <= best_literals) continue;
    best_literals = literals;
    best.route = &route;
    best.params.clear();
    for (std::size_t i = 0; i < wanted.size(); ++i)
      if (parameter(wanted[i])) best.params.emplace(wanted[i].substr(1, wanted[i].size() - 2), asked[i]);
  }
  return best;
}

// One request on its way to its answer.
struct Portal::Turn {
  Turn(const Portal& portal, const Request& request) : visit(portal, request) {}
  const std::chrono::steady_clock::time_point began = std::chrono::steady_clock::now();
  Visit visit;
  const Route* route = nullptr;  // null where none fits
  std::string_view pattern;      // of the metrics
  std::optional<Ready> ready;
  std::optional<Response> response;

  void take(Handled handled) {
    if (auto* made = std::get_if<Ready>(&handled))
      ready = std::move(*made);
    else
      response = std::get<Response>(std::move(handled));
  }
};

bool Portal::begins_together(const Head& head) {
  return head.method == "POST" && head.path.starts_with("/api/v1/cases/") && head.path.find("/commands/") != std::string::npos;
}

Response Portal::handle(const Request& request) const {
  Turn turn(*this, request);
  admit(turn);
  if (!turn.response) guarded(turn, [&] { turn.take(turn.route->handler(turn.visit)); });
  if (turn.ready) guarded(turn, [&] { turn.response = turn.ready->answer(turn.visit, wiring_.engine.execute(turn.ready->command)); });
  return finished(turn);
}

void Portal::begin(const std::vector<const Request*>& requests, std::function<void(std::function<std::vector<Response>()>)> resume) const {
  const auto turns = std::make_shared<std::deque<Turn>>();
  for (const Request* request : requests) turns->emplace_back(*this, *request);
  std::vector<Command> commands;
  try {
    hear(*turns);
    for (Turn& turn : *turns)
      if (turn.ready) commands.push_back(std::move(turn.ready->command));
  } catch (const std::exception&) {
    fail(*turns);
    commands.clear();
  }
  if (commands.empty()) return resume([this, turns] { return finished(*turns, {}); });
  wiring_.engine.submit(std::move(commands), [this, turns, resume = std::move(resume)](Engine::Decisions decisions) {
    resume([this, turns, decisions = std::move(decisions)] { return finished(*turns, decisions); });
  });
}

// Who asks is looked up for all of them at one moment of the database; what a handler writes is not to be missed by what it reads after.
void Portal::hear(std::deque<Turn>& turns) const {
  const auto admit_all = [&] {
    for (Turn& turn : turns) admit(turn);
  };
  if (turns.size() == 1)
    admit_all();
  else
    wiring_.engine.database().read_together(admit_all);
  for (Turn& turn : turns)
    if (!turn.response) guarded(turn, [&] { turn.take(turn.route->handler(turn.visit)); });
}

// What is being thrown is the answer of those who have none.
void Portal::fail(std::deque<Turn>& turns) const {
  for (Turn& turn : turns)
    if (!turn.response) guarded(turn, [] { throw; });
}

std::vector<Response> Portal::finished(std::deque<Turn>& turns, const Engine::Decisions& decisions) const {
  try {
    std::vector<Engine::Decision> decided;
    if (decisions) decided = decisions();
    auto next = decided.begin();
    for (Turn& turn : turns) {
      if (turn.response) continue;
      const Engine::Decision& one = *next++;
      guarded(turn, [&] {
        if (const auto* failure = std::get_if<std::exception_ptr>(&one)) std::rethrow_exception(*failure);
        turn.response = turn.ready->answer(turn.visit, std::get<Answer>(one));
      });
    }
  } catch (const std::exception&) {
    fail(turns);
  }
  std::vector<Response> all;
  for (Turn& turn : turns) all.push_back(finished(turn));
  return all;
}

// What a step throws is answered, too.
void Portal::guarded(Turn& turn, const std::function<void()>& step) const {
  const Visit& visit = turn.visit;
  try {
    step();
  } catch (const Fault& fault) {
    turn.response = visit.error(fault.status, fault.what());
  } catch (const std::exception& failure) {
    const std::string& id = visit.request.id;
    std::cerr << json::serialize(
                     json::object{{"level", "error"}, {"request", id}, {"path", visit.request.path}, {"failure", failure.what()}})
              << std::endl;
    turn.response = visit.error(500, visit.say("Something went wrong on our side. Nothing you entered was changed. Reference: {}", id));
  }
}

Response Portal::finished(Turn& turn) const {
  Response response = std::move(*turn.response);
  const Request& request = turn.visit.request;
  add_safety(response, turn.pattern != "/assets/");
  response.set("X-Request-Id", request.id);
  metrics_->answered(request.method, turn.pattern, response.status,
                     std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - turn.began));
  return response;
}

Response Portal::refuse(const Reject& bad) const {
  Request request;
  request.path = bad.path.empty() ? "/" : bad.path;
  Visit visit(*this, request);
  Response response = visit.error(bad.status, bad.sentence);
  add_safety(response, true);
  metrics_->answered("", "refused", response.status, {});
  return response;
}

void Portal::identify(Visit& visit) const {
  const Instant now = wiring_.wall_clock();
  const Date today = wiring_.engine.today();
  Database& database = wiring_.engine.database();
  const std::string_view authorization = visit.request.header("authorization");
  std::optional<Visitor> visitor;
  std::optional<SignIn> found;
  database.read([&](Session& session) {
    if (visit.is_api() && authorization.starts_with("Bearer ")) {
      const auto token = find_api_token(session, authorization.substr(7), now);
      if (!token) return;
      visit.read_only = token->scope == "read";
      visitor = find_visitor(session, token->person, today);
      visit.by_token = visitor.has_value();
      return;
    }
    found = find_sign_in(session, visit.request.cookie(cookie_name));
    if (found) visitor = find_visitor(session, found->person, today);
  });
  visit.language = language_of(found ? std::string_view(found->language) : visit.request.cookie("language"));
  visit.known = found.has_value();
  if (!visitor || (found && has_expired(*found, visitor->is_staff(), now, wiring_.limits))) return;
  if (found && !found->provider.empty() && !is_for(provider_named(visit, found->provider), *visitor)) return;
  if (found && now - found->seen > std::chrono::minutes(1)) database.write([&](Transaction& tx) { touch_sign_in(tx, found->id, now); });
  visit.sign_in = std::move(found);
  visit.visitor = std::move(*visitor);
}

// What was typed is kept and given back after signing in.
Response Portal::ask_to_sign_in(Visit& visit) const {
  if (visit.is_api()) return visit.problem(401, "unauthorized", visit.say("Sign in, or send a token: Authorization: Bearer …"));
  std::string next = visit.request.target;
  // Of somebody who was never signed in, no more is kept than a form that was typed.
  constexpr std::size_t strangers_bytes_max = 64 * 1024;
  if (visit.request.method == "POST" && (visit.known || visit.request.body.size() <= strangers_bytes_max)) {
    const std::string token = random_token();
    const KeptForm kept = form_to_keep(visit.request);
    wiring_.engine.database().write([&](Transaction& tx) { keep_form(tx, token, kept, wiring_.wall_clock()); });
    next = "/resume/" + token;
  }
  return visit.go("/sign-in?next=" + percent_encoded(next) + (next.starts_with("/resume/") ? "&kept=1" : ""));
}

void Portal::admit(Turn& turn) const {
  guarded(turn, [&] { turn.response = turned_away(turn); });
}

// Who asks, for what, and whether they may: nothing where the route's handler is to answer.
std::optional<Response> Portal::turned_away(Turn& turn) const {
  Visit& visit = turn.visit;
  const Request& request = visit.request;
  if (request.path.starts_with("/assets/")) {
    turn.pattern = "/assets/";
    return assets_.serve(request, request.path.substr(8));
  }
  const std::string method = request.method == "HEAD" ? "GET" : request.method;
  Match found = match(method, request.path);
  identify(visit);
  if (found.route == nullptr) {
    if (found.methods.empty()) return visit.error(404, visit.say("There is no page at this address."));
    Response response = visit.error(405, visit.say("This address does not take {}.", request.method));
    return response.set("Allow", join({found.methods.begin(), found.methods.end()}, ", "));
  }
  turn.route = found.route;
  turn.pattern = found.route->pattern;
  visit.params = std::move(found.params);
  return turned_away(*found.route, visit);
}

// The case and the company that the address names.
bool Portal::find_named(const Route& route, Visit& visit) const {
  const auto case_id = visit.params.find("case"), company_id = visit.params.find("company");
  if (case_id == visit.params.end() && company_id == visit.params.end()) return false;
  wiring_.engine.database().read([&](Session& session) {
    if (case_id != visit.params.end())
      visit.on = route.light ? find_case_head(session, case_id->second) : find_case(session, case_id->second);
    if (visit.on && route.light) {
      visit.company.emplace().id = visit.on->company;
    } else if (visit.on) {
      visit.company = find_company(session, visit.on->company);
    } else if (company_id != visit.params.end()) {
      visit.company = find_company(session, company_id->second);
    }
  });
  return true;
}

std::optional<Response> Portal::turned_away(const Route& route, Visit& visit) const {
  if (route.access != Access::anyone && !visit.visitor.signed_in()) return ask_to_sign_in(visit);
  if (!permitted(route.access, visit.visitor)) return visit.error(403, visit.say("This page is not for your role."));
  const bool names_one = find_named(route, visit);
  if (names_one && (!visit.company || !visit.may(Verb::see) || (visit.on && !visit.sees(*visit.on)))) {
    visit.on.reset();
    visit.company.reset();
    return visit.error(404, visit.say("There is no such case or company, or it is not yours."));
  }
  if (route.method == "POST" && visit.read_only) return visit.error(403, visit.say("This token may only read."));
  if (route.method == "POST" && !visit.by_token) {
    if (!visit.is_api()) visit.form = parse_form(visit.request);
    if (forged(visit))
      return visit.error(
          403,
          visit.say("This form was not made by this site, or for an earlier sign-in. Go back, load the page again and send it once more."));
  }
  return std::nullopt;
}

}  // namespace tradecase::http
