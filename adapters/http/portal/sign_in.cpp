// S0 notice and sign-in, signing out, language, the sandbox's clock, and what a form held when its sign-in had expired.
#include "adapters/http/portal.hpp"

#include "adapters/http/accounts_store.hpp"
#include "adapters/http/portal/people_acts.hpp"
#include "adapters/http/portal/rooms.hpp"
#include "engine/store/languages.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

constexpr char cookie_name[] = "__Host-session";

std::string cookie(const std::string& token, const char* more) {
  return std::string(cookie_name) + "=" + token + "; Path=/; Secure; HttpOnly; SameSite=Lax" + more;
}

std::string home_of(const Visitor& visitor) {
  if (!visitor.companies.empty()) return "/";
  return may(visitor, Verb::see_team, "") ? "/queue" : "/";
}

std::string role_title(Role role) {
  const auto choices = role_choices();
  const auto found = std::ranges::find(choices, to_text(role), [](const RoleChoice& one) { return std::string_view(one.code); });
  return found == choices.end() ? std::string(to_text(role)) : found->label;
}

// The sandbox offers its people, one line a role, so that anybody can look at the work from each side.
json::array people_to_be(const Visit& visit) {
  json::array all;
  if (!visit.portal.wiring().sandbox) return all;
  visit.engine.database().read([&](Session& session) {
    std::set<std::string> offered;
    for (const Person& person : all_people(session)) {
      if (person.departed_on) continue;
      for (const Grant& grant : grants_of(session, person.id)) {
        const auto role = parse_role(grant.role);
        if (!role) continue;
        const bool of_company = !grant.company.empty();
        if (!of_company && !offered.insert(grant.role).second) continue;
        if (of_company && (*role != Role::officer || offered.count("officer of a company") > 2)) continue;
        const auto company = of_company ? find_company(session, grant.company) : std::nullopt;
        all.push_back(json::object{{"email", person.email},
                                   {"name", person.name},
                                   {"staff", !of_company},
                                   {"role", of_company ? visit.say("Company officer, {}", company ? company->legal_name : grant.company)
                                                       : visit.say(role_title(*role))}});
        break;
      }
    }
  });
  std::stable_sort(all.begin(), all.end(), [](const json::value& a, const json::value& b) {
    return a.as_object().at("staff").as_bool() && !b.as_object().at("staff").as_bool();
  });
  if (all.size() > 24) all.resize(24);
  return all;
}

Response show_sign_in(Visit& visit, const std::string& email, const std::string& problem, int status = 422) {
  const json::array providers = provider_views(visit);
  return visit.page(
      "sign_in", problem.empty() ? visit.say("Sign in") : visit.say("Error: Sign in"),
      {{"next", own_path_or_home(visit.form.fields.has("next") ? visit.form.fields.get("next") : visit.request.query.get("next"))},
       {"kept", visit.request.query.has("kept")},
       {"email", email},
       {"problem", problem},
       {"sandbox", visit.portal.wiring().sandbox},
       {"providers", providers},
       {"has_providers", !providers.empty()},
       {"next_encoded", percent_encoded(own_path_or_home(visit.request.query.get("next")))},
       {"people", people_to_be(visit)}},
      problem.empty() ? 200 : status);
}

std::optional<Visitor> visitor_by_email(const Visit& visit, Session& session, std::string_view email) {
  const auto person = find_person_by_email(session, email);
  return person ? find_visitor(session, person->id, visit.today()) : std::nullopt;
}

// Takes as long and says the same whoever is asked for: nobody learns which addresses there are.
Response sign_in_by_password(Visit& visit, const std::string& email) {
  Database& database = visit.engine.database();
  const Instant now = visit.portal.wiring().wall_clock();
  const std::string_view peer = visit.request.peer, password = visit.form.fields.get("password");
  const auto wait = database.write([&](Transaction& tx) { return begin_try(tx, email, peer, now); });
  if (wait) return show_sign_in(visit, email, visit.say("There were too many tries. Try again after {}.", moment_words(visit, *wait)), 429);
  std::optional<Visitor> visitor;
  std::optional<Account> account;
  database.read([&](Session& session) {
    visitor = visitor_by_email(visit, session, email);
    if (visitor) account = find_account(session, visitor->person.id);
  });
  bool fits = password_fits(account ? account->hash : "", password.substr(0, password_bytes_max + 1));
  std::optional<std::int64_t> step;
  if (account && account->second_factor()) {
    step = totp_step_of(account->totp_secret, visit.form.fields.get("code"), now, account->totp_step);
    fits = fits && step;
  }
  if (fits)
    database.write([&](Transaction& tx) {
      try_succeeded(tx, email, peer);
      if (step) take_totp_step(tx, account->person, *step);
    });
  if (!fits) return show_sign_in(visit, email, visit.say("The address, the password or the code is not right."));
  return signed_in(visit, *visitor, "", visit.form.fields.get("next"));
}

Response sign_in(Visit& visit) {
  const std::string email = trimmed(visit.form.fields.get("email")).substr(0, 200);
  if (!visit.portal.wiring().sandbox) return sign_in_by_password(visit, email);
  const auto visitor = visit.engine.database().read([&](Session& session) { return visitor_by_email(visit, session, email); });
  if (!visitor) return show_sign_in(visit, email, visit.say("Nobody here has that e-mail address. Check its spelling."));
  return signed_in(visit, *visitor, "", visit.form.fields.get("next"));
}

Response sign_out(Visit& visit) {
  const std::string provider = visit.sign_in ? visit.sign_in->provider : "";
  if (visit.sign_in) visit.engine.database().write([&](Transaction& tx) { end_sign_in(tx, visit.sign_in->id); });
  return visit.go(provider.empty() ? "/sign-in" : "/signed-out/" + provider)
      .set("Set-Cookie", cookie("", "; Max-Age=0"))
      .set("Clear-Site-Data", "\"storage\"");
}

// What was typed before the sign-in expired, ready to be sent: one press goes on.
Response resume(Visit& visit) {
  const auto kept = visit.engine.database().write(
      [&](Transaction& tx) { return take_kept_form(tx, visit.params.at("token"), visit.portal.wiring().wall_clock()); });
  if (!kept) return visit.error(404, visit.say("What you had typed is not kept any more: it was sent already, or is older than a day."));
  Request as_sent;
  as_sent.body = kept->body;
  as_sent.headers = {{"content-type", kept->type}};
  const Form form = parse_form(as_sent);
  json::array fields;
  for (const auto& [name, value] : form.fields.list())
    if (name != "csrf") fields.push_back(json::object{{"field", name}, {"value", value}});
  return visit.page("resume", visit.say("Go on where you were"),
                    {{"action", own_path_or_home(kept->path)}, {"fields", fields}, {"uploads", kept->type.ends_with("; files=left")}});
}

Response choose_language(Visit& visit) {
  const Language language = language_of(visit.form.fields.get("language"));
  if (visit.sign_in)
    visit.engine.database().write([&](Transaction& tx) {
      set_language(tx, visit.sign_in->id, code_of(language));
      set_language_of(tx, visit.visitor.person.id, code_of(language));
    });
  return visit.go(own_path_or_home(visit.form.fields.get("next")))
      .set("Set-Cookie", "language=" + std::string(code_of(language)) + "; Path=/; Secure; SameSite=Lax; Max-Age=31536000");
}

Response advance_clock(Visit& visit) {
  if (!visit.portal.wiring().sandbox) return visit.error(404, visit.say("There is no page at this address."));
  const auto until = parse_date(visit.form.fields.get("until"));
  if (!until) return visit.error(422, visit.say("That is not a day that exists. Write it as 2026-12-22 or 12/22/2026."));
  const std::string next = own_path_or_home(visit.form.fields.get("next"));
  if (const auto why_not = visit.portal.wiring().advance_clock(*until)) return visit.go(next, *why_not);
  return visit.go(next, visit.say("The sandbox's clock stands at {}.", visit.date(visit.today())));
}

}  // namespace

Response signed_in(Visit& visit, const Visitor& visitor, std::string_view provider, std::string_view next) {
  const std::string token = random_token();
  const Instant now = visit.portal.wiring().wall_clock();
  visit.engine.database().write([&](Transaction& tx) {
    if (visit.sign_in) end_sign_in(tx, visit.sign_in->id);
    begin_sign_in(tx, token, visitor.person.id, visit.request.header("user-agent").substr(0, 200), code_of(visit.language), now, provider);
    record_line(tx, "people", "sign_in", visitor.person.id, visit.engine.now(), {});
  });
  const std::string path = own_path_or_home(next);
  return visit.go(path == "/" ? home_of(visitor) : path).set("Set-Cookie", cookie(token, ""));
}

void add_sign_in_routes(Routes& routes) {
  routes.push_back({"GET", "/sign-in", "S0", Access::anyone, [](Visit& v) { return show_sign_in(v, "", ""); }, "Notice and sign-in"});
  routes.push_back({"POST", "/sign-in", "S0", Access::anyone, sign_in, "Sign in"});
  routes.push_back({"POST", "/sign-out", "S0", Access::anyone, sign_out, "Sign out"});
  routes.push_back({"GET", "/resume/{token}", "S6", Access::signed_in, resume, "Go on with a form whose sign-in had expired"});
  routes.push_back({"POST", "/language", "S1", Access::anyone, choose_language, "Choose the language"});
  routes.push_back({"POST", "/clock", "S0", Access::signed_in, advance_clock, "Move a sandbox's clock"});
}

}  // namespace tradecase::http
