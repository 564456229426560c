#include "workflows/sampling/population.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "engine/text.hpp"
#include "workflows/importer_number.hpp"

namespace tradecase {
namespace {

constexpr std::string_view value_bands = "value:";

bool in_chapter_99(std::string_view hts) { return hts.starts_with("99"); }

json::array strings(const std::vector<std::string>& all) { return json::value_from(all).as_array(); }

std::vector<std::string> strings_of(const json::object& stored, std::string_view name) {
  const json::value* found = stored.if_contains(name);
  return found != nullptr ? json::value_to<std::vector<std::string>>(*found) : std::vector<std::string>();
}

std::string dollars(std::int64_t cents) {
  const std::string rest = std::to_string(cents % 100);
  return "$" + std::to_string(cents / 100) + "." + (rest.size() < 2 ? "0" : "") + rest;
}

bool all_like(const std::vector<std::string>& all, std::size_t size, char low, char high) {
  return std::ranges::all_of(all, [&](const std::string& one) {
    return one.size() == size && std::ranges::all_of(one, [&](char c) { return c >= low && c <= high; });
  });
}

bool asked(const std::vector<std::string>& wanted, std::string_view value) {
  return wanted.empty() || std::ranges::find(wanted, value) != wanted.end();
}

std::string day_of(const FrameRow& row) { return row.entry_date.empty() ? row.summary_date : row.entry_date; }

// Whole dollars, rising, each above zero; empty where the text says something else.
std::vector<std::int64_t> limits_of(std::string_view text) {
  std::vector<std::int64_t> limits;
  for (std::size_t at = 0; at <= text.size();) {
    const std::string_view part = text.substr(at, text.find(',', at) - at);
    std::int64_t limit = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), limit);
    const bool whole = error == std::errc() && end == part.data() + part.size();
    if (!whole || limit > 10'000'000'000 || limit <= (limits.empty() ? 0 : limits.back())) return {};
    limits.push_back(limit);
    at += part.size() + 1;
  }
  return limits;
}

// "2: $1000 to below $25000": the number keeps the labels in the order of the bands.
std::string band_of(const std::vector<std::int64_t>& limits, std::int64_t cents) {
  const auto above = std::ranges::find_if(limits, [&](std::int64_t limit) { return cents < limit * 100; });
  const std::string number = std::to_string(above - limits.begin() + 1);
  const std::string label = std::string(limits.size() >= 9 && number.size() < 2 ? "0" : "") + number + ": ";
  if (above == limits.begin()) return label + "below $" + std::to_string(limits.front());
  if (above == limits.end()) return label + "$" + std::to_string(limits.back()) + " and more";
  return label + "$" + std::to_string(*(above - 1)) + " to below $" + std::to_string(*above);
}

using Column = std::string (*)(const PopulationLine&);
struct Strata {
  std::string_view name;
  Column of;
};
const std::array<Strata, 14> columns{{
    {"importer_number", [](const PopulationLine& line) { return line.row.importer_number; }},
    {"entry_date", [](const PopulationLine& line) { return line.row.entry_date; }},
    {"summary_date", [](const PopulationLine& line) { return line.row.summary_date; }},
    {"month", [](const PopulationLine& line) { return day_of(line.row).substr(0, 7); }},
    {"entry_type", [](const PopulationLine& line) { return line.row.entry_type; }},
    {"port_of_entry", [](const PopulationLine& line) { return line.row.port_of_entry; }},
    {"hts", [](const PopulationLine& line) { return line.row.hts; }},
    {"chapter", [](const PopulationLine& line) { return line.row.hts.substr(0, 2); }},
    {"heading", [](const PopulationLine& line) { return line.row.hts.substr(0, 4); }},
    {"country_of_origin", [](const PopulationLine& line) { return line.row.country_of_origin; }},
    {"country_of_export", [](const PopulationLine& line) { return line.row.country_of_export; }},
    {"manufacturer_id", [](const PopulationLine& line) { return line.row.manufacturer_id; }},
    {"spi", [](const PopulationLine& line) { return line.row.spi; }},
    {"entry_number", [](const PopulationLine& line) { return line.row.entry_number; }},
}};

}  // namespace

json::object to_json(const Scope& scope) {
  json::object stored;
  if (scope.from) stored["from"] = to_text(*scope.from);
  if (scope.to) stored["to"] = to_text(*scope.to);
  const auto put = [&](const char* name, const std::vector<std::string>& all) {
    if (!all.empty()) stored[name] = strings(all);
  };
  put("importers", scope.importers);
  put("risk_areas", scope.risk_areas);
  put("chapters", scope.chapters);
  put("origins", scope.origins);
  put("spi", scope.spi);
  if (scope.min_value_cents) stored["min_value_cents"] = *scope.min_value_cents;
  if (scope.max_value_cents) stored["max_value_cents"] = *scope.max_value_cents;
  return stored;
}

Scope scope_from(const json::object& stored) {
  const auto day = [&](std::string_view name) -> std::optional<Date> {
    const json::value* found = stored.if_contains(name);
    return found != nullptr ? parse_date(found->as_string()) : std::nullopt;
  };
  const auto cents = [&](std::string_view name) -> std::optional<std::int64_t> {
    const json::value* found = stored.if_contains(name);
    return found != nullptr ? std::optional(found->to_number<std::int64_t>()) : std::nullopt;
  };
  return {day("from"),
          day("to"),
          strings_of(stored, "importers"),
          strings_of(stored, "risk_areas"),
          strings_of(stored, "chapters"),
          strings_of(stored, "origins"),
          strings_of(stored, "spi"),
          cents("min_value_cents"),
          cents("max_value_cents")};
}

std::optional<std::string> scope_problem(const Scope& scope) {
  if (scope.from && scope.to && *scope.to < *scope.from) return "The period ends before it begins.";
  if (!all_like(scope.chapters, 2, '0', '9')) return "A chapter of the tariff has two digits, like 61.";
  if (!all_like(scope.origins, 2, 'A', 'Z')) return "A country of origin has two capital letters, like CN.";
  if (scope.min_value_cents.value_or(0) < 0) return "A value is not below zero.";
  if (scope.min_value_cents && scope.max_value_cents && *scope.max_value_cents < *scope.min_value_cents)
    return "The largest value is below the least.";
  return std::nullopt;
}

std::vector<std::string> scope_said(const Scope& scope) {
  std::vector<std::string> said;
  if (scope.from) said.push_back("entered on or after " + to_text(*scope.from));
  if (scope.to) said.push_back("entered on or before " + to_text(*scope.to));
  const auto list = [&](const std::string& what, const std::vector<std::string>& all) {
    if (!all.empty()) said.push_back(what + " " + join(all, ", "));
  };
  std::vector<std::string> importers;
  for (const std::string& number : scope.importers) importers.push_back(importer_number_shown(number));
  list("importer", importers);
  list("risk area", scope.risk_areas);
  list("chapter", scope.chapters);
  list("origin", scope.origins);
  list("special programme", scope.spi);
  if (scope.min_value_cents) said.push_back("value of " + dollars(*scope.min_value_cents) + " or more");
  if (scope.max_value_cents) said.push_back("value of " + dollars(*scope.max_value_cents) + " or less");
  return said;
}

void Folding::add(EntryLine&& row) {
  if (!ordinals_.empty() && (ordinals_.front().line != row.line || ordinals_.front().entry_number != row.entry_number)) finish();
  ordinals_.push_back(std::move(row));
}

void Folding::finish() {
  if (ordinals_.empty()) return;
  const auto own = std::ranges::find_if(ordinals_, [](const EntryLine& one) { return !in_chapter_99(one.hts); });
  const EntryLine& first = own == ordinals_.end() ? ordinals_.front() : *own;
  PopulationLine line;
  line.importer_number = first.importer_number;
  line.quantity = first.quantity;
  line.uom = first.uom;
  line.ordinals = static_cast<int>(ordinals_.size());
  FrameRow& row = line.row;
  for (const EntryLine& one : ordinals_) {
    if (own == ordinals_.end()) {  // values repeat in chapter 99 (domain.md §5.3)
      row.value_cents = std::max(row.value_cents, one.value_cents);
    } else if (!in_chapter_99(one.hts)) {
      row.value_cents += one.value_cents;
    }
    if (one.duty_cents) row.duty_cents = row.duty_cents.value_or(0) + *one.duty_cents;
    if (&one == &first) continue;
    row.other_hts += (row.other_hts.empty() ? "" : " ") + one.hts;
    if (in_chapter_99(one.hts)) line.companions.push_back(one.hts);
  }
  row.entry_number = first.entry_number;
  row.line = first.line;
  row.importer_number = importer_number_shown(first.importer_number);
  row.entry_date = first.entry_date ? to_text(*first.entry_date) : "";
  row.summary_date = first.summary_date ? to_text(*first.summary_date) : "";
  row.entry_type = first.entry_type;
  row.port_of_entry = first.port_of_entry;
  row.hts = first.hts;
  row.country_of_origin = first.country_of_origin;
  row.country_of_export = first.country_of_export;
  row.manufacturer_id = first.manufacturer_id;
  row.spi = first.spi;
  ordinals_.clear();
  on_line_(line);
}

bool in_scope(const Scope& scope, const PopulationLine& line) {
  const std::string day = day_of(line.row);
  if (scope.from && day < to_text(*scope.from)) return false;
  if (scope.to && day > to_text(*scope.to)) return false;
  if (scope.min_value_cents && line.row.value_cents < *scope.min_value_cents) return false;
  if (scope.max_value_cents && line.row.value_cents > *scope.max_value_cents) return false;
  return asked(scope.importers, line.importer_number) && asked(scope.origins, line.row.country_of_origin) &&
         asked(scope.chapters, std::string_view(line.row.hts).substr(0, 2)) &&
         asked(scope.spi, line.row.spi.empty() ? std::string_view("none") : std::string_view(line.row.spi));
}

std::optional<std::string> strata_problem(std::string_view strata) {
  if (strata.empty() || std::ranges::find(columns, strata, &Strata::name) != columns.end()) return std::nullopt;
  if (strata.starts_with(value_bands)) {
    if (!limits_of(strata.substr(value_bands.size())).empty()) return std::nullopt;
    return "Value bands are rising whole dollars, like value:1000,25000.";
  }
  std::vector<std::string> known;
  for (const Strata& one : columns) known.emplace_back(one.name);
  return "There are no strata \"" + std::string(strata) + "\". They go by " + join(known, ", ") + ", or value bands like value:1000,25000.";
}

std::string stratum_of(std::string_view strata, const PopulationLine& line) {
  if (strata.empty()) return "all";
  if (strata.starts_with(value_bands)) return band_of(limits_of(strata.substr(value_bands.size())), line.row.value_cents);
  const auto* column = std::ranges::find(columns, strata, &Strata::name);
  std::string label = column->of(line);
  return label.empty() ? "none" : label;
}

}  // namespace tradecase
