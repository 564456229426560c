// Samples on record. One is drawn from a frozen population by a seed that was entered after the freeze; it may be drawn larger later by the
// same seed. Every draw stays as it was: nothing here is ever changed or removed. Changes by hand stand apart.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/store/database.hpp"
#include "workflows/sampling/bundle.hpp"
#include "workflows/sampling/draw.hpp"
#include "workflows/sampling/population_store.hpp"
#include "workflows/sampling/projection.hpp"

namespace tradecase {

extern const char* const sample_tables;

struct DrawOnRecord {
  std::int64_t number = 0;  // 1, 2, … of the sample
  SampleParameters parameters;
  std::vector<std::int64_t> n_h;
  std::int64_t rows = 0;
  std::string reason;  // of every draw from the population but its first
  std::string by;      // person id, or "operator"
  Instant at{};
};

struct Sample {
  std::int64_t number = 0;
  std::string id;  // SMP-000001
  std::string population_id, case_id;
  std::string seed, seed_how;  // how it came about: "ten-sided dice, in the meeting of 2026-01-14"
  std::string seed_by;
  Instant seed_at{};
  std::vector<DrawOnRecord> draws;  // at least one
  std::vector<ManualChange> manual;

  const DrawOnRecord& last_draw() const { return draws.back(); }
};

std::optional<Sample> find_sample(Session& session, std::string_view id);            // SMP-000001, or 1
std::vector<Sample> find_samples(Session& session, std::string_view population_id);  // of a population, or all where empty; oldest first

struct SampleAsked {
  std::string population_id;
  SampleParameters parameters;
  std::string seed, seed_how;
  std::string reason;  // needed where the population has been drawn from before
  std::string by;
};

// Refused with a sentence: the case is closed; the population is not frozen, or not what was frozen; the seed is no random one, or nobody
// says how it came about; a draw stands on record and no reason is given for another; the method cannot be drawn so.
std::variant<Sample, std::string> draw_from(Database& database, const SampleAsked& asked, Instant now);

// The same sample, larger: a new draw by the same seed that begins with the rows of the last. Simple and stratified samples only.
std::variant<Sample, std::string> draw_more(Database& database, std::string_view id, std::int64_t n, const std::string& reason,
                                            const std::string& by, Instant now);

// Adds a row to the list by hand, or drops one.
std::variant<Sample, std::string> change_by_hand(Database& database, std::string_view id, ManualChange change, Instant now);

// The sentence where the rows of a frozen population are not those that were frozen: nothing is drawn from them or given out then.
std::optional<std::string> changed_since_freeze(Session& session, std::string_view population_id);

// What the bundle of a sample says, by its last draw or an earlier one. std::logic_error for a draw it does not have.
SampleRecord sample_record(Session& session, const Sample& sample, std::int64_t draw);

FrameTotals write_population_rows(Session& session, std::string_view population_id, const std::function<void(std::string_view)>& sink);
Frame population_frame(Session& session, std::string_view population_id);
std::vector<StratumTotals> population_strata(Session& session, std::string_view population_id);
std::vector<std::int64_t> rows_outside(Session& session, std::string_view population_id);  // of 0 or less: no monetary unit can hit them

}  // namespace tradecase
