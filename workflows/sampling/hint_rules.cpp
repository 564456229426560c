// Reads hints.toml. A name that is not known, a figure out of range or a part that is missing stops with its line.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "workflows/rules.hpp"
#include "workflows/rules_file.hpp"
#include "workflows/sampling/hints.hpp"

namespace tradecase {
namespace {

using rules_file::Fields;
using rules_file::Problems;
using Names = std::vector<std::string>;

const Names told{"title", "rule", "mark", "source"};

Names with(Names names, const Names& more) {
  names.insert(names.end(), more.begin(), more.end());
  return names;
}

// The rule's own table; its words go into `rules`.
class RuleTable {
 public:
  RuleTable(const toml::table& root, const std::string& id, const Names& figures, HintRules& rules, Problems& problems)
      : fields_(table_of(root, id, problems), "[" + id + "]", with(told, figures), problems), rules_(rules), at_(rules.rules.size()) {
    rules.rules.push_back({id, fields_.text("title"), fields_.text("rule"), fields_.text("source"), fields_.mark()});
  }
  // The figure, which the rule's words may name as {least_lines}; {score_tenths} is shown in ones.
  int number(std::string_view name, int low, int high) {
    const int value = fields_.number(name, low, high);
    const bool tenths = name.ends_with("_tenths");
    const std::string place = fmt::format("{{{}}}", name),
                      shown = tenths ? fmt::format("{}.{}", value / 10, value % 10) : fmt::to_string(fmt::group_digits(value));
    std::string& words = rules_.rules[at_].rule;
    if (const auto found = words.find(place); found != std::string::npos) words.replace(found, place.size(), shown);
    return value;
  }

 private:
  static const toml::table& table_of(const toml::table& root, const std::string& id, Problems& problems) {
    static const toml::table none;
    const toml::table* table = root[id].as_table();
    if (table == nullptr) problems.add(0, "the table [" + id + "] is missing");
    return table != nullptr ? *table : none;
  }
  Fields fields_;
  HintRules& rules_;
  std::size_t at_;
};

Names texts(Fields& fields, std::string_view name) {
  const toml::node* node = fields.find(name);
  Names all;
  if (node == nullptr) return all;
  const toml::array* list = node->as_array();
  if (list == nullptr) {
    fields.problem("\"" + std::string(name) + "\" must be a list of texts");
    return all;
  }
  for (const toml::node& one : *list) {
    if (const auto text = one.value_exact<std::string>())
      all.push_back(*text);
    else
      fields.problem("\"" + std::string(name) + "\" must be a list of texts");
  }
  return all;
}

template <class F>
void each_table(const toml::table& root, std::string_view name, Problems& problems, F&& f) {
  const toml::array* tables = root[name].as_array();
  if (tables == nullptr) return problems.add(0, "there is no [[" + std::string(name) + "]]");
  for (const toml::node& one : *tables) {
    if (const toml::table* table = one.as_table())
      f(*table);
    else
      problems.add(one, "[[" + std::string(name) + "]] must be a table");
  }
}

void read_figures(const toml::table& root, HintRules& rules, Problems& problems) {
  RuleTable outlier(root, "value_outlier", {"least_lines", "score_tenths"}, rules, problems);
  rules.outlier_least_lines = outlier.number("least_lines", 3, 100000);
  rules.outlier_score_tenths = outlier.number("score_tenths", 10, 1000);
  const RuleTable spi(root, "origin_spi", {}, rules, problems);
  RuleTable change(root, "hts_change", {"least_lines", "usual_percent"}, rules, problems);
  rules.change_least_lines = change.number("least_lines", 2, 100000);
  rules.change_usual_percent = change.number("usual_percent", 51, 99);
  const RuleTable duplicate(root, "duplicate", {}, rules, problems);
  RuleTable companion(root, "companion", {"least_lines", "usual_percent"}, rules, problems);
  rules.companion_least_lines = companion.number("least_lines", 2, 100000);
  rules.companion_usual_percent = companion.number("usual_percent", 51, 99);
  RuleTable round(root, "round_value", {"multiple_dollars", "least_dollars"}, rules, problems);
  rules.round_multiple_dollars = round.number("multiple_dollars", 1, 1'000'000);
  rules.round_least_dollars = round.number("least_dollars", 1, 1'000'000'000);
  for (const HintRule& rule : rules.rules)
    if (rule.rule.find('{') != std::string::npos) problems.add(0, "the words of [" + rule.id + "] name a figure that it does not have");
}

void check_names(const toml::table& root, const HintRules& rules, Problems& problems) {
  for (const auto& [name, node] : root) {
    const bool known =
        name.str() == "spi" || name.str() == "programme" || std::ranges::find(rules.rules, name.str(), &HintRule::id) != rules.rules.end();
    if (!known) problems.add(node, "unknown table \"" + std::string(name.str()) + "\"");
  }
}

}  // namespace

HintRules load_hint_rules(const std::filesystem::path& file) {
  toml::table root;
  try {
    root = toml::parse_file(file.string());
  } catch (const toml::parse_error& error) {
    throw RulesError(file.string() + ", line " + std::to_string(error.source().begin.line) + ": " + std::string(error.description()));
  }
  Problems problems(file.string());
  HintRules rules;
  read_figures(root, rules, problems);
  each_table(root, "spi", problems, [&](const toml::table& table) {
    Fields fields(table, "[[spi]]", {"codes", "name", "origins", "mark", "source"}, problems);
    rules.special.push_back({texts(fields, "codes"), texts(fields, "origins"), fields.text("name"), fields.text("source"), fields.mark()});
  });
  each_table(root, "programme", problems, [&](const toml::table& table) {
    Fields fields(table, "[[programme]]", {"name", "numbers", "origins", "chapters", "mark", "source"}, problems);
    rules.chapter_99.push_back({fields.text("name"), fields.text("source"), texts(fields, "numbers"), texts(fields, "origins"),
                                texts(fields, "chapters"), fields.mark()});
  });
  check_names(root, rules, problems);
  problems.throw_if_any();
  return rules;
}

}  // namespace tradecase
