// Changes of rules on record: somebody proposes a value, somebody else approves it, and from its day on it stands in the place of the
// rules file's.
#pragma once

#include "engine/json.hpp"
#include "engine/store/store.hpp"

namespace tradecase {

std::vector<Migration> rule_change_migrations(int first_number);

struct RuleChange {
  std::int64_t id = 0;
  std::string key;
  json::value former, value;  // as the rules hold them
  Date effective_on{};
  std::string reason;
  std::string status = "proposed";  // proposed, approved, applied, dropped
  std::string proposed_by;          // person ids
  Instant proposed_at{};
  std::string approved_by;
  std::string ended_by;  // who dropped it
  std::optional<Instant> ended_at;
  std::int64_t dates = 0;  // moved when it was applied
};

std::int64_t add_rule_change(Transaction& tx, const RuleChange& change);  // its id
void set_rule_change(Transaction& tx, const RuleChange& change);          // status, approved_by, ended_by, ended_at, dates
std::optional<RuleChange> find_rule_change(Session& session, std::int64_t id);
std::vector<RuleChange> rule_changes(Session& session);                       // the newest first
std::vector<RuleChange> due_rule_changes(Session& session, Date today);       // approved, their day has come; by day
std::vector<RuleChange> rule_changes_in_force(Session& session);              // applied; a later one of a key overrules an earlier
std::optional<Date> next_rule_change_on(Session& session, Date after_today);  // the day of the next approved one

}  // namespace tradecase
