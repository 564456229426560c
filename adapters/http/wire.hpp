// An answer as bytes, and what a proxy says of the client. Pure but for the clock on the wall.
#pragma once

#include "adapters/http/message.hpp"

namespace tradecase::http {

std::string bytes_of(const Response& response, bool keep_alive, bool head_only);

// The last address a proxy noted: what a client wrote there itself stands before it.
std::string forwarded_address(const Head& head, const std::string& socket_address);

}  // namespace tradecase::http
