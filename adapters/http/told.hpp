// What of a case its company is told: pages, API and webhooks ask here.
#pragma once

#include "adapters/http/command_forms.hpp"

namespace tradecase::http {

bool by_company(const Workflow& workflow, const std::string& command);  // its people may send it

// A company sees a case once its state has words for the company; one that ended, if it ever stood open in such a state.
bool told_of_state(Session& session, const CommandForms& words, const Workflow& workflow, std::string_view case_id,
                   const std::string& state);

// Of its events, what its people did or what led to another state in the company's words.
bool told_of_event(const CommandForms& words, const Workflow& workflow, const std::string& command, const std::string& from,
                   const std::string& to);

}  // namespace tradecase::http
