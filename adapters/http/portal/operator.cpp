// O1 status, O2 people, O3 record, O5 mails and timers that failed.
#include "adapters/http/portal.hpp"

namespace tradecase::http {

void add_operator_routes(Routes& routes) { static_cast<void>(routes); }

}  // namespace tradecase::http
