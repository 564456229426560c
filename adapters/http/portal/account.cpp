// S1 my account, S2 messages, S3 search.
#include "adapters/http/portal.hpp"

namespace tradecase::http {

void add_account_routes(Routes& routes) { static_cast<void>(routes); }

}  // namespace tradecase::http
