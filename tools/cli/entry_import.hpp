// A file of entry lines on its way in, for the command line and the portal.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "adapters/ace/entries.hpp"
#include "engine/store/database.hpp"
#include "workflows/entries/entry_store.hpp"

namespace tradecase {

using Owners = std::unordered_map<std::string, std::string>;     // importer number → company
Owners owners_of(Session& session, const std::string& company);  // of all companies where empty

std::int64_t distinct_lines(const std::vector<LineError>& errors);  // without the header's

// Reads a workbook or CSV. `on_read` is called now and then with the bytes read and the size; what it throws ends the reading. Throws
// xlsx::Refused for a workbook that cannot be read, std::runtime_error for a file that cannot be opened.
EntryTotals read_entry_file(const std::filesystem::path& file, EntryReading reading,
                            const std::function<void(std::int64_t at, std::int64_t size)>& on_read);

// Takes the staged rows over and puts both on record, the import and who brought it. `about` says company, file, time, rows and what was
// left out; nothing is recorded where nothing is new.
EntryDifference keep_entries(EntryStage& stage, EntryImported about, const std::string& by);

}  // namespace tradecase
