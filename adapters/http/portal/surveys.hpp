// Surveys and audits of the agency's side: the pages of those who ask, and how often nobody had to be asked.
#pragma once

#include "adapters/http/portal.hpp"

namespace tradecase::http {

void add_engagement_routes(Routes& routes);  // A1

}  // namespace tradecase::http
