// A8: what was found in each row of a sample, and what that means for the population: point, bounds and offsets, each with its formula and
// source. Compliance staff and auditors record; no company comes near.
#include <algorithm>
#include <array>
#include <cmath>

#include "adapters/http/portal/population_views.hpp"
#include "adapters/http/portal/sample_views.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

std::string_view string_of(const json::object& of, std::string_view name) { return of.at(name).as_string(); }
std::int64_t amount_of(const json::object& of, std::string_view name) { return of.at(name).to_number<std::int64_t>(); }
std::string rounded_dollars(const json::value& cents) { return dollar_words(std::llround(cents.to_number<double>())); }

std::string findings_page(const Visit& visit, const json::object& sample) {
  return sample_page(visit, string_of(sample, "id")) + "/findings";
}

json::array finding_rows(const Visit& visit, const json::object& sample, const json::array& items) {
  json::array all;
  for (const json::value& value : items) {
    const json::object& one = value.as_object();
    const json::value& finding = one.at("finding");
    std::vector<std::string> causes;
    if (!finding.is_null())
      for (const json::value& error : finding.at("errors").as_array()) causes.emplace_back(error.at("cause").as_string());
    all.push_back(json::object{{"href", sample_page(visit, string_of(sample, "id")) + "/items/" + std::to_string(amount_of(one, "row"))},
                               {"row", count_words(amount_of(one, "row"))},
                               {"entry", one.at("entry_number")},
                               {"line", one.at("line")},
                               {"value", dollar_words(amount_of(one, "value_cents"))},
                               {"found", found_words(visit, finding)},
                               {"wrong", !causes.empty()},
                               {"open", finding.is_null()},
                               {"causes", join(causes, "; ")}});
  }
  return all;
}

json::array cause_views(const json::array& causes) {
  json::array all;
  for (const json::value& value : causes) {
    const json::object& one = value.as_object();
    all.push_back(json::object{{"cause", one.at("cause")},
                               {"cause_items", count_words(amount_of(one, "items"))},
                               {"cause_over", dollar_words(amount_of(one, "overstated_cents"))},
                               {"cause_under", dollar_words(amount_of(one, "understated_cents"))}});
  }
  return all;
}

// ---- projection ------------------------------------------------------------------------------------------------------------------

struct Wanted {
  std::string estimator, confidence;
};
Wanted wanted_by(const Visit& visit) {
  const std::string_view estimator = visit.request.query.get("estimator"), confidence = visit.request.query.get("confidence");
  return {estimator.empty() ? "difference" : std::string(estimator), confidence.empty() ? "95%" : std::string(confidence)};
}

std::string estimator_words(const Visit& visit, std::string_view name) {
  if (name == "stringer") return visit.say("Stringer's bound");
  if (name == "ratio") return visit.say("ratio");
  return name == "difference" ? visit.say("difference") : visit.say("mean per unit");
}

json::array side_views(const Visit& visit, const json::object& projection) {
  const std::array<std::array<std::string, 3>, 3> sides{
      {{"overstated", visit.say("Overstated"), visit.say("The books say more than was found.")},
       {"understated", visit.say("Understated"), visit.say("The books say less than was found.")},
       {"net", visit.say("Net"), visit.say("Overstatements less understatements: the offsets are taken off.")}}};
  json::array all;
  for (const auto& [name, label, says] : sides) {
    const json::value* found = projection.if_contains(name);
    if (found == nullptr) continue;
    const json::object& one = found->as_object();
    json::object view = reckoning_view(one);
    view["side"] = label;
    view["says"] = says;
    view["point"] = rounded_dollars(one.at("point_cents"));
    view["low"] = one.at("low_cents").is_null() ? "" : rounded_dollars(one.at("low_cents"));
    view["high"] = rounded_dollars(one.at("high_cents"));
    all.push_back(std::move(view));
  }
  return all;
}

// The step of an audit that takes findings, where it may be taken now.
bool may_report(const Visit& visit) {
  if (visit.on->workflow != "audit") return false;
  const auto permitted = visit.engine.permitted(visit.on->id, visit.visitor.person.id);
  const auto* all = std::get_if<std::vector<Permission>>(&permitted);
  return all != nullptr && std::ranges::any_of(*all, [](const Permission& one) {
           return one.command == "issue_report" && one.verdict != Permission::Verdict::no;
         });
}

std::string query_of(const Wanted& wanted) {
  return "estimator=" + percent_encoded(wanted.estimator) + "&confidence=" + percent_encoded(wanted.confidence);
}

json::value projection_view(const Visit& visit, const json::object& sample, std::vector<Problem>& problems, std::string& not_yet) {
  const Wanted wanted = wanted_by(visit);
  const std::string id(string_of(sample, "id"));
  auto told = sample_desk(visit).project(id, wanted.estimator, wanted.confidence);
  if (auto* problem = std::get_if<Problem>(&told)) {
    if (problem->field.empty())
      not_yet = problem->sentence;
    else
      problems.push_back(std::move(*problem));
    return nullptr;
  }
  const json::object& one = std::get<json::object>(told);
  const bool may = may_report(visit);
  return json::object{{"sides", side_views(visit, one)},
                      {"by_what", estimator_words(visit, string_of(one, "estimator"))},
                      {"at_what", one.at("confidence")},
                      {"one_sided", string_of(one, "estimator") == "stringer"},
                      {"dropped", amount_of(one, "dropped") > 0 ? count_words(amount_of(one, "dropped")) : ""},
                      {"report", may ? "/cases/" + visit.on->id + "/do/issue_report?sample=" + id + "&" + query_of(wanted) : ""}};
}

json::array estimator_views(const Visit& visit, const std::string& chosen) {
  json::array all;
  for (const char* name : {"difference", "ratio", "mean-per-unit"})
    all.push_back(json::object{{"choice", name}, {"label", estimator_words(visit, name)}, {"chosen", chosen == name}});
  return all;
}

Response show_findings(Visit& visit, std::vector<Problem> problems) {
  const json::object sample = sample_of(visit);
  const std::string id(string_of(sample, "id"));
  const json::object told = sample_desk(visit).findings(id);
  std::string not_yet;
  const Wanted wanted = wanted_by(visit);
  json::value projection = projection_view(visit, sample, problems, not_yet);
  json::object fields = summary_view(visit, problems);
  const json::array &items = told.at("items").as_array(), &by_hand = told.at("by_hand").as_array();
  const auto open = amount_of(told, "open"), all_open = open + amount_of(told, "open_by_hand");
  const auto done = std::ssize(items) - open;
  Fields typed;
  typed.add("confidence", wanted.confidence);
  const std::string_view method = string_of(sample.at("draws").as_array().back().as_object(), "method");
  fields["base"] = sample_page(visit, id);
  fields["id"] = id;
  fields["done"] = done;
  fields["total"] = std::ssize(items);
  fields["progress"] = visit.say("{} of {} (row|rows) looked at", count_words(done), count_words(std::ssize(items)));
  fields["open"] = all_open > 0 ? count_words(all_open) : "";
  fields["may_act"] = may_act_on_populations(visit);
  fields["closed_case"] = closed_words(visit);
  fields["items"] = finding_rows(visit, sample, items);
  fields["any_by_hand"] = !by_hand.empty();
  fields["by_hand"] = finding_rows(visit, sample, by_hand);
  fields["causes"] = cause_views(told.at("causes").as_array());
  fields["any_causes"] = !told.at("causes").as_array().empty();
  fields["projected"] = std::move(projection);
  fields["not_yet"] = not_yet;
  fields["money"] = method.starts_with("mus-");
  fields["method"] = method_words(visit, sample.at("draws").as_array().back().as_object());
  fields["estimators"] = estimator_views(visit, wanted.estimator);
  fields["confidence_field"] = field_view(typed, problems, {"confidence", visit.say("Confidence"), visit.say("Like 95%.")});
  fields["problem_sure"] = std::ranges::any_of(problems, [](const Problem& one) { return one.field == "sure"; });
  return visit.page("findings", titled(visit, visit.say("Findings in {}", id), problems), std::move(fields), problems.empty() ? 200 : 422);
}

Response rest_without_error(Visit& visit) {
  require_population_case(visit);
  require_sample_act(visit);
  const json::object sample = sample_of(visit);
  if (visit.form.fields.get("sure") != "yes") return show_findings(visit, {{"sure", visit.say("Confirm that the rows were looked at.")}});
  auto answer = sample_desk(visit).rest_without_error(std::string(string_of(sample, "id")), visit.visitor.person.id);
  if (auto* problem = std::get_if<Problem>(&answer)) return show_findings(visit, {std::move(*problem)});
  return visit.go(findings_page(visit, sample),
                  visit.say("{} (row is|rows are) recorded: looked at, no error.", count_words(std::get<std::int64_t>(answer))));
}

// ---- into the report -------------------------------------------------------------------------------------------------------------

std::string side_sentence(const Visit& visit, const char* name, const json::object& side, std::string_view confidence) {
  const std::string point = rounded_dollars(side.at("point_cents")), high = rounded_dollars(side.at("high_cents"));
  if (side.at("low_cents").is_null())
    return visit.say("{}: {} projected, at most {} ({}, one-sided).", name, point, high, std::string(confidence));
  return visit.say("{}: {} projected, between {} and {} ({}).", name, point, rounded_dollars(side.at("low_cents")), high,
                   std::string(confidence));
}

std::string finding_text(const Visit& visit, const json::object& sample, const json::object& projection) {
  std::vector<std::string> lines{
      visit.say("Sample {} of population {} ({} entry lines worth {}): {}. Rows looked at: {}.", std::string(string_of(sample, "id")),
                std::string(string_of(sample, "population")), count_words(amount_of(projection, "population_rows")),
                dollar_words(amount_of(projection, "population_cents")),
                method_words(visit, sample.at("draws").as_array().back().as_object()), count_words(amount_of(projection, "items")))};
  for (const json::value& value : projection.at("causes").as_array()) {
    const json::object& one = value.as_object();
    lines.push_back(visit.say("{}: {} (row|rows), overstated by {} and understated by {}.", std::string(string_of(one, "cause")),
                              count_words(amount_of(one, "items")), dollar_words(amount_of(one, "overstated_cents")),
                              dollar_words(amount_of(one, "understated_cents"))));
  }
  if (lines.size() == 1) lines.push_back(visit.say("No error was found."));
  const std::string_view confidence = string_of(projection, "confidence");
  for (const auto& [key, name] :
       {std::pair{"overstated", "Overstated"}, std::pair{"understated", "Understated"}, std::pair{"net", "Net of offsets"}})
    if (const json::value* side = projection.if_contains(key))
      lines.push_back(side_sentence(visit, visit.say(name).c_str(), side->as_object(), confidence));
  lines.push_back(visit.say("Method: {}.", estimator_words(visit, string_of(projection, "estimator"))));
  return join(lines, "\n");
}

}  // namespace

Fields report_from_sample(const Visit& visit) {
  Fields fields;
  const std::string id(visit.request.query.get("sample"));
  if (id.empty() || visit.on->workflow != "audit" || !visit.portal.wiring().samples.find || !may_act_on_populations(visit)) return fields;
  const auto sample = sample_desk(visit).find(id, 0);
  if (!sample || string_of(*sample, "case") != visit.on->id) return fields;
  const Wanted wanted = wanted_by(visit);
  const auto told = sample_desk(visit).project(id, wanted.estimator, wanted.confidence);
  const auto* projection = std::get_if<json::object>(&told);
  if (projection == nullptr) return fields;
  const auto population = population_desk(visit).find(std::string(string_of(*sample, "population")));
  const json::value* areas = population ? population->at("scope").as_object().if_contains("risk_areas") : nullptr;
  if (areas != nullptr && areas->as_array().size() == 1) fields.add("findings.0.area", std::string(areas->as_array().front().as_string()));
  fields.add("findings.0.text", finding_text(visit, *sample, *projection));
  return fields;
}

void add_finding_routes(Routes& routes) {
  const std::string one = "/cases/{case}/samples/{sample}";
  routes.push_back(
      {"GET", one + "/findings", "A8", Access::team, [](Visit& v) { return show_findings(v, {}); }, "Findings and projection"});
  routes.push_back({"POST", one + "/findings", "A8", Access::team, rest_without_error, "Record the rows left as looked at, no error"});
  add_finding_item_routes(routes);
}

}  // namespace tradecase::http
