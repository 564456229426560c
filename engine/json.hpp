// Boost.JSON under one short name; the engine's vocabulary speaks JSON where a workflow's own data pass through it.
#pragma once

#include <boost/json.hpp>

namespace tradecase {
namespace json = boost::json;
}
