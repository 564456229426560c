// Comma-separated values after RFC 4180, read row by row from a stream of any length.
//
// A row's fields are separated by commas; a field in quotation marks may hold commas, line ends and doubled quotation marks. Lines
// end with LF or CRLF. A UTF-8 byte order mark is skipped, and so are empty lines. Memory: one row, at most about row_bytes_max.
#pragma once

#include <cstdint>
#include <deque>
#include <istream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tradecase::csv {

constexpr std::size_t row_bytes_max = 1 << 20;

struct Fault {
  std::optional<std::size_t> column;  // from 0; nothing where the fault is the whole row's
  std::string reason;                 // a sentence for the person who has to mend the file
};

struct Row {
  std::int64_t line = 0;            // physical line on which the row begins, from 1
  std::vector<std::string> fields;  // as far as read where there is a fault
  std::optional<Fault> fault;       // why the row cannot be taken apart
  std::vector<Fault> unfit;         // fields of a row taken apart whose text cannot be taken, see unfit_text()
};

// The physical lines of a stream with their numbers, without the LF; lines may be put back.
class Lines {
 public:
  struct Line {
    std::string text;
    std::int64_t number = 0;
    bool too_long = false;  // cut off at row_bytes_max
    bool ended = false;     // with LF; the last line of a file may lack it
  };
  explicit Lines(std::istream& in) : in_(in) {}
  std::optional<Line> take();
  void put_back(std::vector<Line> lines);  // to be taken again in the same order

 private:
  bool fill();
  std::optional<Line> read();

  std::istream& in_;
  std::string buffer_;
  std::size_t begin_ = 0;
  std::int64_t number_ = 0;
  std::deque<Line> waiting_;
};

// Reads on after a faulty row. Where a quotation mark is not closed, or text follows a closing one on a later line, only the line
// on which the row begins is given up: reading goes on with the line after it, so that one missing mark does not hide the rest.
class Reader {
 public:
  explicit Reader(std::istream& in) : lines_(in) {}

  // False at the end of the stream. The first row (the header) says how many fields each row has.
  bool next(Row& row);

 private:
  void read_row(Row& row, Lines::Line first);
  void check_width(Row& row);

  Lines lines_;
  std::optional<std::size_t> width_;
};

// Why the text cannot be taken (control characters, not UTF-8), or nothing. Tab and line ends are taken.
std::optional<std::string> unfit_text(std::string_view text);

// The text as it may be shown: bytes that are no UTF-8 and control characters become U+FFFD; more than 120 characters are cut.
std::string shown(std::string_view text);

}  // namespace tradecase::csv
