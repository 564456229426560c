// Bundles: what they say is read strictly, one changed byte shows, and the other program, tools/redraw.py, draws the same list.
#include "workflows/sampling/bundle.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <random>
#include <sstream>

namespace tradecase {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    std::string pattern = (fs::temp_directory_path() / "bundle-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  fs::path operator/(const std::string& name) const { return path_ / name; }

 private:
  fs::path path_;
};

std::string bytes_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void put(const fs::path& file, const std::string& bytes) { std::ofstream(file, std::ios::binary) << bytes; }

int redraw(const fs::path& bundle) {
  const std::string line = "python3 " TRADECASE_HOME "/tools/redraw.py " + bundle.string() + " > " + bundle.string() + ".said 2>&1";
  const int status = std::system(line.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// 0 the same, 1 different, 2 not readable: what the command line answers with.
int verify(const fs::path& bundle) {
  const auto result = verify_bundle(bundle);
  return std::holds_alternative<SamplingFault>(result) ? 2 : std::get<0>(result).empty() ? 0 : 1;
}

struct Made {
  std::vector<FrameRow> rows;
  Frame frame;
  SampleRecord record;

  PopulationSource source() const {
    return [this](const auto& sink) {
      FrameWriter writer(sink);
      for (const FrameRow& row : rows) writer.add(row);
      return writer.finish();
    };
  }
};

std::vector<FrameRow> random_population(std::mt19937& dice, int count) {
  static const std::vector<std::string> labels{"a", "b, \"c\"", "\xC3\xA9", "Z"};
  std::vector<FrameRow> rows;
  const auto roll = [&](std::int64_t low, std::int64_t high) { return std::uniform_int_distribution<std::int64_t>(low, high)(dice); };
  const auto kinds = static_cast<std::size_t>(roll(1, 4));
  for (int i = 0; i < count; ++i) {
    FrameRow row;
    row.entry_number = "AB" + std::to_string(1000 + i / 3);
    row.line = i % 3 + 9;
    row.hts = "8471300100";
    row.manufacturer_id = i % 5 == 0 ? "A, B\nC" : "AB";
    row.stratum = labels[static_cast<std::size_t>(roll(0, static_cast<std::int64_t>(kinds) - 1))];
    row.value_cents = i % 7 == 0 ? roll(-3, 0) : roll(1, 1) * roll(1, roll(1, 2) == 1 ? 500 : 90'000);
    rows.push_back(row);
  }
  return rows;
}

// Nothing where the parameters ask for what cannot be.
std::optional<Made> random_sample(std::mt19937& dice, SampleMethod method) {
  const auto roll = [&](std::int64_t low, std::int64_t high) { return std::uniform_int_distribution<std::int64_t>(low, high)(dice); };
  Made made;
  made.rows = random_population(dice, static_cast<int>(roll(1, 80)));
  FrameColumns columns;
  for (const FrameRow& row : made.rows) columns.add(row);
  made.frame = columns.finish();
  made.record.population = made.source()({});
  made.record.frozen_at = "2026-01-14T16:00:00.000Z";
  made.record.seed_at = "2026-01-14T17:00:00.000Z";
  made.record.seed = "\xE2\x98\x83 " + std::to_string(roll(0, 1'000'000'000));
  made.record.parameters.method = method;
  const auto rows = static_cast<std::int64_t>(made.rows.size());
  if (by_money(method))
    made.record.parameters.interval_cents = roll(1, 40'000);
  else
    made.record.parameters.n = roll(1, rows);
  if (method == SampleMethod::stratified) {
    made.record.parameters.allocation = static_cast<Allocation>(roll(0, 1));
    made.record.parameters.min_per_stratum = roll(0, 3);
  }
  made.record.manual = {{roll(1, rows), true, "named in \"it\"", "P-000001", "2026-01-15T00:00:00.000Z"},
                        {roll(1, rows), false, "lost", "P-000001", "2026-01-16T00:00:00.000Z"}};
  if (complete(made.record, made.frame)) return std::nullopt;
  return made;
}

Made small_sample() {
  std::mt19937 dice(20260114);
  for (;;)
    if (auto made = random_sample(dice, SampleMethod::simple); made && made->rows.size() > 3 && made->rows.size() < 9)
      return std::move(*made);
}

TEST_CASE("the other program draws the same list from every bundle, and finds every false row") {
  std::mt19937 dice(4);
  int same = 0;
  for (const auto method :
       {SampleMethod::simple, SampleMethod::systematic, SampleMethod::stratified, SampleMethod::mus_interval, SampleMethod::mus_cell})
    for (int round = 0; round < 5; ++round) {
      const auto made = random_sample(dice, method);
      if (!made) continue;
      const Folder folder;
      const fs::path bundle = folder / (round % 2 == 0 ? "b" : "b.zip");
      INFO(name_of(method) << ": " << sample_json(made->record));
      REQUIRE_FALSE(write_bundle(bundle, made->record, made->source()));
      CHECK(verify(bundle) == 0);
      CHECK(redraw(bundle) == 0);
      INFO(bytes_of(bundle.string() + ".said"));
      ++same;
      SampleRecord wrong = made->record;
      if (wrong.drawn.empty()) continue;
      wrong.drawn[wrong.drawn.size() / 2].counter += 1;
      REQUIRE_FALSE(write_bundle(folder / "wrong", wrong, made->source()));
      CHECK(verify(folder / "wrong") == 1);
      CHECK(redraw(folder / "wrong") == 1);
    }
  CHECK(same >= 20);
}

TEST_CASE("one byte changed after the freeze is found, whichever it is") {
  const Made made = small_sample();
  const Folder folder;
  const fs::path bundle = folder / "b";
  REQUIRE_FALSE(write_bundle(bundle, made.record, made.source()));
  const std::string rows = bytes_of(bundle / "population.csv");
  for (std::size_t at = 0; at < rows.size(); ++at) {
    std::string changed = rows;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    put(bundle / "population.csv", changed);
    INFO("byte " << at << " of " << rows.size());
    CHECK(verify(bundle) != 0);
    if (at % 60 == 0) CHECK(redraw(bundle) != 0);
  }
  put(bundle / "population.csv", rows);
  CHECK(verify(bundle) == 0);
}

TEST_CASE("sample.json comes back as it was written") {
  std::mt19937 dice(9);
  for (int round = 0; round < 50; ++round) {
    const auto made = random_sample(dice, static_cast<SampleMethod>(round % 5));
    if (!made) continue;
    const auto back = read_sample_json(sample_json(made->record));
    CHECK(std::get<SampleRecord>(back) == made->record);
  }
}

TEST_CASE("what sample.json must not hold is named, and the other program does not read it either") {
  const Made made = small_sample();
  const std::string good = sample_json(made.record);
  const auto changed = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
  };
  const std::vector<std::pair<std::string, std::string>> cases{
      {"[", "is not JSON"},
      {"[]", "sample.json is not an object."},
      {changed("tradecase-sample/1", "tradecase-sample/2"), "The format \"tradecase-sample/2\" is not known."},
      {changed("\"seed\":", "\"sead\":"), "sample.json lacks \"seed\"."},
      {changed("\"seed\":", "\"more\":1,\"seed\":"), "sample.json holds \"more\", which is not known."},
      {changed("\"rows\":", "\"more\":1,\"rows\":"), "population holds \"more\", which is not known."},
      {changed("\"n\":", "\"m\":"), "parameters lacks \"n\"."},
      {changed("\"n\":", "\"n\":1.5,\"m\":"), "parameters: \"n\" is not a whole number."},
      {changed("\"simple\"", "\"mus-cell\""), "parameters lacks \"interval_cents\"."},
      {changed("\"simple\"", "\"Simple\""), "sample.json: \"method\" is \"Simple\", which is not known."},
      {changed("\"action\":\"add\"", "\"action\":\"put\""), "manual: \"action\" is \"put\", which is not known."},
      {changed("\"hits\":1", "\"hits\":\"1\""), "drawn: \"hits\" is not a whole number."},
      {changed("\"hits\":1,", ""), "drawn lacks \"hits\"."},
      {changed("\"list\":[", "\"list\":[null,"), "sample.json: \"list\" is not a list of whole numbers."},
  };
  const Folder folder;
  REQUIRE_FALSE(write_bundle(folder / "b", made.record, made.source()));
  for (const auto& [text, reason] : cases) {
    INFO(text);
    CHECK(std::get<SamplingFault>(read_sample_json(text)).reason.find(reason) != std::string::npos);
    put(folder / "b/sample.json", text);
    CHECK(verify(folder / "b") == 2);
    CHECK(redraw(folder / "b") == 2);
  }
}

TEST_CASE("a bundle that is not there, not whole or not the population's is refused") {
  const Made made = small_sample();
  const Folder folder;
  CHECK(verify(folder / "nothing") == 2);
  CHECK(redraw(folder / "nothing") == 2);
  put(folder / "text.zip", "no zip");
  CHECK(verify(folder / "text.zip") == 2);
  CHECK(redraw(folder / "text.zip") == 2);
  REQUIRE_FALSE(write_bundle(folder / "b.zip", made.record, made.source()));
  CHECK(write_bundle(folder / "b.zip", made.record, made.source())->reason.find("already") != std::string::npos);
  std::string damaged = bytes_of(folder / "b.zip");
  damaged[damaged.find("population.csv") + 30] ^= 0x55;
  put(folder / "damaged.zip", damaged);
  CHECK(verify(folder / "damaged.zip") != 0);
  CHECK(redraw(folder / "damaged.zip") != 0);
  SampleRecord other = made.record;
  other.population.sha256[0] = other.population.sha256[0] == '0' ? '1' : '0';
  CHECK(write_bundle(folder / "other", other, made.source())->reason.find("not those of the frozen population") != std::string::npos);
  CHECK_FALSE(fs::exists(folder / "other/population.csv"));
  CHECK_FALSE(fs::exists(folder / "other/sample.json"));
  CHECK(write_bundle(folder / "other.zip", other, made.source()));
  CHECK_FALSE(fs::exists(folder / "other.zip"));
  CHECK_FALSE(fs::exists(folder / "other.zip.population"));
}

TEST_CASE("differences name their rows") {
  Made made = small_sample();
  const FrameTotals totals = made.record.population;
  CHECK(sample_differences(made.record, made.frame, totals).empty());
  SampleRecord wrong = made.record;
  wrong.list.erase(wrong.list.begin());
  CHECK(sample_differences(wrong, made.frame, totals) ==
        std::vector<std::string>{"list: row " + std::to_string(made.record.list.front()) + " is missing"});
  wrong = made.record;
  wrong.parameters.n = 1000;
  CHECK(sample_differences(wrong, made.frame, totals).front().find("A sample of 1000 cannot be drawn") == 0);
  wrong = made.record;
  wrong.seed += "0";
  CHECK_FALSE(sample_differences(wrong, made.frame, totals).empty());
}

}  // namespace
}  // namespace tradecase
