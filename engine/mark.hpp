// How sure the programme's papers are of a rule or a form: the mark that every default carries, shown wherever a person sees the rule.
#pragma once

#include <optional>
#include <string_view>

namespace tradecase {

enum class Mark {
  confirmed,   // "C": stands in a public source
  assumption,  // "A": our default, no public source says it
  recalled,    // "R": recalled from published law or a notice, wording not checked
};

std::optional<Mark> parse_mark(std::string_view letter);  // exactly "C", "A" or "R"
std::string_view letter(Mark mark);                       // "C"
std::string_view word(Mark mark);                         // "confirmed", "assumption", "recalled"

}  // namespace tradecase
