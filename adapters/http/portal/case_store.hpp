#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/store/store.hpp"

namespace tradecase::http {

// Ids of the case's letters that went to people of its company.
std::set<std::int64_t> letters_to_company(Session& session, std::string_view case_id, std::string_view company);

std::optional<Case> find_case_head(Session& session, std::string_view id);  // without its data

}  // namespace tradecase::http
