// The API as one table: each endpoint with its handler and all that its description says. The routes and the OpenAPI document are both
// made from it. Start in api.cpp.
#pragma once

#include "adapters/http/portal.hpp"

namespace tradecase::http {

struct QueryField {
  std::string name, about;
  json::object schema;  // JSON Schema of its value; integer, boolean, date and enum are checked before the handler runs
};

struct Endpoint {
  std::string method, pattern;
  Access access = Access::signed_in;
  Handler handler;
  std::string operation;  // its name for programs that are made from the description
  std::string summary;
  std::string answer;  // name of the schema of what it answers, or a media type ("text/plain") where that is no JSON
  std::vector<QueryField> query{};
  std::string body{};       // of a POST: name of the schema
  bool on_version = false;  // needs If-Match
  int success = 200;
  std::vector<std::string> takes{"application/json"};  // media types of a POST's body
};

// Ends an API request at once, in the words of RFC 9457.
struct ApiProblem : std::runtime_error {
  ApiProblem(int http_status, std::string of_code, const std::string& sentence, json::object with = {})
      : std::runtime_error(sentence), status(http_status), code(std::move(of_code)), more(std::move(with)) {}
  int status;
  std::string code;
  json::object more;
};

std::vector<Endpoint> api_endpoints();
std::vector<Endpoint> case_endpoints();        // api_cases.cpp
std::vector<Endpoint> command_endpoints();     // api_commands.cpp
std::vector<Endpoint> note_endpoints();        // api_notes.cpp
std::vector<Endpoint> people_endpoints();      // api_people.cpp
std::vector<Endpoint> own_endpoints();         // api_own.cpp
std::vector<Endpoint> bulk_endpoints();        // api_bulk.cpp
std::vector<Endpoint> operator_endpoints();    // api_operator.cpp
std::vector<Endpoint> system_endpoints();      // api_system.cpp
std::vector<Endpoint> file_endpoints();        // api_files.cpp
std::vector<Endpoint> webhook_endpoints();     // api_webhooks.cpp
std::vector<Endpoint> population_endpoints();  // api_populations.cpp
std::vector<Endpoint> sample_endpoints();      // api_samples.cpp
std::vector<Endpoint> rule_endpoints();        // api_rules.cpp
std::vector<Endpoint> letter_endpoints();      // api_letters.cpp
json::object letter_schemas();                 // likewise

// What the handlers share.
json::object read_object(const Visit& visit);  // the body; ApiProblem 400, 415
std::string unquoted(std::string_view text);   // an ETag or a key without its quotes
std::string key_or_stop(const Visit& visit);   // Idempotency-Key
// Does an act once a key. Sent again it gets the same answer; another body under the same key is refused (422). Nothing is kept of an act
// that throws. `shown_once`: a field of the answer that is told once and not kept, a secret. A 201 tells its Location by `href`.
Response once(const Visit& visit, const json::object& body, const std::function<json::value(Transaction&)>& act, int status = 200,
              std::string_view shown_once = "");
// The same for what writes by itself and does no harm done twice.
Response once_outside(const Visit& visit, const json::object& body, const std::function<json::value()>& act);
struct BodyField {
  std::string_view name;
  bool needed = false;
};
// A body of texts as the fields of a form; ApiProblem 400 names what is missing, unknown, or no text.
Fields read_fields(const Visit& visit, const json::object& body, std::initializer_list<BodyField> known);
json::object read_nothing(const Visit& visit);                           // of a POST that says all in its address: no body, or {}
void stop_at(const Visit& visit, const std::vector<Problem>& problems);  // ApiProblem 422, where there are some
std::int64_t id_or_stop(const Visit& visit, std::string_view name);      // of the address; Fault 404 where it is none
json::object error_at(std::string pointer, std::string code, std::string message);
json::array errors_of(const Refusal& refusal);  // [{pointer, code, message}]
std::vector<QueryField> with_paging(std::vector<QueryField> of_list);
int limit_of(const Visit& visit);  // 50 where nothing is said
// {items, next} and the Link to the next page; `next` is the cursor, "" at the end.
Response list_answer(const Visit& visit, json::array items, const std::string& next);
std::string cursor_of(const Visit& visit);  // decoded; ApiProblem 400 where it is none of ours
std::string state_for(const Visit& visit, const std::string& workflow, const std::string& state);  // "" where the visitor is not told of it
std::vector<Upload> sent_files(const Visit& visit);  // multipart/form-data, or the bytes alone with ?name=; ApiProblem 400, 415
std::string etag_of(std::int64_t version);
json::array commands_of(const Visit& visit);  // of the case, with yes, no and why
json::array history_since(const Visit& visit, std::int64_t version);

// The OpenAPI 3.1 document: paths from the endpoints, bodies from the workflows' command tables. openapi.cpp.
json::object openapi_document(const std::vector<Endpoint>& endpoints, const Workflows& workflows);
json::object api_schemas();     // of the answers; openapi_schemas.cpp
json::object sample_schemas();  // of populations and samples; openapi_samples.cpp
json::object rule_schemas();    // the part of them that api_rules.cpp speaks of
// Throws std::runtime_error naming each route below /api/ without a description, and each description without a route.
void hold_to_description(const Routes& routes, const json::object& document);

}  // namespace tradecase::http
