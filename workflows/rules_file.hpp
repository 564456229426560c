// Reading the tables of a rules file and collecting what is wrong with them. Only workflows/rules*.cpp and sampling/hint_rules.cpp
// include this.
#pragma once

#include <toml++/toml.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/calendar.hpp"
#include "engine/rules.hpp"

namespace tradecase::rules_file {

// What is wrong with the file, each with its line.
class Problems {
 public:
  explicit Problems(std::string file) : file_(std::move(file)) {}
  void add(std::size_t line, std::string what) { found_.emplace_back(line, std::move(what)); }  // line 0: nowhere in the file
  void add(const toml::node& node, std::string what) { add(node.source().begin.line, std::move(what)); }
  void throw_if_any();  // RulesError with all of them, in the order of the file

 private:
  std::string file_;
  std::vector<std::pair<std::size_t, std::string>> found_;
};

std::string from_to(int low, int high);  // "1 to 12"

// One table of the file. Names outside `known` are problems; so is whatever is asked for and is missing or of another type, and then
// the answer is an empty text, the lowest number, an assumption.
class Fields {
 public:
  Fields(const toml::table& table, std::string place, const std::vector<std::string>& known, Problems& problems);
  bool has(std::string_view name) const { return table_.contains(name); }
  const toml::node* find(std::string_view name);
  std::string text(std::string_view name);
  int number(std::string_view name, int low, int high);
  Mark mark();
  void problem(const std::string& what) { problems_.add(table_, place_ + ": " + what); }

 private:
  std::string quoted(std::string_view name) const { return place_ + ": \"" + std::string(name) + "\""; }

  const toml::table& table_;
  std::string place_;
  Problems& problems_;
};

// The calendar's part of the file. Each holiday becomes a rule as well, for the reader.
std::vector<HolidayRule> read_holidays(const toml::table& root, std::vector<Rule>& rules, Problems& problems);
std::vector<Closure> read_closures(const toml::table& root, Problems& problems);

}  // namespace tradecase::rules_file
