#include "engine/store/export.hpp"

#include <fstream>

#include "engine/merkle.hpp"
#include "engine/sha256.hpp"
#include "engine/store/store.hpp"

namespace tradecase {
namespace {

void require(bool worked, const std::filesystem::path& file) {
  if (!worked) throw StoreFailure("The file " + file.string() + " cannot be written.");
}

}  // namespace

std::string export_record(Session& session, const std::filesystem::path& dir) {
  std::error_code failed;
  std::filesystem::create_directories(dir, failed);
  require(!failed, dir);
  const std::filesystem::path file = dir / "history.jsonl", draft = dir / "history.jsonl.part";
  std::ofstream out(draft, std::ios::binary | std::ios::trunc);
  require(out.good(), draft);
  MerkleRoot root;
  each_line(session, [&](const Event& event) {
    out << event.line << '\n';
    require(out.good(), draft);
    root.add(leaf_hash_hex(event.line));
  });
  out.close();
  require(out.good(), draft);
  std::filesystem::rename(draft, file, failed);
  require(!failed, file);
  return root.hex();
}

}  // namespace tradecase
