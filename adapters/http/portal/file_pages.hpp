// The files of a case on its page.
#pragma once

#include "adapters/http/portal.hpp"

namespace tradecase::http {

json::array case_file_views(const Visit& visit);  // file_view() and: internal, waiting, may_drop
void add_file_routes(Routes& routes);

}  // namespace tradecase::http
