// The preparation pack of a continuation review, as a page and on paper: checklist, evidence, samples, dates.
#pragma once

#include "adapters/http/portal.hpp"

namespace tradecase::http {

bool has_preparation(const Visit& visit);  // once the review is open
void add_preparation_routes(Routes& routes);

}  // namespace tradecase::http
