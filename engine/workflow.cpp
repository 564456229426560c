#include "engine/workflow.hpp"

#include <algorithm>
#include <stdexcept>

namespace tradecase {
namespace {
template <class List>
auto find_named(const List& list, std::string_view name) -> decltype(&list.front()) {
  const auto found = std::ranges::find(list, name, [](const auto& item) -> std::string_view { return item.name; });
  return found == list.end() ? nullptr : &*found;
}
}  // namespace

const CommandInfo* Workflow::command(std::string_view command_name) const { return find_named(commands, command_name); }
const StateInfo* Workflow::state(std::string_view state_name) const { return find_named(states, state_name); }

Workflows::Workflows(std::vector<Workflow> all) : all_(std::move(all)) {}

const Workflow* Workflows::find(std::string_view name) const { return find_named(all_, name); }

const Workflow& Workflows::get(std::string_view name) const {
  if (const Workflow* found = find(name)) return *found;
  throw std::out_of_range("no workflow " + std::string(name));
}

}  // namespace tradecase
