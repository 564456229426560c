// S0 signing in at an identity provider (OpenID Connect), and out again. Links, not forms: the browser follows a form to our own site only.
#include <algorithm>
#include <iostream>
#include <optional>
#include <variant>

#include "adapters/http/accounts_store.hpp"
#include "adapters/http/oidc_client.hpp"
#include "adapters/http/portal/rooms.hpp"

namespace tradecase::http {
namespace {

constexpr std::size_t state_bytes_least = 22;

// Binds the answer to the browser that asked; each provider has its own, so that two begun at once do not disturb each other.
std::string state_cookie(const OidcClient& provider) { return "__Host-oidc-" + provider.settings().name; }

std::string state_cookie_line(const OidcClient& provider, const std::string& state, int seconds) {
  return state_cookie(provider) + "=" + state + "; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=" + std::to_string(seconds);
}

void log_provider_failure(const Visit& visit, const OidcClient& provider, const std::string& why) {
  std::cerr << json::serialize(
                   json::object{{"level", "warning"}, {"request", visit.request.id}, {"provider", provider.settings().name}, {"oidc", why}})
            << std::endl;
}

// The reader is told less than the log: what failed is the operator's to mend.
[[noreturn]] void fail(const Visit& visit, const OidcClient& provider, const std::string& why) {
  log_provider_failure(visit, provider, why);
  throw Fault(
      422, visit.say("{} did not sign you in. Try again, or ask the operator. Reference: {}", provider.settings().label, visit.request.id));
}

Response begin(Visit& visit, OidcClient& provider) {
  const std::string state = random_token(), nonce = random_token(), verifier = random_token();
  const OidcRequest request{provider.settings().name, nonce, verifier, own_path_or_home(visit.request.query.get("next"))};
  std::string address;
  try {
    address = provider.address_to_begin(state, nonce, verifier);
  } catch (const OidcFailure& failure) {
    fail(visit, provider, failure.what());
  }
  visit.engine.database().write([&](Transaction& tx) { keep_oidc_request(tx, state, request, visit.portal.wiring().wall_clock()); });
  return visit.go(address).set("Set-Cookie", state_cookie_line(provider, state, 600));
}

// Nobody, for whom a sentence says why.
struct Stranger {
  std::string why;
};

// Known by issuer and subject. At the first time by the verified address, and bound from then on: an address may pass to somebody else.
std::variant<Visitor, Stranger> known_or_bound(Visit& visit, const OidcClient& provider, const OidcClient::Identity& who) {
  const std::string& label = provider.settings().label;
  return visit.engine.database().write([&](Transaction& tx) -> std::variant<Visitor, Stranger> {
    auto person = person_of_identity(tx, who.claims.issuer, who.claims.subject);
    const bool bound = person.has_value();
    if (!bound)
      if (const auto addressed = find_person_by_email(tx, who.email)) person = addressed->id;
    auto visitor = person ? find_visitor(tx, *person, visit.today()) : std::nullopt;
    if (!visitor) return Stranger{visit.say("{} knows you, but nobody here has your e-mail address. Ask the operator.", label)};
    if (!is_for(&provider, *visitor))
      return Stranger{visit.say("{} is not for people of your role. Go back and sign in the other way.", label)};
    if (bound) return std::move(*visitor);
    if (is_bound(tx, who.claims.issuer, *person))
      return Stranger{visit.say("Somebody has signed in for your e-mail address with another account of {}. Ask the operator.", label)};
    bind_identity(tx, who.claims.issuer, who.claims.subject, *person);
    record_line(tx, "people", "bind_identity", *person, visit.engine.now(), {{"person", *person}, {"issuer", who.claims.issuer}});
    return std::move(*visitor);
  });
}

Response answer(Visit& visit, OidcClient& provider) {
  const auto& query = visit.request.query;
  const std::string_view state = query.get("state"), code = query.get("code");
  const auto request =
      visit.engine.database().write([&](Transaction& tx) { return take_oidc_request(tx, state, visit.portal.wiring().wall_clock()); });
  if (state.size() < state_bytes_least || !request || visit.request.cookie(state_cookie(provider)) != state ||
      request->provider != provider.settings().name)
    fail(visit, provider, "an answer to a sign-in that this browser did not begin, or that was answered already");
  if (code.empty()) fail(visit, provider, "the provider says " + std::string(query.get("error").substr(0, 200)));
  OidcClient::Identity who;
  try {
    who = provider.finish({code, query.get("iss")}, request->nonce, request->verifier);
  } catch (const std::runtime_error& failure) {
    fail(visit, provider, failure.what());
  }
  auto known = known_or_bound(visit, provider, who);
  if (const auto* stranger = std::get_if<Stranger>(&known)) {
    log_provider_failure(visit, provider, stranger->why);
    throw Fault(403, stranger->why);
  }
  Response response = signed_in(visit, std::get<Visitor>(known), provider.settings().name, request->next);
  return response.set("Set-Cookie", state_cookie_line(provider, "", 0));
}

Response signed_out(Visit& visit, OidcClient& provider) {
  std::string address;
  try {
    address = provider.address_to_end(random_token());
  } catch (const OidcFailure& failure) {
    fail(visit, provider, failure.what());
  }
  return visit.page("signed_out", visit.say("You are signed out"), {{"label", provider.settings().label}, {"address", address}});
}

}  // namespace

const OidcClient* provider_named(const Visit& visit, std::string_view name) {
  const auto& all = visit.portal.wiring().providers;
  const auto found = std::ranges::find_if(all, [&](const auto& one) { return one->settings().name == name; });
  return found == all.end() ? nullptr : found->get();
}

bool is_for(const OidcClient* provider, const Visitor& visitor) {
  return provider != nullptr && side_of(visitor) == provider->settings().side;
}

json::array provider_views(const Visit& visit) {
  json::array all;
  for (const auto& one : visit.portal.wiring().providers)
    all.push_back(
        json::object{{"provider", one->settings().name},
                     {"label", one->settings().label},
                     {"whom", one->settings().side == Side::staff ? visit.say("For staff of the agency") : visit.say("For companies")}});
  return all;
}

void add_oidc_routes(Routes& routes, const std::vector<std::shared_ptr<OidcClient>>& providers) {
  for (const auto& one : providers) {
    const std::string path = "/sign-in/oidc/" + one->settings().name, label = one->settings().label;
    const auto with = [&one](Response (*handler)(Visit&, OidcClient&)) -> Handler {
      return [provider = one, handler](Visit& visit) { return handler(visit, *provider); };
    };
    routes.push_back({"GET", path, "S0", Access::anyone, with(begin), "Go to " + label + " to sign in"});
    routes.push_back({"GET", path + "/answer", "S0", Access::anyone, with(answer), "Come back from " + label});
    routes.push_back(
        {"GET", "/signed-out/" + one->settings().name, "S0", Access::anyone, with(signed_out), "Signed out here; and at " + label + "?"});
  }
}

}  // namespace tradecase::http
