// A due date with its reason: a named rule applied to recorded inputs, and every step of the calculation in words.
// Pure. The inputs are complete: recompute() gives the same day years later, whatever the rules file says by then.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/calendar.hpp"
#include "engine/json.hpp"

namespace tradecase {

struct Derivation {
  std::string rule;                // its stable name: "anl.due"
  json::object inputs;             // what it was applied to; see derive()
  std::vector<std::string> steps;  // the calculation line by line, for a person
  Date due_on;

  bool operator==(const Derivation&) const = default;
};

enum class Rolls { no, to_business_day };

// What a rule is applied to. `anchor_name` is how a person calls the day counted from ("acceptance date", "due day in force").
// Months are added first, in one step, then days; then, if it rolls, the day moves to the next business day.
struct DateRule {
  std::string_view name;         // "anl.due"
  std::string_view anchor_name;  // "acceptance date"
  Date anchor;
  int months = 0;
  int days = 0;  // calendar days, may be negative
  Rolls rolls = Rolls::no;
  json::object also{};  // further inputs kept for the reader: {"cycle": 2}, {"reason": "extension of 60 days granted"}
};

// The inputs stored: anchor_name, anchor, months, days, rolls ("no" | "to the next business day"), closed_days (each day
// stepped over with its reason, so that a later change of holidays or closures changes nothing here), and all of `also`.
// Throws std::invalid_argument when `also` uses one of these names.
Derivation derive(const DateRule& rule, const Calendar& calendar);

// The due day from a stored rule name and inputs alone. Throws std::invalid_argument when the inputs are not those of derive().
Date recompute(std::string_view rule, const json::object& inputs);

}  // namespace tradecase
