// S1 my account: who I am, my sign-ins, language, mail choices, tokens for machines.
#include <algorithm>

#include "adapters/http/accounts_store.hpp"
#include "adapters/http/portal/account_acts.hpp"
#include "adapters/http/portal/rooms.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

// "Firefox on Windows": what a browser says of itself, as words.
std::string device_words(const Visit& visit, const std::string& agent) {
  struct Mark {
    const char* sign;
    const char* name;
  };
  constexpr Mark browsers[] = {{"Edg/", "Edge"},      {"OPR/", "Opera"},     {"Firefox/", "Firefox"},
                               {"Chrome/", "Chrome"}, {"Safari/", "Safari"}, {"curl/", "curl"}};
  constexpr Mark systems[] = {{"Windows", "Windows"}, {"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"},
                              {"Mac OS X", "macOS"},  {"CrOS", "ChromeOS"},   {"Linux", "Linux"}};
  const auto found = [&](const auto& marks) -> std::string {
    for (const Mark& mark : marks)
      if (agent.find(mark.sign) != std::string::npos) return mark.name;
    return "";
  };
  const std::string browser = found(browsers), system = found(systems);
  if (browser.empty() && system.empty()) return visit.say("An unknown device");
  if (browser.empty() || system.empty()) return browser + system;
  return visit.say("{} on {}", browser, system);
}

json::array sign_in_views(const Visit& visit, Session& session) {
  json::array all;
  for (const SignIn& one : sign_ins_of(session, visit.visitor.person.id)) {
    if (has_expired(one, visit.visitor.is_staff(), visit.portal.wiring().wall_clock(), visit.portal.wiring().limits)) continue;
    all.push_back(json::object{{"id", one.id},
                               {"device", device_words(visit, one.agent)},
                               {"began", moment_words(visit, one.began)},
                               {"seen", moment_words(visit, one.seen)},
                               {"this_one", one.id == visit.sign_in->id}});
  }
  return all;
}

json::array token_views(const Visit& visit, Session& session) {
  json::array all;
  for (const ApiToken& token : api_tokens_of(session, visit.visitor.person.id))
    all.push_back(json::object{{"id", token.id},
                               {"label", token.name},
                               {"scope", visit.say(token.scope == "read" ? "may read" : "may read and act")},
                               {"made", moment_words(visit, token.made)},
                               {"expires", moment_words(visit, token.expires)},
                               {"over", token.expires <= visit.portal.wiring().wall_clock()}});
  return all;
}

json::array day_views(const Visit& visit, std::string_view chosen) {
  json::array all;
  for (const int days : token_days)
    all.push_back(json::object{
        {"value", days}, {"label", visit.say("{} days", days)}, {"chosen", chosen.empty() ? days == 90 : chosen == std::to_string(days)}});
  return all;
}

Response show_account(Visit& visit, const std::vector<Problem>& problems, const std::string& new_token) {
  const Person& person = visit.visitor.person;
  json::object fields{{"name", person.name},
                      {"job", person.title},
                      {"email", person.email},
                      {"phone", person.phone},
                      {"new_token", new_token},
                      {"spanish", visit.language == Language::spanish},
                      {"token_name", problems.empty() ? "" : std::string(visit.form.fields.get("name"))},
                      {"write_scope", visit.form.fields.get("scope") == "write"},
                      {"days", day_views(visit, visit.form.fields.get("days"))}};
  visit.engine.database().read([&](Session& session) {
    json::array roles, mails;
    for (const Grant& grant : grants_of(session, person.id)) roles.emplace_back(role_words(visit, session, grant));
    for (const Grant& grant : notice_choices(visit, session))
      mails.push_back(json::object{
          {"value", grant.role + ":" + grant.company}, {"label", role_words(visit, session, grant)}, {"chosen", grant.notices}});
    const auto delegate = delegate_of(session, person.id, visit.today());
    const auto acting = delegate ? find_person(session, *delegate) : std::nullopt;
    fields["has_password"] = find_account(session, person.id).has_value();
    fields["delegate"] = acting ? acting->name : "";
    fields["roles"] = std::move(roles);
    fields["has_mails"] = !mails.empty();
    fields["mails"] = std::move(mails);
    const json::array sign_ins = sign_in_views(visit, session);
    fields["others"] = sign_ins.size() > 1;
    fields["sign_ins"] = sign_ins;
    const json::array tokens = token_views(visit, session);
    fields["has_tokens"] = !tokens.empty();
    fields["tokens"] = tokens;
  });
  for (auto& [name, value] : problem_views(visit, problems, {"name", "scope", "days", "notices"})) fields[name] = std::move(value);
  return visit.page("account", titled(visit, visit.say("My account"), problems), std::move(fields), problems.empty() ? 200 : 422);
}

Response end_one(Visit& visit) {
  const std::int64_t id = number_or_stop(visit, visit.params.at("id"));
  if (id == visit.sign_in->id) return visit.go("/account", visit.say("This is the sign-in you are using. Sign out to end it."));
  const bool ended = visit.engine.database().write([&](Transaction& tx) { return end_own_sign_in(visit, tx, id); });
  return visit.go("/account", ended ? visit.say("That sign-in is ended.") : visit.say("That sign-in had ended before."));
}

Response end_others(Visit& visit) {
  visit.engine.database().write([&](Transaction& tx) { end_other_sign_ins(visit, tx); });
  return visit.go("/account", visit.say("All your other sign-ins are ended."));
}

Response choose_mail(Visit& visit) {
  try {
    visit.engine.database().write([&](Transaction& tx) { choose_notices(visit, tx, visit.form.fields.all("notices")); });
  } catch (const Fault& nobody_left) {
    return show_account(visit, {{"notices", nobody_left.what()}}, "");
  }
  return visit.go("/account", visit.say("Your mail choices are kept."));
}

Response make_own_token(Visit& visit) {
  const std::string token = random_token();
  const auto problems = visit.engine.database().write([&](Transaction& tx) { return make_token(visit, tx, visit.form.fields, token); });
  return show_account(visit, problems, problems.empty() ? token : "");
}

Response revoke_own_token(Visit& visit) {
  const std::int64_t id = number_or_stop(visit, visit.params.at("id"));
  visit.engine.database().write([&](Transaction& tx) { revoke_token(visit, tx, id); });
  return visit.go("/account", visit.say("That token holds no more."));
}

// Asked for by the time-out warning's button.
Response extend(Visit& visit) {
  visit.engine.database().write([&](Transaction& tx) { touch_sign_in(tx, visit.sign_in->id, visit.portal.wiring().wall_clock()); });
  Response response;
  response.status = 204;
  response.type = "text/plain; charset=utf-8";
  return response;
}

}  // namespace

void add_account_routes(Routes& routes) {
  const Access access = Access::signed_in;
  routes.push_back({"GET", "/account", "S1", access, [](Visit& v) { return show_account(v, {}, ""); }, "My account"});
  routes.push_back({"POST", "/account/extend", "S1", access, extend, "Stay signed in"});
  routes.push_back({"POST", "/account/sign-ins/{id}/end", "S1", access, end_one, "End one of my sign-ins"});
  routes.push_back({"POST", "/account/sign-ins/end-others", "S1", access, end_others, "End all my other sign-ins"});
  routes.push_back({"POST", "/account/mail", "S1", access, choose_mail, "Choose which notices I get"});
  routes.push_back({"POST", "/account/tokens", "S1", access, make_own_token, "Make a token for a machine"});
  routes.push_back({"POST", "/account/tokens/{id}/revoke", "S1", access, revoke_own_token, "Revoke a token"});
  add_password_routes(routes);
  add_webhook_routes(routes);
  add_message_routes(routes);
  add_search_routes(routes);
}

}  // namespace tradecase::http
