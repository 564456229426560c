#include "adapters/http/portal/case_views.hpp"

#include <algorithm>

#include "adapters/http/portal/asked_questions.hpp"
#include "adapters/http/portal/case_parts.hpp"
#include "adapters/http/portal/case_store.hpp"
#include "adapters/http/portal/delivery_views.hpp"
#include "adapters/http/portal/question_views.hpp"
#include "adapters/http/told.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

std::string name_of(const Visit& visit, Session& session, const std::string& actor) {
  if (actor == "timer") return visit.say("the system's clock");
  if (actor == "operator") return visit.say("the operator");
  const auto person = find_person(session, actor);
  if (!person) return actor;
  for (const Grant& grant : grants_of(session, actor))
    if (grant.company.empty()) return person->name + ", CBP";
  return person->name;
}

json::object fact(std::string label, std::string value, std::string href = "") {
  return {{"label", std::move(label)}, {"value", std::move(value)}, {"href", std::move(href)}};
}

std::string since(const Visit& visit, const std::vector<Moment>& moments) {
  const auto came = std::ranges::find_if(moments.rbegin(), moments.rend(), [](const Moment& moment) { return moment.from != moment.to; });
  return came == moments.rend() ? "" : visit.date(came->day);
}

json::array facts_view(const Visit& visit, Session& session, const std::vector<Moment>& moments) {
  const Case& on = *visit.on;
  const Company& company = *visit.company;
  const bool staff = visit.visitor.is_staff();
  json::array facts;
  facts.push_back(fact(visit.say("Case"), on.id));
  facts.push_back(fact(visit.say("Company"), company.legal_name, staff ? "/companies/" + percent_encoded(company.id) : "/company"));
  facts.push_back(fact(visit.say("Program"), company.program.empty() ? visit.say("applicant") : company.program));
  if (staff)
    facts.push_back(fact(visit.say("CTPAT Security"),
                         visit.say("Tier {}, {}", company.security_tier,
                                   visit.say(company.security_status == "good_standing" ? "in good standing" : company.security_status))));
  const auto nam = company.nam.empty() ? std::nullopt : find_person(session, company.nam);
  facts.push_back(fact(visit.say("National Account Manager"),
                       nam ? nam->name + (nam->phone.empty() ? "" : ", " + nam->phone) : visit.say("nobody yet")));
  if (company.acceptance_date) facts.push_back(fact(visit.say("Member since"), visit.date(*company.acceptance_date)));
  facts.push_back(fact(visit.say("Opened"), visit.date(visit.programme().calendar.day_of(on.opened_at))));
  if (staff) facts.push_back(fact(visit.say("In this state since"), since(visit, moments)));
  const auto tasks = open_tasks_of(session, on.id);
  std::string ball = visit.say("nobody: it is closed");
  if (on.open) ball = visit.say("the system's clock");
  if (!tasks.empty()) {
    const Task& task = tasks.front();
    const auto person = task.person.empty() ? std::nullopt : find_person(session, task.person);
    ball = person ? person->name : visit.say(std::string(spoken(task.role)));
  }
  facts.push_back(fact(visit.say("Waiting on"), ball));
  std::string due = visit.say("nothing is due"), href;
  if (const auto nearest = on.open ? nearest_due(session, on.id) : std::nullopt) {
    due = visit.weekday(*nearest) + " (" + visit.left(*nearest) + ")";
    for (const LedgerEntry& entry : ledger_of(session, on.id))
      if (entry.current() && !entry.ended_by_version && entry.derivation.due_on == *nearest && entry.name.find(':') == std::string::npos)
        href = "/cases/" + on.id + "/dates/" + percent_encoded(entry.name);
  }
  facts.push_back(fact(visit.say("Next due"), due, href));
  return facts;
}

// One page, several commands: named by the work, not by one of its ends.
std::string review_label(const Visit& visit, const std::string& state) {
  return state == "submitted"             ? visit.say("Start the review")
         : state == "countersign_pending" ? visit.say("Read and countersign")
                                          : visit.say("Review the letter");
}

// Records are asked for, then read; the conference comes when they are all accepted. "": the company owes some.
std::string fieldwork_due(const Case& on) {
  const auto items = document_items(on);
  if (items.empty()) return "request_records";
  if (std::ranges::any_of(items, [](const DocumentItem& item) { return !item.open() && !item.accepted; })) return "review_records";
  return std::ranges::all_of(items, &DocumentItem::accepted) ? "hold_closing" : "";
}

// A questionnaire that is built is sent, and one that is sent is answered, before the fieldwork; the company is invited in between.
std::string due_before_fieldwork(const Case& on) {
  const auto asked = asked_in(on);
  if (asked && !asked->answered) return asked->sent ? "answer_questionnaire" : "send_questionnaire";
  return on.state == "noticed" && object_at(on.data, "entrance").empty() ? "schedule_entrance" : "";
}

// The command that the state waits for where none of those at hand leads on: what is drafted is made a letter of next.
std::string command_due(const Case& on, const Workflow& workflow) {
  if (on.workflow == "audit" && on.state == "fieldwork") return fieldwork_due(on);
  if (on.workflow == "audit" && (on.state == "noticed" || on.state == "entrance_held")) return due_before_fieldwork(on);
  if (on.workflow == "risk_survey" && on.state == "analysis" && !object_at(on.data, "draft").empty()) return "fix_letter";
  const StateInfo* state = workflow.state(on.state);
  return state == nullptr ? "" : state->task_kind;
}

// A letter of this case that is fixed: who wrote on it does not approve it.
struct FixedHere {
  std::string letter;
  bool approved = false, own = false;
};

std::vector<FixedHere> fixed_here(const Visit& visit) {
  std::vector<FixedHere> all;
  for (const json::value& one : array_at(visit.on->data, "letters")) {
    const json::object& letter = one.as_object();
    all.push_back({text_of(letter, "letter"), !text_of(letter, "approved_by").empty(),
                   std::ranges::count(array_at(letter, "authors"), json::value(visit.visitor.person.id)) > 0});
  }
  return all;
}

// The page of a letter is that of its approval once it is fixed.
void lead_to_fixed_letter(const Visit& visit, const std::vector<FixedHere>& fixed, std::string& href, std::string& label) {
  for (const FixedHere& one : fixed) {
    if (!href.ends_with("/compose/" + one.letter)) continue;
    href = "/cases/" + visit.on->id + "/approve/" + one.letter;
    label = one.approved ? visit.say("Send the letter")
            : one.own    ? visit.say("Look at the fixed letter")
                         : visit.say("Read and approve the letter");
  }
}

// A letter that waits for somebody like the reader comes before all else.
void put_approval_first(const Visit& visit, const std::vector<FixedHere>& fixed, CaseView& view) {
  const auto waits = std::ranges::find_if(fixed, [](const FixedHere& one) { return !one.approved && !one.own; });
  if (waits == fixed.end()) return;
  const std::string href = "/cases/" + visit.on->id + "/approve/" + waits->letter;
  const auto same = [&](const json::value& other) { return other.as_object().at("href").as_string() == href; };
  view.others.erase(std::ranges::remove_if(view.others, same).begin(), view.others.end());
  if (!view.next.is_null() && !same(view.next)) view.others.insert(view.others.begin(), std::move(view.next));
  view.next = json::object{{"href", href},
                           {"label", visit.say("Read and approve the letter")},
                           {"explain", visit.say("A letter waits for a second person. You approve exactly its text, or take it back.")}};
}

void add_steps(const Visit& visit, CaseView& view) {
  const Case& on = *visit.on;
  const Workflow& workflow = visit.programme().workflows.get(on.workflow);
  const auto permitted = visit.engine.permitted(on.id, visit.visitor.person.id);
  const auto* all = std::get_if<std::vector<Permission>>(&permitted);
  if (all == nullptr) return;
  const bool staff = visit.visitor.is_staff();
  const std::string due = command_due(on, workflow);
  const auto fixed = staff ? fixed_here(visit) : std::vector<FixedHere>();
  bool approves = false;
  json::value step_due;
  for (const Permission& one : *all) {
    const CommandWords* words = visit.words().find(on.workflow, one.command);
    const CommandInfo* command = workflow.command(one.command);
    if (words == nullptr || command == nullptr) continue;
    if (!staff && !by_company(workflow, one.command)) continue;
    std::string label = visit.say(words->button.empty() ? one.command : words->button);
    if (one.verdict == Permission::Verdict::no) {
      const bool here = std::ranges::any_of(workflow.transitions,
                                            [&](const TransitionInfo& row) { return row.from == on.state && row.command == one.command; });
      if (here)
        view.not_permitted.push_back(json::object{{"label", std::move(label)}, {"reasons", told_reasons(visit, workflow, one.reasons)}});
      continue;
    }
    std::string href = words->elsewhere.empty() ? "/cases/" + on.id + "/do/" + one.command : words->elsewhere;
    if (const auto at = href.find("{case}"); at != std::string::npos) href.replace(at, 6, on.id);
    lead_to_fixed_letter(visit, fixed, href, label);
    approves = approves || one.command == "approve_letter";
    if (href.ends_with("/review")) label = review_label(visit, on.state);
    const bool moves = std::ranges::any_of(workflow.transitions, [&](const TransitionInfo& row) {
      return row.from == on.state && row.command == one.command && row.to != on.state && !row.to.empty();
    });
    json::object step{{"href", href}, {"label", std::move(label)}, {"explain", words->explain.empty() ? "" : visit.say(words->explain)}};
    if (one.command == due && !words->grave) step_due = step;
    const bool too_soon = one.command == "hold_closing" && due != one.command;
    if (moves && !too_soon && !words->grave && view.next.is_null())
      view.next = std::move(step);
    else if ((view.next.is_null() || view.next.as_object().at("href").as_string() != href) &&
             std::ranges::none_of(view.others, [&](const json::value& other) { return other.as_object().at("href").as_string() == href; }))
      view.others.push_back(std::move(step));
  }
  if (approves) put_approval_first(visit, fixed, view);
  if (!view.next.is_null() || step_due.is_null()) return;
  const std::string href(step_due.as_object().at("href").as_string());
  const auto same = [&](const json::value& other) { return other.as_object().at("href").as_string() == href; };
  view.others.erase(std::ranges::remove_if(view.others, same).begin(), view.others.end());
  view.next = std::move(step_due);
}

}  // namespace

json::array told_reasons(const Visit& visit, const Workflow& workflow, const std::vector<std::string>& reasons) {
  json::array told;
  for (const std::string& reason : reasons) told.emplace_back(visit.words().in_words(workflow, reason));
  return told;
}

std::string case_name(const Visit& visit, const std::string& workflow, int cycle) {
  const std::string title = visit.say(visit.words().title(workflow));
  return cycle > 0 ? title + " " + std::to_string(cycle) : title;
}

std::string case_title(const Visit& visit, const Case& on) {
  return case_name(visit, on.workflow, on.cycle) + (visit.company ? ", " + visit.company->legal_name : "");
}

namespace {

void tell(const Visit& visit, const Workflow& workflow, const RecordLine& line, Moment& moment) {
  const auto told_as = [&](const std::string& state) { return state.empty() ? "" : visit.words().told_as(workflow.name, state); };
  const std::string from = told_as(line.from), to = told_as(line.to);
  const bool own = by_company(workflow, line.command);
  moment.company_sees = told_of_event(visit.words(), workflow, line.command, line.from, line.to);
  if (visit.visitor.is_staff()) return;
  const bool two_are_one = from != line.from || to != line.to;
  if (!to.empty() && !own && two_are_one) moment.phrase = visit.say(visit.words().state(workflow.name, to).label);
  if (!own) moment.command.clear();
  moment.from = from;
  moment.to = to;
}

}  // namespace

std::vector<Moment> moments_of(const Visit& visit) {
  std::vector<Moment> all;
  const Case& on = *visit.on;
  const Workflow& workflow = visit.programme().workflows.get(on.workflow);
  visit.engine.database().read([&](Session& session) {
    std::map<std::string, std::string> names;
    for (const Event& event : history_of(session, on.id)) {
      const auto line = parse_line(event.line);
      if (!line || line->kind != "event") continue;
      if (!names.contains(line->actor)) names[line->actor] = name_of(visit, session, line->actor);
      Moment moment{
          line->v, line->at, names[line->actor], visit.say(visit.words().done(on.workflow, line->command)), line->from, line->to, "",
          {},      false,    line->command};
      if (event.data) {
        const json::object data = json::parse(*event.data).as_object();
        if (const std::string behalf = text_of(data, "on_behalf_of"); !behalf.empty())
          moment.who = visit.say("{} for {}", moment.who, name_of(visit, session, behalf));
        if (const auto* body = data.if_contains("body"); body != nullptr && body->is_object() && visit.visitor.is_staff())
          moment.note = text_of(body->get_object(), "reason");
      }
      if (const auto at = parse_instant(line->at)) moment.day = visit.programme().calendar.day_of(*at);
      tell(visit, workflow, *line, moment);
      all.push_back(std::move(moment));
    }
  });
  return all;
}

json::object date_view(const Visit& visit, const LedgerEntry& entry, const std::vector<Moment>& moments) {
  json::array inputs;
  for (const auto& [name, value] : entry.derivation.inputs) {
    std::string label(name);
    std::ranges::replace(label, '_', ' ');
    inputs.push_back(
        json::object{{"label", label}, {"value", value.is_string() ? std::string(value.get_string()) : json::serialize(value)}});
  }
  auto set = std::ranges::find(moments, entry.set_by_version, &Moment::version);
  if (set != moments.end() && !set->company_sees && !visit.visitor.is_staff()) set = moments.end();
  const bool running = entry.current() && !entry.ended_by_version, over = entry.derivation.due_on < visit.today();
  const bool to_meet = !entry.name.ends_with("_opens") && !entry.name.starts_with("reminder:") && !entry.name.starts_with("ladder:");
  const std::string state = !entry.current() ? visit.say("replaced") : entry.ended_by_version ? visit.say("over") : visit.say("in force");
  return {{"name", entry.name},
          {"label", visit.say(visit.words().deadline(entry.name))},
          {"href", "/cases/" + entry.case_id + "/dates/" + percent_encoded(entry.name)},
          {"due", visit.weekday(entry.derivation.due_on)},
          {"due_iso", to_text(entry.derivation.due_on)},
          {"left", running && (to_meet || !over) ? visit.left(entry.derivation.due_on)
                   : running                     ? visit.say("past")
                                                 : ""},
          {"late", running && to_meet && over},
          {"rule", entry.derivation.rule},
          {"inputs", inputs},
          {"steps", json::value_from(entry.derivation.steps)},
          {"state", state},
          {"by", set == moments.end() ? "" : set->who},
          {"did", set == moments.end() ? "" : set->phrase},
          {"on", set == moments.end() ? "" : visit.date(set->day)}};
}

bool to_company(const Visit& visit, const Letter& letter) {
  return visit.engine.database()
      .read([&](Session& session) { return letters_to_company(session, letter.case_id, visit.company->id); })
      .contains(letter.id);
}

namespace {

// The newest first; the same deed of a day by the same person, again and again, is one line.
json::array events_view(const Visit& visit, const std::vector<Moment>& moments) {
  const bool staff = visit.visitor.is_staff();
  json::array events;
  const Moment* last = nullptr;
  int times = 1;
  for (auto moment = moments.rbegin(); moment != moments.rend(); ++moment) {
    if (!staff && !moment->company_sees) continue;
    const bool again = last != nullptr && moment->from == moment->to && last->from == last->to && moment->phrase == last->phrase &&
                       moment->who == last->who && moment->day == last->day && moment->note.empty() && last->note.empty();
    if (again) {
      events.back().as_object()["what"] = visit.say("{}, {} times", moment->phrase, ++times);
      continue;
    }
    times = 1;
    last = &*moment;
    events.push_back(
        json::object{{"what", moment->phrase},
                     {"who", moment->who},
                     {"on", visit.date(moment->day)},
                     {"at", moment->at},
                     {"note", moment->note},
                     {"to", moment->from == moment->to ? "" : visit.say(visit.words().state(visit.on->workflow, moment->to).label)}});
  }
  return events;
}

}  // namespace

CaseView view_case(const Visit& visit) {
  CaseView view;
  view.next = nullptr;
  const Case& on = *visit.on;
  const bool staff = visit.visitor.is_staff();
  const auto moments = moments_of(visit);
  visit.engine.database().read([&](Session& session) {
    view.facts = facts_view(visit, session, moments);
    for (const LedgerEntry& entry : ledger_of(session, on.id))
      if (entry.current() && !entry.ended_by_version) view.dates.push_back(date_view(visit, entry, moments));
    for (const Task& task : open_tasks_of(session, on.id)) {
      if (!staff && task.role != Role::officer && task.role != Role::preparer) continue;
      view.tasks.push_back(json::object{{"title", visit.say(task.title)},
                                        {"due", task.due_on ? visit.weekday(*task.due_on) : ""},
                                        {"role", visit.say(std::string(spoken(task.role)))}});
    }
    const auto theirs = letters_to_company(session, on.id, on.company);
    for (const Letter& letter : letters_of(session, on.id))
      if (staff || theirs.contains(letter.id))
        view.letters.push_back(json::object{{"href", "/cases/" + on.id + "/letters/" + letter.hash},
                                            {"title", letter.title},
                                            {"on", visit.date(visit.programme().calendar.day_of(letter.written_at))}});
  });
  std::stable_sort(view.dates.begin(), view.dates.end(), [](const json::value& a, const json::value& b) {
    return a.as_object().at("due_iso").as_string() < b.as_object().at("due_iso").as_string();
  });
  view.events = events_view(visit, moments);
  add_steps(visit, view);
  view.more = case_parts(visit);
  return view;
}

}  // namespace tradecase::http
