// The API's description, made from the same tables the server runs: endpoints, and the commands of every workflow.
#include <algorithm>

#include "adapters/http/api.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

json::object reference(std::string_view schema) { return {{"$ref", "#/components/schemas/" + std::string(schema)}}; }
json::object content(std::string_view type, json::object schema) { return {{type, json::object{{"schema", std::move(schema)}}}}; }

// The words that Boost.Describe's readers give a command's fields. "object" is whatever the field's form says.
json::object schema_of_type(const std::string& type) {
  constexpr std::string_view list_of = "list of ";
  if (type.starts_with(list_of)) return {{"type", "array"}, {"items", schema_of_type(type.substr(list_of.size()))}};
  if (type == "text") return {{"type", "string"}, {"maxLength", 20'000}};
  if (type == "whole number") return {{"type", "integer"}};
  if (type == "yes or no") return {{"type", "boolean"}};
  if (type == "date") return {{"type", "string"}, {"format", "date"}};
  if (type == "moment") return {{"type", "string"}, {"format", "date-time"}};
  if (type == "person") return {{"type", "string"}, {"description", "a person's e-mail address"}};
  if (type == "object") return {{"description", "what the form or the list of the field asks for"}};
  throw std::runtime_error("the API has no schema for fields of type " + type);
}

json::object schema_of_command(const Workflow& workflow, const CommandInfo& command) {
  json::object properties;
  json::array required;
  for (const FieldInfo& field : command.fields) {
    properties[field.name] = schema_of_type(field.type);
    if (field.required) required.push_back(json::value(field.name));
  }
  json::object schema{{"type", "object"},
                      {"title", workflow.title + ": " + command.name},
                      {"properties", std::move(properties)},
                      {"additionalProperties", false}};
  if (!required.empty()) schema["required"] = std::move(required);
  return schema;
}

bool sent_by_people(const CommandInfo& command) {
  return std::ranges::any_of(all_roles, [&](Role role) { return role != Role::timer && command.roles.has(role); });
}

bool opens(const Workflow& workflow, const CommandInfo& command) {
  return std::ranges::any_of(workflow.transitions,
                             [&](const TransitionInfo& row) { return row.from.empty() && row.command == command.name; });
}

json::object schemas_of(const Workflows& workflows) {
  json::object schemas = api_schemas();
  json::array to_a_case, opening;
  for (const Workflow& workflow : workflows.all())
    for (const CommandInfo& command : workflow.commands) {
      if (!sent_by_people(command)) continue;
      const std::string name = workflow.name + "." + command.name;
      schemas[name] = schema_of_command(workflow, command);
      to_a_case.push_back(reference(name));
      if (!opens(workflow, command)) continue;
      opening.push_back(
          json::object{{"type", "object"},
                       {"properties", json::object{{"workflow", json::object{{"const", workflow.name}}},
                                                   {"command", json::object{{"const", command.name}}},
                                                   {"cycle", json::object{{"type", "integer"}, {"minimum", 0}, {"maximum", 1000}}},
                                                   {"body", reference(name)}}},
                       {"required", json::array{"workflow", "command"}},
                       {"additionalProperties", false}});
    }
  schemas["CommandBody"] = json::object{{"description", "The fields of the command in the address: one of these, by workflow and name"},
                                        {"anyOf", std::move(to_a_case)}};
  schemas["OpenCase"] = json::object{{"anyOf", std::move(opening)}};
  return schemas;
}

json::object parameter(std::string_view in, std::string_view name, std::string_view about, bool required, json::object schema) {
  return {{"name", name}, {"in", in}, {"description", about}, {"required", required}, {"schema", std::move(schema)}};
}

json::array parameters_of(const Endpoint& endpoint) {
  static const std::map<std::string_view, std::string_view> about{{"case", "A case's number: TC-2026-000001"},
                                                                  {"company", "A company's id"},
                                                                  {"command", "A command's name"},
                                                                  {"name", "A date's name, or a letter's: audit_request"},
                                                                  {"paragraph", "A paragraph's name in the library"},
                                                                  {"hash", "A letter's or file's hash"},
                                                                  {"workflow", "A workflow's name"},
                                                                  {"id", "The number of what the address names"},
                                                                  {"person", "A person's id"},
                                                                  {"key", "The key of a rule, such as anl.cycle_months"},
                                                                  {"change", "The number of a change of a rule"},
                                                                  {"webhook", "A webhook's number"},
                                                                  {"population", "A population's number: POP-000001"},
                                                                  {"sample", "A sample's number: SMP-000001"},
                                                                  {"row", "The number of a row of the population"},
                                                                  {"import", "An import's number: IMP-000001"},
                                                                  {"kind", "attribute or mus"}};
  json::array all;
  const std::string& path = endpoint.pattern;
  for (auto at = path.find('{'); at != std::string::npos; at = path.find('{', at + 1)) {
    const std::string name = path.substr(at + 1, path.find('}', at) - at - 1);
    all.push_back(parameter("path", name, about.at(name), true, {{"type", "string"}}));
  }
  for (const QueryField& field : endpoint.query) all.push_back(parameter("query", field.name, field.about, false, field.schema));
  if (endpoint.method == "POST")
    all.push_back(parameter("header", "Idempotency-Key", "Any text of the caller's own, another one for each act", true,
                            {{"type", "string"}, {"minLength", 1}, {"maxLength", key_length_max}}));
  if (endpoint.on_version)
    all.push_back(parameter("header", "If-Match", "The ETag of the case as the caller saw it", true,
                            {{"type", "string"}, {"pattern", "^\"?[0-9]{1,9}\"?$"}}));
  return all;
}

json::object response_headers(const Endpoint& endpoint) {
  json::object headers{{"X-Request-Id", json::object{{"schema", json::object{{"type", "string"}}}}}};
  const auto add = [&](const char* name, const char* what) {
    headers[name] = json::object{{"description", what}, {"schema", json::object{{"type", "string"}}}};
  };
  const bool pages = std::ranges::any_of(endpoint.query, [](const QueryField& field) { return field.name == "cursor"; });
  if (pages) add("Link", "rel=\"next\": the page that follows, where there is one");
  if (endpoint.answer == "Case" || endpoint.answer == "CommandList" || endpoint.answer == "Receipt") add("ETag", "The case's version");
  if (endpoint.success == 201) add("Location", "Where to read what was made");
  return headers;
}

json::object responses_of(const Endpoint& endpoint) {
  const bool is_json = endpoint.answer.find('/') == std::string::npos;
  json::object all;
  all[std::to_string(endpoint.success)] = json::object{{"description", "As asked"},
                                                       {"headers", response_headers(endpoint)},
                                                       {"content", is_json ? content("application/json", reference(endpoint.answer))
                                                                           : content(endpoint.answer, json::object{{"type", "string"}})}};
  const auto fails = [&](const char* status) { all[status] = json::object{{"$ref", "#/components/responses/Problem"}}; };
  fails("400");
  if (endpoint.access != Access::anyone) fails("401");
  if (endpoint.access != Access::anyone) fails("403");
  if (endpoint.pattern.find('{') != std::string::npos || endpoint.body == "MoveClock") fails("404");
  if (endpoint.method == "POST")
    for (const char* status : {"411", "413", "415", "422"}) fails(status);
  const bool of_frozen_rows = endpoint.operation == "getSampleBundle" || endpoint.operation == "getPopulationRows";
  if ((endpoint.method == "POST" && endpoint.body != "MoveClock") || of_frozen_rows) fails("409");
  if (endpoint.on_version)
    for (const char* status : {"412", "428"}) fails(status);
  fails("default");
  return all;
}

json::object operation_of(const Endpoint& endpoint) {
  json::object one{{"operationId", endpoint.operation},
                   {"summary", endpoint.summary},
                   {"parameters", parameters_of(endpoint)},
                   {"responses", responses_of(endpoint)}};
  if (endpoint.access == Access::anyone) one["security"] = json::array{};
  json::array roles;
  for (const std::string& role : roles_of(endpoint.access)) roles.push_back(json::value(role));
  if (!roles.empty()) one["x-roles"] = std::move(roles);
  json::object bodies;
  for (const std::string& type : endpoint.takes) bodies[type] = content(type, reference(endpoint.body)).at(type);
  if (!endpoint.body.empty()) one["requestBody"] = json::object{{"required", true}, {"content", std::move(bodies)}};
  return one;
}

// What receivers of webhooks are asked to do: described beside the paths, for they are not ours.
json::object webhook_operation() {
  json::array parameters;
  for (const auto& [name, about] : {std::pair{"webhook-id", "The same at every attempt"},
                                    {"webhook-timestamp", "Of the attempt, in seconds since 1970"},
                                    {"webhook-signature", "v1,BASE64 over id.timestamp.body; two of them while a secret is changed"}})
    parameters.push_back(parameter("header", name, about, true, {{"type", "string"}}));
  return {
      {"summary", "Something happened; ask what it is by the address in data.href"},
      {"parameters", std::move(parameters)},
      {"requestBody", json::object{{"required", true}, {"content", content("application/cloudevents+json", reference("WebhookEvent"))}}},
      {"responses", json::object{{"2XX", json::object{{"description", "Taken"}}},
                                 {"410", json::object{{"description", "No more: the webhook is switched off"}}},
                                 {"default", json::object{{"description", "Not taken: sent again, for three days"}}}}}};
}

}  // namespace

json::object openapi_document(const std::vector<Endpoint>& endpoints, const Workflows& workflows) {
  json::object paths;
  for (const Endpoint& endpoint : endpoints) {
    if (!paths.contains(endpoint.pattern)) paths[endpoint.pattern] = json::object{};
    paths[endpoint.pattern].as_object()[lower(endpoint.method)] = operation_of(endpoint);
  }
  json::object bearer{{"type", "http"}, {"scheme", "bearer"}, {"description", "tradecase token create --as EMAIL"}};
  json::object cookie{{"type", "apiKey"},
                      {"in", "cookie"},
                      {"name", "__Host-session"},
                      {"description", "The portal's sign-in. A POST then needs X-CSRF-Token: the csrf of GET /api/v1/me"}};
  json::object problem{{"description", "What went wrong, as RFC 9457 says it"},
                       {"content", content("application/problem+json", reference("Problem"))}};
  return {{"openapi", "3.1.0"},
          {"info", json::object{{"title", "tradecase"},
                                {"version", "1"},
                                {"description", "Cases of the CTPAT Trade Compliance program: everything the portal's pages can do."}}},
          {"servers", json::array{json::object{{"url", "/"}}}},
          {"security", json::array{json::object{{"token", json::array{}}}, json::object{{"session", json::array{}}}}},
          {"paths", std::move(paths)},
          {"webhooks", json::object{{"event", json::object{{"post", webhook_operation()}}}}},
          {"components", json::object{{"schemas", schemas_of(workflows)},
                                      {"responses", json::object{{"Problem", std::move(problem)}}},
                                      {"securitySchemes", json::object{{"token", std::move(bearer)}, {"session", std::move(cookie)}}}}}};
}

void hold_to_description(const Routes& routes, const json::object& document) {
  std::set<std::string> served, described;
  for (const Route& route : routes)
    if (route.pattern.starts_with("/api/")) served.insert(route.method + " " + route.pattern);
  for (const auto& [path, operations] : document.at("paths").as_object())
    for (const auto& [method, operation] : operations.as_object()) {
      std::string upper(method);
      std::ranges::transform(upper, upper.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
      described.insert(upper + " " + std::string(path));
    }
  std::vector<std::string> differences;
  for (const std::string& one : served)
    if (!described.contains(one)) differences.push_back(one + " is served and not described");
  for (const std::string& one : described)
    if (!served.contains(one)) differences.push_back(one + " is described and not served");
  if (!differences.empty()) throw std::runtime_error("the API and its description differ:\n" + join(differences, "\n"));
}

}  // namespace tradecase::http
