#include "adapters/http/portal/rooms.hpp"

#include <algorithm>

namespace tradecase::http {

std::string moment_words(const Visit& visit, Instant at) {
  using namespace std::chrono;
  const Calendar& calendar = visit.programme().calendar;
  const Date day = calendar.day_of(at);
  const auto length = calendar.end_of(day) - calendar.start_of(day);
  auto clock = at - calendar.start_of(day);
  if (clock >= 2h) clock += 24h - length;  // the clock is moved at 2 a.m., twice a year
  const auto minutes_of_day = duration_cast<minutes>(clock).count();
  const auto hour = minutes_of_day / 60;
  return visit.say("{}, {}:{:02} {} Eastern", visit.date(day), hour % 12 == 0 ? 12 : hour % 12, minutes_of_day % 60,
                   hour < 12 ? "a.m." : "p.m.");
}

json::object problem_views(const Visit& visit, const std::vector<Problem>& problems, std::initializer_list<const char*> fields) {
  json::object views;
  json::array summary;
  for (const char* field : fields) views[std::string("problem_") + field] = "";
  for (const Problem& problem : problems) {
    summary.push_back(json::object{{"field", problem.field}, {"sentence", problem.sentence}});
    views["problem_" + problem.field] = problem.sentence;
  }
  views["sentence"] = problems.empty() ? "" : visit.say("There is something to mend before this can be sent.");
  views["summary"] = std::move(summary);
  return views;
}

std::string titled(const Visit& visit, const std::string& title, const std::vector<Problem>& problems) {
  return problems.empty() ? title : visit.say("Error: {}", title);
}

Response operator_page(const Visit& visit, std::string_view tab, const std::string& name, const std::string& title, json::object fields,
                       int status) {
  for (const char* one : {"status", "people", "record", "failures", "rules"}) fields[std::string("at_") + one] = tab == one;
  return visit.page(name, title, std::move(fields), status);
}

std::int64_t number_or_stop(const Visit& visit, std::string_view text) {
  const bool digits = !text.empty() && text.size() < 16 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  if (!digits) throw Fault(404, visit.say("There is no page at this address."));
  return std::stoll(std::string(text));
}

Paging paging_of(const Visit& visit, int size) {
  const std::string_view text = visit.request.query.get("page");
  const bool digits = !text.empty() && text.size() < 6 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  return {digits ? std::max(1, std::stoi(std::string(text))) : 1, size};
}

json::object pager_view(const Visit& visit, const Paging& paging, bool more) {
  std::string rest;
  for (const auto& [name, value] : visit.request.query.list())
    if (name != "page" && !value.empty()) rest += "&" + percent_encoded(name) + "=" + percent_encoded(value);
  const auto href = [&](int page) { return visit.request.path + "?page=" + std::to_string(page) + rest; };
  return {{"previous", paging.page > 1 ? href(paging.page - 1) : ""}, {"next_page", more ? href(paging.page + 1) : ""}};
}

}  // namespace tradecase::http
