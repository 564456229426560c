#include "adapters/http/portal/population_views.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "adapters/http/portal/case_views.hpp"
#include "engine/text.hpp"

namespace tradecase::http {
namespace {

std::int64_t number_in(const json::object& of, std::string_view name) { return of.at(name).to_number<std::int64_t>(); }
std::string text_in(const json::object& of, std::string_view name) { return std::string(of.at(name).as_string()); }

std::vector<std::string> words_typed(const Visit& visit, const char* field) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : std::string(visit.form.fields.get(field)) + " ") {
    if (c != ',' && c != ';' && c > ' ') {
      word += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  }
  return words;
}

void put_words(json::object& scope, const char* name, const std::vector<std::string>& words) {
  if (!words.empty()) scope[name] = json::value_from(words);
}

void put_day(const Visit& visit, json::object& scope, const char* field, std::vector<Problem>& problems) {
  const std::string typed = trimmed(visit.form.fields.get(field));
  if (typed.empty()) return;
  if (const auto day = parse_date(typed))
    scope[field] = to_text(*day);
  else
    problems.push_back({field, visit.say("Enter a day that exists, like 12/22/2025.")});
}

bool each_is(const std::vector<std::string>& all, std::size_t size, std::string_view of) {
  return std::ranges::all_of(all,
                             [&](const std::string& one) { return one.size() == size && one.find_first_not_of(of) == std::string::npos; });
}

json::array scope_views(const Visit& visit, const json::object& scope) {
  json::array all;
  const auto add = [&](const std::string& label, const std::string& value) {
    all.push_back(json::object{{"label", label}, {"value", value}});
  };
  const auto day = [&](const char* name, const std::string& label) {
    if (const json::value* at = scope.if_contains(name)) add(label, visit.date(parse_date(at->as_string()).value_or(Date{})));
  };
  const auto list = [&](const char* name, const std::string& label, std::string (*words)(const std::string&)) {
    const json::value* at = scope.if_contains(name);
    if (at == nullptr) return;
    std::vector<std::string> parts;
    for (const json::value& one : at->as_array()) parts.push_back(words(std::string(one.as_string())));
    add(label, join(parts, ", "));
  };
  const auto amount = [&](const char* name, const std::string& label) {
    if (const json::value* at = scope.if_contains(name)) add(label, dollar_words(at->to_number<std::int64_t>()));
  };
  const auto plain = [](const std::string& text) { return text; };
  day("from", visit.say("Entered on or after"));
  day("to", visit.say("Entered on or before"));
  list("importers", visit.say("Importer numbers"), importer_number_words);
  list("risk_areas", visit.say("Risk areas"), risk_area_words);
  list("chapters", visit.say("Chapters of the tariff"), plain);
  list("origins", visit.say("Countries of origin"), plain);
  list("spi", visit.say("Special programs"), plain);
  amount("min_value_cents", visit.say("Least value of a line"));
  amount("max_value_cents", visit.say("Largest value of a line"));
  if (all.empty()) add(visit.say("Scope"), visit.say("all entry lines on file"));
  return all;
}

json::array strata_views(const json::object& preview) {
  json::array all;
  for (const json::value& one : preview.at("strata").as_array())
    all.push_back(json::object{{"stratum", one.at("label")},
                               {"stratum_lines", count_words(number_in(one.as_object(), "lines"))},
                               {"stratum_value", dollar_words(number_in(one.as_object(), "value_cents"))}});
  return all;
}

json::array hint_views(const Visit& visit, const json::object& preview, const std::string& path) {
  json::array all;
  for (const json::value& one : preview.at("hints").as_array()) {
    const json::object& hint = one.as_object();
    const std::int64_t lines = number_in(hint, "lines");
    all.push_back(json::object{{"hint", visit.say(text_in(hint, "title"))},
                               {"href", lines > 0 ? path + "/hints/" + text_in(hint, "rule") : ""},
                               {"hint_lines", count_words(lines)},
                               {"says", hint.at("says")},
                               {"mark", mark_words(visit, hint.at("mark").as_string())},
                               {"source", hint.at("source")}});
  }
  return all;
}

json::value control_view(const Visit& visit, const json::object& one) {
  const json::value* control = one.if_contains("control");
  if (control == nullptr) return nullptr;
  const json::object& of = control->as_object();
  const bool lines = of.contains("lines");
  return json::object{{"control_value", dollar_words(number_in(of, "value_cents"))},
                      {"control_source", of.at("source")},
                      {"noted", visit.say("{}, {}", person_named(visit, text_in(of, "by")), time_in(visit, of, "at"))},
                      {"control_difference", dollar_words(number_in(of, "difference_cents"))},
                      {"agrees", of.at("agrees")},
                      {"with_lines", lines},
                      {"control_lines", lines ? count_words(number_in(of, "lines")) : ""},
                      {"control_lines_difference", lines ? count_words(number_in(of, "difference_lines")) : ""}};
}

json::value frozen_view(const Visit& visit, const json::object& one) {
  if (!one.at("frozen").as_bool()) return nullptr;
  return json::object{{"frozen_rows", count_words(number_in(one, "rows"))},
                      {"frozen_total", dollar_words(number_in(one, "total_cents"))},
                      {"sha256", one.at("sha256")},
                      {"frozen_on", time_in(visit, one, "frozen_at")},
                      {"frozen_who", person_named(visit, text_in(one, "frozen_by"))},
                      {"frozen_reason", one.at("reason")}};
}

}  // namespace

std::string count_words(std::int64_t number) {
  std::string digits = std::to_string(std::abs(number));
  for (auto at = std::ssize(digits) - 3; at > 0; at -= 3) digits.insert(static_cast<std::size_t>(at), ",");
  return (number < 0 ? "-" : "") + digits;
}

std::string dollar_words(std::int64_t cents) {
  return (cents < 0 ? "-$" : "$") + count_words(std::abs(cents) / 100) + fmt::format(".{:02}", std::abs(cents) % 100);
}

std::string time_in(const Visit& visit, const json::object& of, std::string_view name) {
  return moment_words(visit, parse_instant(text_in(of, name)).value_or(Instant{}));
}

std::string person_named(const Visit& visit, const std::string& id) {
  const auto person = visit.engine.database().read([&](Session& session) { return find_person(session, id); });
  return person ? person->name : visit.say("the operator");
}

const PopulationDesk& population_desk(const Visit& visit) {
  const PopulationDesk& desk = visit.portal.wiring().populations;
  if (!desk.find) throw Fault(404, visit.say("There is no page at this address."));
  return desk;
}

void require_population_case(const Visit& visit) {
  if (visit.on->workflow != "audit" && visit.on->workflow != "risk_survey")
    throw Fault(404, visit.say("Only an audit or a risk survey has populations."));
}

static bool has_population_role(const Visit& visit) { return visit.visitor.staff.any_of({Role::compliance, Role::auditor}); }

bool may_act_on_populations(const Visit& visit) { return has_population_role(visit) && visit.on->open; }

void require_population_role(const Visit& visit, const std::string& whose_work) {
  if (!has_population_role(visit)) throw Fault(403, whose_work);
}

void require_open_case(const Visit& visit) {
  if (!visit.on->open) throw Fault(409, closed_words(visit));
}

void require_population_act(const Visit& visit) {
  require_population_role(visit, visit.say("Populations are the work of compliance staff and auditors."));
  require_open_case(visit);
}

std::string closed_words(const Visit& visit) {
  return visit.on->open ? "" : visit.say("This case is closed: its populations, samples and findings stay as they are.");
}

json::object population_of(const Visit& visit) {
  auto found = population_desk(visit).find(visit.params.at("population"));
  if (!found || text_in(*found, "case") != visit.on->id) throw Fault(404, visit.say("There is no such population."));
  return std::move(*found);
}

std::string population_case_words(const Visit& visit) { return case_title(visit, *visit.on); }

std::string mark_words(const Visit& visit, std::string_view mark) {
  if (mark == "confirmed") return visit.say("Confirmed in its source");
  return mark == "assumption" ? visit.say("Our assumption") : visit.say("Recalled, wording not checked");
}

std::string importer_number_words(const std::string& number) {
  const bool social = number.size() == 11 && number[3] == '-' && number[6] == '-';
  return social ? "***-**-" + number.substr(7) : number;
}

std::string risk_area_words(const std::string& area) {
  std::string words = area;
  std::ranges::replace(words, '_', ' ');
  return words;
}

std::vector<std::pair<std::string, std::string>> strata_choices(const Visit& visit) {
  return {{"", visit.say("No strata")},
          {"chapter", visit.say("Chapter")},
          {"heading", visit.say("Heading")},
          {"hts", visit.say("HTS number")},
          {"country_of_origin", visit.say("Country of origin")},
          {"country_of_export", visit.say("Country of export")},
          {"spi", visit.say("Special programme")},
          {"importer_number", visit.say("Importer number")},
          {"manufacturer_id", visit.say("Manufacturer")},
          {"port_of_entry", visit.say("Port of entry")},
          {"entry_type", visit.say("Entry type")},
          {"month", visit.say("Month")},
          {"value", visit.say("Value bands")}};
}

json::object scope_typed(const Visit& visit, std::vector<Problem>& problems) {
  json::object scope;
  put_day(visit, scope, "from", problems);
  put_day(visit, scope, "to", problems);
  std::vector<std::string> importers, areas = visit.form.fields.all("risk_area");
  for (const std::string& index : visit.form.fields.all("ior")) {
    const auto at = static_cast<std::size_t>(number_or_stop(visit, index));
    if (at < visit.company->ior_numbers.size()) importers.push_back(visit.company->ior_numbers[at]);
  }
  const auto known = visit.programme().rules.texts("audit.risk_areas");
  std::erase_if(areas, [&](const std::string& area) { return std::ranges::count(known, area) == 0; });
  put_words(scope, "importers", importers);
  put_words(scope, "risk_areas", areas);
  const auto chapters = words_typed(visit, "chapters"), origins = words_typed(visit, "origins");
  if (!each_is(chapters, 2, "0123456789")) problems.push_back({"chapters", visit.say("A chapter has two digits, like 61.")});
  if (!each_is(origins, 2, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    problems.push_back({"origins", visit.say("A country of origin has two letters, like CN.")});
  put_words(scope, "chapters", chapters);
  put_words(scope, "origins", origins);
  auto programmes = words_typed(visit, "spi");
  std::ranges::replace(programmes, std::string("NONE"), std::string("none"));
  put_words(scope, "spi", programmes);
  if (const auto least = dollars_typed(visit, "min_value", problems)) scope["min_value_cents"] = *least;
  if (const auto most = dollars_typed(visit, "max_value", problems)) scope["max_value_cents"] = *most;
  return scope;
}

std::string strata_typed(const Visit& visit, std::vector<Problem>& problems) {
  std::string strata(visit.form.fields.get("strata"));
  if (strata != "value") return strata;
  std::string limits(visit.form.fields.get("bands"));
  std::erase_if(limits, [](char c) { return c == ' ' || c == '$'; });
  if (limits.empty()) problems.push_back({"bands", visit.say("Enter the limits of the bands, like 1000, 25000.")});
  return "value:" + limits;
}

std::optional<std::int64_t> dollars_typed(const Visit& visit, const char* field, std::vector<Problem>& problems) {
  std::string typed = trimmed(visit.form.fields.get(field));
  std::erase_if(typed, [](char c) { return c == ',' || c == '$'; });
  if (typed.empty()) return std::nullopt;
  const std::size_t point = typed.find('.');
  std::string whole = typed.substr(0, point), decimals = point == std::string::npos ? "" : typed.substr(point + 1);
  const bool digits = (whole + decimals).find_first_not_of("0123456789") == std::string::npos;
  if (!digits || whole.empty() || whole.size() > 15 || decimals.size() > 2) {
    problems.push_back({field, visit.say("Enter an amount in dollars, like 1,234.56.")});
    return std::nullopt;
  }
  decimals.resize(2, '0');
  return std::stoll(whole + decimals);
}

json::object population_row(const Visit& visit, const json::object& one) {
  const json::object& preview = one.at("preview").as_object();
  return {{"id", one.at("population")},
          {"href", "/cases/" + visit.on->id + "/populations/" + text_in(one, "population")},
          {"row_lines", count_words(number_in(preview, "lines"))},
          {"row_value", dollar_words(number_in(preview, "value_cents"))},
          {"made", time_in(visit, one, "created_at")},
          {"fixed", one.at("frozen")},
          {"hash", one.at("frozen").as_bool() ? text_in(one, "sha256").substr(0, 12) : ""}};
}

json::object population_view(const Visit& visit, const json::object& one) {
  const json::object& preview = one.at("preview").as_object();
  const std::string path = "/cases/" + visit.on->id + "/populations/" + text_in(one, "population");
  const auto more = number_in(preview, "strata_more");
  const bool fixed = one.at("frozen").as_bool();
  return {{"case", visit.on->id},
          {"case_words", population_case_words(visit)},
          {"base", path},
          {"scope", scope_views(visit, one.at("scope").as_object())},
          {"closed_case", closed_words(visit)},
          {"made", visit.say("{}, {}", person_named(visit, text_in(one, "created_by")), time_in(visit, one, "created_at"))},
          {"counted_at", time_in(visit, preview, "at")},
          {"line_count", count_words(number_in(preview, "lines"))},
          {"on_file", count_words(number_in(preview, "on_file"))},
          {"entry_count", count_words(number_in(preview, "entries"))},
          {"ordinal_count", count_words(number_in(preview, "ordinals"))},
          {"value", dollar_words(number_in(preview, "value_cents"))},
          {"duty", dollar_words(number_in(preview, "duty_cents"))},
          {"zero_count", count_words(number_in(preview, "zero_lines"))},
          {"duplicate_count", count_words(number_in(preview, "duplicates"))},
          {"with_strata", !text_in(one, "strata").empty()},
          {"strata", strata_views(preview)},
          {"strata_more", more > 0 ? count_words(more) : ""},
          {"hints", hint_views(visit, preview, path)},
          {"control", control_view(visit, one)},
          {"fixed", frozen_view(visit, one)},
          {"may_act", may_act_on_populations(visit) && !fixed}};
}

json::array import_views(const Visit& visit) {
  json::array all;
  for (const json::value& value : population_desk(visit).imports(visit.company->id)) {
    const json::object& one = value.as_object();
    all.push_back(json::object{{"file", one.at("file")},
                               {"brought", time_in(visit, one, "at")},
                               {"file_rows", count_words(number_in(one, "rows"))},
                               {"imported", count_words(number_in(one, "imported"))},
                               {"changed", count_words(number_in(one, "changed"))},
                               {"left_out", count_words(number_in(one, "left_out"))},
                               {"any_errors", !one.at("errors").as_array().empty()},
                               {"errors", one.at("errors")}});
  }
  return all;
}

}  // namespace tradecase::http
