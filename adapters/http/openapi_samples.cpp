// What the API answers and is sent about populations, samples and findings, as JSON Schema.
#include "adapters/http/api.hpp"

namespace tradecase::http {
namespace {

constexpr char of_populations[] = R"json({
  "Scope": {
    "type": "object", "additionalProperties": false,
    "properties": {
      "from": {"type": "string", "format": "date"}, "to": {"type": "string", "format": "date"},
      "importers": {"type": "array", "items": {"type": "string"}}, "risk_areas": {"type": "array", "items": {"type": "string"}},
      "chapters": {"type": "array", "items": {"type": "string"}}, "origins": {"type": "array", "items": {"type": "string"}},
      "spi": {"type": "array", "items": {"type": "string"}}, "min_value_cents": {"type": "integer"},
      "max_value_cents": {"type": "integer"}}
  },
  "NewPopulation": {
    "type": "object", "additionalProperties": false, "required": ["scope"],
    "properties": {
      "scope": {"$ref": "#/components/schemas/Scope"},
      "strata": {"type": "string", "description": "a column, chapter, heading, month, or value:1000,25000"}}
  },
  "Population": {
    "type": "object", "required": ["population", "case", "company", "scope", "strata", "created_by", "created_at", "preview", "frozen"],
    "properties": {
      "population": {"type": "string"}, "case": {"type": "string"}, "company": {"type": "string"},
      "scope": {"$ref": "#/components/schemas/Scope"}, "strata": {"type": "string"}, "created_by": {"type": "string"},
      "created_at": {"type": "string", "format": "date-time"}, "preview": {"type": "object"}, "frozen": {"type": "boolean"},
      "control": {"type": "object"}, "rows": {"type": "integer"}, "total_cents": {"type": "integer"}, "sha256": {"type": "string"}}
  },
  "ControlTotal": {
    "type": "object", "additionalProperties": false, "required": ["value_cents", "source"],
    "properties": {
      "value_cents": {"type": "integer", "minimum": 0}, "lines": {"type": "integer", "minimum": 0}, "source": {"type": "string"}}
  },
  "Freeze": {
    "type": "object", "additionalProperties": false,
    "properties": {"reason": {"type": "string", "description": "where it does not agree with a control total"}}
  },
  "Hint": {
    "type": "object", "additionalProperties": false, "required": ["rule", "entry_number", "line", "why"],
    "properties": {
      "rule": {"type": "string"}, "entry_number": {"type": "string"}, "line": {"type": "integer"}, "why": {"type": "string"}}
  },
  "EntryFile": {
    "type": "object",
    "required": ["import", "company", "case", "file", "by", "at", "stage", "bytes", "size", "rows", "good", "imported", "changed",
                 "unchanged", "left_out", "value_cents", "not_read", "changes", "errors", "errors_more", "sentence"],
    "properties": {
      "import": {"type": "string"}, "file": {"type": "string"}, "at": {"type": "string", "format": "date-time"},
      "stage": {"enum": ["reading", "checked", "keeping", "kept", "refused", "cancelled"]}, "bytes": {"type": "integer"},
      "size": {"type": "integer"}, "rows": {"type": "integer"}, "imported": {"type": "integer"}, "changed": {"type": "integer"},
      "unchanged": {"type": "integer"}, "left_out": {"type": "integer"}, "errors_more": {"type": "integer"},
      "errors": {"type": "array", "items": {
        "type": "object", "additionalProperties": false, "required": ["line", "field", "value", "reason"],
        "properties": {
          "line": {"type": "integer"}, "field": {"type": "string"}, "value": {"type": "string"}, "reason": {"type": "string"}}}}}
  },
  "KeepEntryFile": {
    "type": "object", "additionalProperties": false,
    "properties": {"leave_bad_out": {"type": "boolean", "description": "needed true where rows cannot be taken"}}
  }
})json";

constexpr char of_samples[] = R"json({
  "SampleItem": {
    "type": "object", "required": ["id", "population", "case", "seed", "seed_how", "seed_by", "seed_at", "draws"],
    "properties": {
      "id": {"type": "string"}, "population": {"type": "string"}, "case": {"type": "string"}, "seed": {"type": "string"},
      "seed_how": {"type": "string"}, "seed_by": {"type": "string"}, "seed_at": {"type": "string", "format": "date-time"},
      "draws": {"type": "array", "items": {
        "type": "object", "required": ["draw", "method", "n", "interval_cents", "rows", "reason", "by", "at"],
        "properties": {"draw": {"type": "integer"}, "method": {"type": "string"}, "rows": {"type": "integer"}}}}}
  },
  "SampleRow": {
    "type": "object", "required": ["row", "entry_number", "line", "hts", "stratum", "value_cents", "how", "by_hand"],
    "properties": {
      "row": {"type": "integer"}, "entry_number": {"type": "string"}, "line": {"type": "integer"}, "value_cents": {"type": "integer"},
      "how": {"type": "string"}, "by_hand": {"type": "boolean"}, "duty_cents": {"type": ["integer", "null"]}}
  },
  "Sample": {
    "allOf": [{"$ref": "#/components/schemas/SampleItem"}],
    "required": ["draw", "rows", "manual", "outside", "population_rows", "population_cents", "population_sha256", "frozen_at", "strata"],
    "properties": {
      "rows": {"type": "array", "items": {"$ref": "#/components/schemas/SampleRow"}}, "manual": {"type": "array"},
      "outside": {"type": "integer"}}
  },
  "NewSample": {
    "type": "object", "additionalProperties": false, "required": ["method", "seed", "how"],
    "properties": {
      "method": {"enum": ["simple", "systematic", "stratified", "mus-interval", "mus-cell"]}, "n": {"type": "integer"},
      "interval_cents": {"type": "integer"}, "allocation": {"enum": ["proportional", "neyman"]}, "least": {"type": "integer"},
      "seed": {"type": "string", "description": "at least 20 random digits, made after the freeze"}, "how": {"type": "string"},
      "reason": {"type": "string", "description": "needed where the population was drawn from before"}}
  },
  "LargerSample": {
    "type": "object", "additionalProperties": false, "required": ["n", "reason"],
    "properties": {"n": {"type": "integer"}, "reason": {"type": "string"}}
  },
  "SampleChange": {
    "type": "object", "additionalProperties": false, "required": ["action", "reason"],
    "properties": {
      "action": {"enum": ["add", "drop"]}, "row": {"type": "integer"}, "entry_number": {"type": "string"},
      "line": {"type": "integer"}, "reason": {"type": "string"}}
  },
  "SampleCheck": {
    "type": "object", "additionalProperties": false, "required": ["same", "differences", "sha256"],
    "properties": {
      "same": {"type": "boolean"}, "differences": {"type": "array", "items": {"type": "string"}}, "sha256": {"type": "string"}}
  },
  "SampleSize": {
    "type": "object", "required": ["n", "formula", "source", "inputs", "steps", "notes"],
    "properties": {"n": {"type": "integer"}, "formula": {"type": "string"}, "source": {"type": "string"}}
  },
  "NewFinding": {
    "type": "object", "additionalProperties": false,
    "properties": {
      "version": {"type": "integer", "description": "the one that was read before; 0: none"}, "note": {"type": "string"},
      "errors": {"type": "array", "items": {
        "type": "object", "additionalProperties": false, "required": ["cents", "direction", "cause"],
        "properties": {
          "cents": {"type": "integer"}, "direction": {"enum": ["overstated", "understated"]}, "cause": {"type": "string"}}}}}
  },
  "Findings": {
    "type": "object", "additionalProperties": false, "required": ["sample", "items", "by_hand", "open", "open_by_hand", "causes"],
    "properties": {
      "sample": {"type": "string"}, "items": {"type": "array", "items": {"$ref": "#/components/schemas/SampleRow"}},
      "by_hand": {"type": "array", "items": {"$ref": "#/components/schemas/SampleRow"}}, "open": {"type": "integer"},
      "open_by_hand": {"type": "integer"}, "causes": {"type": "array"}}
  },
  "Projection": {
    "type": "object", "required": ["sample", "items", "method", "estimator", "confidence", "causes", "overstated", "understated"],
    "properties": {
      "sample": {"type": "string"}, "estimator": {"type": "string"}, "confidence": {"type": "string"},
      "overstated": {"type": "object"}, "understated": {"type": "object"}, "net": {"type": "object"}}
  }
})json";

}  // namespace

json::object sample_schemas() {
  json::object all = json::parse(of_populations).as_object();
  const json::value more = json::parse(of_samples);
  for (const auto& [name, schema] : more.as_object()) all[name] = schema;
  return all;
}

}  // namespace tradecase::http
