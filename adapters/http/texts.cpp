#include "adapters/http/texts.hpp"

#include <fstream>
#include <regex>
#include <sstream>
#include <stdexcept>

#include "engine/calendar.hpp"
#include "engine/json.hpp"

namespace tradecase::http {
namespace {

constexpr const char* months[] = {"enero", "febrero", "marzo",      "abril",   "mayo",      "junio",
                                  "julio", "agosto",  "septiembre", "octubre", "noviembre", "diciembre"};
constexpr const char* weekdays[] = {"domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"};

}  // namespace

std::string_view code_of(Language language) { return language == Language::spanish ? "es" : "en"; }
Language language_of(std::string_view code) { return code == "es" ? Language::spanish : Language::english; }

Texts Texts::load(const std::filesystem::path& folder) {
  const auto file = folder / "es.json";
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  boost::json::error_code failed;
  const json::value read = json::parse(text.str(), failed);
  if (!in || failed || !read.is_object()) throw std::runtime_error(file.string() + " is no catalogue: one JSON object of texts");
  Texts texts;
  for (const auto& [english, wording] : read.get_object()) {
    if (!wording.is_string()) throw std::runtime_error(file.string() + ": \"" + std::string(english) + "\" is no text");
    texts.spanish_.emplace(english, std::string(wording.get_string()));
  }
  return texts;
}

const std::string& Texts::in(Language language, const std::string& english) const {
  if (language == Language::english) return english;
  const auto found = spanish_.find(english);
  return found == spanish_.end() ? english : found->second;
}

// Leaves of each "(one|many)" the word that goes with the value before it.
std::string Texts::numbered(const std::string& wording, const std::vector<std::string>& filled) {
  static const std::regex part(R"(\{(\d*)\}|\(([^(){}|]*)\|([^(){}|]*)\))");
  std::string said;
  std::size_t next = 0;
  const std::string* last = nullptr;
  auto rest = wording.begin();
  for (std::sregex_iterator at(wording.begin(), wording.end(), part), end; at != end; ++at) {
    const std::smatch& found = *at;
    said.append(rest, found[0].first);
    rest = found[0].second;
    if (*found[0].first == '{') {
      last = &filled.at(found[1].length() == 0 ? next++ : std::stoul(found[1]));
      said += found[0];
    } else {
      said += found[last != nullptr && *last == "1" ? 2 : 3];
    }
  }
  return said.append(rest, wording.end());
}

bool Texts::has(Language language, const std::string& english) const { return language == Language::english || spanish_.contains(english); }

std::string Texts::date(Language language, Date day) const {
  if (language == Language::english) return spoken(day);
  const std::chrono::year_month_day date(day);
  return fmt::format("{} de {} de {}", static_cast<unsigned>(date.day()), months[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()));
}

std::string Texts::date_with_weekday(Language language, Date day) const {
  if (language == Language::english) return std::string(weekday_name(day)) + ", " + spoken(day);
  return std::string(weekdays[std::chrono::weekday(day).c_encoding()]) + ", " + date(language, day);
}

std::string Texts::days_left(Language language, Date due, Date today) const {
  const auto days = (due - today).count();
  if (days == 0) return in(language, "today");
  if (days == 1) return in(language, "tomorrow");
  if (days > 1) return say(language, "in {} days", days);
  if (days == -1) return in(language, "1 day late");
  return say(language, "{} days late", -days);
}

}  // namespace tradecase::http
