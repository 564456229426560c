// What a company prepares for its continuation review and what is before the reviewer already: the same for both sides, as one page and one
// PDF. What stands in the rules is said in the reader's language.
#include "adapters/http/portal/preparation.hpp"

#include <iostream>
#include <map>

#include "adapters/http/portal/asked_questions.hpp"
#include "adapters/http/portal/case_views.hpp"
#include "adapters/http/portal/question_views.hpp"

namespace tradecase::http {
namespace {

void require_preparation(const Visit& visit) {
  if (!has_preparation(visit)) throw Fault(404, visit.say("This case has no preparation pack yet."));
}

json::array said_of_rule(const Visit& visit, const char* rule) {
  json::array all;
  for (const std::string& text : visit.programme().rules.texts(rule)) all.push_back(json::object{{"text", visit.say(text)}});
  return all;
}

// One line a document whose answers are on file, with how many there are.
json::array documents_before_us(const Visit& visit) {
  std::map<std::pair<std::string, std::string>, int> answers;
  for (const json::value& one : array_at(visit.on->data, "on_file"))
    if (one.is_object()) ++answers[{text_of(one.as_object(), "source"), text_of(one.as_object(), "as_of")}];
  json::array all;
  for (const auto& [document, number] : answers) {
    const std::string as_of = visit.date(parse_date(document.second).value_or(Date{}));
    all.push_back(json::object{{"text", visit.say("{}, as of {}: {} (answer|answers)", document.first, as_of, number)}});
  }
  return all;
}

json::array samples_of_review(const Visit& visit) {
  const int entries = visit.programme().rules.number("continuation.pack_sample_entries");
  if (entries == 0) return {};
  const std::string traced =
      visit.say("Each is traced from your books to the customs declaration. Your National Account Manager names them.");
  return {json::object{{"text", visit.say("{} (entry|entries) of the period.", entries) + " " + traced}}};
}

// The days that run, the first of them first.
json::array days_of_review(const Visit& visit) {
  json::array all;
  const auto add = [&](const std::string& label, Date day) { all.push_back(json::object{{"label", label}, {"day", visit.weekday(day)}}); };
  if (const auto opened = parse_date(text_of(visit.on->data, "opened_on"))) add(visit.say("The review opened"), *opened);
  visit.engine.database().read([&](Session& session) {
    for (const LedgerEntry& entry : ledger_of(session, visit.on->id))
      if (entry.current() && !entry.ended_by_version && (entry.name == "preparation_due" || entry.name == "information_due"))
        add(visit.say(visit.words().deadline(entry.name)), entry.derivation.due_on);
  });
  return all;
}

std::string mode_of_review(const Visit& visit) {
  const std::string mode = text_of(visit.on->data, "mode");
  if (mode == "in_person") return visit.say("in person");
  if (mode == "virtual") return visit.say("virtual");
  if (mode == "documents") return visit.say("by documents");
  if (mode == "third_party_evidence") return visit.say("by evidence of third parties");
  return visit.say("to be agreed with your National Account Manager");
}

json::object fields_of(const Visit& visit) {
  json::array known = documents_before_us(visit), samples = samples_of_review(visit);
  const auto asked = asked_in(*visit.on);
  return {{"case", visit.on->id},
          {"case_title", case_title(visit, *visit.on)},
          {"company", visit.company->legal_name},
          {"mode", mode_of_review(visit)},
          {"counted", asked ? counted_questions(visit, visit.on->workflow, numbers_of(asked->counts)) : ""},
          {"days", days_of_review(visit)},
          {"checklist", said_of_rule(visit, "continuation.pack_checklist")},
          {"evidence", said_of_rule(visit, "continuation.pack_evidence")},
          {"any_known", !known.empty()},
          {"known", std::move(known)},
          {"any_samples", !samples.empty()},
          {"samples", std::move(samples)}};
}

std::string title_of(const Visit& visit) { return visit.say("Preparation pack"); }

Response show_preparation(Visit& visit) {
  require_preparation(visit);
  json::object fields = fields_of(visit);
  fields["pdf"] = static_cast<bool>(visit.portal.wiring().paper);
  return visit.page("preparation", title_of(visit), std::move(fields));
}

Response preparation_pdf(Visit& visit) {
  require_preparation(visit);
  json::object fields = fields_of(visit);
  fields["title"] = title_of(visit);
  fields["lang"] = json::string(code_of(visit.language));
  fields["agency"] = visit.programme().rules.text("programme.agency");
  fields["written"] = visit.date(visit.today());
  Response response;
  try {
    const PaperMaker& maker = visit.portal.wiring().paper;
    if (!maker) throw PaperFailure("This machine makes no PDF.");
    response.body = maker(visit.portal.pages().render("preparation_paper", visit.language, fields),
                          {title_of(visit) + ", " + visit.company->legal_name, visit.say("Case {}", visit.on->id),
                           visit.programme().rules.text("programme.agency"), visit.engine.now()});
  } catch (const PaperFailure& failure) {
    std::cerr << json::serialize(
                     json::object{{"level", "error"}, {"request", visit.request.id}, {"case", visit.on->id}, {"failure", failure.what()}})
              << std::endl;
    throw Fault(503, visit.say("The PDF cannot be made just now. The page says the same and can be printed."));
  }
  response.type = "application/pdf";
  return response.set("Content-Disposition", "attachment; filename=\"preparation-" + visit.on->id + ".pdf\"");
}

}  // namespace

bool has_preparation(const Visit& visit) { return visit.on->workflow == "continuation" && !text_of(visit.on->data, "opened_on").empty(); }

void add_preparation_routes(Routes& routes) {
  const std::string at = "/cases/{case}/preparation";
  routes.push_back({"GET", at, "M11", Access::signed_in, show_preparation, "What to prepare for a continuation review"});
  routes.push_back({"GET", at + "/pdf", "M11", Access::signed_in, preparation_pdf, "The preparation pack as a PDF"});
}

}  // namespace tradecase::http
