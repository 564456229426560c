// What the fields of the two files may hold: each function takes a field without blanks around it and gives its value in the one
// form that is stored, or says in a sentence what is wrong with it. What only entry lines have stands in customs_fields.hpp.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

#include "engine/clock.hpp"

namespace tradecase {

struct Wrong {
  std::string reason;
};
template <class T>
using Taken = std::variant<T, Wrong>;

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
inline bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool all_digits(std::string_view text);  // at least one
std::string upper(std::string_view text);
std::string without(std::string_view text, std::string_view dropped);  // the text without these characters

// Whether the text has the shape: 9 stands for a digit, X for a letter or digit, anything else for itself.
bool has_shape(std::string_view text, std::string_view shape);

std::string_view stripped(std::string_view text);  // without blanks, tabs, line ends and no-break spaces around it
std::string collapsed(std::string_view text);      // and each run of them within it one space

// Every text of the form of a social security number within it with all but its last four digits starred (domain.md §3).
std::string masked(std::string text);

Taken<std::string> take_name(std::string_view text);        // white space collapsed; up to 300 bytes
Taken<std::string> take_company_id(std::string_view text);  // letters, digits, "-", "_", "."; up to 40
Taken<std::string> take_email(std::string_view text);       // one "@", a domain with a dot, no blanks; kept as written

// One of the words, in their spelling; another letter case is taken for the word.
Taken<std::string> take_word(std::string_view text, std::initializer_list<std::string_view> words);

// An importer of record number in one of its three forms [C: CBP Form 5106]: IRS NN-NNNNNNNXX (X a letter or digit), social security
// NNN-NN-NNNN, assigned by CBP NNNNNN-NNNNN. Letters become capitals.
Taken<std::string> take_importer_number(std::string_view text);

Taken<Date> take_past_date(std::string_view text, Date today);  // 2026-01-14 or 1/14/2026; today at the latest

}  // namespace tradecase
