// The calendar of the annual notification letter (domain.md §4.3 [A], the 13 months [C]). Pure: every number comes from the rules, every
// day with its derivation. The membership and the roster ask here which cycle is whose.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/calendar.hpp"
#include "engine/deadline.hpp"
#include "engine/rules.hpp"

namespace tradecase::anl {

// Cycle n from 1. Both are counted in one step from the acceptance date; the opening day stands where it falls, the due day moves.
Derivation window_opens(Date acceptance, int cycle, const Calendar& calendar, const Rules& rules);  // "anl.window_opens"
Derivation due(Date acceptance, int cycle, const Calendar& calendar, const Rules& rules);           // "anl.due"

Derivation extended(Date due_in_force, int days, int cycle, const Calendar& calendar);    // "anl.extension"
Derivation return_due(Date returned_on, int days, int cycle, const Calendar& calendar);   // "anl.return"
Derivation reminder(Date due_in_force, int day, int cycle, const Calendar& calendar);     // "anl.reminder"; day ≤ 0, does not move
Derivation ladder_step(Date due_in_force, int day, int cycle, const Calendar& calendar);  // "anl.ladder"; day > 0, does not move

std::string reminder_name(int day);  // the deadline's and the timer's name: "reminder:-14", "reminder:0"
std::string ladder_name(int day);    // "ladder:+15"

struct LadderStep {
  std::string_view notice;  // overdue_notice, second_notice, formal_notice, suspension_proposal
  int day = 0;              // calendar days after the due day in force
};
std::vector<LadderStep> ladder(const Rules& rules);  // in order of the days

// Where the calendar puts a cycle on a day.
enum class Place { ahead, open, overdue };
Place place_of(Date acceptance, int cycle, Date on, const Calendar& calendar, const Rules& rules);

// The first cycle whose due day (moved) is not before `day`.
int first_cycle_due_on_or_after(Date acceptance, Date day, const Calendar& calendar, const Rules& rules);

// The latest cycle whose window had opened on or before the day on which the last letter was accepted; 0 where none had.
int settled_cycle(Date acceptance, Date last_accepted_on, const Rules& rules);

}  // namespace tradecase::anl
