// A letter's template as a Word document with merge fields: {{name}} in the text, or Word's own MERGEFIELD. For the template desk.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/documents/docx.hpp"

namespace tradecase {

struct MergeField {
  std::string name;
  std::string place;      // "paragraph 4", "header1, paragraph 1"
  std::string paragraph;  // its words, for whoever looks for the place

  bool operator==(const MergeField&) const = default;
};

class DocxTemplate {
 public:
  // Throws DocumentRefused as unpack_docx does, and for fields that fetch or run something, and a "{{" that never ends.
  static DocxTemplate read(std::string_view docx);

  const std::vector<MergeField>& fields() const { return fields_; }  // paragraph by paragraph

  // A sentence for each field that is not among `known`, with its place and the nearest name. Empty: it may be used.
  std::vector<std::string> problems(const std::vector<std::string>& known) const;

  // The document with every field filled; each value goes in on one line, in the look of the field it replaces. The same
  // values give the same bytes. Throws DocumentRefused naming the field that has no value.
  std::string merge(const std::map<std::string, std::string, std::less<>>& values) const;

 private:
  DocxParts parts_;
  std::vector<MergeField> fields_;
};

}  // namespace tradecase
