#include "adapters/http/portal/account_store.hpp"

namespace tradecase::http {
namespace {

using Text = std::string;

std::vector<SentLetter> letters_in(Session& session, const std::string& where, Binds binds) {
  std::vector<SentLetter> all;
  session.each<Text, Text, Text, Text, std::int64_t, Text>(
      "select l.case_id, l.hash, d.title, m.subject, l.written_at, max(o.status) from outbox o join letters l on l.id = o.letter_id "
      "join documents d on d.hash = l.hash join letter_mails m on m.letter_id = l.id where " +
          where + " group by l.id order by l.id desc",
      binds, [&](Text case_id, Text hash, Text title, Text subject, std::int64_t at, Text status) {
        all.push_back({std::move(case_id), std::move(hash), std::move(title), std::move(subject), from_ms(at), std::move(status)});
      });
  return all;
}

std::vector<Thread> threaded(std::vector<SentLetter> letters) {
  std::vector<Thread> threads;
  for (SentLetter& letter : letters) {
    auto thread = threads.begin();
    while (thread != threads.end() && thread->case_id != letter.case_id) ++thread;
    if (thread == threads.end()) thread = threads.insert(thread, {letter.case_id, {}});
    thread->letters.push_back(std::move(letter));
  }
  return threads;
}

}  // namespace

std::int64_t count_notified(Session& session, std::string_view company) {
  return session.value<std::int64_t>("select count(distinct person) from grants where company = :company and notices = 1", {company})
      .value_or(0);
}

std::vector<Thread> threads_of_company(Session& session, std::string_view company) {
  return threaded(letters_in(session,
                             "l.case_id in (select id from cases where company = :company) and o.to_person in (select person from grants "
                             "where company = :company2)",
                             {company, company}));
}

std::vector<Thread> threads_of_person(Session& session, std::string_view person, int limit, int offset) {
  std::vector<Thread> threads;
  for (auto& [case_id, latest] : session.rows<Text, std::int64_t>("select case_id, max(letter_id) as latest from outbox where to_person = "
                                                                  ":person and case_id is not null group by case_id order by latest desc "
                                                                  "limit :limit offset :offset",
                                                                  {person, limit, offset}))
    threads.push_back({case_id, letters_in(session, "o.case_id = :case_id and o.to_person = :person", {case_id, person})});
  return threads;
}

}  // namespace tradecase::http
