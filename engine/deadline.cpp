#include "engine/deadline.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace tradecase {
namespace {

namespace chrono = std::chrono;
using chrono::days;

constexpr std::string_view rolls_no = "no";
constexpr std::string_view rolls_forward = "to the next business day";

// Far beyond any period of a rule; keeps a damaged record from counting out of the calendar.
constexpr int months_most = 12'000;
constexpr int days_most = 366'000;

struct ClosedDay {
  Date day;
  std::string because;
};

Date count_on(Date anchor, int months, int calendar_days) { return add_months(anchor, months) + days{calendar_days}; }

// --- in words

std::string counted(int number, std::string_view unit) {
  return fmt::format("{} {} {}{}", number < 0 ? "minus" : "plus", std::abs(number), unit, std::abs(number) == 1 ? "" : "s");
}

std::string last_day_note(Date anchor, Date reached) {
  const chrono::year_month_day from{anchor}, to{reached};
  if (from.day() == to.day()) return "";
  const auto month = spoken(reached).substr(0, spoken(reached).find(' '));
  const auto missing = unsigned{from.day()};
  return fmt::format(" ({} {} has no {}{}: its last day)", month, int{to.year()}, missing, missing == 31 ? "st" : "th");
}

std::string closed_in_words(const ClosedDay& closed) {
  if (closed.because == weekday_name(closed.day)) return fmt::format("{} is a {}", spoken(closed.day), closed.because);
  const auto full = fmt::format("{}, {}", weekday_name(closed.day), spoken(closed.day));
  const bool by_record = closed.because.starts_with("closed: ");
  return full + (by_record ? " is " : " is closed: ") + closed.because;
}

std::string moved_in_words(const std::vector<ClosedDay>& closed, Date moved_to) {
  std::string words;
  for (const auto& day : closed) words += closed_in_words(day) + "; ";
  return fmt::format("{}moved to the next business day: {}, {}", words, weekday_name(moved_to), spoken(moved_to));
}

void add_counting_steps(std::vector<std::string>& steps, const DateRule& rule) {
  steps.push_back(fmt::format("{}: {}", rule.anchor_name, spoken(rule.anchor)));
  const auto after_months = add_months(rule.anchor, rule.months);
  if (rule.months != 0)
    steps.push_back(fmt::format("{}, counted in one step: {}{}", counted(rule.months, "month"), spoken(after_months),
                                last_day_note(rule.anchor, after_months)));
  if (rule.days != 0) steps.push_back(fmt::format("{}: {}", counted(rule.days, "calendar day"), spoken(after_months + days{rule.days})));
}

// --- moving

std::vector<ClosedDay> closed_days_from(Date day, const Calendar& calendar) {
  std::vector<ClosedDay> closed;
  for (auto because = calendar.closed_because(day); because; because = calendar.closed_because(day)) {
    closed.push_back({day, std::move(*because)});
    day += days{1};
  }
  return closed;
}

std::string rolling_step(Date counted_to, const std::vector<ClosedDay>& closed) {
  if (closed.empty()) return fmt::format("{} is a {} and a business day: it stands", spoken(counted_to), weekday_name(counted_to));
  return moved_in_words(closed, closed.back().day + days{1});
}

// --- inputs

json::object inputs_of(const DateRule& rule, const std::vector<ClosedDay>& closed) {
  json::array closed_days;
  for (const auto& [day, because] : closed) closed_days.push_back({{"day", to_text(day)}, {"because", because}});
  json::object inputs{{"anchor_name", rule.anchor_name},
                      {"anchor", to_text(rule.anchor)},
                      {"months", rule.months},
                      {"days", rule.days},
                      {"rolls", rule.rolls == Rolls::no ? rolls_no : rolls_forward},
                      {"closed_days", std::move(closed_days)}};
  for (const auto& entry : rule.also)
    if (!inputs.insert(entry).second)
      throw std::invalid_argument(fmt::format("{}: the further input \"{}\" has a name of the calculation.", rule.name,
                                              std::string_view{entry.key().data(), entry.key().size()}));
  return inputs;
}

// Reads back what inputs_of() wrote, and nothing else.
struct StoredInputs {
  std::string_view rule;
  const json::object& values;

  [[noreturn]] void refuse(std::string_view name, std::string_view wanted) const {
    throw std::invalid_argument(fmt::format("The stored inputs of {} cannot be calculated: \"{}\" is not {}.", rule, name, wanted));
  }

  static std::optional<Date> date_in(const json::value* value) {
    if (!value || !value->is_string()) return std::nullopt;
    const std::string_view text{value->get_string()};
    const auto day = parse_date(text);
    return day && to_text(*day) == text ? day : std::nullopt;
  }

  Date date(std::string_view name) const {
    const auto day = date_in(values.if_contains(name));
    if (!day) refuse(name, "a day written as 2026-12-22");
    return *day;
  }

  int number(std::string_view name, int most) const {
    const auto* value = values.if_contains(name);
    boost::system::error_code failed;
    const auto read = value && value->is_number() ? value->to_number<int>(failed) : most + 1;
    if (failed || read < -most || read > most) refuse(name, fmt::format("a whole number within {}", most));
    return read;
  }

  bool moves() const {
    const auto* value = values.if_contains("rolls");
    const auto* text = value ? value->if_string() : nullptr;
    if (!text || (*text != rolls_no && *text != rolls_forward)) refuse("rolls", fmt::format("\"{}\" or \"{}\"", rolls_no, rolls_forward));
    return *text == rolls_forward;
  }

  Date after_closed_days(Date day, bool moving) const {
    const auto* value = values.if_contains("closed_days");
    const auto* list = value ? value->if_array() : nullptr;
    if (!list || (!moving && !list->empty())) refuse("closed_days", "the list of the days stepped over");
    for (const auto& closed : *list) {
      const auto* entry = closed.if_object();
      if (!entry || date_in(entry->if_contains("day")) != day)
        refuse("closed_days", "one closed day after the other from the day counted to");
      day += days{1};
    }
    return day;
  }
};

}  // namespace

Derivation derive(const DateRule& rule, const Calendar& calendar) {
  const auto counted_to = count_on(rule.anchor, rule.months, rule.days);
  const bool moving = rule.rolls == Rolls::to_business_day;
  const auto closed = moving ? closed_days_from(counted_to, calendar) : std::vector<ClosedDay>{};

  Derivation derived{std::string{rule.name}, inputs_of(rule, closed), {}, counted_to + days{closed.size()}};
  add_counting_steps(derived.steps, rule);
  if (moving)
    derived.steps.push_back(rolling_step(counted_to, closed));
  else if (const auto because = calendar.closed_because(counted_to))
    derived.steps.push_back(closed_in_words({counted_to, *because}) + "; this day does not move");
  return derived;
}

Date recompute(std::string_view rule, const json::object& inputs) {
  const StoredInputs stored{rule, inputs};
  const auto anchor = stored.date("anchor");
  const auto months = stored.number("months", months_most);
  const auto counted_to = count_on(anchor, months, stored.number("days", days_most));
  return stored.after_closed_days(counted_to, stored.moves());
}

}  // namespace tradecase
