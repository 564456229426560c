// M4, M4a, M4b, M5, M5a: the annual notification, from pre-filled to signed.
#include "adapters/http/portal.hpp"

namespace tradecase::http {

void add_filing_routes(Routes& routes) { static_cast<void>(routes); }

}  // namespace tradecase::http
