#include "adapters/http/portal/review_parts.hpp"

#include <algorithm>

#include "adapters/http/portal/letter_views.hpp"
#include "adapters/http/portal/question_views.hpp"

namespace tradecase::http {
namespace {

std::string person_name(const Visit& visit, const std::string& id) {
  const auto person = visit.engine.database().read([&](Session& session) { return find_person(session, id); });
  return person ? person->name : id;
}

std::string day_text(const Visit& visit, const std::string& iso) {
  const auto day = parse_date(iso);
  return day ? visit.date(*day) : iso;
}

std::optional<Case> letter_of_cycle(const Visit& visit, const std::string& company, int cycle) {
  return visit.engine.database().read([&](Session& session) -> std::optional<Case> {
    CaseFilter filter;
    filter.company = company;
    filter.workflow = letter_workflow;
    for (const CaseRow& row : find_cases(session, filter))
      if (row.cycle == cycle) return find_case(session, row.id);
    return std::nullopt;
  });
}

// An acceptance in which everything is in order: what it would send says when the next letter is due.
json::object acceptance_in_order(const Rules& rules) {
  json::object checklist, risks;
  for (const std::string& point : rules.texts("anl.review_checklist")) checklist[point] = json::object{{"confirmed", true}};
  for (const std::string& factor : rules.texts("risk.factors")) risks[factor] = rules.texts("risk.levels").front();
  return {{"checklist", std::move(checklist)}, {"risks", std::move(risks)}};
}

}  // namespace

std::string problem_at(const std::vector<Problem>& problems, const std::string& field) {
  const auto found = std::ranges::find(problems, field, &Problem::field);
  return found == problems.end() ? "" : found->sentence;
}

std::string plain_words(std::string_view code) {
  std::string words(code);
  std::ranges::replace(words, '_', ' ');
  if (!words.empty() && words.front() >= 'a' && words.front() <= 'z') words.front() = static_cast<char>(words.front() - 'a' + 'A');
  return words;
}

json::array filing_facts(const Visit& visit, const Case& letter) {
  json::array facts;
  const auto add = [&](std::string label, std::string value, std::string href = "") {
    facts.push_back(json::object{{"label", std::move(label)}, {"value", std::move(value)}, {"href", std::move(href)}});
  };
  const json::object& data = letter.data;
  if (const std::string filed_on = text_of(data, "filed_on"); !filed_on.empty()) {
    const auto* in_time = data.if_contains("filed_in_time");
    const bool late = in_time != nullptr && in_time->is_bool() && !in_time->get_bool();
    add(visit.say("Filed"), visit.say("{}, {}", day_text(visit, filed_on), late ? visit.say("late") : visit.say("in time")));
  }
  if (const json::object signature = object_at(data, "signature"); !signature.empty())
    add(visit.say("Signed by"), visit.say("{}, {}", text_of(signature, "name"), text_of(signature, "title")));
  add(visit.say("Was due"), day_text(visit, text_of(data, "due_on")), "/cases/" + letter.id + "/dates/due");
  const int returns = number_at(data, "returns");
  add(visit.say("Returned with questions"), returns == 0   ? visit.say("never")
                                            : returns == 1 ? visit.say("once")
                                                           : visit.say("{} times", returns));
  if (const std::string taken_by = text_of(data, "taken_by"); !taken_by.empty()) add(visit.say("Reviewer"), person_name(visit, taken_by));
  if (const auto last = letter_of_cycle(visit, letter.company, letter.cycle - 1))
    add(visit.say("Last year's letter"), visit.say(visit.words().state(last->workflow, last->state).label), "/cases/" + last->id);
  if (const std::string because = text_of(data, "sent_back_because"); !because.empty())
    add(visit.say("The supervisor sent it back"), because);
  return facts;
}

json::array checklist_view(const Visit& visit, const Fields& fields, const std::vector<Problem>& problems) {
  json::array points;
  const auto& items = visit.programme().rules.texts("anl.review_checklist");
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string field = "checklist." + std::to_string(i);
    points.push_back(json::object{{"field", field},
                                  {"label", visit.say(plain_words(items[i]))},
                                  {"confirmed", fields.get(field) == "yes"},
                                  {"reason", fields.get(field + ".reason")},
                                  {"problem", problem_at(problems, field)}});
  }
  return points;
}

json::array risks_view(const Visit& visit, const Case& letter, const Fields& fields, const std::vector<Problem>& problems) {
  json::array rows;
  const Rules& rules = visit.programme().rules;
  const auto last = letter_of_cycle(visit, letter.company, letter.cycle - 1);
  const json::object before = last ? object_at(object_at(last->data, "review"), "risks") : json::object();
  const auto& factors = rules.texts("risk.factors");
  const bool fresh = fields.list().empty();
  for (std::size_t i = 0; i < factors.size(); ++i) {
    const std::string field = "risks." + std::to_string(i), then = text_of(before, factors[i]);
    const std::string now = fresh ? then : std::string(fields.get(field));
    json::array levels;
    for (const std::string& level : rules.texts("risk.levels"))
      levels.push_back(json::object{{"level", level},
                                    {"level_label", visit.say(plain_words(level))},
                                    {"id", levels.empty() ? field : field + "-" + level},
                                    {"chosen", now == level}});
    rows.push_back(json::object{{"field", field},
                                {"label", visit.say(plain_words(factors[i]))},
                                {"levels", std::move(levels)},
                                {"then", then.empty() ? visit.say("not rated") : visit.say(plain_words(then))},
                                {"problem", problem_at(problems, field)}});
  }
  return rows;
}

json::array levels_view(const Visit& visit) {
  json::array all;
  for (const std::string& level : visit.programme().rules.texts("risk.levels")) all.emplace_back(visit.say(plain_words(level)));
  return all;
}

json::value decided_view(const Visit& visit, const Case& letter) {
  const json::object review = object_at(letter.data, "review");
  if (review.empty()) return nullptr;
  const Rules& rules = visit.programme().rules;
  json::array risks, points, findings;
  const json::object levels = object_at(review, "risks"), checked = object_at(review, "checklist");
  const auto& order = rules.texts("risk.levels");
  for (auto level = order.rbegin(); level != order.rend(); ++level)  // the highest first
    for (const std::string& factor : rules.texts("risk.factors"))
      if (text_of(levels, factor) == *level)
        risks.push_back(json::object{
            {"label", visit.say(plain_words(factor))}, {"level", visit.say(plain_words(*level))}, {"high", level == order.rbegin()}});
  for (const std::string& point : rules.texts("anl.review_checklist")) {
    const json::object item = object_at(checked, point);
    if (item.empty()) continue;
    points.push_back(json::object{{"label", visit.say(plain_words(point))}, {"reason", text_of(item, "reason")}});
  }
  if (const auto* all = review.if_contains("findings"); all != nullptr && all->is_array()) findings = all->get_array();
  return json::object{{"what", text_of(review, "decision") == "rejected" ? visit.say("Rejected") : visit.say("Accepted")},
                      {"by", person_name(visit, text_of(review, "by"))},
                      {"on", day_text(visit, text_of(review, "on"))},
                      {"review_note", text_of(review, "note")},
                      {"rated", !risks.empty()},
                      {"ratings", std::move(risks)},
                      {"checked", std::move(points)},
                      {"has_findings", !findings.empty()},
                      {"findings", std::move(findings)}};
}

NextCycle next_cycle(const Visit& visit, const Case& letter) {
  const Programme& programme = visit.programme();
  Case tried = letter;
  tried.state = "under_review";
  const Person& person = visit.visitor.person;
  Command accept;
  accept.case_id = letter.id;
  accept.name = "accept";
  accept.actor = person.id;
  accept.body = acceptance_in_order(programme.rules);
  const Context context{Actor{person.id, person.name, person.title, RoleSet{Role::nam}, "", true},
                        visit.engine.now(),
                        visit.today(),
                        programme.calendar,
                        programme.rules,
                        programme.forms,
                        *visit.company,
                        {},
                        {},
                        letter.id,
                        letter.cycle,
                        letter.version,
                        {}};
  const Outcome outcome = programme.workflows.get(letter.workflow).step(tried, accept, context);
  NextCycle next;
  const auto* step = std::get_if<Step>(&outcome);
  if (step == nullptr) return next;
  for (const Effect& effect : step->effects) {
    const auto* send = std::get_if<SendLetter>(&effect);
    if (send == nullptr || !send->fields.contains("next_due_why")) continue;
    next.due_on = text_of(send->fields, "next_due_on");
    next.window_on = text_of(send->fields, "next_window_on");
    for (const json::value& line : send->fields.at("next_due_why").as_array()) next.steps.emplace_back(line.as_string());
  }
  return next;
}

}  // namespace tradecase::http
