// `completion bash`: made from the verbs as they stand, so that it never lags behind.
#pragma once

#include "tools/cli/shell.hpp"

namespace tradecase {

void add_completion_verb(CLI::App& app, Shell& shell, Action& action);

}  // namespace tradecase
