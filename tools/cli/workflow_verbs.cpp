// workflow rules
#include <algorithm>
#include <iostream>

#include "engine/diagram.hpp"
#include "engine/mark.hpp"
#include "tools/cli/rule_changes.hpp"
#include "tools/cli/shell.hpp"
#include "workflows/rules.hpp"
#include "workflows/workflows.hpp"

namespace tradecase {
namespace {

int list_workflows(Shell& shell) {
  const Workflows workflows = all_workflows();
  json::array all;
  std::vector<std::vector<std::string>> rows;
  for (const Workflow& workflow : workflows.all()) {
    all.push_back(json::object{{"name", workflow.name},
                               {"title", workflow.title},
                               {"states", workflow.states.size()},
                               {"commands", workflow.commands.size()},
                               {"transitions", workflow.transitions.size()}});
    rows.push_back({workflow.name, workflow.title, std::to_string(workflow.states.size()), std::to_string(workflow.commands.size()),
                    std::to_string(workflow.transitions.size())});
  }
  if (shell.as_json)
    shell.print(all);
  else
    print_table({"workflow", "title", "states", "commands", "transitions"}, rows);
  return 0;
}

int show_workflow(Shell& shell, const std::string& name, const std::string& format) {
  const Workflows workflows = all_workflows();
  const Workflow* workflow = workflows.find(name);
  if (workflow == nullptr) stop(RefusalCode::not_found, "There is no workflow " + name + ". \"tradecase workflow list\" names them.");
  if (format == "json" || (format.empty() && shell.as_json))
    shell.print(to_json(*workflow));
  else if (format == "dot")
    std::cout << to_dot(*workflow);
  else if (format == "mermaid")
    std::cout << to_mermaid(*workflow);
  else if (format == "scxml")
    std::cout << to_scxml(*workflow);
  else
    std::cout << to_text(*workflow);
  return 0;
}

int show_rules(Shell& shell) {
  const Rulebook book = load_rulebook(shell.config().rules_file);
  json::array all;
  std::vector<std::vector<std::string>> rows;
  for (const Rule& rule : book.rules.all()) {
    all.push_back(json::object{
        {"key", rule.key}, {"value", rule.value}, {"mark", letter(rule.mark)}, {"source", rule.source}, {"meaning", rule.meaning}});
    rows.push_back({rule.key, json::serialize(rule.value).substr(0, 40), std::string(word(rule.mark)), rule.meaning});
  }
  if (shell.as_json)
    shell.print(all);
  else
    print_table({"rule", "value", "mark", "meaning"}, rows);
  return 0;
}

int print_moves(Shell& shell, const std::vector<Move>& moves, bool kept) {
  json::array all;
  std::vector<std::vector<std::string>> rows;
  for (const Move& move : moves) {
    all.push_back(json::object{{"case", move.case_id},
                               {"company", move.company},
                               {"name", move.name},
                               {"from", to_text(move.from)},
                               {"to", to_text(move.to)},
                               {"why", move.why}});
    rows.push_back({move.case_id, move.company, move.name, to_text(move.from), to_text(move.to)});
  }
  if (shell.as_json) {
    shell.print(json::object{{"applied", kept}, {"dates", moves.size()}, {"moves", std::move(all)}});
    return 0;
  }
  print_table({"case", "company", "date", "from", "to"}, rows);
  std::cout << (kept ? "Moved " : "This would move ") << moves.size() << " dates.\n";
  return 0;
}

Person compliance_or_stop(Shell& shell, const std::string& email) {
  Person person = shell.person(email);
  const auto grants = shell.site().database().read([&](Session& session) { return grants_of(session, person.id); });
  if (std::ranges::none_of(grants, [](const Grant& grant) { return grant.role == "compliance" && grant.company.empty(); }))
    stop(RefusalCode::forbidden, email + " is not Trade Compliance staff; only they change rules.");
  return person;
}

int apply_rules(Shell& shell, const std::string& as, const std::string& second, const std::string& reason) {
  const Person first = compliance_or_stop(shell, as);
  const Person other = compliance_or_stop(shell, second);
  if (first.id == other.id) stop(RefusalCode::guard, "A second person must approve a change of rules; " + as + " cannot be both.");
  Engine& engine = shell.site().engine();
  const auto moves = recount(engine, reason, [&](Transaction& tx, std::size_t moved) {
    record_line(tx, "rules", "apply", first.id, engine.now(), {{"approved_by", other.id}, {"reason", reason}, {"moves", moved}});
  });
  return print_moves(shell, moves, true);
}

}  // namespace

void add_workflow_verbs(CLI::App& app, Shell& shell, Action& action) {
  auto* workflow = app.add_subcommand("workflow", "the six workflows: states, commands, transitions")->require_subcommand(1);
  workflow->add_subcommand("list", "names and sizes")->callback([&] { action = [&] { return list_workflows(shell); }; });
  auto name = std::make_shared<std::string>();
  auto format = std::make_shared<std::string>();
  auto* shown = workflow->add_subcommand("show", "one workflow")
                    ->footer("Example:\n  tradecase workflow show annual_notification --format dot | dot -Tsvg > anl.svg");
  shown->add_option("name", *name, "the workflow")->required();
  shown->add_option("--format", *format, "text, json, dot, mermaid or scxml")
      ->check(CLI::IsMember({"text", "json", "dot", "mermaid", "scxml"}));
  shown->callback([&, name, format] { action = [&, name, format] { return show_workflow(shell, *name, *format); }; });

  auto* rules = app.add_subcommand("rules", "periods, ladders, thresholds: workflows/rules.toml")->require_subcommand(1);
  rules->add_subcommand("show", "every rule with its mark and meaning")->callback([&] { action = [&] { return show_rules(shell); }; });
  rules->add_subcommand("dry-run", "which dates the rules and closures of today would move")->callback([&] {
    action = [&] { return print_moves(shell, recount(shell.site().engine(), "dry run", {}), false); };
  });
  auto as = std::make_shared<std::string>();
  auto second = std::make_shared<std::string>();
  auto reason = std::make_shared<std::string>();
  auto* applied = rules->add_subcommand("apply", "count the dates of open cases anew, adding entries to their ledgers")
                      ->footer(
                          "Example:\n  tradecase rules apply --as ada@agency.example --second ben@agency.example --reason \"snow closure "
                          "of January 26\" --db live.db");
  applied->add_option("--as", *as, "who applies: Trade Compliance staff")->required();
  applied->add_option("--second", *second, "who approves: a second one")->required();
  applied->add_option("--reason", *reason, "why; it stands in every entry")->required();
  applied->callback([&, as, second, reason] { action = [&, as, second, reason] { return apply_rules(shell, *as, *second, *reason); }; });
}

}  // namespace tradecase
