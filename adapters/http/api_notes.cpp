// Notes of the agency on a case: read and written by staff only, and never part of the record or of what a company sees.
#include "adapters/http/api.hpp"
#include "adapters/http/portal/case_store.hpp"
#include "engine/sha256.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

constexpr std::size_t note_bytes_max = 4'000;

Response list_notes(Visit& visit) {
  json::array items;
  visit.engine.database().read([&](Session& session) {
    for (const InternalNote& note : internal_notes_of(session, visit.on->id))
      items.push_back(json::object{{"by", note.person_name}, {"text", note.text}, {"written_at", to_text(note.written_at)}});
  });
  return list_answer(visit, std::move(items), "");
}

// The key is kept where a command's is: sent again, the note is not written twice.
Response write_note(Visit& visit) {
  const std::string key = key_or_stop(visit);
  const json::object body = read_object(visit);
  const auto* said = body.if_contains("text");
  const std::string text = said != nullptr && said->is_string() ? trimmed(said->get_string()) : "";
  if (text.empty() || text_problem(text, note_bytes_max) || body.size() != 1)
    throw ApiProblem(400, "invalid", visit.say("The body is an object with one field, text: at most {} bytes.", note_bytes_max),
                     {{"errors", json::array{error_at("/text", "invalid", "is needed, as text of at most 4000 bytes")}}});
  const std::string hash = sha256_hex("note " + visit.on->id + " " + text);
  const std::string& person = visit.visitor.person.id;
  const bool fits = visit.engine.database().write([&](Transaction& tx) {
    if (const auto before = find_receipt(tx, person, key)) return before->body_hash == hash;
    write_internal_note(tx, visit.on->id, person, text, visit.engine.now());
    save_receipt(tx, person, key, hash,
                 Receipt{visit.on->id, "note", visit.on->version, visit.on->state, visit.on->state, visit.engine.now()},
                 visit.engine.now());
    return true;
  });
  if (!fits)
    throw ApiProblem(422, "key_reused", visit.say("This idempotency key was used for another act before. Use a new key for a new act."));
  return list_notes(visit);
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
