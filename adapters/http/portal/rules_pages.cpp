// O4 the rules as they are in force: value, mark, source, meaning; and changing one: which dates move, from which day, approved by a
// second person.
#include "adapters/http/portal/rooms.hpp"
#include "adapters/http/portal/rule_acts.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

constexpr std::size_t rule_moves_shown = 500;

std::string rule_value_words(const Visit& visit, const json::value& value) {
  if (value.is_bool()) return value.get_bool() ? visit.say("yes") : visit.say("no");
  if (value.is_string()) return std::string(value.get_string());
  if (!value.is_array()) return json::serialize(value);
  std::vector<std::string> parts;
  for (const json::value& one : value.get_array()) parts.push_back(rule_value_words(visit, one));
  return join(parts, "; ");
}

std::string rule_path(const std::string& key) { return "/operator/rules/" + percent_encoded(key); }
std::string rule_change_path(std::int64_t id) { return "/operator/rules/changes/" + std::to_string(id); }

std::string rule_status_words(const Visit& visit, const RuleChange& change) {
  if (change.status == "proposed") return visit.say("Waits for a second person");
  if (change.status == "approved") return visit.say("Approved, from {}", visit.date(change.effective_on));
  if (change.status == "applied") return visit.say("In force, moved {} (date|dates)", change.dates);
  return visit.say("Dropped");
}

json::object rule_change_view(const Visit& visit, Session& session, const RuleChange& change) {
  return {{"href", rule_change_path(change.id)},
          {"key", change.key},
          {"former", rule_value_words(visit, change.former)},
          {"value", rule_value_words(visit, change.value)},
          {"from", visit.date(change.effective_on)},
          {"status", rule_status_words(visit, change)},
          {"proposed_by", name_of_person(session, change.proposed_by)},
          {"approved_by", name_of_person(session, change.approved_by)}};
}

// The tabs lead to pages of the operator's alone.
Response rules_page(const Visit& visit, const std::string& name, const std::string& title, json::object fields, int status = 200) {
  fields["operates"] = may(visit.visitor, Verb::operate, "");
  return operator_page(visit, "rules", name, title, std::move(fields), status);
}

bool is_asked_for(const Rule& rule, const std::string& asked) {
  return asked.empty() || lower(rule.key + " " + rule.meaning + " " + rule.source).find(asked) != std::string::npos;
}

Response show_rules(Visit& visit) {
  const std::string asked = lower(trimmed(visit.request.query.get("q")));
  const bool may_change = may_change_rules(visit.visitor) && visit.portal.wiring().rules.dry_run;
  json::array groups, changes;
  for (const Rule& rule : visit.programme().rules.all()) {
    if (!is_asked_for(rule, asked)) continue;
    const std::string group = rule.key.substr(0, rule.key.find('.'));
    if (groups.empty() || groups.back().at("group").as_string() != group)
      groups.push_back(json::object{{"group", group}, {"rules", json::array()}, {"may_change", may_change}});
    groups.back().as_object()["rules"].as_array().push_back(json::object{{"key", rule.key},
                                                                         {"value", rule_value_words(visit, rule.value)},
                                                                         {"mark", visit.say(std::string(word(rule.mark)))},
                                                                         {"assumed", rule.mark == Mark::assumption},
                                                                         {"source", rule.source},
                                                                         {"meaning", rule.meaning},
                                                                         {"href", is_changeable(rule) ? rule_path(rule.key) : ""}});
  }
  visit.engine.database().read([&](Session& session) {
    for (const RuleChange& change : rule_changes(session)) changes.push_back(rule_change_view(visit, session, change));
  });
  json::object fields{{"asked", visit.request.query.get("q")}, {"none", groups.empty()},
                      {"groups", std::move(groups)},           {"may_change", may_change},
                      {"any_changes", !changes.empty()},       {"changes", std::move(changes)}};
  return rules_page(visit, "rules", visit.say("Rules in force"), std::move(fields));
}

json::array move_views(const Visit& visit, Session& session, const std::vector<RulesDesk::Move>& moves) {
  json::array all;
  for (const RulesDesk::Move& move : moves) {
    if (all.size() == rule_moves_shown) break;
    const auto company = find_company(session, move.company);
    all.push_back(json::object{{"case", move.case_id},
                               {"href", "/cases/" + move.case_id + "/dates/" + percent_encoded(move.name)},
                               {"company", company ? company->legal_name : move.company},
                               {"name", visit.say(visit.words().deadline(move.name))},
                               {"old", visit.date(move.from)},
                               {"new", visit.date(move.to)},
                               {"why", move.why}});
  }
  return all;
}

std::string moves_words(const Visit& visit, std::size_t count) {
  if (count == 0) return visit.say("This change moves no date.");
  if (count == 1) return visit.say("This change moves 1 date.");
  return visit.say("This change moves {} (date|dates).", count);
}

void add_moves(const Visit& visit, json::object& fields, const std::vector<RulesDesk::Move>& moves) {
  fields["moves_sentence"] = moves_words(visit, moves.size());
  fields["any_moves"] = !moves.empty();
  fields["moves_left_out"] =
      moves.size() > rule_moves_shown ? visit.say("The first {} are shown. The API lists all.", rule_moves_shown) : "";
  fields["moves"] = visit.engine.database().read([&](Session& session) { return move_views(visit, session, moves); });
}

struct TriedRule {
  std::vector<Problem> problems;
  std::string value, effective_on, reason;  // as typed
  bool tried = false;
  std::vector<RulesDesk::Move> moves;
};

Response show_rule_form(const Visit& visit, const Rule& rule, const TriedRule& shown) {
  json::object fields{{"key", rule.key},
                      {"action", rule_path(rule.key)},
                      {"meaning", rule.meaning},
                      {"source", rule.source},
                      {"mark", visit.say(std::string(word(rule.mark)))},
                      {"in_force", rule_value_words(visit, rule.value)},
                      {"is_list", rule.value.is_array()},
                      {"is_number", rule.value.is_int64()},
                      {"is_text", rule.value.is_string()},
                      {"value", shown.value},
                      {"effective_on", shown.effective_on},
                      {"reason", shown.reason},
                      {"tried", shown.tried && shown.problems.empty()}};
  add_moves(visit, fields, shown.moves);
  for (auto& [name, value] : problem_views(visit, shown.problems, {"value", "effective_on", "reason"})) fields[name] = std::move(value);
  return rules_page(visit, "rule", titled(visit, visit.say("Change the rule {}", rule.key), shown.problems), std::move(fields),
                    shown.problems.empty() ? 200 : 422);
}

Response ask_for_value(Visit& visit) {
  const Rule& rule = rule_or_stop(visit);
  if (!is_changeable(rule)) throw Fault(404, visit.say("Holidays and closures are changed in the rules file."));
  return show_rule_form(visit, rule, {{}, typed_value(rule.value), to_text(visit.today()), "", false, {}});
}

Response try_or_propose_rule(Visit& visit) {
  stop_who_may_not_change_rules(visit);
  const Rule& rule = rule_or_stop(visit);
  const Fields& form = visit.form.fields;
  TriedRule shown{{}, trimmed(form.get("value")), trimmed(form.get("effective_on")), trimmed(form.get("reason")), true, {}};
  const bool proposed = form.get("act") == "propose";
  const RuleAsked asked{value_typed(rule, form.get("value")), parse_date(shown.effective_on), shown.reason};
  shown.problems = try_change(visit, rule, asked, proposed, shown.moves);
  if (!proposed || !shown.problems.empty()) return show_rule_form(visit, rule, shown);
  const auto made = visit.engine.database().write([&](Transaction& tx) { return propose_change(visit, tx, rule, asked); });
  if (const auto* id = std::get_if<std::int64_t>(&made))
    return visit.go(rule_change_path(*id), visit.say("Proposed. Somebody else of Trade Compliance must approve it."));
  shown.problems = {std::get<Problem>(made)};
  return show_rule_form(visit, rule, shown);
}

Response show_rule_change(const Visit& visit, const std::string& sentence) {
  const std::int64_t id = number_or_stop(visit, visit.params.at("change"));
  json::object fields;
  RuleChange change;
  visit.engine.database().read([&](Session& session) {
    change = change_or_stop(visit, session, id);
    fields = rule_change_view(visit, session, change);
    fields["ended_by"] = name_of_person(session, change.ended_by);
  });
  const bool waits = change.status == "proposed" || change.status == "approved", mine = change.proposed_by == visit.visitor.person.id;
  const bool may_change = may_change_rules(visit.visitor) && visit.portal.wiring().rules.dry_run;
  std::vector<RulesDesk::Move> moves;
  std::string unfit;
  if (waits && may_change) {
    auto tried = visit.portal.wiring().rules.dry_run(change.key, change.value);
    if (auto* why_not = std::get_if<RulesDesk::Refused>(&tried))
      unfit = std::move(*why_not);
    else
      moves = std::get<std::vector<RulesDesk::Move>>(std::move(tried));
  }
  fields["reason"] = change.reason;
  fields["waits"] = waits && may_change;
  fields["unfit"] = unfit;
  fields["may_approve"] = change.status == "proposed" && !mine && may_change && unfit.empty();
  fields["own"] = change.status == "proposed" && mine;
  add_moves(visit, fields, moves);
  fields["sentence"] = sentence;
  fields["summary"] = json::array();
  const std::string title = visit.say("Change of the rule {}", change.key);
  return rules_page(visit, "rule_change", sentence.empty() ? title : visit.say("Error: {}", title), std::move(fields),
                    sentence.empty() ? 200 : 422);
}

Response settle_rule_change(Visit& visit, std::optional<Problem> (*act)(const Visit&, Transaction&, std::int64_t),
                            const std::string& said) {
  stop_who_may_not_change_rules(visit);
  const std::int64_t id = number_or_stop(visit, visit.params.at("change"));
  const auto problem = visit.engine.database().write([&](Transaction& tx) { return act(visit, tx, id); });
  if (problem) return show_rule_change(visit, problem->sentence);
  apply_due_changes(visit);
  return visit.go(rule_change_path(id), said);
}

}  // namespace

void add_rule_routes(Routes& routes) {
  const std::string rule = "/operator/rules/{key}", change = "/operator/rules/changes/{change}";
  routes.push_back({"GET", "/operator/rules", "O4", Access::rules, show_rules, "The rules in force, with their sources"});
  routes.push_back({"GET", rule, "O4", Access::rules, ask_for_value, "Change a rule: another value, from which day, why"});
  routes.push_back({"POST", rule, "O4", Access::rules, try_or_propose_rule, "See which dates a value moves, or propose it"});
  routes.push_back({"GET", change, "O4", Access::rules, [](Visit& v) { return show_rule_change(v, ""); }, "A change of a rule"});
  routes.push_back({"POST", change + "/approve", "O4", Access::rules,
                    [](Visit& v) { return settle_rule_change(v, approve_change, v.say("Approved.")); },
                    "Approve a change, as the second person"});
  routes.push_back({"POST", change + "/drop", "O4", Access::rules,
                    [](Visit& v) { return settle_rule_change(v, drop_change, v.say("Dropped.")); }, "Drop a change"});
}

}  // namespace tradecase::http
