// A4, first part: how large a sample must be, and the draw from a frozen population by a seed that is entered now.
#include <algorithm>
#include <array>

#include "adapters/http/portal/population_views.hpp"
#include "adapters/http/portal/sample_views.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

struct Calculator {
  const char *kind, *heading;
  std::vector<TypedField> fields;  // named KIND_FIELD
};

std::vector<Calculator> calculators(const Visit& visit) {
  return {{"attribute",
           "For a rate of errors",
           {{"attribute_tolerable", visit.say("Rate of errors that can be tolerated"), visit.say("Like 5%.")},
            {"attribute_expected", visit.say("Rate of errors expected"), visit.say("Like 1%.")},
            {"attribute_risk", visit.say("Risk of taking a bad population for a good one"), visit.say("Like 5%.")}}},
          {"mus",
           "For an amount of errors",
           {{"mus_book", visit.say("Value of the population"), visit.say("In dollars."), "decimal"},
            {"mus_tolerable", visit.say("Errors that can be tolerated"), visit.say("In dollars."), "decimal"},
            {"mus_expected", visit.say("Errors expected"), visit.say("In dollars."), "decimal"},
            {"mus_risk", visit.say("Risk of taking a bad population for a good one"), visit.say("Like 5%.")}}}};
}

// What a calculator was asked by the address, without KIND_.
json::object asked_of(const Visit& visit, const Calculator& one) {
  json::object typed;
  for (const TypedField& field : one.fields)
    typed[std::string(field.name).substr(std::string(one.kind).size() + 1)] = std::string(visit.request.query.get(field.name));
  return typed;
}

json::value size_view(const Visit& visit, const Calculator& one, std::vector<Problem>& problems) {
  if (visit.request.query.get("size") != one.kind) return nullptr;
  auto answer = sample_desk(visit).size(one.kind, asked_of(visit, one));
  if (auto* problem = std::get_if<Problem>(&answer)) {
    problems.push_back({std::string(one.kind) + "_" + problem->field, std::move(problem->sentence)});
    return nullptr;
  }
  const json::object& told = std::get<json::object>(answer);
  json::object view = reckoning_view(told);
  const auto n = told.at("n").to_number<std::int64_t>();
  const bool money = std::string_view(one.kind) == "mus";
  if (money) {
    const auto interval = told.at("interval_cents").to_number<std::int64_t>();
    view["size"] = visit.say("{} (hit|hits), one every {}", count_words(n), dollar_words(interval));
    view["use"] = "?method=mus-interval&interval=" + std::to_string(interval / 100) + "." + std::to_string(interval % 100 / 10) +
                  std::to_string(interval % 10) + "#draw";
  } else {
    view["size"] = visit.say("{} (row|rows); the rate holds with up to {} of them in error", count_words(n),
                             told.at("deviations").to_number<std::int64_t>());
    view["use"] = "?method=simple&n=" + std::to_string(n) + "#draw";
  }
  return view;
}

// `book`: the population's value, which needs not be typed.
json::array calculator_views(const Visit& visit, const std::string& book, std::vector<Problem>& problems) {
  Fields typed = visit.request.query;
  if (!typed.has("mus_book")) typed.add("mus_book", book);
  json::array all;
  for (const Calculator& one : calculators(visit)) {
    json::value size = size_view(visit, one, problems);
    json::array fields;
    for (const TypedField& field : one.fields) fields.push_back(field_view(typed, problems, field));
    all.push_back(json::object{
        {"kind", one.kind}, {"heading", visit.say(one.heading)}, {"fields", std::move(fields)}, {"reckoned", std::move(size)}});
  }
  return all;
}

json::array method_views(const Visit& visit, std::string_view chosen) {
  const std::array<std::array<std::string, 3>, 5> methods{
      {{"simple", visit.say("Simple random"), visit.say("Every row has the same chance.")},
       {"systematic", visit.say("Systematic"), visit.say("Every so many rows from a random start.")},
       {"stratified", visit.say("Stratified"), visit.say("Random rows of each stratum of the population.")},
       {"mus-interval", visit.say("Monetary unit, fixed interval"), visit.say("By value: every so many dollars from a random start.")},
       {"mus-cell", visit.say("Monetary unit, cells"), visit.say("By value: one random dollar of every so many.")}}};
  json::array all;
  for (const auto& [value, label, says] : methods)
    all.push_back(json::object{{"choice", value}, {"label", label}, {"says", says}, {"chosen", value == chosen}});
  return all;
}

json::array allocation_views(const Visit& visit, std::string_view chosen) {
  json::array all;
  for (const auto& [value, label] : {std::pair<std::string, std::string>{"proportional", visit.say("by the number of rows")},
                                     {"neyman", visit.say("by rows and spread of value (Neyman)")}})
    all.push_back(json::object{{"choice", value}, {"label", label}, {"chosen", value == chosen}});
  return all;
}

// What a form says, or the address of a calculator's answer.
Fields typed_or_asked(const Visit& visit) {
  if (visit.request.method == "POST") return visit.form.fields;
  Fields fields;
  for (const char* name : {"method", "n", "interval"}) fields.add(name, std::string(visit.request.query.get(name)));
  fields.add("least", "2");
  return fields;
}

Response show_drawing(Visit& visit, std::vector<Problem> problems) {
  require_population_case(visit);
  const json::object one = population_of(visit);
  const std::string id(one.at("population").as_string());
  const bool fixed = one.at("frozen").as_bool();
  const std::string total = fixed ? dollar_words(one.at("total_cents").to_number<std::int64_t>()) : "";
  const Fields typed = typed_or_asked(visit);
  json::array earlier = samples_of_population(visit, id),
              sizes = calculator_views(visit, total.substr(std::min<std::size_t>(1, total.size())), problems);
  const std::string_view method = typed.get("method"), allocation = typed.get("allocation");
  json::object fields = summary_view(visit, problems);
  fields["case"] = visit.on->id;
  fields["population"] = id;
  fields["base"] = "/cases/" + visit.on->id + "/populations/" + id;
  fields["fixed"] = fixed;
  fields["frozen_rows"] = fixed ? count_words(one.at("rows").to_number<std::int64_t>()) : "";
  fields["frozen_total"] = total;
  fields["frozen_on"] = fixed ? time_in(visit, one, "frozen_at") : "";
  fields["with_strata"] = !one.at("strata").as_string().empty();
  fields["strata_count"] =
      count_words(std::ssize(one.at("preview").at("strata").as_array()) + one.at("preview").at("strata_more").to_number<std::int64_t>());
  fields["may_act"] = may_act_on_populations(visit) && fixed;
  fields["closed_case"] = closed_words(visit);
  fields["calculators"] = std::move(sizes);
  fields["methods"] = method_views(visit, method.empty() ? "simple" : method);
  fields["allocations"] = allocation_views(visit, allocation.empty() ? "proportional" : allocation);
  const auto field = [&](const TypedField& about) { return field_view(typed, problems, about); };
  fields["sizes"] = json::array{field({"n", visit.say("Rows to draw"), visit.say("Not for monetary units. Like 60."), "numeric"}),
                                field({"interval", visit.say("Interval"), visit.say("Monetary units only, in dollars."), "decimal"})};
  fields["least_field"] = field({"least", visit.say("Least rows of a stratum"), visit.say("Stratified samples only."), "numeric"});
  fields["seeds"] = json::array{
      field({"seed", visit.say("Seed"), visit.say("At least 20 random digits, made now: roll ten-sided dice."), "numeric"}),
      field({"how", visit.say("How the seed came about"), visit.say("Like: ten-sided dice, in the meeting, before three witnesses.")})};
  fields["again"] = earlier.empty() ? json::value(nullptr)
                                    : json::value(json::array{field({"reason", visit.say("Why there is another draw"),
                                                                     visit.say("The draws before stay on record.")})});
  fields["any_earlier"] = !earlier.empty();
  fields["earlier"] = std::move(earlier);
  return visit.page("sample_draw", titled(visit, visit.say("Draw a sample from {}", id), problems), std::move(fields),
                    problems.empty() ? 200 : 422);
}

Response draw_by_form(Visit& visit) {
  require_population_case(visit);
  require_sample_act(visit);
  std::vector<Problem> problems;
  const Fields& typed = visit.form.fields;
  SampleDesk::Asked asked;
  asked.population = std::string(population_of(visit).at("population").as_string());
  asked.method = std::string(typed.get("method"));
  const bool money = asked.method.starts_with("mus-");
  if (money)
    asked.interval_cents = dollars_typed(visit, "interval", problems).value_or(0);
  else
    asked.n = whole_typed(visit, "n", problems).value_or(0);
  asked.allocation = typed.get("allocation").empty() ? "proportional" : std::string(typed.get("allocation"));
  asked.least = whole_typed(visit, "least", problems).value_or(2);
  asked.seed = std::string(typed.get("seed"));
  asked.how = trimmed(typed.get("how"));
  asked.reason = trimmed(typed.get("reason"));
  asked.by = visit.visitor.person.id;
  if (!problems.empty()) return show_drawing(visit, std::move(problems));
  auto drawn = sample_desk(visit).draw(asked);
  if (auto* problem = std::get_if<Problem>(&drawn)) {
    if (problem->field.empty()) problem->field = money ? "interval" : "n";
    return show_drawing(visit, {std::move(*problem)});
  }
  return visit.go(sample_page(visit, std::get<std::string>(drawn)), visit.say("The sample is drawn. It stays on record as it is."));
}

}  // namespace

void add_drawing_routes(Routes& routes) {
  const std::string at = "/cases/{case}/populations/{population}/draw";
  routes.push_back({"GET", at, "A4", Access::team, [](Visit& v) { return show_drawing(v, {}); }, "How large a sample, and its draw"});
  routes.push_back({"POST", at, "A4", Access::team, draw_by_form, "Draw a sample"});
}

}  // namespace tradecase::http
