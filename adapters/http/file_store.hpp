// Uploaded files in the database: their bytes once by hash, and one row for each case they were uploaded to.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/store/store.hpp"

namespace tradecase::http {

struct CaseFile {
  std::string case_id, hash;
  std::string name;  // as given, cleaned
  std::string type;  // media type
  std::int64_t size = 0;
  std::string person, person_name;
  bool internal = false;   // of the agency's own: never a company's to see
  std::string belongs_to;  // what it is meant for: an item "ABC12345678/1", a question "question 2"; "" not said
  Instant kept_at{};
  std::optional<std::int64_t> attached_version{};  // of the case, by the command that names it; nothing: it goes after some days
};

// Keeps the bytes and gives their SHA-256. Written in parts, each a commit of its own: others' commits do not wait for a large file.
std::string keep_bytes(Database& database, std::string_view bytes, Instant now);
// The row of a file whose bytes are kept. One that waits to be attached is there once; after that it may be sent anew.
void keep_file(Transaction& tx, const CaseFile& file);

std::vector<CaseFile> files_of_case(Session& session, std::string_view case_id, bool internal_too);  // the oldest first
std::optional<CaseFile> find_case_file(Session& session, std::string_view case_id, std::string_view hash, bool internal_too);
std::string file_bytes(Session& session, std::string_view hash);

void attach_file(Transaction& tx, std::string_view case_id, std::string_view hash, std::int64_t version);
// Of files that are not attached yet:
void place_file(Transaction& tx, std::string_view case_id, std::string_view hash, std::string_view belongs_to);
void drop_file(Transaction& tx, std::string_view case_id, std::string_view hash, bool internal);
void drop_unattached_files(Transaction& tx, Instant kept_before);

struct FileSums {
  std::int64_t files = 0, bytes = 0;
};
FileSums file_sums(Session& session, std::string_view case_id);

}  // namespace tradecase::http
