// Periods, ladders, thresholds, lists and texts as data: what an agency may change without compiling. Where they are read from and
// which keys there must be is the workflows' to say (workflows/rules.hpp); here they are looked up. Read-only after construction,
// so that any number of threads may look things up.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/json.hpp"
#include "engine/mark.hpp"

namespace tradecase {

struct Rule {
  std::string key;    // "anl.cycle_months": dotted, the unit last
  json::value value;  // whole number, list of whole numbers, text, list of texts, or yes/no
  Mark mark = Mark::assumption;
  std::string source;   // the paper that says it, or who assumed it
  std::string meaning;  // one sentence for a person
};

class Rules {
 public:
  // Throws std::logic_error for a key given twice or a value of no known type.
  explicit Rules(std::vector<Rule> rules);

  // An unknown key or another type than asked for is a bug in the caller: std::logic_error. References live as long as the Rules.
  int number(std::string_view key) const;
  const std::vector<int>& numbers(std::string_view key) const;
  const std::string& text(std::string_view key) const;
  bool yes(std::string_view key) const;
  const std::vector<std::string>& texts(std::string_view key) const;
  const Rule& rule(std::string_view key) const;

  bool has(std::string_view key) const { return entries_.contains(key); }
  const std::vector<Rule>& all() const& { return rules_; }  // in the order given
  const std::vector<Rule>& all() && = delete;               // a loop over a temporary's rules would outlive them

 private:
  enum class Kind { number, numbers, text, yes_no, texts, empty_list };
  struct Entry {  // the value, read once
    std::size_t position = 0;
    Kind kind = Kind::number;
    int number = 0;
    bool yes = false;
    std::string text;
    std::vector<int> numbers;
    std::vector<std::string> texts;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view key) const { return std::hash<std::string_view>{}(key); }
  };
  static Entry read(const Rule& rule);
  const Entry& entry(std::string_view key) const;
  const Entry& entry(std::string_view key, Kind kind, bool list) const;

  std::vector<Rule> rules_;
  std::unordered_map<std::string, Entry, Hash, std::equal_to<>> entries_;
};

}  // namespace tradecase
