// The description itself, workflows, the clock, and what operators look after: mail and the record.
#include <algorithm>
#include <charconv>

#include "adapters/http/api.hpp"
#include "adapters/http/api_store.hpp"
#include "engine/diagram.hpp"

namespace tradecase::http {
namespace {

Response description(Visit& visit) { return visit.json_answer(openapi_document(api_endpoints(), visit.programme().workflows)); }

Response list_workflows(Visit& visit) {
  json::array items;
  for (const Workflow& workflow : visit.programme().workflows.all())
    items.push_back(json::object{
        {"name", workflow.name}, {"title", visit.say(visit.words().title(workflow.name))}, {"href", "/api/v1/workflows/" + workflow.name}});
  return list_answer(visit, std::move(items), "");
}

const Workflow& workflow_or_stop(const Visit& visit) {
  const Workflow* workflow = visit.programme().workflows.find(visit.params.at("workflow"));
  if (workflow == nullptr) throw ApiProblem(404, "not_found", visit.say("There is no workflow of that name."));
  return *workflow;
}

Response show_workflow(Visit& visit) { return visit.json_answer(to_json(workflow_or_stop(visit))); }

Response show_diagram(Visit& visit) {
  const Workflow& workflow = workflow_or_stop(visit);
  const std::string_view format = visit.request.query.get("format");
  Response response;
  response.type = "text/plain; charset=utf-8";
  response.body = format == "dot" ? to_dot(workflow) : format == "scxml" ? to_scxml(workflow) : to_mermaid(workflow);
  return response;
}

json::object clock_of(const Visit& visit) {
  return {{"now", to_text(visit.engine.now())}, {"today", to_text(visit.today())}, {"sandbox", visit.portal.wiring().sandbox}};
}

Response show_clock(Visit& visit) { return visit.json_answer(clock_of(visit)); }

// Moving the clock to where it stands already changes nothing: the answer is kept after it has moved.
Response move_clock(Visit& visit) {
  key_or_stop(visit);
  if (!visit.portal.wiring().sandbox) throw ApiProblem(404, "not_found", visit.say("Only a sandbox has a clock that can be moved."));
  const json::object body = read_object(visit);
  const auto* said = body.if_contains("until");
  const auto until = said != nullptr && said->is_string() ? parse_date(said->get_string()) : std::nullopt;
  if (!until || body.size() != 1)
    throw ApiProblem(400, "invalid", visit.say("The body is an object with one field, until: a day such as 2026-12-22."),
                     {{"errors", json::array{error_at("/until", "invalid", "must be a day that exists, written 2026-12-22")}}});
  return once_outside(visit, body, [&]() -> json::value {
    if (const auto why_not = visit.portal.wiring().advance_clock(*until)) throw ApiProblem(422, "guard", *why_not);
    return clock_of(visit);
  });
}

std::int64_t number_after(const Visit& visit) {
  const std::string after = cursor_of(visit);
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(after.data(), after.data() + after.size(), number);
  if (!after.empty() && (failed != std::errc() || end != after.data() + after.size()))
    throw ApiProblem(400, "invalid", visit.say("The cursor is not one that was given out."));
  return number;
}

json::object message_of(const OutboxRow& row) {
  return {{"message", row.id},
          {"case", row.case_id},
          {"status", row.status},
          {"to", row.message.to_address},
          {"subject", row.message.subject},
          {"written_at", to_text(row.written_at)},
          {"try_at", to_text(row.try_at)},
          {"attempts", row.attempts},
          {"detail", row.detail}};
}

Response list_messages(Visit& visit) {
  const std::int64_t after = number_after(visit);
  const auto limit = static_cast<std::size_t>(limit_of(visit));
  json::array items;
  std::string next;
  visit.engine.database().read([&](Session& session) {
    const auto ids = page_of_messages(session, visit.request.query.get("status"), after, static_cast<int>(limit) + 1);
    for (std::size_t i = 0; i < std::min(limit, ids.size()); ++i)
      if (const auto row = find_message(session, ids[i])) items.push_back(message_of(*row));
    if (ids.size() > limit) next = std::to_string(ids[limit - 1]);
  });
  return list_answer(visit, std::move(items), next);
}

Response show_record(Visit& visit) {
  const std::int64_t after = number_after(visit);
  const auto limit = static_cast<std::size_t>(limit_of(visit));
  const auto lines =
      visit.engine.database().read([&](Session& session) { return page_of_record(session, after, static_cast<int>(limit) + 1); });
  json::array items;
  for (std::size_t i = 0; i < std::min(limit, lines.size()); ++i) items.push_back(json::object{{"n", lines[i].n}, {"line", lines[i].text}});
  return list_answer(visit, std::move(items), lines.size() > limit ? std::to_string(lines[limit - 1].n) : "");
}

}  // namespace

std::vector<Endpoint> system_endpoints() {
  const auto words = [](std::initializer_list<const char*> list) {
    json::array all;
    for (const char* word : list) all.push_back(json::value(word));
    return json::object{{"type", "string"}, {"enum", std::move(all)}};
  };
  return {{"GET", "/api/openapi.json", Access::anyone, description, "getDescription", "This description", "Object"},
          {"GET", "/api/v1/workflows", Access::staff, list_workflows, "listWorkflows", "The workflows", "WorkflowList"},
          {"GET", "/api/v1/workflows/{workflow}", Access::staff, show_workflow, "getWorkflow",
           "A workflow's tables: states, commands, transitions with guards and effects", "Workflow"},
          {"GET",
           "/api/v1/workflows/{workflow}/diagram",
           Access::staff,
           show_diagram,
           "getDiagram",
           "A workflow's table to be drawn",
           "text/plain",
           {{"format", "mermaid where nothing is said", words({"mermaid", "dot", "scxml"})}}},
          {"GET", "/api/v1/clock", Access::signed_in, show_clock, "getClock", "What time it is here", "Clock"},
          {"POST",
           "/api/v1/clock",
           Access::signed_in,
           move_clock,
           "moveClock",
           "Work until a day begins; sandbox only",
           "Clock",
           {},
           "MoveClock"},
          {"GET", "/api/v1/messages", Access::operators, list_messages, "listMessages", "Mail that goes out, oldest first", "MessageList",
           with_paging({{"status", "Only of this status", words({"queued", "claimed", "transmitting", "sent", "given_up", "unknown"})}})},
          {"GET", "/api/v1/record", Access::operators, show_record, "listRecord", "The record's lines as they were written", "RecordList",
           with_paging({})}};
}

}  // namespace tradecase::http
