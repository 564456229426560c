// O3 the record: search it, verify everything, take it away.
#include <algorithm>

#include "adapters/http/portal/operator_acts.hpp"
#include "adapters/http/portal/operator_store.hpp"
#include "adapters/http/portal/rooms.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

constexpr int exported_max = 10'000;  // lines of a search taken away

struct RecordAsked {
  RecordFilter filter;
  std::vector<Problem> problems;
};

// A person is asked for by id, by e-mail address, or as the timer or the operator's command line.
RecordAsked asked_of(const Visit& visit, Session& session) {
  const Fields& query = visit.request.query;
  RecordAsked asked;
  asked.filter.case_id = trimmed(query.get("case"));
  asked.filter.kind = trimmed(query.get("kind"));
  asked.filter.command = trimmed(query.get("command"));
  asked.filter.actor = trimmed(query.get("person"));
  for (const std::string* text : {&asked.filter.case_id, &asked.filter.kind, &asked.filter.command, &asked.filter.actor})
    if (text_problem(*text, 200)) throw Fault(422, visit.say("That cannot be looked for."));
  if (const auto person = find_person_by_email(session, asked.filter.actor)) asked.filter.actor = person->id;
  const auto day = [&](const char* field) -> std::optional<Date> {
    const std::string text = trimmed(query.get(field));
    const auto found = text.empty() ? std::nullopt : parse_date(text);
    if (!text.empty() && !found)
      asked.problems.push_back({field, visit.say("That is not a day that exists. Write it as 2026-12-22 or 12/22/2026.")});
    return found;
  };
  const Calendar& calendar = visit.programme().calendar;
  if (const auto from = day("from")) asked.filter.from = calendar.start_of(*from);
  if (const auto to = day("to")) asked.filter.before = calendar.end_of(*to);
  return asked;
}

std::string actor_words(const Visit& visit, Session& session, const std::string& actor) {
  if (actor == "timer") return visit.say("the system's clock");
  if (actor == "operator") return visit.say("the operator");
  const auto person = find_person(session, actor);
  return person ? person->name : actor;
}

json::object line_view(const Visit& visit, Session& session, const Event& event) {
  const RecordLine line = parse_line(event.line).value_or(RecordLine{});
  const auto at = parse_instant(line.at);
  return {{"n", event.n},
          {"on", at ? moment_words(visit, *at) : line.at},
          {"at", line.at},
          {"kind", event.kind},
          {"who", actor_words(visit, session, line.actor)},
          {"command", line.command},
          {"case", event.case_id},
          {"change", line.from == line.to ? "" : line.from + " → " + line.to},
          {"code", line.code},
          {"line", event.line},
          {"data", event.data.value_or("")}};
}

json::value verified_view(const Visit& visit, Session& session) {
  const auto kept = find_meta(session, "last_verify");
  if (!kept) return nullptr;
  json::object last = json::parse(*kept).as_object();
  const auto at = parse_instant(last.at("at").as_string());
  last["on"] = at ? moment_words(visit, *at) : "";
  last["whole"] = last.at("violations").as_array().empty();
  return last;
}

Response show_record(Visit& visit) {
  const Paging paging = paging_of(visit, 50);
  const Fields& query = visit.request.query;
  json::object fields;
  std::vector<Problem> problems;
  visit.engine.database().read([&](Session& session) {
    RecordAsked asked = asked_of(visit, session);
    problems = std::move(asked.problems);
    std::vector<Event> found;
    if (problems.empty()) found = search_record(session, asked.filter, paging.size + 1, paging.offset());
    const bool more = found.size() > static_cast<std::size_t>(paging.size);
    if (more) found.pop_back();
    fields = pager_view(visit, paging, more);
    json::array lines;
    for (const Event& event : found) lines.push_back(line_view(visit, session, event));
    fields["none"] = lines.empty();
    fields["lines"] = std::move(lines);
    fields["verified"] = verified_view(visit, session);
  });
  json::array kinds;
  for (const char* kind : {"event", "refusal", "people", "mail", "timer", "webhook", "import", "operation", "read"})
    kinds.push_back(json::object{{"value", kind}, {"chosen", query.get("kind") == kind}});
  fields["kinds"] = std::move(kinds);
  for (const char* name : {"case", "person", "command", "from", "to"}) fields[std::string("asked_") + name] = query.get(name);
  const auto at = visit.request.target.find('?');
  fields["download"] = "/operator/record/lines.jsonl" + (at == std::string::npos ? "" : visit.request.target.substr(at));
  for (auto& [name, value] : problem_views(visit, problems, {"from", "to"})) fields[name] = std::move(value);
  return operator_page(visit, "record", "record", titled(visit, visit.say("The record"), problems), std::move(fields),
                       problems.empty() ? 200 : 422);
}

Response download(Visit& visit) {
  Response response;
  response.type = "application/jsonl";
  visit.engine.database().read([&](Session& session) {
    const RecordAsked asked = asked_of(visit, session);
    if (!asked.problems.empty()) throw Fault(422, asked.problems.front().sentence);
    auto found = search_record(session, asked.filter, exported_max, 0);
    std::ranges::reverse(found);  // in order of n, as record.md says
    for (const Event& event : found) response.body += event.line + "\n";
  });
  return response.set("Content-Disposition", "attachment; filename=\"record-lines.jsonl\"");
}

Response verify_all(Visit& visit) {
  const std::int64_t count = verify_and_keep(visit).at("count").as_int64();
  return visit.go("/operator/record#verify", count == 0 ? visit.say("Everything was verified and is whole.")
                                                        : visit.say("{} (rule is|rules are) broken. Read below.", count));
}

}  // namespace

void add_record_routes(Routes& routes) {
  const Access access = Access::operators;
  routes.push_back({"GET", "/operator/record", "O3", access, show_record, "Search the record"});
  routes.push_back({"GET", "/operator/record/lines.jsonl", "", access, download, "The lines found, as they stand in the record"});
  routes.push_back({"POST", "/operator/record/verify", "O3", access, verify_all, "Verify every invariant and the record"});
}

}  // namespace tradecase::http
