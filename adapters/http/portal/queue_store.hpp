// N1's rows: open tasks in the order of their due day or their age, lane by lane.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/store/store.hpp"

namespace tradecase::http {

// One run of open tasks. Several lanes make a view; they do not overlap.
struct QueueLane {
  enum class Kind {
    person,   // a person's own
    free,     // of whoever holds the role
    role,     // all of a role
    account,  // of a role, for the companies of one account manager
  };
  Kind kind = Kind::person;
  std::string who;  // person id, or role code
  std::string nam;  // of an account lane
};

struct QueueFilter {
  std::string workflow;
  std::vector<std::string> states;     // of that workflow, the ones to be met; empty without a workflow
  std::vector<std::string> companies;  // ids; with company_asked, an empty list finds nothing
  bool company_asked = false;
  std::optional<Date> due_before;  // strictly before
};

enum class QueueOrder {
  due,
  due_last,
  oldest,  // as they were opened, which is as they are numbered
};

struct QueueCursor {  // the row after which the page begins
  std::string key;
  std::int64_t id = 0;
};

struct QueueRow {
  std::int64_t id = 0;
  std::string case_id, workflow, state, company, company_name, security_status, kind, title, role, person, person_name;
  std::string deadline;  // the ledger's name of the due day; empty where it has none
  std::string key;       // the due day, '9999-12-31' where there is none: with id the place in the order
  int cycle = 0, returns = 0;
  std::optional<Date> due_on;
  Instant opened_at{};
};

std::vector<Migration> queue_migrations(int first_number);  // its indexes; session_store.hpp makes the table

std::vector<QueueRow> queue_rows(Session& session, const std::vector<QueueLane>& lanes, const QueueFilter& filter, QueueOrder order,
                                 const std::optional<QueueCursor>& after, int limit);
std::int64_t count_queue(Session& session, const std::vector<QueueLane>& lanes, const QueueFilter& filter, std::int64_t most);

struct SavedFilter {
  std::int64_t id = 0;
  std::string name, query;
};
std::vector<SavedFilter> saved_filters_of(Session& session, std::string_view person);
void save_filter(Transaction& tx, std::string_view person, std::string_view name, std::string_view query);  // the same name: replaced
void forget_filter(Transaction& tx, std::string_view person, std::int64_t id);

std::vector<std::string> companies_like(Session& session, std::string_view text, int limit);          // ids, by name or id
std::vector<std::string> away_for(Session& session, std::string_view delegate, std::string_view on);  // whom they stand in for

}  // namespace tradecase::http
