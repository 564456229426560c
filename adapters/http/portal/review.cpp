// N3 review of an annual notification: only what changed.
#include "adapters/http/portal.hpp"

namespace tradecase::http {

void add_review_routes(Routes& routes) { static_cast<void>(routes); }

}  // namespace tradecase::http
