// /livez, /readyz, /metrics for those who watch over the server, and the API's own page.
#include "adapters/http/api.hpp"

namespace tradecase::http {
namespace {

Response plain(std::string text, int status = 200) {
  Response response;
  response.status = status;
  response.type = "text/plain; charset=utf-8";
  response.body = std::move(text);
  return response;
}

Response ready(Visit& visit) {
  try {
    visit.engine.database().read([](Session& session) { return next_timer_at(session); });
    return plain("ready\n");
  } catch (const StoreFailure&) {
    return plain("the database does not answer\n", 503);
  }
}

// Route names and rates are nobody's business but the machine's own.
Response metrics(Visit& visit) {
  if (visit.request.peer != "127.0.0.1" && visit.request.peer != "::1")
    return visit.error(404, visit.say("There is no page at this address."));
  Response response = plain(visit.portal.metrics().text(visit.engine));
  response.type = "text/plain; version=0.0.4; charset=utf-8";
  return response;
}

Response reference_page(Visit& visit) {
  json::array rows;
  for (const Endpoint& endpoint : api_endpoints()) {
    json::array parameters;
    for (const QueryField& field : endpoint.query) parameters.push_back(json::object{{"name", field.name}, {"about", field.about}});
    std::string who;
    for (const std::string& role : roles_of(endpoint.access)) who += (who.empty() ? "" : ", ") + role;
    rows.push_back(json::object{{"method", endpoint.method},
                                {"path", endpoint.pattern},
                                {"summary", endpoint.summary},
                                {"who", who},
                                {"answer", endpoint.answer},
                                {"body", endpoint.body},
                                {"parameters", std::move(parameters)},
                                {"on_version", endpoint.on_version},
                                {"is_post", endpoint.method == "POST"}});
  }
  json::array codes;
  const auto code = [&](const char* name, const char* status, std::string about) {
    codes.push_back(json::object{{"code", name}, {"status", status}, {"about", std::move(about)}});
  };
  code("invalid", "400", visit.say("The request cannot be read, or a field is missing or of another type; errors says which."));
  code("key_missing", "400", visit.say("The Idempotency-Key is missing."));
  code("unauthorized", "401", visit.say("Nobody is signed in, or the token is not known any more."));
  code("forbidden", "403", visit.say("The caller's role does not do this, the token may only read, or X-CSRF-Token is missing."));
  code("not_found", "404", visit.say("There is no such thing, or it is not the caller's."));
  code("wrong_state", "409", visit.say("The case does not take this command where it stands."));
  code("conflict", "412", visit.say("The case has changed since the version named; changes says how."));
  code("guard", "422", visit.say("A rule of the program does not allow it now; the sentence says why."));
  code("key_reused", "422", visit.say("The Idempotency-Key was used for another act."));
  code("version_missing", "428", visit.say("If-Match is missing."));
  return visit.page("api", visit.say("The API"), {{"endpoints", std::move(rows)}, {"codes", std::move(codes)}});
}

}  // namespace

void add_health_routes(Routes& routes) {
  routes.push_back({"GET", "/livez", "", Access::anyone, [](Visit&) { return plain("alive\n"); }, "Does the server answer?"});
  routes.push_back({"GET", "/readyz", "", Access::anyone, ready, "Does its database answer?"});
  routes.push_back({"GET", "/metrics", "", Access::anyone, metrics, "Figures for Prometheus; to the machine itself only"});
  routes.push_back({"GET", "/api", "A1", Access::anyone, reference_page, "The API's reference"});
}

}  // namespace tradecase::http
