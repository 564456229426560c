// N2: internal notes on a case, for staff alone.
#include "adapters/http/portal/case_store.hpp"
#include "adapters/http/portal/staff.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

constexpr std::size_t note_length_max = 4000;

Response write_note(Visit& visit) {
  const std::string text = trimmed(visit.form.fields.get("note"));
  const std::string back = "/cases/" + visit.on->id + "#notes";
  if (text.empty()) return visit.go(back, visit.say("The note is empty. Write something, then save it."));
  if (const auto problem = text_problem(text, note_length_max)) throw Fault(422, visit.say("The note cannot be kept: {}.", *problem));
  visit.engine.database().write(
      [&](Transaction& tx) { write_internal_note(tx, visit.on->id, visit.visitor.person.id, text, visit.engine.now()); });
  return visit.go(back, visit.say("The note is saved."));
}

}  // namespace

void add_note_routes(Routes& routes) {
  routes.push_back({"POST", "/cases/{case}/notes", "N2", Access::staff, write_note, "Write an internal note on a case"});
}

}  // namespace tradecase::http
