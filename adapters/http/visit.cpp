// What a handler does with its request: pages in the layout, where to go next, and commands as the visitor.
#include <algorithm>

#include "adapters/http/portal.hpp"
#include "adapters/http/portal/rooms.hpp"
#include "adapters/http/told.hpp"
#include "adapters/http/uploads.hpp"

namespace tradecase::http {
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
