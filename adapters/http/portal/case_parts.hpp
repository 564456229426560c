// What the case page shows besides steps and dates: answers, questions, internal notes, and where the case stands among its states.
#pragma once

#include "adapters/http/portal.hpp"

namespace tradecase::http {

// answers, recorded, questions, notes, may_note, states, html_states, states_box … as the template asks for them. Nothing of the agency's
// own is among them for a company.
json::object case_parts(const Visit& visit);

}  // namespace tradecase::http
