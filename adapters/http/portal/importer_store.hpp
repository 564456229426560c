// What the company's pages ask of the tables beyond engine/store: its people, its letters, its entries, its calendar's secret address.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/store/store.hpp"

namespace tradecase::http {

struct CompanyPerson {
  std::string name, title, email, phone;
  std::vector<std::string> roles;  // officer, preparer, contact
  bool notices = false;            // gets the company's letters by mail
};
std::vector<CompanyPerson> people_of_company(Session& session, std::string_view company, Date on);  // by name, nobody who has left

struct CompanyLetter {
  std::string case_id, workflow, title, hash;
  int cycle = 0;
  Instant written_at{};
};
std::vector<CompanyLetter> letters_of_company(Session& session, std::string_view company, int limit);  // mailed to its people, newest first

// One row of entry lines as a list shows it; detail holds spi, reconciliation, psc, liquidation_status …
struct EntryRow {
  std::string entry_number, entry_date, hts, country, detail;
  std::int64_t line = 0, value_cents = 0;
  std::optional<std::int64_t> duty_cents;
};
// Entry lines of a company, all or those that `kind` names: reconciliation, spi, psc. Nothing for another kind.
std::vector<EntryRow> entry_rows(Session& session, std::string_view company, std::string_view kind, int limit, int offset);

struct EntryCounts {
  std::int64_t lines = 0, entries = 0, value_cents = 0, duty_cents = 0, undated_duty = 0;  // undated_duty: lines without a duty on file
  std::int64_t reconciliation = 0, spi = 0, psc = 0;
  std::string first_day, last_day;
};
EntryCounts count_entries(Session& session, std::string_view company);

// The address of a person's calendar feed: one at a time, stored as its hash; making a new one or ending it revokes the old.
void set_feed(Transaction& tx, std::string_view person, std::string_view token);
void end_feed(Transaction& tx, std::string_view person);
bool has_feed(Session& session, std::string_view person);
std::optional<std::string> person_of_feed(Session& session, std::string_view token);

}  // namespace tradecase::http
