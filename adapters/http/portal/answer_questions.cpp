// M6 questions from CBP, and M12 more time with its effect on the day.
#include <algorithm>

#include "adapters/http/portal/case_views.hpp"
#include "adapters/http/portal/delivery_views.hpp"
#include "adapters/http/portal/filing_views.hpp"
#include "adapters/http/portal/meanwhile.hpp"
#include "adapters/http/portal/question_views.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

// ---- M6 ----------------------------------------------------------------------------------------------------------------------

// The items of the last request for information; empty where none waits.
std::vector<std::string> items_asked(const Case& on) {
  std::vector<std::string> items;
  if (on.state != "information_requested") return items;
  const json::array requests = array_at(on.data, on.workflow == "application" ? "requests" : "information");
  if (requests.empty()) return items;
  for (const auto& item : array_at(requests.back().as_object(), "items")) items.emplace_back(item.as_string());
  return items;
}

// What the files of an item are kept under until they are sent with the answers.
std::string place_of_question(std::size_t number) { return "question " + std::to_string(number + 1); }

std::vector<CaseFile> files_waiting(const Visit& visit) {
  auto files = visit.engine.database().read([&](Session& session) { return files_of_case(session, visit.on->id, false); });
  std::erase_if(files, [](const CaseFile& file) { return file.attached_version || !file.belongs_to.starts_with("question "); });
  return files;
}

json::array returned_views(const Visit& visit) {
  json::array all;
  if (visit.on->workflow != "annual_notification") return all;
  const LetterDraft letter = letter_or_stop(visit);
  for (const LetterSection& section : letter.sections)
    if (section.returned && section.open)
      all.push_back(json::object{{"href", letter_path(visit, "/" + section.form->id)},
                                 {"title", section_title(visit, section)},
                                 {"question", section.question},
                                 {"answered", section.status != "unanswered"}});
  return all;
}

Response show_questions(Visit& visit, const std::string& sentence = "", const json::array& summary = {},
                        const std::map<std::string, std::string>& problems = {}, int status = 200) {
  stop_unless_answers_here(visit);
  json::array items;
  const auto asked = items_asked(*visit.on);
  const auto waiting = files_waiting(visit);
  const auto problem = [&](const std::string& field) {
    const auto found = problems.find(field);
    return found == problems.end() ? std::string() : found->second;
  };
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const std::string field = "answer." + std::to_string(i), file_field = "file." + std::to_string(i);
    json::array files;
    for (const CaseFile& file : waiting)
      if (file.belongs_to == place_of_question(i)) files.push_back(file_view(visit, file));
    const bool any_files = !files.empty();
    items.push_back(json::object{{"field", field},
                                 {"item", asked[i]},
                                 {"value", visit.form.fields.get(field)},
                                 {"problem", problem(field)},
                                 {"file_field", file_field},
                                 {"file_problem", problem(file_field)},
                                 {"any_files", any_files},
                                 {"files", std::move(files)}});
  }
  const auto returned = returned_views(visit);
  const bool all_answered = std::ranges::all_of(returned, [](const json::value& one) { return one.as_object().at("answered").as_bool(); });
  const auto own = visit.visitor.companies.find(visit.on->company);
  const std::string title = visit.say("Questions from CBP");
  return visit.page("questions", status == 200 ? title : visit.say("Error: {}", title),
                    {{"case", visit.on->id},
                     {"case_title", case_title(visit, *visit.on)},
                     {"heading", title},
                     {"sentence", sentence},
                     {"summary", summary},
                     {"returned", returned},
                     {"sign", !returned.empty() && all_answered},
                     {"asks", !items.empty()},
                     {"items", items},
                     {"none", items.empty() && returned.empty()},
                     {"officer", own->second.has(Role::officer)},
                     {"own_name", visit.visitor.person.name},
                     {"signature", visit.form.fields.get("signature")},
                     {"problem", problem("signature")},
                     {"key", random_token()},
                     {"version", version_for_form(visit)}},
                    status);
}

Response answer_questions(Visit& visit) {
  stop_unless_answers_here(visit);
  const auto asked = items_asked(*visit.on);
  if (asked.empty() && changed_meanwhile(visit)) return too_late(visit);
  if (asked.empty()) throw Fault(409, visit.say("No information is asked for in this case now."));
  json::array answers, summary;
  std::map<std::string, std::string> problems;
  const auto mark = [&](const std::string& field, const std::string& sentence) {
    problems[field] = sentence;
    summary.push_back(json::object{{"field", field}, {"sentence", sentence}});
  };
  const bool drops = visit.form.fields.has("drop");
  if (drops) visit.engine.database().write([&](Transaction& tx) { drop_file(tx, visit.on->id, visit.form.fields.get("drop"), false); });
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const std::string field = "answer." + std::to_string(i), text = trimmed(visit.form.fields.get(field));
    if (text.empty() && !drops) mark(field, visit.say("Answer item {}.", i + 1));
    answers.emplace_back(text);
    const std::string file_field = "file." + std::to_string(i);
    const TakenFiles taken = take_files(visit, uploads_of(visit, file_field), [&](const std::string&) { return place_of_question(i); });
    for (const RefusedFile& one : taken.refused) mark(file_field, one.sentence);
  }
  if (drops && problems.empty()) return show_questions(visit);
  const std::string signature = trimmed(visit.form.fields.get("signature"));
  if (signature.empty()) mark("signature", visit.say("Type your full name: {}.", visit.visitor.person.name));
  if (!problems.empty()) return show_questions(visit, visit.say("It is not sent yet."), summary, problems, 422);
  json::object body{{"answers", std::move(answers)}, {"signature", signature}};
  json::array files;
  for (const CaseFile& file : files_waiting(visit)) files.push_back(json::value(file.hash));
  if (!files.empty()) body["files"] = std::move(files);
  const Answer answer = visit.send("provide_information", std::move(body));
  if (const auto* refusal = std::get_if<Refusal>(&answer)) {
    if (refusal->code != RefusalCode::conflict) return show_questions(visit, refusal->sentence, {}, {}, 422);
    read_case_again(visit);
    if (items_asked(*visit.on) != asked) return too_late(visit);
    tell_meanwhile(visit, {});
    return show_questions(visit, refusal->sentence, {}, {}, 412);
  }
  return visit.go("/cases/" + visit.on->id,
                  visit.say("Done: {}.", visit.say(visit.words().done(visit.on->workflow, "provide_information"))));
}

// ---- M12 ---------------------------------------------------------------------------------------------------------------------

struct MoreTime {
  std::string rule, deadline;
};

MoreTime more_time_or_stop(const Visit& visit) {
  const Case& on = *visit.on;
  if (on.workflow == "annual_notification") return {"anl.extension_sizes", "due"};
  const std::string deadline = text_of(object_at(on.data, "request"), "deadline");
  if (deadline.empty() || (on.workflow != "risk_survey" && on.workflow != "audit"))
    throw Fault(404, visit.say("Nothing is due in this case for which more time can be asked."));
  return {on.workflow == "audit" ? "audit.extension_sizes" : "survey.extension_sizes", deadline};
}

Response show_more_time(Visit& visit, const std::string& sentence = "", const json::array& summary = {}, int status = 200) {
  stop_unless_answers_here(visit);
  const MoreTime more = more_time_or_stop(visit);
  const auto entry = visit.engine.database().read([&](Session& session) { return deadline_of(session, visit.on->id, more.deadline); });
  if (!entry || entry->ended_by_version) throw Fault(404, visit.say("Nothing is due in this case for which more time can be asked."));
  const Date due = entry->derivation.due_on;
  json::array sizes;
  for (const int days : visit.programme().rules.numbers(more.rule)) {
    const Derivation moved =
        derive({.name = "extension", .anchor_name = "due day in force", .anchor = due, .days = days, .rolls = Rolls::to_business_day},
               visit.programme().calendar);
    sizes.push_back(json::object{{"id", "days-" + std::to_string(days)},
                                 {"value", days},
                                 {"label", visit.say("{} more days: due {}", days, visit.weekday(moved.due_on))},
                                 {"steps", join(moved.steps, "; ") + "."},
                                 {"chosen", visit.form.fields.get("days") == std::to_string(days)}});
  }
  const std::string title = visit.say("Ask for more time");
  const bool days_missing = status == 422 && visit.form.fields.get("days").empty();
  return visit.page(
      "more_time", status == 200 ? title : visit.say("Error: {}", title),
      {{"case", visit.on->id},
       {"case_title", case_title(visit, *visit.on)},
       {"heading", title},
       {"sentence", sentence},
       {"summary", summary},
       {"what", visit.say(visit.words().deadline(more.deadline))},
       {"due", visit.weekday(due)},
       {"why", "/cases/" + visit.on->id + "/dates/" + percent_encoded(more.deadline)},
       {"sizes", sizes},
       {"days_problem", days_missing ? visit.say("Choose how many days.") : ""},
       {"reason", visit.form.fields.get("reason")},
       {"reason_problem", status == 422 && trimmed(visit.form.fields.get("reason")).empty() ? visit.say("Say why you need them.") : ""},
       {"key", random_token()},
       {"version", version_for_form(visit)}},
      status);
}

bool time_may_be_asked(const Visit& visit) {
  const auto permitted = visit.engine.permitted(visit.on->id, visit.visitor.person.id);
  const auto* all = std::get_if<std::vector<Permission>>(&permitted);
  return all != nullptr && std::ranges::any_of(*all, [](const Permission& one) {
           return one.command == "request_extension" && one.verdict != Permission::Verdict::no;
         });
}

Response ask_more_time(Visit& visit) {
  const std::string days(visit.form.fields.get("days")), reason = trimmed(visit.form.fields.get("reason"));
  json::array summary;
  if (days.empty() || days.size() > 4 || days.find_first_not_of("0123456789") != std::string::npos)
    summary.push_back(json::object{{"field", "days"}, {"sentence", visit.say("Choose how many days.")}});
  if (reason.empty()) summary.push_back(json::object{{"field", "reason"}, {"sentence", visit.say("Say why you need them.")}});
  if (!summary.empty()) return show_more_time(visit, visit.say("It is not sent yet."), summary, 422);
  const Answer answer = visit.send("request_extension", {{"days", std::stoi(days)}, {"reason", reason}});
  if (const auto* refusal = std::get_if<Refusal>(&answer)) {
    if (refusal->code != RefusalCode::conflict) return show_more_time(visit, refusal->sentence, {}, 422);
    read_case_again(visit);
    if (!time_may_be_asked(visit)) return too_late(visit);
    tell_meanwhile(visit, {});
    return show_more_time(visit, refusal->sentence, {}, 412);
  }
  return visit.go("/cases/" + visit.on->id, visit.say("We have your request and write to you. Until then the due day stays as it is."));
}

}  // namespace

void add_question_routes(Routes& routes) {
  routes.push_back(
      {"GET", "/cases/{case}/questions", "M6", Access::company, [](Visit& v) { return show_questions(v); }, "Questions from CBP"});
  routes.push_back({"POST", "/cases/{case}/questions", "M6", Access::company, answer_questions, "Answer a request for information"});
  routes.push_back({"GET", "/cases/{case}/more-time", "M12", Access::company, [](Visit& v) { return show_more_time(v); },
                    "More time, and the day it would lead to"});
  routes.push_back({"POST", "/cases/{case}/more-time", "M12", Access::company, ask_more_time, "Ask for more time"});
  add_delivery_routes(routes);
}

}  // namespace tradecase::http
