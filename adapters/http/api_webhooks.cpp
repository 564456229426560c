// Webhooks of the caller: a program that is told makes its own subscription.
#include "adapters/http/api.hpp"
#include "adapters/http/webhook_desk.hpp"
#include "engine/sha256.hpp"

namespace tradecase::http {
namespace {

constexpr int deliveries_shown = 50;

json::value instant_or_null(const std::optional<Instant>& at) { return at ? json::value(to_text(*at)) : json::value(nullptr); }
json::value said_or_null(const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); }

json::object webhook_of(Session& session, const Webhook& webhook) {
  const auto owner = find_person(session, webhook.owner);
  return {{"webhook", webhook.id},
          {"href", "/api/v1/webhooks/" + std::to_string(webhook.id)},
          {"url", webhook.url},
          {"types", json::value_from(webhook.types)},
          {"company", said_or_null(webhook.company)},
          {"owner", owner ? owner->email : ""},
          {"made_at", to_text(webhook.made_at)},
          {"off_since", instant_or_null(webhook.off_since)},
          {"off_because", said_or_null(webhook.off_because)},
          {"undelivered", undelivered(session, webhook.id)}};
}

Webhook named(const Visit& visit, Session& session) {
  try {
    return webhook_or_stop(visit, session);
  } catch (const Fault& fault) {
    throw ApiProblem(404, "not_found", fault.what());
  }
}

Response list_webhooks(Visit& visit) {
  json::array items;
  visit.engine.database().read([&](Session& session) {
    for (const Webhook& webhook : webhooks_of(visit, session)) items.push_back(webhook_of(session, webhook));
  });
  return list_answer(visit, std::move(items), "");
}

Response show_webhook(Visit& visit) {
  return visit.json_answer(visit.engine.database().read([&](Session& session) { return webhook_of(session, named(visit, session)); }));
}

Response list_deliveries(Visit& visit) {
  json::array items;
  visit.engine.database().read([&](Session& session) {
    for (const WebhookDelivery& one : last_deliveries(session, named(visit, session).id, deliveries_shown))
      items.push_back(json::object{{"id", message_id(one)},
                                   {"event", one.event},
                                   {"type", one.type},
                                   {"case", said_or_null(one.case_id)},
                                   {"status", one.status},
                                   {"attempts", one.attempts},
                                   {"answer", one.answer == 0 ? json::value(nullptr) : json::value(one.answer)},
                                   {"detail", said_or_null(one.detail)},
                                   {"made_at", to_text(one.made_at)},
                                   {"try_at", one.status == "queued" ? json::value(to_text(one.try_at)) : json::value(nullptr)},
                                   {"done_at", instant_or_null(one.done_at)}});
  });
  return list_answer(visit, std::move(items), "");
}

// Done once under its key: said again, it is answered as the first time. `act` returns the webhook's id.
std::int64_t once(const Visit& visit, Transaction& tx, const std::string& key, const std::string& act_text,
                  const std::function<std::int64_t()>& act) {
  const std::string& person = visit.visitor.person.id;
  const std::string hash = sha256_hex(act_text);
  if (const auto before = find_webhook_key(tx, person, key)) {
    if (before->act_hash != hash)
      throw ApiProblem(422, "key_reused", visit.say("This idempotency key was used for another act before. Use a new key for a new act."));
    return before->webhook;
  }
  const std::int64_t id = act();
  save_webhook_key(tx, person, key, {hash, id});
  return id;
}

std::string key_of(const Visit& visit) {
  std::string key = key_or_stop(visit);
  if (key.size() > key_length_max)
    throw ApiProblem(400, "invalid", visit.say("An Idempotency-Key has at most {} characters.", key_length_max));
  return key;
}

WebhookAsked asked_of(const Visit& visit) {
  const json::object body = read_object(visit);
  json::array errors;
  WebhookAsked asked;
  for (const auto& [name, value] : body)
    if (name != "url" && name != "types" && name != "company")
      errors.push_back(error_at("/" + std::string(name.substr(0, 60)), "unknown", "There is no such field."));
  if (const auto* url = body.if_contains("url"); url != nullptr && url->is_string())
    asked.url = url->get_string();
  else
    errors.push_back(error_at("/url", "invalid", "is needed, as text"));
  if (const auto* company = body.if_contains("company"); company != nullptr && company->is_string())
    asked.company = company->get_string();
  else if (company != nullptr && !company->is_null())
    errors.push_back(error_at("/company", "invalid", "is a company's id, or left out"));
  const auto* types = body.if_contains("types");
  if (types == nullptr || !types->is_array() || types->get_array().size() > webhook_types.size())
    errors.push_back(error_at("/types", "invalid", "is needed: a list of the events' names"));
  else
    for (const json::value& type : types->get_array())
      asked.types.emplace_back(type.is_string() ? std::string_view(type.get_string()) : "");
  if (!errors.empty())
    throw ApiProblem(400, "invalid", visit.say("The body has url, types and, for a company's officers, company."),
                     {{"errors", std::move(errors)}});
  return asked;
}

// With its secret: this and a new secret are the only answers that hold it.
Response with_secret(const Visit& visit, std::int64_t id) {
  return visit.engine.database().read([&](Session& session) {
    const auto webhook = find_webhook(session, id);
    if (!webhook) throw ApiProblem(404, "not_found", visit.say("There is no such webhook, or it is not yours."));
    json::object answer = webhook_of(session, *webhook);
    answer["secret"] = webhook->secret;
    return visit.json_answer(answer);
  });
}

Response make(Visit& visit) {
  const std::string key = key_of(visit);
  const WebhookAsked asked = asked_of(visit);
  const std::string text = "add " + asked.company + " " + asked.url + " " + json::serialize(json::value_from(asked.types));
  const std::int64_t id = visit.engine.database().write([&](Transaction& tx) {
    return once(visit, tx, key, text, [&] {
      const auto problems = webhook_problems(visit, tx, asked);
      if (!problems.empty())
        throw ApiProblem(422, "invalid", visit.say("There is something to mend before this can be sent."),
                         {{"errors", errors_of({RefusalCode::invalid, "", problems})}});
      return make_webhook(visit, tx, asked).id;
    });
  });
  tell_sender(visit);
  return with_secret(visit, id);
}

using Act = void (*)(const Visit&, Transaction&, const Webhook&);

void do_once(Visit& visit, const std::string& verb, Act act) {
  const std::string key = key_of(visit);
  if (!read_object(visit).empty()) throw ApiProblem(400, "invalid", visit.say("The body is an empty object."));
  visit.engine.database().write([&](Transaction& tx) {
    once(visit, tx, key, verb + " " + visit.params.at("webhook"), [&] {
      const Webhook webhook = named(visit, tx);
      act(visit, tx, webhook);
      return webhook.id;
    });
  });
  tell_sender(visit);
}

Response rotate(Visit& visit) {
  do_once(visit, "rotate", give_new_secret);
  return with_secret(visit, visit.engine.database().read([&](Session& session) { return named(visit, session).id; }));
}

Response test(Visit& visit) {
  do_once(visit, "test", send_test_event);
  return list_deliveries(visit);
}

Response again(Visit& visit) {
  do_once(visit, "again", send_again);
  return show_webhook(visit);
}

Response remove(Visit& visit) {
  do_once(visit, "remove", drop_webhook);
  return list_webhooks(visit);
}

Endpoint post(const std::string& verb, Handler handler, const char* operation, const char* summary, const char* answer) {
  return {"POST", "/api/v1/webhooks/{webhook}/" + verb, Access::signed_in, std::move(handler), operation, summary, answer, {}, "Nothing"};
}

}  // namespace

std::vector<Endpoint> webhook_endpoints() {
  const std::string one = "/api/v1/webhooks/{webhook}";
  return {{"GET", "/api/v1/webhooks", Access::signed_in, list_webhooks, "listWebhooks",
           "Webhooks of the caller and of the companies whose officer the caller is; to operators all", "WebhookList"},
          {"POST",
           "/api/v1/webhooks",
           Access::signed_in,
           make,
           "makeWebhook",
           "Be told of events: CloudEvents, signed as Standard Webhooks has it. The answer alone holds the secret",
           "WebhookWithSecret",
           {},
           "NewWebhook"},
          {"GET", one, Access::signed_in, show_webhook, "getWebhook", "A webhook, and whether it was switched off", "Webhook"},
          {"GET", one + "/deliveries", Access::signed_in, list_deliveries, "listDeliveries", "What was sent to it lately, newest first",
           "WebhookDeliveryList"},
          post("test", test, "testWebhook", "Send it a test event", "WebhookDeliveryList"),
          post("rotate", rotate, "rotateWebhook", "Give it a new secret; the old one signs too for a day", "WebhookWithSecret"),
          post("again", again, "switchWebhookOn", "Switch it on again; what it did not take is sent again", "Webhook"),
          post("remove", remove, "removeWebhook", "Tell it nothing any more", "WebhookList")};
}

}  // namespace tradecase::http
