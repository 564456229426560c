#include "adapters/http/portal/sample_views.hpp"

#include <algorithm>

#include "adapters/http/portal/population_views.hpp"
#include "engine/text.hpp"

namespace tradecase::http {

const SampleDesk& sample_desk(const Visit& visit) {
  const SampleDesk& desk = visit.portal.wiring().samples;
  if (!desk.find) throw Fault(404, visit.say("There is no page at this address."));
  return desk;
}

void require_sample_act(const Visit& visit) {
  require_population_role(visit, visit.say("Samples are the work of compliance staff and auditors."));
  require_open_case(visit);
}

json::object sample_of(const Visit& visit) {
  require_population_case(visit);
  const std::string_view asked = visit.request.query.get("draw");
  const auto draw = asked.empty() ? 0 : number_or_stop(visit, asked);
  auto found = sample_desk(visit).find(visit.params.at("sample"), draw);
  if (!found || found->at("case").as_string() != visit.on->id) throw Fault(404, visit.say("There is no such sample."));
  return std::move(*found);
}

std::string sample_bundle_bytes(const Visit& visit, const json::object& sample) {
  auto bundle = sample_desk(visit).bundle(std::string(sample.at("id").as_string()), sample.at("draw").to_number<std::int64_t>());
  if (const auto* problem = std::get_if<Problem>(&bundle)) throw Fault(409, problem->sentence);
  return std::get<std::string>(std::move(bundle));
}

std::string sample_page(const Visit& visit, std::string_view sample) {
  return "/cases/" + visit.on->id + "/samples/" + std::string(sample);
}

std::string method_words(const Visit& visit, const json::object& draw) {
  const std::string_view method = draw.at("method").as_string();
  const std::string rows = count_words(draw.at("n").to_number<std::int64_t>());
  if (method == "simple") return visit.say("simple random, {} (row|rows)", rows);
  if (method == "systematic") return visit.say("systematic, {} (row|rows)", rows);
  if (method == "stratified")
    return visit.say("stratified ({}, at least {} a stratum), {} (row|rows)", std::string(draw.at("allocation").as_string()),
                     draw.at("least").to_number<std::int64_t>(), rows);
  const std::string interval = dollar_words(draw.at("interval_cents").to_number<std::int64_t>());
  return method == "mus-interval" ? visit.say("monetary unit, fixed interval of {}", interval)
                                  : visit.say("monetary unit, cells of {}", interval);
}

json::object draw_view(const Visit& visit, const json::object& draw) {
  return {{"number", draw.at("draw")},
          {"method", method_words(visit, draw)},
          {"draw_rows", count_words(draw.at("rows").to_number<std::int64_t>())},
          {"draw_reason", draw.at("reason")},
          {"who", person_named(visit, std::string(draw.at("by").as_string()))},
          {"on", time_in(visit, draw, "at")}};
}

json::array samples_of_population(const Visit& visit, const std::string& population) {
  json::array all;
  if (!visit.portal.wiring().samples.list) return all;
  for (const json::value& value : visit.portal.wiring().samples.list(visit.on->id)) {
    const json::object& one = value.as_object();
    if (one.at("population").as_string() != population) continue;
    json::object view = draw_view(visit, one.at("draws").as_array().back().as_object());
    view["id"] = one.at("id");
    view["href"] = sample_page(visit, one.at("id").as_string());
    view["draws"] = one.at("draws").as_array().size();
    all.push_back(std::move(view));
  }
  return all;
}

// Each direction's sum of a finding.
static std::int64_t sum_of_errors(const json::object& finding, std::string_view direction) {
  std::int64_t cents = 0;
  for (const json::value& one : finding.at("errors").as_array())
    if (one.at("direction").as_string() == direction) cents += one.at("cents").to_number<std::int64_t>();
  return cents;
}

std::string found_words(const Visit& visit, const json::value& finding) {
  if (finding.is_null()) return visit.say("not looked at yet");
  const auto over = sum_of_errors(finding.as_object(), "overstated"), under = sum_of_errors(finding.as_object(), "understated");
  if (over == 0 && under == 0) return visit.say("no error");
  if (under == 0) return visit.say("overstated by {}", dollar_words(over));
  if (over == 0) return visit.say("understated by {}", dollar_words(under));
  return visit.say("overstated by {}, understated by {}", dollar_words(over), dollar_words(under));
}

json::object field_view(const Fields& typed, const std::vector<Problem>& problems, const TypedField& field) {
  const std::string name = field.name;
  const auto found = std::ranges::find(problems, name, &Problem::field);
  const bool wrong = found != problems.end();
  const std::string described = join(
      [&] {
        std::vector<std::string> ids;
        if (!field.hint.empty()) ids.push_back(name + "-hint");
        if (wrong) ids.push_back(name + "-error");
        return ids;
      }(),
      " ");
  return {{"field", name},
          {"label", field.label},
          {"hint", field.hint},
          {"problem", wrong ? found->sentence : ""},
          {"value", typed.get(name)},
          {"described", described},
          {"mode", field.mode}};
}

json::object summary_view(const Visit& visit, const std::vector<Problem>& problems) {
  json::array summary;
  for (const Problem& problem : problems)
    if (!problem.field.empty()) summary.push_back(json::object{{"field", problem.field}, {"sentence", problem.sentence}});
  std::string sentence;
  if (!problems.empty())
    sentence =
        problems.front().field.empty() ? problems.front().sentence : visit.say("There is something to mend before this can be sent.");
  return {{"sentence", sentence}, {"summary", std::move(summary)}};
}

std::optional<std::int64_t> whole_typed(const Visit& visit, const char* field, std::vector<Problem>& problems) {
  std::string typed = trimmed(visit.form.fields.get(field));
  std::erase(typed, ',');
  if (typed.empty()) return std::nullopt;
  if (typed.size() > 9 || typed.find_first_not_of("0123456789") != std::string::npos) {
    problems.push_back({field, visit.say("Enter a whole number, like 60.")});
    return std::nullopt;
  }
  return std::stoll(typed);
}

json::object reckoning_view(const json::object& told) {
  const auto lines = [&](const char* name) {
    json::array all;
    for (const json::value& one : told.at(name).as_array())
      all.push_back(json::object{{"line_name", one.at("name")}, {"line_value", one.at("value")}});
    return all;
  };
  json::array notes;
  for (const json::value& one : told.at("notes").as_array()) notes.push_back(json::object{{"line_note", one}});
  return {{"formula", told.at("formula")},
          {"formula_source", told.at("source")},
          {"inputs", lines("inputs")},
          {"steps", lines("steps")},
          {"notes", std::move(notes)}};
}

}  // namespace tradecase::http
