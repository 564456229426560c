// Webhooks of an installation: what sends them, what of it the portal needs, and the words that say what a company is told.
#pragma once

#include "adapters/http/portal.hpp"
#include "adapters/webhooks/dispatch.hpp"
#include "tools/cli/config.hpp"

namespace tradecase {

// `engine` outlives it. This machine itself is a receiver only in a sandbox whose settings say so (webhooks.loopback).
std::unique_ptr<webhooks::Dispatch> webhook_dispatch(const Config& config, Engine& engine, bool sandbox);

http::WebhookWiring webhook_wiring(const Config& config, bool sandbox, std::function<void()> wake);

}  // namespace tradecase
