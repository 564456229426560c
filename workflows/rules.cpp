#include "workflows/rules.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <limits>
#include <map>
#include <set>
#include <sstream>

#include "engine/nearest.hpp"

namespace tradecase {
namespace {

enum class Type { number, numbers, text, names, texts };  // names: texts of lower-case letters, digits and underscores, used as field names

struct Expected {
  std::string_view key;
  Type type;
  int low, high;  // of each number; of a text's characters; of a list of texts' entries
};

// Every rule there must be. A new rule is a line here and a table in rules.toml.
// clang-format off
constexpr std::array expected_rules{
    Expected{"programme.name",                            Type::text,    1, 200},
    Expected{"programme.agency",                          Type::text,    1, 200},
    Expected{"programme.office",                          Type::text,    1, 200},
    Expected{"programme.office_email",                    Type::text,    3, 254},
    Expected{"programme.omb_control_number",              Type::text,    1, 40},
    Expected{"programme.omb_expiry",                      Type::text,    1, 200},
    Expected{"programme.burden_note",                     Type::text,    1, 4000},
    Expected{"programme.privacy_notice",                  Type::text,    1, 4000},
    Expected{"programme.trade_secrets_notice",            Type::text,    1, 4000},
    Expected{"anl.cycle_months",                          Type::number,  1, 120},
    Expected{"anl.prepare_months",                        Type::number,  0, 60},
    Expected{"anl.reminder_days",                         Type::numbers, -366, 0},
    Expected{"anl.coming_up_day",                         Type::number,  -366, 0},
    Expected{"anl.overdue_notice_day",                    Type::number,  1, 366},
    Expected{"anl.second_notice_day",                     Type::number,  1, 366},
    Expected{"anl.formal_notice_day",                     Type::number,  1, 366},
    Expected{"anl.suspension_proposal_day",               Type::number,  1, 366},
    Expected{"anl.return_days",                           Type::number,  1, 366},
    Expected{"anl.extension_sizes",                       Type::numbers, 1, 366},
    Expected{"anl.extension_supervisor_from",             Type::number,  1, 366},
    Expected{"anl.countersign_risk",                      Type::text,    1, 40},
    Expected{"anl.countersign_factors_at_least",          Type::number,  1, 50},
    Expected{"anl.review_checklist",                      Type::names,   1, 50},
    Expected{"risk.factors",                              Type::names,   1, 50},
    Expected{"risk.levels",                               Type::names,   2, 10},
    Expected{"application.reminder_days",                 Type::numbers, 1, 3660},
    Expected{"application.lapse_days",                    Type::number,  1, 3660},
    Expected{"application.information_days",              Type::number,  1, 366},
    Expected{"application.minimum_years",                 Type::number,  0, 50},
    Expected{"application.security_tiers",                Type::texts,   1, 3},
    Expected{"application.review_checklist",              Type::names,   1, 50},
    Expected{"membership.security_tiers",                 Type::texts,   1, 3},
    Expected{"membership.suspension_response_days",       Type::number,  1, 366},
    Expected{"membership.appeal_days",                    Type::number,  1, 366},
    Expected{"membership.appeal_days_false_information",  Type::number,  1, 366},
    Expected{"membership.appeal_decision_days",           Type::number,  1, 3660},
    Expected{"membership.reason_codes",                   Type::names,   1, 50},
    Expected{"membership.aggravated_codes",               Type::names,   0, 50},
    Expected{"membership.reinstatement_plan_days",        Type::number,  1, 366},
    Expected{"continuation.interval_months",              Type::number,  1, 240},
    Expected{"continuation.pack_days",                    Type::number,  1, 366},
    Expected{"continuation.information_days",             Type::number,  1, 366},
    Expected{"continuation.modes",                        Type::names,   1, 20},
    Expected{"continuation.plan_days",                    Type::number,  1, 3660},
    Expected{"continuation.pack_checklist",               Type::texts,   1, 50},
    Expected{"continuation.pack_evidence",                Type::texts,   1, 50},
    Expected{"continuation.pack_sample_entries",          Type::number,  0, 1000},
    Expected{"continuation.review_checklist",             Type::names,   1, 50},
    Expected{"survey.answer_days",                        Type::number,  1, 366},
    Expected{"survey.documents_days",                     Type::number,  1, 366},
    Expected{"survey.extension_sizes",                    Type::numbers, 1, 366},
    Expected{"survey.extension_supervisor_from",          Type::number,  1, 366},
    Expected{"audit.documents_days",                      Type::number,  1, 366},
    Expected{"audit.closing_petition_days",               Type::number,  1, 366},
    Expected{"audit.report_days",                         Type::number,  1, 366},
    Expected{"audit.report_copy_days",                    Type::number,  1, 366},
    Expected{"audit.plan_days",                           Type::number,  1, 366},
    Expected{"audit.kinds",                               Type::names,   1, 20},
    Expected{"audit.risk_areas",                          Type::names,   1, 50},
    Expected{"retention.years",                           Type::number,  1, 100},
    Expected{"delivery.retry_minutes",                    Type::numbers, 1, 43200},
    Expected{"delivery.attempts_max",                     Type::number,  1, 100},
    Expected{"calendar.zone",                             Type::text,    1, 100},
};
// clang-format on

class Problems {
 public:
  explicit Problems(std::string file) : file_(std::move(file)) {}
  void add(std::size_t line, std::string what) { found_.emplace_back(line, std::move(what)); }
  void add(const toml::node& node, std::string what) { add(node.source().begin.line, std::move(what)); }
  void throw_if_any() {
    if (found_.empty()) return;
    std::stable_sort(found_.begin(), found_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::string all;
    for (const auto& [line, what] : found_)
      all += (all.empty() ? "" : "\n") + file_ + (line == 0 ? "" : ", line " + std::to_string(line)) + ": " + what;
    throw RulesError(all);
  }

 private:
  std::string file_;
  std::vector<std::pair<std::size_t, std::string>> found_;  // line 0: nowhere in the file
};

std::string from_to(int low, int high) { return std::to_string(low) + " to " + std::to_string(high); }

bool is_name(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

// One table of the file: its known properties are taken out, the others complained about.
class Fields {
 public:
  Fields(const toml::table& table, std::string place, std::vector<std::string> known, Problems& problems)
      : table_(table), place_(std::move(place)), problems_(problems) {
    for (const auto& [name, node] : table_)
      if (std::find(known.begin(), known.end(), name.str()) == known.end())
        problems_.add(node, place_ + ": unknown name \"" + std::string(name.str()) + "\"" + did_you_mean(name.str(), known));
  }
  bool has(std::string_view name) const { return table_.contains(name); }
  const toml::node* find(std::string_view name) {
    const auto* node = table_.get(name);
    if (node == nullptr) problems_.add(table_, place_ + ": \"" + std::string(name) + "\" is missing");
    return node;
  }
  std::string text(std::string_view name) {
    const auto* node = find(name);
    if (node == nullptr) return {};
    const auto text = node->value_exact<std::string>();
    if (!text || text->find_first_not_of(" \t\n") == std::string::npos)
      problems_.add(*node, place_ + ": \"" + std::string(name) + "\" must be a text");
    return text.value_or("");
  }
  int number(std::string_view name, int low, int high) {
    const auto* node = find(name);
    if (node == nullptr) return low;
    const auto number = node->value_exact<std::int64_t>();
    if (number && *number >= low && *number <= high) return static_cast<int>(*number);
    problems_.add(*node, place_ + ": \"" + std::string(name) + "\" must be a whole number from " + from_to(low, high));
    return low;
  }
  Mark mark() {
    const auto* node = find("mark");
    const auto mark = node == nullptr ? std::nullopt : parse_mark(node->value_exact<std::string>().value_or(""));
    if (node != nullptr && !mark) problems_.add(*node, place_ + ": \"mark\" must be \"C\", \"A\" or \"R\"");
    return mark.value_or(Mark::assumption);
  }
  void problem(const std::string& what) { problems_.add(table_, place_ + ": " + what); }

 private:
  const toml::table& table_;
  std::string place_;
  Problems& problems_;
};

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

constexpr std::array<std::string_view, 7> weekdays{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> months{"January", "February", "March",     "April",   "May",      "June",
                                                  "July",    "August",   "September", "October", "November", "December"};

void read_weekday(Fields& fields, HolidayRule& rule) {
  const std::string name = fields.text("weekday");
  const auto found = std::find(weekdays.begin(), weekdays.end(), name);
  if (found == weekdays.end() && !name.empty()) fields.problem("\"weekday\" must be Monday, Tuesday, …");
  if (found != weekdays.end()) rule.weekday = static_cast<unsigned>(found - weekdays.begin());
  rule.nth = fields.number("nth", -1, 5);
  if (rule.nth == 0) fields.problem("\"nth\" must be 1 to 5, or -1 for the last");
}

HolidayRule read_holiday(Fields& fields) {
  HolidayRule rule;
  rule.name = fields.text("name");
  rule.month = static_cast<unsigned>(fields.number("month", 1, 12));
  if (fields.has("day") == fields.has("weekday"))
    fields.problem("has either a \"day\" or a \"weekday\" with \"nth\"");
  else if (fields.has("weekday"))
    read_weekday(fields, rule);
  else
    rule.day = static_cast<unsigned>(fields.number("day", 1, 31));
  using namespace std::chrono;
  if (rule.day > 0 && !(year{2024} / month{rule.month} / day{rule.day}).ok()) fields.problem("that day does not exist");
  if (rule.day > 0 && fields.has("nth")) fields.problem("\"nth\" goes with a \"weekday\"");
  if (fields.has("first_year")) rule.first_year = fields.number("first_year", 1776, 9999);
  return rule;
}

std::string when(const HolidayRule& rule) {
  constexpr std::array<std::string_view, 6> counts{"last", "first", "second", "third", "fourth", "fifth"};
  const std::string month(months.at(rule.month - 1));
  const std::string since = rule.first_year == 0 ? "" : ", from " + std::to_string(rule.first_year);
  if (rule.day > 0) return month + " " + std::to_string(rule.day) + since;
  return std::string(counts.at(rule.nth < 0 ? 0 : static_cast<std::size_t>(rule.nth))) + " " + std::string(weekdays.at(rule.weekday)) +
         " of " + month + since;
}

// "Washington's Birthday" → "washington_s_birthday"
std::string as_name(std::string_view text) {
  std::string name;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter)
      name += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    else if (!name.empty() && name.back() != '_')
      name += '_';
  }
  return name.ends_with('_') ? name.substr(0, name.size() - 1) : name;
}

// Calls read(table) for each [[NAME]] of the file.
template <class Read>
void each_table(const toml::table& root, std::string_view name, Problems& problems, Read read) {
  const auto* node = root.get(name);
  if (node == nullptr) return;
  const auto* list = node->as_array();
  if (list == nullptr) return problems.add(*node, std::string(name) + " must be written [[" + std::string(name) + "]]");
  for (const auto& item : *list) {
    if (const auto* table = item.as_table())
      read(*table);
    else
      problems.add(item, std::string(name) + " must be written [[" + std::string(name) + "]]");
  }
}

std::vector<HolidayRule> read_holidays(const toml::table& root, std::vector<Rule>& rules, Problems& problems) {
  std::vector<HolidayRule> holidays;
  std::set<std::string> names;
  each_table(root, "holiday", problems, [&](const toml::table& table) {
    const std::string called = table["name"].value_or(std::string("without name"));
    Fields fields(table, "holiday " + called, {"name", "month", "day", "weekday", "nth", "first_year", "mark", "source"}, problems);
    HolidayRule rule = read_holiday(fields);
    const std::string key = "calendar.holiday." + as_name(rule.name);
    if (!names.insert(key).second) return fields.problem("is given twice");
    rules.push_back({key, json::value(when(rule)), fields.mark(), fields.text("source"), rule.name + " is a federal holiday."});
    holidays.push_back(std::move(rule));
  });
  return holidays;
}

std::optional<Date> day_in(const toml::node& node) {
  if (const auto text = node.value_exact<std::string>()) return parse_date(*text);
  const auto given = node.value_exact<toml::date>();
  if (!given) return std::nullopt;
  using namespace std::chrono;
  return Date{year{given->year} / month{given->month} / day{given->day}};
}

std::vector<Closure> read_closures(const toml::table& root, Problems& problems) {
  std::map<Date, std::string> closures;
  each_table(root, "closure", problems, [&](const toml::table& table) {
    Fields fields(table, "closure", {"day", "reason"}, problems);
    const std::string reason = fields.text("reason");
    const auto* node = fields.find("day");
    const auto day = node == nullptr ? std::nullopt : day_in(*node);
    if (node != nullptr && !day) return problems.add(*node, "closure: \"day\" must be a day such as 2026-01-14");
    if (day && !closures.emplace(*day, reason).second) fields.problem("the day " + to_text(*day) + " is given twice");
  });
  std::vector<Closure> ascending;
  for (const auto& [day, reason] : closures) ascending.push_back({day, reason});
  return ascending;
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

}  // namespace

Rulebook load_rulebook(const std::filesystem::path& file) {
  const toml::table root = parse(file);
  Problems problems(file.string());
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
