#include "adapters/smtp/folder.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <system_error>

#include "adapters/smtp/mime.hpp"

namespace tradecase {
namespace {

namespace fs = std::filesystem;
using Outcome = Delivery::Outcome;

int checked(int result, const fs::path& path) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), path.string());
  return result;
}

class Descriptor {
 public:
  Descriptor(const fs::path& path, int flags) : path_(path), number_(checked(open(path.c_str(), flags | O_CLOEXEC, 0644), path)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(number_); }

  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t written = ::write(number_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      checked(written < 0 ? -1 : 0, path_);
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  void sync() { checked(fsync(number_), path_); }

 private:
  const fs::path path_;
  const int number_;
};

std::string content(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  if (!in) throw std::system_error(errno, std::generic_category(), file.string());
  return bytes;
}

void write_whole(const fs::path& file, std::string_view bytes) {
  const fs::path part = file.parent_path() / ("." + file.filename().string() + ".part");
  Descriptor out(part, O_WRONLY | O_CREAT | O_TRUNC);
  out.write(bytes);
  out.sync();
  fs::rename(part, file);
}

Delivery put(const fs::path& folder, const Message& message) {
  const std::string bytes = message_bytes(message);
  fs::create_directories(folder);
  const fs::path file = folder / (message.message_id + ".eml");
  const bool there = fs::exists(file);
  if (there && content(file) != bytes) return {Outcome::given_up, file.string() + " holds another mail with this message id"};
  if (!there) write_whole(file, bytes);
  Descriptor(folder, O_RDONLY | O_DIRECTORY).sync();  // the name too outlives a power cut
  return {Outcome::sent, file.string()};
}

}  // namespace

Sender folder_sender(fs::path folder) {
  return [folder = std::move(folder)](const Message& message) -> Delivery {
    if (auto why = why_unsendable(message)) return {Outcome::given_up, *why};
    try {
      return put(folder, message);
    } catch (const std::system_error& fault) {  // fs::filesystem_error too
      return {Outcome::retry_later, fault.what()};
    }
  };
}

}  // namespace tradecase
