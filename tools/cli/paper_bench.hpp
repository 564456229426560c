// How long a letter's PDF takes on this machine.
#pragma once

#include "tools/cli/shell.hpp"

namespace tradecase {

// Prints so many PDFs of the database's letters, cold and warm; keeps none of them.
int run_paper_bench(Shell& shell, int letters);

}  // namespace tradecase
