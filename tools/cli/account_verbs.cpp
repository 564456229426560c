// account: passwords of people who sign in here, and who people are at an identity provider.
#include <iostream>

#include "adapters/http/accounts_store.hpp"
#include "adapters/http/session_store.hpp"
#include "tools/cli/shell.hpp"

namespace tradecase {
namespace {

std::string password_from_input() {
  std::string password;
  if (!std::getline(std::cin, password) || password.empty())
    stop(RefusalCode::invalid, "The password is read from standard input, one line.");
  if (password.back() == '\r') password.pop_back();
  return password;
}

int set_password(Shell& shell, const std::string& email) {
  const Person person = shell.person(email);
  Site& site = shell.site();
  const auto account = site.database().read([&](Session& session) { return http::find_account(session, person.id); });
  const std::string password = password_from_input();
  if (const auto problem = http::password_problem(password, account && account->second_factor(), person.email))
    stop(RefusalCode::invalid, *problem);
  const std::string hash = http::hash_password(password);
  site.database().write([&](Transaction& tx) {
    http::set_password(tx, person.id, hash);
    http::end_sign_ins_of(tx, person.id, 0);
    record_line(tx, "people", "set_password", "operator", site.engine().now(), {{"person", person.id}});
  });
  if (shell.as_json)
    shell.print(json::object{{"person", person.id}});
  else
    std::cout << person.name << " signs in with the new password. All sign-ins of before are ended.\n";
  return 0;
}

int remove_second_factor(Shell& shell, const std::string& email) {
  const Person person = shell.person(email);
  Site& site = shell.site();
  site.database().write([&](Transaction& tx) {
    const auto account = http::find_account(tx, person.id);
    if (!account || !account->second_factor()) stop(RefusalCode::not_found, email + " has no second factor.");
    http::set_second_factor(tx, person.id, "", 0);
    http::end_sign_ins_of(tx, person.id, 0);
    record_line(tx, "people", "remove_second_factor", "operator", site.engine().now(), {{"person", person.id}});
  });
  if (shell.as_json)
    shell.print(json::object{{"person", person.id}});
  else
    std::cout << person.name << " has no second factor any more. Set a password of " << http::password_length_alone
              << " characters or more.\n";
  return 0;
}

int forget_provider(Shell& shell, const std::string& email) {
  const Person person = shell.person(email);
  Site& site = shell.site();
  site.database().write([&](Transaction& tx) {
    if (http::forget_identities(tx, person.id) == 0) stop(RefusalCode::not_found, email + " is bound to no identity provider.");
    http::end_sign_ins_of(tx, person.id, 0);
    record_line(tx, "people", "forget_identity", "operator", site.engine().now(), {{"person", person.id}});
  });
  if (shell.as_json)
    shell.print(json::object{{"person", person.id}});
  else
    std::cout << person.name << " is bound anew at the next sign-in. All sign-ins of before are ended.\n";
  return 0;
}

}  // namespace

void add_account_verbs(CLI::App& app, Shell& shell, Action& action) {
  auto* accounts = app.add_subcommand("account", "how people sign in: passwords kept here, identity providers")->require_subcommand(1);
  auto as = std::make_shared<std::string>();
  auto* set = accounts->add_subcommand("set-password", "a person's password, read from standard input")
                  ->footer("Example:\n  tradecase account set-password --as op@agency.example --db live.db < password.txt");
  set->add_option("--as", *as, "whose: an e-mail address")->required();
  set->callback([&shell, &action, as] { action = [&shell, as] { return set_password(shell, *as); }; });
  auto* removed = accounts->add_subcommand("remove-second-factor", "for somebody who has lost the app that makes the codes");
  removed->add_option("--as", *as, "whose: an e-mail address")->required();
  removed->callback([&shell, &action, as] { action = [&shell, as] { return remove_second_factor(shell, *as); }; });
  auto* forgotten = accounts->add_subcommand("forget-provider", "for somebody who has a new account at the identity provider");
  forgotten->add_option("--as", *as, "whose: an e-mail address")->required();
  forgotten->callback([&shell, &action, as] { action = [&shell, as] { return forget_provider(shell, *as); }; });
}

}  // namespace tradecase
