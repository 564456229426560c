// The rules in force, which dates another value moves, and changes that two people agree on.
#include "adapters/http/api.hpp"
#include "adapters/http/portal/rule_acts.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

constexpr char rule_schemas_text[] = R"json({
  "RuleKind": {
    "type": ["integer", "string", "array", "boolean"], "items": {"type": ["integer", "string"]},
    "description": "a rule's value, of its own type"
  },
  "Rule": {
    "type": "object", "additionalProperties": false, "required": ["key", "value", "mark", "source", "meaning", "changeable"],
    "properties": {
      "key": {"type": "string"}, "value": {"$ref": "#/components/schemas/RuleKind"}, "mark": {"type": "string"},
      "source": {"type": "string"}, "meaning": {"type": "string"}, "changeable": {"type": "boolean"}}
  },
  "RuleValue": {
    "type": "object", "additionalProperties": false, "required": ["value"],
    "properties": {"value": {"$ref": "#/components/schemas/RuleKind"}}
  },
  "RuleTried": {
    "type": "object", "additionalProperties": false, "required": ["dates", "moves"],
    "properties": {"dates": {"type": "integer"}, "moves": {"type": "array", "items": {
      "type": "object", "additionalProperties": false, "required": ["case", "company", "name", "from", "to", "why"],
      "properties": {
        "case": {"type": "string"}, "company": {"type": "string"}, "name": {"type": "string"},
        "from": {"type": "string", "format": "date"}, "to": {"type": "string", "format": "date"}, "why": {"type": "string"}}}}}
  },
  "NewRuleChange": {
    "type": "object", "additionalProperties": false, "required": ["value", "effective_on", "reason"],
    "properties": {
      "value": {"$ref": "#/components/schemas/RuleKind"}, "effective_on": {"type": "string", "format": "date"},
      "reason": {"type": "string", "maxLength": 1000}}
  },
  "RuleChange": {
    "type": "object", "additionalProperties": false,
    "required": ["change", "href", "key", "former", "value", "effective_on", "reason", "status", "proposed_by", "proposed_at",
                 "approved_by", "ended_at", "dates"],
    "properties": {
      "change": {"type": "integer"}, "href": {"type": "string"}, "key": {"type": "string"},
      "former": {"$ref": "#/components/schemas/RuleKind"}, "value": {"$ref": "#/components/schemas/RuleKind"},
      "effective_on": {"type": "string", "format": "date"}, "reason": {"type": "string"},
      "status": {"enum": ["proposed", "approved", "applied", "dropped"]}, "proposed_by": {"type": "string"},
      "proposed_at": {"type": "string", "format": "date-time"}, "approved_by": {"type": ["string", "null"]},
      "ended_at": {"type": ["string", "null"], "format": "date-time"},
      "dates": {"type": "integer", "description": "moved when it was applied"}}
  }
})json";

json::object one_rule(const Rule& rule) {
  return {{"key", rule.key},       {"value", rule.value},     {"mark", word(rule.mark)},
          {"source", rule.source}, {"meaning", rule.meaning}, {"changeable", is_changeable(rule)}};
}

Response list_rules(Visit& visit) {
  json::array items;
  for (const Rule& rule : visit.programme().rules.all()) items.push_back(one_rule(rule));
  return list_answer(visit, std::move(items), "");
}

json::value rule_text_or_null(const std::string& text) { return text.empty() ? json::value(nullptr) : json::value(text); }

json::object told_rule_change(const RuleChange& change) {
  return {{"change", change.id},
          {"href", "/operator/rules/changes/" + std::to_string(change.id)},
          {"key", change.key},
          {"former", change.former},
          {"value", change.value},
          {"effective_on", to_text(change.effective_on)},
          {"reason", change.reason},
          {"status", change.status},
          {"proposed_by", change.proposed_by},
          {"proposed_at", to_text(change.proposed_at)},
          {"approved_by", rule_text_or_null(change.approved_by)},
          {"ended_at", change.ended_at ? json::value(to_text(*change.ended_at)) : json::value(nullptr)},
          {"dates", change.dates}};
}

Response list_rule_changes(Visit& visit) {
  json::array items;
  visit.engine.database().read([&](Session& session) {
    for (const RuleChange& change : rule_changes(session)) items.push_back(told_rule_change(change));
  });
  return list_answer(visit, std::move(items), "");
}

// {"value": …} and, of a change, effective_on and reason.
RuleAsked read_rule_asked(const Visit& visit, const json::object& body, bool proposed) {
  json::array errors;
  RuleAsked asked;
  const auto text = [&](std::string_view name) -> std::string {
    const auto* value = body.if_contains(name);
    if (value != nullptr && value->is_string()) return trimmed(value->get_string());
    errors.push_back(error_at("/" + std::string(name), value == nullptr ? "missing" : "invalid", "is needed, as text"));
    return "";
  };
  if (const auto* value = body.if_contains("value"))
    asked.value = *value;
  else
    errors.push_back(error_at("/value", "missing", "is needed: of the rule's own type"));
  if (asked.value.is_object() || asked.value.is_null())
    errors.push_back(error_at("/value", "invalid", "must be of the rule's own type: a number, a text, or a list of them"));
  if (proposed) {
    asked.reason = text("reason");
    asked.effective_on = parse_date(text("effective_on"));
  }
  for (const auto& [name, ignored] : body)
    if (name != "value" && (!proposed || (name != "effective_on" && name != "reason")))
      errors.push_back(error_at("/" + std::string(name), "unknown", "is not a field of this body"));
  if (!errors.empty())
    throw ApiProblem(400, "invalid", visit.say("There is something to mend before this can be sent."), {{"errors", std::move(errors)}});
  return asked;
}

json::object told_moves(const std::vector<RulesDesk::Move>& moves) {
  json::array all;
  for (const RulesDesk::Move& move : moves)
    all.push_back(json::object{{"case", move.case_id},
                               {"company", move.company},
                               {"name", move.name},
                               {"from", to_text(move.from)},
                               {"to", to_text(move.to)},
                               {"why", move.why}});
  return {{"dates", moves.size()}, {"moves", std::move(all)}};
}

const Rule& rule_to_change(const Visit& visit) {
  stop_who_may_not_change_rules(visit);
  if (!visit.portal.wiring().rules.dry_run) throw ApiProblem(404, "not_found", visit.say("Rules are not changed here."));
  return rule_or_stop(visit);
}

Response try_one_rule(Visit& visit) {
  const Rule& rule = rule_to_change(visit);
  const json::object body = read_object(visit);
  const RuleAsked asked = read_rule_asked(visit, body, false);
  return once_outside(visit, body, [&]() -> json::value {
    std::vector<RulesDesk::Move> moves;
    stop_at(visit, try_change(visit, rule, asked, false, moves));
    return told_moves(moves);
  });
}

Response propose_one_rule(Visit& visit) {
  const Rule& rule = rule_to_change(visit);
  const json::object body = read_object(visit);
  const RuleAsked asked = read_rule_asked(visit, body, true);
  std::vector<RulesDesk::Move> moves;
  const auto problems = try_change(visit, rule, asked, true, moves);
  return once(
      visit, body,
      [&](Transaction& tx) -> json::value {
        stop_at(visit, problems);
        const auto made = propose_change(visit, tx, rule, asked);
        if (const auto* problem = std::get_if<Problem>(&made)) stop_at(visit, {*problem});
        return told_rule_change(change_or_stop(visit, tx, std::get<std::int64_t>(made)));
      },
      201);
}

Response settle_one_rule(Visit& visit, std::optional<Problem> (*act)(const Visit&, Transaction&, std::int64_t)) {
  stop_who_may_not_change_rules(visit);
  const json::object body = read_nothing(visit);
  Response response = once(visit, body, [&](Transaction& tx) -> json::value {
    const std::int64_t id = id_or_stop(visit, "change");
    if (const auto problem = act(visit, tx, id)) throw ApiProblem(422, "guard", problem->sentence);
    return told_rule_change(change_or_stop(visit, tx, id));
  });
  apply_due_changes(visit);
  return response;
}

}  // namespace

json::object rule_schemas() { return json::parse(rule_schemas_text).as_object(); }

std::vector<Endpoint> rule_endpoints() {
  const std::string changes = "/api/v1/rule-changes";
  const auto post = [](std::string path, Handler handler, const char* operation, const char* summary, const char* answer,
                       const char* body = "", int success = 200) {
    return Endpoint{"POST", std::move(path), Access::rules, std::move(handler), operation, summary, answer, {}, body, false, success};
  };
  return {{"GET", "/api/v1/rules", Access::rules, list_rules, "listRules", "The rules in force", "RuleList"},
          {"GET", changes, Access::rules, list_rule_changes, "listRuleChanges", "Changes of rules, the newest first", "RuleChangeList"},
          post("/api/v1/rules/{key}/try", try_one_rule, "tryRule", "Which dates of open cases another value would move; nothing is changed",
               "RuleTried", "RuleValue"),
          post("/api/v1/rules/{key}/changes", propose_one_rule, "proposeRuleChange", "Propose another value from a day on", "RuleChange",
               "NewRuleChange", 201),
          post(
              changes + "/{change}/approve", [](Visit& v) { return settle_one_rule(v, approve_change); }, "approveRuleChange",
              "Approve a change, as the second person; it applies on its day", "RuleChange"),
          post(
              changes + "/{change}/drop", [](Visit& v) { return settle_one_rule(v, drop_change); }, "dropRuleChange", "Drop a change",
              "RuleChange")};
}

}  // namespace tradecase::http
