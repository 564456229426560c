// Time as a value. An Instant is a moment in UTC, to the millisecond; a Date is a calendar day without a zone.
// Which Instant a Date begins at is the Calendar's to say (engine/calendar.hpp).
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace tradecase {

using Instant = std::chrono::sys_time<std::chrono::milliseconds>;
using Date = std::chrono::local_days;
using Clock = std::function<Instant()>;  // the system's, or a sandbox's; only tools/ chooses

std::string to_text(Instant instant);      // 2026-01-14T16:00:00.000Z
std::string to_text(Date date);            // 2026-01-14
std::string spoken(Date date);             // January 14, 2026
std::string_view weekday_name(Date date);  // Wednesday

// Exact forms and nothing around them; the day must exist; years 0001 to 9999.
std::optional<Instant> parse_instant(std::string_view text);  // the form that to_text writes, milliseconds optional
std::optional<Date> parse_date(std::string_view text);        // 2026-12-22, or 12/22/2026 with 1 or 2 digits for month and day

}  // namespace tradecase
