// A6: a second person reads exactly the bytes that will go out and approves them by their hash; then they are sent, and the outbox tells
// how far each mail is.
#include <algorithm>

#include "adapters/http/portal/case_views.hpp"
#include "adapters/http/portal/letter_writing.hpp"
#include "adapters/http/portal/meanwhile.hpp"
#include "adapters/http/portal/question_views.hpp"
#include "adapters/http/portal/rooms.hpp"
#include "engine/store/fixed_letters.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

struct Deciding {
  std::string sentence, reason, problem_reason;
  int status = 200;
};

std::string person_words(const Visit& visit, Session& session, const std::string& id) {
  if (id == visit.visitor.person.id) return visit.say("{} (you)", visit.visitor.person.name);
  const auto person = find_person(session, id);
  return person ? person->name : id;
}

std::string stage_words(const Visit& visit, const std::string& status) {
  if (status == "queued" || status == "claimed") return visit.say("Queued");
  if (status == "transmitting") return visit.say("Transmission begun");
  if (status == "sent") return visit.say("Sent");
  if (status == "given_up") return visit.say("Given up: the operator settles it");
  return visit.say("Outcome unknown: the operator finds out");
}

// The letters of this kind that went out, newest first, each with its mails.
json::array sent_views(const Visit& visit, const LetterKind& kind, Session& session) {
  json::array views;
  const auto mails = find_messages(session, "", visit.on->id, 1'000);
  auto letters = letters_of(session, visit.on->id);
  std::ranges::reverse(letters);
  for (const Letter& letter : letters) {
    if (letter.letter != kind.letter) continue;
    json::array rows;
    for (const OutboxRow& mail : mails)
      if (mail.letter_id == letter.id)
        rows.push_back(
            json::object{{"mail_to", mail.message.to_name}, {"mail_stage", stage_words(visit, mail.status)}, {"mail_detail", mail.detail}});
    views.push_back(json::object{{"sent_href", "/cases/" + visit.on->id + "/letters/" + letter.hash},
                                 {"sent_title", letter.title},
                                 {"sent_on", moment_words(visit, letter.written_at)},
                                 {"sent_hash", letter.hash},
                                 {"any_mails", !rows.empty()},
                                 {"mails", std::move(rows)}});
  }
  return views;
}

// The command that goes with the letter, in words.
json::array deed_views(const Visit& visit, const LetterKind& kind, const json::object& says) {
  json::array views;
  const auto add = [&](std::string label, std::string value) {
    if (!value.empty()) views.push_back(json::object{{"deed", std::move(label)}, {"deed_value", std::move(value)}});
  };
  for (const LetterValue& value : kind.values) {
    if (value.control == "yes_no")
      add(visit.say(value.label), says.contains(value.name) && says.at(value.name) == true ? visit.say("yes") : visit.say("no"));
    if (value.control == "text") add(visit.say(value.label), text_of(says, value.name));
  }
  if (const auto items = array_at(says, "items"); !items.empty()) add(visit.say("Entry lines asked for"), std::to_string(items.size()));
  if (const auto due = parse_date(text_of(says, "due_on"))) add(visit.say("Due on"), visit.weekday(letter_desk(visit).due_day(*due)));
  return views;
}

json::object waiting_view(const Visit& visit, Session& session, const LetterKind& kind, const json::object& fixed) {
  const std::string hash = text_of(fixed, "hash"), by = text_of(fixed, "approved_by");
  const auto text = find_fixed_letter(session, visit.on->id, hash);
  std::vector<std::string> authors;
  bool author = false;
  for (const json::value& one : array_at(fixed, "authors")) {
    authors.push_back(person_words(visit, session, std::string(one.as_string())));
    author = author || one.as_string() == visit.visitor.person.id;
  }
  return {{"hash", hash},
          {"text", text ? text->rendered.text : visit.say("The text of this letter is not kept here.")},
          {"mail", text ? text->rendered.mail_subject : ""},
          {"html_address", "/cases/" + visit.on->id + "/fixed/" + hash},
          {"authors", join(authors, ", ")},
          {"fixed_at", text ? moment_words(visit, text->fixed_at) : ""},
          {"approved_who", by.empty() ? "" : person_words(visit, session, by)},
          {"approved", !by.empty()},
          {"own", author},
          {"may_approve", may_write_letters(visit.visitor) && by.empty() && !author},
          {"deeds", deed_views(visit, kind, object_at(fixed, "says"))}};
}

Response show_deciding(Visit& visit, const LetterKind& kind, const Deciding& deciding) {
  const json::object fixed = fixed_of(*visit.on, kind.letter);
  json::value waiting;
  json::array sent;
  visit.engine.database().read([&](Session& session) {
    if (!fixed.empty()) waiting = waiting_view(visit, session, kind, fixed);
    sent = sent_views(visit, kind, session);
  });
  const std::string heading = visit.say("Approve and send: {}, {}", visit.say(kind.title), case_title(visit, *visit.on));
  json::array summary;
  if (!deciding.problem_reason.empty()) summary.push_back(json::object{{"field", "reason"}, {"sentence", deciding.problem_reason}});
  return visit.page("letter_approval", deciding.status == 200 ? heading : visit.say("Error: {}", heading),
                    {{"heading", heading},
                     {"case", visit.on->id},
                     {"case_title", case_title(visit, *visit.on)},
                     {"action", "/cases/" + visit.on->id + "/approve/" + kind.letter},
                     {"compose", address_of_letter(visit, kind)},
                     {"none", waiting.is_null()},
                     {"waiting", std::move(waiting)},
                     {"may_act", may_write_letters(visit.visitor)},
                     {"pdf", static_cast<bool>(visit.portal.wiring().paper)},
                     {"any_sent", !sent.empty()},
                     {"sent", std::move(sent)},
                     {"reason", deciding.reason},
                     {"problem_reason", deciding.problem_reason},
                     {"key", random_token()},
                     {"version", version_for_form(visit)},
                     {"sentence", deciding.sentence},
                     {"summary", std::move(summary)}},
                    deciding.status);
}

Response show_approval(Visit& visit) {
  const LetterKind& kind = letter_kind(visit, visit.params.at("letter"));
  letter_desk(visit);
  return show_deciding(visit, kind, {});
}

struct Deed {
  std::string command, done;
  json::object body;
};

Deed act_of(const Visit& visit, const LetterKind& kind, const json::object& fixed) {
  const std::string act(visit.form.fields.get("act")), hash(visit.form.fields.get("hash"));
  if (act == "approve") return {"approve_letter", visit.say("Approved. The letter may go out as you read it."), {{"hash", hash}}};
  if (act == "take_back")
    return {"take_back_letter",
            visit.say("Taken back. The draft is there to be worked on."),
            {{"hash", hash}, {"reason", trimmed(visit.form.fields.get("reason"))}}};
  json::object body = object_at(fixed, "says");
  body["approved"] = hash;
  return {kind.command, visit.say("Sent: the letter is in the outbox."), std::move(body)};
}

Response decide(Visit& visit) {
  const LetterKind& kind = letter_kind(visit, visit.params.at("letter"));
  require_letter_act(visit);
  letter_desk(visit);
  const json::object fixed = fixed_of(*visit.on, kind.letter);
  Deed act = act_of(visit, kind, fixed);
  if (act.command == "take_back_letter" && text_of(act.body, "reason").empty())
    return show_deciding(
        visit, kind, {visit.say("There is something to mend before this can be sent."), "", visit.say("Say why it is taken back."), 422});
  const bool sends = act.command == kind.command;
  const Answer answer = visit.send(act.command, std::move(act.body));
  if (const auto* refusal = std::get_if<Refusal>(&answer)) {
    const int status = refusal->code == RefusalCode::invalid ? 422 : info(refusal->code).http_status;
    if (refusal->code == RefusalCode::conflict) {
      read_case_again(visit);
      tell_meanwhile(visit, {});
    }
    return show_deciding(visit, kind, {refusal->sentence, trimmed(visit.form.fields.get("reason")), "", status});
  }
  if (sends) visit.engine.database().write([&](Transaction& tx) { end_letter_draft(tx, visit.on->id, kind.letter); });
  return visit.go("/cases/" + visit.on->id + "/approve/" + kind.letter, act.done);
}

FixedText fixed_or_stop(Visit& visit) {
  auto found =
      visit.engine.database().read([&](Session& session) { return find_fixed_letter(session, visit.on->id, visit.params.at("hash")); });
  if (!found) throw Fault(404, visit.say("There is no page at this address."));
  return std::move(*found);
}

Response fixed_html(Visit& visit) {
  Response response;
  response.body = fixed_or_stop(visit).rendered.html;
  return response.set("Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'")
      .set("Content-Disposition", "inline; filename=\"fixed.html\"");
}

Response fixed_pdf(Visit& visit) {
  const FixedText letter = fixed_or_stop(visit);
  const PaperMaker& maker = visit.portal.wiring().paper;
  if (!maker) throw Fault(503, visit.say("This site makes no PDF. Print the letter from its page for printing."));
  Response response;
  try {
    response.body = maker(letter.rendered.html, {letter.rendered.title, "Case " + visit.on->id,
                                                 visit.programme().rules.text("programme.agency"), letter.fixed_at});
  } catch (const PaperFailure&) {
    throw Fault(503, visit.say("The PDF cannot be made just now. The letter for printing says the same."));
  }
  response.type = "application/pdf";
  return response.set("Content-Disposition", "attachment; filename=\"fixed.pdf\"");
}

}  // namespace

void add_letter_approval_routes(Routes& routes) {
  const std::string page = "/cases/{case}/approve/{letter}", bytes = "/cases/{case}/fixed/{hash}";
  routes.push_back({"GET", page, "A6", Access::team, show_approval, "A letter that waits for approval or was sent"});
  routes.push_back({"POST", page, "A6", Access::team, decide, "Approve a letter, take it back, or send it"});
  routes.push_back({"GET", bytes, "A6", Access::team, fixed_html, "The bytes that are approved"});
  routes.push_back({"GET", bytes + "/pdf", "A6", Access::team, fixed_pdf, "The bytes that are approved, as a PDF"});
}

}  // namespace tradecase::http
