#include "tools/cli/webhooks.hpp"

#include "adapters/http/told.hpp"
#include "adapters/webhooks/address.hpp"
#include "adapters/webhooks/signing.hpp"

namespace tradecase {
namespace {

bool may_listen(Session& session, const Webhook& webhook, Date today) {
  const auto owner = http::find_visitor(session, webhook.owner, today);
  return owner && http::may_keep_webhooks(*owner, webhook.company);
}

// As the pages: of an event what its history shows, of the rest what belongs to the company, while it sees the case.
bool told_to_company(Session& session, const http::CommandForms& words, const Workflows& workflows, const Happening& one) {
  const Workflow& workflow = workflows.get(one.workflow);
  if (!one.for_company || !http::told_of_state(session, words, workflow, one.case_id, one.to)) return false;
  return one.type != case_changed || http::told_of_event(words, workflow, one.command, one.from, one.to);
}

}  // namespace

std::unique_ptr<webhooks::Dispatch> webhook_dispatch(const Config& config, Engine& engine, bool sandbox) {
  webhooks::DispatchSettings settings;
  settings.source = config.portal_url;
  settings.post.loopback = sandbox && config.webhooks_loopback == "yes";
  settings.post.ca_file = config.webhooks_ca_file.string();
  settings.clock = [&engine] { return engine.now(); };
  settings.wall_clock = [] { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); };
  const Workflows& workflows = engine.programme().workflows;
  const auto words = std::make_shared<const http::CommandForms>(http::CommandForms::load(config.home / "templates" / "portal", workflows));
  webhooks::DispatchRules rules;
  rules.may_listen = [&engine](Session& session, const Webhook& webhook) { return may_listen(session, webhook, engine.today()); };
  rules.told_to_company = [words, &workflows](Session& session, const Happening& one) {
    return told_to_company(session, *words, workflows, one);
  };
  return std::make_unique<webhooks::Dispatch>(engine.database(), std::move(settings), std::move(rules));
}

http::WebhookWiring webhook_wiring(const Config& config, bool sandbox, std::function<void()> wake) {
  const bool loopback = sandbox && config.webhooks_loopback == "yes";
  return {[loopback](std::string_view url) { return webhooks::url_problem(url, loopback); }, webhooks::new_secret,
          [source = config.portal_url](const Webhook& webhook, const std::string& event, Instant now) {
            return webhooks::test_body(webhook, event, now, source);
          },
          std::move(wake)};
}

}  // namespace tradecase
