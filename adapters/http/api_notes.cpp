// Notes of the agency on a case: read and written by staff only, and never part of the record or of what a company sees.
#include "adapters/http/api.hpp"
#include "adapters/http/portal/case_store.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

constexpr std::size_t note_bytes_max = 4'000;

json::object notes_of(const Visit& visit, Session& session) {
  json::array items;
  for (const InternalNote& note : internal_notes_of(session, visit.on->id))
    items.push_back(json::object{{"by", note.person_name}, {"text", note.text}, {"written_at", to_text(note.written_at)}});
  return {{"items", std::move(items)}, {"next", nullptr}};
}

Response list_notes(Visit& visit) {
  return visit.json_answer(visit.engine.database().read([&](Session& session) { return notes_of(visit, session); }));
}

Response write_note(Visit& visit) {
  key_or_stop(visit);
  const json::object body = read_object(visit);
  const auto* said = body.if_contains("text");
  const std::string text = said != nullptr && said->is_string() ? trimmed(said->get_string()) : "";
  if (text.empty() || text_problem(text, note_bytes_max) || body.size() != 1)
    throw ApiProblem(400, "invalid", visit.say("The body is an object with one field, text: at most {} bytes.", note_bytes_max),
                     {{"errors", json::array{error_at("/text", "invalid", "is needed, as text of at most 4000 bytes")}}});
  return once(visit, body, [&](Transaction& tx) -> json::value {
    write_internal_note(tx, visit.on->id, visit.visitor.person.id, text, visit.engine.now());
    return notes_of(visit, tx);
  });
}

}  // namespace

std::vector<Endpoint> note_endpoints() {
  return {{"GET", "/api/v1/cases/{case}/notes", Access::staff, list_notes, "listNotes", "The agency's own notes on a case, newest first",
           "NoteList"},
          {"POST",
           "/api/v1/cases/{case}/notes",
           Access::staff,
           write_note,
           "writeNote",
           "Write a note on a case, for the agency alone",
           "NoteList",
           {},
           "NewNote"}};
}

}  // namespace tradecase::http
