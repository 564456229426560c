// The parts of a zip file, read as streams and never unpacked; what would do harm is refused.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace tradecase::xlsx {

// Why a file cannot be read at all: a sentence for the person who has to mend it.
struct Refused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Limits: 2,000 parts; 4 GiB a part; a part larger than 32 MiB may be 100 times as large as its packed bytes.
class Archive {
 public:
  explicit Archive(const std::filesystem::path& file);  // throws Refused

  const std::vector<std::string>& names() const { return names_; }
  bool has(std::string_view name) const;

  // One part's bytes, in order.
  class Part {
   public:
    Part(Archive& archive, const std::string& name);  // throws Refused
    std::size_t read(std::span<char> into);           // 0 at the end; throws Refused where the bytes are damaged or too many
    std::int64_t size() const { return size_; }       // as the file says
    std::int64_t position() const { return position_; }

   private:
    void refuse_bomb(std::int64_t bytes) const;

    std::shared_ptr<void> stream_;
    std::string name_;
    std::int64_t size_ = 0, packed_ = 0, position_ = 0;
  };

 private:
  std::shared_ptr<void> zip_;
  std::vector<std::string> names_;
};

}  // namespace tradecase::xlsx
