// N1 queue, N7 to N10: the account manager's and the supervisor's day.
#include "adapters/http/portal.hpp"

namespace tradecase::http {

void add_manager_routes(Routes& routes) { static_cast<void>(routes); }

}  // namespace tradecase::http
