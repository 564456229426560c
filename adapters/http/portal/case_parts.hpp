// What the case page shows besides steps and dates: answers, questions, internal notes, and where the case stands among its states.
#pragma once

#include "adapters/http/portal.hpp"

namespace tradecase::http {

// answers, recorded, questions, notes, may_note, states, html_states, states_box … as the template asks for them. Nothing of the agency's
// own is among them for a company.
json::object case_parts(const Visit& visit);

json::array decided_on(const Visit& visit, std::string_view command);  // {label, value} over the form of a command that answers something
json::array asked_answers(const Visit& visit);                         // {label, value, how} of each question that was asked and answered
void add_subject(const Visit& visit, json::object& parts);             // subject, plan_rows, actions: what a survey or an audit is about

}  // namespace tradecase::http
