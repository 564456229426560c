// The language that somebody chose beside English: letters and mails to them carry a translation.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/store/store.hpp"

namespace tradecase {

std::vector<Migration> language_migrations(int first_number);

std::string language_of(Session& session, std::string_view person);                         // "es"; "" for English alone
void set_language_of(Transaction& tx, std::string_view person, std::string_view language);  // "" or "en": English alone

}  // namespace tradecase
