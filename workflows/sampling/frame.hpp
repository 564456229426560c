// The frame of a sample: one row per entry line, its tariff ordinals folded in, and the one way to write it (sampling.md point 3). The
// hash over these bytes is what a frozen population is known by.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/import.hpp"
#include "engine/sha256_stream.hpp"

namespace tradecase {

// A sampling unit. Texts are UTF-8 as in EntryLine, empty where not given. "The line's" is: of its first ordinal outside chapter 99, or
// of its first ordinal where all are in it.
struct FrameRow {
  std::string entry_number;                // 11 characters
  int line = 0;                            // entry summary line, from 1
  std::string importer_number;             // as it may be shown (importer_number.hpp): the file goes to strangers
  std::string entry_date;                  // 2026-01-14
  std::string summary_date;                // likewise
  std::string entry_type;                  // the line's
  std::string port_of_entry;               // the line's
  std::string hts;                         // the line's, digits
  std::string other_hts;                   // those of the other ordinals, in their order, a blank between them
  std::string country_of_origin;           // the line's
  std::string country_of_export;           // the line's
  std::string manufacturer_id;             // the line's
  std::string spi;                         // the line's
  std::optional<std::int64_t> duty_cents;  // the sum over the ordinals that give one
  std::string stratum;                     // label; all rows the same where nobody asked for strata
  std::int64_t value_cents = 0;            // of the line (domain.md §5.3)

  bool operator==(const FrameRow&) const = default;
};

// The frame's order: entry number by bytes, then line by number. Equal for the same entry line, which a frame holds once.
std::strong_ordering frame_order(const FrameRow& a, const FrameRow& b);

// population.csv: UTF-8 without byte order mark, LF, a header, quotation marks only around fields that hold a comma, a quotation mark or
// a line end (RFC 4180).
std::string_view frame_header();                               // with its LF
void append_frame_row(std::string& out, const FrameRow& row);  // with its LF

struct FrameTotals {
  std::int64_t rows = 0;
  std::int64_t value_cents = 0;
  std::string sha256;  // of the file's bytes

  bool operator==(const FrameTotals&) const = default;
};

// Rows in frame order become the file's bytes, counted and hashed as they pass; one row is in memory. `sink` gets the bytes piece by
// piece and may be empty where only the hash is asked for.
class FrameWriter {
 public:
  explicit FrameWriter(std::function<void(std::string_view)> sink = {});
  void add(const FrameRow& row);  // std::logic_error for a row out of order or twice
  FrameTotals finish();           // once, at the end

 private:
  void pass_on();

  std::function<void(std::string_view)> sink_;
  Sha256Stream hash_;
  FrameTotals totals_;
  std::string waiting_;
  FrameRow last_;  // its entry number and line only
};

struct FrameReading {
  std::function<void(FrameRow&&)> on_row;        // every good row, in the order of the file
  std::function<void(LineError&&)> on_error;     // every fault, by line
  std::function<void(std::int64_t)> on_bytes{};  // bytes read so far, now and then; may throw to end the reading
};

// Reads population.csv back. Strict: a row that would not be written byte for byte as it stands is a fault, and so are a row out of order
// and an entry line met before. The hash is that of the bytes read, good or not; the totals are of the good rows.
FrameTotals read_frame(std::istream& in, const FrameReading& reading);

// What a draw looks at: values and strata by row, 12 bytes a row. Row numbers begin at 1, indexes here at 0.
struct Frame {
  std::vector<std::int64_t> value_cents;
  std::vector<std::uint32_t> stratum;  // index into strata
  std::vector<std::string> strata;     // the labels, by bytes

  std::size_t rows() const { return value_cents.size(); }
  bool operator==(const Frame&) const = default;
};

// Rows given in frame order become a Frame.
class FrameColumns {
 public:
  void add(std::string_view stratum, std::int64_t value_cents);
  void add(const FrameRow& row) { add(row.stratum, row.value_cents); }
  Frame finish();  // once, at the end

 private:
  Frame frame_;
  std::vector<std::pair<std::string, std::uint32_t>> labels_;  // by bytes, with the number given when first met
};

}  // namespace tradecase
