// As much of JSON Schema as the API's description uses; a word it does not know fails the test that meets it.
#pragma once

#include <string>

#include "engine/json.hpp"

namespace tradecase::testing {

// Where and why `value` does not fit; "" where it fits. `document` resolves "#/…" references.
std::string misfit(const json::value& value, const json::object& schema, const json::object& document, const std::string& at = "");

}  // namespace tradecase::testing
