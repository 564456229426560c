#include "adapters/http/api.hpp"

#include <algorithm>
#include <charconv>

#include "adapters/http/json_names.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

constexpr int limit_usual = 50, limit_max = 200;

bool whole_number(std::string_view text, std::int64_t least, std::int64_t most) {
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failed == std::errc() && end == text.data() + text.size() && number >= least && number <= most;
}

std::int64_t number_in(const json::object& schema, std::string_view name, std::int64_t otherwise) {
  const auto* found = schema.if_contains(name);
  return found != nullptr && found->is_int64() ? found->get_int64() : otherwise;
}

// What does not fit the schema, in a sentence; "" where it fits.
std::string misfit(const json::object& schema, std::string_view value) {
  if (const auto* words = schema.if_contains("enum")) {
    for (const json::value& word : words->as_array())
      if (word.as_string() == value) return "";
    return "must be one of: " + json::serialize(*words);
  }
  const auto type = schema.at("type").as_string();
  if (type == "integer") {
    const std::int64_t least = number_in(schema, "minimum", 0), most = number_in(schema, "maximum", INT64_MAX);
    return whole_number(value, least, most) ? "" : "must be a whole number from " + std::to_string(least) + " to " + std::to_string(most);
  }
  if (type == "boolean") return value == "true" || value == "false" ? "" : "must be true or false";
  const auto* format = schema.if_contains("format");
  if (format != nullptr && format->as_string() == "date" && (value.size() != 10 || !parse_date(value)))
    return "must be a day that exists, written 2026-12-22";
  return text_problem(value, 200).value_or("");
}

void check_query(const Endpoint& endpoint, const Fields& query) {
  json::array errors;
  std::set<std::string> seen;
  for (const auto& [name, value] : query.list()) {
    const auto field = std::ranges::find(endpoint.query, name, &QueryField::name);
    if (field == endpoint.query.end())
      errors.push_back(error_at(text_problem(name, 100) ? "?" : "?" + name, "unknown", "This address has no such parameter."));
    else if (!seen.insert(name).second)
      errors.push_back(error_at("?" + name, "twice", "It stands there twice."));
    else if (const std::string why = misfit(field->schema, value); !why.empty())
      errors.push_back(error_at("?" + name, "invalid", why));
  }
  if (!errors.empty()) throw ApiProblem(400, "invalid", "There is something to mend in the address.", {{"errors", std::move(errors)}});
}

// Fields of the head that decide what is done must not be there twice, with two meanings.
void check_head(const Request& request) {
  for (const char* name : {"authorization", "idempotency-key", "if-match", "content-type", "x-csrf-token"})
    if (std::ranges::count(request.headers, name, [](const auto& pair) { return std::string_view(pair.first); }) > 1)
      throw ApiProblem(400, "invalid", "The header field " + std::string(name) + " stands there twice.");
}

Handled answer_with(const Endpoint& endpoint, Visit& visit) {
  try {
    check_head(visit.request);
    check_query(endpoint, visit.request.query);
    return endpoint.handler(visit);
  } catch (const ApiProblem& problem) {
    return visit.problem(problem.status, problem.code, problem.what(), problem.more);
  }
}

}  // namespace

std::vector<Endpoint> api_endpoints() {
  std::vector<Endpoint> all;
  for (const auto part :
       {system_endpoints, case_endpoints, command_endpoints, note_endpoints, file_endpoints, letter_endpoints, people_endpoints,
        webhook_endpoints, population_endpoints, sample_endpoints, own_endpoints, bulk_endpoints, operator_endpoints, rule_endpoints})
    for (Endpoint& one : part()) all.push_back(std::move(one));
  return all;
}

void add_api_routes(Routes& routes) {
  for (Endpoint& one : api_endpoints()) {
    auto endpoint = std::make_shared<const Endpoint>(std::move(one));
    routes.push_back({endpoint->method, endpoint->pattern, "", endpoint->access,
                      [endpoint](Visit& visit) { return answer_with(*endpoint, visit); }, endpoint->summary, endpoint->on_version});
  }
}

// ---- what the handlers share ---------------------------------------------------------------------------------------------------

json::object read_object(const Visit& visit) {
  const std::string_view type = visit.request.header("content-type");
  if (type.substr(0, type.find(';')) != "application/json")
    throw ApiProblem(415, "unsupported_media_type", visit.say("Send the body as application/json."));
  boost::json::error_code failed;
  json::value read = json::parse(visit.request.body, failed);
  if (failed) throw ApiProblem(400, "invalid", visit.say("The body is no JSON: {}.", failed.message()));
  if (!read.is_object()) throw ApiProblem(400, "invalid", visit.say("The body must be an object with named values."));
  if (const auto twice = repeated_name(visit.request.body))
    throw ApiProblem(400, "invalid", visit.say("A name stands twice in one object of the body."),
                     {{"errors", json::array{error_at(*twice, "twice", "stands there twice")}}});
  return std::move(read.get_object());
}

std::string unquoted(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  return std::string(text);
}

std::string key_or_stop(const Visit& visit) {
  std::string key = unquoted(visit.request.header("idempotency-key"));
  if (key.empty())
    throw ApiProblem(400, "key_missing",
                     visit.say("Send an Idempotency-Key: any text of your own, another one for each act. Sent again, the act is not done "
                               "twice."));
  if (text_problem(key, key_length_max))
    throw ApiProblem(400, "invalid", visit.say("An Idempotency-Key is text of at most {} bytes.", key_length_max));
  return key;
}

json::object error_at(std::string pointer, std::string code, std::string message) {
  return {{"pointer", std::move(pointer)}, {"code", std::move(code)}, {"message", std::move(message)}};
}

json::array errors_of(const Refusal& refusal) {
  json::array errors;
  for (const Problem& problem : refusal.problems)
    errors.push_back(error_at(problem.field.empty() ? "" : "/" + problem.field, std::string(info(refusal.code).name), problem.sentence));
  return errors;
}

std::vector<QueryField> with_paging(std::vector<QueryField> of_list) {
  of_list.push_back({"limit", "How many at most", {{"type", "integer"}, {"minimum", 1}, {"maximum", limit_max}, {"default", limit_usual}}});
  of_list.push_back({"cursor", "Where the page before ended: its `next`", {{"type", "string"}}});
  return of_list;
}

int limit_of(const Visit& visit) {
  const std::string_view said = visit.request.query.get("limit");
  int limit = limit_usual;
  std::from_chars(said.data(), said.data() + said.size(), limit);
  return limit;
}

Response list_answer(const Visit& visit, json::array items, const std::string& next) {
  const std::string cursor = next.empty() ? "" : percent_encoded("a" + next);
  Response response =
      visit.json_answer(json::object{{"items", std::move(items)}, {"next", next.empty() ? json::value(nullptr) : json::value("a" + next)}});
  if (next.empty()) return response;
  std::string address = visit.request.path + "?";
  for (const auto& [name, value] : visit.request.query.list())
    if (name != "cursor") address += percent_encoded(name) + "=" + percent_encoded(value) + "&";
  return response.set("Link", "<" + address + "cursor=" + cursor + ">; rel=\"next\"");
}

std::string cursor_of(const Visit& visit) {
  const std::string_view cursor = visit.request.query.get("cursor");
  if (cursor.empty()) return "";
  const bool ours = cursor.front() == 'a' && cursor.size() > 1 && cursor.size() < 80 && std::ranges::all_of(cursor, [](char c) {
                      return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_';
                    });
  if (!ours)
    throw ApiProblem(400, "invalid", visit.say("The cursor is not one that was given out."),
                     {{"errors", json::array{error_at("?cursor", "invalid", "is not one that was given out")}}});
  return std::string(cursor.substr(1));
}

std::string state_for(const Visit& visit, const std::string& workflow, const std::string& state) {
  if (state.empty() || visit.visitor.is_staff()) return state;
  return visit.words().told_as(workflow, state);
}

std::string etag_of(std::int64_t version) { return "\"" + std::to_string(version) + "\""; }

}  // namespace tradecase::http
