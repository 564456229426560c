#include "adapters/ace/roster.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "adapters/ace/columns.hpp"
#include "adapters/ace/csv.hpp"
#include "adapters/ace/fields.hpp"
#include "engine/nearest.hpp"

namespace tradecase {
namespace {

enum RosterColumn : std::size_t {
  company_id,
  legal_name,
  dba,
  program,
  acceptance_date,
  security_tier,
  security_status,
  entity_kind,
  center,
  nam_email,
  officer_name,
  officer_email,
  contact_name,
  contact_email,
  ior_numbers,
  last_anl_accepted_on,
};

const std::array<ColumnName, 16> layout{{
    {"company_id", true},
    {"legal_name", true},
    {"dba"},
    {"program", true},
    {"acceptance_date", true},
    {"security_tier", true},
    {"security_status", true},
    {"entity_kind"},
    {"center"},
    {"nam_email"},
    {"officer_name", true},
    {"officer_email", true},
    {"contact_name"},
    {"contact_email"},
    {"ior_numbers"},
    {"last_anl_accepted_on"},
}};

std::vector<std::string> column_names() {
  std::vector<std::string> names;
  std::ranges::transform(layout, std::back_inserter(names), [](const ColumnName& column) { return std::string(column.name); });
  return names;
}

// What the rows so far have claimed: company ids and importer numbers, each by the line that named it first.
struct Claims {
  struct Importer {
    std::string company_id;
    std::int64_t line = 0;
  };
  std::unordered_map<std::string, std::int64_t> companies;
  std::unordered_map<std::string, Importer> importers;
};

void take_company(Fields& fields, RosterRow& row, Claims& claims) {
  fields.take(company_id, row.company_id, take_company_id);
  if (row.company_id.empty()) return;
  const auto [first, is_new] = claims.companies.try_emplace(row.company_id, row.line);
  if (!is_new) fields.wrong(company_id, "line " + std::to_string(first->second) + " has this company id already");
}

void take_words(Fields& fields, RosterRow& row) {
  const auto one_of = [](auto... words) { return [=](std::string_view text) { return take_word(text, {std::string_view(words)...}); }; };
  fields.take(program, row.program, one_of("ISA", "CTPAT-TC"));
  fields.take(security_tier, row.security_tier, one_of("I", "II", "III"));
  fields.take(security_status, row.security_status, one_of("good_standing", "suspended", "removed"));
  fields.take(entity_kind, row.entity_kind,
              one_of("importer", "exporter", "carrier", "broker", "consolidator", "3pl", "manufacturer", "terminal"));
}

void take_people(Fields& fields, RosterRow& row) {
  fields.take(nam_email, row.nam_email, take_email);
  fields.take(officer_name, row.officer_name, take_name);
  fields.take(officer_email, row.officer_email, take_email);
  fields.take(contact_name, row.contact_name, take_name);
  fields.take(contact_email, row.contact_email, take_email);
  if (!fields.text(contact_name).empty() && fields.text(contact_email).empty()) {
    fields.wrong(contact_email, "the contact named needs an e-mail address");
  }
}

void take_importer(Fields& fields, RosterRow& row, Claims& claims, std::string_view text) {
  auto taken = take_importer_number(text);
  if (auto* fault = std::get_if<Wrong>(&taken)) return fields.wrong(ior_numbers, text, std::move(fault->reason));
  std::string number = std::get<std::string>(std::move(taken));
  if (std::ranges::find(row.ior_numbers, number) != row.ior_numbers.end()) return;
  const auto [first, is_new] = claims.importers.try_emplace(number, Claims::Importer{row.company_id, row.line});
  const Claims::Importer& owner = first->second;
  if (!is_new && (owner.company_id != row.company_id || row.company_id.empty())) {
    const std::string whose = owner.company_id.empty() ? "another company" : owner.company_id;
    return fields.wrong(ior_numbers, text, "line " + std::to_string(owner.line) + " gives this number to " + whose + " already");
  }
  row.ior_numbers.push_back(std::move(number));
}

void take_importers(Fields& fields, RosterRow& row, Claims& claims) {
  std::string_view rest = fields.text(ior_numbers);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    const std::string_view one = stripped(rest.substr(0, end));
    if (!one.empty()) take_importer(fields, row, claims, one);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

void take_dates(Fields& fields, RosterRow& row, Date today) {
  const auto past = [today](std::string_view text) { return take_past_date(text, today); };
  std::optional<Date> accepted;
  fields.take(acceptance_date, accepted, past);
  fields.take(last_anl_accepted_on, row.last_anl_accepted_on, past);
  if (accepted) row.acceptance_date = *accepted;
  if (accepted && row.last_anl_accepted_on && *row.last_anl_accepted_on < *accepted) {
    fields.wrong(last_anl_accepted_on, "this is before the acceptance date, " + to_text(*accepted));
  }
}

std::vector<LineError> unknown_columns(const Header& header, std::int64_t line) {
  std::vector<LineError> errors;
  for (const std::string& name : header.unknown) {
    const std::string text = csv::shown(stripped(name));
    const std::string reason =
        text.empty() ? "a column has no name" : "a roster has no column of this name" + did_you_mean(text, column_names());
    errors.push_back({line, text, text, reason});
  }
  return errors;
}

struct Reading {
  const Header& header;
  Date today;
  Claims claims{};
  RosterFile file{};
};

void read_row(Reading& reading, const csv::Row& row) {
  ++reading.file.rows;
  if (row.fault) {
    reading.file.errors.push_back(line_error(row, *row.fault, reading.header, layout));
    return;
  }
  RosterRow member;
  member.line = row.line;
  Fields fields(row, reading.header, layout);
  take_company(fields, member, reading.claims);
  fields.take(legal_name, member.legal_name, take_name);
  fields.take(dba, member.dba, take_name);
  fields.take(center, member.center, take_name);
  take_words(fields, member);
  take_people(fields, member);
  take_importers(fields, member, reading.claims);
  take_dates(fields, member, reading.today);
  std::vector<LineError> errors = fields.errors();
  if (errors.empty() && reading.header.errors.empty()) reading.file.good.push_back(std::move(member));
  std::ranges::move(errors, std::back_inserter(reading.file.errors));
}

}  // namespace

RosterFile read_roster(std::istream& in, Date today) {
  csv::Reader reader(in);
  csv::Row row;
  if (!reader.next(row)) return {0, {}, {{1, "", "", "the file is empty: it has no header row"}}};
  if (std::vector<LineError> errors = header_faults(row); !errors.empty()) return {0, {}, std::move(errors)};
  const Header header = find_columns(row, layout);
  Reading reading{header, today};
  reading.file.errors = header.errors;
  std::ranges::move(unknown_columns(header, row.line), std::back_inserter(reading.file.errors));
  while (reader.next(row)) read_row(reading, row);
  return std::move(reading.file);
}

}  // namespace tradecase
