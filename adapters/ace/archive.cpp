#include "adapters/ace/archive.hpp"

#include <zip.h>

#include <algorithm>

namespace tradecase::xlsx {
namespace {

constexpr zip_int64_t parts_max = 2000;
constexpr std::int64_t part_bytes_max = 4LL << 30;
constexpr std::int64_t unsuspected_bytes = 32 << 20;
constexpr std::int64_t ratio_max = 100;

constexpr char not_whole[] = "The file is not a whole workbook: it is damaged or was cut short. Save or download it again.";

}  // namespace

Archive::Archive(const std::filesystem::path& file) {
  int code = 0;
  zip_t* opened = zip_open(file.c_str(), ZIP_RDONLY, &code);
  if (opened == nullptr) throw Refused(not_whole);
  zip_ = std::shared_ptr<void>(opened, [](void* zip) { zip_discard(static_cast<zip_t*>(zip)); });
  const zip_int64_t count = zip_get_num_entries(opened, 0);
  if (count > parts_max) throw Refused("The file holds more than 2,000 parts, which no workbook of entry lines does.");
  for (zip_int64_t i = 0; i < count; ++i) {
    const char* name = zip_get_name(opened, static_cast<zip_uint64_t>(i), ZIP_FL_ENC_GUESS);
    names_.emplace_back(name != nullptr ? name : "");
  }
}

bool Archive::has(std::string_view name) const { return std::ranges::find(names_, name) != names_.end(); }

Archive::Part::Part(Archive& archive, const std::string& name) : name_(name) {
  auto* zip = static_cast<zip_t*>(archive.zip_.get());
  zip_stat_t stat;
  if (zip_stat(zip, name.c_str(), 0, &stat) != 0) throw Refused("The file is no workbook: it has no " + name + ".");
  if ((stat.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && stat.encryption_method != ZIP_EM_NONE)
    throw Refused("The file is protected by a password. Save it without one.");
  size_ = static_cast<std::int64_t>(stat.size);
  packed_ = static_cast<std::int64_t>(stat.comp_size);
  refuse_bomb(size_);
  zip_file_t* opened = zip_fopen(zip, name.c_str(), 0);
  if (opened == nullptr) throw Refused(not_whole);
  stream_ = std::shared_ptr<void>(opened, [](void* stream) { zip_fclose(static_cast<zip_file_t*>(stream)); });
}

void Archive::Part::refuse_bomb(std::int64_t bytes) const {
  if (bytes > part_bytes_max) throw Refused("Unpacked, " + name_ + " is larger than 4 GiB.");
  if (bytes > unsuspected_bytes && bytes / ratio_max > std::max<std::int64_t>(packed_, 1))
    throw Refused("Unpacked, " + name_ + " is more than 100 times as large as in the file. No report of entry lines is; it was not read.");
}

std::size_t Archive::Part::read(std::span<char> into) {
  const zip_int64_t count = zip_fread(static_cast<zip_file_t*>(stream_.get()), into.data(), into.size());
  if (count < 0) throw Refused(not_whole);
  position_ += count;
  refuse_bomb(position_);  // what the file says of its own sizes need not be true
  return static_cast<std::size_t>(count);
}

}  // namespace tradecase::xlsx
