#include "workflows/roster/roster.hpp"

#include <algorithm>

#include "engine/described.hpp"
#include "engine/text.hpp"
#include "workflows/annual_notification/dates.hpp"
#include "workflows/roster/roster_store.hpp"

namespace tradecase {
namespace {

struct NothingKept {};  // thrown to undo the transaction of a dry run, or of a file with errors

json::object row_json(const RosterRow& row) {
  return {{"legal_name", row.legal_name},
          {"dba", row.dba},
          {"program", row.program},
          {"acceptance_date", to_text(row.acceptance_date)},
          {"security_tier", row.security_tier},
          {"security_status", row.security_status},
          {"entity_kind", row.entity_kind},
          {"center", row.center},
          {"nam_email", row.nam_email},
          {"officer_name", row.officer_name},
          {"officer_email", row.officer_email},
          {"contact_name", row.contact_name},
          {"contact_email", row.contact_email},
          {"ior_numbers", join(row.ior_numbers, ";")},
          {"last_anl_accepted_on", row.last_anl_accepted_on ? to_text(*row.last_anl_accepted_on) : ""}};
}

std::string name_from_email(const std::string& email) {  // "paul.reyes@…" is called Paul Reyes until somebody says otherwise
  std::string name = email.substr(0, email.find('@'));
  bool first = true;
  for (char& c : name) {
    if (c == '.' || c == '_' || c == '-') c = ' ';
    if (first && c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    first = c == ' ';
  }
  return name;
}

class Import {
 public:
  Import(Engine& engine, Transaction& tx, RosterReport& report) : engine_(engine), tx_(tx), report_(report) {}

  void row(const RosterRow& row) {
    if (!numbers_free(row)) return;
    const auto company = find_company(tx_, row.company_id);
    if (!company) return add(row);
    if (!membership_of(row.company_id)) return carry_over(row, *company);
    update(row, *company);
  }

 private:
  bool numbers_free(const RosterRow& row) {
    bool free = true;
    for (const std::string& number : row.ior_numbers) {
      const auto owner = company_of_ior(tx_, number);
      if (!owner || *owner == row.company_id) continue;
      report_.errors.push_back({row.line, "ior_numbers", number, "This importer number stands with another company."});
      free = false;
    }
    return free;
  }

  std::optional<std::string> membership_of(const std::string& company) {
    for (const CaseSummary& found : open_cases_of(tx_, company, ""))
      if (found.workflow == "membership") return found.id;
    return std::nullopt;
  }

  Person person(const std::string& email, const std::string& name, const std::string& title) {
    if (auto found = find_person_by_email(tx_, email)) return *found;
    return add_person(tx_, {"", email, name.empty() ? name_from_email(email) : name, title, "", std::nullopt});
  }

  void set_people(const RosterRow& row, Company& company) {
    add_grant(tx_, {person(row.officer_email, row.officer_name, "Company officer").id, "officer", company.id, true});
    if (!row.contact_email.empty()) add_grant(tx_, {person(row.contact_email, row.contact_name, "").id, "contact", company.id, true});
    set_nam(row, company);
  }

  void set_nam(const RosterRow& row, Company& company) {
    if (row.nam_email.empty()) return;
    const Person nam = person(row.nam_email, "", "National Account Manager");
    add_grant(tx_, {nam.id, "nam", "", false});
    company.nam = nam.id;
  }

  void add(const RosterRow& row) {
    Company company;
    company.id = row.company_id;
    put_company(tx_, company);  // people are granted towards it
    carry_over(row, company);
  }

  // A company that has no membership here yet becomes a member as the roster says.
  void carry_over(const RosterRow& row, Company company) {
    set_plain_fields(row, company);
    company.acceptance_date = row.acceptance_date;
    company.last_anl_accepted_on = row.last_anl_accepted_on;
    company.ior_numbers = row.ior_numbers;
    set_people(row, company);
    put_company(tx_, company);
    put_roster_row(tx_, company.id, row_json(row));
    ++report_.imported;

    const Date today = engine_.today();
    const Programme& programme = engine_.programme();
    json::object admit{{"acceptance_date", to_text(row.acceptance_date)}, {"program", row.program}, {"carried_over_on", to_text(today)}};
    if (row.last_anl_accepted_on)
      admit["settled_cycle"] = anl::settled_cycle(row.acceptance_date, *row.last_anl_accepted_on, programme.rules);
    const Answer answer = engine_.open_in(tx_, "membership", company.id, "admit", admit);
    if (const auto* refusal = std::get_if<Refusal>(&answer)) throw std::logic_error("a roster row was not admitted: " + refusal->sentence);
    const auto& tiers = programme.rules.texts("membership.security_tiers");
    if (row.security_status != "good_standing" || std::ranges::find(tiers, row.security_tier) == tiers.end())
      tell(company.id, "security_status_changed", {{"tier", row.security_tier}, {"status", row.security_status}});
  }

  void set_plain_fields(const RosterRow& row, Company& company) {
    company.legal_name = row.legal_name;
    company.dba = row.dba;
    company.program = row.program;
    company.security_tier = row.security_tier;
    company.security_status = row.security_status;
    company.entity_kind = row.entity_kind;
    company.center = row.center;
  }

  void update(const RosterRow& row, Company company) {
    const json::object next = row_json(row);
    const json::object former = find_roster_row(tx_, company.id).value_or(json::object());
    RosterChange change{row.line, company.id, {}};
    const auto differs = [&](std::string_view field) {
      const auto* before = former.if_contains(field);
      return before == nullptr || *before != next.at(field);
    };
    for (const auto& [field, value] : next) {
      if (!differs(field)) continue;
      const auto* before = former.if_contains(field);
      change.what.push_back(std::string(field) + ": \"" + (before ? std::string(before->as_string()) : "") + "\" is now \"" +
                            std::string(value.as_string()) + "\"");
    }
    if (change.what.empty()) {
      ++report_.unchanged;
      return;
    }
    set_plain_fields(row, company);
    if (differs("ior_numbers")) company.ior_numbers = row.ior_numbers;
    if (differs("last_anl_accepted_on")) company.last_anl_accepted_on = row.last_anl_accepted_on;
    update_people(row, former, company, differs);
    put_company(tx_, company);
    put_roster_row(tx_, company.id, next);
    if (differs("nam_email") && !company.nam.empty()) move_tasks(tx_, company.id, Role::nam, company.nam);
    tell_membership(row, company.id, differs);
    ++report_.changed;
    report_.changes.push_back(std::move(change));
  }

  void update_people(const RosterRow& row, const json::object& former, Company& company, const auto& differs) {
    const auto replace = [&](std::string_view field, const std::string& email, const std::string& name, const std::string& role) {
      const auto* before = former.if_contains(field);
      const auto leaving = before ? find_person_by_email(tx_, before->as_string()) : std::nullopt;
      if (differs(field) && leaving && leaving->email != lower(email)) remove_grant(tx_, {leaving->id, role, company.id, false});
      if (email.empty()) return;
      Person now = person(email, name, role == "officer" ? "Company officer" : "");
      if (!name.empty() && now.name != name) {
        now.name = name;
        update_person(tx_, now);
      }
      add_grant(tx_, {now.id, role, company.id, true});
    };
    if (differs("officer_email") || differs("officer_name")) replace("officer_email", row.officer_email, row.officer_name, "officer");
    if (differs("contact_email") || differs("contact_name")) replace("contact_email", row.contact_email, row.contact_name, "contact");
    if (differs("nam_email")) set_nam(row, company);
  }

  void tell_membership(const RosterRow& row, const std::string& company, const auto& differs) {
    if (differs("acceptance_date"))
      tell(company, "correct_acceptance_date",
           {{"acceptance_date", to_text(row.acceptance_date)}, {"reason", "the roster of " + spoken(engine_.today()) + " says so"}});
    if (differs("security_tier") || differs("security_status"))
      tell(company, "security_status_changed", {{"tier", row.security_tier}, {"status", row.security_status}});
    if (differs("last_anl_accepted_on") && row.last_anl_accepted_on) {
      const int settled = anl::settled_cycle(row.acceptance_date, *row.last_anl_accepted_on, engine_.programme().rules);
      tell(company, "settle_cycles", {{"settled_cycle", settled}, {"on", to_text(*row.last_anl_accepted_on)}});
    }
  }

  void tell(const std::string& company, const std::string& command, json::object body) {
    const auto membership = membership_of(company);
    if (!membership) return;
    Command said;
    said.case_id = *membership;
    said.name = command;
    said.body = std::move(body);
    said.actor = "timer";
    const Answer answer = engine_.execute_in(tx_, said);
    if (const auto* refusal = std::get_if<Refusal>(&answer)) throw std::logic_error(command + " was refused: " + refusal->sentence);
  }

  Engine& engine_;
  Transaction& tx_;
  RosterReport& report_;
};

}  // namespace

RosterReport import_roster(Engine& engine, const std::vector<RosterRow>& rows, RosterMode mode, bool had_errors) {
  RosterReport report;
  try {
    engine.database().write([&](Transaction& tx) {
      Import import(engine, tx, report);
      for (const RosterRow& row : rows) import.row(row);
      const bool bad = had_errors || !report.errors.empty();
      if (mode == RosterMode::dry_run || (mode == RosterMode::all_or_nothing && bad)) throw NothingKept();
      if (report.imported + report.changed > 0)
        record_line(tx, "import", "members", "operator", engine.now(),
                    {{"imported", report.imported}, {"unchanged", report.unchanged}, {"changed", report.changed}});
    });
  } catch (const NothingKept&) {
    // the report says what would have been
  }
  return report;
}

}  // namespace tradecase
