#include "tools/cli/sample_json.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tradecase {
namespace {

json::array lines_list(const std::vector<ReckoningLine>& lines) {
  json::array all;
  for (const ReckoningLine& line : lines) all.push_back(json::object{{"name", line.name}, {"value", line.value}});
  return all;
}

}  // namespace

json::object sample_object(const Sample& sample) {
  json::array draws;
  for (const DrawOnRecord& one : sample.draws)
    draws.push_back(json::object{{"draw", one.number},
                                 {"method", name_of(one.parameters.method)},
                                 {"n", one.parameters.n},
                                 {"interval_cents", one.parameters.interval_cents},
                                 {"allocation", name_of(one.parameters.allocation)},
                                 {"least", one.parameters.min_per_stratum},
                                 {"n_h", json::value_from(one.n_h)},
                                 {"rows", one.rows},
                                 {"reason", one.reason},
                                 {"by", one.by},
                                 {"at", to_text(one.at)}});
  return {{"id", sample.id},
          {"population", sample.population_id},
          {"case", sample.case_id},
          {"seed", sample.seed},
          {"seed_how", sample.seed_how},
          {"seed_by", sample.seed_by},
          {"seed_at", to_text(sample.seed_at)},
          {"draws", std::move(draws)}};
}

std::vector<ShownRow> shown_rows(Session& session, const Sample& sample, const SampleRecord& record) {
  std::vector<ShownRow> rows;
  const auto show = [&](std::int64_t row, std::string how, std::int64_t hits, bool by_hand) {
    if (std::ranges::binary_search(record.list, row))
      rows.push_back({row, population_row(session, sample.population_id, row), std::move(how), hits, by_hand});
  };
  std::vector<std::int64_t> drawn;
  for (const DrawnRow& one : record.drawn) {
    drawn.push_back(one.row);
    const std::string hits = one.hits > 1 ? fmt::format(", {} hits", one.hits) : "";
    show(one.row, one.hits == 0 ? "certain" : fmt::format("pick {}{}", one.counter, hits), one.hits, false);
  }
  std::ranges::sort(drawn);
  for (const std::int64_t row : record.list)
    if (!std::ranges::binary_search(drawn, row)) show(row, "added by hand", 0, true);
  return rows;
}

json::object row_object(const ShownRow& one) {
  return {{"row", one.row},
          {"entry_number", one.line.entry_number},
          {"line", one.line.line},
          {"hts", one.line.hts},
          {"stratum", one.line.stratum},
          {"value_cents", one.line.value_cents},
          {"how", one.how},
          {"by_hand", one.by_hand},
          {"importer_number", one.line.importer_number},
          {"entry_date", one.line.entry_date},
          {"summary_date", one.line.summary_date},
          {"port_of_entry", one.line.port_of_entry},
          {"country_of_origin", one.line.country_of_origin},
          {"manufacturer_id", one.line.manufacturer_id},
          {"spi", one.line.spi},
          {"duty_cents", one.line.duty_cents ? json::value(*one.line.duty_cents) : json::value(nullptr)}};
}

json::object reckoning_object(const Reckoning& reckoning) {
  return {{"formula", reckoning.formula},
          {"source", reckoning.source},
          {"inputs", lines_list(reckoning.inputs)},
          {"steps", lines_list(reckoning.steps)},
          {"notes", json::value_from(reckoning.notes)}};
}

json::object projection_object(const Projection& one) {
  json::object answer = reckoning_object(one.reckoning);
  answer["point_cents"] = one.point_cents;
  answer["low_cents"] = one.low_cents ? json::value(*one.low_cents) : json::value();
  answer["high_cents"] = one.high_cents;
  answer["standard_error_cents"] = one.standard_error_cents;
  answer["degrees_of_freedom"] = one.degrees_of_freedom;
  return answer;
}

json::array cause_list(const std::vector<CauseTotal>& totals) {
  json::array all;
  for (const CauseTotal& total : totals)
    all.push_back(json::object{{"cause", total.cause},
                               {"items", total.items},
                               {"overstated_cents", total.overstated_cents},
                               {"understated_cents", total.understated_cents}});
  return all;
}

}  // namespace tradecase
