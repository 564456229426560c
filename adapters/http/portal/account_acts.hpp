// Acts on one's own account, for its page and for the API. Problems: nothing is changed, and why.
#pragma once

#include "adapters/http/portal.hpp"

namespace tradecase::http {

bool end_own_sign_in(const Visit& visit, Transaction& tx, std::int64_t id);  // false: there is no such sign-in
void end_other_sign_ins(const Visit& visit, Transaction& tx);                // all but the one in use

// `wanted`: "role:company". Fault 422 where a company would lose its last reader of notices: those are what its dates are counted from.
void choose_notices(const Visit& visit, Transaction& tx, const std::vector<std::string>& wanted);
std::vector<Grant> notice_choices(const Visit& visit, Session& session);  // own roles that may get notices

// Of the form: name, scope, days.
std::vector<Problem> make_token(const Visit& visit, Transaction& tx, const Fields& form, std::string_view token);
void revoke_token(const Visit& visit, Transaction& tx, std::int64_t id);  // Fault 404
inline constexpr int token_days[] = {7, 30, 90, 365};

std::string role_words(const Visit& visit, Session& session, const Grant& grant);  // "company officer of Cedarfall Trading"

}  // namespace tradecase::http
