#include "adapters/documents/letter_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>

#include "engine/nearest.hpp"

namespace tradecase {
namespace {

constexpr std::array addressees{"company", "nam", "supervisor", "compliance", "auditor", "internal"};

void set_addressee(LetterSource& letter, std::string_view value) {
  if (std::ranges::find(addressees, value) == addressees.end())
    throw TemplateError(fmt::format("nobody is called \"{}\" in \"to\"", value));
  letter.info.to = value;
}

void set_legal(LetterSource& letter, std::string_view value) {
  if (value != "yes" && value != "no") throw TemplateError("\"legal\" is yes or no");
  letter.info.legal = value == "yes";
}

using Set = std::function<void(LetterSource&, std::string_view)>;

const std::map<std::string, Set, std::less<>>& header_keys() {
  static const std::map<std::string, Set, std::less<>> keys{
      {"title", [](LetterSource& letter, std::string_view value) { letter.info.title = value; }},
      {"to", set_addressee},
      {"mail_subject", [](LetterSource& letter, std::string_view value) { letter.mail_subject = value; }},
      {"mail_line", [](LetterSource& letter, std::string_view value) { letter.mail_line = value; }},
      {"fields", [](LetterSource& letter, std::string_view value) { letter.info.fields = parse_fields(value); }},
      {"about", [](LetterSource& letter, std::string_view value) { letter.info.about = value == "none" ? "" : value; }},
      {"legal", set_legal}};
  return keys;
}

std::vector<std::string> known_keys() {
  std::vector<std::string> names;
  for (const auto& [name, set] : header_keys()) names.push_back(name);
  return names;
}

// One "key: value" line; each key once.
void read_line(LetterSource& letter, std::string_view line, std::vector<std::string>& seen) {
  const auto colon = line.find(':');
  if (colon == line.npos) throw TemplateError("the header holds lines of \"key: value\" and ends with ---");
  const auto key = line.substr(0, colon);
  const auto found = header_keys().find(key);
  if (found == header_keys().end())
    throw TemplateError(fmt::format("there is no header line \"{}\"{}", key, did_you_mean(key, known_keys())));
  if (std::ranges::count(seen, key) > 0) throw TemplateError(fmt::format("\"{}\" is given twice", key));
  const auto begin = line.find_first_not_of(' ', colon + 1);
  found->second(letter, begin == line.npos ? std::string_view{} : line.substr(begin));
  seen.emplace_back(key);
}

void check_complete(const std::vector<std::string>& seen, const std::vector<std::string>& wanted) {
  for (const std::string& key : wanted)
    if (std::ranges::count(seen, key) == 0) throw TemplateError(fmt::format("the header lacks \"{}\"", key));
  for (const std::string& key : seen)
    if (std::ranges::count(wanted, key) == 0) throw TemplateError(fmt::format("\"{}\" stands in the English letter's header only", key));
}

LetterSource read_source(const std::filesystem::path& file, const std::vector<std::string>& wanted) {
  const std::string text = read_file(file);
  LetterSource letter;
  letter.info.name = file.stem().string();
  std::vector<std::string> seen;
  std::size_t begin = 0;
  try {
    for (;; ++letter.body_line) {
      const auto end = text.find('\n', begin);
      const auto line = std::string_view{text}.substr(begin, end - begin);
      if (end == text.npos) throw TemplateError("the header does not end: there is no line ---");
      begin = end + 1;
      if (line == "---") break;
      read_line(letter, line, seen);
    }
    check_complete(seen, wanted);
  } catch (const TemplateError& error) {
    throw TemplateError(fmt::format("{}:{}: {}", file.string(), letter.body_line, error.what()));
  }
  letter.body = text.substr(begin);
  ++letter.body_line;
  return letter;
}

}  // namespace

std::string read_file(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  if (!in) throw TemplateError(fmt::format("{}: cannot be read", file.string()));
  return text;
}

LetterSource read_letter(const std::filesystem::path& file) { return read_source(file, known_keys()); }

LetterSource read_translation(const std::filesystem::path& file) { return read_source(file, {"mail_line", "mail_subject", "title"}); }

}  // namespace tradecase
