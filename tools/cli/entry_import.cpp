#include "tools/cli/entry_import.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include "adapters/ace/xlsx.hpp"
#include "engine/store/store.hpp"

namespace tradecase {

Owners owners_of(Session& session, const std::string& company) {
  Owners owners;
  for (const Company& one : all_companies(session))
    if (company.empty() || one.id == company)
      for (const std::string& number : one.ior_numbers) owners[number] = one.id;
  return owners;
}

std::int64_t distinct_lines(const std::vector<LineError>& errors) {
  std::vector<std::int64_t> lines;
  for (const LineError& error : errors)
    if (error.line > 1) lines.push_back(error.line);
  std::ranges::sort(lines);
  return std::ranges::unique(lines).begin() - lines.begin();
}

EntryTotals read_entry_file(const std::filesystem::path& file, EntryReading reading,
                            const std::function<void(std::int64_t at, std::int64_t size)>& on_read) {
  if (xlsx::begins_as_workbook(file)) {
    xlsx::Reader rows(file);
    reading.days_of_1904 = rows.days_of_1904();
    reading.on_progress = [&] { on_read(rows.position(), rows.size()); };
    return read_entries([&](csv::Row& row) { return rows.next(row); }, reading);
  }
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("The file " + file.string() + " cannot be read.");
  const auto size = static_cast<std::int64_t>(std::filesystem::file_size(file));
  reading.on_progress = [&] { on_read(in ? static_cast<std::int64_t>(in.tellg()) : size, size); };
  return read_entries(in, reading);
}

EntryDifference keep_entries(EntryStage& stage, EntryImported about, const std::string& by) {
  return stage.keep([&](Transaction& tx, const EntryDifference& found) {
    if (found.imported + found.changed == 0) return;
    record_line(tx, "import", "entries", by, about.at,
                {{"imported", found.imported}, {"unchanged", found.unchanged}, {"changed", found.changed}});
    about.imported = found.imported;
    about.unchanged = found.unchanged;
    about.changed = found.changed;
    save_entry_import(tx, about);
  });
}

}  // namespace tradecase
