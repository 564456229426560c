#include "adapters/ace/columns.hpp"

#include <algorithm>

namespace tradecase {
namespace {

// Letters and digits only, as capitals: what two spellings of one name have in common.
std::string key_of(std::string_view name) {
  std::string key = upper(name);
  std::erase_if(key, [](char c) { return !is_letter(c) && !is_digit(c); });
  return key;
}

std::vector<std::size_t> places_of(const std::vector<std::string>& keys, std::string_view name) {
  std::vector<std::size_t> places;
  const std::string wanted = key_of(name);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i] == wanted) places.push_back(i);
  }
  return places;
}

std::string in_quotes(std::string_view text) { return "\"" + std::string(text) + "\""; }

}  // namespace

Header find_columns(const csv::Row& row, std::span<const ColumnName> layout) {
  Header header;
  std::vector<std::string> keys;
  for (const std::string& name : row.fields) keys.push_back(key_of(name));
  std::vector<bool> known(keys.size(), false);
  for (const ColumnName& column : layout) {
    std::vector<std::string_view> names{column.name};
    names.insert(names.end(), column.also.begin(), column.also.end());
    std::optional<std::size_t> found;
    for (const std::string_view name : names) {
      const std::vector<std::size_t> places = places_of(keys, name);
      for (const std::size_t place : places) known[place] = true;
      if (places.size() > 1) {
        header.errors.push_back(
            {row.line, std::string(column.name), csv::shown(row.fields[places[1]]), "the header names this column twice"});
      }
      if (!found && !places.empty()) found = places.front();
    }
    if (!found && column.needed) {
      header.errors.push_back(
          {row.line, std::string(column.name), "", "the header has no column " + in_quotes(column.name) + ", which is needed"});
    }
    header.position.push_back(found);
  }
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!known[i]) header.unknown.push_back(row.fields[i]);
  }
  return header;
}

Fields::Fields(const csv::Row& row, const Header& header, std::span<const ColumnName> layout)
    : row_(row), header_(header), layout_(layout) {
  for (const csv::Fault& fault : row.unfit) errors_.push_back(line_error(row, fault, header, layout));
}

bool Fields::is_unfit(std::size_t column) const {
  return std::ranges::any_of(row_.unfit, [&](const csv::Fault& fault) { return fault.column == header_.position[column]; });
}

std::vector<LineError> Fields::errors() const {
  std::vector<LineError> sorted = errors_;
  std::ranges::stable_sort(sorted, {}, [&](const LineError& error) { return std::ranges::find(layout_, error.field, &ColumnName::name); });
  return sorted;
}

std::string_view Fields::text(std::size_t column) const {
  const std::optional<std::size_t> place = header_.position[column];
  return place && *place < row_.fields.size() ? stripped(row_.fields[*place]) : std::string_view{};
}

void Fields::wrong(std::size_t column, std::string reason) { wrong(column, text(column), std::move(reason)); }

void Fields::wrong(std::size_t column, std::string_view value, std::string reason) {
  errors_.push_back({row_.line, std::string(layout_[column].name), masked(csv::shown(value)), std::move(reason)});
}

void Fields::miss(std::size_t column) {
  // a column that is not there at all was reported with the header, once
  if (layout_[column].needed && header_.position[column]) wrong(column, "this is needed and is empty");
}

LineError line_error(const csv::Row& row, const csv::Fault& fault, const Header& header, std::span<const ColumnName> layout) {
  LineError error{row.line, "", "", fault.reason};
  if (!fault.column) return error;
  error.value = masked(csv::shown(row.fields[*fault.column]));
  const auto place = std::ranges::find(header.position, fault.column);
  if (place != header.position.end()) error.field = layout[static_cast<std::size_t>(place - header.position.begin())].name;
  return error;
}

std::vector<LineError> header_faults(const csv::Row& row) {
  std::vector<LineError> errors;
  if (row.fault) errors.push_back(line_error(row, *row.fault, {}, {}));
  for (const csv::Fault& fault : row.unfit) errors.push_back(line_error(row, fault, {}, {}));
  return errors;
}

}  // namespace tradecase
