#include "workflows/rules_file.hpp"

#include <algorithm>

#include "engine/nearest.hpp"
#include "workflows/rules.hpp"

namespace tradecase::rules_file {

void Problems::throw_if_any() {
  if (found_.empty()) return;
  std::stable_sort(found_.begin(), found_.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::string all;
  for (const auto& [line, what] : found_)
    all += (all.empty() ? "" : "\n") + file_ + (line == 0 ? "" : ", line " + std::to_string(line)) + ": " + what;
  throw RulesError(all);
}

std::string from_to(int low, int high) { return std::to_string(low) + " to " + std::to_string(high); }

Fields::Fields(const toml::table& table, std::string place, const std::vector<std::string>& known, Problems& problems)
    : table_(table), place_(std::move(place)), problems_(problems) {
  for (const auto& [name, node] : table_)
    if (std::find(known.begin(), known.end(), name.str()) == known.end())
      problems_.add(node, place_ + ": unknown name \"" + std::string(name.str()) + "\"" + did_you_mean(name.str(), known));
}

const toml::node* Fields::find(std::string_view name) {
  const auto* node = table_.get(name);
  if (node == nullptr) problems_.add(table_, quoted(name) + " is missing");
  return node;
}

std::string Fields::text(std::string_view name) {
  const auto* node = find(name);
  if (node == nullptr) return {};
  const auto text = node->value_exact<std::string>();
  if (!text || text->find_first_not_of(" \t\n") == std::string::npos) problems_.add(*node, quoted(name) + " must be a text");
  return text.value_or("");
}

int Fields::number(std::string_view name, int low, int high) {
  const auto* node = find(name);
  if (node == nullptr) return low;
  const auto number = node->value_exact<std::int64_t>();
  if (number && *number >= low && *number <= high) return static_cast<int>(*number);
  problems_.add(*node, quoted(name) + " must be a whole number from " + from_to(low, high));
  return low;
}

Mark Fields::mark() {
  const auto* node = find("mark");
  const auto mark = node == nullptr ? std::nullopt : parse_mark(node->value_exact<std::string>().value_or(""));
  if (node != nullptr && !mark) problems_.add(*node, quoted("mark") + " must be \"C\", \"A\" or \"R\"");
  return mark.value_or(Mark::assumption);
}

}  // namespace tradecase::rules_file
