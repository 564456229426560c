// A2 scope and A3 population: which entry lines an audit or survey is about, whether they agree with a control total, and their hash once
// they are frozen. Account managers read; compliance staff and auditors act.
#include <algorithm>

#include "adapters/http/portal/entry_files.hpp"
#include "adapters/http/portal/population_views.hpp"
#include "adapters/http/portal/sample_views.hpp"
#include "adapters/http/portal/staff.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

constexpr int hints_a_page = 100;

// A2, as typed before where something is to be mended.
Response show_scope(Visit& visit, const std::vector<Problem>& problems) {
  require_population_case(visit);
  require_population_act(visit);
  const Fields& typed = visit.form.fields;
  json::array importers, areas, strata;
  const auto chosen = [&](std::string_view field, const std::string& value) { return std::ranges::count(typed.all(field), value) > 0; };
  for (std::size_t i = 0; i < visit.company->ior_numbers.size(); ++i) {
    const std::string value = std::to_string(i);
    importers.push_back(
        json::object{{"value", value}, {"label", importer_number_words(visit.company->ior_numbers[i])}, {"chosen", chosen("ior", value)}});
  }
  for (const std::string& area : visit.programme().rules.texts("audit.risk_areas"))
    areas.push_back(json::object{{"value", area}, {"label", risk_area_words(area)}, {"chosen", chosen("risk_area", area)}});
  for (const auto& [value, label] : strata_choices(visit))
    strata.push_back(json::object{{"value", value}, {"label", label}, {"chosen", typed.get("strata") == value}});
  json::object fields =
      problem_views(visit, problems, {"from", "to", "chapters", "origins", "spi", "min_value", "max_value", "bands", "scope"});
  fields["case"] = visit.on->id;
  fields["case_words"] = population_case_words(visit);
  fields["importers"] = std::move(importers);
  fields["areas"] = std::move(areas);
  fields["strata"] = std::move(strata);
  for (const char* name : {"from", "to", "chapters", "origins", "spi", "min_value", "max_value", "bands"})
    fields[std::string("typed_") + name] = std::string(typed.get(name));
  return visit.page("population_scope", titled(visit, visit.say("Choose the entry lines"), problems), std::move(fields),
                    problems.empty() ? 200 : 422);
}

Response create(Visit& visit) {
  require_population_case(visit);
  require_population_act(visit);
  std::vector<Problem> problems;
  PopulationDesk::Asked asked{visit.on->id, scope_typed(visit, problems), strata_typed(visit, problems), visit.visitor.person.id};
  if (!problems.empty()) return show_scope(visit, problems);
  const auto made = population_desk(visit).create(asked);
  if (const auto* refused = std::get_if<PopulationDesk::Refused>(&made)) return show_scope(visit, {{"scope", refused->sentence}});
  return visit.go("/cases/" + visit.on->id + "/populations/" + std::get<std::string>(made),
                  visit.say("The entry lines are chosen and looked through. Nothing is fixed yet."));
}

Response show_population(Visit& visit, const std::vector<Problem>& problems) {
  require_population_case(visit);
  const json::object one = population_of(visit);
  json::object fields = population_view(visit, one);
  json::array samples = samples_of_population(visit, std::string(one.at("population").as_string()));
  fields["any_samples"] = !samples.empty();
  fields["samples"] = std::move(samples);
  fields["may_draw"] = may_act_on_populations(visit) && one.at("frozen").as_bool();
  const json::object told = problem_views(visit, problems, {"total", "lines", "source", "reason"});
  fields.insert(told.begin(), told.end());
  for (const char* name : {"total", "lines", "source", "reason"})
    fields[std::string("typed_") + name] = std::string(visit.form.fields.get(name));
  const std::string title = visit.say("Population {}", std::string(one.at("population").as_string()));
  return visit.page("population", titled(visit, title, problems), std::move(fields), problems.empty() ? 200 : 422);
}

Response back_to(const Visit& visit, const std::string& id, const std::string& notice) {
  return visit.go("/cases/" + visit.on->id + "/populations/" + id, notice);
}

// Who may act, on which; the act says why not.
Response act_on(Visit& visit, const char* field, const std::string& notice,
                const std::function<PopulationDesk::Why(const std::string& id)>& act) {
  require_population_case(visit);
  require_population_act(visit);
  const std::string id(population_of(visit).at("population").as_string());
  if (const auto why_not = act(id)) return show_population(visit, {{field, *why_not}});
  return back_to(visit, id, notice);
}

Response preview(Visit& visit) {
  return act_on(visit, "reason", visit.say("The entry lines are counted anew."),
                [&](const std::string& id) { return population_desk(visit).preview(id); });
}

Response tie_out(Visit& visit) {
  std::vector<Problem> problems;
  const Fields& typed = visit.form.fields;
  const auto total = dollars_typed(visit, "total", problems);
  PopulationDesk::Control control{total.value_or(0), {}, trimmed(typed.get("source")), visit.visitor.person.id};
  if (problems.empty() && !total) problems.push_back({"total", visit.say("Enter the control total.")});
  if (const std::string lines = trimmed(typed.get("lines")); !lines.empty()) {
    if (lines.size() > 9 || lines.find_first_not_of("0123456789") != std::string::npos)
      problems.push_back({"lines", visit.say("Enter a whole number of lines, or nothing.")});
    else
      control.lines = std::stoll(lines);
  }
  if (control.source.empty()) problems.push_back({"source", visit.say("Say where the control total comes from.")});
  if (control.source.size() > 300) problems.push_back({"source", visit.say("Say it in 300 characters.")});
  if (!problems.empty()) return show_population(visit, problems);
  return act_on(visit, "total", visit.say("The control total is noted."),
                [&](const std::string& id) { return population_desk(visit).tie_out(id, control); });
}

Response freeze(Visit& visit) {
  const std::string reason = trimmed(visit.form.fields.get("reason"));
  if (reason.size() > 1000) return show_population(visit, {{"reason", visit.say("Say it in 1,000 characters.")}});
  return act_on(visit, "reason", visit.say("The population is frozen. It never changes from now on."),
                [&](const std::string& id) { return population_desk(visit).freeze(id, reason, visit.visitor.person.id); });
}

Response show_hints(Visit& visit) {
  require_population_case(visit);
  const json::object one = population_of(visit);
  const std::string id(one.at("population").as_string()), rule = visit.params.at("rule");
  const json::object* told = nullptr;
  for (const json::value& hint : one.at("preview").at("hints").as_array())
    if (hint.at("rule").as_string() == rule) told = &hint.as_object();
  if (told == nullptr) throw Fault(404, visit.say("There is no page at this address."));
  const Paging paging = paging_of(visit, hints_a_page);
  json::array rows = population_desk(visit).hints(id, rule, paging.size + 1, paging.offset());
  const bool more = rows.size() > static_cast<std::size_t>(paging.size);
  if (more) rows.pop_back();
  json::object fields = pager_view(visit, paging, more);
  fields["back"] = "/cases/" + visit.on->id + "/populations/" + id;
  fields["population"] = id;
  fields["says"] = told->at("says");
  fields["mark"] = mark_words(visit, told->at("mark").as_string());
  fields["source"] = told->at("source");
  fields["lines"] = told->at("lines");
  fields["any"] = !rows.empty();
  fields["rows"] = std::move(rows);
  return visit.page("population_hints", visit.say(std::string(told->at("title").as_string())), std::move(fields));
}

Response population_csv(Visit& visit) {
  require_population_case(visit);
  const json::object one = population_of(visit);
  if (!one.at("frozen").as_bool()) throw Fault(404, visit.say("The population is not frozen yet: its file does not exist."));
  const std::string id(one.at("population").as_string());
  Response response;
  response.type = "text/csv; charset=utf-8";
  if (const auto why = population_desk(visit).csv(id, [&](std::string_view bytes) { response.body += bytes; })) throw Fault(409, *why);
  return response.set("Content-Disposition", "attachment; filename=\"" + id + ".csv\"");
}

}  // namespace

Response show_populations(Visit& visit) {
  require_population_case(visit);
  json::array rows;
  for (const json::value& one : population_desk(visit).list(visit.on->id)) rows.push_back(population_row(visit, one.as_object()));
  json::array imports = import_views(visit), under_way = entry_file_views(visit);
  const std::string problem(visit.form.fields.get("file_problem"));
  std::vector<Problem> problems;
  if (!problem.empty()) problems.push_back({"file", problem});
  json::object fields = problem_views(visit, problems, {"file"});
  const json::object more{{"case", visit.on->id},
                          {"case_words", population_case_words(visit)},
                          {"any", !rows.empty()},
                          {"rows", std::move(rows)},
                          {"may_act", may_act_on_populations(visit)},
                          {"closed_case", closed_words(visit)},
                          {"any_imports", !imports.empty()},
                          {"imports", std::move(imports)},
                          {"takes_files", may_act_on_populations(visit) && visit.portal.wiring().imports.begin},
                          {"any_under_way", !under_way.empty()},
                          {"under_way", std::move(under_way)}};
  fields.insert(more.begin(), more.end());
  return visit.page("populations", titled(visit, visit.say("Populations of {}", population_case_words(visit)), problems), std::move(fields),
                    problems.empty() ? 200 : 422);
}

void add_population_routes(Routes& routes) {
  const std::string all = "/cases/{case}/populations", one = all + "/{population}";
  routes.push_back({"GET", all, "A3", Access::team, show_populations, "Populations of an audit or survey"});
  routes.push_back(
      {"GET", "/cases/{case}/scope", "A2", Access::team, [](Visit& v) { return show_scope(v, {}); }, "Choose the entry lines"});
  routes.push_back({"POST", all, "A2", Access::team, create, "Make a population"});
  routes.push_back({"GET", one, "A3", Access::team, [](Visit& v) { return show_population(v, {}); }, "One population"});
  routes.push_back({"POST", one + "/preview", "A3", Access::team, preview, "Count the entry lines anew"});
  routes.push_back({"POST", one + "/tie-out", "A3", Access::team, tie_out, "Compare with a control total"});
  routes.push_back({"POST", one + "/freeze", "A3", Access::team, freeze, "Freeze a population"});
  routes.push_back({"GET", one + "/hints/{rule}", "A3", Access::team, show_hints, "Lines that a hint names"});
  add_entry_file_routes(routes);
  add_sample_routes(routes);
  routes.push_back({"GET", one + "/population.csv", "A3", Access::team, population_csv, "The rows of a frozen population"});
}

}  // namespace tradecase::http
