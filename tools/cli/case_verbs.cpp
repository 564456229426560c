// case dates facts
#include <fstream>
#include <iostream>
#include <iterator>

#include "engine/text.hpp"
#include "tools/cli/command_body.hpp"
#include "tools/cli/shell.hpp"

namespace tradecase {
namespace {

std::string iso_or_dash(std::optional<Date> day) { return day ? to_text(*day) : "-"; }
json::value iso_or_null(std::optional<Date> day) { return day ? json::value(to_text(*day)) : json::value(nullptr); }

// ---- case list ------------------------------------------------------------------------------------------------------------

struct ListOptions {
  CaseFilter filter;
  std::string owner, due_before;
};

std::string shown_owner(const CaseRow& row) { return row.owner_email.empty() ? row.owner : row.owner_email; }

int list(Shell& shell, ListOptions options) {
  if (!options.due_before.empty()) {
    options.filter.due_before = parse_date(options.due_before);
    if (!options.filter.due_before) stop(RefusalCode::invalid, "--due-before \"" + options.due_before + "\" is not a day that exists.");
  }
  if (!options.owner.empty())
    options.filter.owner = options.owner.find('@') == std::string::npos ? options.owner : shell.person(options.owner).id;
  const auto rows = shell.site().database().read([&](Session& session) { return find_cases(session, options.filter); });
  if (shell.as_json) {
    json::array all;
    for (const CaseRow& row : rows)
      all.push_back(json::object{{"case", row.id},
                                 {"workflow", row.workflow},
                                 {"company", row.company},
                                 {"cycle", row.cycle},
                                 {"state", row.state},
                                 {"version", row.version},
                                 {"owner", shown_owner(row)},
                                 {"due_on", iso_or_null(row.due_on)},
                                 {"open", row.open}});
    shell.print(all);
    return 0;
  }
  std::vector<std::vector<std::string>> table;
  for (const CaseRow& row : rows)
    table.push_back({row.id, row.workflow, row.cycle ? std::to_string(row.cycle) : "", row.company, row.state, shown_owner(row),
                     iso_or_dash(row.due_on)});
  print_table({"case", "workflow", "cycle", "company", "state", "owner", "due on"}, table);
  return 0;
}

// ---- case show ------------------------------------------------------------------------------------------------------------

struct Shown {
  Case on;
  CaseRow row;
  Company company;
  std::optional<Person> nam;
  std::vector<LedgerEntry> deadlines;
  std::vector<Task> tasks;
  std::vector<Timer> timers;
  std::vector<Letter> letters;
  std::vector<Event> history;
  std::map<std::string, std::string> emails;  // person id → e-mail, of those who have tasks
};

Shown load(Session& session, const Case& on) {
  Shown shown{on,
              {},
              find_company(session, on.company).value(),
              {},
              {},
              open_tasks_of(session, on.id),
              pending_timers_of(session, on.id),
              letters_of(session, on.id),
              history_of(session, on.id),
              {}};
  CaseFilter filter;
  filter.company = on.company;
  filter.workflow = on.workflow;
  for (const CaseRow& row : find_cases(session, filter))
    if (row.id == on.id) shown.row = row;
  if (!shown.company.nam.empty()) shown.nam = find_person(session, shown.company.nam);
  for (LedgerEntry& entry : ledger_of(session, on.id))
    if (entry.current()) shown.deadlines.push_back(std::move(entry));
  for (const Task& task : shown.tasks)
    if (!task.person.empty()) shown.emails[task.person] = find_person(session, task.person).value().email;
  return shown;
}

std::vector<std::pair<std::string, std::string>> ten_facts(const Shown& shown) {
  const Event* last = nullptr;
  std::size_t events = 0;
  for (const Event& event : shown.history)
    if (event.kind == "event") {
      last = &event;
      ++events;
    }
  std::string last_act = "-";
  if (last != nullptr) {
    const json::object line = json::parse(last->line).as_object();
    last_act = std::string(line.at("command").as_string()) + ", " + std::string(line.at("at").as_string());
  }
  return {{"case", shown.on.id},
          {"workflow", shown.on.workflow + (shown.on.cycle ? ", cycle " + std::to_string(shown.on.cycle) : "")},
          {"company", shown.company.id + ", " + shown.company.legal_name},
          {"state", shown.on.state},
          {"opened", to_text(shown.on.opened_at)},
          {"owner", shown_owner(shown.row)},
          {"due on", iso_or_dash(shown.row.due_on)},
          {"National Account Manager", shown.nam ? shown.nam->name + ", " + shown.nam->email : "nobody yet"},
          {"last act", last_act},
          {"record", std::to_string(events) + " events, version " + std::to_string(shown.on.version) + ", " +
                         std::to_string(shown.letters.size()) + " letters"}};
}

json::object permission_json(const Permission& permission) {
  constexpr const char* words[] = {"yes", "no", "needs_input"};
  return {{"command", permission.command},
          {"verdict", words[static_cast<int>(permission.verdict)]},
          {"reasons", json::value_from(permission.reasons)}};
}

json::object task_json(const Shown& shown, const Task& task) {
  return {{"kind", task.kind},
          {"title", task.title},
          {"role", to_text(task.role)},
          {"person", task.person.empty() ? json::value(nullptr) : json::value(shown.emails.at(task.person))},
          {"due_on", iso_or_null(task.due_on)}};
}

json::array fields_json(const CommandInfo& command) {
  json::array fields;
  for (const FieldInfo& field : command.fields)
    fields.push_back(json::object{{"name", field.name}, {"type", field.type}, {"required", field.required}});
  return fields;
}

void print_shown(Shell& shell, const Shown& shown, const std::vector<Permission>& permissions) {
  for (const auto& [name, value] : ten_facts(shown)) std::cout << name << ": " << value << "\n";
  std::cout << "\nDates (\"tradecase dates " << shown.on.id << "\" says why)\n";
  for (const LedgerEntry& entry : shown.deadlines)
    std::cout << "  " << to_text(entry.derivation.due_on) << "  " << entry.name << (entry.ended_by_version ? "  (over)" : "") << "\n";
  std::cout << "\nOpen tasks\n";
  for (const Task& task : shown.tasks)
    std::cout << "  " << task.title << " - " << (task.person.empty() ? std::string(spoken(task.role)) : shown.emails.at(task.person))
              << ", due " << iso_or_dash(task.due_on) << "\n";
  std::cout << "\nTimers\n";
  for (const Timer& timer : shown.timers)
    std::cout << "  " << to_text(timer.due_at) << "  " << timer.name << " sends " << timer.command << "\n";
  const Workflow& workflow = shell.site().programme().workflows.get(shown.on.workflow);
  std::cout << "\nPermitted now\n";
  for (const Permission& permission : permissions) {
    if (permission.verdict == Permission::Verdict::no) continue;
    std::vector<std::string> fields;
    for (const FieldInfo& field : workflow.command(permission.command)->fields)
      fields.push_back(field.name + (field.required ? "" : "?") + " (" + field.type + ")");
    std::cout << "  " << permission.command << (fields.empty() ? "" : ": " + join(fields, ", ")) << "\n";
  }
  std::cout << "\nNot permitted, and why\n";
  for (const Permission& permission : permissions)
    if (permission.verdict == Permission::Verdict::no)
      std::cout << "  " << permission.command << ": " << join(permission.reasons, "; ") << "\n";
}

// Without --as: what anybody who holds the right role may do; each command is asked for with all roles.
std::vector<Permission> permitted_to(Shell& shell, const Case& on, const std::string& as) {
  const std::string person = as.empty() ? "" : shell.person(as).id;
  auto answer = shell.site().engine().permitted(on.id, person);
  if (const auto* refusal = std::get_if<Refusal>(&answer)) stop(*refusal);
  return std::get<std::vector<Permission>>(std::move(answer));
}

int show(Shell& shell, const std::string& case_id, const std::string& as) {
  const Case on = shell.find(case_id);
  const Shown shown = shell.site().database().read([&](Session& session) { return load(session, on); });
  const auto permissions = permitted_to(shell, on, as);
  if (!shell.as_json) {
    print_shown(shell, shown, permissions);
    return 0;
  }
  json::object facts;
  for (const auto& [name, value] : ten_facts(shown)) facts[name] = value;
  json::array deadlines, tasks, timers, permitted;
  for (const LedgerEntry& entry : shown.deadlines)
    deadlines.push_back(
        json::object{{"name", entry.name}, {"due_on", to_text(entry.derivation.due_on)}, {"over", entry.ended_by_version.has_value()}});
  for (const Task& task : shown.tasks) tasks.push_back(task_json(shown, task));
  for (const Timer& timer : shown.timers)
    timers.push_back(json::object{{"name", timer.name}, {"due_at", to_text(timer.due_at)}, {"command", timer.command}});
  const Workflow& workflow = shell.site().programme().workflows.get(on.workflow);
  for (const Permission& permission : permissions) {
    json::object one = permission_json(permission);
    one["fields"] = fields_json(*workflow.command(permission.command));
    permitted.push_back(std::move(one));
  }
  shell.print(json::object{{"case", on.id},
                           {"workflow", on.workflow},
                           {"company", on.company},
                           {"cycle", on.cycle},
                           {"state", on.state},
                           {"version", on.version},
                           {"owner", shown_owner(shown.row)},
                           {"due_on", iso_or_null(shown.row.due_on)},
                           {"open", on.open},
                           {"facts", std::move(facts)},
                           {"deadlines", std::move(deadlines)},
                           {"tasks", std::move(tasks)},
                           {"timers", std::move(timers)},
                           {"permitted", std::move(permitted)},
                           {"data", on.data}});
  return 0;
}

// ---- case send, case open -------------------------------------------------------------------------------------------------

struct SendOptions {
  std::string target, command, as, body_file, key;  // target: a case id, or a workflow to open
  std::string company;
  std::vector<std::string> set;
  std::optional<std::int64_t> expect_version;
  int cycle = 0;
};

int send(Shell& shell, const SendOptions& options, bool opening) {
  Command command;
  const Workflow* workflow = nullptr;
  if (opening) {
    command.workflow = options.target;
    command.company = options.company;
    command.cycle = options.cycle;
    workflow = shell.site().programme().workflows.find(options.target);
  } else {
    command.case_id = options.target;
    workflow = shell.site().programme().workflows.find(shell.find(options.target).workflow);
  }
  command.name = options.command;
  command.actor = shell.person(options.as).id;
  command.key = options.key;
  command.expected_version = options.expect_version;
  command.body = command_body(options.body_file, options.set, workflow ? workflow->command(options.command) : nullptr);
  const Answer answer = shell.site().engine().execute(command);
  if (const auto* refusal = std::get_if<Refusal>(&answer)) stop(*refusal);
  const auto& receipt = std::get<Receipt>(answer);
  if (shell.as_json)
    shell.print(to_json(answer));
  else
    std::cout << receipt.case_id << ": " << receipt.command << " done, " << (receipt.from == receipt.to ? "still " : "now ") << receipt.to
              << ", version " << receipt.version << "\n";
  return 0;
}

// ---- case history, dates, facts --------------------------------------------------------------------------------------------

int history(Shell& shell, const std::string& case_id) {
  const Case on = shell.find(case_id);
  json::array all;
  shell.site().database().read([&](Session& session) {
    for (const Event& event : history_of(session, on.id)) {
      json::object line = json::parse(event.line).as_object();
      const auto person = find_person(session, line.at("actor").as_string());
      line["who"] = person ? person->name : "the system's clock";
      if (event.data) line["beside"] = json::parse(*event.data);
      line["line"] = event.line;
      all.push_back(std::move(line));
    }
  });
  if (shell.as_json) {
    shell.print(all);
    return 0;
  }
  std::vector<std::vector<std::string>> rows;
  for (const json::value& item : all) {
    const json::object& line = item.as_object();
    const auto text = [&](const char* key) { return line.contains(key) ? std::string(line.at(key).as_string()) : ""; };
    const bool event = text("kind") == "event";
    rows.push_back({text("at"), text("who"), text("command"), event ? text("from") + " -> " + text("to") : "refused: " + text("code"),
                    event ? std::to_string(line.at("v").as_int64()) : ""});
  }
  print_table({"at", "who", "command", "what happened", "version"}, rows);
  return 0;
}

json::object entry_json(const LedgerEntry& entry) {
  return {{"name", entry.name},
          {"due_on", to_text(entry.derivation.due_on)},
          {"due_at", to_text(entry.due_at)},
          {"rule", entry.derivation.rule},
          {"inputs", entry.derivation.inputs},
          {"steps", json::value_from(entry.derivation.steps)},
          {"set_by_version", entry.set_by_version},
          {"over", entry.ended_by_version.has_value()}};
}

// One object a deadline in force, with the entries it superseded, oldest first.
json::array dates_of(Session& session, const Case& on) {
  json::array all;
  const auto ledger = ledger_of(session, on.id);
  for (const LedgerEntry& entry : ledger) {
    if (!entry.current()) continue;
    json::object one{{"case", on.id}, {"workflow", on.workflow}, {"company", on.company}, {"cycle", on.cycle}};
    for (auto& [key, value] : entry_json(entry)) one[key] = value;
    json::array superseded;
    for (const LedgerEntry& former : ledger)
      if (former.name == entry.name && !former.current()) superseded.push_back(entry_json(former));
    one["superseded"] = std::move(superseded);
    all.push_back(std::move(one));
  }
  return all;
}

void print_dates(const json::array& dates) {
  const auto say = [](const json::object& entry, const std::string& indent) {
    for (const json::value& step : entry.at("steps").as_array()) std::cout << indent << std::string_view(step.as_string()) << "\n";
  };
  for (const json::value& item : dates) {
    const json::object& entry = item.as_object();
    std::cout << entry.at("case").as_string().c_str() << "  " << entry.at("name").as_string().c_str() << "  "
              << entry.at("due_on").as_string().c_str() << (entry.at("over").as_bool() ? "  (over)" : "") << "  by rule "
              << entry.at("rule").as_string().c_str() << "\n";
    say(entry, "    ");
    for (const json::value& former : entry.at("superseded").as_array()) {
      std::cout << "    before that: " << former.at("due_on").as_string().c_str() << " by rule " << former.at("rule").as_string().c_str()
                << "\n";
      say(former.as_object(), "        ");
    }
  }
}

int dates(Shell& shell, const std::string& case_id, bool all_cases) {
  if (case_id.empty() && !all_cases) stop(RefusalCode::invalid, "Say which case, or --all.");
  json::array all;
  const auto add = [&](Session& session, const std::string& id) {
    for (json::value& one : dates_of(session, find_case(session, id).value())) all.push_back(std::move(one));
  };
  if (!case_id.empty()) shell.find(case_id);
  shell.site().database().read([&](Session& session) {
    if (!case_id.empty()) return add(session, case_id);
    for (const CaseRow& row : find_cases(session, {})) add(session, row.id);
  });
  if (shell.as_json)
    shell.print(all);
  else
    print_dates(all);
  return 0;
}

int facts(Shell& shell, const std::string& company) {
  const auto all = shell.site().database().read([&](Session& session) {
    if (!find_company(session, company)) stop(RefusalCode::not_found, "There is no company " + company + ".");
    return facts_of(session, company);
  });
  json::array array;
  std::vector<std::vector<std::string>> rows;
  for (const Fact& fact : all) {
    array.push_back(json::object{{"key", fact.key},
                                 {"value", fact.value},
                                 {"as_of", to_text(fact.as_of)},
                                 {"source", fact.source},
                                 {"section", fact.section},
                                 {"case", fact.case_id},
                                 {"recorded_by", fact.recorded_by}});
    rows.push_back({fact.key, json::serialize(fact.value), to_text(fact.as_of), fact.source, fact.section});
  }
  if (shell.as_json)
    shell.print(array);
  else
    print_table({"key", "value", "as of", "source", "section"}, rows);
  return 0;
}

void add_send(CLI::App& parent, Shell& shell, Action& action, bool opening) {
  auto options = std::make_shared<SendOptions>();
  auto* verb =
      opening ? parent.add_subcommand("open", "open a case with its workflow's opening command")
                    ->footer("Example:\n  tradecase case open application launch --company acme --as officer@acme.example --db play.db")
              : parent.add_subcommand("send", "send a command to a case")
                    ->footer(
                        "Examples:\n  tradecase case send TC-2026-000002 take --as paul.reyes@cbp.example --db play.db\n"
                        "  tradecase case send TC-2026-000002 save --as ann@acme.example --set section=B --set change=no_change");
  verb->add_option(opening ? "workflow" : "case", options->target, opening ? "the workflow" : "the case")->required();
  verb->add_option("command", options->command, "the command; \"case show\" lists what is permitted")->required();
  verb->add_option("--as", options->as, "who acts: an e-mail address")->required();
  if (opening) {
    verb->add_option("--company", options->company, "for which company")->required();
    verb->add_option("--cycle", options->cycle, "which cycle, where the workflow has some");
  }
  verb->add_option("--body", options->body_file, "a JSON file with the fields; - for standard input");
  verb->add_option("--set", options->set, "one field: name=value (lists and objects as JSON)")->take_all()->allow_extra_args(false);
  verb->add_option("--key", options->key, "idempotency key: said again with it, the same answer");
  verb->add_option("--expect-version", options->expect_version, "refused when the case has changed since");
  verb->callback([&shell, &action, options, opening] { action = [&shell, options, opening] { return send(shell, *options, opening); }; });
}

}  // namespace

void add_case_verbs(CLI::App& app, Shell& shell, Action& action) {
  auto* cases = app.add_subcommand("case", "cases")->require_subcommand(1);
  auto filter = std::make_shared<ListOptions>();
  auto* listed = cases->add_subcommand("list", "cases, oldest first")
                     ->footer("Example:\n  tradecase case list --workflow annual_notification --state overdue --db play.db");
  listed->add_option("--company", filter->filter.company, "of this company");
  listed->add_option("--workflow", filter->filter.workflow, "of this workflow");
  listed->add_option("--state", filter->filter.state, "in this state");
  listed->add_option("--owner", filter->owner, "waiting on this person (e-mail) or role");
  listed->add_option("--due-before", filter->due_before, "with something due before this day");
  listed->add_flag("--open", filter->filter.open_only, "open ones only");
  listed->callback([&, filter] { action = [&, filter] { return list(shell, *filter); }; });

  auto id = std::make_shared<std::string>();
  auto as = std::make_shared<std::string>();
  auto* shown = cases->add_subcommand("show", "state, ten facts, dates, tasks, what is permitted and what is not")
                    ->footer("Example:\n  tradecase case show TC-2026-000002 --as paul.reyes@cbp.example --db play.db");
  shown->add_option("case", *id, "the case")->required();
  shown->add_option("--as", *as, "permitted to whom: an e-mail address (default: to whoever holds the right role)");
  shown->callback([&, id, as] { action = [&, id, as] { return show(shell, *id, *as); }; });

  add_send(*cases, shell, action, false);
  add_send(*cases, shell, action, true);

  auto told = std::make_shared<std::string>();
  auto* events = cases->add_subcommand("history", "every act and refusal, in order");
  events->add_option("case", *told, "the case")->required();
  events->callback([&, told] { action = [&, told] { return history(shell, *told); }; });

  auto of = std::make_shared<std::string>();
  auto all = std::make_shared<bool>(false);
  auto* why = app.add_subcommand("dates", "every date with its reason")
                  ->footer("Examples:\n  tradecase dates TC-2026-000002 --db play.db\n  tradecase dates --all --json --db play.db");
  why->add_option("case", *of, "the case");
  why->add_flag("--all", *all, "of all cases");
  why->callback([&, of, all] { action = [&, of, all] { return dates(shell, *of, *all); }; });

  auto company = std::make_shared<std::string>();
  auto* known = app.add_subcommand("facts", "what a company has told, with its source");
  known->add_option("company", *company, "the company's id")->required();
  known->callback([&, company] { action = [&, company] { return facts(shell, *company); }; });
}

}  // namespace tradecase
