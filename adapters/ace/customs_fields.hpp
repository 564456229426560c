// The fields that only entry lines have; see fields.hpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "adapters/ace/fields.hpp"
#include "engine/clock.hpp"

namespace tradecase {

// 2026-01-14, 1/14/2026, or 46036: the days of a spreadsheet, 1900 system with its February 29, 1900. Not before October 1, 1986, when
// entry numbers took the form they have [C: CATAIR, appendix E]: an earlier day is a slip. `days_ahead` is added to a spreadsheet's days.
Taken<Date> take_customs_date(std::string_view text, int days_ahead = 0);
Taken<Date> take_past_customs_date(std::string_view text, Date today, int days_ahead = 0);  // today at the latest

// U.S. cents, exactly. A leading "$" and commas between groups of three go; decimals after the second must be 0; below ten billion
// dollars; not negative in either notation ("-1", "(1)"): an entered value or duty never is, so a minus sign is a slip.
Taken<std::int64_t> take_cents(std::string_view text);
Taken<std::string> take_quantity(std::string_view text);  // a decimal, not negative; commas between groups of three go

Taken<int> take_count(std::string_view text, int max);  // a whole number from 1 to max; leading zeros go

// The check digit of ten characters, filer code and number [C: CBP Form 7501 instructions, appendix 1; CATAIR, appendix E]: letters
// become digits (A, J = 1; B, K, S = 2; … I, R, Z = 9), every second digit from the right is doubled and its own digits added.
// The ten characters must be capitals and digits.
int entry_check_digit(std::string_view filer_code_and_number);
Taken<std::string> take_entry_number(std::string_view text);  // 11 characters; dashes and blanks go, letters become capitals

Taken<std::string> take_hts(std::string_view text);      // 10 digits, or 8 in chapters 98 and 99; dots and blanks go
Taken<std::string> take_country(std::string_view text);  // ISO 3166-1 alpha-2, and CBP's codes of Canadian provinces [R]

bool in_chapter_99(std::string_view hts);

}  // namespace tradecase
