// Samples and their figures as JSON: the command line's and the portal's.
#pragma once

#include <string>
#include <vector>

#include "engine/json.hpp"
#include "workflows/sampling/finding_store.hpp"
#include "workflows/sampling/sample_review.hpp"
#include "workflows/sampling/sample_store.hpp"

namespace tradecase {

json::object sample_object(const Sample& sample);  // without its rows

// A row of the sample's list with its place in the books.
struct ShownRow {
  std::int64_t row = 0;
  FrameRow line;
  std::string how;  // "pick 3, 2 hits", "certain", "added by hand"
  std::int64_t hits = 0;
  bool by_hand = false;
};
std::vector<ShownRow> shown_rows(Session& session, const Sample& sample, const SampleRecord& record);  // in the order of draw
json::object row_object(const ShownRow& one);

json::object reckoning_object(const Reckoning& reckoning);
json::object projection_object(const Projection& one);
json::array cause_list(const std::vector<CauseTotal>& totals);

}  // namespace tradecase
