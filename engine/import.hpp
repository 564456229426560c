// What an import hands over: rows as plain values, and every bad line by its number. Reading files is an adapter's business,
// storing the rows a store's; both meet here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/clock.hpp"

namespace tradecase {

// One fault of one row. The value is printable UTF-8 (what is not is shown as U+FFFD), shortened where long, and masked where it
// has the form of a social security number.
struct LineError {
  std::int64_t line = 0;  // physical line on which the row begins, header = 1
  std::string field;      // canonical column name; empty where the fault is the whole row's
  std::string value;      // as it stands in the file
  std::string reason;     // a sentence for the person who has to mend the file

  bool operator==(const LineError&) const = default;
};

// One member of the roster. Empty text: not given. Words are in the spelling of the rule (program "CTPAT-TC", tier "II").
struct RosterRow {
  std::string company_id;  // letters, digits, "-", "_", "."; up to 40
  std::string legal_name;
  std::string dba;
  std::string program;  // ISA, CTPAT-TC
  Date acceptance_date;
  std::string security_tier;    // I, II, III
  std::string security_status;  // good_standing, suspended, removed
  std::string entity_kind;      // importer, exporter, …; empty where not given
  std::string center;           // Center of Excellence and Expertise
  std::string nam_email;
  std::string officer_name;
  std::string officer_email;
  std::string contact_name;  // may be empty where contact_email is given, never the other way round
  std::string contact_email;
  std::vector<std::string> ior_numbers;  // normalised, each once, in the order of the file
  std::optional<Date> last_anl_accepted_on;
  std::int64_t line = 0;  // where it stands in the file

  bool operator==(const RosterRow&) const = default;
};

// One tariff ordinal within a line of an entry summary: a row of the ACE report ES-003 [C]. Empty text: not given.
struct EntryLine {
  std::string entry_number;  // 11 characters, no dashes: filer code 3, number 7, check digit 1
  int line = 0;              // entry summary line, from 1
  int ordinal = 1;           // tariff ordinal within the line, from 1
  std::string importer_number;
  std::optional<Date> entry_date;  // at least one of the two dates is there
  std::optional<Date> summary_date;
  std::string hts;                // digits only: 10, or 8 in chapters 98 and 99
  std::string country_of_origin;  // two letters
  std::int64_t value_cents = 0;   // goods value, U.S. cents, not negative
  std::optional<std::int64_t> duty_cents;
  std::string entry_type;
  std::string port_of_entry;
  std::string country_of_export;
  std::string manufacturer_id;
  std::string spi;       // special programme indicator
  std::string quantity;  // decimal without grouping commas: "1250.5"
  std::string uom;       // unit of the quantity
  std::string importer_name;
  std::string reconciliation;
  std::optional<Date> liquidation_date;
  std::string liquidation_status;
  std::string review_team;
  std::string psc;               // post summary correction indicator
  std::int64_t source_line = 0;  // where it stands in the file

  bool operator==(const EntryLine&) const = default;
};

}  // namespace tradecase
