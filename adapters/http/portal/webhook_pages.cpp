// S1 webhooks: which programs are told of events, with the last deliveries of each and what became of them.
#include <algorithm>

#include "adapters/http/portal/rooms.hpp"
#include "adapters/http/webhook_desk.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

constexpr int deliveries_shown = 5;

std::string type_words(const Visit& visit, std::string_view type) {
  if (type == case_changed) return visit.say("A case changes");
  if (type == letter_written) return visit.say("A letter is written");
  if (type == deadline_set) return visit.say("A due date is set or moved");
  if (type == task_opened) return visit.say("There is something to do");
  return visit.say("A test");
}

std::string company_words(const Visit& visit, Session& session, const std::string& company) {
  if (company.empty()) return visit.say("all companies, as the agency sees them");
  const auto found = find_company(session, company);
  return found ? found->legal_name : company;
}

std::string cause_words(const Visit& visit, const WebhookDelivery& one) {
  if (one.status == "delivered" || one.attempts == 0) return "";
  return one.answer != 0 ? visit.say("it answers {}", one.answer) : visit.say(one.detail);
}

json::object delivery_view(const Visit& visit, const WebhookDelivery& one) {
  return {{"event", type_words(visit, one.type)},
          {"case", one.case_id},
          {"noted", moment_words(visit, one.made_at)},
          {"delivered", one.status == "delivered"},
          {"given_up", one.status == "given_up"},
          {"attempts", one.attempts},
          {"cause", cause_words(visit, one)},
          {"next_try", one.status == "queued" && one.attempts > 0 ? moment_words(visit, one.try_at) : ""}};
}

json::object webhook_view(const Visit& visit, Session& session, const Webhook& webhook) {
  std::vector<std::string> types;
  for (const std::string& type : webhook.types) types.push_back(type_words(visit, type));
  json::array deliveries;
  std::string cause;  // of the last that was not taken
  for (const WebhookDelivery& one : last_deliveries(session, webhook.id, deliveries_shown)) {
    if (cause.empty()) cause = cause_words(visit, one);
    deliveries.push_back(delivery_view(visit, one));
  }
  const auto owner = find_person(session, webhook.owner);
  return {{"id", webhook.id},
          {"url", webhook.url},
          {"types", join(types, ". ")},
          {"of", company_words(visit, session, webhook.company)},
          {"owner", owner ? owner->name : webhook.owner},
          {"made", moment_words(visit, webhook.made_at)},
          {"off", webhook.off_since ? moment_words(visit, *webhook.off_since) : ""},
          {"because", webhook.off_since ? visit.say(webhook.off_because) : ""},
          {"cause", cause},
          {"undelivered", undelivered(session, webhook.id)},
          {"no_deliveries", deliveries.empty()},
          {"deliveries", std::move(deliveries)}};
}

json::array type_views(const Visit& visit, const std::vector<std::string>& chosen) {
  json::array all;
  for (const std::string_view type : webhook_types)
    all.push_back(
        json::object{{"value", type}, {"label", type_words(visit, type)}, {"chosen", std::ranges::find(chosen, type) != chosen.end()}});
  return all;
}

struct Shown {
  std::vector<Problem> problems;
  WebhookAsked asked;              // as typed, where there are problems
  std::optional<Webhook> created;  // its secret is shown, this once
};

Response show_webhooks(Visit& visit, const Shown& shown) {
  json::object fields;
  visit.engine.database().read([&](Session& session) {
    json::array webhooks, companies;
    for (const Webhook& webhook : webhooks_of(visit, session)) webhooks.push_back(webhook_view(visit, session, webhook));
    const auto choices = webhook_companies(visit);
    for (const std::string& company : choices)
      companies.push_back(
          json::object{{"value", company}, {"label", company_words(visit, session, company)}, {"chosen", company == shown.asked.company}});
    fields["none"] = webhooks.empty();
    fields["webhooks"] = std::move(webhooks);
    fields["may_make"] = !choices.empty();
    fields["one_company"] = choices.size() == 1;
    fields["companies"] = std::move(companies);
  });
  fields["types"] = type_views(visit, shown.asked.types);
  fields["url"] = shown.asked.url;
  fields["secret"] = shown.created ? shown.created->secret : "";
  fields["secret_of"] = shown.created ? shown.created->url : "";
  for (auto& [name, value] : problem_views(visit, shown.problems, {"url", "types", "company"})) fields[name] = std::move(value);
  return visit.page("webhooks", titled(visit, visit.say("Webhooks"), shown.problems), std::move(fields),
                    shown.problems.empty() ? 200 : 422);
}

Response add(Visit& visit) {
  Shown shown;
  shown.asked = {trimmed(visit.form.fields.get("url")), std::string(visit.form.fields.get("company")), visit.form.fields.all("types")};
  visit.engine.database().write([&](Transaction& tx) {
    shown.problems = webhook_problems(visit, tx, shown.asked);
    if (shown.problems.empty()) shown.created = make_webhook(visit, tx, shown.asked);
  });
  if (!shown.created) return show_webhooks(visit, shown);
  tell_sender(visit);
  shown.asked = {};
  return show_webhooks(visit, shown);
}

Response rotate(Visit& visit) {
  Shown shown;
  visit.engine.database().write([&](Transaction& tx) {
    const Webhook webhook = webhook_or_stop(visit, tx);
    give_new_secret(visit, tx, webhook);
    shown.created = find_webhook(tx, webhook.id);
  });
  return show_webhooks(visit, shown);
}

using Act = void (*)(const Visit&, Transaction&, const Webhook&);

template <Act act>
void do_to_named(Visit& visit) {
  visit.engine.database().write([&](Transaction& tx) { act(visit, tx, webhook_or_stop(visit, tx)); });
  tell_sender(visit);
}

Response test(Visit& visit) {
  do_to_named<send_test_event>(visit);
  return visit.go("/webhooks", visit.say("A test event is on its way. Load this page again to see whether it arrived."));
}

Response again(Visit& visit) {
  do_to_named<send_again>(visit);
  const bool from_failures = visit.form.fields.get("next") == "/operator/failures" && visit.may(Verb::operate);
  return visit.go(from_failures ? "/operator/failures#webhooks" : "/webhooks",
                  visit.say("The webhook is on again. What it did not take is sent again."));
}

Response remove(Visit& visit) {
  do_to_named<drop_webhook>(visit);
  return visit.go("/webhooks", visit.say("The webhook is removed."));
}

}  // namespace

json::array failed_webhooks(const Visit& visit, Session& session) {
  json::array all;
  for (const Webhook& webhook : find_webhooks(session, "where off_since is not null order by off_since", {}))
    all.push_back(webhook_view(visit, session, webhook));
  return all;
}

std::int64_t webhooks_switched_off(const Visit& visit) {
  if (!visit.visitor.signed_in()) return 0;
  return visit.engine.database().read([&](Session& session) {
    const auto off = find_webhooks(session, "where off_since is not null", {});
    return std::ranges::count_if(off, [&](const Webhook& webhook) {
      return may_keep_webhooks(visit.visitor, webhook.company) && (!webhook.company.empty() || webhook.owner == visit.visitor.person.id);
    });
  });
}

void add_webhook_routes(Routes& routes) {
  const Access access = Access::signed_in;
  const std::string one = "/webhooks/{webhook}/";
  routes.push_back({"GET", "/webhooks", "S1", access, [](Visit& v) { return show_webhooks(v, {}); }, "Programs that are told of events"});
  routes.push_back({"POST", "/webhooks", "S1", access, add, "Tell a program of events"});
  routes.push_back({"POST", one + "test", "S1", access, test, "Send a test event"});
  routes.push_back({"POST", one + "rotate", "S1", access, rotate, "Give a webhook a new secret"});
  routes.push_back({"POST", one + "again", "S1", access, again, "Switch a webhook on again"});
  routes.push_back({"POST", one + "remove", "S1", access, remove, "Remove a webhook"});
}

}  // namespace tradecase::http
