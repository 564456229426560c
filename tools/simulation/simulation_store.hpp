// What the simulation reads of the tables beside what engine/store offers: which work is new, and the sums at the end.
#pragma once

#include "engine/store/store.hpp"

namespace tradecase::simulation {

// Open tasks with a number above `after`, oldest first.
std::vector<Task> open_tasks_after(Session& session, std::int64_t after);
std::optional<Task> find_open_task(Session& session, std::int64_t id);
std::vector<Task> some_open_state_tasks(Session& session, std::int64_t from_id, int limit);

struct Sums {
  std::int64_t cases = 0, transitions = 0, refusals = 0, letters = 0, mails = 0, late_filings = 0;
};
Sums sums_of(Session& session);

std::vector<Timer> timers_refused_after(Session& session, std::int64_t id);
std::optional<std::string> content_hash_of(Session& session, std::string_view message_id);

}  // namespace tradecase::simulation
