// Names of states and commands stand in databases and records for ever: tests/workflows/stored_names.txt pins them. And the
// diagrams beside the workflows say what the tables say.
#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include "engine/diagram.hpp"
#include "workflows/workflows.hpp"

namespace tradecase {
namespace {

std::string read(const std::string& file) {
  std::ifstream in(std::string(TRADECASE_HOME) + "/" + file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::set<std::string> names_in_code() {
  std::set<std::string> names;
  const Workflows workflows = all_workflows();
  for (const Workflow& workflow : workflows.all()) {
    for (const StateInfo& state : workflow.states)
      if (!state.name.empty()) names.insert(workflow.name + " state " + state.name);
    for (const CommandInfo& command : workflow.commands) names.insert(workflow.name + " command " + command.name);
  }
  return names;
}

TEST_CASE("no stored name of a state or command has changed") {
  std::set<std::string> pinned;
  std::istringstream in(read("tests/workflows/stored_names.txt"));
  for (std::string line; std::getline(in, line);) pinned.insert(line);
  const auto in_code = names_in_code();
  for (const std::string& name : pinned) {
    INFO(name << " stands in databases and in the record, and the code has it no more. Keep the name; a new meaning needs a new one.");
    CHECK(in_code.contains(name));
  }
  for (const std::string& name : in_code) {
    INFO(name << " is new: add the line to tests/workflows/stored_names.txt. From then on it stays.");
    CHECK(pinned.contains(name));
  }
}

TEST_CASE("the diagrams beside the workflows are fresh") {
  const Workflows workflows = all_workflows();
  for (const Workflow& workflow : workflows.all()) {
    const std::string file = "workflows/" + workflow.name + "/" + workflow.name;
    INFO(file << ": run tools/diagrams");
    CHECK(read(file + ".mmd") == to_mermaid(workflow));
    CHECK(read(file + ".dot") == to_dot(workflow));
    CHECK(read(file + ".scxml") == to_scxml(workflow));
  }
}

TEST_CASE("every state that is not final says who works or what it waits for, and every workflow ends") {
  const Workflows workflows = all_workflows();
  CHECK(workflows.all().size() == 6);
  for (const Workflow& workflow : workflows.all()) {
    INFO(workflow.name);
    CHECK(std::ranges::any_of(workflow.states, [](const StateInfo& state) { return state.final; }));
    for (const StateInfo& state : workflow.states) {
      INFO(state.name);
      CHECK((state.final || !state.task_kind.empty() || !state.waits_for.empty()));
    }
  }
}

}  // namespace
}  // namespace tradecase
