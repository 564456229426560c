#include "workflows/rules.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "engine/nearest.hpp"
#include "workflows/expected_rules.hpp"
#include "workflows/rules_file.hpp"

namespace tradecase {
using namespace rules_file;
namespace {

bool is_name(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

std::optional<json::value> whole_number(const toml::node& node, const Expected& expected) {
  const auto number = node.value_exact<std::int64_t>();
  if (!number || *number < expected.low || *number > expected.high) return std::nullopt;
  return json::value(*number);
}

std::optional<json::value> text_value(const toml::node& node, const Expected& expected) {
  const auto text = node.value_exact<std::string>();
  if (!text || std::cmp_less(text->size(), expected.low) || std::cmp_greater(text->size(), expected.high)) return std::nullopt;
  return json::value(*text);
}

std::optional<json::value> numbers_value(const toml::node& node, const Expected& expected) {
  const auto* list = node.as_array();
  if (list == nullptr || list->empty()) return std::nullopt;
  json::array numbers;
  for (const auto& item : *list) {
    const auto number = whole_number(item, expected);
    if (!number || (!numbers.empty() && numbers.back().get_int64() >= number->get_int64())) return std::nullopt;
    numbers.push_back(*number);
  }
  return numbers;
}

std::optional<json::value> texts_value(const toml::node& node, const Expected& expected) {
  const auto* list = node.as_array();
  if (list == nullptr || std::cmp_less(list->size(), expected.low) || std::cmp_greater(list->size(), expected.high)) return std::nullopt;
  json::array texts;
  std::set<std::string> seen;
  for (const auto& item : *list) {
    const auto text = item.value_exact<std::string>().value_or("");
    if (text.empty() || (expected.type == Type::names && !is_name(text)) || !seen.insert(text).second) return std::nullopt;
    texts.emplace_back(text);
  }
  return texts;
}

std::optional<json::value> value_of(const toml::node& node, const Expected& expected) {
  switch (expected.type) {
    case Type::number:
      return whole_number(node, expected);
    case Type::numbers:
      return numbers_value(node, expected);
    case Type::text:
      return text_value(node, expected);
    case Type::names:
    case Type::texts:
      return texts_value(node, expected);
  }
  return std::nullopt;
}

std::string wanted(const Expected& expected) {
  const std::string range = from_to(expected.low, expected.high);
  switch (expected.type) {
    case Type::number:
      return "a whole number from " + range;
    case Type::numbers:
      return "a list of rising whole numbers from " + range;
    case Type::text:
      return "a text of " + range + " characters";
    case Type::names:
      return "a list of " + range + " different names of lower-case letters, digits and underscores";
    case Type::texts:
      return "a list of " + range + " different texts";
  }
  return {};
}

const std::vector<std::string>& known_keys() {
  static const std::vector<std::string> keys = [] {
    std::vector<std::string> all;
    for (const auto& expected : expected_rules) all.emplace_back(expected.key);
    return all;
  }();
  return keys;
}

// "anl.cycle_months" → its table, for every table two levels down.
std::map<std::string, const toml::node*> rules_in(const toml::table& root, Problems& problems) {
  std::map<std::string, const toml::node*> rules;
  for (const auto& [group_name, group] : root) {
    if (group_name == "holiday" || group_name == "closure") continue;
    const auto* table = group.as_table();
    if (table == nullptr) {
      problems.add(group, "unknown name \"" + std::string(group_name.str()) + "\"");
      continue;
    }
    for (const auto& [name, rule] : *table) rules[std::string(group_name.str()) + "." + std::string(name.str())] = &rule;
  }
  return rules;
}

std::optional<Rule> read_rule(const Expected& expected, const toml::node& node, Problems& problems) {
  const std::string key(expected.key);
  const auto* table = node.as_table();
  if (table == nullptr) {
    problems.add(node, key + " must be a table with value, mark, source and meaning");
    return std::nullopt;
  }
  Fields fields(*table, key, {"value", "mark", "source", "meaning"}, problems);
  const auto* given = fields.find("value");
  const auto value = given == nullptr ? std::nullopt : value_of(*given, expected);
  if (given != nullptr && !value) problems.add(*given, key + ": \"value\" must be " + wanted(expected));
  Rule rule{key, value.value_or(nullptr), fields.mark(), fields.text("source"), fields.text("meaning")};
  return value ? std::optional(rule) : std::nullopt;
}

std::vector<Rule> read_rules(const toml::table& root, Problems& problems) {
  const auto given = rules_in(root, problems);
  for (const auto& [key, node] : given)
    if (std::find(known_keys().begin(), known_keys().end(), key) == known_keys().end())
      problems.add(*node, "unknown rule \"" + key + "\"" + did_you_mean(key, known_keys()));
  std::vector<Rule> rules;
  for (const auto& expected : expected_rules) {
    const auto found = given.find(std::string(expected.key));
    if (found == given.end())
      problems.add(0, "the rule " + std::string(expected.key) + " is missing");
    else if (auto rule = read_rule(expected, *found->second, problems))
      rules.push_back(std::move(*rule));
  }
  return rules;
}

// What rules owe to one another. Only asked once each of them alone is sound.
void check_together(const Rules& rules, Problems& problems) {
  const auto contains = [&](std::string_view list, const std::string& item) {
    const auto& items = rules.texts(list);
    return std::find(items.begin(), items.end(), item) != items.end();
  };
  constexpr std::array<std::string_view, 4> ladder{"anl.overdue_notice_day", "anl.second_notice_day", "anl.formal_notice_day",
                                                   "anl.suspension_proposal_day"};
  for (std::size_t i = 1; i < ladder.size(); ++i)
    if (rules.number(ladder.at(i - 1)) >= rules.number(ladder.at(i)))
      problems.add(0, std::string(ladder.at(i)) + " must come after " + std::string(ladder.at(i - 1)));
  const auto& reminders = rules.numbers("anl.reminder_days");
  if (std::find(reminders.begin(), reminders.end(), rules.number("anl.coming_up_day")) == reminders.end())
    problems.add(0, "anl.coming_up_day must be one of anl.reminder_days");
  if (rules.number("anl.prepare_months") >= rules.number("anl.cycle_months"))
    problems.add(0, "anl.prepare_months must be less than anl.cycle_months");
  if (rules.numbers("application.reminder_days").back() >= rules.number("application.lapse_days"))
    problems.add(0, "application.lapse_days must come after the last of application.reminder_days");
  if (!contains("risk.levels", rules.text("anl.countersign_risk"))) problems.add(0, "anl.countersign_risk must be one of risk.levels");
  if (std::cmp_greater(rules.number("anl.countersign_factors_at_least"), rules.texts("risk.factors").size()))
    problems.add(0, "anl.countersign_factors_at_least must not exceed the number of risk.factors");
  for (const auto& code : rules.texts("membership.aggravated_codes"))
    if (!contains("membership.reason_codes", code))
      problems.add(0, "membership.aggravated_codes names \"" + code + "\", which is none of membership.reason_codes");
  constexpr std::array<std::string_view, 4> fixable{"audit_request", "audit_sampling_plan", "survey_documents_request", "survey_outcome"};
  for (const auto& letter : rules.texts("letters.approved_first"))
    if (std::find(fixable.begin(), fixable.end(), letter) == fixable.end())
      problems.add(0, "letters.approved_first names \"" + letter + "\", which is no letter that is approved");
  for (const std::string_view key : {"application.security_tiers", "membership.security_tiers"})
    for (const auto& tier : rules.texts(key))
      if (tier != "I" && tier != "II" && tier != "III")
        problems.add(0, std::string(key) + " names \"" + tier + "\"; the tiers are I, II and III");
}

std::string contents_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  if (in.good() && !std::filesystem::is_directory(file)) text << in.rdbuf();
  if (!in.good() || std::filesystem::is_directory(file)) throw RulesError(file.string() + ": cannot be read");
  return text.str();
}

toml::table parse(const std::filesystem::path& file) {
  try {
    return toml::parse(contents_of(file), file.string());
  } catch (const toml::parse_error& fault) {
    throw RulesError(file.string() + ", line " + std::to_string(fault.source().begin.line) +
                     ": is not TOML: " + std::string(fault.description()));
  }
}

void put(toml::table& rule, const json::value& value) {
  if (const auto* number = value.if_int64()) {
    rule.insert_or_assign("value", *number);
  } else if (const auto* list = value.if_array()) {
    toml::array items;
    for (const json::value& item : *list) {
      if (const auto* number_item = item.if_int64()) items.push_back(*number_item);
      if (const auto* text_item = item.if_string()) items.push_back(std::string(*text_item));
    }
    rule.insert_or_assign("value", std::move(items));
  } else {
    rule.insert_or_assign("value", value.is_string() ? std::string(value.get_string()) : json::serialize(value));
  }
}

void put_instead(toml::table& root, const std::vector<RuleValue>& instead, Problems& problems) {
  for (const RuleValue& one : instead) {
    auto* rule = root.at_path(one.key).as_table();
    if (rule == nullptr)
      problems.add(0, "there is no rule " + one.key + " to change");
    else
      put(*rule, one.value);
  }
}

}  // namespace

Rulebook load_rulebook(const std::filesystem::path& file, const std::vector<RuleValue>& instead) {
  toml::table root = parse(file);
  Problems problems(file.string());
  put_instead(root, instead, problems);
  std::vector<Rule> all = read_rules(root, problems);
  auto holidays = read_holidays(root, all, problems);
  auto closures = read_closures(root, problems);
  problems.throw_if_any();
  Rules rules(std::move(all));
  check_together(rules, problems);
  problems.throw_if_any();
  try {
    Calendar calendar(rules.text("calendar.zone"), std::move(holidays), std::move(closures));
    return {std::move(rules), std::move(calendar)};
  } catch (const std::invalid_argument&) {
    throw RulesError(file.string() + ": calendar.zone: there is no time zone \"" + rules.text("calendar.zone") + "\"");
  }
}

}  // namespace tradecase
