// What stands in the tables, as plain values. Readers take a Session&; what changes something takes the Transaction& of its
// caller and never commits. Grouped as the .cpp files are: cases, history, tasks, timers, deadlines, letters, facts, people.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/case.hpp"
#include "engine/command.hpp"
#include "engine/deadline.hpp"
#include "engine/delivery.hpp"
#include "engine/letter.hpp"
#include "engine/store/database.hpp"

namespace tradecase {

inline std::int64_t to_ms(Instant instant) { return instant.time_since_epoch().count(); }
inline Instant from_ms(std::int64_t ms) { return Instant(std::chrono::milliseconds(ms)); }
Date stored_date(std::string_view iso);  // throws std::runtime_error: a broken store
std::optional<Date> stored_date_or_none(const std::optional<std::string>& iso);

// ---- meta.cpp ---------------------------------------------------------------------------------------------------------
std::optional<std::string> find_meta(Session& session, std::string_view name);
void put_meta(Transaction& tx, std::string_view name, std::string_view value);

// ---- cases.cpp ----------------------------------------------------------------------------------------------------------
std::string next_case_id(Session& session, int year);  // TC-2026-000001, counted per year
std::optional<Case> find_case(Session& session, std::string_view id);
void insert_case(Transaction& tx, const Case& opened);
void update_case(Transaction& tx, const Case& changed, std::optional<Instant> closed_at);
void update_case_in_state(Transaction& tx, const Case& changed);  // likewise, where its state stayed
// The same where tasks or deadlines may have changed: finds anew who has the ball, the state's task first, and by when.
void settle_case(Transaction& tx, const Case& changed, std::optional<Instant> closed_at);
std::vector<CaseSummary> open_cases_of(Session& session, std::string_view company, std::string_view but_not_case);

struct CaseFilter {
  std::string company, workflow, state;
  std::string owner;               // person id or role code
  std::optional<Date> due_before;  // strictly before
  bool open_only = false;
};
struct CaseRow {
  std::string id, workflow, company, state, owner, owner_email;
  int cycle = 0;
  std::int64_t version = 0;
  std::optional<Date> due_on;
  bool open = true;
};
std::vector<CaseRow> find_cases(Session& session, const CaseFilter& filter);

// ---- history.cpp --------------------------------------------------------------------------------------------------------
struct Event {
  std::int64_t n = 0;
  std::string case_id, kind, line;
  std::optional<std::string> data;
};
// One line of the record as values. case_id and data may be empty where the kind allows it; v, case_prev, from and to belong to
// an event, code to a refusal.
struct RecordLine {
  std::int64_t n = 0;
  std::string at, kind, actor, command, case_id;
  std::int64_t v = 0;
  std::string case_prev, from, to, code, data;
};
std::string written(const RecordLine& line);                  // its bytes, without LF
std::optional<RecordLine> parse_line(std::string_view text);  // nothing where a field is missing or is of another type

// Each writes one line of the record as record.md says; `data` stands beside it, its hash in it.
void record_event(Transaction& tx, Case& changed, std::string_view from, std::string_view command, std::string_view actor, Instant at,
                  const json::object& data);
void record_refusal(Transaction& tx, std::string_view case_id, std::string_view command, std::string_view actor, Instant at,
                    const Refusal& refusal, const json::object& body);
void record_line(Transaction& tx, std::string_view kind, std::string_view command, std::string_view actor, Instant at,
                 const json::object& data);
std::vector<Event> find_events(Session& session, const std::string& where, Binds binds);  // where: as find_tasks
std::vector<Event> history_of(Session& session, std::string_view case_id);
void each_line(Session& session, const std::function<void(const Event&)>& f);  // all, in order of n

// ---- receipts.cpp -------------------------------------------------------------------------------------------------------
struct StoredReceipt {
  std::string body_hash;
  Answer answer;
};
std::optional<StoredReceipt> find_receipt(Session& session, std::string_view actor, std::string_view key);
void save_receipt(Transaction& tx, std::string_view actor, std::string_view key, std::string_view body_hash, const Answer& answer,
                  Instant at);

// ---- tasks.cpp ----------------------------------------------------------------------------------------------------------
struct Task {
  std::int64_t id = 0;
  std::string case_id, company, kind, title;
  Role role = Role::admin;
  std::string person;  // empty: whoever holds the role
  std::optional<Date> due_on;
  bool of_state = false;
  Instant opened_at{};
};
void open_task(Transaction& tx, const Task& task);  // one open task a kind and case: opening it again renews it
void close_task(Transaction& tx, std::string_view case_id, std::string_view kind, Instant at);
void close_state_task(Transaction& tx, std::string_view case_id, Instant at);
void close_all_tasks(Transaction& tx, std::string_view case_id, Instant at);
// where: the SQL behind "from tasks", from "where" on; the caller's own text, values only as binds.
std::vector<Task> find_tasks(Session& session, const std::string& where, Binds binds);
std::vector<Task> open_tasks_of(Session& session, std::string_view case_id);
void move_tasks(Transaction& tx, std::string_view company, Role role, std::string_view to_person);  // a company's tasks of a role
std::int64_t reassign_tasks(Transaction& tx, std::string_view from_person, std::string_view to_person);

// ---- timers.cpp -----------------------------------------------------------------------------------------------------------
struct Timer {
  std::int64_t id = 0;
  std::string case_id, name, command;
  Instant due_at{};
  json::object body;
  int attempts = 0;
  std::string status, detail;
};
void start_timer(Transaction& tx, const Timer& timer);
void stop_timers(Transaction& tx, std::string_view case_id, std::string_view name_or_prefix);  // prefix: ends in ':'
void stop_all_timers(Transaction& tx, std::string_view case_id);
std::vector<Timer> find_timers(Session& session, const std::string& where, Binds binds);  // where: as find_tasks
std::vector<Timer> pending_timers_of(Session& session, std::string_view case_id);
std::vector<Timer> due_timers(Session& session, Instant now, int limit);  // by due time, then id
std::optional<Instant> next_timer_at(Session& session);
bool claim_timer(Transaction& tx, const Timer& timer);  // still pending with that due time?
void end_timer(Transaction& tx, std::int64_t id, std::string_view status, std::string_view detail);
void postpone_timer(Transaction& tx, std::int64_t id, Instant try_at, std::string_view detail);  // its command failed
std::vector<Timer> refused_timers(Session& session);
// When a worker last fired all that was due, and the youngest timer there was then: none of those may be left.
struct Pass {
  Instant at{};
  std::int64_t timer = 0;
};
std::int64_t youngest_timer(Session& session);
void note_pass(Transaction& tx, const Pass& pass);
Pass last_pass(Session& session);

// ---- deadlines.cpp ----------------------------------------------------------------------------------------------------------
struct LedgerEntry {
  std::int64_t id = 0;
  std::string case_id, name;
  Derivation derivation;
  Instant due_at{};
  std::int64_t set_by_version = 0;
  std::optional<std::int64_t> superseded_by;
  std::optional<std::int64_t> ended_by_version;
  bool current() const { return !superseded_by; }
};
void set_deadline(Transaction& tx, std::string_view case_id, std::string_view name, const Derivation& derivation, Instant due_at,
                  std::int64_t version);
void end_deadlines(Transaction& tx, std::string_view case_id, std::string_view name_or_prefix, std::int64_t version);  // "" = all
std::vector<LedgerEntry> ledger_of(Session& session, std::string_view case_id);                             // all entries, oldest first
std::optional<LedgerEntry> deadline_of(Session& session, std::string_view case_id, std::string_view name);  // the entry in force
std::optional<Date> nearest_due(Session& session, std::string_view case_id);  // of deadlines that stand and are somebody's to meet

// ---- facts.cpp --------------------------------------------------------------------------------------------------------------
void record_fact(Transaction& tx, std::string_view company, const Fact& fact,
                 Instant at);                                            // an equal value changes as_of and source by a new row
std::vector<Fact> facts_of(Session& session, std::string_view company);  // current, by key

// ---- letters.cpp ------------------------------------------------------------------------------------------------------------
struct Letter {
  std::int64_t id = 0;
  std::string case_id, letter, title, hash, about;
  std::int64_t version = 0;
  Instant written_at{};
  int mails = 0;
};
struct Document {
  std::string hash, title, html, text;
};
std::int64_t save_letter(Transaction& tx, std::string_view case_id, std::int64_t version, std::string_view letter, std::string_view about,
                         const RenderedLetter& rendered, Instant at);
std::vector<Letter> letters_of(Session& session, std::string_view case_id);
std::optional<Document> find_document(Session& session, std::string_view hash);  // whole hash, or a prefix of 8 or more that only one has

struct OutboxRow {
  std::int64_t id = 0;
  std::string case_id, status, detail;
  std::int64_t letter_id = 0;
  Message message;
  Instant written_at{}, try_at{};
  int attempts = 0;
};
void queue_message(Transaction& tx, std::string_view case_id, std::int64_t letter_id, std::string_view to_person, const Message& message,
                   std::string_view content_hash, Instant at);
std::vector<OutboxRow> find_messages(Session& session, std::string_view status, std::string_view case_id, int limit);
std::optional<OutboxRow> find_message(Session& session, std::int64_t id);
std::vector<OutboxRow> claim_messages(Transaction& tx, std::string_view claimed_by, Instant now, int limit);
std::optional<Instant> next_message_at(Session& session);
void set_message(Transaction& tx, std::int64_t id, std::string_view status, int attempts, Instant try_at, std::string_view detail,
                 std::optional<Instant> done_at);
// After a crash: claimed but not begun goes back to queued; begun and not answered is unknown. Returns those.
std::vector<OutboxRow> recover_messages(Transaction& tx, std::string_view claimed_by, Instant now);
std::map<std::string, std::int64_t> count_messages(Session& session);  // by status

// ---- people.cpp -------------------------------------------------------------------------------------------------------------
struct Grant {
  std::string person, role, company;
  bool notices = false;
};
struct Absence {
  std::int64_t id = 0;
  std::string person, delegate;
  Date from_on, to_on;  // both days included
};
std::optional<Person> find_person(Session& session, std::string_view id);
std::optional<Person> find_person_by_email(Session& session, std::string_view email);
std::vector<Person> all_people(Session& session);
std::vector<Grant> grants_of(Session& session, std::string_view person);
Person add_person(Transaction& tx, const Person& person);  // id is given here
void update_person(Transaction& tx, const Person& person);
void add_grant(Transaction& tx, const Grant& grant);
void remove_grant(Transaction& tx, const Grant& grant);
void add_absence(Transaction& tx, const Absence& absence);
std::vector<Absence> absences_of(Session& session, std::string_view person);
std::optional<std::string> delegate_of(Session& session, std::string_view person, Date on);  // person id, where they are absent that day
// Members of staff (company ""), or of a company, who have not left by that day.
std::vector<Person> people_with(Session& session, std::string_view role, std::string_view company, std::optional<Date> on = {});

// The person towards a company on a day; nothing where there is no such person, or they have left.
std::optional<Actor> find_actor(Session& session, std::string_view person, const Company& company, Date on);
Actor timer_actor();

// ---- companies.cpp ----------------------------------------------------------------------------------------------------------
std::optional<Company> find_company(Session& session, std::string_view id);
std::vector<Company> all_companies(Session& session);
void put_company(Transaction& tx, const Company& company);  // inserts or updates, its IORs too
std::optional<std::string> company_of_ior(Session& session, std::string_view number);

}  // namespace tradecase
