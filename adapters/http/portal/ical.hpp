// An iCalendar feed (RFC 5545) of whole-day dates. Pure.
#pragma once

#include <string>
#include <vector>

#include "engine/clock.hpp"

namespace tradecase::http {

struct CalendarDate {
  std::string uid;  // the same for ever, however often the day moves
  Date day{};
  std::string summary, description, url;
  int sequence = 0;  // goes up with each move
  bool cancelled = false;
  int alarm_days = 0;  // a reminder so many days before; 0: none
};

std::string icalendar(const std::string& name, const std::vector<CalendarDate>& dates, Instant stamp);

}  // namespace tradecase::http
