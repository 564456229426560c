// A case as everybody who may see it sees it: where it stands, what is next, what is not permitted and why, every date with its reason,
// letters, timeline; and the form of any command.
#include <algorithm>

#include "adapters/http/portal.hpp"
#include "adapters/http/portal/case_parts.hpp"
#include "adapters/http/portal/case_views.hpp"
#include "adapters/http/portal/command_page.hpp"
#include "adapters/http/portal/file_pages.hpp"
#include "adapters/http/portal/letter_paper.hpp"
#include "adapters/http/portal/meanwhile.hpp"
#include "adapters/http/portal/preparation.hpp"
#include "adapters/http/portal/sample_views.hpp"
#include "adapters/http/uploads.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

constexpr std::size_t files_at_once = 10;  // more are folded away

Response show_case(Visit& visit) {
  const Case& on = *visit.on;
  const CaseView view = view_case(visit);
  const StateWords& state = visit.words().state(on.workflow, on.state);
  const bool staff = visit.visitor.is_staff();
  json::array files = case_file_views(visit);
  json::object fields = view.more;
  fields.insert({{"case", on.id},
                 {"staff", staff},
                 {"state", visit.say(state.label)},
                 {"state_says", visit.say(staff ? state.for_staff : state.for_company)},
                 {"facts", view.facts},
                 {"next", view.next},
                 {"others", view.others},
                 {"not_permitted", view.not_permitted},
                 {"dates", view.dates},
                 {"tasks", view.tasks},
                 {"letters", view.letters},
                 {"events", view.events},
                 {"any_letters", !view.letters.empty()},
                 {"any_files", !files.empty()},
                 {"file_count", files.size() > files_at_once ? visit.say("{} (file|files)", files.size()) : ""},
                 {"files", std::move(files)},
                 {"any_events", !view.events.empty()},
                 {"any_dates", !view.dates.empty()},
                 {"any_others", !view.others.empty()},
                 {"any_not_permitted", !view.not_permitted.empty()},
                 {"any_tasks", !view.tasks.empty()},
                 {"version", on.version}});
  return visit.page("case", case_title(visit, on), std::move(fields));
}

std::string elsewhere_of(const CommandWords& words, const std::string& case_id) {
  std::string path = words.elsewhere;
  if (const auto at = path.find("{case}"); at != std::string::npos) path.replace(at, 6, case_id);
  return path;
}

Response show_command(Visit& visit, const CommandWords& words, const Fields& fields, const std::string& sentence,
                      const std::vector<Problem>& problems, int status) {
  return command_page(visit, words,
                      {.action = "/cases/" + visit.on->id + "/do/" + visit.params.at("command"),
                       .back = "/cases/" + visit.on->id,
                       .back_title = case_title(visit, *visit.on),
                       .version = fields.has("version") ? std::string(fields.get("version")) : std::to_string(visit.on->version),
                       .fields = fields,
                       .about = decided_on(visit, visit.params.at("command")),
                       .sentence = sentence,
                       .problems = problems,
                       .status = status});
}

const CommandWords& words_or_stop(const Visit& visit) {
  const CommandWords* words = visit.words().find(visit.on->workflow, visit.params.at("command"));
  if (words == nullptr) throw Fault(404, visit.say("There is no such step for this case."));
  return *words;
}

Response command_form(Visit& visit) {
  const CommandWords& words = words_or_stop(visit);
  const std::string& command = visit.params.at("command");
  const auto permitted = visit.engine.permitted(visit.on->id, visit.visitor.person.id);
  if (const auto* all = std::get_if<std::vector<Permission>>(&permitted)) {
    const auto found = std::ranges::find(*all, command, &Permission::command);
    if (found != all->end() && found->verdict == Permission::Verdict::no)
      return visit.page(
          "not_now", visit.say("Not possible now: {}", visit.say(words.button)),
          {{"case", visit.on->id}, {"reasons", told_reasons(visit, visit.programme().workflows.get(visit.on->workflow), found->reasons)}},
          409);
  }
  if (!words.elsewhere.empty()) return visit.go(elsewhere_of(words, visit.on->id));
  return show_command(visit, words, command == "issue_report" ? report_from_sample(visit) : Fields{}, "", {}, 200);
}

// What somebody else did meanwhile, beside what the reader wanted to send.
Response conflict_page(Visit& visit, const CommandWords& words, const std::string& sentence) {
  json::array typed;
  for (const Control& control : words.controls)
    for (const std::string& value : visit.form.fields.all(control.name))
      if (control.kind != "hidden") typed.push_back(json::object{{"label", visit.say(control.label)}, {"value", value}});
  json::array again;
  for (const auto& [name, value] : visit.form.fields.list())
    if (name != "csrf" && name != "version" && name != "key") again.push_back(json::object{{"field", name}, {"value", value}});
  read_case_again(visit);
  tell_meanwhile(visit, {});
  return visit.page("conflict", visit.say("This case has changed meanwhile"),
                    {{"case", visit.on->id},
                     {"sentence", sentence},
                     {"state", state_now(visit)},
                     {"typed", typed},
                     {"resend", true},
                     {"again", again},
                     {"action", visit.request.path},
                     {"confirm", visit.say(words.confirm.empty() ? words.button : words.confirm)},
                     {"key", random_token()},
                     {"version", visit.on->version}},
                    412);
}

// The files that came with the form, named in the body by hash.
std::vector<Problem> take_files_of(Visit& visit, const CommandWords& words, json::object& body) {
  std::vector<Problem> problems;
  for (const Control& control : words.controls) {
    if (control.kind != "files") continue;
    auto uploads = uploads_of(visit, control.name);
    if (uploads.empty()) continue;
    const TakenFiles taken = take_files(visit, std::move(uploads), [&](const std::string&) { return visit.params.at("command"); });
    for (const RefusedFile& one : taken.refused) problems.push_back({control.name, one.sentence});
    const auto hashes = taken.hashes();
    body[control.name] = json::array(hashes.begin(), hashes.end());
  }
  return problems;
}

Response send_command(Visit& visit) {
  const CommandWords& words = words_or_stop(visit);
  ReadBody read = read_body(words, visit.form.fields, visit.programme().rules);
  if (!read.problems.empty()) return show_command(visit, words, visit.form.fields, nothing_sent(visit), read.problems, 422);
  if (auto problems = take_files_of(visit, words, read.body); !problems.empty())
    return show_command(visit, words, visit.form.fields, nothing_sent(visit), problems, 422);
  const Answer answer = visit.send(visit.params.at("command"), std::move(read.body));
  if (const auto* refusal = std::get_if<Refusal>(&answer)) {
    if (refusal->code == RefusalCode::conflict) return conflict_page(visit, words, refusal->sentence);
    return show_command(visit, words, visit.form.fields, refusal->sentence, refusal->problems, status_of(*refusal));
  }
  const std::string back(visit.form.fields.get("back"));
  return visit.go(back.empty() ? "/cases/" + visit.on->id : own_path_or_home(back),
                  visit.say("Done: {}.", visit.say(visit.words().done(visit.on->workflow, visit.params.at("command")))));
}

// S5: the rule, what went in, the calculation line by line, and every entry that this one superseded, with who set it and when.
Response why_this_date(Visit& visit) {
  const std::string& name = visit.params.at("name");
  json::array entries;
  std::string due;
  const std::vector<Moment> moments = moments_of(visit);
  visit.engine.database().read([&](Session& session) {
    for (const LedgerEntry& entry : ledger_of(session, visit.on->id)) {
      if (entry.name != name) continue;
      entries.insert(entries.begin(), date_view(visit, entry, moments));
      if (entry.current()) due = visit.weekday(entry.derivation.due_on);
    }
  });
  if (entries.empty()) throw Fault(404, visit.say("This case has no such date."));
  return visit.page("why", visit.say("Why this date? {}", visit.say(visit.words().deadline(name))),
                    {{"case", visit.on->id}, {"case_title", case_title(visit, *visit.on)}, {"due", due}, {"entries", entries}});
}

Letter letter_or_stop(Visit& visit, Document& document) {
  const std::string& hash = visit.params.at("hash");
  std::optional<Letter> found;
  visit.engine.database().read([&](Session& session) {
    for (Letter& letter : letters_of(session, visit.on->id))
      if (letter.hash == hash) found = std::move(letter);
    if (auto text = found ? find_document(session, hash) : std::nullopt) document = std::move(*text);
  });
  if (!found || document.hash.empty() || (!visit.visitor.is_staff() && !to_company(visit, *found)))
    throw Fault(404, visit.say("This case has no such letter."));
  return *found;
}

Response show_letter(Visit& visit) {
  Document document;
  const Letter letter = letter_or_stop(visit, document);
  std::string due;
  if (!letter.about.empty())
    if (const auto entry = visit.engine.database().read([&](Session& session) { return deadline_of(session, visit.on->id, letter.about); }))
      due = visit.weekday(entry->derivation.due_on);
  return visit.page("letter", document.title,
                    {{"case", visit.on->id},
                     {"case_title", case_title(visit, *visit.on)},
                     {"written", visit.date(visit.programme().calendar.day_of(letter.written_at))},
                     {"due", due},
                     {"about", letter.about},
                     {"hash", document.hash},
                     {"text", document.text},
                     {"pdf", static_cast<bool>(visit.portal.wiring().paper)},
                     {"mails", letter.mails}});
}

// The bytes whose hash stands in the record, in a page that may run and load nothing.
Response letter_html(Visit& visit) {
  Document document;
  letter_or_stop(visit, document);
  Response response;
  response.body = document.html;
  return response.set("Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'")
      .set("Content-Disposition", "inline; filename=\"letter-" + document.hash.substr(0, 12) + ".html\"");
}

Response letter_pdf(Visit& visit) {
  Document document;
  letter_or_stop(visit, document);
  return letter_as_pdf(visit, document.hash);
}

}  // namespace

void add_case_routes(Routes& routes) {
  routes.push_back({"GET", "/cases/{case}", "N2", Access::signed_in, show_case, "A case: where it stands, what is next and why"});
  routes.push_back({"GET", "/cases/{case}/do/{command}", "N5", Access::signed_in, command_form, "The form of a command"});
  routes.push_back({"POST", "/cases/{case}/do/{command}", "N5", Access::signed_in, send_command, "Send a command to a case"});
  routes.push_back({"GET", "/cases/{case}/dates/{name}", "S5", Access::signed_in, why_this_date, "Why this date?"});
  routes.push_back({"GET", "/cases/{case}/letters/{hash}", "S4", Access::signed_in, show_letter, "A letter"});
  routes.push_back({"GET", "/cases/{case}/letters/{hash}/html", "S4", Access::signed_in, letter_html, "The letter as it was fixed"});
  routes.push_back({"GET", "/cases/{case}/letters/{hash}/pdf", "S4", Access::signed_in, letter_pdf, "The letter as a PDF"});
  add_file_routes(routes);
  add_preparation_routes(routes);
}

}  // namespace tradecase::http
