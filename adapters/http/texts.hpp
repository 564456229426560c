// Every text a reader sees, by its English wording; other languages stand in catalogues (templates/texts/LANGUAGE.json).
#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/clock.hpp"

namespace tradecase::http {

enum class Language { english, spanish };
inline constexpr Language all_languages[] = {Language::english, Language::spanish};
std::string_view code_of(Language language);  // "en"
Language language_of(std::string_view code);  // English where it is none of ours

class Texts {
 public:
  static Texts load(const std::filesystem::path& folder);  // throws std::runtime_error naming the file

  // The wording in that language; the English one where the catalogue has none.
  const std::string& in(Language language, const std::string& english) const;
  // The same with {} filled in, in the order of the English wording ({0}, {1} where a language turns them round). "{} (row|rows)" takes the
  // word that suits the number filled in before it: the first for 1.
  template <class... Args>
  std::string say(Language language, const std::string& english, const Args&... args) const {
    const std::string& wording = in(language, english);
    if (wording.find('|') == std::string::npos) return fmt::format(fmt::runtime(wording), args...);
    return fmt::format(fmt::runtime(numbered(wording, {fmt::to_string(args)...})), args...);
  }
  bool has(Language language, const std::string& english) const;

  std::string date(Language language, Date day) const;                   // February 28, 2025 · 28 de febrero de 2025
  std::string date_with_weekday(Language language, Date day) const;      // Friday, February 28, 2025
  std::string days_left(Language language, Date due, Date today) const;  // due in 14 days, due today, 3 days late

 private:
  static std::string numbered(const std::string& wording, const std::vector<std::string>& filled);

  std::map<std::string, std::string, std::less<>> spanish_;
};

}  // namespace tradecase::http
