// What the portal may ask of populations. They are the workflows' business: the program hands these functions in.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "engine/json.hpp"

namespace tradecase::http {

// Values are those of `tradecase population … --json`. Empty functions: the portal shows no populations. `by` is a person id.
struct PopulationDesk {
  struct Refused {
    std::string sentence;
  };
  using Why = std::optional<std::string>;  // the sentence where it was refused

  struct Asked {
    std::string case_id;
    json::object scope;
    std::string strata, by;
  };
  struct Control {
    std::int64_t value_cents = 0;
    std::optional<std::int64_t> lines;
    std::string source, by;
  };
  std::function<std::variant<std::string, Refused>(const Asked&)> create;  // the population's id
  std::function<Why(const std::string& id)> preview;
  std::function<Why(const std::string& id, const Control&)> tie_out;
  std::function<Why(const std::string& id, const std::string& reason, const std::string& by)> freeze;

  std::function<json::array(const std::string& case_id)> list;
  std::function<std::optional<json::object>(const std::string& id)> find;
  std::function<json::array(const std::string& id, const std::string& rule, std::int64_t limit, std::int64_t offset)> hints;
  // population.csv of a frozen one, into the sink; refused where the rows are not those that were frozen.
  std::function<Why(const std::string& id, const std::function<void(std::string_view)>& sink)> csv;
  std::function<json::array(const std::string& company)> imports;  // newest first
};

}  // namespace tradecase::http
