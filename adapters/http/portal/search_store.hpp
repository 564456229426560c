// S3: what holds every word asked for. `company` empty: of all companies; otherwise of that one alone.
#pragma once

#include "engine/store/store.hpp"

namespace tradecase::http {

inline constexpr std::size_t search_words_max = 6;

struct FoundCompany {
  std::string id, name;
};
struct FoundPerson {
  std::string id, name, email, title;
};
struct FoundLetter {
  std::string case_id, hash, title;
  Instant written_at{};
};
std::vector<FoundCompany> search_companies(Session& session, const std::vector<std::string>& words, std::string_view company, int limit);
std::vector<Case> search_cases(Session& session, const std::vector<std::string>& words, std::string_view company, int limit);
std::vector<FoundLetter> search_letters(Session& session, const std::vector<std::string>& words, std::string_view company, int limit);
std::vector<FoundPerson> search_people(Session& session, const std::vector<std::string>& words, std::string_view company, int limit);

}  // namespace tradecase::http
