#include "workflows/annual_notification/timetable.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tradecase::anl {
namespace {

using std::chrono::days;

bool holds(const std::vector<std::string>& kinds, std::string_view kind) { return std::ranges::find(kinds, kind) != kinds.end(); }
bool holds(const std::vector<int>& list, int day) { return std::ranges::find(list, day) != list.end(); }

Derivation window_of(const Notification& n, const Context& c) { return window_opens(n.acceptance_date, n.cycle, c.calendar, c.rules); }

// The due day in force from its beginning: the nominal day or the return's, then one entry an extension.
std::vector<Derivation> due_chain(const Notification& n, const Context& c) {
  std::vector<Derivation> chain{n.return_terms ? return_due(n.return_terms->on, n.return_terms->days, n.cycle, c.calendar)
                                               : due(n.acceptance_date, n.cycle, c.calendar, c.rules)};
  for (const int more : n.extensions) chain.push_back(extended(chain.back().due_on, more, n.cycle, c.calendar));
  return chain;
}

std::vector<int> ladder_days(const Rules& rules) {
  std::vector<int> list;
  for (const LadderStep& step : ladder(rules)) list.push_back(step.day);
  return list;
}

// Entries for reminders and ladder: all of them where the due day is new, otherwise those that the rules have added or dropped.
Effects set_days(Notification& n, bool due_is_new, const Context& c) {
  Effects all;
  const std::vector<int>& reminders = c.rules.numbers("anl.reminder_days");
  const std::vector<int> steps = ladder_days(c.rules);
  for (const int day : n.reminders)
    if (!holds(reminders, day)) all.push_back(EndDeadlines{reminder_name(day)});
  for (const int day : n.ladder)
    if (!holds(steps, day)) all.push_back(EndDeadlines{ladder_name(day)});
  for (const int day : reminders)
    if (due_is_new || !holds(n.reminders, day))
      all.push_back(SetDeadline{reminder_name(day), reminder(n.due_on, day, n.cycle, c.calendar)});
  for (const int day : steps)
    if (due_is_new || !holds(n.ladder, day)) all.push_back(SetDeadline{ladder_name(day), ladder_step(n.due_on, day, n.cycle, c.calendar)});
  n.reminders = reminders;
  n.ladder = steps;
  return all;
}

Effects set_due(Notification& n, std::vector<Derivation> entries, const Context& c) {
  Effects all;
  n.due_on = entries.back().due_on;
  for (Derivation& entry : entries) all.push_back(SetDeadline{"due", std::move(entry)});
  return all += set_days(n, true, c);
}

StartTimer due_timer(const Notification& n, const Context& c) { return {"due", c.calendar.end_of(n.due_on), "miss_due_date"}; }

bool is_coming_up(int day, const Context& c) { return day == c.rules.number("anl.coming_up_day"); }

// Timers for the reminders not yet sent, from `first_day` on.
Effects start_reminders(const Notification& n, Date first_day, const Context& c) {
  Effects all{StopTimers{"reminder:"}};
  for (const int day : n.reminders) {
    const std::string kind = reminder_name(day);
    const Date on = n.due_on + days{day};
    const bool too_late = on < first_day || (is_coming_up(day, c) && n.window_opens_on <= c.today);
    if (!too_late && !holds(n.sent, kind)) all.push_back(StartTimer{kind, c.calendar.start_of(on), "remind", {{"kind", kind}}});
  }
  return all;
}

bool made_up_for(const Notification& n, int day) { return !n.no_notice_before || n.due_on + days{day} >= *n.no_notice_before; }

Effects start_steps(const Notification& n, const Context& c) {
  Effects all{StopTimers{"ladder:"}};
  for (const auto& [notice, day] : ladder(c.rules))
    if (!holds(n.sent, notice) && made_up_for(n, day))
      all.push_back(
          StartTimer{ladder_name(day), c.calendar.start_of(n.due_on + days{day}), "escalate", {{"step", day}, {"notice", notice}}});
  return all;
}

// The day of the step that follows; a step that is late already comes today.
std::string next_step_on(const Notification& n, std::string_view notice, const Context& c) {
  const std::vector<LadderStep> steps = ladder(c.rules);
  auto next = std::ranges::find(steps, notice, &LadderStep::notice);
  while (next != steps.end() && (next->notice == notice || !made_up_for(n, next->day))) ++next;
  return spoken(next == steps.end() ? c.today : std::max(c.today, n.due_on + days{next->day}));
}

SendLetter notice_letter(const Notification& n, std::string letter, std::string_view date_field, Date or_day) {
  return {std::move(letter), {{"cycle", n.cycle}, {date_field, spoken(or_day)}}, "due", {Audience::company, Audience::nam}};
}

SendToOpen suspension_proposal(const Notification& n, const Context& c) {
  const std::string reason =
      fmt::format("The annual notification letter for year {} was due on {} and has not been filed.", n.cycle, spoken(n.due_on));
  return {"membership", "propose_suspension", {{"reason_code", "overdue_notification"}, {"reason", reason}, {"case_ref", c.case_id}}};
}

void forget_ladder(Notification& n, const Rules& rules) {
  for (const LadderStep& step : ladder(rules)) std::erase(n.sent, step.notice);
}

// The tasks that stand beside the state's own while the letter is overdue.
Effects close_overdue_tasks() { return {StopTimers{"ladder:"}, CloseTask{"overdue_supervision"}, CloseTask{"carried_over"}}; }

bool window_differs(const Notification& n, const Context& c) { return window_of(n, c).due_on != n.window_opens_on; }

Effects recount_window(Notification& n, const Context& c) {
  if (!window_differs(n, c)) return {};
  Derivation window = window_of(n, c);
  n.window_opens_on = window.due_on;
  return {SetDeadline{"window_opens", std::move(window)}};
}

Effects recount_due(Notification& n, const Context& c) {
  std::vector<Derivation> chain = due_chain(n, c);
  if (chain.back().due_on == n.due_on) return set_days(n, false, c);
  n.no_notice_before = c.today;
  return set_due(n, std::move(chain), c);
}

}  // namespace

Effects set_timetable(Notification& n, const Context& c) {
  Derivation window = window_of(n, c);
  n.window_opens_on = window.due_on;
  Effects all{SetDeadline{"window_opens", std::move(window)}};
  all += set_due(n, due_chain(n, c), c);
  if (n.due_on < c.today) return all;
  all.push_back(due_timer(n, c));
  return all += start_reminders(n, c.today, c);
}

Effects start_window_timer(const Notification& n, const Context& c) {
  return {StartTimer{"window_opens", c.calendar.start_of(n.window_opens_on), "open_window"}};
}

Derivation extension_of(const Notification& n, int more, const Context& c) { return extended(n.due_on, more, n.cycle, c.calendar); }

Effects extend(Notification& n, int more, const Context& c) {
  n.extensions.push_back(more);
  n.no_notice_before.reset();
  forget_ladder(n, c.rules);
  Effects all = set_due(n, {extension_of(n, more, c)}, c);
  all.push_back(due_timer(n, c));
  all += start_reminders(n, c.today + days{1}, c);
  return all += close_overdue_tasks();
}

Effects set_return_due(Notification& n, int answer_days, const Context& c) {
  n.return_terms = ReturnTerms{c.today, answer_days};
  n.extensions.clear();
  n.no_notice_before.reset();
  n.filed = false;
  forget_ladder(n, c.rules);
  std::erase_if(n.sent, [](const std::string& kind) { return kind.starts_with("reminder:"); });
  Effects all = set_due(n, due_chain(n, c), c);
  all.push_back(due_timer(n, c));
  return all += start_reminders(n, c.today + days{1}, c);
}

Effects meet_due_day(Notification& n) {
  n.filed = true;
  Effects all = close_overdue_tasks();
  return all += {StopTimers{"due"}, StopTimers{"reminder:"}, EndDeadlines{"due"}, EndDeadlines{"reminder:"}, EndDeadlines{"ladder:"}};
}

Effects notify_window_open(Notification& n, const Context&) {
  n.sent.emplace_back("window_open");
  const auto filled = std::ranges::count_if(n.sections, [](const auto& section) { return !section.second.previous.empty(); });
  return {
      SendLetter{"anl_window_open", {{"cycle", n.cycle}, {"sections_total", n.sections.size()}, {"sections_prefilled", filled}}, "due"}};
}

Effects notify_coming_up(Notification& n, const std::string& kind, const Context& c) {
  if (kind != reminder_name(c.rules.number("anl.coming_up_day")) || holds(n.sent, kind) || n.window_opens_on <= c.today) return {};
  n.sent.push_back(kind);
  return {SendLetter{"anl_coming_up", {{"cycle", n.cycle}, {"window_opens_on", spoken(n.window_opens_on)}}, "due"}};
}

Effects notify_reminder(Notification& n, const std::string& kind, const Context& c) {
  const bool past = c.today > n.due_on;  // a reminder that was held up; the overdue notice follows at once
  if (kind == reminder_name(c.rules.number("anl.coming_up_day")) || holds(n.sent, kind) || past) return {};
  n.sent.push_back(kind);
  return {SendLetter{"anl_reminder", {{"cycle", n.cycle}}, "due"}};
}

Effects start_ladder(Notification& n, const Context& c, bool carried_over) {
  const LadderStep first = ladder(c.rules).front();
  const bool past = !made_up_for(n, first.day);
  Effects all{StopTimers{"due"}, StopTimers{"reminder:"}};
  if (carried_over || past) all.push_back(OpenTask{"carried_over", Role::nam, "Carried over overdue"});
  if (!past && n.due_on + days{first.day} <= c.today) all += climb(n, first.notice, c);
  return all += start_steps(n, c);
}

Effects climb(Notification& n, std::string_view notice, const Context& c) {
  if (holds(n.sent, notice)) return {};
  n.sent.emplace_back(notice);
  if (notice == "suspension_proposal") return {suspension_proposal(n, c)};
  if (notice == "formal_notice") {
    const Date on = n.due_on + days{c.rules.number("anl.suspension_proposal_day")};
    return {notice_letter(n, "anl_formal_notice", "suspension_proposal_on", std::max(c.today, on))};
  }
  const json::object fields{{"cycle", n.cycle}, {"next_step_on", next_step_on(n, notice, c)}};
  if (notice == "overdue_notice") return {SendLetter{"anl_overdue", fields, "due", {Audience::company, Audience::nam}}};
  return {SendLetter{"anl_second_notice", fields, "due", {Audience::company, Audience::nam}},
          OpenTask{"overdue_supervision", Role::supervisor, "Look into the overdue annual notification letter"}};
}

Date recounted_due(const Notification& notification, std::optional<Date> acceptance_date, const Context& c) {
  Notification n = notification;
  n.acceptance_date = acceptance_date.value_or(n.acceptance_date);
  return due_chain(n, c).back().due_on;
}

Effects recount_ahead(Notification& n, std::optional<Date> acceptance_date, const Context& c) {
  n.acceptance_date = acceptance_date.value_or(n.acceptance_date);
  const bool window_moves = window_differs(n, c);
  Effects all = recount_running(n, acceptance_date, c);
  if (window_moves) all += start_window_timer(n, c);
  return all;
}

Effects recount_running(Notification& n, std::optional<Date> acceptance_date, const Context& c) {
  n.acceptance_date = acceptance_date.value_or(n.acceptance_date);
  Effects all = recount_window(n, c);
  all += recount_due(n, c);
  if (all.empty()) return all;
  all.push_back(due_timer(n, c));
  return all += start_reminders(n, c.today, c);
}

Effects recount_overdue(Notification& n, std::optional<Date> acceptance_date, const Context& c) {
  n.acceptance_date = acceptance_date.value_or(n.acceptance_date);
  Effects all = recount_window(n, c);
  all += recount_due(n, c);
  if (!all.empty()) all += start_steps(n, c);
  return all;
}

Effects recount_from_overdue(Notification& n, std::optional<Date> acceptance_date, const Context& c) {
  forget_ladder(n, c.rules);
  Effects all = recount_running(n, acceptance_date, c);
  return all += close_overdue_tasks();
}

Effects recount_filed(Notification& n, std::optional<Date> acceptance_date, const Context& c) {
  n.acceptance_date = acceptance_date.value_or(n.acceptance_date);
  return recount_window(n, c);
}

}  // namespace tradecase::anl
