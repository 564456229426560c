// Letters being written and the template desk, over the API: what their pages can do. Approving and sending are commands of the case.
#include <algorithm>

#include "adapters/http/api.hpp"
#include "adapters/http/portal/letter_drafts.hpp"
#include "adapters/http/portal/letter_writing.hpp"
#include "adapters/http/portal/question_views.hpp"
#include "adapters/http/portal/template_acts.hpp"
#include "engine/sha256.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

constexpr std::size_t sent_part_bytes_max = 20'000, sent_parts_max = 60;
constexpr char bytes_type[] = "application/octet-stream";

void stop_unless(bool may, const Visit& visit) {
  if (!may) throw ApiProblem(403, "forbidden", visit.say("This is not for your role."));
}

// ---- drafts --------------------------------------------------------------------------------------------------------------------

json::object draft_item(const Visit& visit, const LetterKind& kind, const WrittenLetter& draft) {
  json::array parts, problems;
  for (const WrittenPart& part : draft.parts)
    parts.push_back(json::object{{"name", part.name}, {"title", part.title}, {"text", part.text}});
  const auto made = rendered_draft(visit, kind, draft);
  if (const auto* wrong = std::get_if<std::vector<Problem>>(&made))
    for (const Problem& one : *wrong) problems.push_back(json::object{{"field", one.field}, {"sentence", one.sentence}});
  const auto* rendered = std::get_if<RenderedLetter>(&made);
  return {{"letter", kind.letter},
          {"command", kind.command},
          {"version", draft.stored.version},
          {"parts", std::move(parts)},
          {"values", draft.values},
          {"word", draft.word ? json::value(json::string(draft.word_file)) : json::value(nullptr)},
          {"problems", std::move(problems)},
          {"text", rendered != nullptr ? json::value(json::string(rendered->text)) : json::value(nullptr)},
          {"html", rendered != nullptr ? json::value(json::string(rendered->html)) : json::value(nullptr)}};
}

const LetterKind& kind_of(const Visit& visit) {
  const LetterKind& kind = letter_kind(visit, visit.params.find("name")->second);
  http::letter_desk(visit);
  return kind;
}

Response get_draft(Visit& visit) {
  const LetterKind& kind = kind_of(visit);
  return visit.json_answer(draft_item(visit, kind, draft_of(visit, kind)));
}

[[noreturn]] void bad(const Visit& visit, const std::string& pointer, const std::string& why) {
  throw ApiProblem(400, "invalid", visit.say("There is something to mend before this can be sent."),
                   {{"errors", json::array{error_at(pointer, "invalid", why)}}});
}

void read_parts(const Visit& visit, const json::value& said, WrittenLetter& draft) {
  if (!said.is_array() || said.get_array().size() > sent_parts_max) bad(visit, "/parts", "must be a list of at most 60 parts");
  draft.parts.clear();
  for (const json::value& one : said.get_array()) {
    const auto* part = one.if_object();
    const std::string title = part != nullptr ? trimmed(text_of(*part, "title")) : "", text = part != nullptr ? text_of(*part, "text") : "";
    if (title.empty() || text_problem(title, 200) || text.empty() || text.size() > sent_part_bytes_max)
      bad(visit, "/parts", "each needs title and text, the text of at most 20000 bytes");
    draft.parts.push_back({text_of(*part, "name"), 0, title, trimmed(text)});
  }
}

Response put_draft(Visit& visit) {
  stop_unless(may_write_letters(visit.visitor), visit);
  key_or_stop(visit);
  const LetterKind& kind = kind_of(visit);
  const json::object body = read_object(visit);
  for (const auto& [name, ignored] : body)
    if (name != "version" && name != "parts" && name != "values") bad(visit, "/" + std::string(name), "is not a field of this body");
  if (!body.contains("version") || !body.at("version").is_int64()) bad(visit, "/version", "is needed: the draft's, 0 where none is saved");
  return once_outside(visit, body, [&]() -> json::value {
    WrittenLetter draft = draft_of(visit, kind);
    if (draft.stored.version != body.at("version").as_int64())
      throw ApiProblem(412, "conflict", visit.say("Somebody else saved this letter meanwhile."), {{"version", draft.stored.version}});
    if (const auto* parts = body.if_contains("parts")) {
      read_parts(visit, *parts, draft);
      draft.word.reset();
    }
    for (const auto& [name, value] : object_at(body, "values")) {
      const std::string field(name);
      if (!value.is_string() || std::ranges::find(kind.values, field, &LetterValue::name) == kind.values.end())
        bad(visit, "/values/" + field, "is no value of this letter, or no text");
      draft.values[name] = value;
    }
    draft.fixed.clear();
    if (!save_draft(visit, kind, draft, "Saved"))
      throw ApiProblem(412, "conflict", visit.say("Somebody else saved this letter meanwhile."),
                       {{"version", draft_of(visit, kind).stored.version}});
    return draft_item(visit, kind, draft);
  });
}

// The bytes are kept; what comes back is the body of the command fix_letter.
Response fix(Visit& visit) {
  stop_unless(may_write_letters(visit.visitor), visit);
  const LetterKind& kind = kind_of(visit);
  return once_outside(visit, read_nothing(visit), [&]() -> json::value {
    WrittenLetter draft = draft_of(visit, kind);
    if (draft.stored.version == 0 && !save_draft(visit, kind, draft, "Saved")) draft = draft_of(visit, kind);
    auto made = fix_draft(visit, kind, draft);
    if (const auto* problems = std::get_if<std::vector<Problem>>(&made)) stop_at(visit, *problems);
    save_draft(visit, kind, draft, "Fixed for approval");
    return std::get<json::object>(std::move(made));
  });
}

Response get_word(Visit& visit) {
  const LetterKind& kind = kind_of(visit);
  const WrittenLetter draft = draft_of(visit, kind);
  stop_at(visit, draft_problems(visit, kind, draft));
  auto made = http::letter_desk(visit).to_word(asked_of(visit, kind, draft, letter_says(visit, kind, draft.values)));
  if (const auto* wrongs = std::get_if<LetterDesk::Wrongs>(&made)) stop_at(visit, problems_of(*wrongs));
  Response response;
  response.body = std::get<std::string>(std::move(made));
  response.type = bytes_type;
  return response;
}

// The document itself is the body.
Upload sent_document(const Visit& visit) {
  const std::string_view type = visit.request.header("content-type");
  if (type.substr(0, type.find(';')) != "application/octet-stream")
    throw ApiProblem(415, "unsupported_media_type", visit.say("Send the document itself as application/octet-stream."));
  return {"word", "document.docx", "", visit.request.body};
}

Response put_word(Visit& visit) {
  stop_unless(may_write_letters(visit.visitor), visit);
  const LetterKind& kind = kind_of(visit);
  const Upload file = sent_document(visit);
  return once_outside(visit, {{"document", sha256_hex(file.bytes)}}, [&]() -> json::value {
    WrittenLetter draft = draft_of(visit, kind);
    stop_at(visit, take_word(visit, kind, draft, file));
    if (!save_draft(visit, kind, draft, "Text taken from Word"))
      throw ApiProblem(412, "conflict", visit.say("Somebody else saved this letter meanwhile."),
                       {{"version", draft_of(visit, kind).stored.version}});
    return draft_item(visit, kind, draft);
  });
}

// ---- the template desk -----------------------------------------------------------------------------------------------------------

json::object paragraph_item(const Paragraph& one) {
  return {{"paragraph", one.name},
          {"version", one.version},
          {"letter", one.letter},
          {"title", one.title},
          {"place", one.place},
          {"standard", one.standard},
          {"fields", one.fields},
          {"text", one.text},
          {"effective_on", to_text(one.effective_on)},
          {"changed_by", one.changed_by_name},
          {"changed_at", to_text(one.changed_at)},
          {"why", one.why}};
}

Response list_paragraphs(Visit& visit) {
  json::array items;
  for (const Paragraph& one : visit.engine.database().read([](Session& session) { return latest_paragraphs(session); }))
    items.push_back(paragraph_item(one));
  return list_answer(visit, std::move(items), "");
}

Response put_paragraph(Visit& visit) {
  stop_unless(may_keep_templates(visit.visitor), visit);
  json::object body = read_object(visit);
  const std::string text = text_of(body, "text");
  json::object others = body;
  others.erase("text");
  Fields fields =
      read_fields(visit, others, {{"letter"}, {"title", true}, {"place", true}, {"standard"}, {"effective_on", true}, {"why", true}});
  fields.add("text", text);
  auto made = paragraph_typed(visit, visit.params.find("paragraph")->second, fields);
  if (const auto* problems = std::get_if<std::vector<Problem>>(&made)) stop_at(visit, *problems);
  return once(visit, body, [&](Transaction& tx) -> json::value {
    Paragraph kept = std::get<Paragraph>(made);
    keep_paragraph(visit, tx, kept);
    return paragraph_item(paragraph_versions(tx, kept.name).front());
  });
}

json::object word_item(const WordTemplate& one) {
  return {{"letter", one.letter},
          {"version", one.version},
          {"fields", one.fields},
          {"effective_on", to_text(one.effective_on)},
          {"changed_by", one.changed_by_name},
          {"why", one.why}};
}

Response list_word_templates(Visit& visit) {
  json::array items;
  for (const WordTemplate& one : visit.engine.database().read([](Session& session) { return word_templates(session); }))
    items.push_back(word_item(one));
  return list_answer(visit, std::move(items), "");
}

Response put_word_template(Visit& visit) {
  stop_unless(may_keep_templates(visit.visitor), visit);
  const std::string letter = visit.params.find("name")->second;
  if (!is_composed(letter)) throw ApiProblem(404, "not_found", visit.say("There is no such letter."));
  const Upload file = sent_document(visit);
  auto made = word_template_typed(visit, letter, visit.request.query, {file});
  if (const auto* problems = std::get_if<std::vector<Problem>>(&made)) stop_at(visit, *problems);
  return once(visit, {{"document", sha256_hex(file.bytes)}}, [&](Transaction& tx) -> json::value {
    WordTemplate kept = std::get<WordTemplate>(made);
    kept.version = add_word_template(tx, kept);
    kept.changed_by_name = visit.visitor.person.name;
    return word_item(kept);
  });
}

constexpr char schemas[] = R"json({
  "LetterDraft": {
    "type": "object", "additionalProperties": false,
    "required": ["letter", "command", "version", "parts", "values", "word", "problems", "text", "html"],
    "properties": {
      "letter": {"type": "string"}, "command": {"type": "string", "description": "that sends the letter when it is approved"},
      "version": {"type": "integer"},
      "parts": {"type": "array", "items": {"$ref": "#/components/schemas/LetterPart"}},
      "values": {"type": "object"},
      "word": {"type": ["string", "null"], "description": "the Word document that the text came from"},
      "problems": {"type": "array", "items": {
        "type": "object", "additionalProperties": false, "required": ["field", "sentence"],
        "properties": {"field": {"type": "string"}, "sentence": {"type": "string"}}}},
      "text": {"type": ["string", "null"]}, "html": {"type": ["string", "null"]}}
  },
  "LetterPart": {
    "type": "object", "additionalProperties": false, "required": ["title", "text"],
    "properties": {
      "name": {"type": "string", "description": "of the paragraph in the library"}, "title": {"type": "string", "maxLength": 200},
      "text": {"type": "string", "maxLength": 20000, "description": "Markdown with merge fields"}}
  },
  "NewLetterDraft": {
    "type": "object", "additionalProperties": false, "required": ["version"],
    "properties": {
      "version": {"type": "integer", "description": "the draft's as it was read; 0 where none is saved"},
      "parts": {"type": "array", "maxItems": 60, "items": {"$ref": "#/components/schemas/LetterPart"}},
      "values": {"type": "object", "additionalProperties": {"type": "string"}}}
  },
  "FixedLetter": {
    "type": "object", "additionalProperties": false, "required": ["letter", "hash", "says", "authors"],
    "description": "the body of the command fix_letter",
    "properties": {
      "letter": {"type": "string"}, "hash": {"type": "string"}, "says": {"type": "object"},
      "due_on": {"type": "string", "format": "date"}, "authors": {"type": "array", "items": {"type": "string"}}}
  },
  "LetterDocument": {"type": "string", "format": "binary"},
  "Paragraph": {
    "type": "object", "additionalProperties": false,
    "required": ["paragraph", "version", "letter", "title", "place", "standard", "fields", "text", "effective_on", "changed_by",
                 "changed_at", "why"],
    "properties": {
      "paragraph": {"type": "string"}, "version": {"type": "integer"}, "letter": {"type": "string"}, "title": {"type": "string"},
      "place": {"type": "integer"}, "standard": {"type": "boolean"}, "fields": {"type": "string"}, "text": {"type": "string"},
      "effective_on": {"type": "string", "format": "date"}, "changed_by": {"type": "string"},
      "changed_at": {"type": "string", "format": "date-time"}, "why": {"type": "string"}}
  },
  "NewParagraph": {
    "type": "object", "additionalProperties": false, "required": ["title", "text", "place", "effective_on", "why"],
    "properties": {
      "letter": {"type": "string", "description": "of a new paragraph: the letter that it belongs to"},
      "title": {"type": "string", "maxLength": 120}, "text": {"type": "string", "maxLength": 20000},
      "place": {"type": "string", "pattern": "^[0-9]{1,5}$"}, "standard": {"enum": ["yes", "no"]},
      "effective_on": {"type": "string", "format": "date"}, "why": {"type": "string", "maxLength": 500}}
  },
  "WordTemplate": {
    "type": "object", "additionalProperties": false, "required": ["letter", "version", "fields", "effective_on", "changed_by", "why"],
    "properties": {
      "letter": {"type": "string"}, "version": {"type": "integer"}, "fields": {"type": "string"},
      "effective_on": {"type": "string", "format": "date"}, "changed_by": {"type": "string"}, "why": {"type": "string"}}
  }
})json";

const std::vector<std::string> of_a_document{"application/octet-stream"};

std::vector<Endpoint> draft_endpoints() {
  const std::string draft = "/api/v1/cases/{case}/letter-drafts/{name}";
  return {
      {"GET", draft, Access::team, get_draft, "getLetterDraft", "A letter that is being written, and what is wrong with it", "LetterDraft"},
      {"POST",
       draft,
       Access::team,
       put_draft,
       "saveLetterDraft",
       "Save a letter that is being written; an approval is void then",
       "LetterDraft",
       {},
       "NewLetterDraft"},
      {"POST",
       draft + "/fix",
       Access::team,
       fix,
       "fixLetterDraft",
       "Render the letter and keep its bytes; the answer is the body of the command fix_letter",
       "FixedLetter",
       {},
       "Nothing"},
      {"GET", draft + "/word", Access::team, get_word, "getLetterDraftWord", "The draft as a Word document", bytes_type},
      {"POST",
       draft + "/word",
       Access::team,
       put_word,
       "takeLetterDraftWord",
       "Bring a Word document back as the letter's text",
       "LetterDraft",
       {},
       "LetterDocument",
       false,
       200,
       of_a_document}};
}

}  // namespace

json::object letter_schemas() { return json::parse(schemas).as_object(); }

std::vector<Endpoint> letter_endpoints() {
  std::vector<Endpoint> all = draft_endpoints();
  const QueryField effective{"effective_on", "The day from which it holds", {{"type", "string"}, {"format", "date"}}};
  const QueryField why{"why", "Why it changes", {{"type", "string"}}};
  for (Endpoint& one : std::vector<Endpoint>{{"GET", "/api/v1/paragraphs", Access::team, list_paragraphs, "listParagraphs",
                                              "The paragraphs of letters, each in its newest version", "ParagraphList"},
                                             {"POST",
                                              "/api/v1/paragraphs/{paragraph}",
                                              Access::team,
                                              put_paragraph,
                                              "addParagraphVersion",
                                              "Give a paragraph a new version, or add one to the library",
                                              "Paragraph",
                                              {},
                                              "NewParagraph"},
                                             {"GET", "/api/v1/word-templates", Access::team, list_word_templates, "listWordTemplates",
                                              "Letters in Word with merge fields", "WordTemplateList"},
                                             {"POST",
                                              "/api/v1/word-templates/{name}",
                                              Access::team,
                                              put_word_template,
                                              "addWordTemplate",
                                              "Keep a letter in Word; unknown merge fields are refused with their place",
                                              "WordTemplate",
                                              {effective, why},
                                              "LetterDocument",
                                              false,
                                              200,
                                              of_a_document}})
    all.push_back(std::move(one));
  return all;
}

}  // namespace tradecase::http
