// A workflow's table as text that others draw or read. Pure; a test keeps the files beside the workflows equal to these.
#pragma once

#include <string>
#include <string_view>

#include "engine/json.hpp"
#include "engine/workflow.hpp"

namespace tradecase {

std::string to_mermaid(const Workflow& workflow);  // stateDiagram-v2
std::string to_dot(const Workflow& workflow);      // Graphviz
std::string to_scxml(const Workflow& workflow);    // W3C State Chart XML
json::object to_json(const Workflow& workflow);    // states, commands with roles and fields, transitions with guards and effects
std::string to_text(const Workflow& workflow);     // for a terminal

}  // namespace tradecase
