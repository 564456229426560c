// Acts of the operator on what failed and on the record, for the pages and for the API. What cannot be done is a Fault: 404, or 422 with
// the reason.
#pragma once

#include <functional>

#include "adapters/http/portal.hpp"

namespace tradecase::http {

std::string note_of(const Visit& visit, const Fields& form, bool needed);  // why, or how it was found out

// outcome: "try again", "lost" (both send it again) or "arrived".
void settle_mail(const Visit& visit, Transaction& tx, std::int64_t id, const std::string& outcome, const std::string& note);

std::string fire_again(const Visit& visit, Transaction& tx, std::int64_t timer);  // what became of it: fired, refused
// Where the timer fails in `act` it is put off for an hour, and a Fault says why.
void fire_or_postpone(const Visit& visit, std::int64_t timer, const std::function<void()>& act);
// A refused timer has done all it will: somebody says that they looked. One that fails is stopped, and work for a person takes its place.
void skip_timer(const Visit& visit, Transaction& tx, std::int64_t timer, const std::string& note);
void close_skipped(const Visit& visit, Transaction& tx, std::int64_t task, const std::string& note);

// {at, cases, events, root, violations[], count}: kept until the next time, and in the record with the root of the tree.
json::object verify_and_keep(const Visit& visit);

}  // namespace tradecase::http
