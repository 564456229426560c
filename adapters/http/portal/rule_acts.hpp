// Changes of rules, for the pages and for the API: proposed by one of Trade Compliance's staff, approved by another, applied on their day.
#pragma once

#include "adapters/http/portal.hpp"
#include "engine/store/rule_changes.hpp"

namespace tradecase::http {

bool may_change_rules(const Visitor& visitor);
void stop_who_may_not_change_rules(const Visit& visit);  // Fault 403

const Rule& rule_or_stop(const Visit& visit);       // whom the address names, as {key}; Fault 404
bool is_changeable(const Rule& rule);               // the calendar's stand in the rules file only
std::string typed_value(const json::value& value);  // as a form holds it: a list has a line an item
json::value value_typed(const Rule& rule, std::string_view text);

struct RuleAsked {
  json::value value;
  std::optional<Date> effective_on;
  std::string reason;
};
// What has to be mended, at value, effective_on and reason; `moves` is what the value would move, where it fits the rule. An empty
// `effective_on` of one that is only tried is no problem.
std::vector<Problem> try_change(const Visit& visit, const Rule& rule, const RuleAsked& asked, bool proposed,
                                std::vector<RulesDesk::Move>& moves);

// Each leaves its line in the record. Problem: why not; nothing is changed then.
std::variant<std::int64_t, Problem> propose_change(const Visit& visit, Transaction& tx, const Rule& rule, const RuleAsked& asked);
RuleChange change_or_stop(const Visit& visit, Session& session, std::int64_t id);  // Fault 404
std::optional<Problem> approve_change(const Visit& visit, Transaction& tx, std::int64_t id);
std::optional<Problem> drop_change(const Visit& visit, Transaction& tx, std::int64_t id);
void apply_due_changes(const Visit& visit);  // after the commit of an approval

std::string name_of_person(Session& session, const std::string& id);  // the id of somebody who is not known; "" for nobody

}  // namespace tradecase::http
