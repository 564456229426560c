// Parts of the review page: the checklist, the risk matrix, what was decided, and next year's due day as the letter will say it.
#pragma once

#include "adapters/http/portal.hpp"

namespace tradecase::http {

std::string plain_words(std::string_view code);  // "import_volume_and_value" → "Import volume and value"

std::string problem_at(const std::vector<Problem>& problems, const std::string& field);  // empty: none
json::array filing_facts(const Visit& visit, const Case& letter);
json::array checklist_view(const Visit& visit, const Fields& fields, const std::vector<Problem>& problems);
// Levels are those typed, else those of last year's review.
json::array risks_view(const Visit& visit, const Case& letter, const Fields& fields, const std::vector<Problem>& problems);
json::array levels_view(const Visit& visit);
json::value decided_view(const Visit& visit, const Case& letter);  // null while nothing is decided

struct NextCycle {
  std::string due_on, window_on;   // as written in the letter
  std::vector<std::string> steps;  // the calculation
};
NextCycle next_cycle(const Visit& visit, const Case& letter);

}  // namespace tradecase::http
