#include "adapters/http/portal/rule_acts.hpp"

#include <algorithm>
#include <charconv>

#include "engine/text.hpp"

namespace tradecase::http {
namespace {

// A text where it is no number: the rules file's own check says then what it must be.
json::value number_or_text(const std::string& text) {
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  return failed == std::errc() && end == text.data() + text.size() && !text.empty() ? json::value(number) : json::value(text);
}

bool holds_numbers(const json::value& value) {
  if (value.is_int64()) return true;
  const auto* list = value.if_array();
  return list != nullptr && !list->empty() && list->front().is_int64();
}

bool rule_change_waits(Session& session, std::string_view key) {
  return std::ranges::any_of(rule_changes(session), [&](const RuleChange& one) {
    return one.key == key && (one.status == "proposed" || one.status == "approved");
  });
}

void note_rule_act(const Visit& visit, Transaction& tx, const char* act, const RuleChange& change) {
  record_line(tx, "rules", act, visit.visitor.person.id, visit.engine.now(),
              {{"change", change.id},
               {"key", change.key},
               {"value", change.value},
               {"effective_on", to_text(change.effective_on)},
               {"reason", change.reason}});
}

}  // namespace

bool may_change_rules(const Visitor& visitor) { return visitor.staff.has(Role::compliance); }

void stop_who_may_not_change_rules(const Visit& visit) {
  if (!may_change_rules(visit.visitor)) throw Fault(403, visit.say("Only Trade Compliance staff change rules."));
}

const Rule& rule_or_stop(const Visit& visit) {
  const std::string& key = visit.params.at("key");
  const Rules& rules = visit.programme().rules;
  if (!rules.has(key)) throw Fault(404, visit.say("There is no such rule."));
  return rules.rule(key);
}

bool is_changeable(const Rule& rule) { return !rule.key.starts_with("calendar."); }

std::string typed_value(const json::value& value) {
  if (value.is_string()) return std::string(value.get_string());
  if (!value.is_array()) return json::serialize(value);
  std::vector<std::string> lines;
  for (const json::value& one : value.get_array()) lines.push_back(typed_value(one));
  return join(lines, "\n");
}

json::value value_typed(const Rule& rule, std::string_view text) {
  const bool numbers = holds_numbers(rule.value);
  if (!rule.value.is_array()) return numbers ? number_or_text(trimmed(text)) : json::value(trimmed(text));
  json::array list;
  for (const std::string& line : lines_of(text)) list.push_back(numbers ? number_or_text(line) : json::value(line));
  return list;
}

std::vector<Problem> try_change(const Visit& visit, const Rule& rule, const RuleAsked& asked, bool proposed,
                                std::vector<RulesDesk::Move>& moves) {
  std::vector<Problem> problems;
  if (!is_changeable(rule)) problems.push_back({"value", visit.say("Holidays and closures are changed in the rules file.")});
  if (asked.value == rule.value) problems.push_back({"value", visit.say("This is the value in force. Write another one.")});
  if (proposed && !asked.effective_on)
    problems.push_back({"effective_on", visit.say("Write the day as 12/22/2026 or 2026-12-22.")});
  else if (asked.effective_on && *asked.effective_on < visit.today())
    problems.push_back({"effective_on", visit.say("This day is over. Choose today or a later day.")});
  if (proposed && asked.reason.empty()) problems.push_back({"reason", visit.say("Write why. It stands in the record.")});
  if (text_problem(asked.reason, 1'000)) problems.push_back({"reason", visit.say("The reason is at most 1000 characters of plain text.")});
  if (!problems.empty()) return problems;
  auto tried = visit.portal.wiring().rules.dry_run(rule.key, asked.value);
  if (auto* sentence = std::get_if<RulesDesk::Refused>(&tried))
    problems.push_back({"value", std::move(*sentence)});
  else
    moves = std::get<std::vector<RulesDesk::Move>>(std::move(tried));
  return problems;
}

std::variant<std::int64_t, Problem> propose_change(const Visit& visit, Transaction& tx, const Rule& rule, const RuleAsked& asked) {
  if (rule_change_waits(tx, rule.key)) return Problem{"value", visit.say("A change of this rule waits already. Approve or drop it first.")};
  RuleChange change;
  change.key = rule.key;
  change.former = rule.value;
  change.value = asked.value;
  change.effective_on = asked.effective_on.value();
  change.reason = asked.reason;
  change.proposed_by = visit.visitor.person.id;
  change.proposed_at = visit.engine.now();
  change.id = add_rule_change(tx, change);
  note_rule_act(visit, tx, "propose", change);
  return change.id;
}

RuleChange change_or_stop(const Visit& visit, Session& session, std::int64_t id) {
  auto found = find_rule_change(session, id);
  if (!found) throw Fault(404, visit.say("There is no such change of a rule."));
  return std::move(*found);
}

std::optional<Problem> approve_change(const Visit& visit, Transaction& tx, std::int64_t id) {
  RuleChange change = change_or_stop(visit, tx, id);
  if (change.status != "proposed") return Problem{"approve", visit.say("This change does not wait for an approval any more.")};
  if (change.proposed_by == visit.visitor.person.id)
    return Problem{"approve", visit.say("Somebody else must approve it: you proposed it yourself.")};
  if (visit.programme().rules.rule(change.key).value != change.former)
    return Problem{"approve",
                   visit.say("The rule has another value by now than when this was proposed. Drop this change and propose it anew.")};
  change.status = "approved";
  change.approved_by = visit.visitor.person.id;
  set_rule_change(tx, change);
  note_rule_act(visit, tx, "approve", change);
  return std::nullopt;
}

std::optional<Problem> drop_change(const Visit& visit, Transaction& tx, std::int64_t id) {
  RuleChange change = change_or_stop(visit, tx, id);
  if (change.status != "proposed" && change.status != "approved")
    return Problem{"drop", visit.say("This change is settled. Propose another one to go back.")};
  change.status = "dropped";
  change.ended_by = visit.visitor.person.id;
  change.ended_at = visit.engine.now();
  set_rule_change(tx, change);
  note_rule_act(visit, tx, "drop", change);
  return std::nullopt;
}

void apply_due_changes(const Visit& visit) {
  const Wiring& wiring = visit.portal.wiring();
  if (wiring.rules.apply_due) wiring.rules.apply_due();
  if (wiring.wake) wiring.wake();
}

std::string name_of_person(Session& session, const std::string& id) {
  const auto person = id.empty() ? std::nullopt : find_person(session, id);
  return person ? person->name : id;
}

}  // namespace tradecase::http
