// What the sample verbs share.
#pragma once

#include <cstdint>
#include <string>

#include "tools/cli/shell.hpp"
#include "workflows/sampling/sample_store.hpp"

namespace tradecase {

Sample sample_or_stop(Shell& shell, const std::string& id);

// Whole cents of an amount in dollars, "1,234.56"; stops where it is none.
std::int64_t dollars_or_stop(const std::string& option, const std::string& text);
Rate rate_or_stop(const std::string& option, const std::string& text);

void add_sample_figures(CLI::App& sample, Shell& shell, Action& action);  // sample size|project

}  // namespace tradecase
