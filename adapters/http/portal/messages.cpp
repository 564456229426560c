// S2 messages: letters as threads, one a case. A company reads what was written to it, staff what was sent to them.
#include <algorithm>

#include "adapters/http/portal/account_store.hpp"
#include "adapters/http/portal/case_views.hpp"
#include "adapters/http/portal/rooms.hpp"

namespace tradecase::http {
namespace {

std::string letter_status_words(const Visit& visit, const std::string& status) {
  if (status == "sent") return "";
  if (status == "given_up") return visit.say("the mail could not be delivered");
  if (status == "unknown") return visit.say("nobody knows whether the mail arrived");
  return visit.say("the mail waits to be sent");
}

json::value thread_view(const Visit& visit, Session& session, const Thread& thread) {
  const auto on = find_case(session, thread.case_id);
  if (!on || !visit.sees(*on)) return nullptr;
  const auto company = find_company(session, on->company);
  json::array letters;
  for (const SentLetter& letter : thread.letters)
    letters.push_back(json::object{{"href", "/cases/" + letter.case_id + "/letters/" + letter.hash},
                                   {"label", letter.title},
                                   {"subject", letter.subject == letter.title ? "" : letter.subject},
                                   {"on", moment_words(visit, letter.written_at)},
                                   {"at", to_text(letter.written_at)},
                                   {"mail", letter_status_words(visit, letter.status)}});
  return json::object{{"href", "/cases/" + on->id},
                      {"label", case_name(visit, on->workflow, on->cycle) + (company ? ", " + company->legal_name : "")},
                      {"case", on->id},
                      {"letters", std::move(letters)}};
}

Response show_messages(Visit& visit) {
  const Paging paging = paging_of(visit, 25);
  json::array threads;
  bool more = false;
  visit.engine.database().read([&](Session& session) {
    std::vector<Thread> found;
    if (visit.visitor.companies.empty()) {
      found = threads_of_person(session, visit.visitor.person.id, paging.size + 1, paging.offset());
    } else {
      for (const auto& [company, roles] : visit.visitor.companies)
        for (Thread& thread : threads_of_company(session, company)) found.push_back(std::move(thread));
      std::ranges::stable_sort(found, std::ranges::greater{}, [](const Thread& thread) { return thread.letters.front().written_at; });
      const auto skipped = std::min(found.size(), static_cast<std::size_t>(paging.offset()));
      found.erase(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(skipped));
    }
    more = found.size() > static_cast<std::size_t>(paging.size);
    if (more) found.resize(static_cast<std::size_t>(paging.size));
    for (const Thread& thread : found)
      if (json::value view = thread_view(visit, session, thread); !view.is_null()) threads.push_back(std::move(view));
  });
  json::object fields = pager_view(visit, paging, more);
  fields["staff"] = visit.visitor.companies.empty();
  fields["none"] = threads.empty();
  fields["threads"] = std::move(threads);
  return visit.page("messages", visit.say("Messages"), std::move(fields));
}

}  // namespace

void add_message_routes(Routes& routes) {
  routes.push_back({"GET", "/messages", "S2", Access::signed_in, show_messages, "Letters that were sent, one thread a case"});
}

}  // namespace tradecase::http
