// A8, one row of a sample: what it is in the books, and what was found in it.
#include <fmt/format.h>

#include <algorithm>

#include "adapters/http/portal/population_views.hpp"
#include "adapters/http/portal/sample_views.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

constexpr std::size_t error_rows_least = 3, error_rows_max = 20;

std::string_view said_in(const json::object& of, std::string_view name) { return of.at(name).as_string(); }
std::int64_t count_in(const json::object& of, std::string_view name) { return of.at(name).to_number<std::int64_t>(); }

// The row of the address among the sample's, with its finding; and the next that nobody has looked at.
struct AtItem {
  json::object item;
  std::string next;  // the row's number, "" where there is none
};
AtItem item_of(const Visit& visit, const json::object& sample) {
  const auto row = number_or_stop(visit, visit.params.at("row"));
  const json::object told = sample_desk(visit).findings(std::string(said_in(sample, "id")));
  AtItem at;
  for (const char* list : {"items", "by_hand"})
    for (const json::value& value : told.at(list).as_array()) {
      const json::object& one = value.as_object();
      if (count_in(one, "row") == row)
        at.item = one;
      else if (at.next.empty() && one.at("finding").is_null())
        at.next = std::to_string(count_in(one, "row"));
    }
  if (at.item.empty()) throw Fault(404, visit.say("The sample has no such row."));
  return at;
}

std::string error_field(std::size_t i, const char* name) { return "errors." + std::to_string(i) + "." + name; }

// As typed, or as recorded.
Fields error_fields(const Visit& visit, const json::object& item) {
  if (visit.request.method == "POST") return visit.form.fields;
  Fields fields;
  if (item.at("finding").is_null()) return fields;
  const json::object& finding = item.at("finding").as_object();
  std::size_t i = 0;
  for (const json::value& value : finding.at("errors").as_array()) {
    const json::object& one = value.as_object();
    const auto cents = count_in(one, "cents");
    fields.add(error_field(i, "amount"), fmt::format("{}.{:02}", cents / 100, cents % 100));
    fields.add(error_field(i, "direction"), std::string(said_in(one, "direction")));
    fields.add(error_field(i, "cause"), std::string(said_in(one, "cause")));
    ++i;
  }
  fields.add("note", std::string(said_in(finding, "note")));
  return fields;
}

bool error_said(const Fields& typed, std::size_t i) {
  return !trimmed(typed.get(error_field(i, "amount"))).empty() || !trimmed(typed.get(error_field(i, "cause"))).empty();
}

json::array error_views(const Visit& visit, const Fields& typed, const std::vector<Problem>& problems) {
  std::size_t filled = 0;
  for (std::size_t i = 0; i < error_rows_max; ++i)
    if (error_said(typed, i)) filled = i + 1;
  json::array all;
  for (std::size_t i = 0; i < std::min(std::max(filled + 1, error_rows_least), error_rows_max); ++i) {
    const std::string amount = error_field(i, "amount"), cause = error_field(i, "cause"), direction = error_field(i, "direction");
    const std::string_view chosen = typed.get(direction);
    all.push_back(
        json::object{{"number", i + 1},
                     {"amount", field_view(typed, problems, {amount.c_str(), visit.say("Amount"), visit.say("In dollars."), "decimal"})},
                     {"cause_field", field_view(typed, problems, {cause.c_str(), visit.say("Cause"), visit.say("Like: assist left out.")})},
                     {"direction_field", direction},
                     {"overstated", chosen == "overstated"},
                     {"understated", chosen != "overstated"}});
  }
  return all;
}

Response show_item(Visit& visit, const std::vector<Problem>& problems) {
  const json::object sample = sample_of(visit);
  const AtItem at = item_of(visit, sample);
  const json::object& one = at.item;
  const Fields typed = error_fields(visit, one);
  const json::value& finding = one.at("finding");
  json::object fields = summary_view(visit, problems);
  const std::string_view day = said_in(one, said_in(one, "entry_date").empty() ? "summary_date" : "entry_date");
  const auto date = parse_date(day);
  fields["base"] = sample_page(visit, said_in(sample, "id"));
  fields["id"] = sample.at("id");
  fields["row"] = count_in(one, "row");
  fields["entry"] = one.at("entry_number");
  fields["line"] = one.at("line");
  fields["value"] = dollar_words(count_in(one, "value_cents"));
  fields["duty"] = one.at("duty_cents").is_null() ? "" : dollar_words(count_in(one, "duty_cents"));
  fields["hts"] = one.at("hts");
  fields["origin"] = one.at("country_of_origin");
  fields["day"] = date ? visit.date(*date) : "";
  fields["stratum"] = one.at("stratum");
  fields["how"] = one.at("how");
  fields["by_hand"] = one.at("by_hand");
  fields["found"] = found_words(visit, finding);
  fields["recorded"] = finding.is_null() ? ""
                                         : visit.say("{}, {}", person_named(visit, std::string(said_in(finding.as_object(), "by"))),
                                                     time_in(visit, finding.as_object(), "at"));
  fields["note_text"] = finding.is_null() ? json::value("") : finding.at("note");
  fields["version"] = visit.request.method == "POST" ? std::string(visit.form.fields.get("version"))
                                                     : std::to_string(finding.is_null() ? 0 : count_in(finding.as_object(), "version"));
  fields["errors"] = error_views(visit, typed, problems);
  fields["note"] = field_view(typed, problems, {"note", visit.say("Note (optional)"), visit.say("For the audit's own papers.")});
  fields["more_open"] = !at.next.empty();
  fields["may_act"] = may_act_on_populations(visit);
  fields["closed_case"] = closed_words(visit);
  const std::string title = visit.say("Entry {}, line {}", std::string(said_in(one, "entry_number")), count_in(one, "line"));
  return visit.page("finding", titled(visit, title, problems), std::move(fields), problems.empty() ? 200 : 422);
}

// The errors of the form, in their order; `places`: which line of the form each came from.
json::array errors_typed(const Visit& visit, std::vector<std::size_t>& places, std::vector<Problem>& problems) {
  json::array all;
  for (std::size_t i = 0; i < error_rows_max; ++i) {
    if (!error_said(visit.form.fields, i)) continue;
    const std::string amount = error_field(i, "amount");
    const auto before = problems.size();
    const auto cents = dollars_typed(visit, amount.c_str(), problems);
    if (!cents && problems.size() == before) problems.push_back({amount, visit.say("Enter the amount of the error.")});
    const std::string_view direction = visit.form.fields.get(error_field(i, "direction"));
    places.push_back(i);
    all.push_back(json::object{{"cents", cents.value_or(0)},
                               {"direction", direction == "overstated" ? "overstated" : "understated"},
                               {"cause", trimmed(visit.form.fields.get(error_field(i, "cause")))}});
  }
  return all;
}

Response record_item(Visit& visit) {
  require_population_case(visit);
  require_sample_act(visit);
  const json::object sample = sample_of(visit);
  const AtItem at = item_of(visit, sample);
  std::vector<Problem> problems;
  std::vector<std::size_t> places;
  SampleDesk::Finding said{std::string(said_in(sample, "id")),
                           count_in(at.item, "row"),
                           number_or_stop(visit, visit.form.fields.get("version")),
                           errors_typed(visit, places, problems),
                           trimmed(visit.form.fields.get("note")),
                           visit.visitor.person.id};
  if (!problems.empty()) return show_item(visit, problems);
  if (auto why = sample_desk(visit).record(said)) {
    for (std::size_t i = 0; i < places.size(); ++i) {  // back to the line of the form
      const std::string prefix = "errors." + std::to_string(i) + ".";
      if (!why->field.starts_with(prefix)) continue;
      why->field = "errors." + std::to_string(places[i]) + "." + why->field.substr(prefix.size());
      break;
    }
    return show_item(visit, {*why});
  }
  const bool next = visit.form.fields.get("act") == "next" && !at.next.empty();
  return visit.go(next ? sample_page(visit, said.sample) + "/items/" + at.next : sample_page(visit, said_in(sample, "id")) + "/findings",
                  visit.say("Recorded: entry {}, line {}.", std::string(said_in(at.item, "entry_number")), count_in(at.item, "line")));
}

}  // namespace

void add_finding_item_routes(Routes& routes) {
  const std::string one = "/cases/{case}/samples/{sample}";
  routes.push_back(
      {"GET", one + "/items/{row}", "A8", Access::team, [](Visit& v) { return show_item(v, {}); }, "What was found in one row"});
  routes.push_back({"POST", one + "/items/{row}", "A8", Access::team, record_item, "Record what was found in one row"});
}

}  // namespace tradecase::http
