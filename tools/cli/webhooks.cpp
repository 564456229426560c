#include "tools/cli/webhooks.hpp"

#include "adapters/documents/markdown.hpp"
#include "adapters/http/told.hpp"
#include "adapters/webhooks/address.hpp"
#include "adapters/webhooks/signing.hpp"
#include "engine/store/languages.hpp"
#include "engine/store/notices.hpp"

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

// Each paragraph in English, and below it in Spanish for whoever chose that; the causes are those of adapters/webhooks.
std::string spanish_cause(const std::string& because) {
  if (because == "Its receiver says that it wants no more events.") return "Su receptor dice que no quiere más eventos.";
  if (because == "Its receiver did not take an event for three days.") return "Su receptor no tomó ningún evento durante tres días.";
  return "Su propietario se ha ido o tiene otro papel.";
}

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '"' ? "&quot;" : std::string(1, c);
  return out;
}

void tell_owner(Transaction& tx, const Config& config, const Webhook& webhook, const std::string& because, Instant now) {
  const auto owner = find_person(tx, webhook.owner);
  if (!owner || owner->departed_on) return;
  const std::string page = config.portal_url + "/webhooks";
  std::vector<std::string> paragraphs{
      "Dear " + owner->name + ",", "Your webhook was switched off. It sends nothing until you switch it on again. " + because,
      "Where it sends to: " + webhook.url,
      "What to do: look at the receiver, then switch the webhook on. What was not delivered is sent then. " + page};
  if (language_of(tx, owner->id) == "es")
    for (const std::string& one :
         {"Su webhook se ha desactivado. No envía nada hasta que lo vuelva a activar. " + spanish_cause(because),
          std::string("Qué hacer: mire el receptor y después active el webhook. Entonces se envía lo que quedó sin entregar.")})
      paragraphs.push_back(one);
  Message message;
  message.message_id = "webhook-" + std::to_string(webhook.id) + "-" + std::to_string(to_ms(now)) + "@" + config.message_id_host;
  message.references = "webhook-" + std::to_string(webhook.id) + "@" + config.message_id_host;
  message.to_name = owner->name;
  message.to_address = owner->email;
  message.subject = "A webhook was switched off";
  message.html = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/><title>" + message.subject + "</title></head><body>\n";
  for (const std::string& one : paragraphs) {
    message.text += wrap_lines(one) + "\n";
    message.html += "<p>" + escaped(one) + "</p>\n";
  }
  message.html += "</body></html>\n";
  queue_notice(tx, owner->id, message, now);
}

}  // namespace

std::unique_ptr<webhooks::Dispatch> webhook_dispatch(const Config& config, Engine& engine, bool sandbox) {
  webhooks::DispatchSettings settings;
  settings.source = config.portal_url;
  settings.type_prefix = config.webhooks_type_prefix;
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
  rules.switched_off = [config](Transaction& tx, const Webhook& webhook, const std::string& because, Instant now) {
    tell_owner(tx, config, webhook, because, now);
  };
  return std::make_unique<webhooks::Dispatch>(engine.database(), std::move(settings), std::move(rules));
}

http::WebhookWiring webhook_wiring(const Config& config, bool sandbox, std::function<void()> wake) {
  const bool loopback = sandbox && config.webhooks_loopback == "yes";
  return {
      [loopback](std::string_view url) { return webhooks::url_problem(url, loopback); }, webhooks::new_secret,
      [source = config.portal_url, prefix = config.webhooks_type_prefix](const Webhook& webhook, const std::string& event, Instant now) {
        return webhooks::test_body(webhook, event, now, source, prefix);
      },
      std::move(wake)};
}

}  // namespace tradecase
