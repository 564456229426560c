// S0 signing in at an identity provider (OpenID Connect), and out again. Links, not forms: the browser follows a form to our own site only.
#include <iostream>

#include "adapters/http/accounts_store.hpp"
#include "adapters/http/oidc_client.hpp"
#include "adapters/http/portal/rooms.hpp"

namespace tradecase::http {
namespace {

constexpr char state_cookie[] = "__Host-oidc";  // binds the answer to the browser that asked

OidcClient& client_or_stop(const Visit& visit) {
  if (!visit.portal.wiring().oidc) throw Fault(404, visit.say("There is no page at this address."));
  return *visit.portal.wiring().oidc;
}

// The reader is told less than the log: what failed is the operator's to mend.
[[noreturn]] void fail(const Visit& visit, const std::string& why) {
  std::cerr << json::serialize(json::object{{"level", "warning"}, {"request", visit.request.id}, {"oidc", why}}) << std::endl;
  throw Fault(422,
              visit.say("{} did not sign you in. Try again, or ask the operator. Reference: {}", provider_label(visit), visit.request.id));
}

Response begin(Visit& visit) {
  OidcClient& client = client_or_stop(visit);
  const std::string state = random_token(), nonce = random_token(), verifier = random_token();
  const OidcRequest request{client.settings().issuer, nonce, verifier, own_path_or_home(visit.request.query.get("next"))};
  std::string address;
  try {
    address = client.address_to_begin(state, nonce, verifier);
  } catch (const OidcFailure& failure) {
    fail(visit, failure.what());
  }
  visit.engine.database().write([&](Transaction& tx) { keep_oidc_request(tx, state, request, visit.portal.wiring().wall_clock()); });
  return visit.go(address).set("Set-Cookie",
                               std::string(state_cookie) + "=" + state + "; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600");
}

// Known by issuer and subject. At the first time by the verified address, and bound from then on: an address may pass to somebody else.
std::optional<Visitor> known_or_bound(Visit& visit, const OidcClient::Identity& who) {
  return visit.engine.database().write([&](Transaction& tx) -> std::optional<Visitor> {
    if (const auto person = person_of_identity(tx, who.claims.issuer, who.claims.subject)) return find_visitor(tx, *person, visit.today());
    const auto person = find_person_by_email(tx, who.email);
    if (!person || is_bound(tx, who.claims.issuer, person->id)) return std::nullopt;
    auto visitor = find_visitor(tx, person->id, visit.today());
    if (!visitor) return std::nullopt;
    bind_identity(tx, who.claims.issuer, who.claims.subject, person->id);
    record_line(tx, "people", "bind_identity", person->id, visit.engine.now(), {{"person", person->id}, {"issuer", who.claims.issuer}});
    return visitor;
  });
}

Response answer(Visit& visit) {
  OidcClient& client = client_or_stop(visit);
  const std::string_view state = visit.request.query.get("state"), code = visit.request.query.get("code");
  const auto request =
      visit.engine.database().write([&](Transaction& tx) { return take_oidc_request(tx, state, visit.portal.wiring().wall_clock()); });
  if (state.size() < 22 || !request || visit.request.cookie(state_cookie) != state || request->provider != client.settings().issuer)
    fail(visit, "an answer to a sign-in that this browser did not begin, or that was answered already");
  if (code.empty()) fail(visit, "the provider says " + std::string(visit.request.query.get("error").substr(0, 200)));
  OidcClient::Identity who;
  try {
    who = client.finish(code, request->nonce, request->verifier);
  } catch (const std::runtime_error& failure) {
    fail(visit, failure.what());
  }
  const auto visitor = known_or_bound(visit, who);
  if (!visitor)
    throw Fault(403, visit.say("{} knows you, but nobody here has your e-mail address. Ask the operator.", provider_label(visit)));
  Response response = signed_in(visit, *visitor, client.settings().issuer, request->next);
  return response.set("Set-Cookie", std::string(state_cookie) + "=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
}

Response signed_out(Visit& visit) {
  OidcClient& client = client_or_stop(visit);
  std::string address;
  try {
    address = client.address_to_end(random_token());
  } catch (const OidcFailure& failure) {
    fail(visit, failure.what());
  }
  return visit.page("signed_out", visit.say("You are signed out"), {{"provider", provider_label(visit)}, {"address", address}});
}

}  // namespace

std::string provider_label(const Visit& visit) {
  const auto& client = visit.portal.wiring().oidc;
  return client ? client->settings().label : "";
}

void add_oidc_routes(Routes& routes) {
  routes.push_back({"GET", "/sign-in/oidc", "S0", Access::anyone, begin, "Go to the identity provider"});
  routes.push_back({"GET", "/sign-in/oidc/answer", "S0", Access::anyone, answer, "Come back from the identity provider"});
  routes.push_back({"GET", "/signed-out", "S0", Access::anyone, signed_out, "Signed out here; and at the identity provider?"});
}

}  // namespace tradecase::http
