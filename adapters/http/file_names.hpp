// What is read from the name of an uploaded file: the name itself made safe, its ending, and which entry line it is about. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tradecase::http {

// The last part of a path, UTF-8 without control characters, at most 150 bytes with its ending kept; "document" where nothing is left.
std::string cleaned_name(std::string_view given);
std::string ending_of(std::string_view name);  // lower case, without the dot; "" where it has none

struct EntryNamed {
  std::string entry_number;  // 11 characters, as the items have it
  int line = 0;              // 0: not said
  bool operator==(const EntryNamed&) const = default;
};

std::string plain_entry(std::string_view text);  // "abc-1234567-8": "ABC12345678"; "" where it is no entry number
// "ABC-1234567-8 line 2 invoice.pdf"; nothing where the name has no entry number, or two different ones.
std::optional<EntryNamed> entry_in(std::string_view name);
// The place among `items` of the one that is meant; nothing where none is, or where the entry has several lines and none is said.
std::optional<std::size_t> item_meant(const EntryNamed& named, const std::vector<EntryNamed>& items);

// A list of files as CSV: file name, entry number, line. Its first row may be headings.
struct ManifestRow {
  std::string file;  // cleaned
  EntryNamed entry;
};
bool is_manifest(std::string_view name);                                           // "manifest.csv"
std::variant<std::vector<ManifestRow>, int> read_manifest(std::string_view text);  // or the number of the row that cannot be read

// For Content-Disposition: attachment, with the name as plain ASCII and, beside it, as it is.
std::string attachment_header(std::string_view name);

}  // namespace tradecase::http
