// Letters that people put together, for the portal: rendered by the documents' own code, with the days and samples of the workflows.
#pragma once

#include <memory>

#include "adapters/documents/letters.hpp"
#include "adapters/http/letter_desk.hpp"
#include "engine/engine.hpp"

namespace tradecase {

// The engine lives longer than the desk.
std::shared_ptr<const http::LetterDesk> letter_desk(Engine& engine, std::shared_ptr<const Letters> letters);

}  // namespace tradecase
