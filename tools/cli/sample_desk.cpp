#include "tools/cli/sample_desk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "adapters/ace/customs_fields.hpp"
#include "engine/text.hpp"
#include "tools/cli/sample_json.hpp"
#include "tools/cli/work_folder.hpp"
#include "workflows/sampling/finding_store.hpp"
#include "workflows/sampling/sample_review.hpp"
#include "workflows/sampling/size.hpp"

namespace tradecase {
namespace {

namespace fs = std::filesystem;
using http::SampleDesk;

// ---- drawing ---------------------------------------------------------------------------------------------------------------------

std::variant<SampleParameters, Problem> parameters_of(const SampleDesk::Asked& asked) {
  const auto method = sample_method(asked.method);
  if (!method) return Problem{"method", "Choose a method."};
  const auto allocation = allocation_named(asked.allocation);
  if (!allocation) return Problem{"allocation", "Choose how the rows are shared out."};
  SampleParameters parameters;
  parameters.method = *method;
  if (by_money(*method)) {
    if (asked.interval_cents <= 0) return Problem{"interval", "A monetary unit sample needs its interval, more than 0."};
    parameters.interval_cents = asked.interval_cents;
    return parameters;
  }
  if (asked.n <= 0) return Problem{"n", "Say how many rows are drawn."};
  parameters.n = asked.n;
  parameters.allocation = *allocation;
  parameters.min_per_stratum = asked.least;
  return parameters;
}

std::variant<std::string, Problem> draw_asked(Engine& engine, const SampleDesk::Asked& asked) {
  const auto parameters = parameters_of(asked);
  if (const auto* problem = std::get_if<Problem>(&parameters)) return *problem;
  const auto seed = take_random_seed(asked.seed);
  if (const auto* fault = std::get_if<SamplingFault>(&seed)) return Problem{"seed", fault->reason};
  if (trimmed(asked.how).empty()) return Problem{"how", "Say how the seed came about, for example \"ten-sided dice, in the meeting\"."};
  const bool again = engine.database().read([&](Session& session) { return !find_samples(session, asked.population).empty(); });
  const SampleAsked wanted{asked.population, std::get<SampleParameters>(parameters), asked.seed, asked.how, asked.reason, asked.by};
  auto drawn = draw_from(engine.database(), wanted, engine.now());
  if (auto* sentence = std::get_if<std::string>(&drawn))
    return Problem{again && trimmed(asked.reason).empty() ? "reason" : "", std::move(*sentence)};
  return std::get<Sample>(drawn).id;
}

SampleDesk::Why why_not(const std::variant<Sample, std::string>& answer, const char* field) {
  const auto* sentence = std::get_if<std::string>(&answer);
  return sentence == nullptr ? SampleDesk::Why{} : Problem{field, *sentence};
}

SampleDesk::Why draw_larger(Engine& engine, const SampleDesk::More& more) {
  if (trimmed(more.reason).empty()) return Problem{"reason", "Say why the sample is drawn larger."};
  return why_not(draw_more(engine.database(), more.sample, more.n, more.reason, more.by, engine.now()), "n");
}

SampleDesk::Why change_row(Engine& engine, const SampleDesk::Change& change) {
  if (trimmed(change.reason).empty()) return Problem{"reason", "Say why the row is added or dropped by hand."};
  return why_not(change_by_hand(engine.database(), change.sample, {change.row, change.add, change.reason, change.by, {}}, engine.now()),
                 "row");
}

// ---- reading ---------------------------------------------------------------------------------------------------------------------

// The sample with what it is at that draw, 0: the last. Nothing where there is no such.
struct AtDraw {
  Sample sample;
  SampleRecord record;
  std::int64_t draw = 0;
};
std::optional<AtDraw> find_at(Session& session, const std::string& id, std::int64_t draw) {
  auto sample = find_sample(session, id);
  if (!sample || draw < 0 || draw > std::ssize(sample->draws)) return std::nullopt;
  const std::int64_t number = draw == 0 ? sample->last_draw().number : draw;
  SampleRecord record = sample_record(session, *sample, number);
  return AtDraw{std::move(*sample), std::move(record), number};
}

AtDraw at_or_throw(Session& session, const std::string& id, std::int64_t draw) {
  auto found = find_at(session, id, draw);
  if (!found) throw std::logic_error("there is no sample " + id + " with such a draw");
  return std::move(*found);
}

json::array manual_list(Session& session, const AtDraw& at) {
  json::array all;
  for (const ManualChange& one : at.sample.manual) {
    const FrameRow line = population_row(session, at.sample.population_id, one.row);
    all.push_back(json::object{{"row", one.row},
                               {"entry_number", line.entry_number},
                               {"line", line.line},
                               {"action", one.add ? "add" : "drop"},
                               {"reason", one.reason},
                               {"by", one.by},
                               {"at", one.at}});
  }
  return all;
}

json::object details(Session& session, const AtDraw& at) {
  json::object answer = sample_object(at.sample);
  json::array rows;
  for (const ShownRow& one : shown_rows(session, at.sample, at.record)) rows.push_back(row_object(one));
  const bool money = by_money(at.record.parameters.method);
  answer["draw"] = at.draw;
  answer["rows"] = std::move(rows);
  answer["manual"] = manual_list(session, at);
  answer["outside"] = money ? std::ssize(rows_outside(session, at.sample.population_id)) : 0;
  answer["population_rows"] = at.record.population.rows;
  answer["population_cents"] = at.record.population.value_cents;
  answer["population_sha256"] = at.record.population.sha256;
  answer["frozen_at"] = at.record.frozen_at;
  json::array strata;
  if (at.record.parameters.method == SampleMethod::stratified) {
    const auto totals = population_strata(session, at.sample.population_id);
    for (std::size_t i = 0; i < totals.size(); ++i)
      strata.push_back(json::object{
          {"stratum", totals[i].stratum}, {"rows", totals[i].rows}, {"value_cents", totals[i].book_cents}, {"drawn", at.record.n_h.at(i)}});
  }
  answer["strata"] = std::move(strata);
  return answer;
}

// Drawn anew from the rows as they stand now; where they are not those that were frozen, that is the difference.
json::object checked(Session& session, const AtDraw& at) {
  if (const auto changed = changed_since_freeze(session, at.sample.population_id))
    return {{"same", false}, {"differences", json::array{*changed}}, {"sha256", ""}};
  const FrameTotals totals = write_population_rows(session, at.sample.population_id, {});
  const auto differences = sample_differences(at.record, population_frame(session, at.sample.population_id), totals);
  return {{"same", differences.empty()}, {"differences", json::value_from(differences)}, {"sha256", totals.sha256}};
}

std::variant<std::string, Problem> zipped(Session& session, const AtDraw& at) {
  if (const auto changed = changed_since_freeze(session, at.sample.population_id))
    return Problem{"", *changed + " No bundle is given out."};
  const WorkFolder folder;
  const fs::path file = folder.file("sample.zip");
  const auto fault =
      write_bundle(file, at.record, [&](const auto& sink) { return write_population_rows(session, at.sample.population_id, sink); });
  if (fault) throw std::runtime_error(fault->reason);
  std::ifstream in(file, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
}

// ---- sizes -----------------------------------------------------------------------------------------------------------------------

class Typed {
 public:
  explicit Typed(const json::object& typed) : typed_(typed) {}
  Rate rate(const char* field, const char* what) {
    auto taken = take_rate(text(field), what);
    if (const auto* fault = std::get_if<SamplingFault>(&taken)) note(field, fault->reason);
    return std::holds_alternative<Rate>(taken) ? std::get<Rate>(taken) : Rate{};
  }
  std::int64_t dollars(const char* field) {
    auto taken = take_cents(text(field));
    if (const auto* wrong = std::get_if<Wrong>(&taken)) note(field, "An amount in dollars, like 1,234.56: " + wrong->reason);
    return std::holds_alternative<std::int64_t>(taken) ? std::get<std::int64_t>(taken) : 0;
  }
  const std::optional<Problem>& problem() const { return problem_; }

 private:
  std::string text(const char* field) const {
    const json::value* found = typed_.if_contains(field);
    return found != nullptr && found->is_string() ? std::string(found->get_string()) : "";
  }
  void note(const char* field, std::string sentence) {
    if (!problem_) problem_ = Problem{field, std::move(sentence)};
  }
  const json::object& typed_;
  std::optional<Problem> problem_;
};

std::variant<json::object, Problem> size_of(const std::string& kind, const json::object& typed) {
  Typed read(typed);
  if (kind == "attribute") {
    const Rate tolerable = read.rate("tolerable", "The tolerable rate"), expected = read.rate("expected", "The expected rate"),
               risk = read.rate("risk", "The risk");
    if (read.problem()) return *read.problem();
    const auto result = attribute_size(tolerable, expected, risk);
    if (const auto* fault = std::get_if<SamplingFault>(&result)) return Problem{"tolerable", fault->reason};
    const auto& size = std::get<AttributeSize>(result);
    json::object answer = reckoning_object(size.reckoning);
    answer["n"] = size.n;
    answer["deviations"] = size.deviations;
    return answer;
  }
  if (kind != "mus") return Problem{"kind", "The kind is attribute or mus."};
  const std::int64_t book = read.dollars("book"), tolerable = read.dollars("tolerable"), expected = read.dollars("expected");
  const Rate risk = read.rate("risk", "The risk");
  if (read.problem()) return *read.problem();
  const auto result = monetary_size(book, tolerable, expected, risk);
  if (const auto* fault = std::get_if<SamplingFault>(&result)) return Problem{"tolerable", fault->reason};
  const auto& size = std::get<MonetarySize>(result);
  json::object answer = reckoning_object(size.reckoning);
  answer["n"] = size.n;
  answer["interval_cents"] = size.interval_cents;
  answer["factor"] = size.factor;
  return answer;
}

// ---- findings --------------------------------------------------------------------------------------------------------------------

ErrorDirection direction_of(std::string_view name) {
  return name == "overstated" ? ErrorDirection::overstated : ErrorDirection::understated;
}

json::object finding_object(const Finding& one) {
  json::array errors;
  for (const ItemError& error : one.errors)
    errors.push_back(json::object{{"cents", error.cents},
                                  {"direction", error.direction == ErrorDirection::overstated ? "overstated" : "understated"},
                                  {"cause", error.cause}});
  return {{"version", one.version}, {"errors", std::move(errors)}, {"note", one.note}, {"by", one.by}, {"at", to_text(one.at)}};
}

SampleDesk::Why record(Engine& engine, const SampleDesk::Finding& said) {
  FindingSaid wanted{said.sample, said.row, said.seen, {}, said.note, said.by};
  for (const json::value& one : said.errors)
    wanted.errors.push_back({one.at("cents").to_number<std::int64_t>(), direction_of(std::string_view(one.at("direction").as_string())),
                             std::string(one.at("cause").as_string())});
  auto answer = record_finding(engine.database(), wanted, engine.now());
  const auto* problem = std::get_if<Problem>(&answer);
  return problem == nullptr ? SampleDesk::Why{} : *problem;
}

RowErrors errors_of(const std::vector<Finding>& findings, const SampleRecord& record) {
  RowErrors errors;
  for (const Finding& one : findings) {
    const bool drawn = std::ranges::find(record.drawn, one.row, &DrawnRow::row) != record.drawn.end();
    if (drawn && !one.errors.empty() && std::ranges::binary_search(record.list, one.row)) errors[one.row] = one.errors;
  }
  return errors;
}

json::object findings_object(Session& session, const AtDraw& at) {
  const auto findings = findings_of(session, at.sample);
  json::array items, by_hand;
  std::int64_t open = 0, open_by_hand = 0;
  for (const ShownRow& one : shown_rows(session, at.sample, at.record)) {
    json::object row = row_object(one);
    const auto found = std::ranges::find(findings, one.row, &Finding::row);
    if (found == findings.end()) ++(one.by_hand ? open_by_hand : open);
    row["finding"] = found == findings.end() ? json::value(nullptr) : json::value(finding_object(*found));
    (one.by_hand ? by_hand : items).push_back(std::move(row));
  }
  auto reviewed = reviewed_items(session, at.sample, at.record, errors_of(findings, at.record));
  return {{"sample", at.sample.id}, {"items", std::move(items)},    {"by_hand", std::move(by_hand)},
          {"open", open},           {"open_by_hand", open_by_hand}, {"causes", cause_list(totals_by_cause(std::get<0>(reviewed)))}};
}

std::variant<json::object, Problem> projected(Session& session, const std::string& id, const std::string& estimator,
                                              const std::string& confidence) {
  const AtDraw at = at_or_throw(session, id, 0);
  const auto how = estimator_named(estimator);
  if (!how) return Problem{"estimator", "Choose mean-per-unit, difference or ratio."};
  const auto rate = take_rate(confidence, "The confidence");
  if (const auto* fault = std::get_if<SamplingFault>(&rate)) return Problem{"confidence", fault->reason};
  json::object answer = findings_object(session, at);
  const auto open = answer.at("open").to_number<std::int64_t>();
  const auto items = std::ssize(answer.at("items").as_array());
  if (open > 0) return Problem{"", fmt::format("{} of {} rows have not been looked at yet. A projection needs all of them.", open, items)};
  const auto reviewed = reviewed_items(session, at.sample, at.record, errors_of(findings_of(session, at.sample), at.record));
  const auto result =
      project_sample(session, at.sample, at.record, std::get<std::vector<ReviewedItem>>(reviewed), *how, std::get<Rate>(rate));
  if (const auto* fault = std::get_if<SamplingFault>(&result)) return Problem{"", fault->reason};
  answer.erase("by_hand");
  answer["items"] = items;
  answer["method"] = name_of(at.record.parameters.method);
  answer["estimator"] = by_money(at.record.parameters.method) ? "stringer" : estimator;
  answer["confidence"] = shown(std::get<Rate>(rate));
  answer["population_rows"] = at.record.population.rows;
  answer["population_cents"] = at.record.population.value_cents;
  answer["dropped"] = std::ranges::count(at.sample.manual, false, &ManualChange::add);
  for (const SideProjection& one : std::get<0>(result)) answer[name_of(one.side)] = projection_object(one.figures);
  return answer;
}

}  // namespace

http::SampleDesk sample_desk(Engine& engine) {
  http::SampleDesk desk;
  Database& database = engine.database();
  desk.draw = [&engine](const SampleDesk::Asked& asked) { return draw_asked(engine, asked); };
  desk.more = [&engine](const SampleDesk::More& more) { return draw_larger(engine, more); };
  desk.change = [&engine](const SampleDesk::Change& change) { return change_row(engine, change); };
  desk.list = [&database](const std::string& case_id) {
    json::array all;
    database.read([&](Session& session) {
      for (const Sample& one : find_samples(session, ""))
        if (one.case_id == case_id) all.push_back(sample_object(one));
    });
    return all;
  };
  desk.find = [&database](const std::string& id, std::int64_t draw) {
    return database.read([&](Session& session) {
      const auto at = find_at(session, id, draw);
      return at ? std::optional(details(session, *at)) : std::nullopt;
    });
  };
  desk.check = [&database](const std::string& id, std::int64_t draw) {
    return database.read([&](Session& session) { return checked(session, at_or_throw(session, id, draw)); });
  };
  desk.bundle = [&database](const std::string& id, std::int64_t draw) {
    return database.read([&](Session& session) { return zipped(session, at_or_throw(session, id, draw)); });
  };
  desk.row_of = [&database](const std::string& population, const std::string& entry_number, int line) {
    return database.read([&](Session& session) { return row_of_line(session, population, entry_number, line); });
  };
  desk.size = size_of;
  desk.record = [&engine](const SampleDesk::Finding& said) { return record(engine, said); };
  desk.rest_without_error = [&engine](const std::string& sample, const std::string& by) {
    return record_rest_without_error(engine.database(), sample, by, engine.now());
  };
  desk.findings = [&database](const std::string& id) {
    return database.read([&](Session& session) { return findings_object(session, at_or_throw(session, id, 0)); });
  };
  desk.project = [&database](const std::string& id, const std::string& estimator, const std::string& confidence) {
    return database.read([&](Session& session) { return projected(session, id, estimator, confidence); });
  };
  return desk;
}

}  // namespace tradecase
