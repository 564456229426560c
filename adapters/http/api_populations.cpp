// Populations of audits and surveys, and files of entry lines on their way in: what the pages A2 and A3 do.
#include <algorithm>

#include "adapters/http/api.hpp"
#include "adapters/http/api_bodies.hpp"
#include "adapters/http/portal/entry_files.hpp"
#include "adapters/http/portal/population_views.hpp"
#include "engine/sha256.hpp"

namespace tradecase::http {
namespace {

const std::string populations_at = "/api/v1/cases/{case}/populations", population_at = populations_at + "/{population}";
const std::string files_at = "/api/v1/cases/{case}/entry-files", file_at = files_at + "/{import}";

bool is_engagement(const Visit& visit) { return visit.on->workflow == "audit" || visit.on->workflow == "risk_survey"; }

std::string population_named(const Visit& visit) {
  require_population_case(visit);
  return std::string(population_of(visit).at("population").as_string());
}

json::value population_now(const Visit& visit, const std::string& id) { return population_desk(visit).find(id).value(); }

Response list_populations(Visit& visit) {
  return list_answer(visit, is_engagement(visit) ? population_desk(visit).list(visit.on->id) : json::array(), "");
}

Response show_population_json(Visit& visit) {
  require_population_case(visit);
  return visit.json_answer(population_of(visit));
}

json::object scope_sent(const Visit& visit, BodyReader& read) {
  json::object scope;
  const json::object sent = read.object("scope");
  BodyReader of(sent, "/scope");
  for (const char* name : {"from", "to"})
    if (const auto day = of.day(name)) scope[name] = to_text(*day);
  for (const char* name : {"importers", "risk_areas", "chapters", "origins", "spi"})
    if (json::array texts = of.texts(name); !texts.empty()) scope[name] = std::move(texts);
  for (const char* name : {"min_value_cents", "max_value_cents"})
    if (const auto cents = of.whole(name)) scope[name] = *cents;
  if (const auto* importers = scope.if_contains("importers"))
    for (const json::value& number : importers->as_array())
      if (std::ranges::find(visit.company->ior_numbers, std::string(number.as_string())) == visit.company->ior_numbers.end())
        of.wrong("importers", "is not an importer number of this company");
  if (const auto* areas = scope.if_contains("risk_areas"))
    for (const json::value& area : areas->as_array())
      if (const auto known = visit.programme().rules.texts("audit.risk_areas");
          std::ranges::find(known, std::string(area.as_string())) == known.end())
        of.wrong("risk_areas", "is not a risk area of the rules");
  read.take(of);
  return scope;
}

Response make_population(Visit& visit) {
  require_population_case(visit);
  require_population_act(visit);
  const json::object body = read_object(visit);
  BodyReader read(body);
  PopulationDesk::Asked asked{visit.on->id, scope_sent(visit, read), read.text("strata", false), visit.visitor.person.id};
  read.stop(visit);
  return once_outside(visit, body, [&]() -> json::value {
    const auto made = population_desk(visit).create(asked);
    if (const auto* refused = std::get_if<PopulationDesk::Refused>(&made)) stop_at(visit, {{"scope", refused->sentence}});
    return population_now(visit, std::get<std::string>(made));
  });
}

Response act_on_population(Visit& visit, const json::object& body, const char* field,
                           const std::function<PopulationDesk::Why(const std::string& id)>& act) {
  require_population_act(visit);
  const std::string id = population_named(visit);
  return once_outside(visit, body, [&]() -> json::value {
    if (const auto why = act(id)) stop_at(visit, {{field, *why}});
    return population_now(visit, id);
  });
}

Response preview_again(Visit& visit) {
  return act_on_population(visit, read_nothing(visit), "", [&](const std::string& id) { return population_desk(visit).preview(id); });
}

Response tie_population(Visit& visit) {
  const json::object body = read_object(visit);
  BodyReader read(body);
  PopulationDesk::Control control{read.needed_whole("value_cents"), read.whole("lines"), read.text("source", true),
                                  visit.visitor.person.id};
  read.stop(visit);
  return act_on_population(visit, body, "value_cents", [&](const std::string& id) { return population_desk(visit).tie_out(id, control); });
}

Response freeze_now(Visit& visit) {
  const json::object body = read_object(visit);
  BodyReader read(body);
  const std::string reason = read.text("reason", false);
  read.stop(visit);
  return act_on_population(visit, body, "reason",
                           [&](const std::string& id) { return population_desk(visit).freeze(id, reason, visit.visitor.person.id); });
}

Response list_hints(Visit& visit) {
  const std::string id = population_named(visit), cursor = cursor_of(visit);
  const int limit = limit_of(visit);
  const std::int64_t from = cursor.empty() ? 0 : number_or_stop(visit, cursor);
  json::array items = population_desk(visit).hints(id, std::string(visit.request.query.get("rule")), limit + 1, from);
  const bool more = std::ssize(items) > limit;
  if (more) items.pop_back();
  return list_answer(visit, std::move(items), more ? std::to_string(from + limit) : "");
}

Response population_rows(Visit& visit) {
  const std::string id = population_named(visit);
  if (!population_of(visit).at("frozen").as_bool())
    throw ApiProblem(404, "not_found", visit.say("The population is not frozen yet: its file does not exist."));
  Response response;
  response.type = "text/csv; charset=utf-8";
  if (const auto why = population_desk(visit).csv(id, [&](std::string_view bytes) { response.body += bytes; })) throw Fault(409, *why);
  return response;
}

// ---- files of entry lines --------------------------------------------------------------------------------------------------------

Response list_entry_files(Visit& visit) {
  const auto& list = visit.portal.wiring().imports.list;
  return list_answer(visit, is_engagement(visit) && list ? list(visit.on->company) : json::array(), "");
}

Response show_entry_file(Visit& visit) { return visit.json_answer(entry_file_of(visit)); }

Response send_entry_file(Visit& visit) {
  require_population_case(visit);
  require_population_act(visit);
  auto uploads = sent_files(visit);
  if (uploads.size() != 1)
    throw ApiProblem(400, "invalid", visit.say("Send one file."), {{"errors", json::array{error_at("/file", "invalid", "is one file")}}});
  const json::object body{{"name", sha256_hex(uploads.front().filename)}, {"file", sha256_hex(uploads.front().bytes)}};
  return once_outside(visit, body, [&]() -> json::value {
    const auto begun = begin_entry_file(visit, std::move(uploads.front()));
    if (const auto* refused = std::get_if<ImportDesk::Refused>(&begun)) stop_at(visit, {{"file", refused->sentence}});
    return visit.portal.wiring().imports.find(std::get<std::string>(begun)).value();
  });
}

Response act_on_entry_file(Visit& visit, const json::object& body, const std::function<ImportDesk::Why(const std::string& id)>& act) {
  const std::string id(entry_file_of(visit).at("import").as_string());
  return once_outside(visit, body, [&]() -> json::value {
    if (const auto why = act(id)) stop_at(visit, {{"", *why}});
    return visit.portal.wiring().imports.find(id).value();
  });
}

Response keep_entry_file(Visit& visit) {
  const json::object body = read_object(visit);
  BodyReader read(body);
  const bool leave_out = read.yes("leave_bad_out");
  read.stop(visit);
  require_population_act(visit);
  return act_on_entry_file(
      visit, body, [&](const std::string& id) { return visit.portal.wiring().imports.keep(id, leave_out, visit.visitor.person.id); });
}

Response cancel_entry_file(Visit& visit) {
  require_population_role(visit, visit.say("Entry lines are brought in by compliance staff and auditors."));
  return act_on_entry_file(visit, read_nothing(visit), [&](const std::string& id) { return visit.portal.wiring().imports.cancel(id); });
}

}  // namespace

std::vector<Endpoint> population_endpoints() {
  const auto get = [](std::string path, Handler handler, const char* operation, const char* summary, const char* answer,
                      std::vector<QueryField> query = {}) {
    return Endpoint{"GET", std::move(path), Access::team, std::move(handler), operation, summary, answer, std::move(query)};
  };
  const auto post = [](std::string path, Handler handler, const char* operation, const char* summary, const char* answer,
                       const char* body) {
    return Endpoint{"POST", std::move(path), Access::team, std::move(handler), operation, summary, answer, {}, body};
  };
  std::vector<Endpoint> all{
      get(populations_at, list_populations, "listPopulations", "Populations of an audit or survey, newest first", "PopulationList"),
      post(populations_at, make_population, "makePopulation", "Choose entry lines for an audit or survey", "Population", "NewPopulation"),
      get(population_at, show_population_json, "getPopulation", "A population with its preview", "Population"),
      post(population_at + "/preview", preview_again, "previewPopulation", "Count its entry lines anew", "Population", "Nothing"),
      post(population_at + "/tie-out", tie_population, "tieOutPopulation", "Compare it with a control total", "Population", "ControlTotal"),
      post(population_at + "/freeze", freeze_now, "freezePopulation", "Fix its rows and their hash for ever", "Population", "Freeze"),
      get(population_at + "/hints", list_hints, "listHints", "Lines that hints name", "HintList",
          with_paging({{"rule", "Of this rule alone", {{"type", "string"}}}})),
      get(population_at + "/rows", population_rows, "getPopulationRows", "population.csv of a frozen population", "text/csv"),
      get(files_at, list_entry_files, "listEntryFiles", "Files of entry lines on their way in", "EntryFileList"),
      post(files_at, send_entry_file, "sendEntryFile", "Send a file of entry lines (ACE report ES-003, CSV or XLSX) to be checked",
           "EntryFile", "NewFiles"),
      get(file_at, show_entry_file, "getEntryFile", "How far a file of entry lines is, and what is wrong in it", "EntryFile"),
      post(file_at + "/keep", keep_entry_file, "keepEntryFile", "Take its checked rows over", "EntryFile", "KeepEntryFile"),
      post(file_at + "/cancel", cancel_entry_file, "cancelEntryFile", "Let it go: nothing of it is kept", "EntryFile", "Nothing")};
  for (Endpoint& one : all)
    if (one.operation == "sendEntryFile") {
      one.takes = {"multipart/form-data", "application/octet-stream"};
      one.query = {{"name", "The file's name, where the body is the file itself", {{"type", "string"}}}};
    }
  return all;
}

}  // namespace tradecase::http
