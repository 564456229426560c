#include "workflows/sampling/sample_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "engine/json.hpp"
#include "engine/sha256.hpp"
#include "engine/store/store.hpp"
#include "engine/text.hpp"

namespace tradecase {

const char* const sample_tables = R"sql(
create table samples (
  number integer primary key,           -- SMP-000012 is number 12
  population integer not null references populations (number),
  seed text not null,
  seed_how text not null,
  seed_by text not null,
  seed_at integer not null              -- after the population's freeze
) strict;
create index samples_of_population on samples (population);

create table draws (
  sample integer not null references samples (number),
  draw integer not null,                -- 1, 2, 3 … of the sample
  parameters text not null check (json_valid(parameters)),
  n_h text not null check (json_valid(n_h)),
  reason text not null,
  drawn_by text not null,
  drawn_at integer not null,
  primary key (sample, draw)
) strict, without rowid;

create table drawn_rows (
  sample integer not null,
  draw integer not null,
  place integer not null,               -- 1, 2, 3 … in the order of draw
  row integer not null,                 -- of the population
  hits integer not null,
  counter integer not null,
  primary key (sample, draw, place),
  foreign key (sample, draw) references draws (sample, draw)
) strict, without rowid;

create table sample_changes (
  sample integer not null references samples (number),
  change integer not null,              -- 1, 2, 3 … of the sample
  row integer not null,
  added integer not null,               -- 1: added by hand, 0: dropped
  reason text not null,
  changed_by text not null,
  changed_at integer not null,
  primary key (sample, change)
) strict, without rowid;

create trigger samples_update before update on samples begin select raise(abort, 'a sample on record never changes'); end;
create trigger samples_delete before delete on samples begin select raise(abort, 'a sample on record never changes'); end;
create trigger draws_update before update on draws begin select raise(abort, 'a draw on record never changes'); end;
create trigger draws_delete before delete on draws begin select raise(abort, 'a draw on record never changes'); end;
create trigger drawn_rows_update before update on drawn_rows begin select raise(abort, 'a draw on record never changes'); end;
create trigger drawn_rows_delete before delete on drawn_rows begin select raise(abort, 'a draw on record never changes'); end;
create trigger sample_changes_update before update on sample_changes begin select raise(abort, 'a change by hand stays on record'); end;
create trigger sample_changes_delete before delete on sample_changes begin select raise(abort, 'a change by hand stays on record'); end;
)sql";

namespace {

using Text = std::string;
using Number = std::int64_t;

constexpr std::size_t reason_bytes_max = 2000;

std::string sample_id(Number number) { return fmt::format("SMP-{:06}", number); }

Number sample_number(std::string_view id) {
  if (id.starts_with("SMP-")) id.remove_prefix(4);
  Number number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  return error == std::errc() && end == id.data() + id.size() ? number : 0;
}

std::string stored_parameters(const SampleParameters& parameters) {
  return json::serialize(json::object{{"method", name_of(parameters.method)},
                                      {"n", parameters.n},
                                      {"interval_cents", parameters.interval_cents},
                                      {"allocation", name_of(parameters.allocation)},
                                      {"min_per_stratum", parameters.min_per_stratum}});
}

SampleParameters parameters_from(const std::string& text) {
  const json::object all = json::parse(text).as_object();
  const auto method = sample_method(std::string_view(all.at("method").as_string()));
  const auto allocation = allocation_named(std::string_view(all.at("allocation").as_string()));
  if (!method || !allocation) throw std::runtime_error("A draw on record has a method that is not known.");
  return {*method, all.at("n").as_int64(), all.at("interval_cents").as_int64(), *allocation, all.at("min_per_stratum").as_int64()};
}

void read_draws(Session& session, Sample& sample) {
  session.each<Number, Text, Text, Text, Text, Number, Number>(
      "select draw, parameters, n_h, reason, drawn_by, drawn_at, (select count(*) from drawn_rows r where r.sample = d.sample and r.draw = "
      "d.draw) from draws d where sample = :sample order by draw",
      {sample.number}, [&](Number draw, Text parameters, Text n_h, Text reason, Text by, Number at, Number rows) {
        sample.draws.push_back({draw, parameters_from(parameters), json::value_to<std::vector<Number>>(json::parse(n_h)), rows,
                                std::move(reason), std::move(by), from_ms(at)});
      });
  session.each<Number, bool, Text, Text, Number>(
      "select row, added, reason, changed_by, changed_at from sample_changes where sample = :sample order by change", {sample.number},
      [&](Number row, bool add, Text reason, Text by, Number at) {
        sample.manual.push_back({row, add, std::move(reason), std::move(by), to_text(from_ms(at))});
      });
}

std::vector<Sample> samples_where(Session& session, const std::string& where, Binds binds) {
  std::vector<Sample> all;
  session.each<Number, Number, Text, Text, Text, Text, Number>(
      "select s.number, s.population, p.case_id, s.seed, s.seed_how, s.seed_by, s.seed_at from samples s join populations p on p.number = "
      "s.population where " +
          where + " order by s.number",
      binds, [&](Number number, Number population, Text case_id, Text seed, Text how, Text by, Number at) {
        all.push_back({number,
                       sample_id(number),
                       population_id(population),
                       std::move(case_id),
                       std::move(seed),
                       std::move(how),
                       std::move(by),
                       from_ms(at),
                       {},
                       {}});
      });
  for (Sample& sample : all) read_draws(session, sample);
  return all;
}

std::vector<DrawnRow> drawn_rows_of(Session& session, Number sample, Number draw) {
  std::vector<DrawnRow> rows;
  session.each<Number, Number, Number>("select row, hits, counter from drawn_rows where sample = :sample and draw = :draw order by place",
                                       {sample, draw}, [&](Number row, Number hits, Number counter) {
                                         rows.push_back({row, hits, counter});
                                       });
  return rows;
}

void put_draw(Transaction& tx, Number sample, Number number, const SampleParameters& parameters, const Draw& draw,
              const std::string& reason, const std::string& by, Instant now) {
  Session& session = tx.session();
  const std::string stored = stored_parameters(parameters), n_h = json::serialize(json::value_from(draw.n_h));
  session.run(
      "insert into draws (sample, draw, parameters, n_h, reason, drawn_by, drawn_at) values (:sample, :draw, :parameters, :n_h, :reason, "
      ":by, "
      ":at)",
      {sample, number, stored, n_h, reason, by, to_ms(now)});
  Number place = 0;
  for (const DrawnRow& one : draw.rows)
    session.run("insert into drawn_rows (sample, draw, place, row, hits, counter) values (:sample, :draw, :place, :row, :hits, :counter)",
                {sample, number, ++place, one.row, one.hits, one.counter});
}

void put_line(Transaction& tx, std::string_view command, const Sample& sample, const std::string& by, Instant now, json::object more) {
  more["sample"] = sample.id;
  more["population"] = sample.population_id;
  record_line(tx, "sample", command, by, now, more);
}

// A reason or an account of a seed: a sentence where it is missing or cannot be kept.
std::optional<std::string> words_problem(std::string_view text, std::string_view what, std::string_view ask) {
  if (trimmed(text).empty()) return std::string(ask);
  if (const auto problem = text_problem(text, reason_bytes_max)) return fmt::format("The {} {}.", what, *problem);
  return std::nullopt;
}

std::optional<std::string> not_drawable(Session& session, const Population& population, const SampleAsked& asked) {
  if (auto closed = closed_case_problem(session, population.case_id)) return closed;
  if (!population.frozen)
    return population.id + " is not frozen. Freeze it first: a seed that is known before the freeze could be chosen to fit.";
  if (auto problem = words_problem(asked.seed_how, "account of the seed",
                                   "Say how the seed came about, for example \"ten-sided dice, in the meeting\"."))
    return problem;
  const auto earlier = find_samples(session, population.id);
  if (!earlier.empty())
    if (auto problem = words_problem(asked.reason, "reason",
                                     fmt::format("{} has been drawn from {}, which stays on record. Say why there is another draw.",
                                                 earlier.back().id, population.id)))
      return problem;
  return changed_since_freeze(session, population.id);
}

// The sample as it stands now, after a commit.
Sample again(Database& database, Number number) {
  return database.read([&](Session& session) { return samples_where(session, "s.number = :number", {number}).front(); });
}

}  // namespace

std::optional<std::string> changed_since_freeze(Session& session, std::string_view population_id) {
  const auto population = find_population(session, population_id);
  const std::string problem = population ? population_problem(session, *population) : "";
  return problem.empty() ? std::nullopt : std::optional(fmt::format("{} is not what was frozen: {}.", population_id, problem));
}

std::optional<Sample> find_sample(Session& session, std::string_view id) {
  auto found = samples_where(session, "s.number = :number", {sample_number(id)});
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<Sample> find_samples(Session& session, std::string_view population_id) {
  if (population_id.empty()) return samples_where(session, "1", {});
  const auto population = find_population(session, population_id);
  return population ? samples_where(session, "s.population = :population", {population->number}) : std::vector<Sample>{};
}

std::variant<Sample, std::string> draw_from(Database& database, const SampleAsked& asked, Instant now) {
  auto seed = take_random_seed(asked.seed);
  if (const auto* fault = std::get_if<SamplingFault>(&seed)) return fault->reason;
  std::optional<Population> population;
  std::variant<Draw, SamplingFault> draw;
  const auto refused = database.read([&](Session& session) -> std::optional<std::string> {
    population = find_population(session, asked.population_id);
    if (!population) return "There is no population " + asked.population_id + ".";
    if (auto problem = not_drawable(session, *population, asked)) return problem;
    draw = draw_sample(population_frame(session, population->id), asked.parameters, std::get<std::string>(seed));
    if (const auto* fault = std::get_if<SamplingFault>(&draw)) return fault->reason;
    return std::nullopt;
  });
  if (refused) return *refused;
  const auto number = database.write([&](Transaction& tx) -> std::variant<Number, std::string> {
    if (auto closed = closed_case_problem(tx, population->case_id)) return std::move(*closed);
    if (trimmed(asked.reason).empty() && !find_samples(tx, population->id).empty())
      return "Somebody else has drawn from " + population->id + " meanwhile. Say why there is another draw.";
    tx.session().run("insert into samples (population, seed, seed_how, seed_by, seed_at) values (:population, :seed, :how, :by, :at)",
                     {population->number, std::get<std::string>(seed), asked.seed_how, asked.by, to_ms(now)});
    const Number sample = tx.session().last_id();
    put_draw(tx, sample, 1, asked.parameters, std::get<Draw>(draw), asked.reason, asked.by, now);
    const Sample drawn = samples_where(tx, "s.number = :number", {sample}).front();
    put_line(
        tx, "draw", drawn, asked.by, now,
        {{"draw", 1}, {"seed", drawn.seed}, {"sha256", sha256_hex(sample_json(sample_record(tx, drawn, 1)))}, {"reason", asked.reason}});
    return sample;
  });
  if (const auto* sentence = std::get_if<std::string>(&number)) return *sentence;
  return again(database, std::get<Number>(number));
}

std::variant<Sample, std::string> draw_more(Database& database, std::string_view id, std::int64_t n, const std::string& reason,
                                            const std::string& by, Instant now) {
  const auto sample = database.read([&](Session& session) { return find_sample(session, id); });
  if (!sample) return fmt::format("There is no sample {}.", id);
  SampleParameters parameters = sample->last_draw().parameters;
  if (parameters.method != SampleMethod::simple && parameters.method != SampleMethod::stratified)
    return std::string("Only a simple or stratified sample goes on by the same seed. Draw another sample.");
  if (n <= parameters.n) return fmt::format("{} has {} rows already: a larger sample has more.", sample->id, parameters.n);
  if (auto problem = words_problem(reason, "reason", "Say why the sample is drawn larger.")) return *problem;
  parameters.n = n;
  std::variant<Draw, SamplingFault> draw;
  const auto refused = database.read([&](Session& session) {
    auto problem = closed_case_problem(session, sample->case_id);
    if (!problem) problem = changed_since_freeze(session, sample->population_id);
    if (!problem) draw = draw_sample(population_frame(session, sample->population_id), parameters, sample->seed);
    return problem;
  });
  if (refused) return *refused;
  if (const auto* fault = std::get_if<SamplingFault>(&draw)) return fault->reason;
  for (std::size_t k = 0; k < sample->last_draw().n_h.size(); ++k)
    if (std::get<Draw>(draw).n_h[k] < sample->last_draw().n_h[k])
      return fmt::format("With {} rows, stratum {} would get fewer than it has. Choose a larger number.", n, k + 1);
  const auto next = sample->last_draw().number + 1;
  const auto stopped = database.write([&](Transaction& tx) -> std::optional<std::string> {
    if (auto closed = closed_case_problem(tx, sample->case_id)) return closed;
    if (find_sample(tx, sample->id)->last_draw().number != sample->last_draw().number)
      return "Somebody else has drawn this sample larger meanwhile.";
    put_draw(tx, sample->number, next, parameters, std::get<Draw>(draw), reason, by, now);
    const Sample drawn = *find_sample(tx, sample->id);
    put_line(
        tx, "draw", drawn, by, now,
        {{"draw", next}, {"seed", drawn.seed}, {"sha256", sha256_hex(sample_json(sample_record(tx, drawn, next)))}, {"reason", reason}});
    return std::nullopt;
  });
  if (stopped) return *stopped;
  return again(database, sample->number);
}

std::variant<Sample, std::string> change_by_hand(Database& database, std::string_view id, ManualChange change, Instant now) {
  if (auto problem = words_problem(change.reason, "reason", "Say why the row is added or dropped by hand.")) return *problem;
  const auto result = database.write([&](Transaction& tx) -> std::variant<Number, std::string> {
    const auto sample = find_sample(tx, id);
    if (!sample) return fmt::format("There is no sample {}.", id);
    if (auto closed = closed_case_problem(tx, sample->case_id)) return std::move(*closed);
    const auto rows = find_population(tx, sample->population_id)->frozen->totals.rows;
    const auto list = sample_list(drawn_rows_of(tx, sample->number, sample->last_draw().number), sample->manual, rows);
    if (change.row < 1 || change.row > rows) return fmt::format("There is no row {}: the population has {}.", change.row, rows);
    if (std::ranges::binary_search(std::get<0>(list), change.row) == change.add)
      return fmt::format("Row {} is {} in the sample.", change.row, change.add ? "already" : "not");
    tx.session().run(
        "insert into sample_changes (sample, change, row, added, reason, changed_by, changed_at) values (:sample, :change, :row, :added, "
        ":reason, :by, :at)",
        {sample->number, std::ssize(sample->manual) + 1, change.row, change.add, change.reason, change.by, to_ms(now)});
    put_line(tx, change.add ? "add" : "drop", *sample, change.by, now, {{"row", change.row}, {"reason", change.reason}});
    return sample->number;
  });
  if (const auto* sentence = std::get_if<std::string>(&result)) return *sentence;
  return again(database, std::get<Number>(result));
}

SampleRecord sample_record(Session& session, const Sample& sample, std::int64_t draw) {
  if (draw < 1 || draw > std::ssize(sample.draws)) throw std::logic_error(sample.id + " has no draw " + std::to_string(draw));
  const DrawOnRecord& drawn = sample.draws[static_cast<std::size_t>(draw) - 1];
  const auto population = find_population(session, sample.population_id);
  SampleRecord record{population->frozen->totals,
                      to_text(population->frozen->at),
                      sample.seed,
                      to_text(sample.seed_at),
                      drawn.parameters,
                      drawn.n_h,
                      drawn_rows_of(session, sample.number, draw),
                      {},
                      sample.manual,
                      {}};
  for (const DrawnRow& one : record.drawn)
    record.strata.push_back(
        session
            .value<Text>("select stratum from population_rows where population = :population and row = :row", {population->number, one.row})
            .value_or(""));
  auto list = sample_list(record.drawn, record.manual, record.population.rows);
  if (const auto* fault = std::get_if<SamplingFault>(&list)) throw std::runtime_error(sample.id + ": " + fault->reason);
  record.list = std::get<0>(std::move(list));
  return record;
}

FrameTotals write_population_rows(Session& session, std::string_view population_id, const std::function<void(std::string_view)>& sink) {
  FrameWriter writer(sink);
  each_frame_row(session, population_id, [&](const FrameRow& row) { writer.add(row); });
  return writer.finish();
}

Frame population_frame(Session& session, std::string_view population_id) {
  FrameColumns columns;
  if (const auto population = find_population(session, population_id))
    session.each<Text, Number>("select stratum, value_cents from population_rows where population = :population order by row",
                               {population->number}, [&](Text stratum, Number value) { columns.add(stratum, value); });
  return columns.finish();
}

std::vector<StratumTotals> population_strata(Session& session, std::string_view population_id) {
  std::vector<StratumTotals> all;
  if (const auto population = find_population(session, population_id))
    session.each<Text, Number, Number>(
        "select stratum, count(*), sum(value_cents) from population_rows where population = :population group by stratum order by stratum",
        {population->number}, [&](Text stratum, Number rows, Number value) {
          all.push_back({std::move(stratum), rows, value});
        });
  return all;
}

std::vector<std::int64_t> rows_outside(Session& session, std::string_view population_id) {
  std::vector<std::int64_t> all;
  if (const auto population = find_population(session, population_id))
    session.each<Number>("select row from population_rows where population = :population and value_cents <= 0 order by row",
                         {population->number}, [&](Number row) { all.push_back(row); });
  return all;
}

}  // namespace tradecase
