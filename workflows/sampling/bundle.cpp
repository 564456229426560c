// sample.json: writing it, reading it strictly, comparing it with what the population gives.
#include "workflows/sampling/bundle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/json.hpp"

namespace tradecase {
namespace {

constexpr std::string_view format_name = "tradecase-sample/1";
constexpr std::size_t frame_rows_max = 20'000'000;

struct Unreadable {
  std::string reason;
};

// An object whose keys are asked for one by one; whatever is left over is a fault.
class Strict {
 public:
  Strict(const json::value& value, std::string_view where) : where_(where) {
    if (!value.is_object()) throw Unreadable{fmt::format("{} is not an object.", where)};
    object_ = &value.get_object();
  }
  const json::value& at(std::string_view key) {
    asked_.insert(std::string(key));
    const json::value* found = object_->if_contains(key);
    if (!found) throw Unreadable{fmt::format("{} lacks \"{}\".", where_, key)};
    return *found;
  }
  std::string text(std::string_view key) {
    const auto* text = at(key).if_string();
    if (!text) throw wrong(key, "a text");
    return std::string(*text);
  }
  std::int64_t number(std::string_view key) {
    const auto* number = at(key).if_int64();
    if (!number) throw wrong(key, "a whole number");
    return *number;
  }
  const json::array& list(std::string_view key) {
    const auto* list = at(key).if_array();
    if (!list) throw wrong(key, "a list");
    return *list;
  }
  std::vector<std::int64_t> numbers(std::string_view key) {
    std::vector<std::int64_t> all;
    for (const json::value& one : list(key)) {
      if (!one.is_int64()) throw wrong(key, "a list of whole numbers");
      all.push_back(one.get_int64());
    }
    return all;
  }
  template <class Find>
  auto named(std::string_view key, Find find) {
    const std::string name = text(key);
    const auto found = find(name);
    if (!found) throw Unreadable{fmt::format("{}: \"{}\" is \"{}\", which is not known.", where_, key, name)};
    return *found;
  }
  void finish() const {
    for (const auto& pair : *object_)
      if (!asked_.contains(std::string(pair.key())))
        throw Unreadable{fmt::format("{} holds \"{}\", which is not known.", where_, std::string_view(pair.key()))};
  }

 private:
  Unreadable wrong(std::string_view key, std::string_view kind) const { return {fmt::format("{}: \"{}\" is not {}.", where_, key, kind)}; }

  std::string where_;
  const json::object* object_ = nullptr;
  std::set<std::string> asked_;
};

void read_parameters(SampleRecord& record, const json::value& value) {
  Strict parameters(value, "parameters");
  if (by_money(record.parameters.method)) {
    record.parameters.interval_cents = parameters.number("interval_cents");
  } else {
    record.parameters.n = parameters.number("n");
    if (record.parameters.method == SampleMethod::stratified) {
      record.parameters.allocation = parameters.named("allocation", allocation_named);
      record.parameters.min_per_stratum = parameters.number("min_per_stratum");
      record.n_h = parameters.numbers("n_h");
    }
  }
  parameters.finish();
}

json::object written_parameters(const SampleRecord& record) {
  if (by_money(record.parameters.method)) return {{"interval_cents", record.parameters.interval_cents}};
  json::object parameters{{"n", record.parameters.n}};
  if (record.parameters.method != SampleMethod::stratified) return parameters;
  parameters["allocation"] = name_of(record.parameters.allocation);
  parameters["min_per_stratum"] = record.parameters.min_per_stratum;
  parameters["n_h"] = json::value_from(record.n_h);
  return parameters;
}

SampleRecord read_record(const json::value& value) {
  SampleRecord record;
  Strict sample(value, "sample.json");
  if (const auto format = sample.text("format"); format != format_name)
    throw Unreadable{fmt::format("The format \"{}\" is not known.", format)};
  Strict population(sample.at("population"), "population");
  record.population = {population.number("rows"), population.number("total_cents"), population.text("sha256")};
  record.frozen_at = population.text("frozen_at");
  population.finish();
  record.seed = sample.text("seed");
  record.seed_at = sample.text("seed_at");
  record.parameters.method = sample.named("method", sample_method);
  read_parameters(record, sample.at("parameters"));
  for (const json::value& one : sample.list("drawn")) {
    Strict drawn(one, "drawn");
    record.drawn.push_back({drawn.number("row"), drawn.number("hits"), drawn.number("counter")});
    record.strata.push_back(drawn.text("stratum"));
    drawn.finish();
  }
  for (const json::value& one : sample.list("manual")) {
    Strict manual(one, "manual");
    const bool add = manual.named("action", [](std::string_view name) {
      return name == "add" ? std::optional(true) : name == "drop" ? std::optional(false) : std::nullopt;
    });
    record.manual.push_back({manual.number("row"), add, manual.text("reason"), manual.text("by"), manual.text("at")});
    manual.finish();
  }
  record.list = sample.numbers("list");
  sample.finish();
  return record;
}

std::string said(const SampleRecord& record, std::size_t place) {
  if (place >= record.drawn.size()) return "nothing";
  const DrawnRow& one = record.drawn[place];
  return fmt::format("row {} ({} hits, counter {}, stratum \"{}\")", one.row, one.hits, one.counter, record.strata[place]);
}

}  // namespace

std::optional<SamplingFault> complete(SampleRecord& record, const Frame& frame) {
  auto result = draw_sample(frame, record.parameters, record.seed);
  if (auto* fault = std::get_if<SamplingFault>(&result)) return std::move(*fault);
  Draw& draw = std::get<Draw>(result);
  record.n_h = std::move(draw.n_h);
  record.drawn = std::move(draw.rows);
  record.strata.clear();
  for (const DrawnRow& one : record.drawn) record.strata.push_back(frame.strata[frame.stratum[static_cast<std::size_t>(one.row) - 1]]);
  auto list = sample_list(record.drawn, record.manual, static_cast<std::int64_t>(frame.rows()));
  if (auto* fault = std::get_if<SamplingFault>(&list)) return std::move(*fault);
  record.list = std::get<0>(std::move(list));
  return std::nullopt;
}

std::string sample_json(const SampleRecord& record) {
  json::array drawn, manual;
  for (std::size_t i = 0; i < record.drawn.size(); ++i) {
    const DrawnRow& one = record.drawn[i];
    drawn.push_back(json::object{{"row", one.row}, {"hits", one.hits}, {"counter", one.counter}, {"stratum", record.strata[i]}});
  }
  for (const ManualChange& one : record.manual)
    manual.push_back(
        json::object{{"row", one.row}, {"action", one.add ? "add" : "drop"}, {"reason", one.reason}, {"by", one.by}, {"at", one.at}});
  const FrameTotals& of = record.population;
  const json::object population{{"rows", of.rows}, {"sha256", of.sha256}, {"total_cents", of.value_cents}, {"frozen_at", record.frozen_at}};
  return json::serialize(json::object{{"format", format_name},
                                      {"population", population},
                                      {"seed", record.seed},
                                      {"seed_at", record.seed_at},
                                      {"method", name_of(record.parameters.method)},
                                      {"parameters", written_parameters(record)},
                                      {"drawn", std::move(drawn)},
                                      {"manual", std::move(manual)},
                                      {"list", json::value_from(record.list)}}) +
         "\n";
}

std::variant<SampleRecord, SamplingFault> read_sample_json(std::string_view text) {
  json::error_code fault;
  const json::value value = json::parse(text, fault);
  if (fault) return SamplingFault{"sample.json is not JSON: " + fault.message() + "."};
  try {
    return read_record(value);
  } catch (const Unreadable& unreadable) {
    return SamplingFault{unreadable.reason};
  }
}

std::vector<std::string> sample_differences(const SampleRecord& record, const Frame& frame, const FrameTotals& population) {
  std::vector<std::string> found;
  const FrameTotals& told = record.population;
  if (told.sha256 != population.sha256)
    found.push_back(fmt::format("population: its SHA-256 is {}, not {}", population.sha256, told.sha256));
  if (told.rows != population.rows) found.push_back(fmt::format("population: it has {} rows, not {}", population.rows, told.rows));
  if (told.value_cents != population.value_cents)
    found.push_back(fmt::format("population: its total is {} cents, not {}", population.value_cents, told.value_cents));
  SampleRecord again{population, record.frozen_at, record.seed, record.seed_at, record.parameters, {}, {}, {}, record.manual, {}};
  if (const auto fault = complete(again, frame)) {
    found.push_back(fault->reason);
    return found;
  }
  if (again.n_h != record.n_h)
    found.push_back(fmt::format("the shares of the strata are {}, not {}", json::serialize(json::value_from(again.n_h)),
                                json::serialize(json::value_from(record.n_h))));
  for (std::size_t place = 0; place < std::max(again.drawn.size(), record.drawn.size()); ++place)
    if (const auto mine = said(again, place), theirs = said(record, place); mine != theirs)
      found.push_back(fmt::format("drawn, place {}: {}, not {}", place + 1, mine, theirs));
  std::vector<std::int64_t> theirs = record.list, apart;
  std::ranges::sort(theirs);
  if (theirs != record.list || std::ranges::adjacent_find(theirs) != theirs.end()) found.emplace_back("list: not in order, or a row twice");
  std::ranges::set_symmetric_difference(again.list, theirs, std::back_inserter(apart));
  for (const std::int64_t row : apart)
    found.push_back(fmt::format("list: row {} is {}", row, std::ranges::binary_search(again.list, row) ? "missing" : "too many"));
  return found;
}

std::variant<FrameFile, SamplingFault> read_frame_file(std::istream& in) {
  FrameColumns columns;
  FrameReading reading;
  std::size_t rows = 0;
  reading.on_row = [&](FrameRow&& row) {
    if (++rows > frame_rows_max) throw Unreadable{fmt::format("population.csv has more than {} rows.", frame_rows_max)};
    columns.add(row);
  };
  reading.on_error = [](LineError&& error) {
    throw Unreadable{
        fmt::format("population.csv, line {}{}{}: {}", error.line, error.field.empty() ? "" : ", ", error.field, error.reason)};
  };
  try {
    FrameTotals totals = read_frame(in, reading);
    return FrameFile{columns.finish(), std::move(totals)};
  } catch (const Unreadable& unreadable) {
    return SamplingFault{unreadable.reason};
  } catch (const std::overflow_error& unreadable) {
    return SamplingFault{unreadable.what()};
  }
}

}  // namespace tradecase
