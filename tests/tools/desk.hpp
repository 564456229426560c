// The real program on a database of its own, as people and scripts meet it.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "engine/json.hpp"

namespace tradecase::testing {

namespace fs = std::filesystem;

struct Said {
  int exit_code = -1;
  std::string out;  // standard output
  json::value as_json() const { return json::parse(out); }
  json::array list() const { return as_json().as_array(); }
};

class Desk {  // a folder with a sandbox database that begins on a day
 public:
  explicit Desk(const std::string& day) {
    std::string pattern = (fs::temp_directory_path() / "tradecase-cli-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    REQUIRE(say("init --sandbox --clock " + day).exit_code == 0);
  }
  ~Desk() { fs::remove_all(folder_); }
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  Said say(const std::string& words) const {
    const std::string line = std::string(TRADECASE_PROGRAM) + " " + words + " --db " + (folder_ / "desk.db").string() + " 2>/dev/null";
    FILE* pipe = popen(line.c_str(), "r");
    REQUIRE(pipe != nullptr);
    Said said;
    std::array<char, 4096> buffer{};
    while (const std::size_t n = fread(buffer.data(), 1, buffer.size(), pipe)) said.out.append(buffer.data(), n);
    const int status = pclose(pipe);
    said.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return said;
  }
  std::string file(const std::string& name, const std::string& content) const {
    std::ofstream(folder_ / name, std::ios::binary) << content;
    return (folder_ / name).string();
  }
  std::string read(const std::string& name) const {
    std::ifstream in(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  fs::path folder() const { return folder_; }

 private:
  fs::path folder_;
};

}  // namespace tradecase::testing
