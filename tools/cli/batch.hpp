#pragma once

#include "tools/cli/shell.hpp"

namespace tradecase {

void add_batch_verb(CLI::App& app, Action& action);

}  // namespace tradecase
