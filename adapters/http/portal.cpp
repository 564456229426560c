#include "adapters/http/portal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <iostream>
#include <mutex>

#include "adapters/http/api.hpp"
#include "adapters/http/portal/case_store.hpp"
#include "adapters/http/portal/rooms.hpp"
#include "adapters/http/told.hpp"
#include "adapters/http/uploads.hpp"
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

Response Portal::handle(const Request& request) const {
  Response response;
  const auto began = std::chrono::steady_clock::now();
  const bool asset = request.path.starts_with("/assets/");
  std::string_view pattern = asset ? "/assets/" : "";
  Visit visit(*this, request);
  try {
    response = asset ? assets_.serve(request, request.path.substr(8)) : answer(visit, pattern);
  } catch (const Fault& fault) {
    response = visit.error(fault.status, fault.what());
  } catch (const std::exception& failure) {
    std::cerr << json::serialize(
                     json::object{{"level", "error"}, {"request", request.id}, {"path", request.path}, {"failure", failure.what()}})
              << std::endl;
    response = visit.error(500, visit.say("Something went wrong on our side. Nothing you entered was changed. Reference: {}", request.id));
  }
  add_safety(response, !asset);
  response.set("X-Request-Id", request.id);
  metrics_->answered(request.method, pattern, response.status,
                     std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - began));
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

Response Portal::answer(Visit& visit, std::string_view& pattern) const {
  const Request& request = visit.request;
  const std::string method = request.method == "HEAD" ? "GET" : request.method;
  Match found = match(method, request.path);
  identify(visit);
  if (found.route == nullptr) {
    if (found.methods.empty()) return visit.error(404, visit.say("There is no page at this address."));
    Response response = visit.error(405, visit.say("This address does not take {}.", request.method));
    return response.set("Allow", join({found.methods.begin(), found.methods.end()}, ", "));
  }
  pattern = found.route->pattern;
  visit.params = std::move(found.params);
  return call(*found.route, visit);
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

Response Portal::call(const Route& route, Visit& visit) const {
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
  return route.handler(visit);
}

// ---- Visit -----------------------------------------------------------------------------------------------------------------

namespace {

json::array navigation(const Visit& visit) {
  json::array all;
  const auto add = [&](const char* path, std::string label) {
    const bool here = visit.request.path == path;
    all.push_back(json::object{{"href", path}, {"label", std::move(label)}, {"current", here}});
  };
  const Visitor& who = visit.visitor;
  if (!who.signed_in()) return all;
  if (!who.companies.empty()) {
    add("/", visit.say("Home"));
    add("/benefits", visit.say("Benefits"));
    add("/company", visit.say("Company and people"));
    add("/calendar", visit.say("Calendar"));
    add("/history", visit.say("History"));
  }
  if (may(who, Verb::see_team, "")) {
    add("/queue", visit.say("Queue"));
    add("/due", visit.say("Due dates"));
    add("/workload", visit.say("Workload"));
    add("/companies", visit.say("Companies"));
    if (who.staff.any_of({Role::compliance, Role::auditor})) add("/engagements", visit.say("Surveys and audits"));
    if (who.staff.any_of({Role::compliance, Role::auditor})) add("/templates", visit.say("Templates"));
  }
  if (may(who, Verb::operate, ""))
    add("/operator", visit.say("Operation"));
  else if (who.staff.has(Role::compliance))
    add("/operator/rules", visit.say("Rules"));
  add("/messages", visit.say("Messages"));
  add("/search", visit.say("Search"));
  return all;
}

}  // namespace

Response Visit::page(const std::string& name, const std::string& title, json::object fields, int status) const {
  fields["csrf"] = sign_in ? sign_in->csrf : "";
  fields["title"] = title;
  fields["meanwhile"] = meanwhile;
  const Assets& assets = portal.assets();
  json::object around{
      {"lang", json::string(code_of(language))},
      {"title", title},
      {"html_main", portal.pages().render(name, language, fields)},
      {"signed_in", visitor.signed_in()},
      {"name", visitor.person.name},
      {"nav", navigation(*this)},
      {"notice", sign_in ? sign_in->notice : ""},
      {"webhook_off", request.path != "/webhooks" && webhooks_switched_off(*this) > 0},
      {"csrf", sign_in ? sign_in->csrf : ""},
      {"here", request.path},
      {"spanish", language == Language::spanish},
      {"sandbox", portal.wiring().sandbox},
      {"today", portal.wiring().sandbox ? weekday(today()) : ""},
      {"today_iso", to_text(today())},
      {"css_uswds", assets.address("uswds.min.css")},
      {"css_app", assets.address("app.css")},
      {"js_init", assets.address("uswds-init.min.js")},
      {"js_uswds", assets.address("uswds.min.js")},
      {"js_app", assets.address("app.js")},
      {"icon", assets.address("favicon.svg")},
      {"session_seconds",
       sign_in ? json::value(time_left(*sign_in, visitor.is_staff(), portal.wiring().wall_clock(), portal.wiring().limits).count())
               : json::value(nullptr)},
  };
  if (sign_in && !sign_in->notice.empty()) engine.database().write([&](Transaction& tx) { set_notice(tx, sign_in->id, ""); });
  Response response;
  response.status = status;
  response.body = portal.pages().render("layout", language, around);
  return response;
}

Response Visit::go(const std::string& path, const std::string& notice) const {
  if (!notice.empty() && sign_in) engine.database().write([&](Transaction& tx) { set_notice(tx, sign_in->id, notice); });
  Response response;
  response.status = 303;
  response.type = "text/plain; charset=utf-8";
  return response.set("Location", path);
}

bool Visit::sees(const Case& one) const {
  if (http::may(visitor, Verb::see_internal, one.company)) return true;
  if (!http::may(visitor, Verb::see, one.company) || words().told_as(one.workflow, one.state).empty()) return false;
  return engine.database().read(
      [&](Session& session) { return told_of_state(session, words(), programme().workflows.get(one.workflow), one.id, one.state); });
}

Answer Visit::send(std::string_view command, json::object body) const {
  Command said;
  said.case_id = on ? on->id : "";
  said.name = command;
  said.body = std::move(body);
  said.actor = visitor.person.id;
  said.key = form.fields.get("key");
  const std::string version(form.fields.get("version"));
  if (!version.empty() && version.size() < 10 && std::ranges::all_of(version, [](char c) { return c >= '0' && c <= '9'; }))
    said.expected_version = std::stoll(version);
  return execute(said);
}

Answer Visit::execute(const Command& command) const {
  Answer answer = execute_with_files(*this, command);
  auto* refusal = std::get_if<Refusal>(&answer);
  if (refusal == nullptr || !on) return answer;
  refusal->sentence = refusal->code == RefusalCode::conflict && !visitor.is_staff()
                          ? say("This case has changed since you opened it.")
                          : words().in_words(programme().workflows.get(on->workflow), refusal->sentence);
  return answer;
}

}  // namespace tradecase::http
