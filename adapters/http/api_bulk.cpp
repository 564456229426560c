// One step for several cases: with dry_run who would take it, who not and why; without it the result of each.
#include "adapters/http/api.hpp"
#include "adapters/http/portal/bulk_acts.hpp"

namespace tradecase::http {
namespace {

struct BulkAsked {
  std::string command;
  std::vector<std::string> cases;
  std::map<std::string, std::int64_t> versions;
  json::object body;
  bool dry_run = false;
};

void read_cases(const json::value* list, BulkAsked& asked, json::array& errors) {
  if (list == nullptr || !list->is_array() || list->get_array().empty()) {
    errors.push_back(error_at("/cases", list == nullptr ? "missing" : "invalid", "is needed, as a list of cases with their versions"));
    return;
  }
  for (std::size_t i = 0; i < list->get_array().size(); ++i) {
    const json::value& one = list->get_array()[i];
    const auto* id = one.is_object() ? one.get_object().if_contains("case") : nullptr;
    const auto* version = one.is_object() ? one.get_object().if_contains("version") : nullptr;
    const bool fits = id != nullptr && id->is_string() && (version == nullptr || version->is_int64()) &&
                      one.get_object().size() == (version == nullptr ? 1U : 2U);
    if (!fits) {
      errors.push_back(error_at("/cases/" + std::to_string(i), "invalid", "must be an object: case, and version as it was seen"));
      continue;
    }
    asked.cases.emplace_back(id->get_string());
    if (version != nullptr) asked.versions[asked.cases.back()] = version->get_int64();
  }
}

BulkAsked read_asked(const Visit& visit, const json::object& body) {
  BulkAsked asked;
  json::array errors;
  const auto* command = body.if_contains("command");
  if (command != nullptr && command->is_string())
    asked.command = command->get_string();
  else
    errors.push_back(error_at("/command", command == nullptr ? "missing" : "invalid", "is needed: workflow.command"));
  read_cases(body.if_contains("cases"), asked, errors);
  if (const auto* fields = body.if_contains("body")) {
    if (fields->is_object())
      asked.body = fields->get_object();
    else
      errors.push_back(error_at("/body", "invalid", "must be an object: the fields of the command"));
  }
  if (const auto* dry = body.if_contains("dry_run")) {
    if (dry->is_bool())
      asked.dry_run = dry->get_bool();
    else
      errors.push_back(error_at("/dry_run", "invalid", "must be true or false"));
  }
  for (const auto& [name, ignored] : body)
    if (name != "command" && name != "cases" && name != "body" && name != "dry_run")
      errors.push_back(error_at("/" + std::string(name), "unknown", "is not a field of this body"));
  if (!errors.empty())
    throw ApiProblem(400, "invalid", visit.say("There is something to mend before this can be sent."), {{"errors", std::move(errors)}});
  return asked;
}

json::object result(const Chosen& one, const char* outcome, const json::value& why) {
  return {{"case", one.on.id}, {"title", one.title}, {"version", one.on.version}, {"outcome", outcome}, {"sentence", why}};
}

Response act_on_several(Visit& visit) {
  const std::string key = key_or_stop(visit);
  constexpr std::size_t key_bytes_max = 100;  // each case's own key begins with it
  if (key.size() > key_bytes_max) throw ApiProblem(400, "invalid", visit.say("The key of an act on several cases has 100 bytes or fewer."));
  const json::object body = read_object(visit);
  const BulkAsked asked = read_asked(visit, body);
  const auto step = step_named(visit, asked.command);
  if (!step)
    throw ApiProblem(400, "invalid", visit.say("Name the command with its workflow, such as membership.assign_nam."),
                     {{"errors", json::array{error_at("/command", "invalid", "must be workflow.command")}}});
  return once_outside(visit, body, [&]() -> json::value {
    json::array items;
    for (const Chosen& one : chosen_cases(visit, asked.cases)) {
      if (asked.dry_run) {
        const bool yes = takes(one, *step);
        items.push_back(result(one, yes ? "would" : "would_not", yes ? json::value(nullptr) : json::value(why_not(visit, one, *step))));
        continue;
      }
      const auto version = asked.versions.find(one.on.id);
      const json::object did =
          take_step(visit, one, *step, asked.body, key, version == asked.versions.end() ? std::nullopt : std::optional(version->second));
      items.push_back(result(one, did.at("ok").as_bool() ? "done" : "not_done", did.at("sentence")));
    }
    return json::object{{"items", std::move(items)}, {"next", nullptr}};
  });
}

}  // namespace

std::vector<Endpoint> bulk_endpoints() {
  return {{"POST",
           "/api/v1/bulk",
           Access::team,
           act_on_several,
           "actOnSeveral",
           "Take one step for several cases, each by itself; or ask first with dry_run",
           "BulkResultList",
           {},
           "Bulk"}};
}

}  // namespace tradecase::http
