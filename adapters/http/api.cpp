// /api/v1: everything the pages can do, as JSON.
#include "adapters/http/portal.hpp"

namespace tradecase::http {

void add_api_routes(Routes& routes) { static_cast<void>(routes); }

}  // namespace tradecase::http
