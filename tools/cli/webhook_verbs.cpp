// webhook: who is told of events, and telling them what is due.
#include <iostream>

#include "adapters/webhooks/address.hpp"
#include "adapters/webhooks/signing.hpp"
#include "tools/cli/shell.hpp"
#include "tools/cli/webhooks.hpp"

namespace tradecase {
namespace {

int list(Shell& shell) {
  const auto all = shell.site().database().read([](Session& session) { return find_webhooks(session, "where true order by id", {}); });
  json::array items;
  std::vector<std::vector<std::string>> rows;
  for (const Webhook& one : all) {
    items.push_back(json::object{{"webhook", one.id},
                                 {"owner", one.owner},
                                 {"company", one.company},
                                 {"url", one.url},
                                 {"types", json::value_from(one.types)},
                                 {"off_because", one.off_because}});
    rows.push_back({std::to_string(one.id), one.owner, one.company, one.url, one.off_since ? one.off_because : "on"});
  }
  if (shell.as_json)
    shell.print(items);
  else
    print_table({"webhook", "owner", "company", "address", "stands"}, rows);
  return 0;
}

struct Added {
  std::string as, company, url;
  std::vector<std::string> types;
};

int add(Shell& shell, const Added& asked) {
  Site& site = shell.site();
  const Person person = shell.person(asked.as);
  const bool loopback = site.sandbox() && site.config().webhooks_loopback == "yes";
  if (const auto problem = webhooks::url_problem(asked.url, loopback)) stop(RefusalCode::invalid, *problem);
  Webhook made;
  made.owner = person.id;
  made.company = asked.company;
  made.url = asked.url;
  made.types = asked.types;
  if (made.types.empty()) made.types.assign(webhook_types.begin(), webhook_types.end());
  made.secret = webhooks::new_secret();
  made.made_at = site.engine().now();
  const bool may = site.database().write([&](Transaction& tx) {
    const auto owner = http::find_visitor(tx, person.id, site.engine().today());
    if (!owner || !http::may_keep_webhooks(*owner, made.company)) return false;
    made.id = add_webhook(tx, made);
    record_line(tx, "webhook", "add", "operator", made.made_at,
                {{"webhook", made.id}, {"owner", made.owner}, {"company", made.company}, {"url", made.url}});
    return true;
  });
  if (!may) stop(RefusalCode::forbidden, "Staff keep webhooks of their own; for a company (--company ID) its officers do.");
  if (shell.as_json)
    shell.print(json::object{{"webhook", made.id}, {"secret", made.secret}});
  else
    std::cout << "Webhook " << made.id << ". Its secret, shown this once:\n" << made.secret << "\n";
  return 0;
}

int remove(Shell& shell, std::int64_t id) {
  Site& site = shell.site();
  const bool there = site.database().write([&](Transaction& tx) {
    const auto webhook = find_webhook(tx, id);
    if (!webhook) return false;
    remove_webhook(tx, id);
    record_line(tx, "webhook", "remove", "operator", site.engine().now(),
                {{"webhook", id}, {"owner", webhook->owner}, {"url", webhook->url}});
    return true;
  });
  if (!there) stop(RefusalCode::not_found, "There is no webhook " + std::to_string(id) + ".");
  if (shell.as_json) shell.print(json::object{{"removed", id}});
  return 0;
}

int deliver(Shell& shell) {
  Site& site = shell.site();
  if (!site.lock_work()) stop(RefusalCode::guard, "Another program does the work on this database; it needs nobody's help.");
  const webhooks::Told told = site.dispatch().pass();
  if (shell.as_json)
    shell.print(
        json::object{{"noted", told.noted}, {"delivered", told.delivered}, {"failed", told.failed}, {"switched_off", told.switched_off}});
  else
    std::cout << told.noted << " events noted, " << told.delivered << " delivered, " << told.failed << " not taken, " << told.switched_off
              << " webhooks switched off.\n";
  return 0;
}

}  // namespace

void add_webhook_verbs(CLI::App& app, Shell& shell, Action& action) {
  auto* verb = app.add_subcommand("webhook", "programs outside that are told of events")->require_subcommand(1);
  verb->add_subcommand("list", "who is told")->callback([&] { action = [&] { return list(shell); }; });

  auto asked = std::make_shared<Added>();
  auto* made =
      verb->add_subcommand("add", "tell one more; its secret is shown once")
          ->footer("Example:\n  tradecase webhook add --as paul.reyes@cbp.example --url https://hooks.partner.example/in --db live.db");
  made->add_option("--as", asked->as, "whose it is: an e-mail address")->required();
  made->add_option("--company", asked->company, "of an officer: whose cases");
  made->add_option("--url", asked->url, "where the events go")->required();
  made->add_option("--type", asked->types, "an event's name; once for each; all where none is said")
      ->check(CLI::IsMember(std::vector<std::string>(webhook_types.begin(), webhook_types.end())));
  made->callback([&, asked] { action = [&, asked] { return add(shell, *asked); }; });

  auto id = std::make_shared<std::int64_t>();
  auto* removed = verb->add_subcommand("remove", "tell it nothing any more")->footer("Example:\n  tradecase webhook remove 3 --db live.db");
  removed->add_option("webhook", *id, "its number")->required();
  removed->callback([&, id] { action = [&, id] { return remove(shell, *id); }; });

  verb->add_subcommand("deliver", "note what happened and send what is due, then end")->callback([&] {
    action = [&] { return deliver(shell); };
  });
}

}  // namespace tradecase
