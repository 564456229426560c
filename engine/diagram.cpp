#include "engine/diagram.hpp"

#include <map>

#include "engine/text.hpp"

namespace tradecase {
namespace {

std::string escaped(std::string_view text, const std::map<char, std::string_view>& special) {
  std::string out;
  for (const char c : text) {
    const auto found = special.find(c);
    if (found == special.end())
      out += c;
    else
      out += found->second;
  }
  return out;
}

std::string xml(std::string_view text) { return escaped(text, {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}}); }
std::string dot(std::string_view text) { return escaped(text, {{'"', "\\\""}, {'\\', "\\\\"}}); }

std::vector<std::string> roles_of(RoleSet roles) {
  std::vector<std::string> names;
  for (const Role role : all_roles)
    if (roles.has(role)) names.emplace_back(to_text(role));
  return names;
}

std::string guards_of(const TransitionInfo& row) {
  std::vector<std::string> names;
  for (const GuardInfo& guard : row.guards) names.push_back(guard.name);
  return join(names, " and ");
}

const std::string& shown(const std::string& state, const std::string& start) { return state.empty() ? start : state; }

}  // namespace

std::string to_mermaid(const Workflow& workflow) {
  std::string out = "---\ntitle: " + workflow.title + "\n---\nstateDiagram-v2\n";
  const std::string start = "[*]";
  for (const TransitionInfo& row : workflow.transitions) {
    const std::string guards = guards_of(row);
    out += "  " + shown(row.from, start) + " --> " + shown(row.to, start) + ": " + row.command +
           (guards.empty() ? "" : " [" + guards + "]") + "\n";
  }
  for (const StateInfo& state : workflow.states)
    if (state.final) out += "  " + state.name + " --> [*]\n";
  return out;
}

std::string to_dot(const Workflow& workflow) {
  std::string out =
      "digraph " + workflow.name + " {\n  rankdir=LR;\n  label=\"" + dot(workflow.title) + "\";\n  node [shape=box, style=rounded];\n";
  out += "  start [shape=point];\n";
  for (const StateInfo& state : workflow.states)
    if (!state.name.empty()) out += "  " + state.name + (state.final ? " [peripheries=2]" : "") + ";\n";
  const std::string start = "start";
  for (const TransitionInfo& row : workflow.transitions) {
    const std::string guards = guards_of(row);
    out += "  " + shown(row.from, start) + " -> " + shown(row.to, start) + " [label=\"" +
           dot(row.command + (guards.empty() ? "" : "\n[" + guards + "]")) + "\"];\n";
  }
  return out + "}\n";
}

std::string to_scxml(const Workflow& workflow) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<scxml xmlns=\"http://www.w3.org/2005/07/scxml\" version=\"1.0\" name=\"" +
                    xml(workflow.name) + "\" initial=\"new\">\n";
  const std::string start = "new";
  for (const StateInfo& state : workflow.states) {
    if (state.final) {
      out += "  <final id=\"" + state.name + "\"/>\n";
      continue;
    }
    out += "  <state id=\"" + shown(state.name, start) + "\">\n";
    for (const TransitionInfo& row : workflow.transitions) {
      if (row.from != state.name) continue;
      const std::string guards = guards_of(row);
      out += "    <transition event=\"" + row.command + "\"" + (guards.empty() ? "" : " cond=\"" + xml(guards) + "\"") +
             (row.to == row.from ? "" : " target=\"" + shown(row.to, start) + "\"") + "/>\n";
    }
    out += "  </state>\n";
  }
  return out + "</scxml>\n";
}

json::object to_json(const Workflow& workflow) {
  json::array states, commands, transitions;
  for (const StateInfo& state : workflow.states) {
    json::object one{{"name", state.name}, {"final", state.final}};
    if (!state.task_kind.empty())
      one["task"] = json::object{{"kind", state.task_kind}, {"role", to_text(state.task_role)}, {"title", state.task_title}};
    if (!state.waits_for.empty()) one["waits_for"] = state.waits_for;
    states.push_back(std::move(one));
  }
  for (const CommandInfo& command : workflow.commands) {
    json::array fields;
    for (const FieldInfo& field : command.fields)
      fields.push_back(json::object{{"name", field.name}, {"type", field.type}, {"required", field.required}});
    commands.push_back(
        json::object{{"name", command.name}, {"roles", json::value_from(roles_of(command.roles))}, {"fields", std::move(fields)}});
  }
  for (const TransitionInfo& row : workflow.transitions) {
    json::array guards;
    for (const GuardInfo& guard : row.guards) guards.push_back(json::object{{"name", guard.name}, {"sentence", guard.sentence}});
    transitions.push_back(json::object{{"from", row.from},
                                       {"command", row.command},
                                       {"to", row.to},
                                       {"effects", json::value_from(row.effects)},
                                       {"guards", std::move(guards)}});
  }
  return {{"name", workflow.name},
          {"title", workflow.title},
          {"states", std::move(states)},
          {"commands", std::move(commands)},
          {"transitions", std::move(transitions)}};
}

std::string to_text(const Workflow& workflow) {
  std::string out = workflow.title + "\n\nStates\n";
  for (const StateInfo& state : workflow.states) {
    if (state.name.empty()) continue;
    const std::string what = state.final               ? "ends the case"
                             : state.task_kind.empty() ? "waits: " + state.waits_for
                                                       : state.task_title + " (" + std::string(to_text(state.task_role)) + ")";
    out += "  " + state.name + ": " + what + "\n";
  }
  out += "\nTransitions\n";
  for (const TransitionInfo& row : workflow.transitions) {
    out += "  " + shown(row.from, "-") + " --" + row.command + "--> " + row.to + "\n";
    for (const GuardInfo& guard : row.guards) out += "      where " + guard.sentence + "\n";
  }
  out += "\nCommands\n";
  for (const CommandInfo& command : workflow.commands) {
    std::vector<std::string> fields;
    for (const FieldInfo& field : command.fields) fields.push_back(field.name + (field.required ? "" : "?") + " (" + field.type + ")");
    out += "  " + command.name + " by " + listed(roles_of(command.roles)) + (fields.empty() ? "" : ": " + join(fields, ", ")) + "\n";
  }
  return out;
}

}  // namespace tradecase
