// What the operator's pages read and change: how things stand, the record by search, people's work, mail and timers that failed.
#pragma once

#include "engine/store/store.hpp"

namespace tradecase::http {

struct StateCount {
  std::string workflow, state;
  std::int64_t open = 0, closed = 0;
};
std::vector<StateCount> count_cases(Session& session);

struct Standing {
  std::int64_t pending = 0, due = 0, failing = 0, refused = 0;  // timers; refused: that nobody has looked at
  std::optional<Instant> next_due;
  std::int64_t people = 0, companies = 0, lines = 0;
  std::int64_t bytes = 0;  // of the database file
};
Standing standing_of(Session& session, Instant now);

struct RecordFilter {
  std::string case_id, actor, command, kind;
  std::optional<Instant> from, before;
};
// Lines of the record, newest first.
std::vector<Event> search_record(Session& session, const RecordFilter& filter, int limit, int offset);

// What one person has in hand: what a leaver hands over.
std::vector<Task> tasks_in_hand(Session& session, std::string_view person);
std::vector<std::string> accounts_in_hand(Session& session, std::string_view person);          // company ids
std::vector<Absence> absences_covered_by(Session& session, std::string_view person, Date on);  // on that day or later

// A refused timer stays in the list until somebody has looked at it.
std::vector<Timer> timers_to_look_at(Session& session);
std::optional<Timer> find_timer(Session& session, std::int64_t id);
void note_timer(Transaction& tx, std::int64_t timer, std::string_view person, std::string_view note, Instant at);
// Open tasks that stand for a timer somebody skipped.
std::vector<Task> skipped_tasks(Session& session);
bool has_other_work(Session& session, std::string_view case_id, std::string_view but_not_kind);

}  // namespace tradecase::http
