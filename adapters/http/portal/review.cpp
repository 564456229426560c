// N3 to N6: the review of an annual notification letter. Only what changed, questions by section, checklist and risks beside it, the next
// due day before anything is sealed; for the supervisor, what the reviewer wrote.
#include <algorithm>

#include "adapters/http/portal/case_views.hpp"
#include "adapters/http/portal/letter_views.hpp"
#include "adapters/http/portal/meanwhile.hpp"
#include "adapters/http/portal/question_views.hpp"
#include "adapters/http/portal/review_parts.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

// What came back from a form that could not be sent.
struct Returned {
  Fields fields;
  std::string sentence;
  std::vector<Problem> problems;
  int status = 200;
};

Permission permission_for(const Visit& visit, std::string_view command) {
  const auto permitted = visit.engine.permitted(visit.on->id, visit.visitor.person.id);
  if (const auto* all = std::get_if<std::vector<Permission>>(&permitted))
    if (const auto found = std::ranges::find(*all, command, &Permission::command); found != all->end()) return *found;
  return {std::string(command), Permission::Verdict::no, {}};
}

bool possible(const Permission& permission) { return permission.verdict != Permission::Verdict::no; }

std::string tab(const std::string& case_id, bool all) { return "/cases/" + case_id + "/review" + (all ? "?show=all" : ""); }

void put_typed(json::array& sections, const Returned& back) {
  for (json::value& one : sections) {
    json::object& section = one.as_object();
    const std::string field = "question." + std::string(section.at("section").as_string());
    section["field"] = field;
    section["typed"] = back.fields.get(field);
    section["problem"] = problem_at(back.problems, field);
  }
}

json::array summary_of(const Returned& back) {
  json::array summary;
  for (const Problem& problem : back.problems)
    if (!problem.field.empty()) summary.push_back(json::object{{"field", problem.field}, {"sentence", problem.sentence}});
  return summary;
}

Response show_review_again(Visit& visit, const Returned& back) {
  const Case& on = *visit.on;
  const bool all = visit.request.query.get("show") == "all" || back.fields.get("show") == "all";
  LetterSections letter = letter_sections(visit, on, !all);
  put_typed(letter.sections, back);
  const Permission accept = permission_for(visit, "accept"), take = permission_for(visit, "take"),
                   countersign = permission_for(visit, "countersign");
  const Permission& now = on.state == "submitted" ? take : on.state == "countersign_pending" ? countersign : accept;
  const NextCycle next = next_cycle(visit, on);
  const std::string_view key = back.fields.get("key");
  const bool reviewing = on.state == "under_review" && possible(accept);
  const std::string title = visit.say("Review: {}", case_title(visit, on));
  return visit.page(
      "review", back.status == 200 ? title : visit.say("Error: {}", title),
      {{"heading", title},
       {"case", on.id},
       {"case_title", case_title(visit, on)},
       {"state", visit.say(visit.words().state(on.workflow, on.state).label)},
       {"filed", !text_of(on.data, "filed_on").empty()},
       {"facts", filing_facts(visit, on)},
       {"sections", letter.sections},
       {"changed_tab", visit.say("Only what changed ({})", letter.changed)},
       {"all_tab", visit.say("All sections ({})", letter.all)},
       {"changed_href", tab(on.id, false)},
       {"all_href", tab(on.id, true)},
       {"show_all", all},
       {"unchanged", letter.all - letter.changed},
       {"reviewing", reviewing},
       {"may_take", on.state == "submitted" && possible(take)},
       {"may_countersign", on.state == "countersign_pending" && possible(countersign)},
       {"decided", decided_view(visit, on)},
       {"reasons", possible(now) ? json::array() : told_reasons(visit, visit.programme().workflows.get(on.workflow), now.reasons)},
       {"why_not", !possible(now)},
       {"all_confirmed", back.fields.get("all_confirmed") == "yes"},
       {"points", reviewing ? checklist_view(visit, back.fields, back.problems) : json::array()},
       {"risks", reviewing ? risks_view(visit, on, back.fields, back.problems) : json::array()},
       {"levels", levels_view(visit)},
       {"note", back.fields.get("note")},
       {"due_on", back.fields.get("due_on")},
       {"due_problem", problem_at(back.problems, "due_on")},
       {"usual_days", visit.programme().rules.number("anl.return_days")},
       {"next_due", next.due_on},
       {"next_window", next.window_on},
       {"next_steps", json::value_from(next.steps)},
       {"sentence", back.sentence},
       {"summary", summary_of(back)},
       {"key", key.empty() ? random_token() : std::string(key)},
       {"version", on.version}},
      back.status);
}

Response show_review(Visit& visit) {
  if (visit.on->workflow != letter_workflow) return visit.go("/cases/" + visit.on->id);
  return show_review_again(visit, {});
}

json::array questions_of(const Fields& fields) {
  json::array questions;
  for (const auto& [name, value] : fields.list())
    if (const std::string question = trimmed(value); name.starts_with("question.") && !question.empty())
      questions.push_back(json::object{{"section", name.substr(9)}, {"question", question}});
  return questions;
}

// The body of an acceptance; confirming all points confirms each without a reason.
ReadBody read_acceptance(const Visit& visit) {
  Fields fields = visit.form.fields;
  const Rules& rules = visit.programme().rules;
  if (fields.get("all_confirmed") == "yes")
    for (std::size_t i = 0; i < rules.texts("anl.review_checklist").size(); ++i) {
      const std::string point = "checklist." + std::to_string(i);
      if (!fields.has(point) && trimmed(fields.get(point + ".reason")).empty()) fields.add(point, "yes");
    }
  ReadBody read = read_body(*visit.words().find(letter_workflow, "accept"), fields, rules);
  for (Problem& problem : read.problems)
    if (problem.field.starts_with("checklist."))
      problem.sentence = visit.say("Confirm \"{}\", or say why you skip it.",
                                   plain_words(rules.texts("anl.review_checklist").at(std::stoul(problem.field.substr(10)))));
  const auto& factors = rules.texts("risk.factors");
  for (std::size_t i = 0; i < factors.size(); ++i)
    if (fields.get("risks." + std::to_string(i)).empty())
      read.problems.push_back({"risks." + std::to_string(i), visit.say("Choose a level for \"{}\".", plain_words(factors[i]))});
  return read;
}

ReadBody read_questions(const Visit& visit) {
  ReadBody read;
  read.body["questions"] = questions_of(visit.form.fields);
  if (read.body.at("questions").as_array().empty())
    read.problems.push_back({"ask", visit.say("Write a question at one section at least.")});
  if (const std::string day = trimmed(visit.form.fields.get("due_on")); !day.empty()) {
    if (const auto due = parse_date(day))
      read.body["due_on"] = to_text(*due);
    else
      read.problems.push_back({"due_on", visit.say("Write a day that exists, as 12/22/2026 or 2026-12-22.")});
  }
  return read;
}

Response answer_refusal(Visit& visit, const Refusal& refusal) {
  Returned back{visit.form.fields, refusal.sentence, refusal.problems, info(refusal.code).http_status};
  if (back.status == 400) back.status = 422;
  if (refusal.code == RefusalCode::conflict) {  // somebody else was faster: their case, the visitor's words
    read_case_again(visit);
    if (visit.on->state != "under_review" || !possible(permission_for(visit, "accept"))) return too_late(visit);
    tell_meanwhile(visit, {});
    back.sentence = visit.say("{} Look at the case below. What you wrote is kept.", refusal.sentence);
  }
  return show_review_again(visit, back);
}

Response send_review(Visit& visit) {
  const bool ask = visit.form.fields.get("act") == "ask";
  ReadBody read = ask ? read_questions(visit) : read_acceptance(visit);
  if (!ask)
    if (const json::array questions = questions_of(visit.form.fields); !questions.empty())
      read.problems.insert(read.problems.begin(), {"question." + std::string(questions.front().as_object().at("section").as_string()),
                                                   visit.say("You wrote a question. Send it, or clear it before you accept the letter.")});
  if (!read.problems.empty())
    return show_review_again(visit,
                             {visit.form.fields, visit.say("There is something to mend before this can be sent."), read.problems, 422});
  const Answer answer = visit.send(ask ? "return_for_changes" : "accept", std::move(read.body));
  if (const auto* refusal = std::get_if<Refusal>(&answer)) return answer_refusal(visit, *refusal);
  const std::string title = case_title(visit, *visit.on);
  const bool waits = std::get<Receipt>(answer).to == "countersign_pending";
  return visit.go("/queue", ask     ? visit.say("Returned with your questions: {}.", title)
                            : waits ? visit.say("Accepted by you, and waits for a supervisor's countersignature: {}.", title)
                                    : visit.say("Accepted: {}.", title));
}

}  // namespace

void add_review_routes(Routes& routes) {
  routes.push_back({"GET", "/cases/{case}/review", "N3", Access::staff, show_review, "Review an annual letter: only what changed"});
  routes.push_back(
      {"POST", "/cases/{case}/review", "N3", Access::staff, send_review, "Accept an annual letter, or ask about its sections"});
}

}  // namespace tradecase::http
