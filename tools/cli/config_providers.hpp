// The identity providers of a settings file: [[oidc]], one a provider.
#pragma once

#include <toml++/toml.h>

#include <string>
#include <vector>

#include "tools/cli/config.hpp"

namespace tradecase {

inline constexpr char providers_key[] = "oidc";

// Adds those of the file, and their rows of `config explain`. Complaints name file, line and what is right.
void read_providers(Config& config, const toml::table& root, const std::string& file, std::vector<std::string>& complaints);

}  // namespace tradecase
