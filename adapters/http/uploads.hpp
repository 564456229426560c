// Files that come with a form or a call: checked, unpacked where they are packed, kept, and attached by the command that names them.
#pragma once

#include <functional>

#include "adapters/http/file_check.hpp"
#include "adapters/http/file_store.hpp"
#include "adapters/http/portal.hpp"

namespace tradecase::http {

inline constexpr std::int64_t case_files_max = 2'000;
inline constexpr std::int64_t case_bytes_max = 4LL * 1024 * 1024 * 1024;
inline constexpr std::chrono::hours unattached_time{14 * 24};  // a file that nothing names is kept so long

struct RefusedFile {
  std::string name, code, sentence;
};
struct TakenFiles {
  std::vector<CaseFile> files;
  std::vector<RefusedFile> refused;
  std::vector<std::string> hashes() const;
};

// Looks at each, keeps what can be taken, and says of the rest why not. Staff's own are internal. `place`: what a file of that name
// belongs to; "" where it does not say.
TakenFiles take_files(const Visit& visit, std::vector<Upload> uploads, const std::function<std::string(const std::string& name)>& place);
// The same, but nothing is kept where one is refused.
TakenFiles take_all_or_none(const Visit& visit, std::vector<Upload> uploads);

// The form's files of one field.
std::vector<Upload> uploads_of(Visit& visit, std::string_view field);

// Sends a command whose body may name files, in fields called `files`: each must be one of the case's that the sender may see; they are
// attached in the command's own commit.
bool names_files(const json::object& body);
Answer execute_with_files(const Visit& visit, const Command& command);

std::string file_problem_words(const Visit& visit, FileProblem problem, const std::string& name);
std::string size_words(const Visit& visit, std::int64_t bytes);    // "1.4 MB"
std::string file_path(const CaseFile& file);                       // its address in the portal
json::object file_view(const Visit& visit, const CaseFile& file);  // {href, name, size, hash, by, on}
// The files of these hashes, in their order, as file_view().
json::array file_views(const Visit& visit, const std::vector<CaseFile>& all, const json::array& hashes);

}  // namespace tradecase::http
