// Rows of the first visible sheet of a workbook (.xlsx, ISO/IEC 29500), read as a stream: values only, formulas by the value last
// calculated. Memory: the workbook's shared texts and one piece of the sheet.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "adapters/ace/archive.hpp"
#include "adapters/ace/csv.hpp"

namespace tradecase::xlsx {

// Whether the file begins as a workbook does, this one's kind or an older one: those are not CSV.
bool begins_as_workbook(const std::filesystem::path& file);

// Refused: workbooks with macros, older or binary ones, protected ones; sheets wider than 1,000 columns; cells longer than a
// spreadsheet allows; shared texts of more than 256 MiB; rows out of order; what archive.hpp and xml.hpp refuse.
class Reader {
 public:
  explicit Reader(const std::filesystem::path& file);  // throws Refused

  // As csv::Reader: the first row that holds something is the header and says how many fields each row has; empty rows are skipped. The
  // line is the sheet's row. Throws Refused, also after rows that were good.
  bool next(csv::Row& row);

  bool days_of_1904() const;      // day numbers count from 1904
  std::int64_t size() const;      // bytes of the sheet
  std::int64_t position() const;  // and how many have been read
  std::int64_t formulas() const;  // cells met whose value was taken from a formula

 private:
  struct Sheet;
  std::shared_ptr<Sheet> sheet_;
};

}  // namespace tradecase::xlsx
