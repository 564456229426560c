// How a test comes to an audit that asks for records: acts said to the engine, each of which must be taken.
#pragma once

#include "tests/adapters/http/portal_world.hpp"

namespace tradecase::testing {

// `who`: one of the world's callers. Fails the test where it is refused; the case.
std::string act_on(const PortalWorld& world, const std::string& case_id, const std::string& name, const std::string& who,
                   json::object body);

// Of the world's own company: its referral drafted, notice given, and fieldwork begun.
std::string audit_in_draft(const PortalWorld& world);
std::string audit_with_notice(const PortalWorld& world);
std::string audit_in_fieldwork(const PortalWorld& world);

// A letter that the auditor fixes and compliance approves, sent as it was approved. `command`: the one that sends it; `says`: its body.
void send_approved_letter(const PortalWorld& world, const std::string& case_id, const std::string& letter, const std::string& command,
                          const json::object& says);

}  // namespace tradecase::testing
