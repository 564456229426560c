// Business days, federal holidays, month arithmetic, and the zone's midnight. Pure: the same arguments give the same answer.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/clock.hpp"

namespace tradecase {

// One federal holiday by rule (5 U.S.C. 6103(a)). Either a fixed day of a month, observed on Friday when it falls on a
// Saturday and on Monday when it falls on a Sunday, or the nth weekday of a month (nth = -1: the last one).
struct HolidayRule {
  std::string name;
  unsigned month = 0;    // 1–12
  unsigned day = 0;      // 1–31 for a fixed day, 0 for a weekday rule
  unsigned weekday = 0;  // C encoding, 0 = Sunday; used where day == 0
  int nth = 0;           // 1–5 or -1
  int first_year = 0;    // Juneteenth: 2021
};

// A recorded one-off closure (an executive order, a storm): as data, never by rule.
struct Closure {
  Date day;
  std::string reason;
  bool operator==(const Closure&) const = default;
};

class Calendar {
 public:
  // Throws std::invalid_argument for a zone that the system's time zone data does not know, and for a holiday rule that
  // names no day. Of two closures of one day the first holds.
  Calendar(std::string zone, std::vector<HolidayRule> holidays, std::vector<Closure> closures = {});

  Date day_of(Instant instant) const;  // the calendar day in the zone
  Instant start_of(Date day) const;    // its first instant
  Instant end_of(Date day) const;      // the first instant of the day after: the day is over then

  // Why a day is closed: "Saturday", "Independence Day (observed)", "closed: snow". Nothing on a business day. A weekend
  // day is told by its weekday, whatever else it is; a holiday goes before a closure.
  std::optional<std::string> closed_because(Date day) const;
  bool is_business_day(Date day) const { return !closed_because(day); }
  Date business_day_from(Date day) const;  // the day itself, or the next business day

  const std::string& zone() const { return zone_; }
  const std::vector<Closure>& closures() const { return closures_; }

 private:
  std::string zone_;
  const void* zone_data_;  // the time zone library's own record, owned by it for the life of the program
  std::vector<HolidayRule> holidays_;
  std::vector<Closure> closures_;  // ascending by day

  const HolidayRule* holiday_observed_on(Date day) const;
};

// Months counted in one step from the day; a day that does not exist becomes the last day of its month.
Date add_months(Date day, int months);

}  // namespace tradecase
