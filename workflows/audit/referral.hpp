// Why a company is put forward for an audit: said by people, or by a survey that ends in one (domain.md §4.5).
#pragma once

#include <string>
#include <vector>

#include "engine/workflow.hpp"
#include "workflows/requests.hpp"

namespace tradecase::audit_case {

inline constexpr std::string_view focused_assessment = "focused_assessment";

// For guards of any command with these fields. "" where the words are those of the rules, otherwise which are not.
template <class Referral>
std::string referral_problem(const Referral& said, const Context& context) {
  if (std::string problem = requests::unknown_words({said.kind}, "audit.kinds", context); !problem.empty()) return problem;
  if (said.risk_areas.empty()) return "no risk area is named";
  return requests::unknown_words(said.risk_areas, "audit.risk_areas", context);
}

}  // namespace tradecase::audit_case
