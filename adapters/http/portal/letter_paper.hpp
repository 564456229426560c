// A letter's PDF as an answer: the portal's page and the API give the same.
#pragma once

#include <string>

#include "adapters/http/portal.hpp"

namespace tradecase::http {

// The caller has found out that the visitor may read the letter. Throws Fault 503 where no PDF can be made now.
Response letter_as_pdf(Visit& visit, const std::string& hash);

}  // namespace tradecase::http
