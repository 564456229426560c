// What a caller may send to a case or open for a company, and sending it: the body is the command's own, the key and the version stand in
// the head.
#include <algorithm>

#include "adapters/http/api.hpp"
#include "adapters/http/portal/case_views.hpp"
#include "adapters/http/uploads.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

bool sent_by_companies(const CommandInfo& command) { return command.roles.any_of({Role::officer, Role::preparer}); }
bool sent_by_people(const CommandInfo& command) {
  return std::ranges::any_of(all_roles, [&](Role role) { return role != Role::timer && command.roles.has(role); });
}

std::int64_t version_or_stop(const Visit& visit) {
  const std::string_view header = visit.request.header("if-match");
  if (header.empty())
    throw ApiProblem(428, "version_missing", visit.say("Send If-Match with the ETag of the case as you saw it, such as \"3\"."));
  const std::string version = unquoted(header);
  if (version.empty() || version.size() > 9 || version.find_first_not_of("0123456789") != std::string::npos)
    throw ApiProblem(400, "invalid", visit.say("If-Match is one ETag of a case, such as \"3\"."));
  return std::stoll(version);
}

// The record names every act since; a company reads only of those it may know.
Response stale(const Visit& visit, std::int64_t expected, const std::string& sentence) {
  const auto now = visit.engine.database().read([&](Session& session) { return find_case(session, visit.on->id); });
  const std::int64_t version = now ? now->version : visit.on->version;
  const std::string words = visit.visitor.is_staff() || version < expected
                                ? sentence
                                : visit.say("This case has changed since version {}. Look at it again before you go on.", expected);
  return visit.problem(412, "conflict", words, {{"version", version}, {"changes", history_since(visit, expected)}})
      .set("ETag", etag_of(version));
}

// Staff reads the names of the tables; a company reads words, in which states that are one to it have one name.
Response refused(const Visit& visit, const Refusal& refusal) {
  json::object more;
  if (auto errors = errors_of(refusal); !errors.empty()) more["errors"] = std::move(errors);
  const bool of_agency = visit.visitor.is_staff() || !visit.on;
  const std::string sentence =
      of_agency ? refusal.sentence : visit.words().in_words(visit.programme().workflows.get(visit.on->workflow), refusal.sentence);
  return visit.problem(info(refusal.code).http_status, std::string(info(refusal.code).name), sentence, std::move(more));
}

Response receipt_answer(const Visit& visit, const Receipt& receipt, const std::string& workflow, int status) {
  const auto told = [&](const std::string& state) {
    const std::string shown = state_for(visit, workflow, state);
    return shown.empty() ? json::value(nullptr) : json::value(shown);
  };
  Response response = visit.json_answer(json::object{{"case", receipt.case_id},
                                                     {"href", "/api/v1/cases/" + receipt.case_id},
                                                     {"command", receipt.command},
                                                     {"version", receipt.version},
                                                     {"from", told(receipt.from)},
                                                     {"state", told(receipt.to)},
                                                     {"at", to_text(receipt.at)}},
                                        status);
  return response.set("ETag", etag_of(receipt.version));
}

Response answer_to(const Visit& visit, const Answer& answer, std::int64_t expected) {
  if (const auto* refusal = std::get_if<Refusal>(&answer))
    return refusal->code == RefusalCode::conflict ? stale(visit, expected, refusal->sentence) : refused(visit, *refusal);
  return receipt_answer(visit, std::get<Receipt>(answer), visit.on->workflow, 200);
}

Handled send_command(Visit& visit) {
  const CommandInfo* known = visit.programme().workflows.get(visit.on->workflow).command(visit.params.at("command"));
  if (known == nullptr || !sent_by_people(*known)) throw ApiProblem(404, "not_found", visit.say("There is no such step for this case."));
  Command said;
  said.key = key_or_stop(visit);
  said.expected_version = version_or_stop(visit);
  said.body = read_object(visit);
  said.case_id = visit.on->id;
  said.name = known->name;
  said.actor = visit.visitor.person.id;
  const std::int64_t expected = *said.expected_version;
  if (names_files(said.body)) return answer_to(visit, execute_with_files(visit, said), expected);
  return Ready{std::move(said), [expected](Visit& decided, const Answer& answer) { return answer_to(decided, answer, expected); }};
}

std::string named_text(const json::object& body, std::string_view name, json::array& errors) {
  const auto* value = body.if_contains(name);
  if (value != nullptr && value->is_string() && !value->get_string().empty() && value->get_string().size() <= 80)
    return std::string(value->get_string());
  errors.push_back(error_at("/" + std::string(name), value == nullptr ? "missing" : "invalid", "is needed, as text of at most 80 bytes"));
  return "";
}

Response open_case(Visit& visit) {
  const std::string key = key_or_stop(visit);
  json::object body = read_object(visit);
  json::array errors;
  Command said;
  said.workflow = named_text(body, "workflow", errors);
  said.name = named_text(body, "command", errors);
  if (const auto* cycle = body.if_contains("cycle")) {
    if (cycle->is_int64() && cycle->get_int64() >= 0 && cycle->get_int64() <= 1000)
      said.cycle = static_cast<int>(cycle->get_int64());
    else
      errors.push_back(error_at("/cycle", "invalid", "must be a whole number from 0 to 1000"));
  }
  if (auto* fields = body.if_contains("body")) {
    if (fields->is_object())
      said.body = std::move(fields->get_object());
    else
      errors.push_back(error_at("/body", "invalid", "must be an object: the fields of the command"));
  }
  for (const auto& [name, ignored] : body)
    if (name != "workflow" && name != "command" && name != "cycle" && name != "body")
      errors.push_back(error_at("/" + std::string(name), "unknown", "is not a field of this body"));
  if (!errors.empty())
    throw ApiProblem(400, "invalid", visit.say("There is something to mend before this can be sent."), {{"errors", std::move(errors)}});
  said.company = visit.company->id;
  said.actor = visit.visitor.person.id;
  said.key = key;
  const Answer answer = visit.engine.execute(said);
  if (const auto* refusal = std::get_if<Refusal>(&answer)) return refused(visit, *refusal);
  const auto& receipt = std::get<Receipt>(answer);
  return receipt_answer(visit, receipt, said.workflow, 201).set("Location", "/api/v1/cases/" + receipt.case_id);
}

}  // namespace

json::array commands_of(const Visit& visit) {
  json::array all;
  const Case& on = *visit.on;
  const Workflow& workflow = visit.programme().workflows.get(on.workflow);
  const auto permitted = visit.engine.permitted(on.id, visit.visitor.person.id);
  const auto* permissions = std::get_if<std::vector<Permission>>(&permitted);
  if (permissions == nullptr) return all;
  for (const Permission& one : *permissions) {
    const CommandInfo* command = workflow.command(one.command);
    if (command == nullptr || !sent_by_people(*command) || (!visit.visitor.is_staff() && !sent_by_companies(*command))) continue;
    const CommandWords* words = visit.words().find(on.workflow, one.command);
    const char* verdict = one.verdict == Permission::Verdict::yes ? "yes" : one.verdict == Permission::Verdict::no ? "no" : "needs_input";
    all.push_back(
        json::object{{"command", one.command},
                     {"label", words == nullptr || words->button.empty() ? one.command : visit.say(words->button)},
                     {"verdict", verdict},
                     {"reasons", visit.visitor.is_staff() ? json::value_from(one.reasons) : told_reasons(visit, workflow, one.reasons)},
                     {"href", "/api/v1/cases/" + on.id + "/commands/" + one.command},
                     {"schema", "/api/openapi.json#/components/schemas/" + on.workflow + "." + one.command}});
  }
  return all;
}

std::vector<Endpoint> command_endpoints() {
  return {{"POST",
           "/api/v1/cases/{case}/commands/{command}",
           Access::signed_in,
           send_command,
           "sendCommand",
           "Send a command to a case: the body holds the command's fields",
           "Receipt",
           {},
           "CommandBody",
           true,
           200},
          {"POST",
           "/api/v1/companies/{company}/cases",
           Access::signed_in,
           open_case,
           "openCase",
           "Open a case of a company with the command that opens it",
           "Receipt",
           {},
           "OpenCase",
           false,
           201}};
}

}  // namespace tradecase::http
