// A bundle's files: a folder, or a zip.
#include <fmt/format.h>
#include <zip.h>

#include <array>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>

#include "workflows/sampling/bundle.hpp"

namespace tradecase {
namespace {

namespace fs = std::filesystem;

constexpr const char *sample_name = "sample.json", *population_name = "population.csv";
constexpr std::size_t sample_bytes_max = 1 << 28;

struct Unusable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

using Archive = std::unique_ptr<zip_t, decltype(&zip_discard)>;  // what is not closed is thrown away

Archive open_zip(const fs::path& file, int flags) {
  int code = 0;
  Archive archive(zip_open(file.c_str(), flags, &code), &zip_discard);
  if (archive) return archive;
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  const std::string reason = zip_error_strerror(&error);
  zip_error_fini(&error);
  throw Unusable(fmt::format("{} cannot be opened as a zip: {}.", file.string(), reason));
}

// One file of a zip as a stream.
class ZippedFile : public std::streambuf {
 public:
  ZippedFile(const Archive& archive, const char* name) : file_(zip_fopen(archive.get(), name, 0), &zip_fclose) {
    if (!file_) throw Unusable(fmt::format("The zip holds no {} that can be read.", name));
  }

 protected:
  int_type underflow() override {
    const zip_int64_t got = zip_fread(file_.get(), buffer_.data(), buffer_.size());
    if (got < 0) throw Unusable("The zip is damaged.");
    setg(buffer_.data(), buffer_.data(), buffer_.data() + got);
    return got == 0 ? traits_type::eof() : traits_type::to_int_type(buffer_[0]);
  }

 private:
  std::unique_ptr<zip_file_t, decltype(&zip_fclose)> file_;
  std::array<char, 1 << 16> buffer_{};
};

std::string whole_text(std::istream& in) {
  std::string text;
  for (std::array<char, 1 << 16> piece{}; in.read(piece.data(), piece.size()), in.gcount() > 0;) {
    text.append(piece.data(), static_cast<std::size_t>(in.gcount()));
    if (text.size() > sample_bytes_max) throw Unusable("sample.json is too large.");
  }
  return text;
}

std::variant<std::vector<std::string>, SamplingFault> verified(std::istream& sample, std::istream& population) {
  population.exceptions(std::ios::badbit);  // damage must not look like the end
  sample.exceptions(std::ios::badbit);
  auto record = read_sample_json(whole_text(sample));
  if (auto* fault = std::get_if<SamplingFault>(&record)) return std::move(*fault);
  auto file = read_frame_file(population);
  if (auto* fault = std::get_if<SamplingFault>(&file)) return std::move(*fault);
  const auto& [frame, totals] = std::get<FrameFile>(file);
  return sample_differences(std::get<SampleRecord>(record), frame, totals);
}

std::ifstream open_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Unusable(fmt::format("{} cannot be read.", file.string()));
  return in;
}

// A file on the way to its place; gone when it does not get there.
class Draft {
 public:
  explicit Draft(fs::path place) : place_(std::move(place)), out_(place_, std::ios::binary | std::ios::trunc) {}
  ~Draft() {
    std::error_code ignored;
    if (!kept_) fs::remove(place_, ignored);
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;
  void write(std::string_view bytes) { out_.write(bytes.data(), static_cast<std::streamsize>(bytes.size())); }
  void close() {
    out_.close();
    if (!out_) throw Unusable(fmt::format("{} cannot be written.", place_.string()));
  }
  void keep() { kept_ = true; }
  const fs::path& place() const { return place_; }

 private:
  fs::path place_;
  std::ofstream out_;
  bool kept_ = false;
};

void write_population(Draft& draft, const SampleRecord& record, const PopulationSource& population) {
  const FrameTotals totals = population([&](std::string_view bytes) { draft.write(bytes); });
  draft.close();
  if (totals != record.population) throw Unusable("The rows are not those of the frozen population: nothing was written.");
}

void write_folder(const fs::path& folder, const SampleRecord& record, const PopulationSource& population) {
  fs::create_directories(folder);
  Draft rows(folder / population_name), sample(folder / sample_name);
  write_population(rows, record, population);
  sample.write(sample_json(record));
  sample.close();
  rows.keep();
  sample.keep();
}

void add_to_zip(const Archive& archive, const char* name, zip_source_t* source) {
  if (source && zip_file_add(archive.get(), name, source, ZIP_FL_ENC_UTF_8) >= 0) return;
  zip_source_free(source);
  throw Unusable(fmt::format("{} cannot be put into the zip: {}.", name, zip_strerror(archive.get())));
}

void write_zip(const fs::path& file, const SampleRecord& record, const PopulationSource& population) {
  Draft rows(fs::path(file) += ".population");
  write_population(rows, record, population);
  const std::string sample = sample_json(record);
  Archive archive = open_zip(file, ZIP_CREATE | ZIP_EXCL);
  add_to_zip(archive, sample_name, zip_source_buffer(archive.get(), sample.data(), sample.size(), 0));
  add_to_zip(archive, population_name, zip_source_file(archive.get(), rows.place().c_str(), 0, -1));
  if (zip_close(archive.get()) != 0) throw Unusable(fmt::format("{} cannot be written: {}.", file.string(), zip_strerror(archive.get())));
  static_cast<void>(archive.release());  // zip_close has freed it
}

}  // namespace

std::optional<SamplingFault> write_bundle(const fs::path& to, const SampleRecord& record, const PopulationSource& population) {
  try {
    const bool zip = to.extension() == ".zip";
    for (const fs::path& taken : zip ? std::vector{to} : std::vector{to / sample_name, to / population_name})
      if (fs::exists(taken)) throw Unusable(fmt::format("There is a file {} already: choose another place.", taken.string()));
    (zip ? write_zip : write_folder)(to, record, population);
    return std::nullopt;
  } catch (const Unusable& fault) {
    return SamplingFault{fault.what()};
  } catch (const fs::filesystem_error& fault) {
    return SamplingFault{fmt::format("{} cannot be written: {}.", to.string(), fault.code().message())};
  }
}

std::variant<std::vector<std::string>, SamplingFault> verify_bundle(const fs::path& bundle) {
  try {
    if (fs::is_directory(bundle)) {
      std::ifstream sample = open_file(bundle / sample_name), population = open_file(bundle / population_name);
      return verified(sample, population);
    }
    const Archive archive = open_zip(bundle, ZIP_RDONLY);
    ZippedFile sample_file(archive, sample_name), population_file(archive, population_name);
    std::istream sample(&sample_file), population(&population_file);
    return verified(sample, population);
  } catch (const Unusable& fault) {
    return SamplingFault{fault.what()};
  } catch (const fs::filesystem_error& fault) {
    return SamplingFault{fmt::format("{} cannot be read: {}.", bundle.string(), fault.code().message())};
  }
}

}  // namespace tradecase
