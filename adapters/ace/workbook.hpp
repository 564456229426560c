// What a workbook says before its rows: which sheet is the first, its shared texts, how its days are numbered.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/ace/archive.hpp"

namespace tradecase::xlsx {

constexpr std::size_t cell_bytes_max = 4UL * 32767;  // a spreadsheet's own limit of characters, in UTF-8

// Texts kept once, one behind the other.
class SharedTexts {
 public:
  void begin() { begins_.push_back(bytes_.size()); }
  void append(std::string_view text);  // to the one begun last; throws Refused
  std::size_t size() const { return begins_.size(); }
  std::string_view at(std::size_t index) const;

 private:
  std::string bytes_;
  std::vector<std::size_t> begins_;  // where each begins
};

struct Workbook {
  std::string sheet;  // the part that holds the first visible sheet
  bool days_of_1904 = false;
  SharedTexts texts;
};

Workbook read_workbook(Archive& archive);  // throws Refused

}  // namespace tradecase::xlsx
