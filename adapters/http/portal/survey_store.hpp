#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/store/store.hpp"

namespace tradecase::http {

// What one case, or all of a workflow, asked: domain.md, "nobody is asked twice".
struct AskedCounts {
  std::string workflow;  // of which all cases are counted
  std::int64_t cases = 0, asked = 0, pre_answered = 0, confirmed = 0, corrected = 0, asked_again = 0, re_asked = 0;
};

struct Engagement {
  std::string case_id, workflow, state, company, company_name, owner;  // owner: a name, or a role's code
  std::optional<Date> due_on;
  AskedCounts counts;
};

// Open risk surveys and audits, what is due first.
std::vector<Engagement> open_engagements(Session& session, int limit, int offset);
// Of all surveys, audit questionnaires and preparation packs that were ever put together: one entry a workflow that has any.
std::vector<AskedCounts> counts_of_programme(Session& session);

}  // namespace tradecase::http
