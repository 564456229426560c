// What the portal may ask of rules: counting every date by another value, and applying it. The program hands these functions in.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/clock.hpp"
#include "engine/json.hpp"

namespace tradecase::http {

// Empty functions: the portal shows the rules and changes none.
struct RulesDesk {
  struct Move {
    std::string case_id, company, name;  // of the date, in its case's ledger
    Date from{}, to{};
    std::string why;  // the calculation, in sentences
  };
  using Refused = std::string;  // a sentence: the value does not fit the rule
  // Counts all dates of open cases by that value, and undoes it: what would move. Nothing else is written meanwhile.
  std::function<std::variant<std::vector<Move>, Refused>(std::string_view key, const json::value& value)> dry_run;
  // Applies the changes that are approved and whose day has come. Failures are told on the log, and tried again.
  std::function<void()> apply_due;
};

}  // namespace tradecase::http
