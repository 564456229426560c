// A figure's way: its formula, where that comes from, what went in and what stood in between, for the page that shows the figure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "workflows/sampling/strata.hpp"

namespace tradecase {

struct ReckoningLine {
  std::string name;
  std::string value;

  bool operator==(const ReckoningLine&) const = default;
};

struct Reckoning {
  std::string formula;
  std::string source;
  std::vector<ReckoningLine> inputs;
  std::vector<ReckoningLine> steps;
  std::vector<std::string> notes;  // what the reader must know before trusting the figure
};

// A rate in millionths, so that 3.5 % of 400 is 14 and not a hair more.
struct Rate {
  std::int64_t millionths = 0;

  double value() const { return static_cast<double>(millionths) / 1e6; }
  auto operator<=>(const Rate&) const = default;
};

// "5%", "3.5 %" or "0.035"; at most four decimals of a percent; from 0 to 1. `what` names the rate in the sentence.
std::variant<Rate, SamplingFault> take_rate(std::string_view text, std::string_view what);

std::string shown(Rate rate);                 // 3.5 %
std::string shown_money(std::int64_t cents);  // -1,234.56
std::string shown_money(double cents);        // rounded to the cent
std::string shown_number(double number);      // up to six significant decimals: 4.620193

}  // namespace tradecase
