// Entry lines on file, one row per tariff ordinal (domain.md §5.3), and how a whole file of them comes in at once.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/clock.hpp"
#include "engine/import.hpp"
#include "engine/store/database.hpp"

namespace tradecase {

extern const char* const entry_tables;
extern const char* const entry_import_tables;

// A file that came in, with what was left out of it.
struct EntryImported {
  std::int64_t id = 0;
  std::string company;  // the one it was asked to be of; empty: of any
  std::string file;     // its name
  Instant at{};
  std::int64_t rows = 0, imported = 0, unchanged = 0, changed = 0;
  std::int64_t left_out = 0;      // lines
  std::vector<LineError> errors;  // of the lines left out; the first 1,000 are kept
};
void save_entry_import(Transaction& tx, const EntryImported& done);
std::vector<EntryImported> entry_imports_of(Session& session, std::string_view company);  // newest first; those of any company too

// What the column `detail` of entry_lines holds for a frame, back into the line.
void take_detail(EntryLine& line, const std::string& detail);

// A row on file that the import gives other values.
struct EntryChange {
  std::string company, entry_number;
  int line = 0, ordinal = 0;
  std::int64_t source_line = 0;   // of the imported file
  std::vector<std::string> what;  // "value_cents: 123400 is now 123500"
};

struct EntryDifference {
  std::int64_t imported = 0, unchanged = 0, changed = 0;
  std::vector<EntryChange> changes;  // the first changes_told_max, by company, entry number, line and ordinal
};
constexpr std::size_t changes_told_max = 1000;

// A file's rows on their way in. They are staged in a temporary table where nobody waits for them, and taken over in one commit: the
// database has all of the file or, where the program ends before that, nothing of it. A session of its own beside the database's writer;
// memory: some 100 MB, however long the file.
class EntryStage {
 public:
  explicit EntryStage(const std::filesystem::path& database);
  ~EntryStage();
  EntryStage(const EntryStage&) = delete;
  EntryStage& operator=(const EntryStage&) = delete;

  // A row is the same row by company, entry number, line and ordinal; none is added twice.
  void add(const std::string& company, const EntryLine& line);

  EntryDifference compare();  // what keep() would do

  // Takes the rows over; `also` runs in the same commit. Others who write wait for this commit only.
  EntryDifference keep(const std::function<void(Transaction&, const EntryDifference&)>& also);

 private:
  std::unique_ptr<Session> session_;
};

}  // namespace tradecase
