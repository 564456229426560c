// Forms that are answered with what is on file beside them: risk survey, audit questionnaire, continuation pack, improvement plan. One
// page for the four.
#include <algorithm>

#include "adapters/http/portal/answer_sheets.hpp"
#include "adapters/http/portal/case_views.hpp"
#include "adapters/http/portal/filing_views.hpp"
#include "adapters/http/portal/meanwhile.hpp"
#include "adapters/http/portal/question_views.hpp"
#include "engine/sha256.hpp"
#include "engine/text.hpp"

namespace tradecase::http {

void add_question_routes(Routes& routes);
void add_application_routes(Routes& routes);

namespace {

using GroupProblems = std::map<std::string, std::map<std::string, std::string>>;  // by section, by question

struct SheetPage {
  std::vector<json::object> typed{};  // one a group; empty: as on record
  GroupProblems problems{};
  std::string sentence{}, signature{}, signature_problem{};
  std::int64_t version = 0;
  int status = 200;
};

std::string mark_of(const json::value& value) { return sha256_hex(json::serialize(value)).substr(0, 16); }

std::map<std::string, std::string> seen_in(const AnswerGroup& group) {
  std::map<std::string, std::string> all;
  for (const auto& [id, value] : group.known) all[id] = mark_of(value);
  return all;
}

bool officer_of(const Visit& visit) {
  const auto own = visit.visitor.companies.find(visit.on->company);
  return own != visit.visitor.companies.end() && own->second.has(Role::officer);
}

Response show_sheet(Visit& visit, const AnswerSheet& sheet, const SheetPage& with) {
  json::array groups, summary;
  for (std::size_t i = 0; i < sheet.groups.size(); ++i) {
    const AnswerGroup& group = sheet.groups[i];
    const auto problems = with.problems.find(group.section.id);
    Shown shown{with.typed.empty() ? group.values : with.typed[i],
                nullptr,
                problems == with.problems.end() ? std::map<std::string, std::string>() : problems->second,
                group.on_file,
                group.confirm,
                seen_in(group)};
    if (!with.typed.empty())
      for (auto& [id, confirmed] : shown.confirm)
        confirmed =
            !shown.problems.contains(id) && visit.form.fields.get(confirm_field(group.section, *group.section.question(id))) == "yes";
    for (json::value& one : summary_of(visit, group.section, shown.problems)) summary.push_back(std::move(one));
    groups.push_back(json::object{{"anchor", "group-" + std::to_string(i)},
                                  {"heading", group.heading},
                                  {"intro", group.intro},
                                  {"questions", question_views(visit, group.section, shown)}});
  }
  if (!with.signature_problem.empty()) summary.push_back(json::object{{"field", "signature"}, {"sentence", with.signature_problem}});
  const bool officer = officer_of(visit);
  return visit.page("answers", with.status == 200 ? sheet.title : visit.say("Error: {}", sheet.title),
                    {{"case", visit.on->id},
                     {"case_title", case_title(visit, *visit.on)},
                     {"heading", sheet.title},
                     {"intro", sheet.intro},
                     {"sentence", with.sentence},
                     {"summary", summary},
                     {"groups", groups},
                     {"officer", officer},
                     {"own_name", visit.visitor.person.name},
                     {"signature", with.signature},
                     {"problem", with.signature_problem},
                     {"key", random_token()},
                     {"version", with.version}},
                    with.status);
}

AnswerSheet sheet_or_stop(const Visit& visit) {
  auto sheet = answer_sheet(visit);
  if (!sheet) throw Fault(404, visit.say("There is nothing to answer in this case now."));
  return std::move(*sheet);
}

Response show_answers(Visit& visit) {
  const auto own = visit.visitor.companies.find(visit.on->company);
  if (own == visit.visitor.companies.end() || own->second.empty()) return visit.go("/cases/" + visit.on->id);
  return show_sheet(visit, sheet_or_stop(visit), {.version = visit.on->version});
}

GroupProblems problems_in(const Visit& visit, const AnswerSheet& sheet, const std::vector<json::object>& typed, bool complete) {
  GroupProblems all;
  for (std::size_t i = 0; i < sheet.groups.size(); ++i) {
    const AnswerGroup& group = sheet.groups[i];
    const bool untouched = group.optional && std::ranges::none_of(typed[i], [](const auto& one) { return is_given(&one.value()); });
    auto found = problems_of(visit, group.section, typed[i], complete && !untouched);
    if (complete)
      for (const auto& [id, confirmed] : group.confirm) {
        const Question& question = *group.section.question(id);
        const bool same = plain_answer(question, typed[i].at(id)) == group.known.at(id);
        if (same && !confirmed && visit.form.fields.get(confirm_field(group.section, question)) != "yes")
          found.emplace(id, visit.say("Tick that this is still right, or correct it."));
      }
    if (!found.empty()) all[group.section.id] = std::move(found);
  }
  return all;
}

// What came on file since the page was shown is neither overwritten nor confirmed unseen. Stands where its reader had changed nothing.
GroupProblems unseen_in(const Visit& visit, const AnswerSheet& sheet, std::vector<json::object>& typed) {
  GroupProblems all;
  for (std::size_t i = 0; i < sheet.groups.size(); ++i) {
    const AnswerGroup& group = sheet.groups[i];
    for (const auto& [id, known] : group.known) {
      const Question& question = *group.section.question(id);
      const std::string_view seen = visit.form.fields.get(seen_field(group.section, question));
      if (seen.empty() || seen == mark_of(known)) continue;
      json::value& here = typed[i].at(id);
      if (mark_of(plain_answer(question, here)) == seen) here = known;
      all[group.section.id][id] =
          visit.say("Since you opened this page, this came on file: {}. Look at it again.", shown_answer(visit, question, &known));
    }
  }
  return all;
}

// Somebody else saved or sent meanwhile: their answers beside the typed ones.
Response answers_conflict(Visit& visit, const std::vector<json::object>& typed, const std::string& sentence, const std::string& signature) {
  read_case_again(visit);
  const auto sheet = answer_sheet(visit);
  if (!sheet || sheet->groups.size() != typed.size()) return too_late(visit);
  std::vector<BothVersions> differ;
  for (std::size_t i = 0; i < typed.size(); ++i)
    for (BothVersions& one : both_versions(visit, sheet->groups[i].section, typed[i], sheet->groups[i].values))
      differ.push_back(std::move(one));
  tell_meanwhile(visit, differ);
  return show_sheet(visit, *sheet,
                    {.typed = typed, .sentence = sentence, .signature = signature, .version = visit.on->version, .status = 412});
}

Response send_answers(Visit& visit) {
  if (changed_meanwhile(visit) && !answer_sheet(visit)) return too_late(visit);
  const AnswerSheet sheet = sheet_or_stop(visit);
  std::vector<json::object> typed;
  for (const AnswerGroup& group : sheet.groups) typed.push_back(read_answers(group.section, visit.form.fields));
  const std::string signature = trimmed(visit.form.fields.get("signature")), key(visit.form.fields.get("key"));
  const bool sends = visit.form.fields.get("act") == "send";
  auto version = version_sent(visit);
  const auto again = [&](GroupProblems problems, const std::string& sentence, const std::string& at_signature) {
    return show_sheet(visit, sheet,
                      {.typed = typed,
                       .problems = std::move(problems),
                       .sentence = sentence,
                       .signature = signature,
                       .signature_problem = at_signature,
                       .version = version.value_or(visit.on->version),
                       .status = 422});
  };
  if (auto unseen = unseen_in(visit, sheet, typed); !unseen.empty())
    return again(std::move(unseen), visit.say("Nothing is saved yet. Mend what is marked, then save again."), "");
  if (auto wrong = problems_in(visit, sheet, typed, false); !wrong.empty())
    return again(std::move(wrong), visit.say("Nothing is saved yet. Mend what is marked, then save again."), "");
  const auto body = sheet.body(visit, sheet, typed);
  if (!body.empty()) {
    const Answer saved = send_with(visit, sheet.save, body, key.empty() ? "" : key + "-save", version);
    if (const auto* refusal = std::get_if<Refusal>(&saved)) {
      if (refusal->code == RefusalCode::conflict) return answers_conflict(visit, typed, refusal->sentence, signature);
      return again({}, refusal->sentence, "");
    }
    version = std::get<Receipt>(saved).version;
  }
  const std::string when = visit.say("Saved {} Eastern time.", clock_time(visit));
  if (!sends) return visit.go("/cases/" + visit.on->id + "/answers", when);
  auto missing = problems_in(visit, sheet, typed, true);
  if (!missing.empty()) return again(std::move(missing), when + " " + visit.say("Some answers are still missing."), "");
  if (signature.empty())
    return again({}, when + " " + visit.say("It is not sent yet."), visit.say("Type your full name: {}.", visit.visitor.person.name));
  const Answer sent = send_with(visit, sheet.send, {{"signature", signature}}, key.empty() ? "" : key + "-send", version);
  if (const auto* refusal = std::get_if<Refusal>(&sent)) return again({}, when + " " + visit.say("It is not sent yet."), refusal->sentence);
  return visit.go("/cases/" + visit.on->id, visit.say("Done: {}.", visit.say(visit.words().done(visit.on->workflow, sheet.send))));
}

}  // namespace

void add_answer_routes(Routes& routes) {
  routes.push_back({"GET", "/cases/{case}/answers", "M6", Access::signed_in, show_answers, "A form with what is on file beside it"});
  routes.push_back({"POST", "/cases/{case}/answers", "M6", Access::company, send_answers, "Save or send the answers"});
  add_question_routes(routes);
  add_application_routes(routes);
}

}  // namespace tradecase::http
