// The forms as shipped: workflows/*/forms/NAME.vN.json, each question's data key one of workflows/facts/keys.json.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/form.hpp"

namespace tradecase {

struct DataKey {
  std::string key;      // "forced_labor.code_of_conduct.url"
  std::string meaning;  // one phrase for a person: how the register calls the fact
};

// Throws FormError with every problem: a key given twice, a key that is no dotted lower-case name, a missing meaning.
std::vector<DataKey> load_data_keys(const std::filesystem::path& file);

// Throws FormError with the problems of all files: those of parse_form, a file name that disagrees with its content, an unknown data key
// (with the nearest known one).
Forms load_forms(const std::filesystem::path& workflows_dir);

}  // namespace tradecase
