// The fields of a command as they are typed: a file with a JSON object, and name=value beside it.
#pragma once

#include <string>
#include <vector>

#include "engine/workflow.hpp"

namespace tradecase {

// `file`: "-" is standard input, empty none. `set`: text where the command's field is text, else what the value says as JSON ("true", "60",
// ["F","G"]); yes and no are understood. `command`: null where it is not known. Stops with `invalid`.
json::object command_body(const std::string& file, const std::vector<std::string>& set, const CommandInfo* command);

}  // namespace tradecase
