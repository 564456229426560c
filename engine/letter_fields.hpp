// What every letter says of its case: the same for a letter that goes out and for one that is still being written.
#pragma once

#include <vector>

#include "engine/engine.hpp"

namespace tradecase {

// Who gets the mail of a letter to these, each once.
std::vector<Person> recipients_of(Session& session, const Programme& programme, const Company& company,
                                  const std::vector<Audience>& audiences, Instant now);

// The standard fields of templates/letters/README.md, those of a deadline left out.
json::object standard_letter_fields(Session& session, const Programme& programme, const Company& company, std::string_view case_id,
                                    const Actor& actor, const std::vector<Person>& to, Instant now);

// due_on, due_why, days_left and days_late of a letter that speaks of a deadline.
void add_due_fields(json::object& fields, const Derivation& due, Date today);

}  // namespace tradecase
