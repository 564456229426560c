// N1: the queue. Views as links with counts, filters in the address, a page at a time, boxes to act on several at once.
#include <algorithm>

#include "adapters/http/portal/case_views.hpp"
#include "adapters/http/portal/queue_store.hpp"
#include "adapters/http/portal/sheet_answer.hpp"
#include "adapters/http/portal/staff.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

constexpr int rows_a_page = 25;
constexpr std::int64_t count_most = 1000;
constexpr int companies_most = 50;

constexpr Role agency_roles[] = {Role::nam, Role::supervisor, Role::compliance, Role::auditor, Role::appeals, Role::admin};

// What the address asks for.
struct QueueAsked {
  std::string view, workflow, state, company, due_before, sort, after;
  QueryParts parts() const {
    return {{"view", view}, {"workflow", workflow}, {"state", state}, {"company", company}, {"due_before", due_before}, {"sort", sort}};
  }
  std::string address() const { return address_of("/queue", parts()); }
};

QueueAsked asked_of(const Visit& visit) {
  const Fields& query = visit.request.query;
  QueueAsked asked{std::string(query.get("view")), std::string(query.get("workflow")), std::string(query.get("state")),
                   trimmed(query.get("company")),  trimmed(query.get("due_before")),   std::string(query.get("sort")),
                   std::string(query.get("after"))};
  if (asked.view != "team" && asked.view != "importer" && asked.view != "overdue") asked.view = "mine";
  if (visit.programme().workflows.find(asked.workflow) == nullptr) asked.workflow.clear();
  if (asked.sort != "latest" && asked.sort != "oldest") asked.sort.clear();
  return asked;
}

struct Lanes {
  std::vector<QueueLane> mine, team, importer, overdue;
  std::map<std::string, std::string> away;  // person id → name, of those the visitor stands in for
  const std::vector<QueueLane>& of(const std::string& view) const {
    return view == "team" ? team : view == "importer" ? importer : view == "overdue" ? overdue : mine;
  }
};

Lanes lanes_of(const Visit& visit, Session& session) {
  Lanes lanes;
  const Visitor& who = visit.visitor;
  RoleSet roles = who.staff;
  lanes.mine.push_back({QueueLane::Kind::person, who.person.id, ""});
  std::vector<std::string> nams{who.person.id};
  for (const std::string& person : away_for(session, who.person.id, to_text(visit.today()))) {
    const auto found = find_visitor(session, person, visit.today());
    if (!found) continue;
    lanes.away.emplace(person, found->person.name);
    lanes.mine.push_back({QueueLane::Kind::person, person, ""});
    nams.push_back(person);
    for (const Role role : agency_roles)
      if (found->staff.has(role) && role != Role::nam) roles.add(role);
  }
  for (const Role role : agency_roles) {
    const std::string code(to_text(role));
    if (roles.has(role) && role != Role::nam) lanes.mine.push_back({QueueLane::Kind::free, code, ""});
    lanes.team.push_back({QueueLane::Kind::role, code, ""});
  }
  for (const Role role : {Role::officer, Role::preparer})
    if (works_by_account(who))
      for (const std::string& nam : nams) lanes.importer.push_back({QueueLane::Kind::account, std::string(to_text(role)), nam});
    else
      lanes.importer.push_back({QueueLane::Kind::role, std::string(to_text(role)), ""});
  lanes.overdue = works_by_account(who) ? lanes.mine : lanes.team;
  lanes.overdue.insert(lanes.overdue.end(), lanes.importer.begin(), lanes.importer.end());
  return lanes;
}

std::optional<Date> earlier(std::optional<Date> one, std::optional<Date> other) {
  return one && other ? std::min(one, other) : one ? one : other;
}

QueueFilter filter_of(const Visit& visit, Session& session, const QueueAsked& asked) {
  QueueFilter filter;
  filter.workflow = asked.workflow;
  if (const auto dot = asked.state.find('.'); dot != std::string::npos) {
    filter.workflow = asked.state.substr(0, dot);
    filter.states = {asked.state.substr(dot + 1)};
  } else if (!filter.workflow.empty()) {
    for (const StateInfo& state : visit.programme().workflows.get(filter.workflow).states) filter.states.push_back(state.name);
  }
  if (!asked.company.empty()) {
    filter.company_asked = true;
    filter.companies = companies_like(session, asked.company, companies_most);
  }
  filter.due_before = earlier(parse_date(asked.due_before), asked.view == "overdue" ? std::optional(visit.today()) : std::nullopt);
  return filter;
}

std::string shown_count(std::int64_t count) { return count > count_most ? "1,000+" : std::to_string(count); }

json::array tabs_of(const Visit& visit, Session& session, const Lanes& lanes, const QueueAsked& asked) {
  const std::pair<const char*, std::string> views[] = {{"mine", visit.say("Mine")},
                                                       {"team", visit.say("Team")},
                                                       {"importer", visit.say("Waiting on the importer")},
                                                       {"overdue", visit.say("Overdue")}};
  json::array tabs;
  for (const auto& [view, label] : views) {
    QueueFilter filter;
    if (std::string_view(view) == "overdue") filter.due_before = visit.today();
    QueueAsked there = asked;
    there.view = view;
    tabs.push_back(json::object{{"href", there.address()},
                                {"label", label},
                                {"count", shown_count(count_queue(session, lanes.of(view), filter, count_most + 1))},
                                {"current", asked.view == view}});
  }
  return tabs;
}

std::string age_of(const Visit& visit, Instant opened_at) {
  const auto days = (visit.today() - visit.programme().calendar.day_of(opened_at)).count();
  return days <= 0 ? visit.say("since today") : days == 1 ? visit.say("1 day") : visit.say("{} days", days);
}

json::array flags_of(const Visit& visit, const QueueRow& row, const Lanes& lanes) {
  json::array flags;
  const auto add = [&](const char* kind, std::string label) { flags.push_back(json::object{{"kind", kind}, {"label", std::move(label)}}); };
  if (row.due_on && *row.due_on < visit.today()) add("late", visit.say("Late"));
  if (row.due_on && *row.due_on >= visit.today() && *row.due_on <= visit.today() + std::chrono::days(7)) add("soon", visit.say("Due soon"));
  if (row.kind == "extension") add("info", visit.say("More time asked for"));
  if (row.returns > 0) add("info", visit.say("Returned before"));
  if (!row.security_status.empty() && row.security_status != "good_standing")
    add("late", visit.say("CTPAT Security: {}", visit.say(row.security_status)));
  if (const auto away = lanes.away.find(row.person); away != lanes.away.end())
    add("info", visit.say("{} for {}", visit.visitor.person.name, away->second));
  return flags;
}

json::object row_view(const Visit& visit, const QueueRow& row, const Lanes& lanes) {
  const StateInfo* state = visit.programme().workflows.get(row.workflow).state(row.state);
  const Role role = parse_role(row.role).value_or(Role::admin);
  const bool ours = role != Role::officer && role != Role::preparer;
  const bool of_state = state != nullptr && state->task_kind == row.kind;
  const StepWords step = ours && of_state ? step_for(visit, row.workflow, row.state, row.case_id, role) : StepWords{};
  return {{"case", row.case_id},
          {"title", case_name(visit, row.workflow, row.cycle) + ", " + row.company_name},
          {"task", visit.say(row.title)},
          {"step", step.label},
          {"step_href", step.href},
          {"due", row.due_on ? visit.date(*row.due_on) : ""},
          {"left", row.due_on ? visit.left(*row.due_on) : ""},
          {"why", row.deadline.empty() || !row.due_on ? "" : "/cases/" + row.case_id + "/dates/" + percent_encoded(row.deadline)},
          {"state", visit.say(visit.words().state(row.workflow, row.state).label)},
          {"age", age_of(visit, row.opened_at)},
          {"who", row.person_name.empty() ? visit.say(std::string(spoken(role))) : row.person_name},
          {"flags", flags_of(visit, row, lanes)}};
}

json::array tags_of(const Visit& visit, const QueueAsked& asked) {
  json::array tags;
  const auto add = [&](std::string label, std::string QueueAsked::*part) {
    QueueAsked without = asked;
    without.*part = "";
    tags.push_back(json::object{{"href", without.address()}, {"label", std::move(label)}});
  };
  if (!asked.workflow.empty()) add(visit.say(visit.words().title(asked.workflow)), &QueueAsked::workflow);
  if (!asked.state.empty()) {
    const auto dot = asked.state.find('.');
    const std::string workflow = asked.state.substr(0, dot), state = asked.state.substr(std::min(dot + 1, asked.state.size()));
    const Workflow* table = visit.programme().workflows.find(workflow);
    const bool known = table != nullptr && table->state(state) != nullptr;
    add(known ? visit.say("State: {}", visit.say(visit.words().state(workflow, state).label)) : asked.state, &QueueAsked::state);
  }
  if (!asked.company.empty()) add(visit.say("Company: {}", asked.company), &QueueAsked::company);
  if (!asked.due_before.empty()) {
    const auto day = parse_date(asked.due_before);
    add(day ? visit.say("Due before {}", visit.date(*day)) : visit.say("{} is no day", asked.due_before), &QueueAsked::due_before);
  }
  return tags;
}

json::array workflow_choices(const Visit& visit, const QueueAsked& asked) {
  json::array groups;
  for (const Workflow& workflow : visit.programme().workflows.all()) {
    json::array states;
    for (const StateInfo& state : workflow.states) {
      if (state.name.empty() || state.final) continue;
      const std::string value = workflow.name + "." + state.name;
      states.push_back(json::object{
          {"value", value}, {"label", visit.say(visit.words().state(workflow.name, state.name).label)}, {"chosen", value == asked.state}});
    }
    groups.push_back(json::object{{"value", workflow.name},
                                  {"label", visit.say(visit.words().title(workflow.name))},
                                  {"chosen", workflow.name == asked.workflow},
                                  {"states", std::move(states)}});
  }
  return groups;
}

json::array sorts_of(const Visit& visit, const QueueAsked& asked) {
  const std::pair<const char*, std::string> sorts[] = {
      {"", visit.say("Due first")}, {"latest", visit.say("Due last")}, {"oldest", visit.say("Waiting longest")}};
  json::array all;
  for (const auto& [sort, label] : sorts) {
    QueueAsked there = asked;
    there.sort = sort;
    all.push_back(json::object{{"href", there.address()}, {"label", label}, {"current", asked.sort == sort}});
  }
  return all;
}

std::optional<QueueCursor> cursor_of(const QueueAsked& asked) {
  const auto tilde = asked.after.rfind('~');
  if (tilde == std::string::npos || tilde == 0) return std::nullopt;
  const std::string key = asked.after.substr(0, tilde), id = asked.after.substr(tilde + 1);
  const auto digits = [](const std::string& text) {
    return !text.empty() && text.size() <= 18 && text.find_first_not_of("0123456789") == std::string::npos;
  };
  if (!digits(id)) return std::nullopt;
  return QueueCursor{key, std::stoll(id)};
}

json::array saved_of(const Visit& visit, Session& session, const QueueAsked& asked) {
  json::array all;
  for (const SavedFilter& one : saved_filters_of(session, visit.visitor.person.id))
    all.push_back(json::object{{"id", one.id},
                               {"name", one.name},
                               {"href", own_path_or_home("/queue" + one.query)},
                               {"current", "/queue" + one.query == asked.address()}});
  return all;
}

QueueOrder order_of(const QueueAsked& asked) {
  return asked.sort == "latest" ? QueueOrder::due_last : asked.sort == "oldest" ? QueueOrder::oldest : QueueOrder::due;
}

Response queue_sheet(Visit& visit) {
  const QueueAsked asked = asked_of(visit);
  Sheet sheet{"queue",
              visit.say("Queue"),
              {visit.say("Case"), visit.say("Company"), visit.say("Kind of case"), visit.say("What to do"), visit.say("Due"),
               visit.say("State"), visit.say("Who"), visit.say("Since")},
              {}};
  visit.engine.database().read([&](Session& session) {
    const Lanes lanes = lanes_of(visit, session);
    for (const QueueRow& row :
         queue_rows(session, lanes.of(asked.view), filter_of(visit, session, asked), order_of(asked), std::nullopt, sheet_rows_max)) {
      const Role role = parse_role(row.role).value_or(Role::admin);
      sheet.rows.push_back({row.case_id, row.company_name, case_name(visit, row.workflow, row.cycle), visit.say(row.title),
                            row.due_on ? SheetCell(*row.due_on) : SheetCell(),
                            visit.say(visit.words().state(row.workflow, row.state).label),
                            row.person_name.empty() ? visit.say(std::string(spoken(role))) : row.person_name,
                            visit.programme().calendar.day_of(row.opened_at)});
    }
  });
  return sheet_answer(visit, sheet);
}

Response show_queue(Visit& visit) {
  const QueueAsked asked = asked_of(visit);
  json::array rows, tabs, saved;
  std::string next;
  visit.engine.database().read([&](Session& session) {
    const Lanes lanes = lanes_of(visit, session);
    tabs = tabs_of(visit, session, lanes, asked);
    saved = saved_of(visit, session, asked);
    const auto found =
        queue_rows(session, lanes.of(asked.view), filter_of(visit, session, asked), order_of(asked), cursor_of(asked), rows_a_page + 1);
    for (const QueueRow& row : found) {
      if (rows.size() == rows_a_page) break;
      rows.push_back(row_view(visit, row, lanes));
    }
    if (found.size() > rows_a_page) {
      auto parts = asked.parts();
      parts.emplace_back("after", found[rows_a_page - 1].key + "~" + std::to_string(found[rows_a_page - 1].id));
      next = address_of("/queue", parts);
    }
  });
  const json::array tags = tags_of(visit, asked);
  return visit.page("queue", visit.say("Queue"),
                    {{"tabs", tabs},
                     {"rows", rows},
                     {"any", !rows.empty()},
                     {"tags", tags},
                     {"filtered", !tags.empty()},
                     {"saved", saved},
                     {"any_saved", !saved.empty()},
                     {"groups", workflow_choices(visit, asked)},
                     {"sorts", sorts_of(visit, asked)},
                     {"view", asked.view},
                     {"sort", asked.sort},
                     {"company", asked.company},
                     {"due_before", asked.due_before},
                     {"query", asked.address().substr(6)},
                     {"first", asked.after.empty() ? "" : asked.address()},
                     {"csv", sheet_address(asked.address(), "csv")},
                     {"xlsx", sheet_address(asked.address(), "xlsx")},
                     {"next", next}});
}

Response keep_filter(Visit& visit) {
  const std::string back = own_path_or_home("/queue" + std::string(visit.form.fields.get("query")));
  const auto problems = visit.engine.database().write([&](Transaction& tx) { return save_queue_filter(visit, tx, visit.form.fields); });
  return visit.go(back, problems.empty() ? visit.say("Saved: {}.", trimmed(visit.form.fields.get("name"))) : problems.front().sentence);
}

Response forget_queue_filter(Visit& visit) {
  const std::string& id = visit.params.at("filter");
  if (id.empty() || id.size() > 15 || id.find_first_not_of("0123456789") != std::string::npos)
    throw Fault(404, visit.say("There is no such filter."));
  visit.engine.database().write([&](Transaction& tx) { forget_filter(tx, visit.visitor.person.id, std::stoll(id)); });
  return visit.go("/queue", visit.say("The filter is gone."));
}

}  // namespace

std::vector<Problem> save_queue_filter(const Visit& visit, Transaction& tx, const Fields& form) {
  const std::string name = trimmed(form.get("name")), query(form.get("query"));
  if (name.empty()) return {{"name", visit.say("Give the filter a name, then save it again.")}};
  if (text_problem(name, 80)) return {{"name", visit.say("A filter needs a name of 80 characters or fewer.")}};
  if (text_problem(query, 2000) || !query.starts_with('?'))
    return {{"query", visit.say("The filters are no query of the queue: ?view=team.")}};
  save_filter(tx, visit.visitor.person.id, name, query);
  return {};
}

void add_queue_routes(Routes& routes) {
  routes.push_back({"GET", "/queue", "N1", Access::team, show_queue, "Work that waits: mine, the team's, the importers', what is late"});
  add_sheet_routes(routes, "/queue", Access::team, queue_sheet, "The queue's list");
  routes.push_back({"POST", "/queue/filters", "N1", Access::team, keep_filter, "Save the queue's filters under a name"});
  routes.push_back({"POST", "/queue/filters/{filter}/forget", "N1", Access::team, forget_queue_filter, "Forget a saved filter"});
}

}  // namespace tradecase::http
