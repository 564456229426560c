// O4 the rules as they are in force: value, mark, source, meaning. They are changed in the rules file, after a dry run.
#include "adapters/http/portal/rooms.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

std::string value_words(const Visit& visit, const json::value& value) {
  if (value.is_bool()) return value.get_bool() ? visit.say("yes") : visit.say("no");
  if (value.is_string()) return std::string(value.get_string());
  if (!value.is_array()) return json::serialize(value);
  std::vector<std::string> parts;
  for (const json::value& one : value.get_array()) parts.push_back(value_words(visit, one));
  return join(parts, "; ");
}

Response show_rules(Visit& visit) {
  const std::string asked = lower(trimmed(visit.request.query.get("q")));
  json::array groups;
  for (const Rule& rule : visit.programme().rules.all()) {
    if (!asked.empty() && lower(rule.key + " " + rule.meaning + " " + rule.source).find(asked) == std::string::npos) continue;
    const std::string group = rule.key.substr(0, rule.key.find('.'));
    if (groups.empty() || groups.back().at("group").as_string() != group)
      groups.push_back(json::object{{"group", group}, {"rules", json::array()}});
    groups.back().as_object()["rules"].as_array().push_back(json::object{{"key", rule.key},
                                                                         {"value", value_words(visit, rule.value)},
                                                                         {"mark", visit.say(std::string(word(rule.mark)))},
                                                                         {"assumed", rule.mark == Mark::assumption},
                                                                         {"source", rule.source},
                                                                         {"meaning", rule.meaning}});
  }
  json::object fields{{"asked", visit.request.query.get("q")}, {"none", groups.empty()}, {"groups", std::move(groups)}};
  return operator_page(visit, "rules", "rules", visit.say("Rules in force"), std::move(fields));
}

}  // namespace

void add_rule_routes(Routes& routes) {
  routes.push_back({"GET", "/operator/rules", "O4", Access::operators, show_rules, "The rules in force, with their sources"});
}

}  // namespace tradecase::http
