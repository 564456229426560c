// What the pages of one's own account and messages read: mail choices, and letters as they were sent to somebody.
#pragma once

#include "engine/store/store.hpp"

namespace tradecase::http {

std::int64_t count_notified(Session& session, std::string_view company);  // people of the company who get its notices

// A letter as it went to a company's people, or to one person.
struct SentLetter {
  std::string case_id, hash, title, subject;
  Instant written_at{};
  std::string status;  // of the latest mail: sent, queued …
};
struct Thread {
  std::string case_id;
  std::vector<SentLetter> letters;  // newest first
};
// One thread a case, the one with the latest letter first.
std::vector<Thread> threads_of_company(Session& session, std::string_view company);
std::vector<Thread> threads_of_person(Session& session, std::string_view person, int limit, int offset);

}  // namespace tradecase::http
