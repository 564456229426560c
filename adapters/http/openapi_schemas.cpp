// What the API answers and is sent, as JSON Schema. Kept strict: the contract test holds every answer to these.
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
    "required": ["person", "name", "email", "title", "phone", "roles", "companies", "by_token", "csrf"],
    "properties": {
      "title": {"type": "string"}, "phone": {"type": "string"},
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
  "File": {
    "type": "object", "additionalProperties": false,
    "required": ["hash", "href", "name", "type", "size", "by", "kept_at", "internal", "belongs_to", "attached_version"],
    "properties": {
      "hash": {"type": "string", "description": "SHA-256 of its bytes: how a command's `files` name it"}, "href": {"type": "string"},
      "name": {"type": "string"}, "type": {"type": "string"}, "size": {"type": "integer"}, "by": {"type": "string"},
      "kept_at": {"type": "string", "format": "date-time"}, "internal": {"type": "boolean"}, "belongs_to": {"type": "string"},
      "attached_version": {"type": ["integer", "null"], "description": "null: no command has named it yet; it goes after 14 days"}}
  },
  "NewFiles": {
    "description": "multipart/form-data with one part `file` for each file, or one file's bytes with its name as ?name="
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
  "Webhook": {
    "type": "object",
    "required": ["webhook", "href", "url", "types", "company", "owner", "made_at", "off_since", "off_because", "undelivered"],
    "properties": {
      "webhook": {"type": "integer"}, "href": {"type": "string"}, "url": {"type": "string"},
      "types": {"type": "array", "items": {"$ref": "#/components/schemas/WebhookType"}},
      "company": {"type": ["string", "null"], "description": "told as this company is; null: told as the agency is"},
      "owner": {"type": "string"}, "made_at": {"type": "string", "format": "date-time"},
      "off_since": {"type": ["string", "null"], "description": "switched off since; nothing is sent then"},
      "off_because": {"type": ["string", "null"]}, "undelivered": {"type": "integer"}}
  },
  "WebhookType": {
    "enum": ["case.changed", "letter.written", "deadline.set", "task.opened"],
    "description": "an event's name. On the wire, CloudEvents' type, the installation's prefix stands before it: gov.cbp.tradecase.case.changed, where the setting webhooks.type_prefix says nothing else"
  },
  "WebhookWithSecret": {
    "allOf": [{"$ref": "#/components/schemas/Webhook"}], "required": ["secret"],
    "properties": {"secret": {"type": "string", "pattern": "^whsec_"}}
  },
  "NewWebhook": {
    "type": "object", "additionalProperties": false, "required": ["url", "types"],
    "properties": {
      "url": {"type": "string", "maxLength": 2000, "description": "https, on the public internet"},
      "types": {"type": "array", "minItems": 1, "items": {"$ref": "#/components/schemas/WebhookType"}},
      "company": {"type": ["string", "null"], "description": "of an officer: whose cases; left out by staff"}}
  },
  "WebhookDelivery": {
    "type": "object", "additionalProperties": false,
    "required": ["id", "event", "type", "case", "status", "attempts", "answer", "detail", "made_at", "try_at", "done_at"],
    "properties": {
      "id": {"type": "string", "description": "webhook-id: the same at every attempt"}, "event": {"type": "string"},
      "type": {"type": "string"}, "case": {"type": ["string", "null"]}, "status": {"enum": ["queued", "delivered", "given_up"]},
      "attempts": {"type": "integer"}, "answer": {"type": ["integer", "null"], "description": "the last HTTP status"},
      "detail": {"type": ["string", "null"]}, "made_at": {"type": "string", "format": "date-time"},
      "try_at": {"type": ["string", "null"]}, "done_at": {"type": ["string", "null"]}}
  },
  "WebhookEvent": {
    "type": "object", "additionalProperties": false, "description": "What is sent: a CloudEvent of version 1.0, structured",
    "required": ["specversion", "id", "source", "type", "time", "datacontenttype", "data"],
    "properties": {
      "specversion": {"const": "1.0"}, "id": {"type": "string"}, "source": {"type": "string"}, "type": {"type": "string"},
      "subject": {"type": "string", "description": "the case"}, "time": {"type": "string", "format": "date-time"},
      "datacontenttype": {"const": "application/json"},
      "data": {"type": "object", "properties": {
        "case": {"type": "string"}, "company": {"type": "string"}, "workflow": {"type": "string"}, "version": {"type": "integer"},
        "webhook": {"type": "integer"}, "href": {"type": "string", "description": "where to ask what it is"}}}}
  },
  "Nothing": {"type": "object", "additionalProperties": false},
  "RecordLine": {
    "type": "object", "additionalProperties": false, "required": ["n", "line"],
    "properties": {"n": {"type": "integer"}, "line": {"type": "string"}}
  }
})json";

constexpr char acts[] = R"json({
  "SignInItem": {
    "type": "object", "additionalProperties": false, "required": ["sign_in", "agent", "began", "seen", "this_one"],
    "properties": {
      "sign_in": {"type": "integer"}, "agent": {"type": "string"}, "began": {"type": "string", "format": "date-time"},
      "seen": {"type": "string", "format": "date-time"}, "this_one": {"type": "boolean"}}
  },
  "Token": {
    "type": "object", "additionalProperties": false, "required": ["id", "name", "scope", "made", "expires", "used"],
    "properties": {
      "id": {"type": "integer"}, "name": {"type": "string"}, "scope": {"enum": ["read", "write"]},
      "made": {"type": "string", "format": "date-time"}, "expires": {"type": "string", "format": "date-time"},
      "used": {"type": ["string", "null"], "format": "date-time"}}
  },
  "NewToken": {
    "type": "object", "additionalProperties": false, "required": ["name", "scope", "days"],
    "properties": {
      "name": {"type": "string", "maxLength": 60}, "scope": {"enum": ["read", "write"]}, "days": {"enum": ["7", "30", "90", "365"]}}
  },
  "NewTokenMade": {
    "type": "object", "additionalProperties": false, "required": ["name", "scope", "token"],
    "properties": {"name": {"type": "string"}, "scope": {"type": "string"}, "token": {"type": ["string", "null"]}}
  },
  "Notice": {
    "type": "object", "additionalProperties": false, "required": ["role", "company", "notices"],
    "properties": {"role": {"type": "string"}, "company": {"type": "string"}, "notices": {"type": "boolean"}}
  },
  "ChooseNotices": {
    "type": "object", "additionalProperties": false, "required": ["notices"],
    "properties": {"notices": {"type": "array", "items": {
      "type": "object", "additionalProperties": false, "required": ["role", "company"],
      "properties": {"role": {"type": "string"}, "company": {"type": "string"}}}}}
  },
  "CalendarAddress": {
    "type": "object", "additionalProperties": false, "required": ["has", "address"],
    "properties": {"has": {"type": "boolean"}, "address": {"type": ["string", "null"]}}
  },
  "Filter": {
    "type": "object", "additionalProperties": false, "required": ["filter", "name", "query"],
    "properties": {"filter": {"type": "integer"}, "name": {"type": "string"}, "query": {"type": "string"}}
  },
  "NewFilter": {
    "type": "object", "additionalProperties": false, "required": ["name", "query"],
    "properties": {"name": {"type": "string", "maxLength": 80}, "query": {"type": "string", "maxLength": 2000}}
  },
  "Bulk": {
    "type": "object", "additionalProperties": false, "required": ["command", "cases"],
    "properties": {
      "command": {"type": "string", "description": "workflow.command"},
      "cases": {"type": "array", "minItems": 1, "maxItems": 100, "items": {
        "type": "object", "additionalProperties": false, "required": ["case"],
        "properties": {"case": {"type": "string"}, "version": {"type": "integer"}}}},
      "body": {"type": "object", "description": "the fields of the command, the same for each case"},
      "dry_run": {"type": "boolean", "default": false}}
  },
  "BulkResult": {
    "type": "object", "additionalProperties": false, "required": ["case", "title", "version", "outcome", "sentence"],
    "properties": {
      "case": {"type": "string"}, "title": {"type": "string"}, "version": {"type": "integer"},
      "outcome": {"enum": ["would", "would_not", "done", "not_done"]}, "sentence": {"type": ["string", "null"]}}
  },
  "OnePerson": {
    "type": "object", "additionalProperties": false,
    "required": ["person", "href", "name", "email", "title", "phone", "departed_on", "grants", "absences"],
    "properties": {
      "person": {"type": "string"}, "href": {"type": "string"}, "name": {"type": "string"}, "email": {"type": "string"},
      "title": {"type": "string"}, "phone": {"type": "string"}, "departed_on": {"type": ["string", "null"], "format": "date"},
      "grants": {"type": "array", "items": {"$ref": "#/components/schemas/Notice"}},
      "absences": {"type": "array", "items": {
        "type": "object", "additionalProperties": false, "required": ["from", "to", "delegate"],
        "properties": {
          "from": {"type": "string", "format": "date"}, "to": {"type": "string", "format": "date"},
          "delegate": {"type": ["string", "null"]}}}}}
  },
  "NewPerson": {
    "type": "object", "additionalProperties": false, "required": ["email", "name", "role"],
    "properties": {
      "email": {"type": "string"}, "name": {"type": "string"}, "title": {"type": "string"}, "phone": {"type": "string"},
      "role": {"type": "string"}, "company": {"type": "string", "description": "of a role of a company: its id"}}
  },
  "ChangePerson": {
    "type": "object", "additionalProperties": false, "required": ["name"],
    "properties": {"name": {"type": "string"}, "title": {"type": "string"}, "phone": {"type": "string"}}
  },
  "RoleNamed": {
    "type": "object", "additionalProperties": false, "required": ["role"],
    "properties": {"role": {"type": "string"}, "company": {"type": "string"}}
  },
  "NewAbsence": {
    "type": "object", "additionalProperties": false, "required": ["from", "to", "delegate"],
    "properties": {
      "from": {"type": "string", "format": "date"}, "to": {"type": "string", "format": "date"},
      "delegate": {"type": "string", "description": "a person's e-mail address"}}
  },
  "Handover": {
    "type": "object", "additionalProperties": false, "required": ["person", "tasks", "accounts", "successors", "digest"],
    "properties": {
      "person": {"type": "string"}, "accounts": {"type": "array", "items": {"type": "string"}}, "digest": {"type": "string"},
      "tasks": {"type": "array", "items": {
        "type": "object", "additionalProperties": false, "required": ["case", "title", "due_on"],
        "properties": {
          "case": {"type": "string"}, "title": {"type": "string"}, "due_on": {"type": ["string", "null"], "format": "date"}}}},
      "successors": {"type": "array", "items": {
        "type": "object", "additionalProperties": false, "required": ["person", "name", "email"],
        "properties": {"person": {"type": "string"}, "name": {"type": "string"}, "email": {"type": "string"}}}}}
  },
  "Leave": {
    "type": "object", "additionalProperties": false, "required": ["to", "digest"],
    "properties": {
      "to": {"type": "string", "description": "the successor's id"},
      "digest": {"type": "string", "description": "as getHandover told it: another one means that something has changed"}}
  },
  "HandedOver": {
    "type": "object", "additionalProperties": false, "required": ["person", "successor", "tasks", "accounts"],
    "properties": {
      "person": {"type": "string"}, "successor": {"type": "string"}, "tasks": {"type": "integer"}, "accounts": {"type": "integer"}}
  },
  "Settled": {
    "type": "object", "additionalProperties": false, "required": ["id", "outcome"],
    "properties": {"id": {"type": "integer"}, "outcome": {"type": "string"}}
  },
  "ResolveMessage": {
    "type": "object", "additionalProperties": false, "required": ["outcome", "note"],
    "properties": {"outcome": {"enum": ["arrived", "lost"]}, "note": {"type": "string", "maxLength": 1000}}
  },
  "Noted": {
    "type": "object", "additionalProperties": false, "required": ["note"], "properties": {"note": {"type": "string", "maxLength": 1000}}
  },
  "FailedTimer": {
    "type": "object", "additionalProperties": false,
    "required": ["id", "case", "name", "command", "due_at", "status", "attempts", "detail"],
    "properties": {
      "id": {"type": "integer"}, "case": {"type": "string"}, "name": {"type": "string"}, "command": {"type": "string"},
      "due_at": {"type": "string", "format": "date-time"}, "status": {"type": "string"}, "attempts": {"type": "integer"},
      "detail": {"type": "string"}}
  },
  "Skipped": {
    "type": "object", "additionalProperties": false, "required": ["id", "case", "title", "opened_at"],
    "properties": {
      "id": {"type": "integer"}, "case": {"type": "string"}, "title": {"type": "string"},
      "opened_at": {"type": "string", "format": "date-time"}}
  },
  "Verified": {
    "type": "object", "additionalProperties": false, "required": ["at", "cases", "events", "root", "violations", "count"],
    "properties": {
      "at": {"type": "string", "format": "date-time"}, "cases": {"type": "integer"}, "events": {"type": "integer"},
      "root": {"type": "string"}, "count": {"type": "integer"}, "violations": {"type": "array", "items": {
        "type": "object", "additionalProperties": false, "required": ["invariant", "case", "detail"],
        "properties": {"invariant": {"type": "string"}, "case": {"type": "string"}, "detail": {"type": "string"}}}}}
  }
})json";

}  // namespace

json::object api_schemas() {
  json::object schemas = json::parse(answers).as_object();
  const json::value more = json::parse(acts);
  for (const auto& [name, schema] : more.as_object()) schemas[name] = schema;
  for (const auto& [name, schema] : rule_schemas()) schemas[name] = schema;
  for (auto& [name, schema] : sample_schemas()) schemas[name] = std::move(schema);
  for (const auto& [name, schema] : letter_schemas()) schemas[name] = schema;
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
                                   {"FileList", "File"},
                                   {"ParagraphList", "Paragraph"},
                                   {"WordTemplateList", "WordTemplate"},
                                   {"SignInList", "SignInItem"},
                                   {"TokenList", "Token"},
                                   {"NoticeList", "Notice"},
                                   {"FilterList", "Filter"},
                                   {"BulkResultList", "BulkResult"},
                                   {"TimerList", "FailedTimer"},
                                   {"SkippedList", "Skipped"},
                                   {"MessageList", "Message"},
                                   {"PopulationList", "Population"},
                                   {"HintList", "Hint"},
                                   {"EntryFileList", "EntryFile"},
                                   {"SampleList", "SampleItem"},
                                   {"WebhookList", "Webhook"},
                                   {"WebhookDeliveryList", "WebhookDelivery"},
                                   {"RuleList", "Rule"},
                                   {"RuleChangeList", "RuleChange"},
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
