#include "adapters/http/portal/ical.hpp"

#include <fmt/format.h>

namespace tradecase::http {
namespace {

// RFC 5545 3.3.11: backslash, semicolon, comma and line breaks are escaped; other control characters have no place in a text.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n')
      out += "\\n";
    else if (c == '\\' || c == ';' || c == ',')
      (out += '\\') += c;
    else if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F)
      out += c;
  }
  return out;
}

// 3.1: lines of at most 75 octets, folded between characters.
void add_line(std::string& out, const std::string& line) {
  constexpr std::size_t octets_max = 75;
  std::size_t room = octets_max;
  for (std::size_t i = 0; i < line.size();) {
    std::size_t length = 1;
    while (i + length < line.size() && (static_cast<unsigned char>(line[i + length]) & 0xC0) == 0x80) ++length;
    if (length > room) {
      out += "\r\n ";
      room = octets_max - 1;
    }
    out.append(line, i, length);
    room -= length;
    i += length;
  }
  out += "\r\n";
}

std::string plain_day(Date day) {
  const std::chrono::year_month_day date(day);
  return fmt::format("{:04}{:02}{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::string plain_moment(Instant at) {  // 20260114T160000Z
  std::string out;
  for (const char c : to_text(at).substr(0, 19))
    if (c != '-' && c != ':') out += c;
  return out + "Z";
}

void add_event(std::string& out, const CalendarDate& date, const std::string& stamp) {
  add_line(out, "BEGIN:VEVENT");
  add_line(out, "UID:" + escaped(date.uid));
  add_line(out, "DTSTAMP:" + stamp);
  add_line(out, "DTSTART;VALUE=DATE:" + plain_day(date.day));
  add_line(out, "DTEND;VALUE=DATE:" + plain_day(date.day + std::chrono::days(1)));
  add_line(out, "SEQUENCE:" + std::to_string(date.sequence));
  add_line(out, std::string("STATUS:") + (date.cancelled ? "CANCELLED" : "CONFIRMED"));
  add_line(out, "TRANSP:TRANSPARENT");
  add_line(out, "SUMMARY:" + escaped(date.summary));
  if (!date.description.empty()) add_line(out, "DESCRIPTION:" + escaped(date.description));
  if (!date.url.empty()) add_line(out, "URL:" + date.url);
  if (date.alarm_days > 0 && !date.cancelled) {
    add_line(out, "BEGIN:VALARM");
    add_line(out, "ACTION:DISPLAY");
    add_line(out, "DESCRIPTION:" + escaped(date.summary));
    add_line(out, fmt::format("TRIGGER:-P{}D", date.alarm_days));
    add_line(out, "END:VALARM");
  }
  add_line(out, "END:VEVENT");
}

}  // namespace

std::string icalendar(const std::string& name, const std::vector<CalendarDate>& dates, Instant stamp) {
  std::string out;
  for (const char* line : {"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//tradecase//due dates//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"})
    add_line(out, line);
  add_line(out, "X-WR-CALNAME:" + escaped(name));
  add_line(out, "REFRESH-INTERVAL;VALUE=DURATION:PT6H");
  for (const CalendarDate& date : dates) add_event(out, date, plain_moment(stamp));
  add_line(out, "END:VCALENDAR");
  return out;
}

}  // namespace tradecase::http
