#include "adapters/http/file_names.hpp"

#include <algorithm>
#include <charconv>
#include <regex>

#include "adapters/http/message.hpp"
#include "engine/json.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

constexpr std::size_t name_bytes_max = 150, ending_bytes_max = 10;

bool well_formed_text(std::string_view text) {
  boost::json::error_code failed;
  json::parse(json::serialize(json::value(text)), failed);
  return !failed;
}

// At most so many bytes, whole UTF-8 characters.
std::string_view cut(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U) --bytes;
  return text.substr(0, bytes);
}

std::string upper(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(c < 0x80 ? std::toupper(c) : c); });
  return out;
}

// One row of RFC 4180: quotes may hold commas, line ends and doubled quotes.
std::vector<std::string> next_row(std::string_view& rest) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  std::size_t i = 0;
  for (; i < rest.size(); ++i) {
    const char c = rest[i];
    if (quoted && c == '"' && i + 1 < rest.size() && rest[i + 1] == '"') {
      cells.back() += '"';
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && (c == ',' || c == ';' || c == '\t')) {
      cells.emplace_back();
    } else if (!quoted && c == '\n') {
      ++i;
      break;
    } else if (c != '\r') {
      cells.back() += c;
    }
  }
  rest.remove_prefix(i);
  for (std::string& cell : cells) cell = trimmed(cell);
  return cells;
}

}  // namespace

std::string cleaned_name(std::string_view given) {
  if (const auto slash = given.find_last_of("/\\"); slash != std::string_view::npos) given.remove_prefix(slash + 1);
  std::string name;
  for (const char c : given) {
    const auto byte = static_cast<unsigned char>(c);
    name += byte < 0x20 || byte == 0x7F ? ' ' : c;
  }
  if (!well_formed_text(name))
    std::ranges::replace_if(
        name, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }, '_');
  name = trimmed(name);
  while (name.starts_with('.')) name.erase(0, 1);
  if (name.size() > name_bytes_max) {
    const auto dot = name.rfind('.');
    const std::string ending = dot != std::string::npos && name.size() - dot <= ending_bytes_max ? name.substr(dot) : "";
    name = std::string(cut(name, name_bytes_max - ending.size())) + ending;
  }
  return name.empty() ? "document" : name;
}

std::string ending_of(std::string_view name) {
  const auto dot = name.rfind('.');
  return dot == std::string_view::npos ? "" : lower(name.substr(dot + 1));
}

std::string plain_entry(std::string_view text) {
  std::string plain;
  for (const char c : upper(trimmed(text)))
    if (c != '-' && c != ' ' && c != '_' && c != '.') plain += c;
  const bool shaped = plain.size() == 11 && std::ranges::all_of(plain, [](unsigned char c) { return c < 0x80 && std::isalnum(c) != 0; });
  return shaped ? plain : "";
}

std::optional<EntryNamed> entry_in(std::string_view name) {
  static const std::regex entry("(^|[^A-Z0-9])([A-Z0-9]{3})[-_ .]?([0-9]{7})[-_ .]?([0-9])(?![0-9])");
  static const std::regex line("^[-_ .]*(LINE|LN|L)[-_ .]*0*([0-9]{1,3})(?![0-9])");
  const std::string text = upper(cut(name, 2 * name_bytes_max));
  std::optional<EntryNamed> found;
  for (auto at = std::sregex_iterator(text.begin(), text.end(), entry); at != std::sregex_iterator(); ++at) {
    EntryNamed one{(*at)[2].str() + (*at)[3].str() + (*at)[4].str(), 0};
    const std::string behind = at->suffix().str();
    if (std::smatch said; std::regex_search(behind, said, line)) one.line = std::stoi(said[2].str());
    if (found && *found != one) return std::nullopt;
    found = std::move(one);
  }
  return found;
}

std::optional<std::size_t> item_meant(const EntryNamed& named, const std::vector<EntryNamed>& items) {
  std::optional<std::size_t> meant;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i].entry_number != named.entry_number || (named.line != 0 && items[i].line != named.line)) continue;
    if (meant) return std::nullopt;
    meant = i;
  }
  return meant;
}

bool is_manifest(std::string_view name) { return lower(name) == "manifest.csv"; }

std::variant<std::vector<ManifestRow>, int> read_manifest(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::vector<ManifestRow> rows;
  for (int number = 1; !text.empty(); ++number) {
    const auto cells = next_row(text);
    if (cells.size() == 1 && cells.front().empty()) continue;
    const std::string entry = cells.size() > 1 ? plain_entry(cells[1]) : "";
    if (entry.empty() && number == 1) continue;  // headings
    if (entry.empty() || cells.front().empty()) return number;
    ManifestRow row{cleaned_name(cells.front()), {entry, 0}};
    if (cells.size() > 2 && !cells[2].empty()) {
      const std::string& digits = cells[2];
      const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), row.entry.line);
      if (failed != std::errc() || end != digits.data() + digits.size() || row.entry.line < 1) return number;
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string attachment_header(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    plain += byte < 0x20 || byte >= 0x7F || c == '"' || c == '\\' || c == '%' ? '_' : c;
  }
  return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + percent_encoded(name);
}

}  // namespace tradecase::http
