// Letters as Word documents (DOCX), out and in again. What is read comes from outside and is trusted in nothing.
#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

#include "adapters/documents/letter_blocks.hpp"
#include "engine/clock.hpp"

namespace tradecase {

// A document that is not taken. The sentence is for its reader and names the place.
struct DocumentRefused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct DocxProperties {
  std::string title, author, subject;
  Instant written_at{};
};

// The same blocks and properties give the same bytes.
std::string docx_of(const Blocks& blocks, const DocxProperties& properties);

// The text of a document that somebody worked on. Throws DocumentRefused for what is no DOCX, is too large, holds macros or
// refers to other files, and for what a letter cannot have: pictures, tracked changes, hidden text, notes.
Blocks blocks_of_docx(std::string_view docx);

// The parts of a DOCX by name, unpacked within limits. Throws DocumentRefused as above.
using DocxParts = std::map<std::string, std::string, std::less<>>;
DocxParts unpack_docx(std::string_view docx);
DocxParts unpack_office(std::string_view file);  // any Office file: a workbook too
std::string pack_docx(const DocxParts& parts);

}  // namespace tradecase
