// Samples of frozen populations and what was found in them: what the pages A4 and A8 do.
#include <algorithm>

#include "adapters/http/api.hpp"
#include "adapters/http/api_bodies.hpp"
#include "adapters/http/portal/population_views.hpp"
#include "adapters/http/portal/sample_views.hpp"

namespace tradecase::http {
namespace {

const std::string samples_at = "/api/v1/cases/{case}/samples", sample_at = samples_at + "/{sample}";

std::string sample_named(const Visit& visit) { return std::string(sample_of(visit).at("id").as_string()); }
json::value sample_now(const Visit& visit, const std::string& id) { return sample_desk(visit).find(id, 0).value(); }

Response list_samples(Visit& visit) {
  const auto& list = visit.portal.wiring().samples.list;
  return list_answer(visit, list ? list(visit.on->id) : json::array(), "");
}

Response show_sample_json(Visit& visit) { return visit.json_answer(sample_of(visit)); }

Response size_of_sample(Visit& visit) {
  const Fields& query = visit.request.query;
  json::object typed;
  for (const char* name : {"book", "tolerable", "expected", "risk"}) typed[name] = std::string(query.get(name));
  const auto answer = sample_desk(visit).size(visit.params.at("kind"), typed);
  if (const auto* problem = std::get_if<Problem>(&answer)) {
    if (problem->field == "kind") throw ApiProblem(404, "not_found", problem->sentence);
    throw ApiProblem(422, "guard", problem->sentence,
                     {{"errors", json::array{error_at("?" + problem->field, "guard", problem->sentence)}}});
  }
  return visit.json_answer(std::get<json::object>(answer));
}

Response draw_sample(Visit& visit) {
  require_population_case(visit);
  require_sample_act(visit);
  const json::object body = read_object(visit);
  BodyReader read(body);
  SampleDesk::Asked asked;
  asked.population = std::string(population_of(visit).at("population").as_string());
  asked.method = read.text("method", true);
  asked.n = read.whole("n").value_or(0);
  asked.interval_cents = read.whole("interval_cents").value_or(0);
  if (const std::string allocation = read.text("allocation", false); !allocation.empty()) asked.allocation = allocation;
  asked.least = read.whole("least").value_or(2);
  asked.seed = read.text("seed", true);
  asked.how = read.text("how", true);
  asked.reason = read.text("reason", false);
  asked.by = visit.visitor.person.id;
  read.stop(visit);
  return once_outside(visit, body, [&]() -> json::value {
    const auto drawn = sample_desk(visit).draw(asked);
    if (const auto* problem = std::get_if<Problem>(&drawn)) stop_at(visit, {*problem});
    return sample_now(visit, std::get<std::string>(drawn));
  });
}

Response act_on_sample(Visit& visit, const json::object& body, const std::function<SampleDesk::Why(const std::string& id)>& act) {
  require_sample_act(visit);
  const std::string id = sample_named(visit);
  return once_outside(visit, body, [&]() -> json::value {
    if (const auto why = act(id)) stop_at(visit, {*why});
    return sample_now(visit, id);
  });
}

Response draw_more_rows(Visit& visit) {
  const json::object body = read_object(visit);
  BodyReader read(body);
  const std::int64_t n = read.needed_whole("n");
  const std::string reason = read.text("reason", true);
  read.stop(visit);
  return act_on_sample(visit, body, [&](const std::string& id) {
    return sample_desk(visit).more({id, n, reason, visit.visitor.person.id});
  });
}

Response change_sample_row(Visit& visit) {
  const json::object body = read_object(visit);
  BodyReader read(body);
  const std::string action = read.text("action", true), reason = read.text("reason", true), entry = read.text("entry_number", false);
  std::int64_t row = read.whole("row").value_or(0);
  const std::int64_t line = read.whole("line").value_or(1);
  if (action != "add" && action != "drop") read.wrong("action", "is add or drop");
  if ((row == 0) == entry.empty()) read.wrong("row", "say the row, or entry_number and line");
  read.stop(visit);
  if (row == 0)
    row = sample_desk(visit).row_of(std::string(sample_of(visit).at("population").as_string()), entry,
                                    static_cast<int>(std::min<std::int64_t>(line, 100'000)));
  return act_on_sample(visit, body, [&](const std::string& id) {
    return sample_desk(visit).change({id, row, action == "add", reason, visit.visitor.person.id});
  });
}

Response check_sample(Visit& visit) {
  const json::object sample = sample_of(visit);
  return visit.json_answer(sample_desk(visit).check(std::string(sample.at("id").as_string()), sample.at("draw").to_number<std::int64_t>()));
}

Response bundle_of_sample(Visit& visit) {
  const json::object sample = sample_of(visit);
  Response response;
  response.type = "application/zip";
  response.body = sample_bundle_bytes(visit, sample);
  return response;
}

// ---- findings --------------------------------------------------------------------------------------------------------------------

Response list_findings(Visit& visit) { return visit.json_answer(sample_desk(visit).findings(sample_named(visit))); }

json::array errors_sent(BodyReader& read) {
  json::array errors;
  std::size_t i = 0;
  const json::array sent = read.objects("errors");
  for (const json::value& value : sent) {
    BodyReader one(value.get_object(), "/errors/" + std::to_string(i++));
    const std::int64_t cents = one.needed_whole("cents");
    const std::string direction = one.text("direction", true), cause = one.text("cause", true);
    if (direction != "overstated" && direction != "understated") one.wrong("direction", "is overstated or understated");
    read.take(one);
    errors.push_back(json::object{{"cents", cents}, {"direction", direction}, {"cause", cause}});
  }
  return errors;
}

Response record_finding(Visit& visit) {
  require_sample_act(visit);
  const json::object body = read_object(visit);
  BodyReader read(body);
  const std::string id = sample_named(visit);
  const SampleDesk::Finding said{id,
                                 number_or_stop(visit, visit.params.at("row")),
                                 read.whole("version").value_or(0),
                                 errors_sent(read),
                                 read.text("note", false),
                                 visit.visitor.person.id};
  read.stop(visit);
  return once_outside(visit, body, [&]() -> json::value {
    if (const auto why = sample_desk(visit).record(said)) stop_at(visit, {*why});
    return sample_desk(visit).findings(id);
  });
}

Response record_rest(Visit& visit) {
  require_sample_act(visit);
  const json::object body = read_nothing(visit);
  const std::string id = sample_named(visit);
  return once_outside(visit, body, [&]() -> json::value {
    const auto answer = sample_desk(visit).rest_without_error(id, visit.visitor.person.id);
    if (const auto* problem = std::get_if<Problem>(&answer)) stop_at(visit, {*problem});
    return sample_desk(visit).findings(id);
  });
}

Response project_findings(Visit& visit) {
  const Fields& query = visit.request.query;
  const std::string estimator(query.get("estimator")), confidence(query.get("confidence"));
  const auto answer = sample_desk(visit).project(sample_named(visit), estimator.empty() ? "difference" : estimator,
                                                 confidence.empty() ? "95%" : confidence);
  if (const auto* problem = std::get_if<Problem>(&answer))
    throw ApiProblem(422, "guard", problem->sentence,
                     {{"errors", json::array{error_at("?" + problem->field, "guard", problem->sentence)}}});
  return visit.json_answer(std::get<json::object>(answer));
}

json::object words_schema(json::array words) { return {{"type", "string"}, {"enum", std::move(words)}}; }

}  // namespace

std::vector<Endpoint> sample_endpoints() {
  const json::object text{{"type", "string"}};
  const std::vector<QueryField> at_draw{{"draw", "An earlier draw than the last", {{"type", "integer"}, {"minimum", 1}}}};
  const auto get = [](std::string path, Handler handler, const char* operation, const char* summary, const char* answer,
                      std::vector<QueryField> query = {}) {
    return Endpoint{"GET", std::move(path), Access::team, std::move(handler), operation, summary, answer, std::move(query)};
  };
  const auto post = [](std::string path, Handler handler, const char* operation, const char* summary, const char* answer,
                       const char* body) {
    return Endpoint{"POST", std::move(path), Access::team, std::move(handler), operation, summary, answer, {}, body};
  };
  return {
      get("/api/v1/sample-sizes/{kind}", size_of_sample, "getSampleSize", "How large a sample must be: kind attribute or mus", "SampleSize",
          {{"book", "mus: the population's value in dollars", text},
           {"tolerable", "attribute: a rate, like 5%; mus: dollars", text},
           {"expected", "attribute: a rate; mus: dollars", text},
           {"risk", "Of taking a bad population for a good one, like 5%", text}}),
      get(samples_at, list_samples, "listSamples", "Samples of an audit or survey, oldest first", "SampleList"),
      post("/api/v1/cases/{case}/populations/{population}/samples", draw_sample, "drawSample", "Draw from a frozen population by a seed",
           "Sample", "NewSample"),
      get(sample_at, show_sample_json, "getSample", "A sample as it stands on record, with its rows", "Sample", at_draw),
      post(sample_at + "/draws", draw_more_rows, "drawMore", "Draw it larger by its seed", "Sample", "LargerSample"),
      post(sample_at + "/changes", change_sample_row, "changeSample", "Add or drop a row by hand", "Sample", "SampleChange"),
      get(sample_at + "/check", check_sample, "checkSample", "Draw it again and compare", "SampleCheck", at_draw),
      get(sample_at + "/bundle", bundle_of_sample, "getSampleBundle", "Its bundle, for strangers to draw again", "application/zip",
          at_draw),
      get(sample_at + "/findings", list_findings, "listFindings", "Its rows with what was found in them", "Findings"),
      post(sample_at + "/findings", record_rest, "recordRest", "Record the rows left as looked at, without error", "Findings", "Nothing"),
      post(sample_at + "/findings/{row}", record_finding, "recordFinding", "Record what was found in one row", "Findings", "NewFinding"),
      get(sample_at + "/projection", project_findings, "projectFindings", "What the findings mean for the population", "Projection",
          {{"estimator", "Not for monetary units, which have Stringer's bound", words_schema({"difference", "ratio", "mean-per-unit"})},
           {"confidence", "Of the bounds, like 95%", text}})};
}

}  // namespace tradecase::http
