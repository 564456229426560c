// What the portal may ask of samples and of what was found in them. They are the workflows' business: the program hands these functions in.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "engine/command.hpp"
#include "engine/json.hpp"

namespace tradecase::http {

// Values are those of `tradecase sample … --json`. Empty functions: the portal shows no samples. `by` is a person id. A refusal is a
// Problem at the field it is about, "" for the whole.
struct SampleDesk {
  using Why = std::optional<Problem>;

  struct Asked {
    std::string population, method;
    std::int64_t n = 0, interval_cents = 0;
    std::string allocation = "proportional";
    std::int64_t least = 2;  // rows a stratum
    std::string seed, how, reason, by;
  };
  struct More {
    std::string sample;
    std::int64_t n = 0;
    std::string reason, by;
  };
  struct Change {
    std::string sample;
    std::int64_t row = 0;
    bool add = true;
    std::string reason, by;
  };
  std::function<std::variant<std::string, Problem>(const Asked&)> draw;  // the sample's id
  std::function<Why(const More&)> more;
  std::function<Why(const Change&)> change;

  std::function<json::array(const std::string& case_id)> list;                                    // oldest first
  std::function<std::optional<json::object>(const std::string& sample, std::int64_t draw)> find;  // draw 0: the last
  std::function<json::object(const std::string& sample, std::int64_t draw)> check;                // {same, differences}
  // The bytes of a zip; a Problem where the population's rows are not those that were frozen.
  std::function<std::variant<std::string, Problem>(const std::string& sample, std::int64_t draw)> bundle;
  std::function<std::int64_t(const std::string& population, const std::string& entry_number, int)> row_of;  // 0: there is none

  // How large: kind attribute {tolerable, expected, risk} or mus {book, tolerable, expected, risk}, as typed.
  std::function<std::variant<json::object, Problem>(const std::string& kind, const json::object& typed)> size;

  // What was found in a row of the sample's list. `seen`: the version it stood at when it was read, 0 for none.
  struct Finding {
    std::string sample;
    std::int64_t row = 0, seen = 0;
    json::array errors;  // {cents, direction, cause}
    std::string note, by;
  };
  std::function<Why(const Finding&)> record;
  std::function<std::variant<std::int64_t, Problem>(const std::string& sample, const std::string& by)> rest_without_error;  // how many
  std::function<json::object(const std::string& sample)> findings;  // {items, by_hand, open, causes}
  std::function<std::variant<json::object, Problem>(const std::string& sample, const std::string& estimator, const std::string& confidence)>
      project;
};

}  // namespace tradecase::http
