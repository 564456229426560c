#include "workflows/membership/years.hpp"

#include "workflows/annual_notification/dates.hpp"

namespace tradecase::membership_case {
namespace {

// The next year's case opens when its first reminder falls: earlier than its window, and whatever became of the year before.
StartTimer next_cycle_timer(const Membership& member, const Context& context) {
  const int next = member.scheduled_cycle + 1;
  const Date due_on = anl::due(member.acceptance_date, next, context.calendar, context.rules).due_on;
  int first_reminder = 0;
  for (const int day : context.rules.numbers("anl.reminder_days")) first_reminder = std::min(first_reminder, day);
  return {"next_cycle", context.calendar.start_of(due_on + std::chrono::days{first_reminder}), "schedule_cycle", {{"cycle", next}}};
}

// A cycle whose window had opened by the import day is carried over: no past notice is sent for it after the fact.
bool carried_over(const Membership& member, int cycle, const Context& context) {
  return member.carried_over_on &&
         anl::window_opens(member.acceptance_date, cycle, context.calendar, context.rules).due_on <= *member.carried_over_on;
}

Effects open_cycle(Membership& member, int cycle, const Context& context) {
  member.scheduled_cycle = cycle;
  const json::object body{
      {"acceptance_date", to_text(member.acceptance_date)}, {"cycle", cycle}, {"carried_over", carried_over(member, cycle, context)}};
  return {OpenCase{"annual_notification", "schedule", body, cycle}, next_cycle_timer(member, context)};
}

Effects open_cycle_if_new(Membership& member, int cycle, const Context& context) {
  return files(member) && cycle > member.scheduled_cycle ? open_cycle(member, cycle, context) : Effects{};
}

Effects open_continuation(Membership& member, int number) {
  member.scheduled_continuation = number;
  return {OpenCase{"continuation", "schedule", {{"acceptance_date", to_text(member.acceptance_date)}, {"number", number}}, number}};
}

int first_continuation_on_or_after(Date acceptance, Date day, const Rules& rules) {
  const int interval = rules.number("continuation.interval_months");
  int number = 1;
  while (add_months(acceptance, interval * number) < day) ++number;
  return number;
}

int first_cycle(const Admit& said, const Context& context) {
  if (said.settled_cycle) return *said.settled_cycle + 1;
  return anl::first_cycle_due_on_or_after(said.acceptance_date, said.carried_over_on.value_or(context.today), context.calendar,
                                          context.rules);
}

}  // namespace

bool files(const Membership& member) { return !member.action || member.action->kind != Kind::removal; }

Effects admit(Membership& member, const Admit& said, const Context& context) {
  member.acceptance_date = said.acceptance_date;
  member.program = said.program;
  member.carried_over_on = said.carried_over_on;
  const int cycle = first_cycle(said, context);
  member.settled_cycle = cycle - 1;
  Effects effects = open_cycle(member, cycle, context);
  effects += open_continuation(member, first_continuation_on_or_after(said.acceptance_date, context.today, context.rules));
  if (said.nam) effects.push_back(UpdateCompany{.nam = *said.nam});
  if (!said.nam && context.company.nam.empty())
    effects.push_back(OpenTask{"name_nam", Role::supervisor, "Name a National Account Manager"});
  return effects;
}

Effects schedule_cycle(Membership& member, const ScheduleCycle& said, const Context& context) {
  if (!files(member)) return {};
  if (said.cycle > member.scheduled_cycle) return open_cycle(member, said.cycle, context);
  return {next_cycle_timer(member, context)};
}

Effects notification_settled(Membership& member, const NotificationSettled& said, const Context& context) {
  member.settled_cycle = std::max(member.settled_cycle, said.cycle);
  return open_cycle_if_new(member, said.cycle + 1, context);
}

Effects continuation_settled(Membership& member, const ContinuationSettled& said, const Context&) {
  if (!files(member) || said.number + 1 <= member.scheduled_continuation) return {};
  return open_continuation(member, said.number + 1);
}

Effects correct_acceptance_date(Membership& member, const CorrectAcceptanceDate& said, const Context& context) {
  member.acceptance_date = said.acceptance_date;
  Effects effects{UpdateCompany{.acceptance_date = said.acceptance_date}};
  if (!files(member)) return effects;
  const json::object body{{"acceptance_date", to_text(said.acceptance_date)}, {"reason", said.reason}};
  effects +=
      {SendToOpen{"annual_notification", "recount", body}, SendToOpen{"continuation", "recount", body}, next_cycle_timer(member, context)};
  return effects;
}

Effects settle_cycles(Membership& member, const SettleCycles& said, const Context& context) {
  member.settled_cycle = std::max(member.settled_cycle, said.settled_cycle);
  if (!files(member)) return {};
  const json::object body{{"settled_cycle", said.settled_cycle}, {"on", to_text(said.on)}};
  Effects effects{SendToOpen{"annual_notification", "settled_elsewhere", body}};
  effects += open_cycle_if_new(member, said.settled_cycle + 1, context);
  return effects;
}

Effects end_years(std::string_view reason) {
  const json::object body{{"reason", reason}};
  return {StopTimers{"next_cycle"}, SendToOpen{"annual_notification", "end_membership", body},
          SendToOpen{"continuation", "end_membership", body}};
}

Effects resume_years(Membership& member, const Context& context) {
  const int ahead = anl::first_cycle_due_on_or_after(member.acceptance_date, context.today, context.calendar, context.rules);
  Effects effects = open_cycle(member, std::max(ahead, member.settled_cycle + 1), context);
  effects += open_continuation(member, first_continuation_on_or_after(member.acceptance_date, context.today, context.rules));
  return effects;
}

}  // namespace tradecase::membership_case
