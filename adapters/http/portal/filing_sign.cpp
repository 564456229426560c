// M4b what changed since last year, M5 check and sign, M5a the receipt.
#include <algorithm>

#include "adapters/http/portal/case_views.hpp"
#include "adapters/http/portal/filing_views.hpp"
#include "adapters/http/portal/meanwhile.hpp"
#include "adapters/http/portal/question_views.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

bool officer_of(const Visit& visit) {
  const auto own = visit.visitor.companies.find(visit.on->company);
  return own != visit.visitor.companies.end() && own->second.has(Role::officer);
}

Response show_changes(Visit& visit) {
  const LetterDraft letter = letter_or_stop(visit);
  const bool staff = visit.visitor.is_staff();
  if (staff && letter.fillable) return visit.go("/cases/" + visit.on->id);  // an unsigned draft is the company's own
  return visit.page("letter_changes", visit.say("What changed since last year: {}", case_name(visit, visit.on->workflow, letter.cycle)),
                    {{"case", visit.on->id},
                     {"back", staff ? "/cases/" + visit.on->id : letter_path(visit)},
                     {"back_title", case_name(visit, visit.on->workflow, letter.cycle)},
                     {"changes", change_views(visit, letter)},
                     {"unchanged", unchanged_views(visit, letter)},
                     {"fillable", letter.editable}});
}

json::array officers_of(const Visit& visit) {
  json::array all;
  visit.engine.database().read([&](Session& session) {
    for (const Person& person : people_with(session, "officer", visit.on->company, visit.today()))
      all.push_back(json::object{{"name", person.name}, {"title", person.title}, {"email", person.email}, {"phone", person.phone}});
  });
  return all;
}

Response show_sign(Visit& visit, const std::string& typed = "", const std::string& problem = "", int status = 200) {
  const LetterDraft letter = letter_or_stop(visit);
  if (!letter.fillable) return visit.go("/cases/" + visit.on->id + (letter.editable ? "/receipt" : ""));
  if (visit.visitor.is_staff() && !letter.editable) return visit.go("/cases/" + visit.on->id);
  json::array missing;
  for (const LetterSection* section : letter.waiting())
    missing.push_back(
        json::object{{"title", section_title(visit, *section)}, {"href", letter_path(visit, "/" + section->form->id + "?back=sign")}});
  const std::string title =
      letter.after_return ? visit.say("Check your answers and send the letter again") : visit.say("Check your answers and sign");
  json::array summary;
  if (!problem.empty() && missing.empty()) summary.push_back(json::object{{"field", "signature"}, {"sentence", problem}});
  const bool officer = officer_of(visit);
  return visit.page("letter_sign", status == 200 ? title : visit.say("Error: {}", title),
                    {{"case", visit.on->id},
                     {"back", letter_path(visit)},
                     {"back_title", case_name(visit, visit.on->workflow, letter.cycle)},
                     {"heading", title},
                     {"company", visit.company->legal_name},
                     {"date", due_view(visit)},
                     {"sentence", problem.empty() ? "" : visit.say("The letter is not sent yet.")},
                     {"summary", summary},
                     {"problem", problem},
                     {"changes", change_views(visit, letter)},
                     {"unchanged", unchanged_views(visit, letter)},
                     {"lacks", !missing.empty()},
                     {"missing", missing},
                     {"may_sign", officer && missing.empty()},
                     {"ask_officer", !officer && missing.empty()},
                     {"officers", officers_of(visit)},
                     {"own_name", visit.visitor.person.name},
                     {"typed", typed},
                     {"button", letter.after_return ? visit.say("Sign and send again") : visit.say("Sign and file")},
                     {"key", random_token()},
                     {"version", visit.on->version}},
                    status);
}

// The record must be what the signer has read: another version shows the page anew.
Response sign(Visit& visit) {
  const LetterDraft letter = letter_or_stop(visit);
  const std::string typed = trimmed(visit.form.fields.get("signature"));
  if (typed.empty()) return show_sign(visit, typed, visit.say("Type your full name: {}.", visit.visitor.person.name), 422);
  const Answer answer = visit.send(letter.after_return ? "resubmit" : "submit", {{"signature", typed}});
  if (const auto* refusal = std::get_if<Refusal>(&answer)) {
    read_case_again(visit);
    if (refusal->code == RefusalCode::conflict) {
      if (!letter_or_stop(visit).fillable) return too_late(visit);
      tell_meanwhile(visit, {});
      return show_sign(visit, typed, visit.say("Somebody changed the letter meanwhile. Read it again, then sign."), 412);
    }
    return show_sign(visit, typed, refusal->sentence, 422);
  }
  return visit.go("/cases/" + visit.on->id + "/receipt");
}

Response show_receipt(Visit& visit) {
  const LetterDraft letter = letter_or_stop(visit);
  const json::object signature = object_at(visit.on->data, "signature");
  if (signature.empty() || letter.fillable) throw Fault(404, visit.say("This letter was not filed yet, so it has no receipt."));
  const auto signed_at = parse_instant(text_of(signature, "signed_at"));
  json::array copies;
  std::string nam, nam_phone, nam_email;
  visit.engine.database().read([&](Session& session) {
    for (const Letter& one : letters_of(session, visit.on->id))
      if (one.letter == "anl_receipt")
        copies.push_back(json::object{{"href", "/cases/" + visit.on->id + "/letters/" + one.hash},
                                      {"title", one.title},
                                      {"on", visit.date(visit.programme().calendar.day_of(one.written_at))}});
    if (const auto person = visit.company->nam.empty() ? std::nullopt : find_person(session, visit.company->nam)) {
      nam = person->name;
      nam_phone = person->phone;
      nam_email = person->email;
    }
  });
  const StateWords& state = visit.words().state("annual_notification", visit.on->state);
  return visit.page("letter_receipt", visit.say("Your annual letter is filed"),
                    {{"case", visit.on->id},
                     {"reference", visit.on->id + " / " + std::to_string(letter.cycle)},
                     {"company", visit.company->legal_name},
                     {"signed_by", text_of(signature, "name")},
                     {"signed_title", text_of(signature, "title")},
                     {"signed_on", signed_at ? visit.weekday(visit.programme().calendar.day_of(*signed_at)) : ""},
                     {"hash", text_of(signature, "answers_hash")},
                     {"state", visit.say(state.label)},
                     {"state_says", visit.say(state.for_company)},
                     {"nam", nam},
                     {"nam_phone", nam_phone},
                     {"nam_email", nam_email},
                     {"copies", copies},
                     {"changed", change_views(visit, letter).size()},
                     {"unchanged", unchanged_views(visit, letter).size()}});
}

}  // namespace

void add_signing_routes(Routes& routes) {
  routes.push_back({"GET", "/cases/{case}/changes", "M4b", Access::signed_in, show_changes, "What changed since last year"});
  routes.push_back({"GET", "/cases/{case}/sign", "M5", Access::signed_in, [](Visit& v) { return show_sign(v); }, "Check answers and sign"});
  routes.push_back({"POST", "/cases/{case}/sign", "M5", Access::company, sign, "Sign and file the annual letter"});
  routes.push_back({"GET", "/cases/{case}/receipt", "M5a", Access::company, show_receipt, "The receipt of a filed letter"});
}

}  // namespace tradecase::http
