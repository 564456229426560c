// What an uploaded file is, by its ending and its bytes: taken where both say the same and it is on the list, refused otherwise.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tradecase::http {

inline constexpr std::size_t file_bytes_max = 50 * 1024 * 1024;       // of one file
inline constexpr std::size_t unpacked_bytes_max = 200 * 1024 * 1024;  // of all that one packed file holds
inline constexpr std::size_t packed_files_max = 500;                  // in a ZIP; in a document, which is one too: four times as many
inline constexpr std::size_t packed_ratio_max = 150;                  // bytes unpacked for each one packed, beyond the first 10 MiB

enum class FileProblem {
  empty,
  too_large,
  ending_unknown,  // not on the list
  macros,
  content_differs,  // its bytes are not what its ending says
  damaged,          // cut off, or not readable to its end
  bomb,             // holds more, or more tightly packed, than is taken
  locked,           // with a password
  nested,           // packed files within packed files
};

struct FileCheck {
  std::string type;  // media type by which it is served
  std::optional<FileProblem> problem{};
};
FileCheck check_file(std::string_view name, std::string_view bytes);

struct PackedFile {
  std::string name;  // cleaned
  std::string bytes;
};
// What a ZIP that check_file() has passed holds, without folders and what an operating system adds on its own.
std::variant<std::vector<PackedFile>, FileProblem> unpacked(std::string_view zip);

bool is_packed(std::string_view name);  // a ZIP, whose files are taken one by one
std::string endings_taken();            // for a page: ".pdf,.png,…"

}  // namespace tradecase::http
