#include "adapters/ace/entries.hpp"

#include <algorithm>
#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <optional>
#include <string>
#include <utility>

#include "adapters/ace/columns.hpp"
#include "adapters/ace/csv.hpp"
#include "adapters/ace/customs_fields.hpp"

namespace tradecase {
namespace {

constexpr int line_max = 99999;
constexpr int ordinal_max = 999;
constexpr int days_from_1900_to_1904 = 1462;  // between a spreadsheet's two ways of numbering days
constexpr std::int64_t progress_rows = 1024;

enum EntryColumn : std::size_t {
  entry_number,
  line_number,
  ordinal,
  entry_type,
  importer_number,
  importer_name,
  port_of_entry,
  entry_date,
  summary_date,
  hts,
  goods_value,
  duty,
  country_of_origin,
  country_of_export,
  manufacturer_id,
  spi,
  quantity,
  uom,
  reconciliation,
  liquidation_date,
  liquidation_status,
  review_team,
  psc,
};

const std::array<ColumnName, 23> layout{{
    {"Entry Summary Number", true, {"Entry Number"}},
    {"Entry Summary Line Number", true, {"Entry Line Number", "Line Number"}},
    {"Tariff Ordinal Number", false, {"Tariff Ordinal", "Ordinal Number", "Ordinal"}},
    {"Entry Type Code", false, {"Entry Type"}},
    {"Importer Number", true, {"Importer of Record Number", "IOR Number"}},
    {"Importer Name", false, {"Importer of Record Name"}},
    {"Port of Entry Code", false, {"Port of Entry"}},
    {"Entry Date"},
    {"Entry Summary Date"},
    {"HTS Number - Full", true, {"HTS Number", "HTSUS Number", "HTS"}},
    {"Line Tariff Goods Value Amount", true, {"Line Goods Value Amount", "Goods Value Amount", "Goods Value"}},
    {"Line Tariff Duty Amount", false, {"Line Duty Amount", "Duty Amount"}},
    {"Country of Origin Code", true, {"Country of Origin"}},
    {"Country of Export Code", false, {"Country of Export"}},
    {"Manufacturer ID", false, {"MID"}},
    {"Line SPI Code", false, {"SPI Code", "SPI"}},
    {"Line Tariff Quantity (1)", false, {"Line Tariff Quantity"}},
    {"Line Tariff UOM (1) Code", false, {"Line Tariff UOM Code"}},
    {"Reconciliation Indicator"},
    {"Liquidation Date"},
    {"Liquidation Status"},
    {"Review Team Number"},
    {"Post Summary Correction Indicator", false, {"PSC Indicator"}},
}};

// The value of one line so far, its ordinals coming in any order.
struct LineValue {
  std::int64_t outside = 0;  // sum outside chapter 99
  std::int64_t inside = 0;   // largest in chapter 99
  bool any_outside = false;

  void add(std::string_view hts_number, std::int64_t cents) {
    if (in_chapter_99(hts_number)) {
      inside = std::max(inside, cents);
    } else {
      outside += cents;
      any_outside = true;
    }
  }
  std::int64_t cents() const { return any_outside ? outside : inside; }
};

// Entry number, line and ordinal in 16 bytes: the entry number read to base 36 is below 2^57.
struct RowKey {
  std::uint64_t entry = 0;
  std::uint64_t place = 0;  // line * 1000 + ordinal; ordinal 0 for the line itself

  bool operator==(const RowKey&) const = default;
  friend std::size_t hash_value(const RowKey& key) {
    std::size_t seed = 0;
    boost::hash_combine(seed, key.entry);
    boost::hash_combine(seed, key.place);
    return seed;
  }
};

RowKey key_of(const EntryLine& row, int of_ordinal) {
  RowKey key;
  for (const char c : row.entry_number) key.entry = key.entry * 36 + static_cast<std::uint64_t>(is_digit(c) ? c - '0' : c - 'A' + 10);
  key.place = static_cast<std::uint64_t>(row.line) * (ordinal_max + 1) + static_cast<std::uint64_t>(of_ordinal);
  return key;
}

class Entries {
 public:
  Entries(const EntryReading& reading, const Header& header) : reading_(reading), header_(header) {}

  void read(const csv::Row& row) {
    if (++totals_.rows % progress_rows == 0 && reading_.on_progress) reading_.on_progress();
    if (row.fault) return reading_.on_error(line_error(row, *row.fault, header_, layout));
    Fields fields(row, header_, layout);
    EntryLine line = take(fields, row.line);
    std::vector<LineError> errors = fields.errors();
    for (LineError& error : errors) reading_.on_error(std::move(error));
    if (!errors.empty() || !header_.errors.empty()) return;
    count(line);
    reading_.on_row(std::move(line));
  }

  EntryTotals totals() const { return totals_; }

 private:
  EntryLine take(Fields& fields, std::int64_t source_line) {
    EntryLine row;
    row.source_line = source_line;
    take_place(fields, row);
    take_importer(fields, row);
    take_dates(fields, row);
    take_goods(fields, row);
    take_rest(fields, row);
    return row;
  }

  void take_place(Fields& fields, EntryLine& row) {
    fields.take(entry_number, row.entry_number, take_entry_number);
    fields.take(line_number, row.line, [](std::string_view text) { return take_count(text, line_max); });
    bool placed = !row.entry_number.empty() && row.line > 0;
    fields.take(ordinal, row.ordinal, [&](std::string_view text) {
      auto taken = take_count(text, ordinal_max);
      placed = placed && std::holds_alternative<int>(taken);
      return taken;
    });
    if (!placed) return;
    const auto [first, is_new] = seen_.try_emplace(key_of(row, row.ordinal), row.source_line);
    if (!is_new) {
      fields.wrong(entry_number, "line " + std::to_string(first->second) + " has this entry, line " + std::to_string(row.line) +
                                     ", ordinal " + std::to_string(row.ordinal) + " already");
    }
  }

  void take_importer(Fields& fields, EntryLine& row) const {
    fields.take(importer_number, row.importer_number, [this](std::string_view text) -> Taken<std::string> {
      auto taken = take_importer_number(text);
      const auto* number = std::get_if<std::string>(&taken);
      if (number == nullptr || !reading_.is_importer || reading_.is_importer(*number)) return taken;
      return Wrong{"this is not an importer number of the company"};
    });
    fields.take(importer_name, row.importer_name, take_name);
  }

  void take_dates(Fields& fields, EntryLine& row) const {
    const auto past = [this](std::string_view text) { return take_past_customs_date(text, reading_.today, days_ahead()); };
    fields.take(entry_date, row.entry_date, past);
    fields.take(summary_date, row.summary_date, past);
    const bool has_column = header_.position[entry_date] || header_.position[summary_date];
    if (has_column && fields.text(entry_date).empty() && fields.text(summary_date).empty()) {
      fields.wrong(entry_date, "an entry date or an entry summary date is needed, and neither is given");
    }
    fields.take(liquidation_date, row.liquidation_date, [this](std::string_view text) { return take_customs_date(text, days_ahead()); });
  }
  int days_ahead() const { return reading_.days_of_1904 ? days_from_1900_to_1904 : 0; }

  void take_goods(Fields& fields, EntryLine& row) const {
    fields.take(hts, row.hts, take_hts);
    fields.take(goods_value, row.value_cents, take_cents);
    fields.take(duty, row.duty_cents, take_cents);
    fields.take(country_of_origin, row.country_of_origin, take_country);
    fields.take(country_of_export, row.country_of_export, take_country);
    fields.take(quantity, row.quantity, take_quantity);
  }

  void take_rest(Fields& fields, EntryLine& row) const {
    fields.take(entry_type, row.entry_type, take_name);
    fields.take(port_of_entry, row.port_of_entry, take_name);
    fields.take(manufacturer_id, row.manufacturer_id, take_name);
    fields.take(spi, row.spi, take_name);
    fields.take(uom, row.uom, take_name);
    fields.take(reconciliation, row.reconciliation, take_name);
    fields.take(liquidation_status, row.liquidation_status, take_name);
    fields.take(review_team, row.review_team, take_name);
    fields.take(psc, row.psc, take_name);
  }

  void count(const EntryLine& row) {
    ++totals_.good;
    const RowKey key = key_of(row, 0);
    totals_.entries += entries_.insert(key.entry).second ? 1 : 0;
    totals_.hts_codes += codes_.insert(row.hts).second ? 1 : 0;
    totals_.duty_cents += row.duty_cents.value_or(0);
    LineValue& value = values_[key];
    totals_.value_cents -= value.cents();
    value.add(row.hts, row.value_cents);
    totals_.value_cents += value.cents();
  }

  const EntryReading& reading_;
  const Header& header_;
  EntryTotals totals_;
  boost::unordered_flat_map<RowKey, std::int64_t> seen_;  // the line of the file that had it first
  boost::unordered_flat_map<RowKey, LineValue> values_;
  boost::unordered_flat_set<std::uint64_t> entries_;
  boost::unordered_flat_set<std::string> codes_;
};

Header find_entry_columns(const csv::Row& row) {
  Header header = find_columns(row, layout);
  if (!header.position[entry_date] && !header.position[summary_date]) {
    header.errors.push_back(
        {row.line, "Entry Date", "", "the header has neither \"Entry Date\" nor \"Entry Summary Date\"; one of them is needed"});
  }
  return header;
}

}  // namespace

EntryTotals read_entries(std::istream& in, const EntryReading& reading) {
  csv::Reader reader(in);
  return read_entries([&](csv::Row& row) { return reader.next(row); }, reading);
}

EntryTotals read_entries(const std::function<bool(csv::Row&)>& next, const EntryReading& reading) {
  csv::Row row;
  if (!next(row)) {
    reading.on_error({1, "", "", "the file is empty: it has no header row"});
    return {};
  }
  if (std::vector<LineError> errors = header_faults(row); !errors.empty()) {
    for (LineError& error : errors) reading.on_error(std::move(error));
    return {};
  }
  Header header = find_entry_columns(row);
  for (const LineError& error : header.errors) reading.on_error(LineError(error));
  Entries entries(reading, header);
  while (next(row)) entries.read(row);
  EntryTotals totals = entries.totals();
  totals.ignored = std::move(header.unknown);
  return totals;
}

std::int64_t value_of_line(std::span<const EntryLine> ordinals) {
  LineValue value;
  for (const EntryLine& row : ordinals) value.add(row.hts, row.value_cents);
  return value.cents();
}

}  // namespace tradecase
