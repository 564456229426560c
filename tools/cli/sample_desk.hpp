// Samples and findings for the portal: its functions over the workflows' stores.
#pragma once

#include "adapters/http/sample_desk.hpp"
#include "engine/engine.hpp"

namespace tradecase {

http::SampleDesk sample_desk(Engine& engine);  // the engine lives longer than the desk

}  // namespace tradecase
