// What the company files, the workload and the due calendar read.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/store/store.hpp"

namespace tradecase::http {

// ---- companies
struct CompanyRow {
  std::string id, name, program, security_tier, security_status, nam_name;
  std::int64_t open_cases = 0;
};
struct CompanyCursor {
  std::string name, id;
};
// By name; `text` is found in names, ids, and as an importer number.
std::vector<CompanyRow> companies_page(Session& session, std::string_view text, const std::optional<CompanyCursor>& after, int limit);

struct CompanyCase {
  std::string id, workflow, state;
  int cycle = 0;
  Instant opened_at{};
  std::optional<Instant> closed_at;
  std::optional<Date> due_on;
};
std::vector<CompanyCase> cases_of_company(Session& session, std::string_view company);  // the newest first

struct FiledLetter {
  std::string case_id, hash, title;
  Instant written_at{};
};
std::vector<FiledLetter> filed_letters(Session& session, std::string_view company, int limit);  // the newest first

struct HeldRole {
  Person person;
  std::string role;
};
std::vector<HeldRole> roles_held_at(Session& session, std::string_view company);

// ---- load
struct DueCount {
  std::string nam;  // person id; empty where a company has none
  Date due_on;
  std::int64_t cases = 0;
};
std::vector<DueCount> due_counts(Session& session, Date from, Date before);  // open cases by their next due day
std::int64_t accounts_of(Session& session, std::string_view nam);
std::int64_t open_tasks_of_person(Session& session, std::string_view person, std::int64_t most);

struct LoadedAccount {
  std::string company, name, membership;  // membership: the id of its open case; empty where there is none
  std::int64_t open_cases = 0, due_cases = 0;
};
std::vector<LoadedAccount> accounts_with_load(Session& session, std::string_view nam, Date from, Date before);

// ---- due calendar
struct DueCase {
  std::string id, workflow, state, company_name, deadline;
  int cycle = 0;
  Date due_on;
};
std::vector<DueCase> due_cases(Session& session, Date from, Date before, std::string_view nam, int limit);  // nam "": everybody's

// ---- bulk actions
struct BulkRun {
  std::string command, results;
  Instant at{};
};
void save_bulk_run(Transaction& tx, std::string_view token, std::string_view person, const BulkRun& run);
std::optional<BulkRun> find_bulk_run(Session& session, std::string_view token, std::string_view person);

}  // namespace tradecase::http
