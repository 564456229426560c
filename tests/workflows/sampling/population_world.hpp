// A database with one company, an audit and a membership, and entry lines made up for a test.
#pragma once

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/store/store.hpp"
#include "workflows/entries/entry_store.hpp"
#include "workflows/sampling/population_store.hpp"

namespace tradecase::testing {

EntryLine ordinal(const std::string& entry, int line, const std::string& hts, std::int64_t cents);

class PopulationWorld {
  std::filesystem::path folder_;

 public:
  PopulationWorld();
  ~PopulationWorld();
  PopulationWorld(const PopulationWorld&) = delete;
  PopulationWorld& operator=(const PopulationWorld&) = delete;

  EntryDifference bring(const std::vector<EntryLine>& rows);
  std::vector<EntryLine> mixed(int lines) const;  // several entries, origins and values

  Population made(const std::string& strata);
  Population tied(const std::string& id, std::int64_t cents, std::int64_t lines);
  Population frozen(const std::string& id, const std::string& reason = "");
  std::string freeze_refused(const std::string& id, const std::string& reason = "");
  Population found(const std::string& id);
  std::string problem(const std::string& id);
  std::int64_t rows_on_file();
  void put_back(std::int64_t row);  // of the first population: as it was frozen

  HintRules rules;
  Instant now = parse_instant("2026-01-14T16:00:00Z").value();
  Database database;

 private:
  std::vector<FrameRow> kept_;
};

}  // namespace tradecase::testing
