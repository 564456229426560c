#include "adapters/http/json_names.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

namespace tradecase::http {
namespace {

using boost::json::string_view;
using Error = boost::json::error_code;

std::string pointer_part(std::string_view name) {
  std::string part;
  for (const char c : name) part += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return part;
}

// What basic_parser tells: it knows where it stands and which names each open object had.
struct Names {
  static constexpr std::size_t max_object_size = SIZE_MAX, max_array_size = SIZE_MAX, max_key_size = SIZE_MAX, max_string_size = SIZE_MAX;

  struct Level {
    bool object = false;
    std::set<std::string> names{};
    std::string name{};
    std::size_t values = 0;  // of an array, so far
  };
  std::vector<Level> levels{};
  std::string part{};  // of a name that comes in parts
  std::optional<std::string> repeated{};

  bool value() {
    if (!levels.empty()) ++levels.back().values;
    return true;
  }
  bool begin(bool object) {
    value();
    levels.push_back({.object = object});
    return true;
  }
  bool end() {
    levels.pop_back();
    return true;
  }
  std::string here() const {
    std::string pointer;
    for (const Level& level : levels) pointer += "/" + (level.object ? pointer_part(level.name) : std::to_string(level.values - 1));
    return pointer;
  }

  bool on_document_begin(Error&) { return true; }
  bool on_document_end(Error&) { return true; }
  bool on_object_begin(Error&) { return begin(true); }
  bool on_object_end(std::size_t, Error&) { return end(); }
  bool on_array_begin(Error&) { return begin(false); }
  bool on_array_end(std::size_t, Error&) { return end(); }
  bool on_key_part(string_view text, std::size_t, Error&) {
    part.append(text.data(), text.size());
    return true;
  }
  bool on_key(string_view text, std::size_t, Error& failed) {
    part.append(text.data(), text.size());
    Level& level = levels.back();
    level.name = std::exchange(part, {});
    if (level.names.insert(level.name).second) return true;
    repeated = here();
    failed = boost::json::error::exception;
    return false;
  }
  bool on_string_part(string_view, std::size_t, Error&) { return true; }
  bool on_string(string_view, std::size_t, Error&) { return value(); }
  bool on_number_part(string_view, Error&) { return true; }
  bool on_int64(std::int64_t, string_view, Error&) { return value(); }
  bool on_uint64(std::uint64_t, string_view, Error&) { return value(); }
  bool on_double(double, string_view, Error&) { return value(); }
  bool on_bool(bool, Error&) { return value(); }
  bool on_null(Error&) { return value(); }
  bool on_comment_part(string_view, Error&) { return true; }
  bool on_comment(string_view, Error&) { return true; }
};

}  // namespace

std::optional<std::string> repeated_name(std::string_view text) {
  boost::json::basic_parser<Names> parser{boost::json::parse_options()};
  Error failed;
  parser.write_some(false, text.data(), text.size(), failed);
  return parser.handler().repeated;
}

}  // namespace tradecase::http
