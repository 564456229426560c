// M2, M3, M6 and the packs: everything else the company answers.
#include "adapters/http/portal.hpp"

namespace tradecase::http {

void add_answer_routes(Routes& routes) { static_cast<void>(routes); }

}  // namespace tradecase::http
