// Files of entry lines that come in through the portal: each is read on a thread of its own and waits, checked, until somebody takes it
// over or lets it go.
#pragma once

#include "adapters/http/import_desk.hpp"
#include "engine/engine.hpp"

namespace tradecase {

http::ImportDesk import_desk(Engine& engine);  // the engine lives longer than the desk; what is under way ends with its last copy

}  // namespace tradecase
