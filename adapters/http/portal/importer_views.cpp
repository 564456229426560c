#include "adapters/http/portal/importer_views.hpp"

#include <algorithm>

#include "adapters/http/portal/case_views.hpp"
#include "adapters/http/portal/question_views.hpp"

namespace tradecase::http {
namespace {

// The page on which a task of the company is done, by its kind; others are done on the page of the case.
constexpr std::pair<std::string_view, std::string_view> pages[] = {
    {"file", "/letter"},
    {"file_overdue", "/letter"},
    {"answer_return", "/questions"},
    {"answer_eligibility", "/application"},
    {"become_eligible", "/application"},
    {"complete_application", "/application"},
    {"provide_information", "/questions"},
    {"answer_survey", "/answers"},
    {"answer_questionnaire", "/answers"},
    {"deliver_documents", "/deliver"},
    {"deliver_records", "/deliver"},
    {"submit_action_plan", "/do/submit_action_plan"},
    {"submit_plan", "/answers"},
    {"prepare_review", "/answers"},
    {"accept_sampling_plan", "/do/accept_sampling_plan"},
};

// States that ask something of the company without a task of the record.
struct StateWork {
  std::string_view workflow, state, label, page, deadline;
};
constexpr StateWork state_work[] = {
    {"membership", "suspension_proposed", "Answer the proposal to suspend your membership", "/do/respond", "response_due"},
    {"membership", "removal_proposed", "Answer the proposal to end your membership", "/do/respond", "response_due"},
    {"membership", "removal_effected", "Appeal against the removal, if you want to", "/do/appeal", "appeal_due"},
};

std::string page_of(const Task& task, const Case& on) {
  if (task.kind == "carry_out_plan" || task.kind == "action_not_done" || task.kind.starts_with("action_overdue"))
    return on.workflow == "audit" ? "/do/report_action" : "";
  const auto found = std::ranges::find(pages, task.kind, &std::pair<std::string_view, std::string_view>::first);
  return found == std::end(pages) ? "" : std::string(found->second);
}

std::string only_returned_section(const Case& on) {
  std::string only;
  for (const auto& [id, answer] : object_at(on.data, "sections")) {
    if (!answer.is_object() || !yes_at(answer.get_object(), "returned")) continue;
    if (!only.empty()) return "";
    only = id;
  }
  return only;
}

bool of_company(Role role) { return role == Role::officer || role == Role::preparer; }

}  // namespace

std::vector<Company> own_companies(const Visit& visit) {
  std::vector<Company> all;
  visit.engine.database().read([&](Session& session) {
    for (const auto& [id, roles] : visit.visitor.companies)
      if (auto company = find_company(session, id)) all.push_back(std::move(*company));
  });
  std::ranges::sort(all, {}, &Company::legal_name);
  return all;
}

std::vector<Case> cases_seen(const Visit& visit, const Company& company, bool open_only) {
  std::vector<Case> all;
  visit.engine.database().read([&](Session& session) {
    CaseFilter filter;
    filter.company = company.id;
    filter.open_only = open_only;
    for (const CaseRow& row : find_cases(session, filter))
      if (auto found = find_case(session, row.id); found && visit.sees(*found)) all.push_back(std::move(*found));
  });
  std::ranges::sort(all, std::ranges::greater(), &Case::id);
  return all;
}

Visit about(const Visit& visit, const Case& on, const Company& company) {
  Visit one = visit;
  one.on = on;
  one.company = company;
  return one;
}

std::optional<OwnDate> next_date(Session& session, const Case& on) {
  const auto nearest = on.open ? nearest_due(session, on.id) : std::nullopt;
  if (!nearest) return std::nullopt;
  OwnDate date{*nearest, ""};
  for (const LedgerEntry& entry : ledger_of(session, on.id))
    if (entry.current() && !entry.ended_by_version && entry.derivation.due_on == *nearest && date.name.empty() &&
        !entry.name.starts_with("reminder:") && !entry.name.starts_with("ladder:"))
      date.name = entry.name;
  return date;
}

std::vector<ToDo> to_dos(const Visit& visit, const std::vector<Case>& cases) {
  std::vector<ToDo> all;
  visit.engine.database().read([&](Session& session) {
    for (const Case& on : cases) {
      const std::string base = "/cases/" + on.id, name = case_name(visit, on.workflow, on.cycle);
      const auto date = next_date(session, on);
      const auto add = [&](const std::string& label, std::string page, std::optional<Date> due, const std::string& kind) {
        if (kind == "answer_return")
          if (const std::string section = only_returned_section(on); !section.empty()) page = "/letter/" + section;
        if (!due && date && on.workflow != "audit") due = date->due_on;  // the other days of an audit are the auditors' own
        const bool explained = due && date && *due == date->due_on && !date->name.empty();
        all.push_back({label, base + page, name, kind, due, explained ? base + "/dates/" + percent_encoded(date->name) : ""});
      };
      for (const Task& task : open_tasks_of(session, on.id))
        if (of_company(task.role)) add(worded(visit, task.title), page_of(task, on), task.due_on, task.kind);
      for (const StateWork& work : state_work)
        if (work.workflow == on.workflow && work.state == on.state) {
          const auto entry = deadline_of(session, on.id, work.deadline);
          add(visit.say(std::string(work.label)), std::string(work.page),
              entry && !entry->ended_by_version ? std::optional(entry->derivation.due_on) : std::nullopt, std::string(work.state));
        }
    }
  });
  std::ranges::stable_sort(all,
                           [](const ToDo& a, const ToDo& b) { return a.due_on.value_or(Date::max()) < b.due_on.value_or(Date::max()); });
  return all;
}

}  // namespace tradecase::http
