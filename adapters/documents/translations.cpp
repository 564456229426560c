#include "adapters/documents/translations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "adapters/documents/letter_source.hpp"
#include "adapters/documents/markdown.hpp"

namespace tradecase {
namespace {

namespace fs = std::filesystem;
using Pair = std::pair<std::string_view, std::string_view>;

constexpr std::array<Pair, 12> months{{{"January", "enero"},
                                       {"February", "febrero"},
                                       {"March", "marzo"},
                                       {"April", "abril"},
                                       {"May", "mayo"},
                                       {"June", "junio"},
                                       {"July", "julio"},
                                       {"August", "agosto"},
                                       {"September", "septiembre"},
                                       {"October", "octubre"},
                                       {"November", "noviembre"},
                                       {"December", "diciembre"}}};
constexpr std::array<Pair, 7> weekdays{{{"Monday", "lunes"},
                                        {"Tuesday", "martes"},
                                        {"Wednesday", "miércoles"},
                                        {"Thursday", "jueves"},
                                        {"Friday", "viernes"},
                                        {"Saturday", "sábado"},
                                        {"Sunday", "domingo"}}};

template <std::size_t Size>
std::optional<std::string_view> translated(const std::array<Pair, Size>& words, std::string_view english) {
  const auto found = std::ranges::find(words, english, &Pair::first);
  return found == words.end() ? std::nullopt : std::optional(found->second);
}

bool is_number(std::string_view text, std::size_t most) {
  return !text.empty() && text.size() <= most && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// "February 28, 2025".
std::optional<std::string> spanish_day(std::string_view english) {
  const auto blank = english.find(' '), comma = english.find(", ");
  if (blank == english.npos || comma == english.npos || comma < blank) return std::nullopt;
  const auto month = translated(months, english.substr(0, blank));
  const std::string_view day = english.substr(blank + 1, comma - blank - 1), year = english.substr(comma + 2);
  if (!month || !is_number(day, 2) || !is_number(year, 4)) return std::nullopt;
  return fmt::format("{} de {} de {}", day, *month, year);
}

std::string days(std::int64_t count) { return count == 1 ? "1 día" : fmt::format("{} días", count); }

std::string when(std::int64_t days_left, std::int64_t days_late) {
  if (days_late > 0) return "hace " + days(days_late);
  if (days_left == 0) return "hoy";
  return days_left == 1 ? "mañana" : "en " + days(days_left);
}

// What the letter's fields hold, days in Spanish, all else as it is; with those that count days.
struct Told {
  json::object given;
  json::value due_when = "", late_by = "";

  explicit Told(const json::object& fields) : given(fields) {
    for (auto& [name, value] : given)
      if (value.is_string()) value = spanish_text(value.get_string());
    const auto *left = fields.if_contains("days_left"), *late = fields.if_contains("days_late");
    if (left == nullptr || late == nullptr) return;
    due_when = json::value(when(left->to_number<std::int64_t>(), late->to_number<std::int64_t>()));
    late_by = json::value(days(late->to_number<std::int64_t>()));
  }
};

Parts parts_in(const fs::path& folder) {
  Parts parts;
  if (fs::is_directory(folder))
    for (const auto& entry : fs::directory_iterator(folder)) parts.emplace(entry.path().stem().string(), read_file(entry.path()));
  return parts;
}

// A fault is told with its file.
template <class Work>
auto at_place(const std::string& place, Work work) {
  try {
    return work();
  } catch (const TemplateError& error) {
    const std::string_view message = error.what();
    throw TemplateError(message.starts_with(place) ? std::string{message} : fmt::format("{}: {}", place, message));
  }
}

void put_before_end_of_body(std::string& page, const std::string& more) {
  const auto end = page.rfind("</body>");
  page.insert(end == page.npos ? page.size() : end, more);
}

// Places of the layouts' fields, in the order in which they are added.
enum Place : std::size_t { title, mail_subject, mail_line, due_on, due_when, portal_link, body, places };

FieldSet fields_of_layouts() {
  FieldSet set;
  for (const char* name : {"title", "mail_subject", "mail_line", "due_on", "due_when", "portal_link"})
    set.add({name, Field::Shape::optional}, FieldSet::From::renderer);
  set.add({"body", Field::Shape::markup}, FieldSet::From::renderer);
  return set;
}

}  // namespace

std::string spanish_text(std::string_view english) {
  if (const auto day = spanish_day(english)) return *day;
  const auto comma = english.find(", ");
  const auto weekday = comma == english.npos ? std::nullopt : translated(weekdays, english.substr(0, comma));
  const auto day = weekday ? spanish_day(english.substr(comma + 2)) : std::nullopt;
  return day ? fmt::format("{}, {}", *weekday, *day) : std::string(english);
}

Translations Translations::load(const fs::path& templates, const FieldsOf& fields_of) {
  Translations all;
  const fs::path folder = templates / "letters/es";
  if (!fs::is_directory(folder)) return all;
  const Parts parts = parts_in(folder / "parts");
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".md") continue;
    const std::string place = entry.path().string();
    const FieldSet* fields = fields_of(entry.path().stem().string());
    if (fields == nullptr) throw TemplateError(place + ": translates no letter");
    const LetterSource source = read_translation(entry.path());
    all.letters_.emplace(entry.path().stem().string(), at_place(place, [&]() -> Wording {
                           const auto line = [&](const std::string& text) {
                             return Template::compile(text, *fields, Escaping::none, place);
                           };
                           if (const int bad = line_of_html_or_image(source.body))
                             throw TemplateError(fmt::format("line {}: a letter has no HTML and no images", source.body_line + bad - 1));
                           return {*fields, line(source.info.title), line(source.mail_subject), line(source.mail_line),
                                   Template::compile(source.body, *fields, Escaping::markdown, place, source.body_line, parts)};
                         }));
  }
  all.layout_fields_ = fields_of_layouts();
  const auto layout = [&](const char* name, Escaping escaping) {
    const fs::path file = templates / name;
    return Template::compile(read_file(file), all.layout_fields_, escaping, file.string());
  };
  all.html_ = layout("letters/es/layout.html", Escaping::html);
  all.text_ = layout("letters/es/layout.txt", Escaping::none);
  all.mail_html_ = layout("mail/es/notice.html", Escaping::html);
  all.mail_text_ = layout("mail/es/notice.txt", Escaping::none);
  return all;
}

void Translations::add_to(RenderedLetter& english, std::string_view letter, const json::object& fields) const {
  const auto found = letters_.find(letter);
  if (found == letters_.end()) return;
  const Wording& wording = found->second;
  const Told told(fields);
  Values own = wording.fields.bind(told.given);
  if (const auto place = wording.fields.find("due_when")) own[*place] = &told.due_when;
  if (const auto place = wording.fields.find("late_by")) own[*place] = &told.late_by;

  std::array<json::value, places> made;
  const auto text_of = [&](const char* name) {
    const auto* value = told.given.if_contains(name);
    return value == nullptr ? json::value("") : *value;
  };
  made[title] = wording.title.render(own);
  made[mail_subject] = wording.mail_subject.render(own);
  made[mail_line] = wording.mail_line.render(own);
  made[due_on] = text_of("due_on");
  made[due_when] = told.due_when;
  made[portal_link] = text_of("portal_link");
  Rendering rendering = render_markdown(wording.body.render(own));
  made[body] = rendering.html;
  Values values;
  for (const json::value& one : made) values.push_back(&one);
  put_before_end_of_body(english.html, html_.render(values));
  put_before_end_of_body(english.mail_html, mail_html_.render(values));
  if (!rendering.text.empty()) rendering.text.pop_back();  // the layout ends the line
  made[body] = rendering.text;
  english.text += wrap_lines(text_.render(values));
  english.mail_text += wrap_lines(mail_text_.render(values));
  english.mail_subject += " / " + std::string(made[mail_subject].as_string());
}

}  // namespace tradecase
