// A4: a sample as it stands on record, whether it can be drawn again, its larger draws and changes by hand, and its files.
#include <algorithm>

#include "adapters/http/portal/population_views.hpp"
#include "adapters/http/portal/sample_views.hpp"
#include "adapters/http/portal/sheet_answer.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

constexpr std::int64_t sample_rows_a_page = 100;

std::string_view string_in(const json::object& of, std::string_view name) { return of.at(name).as_string(); }
std::int64_t whole_in(const json::object& of, std::string_view name) { return of.at(name).to_number<std::int64_t>(); }

const json::object& draw_shown(const json::object& sample) {
  return sample.at("draws").as_array().at(static_cast<std::size_t>(whole_in(sample, "draw") - 1)).as_object();
}

// "" of the last draw, else what the address adds for it.
std::string draw_query(const json::object& sample) {
  const auto draw = whole_in(sample, "draw");
  return draw == std::ssize(sample.at("draws").as_array()) ? "" : "?draw=" + std::to_string(draw);
}

json::array sample_row_views(const json::array& rows, const Paging& paging) {
  json::array all;
  for (std::int64_t i = paging.offset(); i < std::min<std::int64_t>(std::ssize(rows), paging.offset() + paging.size); ++i) {
    const json::object& one = rows[static_cast<std::size_t>(i)].as_object();
    all.push_back(json::object{{"place", i + 1},
                               {"row", count_words(whole_in(one, "row"))},
                               {"entry", one.at("entry_number")},
                               {"line", one.at("line")},
                               {"hts", one.at("hts")},
                               {"origin", one.at("country_of_origin")},
                               {"stratum", one.at("stratum")},
                               {"value", dollar_words(whole_in(one, "value_cents"))},
                               {"how", one.at("how")}});
  }
  return all;
}

json::array stratum_views(const json::object& sample) {
  json::array all;
  for (const json::value& value : sample.at("strata").as_array()) {
    const json::object& one = value.as_object();
    all.push_back(json::object{{"stratum", one.at("stratum")},
                               {"stratum_rows", count_words(whole_in(one, "rows"))},
                               {"stratum_value", dollar_words(whole_in(one, "value_cents"))},
                               {"stratum_drawn", count_words(whole_in(one, "drawn"))}});
  }
  return all;
}

json::array manual_views(const Visit& visit, const json::object& sample) {
  json::array all;
  for (const json::value& value : sample.at("manual").as_array()) {
    const json::object& one = value.as_object();
    all.push_back(json::object{{"did", string_in(one, "action") == "add" ? visit.say("Added") : visit.say("Dropped")},
                               {"row", count_words(whole_in(one, "row"))},
                               {"entry", one.at("entry_number")},
                               {"line", one.at("line")},
                               {"why", one.at("reason")},
                               {"who", person_named(visit, std::string(string_in(one, "by")))},
                               {"on", time_in(visit, one, "at")}});
  }
  return all;
}

void add_forms(const Visit& visit, const json::object& sample, const std::vector<Problem>& problems, json::object& fields) {
  const Fields& typed = visit.form.fields;
  const std::string_view method = string_in(sample.at("draws").as_array().back().as_object(), "method");
  const bool last = draw_query(sample).empty(), may = may_act_on_populations(visit) && last;
  fields["may_act"] = may;
  fields["closed_case"] = closed_words(visit);
  fields["any_more"] = may && (method == "simple" || method == "stratified");
  fields["more"] = json::array{
      field_view(typed, problems, {"n", visit.say("Rows in all"), visit.say("More than there are now."), "numeric"}),
      field_view(typed, problems, {"more_reason", visit.say("Why the sample is drawn larger"), visit.say("It stays on record.")})};
  fields["changing"] = json::array{
      field_view(typed, problems,
                 {"row", visit.say("Row of the population, or entry number and line"), visit.say("Like 1234, or ABC12345678 2.")}),
      field_view(typed, problems, {"reason", visit.say("Reason"), visit.say("It stays on record with your name.")})};
  fields["adds"] = typed.get("act") != "drop";
}

Response show_sample(Visit& visit, const std::vector<Problem>& problems) {
  const json::object sample = sample_of(visit);
  const std::string id(string_in(sample, "id")), population(string_in(sample, "population"));
  const json::array& rows = sample.at("rows").as_array();
  const Paging paging = paging_of(visit, sample_rows_a_page);
  json::object fields = pager_view(visit, paging, std::ssize(rows) > paging.offset() + paging.size);
  const json::object summary = summary_view(visit, problems);
  fields.insert(summary.begin(), summary.end());
  json::array draws;
  for (const json::value& one : sample.at("draws").as_array()) {
    json::object view = draw_view(visit, one.as_object());
    view["href"] = sample_page(visit, id) + "?draw=" + std::to_string(whole_in(one.as_object(), "draw"));
    draws.push_back(std::move(view));
  }
  const bool by_money = string_in(draw_shown(sample), "method").starts_with("mus-");
  fields["case"] = visit.on->id;
  fields["case_words"] = population_case_words(visit);
  fields["id"] = id;
  fields["base"] = sample_page(visit, id);
  fields["population"] = population;
  fields["population_page"] = "/cases/" + visit.on->id + "/populations/" + population;
  fields["population_rows"] = count_words(whole_in(sample, "population_rows"));
  fields["population_value"] = dollar_words(whole_in(sample, "population_cents"));
  fields["sha256"] = sample.at("population_sha256");
  fields["frozen_on"] = time_in(visit, sample, "frozen_at");
  fields["seed"] = sample.at("seed");
  fields["seed_how"] = sample.at("seed_how");
  fields["seed_who"] = person_named(visit, std::string(string_in(sample, "seed_by")));
  fields["seed_on"] = time_in(visit, sample, "seed_at");
  fields["method"] = method_words(visit, draw_shown(sample));
  fields["earlier"] = draw_query(sample).empty() ? "" : count_words(whole_in(sample, "draw"));
  fields["draw_query"] = draw_query(sample);
  fields["draws"] = std::move(draws);
  fields["strata"] = stratum_views(sample);
  fields["stratified"] = !sample.at("strata").as_array().empty();
  fields["outside"] = by_money && whole_in(sample, "outside") > 0 ? count_words(whole_in(sample, "outside")) : "";
  fields["row_count"] = count_words(std::ssize(rows));
  fields["rows"] = sample_row_views(rows, paging);
  json::array manual = manual_views(visit, sample);
  fields["any_manual"] = !manual.empty();
  fields["manual"] = std::move(manual);
  add_forms(visit, sample, problems, fields);
  return visit.page("sample", titled(visit, visit.say("Sample {}", id), problems), std::move(fields), problems.empty() ? 200 : 422);
}

Response draw_larger(Visit& visit) {
  require_population_case(visit);
  require_sample_act(visit);
  const json::object sample = sample_of(visit);
  std::vector<Problem> problems;
  const auto n = whole_typed(visit, "n", problems);
  if (problems.empty() && !n) problems.push_back({"n", visit.say("Say how many rows the sample has in all.")});
  if (!problems.empty()) return show_sample(visit, problems);
  const std::string id(string_in(sample, "id"));
  auto why = sample_desk(visit).more({id, *n, trimmed(visit.form.fields.get("more_reason")), visit.visitor.person.id});
  if (why) return show_sample(visit, {{why->field == "reason" ? "more_reason" : "n", why->sentence}});
  return visit.go(sample_page(visit, id), visit.say("The sample is larger now. It begins with the rows it had."));
}

// A number, or an entry number and its line; 0 where there is no such row.
std::int64_t row_typed(const Visit& visit, const std::string& population) {
  const std::string typed = trimmed(visit.form.fields.get("row"));
  if (!typed.empty() && typed.size() < 10 && typed.find_first_not_of("0123456789,") == std::string::npos) {
    std::string digits = typed;
    std::erase(digits, ',');
    return digits.empty() ? 0 : std::stoll(digits);
  }
  const auto blank = typed.find_first_of(" /");
  std::string entry = typed.substr(0, blank), line = blank == std::string::npos ? "1" : trimmed(typed.substr(blank + 1));
  std::erase(entry, '-');
  for (char& c : entry) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  if (line.empty() || line.size() > 5 || line.find_first_not_of("0123456789") != std::string::npos) return 0;
  return sample_desk(visit).row_of(population, entry, std::stoi(line));
}

Response change_by_form(Visit& visit) {
  require_population_case(visit);
  require_sample_act(visit);
  const json::object sample = sample_of(visit);
  const bool add = visit.form.fields.get("act") != "drop";
  const std::string id(string_in(sample, "id"));
  const auto row = row_typed(visit, std::string(string_in(sample, "population")));
  if (row == 0) return show_sample(visit, {{"row", visit.say("The population has no such row.")}});
  const auto why = sample_desk(visit).change({id, row, add, trimmed(visit.form.fields.get("reason")), visit.visitor.person.id});
  if (why) return show_sample(visit, {*why});
  return visit.go(sample_page(visit, id), add ? visit.say("Row {} is added by hand. It enters no projection.", row)
                                              : visit.say("Row {} is dropped by hand. It enters no projection.", row));
}

// Drawn again now, from the rows as they stand in the database.
Response check_again(Visit& visit) {
  const json::object sample = sample_of(visit);
  const std::string id(string_in(sample, "id"));
  const json::object told = sample_desk(visit).check(id, whole_in(sample, "draw"));
  json::array differences;
  for (const json::value& one : told.at("differences").as_array()) {
    if (differences.size() == 100) break;
    differences.push_back(json::object{{"difference", one}});
  }
  return visit.page("sample_check", visit.say("Sample {} drawn again", id),
                    {{"id", id},
                     {"base", sample_page(visit, id)},
                     {"draw_query", draw_query(sample)},
                     {"seed", sample.at("seed")},
                     {"row_count", count_words(std::ssize(sample.at("rows").as_array()))},
                     {"now_on", moment_words(visit, visit.engine.now())},
                     {"sha256", told.at("sha256")},
                     {"same", told.at("same")},
                     {"differences", std::move(differences)}});
}

Response sample_bundle(Visit& visit) {
  const json::object sample = sample_of(visit);
  const std::string id(string_in(sample, "id"));
  Response response;
  response.type = "application/zip";
  response.body = sample_bundle_bytes(visit, sample);
  return response.set("Content-Disposition", "attachment; filename=\"" + id + ".zip\"");
}

SheetCell cents_cell(const json::value& cents) {
  return cents.is_null() ? SheetCell{} : SheetCell{static_cast<double>(cents.to_number<std::int64_t>()) / 100.0};
}

Response sample_sheet(Visit& visit) {
  const json::object sample = sample_of(visit);
  const std::string id(string_in(sample, "id"));
  Sheet sheet{
      id,
      visit.say("Sample {}", id),
      {visit.say("Place"), visit.say("Row"), visit.say("Entry number"), visit.say("Line"), visit.say("Importer number"),
       visit.say("Entry date"), visit.say("Port"), visit.say("HTS number"), visit.say("Country of origin"), visit.say("Manufacturer"),
       visit.say("Special programme"), visit.say("Stratum"), visit.say("Value"), visit.say("Duty"), visit.say("How it came in")},
      {}};
  std::int64_t place = 0;
  for (const json::value& value : sample.at("rows").as_array()) {
    const json::object& one = value.as_object();
    const auto text = [&](std::string_view name) { return SheetCell{std::string(string_in(one, name))}; };
    const std::string day(string_in(one, "entry_date").empty() ? string_in(one, "summary_date") : string_in(one, "entry_date"));
    const auto date = parse_date(day);
    sheet.rows.push_back({++place, whole_in(one, "row"), text("entry_number"), whole_in(one, "line"), text("importer_number"),
                          date ? SheetCell{*date} : SheetCell{}, text("port_of_entry"), text("hts"), text("country_of_origin"),
                          text("manufacturer_id"), text("spi"), text("stratum"), cents_cell(one.at("value_cents")),
                          cents_cell(one.at("duty_cents")), text("how")});
  }
  return sheet_answer(visit, sheet);
}

}  // namespace

void add_sample_routes(Routes& routes) {
  const std::string one = "/cases/{case}/samples/{sample}";
  routes.push_back({"GET", one, "A4", Access::team, [](Visit& v) { return show_sample(v, {}); }, "A sample as it stands on record"});
  routes.push_back({"POST", one + "/more", "A4", Access::team, draw_larger, "Draw a sample larger by its seed"});
  routes.push_back({"POST", one + "/change", "A4", Access::team, change_by_form, "Add or drop a row of a sample by hand"});
  routes.push_back({"GET", one + "/check", "A4", Access::team, check_again, "Draw a sample again and compare"});
  routes.push_back({"GET", one + "/bundle.zip", "A4", Access::team, sample_bundle, "A sample's bundle, for strangers to draw again"});
  add_sheet_routes(routes, one + "/rows", Access::team, sample_sheet, "The rows of a sample");
  add_drawing_routes(routes);
  add_finding_routes(routes);
}

}  // namespace tradecase::http
