// What a company has told already, for the questions that would ask it again.
#pragma once

#include <string>
#include <vector>

#include "engine/case.hpp"
#include "engine/form.hpp"

namespace tradecase {

// The fact under the question's data key whose value answers the question, of a company's current facts; null where there is none.
const Fact* fact_answering(const Question& question, const std::vector<Fact>& facts);

std::string source_of(const Fact& fact);  // its document and the section there: "annual notification, cycle 2, C"

}  // namespace tradecase
