#include "tools/cli/rule_changes.hpp"

#include <iostream>
#include <map>
#include <memory>
#include <stdexcept>
#include <utility>

#include "engine/store/rule_changes.hpp"
#include "engine/text.hpp"

namespace tradecase {
namespace {

std::map<std::string, LedgerEntry> in_force(Session& session, const std::string& case_id) {
  std::map<std::string, LedgerEntry> all;
  for (LedgerEntry& entry : ledger_of(session, case_id))
    if (entry.current() && !entry.ended_by_version) all.emplace(entry.name, std::move(entry));
  return all;
}

void recount_case(Transaction& tx, Engine& engine, const CaseRow& row, const std::string& reason, std::vector<Move>& moves) {
  const auto before = in_force(tx, row.id);
  Command command;
  command.case_id = row.id;
  command.name = "recount";
  command.actor = "timer";
  command.body = {{"reason", reason}};
  const Answer answer = engine.execute_in(tx, command);
  if (const auto* refusal = std::get_if<Refusal>(&answer)) throw std::logic_error(row.id + " refused to recount: " + refusal->sentence);
  for (const auto& [name, entry] : in_force(tx, row.id)) {
    const auto former = before.find(name);
    if (former == before.end() || former->second.id == entry.id) continue;
    moves.push_back(
        {row.id, row.company, name, former->second.derivation.due_on, entry.derivation.due_on, join(entry.derivation.steps, "; ")});
  }
}

// An engine beside the site's, on the same database and clock, with a programme of its own.
Engine engine_by(Site& site, const Programme& programme) {
  return {site.database(), programme, [&site] { return site.engine().now(); }};
}

// Of "FILE, line 3: …" or "FILE: …" what follows, without the name of the field in the file.
std::string without_place(const std::string& what) {
  std::string sentence = what.substr(0, what.find('\n'));
  if (const auto colon = sentence.find(": "); colon != std::string::npos) sentence.erase(0, colon + 2);
  if (const auto field = sentence.find(": \"value\" "); field != std::string::npos) sentence.replace(field, 10, " ");
  return sentence + ".";
}

std::variant<std::vector<Move>, std::string> try_rule(Site& site, std::string_view key, const json::value& value) {
  std::vector<RuleValue> instead = site.database().read([](Session& session) { return rules_changed(session); });
  instead.push_back({std::string(key), value});
  std::shared_ptr<const Programme> programme;
  try {
    programme = load_programme(site.config(), instead);
  } catch (const RulesError& error) {
    return without_place(error.what());
  }
  Engine engine = engine_by(site, *programme);
  return recount(engine, "dry run", {});
}

struct SettledMeanwhile {};  // another thread applied it

bool apply(Site& site, RuleChange change) {
  std::vector<RuleValue> instead = site.database().read([](Session& session) { return rules_changed(session); });
  instead.push_back({change.key, change.value});
  const auto programme = load_programme(site.config(), instead);
  Engine engine = engine_by(site, *programme);
  const Programme& former = site.programme();
  try {
    recount(engine, change.reason, [&](Transaction& tx, std::size_t moved) {
      if (find_rule_change(tx, change.id).value().status != "approved") throw SettledMeanwhile();
      change.status = "applied";
      change.ended_at = engine.now();
      change.dates = static_cast<std::int64_t>(moved);
      set_rule_change(tx, change);
      record_line(tx, "rules", "apply", change.proposed_by, engine.now(),
                  {{"change", change.id},
                   {"key", change.key},
                   {"value", change.value},
                   {"approved_by", change.approved_by},
                   {"reason", change.reason},
                   {"moves", moved}});
      site.use(programme);  // before the next command, which is decided after this
    });
    return true;
  } catch (const SettledMeanwhile&) {
    return false;
  } catch (...) {
    site.engine().use(former);
    throw;
  }
}

}  // namespace

std::vector<Move> recount(Engine& engine, const std::string& reason, const std::function<void(Transaction&, std::size_t moved)>& keep) {
  struct NothingKept {};
  std::vector<Move> moves;
  try {
    engine.database().write([&](Transaction& tx) {
      CaseFilter open;
      open.open_only = true;
      for (const CaseRow& row : find_cases(tx, open))
        if (engine.programme().workflows.get(row.workflow).command("recount") != nullptr) recount_case(tx, engine, row, reason, moves);
      if (!keep) throw NothingKept();
      keep(tx, moves.size());
    });
  } catch (const NothingKept&) {
    // that was the dry run
  }
  return moves;
}

int apply_due_rules(Site& site) {
  int applied = 0;
  const auto due = site.database().read([&](Session& session) { return due_rule_changes(session, site.engine().today()); });
  for (const RuleChange& change : due) applied += apply(site, change) ? 1 : 0;
  return applied;
}

http::RulesDesk rules_desk(Site& site) {
  return {[&site](std::string_view key, const json::value& value) { return try_rule(site, key, value); },
          [&site] {
            try {
              apply_due_rules(site);
            } catch (const std::exception& failure) {
              std::cerr << json::serialize(json::object{{"level", "error"}, {"failure", failure.what()}}) << std::endl;
            }
          }};
}

}  // namespace tradecase
