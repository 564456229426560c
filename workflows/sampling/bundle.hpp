// A sample as it is given to strangers: sample.json (tradecase-sample/1) beside population.csv, in a folder or a zip; and whether the one
// follows from the other (sampling.md points 9 and 10).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "workflows/sampling/draw.hpp"
#include "workflows/sampling/frame.hpp"

namespace tradecase {

// What sample.json says. Instants are text as the engine writes them.
struct SampleRecord {
  FrameTotals population;
  std::string frozen_at, seed, seed_at;
  SampleParameters parameters;
  std::vector<std::int64_t> n_h;  // stratified only
  std::vector<DrawnRow> drawn;
  std::vector<std::string> strata;  // of the rows drawn, in their order
  std::vector<ManualChange> manual;
  std::vector<std::int64_t> list;  // rows to look at, ascending

  bool operator==(const SampleRecord&) const = default;
};

// Draws, and fills in what follows from the draw: n_h, drawn, strata and, with the changes in `manual`, the list.
std::optional<SamplingFault> complete(SampleRecord& record, const Frame& frame);

std::string sample_json(const SampleRecord& record);

// Strict: a key that is missing, unknown or of another type is a fault that names it.
std::variant<SampleRecord, SamplingFault> read_sample_json(std::string_view text);

// What does not follow from the population, one sentence each with its row; empty: the same list.
std::vector<std::string> sample_differences(const SampleRecord& record, const Frame& frame, const FrameTotals& population);

// Writes population.csv piece by piece into the sink and says what it wrote, as FrameWriter does.
using PopulationSource = std::function<FrameTotals(const std::function<void(std::string_view)>& sink)>;

// Into a folder, or a zip where the name ends in ".zip"; neither may hold a bundle already. A fault, and no bundle, where it cannot be
// written or the population is not the one of the record.
std::optional<SamplingFault> write_bundle(const std::filesystem::path& to, const SampleRecord& record, const PopulationSource& population);

// Differences as above, or a fault where the bundle cannot be read.
std::variant<std::vector<std::string>, SamplingFault> verify_bundle(const std::filesystem::path& bundle);

// A population.csv as a Frame; a fault names its first wrong line. Memory: 12 bytes a row.
struct FrameFile {
  Frame frame;
  FrameTotals totals;
};
std::variant<FrameFile, SamplingFault> read_frame_file(std::istream& in);

}  // namespace tradecase
