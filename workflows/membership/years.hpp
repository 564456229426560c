// Which annual notifications and continuation reviews a membership opens, and when: functions named in the table of membership.cpp.
// A suspended member goes on filing; one whose removal has taken effect does not (domain.md §4.3).
#pragma once

#include "workflows/membership/commands.hpp"

namespace tradecase::membership_case {

Effects admit(Membership& member, const Admit& said, const Context& context);
Effects schedule_cycle(Membership& member, const ScheduleCycle& said, const Context& context);
Effects notification_settled(Membership& member, const NotificationSettled& said, const Context& context);
Effects continuation_settled(Membership& member, const ContinuationSettled& said, const Context& context);
Effects correct_acceptance_date(Membership& member, const CorrectAcceptanceDate& said, const Context& context);
Effects settle_cycles(Membership& member, const SettleCycles& said, const Context& context);

Effects end_years(std::string_view reason);                        // open notifications and reviews are closed
Effects resume_years(Membership& member, const Context& context);  // a removal is undone: what lies ahead is opened again

bool files(const Membership& member);

}  // namespace tradecase::membership_case
