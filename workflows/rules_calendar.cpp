// Holidays and closures of the rules file.
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "workflows/rules_file.hpp"

namespace tradecase::rules_file {
namespace {

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

std::optional<Date> day_in(const toml::node& node) {
  if (const auto text = node.value_exact<std::string>()) return parse_date(*text);
  const auto given = node.value_exact<toml::date>();
  if (!given) return std::nullopt;
  using namespace std::chrono;
  return Date{year{given->year} / month{given->month} / day{given->day}};
}

}  // namespace

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

}  // namespace tradecase::rules_file
