// What the portal may ask of files of entry lines on their way in: read and checked beside everything else, taken over when somebody says
// so. The program hands these functions in.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "engine/json.hpp"

namespace tradecase::http {

// Empty functions: the portal takes no such files. An import: {import, company, case, file, by, at, stage, bytes, size, rows, imported,
// changed, unchanged, left_out, value_cents, changes, errors, errors_more, sentence}; stage: reading, checked, keeping, kept, refused,
// cancelled. It is gone a day after it ended, and when the program ends.
struct ImportDesk {
  struct Refused {
    std::string sentence;
  };
  using Why = std::optional<std::string>;  // the sentence where it was refused

  struct Asked {
    std::string company, case_id, file, bytes, by;
  };
  std::function<std::variant<std::string, Refused>(Asked)> begin;  // the import's id
  std::function<std::optional<json::object>(const std::string& id)> find;
  std::function<json::array(const std::string& company)> list;  // newest first
  std::function<Why(const std::string& id, bool leave_bad_out, const std::string& by)> keep;
  std::function<Why(const std::string& id)> cancel;
};

}  // namespace tradecase::http
