#include "adapters/ace/xlsx.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <optional>
#include <string>
#include <utility>

#include "adapters/ace/fields.hpp"
#include "adapters/ace/workbook.hpp"
#include "adapters/ace/xml.hpp"

namespace tradecase::xlsx {
namespace {

constexpr std::size_t columns_max = 1000;
constexpr std::int64_t rows_max = 1 << 20;  // a sheet's own limit
constexpr std::size_t piece_bytes = 1 << 14;
constexpr std::string_view zip_begins = "PK\x03\x04";
constexpr std::string_view compound_file_begins = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";  // .xls, and any protected workbook

std::string first_bytes(const std::filesystem::path& file) {
  std::string bytes(8, '\0');
  std::ifstream in(file, std::ios::binary);
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  return bytes;
}

std::filesystem::path readable(const std::filesystem::path& file) {
  if (first_bytes(file).starts_with(compound_file_begins))
    throw Refused("This is an older workbook (.xls) or one protected by a password. Save it as an Excel workbook (.xlsx) without one.");
  return file;
}

// "AB12": column 27, from 0. Nothing where the letters are missing; beyond the limit, the limit.
std::optional<std::size_t> column_of(std::string_view reference) {
  std::size_t column = 0;
  std::size_t letters = 0;
  for (; letters < reference.size() && reference[letters] >= 'A' && reference[letters] <= 'Z'; ++letters) {
    column = std::min(column * 26 + static_cast<std::size_t>(reference[letters] - 'A') + 1, columns_max + 1);
  }
  if (letters == 0) return std::nullopt;
  return column - 1;
}

template <class Number>
std::optional<Number> whole(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// A number as a spreadsheet shows it: 15 digits of what it keeps, "3109.22" for 3109.2199999999998.
std::string number_shown(const std::string& text) {
  if (all_digits(text)) return text;
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  if (end == text.c_str() || *end != '\0') return text;
  std::string shown = fmt::format("{:.15g}", number);
  return shown.find('e') == std::string::npos ? shown : fmt::format("{:.0f}", number);
}

enum class Kind { number, shared, text, date, other };

Kind kind_of(std::string_view type) {
  if (type.empty() || type == "n") return Kind::number;
  if (type == "s") return Kind::shared;
  if (type == "inlineStr" || type == "str") return Kind::text;
  return type == "d" ? Kind::date : Kind::other;
}

}  // namespace

bool begins_as_workbook(const std::filesystem::path& file) {
  const std::string bytes = first_bytes(file);
  return bytes.starts_with(zip_begins) || bytes.starts_with(compound_file_begins);
}

// Expat pushes, the caller pulls: rows wait here while a piece of the sheet is taken apart.
struct Reader::Sheet {
  explicit Sheet(const std::filesystem::path& file)
      : archive(readable(file)),
        book(read_workbook(archive)),
        part(archive, book.sheet),
        xml(book.sheet, {[this](std::string_view name, const Attributes& attributes) { start(name, attributes); },
                         [this](std::string_view name) { end(name); },
                         [this](std::string_view text) {
                           if (inside) take_text(text);
                         }}) {}

  void start(std::string_view name, const Attributes& attributes) {
    if (name == "c") return start_cell(attributes);
    if (name == "row") return start_row(attributes);
    if (name == "rPh") phonetic = true;
    if (name == "f") formula = true;
    inside = in_cell && !phonetic && (name == "v" || name == "t");
  }

  void start_row(const Attributes& attributes) {
    const std::string_view says = attributes.find("r");
    const std::int64_t number = says.empty() ? last_line + 1 : whole<std::int64_t>(says).value_or(0);
    if (number <= last_line || number > rows_max) throw Refused("The workbook is damaged: the rows of its sheet are out of order.");
    last_line = number;
    row = csv::Row{number, {}, {}, {}};
    row_bytes = 0;
    next_column = 0;
  }

  void start_cell(const Attributes& attributes) {
    column = column_of(attributes.find("r")).value_or(next_column);
    if (column >= columns_max)
      throw Refused("Row " + std::to_string(last_line) +
                    " of the sheet has more than 1,000 columns. A report of entry lines has some twenty.");
    next_column = column + 1;
    kind = kind_of(attributes.find("t"));
    value.clear();
    in_cell = true;
    formula = false;
  }

  void take_text(std::string_view text) {
    row_bytes += text.size();
    if (value.size() + text.size() > cell_bytes_max || row_bytes > csv::row_bytes_max) refuse_length();
    value += text;
  }

  [[noreturn]] void refuse_length() const {
    throw Refused("Row " + std::to_string(last_line) + " of the sheet holds more text than a report of entry lines does.");
  }

  void end(std::string_view name) {
    inside = false;
    if (name == "rPh") phonetic = false;
    if (name == "c") end_cell();
    if (name == "row") end_row();
  }

  void end_cell() {
    in_cell = false;
    if (row.fields.size() <= column) row.fields.resize(column + 1);
    if (formula) {
      ++formulas;
      if (value.empty())
        row.unfit.push_back({column, "this cell holds a formula that was never calculated; open the file in a spreadsheet, save it there"});
    }
    row.fields[column] = taken();
    if (auto reason = csv::unfit_text(row.fields[column])) row.unfit.push_back({column, std::move(*reason)});
  }

  std::string taken() {
    if (kind == Kind::number) return number_shown(value);
    if (kind == Kind::date) return value.substr(0, value.find('T'));
    if (kind != Kind::shared) return std::move(value);
    const auto index = whole<std::size_t>(value);
    if (!index || *index >= book.texts.size()) throw Refused("The workbook is damaged: a cell names a text that is not there.");
    const std::string_view text = book.texts.at(*index);
    row_bytes += text.size();
    if (text.size() > cell_bytes_max || row_bytes > csv::row_bytes_max) refuse_length();
    return std::string(text);
  }

  void end_row() {
    const auto blank = [](const std::string& field) { return stripped(field).empty(); };
    if (std::ranges::all_of(row.fields, blank) && row.unfit.empty()) return;
    while (!row.fields.empty() && blank(row.fields.back()) && row.unfit.empty()) row.fields.pop_back();
    if (!width) width = row.fields.size();
    if (row.fields.size() > *width)
      row.fault = csv::Fault{
          {}, "the row reaches to column " + std::to_string(row.fields.size()) + " where the header has " + std::to_string(*width)};
    row.fields.resize(std::max(row.fields.size(), *width));
    waiting.push_back(std::move(row));
  }

  bool fill() {
    while (waiting.empty() && !ended) {
      const std::size_t count = part.read(piece);
      ended = count == 0;
      xml.feed({piece.data(), count}, ended);
    }
    return !waiting.empty();
  }

  Archive archive;
  Workbook book;
  Archive::Part part;
  Xml xml;
  std::array<char, piece_bytes> piece{};
  bool ended = false;
  std::deque<csv::Row> waiting;
  std::optional<std::size_t> width;
  std::int64_t last_line = 0, formulas = 0;
  // the row and the cell being read
  csv::Row row;
  std::size_t row_bytes = 0, next_column = 0, column = 0;
  Kind kind = Kind::number;
  std::string value;
  bool in_cell = false, inside = false, formula = false, phonetic = false;
};

Reader::Reader(const std::filesystem::path& file) : sheet_(std::make_shared<Sheet>(file)) {}

bool Reader::next(csv::Row& row) {
  if (!sheet_->fill()) return false;
  row = std::move(sheet_->waiting.front());
  sheet_->waiting.pop_front();
  return true;
}

bool Reader::days_of_1904() const { return sheet_->book.days_of_1904; }
std::int64_t Reader::size() const { return sheet_->part.size(); }
std::int64_t Reader::position() const { return sheet_->part.position(); }
std::int64_t Reader::formulas() const { return sheet_->formulas; }

}  // namespace tradecase::xlsx
