// When somebody else was faster: what they did since a form was loaded, and each field as they left it beside what was typed. The form
// itself is shown again with what was typed; the part problem_summary shows the rest.
#pragma once

#include "adapters/http/portal.hpp"
#include "engine/form.hpp"

namespace tradecase::http {

struct BothVersions {
  std::string label, typed, now;
};
// The questions of a section that stand on record otherwise than they were typed.
std::vector<BothVersions> both_versions(const Visit& visit, const Section& section, const json::object& typed, const json::object& now);

// Was the case changed since the form was loaded? Compares the form's version with the case as it was read.
bool changed_meanwhile(const Visit& visit);
void read_case_again(Visit& visit);
// Gives the page that is shown next the acts since the form was loaded, and the fields that differ.
void tell_meanwhile(Visit& visit, const std::vector<BothVersions>& fields);
// What a form carries: as it came back, so that a change is noticed; after a change that was shown, the case's own.
std::int64_t version_for_form(const Visit& visit);

std::string state_now(const Visit& visit);  // as the reader is told of it

// 412, where the case went on so far that the form is there no more: what was typed is kept on the page, to be copied.
Response too_late(Visit& visit);

}  // namespace tradecase::http
