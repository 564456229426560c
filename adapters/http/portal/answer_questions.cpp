// M6 questions from CBP, the documents asked for entry by entry, and M12 more time with its effect on the day.
#include <algorithm>

#include "adapters/http/portal/case_views.hpp"
#include "adapters/http/portal/filing_views.hpp"
#include "adapters/http/portal/meanwhile.hpp"
#include "adapters/http/portal/question_views.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

void stop_unless_own(const Visit& visit) {
  const auto own = visit.visitor.companies.find(visit.on->company);
  if (own == visit.visitor.companies.end() || own->second.empty())
    throw Fault(403, visit.say("Only officers and preparers of the company answer here."));
}

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
  stop_unless_own(visit);
  json::array items;
  const auto asked = items_asked(*visit.on);
  const auto problem = [&](const std::string& field) {
    const auto found = problems.find(field);
    return found == problems.end() ? std::string() : found->second;
  };
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const std::string field = "answer." + std::to_string(i);
    items.push_back(
        json::object{{"field", field}, {"item", asked[i]}, {"value", visit.form.fields.get(field)}, {"problem", problem(field)}});
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
  stop_unless_own(visit);
  const auto asked = items_asked(*visit.on);
  if (asked.empty() && changed_meanwhile(visit)) return too_late(visit);
  if (asked.empty()) throw Fault(409, visit.say("No information is asked for in this case now."));
  json::array answers, summary;
  std::map<std::string, std::string> problems;
  const auto mark = [&](const std::string& field, const std::string& sentence) {
    problems[field] = sentence;
    summary.push_back(json::object{{"field", field}, {"sentence", sentence}});
  };
  for (std::size_t i = 0; i < asked.size(); ++i) {
    const std::string field = "answer." + std::to_string(i), text = trimmed(visit.form.fields.get(field));
    if (text.empty()) mark(field, visit.say("Answer item {}.", i + 1));
    answers.emplace_back(text);
  }
  const std::string signature = trimmed(visit.form.fields.get("signature"));
  if (signature.empty()) mark("signature", visit.say("Type your full name: {}.", visit.visitor.person.name));
  if (!problems.empty()) return show_questions(visit, visit.say("It is not sent yet."), summary, problems, 422);
  const Answer answer = visit.send("provide_information", {{"answers", std::move(answers)}, {"signature", signature}});
  if (const auto* refusal = std::get_if<Refusal>(&answer)) {
    if (refusal->code != RefusalCode::conflict) return show_questions(visit, refusal->sentence, {}, {}, 422);
    read_case_again(visit);
    if (items_asked(*visit.on) != asked) return too_late(visit);
    tell_meanwhile(visit, {});
    return show_questions(visit, conflict_sentence(visit, *refusal), {}, {}, 412);
  }
  return visit.go("/cases/" + visit.on->id,
                  visit.say("Done: {}.", visit.say(visit.words().done(visit.on->workflow, "provide_information"))));
}

// ---- documents, entry by entry -------------------------------------------------------------------------------------------------

bool item_open(const json::object& item) { return text_of(item, "delivered").empty() && text_of(item, "not_applicable").empty(); }

Response show_delivery(Visit& visit, const std::string& sentence = "", int status = 200) {
  stop_unless_own(visit);
  const json::array items = array_at(visit.on->data, "items");
  if (items.empty()) throw Fault(404, visit.say("No documents are asked for in this case."));
  json::array views;
  std::size_t done = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const json::object& item = items[i].as_object();
    const bool open = item_open(item);
    if (!open) ++done;
    const std::string number = std::to_string(i), entry = text_of(item, "entry_number");
    views.push_back(json::object{{"number", i + 1},
                                 {"anchor", "item-" + number},
                                 {"entry", entry},
                                 {"line", number_at(item, "line")},
                                 {"documents", text_of(item, "documents")},
                                 {"open", open},
                                 {"accepted", yes_at(item, "accepted")},
                                 {"delivered", text_of(item, "delivered")},
                                 {"not_applicable", text_of(item, "not_applicable")},
                                 {"returned", text_of(item, "returned_because")},
                                 {"given_field", "given." + number},
                                 {"none_field", "none." + number},
                                 {"given", visit.form.fields.get("given." + number)},
                                 {"none", visit.form.fields.get("none." + number)}});
  }
  const std::string title = visit.say("Deliver documents");
  return visit.page("deliver", status == 200 ? title : visit.say("Error: {}", title),
                    {{"case", visit.on->id},
                     {"case_title", case_title(visit, *visit.on)},
                     {"heading", title},
                     {"sentence", sentence},
                     {"summary", json::array()},
                     {"done", done},
                     {"total", items.size()},
                     {"progress", visit.say("{} of {} items answered", done, items.size())},
                     {"items", views},
                     {"left", done < items.size()},
                     {"key", random_token()},
                     {"version", version_for_form(visit)}},
                    status);
}

// What a colleague gave for the items that were answered here too.
std::vector<BothVersions> both_deliveries(const Visit& visit, const json::array& items) {
  std::vector<BothVersions> all;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const json::object& item = items[i].as_object();
    const auto typed = [&](const char* field) { return trimmed(visit.form.fields.get(field + std::to_string(i))); };
    const std::string given = typed("given."), none = typed("none.");
    if (item_open(item) || (given.empty() && none.empty())) continue;
    const std::string delivered = text_of(item, "delivered");
    all.push_back(
        {visit.say("Item {}", i + 1), given.empty() ? none : given, delivered.empty() ? text_of(item, "not_applicable") : delivered});
  }
  return all;
}

Response deliver(Visit& visit) {
  stop_unless_own(visit);
  const json::array items = array_at(visit.on->data, "items");
  json::array given;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const json::object& item = items[i].as_object();
    const std::string number = std::to_string(i);
    const std::string documents = trimmed(visit.form.fields.get("given." + number)),
                      none = trimmed(visit.form.fields.get("none." + number));
    if (documents.empty() && none.empty()) continue;
    if (!documents.empty() && !none.empty())
      return show_delivery(visit, visit.say("Item {}: write what you send, or why there is nothing to send, not both.", i + 1), 422);
    json::object one{{"entry_number", text_of(item, "entry_number")}, {"line", number_at(item, "line")}};
    one[documents.empty() ? "not_applicable" : "documents"] = documents.empty() ? none : documents;
    given.push_back(std::move(one));
  }
  if (given.empty())
    return show_delivery(visit, visit.say("Answer at least one item: what you send, or why there is nothing to send."), 422);
  const Answer answer = visit.send("deliver", {{"items", std::move(given)}});
  if (const auto* refusal = std::get_if<Refusal>(&answer)) {
    if (refusal->code != RefusalCode::conflict) return show_delivery(visit, refusal->sentence, 422);
    read_case_again(visit);
    tell_meanwhile(visit, both_deliveries(visit, array_at(visit.on->data, "items")));
    return show_delivery(visit, conflict_sentence(visit, *refusal), 412);
  }
  read_case_again(visit);
  const json::array now = array_at(visit.on->data, "items");
  const auto left = static_cast<std::size_t>(std::ranges::count_if(now, [](const json::value& one) { return item_open(one.as_object()); }));
  return visit.go(
      "/cases/" + visit.on->id + (left > 0 ? "/deliver" : ""),
      visit.say("Delivered {} Eastern time. {} of {} items are answered now.", clock_time(visit), items.size() - left, items.size()));
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
  stop_unless_own(visit);
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
    return show_more_time(visit, conflict_sentence(visit, *refusal), {}, 412);
  }
  return visit.go("/cases/" + visit.on->id, visit.say("We have your request and write to you. Until then the due day stays as it is."));
}

}  // namespace

void add_question_routes(Routes& routes) {
  routes.push_back(
      {"GET", "/cases/{case}/questions", "M6", Access::company, [](Visit& v) { return show_questions(v); }, "Questions from CBP"});
  routes.push_back({"POST", "/cases/{case}/questions", "M6", Access::company, answer_questions, "Answer a request for information"});
  routes.push_back({"GET", "/cases/{case}/deliver", "M6", Access::company, [](Visit& v) { return show_delivery(v); },
                    "Documents asked for, item by item"});
  routes.push_back({"POST", "/cases/{case}/deliver", "M6", Access::company, deliver, "Deliver documents"});
  routes.push_back({"GET", "/cases/{case}/more-time", "M12", Access::company, [](Visit& v) { return show_more_time(v); },
                    "More time, and the day it would lead to"});
  routes.push_back({"POST", "/cases/{case}/more-time", "M12", Access::company, ask_more_time, "Ask for more time"});
}

}  // namespace tradecase::http
