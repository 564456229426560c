// The API against its own description: every operation with input that is right, missing, wrong, too large, twice and hostile.
#include <algorithm>

#include "tests/adapters/http/json_schema.hpp"
#include "tests/adapters/http/sample_world.hpp"

using namespace tradecase;
using namespace tradecase::testing;

namespace {

struct Asked {
  std::string what, target, body;
  PortalWorld::Headers headers;
};

struct Operation {
  std::string path, method;
  json::object described;
};

std::vector<Operation> operations(const json::object& document) {
  std::vector<Operation> all;
  for (const auto& [path, methods] : document.at("paths").as_object())
    for (const auto& [method, described] : methods.as_object())
      all.push_back({std::string(path), method == "get" ? "GET" : "POST", described.as_object()});
  return all;
}

std::string replaced(std::string path, const std::map<std::string, std::string>& values) {
  for (const auto& [name, value] : values)
    if (const auto at = path.find("{" + name + "}"); at != std::string::npos) path.replace(at, name.size() + 2, value);
  return path;
}

// The answer as the description has it for this status; "" where it fits.
std::string against_description(const http::Response& answer, const Operation& operation, const json::object& document) {
  const json::object& responses = operation.described.at("responses").as_object();
  const auto* found = responses.if_contains(std::to_string(answer.status));
  if (answer.status >= 500) return "it failed: " + answer.body;
  const json::object* response = found != nullptr ? &found->as_object() : nullptr;
  if (response == nullptr) response = &responses.at("default").as_object();
  if (response->contains("$ref")) response = &document.at("components").at("responses").at("Problem").as_object();
  const json::object& content = response->at("content").as_object();
  const std::string type = answer.type.substr(0, answer.type.find(';'));
  if (!content.contains(type)) return "it is " + answer.type + ", not " + json::serialize(content);
  if (type == "text/plain" || type == "text/csv" || type == "application/zip" || type == "application/pdf" ||
      type == "application/octet-stream")
    return "";
  boost::json::error_code failed;
  const json::value body = json::parse(answer.body, failed);
  if (failed) return "it is no JSON";
  return misfit(body, content.at(type).at("schema").as_object(), document);
}

std::vector<Asked> hostile_addresses(const Operation& operation, const std::string& good) {
  std::vector<Asked> all;
  for (const char* value : {"%00", "..", "%2e%2e", "' or 1=1 --", "%ff%fe", "a%0d%0aX: 1", "{case}", "%F0%9F%92%A9"}) {
    std::string path = operation.path;
    if (const auto at = path.find('{'); at != std::string::npos) path.replace(at, path.find('}') - at + 1, value);
    for (char& c : path)
      if (c == ' ') c = '+';
    all.push_back({"hostile path", replaced(path, {{"command", "x"}, {"name", "x"}, {"hash", "x"}}), "", {}});
  }
  all.push_back({"unknown parameter", good + "?nonsense=1", "", {}});
  all.push_back({"hostile parameter", good + "?%ff%fe=%ff", "", {}});
  all.push_back({"long parameter", good + "?q=" + std::string(4000, 'a'), "", {}});
  for (const json::value& parameter : operation.described.at("parameters").as_array()) {
    if (parameter.at("in") != "query") continue;
    const std::string name(parameter.at("name").as_string());
    for (const char* value : {"", "-1", "x", "999999999999999999999", "%27;--", "%ff%fe", "2026-02-30", "true", "%00"})
      all.push_back({"wrong parameter", good + "?" + name + "=" + value, "", {}});
    all.push_back({"a parameter twice", good + "?" + name + "=1&" + name + "=2", "", {}});
  }
  return all;
}

std::vector<Asked> hostile_bodies(const std::string& good) {
  const PortalWorld::Headers version{{"If-Match", "\"1\""}};
  std::vector<Asked> all;
  const auto add = [&](const char* what, std::string body, PortalWorld::Headers headers) {
    all.push_back({what, good, std::move(body), std::move(headers)});
  };
  add("nothing", "", version);
  add("no version", "{}", {});
  add("no key", "{}", {{"If-Match", "\"1\""}, {"Idempotency-Key", ""}});
  add("long key", "{}", {{"If-Match", "\"1\""}, {"Idempotency-Key", std::string(500, 'k')}});
  add("key twice", "{}", {{"If-Match", "\"1\""}, {"Idempotency-Key", "a"}, {"Idempotency-Key", "b"}});
  add("version twice", "{}", {{"If-Match", "\"1\""}, {"If-Match", "\"2\""}});
  add("another type", "a=1", {{"If-Match", "\"1\""}, {"Content-Type", "application/x-www-form-urlencoded"}});
  for (const char* body : {"null",
                           "[]",
                           "7",
                           "\"text\"",
                           "{",
                           "{\"a\":}",
                           "{\"what\": \"\xff\xfe\"}",
                           "{\"what\": null}",
                           "{\"what\": {}}",
                           "{\"what\": [[[]]]}",
                           "{\"text\": 5}",
                           "{\"text\": \" \"}",
                           "{\"text\": \"A note.\"}",
                           "{\"until\": 5}",
                           "{\"until\": \"2026-02-30\"}",
                           "{\"workflow\": {}, \"command\": []}",
                           "{\"workflow\": \"membership\", \"command\": \"admit\", \"cycle\": -1}",
                           "{\"__proto__\": {}}",
                           "{\"what\": \"\\u0000\"}",
                           "{\"what\": \"a\", \"what\": \"b\"}",
                           "{\"notices\": [7]}",
                           "{\"name\": \"x\", \"scope\": \"read\", \"days\": 7}",
                           "{\"note\": \"because\"}",
                           "{\"command\": \"membership.assign_nam\", \"cases\": [{}], \"dry_run\": 1}"})
    add(body, body, version);
  // A key that was used for one body and comes with another.
  add("used key", "{}", {{"If-Match", "\"1\""}, {"Idempotency-Key", "used"}});
  add("used key, other body", "{\"text\": \"A\"}", {{"If-Match", "\"1\""}, {"Idempotency-Key", "used"}});
  add("deep", std::string(200, '[') + std::string(200, ']'), version);
  add("deep object", "{\"a\":" + std::string(20, '[') + std::string(20, ']') + "}", version);
  add("long text", "{\"what\": \"" + std::string(100'000, 'x') + "\"}", version);
  return all;
}

// An audit with a population, a sample that was looked at and a file of entry lines that was read.
std::map<std::string, std::string> audit_values(const SampleWorld& world, std::map<std::string, std::string> values) {
  values["case"] = world.audit;
  values["population"] = world.population();
  values["sample"] = world.drawn(values["population"], "method=simple&n=3");
  values["kind"] = "attribute";
  const auto looked = world.post("auditor", world.at("samples/" + values["sample"] + "/findings"), "sure=yes");
  REQUIRE(looked.status == 303);
  const auto sent = world.api(world.who("auditor"), "POST", "/api/v1/cases/" + world.audit + "/entry-files?name=lines.csv", "a,b\n1,2\n",
                              {{"Content-Type", "application/octet-stream"}});
  INFO(sent.body);
  REQUIRE(sent.status == 200);
  values["import"] = std::string(json::parse(sent.body).at("import").as_string());
  values["row"] = "1";
  return values;
}

}  // namespace

TEST_CASE("every operation answers as its description says, whatever it is asked") {
  SampleWorld world(20);
  const auto given = world.ask(world.who("nobody"), "GET", "/api/openapi.json");
  REQUIRE(given.status == 200);
  const json::object document = json::parse(given.body).as_object();
  CHECK(document.at("openapi") == "3.1.0");
  std::string hash = "none", name = "none", with_letter = world.membership;
  for (const CaseRow& one : world.cases_of(world.own))
    world.engine().database().read([&](Session& session) {
      const auto letters = letters_of(session, one.id);
      const auto dates = ledger_of(session, one.id);
      if (letters.empty() || dates.empty() || hash != "none") return;
      hash = letters.front().hash;
      name = http::percent_encoded(dates.front().name);
      with_letter = one.id;
    });
  const auto hook = world.api(world.who("officer"), "POST", "/api/v1/webhooks",
                              "{\"url\": \"https://hooks.example/in\", \"types\": [\"case.changed\"], \"company\": \"" + world.own + "\"}");
  REQUIRE(hook.status == 200);
  const std::map<std::string, std::string> values{
      {"case", with_letter}, {"company", world.own},
      {"hash", hash},        {"name", name},
      {"workflow", "audit"}, {"command", "report_breach"},
      {"id", "999999"},      {"person", world.who("nam").person},
      {"kind", "attribute"}, {"webhook", std::to_string(json::parse(hook.body).at("webhook").as_int64())}};
  const auto uploaded = world.api(world.who("admin"), "POST", "/api/v1/cases/" + with_letter + "/files?name=note.txt", "A note.",
                                  {{"Content-Type", "application/octet-stream"}});
  REQUIRE(uploaded.status == 200);
  auto of_file = values;
  of_file["hash"] = std::string(json::parse(uploaded.body).at("items").at(0).at("hash").as_string());
  const auto of_audit = audit_values(world, values);
  int answers = 0;
  const auto check = [&](const Operation& operation, const Caller& caller, const Asked& asked, bool must_work) {
    const auto answer = world.api(caller, operation.method, asked.target, asked.body, asked.headers);
    INFO(operation.method << " " << asked.target.substr(0, 200) << " by " << caller.name << ", " << asked.what << ": " << answer.status
                          << " " << answer.body.substr(0, 300));
    if (must_work) CHECK(answer.status == 200);
    CHECK(against_description(answer, operation, document) == "");
    ++answers;
  };
  for (const Operation& operation : operations(document)) {
    const bool of_engagement = std::ranges::any_of(std::initializer_list<const char*>{"/populations", "/samples", "/entry-files"},
                                                   [&](const char* part) { return operation.path.find(part) != std::string::npos; });
    const std::string good = replaced(operation.path, operation.path.ends_with("/files/{hash}") ? of_file
                                                      : of_engagement                           ? of_audit
                                                                                                : values);
    const std::string plain = good + (good.find("sample-sizes") == std::string::npos ? "" : "?tolerable=5%25&expected=1%25&risk=5%25");
    for (const char* who : {"nobody", "officer", "stranger", "contact", "nam", "admin"}) {
      const Caller& caller = world.who(who);
      const bool works = std::string(who) == "admin" && operation.path.find("/letter-drafts/") == std::string::npos;  // not of every case
      if (operation.method == "GET") check(operation, caller, {"as described", plain, "", {}}, works);
      for (const Asked& asked : hostile_addresses(operation, good)) check(operation, caller, asked, false);
      if (operation.method == "POST")
        for (const Asked& asked : hostile_bodies(good)) check(operation, caller, asked, false);
    }
  }
  CHECK(answers > 1000);
}

TEST_CASE("every command that a person sends has a schema, and what a case offers names it") {
  PortalWorld world;
  const json::object document = json::parse(world.ask(world.who("nobody"), "GET", "/api/openapi.json").body).as_object();
  const json::object& schemas = document.at("components").at("schemas").as_object();
  for (const Workflow& workflow : world.engine().programme().workflows.all())
    for (const CommandInfo& command : workflow.commands) {
      const bool by_people = std::ranges::any_of(all_roles, [&](Role role) { return role != Role::timer && command.roles.has(role); });
      INFO(workflow.name << "." << command.name);
      CHECK(schemas.contains(workflow.name + "." + command.name) == by_people);
    }
  const auto offered = json::parse(world.api(world.who("nam"), "GET", "/api/v1/cases/" + world.membership + "/commands").body);
  for (const json::value& one : offered.at("items").as_array()) {
    const std::string schema(one.at("schema").as_string());
    CHECK(schemas.contains(schema.substr(schema.rfind('/') + 1)));
  }
}
