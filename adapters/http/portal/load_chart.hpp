// A bar for each person and week, as SVG that prints and is read out: the same numbers stand in the table beside it. Pure.
#pragma once

#include <string>
#include <vector>

namespace tradecase::http {

struct LoadRow {
  std::string name;
  std::vector<std::int64_t> weeks;
};

// `weeks`: the columns' names. The text is escaped here; the result is put into the page as it is.
std::string load_chart(const std::vector<std::string>& weeks, const std::vector<LoadRow>& rows, const std::string& title,
                       const std::string& description);

}  // namespace tradecase::http
