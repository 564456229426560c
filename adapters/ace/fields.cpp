#include "adapters/ace/fields.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace tradecase {
namespace {

constexpr std::size_t name_bytes_max = 300;
constexpr std::size_t company_id_characters_max = 40;
constexpr std::size_t email_characters_max = 254;  // RFC 5321
constexpr std::string_view no_break_space = "\xC2\xA0";

// Bytes of white space at the start of the text.
std::size_t white(std::string_view text) {
  if (text.empty()) return 0;
  if (text.starts_with(no_break_space)) return no_break_space.size();
  return text.front() == ' ' || (text.front() >= '\t' && text.front() <= '\r') ? 1 : 0;
}

bool is_domain(std::string_view text) {
  if (text.find('.') == std::string_view::npos || text.starts_with('.') || text.ends_with('.')) return false;
  return text.find("..") == std::string_view::npos &&
         std::ranges::all_of(text, [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '.'; });
}

}  // namespace

bool has_shape(std::string_view text, std::string_view shape) {
  return std::ranges::equal(text, shape, [](char c, char like) {
    if (like == '9') return is_digit(c);
    return like == 'X' ? is_digit(c) || is_letter(c) : c == like;
  });
}

bool all_digits(std::string_view text) { return !text.empty() && std::ranges::all_of(text, is_digit); }

std::string without(std::string_view text, std::string_view dropped) {
  std::string out;
  std::ranges::copy_if(text, std::back_inserter(out), [&](char c) { return dropped.find(c) == std::string_view::npos; });
  return out;
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

std::string_view stripped(std::string_view text) {
  while (const std::size_t bytes = white(text)) text.remove_prefix(bytes);
  const auto last_white = [&] {
    if (text.ends_with(no_break_space)) return no_break_space.size();
    return text.empty() ? std::size_t{0} : white(text.substr(text.size() - 1));
  };
  while (const std::size_t bytes = last_white()) text.remove_suffix(bytes);
  return text;
}

std::string collapsed(std::string_view text) {
  std::string out;
  for (text = stripped(text); !text.empty();) {
    const std::size_t bytes = white(text);
    if (bytes == 0) {
      out += text.front();
    } else if (!out.ends_with(' ')) {
      out += ' ';
    }
    text.remove_prefix(std::max<std::size_t>(bytes, 1));
  }
  return out;
}

std::string masked(std::string text) {
  constexpr std::string_view shape = "999-99-9999";
  for (std::size_t at = 0; at + shape.size() <= text.size(); ++at) {
    const bool begins = at == 0 || !is_digit(text[at - 1]);
    const bool ends = at + shape.size() == text.size() || !is_digit(text[at + shape.size()]);
    if (begins && ends && has_shape(std::string_view(text).substr(at, shape.size()), shape)) text.replace(at, 6, "***-**");
  }
  return text;
}

Taken<std::string> take_name(std::string_view text) {
  std::string name = collapsed(text);
  if (name.size() > name_bytes_max) return Wrong{"this is longer than 300 characters"};
  return name;
}

Taken<std::string> take_company_id(std::string_view text) {
  const bool plain = std::ranges::all_of(text, [](char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.'; });
  if (!plain) return Wrong{"a company id has letters, digits, dashes, underscores and dots only"};
  if (text.size() > company_id_characters_max) return Wrong{"a company id has 40 characters at most"};
  return std::string(text);
}

Taken<std::string> take_email(std::string_view text) {
  const Wrong wrong{"this is not an e-mail address like name@company.com"};
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || at == 0 || text.size() > email_characters_max) return wrong;
  const std::string_view local = text.substr(0, at);
  const bool plain = std::ranges::all_of(
      local, [](char c) { return c > ' ' && c <= '~' && std::string_view("()<>[]:;,\\\"").find(c) == std::string_view::npos; });
  if (!plain || !is_domain(text.substr(at + 1))) return wrong;
  return std::string(text);
}

Taken<std::string> take_word(std::string_view text, std::initializer_list<std::string_view> words) {
  std::string known;
  for (const std::string_view word : words) {
    if (upper(word) == upper(text)) return std::string(word);
    known += (known.empty() ? "" : ", ") + std::string(word);
  }
  return Wrong{"this must be one of: " + known};
}

Taken<std::string> take_importer_number(std::string_view text) {
  for (const std::string_view shape : {"99-9999999XX", "999-99-9999", "999999-99999"}) {
    if (has_shape(text, shape)) return upper(text);
  }
  return Wrong{"an importer number is NN-NNNNNNNXX (IRS), NNN-NN-NNNN (social security) or NNNNNN-NNNNN (assigned by CBP)"};
}

Taken<Date> take_past_date(std::string_view text, Date today) {
  const std::optional<Date> date = parse_date(text);
  if (!date) return Wrong{"this is not a day that exists, written 2026-01-14 or 1/14/2026"};
  if (*date > today) return Wrong{"this day lies in the future; today is " + to_text(today)};
  return *date;
}

}  // namespace tradecase
