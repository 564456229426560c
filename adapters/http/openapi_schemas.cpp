// What the API answers, as JSON Schema. Kept strict: the contract test holds every answer to these.
#include "adapters/http/api.hpp"

namespace tradecase::http {
namespace {

constexpr char answers[] = R"json({
  "Object": {"type": "object"},
  "Problem": {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
      "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"}, "code": {"type": "string"},
      "detail": {"type": "string"}, "instance": {"type": "string"}, "version": {"type": "integer"},
      "changes": {"type": "array", "items": {"$ref": "#/components/schemas/Moment"}},
      "errors": {"type": "array", "items": {
        "type": "object", "required": ["pointer", "code", "message"], "additionalProperties": false,
        "properties": {"pointer": {"type": "string"}, "code": {"type": "string"}, "message": {"type": "string"}}}}}
  },
  "Me": {
    "type": "object", "additionalProperties": false,
    "required": ["person", "name", "email", "roles", "companies", "by_token", "csrf"],
    "properties": {
      "person": {"type": "string"}, "name": {"type": "string"}, "email": {"type": "string"},
      "roles": {"type": "array", "items": {"type": "string"}},
      "companies": {"type": "array", "items": {
        "type": "object", "required": ["company", "roles"],
        "properties": {"company": {"type": "string"}, "roles": {"type": "array", "items": {"type": "string"}}}}},
      "by_token": {"type": "boolean"}, "csrf": {"type": ["string", "null"]}}
  },
  "CaseItem": {
    "type": "object",
    "required": ["case", "href", "workflow", "title", "cycle", "company", "company_name", "state", "state_label", "open", "version",
                 "waiting_on", "due_on"],
    "properties": {
      "case": {"type": "string"}, "href": {"type": "string"}, "workflow": {"type": "string"}, "title": {"type": "string"},
      "cycle": {"type": "integer"}, "company": {"type": "string"}, "company_name": {"type": "string"}, "state": {"type": "string"},
      "state_label": {"type": "string"}, "open": {"type": "boolean"}, "version": {"type": "integer"},
      "waiting_on": {"type": "string", "description": "nobody, clock; to a company: company or agency; to staff: who"},
      "due_on": {"type": ["string", "null"], "format": "date"}}
  },
  "Case": {
    "allOf": [{"$ref": "#/components/schemas/CaseItem"}],
    "required": ["state_says", "opened_at", "dates", "tasks", "letters", "commands", "data"],
    "properties": {
      "state_says": {"type": "string"}, "opened_at": {"type": "string", "format": "date-time"},
      "dates": {"type": "array", "items": {"$ref": "#/components/schemas/DueDate"}},
      "tasks": {"type": "array", "items": {"$ref": "#/components/schemas/Task"}},
      "letters": {"type": "array", "items": {"$ref": "#/components/schemas/Letter"}},
      "commands": {"type": "array", "items": {"$ref": "#/components/schemas/Command"}},
      "data": {"type": "object", "description": "to staff all of it; to a company what it wrote and was asked"}}
  },
  "Command": {
    "type": "object", "additionalProperties": false, "required": ["command", "label", "verdict", "reasons", "href", "schema"],
    "properties": {
      "command": {"type": "string"}, "label": {"type": "string"}, "verdict": {"enum": ["yes", "no", "needs_input"]},
      "reasons": {"type": "array", "items": {"type": "string"}}, "href": {"type": "string"}, "schema": {"type": "string"}}
  },
  "DueDate": {
    "type": "object", "additionalProperties": false,
    "required": ["name", "label", "due_on", "status", "rule", "inputs", "steps", "set_by_version", "set_by", "set_at", "id",
                 "superseded_by"],
    "properties": {
      "name": {"type": "string"}, "label": {"type": "string"}, "due_on": {"type": "string", "format": "date"},
      "status": {"enum": ["in_force", "superseded", "over"]}, "rule": {"type": "string"}, "inputs": {"type": "object"},
      "steps": {"type": "array", "items": {"type": "string"}}, "set_by_version": {"type": "integer"},
      "set_by": {"type": ["string", "null"]}, "set_at": {"type": ["string", "null"]}, "id": {"type": "integer"},
      "superseded_by": {"type": ["integer", "null"]}}
  },
  "Moment": {
    "type": "object", "additionalProperties": false, "required": ["version", "at", "by", "command", "what", "from", "to", "note"],
    "properties": {
      "version": {"type": "integer"}, "at": {"type": "string", "format": "date-time"}, "by": {"type": "string"},
      "command": {"type": ["string", "null"]}, "what": {"type": "string"}, "from": {"type": ["string", "null"]},
      "to": {"type": ["string", "null"]}, "note": {"type": ["string", "null"]}}
  },
  "Letter": {
    "type": "object", "required": ["hash", "title", "about", "written_at", "href"],
    "properties": {
      "hash": {"type": "string"}, "title": {"type": "string"}, "about": {"type": ["string", "null"]},
      "written_at": {"type": "string", "format": "date-time"}, "href": {"type": "string"}}
  },
  "LetterText": {
    "allOf": [{"$ref": "#/components/schemas/Letter"}], "required": ["text", "html"],
    "properties": {"text": {"type": "string"}, "html": {"type": "string"}}
  },
  "Task": {
    "type": "object", "additionalProperties": false, "required": ["kind", "title", "role", "person", "due_on", "opened_at"],
    "properties": {
      "kind": {"type": "string"}, "title": {"type": "string"}, "role": {"type": "string"}, "person": {"type": ["string", "null"]},
      "due_on": {"type": ["string", "null"], "format": "date"}, "opened_at": {"type": "string", "format": "date-time"}}
  },
  "Receipt": {
    "type": "object", "additionalProperties": false, "required": ["case", "href", "command", "version", "from", "state", "at"],
    "properties": {
      "case": {"type": "string"}, "href": {"type": "string"}, "command": {"type": "string"}, "version": {"type": "integer"},
      "from": {"type": ["string", "null"]}, "state": {"type": ["string", "null"]}, "at": {"type": "string", "format": "date-time"}}
  },
  "Company": {
    "type": "object",
    "required": ["company", "href", "legal_name", "dba", "program", "acceptance_date", "ior_numbers", "account_manager"],
    "properties": {
      "company": {"type": "string"}, "href": {"type": "string"}, "legal_name": {"type": "string"}, "dba": {"type": "string"},
      "program": {"type": "string"}, "acceptance_date": {"type": ["string", "null"], "format": "date"},
      "ior_numbers": {"type": "array", "items": {"type": "string"}}, "account_manager": {"type": ["string", "null"]}}
  },
  "Fact": {
    "type": "object", "required": ["key", "value", "as_of", "source"],
    "properties": {"key": {"type": "string"}, "value": {}, "as_of": {"type": "string", "format": "date"}, "source": {"type": "string"}}
  },
  "Person": {
    "type": "object", "additionalProperties": false, "required": ["person", "name", "email", "title", "phone", "departed_on", "grants"],
    "properties": {
      "person": {"type": "string"}, "name": {"type": "string"}, "email": {"type": "string"}, "title": {"type": "string"},
      "phone": {"type": "string"}, "departed_on": {"type": ["string", "null"], "format": "date"},
      "grants": {"type": "array", "items": {
        "type": "object", "required": ["role", "company", "notices"],
        "properties": {"role": {"type": "string"}, "company": {"type": "string"}, "notices": {"type": "boolean"}}}}}
  },
  "Workflow": {
    "type": "object", "required": ["name", "title", "states", "commands", "transitions"],
    "properties": {
      "name": {"type": "string"}, "title": {"type": "string"}, "states": {"type": "array", "items": {"type": "object"}},
      "commands": {"type": "array", "items": {"type": "object"}}, "transitions": {"type": "array", "items": {"type": "object"}}}
  },
  "WorkflowItem": {
    "type": "object", "required": ["name", "title", "href"],
    "properties": {"name": {"type": "string"}, "title": {"type": "string"}, "href": {"type": "string"}}
  },
  "Clock": {
    "type": "object", "additionalProperties": false, "required": ["now", "today", "sandbox"],
    "properties": {
      "now": {"type": "string", "format": "date-time"}, "today": {"type": "string", "format": "date"}, "sandbox": {"type": "boolean"}}
  },
  "MoveClock": {
    "type": "object", "additionalProperties": false, "required": ["until"],
    "properties": {"until": {"type": "string", "format": "date"}}
  },
  "Note": {
    "type": "object", "additionalProperties": false, "required": ["by", "text", "written_at"],
    "properties": {"by": {"type": "string"}, "text": {"type": "string"}, "written_at": {"type": "string", "format": "date-time"}}
  },
  "NewNote": {
    "type": "object", "additionalProperties": false, "required": ["text"], "properties": {"text": {"type": "string", "maxLength": 4000}}
  },
  "Message": {
    "type": "object", "required": ["message", "case", "status", "to", "subject", "written_at", "try_at", "attempts", "detail"],
    "properties": {
      "message": {"type": "integer"}, "case": {"type": "string"}, "status": {"type": "string"}, "to": {"type": "string"},
      "subject": {"type": "string"}, "written_at": {"type": "string", "format": "date-time"},
      "try_at": {"type": "string", "format": "date-time"}, "attempts": {"type": "integer"}, "detail": {"type": "string"}}
  },
  "RecordLine": {
    "type": "object", "additionalProperties": false, "required": ["n", "line"],
    "properties": {"n": {"type": "integer"}, "line": {"type": "string"}}
  }
})json";

}  // namespace

json::object api_schemas() {
  json::object schemas = json::parse(answers).as_object();
  for (const auto& [list, item] : {std::pair{"CaseList", "CaseItem"},
                                   {"CommandList", "Command"},
                                   {"DateList", "DueDate"},
                                   {"HistoryList", "Moment"},
                                   {"LetterList", "Letter"},
                                   {"TaskList", "Task"},
                                   {"CompanyList", "Company"},
                                   {"FactList", "Fact"},
                                   {"PersonList", "Person"},
                                   {"WorkflowList", "WorkflowItem"},
                                   {"NoteList", "Note"},
                                   {"MessageList", "Message"},
                                   {"RecordList", "RecordLine"}})
    schemas[list] = json::object{
        {"type", "object"},
        {"additionalProperties", false},
        {"required", json::array{"items", "next"}},
        {"properties", json::object{{"items", json::object{{"type", "array"},
                                                           {"items", json::object{{"$ref", "#/components/schemas/" + std::string(item)}}}}},
                                    {"next", json::object{{"type", json::array{"string", "null"}}}}}}};
  return schemas;
}

}  // namespace tradecase::http
