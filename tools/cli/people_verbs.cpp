// people company
#include <algorithm>
#include <iostream>

#include "engine/text.hpp"
#include "tools/cli/shell.hpp"
#include "workflows/importer_number.hpp"

namespace tradecase {
namespace {

const std::vector<std::string> company_roles{"officer", "preparer", "contact"};
const std::vector<std::string> staff_roles{"nam", "supervisor", "compliance", "auditor", "appeals", "admin"};

bool is_one_of(const std::string& word, const std::vector<std::string>& words) { return std::ranges::find(words, word) != words.end(); }

Date day_or_stop(const std::string& text) {
  const auto day = parse_date(text);
  if (!day) stop(RefusalCode::invalid, "\"" + text + "\" is not a day that exists; write 2026-01-05 or 01/05/2026.");
  return *day;
}

void clean_or_stop(const std::string& what, const std::string& text) {
  if (const auto problem = text_problem(text, 200)) stop(RefusalCode::invalid, what + " " + *problem + ".");
}

// ---- people ---------------------------------------------------------------------------------------------------------------

int list_people(Shell& shell) {
  Site& site = shell.site();
  const Date today = site.engine().today();
  json::array all;
  std::vector<std::vector<std::string>> rows;
  site.database().read([&](Session& session) {
    for (const Person& person : all_people(session)) {
      json::array roles;
      std::vector<std::string> words;
      for (const Grant& grant : grants_of(session, person.id)) {
        roles.push_back(json::object{{"role", grant.role}, {"company", grant.company}, {"notices", grant.notices}});
        words.push_back(grant.role + (grant.company.empty() ? "" : " of " + grant.company));
      }
      const auto delegate = delegate_of(session, person.id, today);
      const auto standing_in = delegate ? find_person(session, *delegate) : std::nullopt;
      all.push_back(json::object{{"id", person.id},
                                 {"email", person.email},
                                 {"name", person.name},
                                 {"title", person.title},
                                 {"phone", person.phone},
                                 {"roles", std::move(roles)},
                                 {"departed_on", person.departed_on ? json::value(to_text(*person.departed_on)) : json::value(nullptr)},
                                 {"away_delegate", standing_in ? json::value(standing_in->email) : json::value(nullptr)}});
      const std::string status = person.departed_on ? "left " + to_text(*person.departed_on)
                                 : standing_in      ? "away, " + standing_in->email + " acts"
                                                    : "";
      rows.push_back({person.id, person.email, person.name, join(words, ", "), status});
    }
  });
  if (shell.as_json)
    shell.print(all);
  else
    print_table({"id", "e-mail", "name", "roles", "status"}, rows);
  return 0;
}

struct NewPerson {
  std::string email, name, title, phone, role, company;
};

int add(Shell& shell, const NewPerson& options) {
  const bool of_company = is_one_of(options.role, company_roles);
  if (of_company == options.company.empty())
    stop(RefusalCode::invalid,
         of_company ? "A role of a company needs --company." : "A role of the agency is for all companies: leave --company out.");
  for (const auto& [what, text] : {std::pair{"The name", options.name}, {"The title", options.title}, {"The phone number", options.phone}})
    clean_or_stop(what, text);
  const auto at = options.email.find('@');
  if (at == std::string::npos || at == 0 || options.email.find('@', at + 1) != std::string::npos ||
      options.email.find_first_of(" \t\r\n<>,;\"") != std::string::npos)
    stop(RefusalCode::invalid, "\"" + options.email + "\" is not an e-mail address.");
  Engine& engine = shell.site().engine();
  const Person person = shell.site().database().write([&](Transaction& tx) {
    if (of_company && !find_company(tx, options.company)) stop(RefusalCode::not_found, "There is no company " + options.company + ".");
    auto found = find_person_by_email(tx, options.email);
    if (found) {  // known already: what is said of them now holds
      if (!options.name.empty()) found->name = options.name;
      if (!options.title.empty()) found->title = options.title;
      if (!options.phone.empty()) found->phone = options.phone;
      update_person(tx, *found);
    } else {
      found = add_person(tx, {"", options.email, options.name, options.title, options.phone, std::nullopt});
    }
    add_grant(tx, {found->id, options.role, options.company, of_company});
    record_line(tx, "people", "add", "operator", engine.now(),
                {{"person", found->id}, {"role", options.role}, {"company", options.company}});
    return *found;
  });
  if (shell.as_json)
    shell.print(json::object{{"id", person.id}, {"email", person.email}});
  else
    std::cout << person.name << " (" << person.id << ") is " << options.role << (of_company ? " of " + options.company : "") << ".\n";
  return 0;
}

// A National Account Manager gets a company, with the open tasks of the account.
int assign(Shell& shell, const std::string& email, const std::string& company_id) {
  const Person person = shell.person(email);
  Engine& engine = shell.site().engine();
  shell.site().database().write([&](Transaction& tx) {
    const auto grants = grants_of(tx, person.id);
    if (std::ranges::none_of(grants, [](const Grant& grant) { return grant.role == "nam"; }))
      stop(RefusalCode::guard, email + " is not a National Account Manager (tradecase people add --role nam).");
    if (person.departed_on) stop(RefusalCode::guard, email + " has left.");
    auto company = find_company(tx, company_id);
    if (!company) stop(RefusalCode::not_found, "There is no company " + company_id + ".");
    const std::string former = company->nam;
    company->nam = person.id;
    put_company(tx, *company);
    move_tasks(tx, company_id, Role::nam, person.id);
    for (const CaseSummary& open : open_cases_of(tx, company_id, "")) close_task(tx, open.id, "name_nam", engine.now());
    record_line(tx, "people", "assign", "operator", engine.now(), {{"person", person.id}, {"company", company_id}, {"former", former}});
  });
  if (shell.as_json)
    shell.print(json::object{{"company", company_id}, {"nam", email}});
  else
    std::cout << person.name << " is the National Account Manager of " << company_id << ".\n";
  return 0;
}

struct Away {
  std::string email, from, to, delegate;
};

int absent(Shell& shell, const Away& options) {
  const Person person = shell.person(options.email), delegate = shell.person(options.delegate);
  const Date from = day_or_stop(options.from), to = day_or_stop(options.to);
  if (to < from) stop(RefusalCode::invalid, "An absence ends on or after the day it begins.");
  if (person.id == delegate.id) stop(RefusalCode::guard, "Nobody is their own delegate.");
  Engine& engine = shell.site().engine();
  shell.site().database().write([&](Transaction& tx) {
    const auto roles_of = [&](const Person& somebody) {
      std::vector<std::string> roles;
      for (const Grant& grant : grants_of(tx, somebody.id))
        if (grant.company.empty()) roles.push_back(grant.role);
      return roles;
    };
    const auto theirs = roles_of(delegate);
    for (const std::string& role : roles_of(person))
      if (!is_one_of(role, theirs))
        stop(RefusalCode::guard, options.delegate + " is not " + role + " and cannot stand in for " + options.email + ".");
    const auto overlaps = [&](const Absence& absence) { return absence.from_on <= to && absence.to_on >= from; };
    for (const Absence& absence : absences_of(tx, delegate.id))
      if (overlaps(absence))
        stop(RefusalCode::guard, options.delegate + " is away from " + to_text(absence.from_on) + " to " + to_text(absence.to_on) + ".");
    for (const Absence& absence : absences_of(tx, person.id))
      if (overlaps(absence))
        stop(RefusalCode::guard,
             options.email + " is entered as away from " + to_text(absence.from_on) + " to " + to_text(absence.to_on) + " already.");
    add_absence(tx, {0, person.id, delegate.id, from, to});
    record_line(tx, "people", "absent", "operator", engine.now(),
                {{"person", person.id}, {"delegate", delegate.id}, {"from", to_text(from)}, {"to", to_text(to)}});
  });
  if (shell.as_json)
    shell.print(json::object{{"person", options.email}, {"delegate", options.delegate}, {"from", to_text(from)}, {"to", to_text(to)}});
  else
    std::cout << delegate.name << " acts for " << person.name << " from " << spoken(from) << " to " << spoken(to) << ".\n";
  return 0;
}

// A leaver hands everything over to one person of the same roles.
int leave(Shell& shell, const std::string& email, const std::string& to_email, bool dry_run) {
  Person person = shell.person(email);
  const Person successor = shell.person(to_email);
  if (person.id == successor.id) stop(RefusalCode::guard, "A leaver hands over to somebody else.");
  struct NothingKept {};
  Engine& engine = shell.site().engine();
  std::int64_t tasks = 0, accounts = 0;
  try {
    shell.site().database().write([&](Transaction& tx) {
      for (const Grant& grant : grants_of(tx, person.id)) {
        const auto theirs = grants_of(tx, successor.id);
        if (std::ranges::none_of(theirs, [&](const Grant& other) { return other.role == grant.role && other.company == grant.company; }))
          stop(RefusalCode::guard, to_email + " is not " + grant.role + (grant.company.empty() ? "" : " of " + grant.company) +
                                       " and cannot take over from " + email + ".");
      }
      for (Company& company : all_companies(tx)) {
        if (company.nam != person.id) continue;
        company.nam = successor.id;
        put_company(tx, company);
        ++accounts;
      }
      tasks = reassign_tasks(tx, person.id, successor.id);
      person.departed_on = engine.today();
      update_person(tx, person);
      if (dry_run) throw NothingKept();
      record_line(tx, "people", "leave", "operator", engine.now(),
                  {{"person", person.id}, {"successor", successor.id}, {"tasks", tasks}, {"accounts", accounts}});
    });
  } catch (const NothingKept&) {
    // said below
  }
  if (shell.as_json)
    shell.print(json::object{{"person", email}, {"successor", to_email}, {"tasks", tasks}, {"accounts", accounts}, {"dry_run", dry_run}});
  else
    std::cout << (dry_run ? "Would hand over " : "Handed over ") << tasks << " open tasks and " << accounts << " accounts to "
              << successor.name << ".\n";
  return 0;
}

// ---- company --------------------------------------------------------------------------------------------------------------

json::object company_json(Session& session, const Company& company) {
  const auto nam = company.nam.empty() ? std::nullopt : find_person(session, company.nam);
  json::array numbers;
  for (const std::string& number : company.ior_numbers) numbers.emplace_back(importer_number_shown(number));
  const auto iso = [](const std::optional<Date>& day) { return day ? json::value(to_text(*day)) : json::value(nullptr); };
  return {{"company", company.id},
          {"legal_name", company.legal_name},
          {"dba", company.dba},
          {"program", company.program},
          {"security_tier", company.security_tier},
          {"security_status", company.security_status},
          {"entity_kind", company.entity_kind},
          {"center", company.center},
          {"nam", nam ? json::value(nam->email) : json::value(nullptr)},
          {"acceptance_date", iso(company.acceptance_date)},
          {"last_anl_accepted_on", iso(company.last_anl_accepted_on)},
          {"ior_numbers", std::move(numbers)}};
}

int list_companies(Shell& shell) {
  json::array all;
  std::vector<std::vector<std::string>> rows;
  shell.site().database().read([&](Session& session) {
    for (const Company& company : all_companies(session)) {
      json::object one = company_json(session, company);
      rows.push_back({company.id, company.legal_name, company.program, company.acceptance_date ? to_text(*company.acceptance_date) : "-",
                      company.security_tier, company.security_status,
                      one.at("nam").is_string() ? std::string(one.at("nam").as_string()) : "-"});
      all.push_back(std::move(one));
    }
  });
  if (shell.as_json)
    shell.print(all);
  else
    print_table({"company", "legal name", "program", "accepted", "tier", "security", "National Account Manager"}, rows);
  return 0;
}

int show_company(Shell& shell, const std::string& id) {
  json::object answer;
  shell.site().database().read([&](Session& session) {
    const auto company = find_company(session, id);
    if (!company) stop(RefusalCode::not_found, "There is no company " + id + ".");
    answer = company_json(session, *company);
    json::array people, cases;
    for (const std::string& role : company_roles)
      for (const Person& person : people_with(session, role, id))
        people.push_back(json::object{{"role", role}, {"name", person.name}, {"email", person.email}});
    CaseFilter filter;
    filter.company = id;
    for (const CaseRow& row : find_cases(session, filter))
      cases.push_back(json::object{{"case", row.id},
                                   {"workflow", row.workflow},
                                   {"cycle", row.cycle},
                                   {"state", row.state},
                                   {"due_on", row.due_on ? json::value(to_text(*row.due_on)) : json::value(nullptr)}});
    answer["people"] = std::move(people);
    answer["cases"] = std::move(cases);
  });
  if (shell.as_json) {
    shell.print(answer);
    return 0;
  }
  for (const auto& [key, value] : answer)
    if (!value.is_array() || key == "ior_numbers")
      std::cout << std::string_view(key) << ": "
                << (value.is_string() ? std::string(value.as_string())
                    : value.is_null() ? "-"
                                      : json::serialize(value))
                << "\n";
  for (const json::value& person : answer.at("people").as_array())
    std::cout << "  " << person.at("role").as_string().c_str() << ": " << person.at("name").as_string().c_str() << ", "
              << person.at("email").as_string().c_str() << "\n";
  for (const json::value& item : answer.at("cases").as_array())
    std::cout << "  " << item.at("case").as_string().c_str() << "  " << item.at("workflow").as_string().c_str() << "  "
              << item.at("state").as_string().c_str() << "\n";
  return 0;
}

struct NewCompany {
  std::string id, legal_name, tier, status, kind, officer_name, officer_email;
};

// An applicant: a company that CTPAT Security knows and Trade Compliance does not yet.
int add_company(Shell& shell, const NewCompany& options) {
  for (const auto& [what, text] :
       {std::pair{"The id", options.id}, {"The legal name", options.legal_name}, {"The officer's name", options.officer_name}})
    clean_or_stop(what, text);
  Engine& engine = shell.site().engine();
  shell.site().database().write([&](Transaction& tx) {
    if (find_company(tx, options.id)) stop(RefusalCode::conflict, "There is a company " + options.id + " already.");
    Company company;
    company.id = options.id;
    company.legal_name = options.legal_name;
    company.security_tier = options.tier;
    company.security_status = options.status;
    company.entity_kind = options.kind;
    put_company(tx, company);
    auto officer = find_person_by_email(tx, options.officer_email);
    if (!officer) officer = add_person(tx, {"", options.officer_email, options.officer_name, "Company officer", "", std::nullopt});
    add_grant(tx, {officer->id, "officer", options.id, true});
    record_line(tx, "people", "add_company", "operator", engine.now(), {{"company", options.id}, {"officer", officer->id}});
  });
  if (shell.as_json)
    shell.print(json::object{{"company", options.id}});
  else
    std::cout << options.legal_name << " is on file as " << options.id << ".\n";
  return 0;
}

void add_people(CLI::App& app, Shell& shell, Action& action) {
  auto* people = app.add_subcommand("people", "who may act: people, roles, assignments, absences")->require_subcommand(1);
  people->add_subcommand("list", "everybody with their roles")->callback([&] { action = [&] { return list_people(shell); }; });

  auto person = std::make_shared<NewPerson>();
  auto* added = people->add_subcommand("add", "a person, or one more role of a person")
                    ->footer(
                        "Examples:\n  tradecase people add --email nora@agency.example --name \"Nora Lind\" --role nam --db play.db\n"
                        "  tradecase people add --email bo@acme.example --name \"Bo Ek\" --role preparer --company acme --db play.db");
  added->add_option("--email", person->email, "the address to sign in and write to")->required();
  added->add_option("--name", person->name, "first and last name")->required();
  added
      ->add_option("--role", person->role,
                   "officer, preparer, contact (of a company); nam, supervisor, compliance, auditor, appeals, admin")
      ->required()
      ->check(CLI::IsMember({"officer", "preparer", "contact", "nam", "supervisor", "compliance", "auditor", "appeals", "admin"}));
  added->add_option("--company", person->company, "for roles of a company");
  added->add_option("--title", person->title, "as it stands under letters");
  added->add_option("--phone", person->phone, "where companies call");
  added->callback([&, person] { action = [&, person] { return add(shell, *person); }; });

  auto email = std::make_shared<std::string>();
  auto company = std::make_shared<std::string>();
  auto* assigned = people->add_subcommand("assign", "a company's National Account Manager, with the open tasks");
  assigned->add_option("email", *email, "the National Account Manager")->required();
  assigned->add_option("--company", *company, "the company")->required();
  assigned->callback([&, email, company] { action = [&, email, company] { return assign(shell, *email, *company); }; });

  auto away = std::make_shared<Away>();
  auto* gone = people->add_subcommand("absent", "somebody is away and a delegate acts, both named on every act")
                   ->footer(
                       "Example:\n  tradecase people absent paul@agency.example --from 2026-07-01 --to 2026-07-14 --delegate "
                       "nora@agency.example --db play.db");
  gone->add_option("email", away->email, "who is away")->required();
  gone->add_option("--from", away->from, "first day")->required();
  gone->add_option("--to", away->to, "last day")->required();
  gone->add_option("--delegate", away->delegate, "who acts meanwhile, in the same roles")->required();
  gone->callback([&, away] { action = [&, away] { return absent(shell, *away); }; });

  auto to = std::make_shared<std::string>();
  auto dry_run = std::make_shared<bool>(false);
  auto* left = people->add_subcommand("leave", "somebody leaves; accounts and tasks go to a successor");
  left->add_option("email", *email, "who leaves")->required();
  left->add_option("--to", *to, "who takes over, in the same roles")->required();
  left->add_flag("--dry-run", *dry_run, "say what would be handed over");
  left->callback([&, email, to, dry_run] { action = [&, email, to, dry_run] { return leave(shell, *email, *to, *dry_run); }; });
}

void add_companies(CLI::App& app, Shell& shell, Action& action) {
  auto* companies = app.add_subcommand("company", "companies")->require_subcommand(1);
  companies->add_subcommand("list", "all companies")->callback([&] { action = [&] { return list_companies(shell); }; });
  auto id = std::make_shared<std::string>();
  auto* shown = companies->add_subcommand("show", "one company: its people and cases");
  shown->add_option("company", *id, "the company's id")->required();
  shown->callback([&, id] { action = [&, id] { return show_company(shell, *id); }; });
  auto made = std::make_shared<NewCompany>();
  auto* added = companies->add_subcommand("add", "an applicant that is not on any roster")
                    ->footer(
                        "Example:\n  tradecase company add --id acme --legal-name \"Acme Imports\" --tier II --officer-name \"Ann Bo\" "
                        "--officer-email ann@acme.example --db play.db");
  added->add_option("--id", made->id, "a short id")->required();
  added->add_option("--legal-name", made->legal_name, "the legal name")->required();
  added->add_option("--tier", made->tier, "CTPAT Security tier")->required()->check(CLI::IsMember({"I", "II", "III"}));
  added->add_option("--status", made->status, "CTPAT Security status")
      ->default_val("good_standing")
      ->check(CLI::IsMember({"good_standing", "suspended", "removed"}));
  added->add_option("--kind", made->kind, "entity kind")->default_val("importer");
  added->add_option("--officer-name", made->officer_name, "the company officer")->required();
  added->add_option("--officer-email", made->officer_email, "the officer's address")->required();
  added->callback([&, made] { action = [&, made] { return add_company(shell, *made); }; });
}

}  // namespace

void add_people_verbs(CLI::App& app, Shell& shell, Action& action) {
  add_people(app, shell, action);
  add_companies(app, shell, action);
}

}  // namespace tradecase
