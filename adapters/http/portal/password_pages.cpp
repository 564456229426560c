// S1 one's own password and second factor, where this installation keeps local accounts.
#include "adapters/http/accounts_store.hpp"
#include "adapters/http/portal/rooms.hpp"
#include "adapters/http/qr_code.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

Account account_or_stop(const Visit& visit) {
  const auto account = visit.engine.database().read([&](Session& session) { return find_account(session, visit.visitor.person.id); });
  if (!account) throw Fault(404, visit.say("You sign in elsewhere: this installation keeps no password of yours."));
  return *account;
}

// "ABCD EFGH …": easier to type.
std::string grouped(const std::string& secret) {
  std::string out;
  for (std::size_t i = 0; i < secret.size(); ++i) {
    if (i > 0 && i % 4 == 0) out += ' ';
    out += secret[i];
  }
  return out;
}

// `secret`: of a second factor being set up, "" where none is.
Response show_password(Visit& visit, const std::string& secret, const std::vector<Problem>& problems) {
  const Account account = account_or_stop(visit);
  const std::string otpauth = secret.empty() ? "" : otpauth_address(secret, visit.visitor.person.email);
  json::object fields{{"second_factor", account.second_factor()},
                      {"least", account.second_factor() ? password_length_beside : password_length_alone},
                      {"alone", password_length_alone},
                      {"secret", secret},
                      {"secret_grouped", grouped(secret)},
                      {"otpauth", otpauth},
                      {"html_qr", secret.empty() ? "" : qr_svg(otpauth, visit.say("QR code of the secret below"))},
                      {"email", visit.visitor.person.email}};
  for (auto& [name, value] : problem_views(visit, problems, {"current", "new", "code", "remove"})) fields[name] = std::move(value);
  return visit.page("password", titled(visit, visit.say("Password and second factor"), problems), std::move(fields),
                    problems.empty() ? 200 : 422);
}

Response show_mine(Visit& visit) {
  const bool kept_here =
      visit.engine.database().read([&](Session& session) { return find_account(session, visit.visitor.person.id).has_value(); });
  if (!kept_here) return visit.go("/account", visit.say("You sign in elsewhere: this installation keeps no password of yours."));
  return show_password(visit, "", {});
}

// The password typed as it is now; counted like a try to sign in.
bool knows_password(Visit& visit, const Account& account, std::string_view typed) {
  const Instant now = visit.portal.wiring().wall_clock();
  Database& database = visit.engine.database();
  const std::string& email = visit.visitor.person.email;
  const auto wait = database.write([&](Transaction& tx) { return begin_try(tx, email, visit.request.peer, now); });
  if (wait) throw Fault(429, visit.say("There were too many tries. Try again after {}.", moment_words(visit, *wait)));
  if (!password_fits(account.hash, typed.substr(0, password_bytes_max + 1))) return false;
  database.write([&](Transaction& tx) { try_succeeded(tx, email, visit.request.peer); });
  return true;
}

Response change_password(Visit& visit) {
  const Account account = account_or_stop(visit);
  const std::string_view wanted = visit.form.fields.get("new");
  std::vector<Problem> problems;
  if (const auto why = password_problem(wanted, account.second_factor(), visit.visitor.person.email))
    problems.push_back({"new", visit.say(*why)});
  if (problems.empty() && !knows_password(visit, account, visit.form.fields.get("current")))
    problems.push_back({"current", visit.say("This is not your password.")});
  if (!problems.empty()) return show_password(visit, "", problems);
  const std::string hash = hash_password(wanted);
  visit.engine.database().write([&](Transaction& tx) {
    set_password(tx, account.person, hash);
    end_sign_ins_of(tx, account.person, visit.sign_in->id);
    record_line(tx, "people", "set_password", account.person, visit.engine.now(), {{"person", account.person}});
  });
  return visit.go("/account", visit.say("Your password is changed. Your other sign-ins are ended."));
}

Response begin_second_factor(Visit& visit) {
  if (account_or_stop(visit).second_factor()) throw Fault(422, visit.say("You have a second factor already."));
  return show_password(visit, new_totp_secret(), {});
}

// The secret came with the page and comes back with the first code: only its owner can make that.
Response confirm_second_factor(Visit& visit) {
  const Account account = account_or_stop(visit);
  const std::string secret(visit.form.fields.get("secret"));
  if (account.second_factor() || secret.size() != 32 || !from_base32(secret))
    throw Fault(422, visit.say("Begin once more: this secret is not ours."));
  const auto step = totp_step_of(secret, visit.form.fields.get("code"), visit.portal.wiring().wall_clock(), 0);
  if (!step) return show_password(visit, secret, {{"code", visit.say("That is not the code of this minute. Wait for the next one.")}});
  visit.engine.database().write([&](Transaction& tx) {
    set_second_factor(tx, account.person, secret, *step);
    record_line(tx, "people", "set_second_factor", account.person, visit.engine.now(), {{"person", account.person}});
  });
  return visit.go("/account", visit.say("From now on a code is asked for when you sign in."));
}

Response remove_second_factor(Visit& visit) {
  const Account account = account_or_stop(visit);
  const std::string_view typed = visit.form.fields.get("remove");
  std::vector<Problem> problems;
  if (!knows_password(visit, account, typed))
    problems.push_back({"remove", visit.say("This is not your password.")});
  else if (password_problem(typed, false, visit.visitor.person.email))
    problems.push_back(
        {"remove", visit.say("Alone, your password is too short. Choose one of {} characters first.", password_length_alone)});
  if (!problems.empty()) return show_password(visit, "", problems);
  visit.engine.database().write([&](Transaction& tx) {
    set_second_factor(tx, account.person, "", 0);
    record_line(tx, "people", "remove_second_factor", account.person, visit.engine.now(), {{"person", account.person}});
  });
  return visit.go("/account", visit.say("The second factor is taken away."));
}

}  // namespace

void add_password_routes(Routes& routes) {
  const Access access = Access::signed_in;
  const std::string factor = "/account/second-factor";
  routes.push_back({"GET", "/account/password", "S1", access, show_mine, "My password and second factor"});
  routes.push_back({"POST", "/account/password", "S1", access, change_password, "Change my password"});
  routes.push_back({"POST", factor, "S1", access, begin_second_factor, "Set up a second factor; its secret is shown once"});
  routes.push_back({"POST", factor + "/confirm", "S1", access, confirm_second_factor, "Confirm the second factor by its first code"});
  routes.push_back({"POST", factor + "/remove", "S1", access, remove_second_factor, "Take the second factor away"});
}

}  // namespace tradecase::http
