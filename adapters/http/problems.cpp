// Answers as JSON, and what went wrong as RFC 9457 says it.
#include "adapters/http/portal.hpp"

namespace tradecase::http {
namespace {

const char* code_of_status(int status) {
  switch (status) {
    case 401:
      return "unauthorized";
    case 403:
      return "forbidden";
    case 404:
      return "not_found";
    case 405:
      return "method_not_allowed";
    case 408:
      return "timeout";
    case 409:
      return "wrong_state";
    case 411:
      return "length_required";
    case 413:
      return "too_large";
    case 414:
      return "address_too_long";
    case 415:
      return "unsupported_media_type";
    case 429:
      return "too_many_requests";
    case 431:
      return "head_too_large";
    case 500:
      return "failure";
    case 503:
      return "unavailable";
    case 505:
      return "version_not_supported";
    default:
      return "invalid";
  }
}

}  // namespace

Response Visit::json_answer(const json::value& value, int status) const {
  Response response;
  response.status = status;
  response.type = "application/json";
  response.body = json::serialize(value);
  return response;
}

Response Visit::problem(int status, const std::string& code, const std::string& sentence, json::object more) const {
  json::object all{
      {"type", "/api#" + code}, {"title", json::string(reason_phrase(status))}, {"status", status}, {"code", code}, {"detail", sentence}};
  if (!request.id.empty()) all["instance"] = "urn:request:" + request.id;
  for (auto& [key, value] : more) all[key] = std::move(value);
  Response response = json_answer(all, status);
  response.type = "application/problem+json";
  if (status == 401) response.set("WWW-Authenticate", "Bearer realm=\"tradecase\"");
  return response;
}

Response Visit::error(int status, const std::string& sentence) const {
  if (is_api()) return problem(status, code_of_status(status), sentence);
  const std::string title = status == 404   ? say("Page not found")
                            : status == 403 ? say("Not permitted")
                            : status >= 500 ? say("Something went wrong")
                                            : say("That did not work");
  return page("error", title, {{"sentence", sentence}, {"home", "/"}}, status);
}

}  // namespace tradecase::http
