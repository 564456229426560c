#include "workflows/annual_notification/dates.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tradecase::anl {
namespace {

int months_to_window(int cycle, const Rules& rules) { return rules.number("anl.cycle_months") * cycle; }

}  // namespace

Derivation window_opens(Date acceptance, int cycle, const Calendar& calendar, const Rules& rules) {
  return derive({.name = "anl.window_opens",
                 .anchor_name = "acceptance date",
                 .anchor = acceptance,
                 .months = months_to_window(cycle, rules),
                 .also = {{"cycle", cycle}, {"cycle_months", rules.number("anl.cycle_months")}}},
                calendar);
}

Derivation due(Date acceptance, int cycle, const Calendar& calendar, const Rules& rules) {
  const int prepare = rules.number("anl.prepare_months");
  return derive({.name = "anl.due",
                 .anchor_name = "acceptance date",
                 .anchor = acceptance,
                 .months = months_to_window(cycle, rules) + prepare,
                 .rolls = Rolls::to_business_day,
                 .also = {{"cycle", cycle}, {"cycle_months", rules.number("anl.cycle_months")}, {"prepare_months", prepare}}},
                calendar);
}

Derivation extended(Date due_in_force, int days, int cycle, const Calendar& calendar) {
  return derive({.name = "anl.extension",
                 .anchor_name = "due day in force",
                 .anchor = due_in_force,
                 .days = days,
                 .rolls = Rolls::to_business_day,
                 .also = {{"cycle", cycle}, {"reason", fmt::format("extension of {} days granted", days)}}},
                calendar);
}

Derivation return_due(Date returned_on, int days, int cycle, const Calendar& calendar) {
  return derive({.name = "anl.return",
                 .anchor_name = "day of the return",
                 .anchor = returned_on,
                 .days = days,
                 .rolls = Rolls::to_business_day,
                 .also = {{"cycle", cycle}, {"reason", "returned with questions"}}},
                calendar);
}

Derivation reminder(Date due_in_force, int day, int cycle, const Calendar& calendar) {
  return derive(
      {.name = "anl.reminder", .anchor_name = "due day in force", .anchor = due_in_force, .days = day, .also = {{"cycle", cycle}}},
      calendar);
}

Derivation ladder_step(Date due_in_force, int day, int cycle, const Calendar& calendar) {
  return derive({.name = "anl.ladder", .anchor_name = "due day in force", .anchor = due_in_force, .days = day, .also = {{"cycle", cycle}}},
                calendar);
}

std::string reminder_name(int day) { return fmt::format("reminder:{}", day); }
std::string ladder_name(int day) { return fmt::format("ladder:+{}", day); }

std::vector<LadderStep> ladder(const Rules& rules) {
  std::vector<LadderStep> steps{{"overdue_notice", rules.number("anl.overdue_notice_day")},
                                {"second_notice", rules.number("anl.second_notice_day")},
                                {"formal_notice", rules.number("anl.formal_notice_day")},
                                {"suspension_proposal", rules.number("anl.suspension_proposal_day")}};
  std::ranges::stable_sort(steps, {}, &LadderStep::day);
  return steps;
}

Place place_of(Date acceptance, int cycle, Date on, const Calendar& calendar, const Rules& rules) {
  if (on < add_months(acceptance, months_to_window(cycle, rules))) return Place::ahead;
  return on <= due(acceptance, cycle, calendar, rules).due_on ? Place::open : Place::overdue;
}

int first_cycle_due_on_or_after(Date acceptance, Date day, const Calendar& calendar, const Rules& rules) {
  int cycle = 1;
  while (due(acceptance, cycle, calendar, rules).due_on < day) ++cycle;
  return cycle;
}

int settled_cycle(Date acceptance, Date last_accepted_on, const Rules& rules) {
  int cycle = 0;
  while (add_months(acceptance, months_to_window(cycle + 1, rules)) <= last_accepted_on) ++cycle;
  return cycle;
}

}  // namespace tradecase::anl
