// Populations for whoever shows them: the portal's functions and the command line's JSON.
#pragma once

#include <filesystem>

#include "adapters/http/population_desk.hpp"
#include "engine/engine.hpp"
#include "workflows/sampling/population_store.hpp"

namespace tradecase {

inline constexpr char hint_rules_file[] = "workflows/sampling/hints.toml";  // below the program's home

json::object population_json(const Population& one);

// `hints`: hints.toml, read now; throws RulesError. The engine lives longer than the desk.
http::PopulationDesk population_desk(Engine& engine, const std::filesystem::path& hints);

}  // namespace tradecase
