// Hints on a population: lines worth a look before a sample is drawn, each with the rule that names it. The rules and their figures are
// data (hints.toml).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/mark.hpp"
#include "workflows/sampling/population.hpp"

namespace tradecase {

// What people are told of a rule.
struct HintRule {
  std::string id, title, rule, source;
  Mark mark = Mark::assumption;
};

struct SpecialProgramme {
  std::vector<std::string> codes, origins;
  std::string name, source;
  Mark mark = Mark::assumption;
};

struct Chapter99Programme {
  std::string name, source;
  std::vector<std::string> numbers;            // what its HTS numbers begin with
  std::vector<std::string> origins, chapters;  // those it reaches; empty: not judged
  Mark mark = Mark::assumption;
};

struct HintRules {
  std::vector<HintRule> rules;  // value_outlier, origin_spi, hts_change, duplicate, companion, round_value
  int outlier_least_lines = 0, outlier_score_tenths = 0;
  int change_least_lines = 0, change_usual_percent = 0;
  int companion_least_lines = 0, companion_usual_percent = 0;
  std::int64_t round_multiple_dollars = 0, round_least_dollars = 0;
  std::vector<SpecialProgramme> special;
  std::vector<Chapter99Programme> chapter_99;
};

HintRules load_hint_rules(const std::filesystem::path& file);  // throws RulesError with every mistake and its line

struct Hint {
  std::string rule;  // HintRule::id
  std::string entry_number;
  int line = 0;
  std::string why;  // "value per unit $1,240.00; the 38 lines of 6104430010 have a median of $12.10"

  bool operator==(const Hint&) const = default;
};

// Sees every line once, then judges every line: two passes over the population. Memory: some 40 bytes a line.
class HintFinder {
 public:
  explicit HintFinder(const HintRules& rules);
  ~HintFinder();
  HintFinder(const HintFinder&) = delete;
  HintFinder& operator=(const HintFinder&) = delete;

  void see(const PopulationLine& line);
  void judge(const PopulationLine& line, const std::function<void(Hint&&)>& on_hint);  // in the order of HintRules::rules

 private:
  struct Seen;
  const HintRules& rules_;
  std::unique_ptr<Seen> seen_;
};

}  // namespace tradecase
