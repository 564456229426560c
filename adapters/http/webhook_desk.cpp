#include "adapters/http/webhook_desk.hpp"

#include <algorithm>

namespace tradecase::http {
namespace {

constexpr auto old_secret_signs = std::chrono::hours(24);

void record(const Visit& visit, Transaction& tx, std::string_view what, const Webhook& webhook) {
  record_line(tx, "webhook", what, visit.visitor.person.id, visit.engine.now(),
              {{"webhook", webhook.id}, {"owner", webhook.owner}, {"company", webhook.company}, {"url", webhook.url}});
}

bool keeps(const Visit& visit, const Webhook& webhook) {
  if (visit.may(Verb::operate)) return true;
  return may_keep_webhooks(visit.visitor, webhook.company) && (!webhook.company.empty() || webhook.owner == visit.visitor.person.id);
}

}  // namespace

std::vector<Webhook> webhooks_of(const Visit& visit, Session& session) {
  std::vector<Webhook> all;
  if (visit.may(Verb::operate)) return find_webhooks(session, "where true order by id", {});
  const auto add = [&](std::vector<Webhook> some) { all.insert(all.end(), some.begin(), some.end()); };
  for (const std::string& company : webhook_companies(visit))
    add(company.empty() ? find_webhooks(session, "where company is null and owner = :owner order by id", {visit.visitor.person.id})
                        : find_webhooks(session, "where company = :company order by id", {company}));
  return all;
}

std::vector<std::string> webhook_companies(const Visit& visit) {
  std::vector<std::string> all;
  if (may_keep_webhooks(visit.visitor, "")) all.emplace_back();
  for (const auto& [company, roles] : visit.visitor.companies)
    if (may_keep_webhooks(visit.visitor, company)) all.push_back(company);
  return all;
}

Webhook webhook_or_stop(const Visit& visit, Session& session) {
  const std::string& text = visit.params.at("webhook");
  const bool digits = !text.empty() && text.size() < 16 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  auto found = digits ? find_webhook(session, std::stoll(text)) : std::nullopt;
  if (!found || !keeps(visit, *found)) throw Fault(404, visit.say("There is no such webhook, or it is not yours."));
  return std::move(*found);
}

std::vector<Problem> webhook_problems(const Visit& visit, Session& session, const WebhookAsked& asked) {
  std::vector<Problem> problems;
  if (const auto why_not = visit.portal.wiring().webhooks.url_problem(asked.url)) problems.push_back({"url", visit.say(*why_not)});
  const bool known = std::ranges::all_of(
      asked.types, [](const std::string& type) { return std::ranges::find(webhook_types, type) != webhook_types.end(); });
  if (asked.types.empty() || !known) problems.push_back({"types", visit.say("Choose which events are to be sent.")});
  const auto companies = webhook_companies(visit);
  if (std::ranges::find(companies, asked.company) == companies.end()) {
    problems.push_back({"company", visit.say("Choose the company: one whose officer you are.")});
    return problems;
  }
  const auto held = asked.company.empty() ? find_webhooks(session, "where company is null and owner = :owner", {visit.visitor.person.id})
                                          : find_webhooks(session, "where company = :company", {asked.company});
  if (std::ranges::find(held, asked.url, &Webhook::url) != held.end())
    problems.push_back({"url", visit.say("Events go to this address already.")});
  else if (held.size() >= webhooks_max)
    problems.push_back({"url", visit.say("There are {} webhooks. Remove one first.", held.size())});
  return problems;
}

Webhook make_webhook(const Visit& visit, Transaction& tx, const WebhookAsked& asked) {
  Webhook made;
  made.owner = visit.visitor.person.id;
  made.company = asked.company;
  made.url = asked.url;
  for (const std::string_view type : webhook_types)  // each once, in their order
    if (std::ranges::find(asked.types, type) != asked.types.end()) made.types.emplace_back(type);
  made.secret = visit.portal.wiring().webhooks.new_secret();
  made.made_at = visit.engine.now();
  made.id = add_webhook(tx, made);
  record(visit, tx, "add", made);
  return made;
}

void drop_webhook(const Visit& visit, Transaction& tx, const Webhook& webhook) {
  remove_webhook(tx, webhook.id);
  record(visit, tx, "remove", webhook);
}

void give_new_secret(const Visit& visit, Transaction& tx, const Webhook& webhook) {
  change_secret(tx, webhook.id, visit.portal.wiring().webhooks.new_secret(), visit.engine.now() + old_secret_signs);
  record(visit, tx, "rotate", webhook);
}

void send_test_event(const Visit& visit, Transaction& tx, const Webhook& webhook) {
  WebhookDelivery test;
  test.webhook = webhook.id;
  test.event = "test-" + random_token().substr(0, 22);
  test.type = webhook_test;
  test.made_at = test.try_at = visit.engine.now();
  test.body = visit.portal.wiring().webhooks.test_body(webhook, test.event, test.made_at);
  queue_delivery(tx, test);
}

void send_again(const Visit& visit, Transaction& tx, const Webhook& webhook) {
  switch_on(tx, webhook.id, visit.engine.now());
  record(visit, tx, "switch_on", webhook);
}

void tell_sender(const Visit& visit) {
  if (visit.portal.wiring().webhooks.wake) visit.portal.wiring().webhooks.wake();
}

}  // namespace tradecase::http
