// M4 the annual letter as a list of sections, M4a one section beside last year's answers, "no change" for all that remain.
#include <algorithm>

#include "adapters/http/portal/case_views.hpp"
#include "adapters/http/portal/filing_views.hpp"
#include "adapters/http/portal/meanwhile.hpp"
#include "adapters/http/portal/question_views.hpp"
#include "adapters/http/uploads.hpp"
#include "engine/text.hpp"

namespace tradecase::http {

void add_signing_routes(Routes& routes);

namespace {

// ---- M4 ----------------------------------------------------------------------------------------------------------------------

struct Standing {
  std::string words, badge;  // badge: "", late, soon, ok, info
};

Standing standing_of(const Visit& visit, const LetterSection& section) {
  if (section.open && section.returned && section.status == "unanswered") return {visit.say("Returned with a question"), "late"};
  if (section.status == "no_change") return {visit.say("No change"), "ok"};
  if (section.status == "changed" && section.complete) return {visit.say("Changed"), "ok"};
  if (section.status == "changed") return {visit.say("Started"), "soon"};
  if (section.may_keep) return {visit.say("Pre-filled from last year"), "info"};
  return {visit.say("To answer"), "soon"};
}

json::array section_rows(const Visit& visit, const LetterDraft& letter) {
  json::array rows;
  for (const LetterSection& section : letter.sections) {
    const Standing standing = standing_of(visit, section);
    rows.push_back(json::object{{"href", letter_path(visit, "/" + section.form->id)},
                                {"title", section_title(visit, section)},
                                {"status", standing.words},
                                {"late", standing.badge == "late"},
                                {"soon", standing.badge == "soon"},
                                {"ok", standing.badge == "ok"},
                                {"info", standing.badge == "info"},
                                {"hint", section.open && section.returned ? section.question : ""}});
  }
  return rows;
}

// The version to which the draft could be moved; null where it is on the newest, or an answer to a return is due first.
json::value newer_form(const Visit& visit, const LetterDraft& letter) {
  const int newest = visit.programme().forms.latest("anl", visit.today()).version;
  if (!letter.editable || letter.after_return || newest <= letter.form_version) return nullptr;
  return newest;
}

Response show_letter_tasks(Visit& visit) {
  const LetterDraft letter = letter_or_stop(visit);
  if (visit.visitor.is_staff() && !letter.editable) return visit.go("/cases/" + visit.on->id);
  const auto waiting = letter.waiting();
  const auto total = std::ranges::count_if(letter.sections, &LetterSection::open);
  const auto keepable = letter.keepable().size();
  const bool done = waiting.empty();
  return visit.page(
      "letter_tasks", case_name(visit, visit.on->workflow, letter.cycle),
      {{"case", visit.on->id},
       {"case_title", case_title(visit, *visit.on)},
       {"state", visit.say(visit.words().state("annual_notification", visit.on->state).label)},
       {"state_says", visit.say(visit.words().state("annual_notification", visit.on->state).for_company)},
       {"date", due_view(visit)},
       {"editable", letter.editable},
       {"done", std::to_string(total - static_cast<std::ptrdiff_t>(waiting.size()))},
       {"total", std::to_string(total)},
       {"progress", visit.say("{} of {} (section|sections) answered", total - static_cast<std::ptrdiff_t>(waiting.size()), total)},
       {"rows", section_rows(visit, letter)},
       {"keep", letter.editable && keepable > 1 ? visit.say("No change in the {} (section|sections) on file", keepable) : ""},
       {"next", letter.editable && !done ? next_path(visit, letter, "") : ""},
       {"next_title", done ? "" : section_title(visit, *waiting.front())},
       {"ready", letter.editable && done},
       {"newer_form", newer_form(visit, letter)},
       {"key", random_token()},
       {"version", visit.on->version}});
}

// ---- "no change" for all that remain --------------------------------------------------------------------------------------------

Response show_keep_all(Visit& visit, const std::string& sentence = "", int status = 200) {
  const LetterDraft letter = letter_or_stop(visit);
  const auto keepable = letter.keepable();
  if (!letter.editable || keepable.empty()) return visit.go(letter_path(visit));
  json::array named, others;
  for (const LetterSection* section : keepable)
    named.push_back(json::object{
        {"id", section->form->id}, {"title", section_title(visit, *section)}, {"href", letter_path(visit, "/" + section->form->id)}});
  for (const LetterSection* section : letter.waiting())
    if (std::ranges::find(keepable, section) == keepable.end()) others.push_back(json::object{{"title", section_title(visit, *section)}});
  const std::string title = visit.say("No change in {} (section|sections)", keepable.size());
  return visit.page("letter_no_change", status == 200 ? title : visit.say("Error: {}", title),
                    {{"case", visit.on->id},
                     {"case_title", case_name(visit, visit.on->workflow, letter.cycle)},
                     {"sentence", sentence},
                     {"summary", json::array()},
                     {"heading", title},
                     {"sections", named},
                     {"others", others},
                     {"key", random_token()},
                     {"version", visit.on->version}},
                    status);
}

// One save a section, each with its own key: pressed twice, nothing happens twice.
Response keep_all(Visit& visit) {
  const LetterDraft letter = letter_or_stop(visit);
  const std::string key(visit.form.fields.get("key"));
  auto version = version_sent(visit);
  std::size_t kept = 0;
  for (const std::string& id : visit.form.fields.all("section")) {
    const LetterSection* section = letter.section(id);
    if (section == nullptr) continue;
    const Answer answer = send_with(visit, "save", {{"section", id}, {"change", "no_change"}, {"form_version", letter.form_version}},
                                    key.empty() ? "" : key + "-" + id, version);
    if (const auto* refusal = std::get_if<Refusal>(&answer)) {
      read_case_again(visit);
      if (refusal->code != RefusalCode::conflict) return show_keep_all(visit, refusal->sentence, 422);
      tell_meanwhile(visit, {});
      return show_keep_all(visit, refusal->sentence, 412);
    }
    version = std::get<Receipt>(answer).version;
    ++kept;
  }
  read_case_again(visit);
  return visit.go(next_path(visit, letter_or_stop(visit), ""),
                  visit.say("Saved {} Eastern time: no change in {} (section|sections).", clock_time(visit), kept));
}

// ---- M4a -----------------------------------------------------------------------------------------------------------------------

struct SectionPage {
  const json::object& values;
  std::map<std::string, std::string> problems{};
  std::string sentence{}, saved{};  // an error; a success said on the page itself
  std::string reply{};
  std::int64_t version = 0;
  int status = 200;
};

const LetterSection& section_or_stop(const Visit& visit, const LetterDraft& letter) {
  const LetterSection* section = letter.section(visit.params.at("section"));
  if (section == nullptr) throw Fault(404, visit.say("This letter has no such section."));
  return *section;
}

json::array section_hashes(const Visit& visit, const std::string& section) {
  return array_at(object_at(object_at(visit.on->data, "sections"), section), "files");
}

json::array section_files(const Visit& visit, const std::string& section) {
  const auto files = visit.engine.database().read([&](Session& session) { return files_of_case(session, visit.on->id, false); });
  return file_views(visit, files, section_hashes(visit, section));
}

// What the section has after this form: without what was dropped, with what came.
struct SectionFiles {
  json::array hashes;
  std::string problem;
};

SectionFiles section_files_sent(Visit& visit, const std::string& section) {
  SectionFiles files;
  const auto dropped = visit.form.fields.all("drop");
  for (const json::value& hash : section_hashes(visit, section))
    if (std::ranges::find(dropped, std::string_view(hash.as_string())) == dropped.end()) files.hashes.push_back(hash);
  const TakenFiles taken = take_files(visit, uploads_of(visit, "files"), [&](const std::string&) { return "section " + section; });
  for (const CaseFile& file : taken.files)
    if (std::ranges::find(files.hashes, json::value(file.hash)) == files.hashes.end()) files.hashes.push_back(json::value(file.hash));
  for (const RefusedFile& one : taken.refused) files.problem += (files.problem.empty() ? "" : " ") + one.sentence;
  return files;
}

Response show_section(Visit& visit, const LetterDraft& letter, const LetterSection& section, const SectionPage& with) {
  const bool may = letter.editable && section.open;
  const std::string title = section_title(visit, section);
  std::string closed;
  if (!may && !letter.fillable) closed = visit.say("The letter is filed. Its answers can be read, not changed.");
  if (!may && letter.fillable) closed = visit.say("Only sections that were returned with a question can be changed now.");
  if (!letter.editable && letter.fillable) closed = visit.say("You may read this letter. Its officers and preparers fill it in.");
  json::array read;
  if (!may)
    for (const Question& question : section.form->questions)
      read.push_back(json::object{{"label", worded(visit, question.text)},
                                  {"value", shown_answer(visit, question, section.values.if_contains(question.id))}});
  return visit.page("letter_section", with.status == 200 ? title : visit.say("Error: {}", title),
                    {{"case", visit.on->id},
                     {"back", letter_path(visit)},
                     {"back_title", case_name(visit, visit.on->workflow, letter.cycle)},
                     {"heading", title},
                     {"intro", section.form->intro.empty() ? "" : worded(visit, section.form->intro)},
                     {"sentence", with.sentence},
                     {"summary", summary_of(visit, *section.form, with.problems)},
                     {"saved", with.saved},
                     {"asked", section.question},
                     {"returned", section.returned && section.open},
                     {"reply", with.reply},
                     {"files", section_files(visit, section.form->id)},
                     {"may", may},
                     {"closed", closed},
                     {"read", read},
                     {"keep", may && section.may_keep ? visit.say("No change in {}", worded(visit, section.form->title)) : ""},
                     {"keep_hint", section.status == "no_change" ? visit.say("This section is answered: no change.") : ""},
                     {"questions", question_views(visit, *section.form, {with.values, &section.previous, with.problems, {}})},
                     {"back_to_sign", visit.request.query.get("back") == "sign" || visit.form.fields.get("back") == "sign"},
                     {"key", random_token()},
                     {"version", with.version}},
                    with.status);
}

Response letter_section(Visit& visit) {
  const LetterDraft letter = letter_or_stop(visit);
  const LetterSection& section = section_or_stop(visit, letter);
  json::object values = section.values;
  const auto own = visit.visitor.companies.find(visit.on->company);
  const bool officer = own != visit.visitor.companies.end() && own->second.has(Role::officer);
  if (officer && section.status == "unanswered" && !is_given(values.if_contains("certifying_officer")) &&
      section.form->question("certifying_officer")) {
    values["certifying_officer"] = visit.visitor.person.name;
    if (!is_given(values.if_contains("certifying_title"))) values["certifying_title"] = visit.visitor.person.title;
  }
  return show_section(visit, letter, section, {.values = values, .reply = section.reply, .version = visit.on->version});
}

// Somebody else saved meanwhile: what was typed stands in the form, what is on record now stands beside it.
Response section_conflict(Visit& visit, const json::object& typed, const std::string& reply, const std::string& sentence) {
  read_case_again(visit);
  const LetterDraft letter = letter_or_stop(visit);
  const LetterSection& section = section_or_stop(visit, letter);
  if (!letter.editable || !section.open) return too_late(visit);
  auto differ = both_versions(visit, *section.form, typed, section.values);
  if (section.returned && section.reply != reply) differ.push_back({visit.say("Your reply to the question"), reply, section.reply});
  tell_meanwhile(visit, differ);
  return show_section(visit, letter, section,
                      {.values = typed, .sentence = sentence, .reply = reply, .version = visit.on->version, .status = 412});
}

Response save_section(Visit& visit) {
  const LetterDraft letter = letter_or_stop(visit);
  const LetterSection& section = section_or_stop(visit, letter);
  const Fields& fields = visit.form.fields;
  const bool keep = fields.get("change") == "no_change";
  const json::object typed = keep ? section.values : read_answers(*section.form, fields);
  const std::string reply = trimmed(fields.get("reply"));
  const auto refuse = [&](std::map<std::string, std::string> problems, const std::string& sentence) {
    return show_section(visit, letter, section,
                        {.values = typed,
                         .problems = std::move(problems),
                         .sentence = sentence,
                         .reply = reply,
                         .version = version_sent(visit).value_or(visit.on->version),
                         .status = 422});
  };
  if (!keep)
    if (auto wrong = problems_of(visit, *section.form, typed, false); !wrong.empty())
      return refuse(std::move(wrong), visit.say("Nothing is saved yet. Mend what is marked, then save again."));
  json::object body{{"section", section.form->id}, {"change", keep ? "no_change" : "changed"}, {"form_version", letter.form_version}};
  SectionFiles files = section_files_sent(visit, section.form->id);
  if (!files.problem.empty()) return refuse({}, visit.say("Nothing is saved yet.") + " " + files.problem);
  if (files.hashes != section_hashes(visit, section.form->id)) body["files"] = std::move(files.hashes);
  if (!keep) body["values"] = typed;
  if (section.returned) body["reply"] = reply;
  const Answer answer = visit.send("save", std::move(body));
  if (const auto* refusal = std::get_if<Refusal>(&answer)) {
    if (refusal->code == RefusalCode::conflict) return section_conflict(visit, typed, reply, refusal->sentence);
    return refuse({}, refusal->sentence);
  }
  read_case_again(visit);
  const LetterDraft now = letter_or_stop(visit);
  const std::string when = clock_time(visit);
  const bool later = fields.get("then") == "list";
  if (auto missing = keep || later ? std::map<std::string, std::string>() : problems_of(visit, *section.form, typed, true);
      !missing.empty())
    return show_section(visit, now, *now.section(section.form->id),
                        {.values = typed,
                         .problems = std::move(missing),
                         .sentence = visit.say("Some answers are still missing."),
                         .saved = visit.say("Saved {} Eastern time, as far as it goes.", when),
                         .reply = reply,
                         .version = visit.on->version,
                         .status = 422});
  const std::string notice = keep ? visit.say("Saved {} Eastern time. {}: no change.", when, section_title(visit, section))
                                  : visit.say("Saved {} Eastern time. {}.", when, section_title(visit, section));
  const bool to_sign = fields.get("back") == "sign" && now.waiting().empty();
  return visit.go(later     ? letter_path(visit)
                  : to_sign ? "/cases/" + visit.on->id + "/sign"
                            : next_path(visit, now, section.form->id),
                  notice);
}

}  // namespace

void add_filing_routes(Routes& routes) {
  routes.push_back({"GET", "/cases/{case}/letter", "M4", Access::signed_in, show_letter_tasks, "The annual letter, section by section"});
  routes.push_back({"GET", "/cases/{case}/letter/no-change", "M4", Access::company, [](Visit& v) { return show_keep_all(v); },
                    "Which sections \"no change\" would answer"});
  routes.push_back(
      {"POST", "/cases/{case}/letter/no-change", "M4", Access::company, keep_all, "Answer all remaining sections with \"no change\""});
  routes.push_back(
      {"GET", "/cases/{case}/letter/{section}", "M4a", Access::company, letter_section, "One section beside last year's answers"});
  routes.push_back({"POST", "/cases/{case}/letter/{section}", "M4a", Access::company, save_section, "Save one section"});
  add_signing_routes(routes);
}

}  // namespace tradecase::http
