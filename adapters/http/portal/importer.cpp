// M1 home, M8-M11: what the company sees of itself.
#include "adapters/http/portal.hpp"

namespace tradecase::http {

void add_importer_routes(Routes& routes) { static_cast<void>(routes); }

}  // namespace tradecase::http
