// A5: what a draft will look like, as a page, on paper and in Word; Word's text brought back; and which letters a case may need.
#include "adapters/http/portal/case_views.hpp"
#include "adapters/http/portal/letter_writing.hpp"
#include "adapters/http/portal/question_views.hpp"
#include "adapters/http/portal/rooms.hpp"
#include "adapters/http/uploads.hpp"

namespace tradecase::http {
namespace {

RenderedLetter rendered_or_stop(Visit& visit, const LetterKind& kind) {
  auto made = rendered_draft(visit, kind, draft_of(visit, kind));
  if (const auto* problems = std::get_if<std::vector<Problem>>(&made))
    throw Fault(422, visit.say("The letter cannot be shown yet: {}", problems->front().sentence));
  return std::get<RenderedLetter>(std::move(made));
}

Response preview_html(Visit& visit) {
  const LetterKind& kind = letter_kind(visit, visit.params.at("letter"));
  Response response;
  response.body = rendered_or_stop(visit, kind).html;
  return response.set("Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'")
      .set("Content-Disposition", "inline; filename=\"draft.html\"");
}

Response preview_pdf(Visit& visit) {
  const LetterKind& kind = letter_kind(visit, visit.params.at("letter"));
  const RenderedLetter letter = rendered_or_stop(visit, kind);
  const PaperMaker& maker = visit.portal.wiring().paper;
  if (!maker) throw Fault(503, visit.say("This site makes no PDF. Print the letter from its page for printing."));
  Response response;
  try {
    response.body = maker(letter.html, {letter.title, visit.say("Draft, case {}", visit.on->id),
                                        visit.programme().rules.text("programme.agency"), visit.engine.now()});
  } catch (const PaperFailure&) {
    throw Fault(503, visit.say("The PDF cannot be made just now. The letter for printing says the same."));
  }
  response.type = "application/pdf";
  return response.set("Content-Disposition", "attachment; filename=\"draft.pdf\"");
}

Response word_file(Visit& visit) {
  const LetterKind& kind = letter_kind(visit, visit.params.at("letter"));
  const WrittenLetter draft = draft_of(visit, kind);
  if (const auto problems = draft_problems(visit, kind, draft); !problems.empty())
    throw Fault(422, visit.say("The letter cannot go into Word yet: {}", problems.front().sentence));
  auto made = letter_desk(visit).to_word(asked_of(visit, kind, draft, letter_says(visit, kind, draft.values)));
  if (const auto* wrongs = std::get_if<LetterDesk::Wrongs>(&made)) throw Fault(422, wrongs->front().sentence);
  Response response;
  response.body = std::get<std::string>(std::move(made));
  response.type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
  return response.set("Content-Disposition", "attachment; filename=\"" + visit.on->id + "-" + kind.letter + ".docx\"");
}

Response bring_back(Visit& visit) {
  const LetterKind& kind = letter_kind(visit, visit.params.at("letter"));
  require_letter_act(visit);
  WrittenLetter draft = draft_of(visit, kind);
  const std::int64_t typed_version = draft_number(visit.form.fields.get("draft"));
  if (typed_version != draft.stored.version) return show_draft_conflict(visit, kind, draft, draft, typed_version);
  const auto refuse = [&](std::vector<Problem> problems) {
    return show_writing(visit, kind, {std::move(draft), std::move(problems), visit.say("The document was not taken."), 422});
  };
  std::vector<Problem> problems;
  if (visit.form.fields.get("act") == "template") {
    const auto made =
        visit.engine.database().read([&](Session& session) { return word_template_in_force(session, kind.letter, visit.today()); });
    const LetterSays says = letter_says(visit, kind, draft.values);
    if (!made) return refuse({{"word", visit.say("There is no Word template for this letter.")}});
    if (!says.problems.empty()) return refuse(says.problems);
    auto body = letter_desk(visit).from_template(asked_of(visit, kind, draft, says), made->docx);
    if (const auto* wrongs = std::get_if<LetterDesk::Wrongs>(&body)) {
      for (const LetterDesk::Wrong& one : *wrongs) problems.push_back({"word", one.sentence});
      return refuse(std::move(problems));
    }
    draft.word = std::get<LetterDesk::Body>(std::move(body));
    draft.word_file = made->file_name;
    draft.fixed.clear();
  } else {
    const auto uploads = uploads_of(visit, "word");
    if (uploads.empty()) return refuse({{"word", visit.say("Choose the Word document.")}});
    problems = take_word(visit, kind, draft, uploads.front());
    if (!problems.empty()) return refuse(std::move(problems));
  }
  if (!save_draft(visit, kind, draft, "Text taken from Word"))
    return show_draft_conflict(visit, kind, draft, draft_of(visit, kind), typed_version);
  return visit.go(address_of_letter(visit, kind) + "#preview-heading", visit.say("The text of the document is the letter now."));
}

// ---- which letters -------------------------------------------------------------------------------------------------------------------

Response show_letters_to_write(Visit& visit) {
  json::array rows;
  for (const LetterKind& kind : letter_kinds()) {
    if (kind.workflow != visit.on->workflow) continue;
    const WrittenLetter draft = draft_of(visit, kind);
    const json::object fixed = fixed_of(*visit.on, kind.letter);
    const bool approved = !text_of(fixed, "approved_by").empty();
    rows.push_back(
        json::object{{"href", address_of_letter(visit, kind)},
                     {"letter_title", visit.say(kind.title)},
                     {"stage", approved                   ? visit.say("Approved, not sent")
                               : !fixed.empty()           ? visit.say("Waits for approval")
                               : draft.stored.version > 0 ? visit.say("Draft, saved {}", moment_words(visit, draft.stored.saved_at))
                                                          : visit.say("Not begun")},
                     {"approve_href", fixed.empty() ? "" : "/cases/" + visit.on->id + "/approve/" + kind.letter}});
  }
  if (rows.empty()) throw Fault(404, visit.say("There is no page at this address."));
  const std::string title = visit.say("Letters to write: {}", case_title(visit, *visit.on));
  return visit.page("letters_to_write", title,
                    {{"case", visit.on->id}, {"case_title", case_title(visit, *visit.on)}, {"rows", std::move(rows)}});
}

}  // namespace

void add_letter_paper_routes(Routes& routes) {
  const std::string all = "/cases/{case}/compose", one = all + "/{letter}";
  routes.push_back({"GET", all, "A5", Access::team, show_letters_to_write, "The letters that a case may need, and how far they are"});
  routes.push_back({"GET", one + "/preview", "A5", Access::team, preview_html, "The draft as it would go out"});
  routes.push_back({"GET", one + "/pdf", "A5", Access::team, preview_pdf, "The draft as a PDF"});
  routes.push_back({"GET", one + "/word", "A5", Access::team, word_file, "The draft as a Word document"});
  routes.push_back({"POST", one + "/word", "A5", Access::team, bring_back, "Bring a Word document back as the letter's text"});
}

}  // namespace tradecase::http
