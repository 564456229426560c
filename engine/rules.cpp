#include "engine/rules.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <stdexcept>

namespace tradecase {
namespace {

std::optional<int> whole_number(const json::value& value) {
  const auto* number = value.if_int64();
  if (number == nullptr || *number < std::numeric_limits<int>::min() || *number > std::numeric_limits<int>::max()) return std::nullopt;
  return static_cast<int>(*number);
}

std::logic_error no_type(const std::string& key) {
  return std::logic_error("rule " + key + " is neither a whole number, a text, yes or no, nor a list of whole numbers or of texts");
}

}  // namespace

Rules::Entry Rules::read(const Rule& rule) {
  Entry entry;
  if (const auto number = whole_number(rule.value)) {
    entry.kind = Kind::number;
    entry.number = *number;
  } else if (const auto* text = rule.value.if_string()) {
    entry.kind = Kind::text;
    entry.text = *text;
  } else if (const auto* yes = rule.value.if_bool()) {
    entry.kind = Kind::yes_no;
    entry.yes = *yes;
  } else if (const auto* list = rule.value.if_array()) {
    for (const auto& item : *list) {
      if (const auto item_number = whole_number(item)) entry.numbers.push_back(*item_number);
      if (const auto* item_text = item.if_string()) entry.texts.emplace_back(*item_text);
    }
    if (entry.numbers.size() != list->size() && entry.texts.size() != list->size()) throw no_type(rule.key);
    entry.kind = list->empty() ? Kind::empty_list : entry.texts.empty() ? Kind::numbers : Kind::texts;
  } else {
    throw no_type(rule.key);
  }
  return entry;
}

Rules::Rules(std::vector<Rule> rules) : rules_(std::move(rules)) {
  entries_.reserve(rules_.size());
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    Entry entry = read(rules_[i]);
    entry.position = i;
    if (!entries_.emplace(rules_[i].key, std::move(entry)).second) throw std::logic_error("rule " + rules_[i].key + " is given twice");
  }
}

const Rules::Entry& Rules::entry(std::string_view key) const {
  const auto found = entries_.find(key);
  if (found == entries_.end()) throw std::logic_error("there is no rule " + std::string(key));
  return found->second;
}

const Rules::Entry& Rules::entry(std::string_view key, Kind kind, bool list) const {
  const Entry& found = entry(key);
  if (found.kind != kind && !(list && found.kind == Kind::empty_list))
    throw std::logic_error("rule " + std::string(key) + " is of another type than the one asked for");
  return found;
}

int Rules::number(std::string_view key) const { return entry(key, Kind::number, false).number; }
const std::vector<int>& Rules::numbers(std::string_view key) const { return entry(key, Kind::numbers, true).numbers; }
const std::string& Rules::text(std::string_view key) const { return entry(key, Kind::text, false).text; }
bool Rules::yes(std::string_view key) const { return entry(key, Kind::yes_no, false).yes; }
const std::vector<std::string>& Rules::texts(std::string_view key) const { return entry(key, Kind::texts, true).texts; }
const Rule& Rules::rule(std::string_view key) const { return rules_[entry(key).position]; }

}  // namespace tradecase
