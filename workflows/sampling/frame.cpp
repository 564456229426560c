#include "workflows/sampling/frame.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <stdexcept>

#include "engine/text.hpp"

namespace tradecase {
namespace {

constexpr std::string_view header =
    "entry_number,line,importer_number,entry_date,summary_date,entry_type,port_of_entry,hts,other_hts,country_of_origin,"
    "country_of_export,manufacturer_id,spi,duty_cents,stratum,value_cents\n";
constexpr std::size_t column_count = 16, piece_bytes = 1 << 16, record_bytes_max = 1 << 16;
constexpr std::array<std::string_view, column_count> column_names{
    "entry_number",  "line",       "importer_number", "entry_date",        "summary_date",      "entry_type",
    "port_of_entry", "hts",        "other_hts",       "country_of_origin", "country_of_export", "manufacturer_id",
    "spi",           "duty_cents", "stratum",         "value_cents"};

void append_field(std::string& out, std::string_view field) {
  if (field.find_first_of(",\"\r\n") == std::string_view::npos) {
    out += field;
    return;
  }
  out += '"';
  for (const char c : field) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

template <class Number>
bool take_number(std::string_view text, Number& into) {
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), into);
  return fault == std::errc() && end == text.data() + text.size();
}

// Physical lines put together to one record, as it stands in the file; and how much of the file has passed.
class Records {
 public:
  explicit Records(std::istream& in) : in_(in) {}

  bool next(std::string& record) {
    record.clear();
    first_line_ = line_ + 1;
    bool open = false;
    for (std::string text; std::getline(in_, text);) {
      ++line_;
      if (!in_.eof()) text += '\n';
      open ^= std::ranges::count(text, '"') % 2 == 1;
      record += text;
      if (!open || record.size() > record_bytes_max) break;
    }
    return !record.empty();
  }
  std::int64_t first_line() const { return first_line_; }

 private:
  std::istream& in_;
  std::int64_t line_ = 0, first_line_ = 0;
};

// The fields of a record without its line end, or nothing where its quotation marks are out of place.
std::optional<std::vector<std::string>> split(std::string_view record) {
  std::vector<std::string> fields;
  for (std::size_t at = 0;; ++at) {  // at the beginning of a field
    std::string& field = fields.emplace_back();
    if (at < record.size() && record[at] == '"') {
      for (++at;; ++at) {
        if (at == record.size()) return std::nullopt;
        if (record[at] == '"' && !record.substr(++at).starts_with('"')) break;
        field += record[at];
      }
    } else {
      const std::string_view plain = record.substr(at, record.find_first_of(",\"", at) - at);
      field = plain;
      at += plain.size();
    }
    if (at == record.size()) return fields;
    if (record[at] != ',') return std::nullopt;
  }
}

class RowReader {
 public:
  RowReader(std::int64_t line, const FrameReading& reading) : line_(line), reading_(reading) {}

  std::optional<FrameRow> take(const std::string& record) {
    auto fields = split(std::string_view(record).substr(0, record.size() - (record.ends_with('\n') ? 1 : 0)));
    if (!fields) return fault("", "", "A quotation mark stands out of place: it opens a field, closes it, or is doubled within it.");
    if (fields->size() != column_count)
      return fault("", "", fmt::format("The row has {} fields; a population has {}.", fields->size(), column_count));
    for (std::size_t i = 0; i < column_count; ++i)
      if (const auto problem = text_problem((*fields)[i], record_bytes_max))
        return fault(column_names[i], "", "The text " + *problem + ".");
    return read(*fields, record);
  }

 private:
  std::optional<FrameRow> read(std::vector<std::string>& f, const std::string& record) {
    FrameRow row;
    if (f[0].empty()) return fault("entry_number", "", "An entry number is needed.");
    if (!take_number(f[1], row.line) || row.line < 1) return fault("line", f[1], "The line is a whole number from 1.");
    if (!f[13].empty() && !take_number(f[13], row.duty_cents.emplace())) return fault("duty_cents", f[13], "Duty is whole cents.");
    if (!take_number(f[15], row.value_cents)) return fault("value_cents", f[15], "The value is whole cents.");
    std::size_t at = 0;
    for (auto* text : {&row.entry_number, &row.importer_number, &row.entry_date, &row.summary_date, &row.entry_type, &row.port_of_entry,
                       &row.hts, &row.other_hts, &row.country_of_origin, &row.country_of_export, &row.manufacturer_id, &row.spi}) {
      *text = std::move(f[at]);
      at += at == 0 ? 2 : 1;
    }
    row.stratum = std::move(f[14]);
    std::string written;
    append_frame_row(written, row);
    if (written != record)
      return fault("", "",
                   record.ends_with('\n') ? "The row is not written as a population is: quotation marks only where needed, plain numbers."
                                          : "The row does not end with a line feed.");
    return row;
  }

  std::nullopt_t fault(std::string_view field, std::string value, std::string reason) {
    reading_.on_error({line_, std::string(field), std::move(value), std::move(reason)});
    return std::nullopt;
  }

  std::int64_t line_;
  const FrameReading& reading_;
};

std::int64_t added(std::int64_t total, std::int64_t value) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(total, value, &sum))
    throw std::overflow_error("The values of the population add up to more than can be counted.");
  return sum;
}

}  // namespace

std::strong_ordering frame_order(const FrameRow& a, const FrameRow& b) {
  const auto by_number = a.entry_number.compare(b.entry_number) <=> 0;  // char_traits<char> compares as unsigned bytes
  return std::is_neq(by_number) ? by_number : a.line <=> b.line;
}

std::string_view frame_header() { return header; }

void append_frame_row(std::string& out, const FrameRow& row) {
  append_field(out, row.entry_number);
  fmt::format_to(std::back_inserter(out), ",{}", row.line);
  for (const auto* text : {&row.importer_number, &row.entry_date, &row.summary_date, &row.entry_type, &row.port_of_entry, &row.hts,
                           &row.other_hts, &row.country_of_origin, &row.country_of_export, &row.manufacturer_id, &row.spi}) {
    out += ',';
    append_field(out, *text);
  }
  out += ',';
  if (row.duty_cents) fmt::format_to(std::back_inserter(out), "{}", *row.duty_cents);
  out += ',';
  append_field(out, row.stratum);
  fmt::format_to(std::back_inserter(out), ",{}\n", row.value_cents);
}

FrameWriter::FrameWriter(std::function<void(std::string_view)> sink) : sink_(std::move(sink)), waiting_(header) {}

void FrameWriter::add(const FrameRow& row) {
  if (totals_.rows > 0 && std::is_gteq(frame_order(last_, row)))
    throw std::logic_error(fmt::format("Entry {} line {} does not stand in the frame's order.", row.entry_number, row.line));
  last_.entry_number = row.entry_number;
  last_.line = row.line;
  totals_.value_cents = added(totals_.value_cents, row.value_cents);
  ++totals_.rows;
  append_frame_row(waiting_, row);
  if (waiting_.size() >= piece_bytes) pass_on();
}

void FrameWriter::pass_on() {
  hash_.add(waiting_);
  if (sink_) sink_(waiting_);
  waiting_.clear();
}

FrameTotals FrameWriter::finish() {
  pass_on();
  totals_.sha256 = hash_.finish_hex();
  return std::move(totals_);
}

FrameTotals read_frame(std::istream& in, const FrameReading& reading) {
  FrameTotals totals;
  Sha256Stream hash;
  Records records(in);
  std::string record;
  std::int64_t bytes = 0, told = 0;
  FrameRow last;
  if (!records.next(record) || record != header)
    reading.on_error({1, "", "", "The first row is not the header of a population: " + std::string(header.substr(0, header.size() - 1))});
  hash.add(record);
  while (records.next(record)) {
    hash.add(record);
    bytes += static_cast<std::int64_t>(record.size());
    if (reading.on_bytes && bytes - told >= static_cast<std::int64_t>(piece_bytes)) reading.on_bytes(told = bytes);
    auto row = RowReader(records.first_line(), reading).take(record);
    if (!row) continue;
    if (!last.entry_number.empty() && std::is_gteq(frame_order(last, *row))) {
      const bool twice = std::is_eq(frame_order(last, *row));
      reading.on_error({records.first_line(), "entry_number", row->entry_number,
                        twice ? fmt::format("Line {} of this entry stands in the row before already.", row->line)
                              : "The rows are not in the order of entry number, then line."});
      continue;
    }
    last.entry_number = row->entry_number;
    last.line = row->line;
    ++totals.rows;
    totals.value_cents = added(totals.value_cents, row->value_cents);
    reading.on_row(std::move(*row));
  }
  totals.sha256 = hash.finish_hex();
  return totals;
}

void FrameColumns::add(std::string_view stratum, std::int64_t value_cents) {
  auto place = std::ranges::lower_bound(labels_, stratum, {}, [](const auto& label) { return std::string_view(label.first); });
  if (place == labels_.end() || place->first != stratum)
    place = labels_.emplace(place, std::string(stratum), static_cast<std::uint32_t>(labels_.size()));
  frame_.value_cents.push_back(value_cents);
  frame_.stratum.push_back(place->second);
}

Frame FrameColumns::finish() {
  std::vector<std::uint32_t> rank(labels_.size());
  for (std::size_t i = 0; i < labels_.size(); ++i) {
    rank[labels_[i].second] = static_cast<std::uint32_t>(i);
    frame_.strata.push_back(std::move(labels_[i].first));
  }
  for (auto& stratum : frame_.stratum) stratum = rank[stratum];
  return std::move(frame_);
}

}  // namespace tradecase
