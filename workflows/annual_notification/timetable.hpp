// What the calendar asks of a case: ledger entries, timers, reminders and the ladder of an overdue letter. Effect functions; pure.
#pragma once

#include "engine/effect.hpp"
#include "workflows/annual_notification/annual_notification.hpp"
#include "workflows/annual_notification/dates.hpp"

namespace tradecase::anl {

// The ledger of a new case: window, due day, reminders and ladder all have entries, whatever day it is; timers only for what lies ahead or
// is today's.
Effects set_timetable(Notification& notification, const Context& context);
Effects start_window_timer(const Notification& notification, const Context& context);

// The due day after `days` more calendar days; reminders and ladder follow.
Derivation extension_of(const Notification& notification, int days, const Context& context);
Effects extend(Notification& notification, int days, const Context& context);

// A due day of its own for the answer to a return; its reminders and ladder are new.
Effects set_return_due(Notification& notification, int days, const Context& context);

// The company has filed: nothing is due, nobody is reminded.
Effects meet_due_day(Notification& notification);

Effects notify_window_open(Notification& notification, const Context& context);
Effects notify_coming_up(Notification& notification, const std::string& kind, const Context& context);  // drops any other reminder
Effects notify_reminder(Notification& notification, const std::string& kind, const Context& context);   // drops the coming-up notice

// From today the letter is overdue: the first notice, and timers for the further steps. Where the first notice's day is not made up for, or
// the case is carried over, the National Account Manager gets a task instead, or as well.
Effects start_ladder(Notification& notification, const Context& context, bool carried_over);
Effects climb(Notification& notification, std::string_view notice, const Context& context);  // one step

// The due day counted again from the acceptance date, or the return, with today's rules and closures.
Date recounted_due(const Notification& notification, std::optional<Date> acceptance_date, const Context& context);

// Adds ledger entries for the days that differ, and moves the timers with them.
Effects recount_ahead(Notification& notification, std::optional<Date> acceptance_date, const Context& context);  // before the window
Effects recount_running(Notification& notification, std::optional<Date> acceptance_date,
                        const Context& context);  // while it may be filed in time
Effects recount_overdue(Notification& notification, std::optional<Date> acceptance_date, const Context& context);
Effects recount_from_overdue(Notification& notification, std::optional<Date> acceptance_date, const Context& context);  // due again
Effects recount_filed(Notification& notification, std::optional<Date> acceptance_date, const Context& context);

}  // namespace tradecase::anl
