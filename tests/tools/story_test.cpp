// The fourteen-month story as a journey: the shipped script plays it through the one program and checks itself; played again, it
// leaves the same record.
#include <sys/wait.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <future>

#include "engine/json.hpp"
#include "tests/folder.hpp"

using namespace tradecase;
namespace fs = std::filesystem;

namespace {

struct Ended {
  int code = -1;
  std::string said;  // on both streams
};

Ended run(const std::string& words) {
  Ended ended;
  FILE* pipe = popen((words + " 2>&1").c_str(), "r");  // NOLINT: the words are this file's own
  if (pipe == nullptr) return ended;
  std::array<char, 4096> part{};
  for (std::size_t got = 0; (got = fread(part.data(), 1, part.size(), pipe)) > 0;) ended.said.append(part.data(), got);
  const int status = pclose(pipe);
  ended.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ended;
}

Ended play(const fs::path& folder) {
  return run(TRADECASE_HOME "/tools/play_story.py --tradecase " TRADECASE_PROGRAM " --out " + folder.string());
}

std::string root_of_record(const fs::path& folder) {
  const Ended verified = run(TRADECASE_PROGRAM " verify --json --db " + (folder / "sandbox.db").string());
  INFO(verified.said);
  REQUIRE(verified.code == 0);
  return std::string(json::parse(verified.said).at("root").as_string());
}

}  // namespace

TEST_CASE("the story of fourteen months comes out as told, twice alike") {
  const test::Folder folder;
  auto beside = std::async(std::launch::async, [&] { return play(folder / "again"); });  // nothing of a folder is shared
  const Ended once = play(folder / "once");
  const Ended again = beside.get();
  INFO(once.said << again.said);
  REQUIRE(once.code == 0);
  REQUIRE(again.code == 0);
  CHECK(root_of_record(folder / "once") == root_of_record(folder / "again"));
  if (const char* kept = std::getenv("TRADECASE_KEEP_STORY")) {  // the browser's tests look at it
    fs::remove_all(kept);
    fs::copy(folder / "once", kept, fs::copy_options::recursive);
  }
}
