#include "engine/on_file.hpp"

#include <algorithm>

namespace tradecase {

const Fact* fact_answering(const Question& question, const std::vector<Fact>& facts) {
  if (question.key.empty()) return nullptr;
  const auto found = std::ranges::find(facts, question.key, &Fact::key);
  const bool answers = found != facts.end() && !answer_problem(question, found->value) && !plain_answer(question, found->value).is_null();
  return answers ? &*found : nullptr;
}

std::string source_of(const Fact& fact) { return fact.section.empty() ? fact.source : fact.source + ", " + fact.section; }

}  // namespace tradecase
