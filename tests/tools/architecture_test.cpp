// Holds the tree to its rule: which room may know which. The message says what to do instead.
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <functional>
#include <regex>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

struct Include {
  std::string file;  // relative to the repository
  std::string what;
};

bool starts(const std::string& text, std::string_view prefix) { return text.starts_with(prefix); }
bool ends(const std::string& text, std::string_view suffix) { return text.ends_with(suffix); }

std::vector<Include> includes_below(const std::string& room) {
  static const std::regex line_form(R"(^\s*#include\s*[<"]([^>"]+)[>"])");
  std::vector<Include> all;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(TRADECASE_HOME) / room)) {
    const std::string extension = entry.path().extension().string();
    if (extension != ".hpp" && extension != ".cpp") continue;
    std::ifstream in(entry.path());
    for (std::string line; std::getline(in, line);)
      if (std::smatch found; std::regex_search(line, found, line_form))
        all.push_back({fs::relative(entry.path(), TRADECASE_HOME).string(), found[1]});
  }
  return all;
}

struct Ban {
  std::string room;                                     // where it holds
  std::function<bool(const std::string& file)> except;  // files that may
  std::vector<std::string> prefixes;                    // what must not be included
  std::string instead;
};

const auto none = [](const std::string&) { return false; };

const std::vector<Ban> bans{
    {"engine", none, {"workflows/", "adapters/", "tools/"}, "the engine knows no workflow and no adapter: pass in a function or a value"},
    {"engine", none, {"Poco/"}, "Poco belongs to adapters: say what you need as a function type (Sender, Renderer)"},
    {"engine",
     [](const std::string& f) { return f == "engine/machine.hpp"; },
     {"boost/msm"},
     "engine/machine.hpp is the only bridge to MSM: extend it"},
    {"engine",
     [](const std::string& f) { return starts(f, "engine/store/"); },
     {"soci/", "sqlite3.h"},
     "SQL stands in engine/store: add a function to store.hpp"},
    {"workflows",
     [](const std::string& f) { return ends(f, "_store.cpp"); },
     {"soci/", "sqlite3.h"},
     "SQL of business data stands in a *_store.cpp"},
    {"workflows", none, {"boost/msm"}, "a workflow is written with engine/machine.hpp, not with MSM"},
    {"workflows", none, {"adapters/", "Poco/", "tools/"}, "a workflow returns effects; adapters are wired in tools/"},
    {"adapters", none, {"workflows/", "tools/"}, "an adapter knows no workflow: take plain values of engine/"},
    {"adapters", none, {"soci/", "sqlite3.h", "boost/msm", "engine/machine.hpp"}, "an adapter reads through the store's find_ functions"},
};

TEST_CASE("no room includes what it may not know") {
  for (const Ban& ban : bans)
    for (const Include& include : includes_below(ban.room)) {
      if (ban.except(include.file)) continue;
      for (const std::string& prefix : ban.prefixes) {
        INFO(include.file << " includes " << include.what << ". Instead: " << ban.instead);
        CHECK_FALSE(starts(include.what, prefix));
      }
    }
}

TEST_CASE("no adapter knows another adapter") {
  for (const Include& include : includes_below("adapters")) {
    if (!starts(include.what, "adapters/")) continue;
    const std::string own = include.file.substr(0, include.file.find('/', 9) + 1);
    INFO(include.file << " includes " << include.what << ". Instead: meet in a plain struct of engine/");
    CHECK(starts(include.what, own));
  }
}

TEST_CASE("the machine is included by workflows' .cpp files, the headers of their commands, and tests only") {
  for (const char* room : {"engine", "workflows", "adapters", "tools"})
    for (const Include& include : includes_below(room)) {
      if (include.what != "engine/machine.hpp") continue;
      INFO(include.file << " includes engine/machine.hpp. Instead: describe the workflow through engine/workflow.hpp");
      CHECK((starts(include.file, "workflows/") && (ends(include.file, ".cpp") || ends(include.file, "commands.hpp"))));
    }
}

TEST_CASE("the engine's vocabulary includes nothing but the standard library, JSON and itself") {
  const std::vector<std::string> vocabulary{"case",     "command",  "effect", "workflow", "clock",  "calendar",
                                            "deadline", "delivery", "form",   "rules",    "letter", "import"};
  for (const Include& include : includes_below("engine"))
    for (const std::string& name : vocabulary) {
      if (include.file != "engine/" + name + ".hpp") continue;
      const bool standard = include.what.find('/') == std::string::npos && !ends(include.what, ".h");
      INFO(include.file << " includes " << include.what << ". Instead: keep the vocabulary plain");
      CHECK((standard || starts(include.what, "engine/")));
      CHECK_FALSE(starts(include.what, "engine/store/"));
    }
}

TEST_CASE("SQL stands in store files only") {
  static const std::regex sql(R"re("\s*(select|insert into|update|delete from|create table)\s+\w+)re", std::regex::icase);
  for (const char* room : {"engine", "workflows", "adapters", "tools"})
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(TRADECASE_HOME) / room)) {
      const std::string file = fs::relative(entry.path(), TRADECASE_HOME).string();
      if (entry.path().extension() != ".cpp" || starts(file, "engine/store/") || ends(file, "_store.cpp") ||
          file == "tools/simulation/plain_loop.cpp")
        continue;
      std::ifstream in(entry.path());
      for (std::string line; std::getline(in, line);) {
        INFO(file << ": " << line << "\nInstead: a function of engine/store/store.hpp, or a *_store.cpp");
        CHECK_FALSE(std::regex_search(line, sql));
      }
    }
}

}  // namespace
