// A letter that one person fixes and another approves, sent as it was approved: how a test comes to a request for records.
#pragma once

#include "tests/adapters/http/portal_world.hpp"

namespace tradecase::testing {

// `command`: the one that sends it; `says`: its body. Fails the test where one of the three acts is refused.
void send_approved_letter(const PortalWorld& world, const std::string& case_id, const std::string& letter, const std::string& command,
                          const json::object& says);

}  // namespace tradecase::testing
